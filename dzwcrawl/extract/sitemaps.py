"""Sitemaps: article links and further sitemaps of sitemap files, indexes and robots.txt (sitemaps.org protocol)."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from dzwcrawl.dates import CHINA, parse_date
from dzwcrawl.extract.feeds import read_feed
from dzwcrawl.extract.listing import Link, url_day
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.pagers import absolute
from dzwcrawl.extract.rules import FeedRules, SitemapRules
from dzwcrawl.text import one_line

_ROBOTS_LINE = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.I | re.M)
_MAX_SIZE = 64 * 1024 * 1024
"""Bytes: the protocol allows 50 MB."""
_SAME_TIME = 10
"""So many entries of one and the same time: it is when the file was written, and tells nothing of the articles."""


@dataclass(frozen=True, slots=True)
class Child:
    """A further sitemap, and when its index says that it was last changed."""

    url: str
    modified: str | None


@dataclass(slots=True)
class Sitemap:
    """What a sitemap says: articles, or further sitemaps."""

    links: list[Link] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    broken_rows: int = 0


def read_sitemap(
    body: bytes, *, headers: Mapping[str, str] | None = None, url: str, rules: SitemapRules
) -> Sitemap:
    """Return the links of a sitemap in its order, each URL once.

    Reads a urlset (with the dates and titles of news sitemaps), an index, the `Sitemap:` lines of a robots.txt, a
    list of URLs as plain text, and feeds, which the protocol allows; gzipped or not.

    :raises ExtractionError: when it is none of these.
    """
    body = _unpacked(body).strip()
    if urlsplit(url).path == "/robots.txt":
        named = (absolute(url, found.decode("latin-1")) for found in _ROBOTS_LINE.findall(body))
        return Sitemap(
            children=[
                Child(child, None) for child in dict.fromkeys(named) if child and _in(rules.follow, child)
            ]
        )
    if not body.removeprefix(b"\xef\xbb\xbf").startswith(b"<"):
        sitemap = _text(body, url)
    else:
        root = _parse(body)
        kind = _name(root)
        if kind in ("rss", "feed", "RDF"):
            feed = read_feed(body, headers=headers, url=url, rules=FeedRules(url=url))
            sitemap = Sitemap(feed.links, broken_rows=feed.broken_rows)
        elif kind in ("urlset", "sitemapindex"):
            sitemap = _rows(root, url)
        else:
            raise ExtractionError(f"it is no sitemap: its root is <{kind}>")
    sitemap.links = [link for link in _honest(sitemap.links) if rules.accepts(link.url)]
    sitemap.children = [child for child in sitemap.children if _in(rules.follow, child.url)]
    return sitemap


def _in(pattern: str | None, url: str) -> bool:
    return pattern is None or re.search(pattern, url) is not None


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(body, _MAX_SIZE)
    except zlib.error as error:
        raise ExtractionError(f"the gzipped sitemap is broken: {error}") from error
    if unpacker.unconsumed_tail:
        raise ExtractionError(f"unpacked it has more than {_MAX_SIZE >> 20} MB")
    return unpacked


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ExtractionError(f"it is no sitemap: {error}") from error
    if root is None:
        raise ExtractionError("it is no sitemap: there is nothing to read")
    return root


def _name(element: etree._Element) -> str:
    # Comments and instructions have no name.
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(body: bytes, base: str) -> Sitemap:
    lines = body.decode("utf-8-sig", "replace").splitlines()
    urls = (absolute(base, line) for line in lines if re.match(r"\s*https?://\S+\s*$", line))
    links = [Link(url, "", url_day(url)) for url in dict.fromkeys(urls) if url]
    if not links:
        raise ExtractionError("it is no sitemap: there is no URL in it")
    return Sitemap(links)


def _rows(root: etree._Element, base: str) -> Sitemap:
    sitemap = Sitemap()
    known: set[str] = set()
    for row in root:
        kind = _name(row)
        if kind not in ("url", "sitemap"):
            continue
        texts = _texts(row)
        url = absolute(base, texts.get("loc"))
        if url is None:
            sitemap.broken_rows += 1
        elif url not in known:
            known.add(url)
            modified = _date(texts.get("lastmod"))
            if kind == "sitemap":
                sitemap.children.append(Child(url, modified))
            else:
                day = url_day(url) or (_date(texts.get("news publication_date")) or "")[:10] or None
                sitemap.links.append(Link(url, texts.get("news title", ""), day, modified))
    return sitemap


def _texts(row: etree._Element) -> dict[str, str]:
    """Return the texts of a row's elements by name, those inside `<news:news>` as `news …`."""
    texts: dict[str, str] = {}
    for element in row:
        inner = [(f"news {_name(child)}", child) for child in element] if _name(element) == "news" else []
        for name, child in inner or [(_name(element), element)]:
            texts.setdefault(
                name, one_line(str(etree.tostring(child, method="text", encoding="unicode", with_tail=False)))
            )
    return texts


def _date(text: str | None) -> str | None:
    found = parse_date(text or "", zone=CHINA)
    return found if found and len(found) >= 10 else None


def _honest(links: list[Link]) -> list[Link]:
    """Return the links without their times of change, where one time is given for all."""
    if len(links) >= _SAME_TIME and len({link.modified for link in links}) == 1:
        return [Link(link.url, link.text, link.day) for link in links]
    return links
