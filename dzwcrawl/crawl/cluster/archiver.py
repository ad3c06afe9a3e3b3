"""The archiver: plans runs, and writes what workers send with the pipelines and the ledger of any crawl.

One archiver is at work at a time; others wait to take its place. A message is written in one SQLite transaction with
the note that it was, and only then acknowledged; what comes again is passed over. What a dead archiver had read and
not acknowledged comes first, so that messages are written in the order they were sent.
"""

import asyncio
import json
import logging
import sqlite3
import threading
from contextlib import suppress
from dataclasses import asdict, replace
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

from redis.exceptions import RedisError, ResponseError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.pipelines import ItemPipelineManager
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from dzwcrawl.archive import received, validators
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.processes import Process, is_alive, this_process
from dzwcrawl.article import Article
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.cluster import wire
from dzwcrawl.crawl.cluster.connection import AWAY, client, waits_for
from dzwcrawl.crawl.cluster.queue import PREFIX, RUNS, STREAM, SharedQueue
from dzwcrawl.crawl.cluster.worker import Call, crawls_with
from dzwcrawl.crawl.exit_codes import ADVICE, RUN_LOST_REASON, STOPPED
from dzwcrawl.crawl.extensions import OpenArchive
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.crawl.telling import tell_people
from dzwcrawl.extract.rules import SitemapRules
from dzwcrawl.urls import host_of

logger = logging.getLogger(__name__)

GROUP = "archive"
LOCK = "dzwcrawl:archiver"
_LOCK_MS = 15_000
_AT_ONCE = 50
"""Messages read at once: so many are written before they are acknowledged."""
_KEYS_AT_ONCE = 10_000

Message = tuple[bytes, dict[bytes, bytes]]
_State = Literal["made", "begun", "noted", "open", "ended"]

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
# What begins with a command that needs no room is done in a full Redis too, where only the archiver makes room.
_GET_LOCK = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_WRITTEN = "redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 2)) return redis.call('XDEL', KEYS[1], unpack(ARGV, 2))"


class RunFailed(Exception):
    """A run that cannot be planned; the message says why."""


class NotMine(Exception):
    """A run under way that this archiver cannot go on with, and another one can; the message says why."""


class _Replaced(Exception):
    """Another archiver is at work by now."""


