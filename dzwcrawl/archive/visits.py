"""Stored articles seen again: what is due, what a visit found, what has vanished and come back.

An article has vanished when its page answers 404 or 410. An error page that answers 200, a redirect to the front
page or a page without an article may be an accident: only a second such visit, an hour later or more, makes the
mark, with the time of the first. Other failures (5xx, timeouts, robots.txt, a login) say nothing about the article. Its
last good copy stays as it is, and it is visited on as before, so that its return is noticed.
"""

from datetime import datetime, timedelta
from typing import Literal

from dzwcrawl.archive import revisits
from dzwcrawl.archive.archive import Archive, now

Miss = Literal["vanished", "doubtful", "failed"]

_GONE = (404, 410)
_CONFIRM_AFTER = timedelta(hours=1)


def due(archive: Archive, site: str, limit: int) -> dict[str, str]:
    """Return key and URL of the stored articles of a site that are due, the longest due first."""
    rows = archive.connection.execute(
        "SELECT key, url FROM urls WHERE site = ? AND state = 'article' AND due <= ? ORDER BY due, id LIMIT ?",
        (site, now(), limit),
    )
    return {row["key"]: row["url"] for row in rows}


def plan(archive: Archive, article: int, at: str | None = None) -> None:
    """Note when an article is due again, and that nobody is about to fetch it. Runs in the caller's transaction."""
    row = archive.connection.execute(
        "SELECT site, published, first_seen FROM articles WHERE id = ?", (article,)
    ).fetchone()
    moment = datetime.fromisoformat(now())
    born = revisits.born(row["published"], row["first_seen"])
    seen = archive.connection.execute(
        "SELECT visits, changed FROM revisits WHERE site = ? AND age = ?",
        (row["site"], revisits.age_class(moment - born)),
    ).fetchone()
    following = revisits.next_visit(born, moment, revisits.share_of_edits(*(seen or (0, 0))))
    when = at or (following and following.astimezone(moment.tzinfo).isoformat(timespec="seconds"))
    archive.connection.execute(
        "UPDATE urls SET lease = NULL, due = CASE state WHEN 'article' THEN ? END WHERE article = ?",
        (when, article),
    )


def seen_again(archive: Archive, article: int, seen: str, *, changed: bool) -> None:
    """Note that an article was there when it was fetched again, at `seen`. Runs in the caller's transaction."""
    row = archive.connection.execute(
        "SELECT site, published, first_seen FROM articles WHERE id = ?", (article,)
    ).fetchone()
    age = datetime.fromisoformat(seen) - revisits.born(row["published"], row["first_seen"])
    archive.connection.execute(
        "INSERT INTO revisits (site, age, visits, changed) VALUES (?1, ?2, 1, ?3) "
        "ON CONFLICT (site, age) DO UPDATE SET visits = visits + 1, changed = changed + ?3",
        (row["site"], revisits.age_class(age), int(changed)),
    )
    archive.connection.execute(
        "UPDATE articles SET last_seen = max(last_seen, ?), vanished = NULL WHERE id = ?", (seen, article)
    )
    archive.connection.execute("DELETE FROM absences WHERE article = ? AND NOT confirmed", (article,))
    archive.connection.execute(
        "UPDATE absences SET until = ? WHERE article = ? AND until IS NULL", (seen, article)
    )
    plan(archive, article)


def unchanged(archive: Archive, article: int) -> None:
    """Note that the page of an article is as it was, without having looked at its text."""
    with archive.transaction():
        seen_again(archive, article, now(), changed=False)


def missed(archive: Archive, article: int, reason: str, status: int | None, *, absent: bool) -> Miss:
    """Note that a visit of a stored article gave none. Runs in the caller's transaction.

    :param absent: the server answered, and with something that is not the article.
    :return: `vanished`; `doubtful`: absent for the first time; `failed`: to be tried again when it is due next.
    """
    if status not in _GONE and not absent:
        plan(archive, article)
        return "failed"
    seen = now()
    absence = archive.connection.execute(
        "SELECT since FROM absences WHERE article = ? AND until IS NULL", (article,)
    ).fetchone()
    since, sure = (seen, status in _GONE) if absence is None else (absence["since"], True)
    archive.connection.execute(
        "INSERT INTO absences (article, since, reason, confirmed) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (article, since) DO UPDATE SET until = NULL, confirmed = max(confirmed, excluded.confirmed)",
        (article, since, reason, int(sure)),
    )
    if not sure:
        again = datetime.fromisoformat(seen) + _CONFIRM_AFTER
        plan(archive, article, again.isoformat(timespec="seconds"))
        return "doubtful"
    archive.connection.execute("UPDATE articles SET vanished = ? WHERE id = ?", (since, article))
    plan(archive, article)
    return "vanished"
