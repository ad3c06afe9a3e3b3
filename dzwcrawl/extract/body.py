"""Finding the body of an article on a page of any site.

Every block gets a score: prose is worth its mass, link lines and loose short lines cost something, text in
places named after navigation, comments or related lists is worth little. Because elements are ranges of
blocks, the score of every element is a difference of two prefix sums. The element with the highest score
holds the body: one that is too small misses prose, one that is too large pays for the noise around it.
Inside it every block is then judged on its own.
"""

import re
from itertools import accumulate
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from dzwcrawl.boilerplate.phrases import phrase_reason
from dzwcrawl.extract.blocks import is_shown, page_blocks
from dzwcrawl.extract.clean import clean, drop_captions, lead_start, second_article, title_block, trim_head
from dzwcrawl.extract.embedded import embedded_body
from dzwcrawl.extract.page import Node, NotAnArticle, Page, Region
from dzwcrawl.extract.priors import STRONG, node_prior
from dzwcrawl.extract.scores import Scores, block_score, is_link, mass

_SHARE = 0.9
"""Part of the score of an element from which one child speaks for all of it."""

_SENTENCES = 60.0
"""Score of the best element below which a page has hardly a sentence."""

_LITTLE = 20.0
"""Mass of prose above another article up to which an element is about that one."""

_GAP = 60
"""Blocks between two parts of a body at most."""

_ELSEWHERE_BELOW = 400.0
"""Mass of a body below which the JSON of the page is searched for a longer one."""

_HIDDEN_BELOW = 30.0
"""Mass of a body below which hidden elements are searched as well."""

_MAY_BE_HIDDEN = XPath("//*[@hidden or @style]")


def _best(page: Page, scores: Scores, title: int | None) -> int:
    """Return the index of the node that holds the body."""
    values = [scores.of(node) * prior.bonus for node, prior in zip(page.nodes, scores.priors, strict=True)]
    if title is not None:
        other = _other_article(page, scores, title)
        for i, node in enumerate(page.nodes):
            if title < node.start <= title + 12:
                values[i] *= 1.6
            if node.end > other and node.start > title and scores.prose(node.start, other) < _LITTLE:
                values[i] = 0.0
    best = max(range(len(values)), key=lambda i: (values[i], i))
    if scores.of(page.nodes[best]) < _SENTENCES and (named := _named_body(page, scores, best)) != best:
        return named
    limit = _SHARE * scores.of(page.nodes[best])
    for i in range(best + 1, len(page.nodes)):
        node = page.nodes[i]
        if node.start >= page.nodes[best].end:
            break
        if values[i] > 0 and scores.of(node) >= limit and node.end - node.start > 1:
            best, limit = i, _SHARE * scores.of(node)
    return best


def _other_article(page: Page, scores: Scores, title: int) -> int:
    """Return the block of the heading of another article, below a title that has its text right below it, or the
    number of blocks.

    Columns of short notes show the newest ones, which together are longer, below the one that was asked for. The
    headings of notes are of one class.
    """
    first = page.blocks[title]
    if first.element.tag == "h1" and (names := first.element.get("class")):
        for i in range(title + 1, len(page.blocks)):
            block = page.blocks[i]
            if block.element.tag == "h1" and block.text != first.text:
                same = block.element.get("class") == names and scores.prose(title, i) > _SENTENCES
                return i if same else len(page.blocks)
    return len(page.blocks)


def _named_body(page: Page, scores: Scores, best: int) -> int:
    """Return the index of the node whose name says that it holds the body, or `best` if it holds no text.

    For pages with hardly a sentence: poems, results, posts in short lines without punctuation.
    """
    text = [
        0.0 if noise or is_link(block) or phrase_reason(block.text) else mass(block.text)
        for block, noise in zip(page.blocks, scores.noise, strict=True)
    ]
    sums = list(accumulate(text, initial=0.0))
    named = [i for i, prior in enumerate(scores.priors) if prior.bonus >= STRONG]
    masses = {i: sums[page.nodes[i].end] - sums[page.nodes[i].start] for i in named}
    longest = max(named, key=lambda i: (masses[i], i), default=best)
    enough = max(_SENTENCES, 2 * scores.of(page.nodes[best]))
    return longest if masses.get(longest, 0.0) > enough else best


