"""The archive of the running crawl, and the row it has there."""

import asyncio
import logging
import sqlite3
from abc import ABC
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from dzwcrawl.archive import crawls
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reclean import reclean, unjudged_sites
from dzwcrawl.archive.statistics import removed_lines
from dzwcrawl.archive.store import derive_again
from dzwcrawl.crawl.exit_codes import ALREADY_RUNNING_REASON, exit_code
from dzwcrawl.crawl.ledger import ArchiveLedger, Ledger
from dzwcrawl.crawl.logs import context
from dzwcrawl.crawl.watch import Watch

logger = logging.getLogger(__name__)

_PREFIX = "dzwcrawl/"
_FULL_NAMES = {"responses": "response_received_count", "errors": "spider_exceptions/count"}


class HasLedger(ABC):
    """An extension by which the parts of a crawl come to its ledger: one is there in each crawl."""

    ledger: Ledger


class OpenArchive(HasLedger):
    """Owns the archive while a crawl runs; extensions are made before and closed after pipelines and spider."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self.archive = Archive(settings["ARCHIVE_PATH"], create=True, demo=settings.getbool("ARCHIVE_DEMO"))
        self.ledger: ArchiveLedger = ArchiveLedger(self.archive)
        self._closing: asyncio.Future[None] | None = None
        self._heartbeat = create_looping_call(self.beat)

    @property
    def crawl(self) -> int | None:
        """The id of this crawl's row, once it has begun."""
        return self.ledger.crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the archive and listen to the crawl."""
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.item_failed, signal=signals.item_error)
        crawler.signals.connect(extension.callback_failed, signal=signals.spider_error)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self, spider: Spider) -> None:
        """Write the row of the crawl, and keep it alive.

        :raises CloseSpider: when another crawl of the spider runs and the spider wants to be alone.
        """
        try:
            self.ledger.crawl = crawls.begin(self.archive, spider.name, alone=getattr(spider, "alone", False))
        except crawls.CrawlRunning as error:
            logger.error("%s", error, extra={"event": "already_running"})
            raise CloseSpider(ALREADY_RUNNING_REASON) from error
        context.crawl = self.crawl
        logger.info("crawl starts; archive %s", self.archive.path, extra={"event": "crawl_started"})
        self._heartbeat.start(crawls.HEARTBEAT.total_seconds(), now=False)

    def go_on(self, crawl: int) -> None:
        """Go on with a crawl that another process began and can no longer end."""
        self.ledger.crawl = crawl
        watch = self._crawler.get_extension(Watch)
        if watch is not None:
            watch.from_its_beginning = False
        for name, value in crawls.go_on(self.archive, crawl).items():
            self._crawler.stats.set_value(_FULL_NAMES.get(name, f"{_PREFIX}{name}"), value)
        self._heartbeat.start(crawls.HEARTBEAT.total_seconds(), now=False)

    def note(self) -> None:
        """Note what was counted so far in the row of the crawl, so that another process can go on with it."""
        assert self.crawl is not None
        crawls.note(self.archive, self.crawl, self._counts())

    def beat(self) -> None:
        """Note that the crawl is alive."""
        assert self.crawl is not None
        try:
            crawls.beat(self.archive, self.crawl)
        except sqlite3.OperationalError as error:
            self.fail(error)

    def item_failed(self) -> None:
        """Count an item whose pipeline raised."""
        self._crawler.stats.inc_value(f"{_PREFIX}items_failed")

    def callback_failed(self, failure: Failure) -> None:
        """End the crawl when the spider cannot write the ledger."""
        if isinstance(failure.value, sqlite3.OperationalError):
            self.fail(failure.value)

    def fail(self, error: sqlite3.Error) -> None:
        """End the crawl because the archive cannot be written; what is stored stays as it is."""
        if not self._crawler.stats.get_value(f"{_PREFIX}archive_failed"):
            self._crawler.stats.set_value(f"{_PREFIX}archive_failed", 1)
            logger.error(
                "cannot write %s: %s; end what else writes it, free space or mend the file, then crawl again",
                self.archive.path, error,
                extra={"event": "archive_failed", "reason": str(error)},
            )  # fmt: skip
            if self._crawler._engine is None:
                return  # nothing is fetched here (`crawl/cluster/archiver.py`); the error itself ends it
            self._closing = asyncio.ensure_future(
                self._crawler.engine.close_spider_async(reason="archive_failed")
            )

    def closed(self, reason: str) -> None:
        """Derive bodies again whose verdicts changed, complete the row of the crawl and close the archive."""
        stats = self._crawler.stats
        if self._heartbeat.running:
            self._heartbeat.stop()
        try:
            if self.crawl is None:
                return
            # Also what a killed crawl has counted and not judged, which may have stored all there was.
            for site in unjudged_sites(self.archive):
                stats.inc_value(f"{_PREFIX}articles_recleaned", reclean(self.archive, site, derive_again))
            # Only now, because two texts may turn out the same when their banners are gone.
            copies = "SELECT count(*) FROM articles WHERE crawl = ? AND duplicate_of IS NOT NULL"
            stats.set_value(f"{_PREFIX}copies", self.archive.query_value(copies, (self.crawl,)))
            for why, lines in removed_lines(self.archive, self.crawl).items():
                stats.set_value(f"{_PREFIX}lines_removed/{why}", lines)
            watch = self._crawler.get_extension(Watch)
            if watch is not None:
                stats.set_value(f"{_PREFIX}health", watch.conclude(self.archive, self.crawl, reason))
            ours = self._counts()
            ours["errors"] += ours.get("items_failed", 0)
            if ours["responses"]:
                # An exported WARC file says how its pages were fetched.
                ours["user_agent"] = self._crawler.settings["USER_AGENT"]
                ours["robots"] = "obey" if self._crawler.settings.getbool("ROBOTSTXT_OBEY") else "ignore"
            crawls.end(self.archive, self.crawl, reason, exit_code(stats.get_stats(), reason), ours)
        except sqlite3.Error as error:
            stats.set_value(f"{_PREFIX}archive_failed", 1)
            logger.error(
                "cannot complete %s: %s; the next crawl will", self.archive.path, error,
                extra={"event": "archive_failed", "reason": str(error)},
            )  # fmt: skip
        finally:
            self.archive.close()

    def _counts(self) -> dict[str, Any]:
        stats = self._crawler.stats.get_stats()
        ours = {name.removeprefix(_PREFIX): v for name, v in stats.items() if name.startswith(_PREFIX)}
        return ours | {name: stats.get(full, 0) for name, full in _FULL_NAMES.items()}
