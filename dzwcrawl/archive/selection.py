"""Which articles a command is about: the filters that export, reextract and others share."""

from typing import Any


def where(
    *,
    site: str | None = None,
    since: str | None = None,
    until: str | None = None,
    query: str | None = None,
    duplicates: bool = True,
) -> tuple[str, list[Any]]:
    """Return an SQL condition on `articles` that holds where every filter does, and its parameters.

    :param since: the first day, `YYYY-MM-DD` or shorter; an article whose date is not known is left out.
    :param until: the last day, inclusive.
    :param query: words that must all stand in title or body.
    :param duplicates: also copies of other articles (their `duplicate_of` is set).
    """
    conditions: list[str] = ["1"]
    parameters: list[Any] = []
    if site is not None:
        conditions.append("site = ?")
        parameters.append(site)
    if since is not None:
        conditions.append("published >= ?")
        parameters.append(since)
    if until is not None:
        conditions.append("substr(published, 1, ?) <= ?")
        parameters += [len(until), until]
    for word in (query or "").split():
        conditions.append("(instr(title, ?) OR instr(body, ?))")
        parameters += [word, word]
    if not duplicates:
        conditions.append("duplicate_of IS NULL")
    return " AND ".join(conditions), parameters
