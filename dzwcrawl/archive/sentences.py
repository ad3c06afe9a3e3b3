"""The index of sentences: which articles have a sentence, and whether it is a standing one.

It is kept by periods of :data:`PERIOD` days: what is written together lies together, however large the archive is. To
write the forty sentences of an article each to its own place would still dirty forty pages an article. Therefore an
article is only named in the table `fresh` at first, and each process that writes knows the sentences of the fresh ones
by heart (:class:`Fresh`); when there are :data:`BATCH` of them, their sentences are written at once, sorted.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dzwcrawl.duplicates.sentences import clause_weight, pack, unpack, weight

WINDOW = 31
"""Days between two copies of which neither is a copy of the other's whole text."""

PERIOD = 64
"""Days; so long that a window touches two periods and never three."""

BATCH = 2000
"""Articles; about 12 MB of memory."""

_DAYS = 4
"""Days of a period on which one outlet has a sentence: then it is a standing one, and counts for nothing."""

_ARTICLES = 12
"""Likewise articles of one outlet."""

_HOLDERS = 200
"""Likewise articles of all outlets together."""


@dataclass(slots=True)
class Print:
    """What is looked at of an article. `day` is a number of days; `original` the article it is a copy of, or None."""

    article: int
    site: str
    day: int
    original: int | None
    keys: frozenset[bytes]
    size: int = field(init=False)
    clauses: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = sum(map(weight, self.keys))
        self.clauses = sum(map(clause_weight, self.keys))

    @property
    def period(self) -> int:
        """The part of the index it is in."""
        return self.day // PERIOD

    @property
    def periods(self) -> set[int]:
        """The parts of the index in which its copies may be."""
        return {(self.day - WINDOW) // PERIOD, self.period, (self.day + WINDOW) // PERIOD}


_KNOWN = """
SELECT substr(?1, each.key * 6 + 1, 6) FROM json_each(?2) AS each WHERE EXISTS
    (SELECT 1 FROM sentences WHERE period = ?3 AND sentence = substr(?1, each.key * 6 + 1, 6))
"""
"""Which keys of a row of bytes are in a period; an array of as many zeros counts them off."""

_OFTEN = """
SELECT 1 FROM json_each(?1) JOIN fingerprints ON article = value
GROUP BY site HAVING count(DISTINCT day) >= ?2 OR count(*) >= ?3 LIMIT 1
"""


class Fresh:
    """The sentences of articles that are not in the table yet, as one process knows them.

    It may still name articles that were changed or deleted since: who reads it looks at their prints.
    """

    def __init__(self) -> None:
        self.articles: dict[bytes, list[int]] = defaultdict(list)
        self.first = self.last = 0

    def clear(self) -> None:
        """Forget everything: what was written was not committed, or is in the table now."""
        self.articles.clear()
        self.first = self.last = 0

    def read(self, connection: sqlite3.Connection) -> None:
        """Take over what other processes wrote since the last time."""
        first, last = connection.execute(
            "SELECT (SELECT min(number) FROM fresh), (SELECT max(number) FROM fresh)"
        ).fetchone()
        if (first or 0) != self.first or (last or 0) < self.last:
            self.clear()
        if (last or 0) == self.last:
            return
        rows = connection.execute(
            "SELECT article, sentences FROM fresh JOIN fingerprints USING (article) WHERE number > ? ORDER BY number",
            (self.last,),
        )
        for article, sentences in rows:
            self.add(article, unpack(sentences))
        self.first, self.last = first, last

    def add(self, article: int, keys: Iterable[bytes]) -> None:
        """Note the sentences of an article."""
        for key in keys:
            self.articles[key].append(article)


class Index:
    """The index in one transaction, with what was read of it."""

    def __init__(self, connection: sqlite3.Connection, fresh: Fresh) -> None:
        self.connection = connection
        self.fresh = fresh
        self._prints: dict[int, Print | None] = {}
        self._holders: dict[tuple[int, bytes], list[int]] = {}
        self._standing: dict[tuple[int, ...], bool] = {}
        fresh.read(connection)

    def print_of(self, article: int) -> Print | None:
        """Return what the index has of an article."""
        if article not in self._prints:
            row = self.connection.execute(
                "SELECT article, site, day, original, sentences FROM fingerprints WHERE article = ?",
                (article,),
            ).fetchone()
            self._prints[article] = (
                None if row is None else Print(row[0], row[1], row[2], row[3], unpack(row[4]))
            )
        return self._prints[article]

    def remove(self, old: Print) -> None:
        """Take an article out."""
        self.connection.executemany(
            "DELETE FROM sentences WHERE period = ? AND sentence = ? AND article = ?",
            [(old.period, key, old.article) for key in old.keys],
        )
        for table in ("fingerprints", "fresh"):
            self.connection.execute(f"DELETE FROM {table} WHERE article = ?", (old.article,))
        self._prints[old.article] = None
        self._forget()

    def add(self, new: Print) -> None:
        """Put in an article that is not in it."""
        self.connection.execute(
            "INSERT INTO fingerprints (article, site, day, original, sentences) VALUES (?, ?, ?, ?, ?)",
            (new.article, new.site, new.day, new.original, pack(new.keys)),
        )
        number = self.connection.execute("INSERT INTO fresh (article) VALUES (?)", (new.article,)).lastrowid
        self.fresh.add(new.article, new.keys)
        self.fresh.first, self.fresh.last = self.fresh.first or number or 0, number or 0
        self._prints[new.article] = new
        self._forget()

    def _forget(self) -> None:
        self._holders.clear()
        self._standing.clear()

    def merge(self) -> None:
        """Write the sentences of fresh articles to the table when they are many."""
        if self.connection.execute("SELECT count(*) FROM fresh").fetchone()[0] < BATCH:
            return
        prints = [
            self.print_of(row[0]) for row in self.connection.execute("SELECT article FROM fresh").fetchall()
        ]
        self.connection.executemany(
            "INSERT INTO sentences (period, sentence, article) VALUES (?, ?, ?)",
            sorted((one.period, key, one.article) for one in prints if one is not None for key in one.keys),
        )
        self.connection.execute("DELETE FROM fresh")
        self.fresh.clear()

    def look_up(self, one: Print) -> None:
        """Find at once which sentences of an article are in the table at all: of most articles none is."""
        packed = b"".join(one.keys)
        for period in one.periods:
            if all((period, key) in self._holders for key in one.keys):
                continue
            rows = self.connection.execute(_KNOWN, (packed, f"[0{',0' * (len(one.keys) - 1)}]", period))
            known = {row[0] for row in rows}
            for key in one.keys - known:
                self._holders[period, key] = self._with_fresh([], period, key)

    def holders(self, period: int, key: bytes) -> list[int]:
        """Return the articles of a period that have a sentence, not all where there are more than count."""
        found = self._holders.get((period, key))
        if found is None:
            rows = self.connection.execute(
                "SELECT article FROM sentences WHERE period = ? AND sentence = ? LIMIT ?",
                (period, key, _HOLDERS + 1),
            )
            found = self._holders[period, key] = self._with_fresh([row[0] for row in rows], period, key)
        return found

    def _with_fresh(self, found: list[int], period: int, key: bytes) -> list[int]:
        for article in self.fresh.articles.get(key, ()):
            one = self.print_of(article)
            if one is not None and one.period == period and key in one.keys and article not in found:
                found.append(article)
        return found

    def is_standing(self, holders: list[int]) -> bool:
        """Tell whether a sentence that these articles of a period have is a standing one."""
        if not _DAYS <= len(holders) <= _HOLDERS:
            return len(holders) > _HOLDERS
        found = self._standing.get(tuple(holders))
        if found is None:
            row = self.connection.execute(_OFTEN, (str(holders), _DAYS, _ARTICLES)).fetchone()
            found = self._standing[tuple(holders)] = row is not None
        return found

    def turned(self, one: Print) -> set[int]:
        """Return the articles with a sentence that is a standing one with this article and not without it."""
        found: set[int] = set()
        self.look_up(one)
        for key in one.keys:
            holders = self.holders(one.period, key)
            if len(holders) < _DAYS:
                continue
            others = [holder for holder in holders if holder != one.article]
            if self.is_standing(holders) != self.is_standing(others):
                for period in (one.period - 1, one.period, one.period + 1):
                    found.update(self.holders(period, key))
        return found
