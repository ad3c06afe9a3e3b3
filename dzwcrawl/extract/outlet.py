"""What a few pages of an unknown outlet tell: where its articles are listed, how their URLs look, what is in them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from dzwcrawl.article import Article
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import extract
from dzwcrawl.extract.cms import Guess, guess_cms
from dzwcrawl.extract.decode import decode
from dzwcrawl.extract.listing import Link, read_listing
from dzwcrawl.extract.lists import Lists, find_lists
from dzwcrawl.extract.page import ExtractionError, parse
from dzwcrawl.extract.pagers import PAGER, link_url
from dzwcrawl.extract.rules import ListingRules
from dzwcrawl.text import one_line
from dzwcrawl.urls import domain_of, host_of, is_front_page

_SECTION_LINKS = 3
"""Links to articles from which a page is a section worth crawling."""


@dataclass(slots=True)
class Fetched:
    """A page as it was fetched, and as what: `front`, `section`, `following` (page two), `article`, `feed`, `sitemap`, `robots`.

    `error` says why there is no page; `of` is the page that led here.
    """

    url: str
    role: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str | None = None
    of: str | None = None


@dataclass(slots=True)
class Channel:
    """A section: its name for the site file, its title, its article links, and how many more its second page has."""

    name: str
    title: str
    page: Fetched
    lists: Lists
    following: str | None = None
    following_links: int = 0


@dataclass(slots=True)
class Sample:
    """An article that was read for a look, or why it could not be."""

    page: Fetched
    article: Article | None
    error: str | None = None


@dataclass(slots=True)
class Outlet:
    """What is known of an outlet. `listing` is None where no list of articles was found."""

    url: str
    title: str
    encoding: str
    domain: str
    cms: Guess | None
    front: Lists
    channels: list[Channel]
    listing: ListingRules | None
    samples: list[Sample]
    robots: list[str]
    feeds: list[tuple[str, int]]
    sitemaps: list[tuple[str, int]]
    errors: list[tuple[str, str]]


def survey(pages: list[Fetched]) -> Outlet:
    """Put together what pages tell; the first of role `front` is the one that was asked for.

    :raises ExtractionError: when that page could not be fetched or read.
    """
    front = next((page for page in pages if page.role == "front"), None)
    if front is None or not front.body:
        raise ExtractionError((front and front.error) or "the page could not be fetched")
    read = parse(front.body, front.headers, front.url)
    lists = find_lists(front.body, headers=front.headers, url=front.url)
    channels = _channels(front, lists, pages)
    samples = [_sample(page) for page in pages if page.role == "article"]
    links = [link.url for channel in channels for link in channel.lists.articles] or [
        a.url for a in lists.articles
    ]
    texts = [decode(page.body, page.headers.get("Content-Type"))[0] for page in pages if page.role in _HTML]
    return Outlet(
        url=front.url,
        title=_site_title(read.root.findtext(".//title") or ""),
        encoding=read.encoding,
        domain=_shared_domain([front.url, *links]),
        cms=guess_cms(links, texts),
        front=lists,
        channels=channels,
        listing=_rules(channels, samples),
        samples=samples,
        robots=_robots(pages),
        feeds=[
            (page.url, n)
            for page in pages
            if page.role == "feed" and (n := _count(page, rb"<(?:item|entry)[\s>]"))
        ],
        sitemaps=[
            (page.url, n) for page in pages if page.role == "sitemap" and (n := _count(page, rb"<loc>"))
        ],
        errors=[
            (page.url, page.error)
            for page in pages
            if page.error and page.role not in ("feed", "sitemap", "robots")
        ],
    )


_HTML = ("front", "section", "following", "article")


def feed_links(page: Fetched) -> list[str]:
    """Return the feeds that a page names in its head."""
    root = parse(page.body, page.headers, page.url)
    kinds = ("application/rss+xml", "application/atom+xml")
    links = [link for link in root.root.iter("link") if (link.get("type") or "").lower() in kinds]
    found = (link_url(link, root.base_url or page.url) for link in links)
    return list(dict.fromkeys(filter(None, found)))


def sitemap_links(robots: bytes) -> list[str]:
    """Return the sitemaps that a robots.txt names."""
    return [
        line.strip()
        for line in re.findall(r"(?im)^\s*sitemap\s*:\s*(http\S+)", robots.decode("utf-8", "replace"))
    ]


def _site_title(title: str) -> str:
    return re.split(r"\s*[-_|–—]\s*", one_line(title))[0]


def _count(page: Fetched, mark: bytes) -> int:
    return len(re.findall(mark, page.body)) if page.status == 200 else 0


def _robots(pages: list[Fetched]) -> list[str]:
    """Return what a robots.txt says that a person should know: delays, what it forbids."""
    page = next((page for page in pages if page.role == "robots"), None)
    if page is None or page.status != 200:
        return []
    text = page.body.decode("utf-8", "replace")
    return [
        one_line(line)
        for line in text.splitlines()
        if re.match(r"\s*(crawl-delay|disallow)\s*:\s*\S", line, re.I)
    ]


def _shared_domain(urls: list[str]) -> str:
    """Return the longest domain that all hosts share, at least the registered one: `sd.people.com.cn` of its pages."""
    own = domain_of(host_of(urls[0]))
    hosts = [host_of(url).removeprefix("www.").split(".") for url in urls if domain_of(host_of(url)) == own]
    shared = hosts[0]
    for host in hosts[1:]:
        while host[-len(shared) :] != shared:
            shared = shared[1:]
    return ".".join(shared) if len(shared) >= own.count(".") + 1 else own


def _channels(front: Fetched, lists: Lists, pages: list[Fetched]) -> list[Channel]:
    """Return the sections that list articles; the page that was asked for itself where there are none."""
    titles = {link.url: link.text for link in lists.sections}
    order = {url: number for number, url in enumerate(titles)}
    channels: list[Channel] = []
    for page in sorted(pages, key=lambda page: order.get(page.url, len(order))):
        if page.role == "section" and page.body:
            found = find_lists(page.body, headers=page.headers, url=page.url)
            if len(found.articles) >= _SECTION_LINKS:
                channels.append(Channel(_name(page.url, channels), titles.get(page.url, ""), page, found))
    # A section page that was asked for is the first of them.
    if not channels or not is_front_page(front.url):
        channels.insert(0, Channel(_name(front.url, channels), "", front, lists))
    for channel in channels:
        _add_following(channel, pages)
    return channels


def _add_following(channel: Channel, pages: list[Fetched]) -> None:
    page = next((p for p in pages if p.role == "following" and p.of == channel.page.url and p.body), None)
    if page is not None and page.status == 200:
        more = find_lists(page.body, headers=page.headers, url=page.url)
        known = {link.url for link in channel.lists.articles}
        channel.following = page.url
        channel.following_links = sum(link.url not in known for link in more.articles)


def _name(url: str, taken: list[Channel]) -> str:
    """Return a name for a channel: the last word of its path, else of its host."""
    parts = urlsplit(url)
    words = [re.sub(r"\.\w+$", "", part) for part in parts.path.split("/") if part]
    words = [word for word in words if not re.fullmatch(r"(index|default|list)\w*|\d+", word)]
    number = re.search(r"/(\d{2,})(?:/(?:(?:index|default|list)\.\w+)?)?$", parts.path)
    word = words[-1] if words else host_of(url).removeprefix("www.").split(".")[0]
    word = re.sub(r"\W+", "_", f"{word}_{number[1]}" if number else word).lower()
    names = {channel.name for channel in taken}
    return next(
        name for name in (word, *(f"{word}_{n}" for n in range(2, len(names) + 3))) if name not in names
    )


def _sample(page: Fetched) -> Sample:
    if not page.body:
        return Sample(page, None, page.error or "empty")
    try:
        article = extract(page.body, headers=page.headers, url=page.url)
    except ExtractionError as error:
        return Sample(page, None, str(error))
    clean_phrases(article)
    article.canonical_url = article.canonical_url or page.url
    return Sample(page, article)


def _rules(channels: list[Channel], samples: list[Sample]) -> ListingRules | None:
    """Return rules that bring the article links of all channels, as far as rules can."""
    refused = {sample.page.url for sample in samples if sample.article is None}
    patterns: Counter[str] = Counter()
    for channel in channels:
        for pattern in channel.lists.patterns:
            urls = [link.url for link in channel.lists.articles if re.search(pattern.pattern, link.url)]
            patterns[pattern.pattern] += len([url for url in urls if url not in refused])
    accepted = [pattern for pattern, number in patterns.most_common(6) if number >= _SECTION_LINKS]
    selectors = list(dict.fromkeys(selector for channel in channels for selector in _selectors(channel)))[:8]
    if not accepted or not selectors:
        return None
    pager = next(filter(None, (_pager(channel) for channel in channels)), ListingRules.pager)
    rules = ListingRules(links=", ".join(selectors), accept="|".join(accepted), pager=pager)
    return replace(rules, deny=_denied(rules, channels))


def _denied(rules: ListingRules, channels: list[Channel]) -> str | None:
    """Return a pattern of directories that rules bring and that hold no articles: advertisements among the rows."""
    articles = {link.url for channel in channels for link in channel.lists.articles}
    brought = {link.url for channel in channels for link in read_by(rules, channel)}
    kept = {_directory(url) for url in articles}
    denied = sorted({_directory(url) for url in brought - articles} - kept - {""})
    return f"^https?://[^/]+/(?:{'|'.join(map(re.escape, denied))})/" if denied else None


def _directory(url: str) -> str:
    """Return the first directory of a URL, or "" where it has none."""
    first, slash, _ = urlsplit(url).path[1:].partition("/")
    return first if slash else ""


def _selectors(channel: Channel) -> Iterator[str]:
    """Yield the selectors that together bring all article links of a channel, the best list first."""
    missing = {link.url for link in channel.lists.articles}
    for each in channel.lists.lists:
        urls = {link.url for link in each.links}
        if each.kind == "articles" and urls & missing:
            missing -= urls
            yield each.selector


def _pager(channel: Channel) -> str | None:
    """Return how page two of a channel is called, as a rule writes it; None where a rule cannot say it."""
    if channel.following is None:
        return None
    first, second = urlsplit(channel.page.url), urlsplit(channel.following)
    if second.query and second.path == first.path:
        added = [pair for pair in second.query.split("&") if pair not in first.query.split("&")]
        name = f"?{added[0]}" if len(added) == 1 else ""
    else:
        name = second.path.rpartition("/")[2]
        own = re.search(r"\d{4,}", first.path.rpartition("/")[2])
        name = name.replace(own[0], "*") if own else name
    return name if PAGER.fullmatch(name) else None


def read_by(rules: ListingRules, channel: Channel) -> list[Link]:
    """Return what rules bring on the page of a channel."""
    return read_listing(
        channel.page.body, headers=channel.page.headers, url=channel.page.url, rules=rules
    ).links
