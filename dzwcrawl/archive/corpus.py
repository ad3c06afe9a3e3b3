"""Cleaning a corpus of plain texts that other crawlers left, by what repeats in it.

The texts go through the same counting, judging and deriving as crawled articles, in an archive of their own that is
thrown away: what a site's pages say again and again is told from the texts alone, however many there are, with
flat memory.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reclean import reclean
from dzwcrawl.archive.rows import from_row
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.article import Article, record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.dates import parse_date
from dzwcrawl.extract.plain import find_headline, from_plain
from dzwcrawl.urls import host_of

_GIVEN = ("title", "subtitle", "source", "description", "language")
_GIVEN_LISTS = ("authors", "editors", "section", "keywords")
_ZONE = "+08:00"


def clean_corpus(rows: Iterable[dict[str, Any]], site: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield a cleaned record for each row, in their order, with the row's `file` and `line`.

    :param rows: each with `text`, and as far as known `url`, `title`, `published` (or `date`), `source`, `authors`
        and other fields of the record, which are believed; a row with `error` is handed on as it is.
    :param site: the site of all rows; else that of a row is its `site`, or the host of its `url`. Texts of one site
        are compared with one another.
    """
    with (
        tempfile.TemporaryDirectory(prefix="dzwcrawl-") as folder,
        Archive(Path(folder) / "corpus.db", create=True) as archive,
    ):
        archive.connection.execute(
            "CREATE TABLE corpus (row INTEGER PRIMARY KEY, article INTEGER, said TEXT)"
        )
        sites = {_store(archive, number, row, site) for number, row in enumerate(rows)}
        for name in filter(None, sites):
            reclean(archive, name, derive_again)
        yield from _records(archive)


def _store(archive: Archive, number: int, row: dict[str, Any], site: str | None) -> str | None:
    """Store a row and return its site, None for one that has no text."""
    said = {key: row[key] for key in ("file", "line", "url", "error") if key in row}
    article = None if "error" in row else article_of(row, site)
    if article is not None:
        # Several rows may name one page; here each is an article of its own.
        article.url = f"{row.get('url') or 'corpus:'}#{number}"
        store(archive, article, key=article.url)
    with archive.transaction():
        archive.connection.execute(
            "INSERT INTO corpus (row, article, said) VALUES (?, ?, ?)",
            (number, article and article.id, json.dumps(said, ensure_ascii=False)),
        )
    return article.site if article is not None else None


def article_of(row: dict[str, Any], site: str | None = None) -> Article:
    """Return the article of a row (:func:`clean_corpus`), cleaned by known phrases."""
    url = row.get("url") if isinstance(row.get("url"), str) else None
    article = from_plain(str(row.get("text") or ""), url=url, headline=False)
    for name in _GIVEN:
        if isinstance(row.get(name), str) and row[name].strip():
            setattr(article, name, row[name].strip())
    for name in _GIVEN_LISTS:
        value = row.get(name)
        if isinstance(value, list) and value and all(isinstance(entry, str) for entry in value):
            setattr(article, name, value)
    published = row.get("published") or row.get("date")
    if isinstance(published, str):
        article.published = parse_date(published, zone=_ZONE) or article.published
    article.site = site or row.get("site") or (host_of(url or "").removeprefix("www.") or "texts")
    article.canonical_url = url or ""
    clean_phrases(article)
    return article


def _records(archive: Archive) -> Iterator[dict[str, Any]]:
    rows = archive.connection.execute(
        "SELECT articles.*, corpus.said, corpus.article AS article FROM corpus LEFT JOIN articles "
        "ON articles.id = corpus.article ORDER BY row"
    )
    for row in rows:
        said = json.loads(row["said"])
        url = said.pop("url", None)
        if row["article"] is None:
            yield said
            continue
        article = from_row(row)
        find_headline(article)
        article.url = article.canonical_url = url
        article.first_seen = article.last_seen = None
        yield said | record(article)
