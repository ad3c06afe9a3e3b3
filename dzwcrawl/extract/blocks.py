"""A parsed page as ordered blocks of visible text.

One walk over the tree, without recursion, in time linear in the size of the page. A block is the text between
two block boundaries (start or end of a block element, `<br>`), whatever inline markup it has inside.
"""

import re
from functools import lru_cache

from lxml.etree import Comment, Entity, ProcessingInstruction
from lxml.html import HtmlElement

from dzwcrawl.article import Role
from dzwcrawl.extract.page import Node, Page, PageBlock
from dzwcrawl.text import one_line

_SKIP, _BLOCK, _BREAK, _SPAN, _LINK = 1, 2, 3, 4, 5

_SKIPPED = """
script style noscript template iframe frame noframes svg object embed applet audio video canvas map select option
datalist textarea button input head title meta link rt rp dialog
"""
_BLOCKS = """
html body address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hgroup legend li main marquee menu nav ol p pre search section summary table caption
colgroup thead tbody tfoot tr td th ul
"""

_KINDS: dict[object, int] = {
    **dict.fromkeys((Comment, ProcessingInstruction, Entity), _SKIP),
    **dict.fromkeys(_SKIPPED.split(), _SKIP),
    **dict.fromkeys(_BLOCKS.split(), _BLOCK),
    **dict.fromkeys(("br", "hr"), _BREAK),
    **dict.fromkeys(("span", "font"), _SPAN),
    "a": _LINK,
}

_MAY_BE_CAPTION = frozenset(["div", "p", "section"])
_BLOCK_CHILDREN = frozenset(["p", "br", "div", "table"])

_ROLES: dict[str, Role] = {
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
    **dict.fromkeys(["li", "dd", "dt"], "list_item"),
    "blockquote": "quote",
    "figcaption": "caption",
    "caption": "caption",
    "figure": "caption",
}

_PICTURE = "img|image|photo|pic|picture|figure|media|bild|foto"
_MAY_CAPTION = re.compile(rf"caption|credit|tushuo|legende|video|{_PICTURE}")
"""A word that every name of a caption has: most names have none, and it costs a quarter of the whole pattern."""
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:\w{0,12}caption(?:-?text)?|\w{0,16}credits?|tushuo|bildunterschrift|legende"
    rf"|\w{{0,12}}(?:{_PICTURE})[-_]*"
    r"(?:info(?:__?text)?|infotext|desc\w*|text|title|note|credits?|legend|meta|source|copyright)"
    r"|video[-_]*(?:desc\w*|note|credits?|source))(?:$|[\s_-])"
)

_WITHOUT = re.compile(r"(?:^|\s)(?:no|without)[-_]\S+")

_DISPLAY_NONE = re.compile(r"display\s*:\s*none")
_FOR_READERS = re.compile(r"\b(?:sr-only|visually-?hidden|screen-reader)")

_CJK = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_WRAPPED = re.compile(f"(?<=[{_CJK}])[ \t]*[\r\n]\\s*(?=[{_CJK}])")

_MAX_CELL = 120
"""Mean characters of a table cell above which a table lays out a page and does not hold data."""


