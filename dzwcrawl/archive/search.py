"""Articles that have given words: ranked, with what to show of each (docs/search.md says what a query means)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any, Literal, get_args

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.functions import IndexedWords
from dzwcrawl.archive.schema.m009_search import fill
from dzwcrawl.archive.selection import SelectionError, where
from dzwcrawl.search.expression import expression
from dzwcrawl.search.query import Node, QueryError, parse, terms
from dzwcrawl.search.snippets import Pieces, marked, pattern, snippet
from dzwcrawl.search.tokens import tokens
from dzwcrawl.text import counted, fold, nearest

__all__ = ["ORDERS", "Hit", "Order", "QueryError", "check", "count", "ids", "rebuild", "search"]

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
        raise SelectionError(f"there is no order {order!r}; {nearest(order, ORDERS)}")
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
    row = archive.connection.execute(
        f"SELECT count(*) FROM {tables} WHERE {condition}", parameters
    ).fetchone()
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


COLUMNS = ("title", "kicker", "subtitle", "body")
"""What is searched, in the order of the index."""


_PHRASE = 10
"""Tokens by which the text of an article is compared."""


def rebuild(archive: Archive) -> int:
    """Make the index anew from the articles, in one transaction; return how many they are."""
    with archive.transaction():
        archive.connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
        fill(archive.db)
        return int(archive.query_value("SELECT count(*) FROM search_docsize"))


def check(archive: Archive, *, sample: int | None = 200) -> list[str]:
    """Compare the index with the articles; return what is wrong, for the person at the terminal.

    :param sample: how many articles, spread over the archive, are compared: by their number of tokens, and a phrase of each
        column. With None all are, and the index is read through for what belongs to no article.
    """
    execute = archive.connection.execute
    missing, extra = (
        archive.query_value(f"SELECT count(*) FROM (SELECT id FROM {one} EXCEPT SELECT id FROM {two})")
        for one, two in (("articles", "search_docsize"), ("search_docsize", "articles"))
    )
    found = [f"{counted(missing, 'article is', 'articles are')} not in the search index"] if missing else []
    found += (
        [f"the search index has {counted(extra, 'article that is', 'articles that are')} not there"]
        if extra
        else []
    )
    number = archive.query_value("SELECT count(*) FROM articles")
    step = 1 if sample is None else max(1, number // sample)
    rows = execute(
        "SELECT id, sz, title, kicker, subtitle, body FROM articles JOIN search_docsize USING (id) "
        "WHERE id % ? = 0 ORDER BY id",
        (step,),
    )
    wrong = [row["id"] for row in rows if not _is_indexed(archive, row)]
    if wrong:
        some = ", ".join(map(str, wrong[:5])) + " …" * (len(wrong) > 5)
        found.append(f"the search index has another text of {counted(len(wrong), 'article')}: {some}")
    if sample is None:
        sizes = execute("SELECT sz FROM search_docsize")
        tokens = archive.query_value("SELECT coalesce(sum(cnt), 0) FROM search_vocabulary")
        if tokens != sum(sum(_varints(row["sz"])) for row in sizes):
            found.append("the search index has words that belong to no article")
    if found:
        found[-1] += "; `dzwcrawl search --rebuild` makes it anew"
    return found


def _is_indexed(archive: Archive, row: Row) -> bool:
    """Tell whether the index has as many tokens of each column as the article, and a phrase of each where it stands."""
    columns = [tokens(row[name]).split() for name in COLUMNS]
    if _varints(row["sz"]) != [len(column) for column in columns]:
        return False
    phrases = []
    for name, column in zip(COLUMNS, columns, strict=True):
        # From another place of each article: whole texts as phrases take a hundred times as long.
        start = row["id"] * 31 % max(1, len(column) - _PHRASE)
        phrases += [f'{name} : "{" ".join(column[start : start + _PHRASE])}"'] if column else []
    return not phrases or bool(
        archive.query_value(
            "SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?", (" AND ".join(phrases), row["id"])
        )
    )


def _varints(packed: bytes) -> list[int]:
    """Return the numbers of SQLite's variable-length integers (seven bits a byte, the first the highest)."""
    numbers, number = [], 0
    for byte in packed:
        number = number << 7 | byte & 127
        if byte < 128:
            numbers.append(number)
            number = 0
    return numbers
