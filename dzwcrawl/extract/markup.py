"""Elements whose markup says what they hold: microdata, the ids of Baidu, classes that speak of authors."""

import re
from collections.abc import Iterator
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from dzwcrawl.extract.page import Page, Region

# Attributes are found by name only and looked at here: four times as fast as comparing in XPath.
_MARKED = XPath("//@itemprop/.. | //@rel/..")
_BAIDU = XPath("//*[contains(@id, '_baidu')]")
_ITEMS = frozenset({"author", "datePublished"})
_BAIDU_IDS = frozenset({"pubtime_baidu", "source_baidu", "author_baidu", "editor_baidu"})
_AUTHOR_CLASS = re.compile(r"[aA]uthor|[bB]yline|reporter|autor|writer|contributor")
_ASIDE = re.compile(r"comment|related|recommend|sidebar|promo|teaser|footer|widget|popular|more-|card", re.I)


def _select(path: XPath, page: Page) -> list[HtmlElement]:
    found = path(page.root)
    return cast("list[HtmlElement]", found)


def hinted(page: Page, region: Region, *, chinese: bool) -> list[HtmlElement]:
    """Return the elements whose markup says that they hold author, editor, source or date.

    Microdata and, on Chinese pages, the ids of Baidu are looked for in the whole page, classes only around the
    body.
    """
    marked = (e for e in _select(_MARKED, page) if e.get("itemprop") in _ITEMS or e.get("rel") == "author")
    baidu = (e for e in (_select(_BAIDU, page) if chinese else ()) if e.get("id") in _BAIDU_IDS)
    hints: list[HtmlElement] = [*marked, *baidu]
    known = set(hints)
    parents = {node.parent for node in page.nodes}
    for number, node in enumerate(page.nodes):
        if node.start < region.start - 25 or node.start > region.end + 4 or node.end - node.start > 12:
            continue
        # The inline elements of a node that holds no other node are all its descendants.
        inner = node.element if number in parents else node.element.iterdescendants()
        for element in (node.element, *inner):
            name = element.get("class")
            if name and element not in known and _AUTHOR_CLASS.search(name):
                known.add(element)
                hints.append(element)
    return hints


def near_body(page: Page, region: Region, hints: list[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the hinted elements that stand between the title and the end of the article, not in side boxes."""
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
        if start < region.start - 25 or start > region.end + 4 or end - start > 12:
            continue
        ancestor: HtmlElement | None = element
        for _ in range(6):
            if ancestor is None:
                break
            aside = aside or bool(_ASIDE.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"))
            ancestor = ancestor.getparent()
        if not aside:
            yield element
