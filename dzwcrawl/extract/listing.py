"""Listings: the article links of a page, and where its further pages are.

Feeds, sitemaps, JSON lists and newspaper editions, in the modules beside this one, give links of the same kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from dzwcrawl.article import Edition
from dzwcrawl.dates import parse_date, url_date
from dzwcrawl.extract.page import parse
from dzwcrawl.extract.pagers import link_url, next_page
from dzwcrawl.extract.rules import ListingRules, css
from dzwcrawl.extract.signature import signature
from dzwcrawl.text import one_line


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


@dataclass(slots=True)
class Listing:
    """What a listing page says. `next_page` is None at its end; `probe` marks a guess that may not exist.

    `signature` names the containers of the page (:mod:`dzwcrawl.extract.signature`), as far as it is HTML.
    """

    links: list[Link] = field(default_factory=list)
    broken_rows: int = 0
    next_page: str | None = None
    probe: bool = False
    signature: frozenset[str] = frozenset()


def read_listing(
    body: bytes, *, headers: Mapping[str, str] | None = None, url: str, rules: ListingRules
) -> Listing:
    """Return the article links of a listing page in page order, each once, and the next page.

    The next page is told by the script call, else by a link 下一页, else it is guessed by the outlet's `pager` from
    the URL of this one (`default.htm`, `default_1.htm` …). Rows without a usable link are counted as broken.

    :raises ExtractionError: when there is nothing to parse.
    """
    page = parse(body, headers, url)
    base = page.base_url or url
    listing = Listing()
    known: set[str] = set()
    days: dict[HtmlElement, str | None] = {}
    for anchor in css(rules.links)(page.root):
        link = _link(anchor, base, days)
        if link is None:
            listing.broken_rows += 1
        elif rules.accepts(link.url) and link.url not in known:
            known.add(link.url)
            listing.links.append(link)
    listing.signature = signature(page.root)
    listing.next_page, listing.probe = next_page(page, base, rules.pager)
    return listing


def url_day(url: str) -> str | None:
    """Return the day in the path of a URL; a month alone is none."""
    found = url_date(url)
    return found if found and len(found) == 10 else None


def _link(anchor: HtmlElement, base: str, days: dict[HtmlElement, str | None]) -> Link | None:
    url = link_url(anchor, base)
    if url is None:
        return None
    return Link(url, one_line(anchor.text_content()), url_day(url) or _row_day(anchor, days))


def _row_day(anchor: HtmlElement, days: dict[HtmlElement, str | None]) -> str | None:
    """Return the day in the row (the nearest `li`, `tr` or `dd`) around a link.

    `days` remembers it by row, because a row may hold all the links of a page.
    """
    row = next(anchor.iterancestors("li", "tr", "dd"), None)
    if row is None:
        return None
    if row not in days:
        date = parse_date(row.text_content()[-40:])
        days[row] = date[:10] if date and len(date) >= 10 else None
    return days[row]
