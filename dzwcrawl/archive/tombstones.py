"""What was taken down and is not to be collected again, known by digests only: a URL may tell its article's title.

A digest is the SHA-256 of a key of the ledger, and of what :func:`dzwcrawl.urls.url_key` makes of a URL without knowing
its site: so every URL of a forgotten article is recognised, whatever its scheme, and also its number where the
site numbers its articles.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.urls import UrlError, is_front_page, url_key


def bury(archive: Archive, article: int, url: str, keys: Iterable[str], why: str | None) -> None:
    """Note that an article was taken down. Runs in the caller's transaction.

    :param keys: from :func:`keys_of`.
    """
    archive.connection.execute(
        "INSERT INTO tombstones (article, url_sha256, forgotten, reason) VALUES (?, ?, ?, ?)",
        (article, digest_of(url).hex(), now(), why),
    )
    _mark(archive, article, keys)


def _mark(archive: Archive, article: int, keys: Iterable[str]) -> None:
    archive.connection.executemany(
        "INSERT INTO tombstone_keys (digest, article) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(digest_of(key), article) for key in keys],
    )


def known(archive: Archive, digests: set[bytes]) -> bool:
    """Tell whether all these digests of keys are those of articles that were taken down."""
    marks = ",".join("?" * len(digests))
    found = archive.query_value(f"SELECT count(*) FROM tombstone_keys WHERE digest IN ({marks})", (*digests,))
    return bool(found == len(digests))


def take_over(archive: Archive, stone: Mapping[str, Any], digests: set[bytes]) -> None:
    """Note what was taken down in another archive. Runs in the caller's transaction.

    :param stone: the row of its tombstone; what never was an article here gets a number below zero.
    """
    marks = ",".join("?" * len(digests))
    article = archive.query_value(
        f"SELECT article FROM tombstone_keys WHERE digest IN ({marks})", (*digests,)
    )
    if article is None:
        article = archive.query_value("SELECT min(0, ifnull(min(article), 0)) - 1 FROM tombstones")
        archive.connection.execute(
            "INSERT INTO tombstones (article, url_sha256, forgotten, reason) VALUES (?, ?, ?, ?)",
            (article, stone["url_sha256"], stone["forgotten"], stone["reason"]),
        )
    archive.connection.executemany(
        "INSERT INTO tombstone_keys (digest, article) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(digest, article) for digest in digests],
    )


def buried(archive: Archive, keys: Iterable[str]) -> int | None:
    """Return the number of the forgotten article that one of these keys leads to, or None."""
    digests = [digest_of(key) for key in keys]
    marks = ",".join("?" * len(digests))
    found = archive.query_value(f"SELECT article FROM tombstone_keys WHERE digest IN ({marks})", (*digests,))
    return None if found is None else int(found)


def turn_away(archive: Archive, keys: set[str]) -> bool:
    """Tell whether keys lead to a forgotten article; then all of them do from now on, and the ledger forgets them.

    Runs in the caller's transaction.
    """
    article = buried(archive, keys)
    if article is None:
        return False
    _mark(archive, article, keys)
    for key in keys:
        archive.connection.execute("DELETE FROM urls WHERE key = ? AND article IS NULL", (key,))
    return True


def keys_of(urls: Iterable[str | None], *keys: str) -> set[str]:
    """Return the keys of URLs, with those that are known; front pages and what is no URL have none."""
    found = set(keys)
    for url in urls:
        if url and not is_front_page(url):
            try:
                found.add(url_key(url))
            except UrlError:
                continue
    return found


def digest_of(text: str) -> bytes:
    """Return the digest by which a key or URL is recognised."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
