"""What has to be known of all partitions at once: which drafts are one article, which articles are copies.

It is kept in a SQLite file, which sorts more rows than fit in memory: some 150 bytes a draft.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

_TABLES = """
CREATE TABLE drafts (
    part INTEGER NOT NULL, place INTEGER NOT NULL, key BLOB NOT NULL, fetched TEXT, first TEXT NOT NULL, digest BLOB,
    PRIMARY KEY (part, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, part INTEGER NOT NULL, place INTEGER NOT NULL, first_seen TEXT, last_seen TEXT,
    first TEXT NOT NULL, digest BLOB, duplicate_of INTEGER,
    UNIQUE (part, place)
) STRICT;
"""


class Draft(NamedTuple):
    """What the plan is told of a draft: digests of its key and of its text, the UTC time if known; `first` sorts copies."""

    key: bytes
    fetched: str | None
    first: str
    digest: bytes | None


class Chosen(NamedTuple):
    """A draft that is an article of the result, by its place in its partition."""

    place: int
    id: int
    duplicate_of: int | None
    first_seen: str | None
    last_seen: str | None


class Plan:
    """The drafts of a job. Use it as a context manager.

    :param file: is made anew.
    """

    def __init__(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._connection = sqlite3.connect(file, isolation_level=None)
        # It is made anew whenever the job is started, so nothing has to survive a power cut.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add(self, part: int, drafts: Iterable[Draft]) -> None:
        """Note the drafts of a partition, in their order."""
        self._connection.executemany(
            "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?)",
            ((part, place, *draft) for place, draft in enumerate(drafts)),
        )

    def choose(self) -> None:
        """Make an article of each key: the draft that was fetched last, numbered in the order of the partitions."""
        self._connection.execute(
            "INSERT INTO articles SELECT row_number() OVER (ORDER BY part, place), part, place, first_seen, "
            "last_seen, first, digest, NULL FROM (SELECT *, min(fetched) OVER (PARTITION BY key) AS first_seen, "
            "max(fetched) OVER (PARTITION BY key) AS last_seen, row_number() OVER (PARTITION BY key "
            "ORDER BY fetched DESC, part DESC, place DESC) AS rank FROM drafts) WHERE rank = 1"
        )

    def update(self, part: int, digests: Iterable[bytes | None]) -> bool:
        """Note the digests of the texts of a partition's articles, in order; return whether one is another one."""
        rows = self._connection.execute(
            "SELECT id, digest FROM articles WHERE part = ? ORDER BY place", (part,)
        ).fetchall()
        changed = [
            (digest, number) for (number, old), digest in zip(rows, digests, strict=True) if digest != old
        ]
        self._connection.executemany("UPDATE articles SET digest = ? WHERE id = ?", changed)
        return bool(changed)

    def find_copies(self) -> bool:
        """Make the first of the articles with one text the original; return whether a copy changed.

        As the archive does (:func:`dzwcrawl.archive.store.link_copies`).
        """
        cursor = self._connection.execute(
            "UPDATE articles SET duplicate_of = nullif(original, articles.id) FROM (SELECT id, first_value(id) OVER "
            "(PARTITION BY digest ORDER BY first) AS original FROM articles "
            "WHERE digest IS NOT NULL UNION ALL SELECT id, id FROM articles WHERE digest IS NULL) AS found "
            "WHERE found.id = articles.id AND duplicate_of IS NOT nullif(original, articles.id)"
        )
        return bool(cursor.rowcount)

    def chosen(self, part: int) -> list[Chosen]:
        """Return the articles of a partition, in their order."""
        rows = self._connection.execute(
            "SELECT place, id, duplicate_of, first_seen, last_seen FROM articles WHERE part = ? ORDER BY place",
            (part,),
        )
        return [Chosen(*row) for row in rows]

    def numbers(self) -> dict[str, int]:
        """Return how many articles there are, how many of them are copies, and how many drafts were older captures."""
        articles, copies = self._connection.execute(
            "SELECT count(*), count(duplicate_of) FROM articles"
        ).fetchone()
        drafts = self._connection.execute("SELECT count(*) FROM drafts").fetchone()[0]
        return {"articles": articles, "copies": copies, "older_captures": drafts - articles}
