"""What a page says about itself to machines: meta elements, OpenGraph, JSON-LD, e-paper comments.

Read in one pass over the elements concerned. Nothing is judged here; the modules that decide a field do that.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from lxml.etree import Comment
from lxml.html import HtmlElement

from dzwcrawl.extract.page import Page
from dzwcrawl.text import fold_words, one_line

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|ReportageNewsArticle|LiveBlogPosting|Posting)$")
_CARRIER_TYPE = re.compile(
    r"(?:VideoObject|WebPage|ItemPage|NewsVideo|PodcastEpisode|Recipe|Review|MediaGallery)$"
)
_EPAPER = re.compile(
    r"<\s*(articleid|date|author|title|introtitle|subtitle|source|newsource|"
    r"sourcename|journalist|liability|keyword|nodename|abstract)\s*>(.{0,2000}?)<\s*/\1\s*>",
    re.S,
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_SCRIPT_NOISE = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
_MAX_NODES = 2000
_MAX_SCRIPT = 2_000_000
_MAX_VALUES = 200
"""Values of one meta name that are kept: a page with more is broken."""


@dataclass(slots=True)
class Structured:
    """The machine-readable statements of a page; every text is unescaped and on one line."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    """Values of meta elements by lower-cased name, property, itemprop or http-equiv."""
    node: dict[str, Any] = field(default_factory=dict)
    """The JSON-LD object of the article, or empty."""
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    """JSON-LD objects by @id, to resolve references."""
    crumbs: list[str] = field(default_factory=list)
    """The names of a JSON-LD BreadcrumbList."""
    epaper: dict[str, str] = field(default_factory=dict)
    """The fields of a Founder e-paper comment."""
    title: str | None = None
    canonical: str | None = None
    language: str | None = None

    def values(self, *names: str) -> Iterator[str]:
        """Yield the values of meta elements, by the order of the names."""
        for name in names:
            yield from self.meta.get(name, ())

    def first(self, *names: str) -> str | None:
        """Return the first value of these meta elements, or None."""
        return next(self.values(*names), None)

    def text(self, name: str) -> str | None:
        """Return a property of the article's JSON-LD object when it is text, or None."""
        value = self.node.get(name)
        return plain(value) or None if isinstance(value, str) else None


def plain(text: str) -> str:
    """Return a value on one line, with the entities a CMS escaped twice undone and markup dropped."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", text)
    return one_line(text)


def read_structured(page: Page) -> Structured:
    """Gather the machine-readable statements of a page."""
    found = Structured()
    objects: list[dict[str, Any]] = []
    for meta in page.tagged["meta"]:
        _meta(meta, found)
    for link in page.tagged["link"]:
        if found.canonical is None and "canonical" in (link.get("rel") or "").lower().split():
            found.canonical = link.get("href")
    for title in page.tagged["title"]:
        if found.title is None and not _inside_svg(title):
            found.title = plain(title.text_content()) or None
    for script in page.tagged["script"]:
        if "ld+json" in (script.get("type") or "").lower():
            objects += _objects(script.text or "")
    found.language = page.root.get("lang") or page.root.get("{http://www.w3.org/XML/1998/namespace}lang")
    for comment in page.tagged[Comment]:
        if "enpproperty" in (comment.text or ""):
            _epaper(comment.text or "", found)
            break
    _choose(objects, found)
    return found


def _meta(element: HtmlElement, found: Structured) -> None:
    content = element.get("content")
    if content is None:
        return
    content = plain(content)
    if not content:
        return
    for attribute in ("name", "property", "itemprop", "http-equiv"):
        name = element.get(attribute)
        if name:
            values = found.meta.setdefault(name.strip().lower(), [])
            if len(values) < _MAX_VALUES and content not in values:
                values.append(content)


def _inside_svg(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in {"svg", "symbol", "g", "defs", "a", "button", "span"}


def _epaper(comment: str, found: Structured) -> None:
    for name, value in _EPAPER.findall(comment):
        if text := plain(value):
            found.epaper.setdefault(name, text)


def _objects(text: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON-LD script, @graph and lists flattened; none when it is beyond repair."""
    try:
        return list(_flatten(orjson.loads(text))) if len(text) <= _MAX_SCRIPT else []
    except ValueError:
        return _repaired(text)


def _repaired(text: str) -> list[dict[str, Any]]:
    """Return the objects of a script that is no strict JSON: in a comment, with control characters or one comma too many."""
    text = _SCRIPT_NOISE.sub("", text).strip()
    for candidate in (text, _TRAILING_COMMA.sub("", text)):
        try:
            loaded = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        return list(_flatten(loaded))
    return []


def _flatten(loaded: object) -> Iterator[dict[str, Any]]:
    queue = [loaded]
    for seen in range(_MAX_NODES):
        if seen >= len(queue):
            return
        value = queue[seen]
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            yield value
            queue.extend(
                value[name]
                for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
                if name in value
            )


def types(node: dict[str, Any]) -> list[str]:
    """Return the @type names of a JSON-LD object."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return [n.rpartition("/")[2] for n in names if isinstance(n, str)]


def _choose(objects: list[dict[str, Any]], found: Structured) -> None:
    """Pick the object of the article: an article type before a page or video, one that has the page's title first."""
    title = fold_words(found.title or "")
    best, best_score = {}, 0
    for node in objects:
        identity = node.get("@id")
        if isinstance(identity, str):
            found.by_id.setdefault(identity, node)
        names = types(node)
        if "BreadcrumbList" in names and not found.crumbs:
            found.crumbs = _crumbs(node)
        score = 0
        if any(_ARTICLE_TYPE.search(n) for n in names):
            score = 4
        elif any(_CARRIER_TYPE.search(n) for n in names):
            score = 1
        if not score:
            continue
        headline = node.get("headline") or node.get("name")
        folded = fold_words(headline) if isinstance(headline, str) else ""
        score += 2 * bool(folded and title and (folded in title or title in folded))
        score += bool(node.get("datePublished")) + bool(node.get("author"))
        if score > best_score:
            best, best_score = node, score
    found.node = best


def _crumbs(node: dict[str, Any]) -> list[str]:
    items = node.get("itemListElement")
    names: list[str] = []
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        inner = item.get("item")
        name = item.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
        if isinstance(name, str) and plain(name):
            names.append(plain(name))
    return names
