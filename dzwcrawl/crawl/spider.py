"""The base of every outlet's spider: walks listings, fetches what the archive does not have, yields articles."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from dzwcrawl.archive import ledger
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.ledger import Found
from dzwcrawl.archive.validators import Answer
from dzwcrawl.article import Article
from dzwcrawl.crawl import arguments as values
from dzwcrawl.crawl.answers import headers_of, kind_of, reason_of
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.conditional import UNCHANGED
from dzwcrawl.crawl.extensions import HasLedger, OpenArchive
from dzwcrawl.crawl.ledger import Ledger
from dzwcrawl.crawl.limits import NotInThisCrawl
from dzwcrawl.crawl.papers import edition_walks
from dzwcrawl.crawl.received import raw_page
from dzwcrawl.crawl.robots import RobotsUnreachable
from dzwcrawl.crawl.sitemaps import SitemapWalk
from dzwcrawl.crawl.sources import ListingSource, Source, check_attributes, sources
from dzwcrawl.crawl.walks import PagedWalk, Walk
from dzwcrawl.crawl.watch import Watch
from dzwcrawl.extract import Barred, NotAnArticle, extract
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.parts import add_part, part_missing, replace
from dzwcrawl.extract.rules import (
    ArticleRules,
    FeedRules,
    JsonListRules,
    ListingRules,
    PaperRules,
    SitemapRules,
)
from dzwcrawl.text import nearest
from dzwcrawl.urls import canonical_url, host_of, is_front_page, url_key


class NewsSpider(Spider):
    """Base of the spiders, one small class per outlet.

    A site declares `name` (its file, its fixtures and its `site` value in the archive), `allowed_domains`, where its
    articles are found (docs/discovery.md): `channels` (name to listing URL) with `listing` rules, `feeds`,
    `sitemaps`, `json_lists`, `papers`; `article` rules and `identity` (:func:`url_key`). Odd pages: override
    `rules_for` (other rules by URL) or `parse_article`.

    Arguments, all optional: `-a channel=NAME,…` (names of any of these) or listing URLs, `-a date=YYYY-MM-DD` or
    `-a date=FIRST..LAST` (editions of newspapers), `-a since=YYYY-MM-DD` (older articles are not fetched), `-a pages=N`
    (at most so many pages of a listing or an edition), `-a full=1` (listings to their end, past what is known),
    `-a url=URL …` (only these article pages, fetched even if the archive has them).
    """

    channels: ClassVar[Mapping[str, str]] = {}
    listing: ClassVar[ListingRules]
    feeds: ClassVar[Mapping[str, str | FeedRules]] = {}
    sitemaps: ClassVar[Mapping[str, str | SitemapRules]] = {}
    json_lists: ClassVar[Mapping[str, JsonListRules]] = {}
    papers: ClassVar[Mapping[str, PaperRules]] = {}
    article: ClassVar[ArticleRules | None] = None
    identity: ClassVar[str | None] = None
    arguments: ClassVar[tuple[str, ...]] = ("channel", "date", "since", "pages", "full", "url")
    alone: ClassVar[bool] = True
    """Whether a second crawl of this spider ends at once while one runs on the same archive."""
    fetches: ClassVar[bool] = True
    """Whether this spider asks anything of anybody, and so needs a contact and a CRAWL_WINDOW that is open."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # What is misspelt or does not fit together is told where the site is imported.
        check_attributes(cls)
        sources(cls)

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        self.check_arguments(arguments)
        super().__init__(name)
        self.arguments_given = arguments
        self.sources = self.chosen(arguments.get("channel"))
        self.since: str | None = arguments.get("since")
        self.max_pages = int(arguments["pages"]) if "pages" in arguments else None
        self.full = arguments.get("full") == "1"
        self.only = values.urls(arguments.get("url", ""))
        self.days = values.days(arguments["date"]) if "date" in arguments else None
        self.new_urls = 0
        self._answers: dict[str, Answer] = {}

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        """Check spider arguments before anything is fetched.

        :raises ArgumentError: naming what is wrong and the nearest right one.
        """
        for name in arguments:
            if name not in cls.arguments and name != values.JOB:
                raise ArgumentError(
                    f"spider {cls.name!r} has no argument {name!r}; {nearest(name, cls.arguments)}"
                )
        values.check_values(arguments)
        if "date" in arguments and not cls.papers:
            raise ArgumentError(f"spider {cls.name!r} has no newspaper, of which date= would choose editions")
        cls.chosen(arguments.get("channel"))
        for url in values.urls(arguments.get("url", "")):
            if getattr(cls, "allowed_domains", None) and not cls.covers(url):
                raise ArgumentError(f"{url} is no page of {cls.name!r}; `scrapy crawl urls` takes any")

    @classmethod
    def chosen(cls, channel: str | None) -> list[Source]:
        """Return the sources of a `channel` argument: names of sources or URLs of listings, separated by commas.

        :raises ArgumentError: when there is no such source.
        """
        known = sources(cls)
        if not channel:
            return list(known.values())
        found: list[Source] = []
        for word in filter(None, (part.strip() for part in channel.split(","))):
            if "://" in word and hasattr(cls, "listing"):
                found.append(ListingSource(canonical_url(word), cls.listing))
            elif word in known:
                found.append(known[word])
            else:
                raise ArgumentError(f"spider {cls.name!r} has no channel {word!r}; {nearest(word, known)}")
        return found

    @classmethod
    def covers(cls, url: str) -> bool:
        """Tell whether a URL belongs to this outlet."""
        host = host_of(url)
        return any(
            host == domain or host.endswith(f".{domain}") for domain in getattr(cls, "allowed_domains", ())
        )

    @classmethod
    def accepts(cls, url: str) -> bool:
        """Tell whether a URL is one of an article of this outlet, by the rules of any of its sources."""
        return cls.covers(url) and any(source.accepts(url) for source in sources(cls).values())

    @classmethod
    def rules_for(cls, url: str) -> ArticleRules | None:
        """Return the rules for an article page; None leaves all to the general extractor."""
        return cls.article

    def follows(self, url: str) -> bool:
        """Tell whether a link to a URL is followed."""
        return self.covers(url)

    def sites(self) -> list[str]:
        """Return the sites of which unfinished pages are fetched, and stored ones looked at again."""
        return [self.name]

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
    def whole(self) -> bool:
        """Whether this crawl looks at all of the outlet, and not only at what its arguments name."""
        narrowed = self.only or self.days or self.since or self.max_pages is not None
        return not narrowed and 0 < len(self.sources) == len(sources(type(self)))

    @property
    def watch(self) -> Watch:
        """What takes note of how the outlet is."""
        watch = self.crawler.get_extension(Watch)
        assert watch is not None, "the extension Watch is switched off"
        return watch

    @property
    def archive(self) -> Archive:
        """The archive this crawl writes to."""
        return self.opened.archive

    @property
    def ledger(self) -> Ledger:
        """What this crawl asks of the archive and tells it, wherever that is."""
        has = self.crawler.get_extension(HasLedger)
        assert has is not None, "the extension OpenArchive is switched off"
        return has.ledger

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
        for request in self.article_requests(self._given()):
            yield request
        if self.only:
            return
        for site in self.sites():
            unfinished = ledger.unfinished(self.archive, site, self.opened.crawl)
            for request in self.article_requests(unfinished, priority=10):
                yield request
        for walk in self._walks():
            for request in walk.begin():
                yield request
        # After all else, so that what is new never waits for what is only looked at again.
        budget = self.settings.getint("REVISIT_BUDGET")
        for site in self.sites():
            again = ledger.due_again(self.archive, site, budget, self.opened.crawl)
            for request in self.article_requests(again, priority=-10, conditional=True):
                yield request

    def _given(self) -> list[str]:
        """Return the pages of `-a url=`, but those that another crawl is fetching right now.

        A page that is stored is asked for under its stored URL, to see whether it has changed.
        """
        self.note(self.only, None)
        urls: dict[str, str] = {}
        for url in self.only:
            key = self.key_of(url)
            _, urls[key] = ledger.stored(self.archive, key) or (0, url)
        with self.archive.transaction():
            free = ledger.lease(self.archive, urls, self.opened.crawl)
        for key in urls.keys() - set(free):
            self.logger.warning(
                "%s is being fetched by another crawl", urls[key],
                extra={"event": "leased_elsewhere", "url": urls[key]},
            )  # fmt: skip
        return [urls[key] for key in free]

    def note(self, urls: Iterable[str], found_on: str | None, since: str | None = None) -> Found:
        """Note URLs in the ledger, each for its site; return those the archive lacks, and how many are new.

        `since` as :func:`ledger.find` takes it.
        """
        by_site = defaultdict(list)
        for url in urls:
            by_site[self.outlet_of(url)[0]].append((url, self.key_of(url)))
        found = [self.ledger.find(site, pairs, found_on, since) for site, pairs in by_site.items()]
        return Found(
            [url for one in found for url in one.to_fetch],
            sum(one.new for one in found),
            sum(one.fresh for one in found),
        )

    def _walks(self) -> Iterator[Walk]:
        """Yield the walks of the chosen sources."""
        for source in self.sources:
            if isinstance(source, PaperRules):
                yield from edition_walks(self, source)
            elif self.days:
                continue
            elif isinstance(source, SitemapRules):
                yield SitemapWalk(self, source)
            else:
                yield PagedWalk(self, source)

    def article_requests(
        self, urls: Iterable[str], priority: int = 0, *, conditional: bool = False
    ) -> Iterator[Request]:
        """Ask for articles, for each only once a crawl, whatever its URL.

        Scrapy's own filter stays out of it: it would drop a redirect back to a URL without a word to us.
        """
        for url in urls:
            key = self.key_of(url)
            if not self.ledger.asks_first(key):
                continue
            if self.ledger.buried(url, key):
                self.refuse(url, "forgotten")
            else:
                yield Request(
                    url,
                    callback=self.parse_article,
                    errback=self.article_failed,
                    cb_kwargs={"asked": url},
                    dont_filter=True,
                    priority=priority,
                    meta={"conditional": conditional},
                )

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
        if not (article.parts or article.whole):  # whose first page does not tell whether another has changed
            self.expect(response.meta["answer"])
        yield from self._next_part(article)

    def _see_unchanged(self, asked: str, response: Response) -> None:
        """Note that the page of a stored article is as it was."""
        self.ledger.unchanged(self.key_of(asked), response.meta["answer"])
        self.watch.seen_unchanged(asked)
        self.count("articles_unchanged")

    def expect(self, answer: Answer) -> None:
        """Keep the answer that brought an article until that is stored."""
        self._answers[answer.url] = answer

    def answer_of(self, url: str) -> Answer | None:
        """Return the answer that brought an article, once: to be remembered when the article is stored."""
        return self._answers.pop(url, None)

    def extract(self, response: Response, url: str) -> Article:
        """Return the article of a response by the rules of its outlet."""
        site, outlet = self.outlet_of(url)
        article = extract(response.body, headers=headers_of(response), url=url, rules=outlet.rules_for(url))
        article.site = site
        article.canonical_url = article.canonical_url or url
        return article

    def _next_part(self, article: Article, done: int = 1) -> Iterator[Article | Request]:
        """Ask for the single page of an article in several parts, else for its next part, or yield it whole."""
        following = [article.whole] if article.whole else article.parts
        if done > len(following):
            yield article
            return
        yield Request(
            following[done - 1],
            callback=self.parse_part,
            errback=self.part_failed,
            cb_kwargs={"article": article, "done": done},
            dont_filter=True,
            priority=10,
            meta={"part": True},
        )

    def parse_part(self, response: Response, article: Article, done: int) -> Iterator[Article | Request]:
        """Join a part to its article, or take the article from its single page."""
        if url_key(response.url) != url_key(article.whole or article.parts[done - 1]):
            yield from self._without_part(article, done, f"redirected to {response.url}")
            return
        page = raw_page(response, now(), done + 1)
        if not article.whole:
            article.pages.append(page)
        try:
            part = self.extract(response, canonical_url(response.url))
        except ExtractionError as error:
            yield from self._without_part(article, done, str(error))
            return
        if article.whole:
            if replace(article, part):
                article.pages.append(page)
                yield article
            else:
                yield from self._without_part(article, done, "it does not hold the text of the first")
            return
        add_part(article, part, done + 1)
        yield from self._next_part(article, done + 1)

    def part_failed(self, failure: Failure) -> Iterator[Article | Request]:
        """Go on without a part that could not be fetched, and say so in the article's notes."""
        if isinstance(failure.value, NotInThisCrawl):
            self.count("urls_left")
            return
        kwargs: dict[str, Any] = failure.request.cb_kwargs  # type: ignore[attr-defined]
        yield from self._without_part(**kwargs, why=reason_of(failure)[0])

    def _without_part(self, article: Article, done: int, why: str) -> Iterator[Article | Request]:
        """Note that a part is missing and go on; where it was the single page, with the parts."""
        if article.whole:
            article.whole = None
            if not article.parts:
                article.notes.append(f"the single page with the whole text is missing: {why}")
            yield from self._next_part(article)
            return
        self.count("parts_missing")
        article.notes.append(part_missing(article, done + 1, why))
        yield from self._next_part(article, done + 1)

    def article_failed(self, failure: Failure) -> None:
        """Note in the ledger why an article page could not be fetched, or leave it to the next crawl."""
        if isinstance(failure.value, NotInThisCrawl):
            self.count("urls_left")
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, status = reason_of(failure)
        unasked = isinstance(failure.value, RobotsUnreachable)
        self.refuse(request.cb_kwargs["asked"], reason, status, unasked=unasked)

    def refuse(self, url: str, reason: str, status: int | None = None, **how: bool) -> None:
        """Note that a URL gives no article, and why; `how` as :func:`ledger.refuse` takes it."""
        site, key = self.outlet_of(url)[0], self.key_of(url)
        outcome = self.ledger.refuse(site, url, key, reason, status, **how)
        if outcome is None:
            return  # the archiver knows, and counts it
        self.watch.refused(url, reason, outcome, status, unasked=how.get("unasked", False))
        if outcome.startswith("refused"):
            # One more try of what was refused before is no news, unless somebody asked for it.
            first = outcome == "refused" or self.only
            self.count("refused" if first else "refused_again")
            if first:
                self.count(f"refused_for/{kind_of(reason)}")
        else:
            self.count(f"revisits_{outcome}")
        event = {"event": outcome.replace(" ", "_"), "url": url, "reason": reason}
        self.logger.info("%s %s: %s", outcome, url, reason, extra=event)
