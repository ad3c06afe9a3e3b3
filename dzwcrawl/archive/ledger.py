"""The ledger: every URL a crawl met, and what became of it.

A URL is `found`, then `article` (it led to an article), `duplicate` (it leads to an article that is stored
under another URL) or `refused` (with the reason). It counts as done in the transaction that stores its article.

What is handed to a crawl is leased to it in the transaction that hands it out, so that no other crawl running at
the same time fetches it too. A lease ends when the URL is answered for, and with its crawl, however that ends
(:mod:`dzwcrawl.archive.crawls`); it needs no time limit of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dzwcrawl.archive import tombstones, visits
from dzwcrawl.archive.archive import Archive, now

_RETRY_AFTER = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
"""When a refused URL is tried again; after as many refusals only a crawl with `-a url=` tries it."""


_LEASED = "EXISTS (SELECT 1 FROM crawls WHERE id = lease AND finished IS NULL AND id IS NOT ?)"
"""Whether a URL is leased to another crawl that runs, as far as its row says."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a listing brought: the URLs to fetch, how many of its URLs were never met before, and how many of its
    articles not before a moment (that of the last walk: another listing may have met them first, in this crawl).
    """

    to_fetch: list[str]
    new: int
    fresh: int


def lease(archive: Archive, keys: Iterable[str], crawl: int | None) -> list[str]:
    """Lease keys to a crawl; return those that no other running crawl has. Runs in the caller's transaction.

    A key that the ledger has no URL of cannot be leased and is returned.
    """
    free = []
    for key in keys:
        if not archive.query_value(f"SELECT max({_LEASED}) FROM urls WHERE key = ?", (crawl, key)):
            archive.connection.execute("UPDATE urls SET lease = ? WHERE key = ?", (crawl, key))
            free.append(key)
    return free


def find(
    archive: Archive,
    site: str,
    found: Iterable[tuple[str, str]],
    found_on: str | None,
    crawl: int | None = None,
    since: str | None = None,
) -> Found:
    """Note the article URLs of a listing and lease to the crawl what it is to fetch.

    :param found: pairs of URL and key (:func:`dzwcrawl.urls.url_key`), in the listing's order.
    :param since: what was first met after this moment counts as `fresh`; None: all does.

    An unknown URL is noted as `found`, so that a crawl that dies leaves it to the next one. A new URL of a known
    article is noted as its `duplicate` and not fetched. What was refused waits until it is due, what another
    crawl is about to fetch is left to it. A URL of a forgotten article is passed over and leaves no trace.
    """
    to_fetch: dict[str, str] = {}
    new, fresh, seen = 0, 0, now()
    with archive.transaction():
        for url, key in found:
            known = archive.connection.execute(
                "SELECT article, state, due, first_seen FROM urls WHERE key = ? ORDER BY article IS NULL, url = ? DESC LIMIT 1",
                (key, url),
            ).fetchone()
            if known is None and tombstones.turn_away(archive, tombstones.keys_of([url], key)):
                continue
            article = known["article"] if known else None
            fresh += known is None or since is None or known["first_seen"] > since
            cursor = archive.connection.execute(
                "INSERT INTO urls (url, key, site, state, article, found_on, reason, first_seen, last_seen) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING",
                (url, key, site, "found" if article is None else "duplicate", article, found_on)
                + ("another URL of the article" if article is not None else None, seen, seen),
            )
            if cursor.rowcount:
                new += 1
            else:
                archive.connection.execute("UPDATE urls SET last_seen = ? WHERE url = ?", (seen, url))
            if article is not None:
                archive.connection.execute("UPDATE articles SET last_seen = ? WHERE id = ?", (seen, article))
            elif known is None or known["state"] == "found" or (known["due"] or "9") <= seen:
                to_fetch.setdefault(key, url)
        free = lease(archive, to_fetch, crawl)
    return Found([to_fetch[key] for key in free], new, fresh)


def stored(archive: Archive, key: str) -> tuple[int, str] | None:
    """Return the id of the article of a key and the URL under which it is stored, or None."""
    found = archive.connection.execute(
        "SELECT articles.id, articles.url FROM urls JOIN articles ON articles.id = urls.article WHERE key = ? LIMIT 1",
        (key,),
    ).fetchone()
    return None if found is None else (found["id"], found["url"])


def unfinished(archive: Archive, site: str, crawl: int | None = None) -> list[str]:
    """Lease and return what earlier crawls of a site found and did not store, and refused URLs that are due."""
    with archive.transaction():
        rows = archive.connection.execute(
            "SELECT key, min(url) AS url FROM urls WHERE site = ? AND (state = 'found' OR (state = 'refused' AND "
            "due <= ?)) GROUP BY key ORDER BY min(first_seen), url",
            (site, now()),
        )
        urls = {row["key"]: row["url"] for row in rows}
        return [urls[key] for key in lease(archive, urls, crawl)]


def due_again(archive: Archive, site: str, limit: int, crawl: int | None = None) -> list[str]:
    """Lease and return the URLs of stored articles of a site that are due to be looked at again."""
    with archive.transaction():
        urls = visits.due(archive, site, limit)
        return [urls[key] for key in lease(archive, urls, crawl)]


def refuse(
    archive: Archive,
    site: str,
    url: str,
    key: str,
    reason: str,
    status: int | None = None,
    *,
    absent: bool = False,
    unasked: bool = False,
) -> Literal["refused", "refused again"] | visits.Miss:
    """Note that a URL gave no article, and why; it is tried again after an hour, a day and a week.

    Other URLs of the same key wait with it. What is stored stays: of a stored article it is noted that it was missed
    (:func:`dzwcrawl.archive.visits.missed`). Of a forgotten article nothing is noted.

    :param absent: the server answered with something that is not the article.
    :param unasked: the page itself was not asked for; so this does not count, and it is tried again after an hour.
    """
    seen = now()
    with archive.transaction():
        stored = archive.query_value("SELECT article FROM urls WHERE key = ? AND article IS NOT NULL", (key,))
        if stored is not None:
            return visits.missed(archive, stored, reason, status, absent=absent)
        if tombstones.turn_away(archive, tombstones.keys_of([url], key)):
            return "refused"
        attempts = archive.query_value("SELECT max(attempts) FROM urls WHERE key = ?", (key,)) or 0
        attempts += not unasked
        due = None
        if unasked or attempts <= len(_RETRY_AFTER):
            wait = _RETRY_AFTER[0 if unasked else attempts - 1]
            due = (datetime.fromisoformat(seen) + wait).isoformat(timespec="seconds")
        archive.connection.execute(
            "INSERT INTO urls (url, key, site, state, first_seen, last_seen) VALUES (?1, ?2, ?3, 'found', ?4, ?4) "
            "ON CONFLICT (url) DO NOTHING",
            (url, key, site, seen),
        )
        archive.connection.execute(
            "UPDATE urls SET state = 'refused', reason = ?, status = ?, attempts = ?, due = ?, last_seen = ?, "
            "lease = NULL WHERE key = ?",
            (reason, status, attempts, due, seen, key),
        )
    return "refused" if attempts <= 1 else "refused again"


def settle(archive: Archive, site: str, key: str, article: int, urls: dict[str, str]) -> None:
    """Note that URLs lead to an article. Runs in the transaction that stores it.

    :param urls: URL to reason, "" for the URL it is stored under. Every other URL of the key is settled too.
    """
    seen = now()
    for url, reason in urls.items():
        archive.connection.execute(
            "INSERT INTO urls (url, key, site, state, article, reason, status, first_seen, last_seen) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 200, ?7, ?7) ON CONFLICT (url) DO UPDATE SET "
            "state = ?4, article = ?5, reason = ?6, status = 200, due = NULL, lease = NULL, last_seen = ?7",
            (url, key, site, "duplicate" if reason else "article", article, reason or None, seen),
        )
    archive.connection.execute(
        "UPDATE urls SET state = 'duplicate', article = ?, reason = 'another URL of the article', due = NULL, "
        "lease = NULL WHERE key = ? AND article IS NULL",
        (article, key),
    )


def walked(archive: Archive, listing: str) -> bool:
    """Tell whether a listing was once followed to its end, so that its known part may be skipped."""
    return bool(archive.query_value("SELECT walked FROM listings WHERE url = ?", (listing,)))


def last_walk(archive: Archive, listing: str) -> str | None:
    """Return when a listing was walked last, or None."""
    found: str | None = archive.query_value("SELECT last_walk FROM listings WHERE url = ?", (listing,))
    return found


def set_walked(archive: Archive, site: str, listing: str, *, complete: bool) -> None:
    """Note that the walk of a listing begins (not complete) or has reached its end or what is known."""
    with archive.transaction():
        archive.connection.execute(
            "INSERT INTO listings (url, site, walked, last_walk) VALUES (?1, ?2, ?3, ?4) "
            "ON CONFLICT (url) DO UPDATE SET walked = ?3, last_walk = ?4",
            (listing, site, int(complete), now()),
        )
