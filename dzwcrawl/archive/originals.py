"""Which article is a copy of which, kept true in the transaction that writes.

Two articles are alike when the sentences they share make up :data:`SHARE` of the shorter one, they were published at
most :data:`WINDOW` days apart and are no standing text. An article belongs to the earlier original that it shares
most with; an original is an article that belongs to none. So every copy is like its original, there are no chains, and
who belongs to whom follows from what is stored, not from the order in which it came.

Copies of a whole text (`duplicate_of`) are not looked at themselves: they go where their original goes.

Triggers note in `unclustered` which articles have to be looked at, whoever wrote them; :func:`settle` does it before
:meth:`dzwcrawl.archive.archive.Archive.transaction` commits. The index is kept by periods of :data:`PERIOD` days: what
is written together lies together, however large the archive is.
"""

import heapq
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from dzwcrawl.duplicates import Order, order
from dzwcrawl.duplicates.sentences import SHORT, clause_weight, keys_of, pack, unpack, weight
from dzwcrawl.text import fold

SHARE = 0.4
"""Of the characters of the shorter text, in sentences that both have."""

SHARE_OF_CLAUSES = 0.6
"""Likewise of two short texts, in clauses."""

SHARE_OF_SERIES = 0.7
"""Of two articles of one outlet on different days: an outlet seldom prints a text twice, and often fills in a form."""

LEAST = 20
"""Characters that must be shared."""

WINDOW = 31
"""Days between two copies of which neither is a copy of the other's whole text."""

PERIOD = 64
"""Days; so long that a window touches two periods and never three."""

_DAYS = 4
"""Days of a period on which one outlet has a sentence: then it is a standing one, and counts for nothing."""

_ARTICLES = 12
"""Likewise articles of one outlet."""

_HOLDERS = 200
"""Likewise articles of all outlets together."""

_DATES = re.compile(
    r"\d+(?:年|月|日|号|期|时|点|周|轮|届)|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?"
    r"|(?:周|星期)[一二三四五六日天]|第\S{1,4}[期号周轮]|[今明后]天|今日|明日"
)
"""What changes in the headlines of a series: the day, the number."""


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


def settle(connection: sqlite3.Connection) -> None:
    """Look at the articles that were written since the last call. Runs in the caller's transaction."""
    while waiting := connection.execute(
        "DELETE FROM unclustered WHERE article IN (SELECT article FROM unclustered LIMIT 500) RETURNING article"
    ).fetchall():
        _Settling(connection).run([row[0] for row in waiting])


