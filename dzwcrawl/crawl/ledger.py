"""What a spider asks of the archive and tells it while it crawls.

A crawl on one machine has the archive at hand and writes it at once. A worker of a cluster has none: it answers from
what it was given, and what it tells is sent to the archiver, which replays it here (:mod:`dzwcrawl.crawl.cluster`).
So there is one code that writes.
"""

from collections.abc import Sequence
from typing import Protocol

from scrapy import Request

from dzwcrawl.archive import hints, ledger, sitemaps, tombstones, validators, visits
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.validators import Answer, Verdict
from dzwcrawl.article import Edition
from dzwcrawl.urls import host_of

Hint = tuple[str, Edition | None, str | None]
"""Key of an article, its edition and the time of its last change, as a list tells them."""


class Ledger(Protocol):
    """What a spider needs of the archive once it runs; URLs and keys are those of articles."""

    def asks_first(self, key: str) -> bool:
        """Tell whether an article is asked for for the first time in this crawl, and note that it is."""

    def find(
        self, site: str, found: Sequence[tuple[str, str]], found_on: str | None, since: str | None = None
    ) -> ledger.Found:
        """Note URLs and their keys; return those to fetch, and how many are new."""

    def buried(self, url: str, key: str) -> bool:
        """Tell whether an article was taken down and is not to be collected again."""

    def hint(self, found: Sequence[Hint]) -> None:
        """Note what a list says of articles."""

    def refuse(
        self, site: str, url: str, key: str, reason: str, status: int | None, **how: bool
    ) -> str | None:
        """Note that a URL gave no article; return what that means, or None if it is not known here."""

    def unchanged(self, key: str, answer: Answer) -> None:
        """Note that the page of a stored article is as it was."""

    def remember(self, answer: Answer) -> None:
        """Remember an answer, now that all it brought is noted."""

    def walked(self, listing: str) -> bool:
        """Tell whether a listing was once followed to its end."""

    def last_walk(self, listing: str) -> str | None:
        """Return when a listing was walked last."""

    def set_walked(self, site: str, listing: str, *, complete: bool) -> None:
        """Note that the walk of a listing begins, or has reached its end."""

    def sitemap_is_due(self, sitemap: str, modified: str | None) -> bool:
        """Tell whether a sitemap is to be read."""

    def sitemap_read(self, site: str, sitemap: str, *, new: int, gone: bool = False) -> bool:
        """Note that a sitemap was read, or is gone; return whether it is retired now and was not before."""

    def last_answer(self, request: Request) -> Answer | None:
        """Return what is remembered of the URL of a request."""

    def believed(self, request: Request) -> bool:
        """Tell whether a 304 of the host of a request is believed."""

    def judge_200(self, request: Request, last: Answer | None, new: Answer, *, after_304: bool) -> Verdict:
        """Say whether a whole answer brought anything new, and note what it tells of its host."""

    def caught_lying(self, request: Request) -> None:
        """Believe the host of a request no more."""


class ArchiveLedger:
    """The ledger of a crawl that has the archive: all is read from it and written to it at once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.crawl: int | None = None
        self._asked: set[str] = set()

    def asks_first(self, key: str) -> bool:
        first = key not in self._asked
        self._asked.add(key)
        return first

    def find(
        self, site: str, found: Sequence[tuple[str, str]], found_on: str | None, since: str | None = None
    ) -> ledger.Found:
        return ledger.find(self._archive, site, found, found_on, self.crawl, since)

    def buried(self, url: str, key: str) -> bool:
        return tombstones.buried(self._archive, tombstones.keys_of([url], key)) is not None

    def hint(self, found: Sequence[Hint]) -> None:
        hints.note(self._archive, found)

    def refuse(
        self, site: str, url: str, key: str, reason: str, status: int | None, **how: bool
    ) -> str | None:
        return ledger.refuse(self._archive, site, url, key, reason, status, **how)

    def unchanged(self, key: str, answer: Answer) -> None:
        known = ledger.stored(self._archive, key)
        if known is None:  # only stored articles are asked for with a condition: it was forgotten meanwhile
            return
        visits.unchanged(self._archive, known[0])
        self.remember(answer)

    def remember(self, answer: Answer) -> None:
        validators.remember(self._archive, answer)

    def walked(self, listing: str) -> bool:
        return ledger.walked(self._archive, listing)

    def last_walk(self, listing: str) -> str | None:
        return ledger.last_walk(self._archive, listing)

    def set_walked(self, site: str, listing: str, *, complete: bool) -> None:
        ledger.set_walked(self._archive, site, listing, complete=complete)

    def sitemap_is_due(self, sitemap: str, modified: str | None) -> bool:
        return sitemaps.is_due(self._archive, sitemap, modified)

    def sitemap_read(self, site: str, sitemap: str, *, new: int, gone: bool = False) -> bool:
        return sitemaps.note(self._archive, site, sitemap, new=new, gone=gone)

    def last_answer(self, request: Request) -> Answer | None:
        return validators.last_answer(self._archive, request.url)

    def believed(self, request: Request) -> bool:
        return validators.believed(self._archive, host_of(request.url))

    def judge_200(
        self,
        request: Request,
        last: Answer | None,
        new: Answer,
        *,
        after_304: bool,
    ) -> Verdict:
        return validators.judge_200(self._archive, last, new, after_304=after_304)

    def caught_lying(self, request: Request) -> None:
        validators.caught_lying(self._archive, host_of(request.url))