class _Walk:
    """The state of one walk: what was found, and the block that is being read."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self.nodes: list[Node] = []
        self.open: list[int] = []
        self.roles: list[Role] = ["paragraph"]
        self.parts: list[str] = []
        self.link_chars = 0
        self.links = 0
        self.pre = 0
        self.tables: list[bool] = []
        """For every open table, whether another table stands in it."""

    def add(self, text: str) -> None:
        if self.pre and "\n" in text:
            first, *rest = text.split("\n")
            self.parts.append(first)
            for line in rest:
                self.flush()
                self.parts.append(line)
        elif self.parts or not text.isspace():
            self.parts.append(text)
            if self.links:
                self.link_chars += len(text.strip())

    def flush(self) -> None:
        """End the block that is being read."""
        raw = "".join(self.parts)
        self.parts.clear()
        text = one_line(_WRAPPED.sub("", raw) if "\n" in raw else raw)
        if text:
            element = self.nodes[self.open[-1]].element
            self.blocks.append(PageBlock(text, self.roles[-1], element, min(self.link_chars, len(text))))
        self.link_chars = 0

    def enter(self, element: HtmlElement, role: Role | None) -> None:
        parent = self.open[-1] if self.open else -1
        self.open.append(len(self.nodes))
        self.nodes.append(Node(element, parent, len(self.blocks)))
        self.roles.append(role or self.roles[-1])

    def leave(self) -> None:
        self.roles.pop()
        node = self.nodes[self.open.pop()]
        node.end = len(self.blocks)
        if node.end == node.start:
            self.nodes.pop()  # every node inside it is empty and gone, so it is the last one


def _holds_blocks(span: HtmlElement) -> bool:
    """Return whether an inline element with a name of its own is used as a container of paragraphs."""
    return span.get("id") is not None and any(child.tag in _BLOCK_CHILDREN for child in span)


def _role(tag: str, names: str | None, current: Role) -> Role | None:
    """Return the role a block element gives to the text inside it, None for the role around it."""
    role = _ROLES.get(tag)
    if current in ("heading", "caption"):
        return "quote" if current == "caption" and tag in ("blockquote", "table", "pre") else None
    if role is None and names and tag in _MAY_BE_CAPTION and _names_caption(names):
        return "caption"
    return role


@lru_cache(maxsize=16384)  # the same few names stand on most elements of a page
def _names_caption(names: str) -> bool:
    names = _WITHOUT.sub("", names.lower())
    return _MAY_CAPTION.search(names) is not None and _CAPTION.search(names) is not None


def _walk(page: Page, *, with_hidden: bool) -> _Walk:
    walk = _Walk()
    walk.enter(page.root, None)
    inside: list[tuple[HtmlElement, int]] = [(page.root, _BLOCK)]
    skipped: set[HtmlElement | None] = {None}  # what stands beside the root has no parent
    for element in page.elements[1:]:
        parent = element.getparent()
        if parent in skipped:
            skipped.add(element)
            continue
        while inside[-1][0] is not parent:
            _finish(walk, *inside.pop())
        tag, names = element.tag, page.classes.get(element)
        kind = _KINDS.get(tag, 0)
        if kind == _SKIP or not (with_hidden or is_shown(element, names)):
            skipped.add(element)
            if tail := element.tail:
                walk.add(tail)
        elif kind == _BREAK:
            skipped.add(element)
            if walk.parts:
                walk.flush()
            if tail := element.tail:
                walk.add(tail)
        else:
            inside.append((element, _begin(walk, element, tag, names, kind)))
    while len(inside) > 1:
        _finish(walk, *inside.pop())
    walk.flush()
    walk.leave()
    return walk


def _begin(walk: _Walk, element: HtmlElement, tag: str, names: str | None, kind: int) -> int:
    """Enter an element and read the text before its first child; return its kind as it counts here."""
    if kind == _SPAN and _holds_blocks(element):
        kind = _BLOCK
    if kind == _BLOCK:
        if walk.parts:
            walk.flush()
        walk.enter(element, _role(tag, names, walk.roles[-1]))
        if tag == "pre":
            walk.pre += 1
        elif tag == "table":
            walk.tables.append(False)
    elif kind == _LINK:
        walk.links += 1
    if text := element.text:
        walk.add(text)
    return kind


def _finish(walk: _Walk, element: HtmlElement, kind: int) -> None:
    """Leave an element and read the text after it."""
    if kind == _BLOCK:
        if walk.parts:
            walk.flush()
        tag = element.tag
        if tag == "pre":
            walk.pre -= 1
        elif tag == "table":
            nested = walk.tables.pop()
            if walk.tables:
                walk.tables[-1] = True
            if not nested:
                _join_rows(walk)
        walk.leave()
    elif kind == _LINK:
        walk.links -= 1
    if tail := element.tail:
        walk.add(tail)


def _cells(walk: _Walk, table: int) -> list[tuple[HtmlElement, list[str], int]]:
    """Return the rows of a table: element, texts of the cells that hold text, characters inside links."""
    rows: list[tuple[HtmlElement, list[str], int]] = []
    for node in walk.nodes[table + 1 :]:
        if node.element.tag == "tr":
            rows.append((node.element, [], 0))
        elif node.element.tag in ("td", "th") and rows:
            blocks = walk.blocks[node.start : node.end]
            element, cells, links = rows[-1]
            cells.append(" ".join(block.text for block in blocks))
            rows[-1] = (element, cells, links + sum(block.link_chars for block in blocks))
    return rows


def _join_rows(walk: _Walk) -> None:
    """Turn the blocks of a data table, which is about to be left, into one block a row.

    A table holds data when most of its rows have two or more cells with text, and the cells are short. Any
    other table lays out a page, and its blocks are left alone.
    """
    table = walk.open[-1]
    first = walk.nodes[table].start
    rows = _cells(walk, table)
    wide = sum(len(cells) > 1 for _, cells, _ in rows)
    count = sum(len(cells) for _, cells, _ in rows)
    length = sum(len(block.text) for block in walk.blocks[first:])
    if wide < 2 or wide * 2 < len(rows) or length > _MAX_CELL * count or len(walk.blocks) - first > 2 * count:
        return
    del walk.nodes[table + 1 :]
    del walk.blocks[first:]
    walk.blocks += [
        PageBlock(" | ".join(cells), "table_row", element, links) for element, cells, links in rows if cells
    ]


def is_shown(element: HtmlElement, names: str | None) -> bool:
    """Return whether nothing on the element itself hides it."""
    if element.get("hidden") is not None:
        return False
    style = element.get("style")
    if style and _DISPLAY_NONE.search(style.lower()):
        return False
    return not (names and _names_hidden(names))


@lru_cache(maxsize=16384)
def _names_hidden(names: str) -> bool:
    likely = "sr-only" in names or "hidden" in names or "screen-reader" in names
    return likely and _FOR_READERS.search(names) is not None


def page_blocks(page: Page, *, with_hidden: bool = False) -> list[PageBlock]:
    """Return every visible block of the page in document order; `page.nodes` says which element holds which.

    Left out are scripts, styles, form controls, comments and what is hidden by `hidden`, `display: none` or a
    class for screen readers, unless `with_hidden`. Text under `visibility: hidden` stays: WeChat shows it
    later.
    """
    walk = _walk(page, with_hidden=with_hidden)
    page.nodes = walk.nodes
    page.blocks = walk.blocks
    return walk.blocks
