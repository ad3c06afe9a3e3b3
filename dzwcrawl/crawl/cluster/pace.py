"""A host's pause, its budget and its robots.txt, for all workers together.

Just before anything is sent, robots.txt too, it is asked in Redis whether the host may be asked now: the pause counts
from the last request of any worker. How long it is, is adapted by each answer as in one process, and handed on with
the next request of the host (:mod:`dzwcrawl.crawl.limits`, :class:`Pace`).
"""

import asyncio
from contextlib import suppress
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from dzwcrawl.crawl.cluster import wire
from dzwcrawl.crawl.cluster.connection import AWAY
from dzwcrawl.crawl.cluster.worker import Worker
from dzwcrawl.crawl.limits import BoundedDownloadHandler, HostBudget, NotInThisCrawl
from dzwcrawl.crawl.robots import RobotsTxt


def _worker(crawler: Crawler) -> Worker:
    worker = crawler.get_extension(Worker)
    assert worker is not None
    return worker


class PacedDownloadHandler(BoundedDownloadHandler):
    """Sends a request when it is the turn of its host."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._worker = _worker(crawler)

    async def download_request(self, request: Request) -> Response:
        """Wait for the turn, then download.

        :raises NotInThisCrawl: when the worker ends before.
        """
        slot = self._crawler.engine.downloader.slots[request.meta["download_slot"]]
        pause = slot.download_delay()
        while wait := self._wait(request, pause, slot.delay * max(1 - slot.jitter, 0.0)):
            await asyncio.sleep(min(wait, 1.0))
            if self._worker.closing:
                raise NotInThisCrawl("the crawl ends")
        return await super().download_request(request)

    def _wait(self, request: Request, pause: float, shortest: float) -> float:
        try:
            return self._worker.queue.turn(request.meta["download_slot"], pause, shortest)
        except AWAY:
            return 1.0


class SharedHostBudget(HostBudget):
    """Lets so many requests of a run through to a host, whichever worker sends them."""

    def _count(self, host: str) -> int:
        queue = _worker(self._crawler).queue
        try:
            return int(queue.server.hincrby(f"{queue.key}:asked", host, 1))
        except AWAY:
            return 0  # nothing is sent until Redis is back


class SharedRobotsTxt(RobotsTxt):
    """Asks for the robots.txt of an origin once a run, whichever worker needs it first."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._worker = _worker(crawler)

    async def _ask(self, origin: str) -> tuple[bytes | None, str | None]:
        queue = self._worker.queue
        place: tuple[Any, Any] = f"{queue.key}:robots", origin
        try:
            kept = queue.server.hget(*place)
        except AWAY:
            kept = None
        if kept is not None:
            body, unreachable = wire.loads(kept)
            return body, unreachable
        answer = await super()._ask(origin)
        with suppress(*AWAY):  # another worker asks again then
            queue.server.hset(*place, wire.dumps(answer))
        return answer
