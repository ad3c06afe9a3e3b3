"""`scrapy crawl` with checked names and an exit code that tells how the crawl went (docs/exit-codes.md)."""

import argparse
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings, Settings

from dzwcrawl.archive.archive import Archive, ArchiveError, now
from dzwcrawl.configuration import SettingError
from dzwcrawl.crawl import logs
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.checks import check_contact, check_settings, check_words, settings_of
from dzwcrawl.crawl.exit_codes import ARCHIVE_FAILED, OUTSIDE_WINDOW, REDIS_UNREACHABLE, exit_code
from dzwcrawl.crawl.limits import parse_window
from dzwcrawl.crawl.summary import log_end, summary
from dzwcrawl.crawl.telling import tell_people
from dzwcrawl.masking import mask
from dzwcrawl.text import nearest

logger = logging.getLogger(__name__)


@contextmanager
def _usage() -> Iterator[None]:
    """Tell what is wrong with settings and arguments as wrong use: exit code 2."""
    try:
        yield
    except (SettingError, ArgumentError) as error:
        raise UsageError(mask(str(error)), print_help=False) from None


class Command(ScrapyCrawl):
    """Runs a spider; unlike Scrapy's own, it does not exit with 0 when the crawl failed."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Keep the names of options, for those that are misspelt."""
        super().add_options(parser)
        self._options = [name for action in parser._actions for name in action.option_strings]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse options and settings (`-s`) that do not exist; Scrapy passes over both."""
        assert self.settings is not None
        for word in args:
            if word.startswith("-"):
                option = word.partition("=")[0]
                raise UsageError(
                    f"there is no option {option}; "
                    f"{nearest(option, self._options, otherwise='`scrapy crawl -h` shows them')}",
                    print_help=False,
                )
        with _usage():
            check_words(opts.set, self.settings)
        super().process_options(args, opts)
        assert isinstance(self.settings, Settings)
        with _usage():
            logs.install(self.settings)  # before anything is logged

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl with one spider."""
        if len(args) != 1:
            raise UsageError("name one spider; `scrapy list` shows them", print_help=False)
        process = self.crawler_process
        assert process is not None and isinstance(self.settings, Settings)
        spider = self._check(args[0], opts.spargs)
        logs.context.spider = args[0]
        settings = settings_of(spider, self.settings)
        with _usage():
            check_settings(settings, os.environ)
        if getattr(spider, "fetches", True) and not self._may_fetch(settings):
            self.exitcode = OUTSIDE_WINDOW
            return
        is_worker = bool(settings["REDIS_URL"]) and getattr(spider, "fetches", True)
        if settings["REDIS_URL"] and not self._reaches_redis(settings["REDIS_URL"]):
            return
        if not is_worker and not self._opens_archive(settings):
            return
        if is_worker:
            from dzwcrawl.crawl.cluster.settings import worker_settings  # noqa: PLC0415

            self.settings.setdict(worker_settings(self.settings), "spider")
        crawler = self._create_crawler(args[0])
        process.crawl(crawler, **opts.spargs)
        process.start()
        if process.bootstrap_failed:
            self.exitcode = 1
            return
        stats = crawler.stats.get_stats()
        self.exitcode = exit_code(stats, stats.get("finish_reason", ""))
        log_end(stats, self.exitcode)
        logs.tell(summary(args[0], stats, self.exitcode, Path(settings["ARCHIVE_PATH"])))
        if not is_worker and self.exitcode != ARCHIVE_FAILED:
            tell_people(settings)

    def _opens_archive(self, settings: BaseSettings) -> bool:
        """Make the archive, or say why that cannot be."""
        try:
            Archive(settings["ARCHIVE_PATH"], create=True, demo=settings.getbool("ARCHIVE_DEMO")).close()
        except ArchiveError as error:
            logger.error("%s", error, extra={"event": "archive_failed", "reason": str(error)})
            self.exitcode = ARCHIVE_FAILED
            return False
        return True

    def _reaches_redis(self, url: str) -> bool:
        """Look whether Redis answers, or say why not."""
        # Only here, because a crawl on one machine works without the extra.
        try:
            from dzwcrawl.crawl.cluster.connection import RedisUnreachable, connect  # noqa: PLC0415
        except ImportError as error:
            raise UsageError(str(error), print_help=False) from None
        try:
            connect(url).close()
        except RedisUnreachable as error:
            logger.error("%s", error, extra={"event": "redis_unreachable", "reason": str(error)})
            self.exitcode = REDIS_UNREACHABLE
            return False
        return True

    @staticmethod
    def _may_fetch(settings: BaseSettings) -> bool:
        """Refuse a live crawl without a contact; tell whether the window is open."""
        with _usage():
            check_contact(settings, os.environ)
        if not settings["CRAWL_WINDOW"] or parse_window(settings["CRAWL_WINDOW"]).left(now()) is not None:
            return True
        message = "not now: it is outside CRAWL_WINDOW=%s"
        logger.warning(message, settings["CRAWL_WINDOW"], extra={"event": "outside_window"})
        return False

    def _check(self, name: str, arguments: dict[str, str]) -> type[Spider]:
        """Return the spider, its name and arguments checked before anything starts."""
        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        try:
            spider = loader.load(name)
        except KeyError:
            raise UsageError(
                f"there is no spider {name!r}; "
                f"{nearest(name, loader.list(), otherwise='`scrapy list` shows them')}",
                print_help=False,
            ) from None
        check = getattr(spider, "check_arguments", None)
        if check is not None:
            with _usage():
                check(arguments)
        return spider
