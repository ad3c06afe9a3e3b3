"""What a worker sees of an outlet: it is sent to the archiver, which judges the run."""

from scrapy import Request
from scrapy.http import Response

from dzwcrawl.crawl.cluster.worker import Worker
from dzwcrawl.crawl.watch import Watch


class WorkerWatch(Watch):
    """Tells what is seen, with the end of the request that brought it."""

    @property
    def _worker(self) -> Worker:
        worker = self._crawler.get_extension(Worker)
        assert worker is not None
        return worker

    def answered(self, response: Response, request: Request) -> None:
        """Compare the clock of a server with ours; few enough answers are sent."""
        with self._worker.telling(request.meta.get("lease", "")):
            super().answered(response, request)

    def clock(self, url: str, skew: float) -> None:
        """Send a difference of clocks."""
        super().clock(url, skew)
        self._worker.tell("clock", url, skew)

    def listing_read(self, url: str, links: int, fresh: int, signature: frozenset[str]) -> None:
        """Send what a page of a listing is like; which links are new to it the archiver knows."""
        del fresh  # the archiver counts it
        self._worker.tell("listing_read", url, links, signature)

    def listing_unchanged(self, url: str) -> None:
        """Send that a listing is as it was."""
        self._worker.tell("listing_unchanged", url)

    def listing_failed(self, url: str, why: str) -> None:
        """Send that a page of a listing gives nothing."""
        self._worker.tell("listing_failed", url, why)

    def seen_unchanged(self, url: str) -> None:
        """Send that the page of a stored article is as it was."""
        self._worker.tell("seen_unchanged", url)

    def robots(self, origin: str, rules: str) -> None:
        """Send the rules of an origin, for which no request of the run was made."""
        self._worker.note("robots", origin, rules)