def _extend(page: Page, scores: Scores, best: int) -> tuple[int, int]:
    """Return the range of blocks of the body: its element, and elements of the same tag and class before
    and after it as long as they bring more prose than the blocks in between cost.

    Bodies are split like that by page builders and by the nested tables of old pages. A heading of the
    first level in between begins another article.
    """
    node = page.nodes[best]
    start, end = node.start, node.end
    tag, names = node.element.tag, node.element.get("class")
    if tag in ("article", "main", "body"):
        return start, end
    same = [
        n
        for n in page.nodes
        if n.element.tag == tag and n.element.get("class") == names and (names or n.parent == node.parent)
    ]
    for other in same:
        if other.start - end > _GAP:
            break
        if other.start >= end and _worth(page, scores, end, other.start, other):
            end = other.end
    for other in reversed(same):
        if other.end <= start and start - other.end <= _GAP and _worth(page, scores, other.end, start, other):
            start = other.start
    return start, end


def _worth(page: Page, scores: Scores, gap_start: int, gap_end: int, other: Node) -> bool:
    """Return whether an element brings more than the gap before or after it costs."""
    gain = scores.of(other)
    gap = scores.sums[gap_end] - scores.sums[gap_start]
    if gain < 20 or gain + min(0.0, gap) <= 0:
        return False
    between = page.blocks[min(gap_start, other.start) : max(gap_end, other.end)]
    return all(block.element.tag != "h1" for block in between)


def _with_tables(page: Page, scores: Scores, best: int, start: int, end: int) -> tuple[int, int]:
    """Return the range of a body with the data table right before or after it under the same parent, and what goes on
    beyond the table.

    A notice is often a sentence and a table, whose rows are no prose.
    """
    parent = page.nodes[max(0, page.nodes[best].parent)]
    title = -1 if scores.title is None or scores.title >= start else scores.title
    low = max(parent.start, title + 1)

    def goes_on(number: int) -> bool:
        return not scores.noise[number] and page.blocks[number].link_chars == 0

    if end < parent.end and page.blocks[end].role == "table_row":
        end = next((i for i in range(end, parent.end) if not goes_on(i)), parent.end)
    if start > low and page.blocks[start - 1].role == "table_row":
        start = next((i + 1 for i in range(start - 1, low - 1, -1) if not goes_on(i)), low)
    return start, end


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


def _find(page: Page) -> Region:
    """Return the region of the body among the blocks of a page, its blocks judged."""
    title = title_block(page)
    scores = Scores(page, title)
    best = _best(page, scores, title)
    start, end = _extend(page, scores, best)
    start, end = _with_tables(page, scores, best, start, end)
    end = second_article(page, start, end, scores)
    clean(page, start, end, scores)
    node = page.nodes[best]
    start = lead_start(page, start, end, node.element, scores)
    start = trim_head(page, start, end, title, scores)
    return Region(start, end, node.element, _template(node, page))


def _kept(page: Page, region: Region | None) -> str:
    if region is None:
        return ""
    return "\n".join(block.text for block in page.blocks[region.start : region.end] if block.removed is None)


def _hides_body(page: Page) -> bool:
    """Return whether an element is hidden whose name says that it holds the body, as some paywalls do below the lead."""
    elements = cast("list[HtmlElement]", _MAY_BE_HIDDEN(page.root))
    return any(
        not is_shown(element, page.classes.get(element)) and node_prior(element).bonus >= STRONG
        for element in elements
    )


def _find_elsewhere(page: Page, region: Region | None) -> Region | None:
    """Return a region in text that is not shown at first, in JSON or hidden, or None when there is no
    better.
    """
    visible = _kept(page, region)
    embedded = embedded_body(page, visible)
    if embedded:
        start = len(page.blocks)
        page.blocks += embedded
        for block in embedded:
            block.removed = phrase_reason(block.text)
        drop_captions(embedded, [block_score(block) for block in embedded])
        return Region(start, len(page.blocks), page.root, "json")
    if mass(visible) >= _HIDDEN_BELOW and not _hides_body(page):
        return None
    blocks, nodes = page.blocks, page.nodes
    if len(page_blocks(page, with_hidden=True)) > len(blocks):
        hidden = _find(page)
        if mass(_kept(page, hidden)) > max(60.0, 3 * mass(visible)):
            return hidden
    page.blocks, page.nodes = blocks, nodes
    return None


def find_body(page: Page) -> Region:
    """Return the region that holds the body, its blocks judged.

    :raises NotAnArticle: when the page holds no article text.
    """
    region = _find(page) if page.blocks else None
    if mass(_kept(page, region)) < _ELSEWHERE_BELOW:
        region = _find_elsewhere(page, region) or region
    if region is None:
        raise NotAnArticle("empty page: there is no visible text")
    if not _kept(page, region):
        raise NotAnArticle("no text of an article: nothing but links, notices and labels")
    return region
