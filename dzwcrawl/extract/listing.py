"""Listings: the article links of a page, and where its further pages are.

Feeds, sitemaps, JSON lists and newspaper editions, in the modules beside this one, give links of the same kind.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from dzwcrawl.article import Edition
from dzwcrawl.dates import parse_date, url_date
from dzwcrawl.extract.page import Page, parse
from dzwcrawl.extract.rules import ListingRules, css
from dzwcrawl.text import one_line
from dzwcrawl.urls import UrlError, canonical_url

_PAGER_CALL = re.compile(
    r"""(?:createPageHTML\(\s*|createClipPage\(\s*)(\d+)\s*,\s*(\d+)\s*\)?\s*,\s*['"]([^'"]+)['"]\s*,\s*['"](\w+)['"]"""
)
_NEXT_WORDS = re.compile(
    r"^\s*(下一页|下页|后一页|Next( page)?|nächste Seite|weiter|page suivante|siguiente|次へ|다음)\s*[>»›]*\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a listing to an article: absolute URL, its text, and the day it was published if the row tells.

    `modified` is when the list says that the article was last changed; `edition` is where it stands in a newspaper.
    """

    url: str
    text: str
    day: str | None
    modified: str | None = None
    edition: Edition | None = None


@dataclass(frozen=True, slots=True)
class PagerCall:
    """The arguments of the script call that writes the page links: number of pages, 0-based index, file name."""

    count: int
    index: int
    name: str
    extension: str

    def page(self, index: int) -> str:
        """Return the file name of a page: `name.ext` for the first, `name_1.ext` for the second."""
        return f"{self.name}.{self.extension}" if index == 0 else f"{self.name}_{index}.{self.extension}"


@dataclass(slots=True)
class Listing:
    """What a listing page says. `next_page` is None at its end; `probe` marks a guess that may not exist."""

    links: list[Link] = field(default_factory=list)
    broken_rows: int = 0
    next_page: str | None = None
    probe: bool = False


def pager_call(page: Page) -> PagerCall | None:
    """Return the pager call in the scripts of a page, or None."""
    for script in page.root.iter("script"):
        if script.text and (match := _PAGER_CALL.search(script.text)):
            return PagerCall(int(match[1]), int(match[2]), match[3], match[4])
    return None


def read_listing(
    body: bytes, *, headers: Mapping[str, str] | None = None, url: str, rules: ListingRules
) -> Listing:
    """Return the article links of a listing page in page order, each once, and the next page.

    The next page is told by the script call, else by a link 下一页, else it is guessed from the file name of
    this one (`default.htm`, `default_1.htm` …). Rows without a usable link are counted as broken.

    :raises ExtractionError: when there is nothing to parse.
    """
    page = parse(body, headers, url)
    base = page.base_url or url
    listing = Listing()
    known: set[str] = set()
    for anchor in css(rules.links)(page.root):
        link = _link(anchor, base)
        if link is None:
            listing.broken_rows += 1
        elif rules.accepts(link.url) and link.url not in known:
            known.add(link.url)
            listing.links.append(link)
    listing.next_page, listing.probe = _next_page(page, base)
    return listing


def absolute(base: str, href: str | None) -> str | None:
    """Return the canonical absolute URL of a link, or None where it leads to no page."""
    href = (href or "").strip()
    if not href or href.lower().startswith(("javascript:", "mailto:", "#", "tel:")):
        return None
    try:
        return canonical_url(urljoin(base, href))
    except (UrlError, ValueError):
        return None


def url_day(url: str) -> str | None:
    """Return the day in the path of a URL; a month alone is none."""
    found = url_date(url)
    return found if found and len(found) == 10 else None


def _link(anchor: HtmlElement, base: str) -> Link | None:
    url = absolute(base, anchor.get("href"))
    return (
        None if url is None else Link(url, one_line(anchor.text_content()), url_day(url) or _row_day(anchor))
    )


def _row_day(anchor: HtmlElement) -> str | None:
    """Return the day in the row (the nearest `li`, `tr` or `dd`) around a link."""
    row = next(anchor.iterancestors("li", "tr", "dd"), None)
    if row is None:
        return None
    date = parse_date(row.text_content()[-40:])
    return date[:10] if date and len(date) >= 10 else None


def _next_page(page: Page, base: str) -> tuple[str | None, bool]:
    call = pager_call(page)
    if call is not None:
        following = call.index + 1
        return (urljoin(base, call.page(following)) if following < call.count else None), False
    for anchor in page.root.iter("a"):
        if _NEXT_WORDS.match(anchor.text_content() or "") and (anchor.get("href") or "").strip():
            link = _link(anchor, base)
            return (link.url if link else None), False
    return _guess(base), True


def _guess(url: str) -> str | None:
    """Guess the file name of the page after this one, for listings whose page links are not in the markup."""
    head, _, name = urlsplit(url).path.rpartition("/")
    if not name:
        return urljoin(url, f"{head}/default_1.htm")
    match = re.fullmatch(r"((?:default|index|list)(?:_\d{4,})?)(?:_(\d{1,3}))?\.(s?html?)", name)
    if match is None:
        return None
    return urljoin(url, f"{head}/{match[1]}_{int(match[2] or 0) + 1}.{match[3]}")