class Run:
    """A run of a spider as the archiver sees it: a crawl like any other, but that others fetch for it.

    :raises RunFailed: when there is no such spider here, or it does not take the arguments.
    """

    def __init__(self, server: Any, name: str, state: dict[str, str], settings: Settings) -> None:
        given: dict[str, str] = json.loads(state["with"])["arguments"]
        try:
            spider_class = get_spider_loader(settings).load(name)
        except KeyError:
            raise RunFailed(f"there is no spider {name!r} where the archiver runs") from None
        self._crawler = Crawler(spider_class, settings)
        self._crawler._apply_settings()
        try:
            spider = spider_class.from_crawler(self._crawler, **given)
        except ArgumentError as error:
            raise RunFailed(str(error)) from error
        assert isinstance(spider, NewsSpider)
        self.spider = self._crawler.spider = spider
        if crawls_with(spider) != state["with"]:
            raise RunFailed("workers and archiver are of different versions")
        opened = self._crawler.get_extension(OpenArchive)
        assert opened is not None
        self.opened = opened
        self.archive = opened.archive
        self.queue = SharedQueue(server, spider)
        self.queue.run = state["id"]
        self._pipelines = ItemPipelineManager.from_crawler(self._crawler)
        self._state: _State = "made"
        self._fresh = 0
        """Links that are new to the listing of which the next message tells."""

    async def open(self, state: dict[str, str]) -> None:
        """Begin the crawl of the run, or go on with it; what is done when Redis goes away is not done again.

        :param state: what is noted of the run; empty where that was looked at before.
        :raises RunFailed: when another crawl of the spider is running.
        :raises NotMine: when the run began in another archive.
        """
        if self._state == "made":
            self._state = self._go_on(state["crawl"], state["started"]) if "crawl" in state else self._begin()
        if self._state == "begun":
            crawl = int(self.opened.crawl or 0)
            started = self.archive.query_value("SELECT started FROM crawls WHERE id = ?", (crawl,))
            self.queue.note(crawl=crawl, started=started)
            self._state = "noted"
        if self._state == "noted":
            await self._pipelines.open_spider_async()
            self._state = "open"

    def _go_on(self, crawl: str, started: str) -> _State:
        """Go on with a crawl, unless only the run of it is left, to be removed."""
        row = self.archive.connection.execute(
            "SELECT reason FROM crawls WHERE id = ? AND spider = ? AND started = ?",
            (int(crawl), self.spider.name, started),
        ).fetchone()
        if row is None:
            path = self.archive.path
            self.archive.close()
            raise NotMine(f"the run of {self.spider.name} that is under way did not begin in {path}")
        if row["reason"] == "finished":
            self.archive.close()
            return "ended"
        self.opened.go_on(int(crawl))
        return "noted"

    def _begin(self) -> _State:
        try:
            self.opened.opened(self.spider)
        except CloseSpider as error:
            self.archive.close()
            raise RunFailed(f"a crawl of {self.spider.name} is running on {self.archive.path}") from error
        return "begun"

    async def plan(self) -> None:
        """Queue what the spider begins with, and what the archive knows of it; then the workers may begin."""
        self.queue.clear()  # an archiver may have died over it
        requests: list[Request] = []
        async for request in self.spider.start():
            assert isinstance(request, Request)
            self._remind(request)
            requests.append(request)
        # First the requests: their articles are known too, and would not be queued.
        self.queue.push(*requests)
        for site in self.spider.sites():
            rows = self.archive.connection.execute("SELECT DISTINCT key FROM urls WHERE site = ?", (site,))
            while keys := [row["key"] for row in rows.fetchmany(_KEYS_AT_ONCE)]:
                self.queue.know(keys)
        rows = self.archive.connection.execute("SELECT digest FROM tombstone_keys")
        while digests := [row["digest"] for row in rows.fetchmany(_KEYS_AT_ONCE)]:
            self.queue.bury(digests)
        if any(isinstance(source, SitemapRules) for source in self.spider.sources):
            self.queue.keep_listings(self._listings())
        self.queue.planned()
        logger.info("%s: run planned, it begins with %d requests", self.spider.name, len(requests))

    def _remind(self, request: Request) -> None:
        """Tell a request what is remembered of its page."""
        if request.meta.get("conditional"):
            last = validators.last_answer(self.archive, request.url)
            if last is not None:
                request.meta["last"] = (last, validators.believed(self.archive, host_of(request.url)))

    def _listings(self) -> dict[str, tuple[bool, str, str | None]]:
        rows = self.archive.connection.execute(
            "SELECT url, walked, last_walk, retired FROM listings WHERE site = ?", (self.spider.name,)
        )
        return {row["url"]: (bool(row["walked"]), row["last_walk"], row["retired"]) for row in rows}

    async def take(self, stream: str, message: str, calls: list[Call], lock: "_Lock") -> None:
        """Write what a request brought, in one transaction, unless it is written.

        :raises _Replaced: when the lock is lost; while the transaction is open nobody else writes.
        """
        if self._state == "ended":
            return  # written, or the run would not have ended
        with self.archive.transaction():
            if not lock.held:
                raise _Replaced
            if received.first_time(self.archive, stream, message):
                for name, arguments, named in calls:
                    await self._replay(name, arguments, named)
                self.opened.note()

    async def _replay(self, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        ledger = self.spider.ledger
        match name:
            case "store":
                await self._store(*arguments)
            case "count":
                for what, by in arguments[0].items():
                    if what != "dzwcrawl/articles_sent":  # here it is told what became of them
                        self._crawler.stats.inc_value(what, by)
            case "refuse":
                self.spider.refuse(*arguments, **named)
            case "judge":
                last = validators.last_answer(self.archive, arguments[0].url)
                validators.judge_200(self.archive, last, *arguments, **named)
            case "caught":
                validators.caught_lying(self.archive, host_of(arguments[0]))
            case "find":
                self._fresh += ledger.find(*arguments, **named).fresh
            case "listing_read":
                url, links, signature = arguments
                self.spider.watch.listing_read(url, links, self._fresh, signature)
                self._fresh = 0
            case "clock" | "robots" | "listing_unchanged" | "listing_failed" | "seen_unchanged":
                getattr(self.spider.watch, name)(*arguments)
            case "hint" | "unchanged" | "remember" | "set_walked" | "sitemap_read":
                getattr(ledger, name)(*arguments, **named)
            case _:
                raise wire.WireError(f"nothing is called {name!r}")

    async def _store(self, article: Article, answer: validators.Answer | None) -> None:
        """Send an article through the pipelines, as Scrapy does."""
        if answer is not None:
            self.spider.expect(answer)
        _not_later(article, now())
        try:
            with self.archive.transaction(), suppress(DropItem):
                await self._pipelines.process_item_async(article)
        except sqlite3.OperationalError:
            raise
        except Exception:
            logger.exception("%s is not archived, the next crawl fetches it again", article.url)
            self.opened.item_failed()

    async def end(self) -> None:
        """Judge and complete the crawl, make room for the next run, and tell people how the outlets are.

        Called again where Redis went away over it; what is done is not done again.
        """
        if self._state == "open":
            await self._pipelines.close_spider_async()
            self.opened.closed("finished")
            self._state = "ended"
        self.queue.remove()
        new, revised = (
            self._crawler.stats.get_value(f"dzwcrawl/articles_{what}", 0) for what in ("new", "revised")
        )
        logger.info("%s: run archived, %d articles new, %d revised", self.spider.name, new, revised)
        await asyncio.to_thread(tell_people, self._crawler.settings)  # which may take seconds

    async def lose(self) -> None:
        """Complete the crawl of a run that is no longer in Redis."""
        if self._state == "open":
            await self._pipelines.close_spider_async()
        if self._state != "ended":
            self.opened.closed(RUN_LOST_REASON)
        self._state = "ended"
        logger.error("%s: the run is no longer in Redis; %s", self.spider.name, ADVICE[STOPPED])


def _not_later(article: Article, moment: str) -> None:
    """Date by our clock what a worker dates later: else the page would pass for newer than all that come."""
    article.first_seen = min(article.first_seen or moment, moment)
    article.last_seen = min(article.last_seen or moment, moment)
    article.pages = [replace(page, fetched=min(page.fetched, moment)) for page in article.pages]


class Archiver:
    """Reads the stream, and hands each message to its run.

    :param settings: those of the crawls.
    :param once: end when there was a run and none is left.
    """

    def __init__(self, settings: Settings, *, once: bool) -> None:
        self._settings, self._once = settings, once
        self._server: Any = client(settings["REDIS_URL"])
        self._lock = _Lock(settings["REDIS_URL"])
        self._archive = Archive(settings["ARCHIVE_PATH"], create=True, demo=settings.getbool("ARCHIVE_DEMO"))
        self._me = uuid4().hex
        self._runs: dict[tuple[str, str], Run] = {}
        self._began = False
        self._said = ""

    async def work(self) -> None:
        """Archive until stopped, or, once, until nothing is left to do."""
        self._lock.start()
        catching_up = True
        try:
            while True:
                try:
                    if self._once and self._began and not self._server.scard(RUNS):
                        await self._close_lost()
                        return
                    if not self._lock.held:
                        if self._server.exists(LOCK):  # else it is only Redis that was away
                            self._say("another archiver is at work: waiting to take its place")
                        catching_up = True
                        await asyncio.sleep(0.5)
                        continue
                    messages = self._pending() if catching_up else self._new()
                    if catching_up and not messages:
                        catching_up = False
                        received.done(self._archive, self._stream(), None)
                    await self._take(messages)
                    self._say("archiving")
                    await asyncio.sleep(0 if messages else 0.05)
                except _Replaced:
                    catching_up = True
                except AWAY as error:
                    # What was read and not taken is pending, and comes first when Redis is back.
                    catching_up = True
                    self._say(waits_for(error))
                    await asyncio.sleep(1)
                except ResponseError as error:
                    if "NOGROUP" not in str(error):
                        raise
                    catching_up = True  # Redis was restarted without its data
        finally:
            self._lock.stop()
            self._archive.close()

    def _new(self) -> list[Message]:
        """Read what nobody has read."""
        found = self._server.xreadgroup(GROUP, self._me, {STREAM: ">"}, count=_AT_ONCE)
        return found[0][1] if found else []

    def _pending(self) -> list[Message]:
        """Take over what an archiver has read and not acknowledged, this one too before Redis went away."""
        try:
            _, messages, *_ = self._server.xautoclaim(
                STREAM, GROUP, self._me, min_idle_time=0, count=_AT_ONCE
            )
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._server.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
            return []
        return list(messages)

    async def _take(self, messages: list[Message]) -> None:
        """Write messages, and acknowledge those that are written."""
        written: list[bytes] = []
        try:
            for message, fields in messages:
                await self._handle(message.decode(), fields)
                written.append(message)
        finally:
            if written:
                self._server.eval(_WRITTEN, 1, STREAM, GROUP, *written)
                received.done(self._archive, self._stream(), [message.decode() for message in written])

    async def _handle(self, message: str, fields: dict[bytes, bytes]) -> None:
        try:
            name, ident = fields[b"run"].decode().removeprefix("dzwcrawl:"), fields[b"id"].decode()
        except (KeyError, UnicodeDecodeError):
            logger.error("message %s of the stream is none of ours: passed over", message)
            return
        self._began = True
        try:
            run = await self._run(name, ident)
            if run is None:
                return  # it was removed
            if b"plan" in fields:
                if run.queue.state().get("state") == "asked":
                    await run.plan()
            elif b"end" in fields:
                await run.end()
                del self._runs[name, ident]
            else:
                await run.take(self._stream(), message, wire.loads(fields[b"calls"]), self._lock)
        except RunFailed as error:
            self._runs.pop((name, ident), None)
            self._fail(name, str(error))
        except (RedisError, sqlite3.OperationalError, NotMine, _Replaced):
            raise
        except Exception as error:
            logger.exception("%s: a message cannot be archived; what it told of is fetched again", name)
            if b"calls" not in fields:
                self._fail(name, f"{type(error).__name__}: {error}")

    async def _run(self, name: str, ident: str) -> Run | None:
        """Return a run, opened; None where there is none any more."""
        state: dict[str, str] = {}
        if (name, ident) not in self._runs:
            state = {
                k.decode(): v.decode()
                for k, v in self._server.hgetall(f"{PREFIX % {'spider': name}}:run").items()
            }
            if state.get("id") != ident or state["state"] == "failed":
                return None
            await self._close_lost(name)
            self._runs[name, ident] = self._made(name, state)
        run = self._runs[name, ident]
        await run.open(state)
        return run

    def _made(self, name: str, state: dict[str, str]) -> Run:
        """Make a run.

        :raises RunFailed: when it cannot be planned here.
        :raises NotMine: when it was planned elsewhere: what was fetched for it is not thrown away.
        """
        try:
            return Run(self._server, name, state, self._settings)
        except RunFailed as error:
            if state["state"] == "asked":
                raise
            raise NotMine(f"the run of {name} that is under way cannot be archived here: {error}") from error

    async def _close_lost(self, name: str = "") -> None:
        """Close the crawls of runs that are no longer in Redis; of all of them, or of those of a spider."""
        for key in [key for key in self._runs if name in ("", key[0])]:
            await self._runs.pop(key).lose()

    def _fail(self, name: str, why: str) -> None:
        """Tell the workers of a run why there is none; after a minute it may be begun anew."""
        logger.error("%s: %s", name, why)
        key = PREFIX % {"spider": name}
        self._server.hset(f"{key}:run", mapping={"state": "failed", "why": why})
        self._server.expire(f"{key}:run", 60)
        self._server.srem(RUNS, key)

    def _stream(self) -> str:
        """Return what names the stream, wherever its Redis is."""
        while (found := self._server.get(f"{STREAM}:id")) is None:
            self._server.set(f"{STREAM}:id", uuid4().hex, nx=True)
        return str(found.decode())

    def _say(self, what: str) -> None:
        if what != self._said:
            logger.info("%s", what)
        self._said = what


class _Lock:
    """Whether this archiver is the one at work. A thread keeps it, because writing may take long."""

    def __init__(self, url: str) -> None:
        self._server: Any = client(url)
        self._mine = json.dumps([*asdict(this_process()).values(), uuid4().hex])
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="archiver's lock", daemon=True)
        self._until = 0.0

    @property
    def held(self) -> bool:
        """Whether it is ours: a process that was stopped for long may have lost it without a word."""
        return monotonic() < self._until

    def start(self) -> None:
        """Try to get the lock, and go on trying."""
        self._try()
        self._thread.start()

    def stop(self) -> None:
        """Give the lock away."""
        self._stopped.set()
        self._thread.join()
        if self.held:
            with suppress(*AWAY):
                self._server.eval(_RELEASE, 1, LOCK, self._mine)

    def _keep(self) -> None:
        while not self._stopped.wait(_LOCK_MS / 5000):
            self._try()

    def _try(self) -> None:
        asked = monotonic()
        with suppress(*AWAY):  # it is ours until its time is over
            other = self._server.get(LOCK)
            if other is not None and is_alive(Process(*json.loads(other)[:-1])) is False:
                self._server.eval(_RELEASE, 1, LOCK, other)  # it died on this machine
            is_mine = self._server.eval(_GET_LOCK, 1, LOCK, self._mine, _LOCK_MS)
            self._until = asked + _LOCK_MS / 1000 if is_mine else 0.0
