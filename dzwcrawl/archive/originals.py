"""Which article is a copy of which, kept true in the transaction that writes.

Two articles are alike when the sentences they share make up :data:`SHARE` of the shorter one, they were published at
most :data:`dzwcrawl.archive.sentences.WINDOW` days apart and are no standing text. An article belongs to the earlier
original that it shares most with; an original is an article that belongs to none. So every copy is like its original,
there are no chains, and who belongs to whom follows from what is stored, not from the order in which it came. Of two
short texts that share a clause the whole wording is compared (:func:`dzwcrawl.duplicates.changes.is_edit`).

Copies of a whole text (`duplicate_of`) are not looked at themselves: they go where their original goes.

Triggers note in `unclustered` which articles have to be looked at, whoever wrote them; :func:`settle` does it before
:meth:`dzwcrawl.archive.archive.Archive.transaction` commits.
"""

import heapq
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from dzwcrawl.archive.sentences import WINDOW, Fresh, Index, Print
from dzwcrawl.duplicates import Order, order
from dzwcrawl.duplicates.changes import have_same_figures, is_edit
from dzwcrawl.duplicates.sentences import SHORT, clause_weight, keys_of, weight
from dzwcrawl.text import fold

SHARE = 0.4
"""Of the characters of the shorter text, in sentences that both have."""

SHARE_OF_CLAUSES = 0.5
"""Of the shorter of two short texts of different days, in clauses."""

SHARE_OF_SERIES = 0.7
"""Of two articles of one outlet on different days: an outlet seldom prints a text twice, and often fills in a form."""

LEAST = 20
"""Characters that must be shared."""

_DATES = re.compile(
    r"\d+(?:年|月|日|号|期|时|点|周|轮|届)|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?"
    r"|(?:周|星期)[一二三四五六日天]|第\S{1,4}[期号周轮]|[今明后]天|今日|明日"
)
"""What changes in the headlines of a series: the day, the number."""


def settle(connection: sqlite3.Connection, fresh: Fresh) -> None:
    """Look at the articles that were written since the last call. Runs in the caller's transaction."""
    while waiting := connection.execute(
        "DELETE FROM unclustered WHERE article IN (SELECT article FROM unclustered LIMIT 500) RETURNING article"
    ).fetchall():
        _Settling(Index(connection, fresh)).run([row[0] for row in waiting])


def rebuild(connection: sqlite3.Connection, fresh: Fresh) -> None:
    """Make index and clusters anew from the articles. Runs in the caller's transaction."""
    for table in ("sentences", "fresh", "fingerprints", "unclustered"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("INSERT INTO unclustered (article) SELECT id FROM articles")
    settle(connection, fresh)


class _Settling:
    """One pass over articles that were written."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.connection = index.connection
        self.places: dict[int, tuple[Order, str]] = {}

    def run(self, articles: Iterable[int]) -> None:
        """Index the articles anew, decide what they and others are copies of, and note the clusters."""
        doubtful: set[int] = set()
        for article in articles:
            doubtful |= self._update(article)
        self._decide(doubtful)
        self.index.merge()

    def _update(self, article: int) -> set[int]:
        """Bring the index up to date with an article; return the articles that may belong elsewhere now."""
        old, new = self.index.print_of(article), self._print_anew(article)
        copies = self.connection.execute("SELECT article FROM fingerprints WHERE original = ?", (article,))
        doubtful = {article, *(row[0] for row in copies)}
        if old is not None and new is not None and (old.day, old.keys) == (new.day, new.keys):
            return doubtful
        if old is not None:
            doubtful |= self.index.turned(old) | ({old.original} - {None})
            self.index.remove(old)
        if new is not None:
            self.index.add(new)
            doubtful |= self.index.turned(new)
        return doubtful

    def _print_anew(self, article: int) -> Print | None:
        """Return what the index should have of an article: nothing of a copy of a whole text, or without sentences."""
        row = self.connection.execute(
            "SELECT site, body, published, first_seen, duplicate_of FROM articles WHERE id = ?", (article,)
        ).fetchone()
        if row is None or row["duplicate_of"] is not None or not (keys := keys_of(row["body"])):
            return None
        return Print(article, row["site"], _day(row["published"]) or _day(row["first_seen"]) or 0, None, keys)

    def _alike(self, one: Print) -> list[Print]:
        """Return the articles that are like one."""
        standing: dict[int, set[bytes]] = defaultdict(set)
        others: set[int] = set()
        self.index.look_up(one)
        for key in one.keys:
            for period in one.periods:
                holders = self.index.holders(period, key)
                if self.index.is_standing(holders):
                    standing[period].add(key)
                else:
                    others.update(holders)
        found = []
        for other in map(self.index.print_of, others - {one.article}):
            if other is None:
                continue
            common = (one.keys & other.keys) - standing[one.period] - standing[other.period]
            if self._are_alike(one, other, common):
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
        if not shared or self._is_series(one, other):
            return False
        texts = self._body(one.article), self._body(other.article)
        # On one day a clause is reason enough to compare; forms are filled in day by day with other figures.
        if one.day != other.day and shared < SHARE_OF_CLAUSES * shorter and not have_same_figures(*texts):
            return False
        return is_edit(*texts)

    def _body(self, article: int) -> str:
        row = self.connection.execute("SELECT body FROM articles WHERE id = ?", (article,)).fetchone()
        return str(row["body"])

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
        queued = {article for article in doubtful if self.index.print_of(article) is not None}
        waiting = [(self._place(article)[0], article) for article in queued]
        heapq.heapify(waiting)
        while waiting:
            place, article = heapq.heappop(waiting)
            queued.discard(article)
            one = self.index.print_of(article)
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
        one = self.index.print_of(whole)
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
