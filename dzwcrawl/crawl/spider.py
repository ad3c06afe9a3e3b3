"""The base of every outlet's spider: walks listings, fetches what the archive does not have, yields articles."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from dzwcrawl.archive import ledger, visits
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.validators import Answer, remember
from dzwcrawl.article import Article
from dzwcrawl.crawl.conditional import UNCHANGED
from dzwcrawl.crawl.extensions import OpenArchive
from dzwcrawl.crawl.received import raw_page
from dzwcrawl.extract import Barred, NotAnArticle, extract
from dzwcrawl.extract.listing import Link, Listing, read_listing
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.parts import join
from dzwcrawl.extract.rules import (
    ArticleRules,
    FeedRules,
    JsonListRules,
    ListingRules,
    PaperRules,
    SitemapRules,
)
from dzwcrawl.text import nearest
from dzwcrawl.urls import UrlError, canonical_url, host_of, is_front_page, url_key


class ArgumentError(ValueError):
    """A spider argument (`-a`) that does not exist or makes no sense."""


@dataclass(slots=True)
class Walk:
    """The state of one listing being walked. `known_territory`: the walk may stop where all is known.

    `known_pages` counts the pages in a row that brought only known URLs.
    """

    start: str
    known_territory: bool
    pages: int = 0
    known_pages: int = 0
    met: set[str] = field(default_factory=set)


class NewsSpider(Spider):
    """Base of the spiders, one small class per outlet.

    A site declares `name` (its file, its fixtures and its `site` value in the archive), `allowed_domains`,
    `channels` (name to listing URL), `listing` and `article` rules and `identity` (:func:`url_key`). Odd pages:
    override `rules_for` (other rules by URL) or `parse_article`.

    Arguments, all optional: `-a channel=NAME,…` or listing URLs, `-a since=YYYY-MM-DD` (older articles are not
    fetched), `-a pages=N` (at most so many pages of a listing), `-a full=1` (listings to their end, past what is
    known), `-a url=URL …` (only these article pages, fetched even if the archive has them).
    """

    channels: ClassVar[Mapping[str, str]] = {}
    listing: ClassVar[ListingRules]
    feeds: ClassVar[Mapping[str, str | FeedRules]] = {}
    sitemaps: ClassVar[Mapping[str, str | SitemapRules]] = {}
    json_lists: ClassVar[Mapping[str, JsonListRules]] = {}
    papers: ClassVar[Mapping[str, PaperRules]] = {}
    article: ClassVar[ArticleRules | None] = None
    identity: ClassVar[str | None] = None
    arguments: ClassVar[tuple[str, ...]] = ("channel", "since", "pages", "full", "url")
    alone: ClassVar[bool] = True
    """Whether a second crawl of this spider ends at once while one runs on the same archive."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        self.check_arguments(arguments)
        super().__init__(name)
        self.listings = self._listings(arguments.get("channel"))
        self.since: str | None = arguments.get("since")
        self.max_pages = int(arguments["pages"]) if "pages" in arguments else None
        self.full = arguments.get("full") == "1"
        self.only = _urls(arguments.get("url", ""))
        self._asked: set[str] = set()
        self._answers: dict[str, Answer] = {}

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        """Check spider arguments before anything is fetched.

        :raises ArgumentError: naming what is wrong and the nearest right one.
        """
        for name in arguments:
            if name not in cls.arguments:
                raise ArgumentError(
                    f"spider {cls.name!r} has no argument {name!r}; {nearest(name, cls.arguments)}"
                )
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", arguments.get("since", "2000-01-01")):
            raise ArgumentError(f"since={arguments['since']} is not a day written YYYY-MM-DD")
        if not re.fullmatch(r"[1-9]\d*", arguments.get("pages", "1")):
            raise ArgumentError(f"pages={arguments['pages']} is not a number of pages from 1")
        if arguments.get("full", "0") not in ("0", "1"):
            raise ArgumentError(f"full={arguments['full']} is neither 1 (listings to their end) nor 0")
        cls._listings(arguments.get("channel"))
        _urls(arguments.get("url", ""))

    @classmethod
    def _listings(cls, channel: str | None) -> list[str]:
        """Return the listing URLs of a `channel` argument: names of channels or URLs, separated by commas."""
        if not channel:
            return list(cls.channels.values())
        listings = []
        for word in filter(None, (part.strip() for part in channel.split(","))):
            if "://" in word:
                listings.append(canonical_url(word))
            elif word in cls.channels:
                listings.append(cls.channels[word])
            else:
                raise ArgumentError(
                    f"spider {cls.name!r} has no channel {word!r}; {nearest(word, cls.channels)}"
                )
        return listings

    @classmethod
    def covers(cls, url: str) -> bool:
        """Tell whether a URL belongs to this outlet."""
        host = host_of(url)
        return any(
            host == domain or host.endswith(f".{domain}") for domain in getattr(cls, "allowed_domains", ())
        )

    @classmethod
    def rules_for(cls, url: str) -> ArticleRules | None:
        """Return the rules for an article page; None leaves all to the general extractor."""
        return cls.article

    def outlet_of(self, url: str) -> tuple[str, type["NewsSpider"]]:
        """Return the `site` value and the spider class whose rules hold for a URL."""
        return self.name, type(self)

    @property
    def opened(self) -> OpenArchive:
        """The owner of the archive this crawl writes to, and of the crawl's row in it."""
        opened = self.crawler.get_extension(OpenArchive)
        assert opened is not None, "the extension OpenArchive is switched off"
        return opened

    @property
    def archive(self) -> Archive:
        """The archive this crawl writes to."""
        return self.opened.archive

    def count(self, what: str, by: int = 1) -> None:
        """Add to a statistic of the crawl."""
        self.crawler.stats.inc_value(f"dzwcrawl/{what}", by)

    def key_of(self, url: str) -> str:
        """Return the key of an article URL."""
        site, outlet = self.outlet_of(url)
        return url_key(url, outlet.identity, site)

    # Requests

    async def start(self) -> AsyncIterator[Article | Request]:
        """Ask for the given pages only, or first for what earlier crawls left unfinished, then for the listings."""
        for request in self._article_requests(self._given()):
            yield request
        if self.only:
            return
        unfinished = ledger.unfinished(self.archive, self.name, self.opened.crawl)
        for request in self._article_requests(unfinished, priority=10):
            yield request
        for url in self.listings:
            walk = Walk(url, not self.full and ledger.walked(self.archive, url))
            ledger.set_walked(self.archive, self.name, url, complete=False)
            yield self._listing_request(url, walk)
        # After all else, so that what is new never waits for what is only looked at again.
        budget = self.settings.getint("REVISIT_BUDGET")
        again = ledger.due_again(self.archive, self.name, budget, self.opened.crawl)
        for request in self._article_requests(again, priority=-10, conditional=True):
            yield request

    def _given(self) -> list[str]:
        """Return the pages of `-a url=`, but those that another crawl is fetching right now.

        A page that is stored is asked for under its stored URL, to see whether it has changed.
        """
        self._note(self.only)
        urls: dict[str, str] = {}
        for url in self.only:
            key = self.key_of(url)
            _, urls[key] = ledger.stored(self.archive, key) or (0, url)
        with self.archive.transaction():
            free = ledger.lease(self.archive, urls, self.opened.crawl)
        for key in urls.keys() - set(free):
            self.logger.warning("%s is being fetched by another crawl", urls[key])
        return [urls[key] for key in free]

    def _note(self, urls: Iterable[str]) -> list[str]:
        """Note URLs that no listing brought in the ledger; return those the archive lacks."""
        by_site = defaultdict(list)
        for url in urls:
            by_site[self.outlet_of(url)[0]].append((url, self.key_of(url)))
        found = [
            ledger.find(self.archive, site, pairs, None, self.opened.crawl) for site, pairs in by_site.items()
        ]
        return [url for one in found for url in one.to_fetch]

    def _listing_request(self, url: str, walk: Walk, probe: bool = False) -> Request:
        return Request(
            url,
            callback=self.parse_listing,
            errback=self.listing_failed,
            cb_kwargs={"walk": walk},
            dont_filter=True,
            priority=20,
            # Only the first page, where no more is wanted than to know that nothing is new.
            meta={"conditional": walk.known_territory and not walk.pages and self._known_pages() == 1}
            | ({"handle_httpstatus_list": [404, 410]} if probe else {}),
        )

    def _known_pages(self) -> int:
        return self.settings.getint("LISTING_KNOWN_PAGES")

    def _article_requests(
        self, urls: Iterable[str], priority: int = 0, *, conditional: bool = False
    ) -> Iterator[Request]:
        """Ask for articles, for each only once a crawl, whatever its URL.

        Scrapy's own filter stays out of it: it would drop a redirect back to a URL without a word to us.
        """
        for url in urls:
            key = self.key_of(url)
            if key not in self._asked:
                self._asked.add(key)
                yield Request(
                    url,
                    callback=self.parse_article,
                    errback=self.article_failed,
                    cb_kwargs={"asked": url},
                    dont_filter=True,
                    priority=priority,
                    meta={"conditional": conditional},
                )

    # Listings

    def parse_listing(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Note the articles of a listing page, ask for those the archive lacks and, if there is reason, the next page."""
        if response.status in (404, 410) or (walk.pages and is_front_page(response.url)):
            self._end_walk(walk)
            return
        walk.pages += 1
        self.count("listing_pages")
        if UNCHANGED in response.flags:
            self.count("listing_pages_unchanged")
            remember(self.archive, response.meta["answer"])
            self._end_walk(walk)
            return
        listing = read_listing(
            response.body, headers=headers_of(response), url=canonical_url(response.url), rules=self.listing
        )
        self.count("listing_rows_broken", listing.broken_rows)
        links = [link for link in listing.links if self._wanted(link)]
        pairs = [(link.url, self.key_of(link.url)) for link in links]
        found = ledger.find(self.archive, self.name, pairs, response.url, self.opened.crawl)
        self.count("urls_new", found.new)
        self.count("urls_known", len(links) - found.new)
        if self.since is None:
            # Everything on the page is noted now: while it stays the same, it has nothing to say.
            remember(self.archive, response.meta["answer"])
        yield from self._article_requests(found.to_fetch)
        following = self._next_page(listing, links, found.new, walk)
        if following is not None:
            yield self._listing_request(following, walk, probe=listing.probe or walk.pages > 0)

    def _wanted(self, link: Link) -> bool:
        return self.covers(link.url) and not (self.since and link.day and link.day < self.since)

    def _next_page(self, listing: Listing, links: list[Link], new: int, walk: Walk) -> str | None:
        """Return the next page of a walk, or end the walk and return None."""
        fresh = {link.url for link in listing.links} - walk.met
        walk.met |= fresh
        if not fresh or listing.next_page is None:
            # Also where a server answers every page number with the same page.
            if not listing.links and walk.pages == 1:
                self._listing_broken(walk.start, "it has no article links: has its template changed?")
                return None
            self._end_walk(walk)
            return None
        walk.known_pages = walk.known_pages + 1 if new == 0 and links else 0
        if walk.known_territory and walk.known_pages >= self._known_pages():
            self._end_walk(walk)
            return None
        if self.max_pages is not None and walk.pages >= self.max_pages:
            return None
        if self.since and not links and all(link.day for link in listing.links):
            return None
        return listing.next_page

    def _end_walk(self, walk: Walk) -> None:
        ledger.set_walked(self.archive, self.name, walk.start, complete=True)

    def _listing_broken(self, url: str, why: str) -> None:
        self.count("listings_failed")
        self.logger.error("listing %s: %s", url, why)

    def listing_failed(self, failure: Failure) -> None:
        """Report a listing page that could not be fetched; its walk stays open, so the next crawl walks it whole."""
        self._listing_broken(failure.request.url, reason_of(failure)[0])  # type: ignore[attr-defined]

    # Articles

    def parse_article(self, response: Response, asked: str) -> Iterator[Article | Request]:
        """Yield the article of a page, or note in the ledger why there is none."""
        url = canonical_url(response.url)
        if UNCHANGED in response.flags:
            self._see_unchanged(asked, response)
            return
        if is_front_page(url) and not is_front_page(asked):
            self.refuse(asked, "redirected to the front page", response.status, absent=True)
            return
        try:
            article = self.extract(response, url)
        except NotAnArticle as error:
            self.refuse(asked, str(error), response.status, absent=not isinstance(error, Barred))
            return
        except ExtractionError as error:
            self.refuse(asked, str(error), response.status)
            raise
        article.first_seen = article.last_seen = now()
        article.pages.append(raw_page(response, article.first_seen))
        article.redirected_from = [
            canonical_url(x) for x in response.meta.get("redirect_urls", []) if x != url
        ]
        if not article.parts:  # whose first page does not tell whether another has changed
            self._answers[url] = response.meta["answer"]
        yield from self._next_part(article)

    def _see_unchanged(self, asked: str, response: Response) -> None:
        """Note that the page of a stored article is as it was."""
        known = ledger.stored(self.archive, self.key_of(asked))
        assert known is not None, "only stored articles are asked for with a condition"
        visits.unchanged(self.archive, known[0])
        remember(self.archive, response.meta["answer"])
        self.count("articles_unchanged")

    def remember(self, url: str) -> None:
        """Remember the answer that brought an article, now that the article is stored."""
        answer = self._answers.pop(url, None)
        if answer is not None:
            remember(self.archive, answer)

    def extract(self, response: Response, url: str) -> Article:
        """Return the article of a response by the rules of its outlet."""
        site, outlet = self.outlet_of(url)
        article = extract(response.body, headers=headers_of(response), url=url, rules=outlet.rules_for(url))
        article.site = site
        article.canonical_url = article.canonical_url or url
        return article

    def _next_part(self, article: Article, done: int = 1) -> Iterator[Article | Request]:
        """Ask for the next part of an article in several, or yield it whole."""
        if done > len(article.parts):
            yield article
            return
        yield Request(
            article.parts[done - 1],
            callback=self.parse_part,
            errback=self.part_failed,
            cb_kwargs={"article": article, "done": done},
            dont_filter=True,
            priority=10,
        )

    def parse_part(self, response: Response, article: Article, done: int) -> Iterator[Article | Request]:
        """Join a part to its article."""
        article.pages.append(raw_page(response, now(), done + 1))
        try:
            join(article, self.extract(response, canonical_url(response.url)))
        except ExtractionError as error:
            article.notes.append(part_missing(article, done + 1, str(error)))
        yield from self._next_part(article, done + 1)

    def part_failed(self, failure: Failure) -> Iterator[Article | Request]:
        """Go on without a part that could not be fetched, and say so in the article's notes."""
        kwargs: dict[str, Any] = failure.request.cb_kwargs  # type: ignore[attr-defined]
        article, done = kwargs["article"], kwargs["done"]
        self.count("parts_missing")
        article.notes.append(part_missing(article, done + 1, reason_of(failure)[0]))
        yield from self._next_part(article, done + 1)

    def article_failed(self, failure: Failure) -> None:
        """Note in the ledger why an article page could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, status = reason_of(failure)
        self.refuse(request.cb_kwargs["asked"], reason, status)

    def refuse(self, url: str, reason: str, status: int | None = None, *, absent: bool = False) -> None:
        """Note that a URL gives no article, and why; `absent`: its server answered with something else."""
        site, key = self.outlet_of(url)[0], self.key_of(url)
        outcome = ledger.refuse(self.archive, site, url, key, reason, status, absent=absent)
        if outcome.startswith("refused"):
            # One more try of what was refused before is no news, unless somebody asked for it.
            self.count("refused" if outcome == "refused" or self.only else "refused_again")
        else:
            self.count(f"revisits_{outcome}")
        self.logger.info("%s %s: %s", outcome, url, reason)


def _urls(words: str) -> list[str]:
    """Return the URLs of an argument, separated by blanks or commas."""
    try:
        return [canonical_url(url) for url in re.split(r"[\s,]+(?=https?://)", words.strip()) if url]
    except UrlError as error:
        raise ArgumentError(f"url: {error}") from error


def part_missing(article: Article, part: int, why: str) -> str:
    """Say which part of an article is missing; its first page is part 1."""
    return f"part {part} of {len(article.parts) + 1} is missing: {why}"


def headers_of(response: Response) -> dict[str, str]:
    """Return the headers of a response as text."""
    return {k.decode("latin-1"): v[-1].decode("latin-1") for k, v in response.headers.items() if v}


def reason_of(failure: Failure) -> tuple[str, int | None]:
    """Return why a request failed, in words, and the HTTP status if there was one."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}", error.response.status
    if isinstance(error, IgnoreRequest):
        return str(error) or "not allowed", None
    return f"{type(error).__name__}: {error}".strip(": "), None
