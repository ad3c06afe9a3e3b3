"""How a source of articles is walked.

A walk asks for the pages of its source, notes the articles they link in the ledger and asks for those that the archive
lacks. The kinds: listings, JSON lists and feeds (page after page) here, sitemaps and newspapers in modules of their own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Protocol

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from dzwcrawl.archive.ledger import Found
from dzwcrawl.crawl.answers import headers_of, reason_of
from dzwcrawl.crawl.conditional import UNCHANGED
from dzwcrawl.crawl.ledger import Ledger
from dzwcrawl.crawl.limits import NotInThisCrawl
from dzwcrawl.crawl.sources import ListingSource, UnknownSource
from dzwcrawl.crawl.watch import Watch, Watched
from dzwcrawl.extract.feeds import read_feed
from dzwcrawl.extract.json_lists import read_json_list
from dzwcrawl.extract.listing import Link, Listing, read_listing
from dzwcrawl.extract.lists import find_lists
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import FeedRules, JsonListRules
from dzwcrawl.urls import canonical_url, host_of, is_front_page


class Walker(Watched, Protocol):
    """What a walk asks of the spider it is for.

    `full`: listings to their end; `since`: the first day wanted; `days`: editions asked for; `max_pages`: of a source.
    """

    full: bool
    since: str | None
    days: list[date] | None
    max_pages: int | None
    new_urls: int
    settings: BaseSettings

    @property
    def ledger(self) -> Ledger:
        """What is known of URLs."""

    @property
    def watch(self) -> Watch:
        """What takes note of how the outlet is."""

    @property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """The spider's log."""

    def count(self, what: str, by: int = 1) -> None:
        """Add to a statistic of the crawl."""

    def key_of(self, url: str) -> str:
        """Return the key of an article URL."""

    def note(self, urls: Iterable[str], found_on: str | None, since: str | None = None) -> Found:
        """Note URLs in the ledger; return those the archive lacks, and how many are new."""

    def article_requests(self, urls: Iterable[str]) -> Iterator[Request]:
        """Ask for articles."""


