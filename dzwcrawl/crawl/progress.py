"""Where a crawl stands while it runs: the live line of a terminal, and a line in the log every minute."""

import logging
import time
from collections.abc import Mapping
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from dzwcrawl.article import Article
from dzwcrawl.crawl.live import cut, fit
from dzwcrawl.crawl.logs import context
from dzwcrawl.text import counted

logger = logging.getLogger(__name__)

_LIVE_SECONDS = 0.5
_LOG_SECONDS = 60.0
_WORTH_SAYING = 2.0
"""Seconds between requests to a host from which on the live line names the host."""


def standing(stats: Mapping[str, Any]) -> dict[str, int]:
    """Return where a crawl stands, from Scrapy's statistics."""

    def total(*names: str) -> int:
        return sum(stats.get(f"dzwcrawl/{name}", 0) for name in names)

    return {
        "listings": total("listing_pages"),
        "new": total("articles_new", "articles_duplicate", "articles_sent"),
        "revised": total("articles_revised"),
        "known": total("urls_known", "articles_known", "articles_unchanged", "articles_older"),
        # A page on which a rule matches nothing is refused and raises.
        "failed": max(total("refused"), stats.get("spider_exceptions/count", 0))
        + total("listings_failed", "items_failed"),
        "pages": stats.get("response_received_count", 0),
    }


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds, from an hour on with hours."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class Progress:
    """Says where the crawl stands; cleaned lines and the last headline are those of the articles stored so far."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._log_loop = create_looping_call(self.say)
        self._live_loop = create_looping_call(self.draw)
        self._began = time.monotonic()
        self._cleaned = 0
        self._title = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Start with the spider and stop with it."""
        extension = cls(crawler)
        crawler.signals.connect(extension.start, signal=signals.spider_opened)
        crawler.signals.connect(extension.stored, signal=signals.item_scraped)
        crawler.signals.connect(extension.stop, signal=signals.spider_closed)
        return extension

    def start(self) -> None:
        """Begin to report."""
        self._began = time.monotonic()
        self._log_loop.start(_LOG_SECONDS, now=False)
        if context.live:
            self._live_loop.start(_LIVE_SECONDS, now=False)

    def stored(self, item: Article) -> None:
        """Count the lines an article was cleaned of."""
        self._cleaned += sum(block.removed is not None for block in item.blocks)
        self._title = item.title or ""

    def stop(self) -> None:
        """Stop reporting; what came of it all is told when the archive is closed."""
        for loop in (self._log_loop, self._live_loop):
            if loop.running:
                loop.stop()

    def draw(self) -> None:
        """Draw the live line."""
        assert context.live is not None
        columns = context.live.columns()
        context.live.show(cut(fit(self._pieces(), self._title, columns), columns))

    def say(self) -> None:
        """Log where the crawl stands."""
        counts = standing(self._crawler.stats.get_stats()) | {"cleaned": self._cleaned}
        logger.info(
            "%(listings)d listing pages, %(new)d articles new, %(revised)d revised, %(known)d known before, "
            "%(failed)d failed; %(cleaned)d lines cleaned away",
            counts,
            extra={"event": "progress", "counts": counts},
        )

    def _pieces(self) -> list[str]:
        """Return what there is to say, the most important first."""
        now = standing(self._crawler.stats.get_stats())
        seconds = time.monotonic() - self._began
        pieces = [
            f"{context.spider} {clock(seconds)}",
            f"{now['new']} new",
            f"{now['failed']} failed",
            f"{now['known']} known",
            counted(now["listings"], "listing"),
            f"{now['pages'] / max(seconds, 1):.1f} pages/s",
            f"{counted(self._cleaned, 'line')} cleaned",
        ]
        wait, host = self._longest_wait()
        if wait >= _WORTH_SAYING:
            pieces.insert(4, f"{host} every {wait:.0f} s")
        if self._is_ending():
            pieces.insert(1, "ending (Ctrl-C again: at once)")
        return pieces

    def _is_ending(self) -> bool:
        engine = self._crawler.engine
        return engine is not None and engine._slot is not None and engine._slot.closing is not None

    def _longest_wait(self) -> tuple[float, str]:
        """Return the longest pause between requests to a host, and the host."""
        engine = self._crawler.engine
        slots = engine.downloader.slots if engine is not None else {}
        return max(((slot.delay, host) for host, slot in slots.items()), default=(0.0, ""))