def rebuild(connection: sqlite3.Connection) -> None:
    """Make index and clusters anew from the articles. Runs in the caller's transaction."""
    for table in ("sentences", "fingerprints", "unclustered"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("INSERT INTO unclustered (article) SELECT id FROM articles")
    settle(connection)


class _Settling:
    """One pass over articles that were written: what it has read of them and others."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.prints: dict[int, Print | None] = {}
        self.holders: dict[tuple[int, bytes], list[int]] = {}
        self.places: dict[int, tuple[Order, str]] = {}

    def run(self, articles: Iterable[int]) -> None:
        """Index the articles anew, decide what they and others are copies of, and note the clusters."""
        doubtful: set[int] = set()
        for article in articles:
            doubtful |= self._index(article)
        self._decide(doubtful)

    def _index(self, article: int) -> set[int]:
        """Bring the index up to date with an article; return the articles that may belong elsewhere now."""
        old, new = self._print(article), self._print_anew(article)
        copies = self.connection.execute("SELECT article FROM fingerprints WHERE original = ?", (article,))
        doubtful = {article, *(row[0] for row in copies)}
        if old is not None and new is not None and (old.day, old.keys) == (new.day, new.keys):
            return doubtful
        if old is not None:
            doubtful |= self._turned(old) | ({old.original} - {None})
            self.connection.executemany(
                "DELETE FROM sentences WHERE period = ? AND sentence = ? AND article = ?",
                [(old.period, key, article) for key in old.keys],
            )
            self.connection.execute("DELETE FROM fingerprints WHERE article = ?", (article,))
        self.holders.clear()
        self.prints[article] = new
        if new is not None:
            self.connection.execute(
                "INSERT INTO fingerprints (article, site, day, original, sentences) VALUES (?, ?, ?, ?, ?)",
                (article, new.site, new.day, new.original, pack(new.keys)),
            )
            self.connection.executemany(
                "INSERT INTO sentences (period, sentence, article) VALUES (?, ?, ?)",
                [(new.period, key, article) for key in sorted(new.keys)],
            )
            doubtful |= self._turned(new)
        return doubtful

    def _print(self, article: int) -> Print | None:
        """Return what the index has of an article."""
        if article not in self.prints:
            row = self.connection.execute(
                "SELECT article, site, day, original, sentences FROM fingerprints WHERE article = ?",
                (article,),
            ).fetchone()
            self.prints[article] = (
                None if row is None else Print(row[0], row[1], row[2], row[3], unpack(row[4]))
            )
        return self.prints[article]

    def _print_anew(self, article: int) -> Print | None:
        """Return what the index should have of an article: nothing of a copy of a whole text, or without sentences."""
        row = self.connection.execute(
            "SELECT site, body, published, first_seen, duplicate_of FROM articles WHERE id = ?", (article,)
        ).fetchone()
        if row is None or row["duplicate_of"] is not None or not (keys := keys_of(row["body"])):
            return None
        return Print(article, row["site"], _day(row["published"]) or _day(row["first_seen"]) or 0, None, keys)

    def _turned(self, one: Print) -> set[int]:
        """Return the articles with a sentence that is a standing one with this article and not without it."""
        turned: set[int] = set()
        for key in one.keys:
            holders = self._holders(one.period, key)
            others = [holder for holder in holders if holder != one.article]
            if len(holders) >= _DAYS and self._is_standing(holders) != self._is_standing(others):
                for period in (one.period - 1, one.period, one.period + 1):
                    turned.update(self._holders(period, key))
        return turned

    def _holders(self, period: int, key: bytes) -> list[int]:
        """Return the articles of a period that have a sentence, one more than counts where there are too many."""
        found = self.holders.get((period, key))
        if found is None:
            rows = self.connection.execute(
                "SELECT article FROM sentences WHERE period = ? AND sentence = ? LIMIT ?",
                (period, key, _HOLDERS + 1),
            )
            found = self.holders[period, key] = [row[0] for row in rows]
        return found

    def _is_standing(self, holders: list[int]) -> bool:
        if not _DAYS <= len(holders) <= _HOLDERS:
            return len(holders) > _HOLDERS
        days: dict[str, list[int]] = defaultdict(list)
        for one in map(self._print, holders):
            if one is not None:
                days[one.site].append(one.day)
        return any(len(set(each)) >= _DAYS or len(each) >= _ARTICLES for each in days.values())

    def _alike(self, one: Print) -> list[Print]:
        """Return the articles that are like one."""
        standing: dict[int, set[bytes]] = defaultdict(set)
        others: set[int] = set()
        for key in one.keys:
            for period in one.periods:
                holders = self._holders(period, key)
                if self._is_standing(holders):
                    standing[period].add(key)
                else:
                    others.update(holders)
        found = []
        for other in map(self._print, others - {one.article}):
            assert other is not None, "what is in the index of sentences has a fingerprint"
            if self._are_alike(
                one, other, (one.keys & other.keys) - standing[one.period] - standing[other.period]
            ):
                found.append(other)
        return found

    def _are_alike(self, one: Print, other: Print, common: frozenset[bytes]) -> bool:
        if abs(one.day - other.day) > WINDOW:
            return False
        series = one.site == other.site and one.day != other.day
        shared, shorter = sum(map(weight, common)), min(one.size, other.size)
        if shared >= max(LEAST, (SHARE_OF_SERIES if series else SHARE) * shorter):
            return not self._is_series(one, other)
        if series or max(one.size, other.size) >= SHORT:
            return False
        shared, shorter = sum(map(clause_weight, common)), min(one.clauses, other.clauses)
        return shared >= max(LEAST, SHARE_OF_CLAUSES * shorter) and not self._is_series(one, other)

    def _is_series(self, one: Print, other: Print) -> bool:
        """Tell whether two headlines of different days differ in nothing but the day or number they name."""
        if one.day == other.day:
            return False
        titles = [fold(self._place(each.article)[1]) for each in (one, other)]
        return titles[0] != titles[1] and _DATES.sub("#", titles[0]) == _DATES.sub("#", titles[1])

    def _place(self, article: int) -> tuple[Order, str]:
        """Return what an article is sorted by, and its headline."""
        if article not in self.places:
            row = self.connection.execute(
                "SELECT published, url, title FROM articles WHERE id = ?", (article,)
            ).fetchone()
            self.places[article] = (order(row["published"], row["url"]), row["title"] or "")
        return self.places[article]

    def _decide(self, doubtful: set[int]) -> None:
        """Decide in the order of publication what articles are copies of, and those that depend on them."""
        changed = set(doubtful)
        queued = {article for article in doubtful if self._print(article) is not None}
        waiting = [(self._place(article)[0], article) for article in queued]
        heapq.heapify(waiting)
        while waiting:
            place, article = heapq.heappop(waiting)
            queued.discard(article)
            one = self._print(article)
            assert one is not None, "only such articles wait"
            alike = self._alike(one)
            before, one.original = one.original, self._original_of(one, alike)
            if one.original != before:
                self.connection.execute(
                    "UPDATE fingerprints SET original = ? WHERE article = ?", (one.original, article)
                )
                changed |= {each for each in (article, before, one.original) if each is not None}
            if one.original != before or article in doubtful:
                for other in alike:
                    later = self._place(other.article)[0]
                    if later > place and other.article not in queued:
                        queued.add(other.article)
                        heapq.heappush(waiting, (later, other.article))
        for article in sorted(changed):
            self._note(article)

    def _original_of(self, one: Print, alike: list[Print]) -> int | None:
        """Return the earlier original that an article shares most with, the earliest of equals."""
        place = self._place(one.article)[0]
        found = [
            (-sum(map(weight, one.keys & other.keys)), self._place(other.article)[0], other.article)
            for other in alike
            if other.original is None and self._place(other.article)[0] < place
        ]
        return min(found)[-1] if found else None

    def _note(self, article: int) -> None:
        """Note the cluster of an article and of the copies of its whole text."""
        row = self.connection.execute(
            "SELECT ifnull(duplicate_of, id) FROM articles WHERE id = ?", (article,)
        ).fetchone()
        if row is None:
            return
        whole = row[0]
        one = self._print(whole)
        cluster = None if one is None else one.original
        if cluster is None and self._has_copies(whole):
            cluster = whole
        self.connection.execute(
            "UPDATE articles SET cluster = ?1 WHERE (id = ?2 OR duplicate_of = ?2) AND cluster IS NOT ?1",
            (cluster, whole),
        )

    def _has_copies(self, article: int) -> bool:
        row = self.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM fingerprints WHERE original = ?1) "
            "OR EXISTS (SELECT 1 FROM articles WHERE duplicate_of = ?1)",
            (article,),
        ).fetchone()
        return bool(row[0])


def _day(moment: str | None) -> int | None:
    """Return the day of a time or date as a number, None for one less precise."""
    try:
        return date.fromisoformat((moment or "")[:10]).toordinal()
    except ValueError:
        return None
