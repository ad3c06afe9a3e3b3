"""Finding the body of an article on a page of any site.

Every block gets a score: prose is worth its mass, link lines and loose short lines cost something, text in
places named after navigation, comments or related lists is worth little. Because elements are ranges of blocks,
the score of every element is a difference of two prefix sums. The element with the highest score holds the body:
one that is too small misses prose, one that is too large pays for the noise around it. Inside it every block is
then judged on its own.
"""

import re

from dzwcrawl.extract.clean import clean, lead_start, title_block, trim_head
from dzwcrawl.extract.page import ExtractionError, Node, Page, Region
from dzwcrawl.extract.scores import Scores

_SHARE = 0.9
"""Part of the score of an element from which one child speaks for all of it."""


def _best(page: Page, scores: Scores, title: int | None) -> int:
    """Return the index of the node that holds the body."""
    values = [scores.of(node) * prior.bonus for node, prior in zip(page.nodes, scores.priors, strict=True)]
    if title is not None:
        for i, node in enumerate(page.nodes):
            if title < node.start <= title + 12:
                values[i] *= 1.25
    best = max(range(len(values)), key=lambda i: (values[i], i))
    limit = _SHARE * scores.of(page.nodes[best])
    for i in range(best + 1, len(page.nodes)):
        node = page.nodes[i]
        if node.start >= page.nodes[best].end:
            break
        if scores.of(node) >= limit and node.end - node.start > 1:
            best, limit = i, _SHARE * scores.of(node)
    return best


def _template(node: Node, page: Page) -> str:
    """Return the DOM path of a node: tags with their id or first class, from the root down."""
    path: list[str] = []
    current: Node | None = node
    while current is not None and len(path) < 40:
        element = current.element
        name = element.get("id") or ""
        names = (element.get("class") or "").split()
        label = "#" + name if name and not re.search(r"\d{3}", name) else "." + names[0] if names else ""
        path.append(f"{element.tag}{label}")
        current = page.nodes[current.parent] if current.parent >= 0 else None
    return ">".join(reversed(path))


def find_body(page: Page) -> Region:
    """Return the region that holds the body, its blocks judged.

    :raises ExtractionError: when the page holds no article text.
    """
    if not page.blocks:
        raise ExtractionError("empty page: there is no visible text")
    title = title_block(page)
    scores = Scores(page, title)
    node = page.nodes[_best(page, scores, title)]
    clean(page, node.start, node.end, scores)
    start = lead_start(page, node.start, scores)
    start = trim_head(page, start, node.end, title, scores)
    return Region(start, node.end, node.element, _template(node, page))
