"""The blocks of an article as a page sets them: paragraphs, lists, tables, and figures where their captions stood."""

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal
from urllib.parse import urlsplit

from dzwcrawl.article import Article, Block, Image
from dzwcrawl.extract.language import language_of
from dzwcrawl.text import fold

Kind = Literal["paragraph", "heading", "list_item", "quote", "caption", "table_row", "figure"]

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_JOINED = ("list_item", "table_row", "quote")


@dataclass(frozen=True, slots=True)
class Part:
    """What is set as one: a paragraph or heading (one line), a list, quote or table (its lines), or a figure."""

    kind: Kind
    lines: list[str] = field(default_factory=list)
    image: Image | None = None


def parts_of(article: Article) -> tuple[list[Part], list[Image]]:
    """Return the parts in reading order, and the images that have no place among them.

    A caption was taken out of the text, and its line tells where its picture stood.
    """
    waiting = {fold(image.caption): image for image in article.images if image.caption}
    parts: list[Part] = []
    for kind, blocks in groupby((each for each in article.blocks if _is_shown(each)), _kind):
        texts = [block.text for block in blocks]
        if kind == "figure":
            images = [waiting.pop(fold(line), None) for line in texts]
            parts += [Part("figure", image=image) for image in images if image is not None]
        elif kind in _JOINED:
            parts.append(Part(kind, texts))
        else:
            parts += [Part(kind, [line]) for line in texts]
    placed = [part.image for part in parts]
    return parts, [image for image in article.images if image not in placed]


def _is_shown(block: Block) -> bool:
    return block.removed is None or block.removed.startswith("caption")


def _kind(block: Block) -> Kind:
    return "figure" if block.removed is not None else block.role


def web_address(url: str | None) -> str | None:
    """Return a URL that a link may lead to, http or https; None for any other, which is shown as text."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def host(url: str | None) -> str:
    """Return the host of a URL, for people."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def tag(language: str | None, words: str | None = None) -> str:
    """Return a language as HTML wants it; where it is not known it is told from the letters of a text."""
    told = language if _TAG.fullmatch(language or "") else None
    known = told or language_of(words or "") or _short(words or "")
    return "zh-Hans" if known.lower() in ("zh", "zh-cn") else known


def _short(words: str) -> str:
    """Return the language of a few words: too few to be told by counting."""
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in words) else ""
