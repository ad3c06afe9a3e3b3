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
from dataclasses import asdict
from typing import Any, Literal
from uuid import uuid4

from redis.exceptions import ResponseError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.pipelines import ItemPipelineManager
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from dzwcrawl.archive import received, validators
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.processes import Process, is_alive, this_process
from dzwcrawl.article import Article
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.cluster import wire
from dzwcrawl.crawl.cluster.connection import AWAY, client
from dzwcrawl.crawl.cluster.queue import PREFIX, RUNS, STREAM, SharedQueue
from dzwcrawl.crawl.cluster.worker import Call, crawls_with
from dzwcrawl.crawl.extensions import OpenArchive
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.crawl.telling import tell_people
from dzwcrawl.extract.rules import SitemapRules
from dzwcrawl.urls import host_of

logger = logging.getLogger(__name__)

GROUP = "archive"
_LOCK = "dzwcrawl:archiver"
_LOCK_MS = 15_000
_AT_ONCE = 50
"""Messages read at once: so many are written before they are acknowledged."""
_KEYS_AT_ONCE = 10_000

Message = tuple[bytes, dict[bytes, bytes]]

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
_REFRESH = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"


class RunFailed(Exception):
    """A run that cannot be planned; the message says why."""


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
        self._state: Literal["made", "begun", "open", "ended"] = "made"
        self._fresh = 0
        """Links that are new to the listing of which the next message tells."""

    async def open(self, crawl: str | None) -> None:
        """Begin the crawl of the run, or go on with it; what is done when Redis goes away is not done again.

        :raises RunFailed: when another crawl of the spider is running.
        """
        if self._state == "made":
            self._begin(crawl)
            self._state = "begun"
        if self._state == "begun":
            self.queue.note(crawl=int(self.opened.crawl or 0))
            await self._pipelines.open_spider_async()
            self._state = "open"

    def _begin(self, crawl: str | None) -> None:
        if crawl is not None:
            self.opened.go_on(int(crawl))
            return
        try:
            self.opened.opened(self.spider)
        except CloseSpider as error:
            self.archive.close()
            raise RunFailed(f"a crawl of {self.spider.name} is running on {self.archive.path}") from error

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

    async def take(self, stream: str, message: str, calls: list[Call]) -> None:
        """Write what a request brought, in one transaction, unless it is written."""
        with self.archive.transaction():
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
        logger.info("%s: run archived", self.spider.name)
        await asyncio.to_thread(tell_people, self._crawler.settings)  # which may take seconds


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
                        return
                    if not self._lock.held:
                        self._server.ping()  # perhaps it is only Redis that is away
                        self._say("another archiver is at work: waiting to take its place")
                        await asyncio.sleep(0.5)
                        continue
                    self._say("archiving")
                    messages = self._pending() if catching_up else self._new()
                    if catching_up and not messages:
                        catching_up = False
                        received.done(self._archive, self._stream(), None)
                    await self._take(messages)
                    await asyncio.sleep(0 if messages else 0.05)
                except AWAY as error:
                    # What was read and not taken is pending, and comes first when Redis is back.
                    catching_up = True
                    self._say(f"Redis is away ({type(error).__name__}): waiting for it")
                    await asyncio.sleep(1)
        finally:
            self._lock.stop()
            self._archive.close()

    def _new(self) -> list[Message]:
        """Read what nobody has read."""
        found = self._server.xreadgroup(GROUP, self._me, {STREAM: ">"}, count=_AT_ONCE)
        return found[0][1] if found else []

    def _pending(self) -> list[Message]:
        """Take over what an archiver has read and not acknowledged, this one too before Redis went away."""
        with suppress(ResponseError):  # there is such a group
            self._server.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        _, messages, *_ = self._server.xautoclaim(STREAM, GROUP, self._me, min_idle_time=0, count=_AT_ONCE)
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
                pipe = self._server.pipeline()
                pipe.xack(STREAM, GROUP, *written)
                pipe.xdel(STREAM, *written)
                pipe.execute()
                received.done(self._archive, self._stream(), [message.decode() for message in written])

    async def _handle(self, message: str, fields: dict[bytes, bytes]) -> None:
        name, ident = fields[b"run"].decode().removeprefix("dzwcrawl:"), fields[b"id"].decode()
        self._began = True
        try:
            run = await self._run(name, ident)
            if run is None:
                return  # it was removed
            if b"plan" in fields:
                if run.queue.state()["state"] == "asked":
                    await run.plan()
            elif b"end" in fields:
                await run.end()
                del self._runs[name, ident]
            else:
                await run.take(self._stream(), message, wire.loads(fields[b"calls"]))
        except RunFailed as error:
            self._runs.pop((name, ident), None)
            self._fail(name, str(error))
        except (*AWAY, sqlite3.OperationalError):
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
            self._runs[name, ident] = Run(self._server, name, state, self._settings)
        run = self._runs[name, ident]
        await run.open(state.get("crawl"))
        return run

    def _fail(self, name: str, why: str) -> None:
        """Tell the workers of a run why there is none; after a minute it may be begun anew."""
        logger.error("%s: %s", name, why)
        key = PREFIX % {"spider": name}
        self._server.hset(f"{key}:run", mapping={"state": "failed", "why": why})
        self._server.expire(f"{key}:run", 60)
        self._server.srem(RUNS, key)

    def _stream(self) -> str:
        """Return what names the stream, wherever its Redis is."""
        self._server.set(f"{STREAM}:id", uuid4().hex, nx=True)
        return str(self._server.get(f"{STREAM}:id").decode())

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
        self.held = False

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
                self._server.eval(_RELEASE, 1, _LOCK, self._mine)

    def _keep(self) -> None:
        while not self._stopped.wait(_LOCK_MS / 5000):
            self._try()

    def _try(self) -> None:
        try:
            if self.held:
                self.held = bool(self._server.eval(_REFRESH, 1, _LOCK, self._mine, _LOCK_MS))
                return
            other = self._server.get(_LOCK)
            if other is not None and is_alive(Process(*json.loads(other)[:-1])) is False:
                self._server.eval(_RELEASE, 1, _LOCK, other)  # it died on this machine
            self.held = bool(self._server.set(_LOCK, self._mine, nx=True, px=_LOCK_MS))
        except AWAY:
            pass  # nobody can have taken it meanwhile
