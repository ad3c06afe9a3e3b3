"""Takes note of how an outlet is while it is crawled, and judges it when the crawl ends."""

import logging
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.facts import conclude
from dzwcrawl.archive.store import Outcome
from dzwcrawl.article import Article
from dzwcrawl.extract.kinds import BARS, GONE
from dzwcrawl.health.facts import Level, ListingFacts, Observed
from dzwcrawl.health.findings import verdict
from dzwcrawl.health.words import sentence

logger = logging.getLogger(__name__)

_CLOCKS = 40
"""Answers of a site whose Date is looked at."""

_LEFT_OUT = ("dzwcrawl/limits_reached", "dzwcrawl/requests_given_up")
"""Statistics of a crawl that did not see all there was."""


class Watched(Protocol):
    """What is asked of the spider whose outlets are watched."""

    @property
    def name(self) -> str:
        """The spider, and the site that its articles belong to where nothing else is said."""

    @property
    def fetches(self) -> bool:
        """Whether it asks anything of anybody."""

    @property
    def whole(self) -> bool:
        """Whether it looks at all of its outlet."""

    def follows(self, url: str) -> bool:
        """Tell whether a link to a URL is followed."""

    def outlet_of(self, url: str) -> tuple[str, type[Any]]:
        """Return the `site` value of a URL, and the class whose rules hold for it."""


class Watch:
    """What was seen of each site so far (:class:`dzwcrawl.health.facts.Observed`).

    In a cluster workers see, and the archiver keeps and judges it (:class:`dzwcrawl.crawl.cluster.watch.WorkerWatch`).
    `from_its_beginning`: no other process has seen the first part of the crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._seen: dict[str, Observed] = {}
        self._started = now()
        self.from_its_beginning = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the answers."""
        extension = cls(crawler)
        crawler.signals.connect(extension.answered, signal=signals.response_received)
        return extension

    @property
    def _spider(self) -> Watched:
        spider: Watched = self._crawler.spider  # type: ignore[assignment]
        return spider

    def of(self, url: str) -> Observed:
        """Return what is seen of the site of a URL."""
        return self._site(self._spider.outlet_of(url)[0])

    def _site(self, name: str) -> Observed:
        if name not in self._seen:
            self._seen[name] = Observed(self._started)
        return self._seen[name]

    def answered(self, response: Response, request: Request) -> None:
        """Compare the clock of a server with ours."""
        date = response.headers.get("Date")
        if date is None or request.meta.get("robots_txt") or not hasattr(self._spider, "outlet_of"):
            return
        if len(self.of(response.url).skews) < _CLOCKS:
            try:
                told = parsedate_to_datetime(date.decode("latin-1"))
                age = int(response.headers.get("Age") or 0)
                self.clock(response.url, (told - datetime.fromisoformat(now())).total_seconds() + age)
            except (ValueError, TypeError):
                return

    def clock(self, url: str, skew: float) -> None:
        """Note how many seconds the clock of a server is ahead of ours."""
        seen = self.of(url)
        seen.skews.append(skew)
        seen.example("clock", url)

    def listing(self, url: str, *, first: bool) -> None:
        """Note a listing whose walk begins; what it is like comes to be known as it is walked."""
        seen = self.of(url)
        seen.listings[url] = ListingFacts(url, now())
        seen.facts.counts["first_walks"] += int(first)

    def listing_read(self, url: str, links: int, fresh: int, signature: frozenset[str]) -> None:
        """Note a page of a listing: its links to articles, how many of them are new to it, and its containers."""
        if facts := self._listing(url):
            facts.links = facts.links or links
            facts.fresh += fresh
            facts.signature = facts.signature or signature

    def listing_unchanged(self, url: str) -> None:
        """Note that a listing is as it was when it was read last."""
        if facts := self._listing(url):
            facts.unchanged = True

    def listing_failed(self, url: str, why: str) -> None:
        """Note that a page of a listing gives nothing."""
        facts = self._listing(url)
        if facts and not facts.links:  # else its beginning was read, where what is new stands
            facts.failed = why

    def _listing(self, url: str) -> ListingFacts | None:
        """Return what is seen of a listing, which is heard of; None of one whose walk is not watched."""
        seen = self._seen.get(self._spider.outlet_of(url)[0])
        facts = seen.listings.get(url) if seen else None
        if facts is not None:
            facts.heard = True
        return facts

    def seen_unchanged(self, url: str) -> None:
        """Note a stored article whose page was looked at again and is as it was."""
        self.of(url).again(url)

    def stored(self, article: Article, outcome: Outcome) -> None:
        """Note an article that was stored, or looked at again."""
        seen = self._site(article.site or self._spider.name)
        if outcome in ("new", "duplicate"):
            seen.stored(article)
        elif outcome in ("unchanged", "revised"):
            seen.again(article.url or "", revised=outcome == "revised")

    def refused(self, url: str, reason: str, outcome: str, status: int | None, *, unasked: bool) -> None:
        """Note a page that gave no article. What was refused before and is tried again is no news."""
        if unasked or outcome == "refused again":
            return
        if outcome == "refused":
            gone = reason == GONE or status in (404, 410)
            self.of(url).refused(url, barred=reason in BARS, gone=gone, rules="matches nothing" in reason)
        else:
            self.of(url).again(url, missed=True)

    def robots(self, origin: str, rules: str) -> None:
        """Note the rules of an origin."""
        if getattr(self._spider, "fetches", False) and self._spider.follows(f"{origin}/"):
            self.of(f"{origin}/").facts.robots[origin] = rules

    def conclude(self, archive: Archive, crawl: int, reason: str) -> Level | None:
        """Judge the crawl, keep and log what was found, and return the verdict; None where nothing was fetched."""
        if not getattr(self._spider, "fetches", False):
            return None
        if not self._seen:  # or it was judged already, by an archiver that died just then
            judged: Level | None = archive.query_value("SELECT health FROM crawls WHERE id = ?", (crawl,))
            return judged
        whole = reason == "finished" and self._spider.whole and self.from_its_beginning
        whole = whole and not any(map(self._crawler.stats.get_value, _LEFT_OUT))
        for seen in self._seen.values():
            seen.facts.whole = whole
            seen.listings = {url: facts for url, facts in seen.listings.items() if facts.heard}
        found = conclude(archive, crawl, self._seen)
        for site, findings in found.items():
            for finding in findings:
                level = logging.ERROR if finding.level == "alarm" else logging.WARNING
                pages = " ".join(finding.pages)
                logger.log(level, "%s %s: %s %s", finding.level, site, sentence(finding), pages)
        return verdict(finding for findings in found.values() for finding in findings)
