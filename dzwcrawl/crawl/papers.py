"""The walk of a digital newspaper: its editions by day, their pages one after the other, then their articles in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from dzwcrawl.archive.archive import now
from dzwcrawl.crawl.answers import headers_of
from dzwcrawl.crawl.arguments import between
from dzwcrawl.crawl.walks import Walk, Walker
from dzwcrawl.extract.editions import PaperPage, articles_of, read_paper_page
from dzwcrawl.extract.listing import url_day
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import PaperRules
from dzwcrawl.urls import canonical_url, is_front_page

_WEEK = timedelta(days=7)
_STEPS = 4
"""So many pages may lead on before the first page of an edition: PaperIndex, IssueIndex, a frame, a script."""


def edition_walks(spider: Walker, rules: PaperRules) -> list[EditionWalk]:
    """Return the walks of the editions that are wanted: of `-a date=`, else since `-a since=`, else of seven days."""
    today = datetime.fromisoformat(now()).astimezone(timezone(timedelta(hours=8))).date()
    first = date.fromisoformat(spider.since) if spider.since else today - _WEEK + timedelta(days=1)
    walks: list[EditionWalk] = []
    # A list of its own for all of them, so that the last one can tell that there was none.
    walks.extend(
        EditionWalk(spider, rules, day, today, walks) for day in spider.days or between(first, today)
    )
    return walks


class EditionWalk(Walk):
    """The edition of one day.

    It is walked again until a walk on a later day has read it whole. A day without an edition is no failure, but a week
    without one is; it is asked for again for a week.
    """

    def __init__(
        self, spider: Walker, rules: PaperRules, day: date, today: date, siblings: list[EditionWalk]
    ) -> None:
        super().__init__(spider, rules.edition_url(day))
        self.rules, self.day, self.today, self.siblings = rules, day, today, siblings
        self.read: list[PaperPage] = []
        self.to_read: deque[str] = deque()
        self.asked: set[str] = set()
        self.whole, self.missing = True, False

    def begin(self) -> Iterator[Request]:
        """Ask for where the edition begins, after the articles of earlier editions, unless it is archived."""
        if self.known_territory:
            self.spider.logger.info(
                "edition of %s: archived, or there was none; -a full=1 asks again",
                self.day,
                extra={"event": "edition_known", "url": self.start},
            )
        else:
            yield self.request(self.start, probe=True, priority=-5)

    def parse(self, response: Response, steps: int = 0) -> Iterator[Request]:
        """Read a page of the edition and ask for the next one, or at the end for the articles."""
        url = canonical_url(response.url)
        if not self.read and (response.status in (404, 410) or not self._is_of_the_day(url)):
            self._note_missing()
            return
        self.spider.count("listing_pages")
        try:
            page = read_paper_page(response.body, headers=headers_of(response), url=url, rules=self.rules)
        except ExtractionError as error:
            self.broken(url, str(error))
            yield from self._go_on()
            return
        if page.gone and not self.read:
            self._note_missing()
        elif page.onward and not self.read and steps < _STEPS:
            yield self.request(page.onward, probe=True, steps=steps + 1)
        else:
            self.read.append(page)
            self.asked.add(url)
            self.to_read.extend(further for further in page.pages if further not in self.asked)
            self.asked |= page.pages.keys()
            yield from self._go_on()

    def _is_of_the_day(self, url: str) -> bool:
        """Tell whether a page is none of another day, to which some servers lead where there is no edition."""
        return not is_front_page(url) and url_day(url) in (None, self.day.isoformat())

    def _go_on(self) -> Iterator[Request]:
        """Ask for the next page, one after the other so that they come in order; after the last one for the articles."""
        limit = self.spider.max_pages
        more = bool(self.to_read) and (limit is None or len(self.read) < limit)
        if more and not self.reached("LISTING_MAX_PAGES", len(self.read)):
            yield self.request(self.to_read.popleft())
            return
        links = articles_of(self.read, self.day.isoformat(), self.rules.names)
        if not links:
            self.broken(self.start, "the edition has no articles: has its template changed?")
            return
        _, new, requests = self.found(links, self.start)
        self.spider.count("editions")
        pages = len({url for page in self.read for url in page.pages})
        self.spider.logger.info(
            "edition of %s: %d pages, %d articles, %d new", self.day, pages, len(links), new,
            extra={"event": "edition_read", "url": self.start},
        )  # fmt: skip
        yield from requests
        if self.whole and not self.to_read and self.day < self.today:
            self.end()

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Report a page that could not be fetched, and go on with the next one."""
        self.whole = False
        yield from super().failed(failure)
        if self.read:
            yield from self._go_on()

    def broken(self, url: str, why: str) -> None:
        """Report a page that gives nothing; the edition is not whole without it."""
        self.whole = False
        super().broken(url, why)

    def _note_missing(self) -> None:
        self.missing = True
        self.spider.count("editions_missing")
        self.spider.logger.info(
            "edition of %s: there is none (%s)", self.day, self.start,
            extra={"event": "edition_missing", "url": self.start},
        )  # fmt: skip
        if self.today - self.day >= _WEEK:
            self.end()
        asked = [walk for walk in self.siblings if not walk.known_territory]
        if not self.spider.days and len(asked) >= _WEEK.days and all(walk.missing for walk in asked):
            super().broken(self.start, f"no edition since {asked[0].day}: has its address changed?")
