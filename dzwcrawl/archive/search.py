"""Articles that have given words: ranked, with what to show of each (docs/search.md says what a query means)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.functions import IndexedWords
from dzwcrawl.archive.selection import where
from dzwcrawl.search.expression import expression
from dzwcrawl.search.query import Node, QueryError, parse, terms
from dzwcrawl.search.snippets import Pieces, marked, pattern, snippet
from dzwcrawl.text import fold

__all__ = ["ORDERS", "Hit", "Order", "QueryError", "count", "ids", "search"]

Order = Literal["relevance", "newest", "fresh"]

ORDERS: tuple[Order, ...] = get_args(Order)

_BM25 = "bm25(search, 8, 4, 4, 1)"
"""A word in the headline says more of an article than one in its text. FTS5's are negative, the best first."""

_AGE = "max(0, coalesce(julianday(?) - julianday(substr(published, 1, 10)), 3650))"
"""Days since publication; a date not known to the day counts as ten years ago."""

_BY = {
    "relevance": "score, search.rowid DESC",
    "newest": "published IS NULL, published DESC, search.rowid DESC",
    "fresh": "score, search.rowid DESC",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. The pieces are its title, and the part of its text that has most of the words looked for,
    in order, each with whether it is marked. A higher `score` is better; it compares only within one search."""

    id: int
    site: str
    url: str
    title: str | None
    source: str | None
    published: str | None
    title_pieces: Pieces
    snippet: Pieces
    score: float


def search(
    archive: Archive,
    query: str,
    *,
    order: Order = "relevance",
    variants: bool = False,
    limit: int = 20,
    offset: int = 0,
    **filters: Any,
) -> list[Hit]:
    """Return the articles that match a query, the best first.

    :param order: `relevance` (bm25, headlines weigh most), `newest` (by day of publication), `fresh` (relevance, halved by
        the first year of age, a third after two …).
    :param variants: a character also stands for its simplified and traditional forms.
    :param filters: those of :func:`dzwcrawl.archive.selection.where` but `query`.
    :raises QueryError: for a query that means nothing; the message says what is wrong and where.
    """
    if order not in ORDERS:
        raise ValueError(f"there is no order {order!r}; there are {', '.join(ORDERS)}")
    node = parse(query)
    score = f"{_BM25} / (1 + {_AGE} / 365)" if order == "fresh" else _BM25
    tables, condition, parameters = _matches(archive, node, variants, filters, join=order != "relevance")
    # Ids first: a row that is sorted should not carry its text.
    rows = archive.connection.execute(
        f"SELECT search.rowid, {score} AS score FROM {tables} WHERE {condition} "
        f"ORDER BY {_BY[order]} LIMIT ? OFFSET ?",
        [now()] * (order == "fresh") + [*parameters, limit, offset],
    ).fetchall()
    wanted = pattern(terms(node), variants=variants)
    return [_hit(archive, article, -score, wanted) for article, score in rows]


def count(archive: Archive, query: str, *, variants: bool = False, **filters: Any) -> int:
    """Return how many articles match a query; parameters as of :func:`search`."""
    tables, condition, parameters = _matches(archive, parse(query), variants, filters)
    row = archive.connection.execute(f"SELECT count(*) FROM {tables} WHERE {condition}", parameters).fetchone()
    return int(row[0])


def ids(archive: Archive, query: str, *, variants: bool = False, **filters: Any) -> Iterator[int]:
    """Yield the ids of all articles that match a query, in order; parameters as of :func:`search`."""
    tables, condition, parameters = _matches(archive, parse(query), variants, filters)
    rows = archive.connection.execute(
        f"SELECT search.rowid FROM {tables} WHERE {condition} ORDER BY search.rowid", parameters
    )
    return (row[0] for row in rows)


def _matches(
    archive: Archive, node: Node, variants: bool, filters: dict[str, Any], *, join: bool = False
) -> tuple[str, str, list[Any]]:
    """Return the tables in which the matches of a query are found, the condition on them and its parameters."""
    condition, parameters = where(**filters)
    found = expression(node, IndexedWords(archive.connection), variants=variants)
    # CROSS JOIN: the index is read first, whatever the planner thinks of the filters; the other way round it would
    # be asked anew for each article.
    joined = join or condition != "1"
    tables = "search CROSS JOIN articles ON articles.id = search.rowid" if joined else "search"
    return tables, f"search MATCH ? AND {condition}", [found, *parameters]


def _hit(archive: Archive, article: int, score: float, wanted: re.Pattern[str]) -> Hit:
    row = archive.connection.execute(
        "SELECT site, url, title, kicker, subtitle, source, published, body FROM articles WHERE id = ?",
        (article,),
    ).fetchone()
    # The lines around the headline are searched too: where the hit is only there, they are what is shown.
    texts = [row["body"], row["kicker"] or "", row["subtitle"] or ""]
    shown = next((text for text in texts if wanted.search(fold(text))), row["body"])
    return Hit(
        id=article,
        site=row["site"],
        url=row["url"],
        title=row["title"],
        source=row["source"],
        published=row["published"],
        title_pieces=marked(row["title"], wanted),
        snippet=snippet(shown, wanted),
        score=score,
    )
