"""A spider as a worker: it takes requests from the shared queue, and what it would tell the archive it sends."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, sleep
from typing import Any, Self

from redis.exceptions import RedisError
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.asyncio import CallLaterResult, call_later, create_looping_call
from scrapy.utils.misc import arg_to_iter
from scrapy_redis.scheduler import Scheduler
from twisted.python.failure import Failure

from dzwcrawl import __version__
from dzwcrawl.article import Article
from dzwcrawl.crawl.cluster import wire
from dzwcrawl.crawl.cluster.connection import AWAY, client, refused, waits_for
from dzwcrawl.crawl.cluster.ledger import WorkerLedger
from dzwcrawl.crawl.cluster.queue import PREFIX, KnownArticles, SharedQueue, Taken
from dzwcrawl.crawl.exit_codes import REDIS_REFUSED_REASON, RUN_LOST_REASON, RUN_REFUSED_REASON
from dzwcrawl.crawl.extensions import HasLedger
from dzwcrawl.crawl.limits import NotInThisCrawl
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.packed import MOST

logger = logging.getLogger(__name__)

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
"""Something told: the name of a method of the ledger (or `store`, `refuse`, `count`) and its arguments."""

_BEAT = 3.0
_FAREWELL = 10.0
"""Seconds that a worker which ends waits for Redis, to give back what it holds."""

_NOTHING: tuple[Request, ...] = ()

_told: ContextVar[list[Call]] = ContextVar("told")


def _too_large() -> str:
    return f"too large to send: {MOST >> 20} MiB are the most"


def crawls_with(spider: NewsSpider) -> str:
    """Return what all workers of a run must have in common."""
    return json.dumps({"arguments": spider.arguments_given, "version": __version__}, sort_keys=True)


@dataclass(slots=True)
class _Held:
    """A request in flight, and what is to be told with its end."""

    taken: Taken
    calls: list[Call] = field(default_factory=list)
    stray: bool = False


class Worker(HasLedger):
    """Holds what this worker has in flight, and sends what comes of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.ledger: WorkerLedger = WorkerLedger(self)
        self.queue: SharedQueue
        self.over = False
        self._held: dict[str, _Held] = {}
        self._unsent: deque[Callable[[], object]] = deque()
        self._counted: dict[str, float] = {}
        self._noted: list[Call] = []
        self._said = ""
        self._wake: CallLaterResult | None = None
        self._closing: asyncio.Future[None] | None = None
        self._heart = create_looping_call(self._beat)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension; the scheduler brings its queue."""
        return cls(crawler)

    # What the scheduler asks for

    def begin(self, queue: SharedQueue) -> None:
        """Work on a queue from now on."""
        self.queue = queue
        self._heart.start(_BEAT, now=False)

    def next_request(self) -> Request | None:
        """Return a request that may be sent now, or None and look again when there may be one."""
        if self.over or self.closing or not self._send_unsent():
            return None
        try:
            if not self.queue.run and not self._join():
                self._look_again(1.0)
                return None
            taken = self.queue.take(
                self._crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
                self._crawler.settings.getint("CLUSTER_BACKLOG"),
            )
        except AWAY as error:
            self._wait_for_redis(error)
            return None
        except wire.WireError as error:
            self._end(RUN_REFUSED_REASON, f"the run is of another dzwcrawl than this one: {error}")
            return None
        except RedisError as error:
            self._end(REDIS_REFUSED_REASON, refused(error))
            return None
        if isinstance(taken, Taken):
            self._say("")
            return self._hold(taken)
        self._wait(*taken)
        return None

    def _wait(self, what: str, detail: Any) -> None:
        """Do what is to be done where there is no request (:meth:`SharedQueue.take`)."""
        if what == "over":
            self.over = True
        elif what == "failed":
            self._end(RUN_REFUSED_REASON, detail.decode())
        elif what == "lost":
            self._end(
                RUN_LOST_REASON,
                "the run is no longer in Redis: it lost its data, or the run was given up; crawl again",
            )
        elif what == "full":
            self._say("the stream is full: waiting until the archiver has caught up")
        elif what == "asked":
            self._say("waiting for the archiver (dzwcrawl archive --from redis://…) to plan the run")
        self._look_again(min(detail / 1000, 1.0) if what == "wait" else 1.0)

    def successor(self, request: Request) -> None:
        """Queue a request that takes the place of one in flight (a redirect, another try), or a new one."""
        token = request.meta.get("lease", "")
        parcel = self.queue.parcel(request, again=bool(token))
        held = self._held.pop(token, None)
        if held is not None:
            message = wire.dumps(held.calls) if held.calls else b""
            self._send(partial(self.queue.commit, token, self._pause(held), message, [parcel]))
        elif not token:
            self._send(partial(self.queue.push, request))

    def leave(self) -> None:
        """Give back what is in flight, and go."""
        if self._heart.running:
            self._heart.stop()
        if self._wake is not None:
            self._wake.cancel()
        self._unsent.append(self.queue.leave)
        deadline = monotonic() + _FAREWELL
        while not self._send_unsent() and monotonic() < deadline:
            sleep(0.5)
        if self._unsent:
            logger.warning("Redis is not there: what is in flight here is taken up again by others, or later")

    # What becomes of a request

    @contextmanager
    def telling(self, token: str) -> Iterator[None]:
        """Take what is told meanwhile as what a request brought."""
        held = self._held.get(token)
        before = _told.set(held.calls if held else [])
        try:
            yield
        finally:
            _told.reset(before)

    def tell(self, name: str, *arguments: Any, **named: Any) -> None:
        """Send something with the end of the request that is being answered."""
        _told.get([]).append((name, arguments, named))

    def note(self, name: str, *arguments: Any) -> None:
        """Send something that no request brought, with the end of the next one."""
        self._noted.append((name, arguments, {}))

    def finish(self, token: str, outputs: Sequence[Request | Article]) -> None:
        """End a request: queue what it asks for, send what it tells, at once or not at all."""
        held = self._held.pop(token, None)
        if held is None:
            return  # ended already, by its errback
        spider = self._spider
        for output in outputs:
            if isinstance(output, Article):
                assert output.url is not None
                self._crawler.stats.inc_value("dzwcrawl/articles_sent")
                held.calls.append(("store", (output, spider.answer_of(output.url)), {}))
        parcels = list(self._parcels(outputs, held.calls))
        held.calls += [*self._noted, ("count", (self._counts(),), {})]
        self._noted.clear()
        message = self._message(held.calls)
        self._send(partial(self.queue.commit, token, self._pause(held), message, parcels))

    def _parcels(self, outputs: Sequence[Request | Article], calls: list[Call]) -> Iterator[Any]:
        """Yield requests as they are queued; one with an article so far that is too large refuses that article."""
        for output in outputs:
            if isinstance(output, Request):
                try:
                    yield self.queue.parcel(output)
                except wire.WireError:
                    article = output.cb_kwargs.get("article")
                    calls.append(("refuse", (article.url if article else output.url, _too_large()), {}))

    @staticmethod
    def _message(calls: list[Call]) -> bytes:
        """Return what is told as bytes; an article with pages too large to be sent is refused instead."""
        try:
            return wire.dumps(calls)
        except wire.WireError:
            stored = [arguments[0].url for name, arguments, _ in calls if name == "store"]
            refused: list[Call] = [("refuse", (url, _too_large()), {}) for url in stored]
            return wire.dumps([*(call for call in calls if call[0] != "store"), *refused])

    def give_back(self, token: str) -> None:
        """Put a request back unanswered: another worker, or this one later, takes it up again."""
        if self._held.pop(token, None) is not None:
            self._send(partial(self.queue.give_back, token))

    @property
    def closing(self) -> bool:
        """Whether this worker is about to end."""
        engine = self._crawler.engine
        return engine._slot is None or engine._slot.closing is not None

    @property
    def _spider(self) -> NewsSpider:
        assert isinstance(self._crawler.spider, NewsSpider)
        return self._crawler.spider

    def _join(self) -> bool:
        """Join the run there is, or begin one; tell whether there is one."""
        mine = crawls_with(self._spider)
        run, others = self.queue.join(mine)
        if run and others != mine:
            self._end(
                RUN_REFUSED_REASON,
                f"a run of {self._spider.name} is under way with {others}, not with {mine}",
            )
            return False
        self.queue.run = run
        if not run:
            self._say("the last run is being archived; this one begins then")
        return bool(run)

    def _end(self, reason: str, why: str) -> None:
        logger.error("%s", why)
        self.over = True
        self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))

    def _hold(self, taken: Taken) -> Request:
        request = taken.request
        request.meta["lease"] = taken.token
        if request.errback is not None:
            request.errback = Errback(self, request.errback)
        self._held[taken.token] = _Held(taken)
        # The pause is kept for all workers together (`pace.py`), and adapted by whoever was there last.
        slot = self._slot(request)
        slot.lastseen = 0
        if taken.delay is not None:
            floor = self._crawler.engine.downloader.per_slot_settings.get(taken.host, {}).get("delay", 0.0)
            slot.delay = max(taken.delay, floor)
        return request

    def _slot(self, request: Request) -> Slot:
        _, slot = self._crawler.engine.downloader._get_slot(request)
        return slot

    def _pause(self, held: _Held) -> tuple[float, float, int] | None:
        slot = self._crawler.engine.downloader.slots.get(held.taken.host)
        return (
            None if slot is None else (slot.delay, slot.delay * max(1 - slot.jitter, 0.0), slot.concurrency)
        )

    def _counts(self) -> dict[str, float]:
        """Return what was counted since this was asked last."""
        now = {
            name: value
            for name, value in self._crawler.stats.get_stats().items()
            if isinstance(value, int | float)
            and (
                name.startswith("dzwcrawl/") or name in ("response_received_count", "spider_exceptions/count")
            )
        }
        new = {
            name: value - self._counted.get(name, 0)
            for name, value in now.items()
            if value != self._counted.get(name, 0)
        }
        self._counted = now
        return new

    # Redis, there or not

    def _send(self, call: Callable[[], object]) -> None:
        self._unsent.append(call)
        self._send_unsent()

    def _send_unsent(self) -> bool:
        """Send what is to be sent, in order; tell whether nothing is left."""
        while self._unsent:
            try:
                self._unsent[0]()
            except AWAY as error:
                self._wait_for_redis(error)
                return False
            self._unsent.popleft()
        return True

    def _wait_for_redis(self, error: Exception) -> None:
        self._say(waits_for(error))
        self._look_again(1.0)

    def _say(self, what: str) -> None:
        """Say what this worker waits for, once each time; "" that it goes on."""
        if what != self._said:
            logger.info("%s", what or "going on")
        self._said = what

    def _look_again(self, seconds: float) -> None:
        slot = self._crawler.engine._slot
        if self._wake is not None:
            self._wake.cancel()
        if slot is not None:
            self._wake = call_later(seconds, slot.nextcall.schedule)

    def _beat(self) -> None:
        """Be alive, and put right what fell between two stools."""
        if not self._send_unsent():
            return
        try:
            tokens, given_up = self.queue.beat()
            # Handed out, but Redis went away before it could say what.
            self.queue.give_back(*(tokens - self._held.keys()))
        except AWAY as error:
            self._wait_for_redis(error)
            return
        for request in given_up:
            self._crawler.stats.inc_value("dzwcrawl/requests_given_up")
            logger.error("%s: given up in this run, workers were killed with it", request.url)
        slot = self._crawler.engine._slot
        for token, held in list(self._held.items()):
            if slot is not None and held.taken.request not in slot.inprogress:
                if held.stray:  # since the last beat: nobody will answer it any more
                    logger.warning("%s: dropped without an answer, put back", held.taken.request.url)
                    self.give_back(token)
                held.stray = True


class Errback:
    """The errback of a request in flight: what it brings goes where the output of callbacks goes."""

    def __init__(self, worker: Worker, of: Callable[[Failure], Any]) -> None:
        self._worker, self.of = worker, of
        self.__name__ = of.__name__

    def __call__(self, failure: Failure) -> None:
        """Answer for a request that failed, or leave it to another worker where this one ends."""
        token = failure.request.meta["lease"]  # type: ignore[attr-defined]
        if isinstance(failure.value, NotInThisCrawl) and self._worker.closing:
            self._worker.give_back(token)
            return
        outputs: list[Request | Article] = []
        try:
            with self._worker.telling(token):
                outputs.extend(arg_to_iter(self.of(failure)))
        except AWAY:
            self._worker.give_back(token)
            return
        finally:
            self._worker.finish(token, outputs)


class Outputs:
    """The spider middleware next to the engine: what a callback yields ends its request, all at once."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware."""
        worker = crawler.get_extension(Worker)
        assert worker is not None
        return cls(worker)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Begin with nothing: the archiver has asked for the first requests."""
        for nothing in _NOTHING:
            yield nothing

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Keep all from the engine, and end the request with it."""
        token = response.meta.get("lease", "")
        outputs: list[Request | Article] = []
        try:
            with self._worker.telling(token):
                async for output in result:
                    outputs.append(output)  # noqa: PERF401 (what came before an error counts)
        except AWAY:
            self._worker.give_back(token)
        finally:
            self._worker.finish(token, outputs)
        for nothing in _NOTHING:
            yield nothing


