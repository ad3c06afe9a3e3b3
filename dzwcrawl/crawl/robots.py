"""robots.txt after RFC 9309, and its Crawl-delay.

Takes the place of Scrapy's middleware, which lets everything pass where robots.txt cannot be fetched, and lets every
request but one pass that waited for the same robots.txt (Twisted hands the result of a Deferred to the first who waits
for it as a future, and None to the others).
"""

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from dzwcrawl.crawl.limits import NotInThisCrawl
from dzwcrawl.crawl.watch import Watch
from dzwcrawl.text import digest, one_line

logger = logging.getLogger(__name__)

MAX_BYTES = 500 * 1024
"""Of a robots.txt so much is read; the RFC asks for no more."""

_AGENT_LINE = re.compile(r"^(\s*user[- ]?agent\s*[:\s]\s*)([^#]*)", re.I)


class RobotsUnreachable(IgnoreRequest):
    """A request to an origin whose robots.txt cannot be had: nothing is known about the page itself."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What the robots.txt of an origin says; without a parser all is allowed, or nothing, for the reason given.

    `rules` is a digest of its lines that are rules: when it changes, they have.
    """

    parser: RobotParser | None = None
    unreachable: str | None = None
    rules: str = "none"


def product_token(user_agent: str) -> str:
    """Return the name by which robots.txt knows a user agent: `dzwcrawl` of `dzwcrawl/0.1 (news archive; …)`."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match[0] if match else user_agent


def parse_robots(body: bytes, token: str) -> RobotParser:
    """Parse a robots.txt as far as it concerns a product token.

    The groups of all other crawlers are read as one: a file with thousands of them would take the parser hours.
    """
    lines = body[:MAX_BYTES].decode("utf-8-sig", errors="ignore").splitlines()
    if len(body) > MAX_BYTES:
        lines = lines[:-1]  # it may be half a rule
    return ProtegoRobotParser("\n".join(_for_token(line, token) for line in lines).encode(), None)


def rules_digest(body: bytes) -> str:
    """Return a digest of the rules of a robots.txt: comments, blank lines and names of sitemaps do not count."""
    lines = (
        one_line(line.partition("#")[0]) for line in body[:MAX_BYTES].decode("utf-8", "replace").splitlines()
    )
    return digest("\n".join(line for line in lines if line and not line.lower().startswith("sitemap")))[:16]


def _for_token(line: str, token: str) -> str:
    match = _AGENT_LINE.match(line)
    if match is None:
        return line
    agent = match[2].strip()
    if agent == "*" or product_token(agent).lower() == token.lower():
        return f"user-agent: {'*' if agent == '*' else token}"
    return "user-agent: another-crawler"


class RobotsTxt:
    """Refuses what robots.txt forbids, and everything of an origin whose robots.txt is unreachable.

    Unreachable is one that answers 5xx or 429, or not at all: for this crawl, everything is forbidden. One that
    answers any other 4xx does not exist, and everything is allowed. It sits where private addresses are refused already.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._token = settings["ROBOTSTXT_USER_AGENT"] or product_token(settings["USER_AGENT"])
        self._known: dict[str, asyncio.Task[Robots]] = {}
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware.

        :raises NotConfigured: when robots.txt is not obeyed.
        """
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured("ROBOTSTXT_OBEY is off")
        middleware = cls(crawler)
        crawler.signals.connect(middleware.bound, signal=signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Wait for the robots.txt of a request's origin and refuse what it forbids."""
        if request.meta.get("robots_txt"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._known:
            self._known[origin] = asyncio.ensure_future(self._fetch(origin))
        known = self._known[origin]
        # Shielded: one request that is given up must not take the robots.txt of all others along.
        robots = known.result() if known.done() else await asyncio.shield(known)
        if robots.unreachable is not None:
            raise RobotsUnreachable(
                f"robots.txt of {parts.netloc} is unreachable, so nothing is fetched there: {robots.unreachable}"
            )
        if robots.parser is not None and not robots.parser.allowed(request.url, self._token):
            self._crawler.stats.inc_value("robotstxt/forbidden")
            raise IgnoreRequest("Forbidden by robots.txt")

    def bound(self, data: bytes, request: Request) -> None:
        """Stop the download of a robots.txt that is too long.

        :raises StopDownload: to go on with what was received.
        """
        if request.meta.get("robots_txt"):
            self._received[request] = self._received.get(request, 0) + len(data)
            if self._received[request] > MAX_BYTES:
                raise StopDownload(fail=False)

    async def _fetch(self, origin: str) -> Robots:
        body, unreachable = await self._ask(origin)
        robots = Robots(unreachable=unreachable)
        if body is not None:
            robots = Robots(parse_robots(body, self._token), rules=rules_digest(body))
        self._watch(origin, robots)
        if robots.unreachable is not None:
            self._crawler.stats.inc_value("dzwcrawl/robots_unreachable")
            logger.warning(
                "robots.txt of %s is unreachable: %s", origin, robots.unreachable,
                extra={"event": "robots_unreachable", "url": origin, "reason": robots.unreachable},
            )  # fmt: skip
        elif robots.parser is not None and (delay := robots.parser.crawl_delay(self._token)):
            self._slow_down(origin, delay)
        return robots

    def _watch(self, origin: str, robots: Robots) -> None:
        """Take note of the rules, so that a change is noticed."""
        watch = self._crawler.get_extension(Watch)
        if watch is None or robots.unreachable is not None:
            return
        pages = (f"{origin}/", f"{origin}/news/index.html")
        shut = robots.parser is not None and not any(
            robots.parser.allowed(page, self._token) for page in pages
        )
        watch.robots(origin, "all" if shut else robots.rules)

    async def _ask(self, origin: str) -> tuple[bytes | None, str | None]:
        """Return a robots.txt, or why it is unreachable, or neither where there is none."""
        meta: dict[str, Any] = {"robots_txt": True}
        # Uncompressed, so that the part of a file that is too long can be read.
        headers = {"Accept-Encoding": "identity"}
        request = Request(
            f"{origin}/robots.txt", headers=headers, priority=1000, callback=NO_CALLBACK, dont_filter=True, meta=meta
        )  # fmt: skip
        assert self._crawler.engine is not None
        try:
            response: Response = await self._crawler.engine.download_async(request)
            if 200 <= response.status < 300:
                return response.body, None
        except NotInThisCrawl:
            raise
        except IgnoreRequest as error:
            return None, str(error)
        except Exception as error:
            # Whatever went wrong, robots.txt is not known, and then nothing is allowed.
            return None, f"{type(error).__name__}: {error}"
        if 400 <= response.status < 500 and response.status != 429:
            return None, None
        return None, f"HTTP {response.status}"

    def _slow_down(self, origin: str, delay: float) -> None:
        """Slow a host down to its Crawl-delay: exactly (no jitter below it), one request at a time."""
        if delay <= self._crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        host = downloader.get_slot_key(Request(origin))
        if delay <= downloader.per_slot_settings.get(host, {}).get("delay", 0):
            return
        # For the slot as it is made again after a pause, and for the one that fetched robots.txt.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
        slot = downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.concurrency, slot.jitter = delay, 1, 0.0
        logger.info(
            "robots.txt of %s asks for %g s between requests", host, delay,
            extra={"event": "crawl_delay", "url": origin},
        )  # fmt: skip
