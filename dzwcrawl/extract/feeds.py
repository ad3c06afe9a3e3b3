"""Feeds: the entries of RSS, RDF and Atom as links."""

import io
from collections.abc import Mapping

import feedparser

from dzwcrawl.dates import CHINA, parse_date
from dzwcrawl.extract.listing import Link, Listing, url_day
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.pagers import absolute
from dzwcrawl.extract.rules import FeedRules
from dzwcrawl.text import one_line


def read_feed(
    body: bytes, *, headers: Mapping[str, str] | None = None, url: str, rules: FeedRules
) -> Listing:
    """Return the entries of a feed in its order, each URL once; the next page is the one of RFC 5005.

    :raises ExtractionError: when it is no feed.
    """
    known_headers = {name.lower(): value for name, value in (headers or {}).items()}
    # A stream, because a short text would be taken for the name of a file.
    feed = feedparser.parse(
        io.BytesIO(body.lstrip()),
        response_headers=known_headers | {"content-location": url},
        sanitize_html=False,
    )
    if not feed.get("version") and not feed.entries:
        raise ExtractionError("it is no feed")
    listing = Listing()
    known: set[str] = set()
    for entry in feed.entries:
        link = _link(entry, url)
        if link is None:
            listing.broken_rows += 1
        elif rules.accepts(link.url) and link.url not in known:
            known.add(link.url)
            listing.links.append(link)
    following = (link.get("href") for link in feed.feed.get("links", ()) if link.get("rel") == "next")
    listing.next_page = absolute(url, next(following, None))
    return listing


def _link(entry: feedparser.FeedParserDict, base: str) -> Link | None:
    url = absolute(base, entry.get("link"))
    if url is None:
        return None
    # Where a date is missing, `get` would answer with the other one. RDF has but one, which is called the second.
    published = _date(entry["published"]) if "published" in entry else None
    updated = _date(entry["updated"]) if "updated" in entry else None
    day = url_day(url) or (published or updated or "")[:10] or None
    return Link(url, one_line(entry.get("title") or ""), day, modified=updated)


def _date(text: str) -> str | None:
    found = parse_date(text, zone=CHINA)
    return found if found and len(found) >= 10 else None
