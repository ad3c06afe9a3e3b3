"""Today's rules over the pages that were kept: compared first, then written in place, and never a revision.

A better extraction is no edit by the outlet: the article keeps its id, its URL, its times and its revision
number, and earlier revisions stay as they were recorded (their pages are kept as well). What differs is noted as a
draft, so that it can be shown before anything is written, and so that a run that was killed goes on where it
stopped. A dry run notes its drafts in temporary tables and leaves the file as it is.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from dzwcrawl.archive import hints, learning, pages
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.rows import dumps, from_row, to_row
from dzwcrawl.archive.selection import where
from dzwcrawl.archive.store import replace
from dzwcrawl.article import Article, RawPage
from dzwcrawl.boilerplate.clean import clean_learned, clean_phrases
from dzwcrawl.extract import ExtractionError

Reader = Callable[[list[RawPage], Article], Article]
"""Extracts the article of the pages anew; it is given the stored article too."""

_KEPT = ("id", "site", "url", "first_seen", "last_seen", "revision", "duplicate_of", "cluster", "edition")
"""What does not come from the page as it is read now."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What today's rules make of the pages of one article.

    `fields` are the columns that differ, with `columns` the whole new row; none where nothing differs. `error`
    says why there is no article any more.
    """

    article: int
    revision: int
    fields: list[str]
    columns: dict[str, Any] | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its number, the articles still to be read, how many it has read before it was stopped, and of how
    many selected articles no page is kept."""

    number: int
    articles: list[int]
    done: int
    without_page: int


def begin(archive: Archive, rules: str, selection: dict[str, Any], *, dry: bool = False) -> Run:
    """Begin a run, or go on with the one of the same rules and selection that did not end.

    :param rules: names the state of the extractor; drafts of another state are thrown away.
    :param selection: `ids`, and the filters of :func:`dzwcrawl.archive.selection.where`.
    :param dry: note everything in temporary tables.
    """
    if dry:
        _shadow(archive)
    wanted = dumps(selection)
    with archive.transaction():
        stopped = archive.connection.execute(
            "SELECT id, done FROM reextractions WHERE finished IS NULL AND rules = ? AND selection = ?",
            (rules, wanted),
        ).fetchone()
        if stopped is None:
            discard(archive)
            cursor = archive.connection.execute(
                "INSERT INTO reextractions (rules, selection, started) VALUES (?, ?, ?)",
                (rules, wanted, now()),
            )
            stopped = {"id": cursor.lastrowid, "done": 0}
    selected = _articles(archive, **selection)
    articles = [number for number, kept in selected if kept]
    left = [number for number in articles if number > stopped["done"]]
    return Run(int(stopped["id"]), left, len(articles) - len(left), len(selected) - len(articles))


def _shadow(archive: Archive) -> None:
    """Lay empty temporary tables over the two of this room: SQLite looks there first."""
    tables = archive.connection.execute(
        "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name IN ('reextractions', 'drafts')"
    ).fetchall()
    for (sql,) in tables:
        archive.connection.execute(sql.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))


def discard(archive: Archive) -> None:
    """Forget a run that did not end, with its drafts. Runs in the caller's transaction."""
    archive.connection.execute("DELETE FROM drafts")
    archive.connection.execute("DELETE FROM reextractions WHERE finished IS NULL")


def _articles(archive: Archive, ids: list[int], **filters: Any) -> list[tuple[int, bool]]:
    """Return the selected articles, each with whether a page of its present revision is kept."""
    condition, parameters = where(**filters)
    if ids:
        condition += f" AND articles.id IN ({','.join('?' * len(ids))})"
    rows = archive.connection.execute(
        "SELECT articles.id, EXISTS (SELECT 1 FROM pages WHERE article = articles.id "
        f"AND pages.revision = articles.revision) FROM articles WHERE {condition} ORDER BY articles.id",
        [*parameters, *ids],
    )
    return [(number, bool(kept)) for number, kept in rows]


def draft(archive: Archive, article: int, reader: Reader) -> Draft:
    """Read the pages of an article again and compare; writes nothing."""
    old = archive.article(article)
    if old is None:
        return Draft(article, 0, [], error="it was forgotten meanwhile")
    try:
        new = reader(pages.read(archive, article, old.revision), old)
    except (ExtractionError, pages.PageError) as error:
        return Draft(article, old.revision, [], error=str(error))
    clean_phrases(new)
    if not new.body:
        return Draft(article, old.revision, [], error="nothing but boilerplate where the body should be")
    _fit(archive, new, old)
    columns, before = to_row(new), to_row(old)
    fields = [name for name in columns if columns[name] != before[name]]
    return Draft(article, old.revision, fields, columns if fields else None)


