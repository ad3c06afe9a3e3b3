"""Which articles a command is about: the filters that search, export, reextract and others share."""

from typing import Any

from dzwcrawl.search.query import parse


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
    """
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
