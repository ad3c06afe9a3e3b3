"""What a crawl may take: requests a host, hours of the day, the pace a server bears, the size of an answer's head."""

import asyncio
import logging
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure
from twisted.web._newclient import BODY

from dzwcrawl.archive.archive import now
from dzwcrawl.crawl.exit_codes import WINDOW_CLOSED_REASON
from dzwcrawl.dates import CHINA
from dzwcrawl.urls import host_of

logger = logging.getLogger(__name__)

MAX_HEAD_BYTES = 256 * 1024
"""Of status line and headers; a browser gives up at about as many."""


class NotInThisCrawl(IgnoreRequest):
    """A request that is left to the next crawl: nothing is wrong with its page."""


class HostBudget:
    """Lets at most HOST_REQUEST_BUDGET requests through to a host; the rest is left to the next crawl.

    robots.txt and the further parts of an article count, and are not refused.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._budget = crawler.settings.getint("HOST_REQUEST_BUDGET")
        self._asked: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware.

        :raises NotConfigured: without a budget.
        """
        if crawler.settings.getint("HOST_REQUEST_BUDGET") <= 0:
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count a request, or refuse it."""
        host = host_of(request.url)
        exempt = request.meta.get("robots_txt") or request.meta.get("part")
        if self._count(host) > self._budget and not exempt:
            if not self._crawler.stats.get_value(f"dzwcrawl/over_budget/{host}"):
                logger.warning(
                    "%s: its budget of %d requests is used up", host, self._budget,
                    extra={"event": "limit_reached", "reason": "HOST_REQUEST_BUDGET"},
                )  # fmt: skip
            self._crawler.stats.inc_value(f"dzwcrawl/over_budget/{host}")
            self._crawler.stats.inc_value("dzwcrawl/limits_reached")
            raise NotInThisCrawl(f"the budget of {self._budget} requests to {host} is used up")

    def _count(self, host: str) -> int:
        """Count a request, and return which one to its host it is."""
        self._asked[host] += 1
        return self._asked[host]


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of the day in which a crawl may run; over midnight where `end` is before `start`."""

    start: time
    end: time
    zone: tzinfo

    def left(self, moment: str) -> timedelta | None:
        """Return how long the window stays open at a moment (ISO with offset); None while it is closed."""
        local = datetime.fromisoformat(moment).astimezone(self.zone)
        clock = local.time()
        if self.start < self.end:
            is_open, ends = self.start <= clock < self.end, local.date()
        else:
            is_open = clock >= self.start or clock < self.end
            ends = local.date() + timedelta(days=clock >= self.start)
        if not is_open:
            return None
        # In UTC, because a night in which the clocks change is not as long as its hands say.
        end = datetime.combine(ends, self.end, self.zone)
        return end.astimezone(UTC) - local.astimezone(UTC)


def parse_window(text: str) -> Window:
    """Read a window: `22:00-06:00`, which is at +08:00, or `22:00-06:00 Europe/Berlin`, or with another offset.

    :raises ValueError: saying what is wrong.
    """
    hours, _, zone = text.strip().partition(" ")
    start, _, end = hours.partition("-")
    try:
        window = Window(time.fromisoformat(start), time.fromisoformat(end), _zone(zone.strip() or CHINA))
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(
            f"CRAWL_WINDOW={text!r} is not a window like 22:00-06:00 or '22:00-06:00 Europe/Berlin': {error}"
        ) from error
    if window.start == window.end:
        raise ValueError(f"CRAWL_WINDOW={text!r} is never open; leave it out to crawl at any hour")
    return window


def _zone(name: str) -> tzinfo:
    match = re.fullmatch(r"([+-])(\d\d):(\d\d)", name)
    if match is None:
        return ZoneInfo(name)
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset)


class CrawlWindow:
    """Ends a crawl when its CRAWL_WINDOW closes; what is in flight is finished, the rest is left to the next crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._window = parse_window(crawler.settings["CRAWL_WINDOW"])
        self._closing: asyncio.Future[None] | None = None
        self._clock = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Begin to look at the clock with the spider.

        :raises NotConfigured: without a window.
        """
        if not crawler.settings["CRAWL_WINDOW"]:
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.start, signal=signals.spider_opened)
        crawler.signals.connect(extension.stop, signal=signals.spider_closed)
        return extension

    def start(self, spider: Spider) -> None:
        """Begin to look at the clock, often, because it jumps when a machine wakes up."""
        if getattr(spider, "fetches", True):
            self._clock.start(1.0, now=False)

    def stop(self) -> None:
        """Look no more."""
        if self._clock.running:
            self._clock.stop()

    def look(self) -> None:
        """Close the spider when it is time."""
        engine = self._crawler.engine
        if self._closing is None and engine is not None and self._window.left(now()) is None:
            logger.warning(
                "CRAWL_WINDOW has closed: the crawl ends here, the next one goes on",
                extra={"event": "window_closed"},
            )
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason=WINDOW_CLOSED_REASON))


class Ending:
    """Lets a crawl end in time: when it is closing, for whatever reason, requests that wait for their turn are given up.

    Scrapy would wait for them, a whole day each where robots.txt asks for a Crawl-delay of one.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._clock = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Begin to look with the spider."""
        extension = cls(crawler)
        crawler.signals.connect(extension.start, signal=signals.spider_opened)
        crawler.signals.connect(extension.stop, signal=signals.spider_closed)
        return extension

    def start(self) -> None:
        """Begin to look."""
        self._clock.start(1.0, now=False)

    def stop(self) -> None:
        """Look no more."""
        if self._clock.running:
            self._clock.stop()

    def look(self) -> None:
        """Give up what waits, if the crawl is closing."""
        engine = self._crawler.engine
        if engine is None or engine._slot is None or engine._slot.closing is None:
            return
        for slot in engine.downloader.slots.values():
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(Failure(NotInThisCrawl("the crawl ends")))  # type: ignore[no-untyped-call]


class Pace(AutoThrottle):
    """AutoThrottle that stays above Crawl-delay and steps back where a server says that it is too much.

    After 429 and 503 the pause doubles, from a second, or is what Retry-After asks for (seconds), to
    AUTOTHROTTLE_MAX_DELAY at most.
    """

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        if response.status in (429, 503):
            asked = (response.headers.get("Retry-After") or b"").strip()
            seconds = float(asked) if re.fullmatch(rb"\d{1,6}", asked) else 0.0
            # Jitter must not take the pause below what is asked for.
            seconds = seconds / max(1 - slot.jitter, 0.1)
            slot.delay = min(max(2 * slot.delay, 1.0, seconds), self.maxdelay)
        engine = self.crawler.engine
        assert engine is not None
        by_host: dict[str, dict[str, Any]] = engine.downloader.per_slot_settings
        slot.delay = max(slot.delay, by_host.get(host_of(response.url), {}).get("delay", 0.0))


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Gives an answer up whose headers do not end; their lines are bounded by Twisted, their number is not."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, bytes: bytes) -> None:  # noqa: N802 (the names are Twisted's)
        if self._parser is not None and self._parser.state != BODY:
            self._head += len(bytes)
            if self._head > MAX_HEAD_BYTES:
                error = DownloadCancelledError(f"more than {MAX_HEAD_BYTES} bytes of headers")
                self._giveUp(Failure(error))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: ARG002, N802 (Twisted's)
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, which bounds bodies and time, with a bound for headers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
