"""Bodies that are not in the markup: pages that a script fills from JSON, texts that are only in JSON-LD."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.etree import ParserError
from lxml.html import HtmlElement

from dzwcrawl.extract.blocks import page_blocks
from dzwcrawl.extract.page import Page, PageBlock, parse
from dzwcrawl.extract.scores import mass

_STATE = re.compile(r"^\s*(?:window\.|self\.|var\s+|globalThis\.)?[\w.$]{1,40}\s*=\s*(?=[{\[])")
"""What stands before the object in a script that sets the state of a page."""

_FLIGHT = re.compile(r"^\s*self\.__next_f\.push\((?=\[)")
"""What stands before a piece of the stream in which Next.js sends a page to its own script."""

_FLIGHT_ROW = re.compile(rb"\n*([0-9a-f]{0,8}):(T([0-9a-f]{1,8}),)?")

_BODY_KEY = re.compile(
    r"^(?:article_?body|article_?content|content(?:_?html|_?text|s)?|body(?:_?html|_?text)?|html|text|detail|story|"
    r"full_?text|main_?text|paragraphs?|news_?content)$",
    re.I,
)
_MARKUP = re.compile(r"<\s*(?:p|br|div)\b", re.I)

_MAX_SCRIPT = 3_000_000
"""Characters of a script above which it is not read."""

_MAX_VALUES = 50_000
"""Values of a JSON document that are looked at."""

_LEAST = 100.0
"""Mass a text in JSON needs to be taken for a body."""


def _objects(page: Page) -> Iterator[tuple[bool, Any]]:
    """Yield the JSON documents of a page, each with whether it is JSON-LD."""
    stream: list[str] = []
    for script in page.tagged["script"]:
        text = script.text or ""
        piece = _FLIGHT.match(text)
        if piece is not None:
            stream.append(_piece(text[piece.end() :]))
            continue
        kind = (script.get("type") or "").lower()
        if not 100 < len(text) < _MAX_SCRIPT:
            continue
        if "json" not in kind:
            match = _STATE.match(text)
            if match is None:
                continue
            text = text[match.end() :]
        try:
            yield "ld+json" in kind, json.JSONDecoder(strict=False).raw_decode(text.strip())[0]
        except (ValueError, RecursionError):
            continue
    for row in _rows("".join(stream)):
        yield False, row


def _piece(text: str) -> str:
    """Return what one script adds to the stream of Next.js: `[1, "text"]`."""
    try:
        piece = json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return ""
    return piece[1] if isinstance(piece, list) and len(piece) == 2 and isinstance(piece[1], str) else ""


def _rows(stream: str) -> Iterator[Any]:
    """Yield the JSON rows of a stream of React server components, with long texts put where they belong.

    Rows are `id:json` up to the end of the line, or `id:Tlength,text` with the length in bytes and no end;
    `"$id"` in a row refers to the text of that id.
    """
    data = stream.encode("utf-8", "surrogatepass")[:_MAX_SCRIPT]
    texts: dict[str, str] = {}
    rows: list[str] = []
    at = 0
    while len(rows) + len(texts) < _MAX_VALUES and (match := _FLIGHT_ROW.match(data, at)) is not None:
        start, size = match.end(), match[3]
        if size is not None:
            at = start + int(size, 16)
            texts["$" + match[1].decode()] = data[start:at].decode("utf-8", "replace")
        else:
            at = (data.find(b"\n", start) + 1) or len(data)
            rows.append(data[start:at].decode("utf-8", "replace"))
    for row in rows:
        if not row.startswith(("{", "[")):
            continue
        try:
            yield json.loads(row, object_hook=lambda found: _filled(found, texts), strict=False)
        except (ValueError, RecursionError):
            continue


def _filled(found: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    return {k: texts.get(v, v) if isinstance(v, str) else v for k, v in found.items()}


def _texts(document: Any) -> Iterator[tuple[str, str]]:
    """Yield (key, text) for the texts of a document that may be a body.

    The texts that the members of one list have under one key are one text: a body as a list of paragraphs.
    """
    stack: list[Any] = [document]
    seen = 0
    while stack and seen < _MAX_VALUES:
        value = stack.pop()
        seen += 1
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, str):
                    yield key, inner
                elif isinstance(inner, list) and inner:
                    yield from _joined(key, inner)
                    stack.append(inner)
                elif isinstance(inner, dict):
                    stack.append(inner)
        elif isinstance(value, list):
            stack.extend(value)


def _joined(key: str, members: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a list of texts, or of a list of objects that each hold one."""
    if all(isinstance(member, str) for member in members):
        yield key, "\n".join(members)
        return
    parts: dict[str, list[str]] = {}
    for member in members:
        if isinstance(member, dict):
            for inner, text in member.items():
                if isinstance(text, str) and _BODY_KEY.match(inner):
                    parts.setdefault(inner, []).append(text)
    for texts in parts.values():
        if len(texts) > 1 and _BODY_KEY.match(key):
            yield key, "\n".join(texts)


def _blocks(text: str, element: HtmlElement) -> list[PageBlock]:
    """Return a text, with or without markup, as blocks that stand in `element`."""
    if "&lt;" in text:
        text = html.unescape(text)
    if not _MARKUP.search(text):
        lines = (line.strip() for line in html.unescape(text).splitlines())
        return [PageBlock(" ".join(line.split()), "paragraph", element) for line in lines if line]
    try:
        return page_blocks(parse(text.encode("utf-8", "surrogatepass")))
    except (ParserError, ValueError):
        return []


def embedded_body(page: Page, visible: str) -> list[PageBlock]:
    """Return the blocks of the body that a page holds as JSON, or an empty list.

    `visible` is the text that was found in the markup. A text that is no articleBody is believed only if
    it goes on from what is visible, or if nothing much is.
    """
    best, best_mass = "", max(_LEAST, 2 * mass(visible))
    start = visible[:20]
    for linked_data, document in _objects(page):
        for key, text in _texts(document):
            size = mass(text)
            if size <= best_mass or not (key == "articleBody" if linked_data else _BODY_KEY.match(key)):
                continue
            if linked_data or mass(visible) < 40 or (start and start in text):
                best, best_mass = text, size
    return _blocks(best, page.root) if best else []
