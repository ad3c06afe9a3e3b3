"""Articles as rows of the archive and back."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import orjson

from dzwcrawl.article import RECORD_FIELDS, Article, Block, Edition, Image

_JSON = ("authors", "editors", "section", "keywords", "videos", "notes")
_PLAIN = (
    "site",
    "url",
    "canonical_url",
    "title",
    "kicker",
    "subtitle",
    "source",
    "published",
    "modified",
    "description",
    "language",
    "body",
    "first_seen",
    "last_seen",
    "revision",
    "duplicate_of",
    "template",
)


def dumps(value: object) -> str:
    """Return a value as compact JSON, Chinese unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_FLAGS = (("linked", "l"), ("aside", "a"))


def pack_layout(blocks: Iterable[Block]) -> str:
    """Return the blocks as JSON without what the body says already, in page order: `[role]` of a kept one,
    `[role, reason, text]` of a removed one, `[role, null, null, reason]` of one that a person kept.

    After the role stand `+l` for a link and `+a` for a block set apart (`paragraph+la`).
    """
    return dumps([_pack(block) for block in blocks])


def _pack(block: Block) -> list[str | None]:
    flags = "".join(letter for name, letter in _FLAGS if getattr(block, name))
    role = f"{block.role}+{flags}" if flags else block.role
    if block.removed is not None:
        return [role, block.removed, block.text]
    return [role] if block.overruled is None else [role, None, None, block.overruled]


def unpack_layout(layout: str, body: str) -> list[Block]:
    """Return the blocks that :func:`pack_layout` packed, the kept ones with their lines of the body."""
    lines = iter(body.split("\n"))
    return [_unpack(entry, lines) for entry in json.loads(layout)]


def _unpack(entry: list[Any], lines: Iterator[str]) -> Block:
    role, _, flags = entry[0].partition("+")
    removed, text, overruled = (*entry[1:], None, None, None)[:3]
    block = Block(next(lines) if removed is None else text, role, removed, overruled=overruled)
    for name, letter in _FLAGS:
        setattr(block, name, letter in flags)
    return block


def to_row(article: Article) -> dict[str, Any]:
    """Return the columns of an article but `id`, `text_digest`, `crawl`, `vanished`, and `cluster`, which follows
    from the others (:mod:`dzwcrawl.archive.originals`)."""
    row = {name: getattr(article, name) for name in _PLAIN}
    row |= {name: dumps(getattr(article, name)) for name in _JSON}
    row["images"] = dumps([{"url": image.url, "caption": image.caption} for image in article.images])
    row["edition"] = None if article.edition is None else dumps(asdict(article.edition))
    row["rules"] = dumps(article.rules)
    row["layout"] = pack_layout(article.blocks)
    return row


_JSON_RECORD = tuple(name for name in ("edition", "images", *_JSON) if name in RECORD_FIELDS)

RECORD_COLUMNS = ", ".join(f"articles.{name}" for name in RECORD_FIELDS)
"""What :func:`record_of` takes, in SQL."""


def record_of(values: Iterable[Any]) -> dict[str, Any]:
    """Return the record of the values of :data:`RECORD_COLUMNS`: as by :func:`from_row`, without the cost of blocks."""
    line = dict(zip(RECORD_FIELDS, values, strict=True))
    for name in _JSON_RECORD:
        if line[name] is not None:
            line[name] = [] if line[name] == "[]" else orjson.loads(line[name])
    return line


def from_row(row: sqlite3.Row | Mapping[str, Any]) -> Article:
    """Return the article of a row of the table `articles` (or of its columns by name)."""
    article = Article(id=row["id"], **{name: row[name] for name in _PLAIN})
    article.cluster = row["cluster"] if "cluster" in row.keys() else None  # noqa: SIM118 (a row of sqlite3)
    for name in _JSON:
        setattr(article, name, json.loads(row[name]))
    article.images = [Image(**image) for image in json.loads(row["images"])]
    article.edition = Edition(**json.loads(row["edition"])) if row["edition"] else None
    article.rules = json.loads(row["rules"])
    article.blocks = unpack_layout(row["layout"], row["body"])
    return article
