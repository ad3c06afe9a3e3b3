"""The ledger of a worker: it answers from what is known in Redis, and sends what it is told to the archiver."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from scrapy import Request

from dzwcrawl.archive import sitemaps, tombstones
from dzwcrawl.archive.ledger import Found
from dzwcrawl.archive.validators import Answer, Verdict
from dzwcrawl.crawl.cluster import wire
from dzwcrawl.crawl.cluster.queue import SharedQueue
from dzwcrawl.crawl.ledger import Hint


class Teller(Protocol):
    """What the ledger asks of the worker it is for."""

    queue: SharedQueue

    def tell(self, name: str, *arguments: Any, **named: Any) -> None:
        """Send something with the end of the request that is being answered."""

    def telling(self, token: str) -> AbstractContextManager[None]:
        """Take what is told meanwhile as what a request brought."""


class WorkerLedger:
    """See :class:`dzwcrawl.crawl.ledger.Ledger`."""

    def __init__(self, worker: Teller) -> None:
        self._worker = worker
        self._listings: dict[str, tuple[bool, str, str | None]] | None = None

    def asks_first(self, key: str) -> bool:
        return True  # the shared queue tells, when the request is queued

    def find(
        self, site: str, found: Sequence[tuple[str, str]], found_on: str | None, since: str | None = None
    ) -> Found:
        urls = {key: url for url, key in reversed(found)}
        new = [
            urls[key]
            for key in self._worker.queue.unknown(list(dict.fromkeys(key for _, key in found)))
            if not self._worker.queue.buried(tombstones.keys_of([urls[key]], key))
        ]
        self._worker.tell("find", site, list(found), found_on, since)
        return Found(new, len(new), len(new))

    def buried(self, url: str, key: str) -> bool:
        return False  # those were left out when they were found, and when the run was planned

    def hint(self, found: Sequence[Hint]) -> None:
        said = [hint for hint in found if hint[1] or hint[2]]
        if said:
            self._worker.tell("hint", said)

    def refuse(
        self,
        site: str,
        url: str,
        key: str,
        reason: str,
        status: int | None,
        **how: bool,
    ) -> str | None:
        self._worker.tell("refuse", url, reason, status, **how)
        return None

    def unchanged(self, key: str, answer: Answer) -> None:
        self._worker.tell("unchanged", key, answer)

    def remember(self, answer: Answer) -> None:
        self._worker.tell("remember", answer)

    def walked(self, listing: str) -> bool:
        return self._listing(listing)[0]

    def last_walk(self, listing: str) -> str | None:
        return self._listing(listing)[1] or None

    def set_walked(self, site: str, listing: str, *, complete: bool) -> None:
        self._worker.tell("set_walked", site, listing, complete=complete)

    def sitemap_is_due(self, sitemap: str, modified: str | None) -> bool:
        walked, last_walk, retired = self._listing(sitemap)
        return sitemaps.due(last_walk if walked or retired else None, retired, modified)

    def sitemap_read(self, site: str, sitemap: str, *, new: int, gone: bool = False) -> bool:
        self._worker.tell("sitemap_read", site, sitemap, new=new, gone=gone)
        return False

    def last_answer(self, request: Request) -> Answer | None:
        last, _ = request.meta.get("last", (None, False))
        return last if last is not None and last.url == request.url else None

    def believed(self, request: Request) -> bool:
        return bool(request.meta.get("last", (None, False))[1])

    def judge_200(self, request: Request, last: Answer | None, new: Answer, *, after_304: bool) -> Verdict:
        with self._worker.telling(request.meta.get("lease", "")):
            self._worker.tell("judge", new, after_304=after_304)
        return "unchanged" if last is not None and last.digest == new.digest else "changed"

    def caught_lying(self, request: Request) -> None:
        with self._worker.telling(request.meta.get("lease", "")):
            self._worker.tell("caught", request.url)

    def _listing(self, url: str) -> tuple[bool, str, str | None]:
        """Return what the archive knew of a listing when the run was planned: walked, when, retired since."""
        if self._listings is None:
            packed = self._worker.queue.server.get(f"{self._worker.queue.key}:listings")
            self._listings = wire.loads(packed) if packed else {}
        return self._listings.get(url, (False, "", None))