def _stored(archive: Archive, article: int) -> Article:
    return from_row(archive.connection.execute("SELECT * FROM articles WHERE id = ?", (article,)).fetchone())


def _fit(archive: Archive, new: Article, old: Article) -> None:
    """Give an article what it keeps of its stored state, and clean it by what the site has taught."""
    for name in _KEPT:
        setattr(new, name, getattr(old, name))
    hints.date_by_edition(new)
    clean_learned(new, learning.reasons(archive, new, settled=True))


def note(archive: Archive, run: int, drafts: Iterable[Draft]) -> None:
    """Note drafts, in the order of their articles; a run that is stopped goes on after the last one."""
    with archive.transaction():
        for one in drafts:
            same = one.error is None and not one.fields
            archive.connection.execute(
                "UPDATE reextractions SET done = max(done, ?), same = same + ?, failed = failed + ? WHERE id = ?",
                (one.article, same, one.error is not None, run),
            )
            # Nothing comes back of an article that was forgotten after it was read.
            if not same and archive.query_value("SELECT 1 FROM articles WHERE id = ?", (one.article,)):
                archive.connection.execute(
                    "INSERT OR REPLACE INTO drafts (article, reextraction, revision, fields, columns, error) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (one.article, run, one.revision, dumps(one.fields))
                    + (None if one.columns is None else dumps(one.columns), one.error),
                )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a field of an article is and would be."""

    article: int
    old: Any
    new: Any


@dataclass(slots=True)
class Report:
    """What a run found: pages that give the same article, another one, none (by reason, with an article's id);
    articles by field that differs, and of each field some examples."""

    same: int
    changed: int
    failed: dict[str, list[int]]
    fields: dict[str, int]
    examples: dict[str, list[Difference]]


def report(archive: Archive, run: int, *, examples: int = 2) -> Report:
    """Return what a run has found and not written yet."""
    execute = archive.connection.execute
    failed: dict[str, list[int]] = {}
    for article, error in execute(
        "SELECT article, error FROM drafts WHERE error IS NOT NULL ORDER BY article"
    ):
        failed.setdefault(error, []).append(article)
    fields = execute(
        "SELECT value, count(*) AS articles FROM drafts, json_each(fields) GROUP BY value ORDER BY articles DESC, value"
    )
    found = Report(
        same=archive.query_value("SELECT same FROM reextractions WHERE id = ?", (run,)),
        changed=archive.query_value("SELECT count(*) FROM drafts WHERE error IS NULL"),
        failed=failed,
        fields={row["value"]: row["articles"] for row in fields},
        examples={},
    )
    for name in found.fields:
        rows = execute(
            "SELECT article, columns FROM drafts WHERE EXISTS (SELECT 1 FROM json_each(fields) WHERE value = ?) "
            "ORDER BY article LIMIT ?",
            (name, examples),
        ).fetchall()
        found.examples[name] = [
            Difference(
                row["article"],
                to_row(_stored(archive, row["article"]))[name],
                json.loads(row["columns"])[name],
            )
            for row in rows
        ]
    return found


def write(archive: Archive, run: int, *, at_once: int = 100) -> Iterable[int]:
    """Write the drafts of a run in place and yield how many were written or found out of date at a time.

    A draft and its article are one transaction with the ones beside them: a run that is killed goes on with the rest.
    An article that a crawl has revised meanwhile stays as it is.
    """
    while True:
        with archive.transaction():
            rows = archive.connection.execute(
                "SELECT article, revision, columns FROM drafts WHERE error IS NULL ORDER BY article LIMIT ?",
                (at_once,),
            ).fetchall()
            for row in rows:
                archive.connection.execute("DELETE FROM drafts WHERE article = ?", (row["article"],))
                old = _stored(archive, row["article"])
                if old.revision == row["revision"]:
                    _write(archive, old, json.loads(row["columns"]))
                    archive.connection.execute(
                        "UPDATE reextractions SET written = written + 1 WHERE id = ?", (run,)
                    )
        if not rows:
            return
        yield len(rows)


def _write(archive: Archive, old: Article, columns: dict[str, Any]) -> None:
    new = from_row({"id": old.id, **columns})
    # Copies may have been linked and verdicts have changed since the draft was made.
    _fit(archive, new, old)
    replace(archive, old, new)


def finish(archive: Archive, run: int) -> None:
    """Note that a run is complete."""
    with archive.transaction():
        archive.connection.execute("DELETE FROM drafts")
        archive.connection.execute("UPDATE reextractions SET finished = ? WHERE id = ?", (now(), run))