class WorkerScheduler(Scheduler):  # type: ignore[misc] # scrapy-redis has no types
    """scrapy-redis's scheduler, with leases."""

    worker: Worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WorkerScheduler":
        """Make the scheduler of a worker, whether or not Redis is there at this moment.

        scrapy-redis would ask, and a worker whose Redis restarts just then would end; it waits, as it does later.
        """
        scheduler = cls(
            client(crawler.settings["REDIS_URL"]),
            persist=True,
            queue_key=PREFIX,
            queue_cls=SharedQueue,
            dupefilter_cls=KnownArticles,
            serializer=wire,
        )
        worker = crawler.get_extension(Worker)
        assert worker is not None
        scheduler.worker = worker
        return scheduler

    def open(self, spider: NewsSpider) -> None:
        """Open the queue."""
        super().open(spider)
        self.worker.begin(self.queue)

    def close(self, reason: str) -> None:
        """Leave the queue to the others."""
        self.worker.leave()

    def enqueue_request(self, request: Request) -> bool:
        """Queue a request; the shared queue drops those of articles that are known."""
        self.worker.successor(request)
        return True

    def next_request(self) -> Request | None:
        """Return a request that may be sent now."""
        return self.worker.next_request()

    def has_pending_requests(self) -> bool:
        """Tell whether anything is queued or in flight, here or with another worker."""
        return not self.worker.over
