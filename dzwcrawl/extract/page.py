"""A page, parsed once: its tree, its blocks in reading order and the region that holds the body."""

import codecs
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from dzwcrawl.article import Role
from dzwcrawl.extract.decode import decode


@dataclass(slots=True)
class PageBlock:
    """A block of text with the element it stands in. `link_chars` counts the characters inside links."""

    text: str
    role: Role
    element: HtmlElement
    link_chars: int = 0
    removed: str | None = None


@dataclass(slots=True)
class Node:
    """An element that holds blocks: `page.blocks[start:end]`. `parent` indexes `page.nodes` (-1: none)."""

    element: HtmlElement
    parent: int
    start: int
    end: int = 0


@dataclass(slots=True)
class Page:
    """A parsed page.

    `blocks` are all its visible blocks in document order; `nodes` are the elements that hold them, parents
    before children, so that the text of an element is a range of blocks and never has to be gathered again.
    `elements` are all elements and comments in document order. While they are held every pass over the tree is cheaper:
    lxml makes a new object for an element that nobody holds each time that one is reached.
    """

    root: HtmlElement
    url: str | None
    base_url: str | None
    encoding: str
    blocks: list[PageBlock] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    elements: list[HtmlElement] = field(init=False)
    tagged: dict[object, list[HtmlElement]] = field(init=False)
    """The elements of each tag (`Comment` of comments) in document order: looked up here no pass over the tree is needed."""
    classes: dict[HtmlElement, str] = field(init=False)
    """The class of every element that has one."""

    def __post_init__(self) -> None:
        # The parser puts a second <html> beside the first.
        self.elements = [node for top in (self.root, *self.root.itersiblings()) for node in top.iter()]
        self.tagged = defaultdict(list)
        for element in self.elements:
            self.tagged[element.tag].append(element)
        self.classes = {element: names for element in self.elements if (names := element.get("class"))}

    def stated(self, name: str) -> list[str]:
        """Return the contents of the meta elements of a property (`og:title`)."""
        contents = (meta.get("content") for meta in self.tagged["meta"] if meta.get("property") == name)
        return [content for content in contents if content is not None]


@dataclass(slots=True)
class Region:
    """Where the body is: `page.blocks[start:end]`, in which blocks with `removed` set are left out.

    `template` names the layout: the rule's selector or the DOM path (tags and classes) of the container.
    """

    start: int
    end: int
    container: HtmlElement
    template: str


class ExtractionError(ValueError):
    """The page yields no article; the message says why in words for the person at the terminal."""


class NotAnArticle(ExtractionError):
    """The page is no article: an error page, a listing, a page without text."""


class Barred(NotAnArticle):
    """Something stands before what may well be an article: a login, a check for robots, maintenance, a redirect."""


# No byte of these stands inside a longer character of UTF-8.
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NONCHARACTERS = "\ufffe\uffff"
# One class for every element, chosen in C; the usual look-up of lxml.html calls Python for each element.
_CLASSES = lxml.etree.ElementDefaultClassLookup(element=HtmlElement)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^<>]*>")
_KEPT_WHEN_FLAT = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "a",
        "br",
        "script",
        "style",
        "noscript",
        "head",
        "body",
        "html",
        "title",
        "meta",
        "base",
    ]
)


def _flatten(match: re.Match[str]) -> str:
    return match[0] if match[2].lower() in _KEPT_WHEN_FLAT else "<br>"


def _utf8(body: bytes, text: str, encoding: str) -> bytes:
    """Return the text of a body in UTF-8, without lone surrogates and non-characters, which XML cannot hold."""
    if encoding == "utf-8" and not any(character in text for character in ("\ufffd", *_NONCHARACTERS)):
        return body.removeprefix(codecs.BOM_UTF8)  # decoded without a fault: it needs no encoding again
    for character in _NONCHARACTERS:
        text = text.replace(character, "")
    return text.encode("utf-8", "ignore")


def _tree(data: bytes) -> tuple[HtmlElement, bool]:
    """Return the root of a page, and whether the parser gave up on its depth."""
    # Bytes with a named encoding, because the parser refuses text that carries an XML declaration.
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")
    parser.set_element_class_lookup(_CLASSES)
    root: HtmlElement = lxml.html.document_fromstring(data, parser=parser)
    return root, any("depth" in entry.message for entry in parser.error_log.filter_from_fatals())


def _parse(data: bytes) -> HtmlElement:
    root, too_deep = _tree(data.translate(None, _CONTROLS))
    if too_deep:
        # The parser stops at 2,048 open elements and drops the rest: without containers nothing is nested.
        flat = _TAG.sub(_flatten, data.decode("utf-8")).encode("utf-8")
        root, _ = _tree(flat.translate(None, _CONTROLS))
    return root


def parse(body: bytes, headers: Mapping[str, str] | None = None, url: str | None = None) -> Page:
    """Decode and parse a page. Header names are matched without regard to case.

    :raises ExtractionError: when there is nothing to parse.
    """
    content_type = next((v for k, v in (headers or {}).items() if k.lower() == "content-type"), None)
    text, encoding = decode(body, content_type)
    try:
        root = _parse(_utf8(body, text, encoding))
    except (lxml.etree.ParserError, ValueError) as error:
        raise ExtractionError("empty page: there is no markup to read") from error
    base = root.find(".//base[@href]")
    try:
        base_url = urljoin(url or "", base.get("href") or "") if base is not None else url
    except ValueError:
        base_url = url
    return Page(root=root, url=url, base_url=base_url or None, encoding=encoding)