class Walk:
    """One source being walked.

    `known_territory`: it may stop where all is known. `cut`: a limit left out some of what it found, so that it stays
    open.
    """

    parse: Callable[..., Iterator[Request]]
    """Each kind's way to read a page of its source and to go on."""

    def __init__(self, spider: Walker, start: str) -> None:
        self.spider, self.start = spider, start
        self.last = spider.ledger.last_walk(start)
        self.known_territory = not spider.full and spider.ledger.walked(start)
        self.pages = 0
        self.cut = False

    def begin(self) -> Iterator[Request]:
        """Ask for the first page; until its end is reached the walk counts as broken off."""
        self.spider.ledger.set_walked(self.spider.name, self.start, complete=False)
        self.spider.watch.listing(self.start, first=not self.known_territory)
        yield self.request(self.start)

    def request(
        self, url: str, *, probe: bool = False, conditional: bool = False, priority: int = 20, **kwargs: Any
    ) -> Request:
        """Return the request of a page of the source; `probe`: that it is not there is no failure."""
        return Request(
            url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs=kwargs,
            dont_filter=True,
            priority=priority,
            meta={"conditional": conditional} | ({"handle_httpstatus_list": [404, 410]} if probe else {}),
        )

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Report a page that could not be fetched; the walk stays open, so the next crawl walks it whole."""
        if not isinstance(failure.value, NotInThisCrawl):
            self.broken(failure.request.url, reason_of(failure)[0])  # type: ignore[attr-defined]
        yield from ()

    def found(
        self, links: list[Link], found_on: str, signature: frozenset[str] = frozenset()
    ) -> tuple[list[Link], int, Iterator[Request]]:
        """Note links in the ledger; return those that are wanted, how many are new, and requests of what to fetch.

        :param signature: the containers of the page they stand on.
        """
        spider = self.spider
        wanted = [link for link in links if self.wanted(link)]
        budget = spider.settings.getint("NEW_URL_BUDGET")
        if budget and len(wanted) > budget - spider.new_urls:
            wanted, self.cut = wanted[: max(budget - spider.new_urls, 0)], True
        keys = [spider.key_of(link.url) for link in wanted]
        spider.ledger.hint(
            [(key, link.edition, link.modified) for key, link in zip(keys, wanted, strict=True)]
        )
        found = spider.note([link.url for link in wanted], found_on, self.last)
        spider.watch.listing_read(self.start, len(links), found.fresh, signature)
        spider.new_urls += found.new
        spider.count("urls_new", found.new)
        spider.count("urls_known", len(wanted) - found.new)
        return wanted, found.new, spider.article_requests(found.to_fetch)

    def wanted(self, link: Link) -> bool:
        """Tell whether a link belongs to the outlet and is not older than asked for."""
        day = link.day or (link.modified or "")[:10]  # nothing is published after it was changed
        since = self.spider.since
        return (
            self.spider.follows(link.url)
            and not is_front_page(link.url)
            and not (since and day and day < since)
        )

    def remember(self, response: Response) -> None:
        """Remember the answer, now that everything on the page is noted: while it stays the same, it has nothing to say."""
        if self.spider.since is None and not self.cut:
            self.spider.ledger.remember(response.meta["answer"])

    def unchanged(self, response: Response) -> bool:
        """Tell whether a page is as it was when it was read last."""
        if UNCHANGED not in response.flags:
            return False
        self.spider.count("listing_pages_unchanged")
        self.spider.watch.listing_unchanged(self.start)
        self.spider.ledger.remember(response.meta["answer"])
        return True

    def reached(self, setting: str, value: int) -> bool:
        """Tell whether a limit of listings is reached, and report it; the walk stays open."""
        limit = self.spider.settings.getint(setting)
        if not limit or value < limit:
            return False
        self.cut = True
        self.spider.count("limits_reached")
        self.spider.logger.warning(
            "listing %s: left at page %d, because %s=%d is reached; a higher one walks on",
            self.start, self.pages, setting, limit,
            extra={"event": "limit_reached", "url": self.start, "reason": setting},
        )  # fmt: skip
        return True

    def end(self) -> None:
        """Note that the walk has reached its end, or what is known, unless a limit has cut it short."""
        if self.cut:
            return
        self.spider.ledger.set_walked(self.spider.name, self.start, complete=True)

    def broken(self, url: str, why: str) -> None:
        """Report a page of the source that gives nothing."""
        self.spider.count("listings_failed")
        self.spider.watch.listing_failed(self.start, why)
        self.spider.logger.error(
            "listing %s: %s", url, why, extra={"event": "listing_failed", "url": url, "reason": why}
        )


class PagedWalk(Walk):
    """A source that has one page after the other, the newest articles first.

    `known_pages` counts the pages in a row that brought only known URLs.
    """

    def __init__(
        self, spider: Walker, source: ListingSource | UnknownSource | FeedRules | JsonListRules
    ) -> None:
        super().__init__(spider, _first_page(source))
        self.source = source
        self.known_pages = 0
        self.met: set[str] = set()

    def request(self, url: str, **kwargs: Any) -> Request:
        """Return the request of a page, the first with a condition where nothing is wanted but what is new."""
        once = self.known_territory and not self.pages and self._known_pages() == 1
        request = super().request(url, conditional=once, **kwargs)
        if isinstance(self.source, JsonListRules) and self.source.referer:
            request.headers["Referer"] = self.source.referer
        return request

    def _known_pages(self) -> int:
        return self.spider.settings.getint("LISTING_KNOWN_PAGES")

    def parse(self, response: Response) -> Iterator[Request]:
        """Note the articles of a page, ask for those the archive lacks and, if there is reason, for the next page."""
        if response.status in (404, 410) or (self.pages and is_front_page(response.url)):
            self.end()
            return
        self.pages += 1
        self.spider.count("listing_pages")
        if self.unchanged(response):
            self.end()
            return
        try:
            listing = self._read(response)
        except ExtractionError as error:
            self.broken(response.url, str(error))
            return
        self.spider.count("listing_rows_broken", listing.broken_rows)
        links, new, requests = self.found(listing.links, response.url, listing.signature)
        self.remember(response)
        yield from requests
        following = self._next_page(listing, links, new)
        if following is not None:
            yield self.request(following, probe=listing.probe or self.pages > 0)

    def _read(self, response: Response) -> Listing:
        body, headers, url = response.body, headers_of(response), canonical_url(response.url)
        match self.source:
            case ListingSource(rules=rules):
                return read_listing(body, headers=headers, url=url, rules=rules)
            case UnknownSource():
                found = find_lists(body, headers=headers, url=url)
                return Listing(links=found.articles, next_page=found.next_page)
            case FeedRules():
                return read_feed(body, headers=headers, url=url, rules=self.source)
            case JsonListRules():
                return read_json_list(body, headers=headers, url=url, rules=self.source, page=self.pages - 1)

    def _next_page(self, listing: Listing, links: list[Link], new: int) -> str | None:
        """Return the next page, or end the walk and return None."""
        spider = self.spider
        fresh = {link.url for link in listing.links} - self.met
        self.met |= fresh
        if self.reached("NEW_URL_BUDGET", spider.new_urls):
            return None
        if not fresh or listing.next_page is None or not self._on_site(listing.next_page):
            # Also where a server answers every page number with the same page.
            if not listing.links and self.pages == 1:
                self.broken(self.start, "no article links are found on it: has its template changed?")
                return None
            self.end()
            return None
        self.known_pages = self.known_pages + 1 if new == 0 and links else 0
        if self.known_territory and self.known_pages >= self._known_pages():
            self.end()
            return None
        if spider.max_pages is not None and self.pages >= spider.max_pages:
            return None
        if spider.since and not links and all(link.day for link in listing.links):
            return None
        return None if self.reached("LISTING_MAX_PAGES", self.pages) else listing.next_page

    def _on_site(self, url: str) -> bool:
        """Tell whether a page of a list belongs to the outlet, or to the host of a list somebody named."""
        return self.spider.follows(url) or host_of(url) == host_of(self.start)


def _first_page(source: ListingSource | UnknownSource | FeedRules | JsonListRules) -> str:
    return (source.page_url(0) or source.url) if isinstance(source, JsonListRules) else source.url
