"""Take-down: an article leaves the archive with everything that was made of it, and is not collected again.

What stays is a tombstone (:mod:`dzwcrawl.archive.tombstones`). Pages of the file that get free are overwritten
(PRAGMA secure_delete, set for every connection), the search index is merged into one piece, because older pieces keep
what was deleted, and the write-ahead log is emptied.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from dzwcrawl.archive import learning, pages, tombstones
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.history import at_revision
from dzwcrawl.archive.rows import from_row
from dzwcrawl.archive.store import link_copies
from dzwcrawl.article import Article

_WAIT = 10_000
"""Milliseconds to wait until nobody reads an older state any more, so that the log can be emptied."""

_MERGED = 2000
"""Pages of a search index that are merged in one transaction: some tenths of a second."""

_TITLES = 20
"""Articles up to which others are searched for their titles: each is a walk through the archive."""

_DISTINCT = 6
"""Characters of a title below which its appearance elsewhere says nothing."""


@dataclass(slots=True)
class Report:
    """What was forgotten, or would be: the articles (id, title, URL), how many older revisions, raw pages and URLs
    went with them; `copies` of them that stay (id, URL), and copies in good part (`clustered`, ids); others in which a title
    stands (`mentions`, ids).

    `in_log`: words may still stand in the file and its log, because another process reads an older state.
    """

    articles: list[tuple[int, str | None, str]] = field(default_factory=list)
    revisions: int = 0
    pages: int = 0
    urls: int = 0
    copies: list[tuple[int, str]] = field(default_factory=list)
    clustered: list[int] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    in_log: bool = False


def forget(archive: Archive, ids: Iterable[int], *, why: str | None = None, dry_run: bool = False) -> Report:
    """Remove articles with all that was made of them, in one transaction, and report what went.

    Before it, pages that are packed with theirs are packed anew, which changes nothing for anybody.

    :param why: is kept in the tombstones; in the words of who asks, so it should not repeat what is forgotten.
    :param dry_run: report only.
    """
    numbers = sorted(set(ids))
    with archive.snapshot():
        report = _report(archive, numbers)
    if dry_run:
        return report
    pages.retire(archive, numbers)
    with archive.transaction():
        for number in numbers:
            row = archive.connection.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchone()
            if row is not None:
                _forget(archive, row, why)
    report.in_log = not scrub(archive)
    return report


def _report(archive: Archive, numbers: list[int]) -> Report:
    def rows(sql: str) -> list[Any]:
        return archive.connection.execute(sql, {"ids": json.dumps(numbers)}).fetchall()

    ours = "(SELECT value FROM json_each(:ids))"
    report = Report([tuple(row) for row in rows(f"SELECT id, title, url FROM articles WHERE id IN {ours}")])
    for table in ("revisions", "pages", "urls"):
        setattr(report, table, rows(f"SELECT count(*) FROM {table} WHERE article IN {ours}")[0][0])
    copies = rows(
        "SELECT DISTINCT copy.id, copy.url FROM articles JOIN articles AS copy USING (text_digest) "
        f"WHERE articles.id IN {ours} AND copy.id NOT IN {ours} ORDER BY copy.id"
    )
    report.copies = [tuple(row) for row in copies]
    same = {number for number, _ in report.copies}
    clustered = rows(
        f"SELECT id FROM articles WHERE id NOT IN {ours} AND cluster IN (SELECT cluster FROM articles WHERE id IN {ours})"
    )
    report.clustered = [row[0] for row in clustered if row[0] not in same]
    titles = [title for _, title, _ in report.articles if title and len(title) >= _DISTINCT]
    if len(titles) <= _TITLES:
        found = set(chain.from_iterable(_mentions(archive, title) for title in titles))
        report.mentions = sorted(found - same - {*numbers})
    return report


def _mentions(archive: Archive, title: str) -> list[int]:
    rows = archive.connection.execute(
        "SELECT id FROM articles WHERE instr(title, ?1) OR instr(body, ?1) OR instr(layout, ?1) OR instr(description, ?1) "
        "UNION SELECT article FROM revisions WHERE instr(record, ?1) OR instr(layout, ?1)",
        (title,),
    )
    return [row[0] for row in rows]


def _forget(archive: Archive, row: Any, why: str | None) -> None:
    """Remove one article. Runs in the caller's transaction."""
    execute, article = archive.connection.execute, from_row(row)
    known = execute("SELECT url, key FROM urls WHERE article = ?", (article.id,)).fetchall()
    urls = {article.url, *(each["url"] for each in known)}
    if not _is_shared(archive, article):
        urls.add(article.canonical_url)
    keys = tombstones.keys_of(urls, *(each["key"] for each in known))
    received = execute("SELECT DISTINCT payload FROM pages WHERE article = ?", (article.id,)).fetchall()
    _unlink(archive, article, row["text_digest"])
    _unlearn(archive, article)
    tombstones.bury(archive, int(article.id or 0), article.url or "", keys, why)
    for key in keys:
        execute("DELETE FROM hints WHERE key = ?", (key,))
    execute("DELETE FROM articles WHERE id = ?", (article.id,))
    for key in keys:
        execute(
            "DELETE FROM answers WHERE url IN (SELECT url FROM urls WHERE key = ? AND article IS NULL)",
            (key,),
        )
        execute("DELETE FROM urls WHERE key = ? AND article IS NULL", (key,))
    for url in urls:
        execute("DELETE FROM answers WHERE url = ?", (url,))
        execute(
            "UPDATE facts SET findings = replace(findings, json_quote(?1), 'null') WHERE instr(findings, json_quote(?1))",
            (url,),
        )
    pages.discard(archive, [each["payload"] for each in received])


