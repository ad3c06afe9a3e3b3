"""Sitemaps over the years: which are read again, and when.

An archive of sitemaps grows by one a day or month, and nearly all of them will never change again. One is read when
its index says that it changed since it was read last. Where no index says so it is read each time, until it brought
nothing new for thirty days, or is gone: it is retired then, and read once in thirty days, until it has news again.
"""

from datetime import datetime, timedelta

from dzwcrawl.archive.archive import Archive, now

_QUIET = timedelta(days=30)
_ASK_AGAIN = timedelta(days=30)
_ZONES = timedelta(days=1)
"""A day without a zone may have begun and ended this much earlier or later."""


def is_due(archive: Archive, sitemap: str, modified: str | None) -> bool:
    """Tell whether a sitemap is to be read.

    :param modified: when its index says that it was last changed, a day or a time with offset; None: it does not say.
    """
    row = archive.connection.execute(
        "SELECT last_walk, retired FROM listings WHERE url = ? AND (walked OR retired IS NOT NULL)",
        (sitemap,),
    ).fetchone()
    return row is None or due(row["last_walk"], row["retired"], modified)


def due(last_walk: str | None, retired: str | None, modified: str | None) -> bool:
    """Tell whether a sitemap is to be read that was read to its end at `last_walk`, and is retired since `retired`."""
    if last_walk is None:
        return True
    read = datetime.fromisoformat(last_walk)
    if modified is not None:
        return _latest(modified) > read
    return retired is None or read + _ASK_AGAIN <= datetime.fromisoformat(now())


def note(archive: Archive, site: str, sitemap: str, *, new: int, gone: bool = False) -> bool:
    """Note that a sitemap was read and how many URLs it brought that were never met before, or that it is gone.

    Returns whether it is retired now and was not before.
    """
    seen = now()
    with archive.transaction():
        row = archive.connection.execute(
            "SELECT last_new, retired FROM listings WHERE url = ?", (sitemap,)
        ).fetchone()
        last_new = seen if new or row is None or row["last_new"] is None else row["last_new"]
        quiet = datetime.fromisoformat(seen) - datetime.fromisoformat(last_new) >= _QUIET
        before = row["retired"] if row else None
        retired = (before or seen) if gone or (quiet and not new) else None
        archive.connection.execute(
            "INSERT INTO listings (url, site, walked, last_walk, last_new, retired) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
            "ON CONFLICT (url) DO UPDATE SET walked = ?3, last_walk = ?4, last_new = ?5, retired = ?6",
            (sitemap, site, int(not gone), seen, last_new, retired),
        )
    return retired is not None and before is None


def _latest(moment: str) -> datetime:
    """Return the latest moment that a day or a time with offset may mean."""
    if "T" in moment:
        return datetime.fromisoformat(moment)
    return datetime.fromisoformat(f"{moment}T23:59:59+00:00") + _ZONES
