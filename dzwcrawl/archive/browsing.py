"""The archive for people who look around: pages of articles, newest first, and how many there are of what.

Everything here walks the index `articles_browsing`, which holds what articles are filtered and counted by, so that
no body is read but of the articles that are shown.
"""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.rows import dumps
from dzwcrawl.archive.selection import where

State = Literal["revised", "vanished"]

STATES: tuple[State, ...] = ("revised", "vanished")

_INDEX = "articles INDEXED BY articles_browsing"

_EXCERPT = 120
"""Characters of a body that a list shows."""

_STEPS = 20_000
"""Instructions of SQLite's machine between two looks at the clock: about a millisecond."""


class TooSlow(Exception):
    """A question took longer than it may."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at; None does not restrict. `day` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, `section` one entry of
    the breadcrumb. Copies of other articles are left out unless `copies` is set. `ids` are those of a search.
    """

    site: str | None = None
    section: str | None = None
    source: str | None = None
    day: str | None = None
    state: State | None = None
    copies: bool = False
    ids: tuple[int, ...] | None = None

    def filters(self) -> dict[str, Any]:
        """Return the filters of :func:`dzwcrawl.archive.selection.where` that select the same."""
        return {
            "site": self.site,
            "section": self.section,
            "source": self.source,
            "since": self.day,
            "until": self.day,
            "revised": self.state == "revised",
            "vanished": self.state == "vanished",
            "duplicates": self.copies,
        }

    def condition(self) -> tuple[str, list[Any]]:
        """Return an SQL condition on `articles` and its parameters; what saves work stands first."""
        parts: list[str] = []
        parameters: list[Any] = []
        if self.day is not None:
            parts.append("published < ?")
            parameters.append(f"{self.day}~")
        if self.section is not None:
            # A whole entry with its quotes cannot be a part of another: inside one a quote is escaped.
            parts.append("instr(section, ?)")
            parameters.append(dumps(self.section))
        condition, more = where(**self.filters())
        parts.append(condition)
        parameters += more
        if self.ids is not None:
            parts.append("id IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(self.ids))
        return " AND ".join(parts), parameters


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a list; `excerpt` is the start of its body, `versions` how many articles are in its cluster."""

    id: int
    site: str
    url: str
    title: str | None
    source: str | None
    published: str | None
    revision: int
    vanished: str | None
    duplicate_of: int | None
    language: str | None
    versions: int
    excerpt: str


Place = tuple[str | None, int]
"""Where a page of a list ends: `published` and `id` of an article."""


@contextmanager
def time_limit(archive: Archive, seconds: float) -> Iterator[None]:
    """Stop what is asked of the archive after some seconds. A limit inside another one takes its place for good.

    :raises TooSlow: when it was stopped.
    """
    end = time.monotonic() + seconds
    archive.connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise TooSlow(f"stopped after {seconds} seconds") from error
    finally:
        archive.connection.set_progress_handler(None, 0)


def newest(archive: Archive, selection: Selection, *, before: Place | None = None, limit: int) -> list[Entry]:
    """Return the newest articles, those without a date last.

    :param before: only those after this place in the list.
    """
    if before is None:
        found = _entries(archive, selection, "published IS NOT NULL", (), limit)
    elif before[0] is not None:
        found = _entries(archive, selection, "(published, id) < (?, ?)", before, limit)
    else:
        return _entries(archive, selection, "published IS NULL AND id < ?", before[1:], limit)
    return found + _entries(archive, selection, "published IS NULL", (), limit - len(found))


def newer(archive: Archive, selection: Selection, *, after: Place, limit: int) -> list[Entry]:
    """Return the articles that stand just before a place in the list of :func:`newest`, in its order."""
    found: list[Entry] = []
    place: tuple[str, Sequence[Any]] = ("(published, id) > (?, ?)", after)
    if after[0] is None:
        found = _entries(archive, selection, "published IS NULL AND id > ?", after[1:], limit, "ASC")
        place = ("published IS NOT NULL", ())
    return (found + _entries(archive, selection, *place, limit - len(found), "ASC"))[::-1]


def _entries(
    archive: Archive, selection: Selection, place: str, at: Sequence[Any], limit: int, order: str = "DESC"
) -> list[Entry]:
    if limit == 0:
        return []
    condition, parameters = selection.condition()
    rows = archive.connection.execute(
        f"SELECT id FROM {_INDEX} WHERE {place} AND {condition} ORDER BY published {order}, id {order} LIMIT ?",
        (*at, *parameters, limit),
    )
    return by_ids(archive, [row[0] for row in rows])


def by_ids(archive: Archive, ids: Sequence[int]) -> list[Entry]:
    """Return articles in the order of their ids as given."""
    rows = archive.connection.execute(
        "SELECT articles.id, site, url, title, source, published, revision, vanished, duplicate_of, language, "
        "(SELECT count(*) FROM articles AS version WHERE version.cluster = articles.cluster) AS versions, "
        "replace(substr(body, 1, ?), char(10), ' ') AS excerpt FROM json_each(?) AS wanted "
        "CROSS JOIN articles ON articles.id = wanted.value ORDER BY wanted.key",
        (_EXCERPT, json.dumps(list(ids))),
    )
    return [Entry(**dict(row)) for row in rows]


def count(archive: Archive, selection: Selection) -> int:
    """Return how many articles there are."""
    condition, parameters = selection.condition()
    return int(archive.query_value(f"SELECT count(*) FROM {_INDEX} WHERE {condition}", tuple(parameters)))


def counts(
    archive: Archive, selection: Selection, by: Literal["site", "source"], limit: int = 12
) -> list[tuple[str, int]]:
    """Return outlets or sources with their articles, most first."""
    condition, parameters = selection.condition()
    rows = archive.connection.execute(
        f"SELECT {by}, count(*) FROM {_INDEX} WHERE {condition} AND {by} IS NOT NULL "
        f"GROUP BY {by} ORDER BY 2 DESC, 1 LIMIT ?",
        (*parameters, limit),
    )
    return [(row[0], row[1]) for row in rows]


def sections(archive: Archive, selection: Selection, limit: int = 12) -> list[tuple[str, int]]:
    """Return the entries of breadcrumbs with their articles, most first."""
    condition, parameters = selection.condition()
    found: Counter[str] = Counter()
    for section, articles in archive.connection.execute(
        f"SELECT section, count(*) FROM {_INDEX} WHERE {condition} GROUP BY section", parameters
    ):
        for name in set(json.loads(section)):
            found[name] += articles
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))[:limit]


def states(archive: Archive, selection: Selection) -> dict[str, int]:
    """Return how many articles were `revised` and have `vanished`, and how many `copies` there are beside them."""
    condition, parameters = replace(selection, state=None, copies=True).condition()
    row = archive.connection.execute(
        "SELECT sum(revision > 1 AND (?1 OR duplicate_of IS NULL)), sum(vanished IS NOT NULL AND (?1 OR duplicate_of IS NULL)), "
        f"sum(duplicate_of IS NOT NULL) FROM {_INDEX} WHERE {condition}",
        (selection.copies, *parameters),
    ).fetchone()
    return {name: row[at] or 0 for at, name in enumerate(("revised", "vanished", "copies"))}


def days(archive: Archive, selection: Selection, length: int = 10) -> dict[str, int]:
    """Return how many articles were published in each year (length 4), month (7) or day (10), newest first."""
    condition, parameters = selection.condition()
    rows = archive.connection.execute(
        f"SELECT substr(published, 1, ?), count(*) FROM {_INDEX} WHERE length(published) >= ? AND {condition} "
        "GROUP BY 1 ORDER BY 1 DESC",
        (length, length, *parameters),
    )
    return {row[0]: row[1] for row in rows}


def per_day(archive: Archive, since: str) -> dict[str, dict[str, int]]:
    """Return for each outlet its days from `since` on (YYYY-MM-DD) with their articles."""
    condition, parameters = Selection().condition()
    found: dict[str, dict[str, int]] = {}
    for site, day, articles in archive.connection.execute(
        f"SELECT site, substr(published, 1, 10), count(*) FROM {_INDEX} WHERE published >= ? "
        f"AND length(published) >= 10 AND {condition} GROUP BY 1, 2",
        (since, *parameters),
    ):
        found.setdefault(site, {})[day] = articles
    return found


def neighbours(archive: Archive, day: str) -> tuple[str | None, str | None]:
    """Return the days before and after a day (YYYY-MM-DD) on which something was published."""
    condition, parameters = Selection().condition()
    asked = (
        f"SELECT substr(published, 1, 10) FROM {_INDEX} WHERE {condition} AND length(published) >= 10 AND "
    )
    before = f"{asked} published < ? ORDER BY published DESC LIMIT 1"
    after = f"{asked} published >= ? ORDER BY published LIMIT 1"
    value = archive.query_value
    return value(before, (*parameters, day)), value(after, (*parameters, f"{day}~"))


def last_day(archive: Archive) -> str | None:
    """Return the last day on which something was published."""
    return neighbours(archive, "~")[0]


def by_outlet(archive: Archive) -> list[dict[str, Any]]:
    """Return the outlets, the one with most articles first.

    Keys: `site`; `articles`, originals only; `copies`; `first` and `last` day; how many articles were `revised` and have
    `vanished`.
    """
    rows = archive.connection.execute(
        "SELECT site, sum(duplicate_of IS NULL) AS articles, sum(duplicate_of IS NOT NULL) AS copies, "
        "substr(min(published), 1, 10) AS first, substr(max(published), 1, 10) AS last, "
        "sum(revision > 1 AND duplicate_of IS NULL) AS revised, "
        "sum(vanished IS NOT NULL AND duplicate_of IS NULL) AS vanished "
        f"FROM {_INDEX} GROUP BY site ORDER BY articles DESC, site"
    )
    return [dict(row) for row in rows]
