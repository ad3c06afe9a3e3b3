"""Elements whose markup says what they hold: microdata, the ids of Baidu, classes that speak of authors."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from dzwcrawl.extract.clues import Clues
from dzwcrawl.extract.page import Page, Region

# Attributes are looked for, which is faster than asking every element. Two expressions, because libxml2 brings a union into
# document order by walking over siblings; and no step up from them, because it looks for each parent among all before.
_STATED = (XPath("//@itemprop[. = 'author' or . = 'datePublished']"), XPath("//@rel[. = 'author']"))
_BAIDU_IDS = frozenset({"pubtime_baidu", "source_baidu", "author_baidu", "editor_baidu"})
_AUTHOR_CLASS = re.compile(r"[aA]uthor|[bB]yline|reporter|autor|writer|contributor")
_ASIDE = re.compile(r"comment|related|recommend|sidebar|promo|teaser|footer|widget|popular|more-|card", re.I)

_ABOVE = 8
"""Blocks above the title in which its author may stand."""


@lru_cache(maxsize=16384)  # the same few names stand on most elements of a page
def _names_author(names: str) -> bool:
    return _AUTHOR_CLASS.search(names) is not None


def hinted(page: Page, region: Region, *, chinese: bool) -> list[HtmlElement]:
    """Return the elements whose markup says that they hold author, editor, source or date.

    Microdata and, on Chinese pages, the ids of Baidu are looked for in the whole page, classes only around the
    body.
    """
    named = {value.getparent() for stated in _STATED for value in cast("list[Any]", stated(page.root))}
    hints = [element for element in page.elements if element in named] if named else []
    if chinese:
        hints += [element for element in page.elements if element.get("id") in _BAIDU_IDS]
    named_author = {element for element, names in page.classes.items() if _names_author(names)}.difference(
        hints
    )
    return [*hints, *_around_body(page, region, named_author)] if named_author else hints


def _around_body(page: Page, region: Region, wanted: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield those of some elements, which it uses up, that stand around the body and hold little text."""
    parents = {node.parent for node in page.nodes}
    for number, node in enumerate(page.nodes):
        if node.start < region.start - 25 or node.start > region.end + 4 or node.end - node.start > 12:
            continue
        # The inline elements of a node that holds no other node are all its descendants.
        inner = node.element if number in parents else node.element.iterdescendants()
        for element in (node.element, *inner):
            if element in wanted:
                wanted.remove(element)
                yield element


def near_body(clues: Clues) -> Iterator[HtmlElement]:
    """Yield the hinted elements that stand between the title and the end of the article, not in side boxes."""
    page, region, hints = clues.page, clues.region, clues.hints
    if not hints:
        return
    low = region.start - 25
    if clues.title is not None and low < clues.title:
        low = max(low, clues.title - _ABOVE)  # what stands farther above is of other articles
    numbers: dict[HtmlElement, tuple[int, int]] = {n.element: (n.start, n.end) for n in page.nodes}
    for element in hints:
        holder: HtmlElement | None = element
        aside = False
        for _ in range(12):
            if holder is None or holder in numbers:
                break
            holder = holder.getparent()
        if holder is None or holder not in numbers:
            continue
        start, end = numbers[holder]
        if start < low or start > region.end + 4 or end - start > 12:
            continue
        ancestor: HtmlElement | None = element
        for _ in range(6):
            if ancestor is None:
                break
            aside = aside or bool(_ASIDE.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"))
            ancestor = ancestor.getparent()
        if not aside:
            yield element
