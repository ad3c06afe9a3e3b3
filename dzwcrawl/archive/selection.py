"""Which articles a command is about: the filters that search, export, reextract and others share."""

import re
import sqlite3
from datetime import date
from typing import Any

from dzwcrawl.search.query import parse
from dzwcrawl.text import nearest


class SelectionError(ValueError):
    """A filter that selects nothing by mistake; the message says which, and what would be right."""


_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?")


def check_day(day: str) -> None:
    """Check that a day is one.

    :raises SelectionError: saying how days are written.
    """
    try:
        if not _DAY.fullmatch(day):
            raise ValueError
        date.fromisoformat(day if len(day) == len("YYYY-MM-DD") else f"{day[:4]}-01-01")
    except ValueError:
        raise SelectionError(f"{day!r} is not a day written YYYY-MM-DD (or YYYY-MM, YYYY)") from None


def check_site(connection: sqlite3.Connection, site: str) -> None:
    """Check that an archive has met a site.

    :raises SelectionError: naming the nearest one.
    """
    if not connection.execute("SELECT 1 FROM urls WHERE site = ? LIMIT 1", (site,)).fetchone():
        known = [row[0] for row in connection.execute("SELECT DISTINCT site FROM urls ORDER BY site")]
        raise SelectionError(f"no site {site!r}; {nearest(site, known)}")


def where(
    *,
    site: str | None = None,
    section: str | None = None,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    author: str | None = None,
    query: str | None = None,
    revised: bool = False,
    vanished: bool = False,
    duplicates: bool = True,
) -> tuple[str, list[Any]]:
    """Return an SQL condition on `articles` that holds where every filter does, and its parameters.

    :param section: one of the sections an article stands in, at whatever level.
    :param since: the first day, `YYYY-MM-DD` or shorter; an article whose date is not known is left out.
    :param until: the last day, inclusive.
    :param source: the source as it is recorded.
    :param author: one of the authors.
    :param query: what is to be found in headline or body (:mod:`dzwcrawl.search.query`).
    :param revised: only those of which there is an earlier revision.
    :param vanished: only those whose page is gone.
    :param duplicates: also copies of other articles (their `duplicate_of` is set).
    :raises QueryError: for a query that means nothing.
    :raises SelectionError: for what is no day, and for a first day after the last.
    """
    _check_days(since, until)
    conditions: list[str] = ["1"]
    parameters: list[Any] = []
    if query is not None:
        parse(query)  # what is wrong with it is said here, not by SQLite
        conditions.append("id IN (SELECT rowid FROM search WHERE search MATCH search_expression(?))")
        parameters.append(query)
    for name, value in (("site", site), ("source", source)):
        if value is not None:
            conditions.append(f"{name} = ?")
            parameters.append(value)
    for name, value in (("section", section), ("authors", author)):
        if value is not None:
            conditions.append(f"EXISTS (SELECT 1 FROM json_each({name}) WHERE value = ?)")
            parameters.append(value)
    if since is not None:
        conditions.append("published >= ?")
        parameters.append(since)
    if until is not None:
        conditions.append("substr(published, 1, ?) <= ?")
        parameters += [len(until), until]
    if revised:
        conditions.append("revision > 1")
    if vanished:
        conditions.append("vanished IS NOT NULL")
    if not duplicates:
        conditions.append("duplicate_of IS NULL")
    return " AND ".join(conditions), parameters


def _check_days(since: str | None, until: str | None) -> None:
    for day in (since, until):
        if day is not None:
            check_day(day)
    # Each compared as far as both tell: of 2026 and 2026-05 neither is after the other.
    if since is not None and until is not None and since[: len(until)] > until[: len(since)]:
        raise SelectionError(f"since {since} is after until {until}")