def _is_shared(archive: Archive, article: Article) -> bool:
    """Tell whether the canonical URL of an article is that of another one too, as sites that name one for all have it."""
    return bool(
        archive.query_value(
            "SELECT 1 FROM articles WHERE (canonical_url = ?1 OR url = ?1) AND id != ?2 LIMIT 1",
            (article.canonical_url, article.id),
        )
    )


def _unlink(archive: Archive, article: Article, digest: str | None) -> None:
    """Take an article out from among its copies: the next earliest becomes the original; and take back its counts."""
    if article.duplicate_of is None:
        learning.count(archive, article, -1)
    execute = archive.connection.execute
    execute("UPDATE articles SET duplicate_of = NULL, text_digest = NULL WHERE id = ?", (article.id,))
    link_copies(archive, digest)
    for row in execute("SELECT * FROM articles WHERE duplicate_of = ?", (article.id,)).fetchall():
        learning.set_duplicate(archive, from_row(row), None)


def _unlearn(archive: Archive, article: Article) -> None:
    """Remove the lines of an article from what is learned of its site, where they stand on no other."""
    states = [at_revision(archive, article, number) for number in range(1, article.revision + 1)]
    learning.unlearn(archive, [state for state in states if state is not None])


def _merge(archive: Archive, index: str) -> None:
    """Merge the pieces of a search index into one, a little at a time: others may write in between.

    As the documentation of FTS5 has it: a negative number of pages begins, positive ones go on until nothing is
    left to do, which shows in fewer than two changes.
    """
    at_once, done = -_MERGED, 2
    while done >= 2:
        with archive.transaction():
            before = archive.connection.total_changes
            archive.connection.execute(
                f'INSERT INTO "{index}" ("{index}", rank) VALUES (\'merge\', ?)', (at_once,)
            )
            done = archive.connection.total_changes - before
        at_once = _MERGED


def scrub(archive: Archive) -> bool:
    """Overwrite what was deleted; return whether nothing of it is left beside the archive itself.

    False: another process has the file open and reads an older state, so the write-ahead log could not be emptied.
    """
    execute = archive.connection.execute
    indexes = execute(
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5(%'"
    ).fetchall()
    for (name,) in indexes:
        _merge(archive, name)
    wait = archive.query_value("PRAGMA busy_timeout")
    execute(f"PRAGMA busy_timeout = {_WAIT}")
    try:
        return not execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        execute(f"PRAGMA busy_timeout = {wait}")
