"""Raw pages: what was received for each revision of an article, packed so small that keeping it is no question.

The bytes of a page are a payload, kept once however often they were received, as a zstd frame. Pages of one
site are mostly the same furniture, so a payload is packed with an earlier page of its site as dictionary; that
page is a payload itself, packed without one. No dictionary is ever changed or removed, but when its page is forgotten.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

import zstandard

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.article import Article, RawPage

_LEVEL = 3
"""Of zstd; 9 saves 6 % more and costs three times the time."""

_TRIED = 4
"""Dictionaries tried for a page, the newest of its site: one for each template in use, with room for a change.
As good as dictionaries by template, and it needs no template's name (measured, docs/quality.md)."""

_WORTH = 0.5
"""Share of its size without a dictionary above which a page is not like the ones before: it is kept without, and
is the next dictionary. So dictionaries are renewed as templates drift."""

_AT_ONCE = 500
"""Pages packed anew in one transaction: about a second."""

_LONGEST = 1024 * 1024
"""Bytes of a page that may be a dictionary; a dictionary is read for every page it is tried on."""


class PageError(Exception):
    """There is no such page, or what is kept of it is damaged; the message says which and why."""


def keep(archive: Archive, article: Article) -> None:
    """Keep the pages that a stored article was read from for its present revision, instead of earlier ones of it.

    Runs in the transaction that stores it. An article without pages (ARCHIVE_RAW is off) leaves all as it is.
    """
    if article.pages:
        archive.connection.execute(
            "DELETE FROM pages WHERE article = ? AND revision = ?", (article.id, article.revision)
        )
    for page in article.pages:
        payload = _payload(archive, str(article.site), page.body)
        archive.connection.execute(
            "INSERT INTO pages (article, revision, part, url, fetched, head, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.revision, page.part, page.url, page.fetched, page.head, payload),
        )


def kept_at(archive: Archive, article: int, revision: int) -> str | None:
    """Return when the page of a revision was fetched, or None where no page is kept."""
    fetched = archive.query_value(
        "SELECT min(fetched) FROM pages WHERE article = ? AND revision = ?", (article, revision)
    )
    return None if fetched is None else str(fetched)


def _payload(archive: Archive, site: str, body: bytes) -> int:
    """Return the id of the payload that holds these bytes, a new one if there is none."""
    digest = hashlib.sha256(body).digest()
    known = archive.query_value("SELECT id FROM payloads WHERE digest = ?", (digest,))
    if known is not None:
        return int(known)
    dictionary, packed = _pack(archive, site, body)
    payload = _insert(archive, digest, len(body), dictionary, packed)
    _offer(archive, site, payload, dictionary, body)
    return payload


def _pack(archive: Archive, site: str, body: bytes) -> tuple[int | None, bytes]:
    """Return the number of the dictionary that makes bytes smallest, None for none, and the packed bytes."""
    plain = best = _compressor(None).compress(body)
    dictionary = None
    rows = archive.connection.execute(
        "SELECT dictionaries.id, packed FROM dictionaries JOIN payloads ON payloads.id = payload "
        "WHERE site = ? ORDER BY dictionaries.id DESC LIMIT ?",
        (site, _TRIED),
    )
    for number, content in rows:
        packed = _compressor(content).compress(body)
        if len(packed) <= min(len(best), _WORTH * len(plain)):
            dictionary, best = number, packed
    return dictionary, best


def _offer(archive: Archive, site: str, payload: int, dictionary: int | None, body: bytes) -> None:
    """Make a page that none of the dictionaries was good for the next dictionary."""
    if dictionary is None and len(body) <= _LONGEST:
        archive.connection.execute(
            "INSERT INTO dictionaries (site, payload, made) VALUES (?, ?, ?)", (site, payload, now())
        )


def retire(archive: Archive, articles: Iterable[int]) -> None:
    """Pack anew what is packed with pages that no other articles than these have, some pages in a transaction, so that
    crawls write in between: many years of a site may be packed with one page."""
    ours = json.dumps([*articles])
    rows = archive.connection.execute(
        "SELECT DISTINCT dictionaries.id, site FROM dictionaries JOIN pages USING (payload) "
        "WHERE article IN (SELECT value FROM json_each(?1)) AND NOT EXISTS (SELECT 1 FROM pages AS other WHERE "
        "other.payload = dictionaries.payload AND other.article NOT IN (SELECT value FROM json_each(?1)))",
        (ours,),
    ).fetchall()
    for dictionary, site in rows:
        while True:
            with archive.transaction():
                if not _repack(archive, dictionary, site):
                    break


def discard(archive: Archive, payloads: Iterable[int]) -> None:
    """Remove payloads that no page has any more. Runs in the caller's transaction."""
    for payload in payloads:
        if archive.query_value("SELECT 1 FROM pages WHERE payload = ?", (payload,)):
            continue
        rows = archive.connection.execute(
            "SELECT id, site FROM dictionaries WHERE payload = ?", (payload,)
        ).fetchall()
        for dictionary, site in rows:
            while _repack(archive, dictionary, site):
                pass
            archive.connection.execute("DELETE FROM dictionaries WHERE id = ?", (dictionary,))
        archive.connection.execute("DELETE FROM payloads WHERE id = ?", (payload,))


def _repack(archive: Archive, dictionary: int, site: str) -> bool:
    """Pack some pages without a dictionary that is to go; return whether there were any.

    A damaged page stays as it is and loses its dictionary: it could not be read before and cannot be read now.
    """
    # Of no site any more, so that nothing new is packed with it.
    archive.connection.execute("UPDATE dictionaries SET site = '' WHERE id = ?", (dictionary,))
    packed = _PACKED.format(columns="payloads.id", pages="", where="payloads.dictionary = ? LIMIT ?")
    rows = archive.connection.execute(packed, (dictionary, _AT_ONCE)).fetchall()
    for row in rows:
        other, anew = None, row["packed"]
        with suppress(PageError):
            body = _unpack(row, "the page")
            other, anew = _pack(archive, site, body)
            _offer(archive, site, row["id"], other, body)
        archive.connection.execute(
            "UPDATE payloads SET dictionary = ?, packed = ? WHERE id = ?", (other, anew, row["id"])
        )
    return bool(rows)


def _insert(archive: Archive, digest: bytes, size: int, dictionary: int | None, packed: bytes) -> int:
    cursor = archive.connection.execute(
        "INSERT INTO payloads (digest, size, dictionary, packed) VALUES (?, ?, ?, ?)",
        (digest, size, dictionary, packed),
    )
    return int(cursor.lastrowid or 0)


@lru_cache(maxsize=64)
def _dictionary(packed: bytes) -> zstandard.ZstdCompressionDict:
    content = zstandard.ZstdDecompressor().decompress(packed)
    dictionary = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    dictionary.precompute_compress(level=_LEVEL)
    return dictionary


@lru_cache(maxsize=64)
def _compressor(packed: bytes | None) -> zstandard.ZstdCompressor:
    """Return a compressor with a dictionary, given as it is kept."""
    dictionary = None if packed is None else _dictionary(packed)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary, write_checksum=True)


_PACKED = (
    "SELECT payloads.digest, payloads.packed, payloads.dictionary, source.packed AS content, {columns} FROM payloads "
    "{pages} LEFT JOIN dictionaries ON dictionaries.id = payloads.dictionary "
    "LEFT JOIN payloads AS source ON source.id = dictionaries.payload WHERE {where}"
)
_PAGES = _PACKED.format(
    columns="pages.url, fetched, head, part",
    pages="JOIN pages ON pages.payload = payloads.id",
    where="article = ? AND revision = ? ORDER BY part",
)


def read(archive: Archive, article: int, revision: int) -> list[RawPage]:
    """Return the pages kept for a revision of an article, its parts in order; [] where none was kept.

    :raises PageError: when the bytes are no longer those that were received.
    """
    rows = archive.connection.execute(_PAGES, (article, revision)).fetchall()
    return [
        RawPage(
            row["url"],
            row["fetched"],
            row["head"],
            _unpack(row, f"the page of article {article}, revision {revision}, part {row['part']}"),
            row["part"],
        )
        for row in rows
    ]


def body_of(archive: Archive, digest: bytes) -> bytes | None:
    """Return the bytes with a SHA-256 digest, or None where no page with them is kept.

    :raises PageError: when they are damaged.
    """
    query = _PACKED.format(columns="payloads.size", pages="", where="payloads.digest = ?")
    row = archive.connection.execute(query, (digest,)).fetchone()
    return None if row is None else _unpack(row, f"the page with the SHA-256 digest {digest.hex()}")


def _unpack(row: Any, what: str) -> bytes:
    try:
        dictionary = None if row["dictionary"] is None else _dictionary(row["content"])
        body = zstandard.ZstdDecompressor(dict_data=dictionary).decompress(row["packed"])
    except (zstandard.ZstdError, TypeError) as error:
        raise PageError(f"{what} is damaged: {error}; take it from a backup of the archive") from error
    if hashlib.sha256(body).digest() != row["digest"]:
        raise PageError(
            f"{what} is damaged: its SHA-256 digest is wrong; take it from a backup of the archive"
        )
    return body


def find(archive: Archive, article: int, revision: int | None = None, part: int = 1) -> RawPage:
    """Return one page of an article, of its present revision unless another is named.

    :raises PageError: when it is not there, saying what is, or is damaged.
    """
    kept = [
        tuple(row)
        for row in archive.connection.execute(
            "SELECT revision, part FROM pages WHERE article = ? ORDER BY revision, part", (article,)
        )
    ]
    if not kept:
        raise PageError(
            f"no page of article {article} was kept: it was stored with ARCHIVE_RAW=0, or before pages were kept; "
            "scrapy crawl with -a url= fetches it again"
        )
    present = archive.query_value("SELECT revision FROM articles WHERE id = ?", (article,))
    revision = present if revision is None else revision
    if (revision, part) not in kept:
        there = ", ".join(f"{r} (part {p})" if p > 1 else str(r) for r, p in kept)
        raise PageError(
            f"no page of article {article}, revision {revision}, part {part} was kept; of these revisions there are: {there}"
        )
    return next(page for page in read(archive, article, revision) if page.part == part)


def numbers(archive: Archive) -> dict[str, int]:
    """Return how many pages are kept, their bytes as received and as stored, and how many dictionaries there are."""
    row = archive.connection.execute(
        "SELECT count(*) AS pages, ifnull(sum(size), 0) AS received FROM pages JOIN payloads ON payloads.id = payload"
    ).fetchone()
    return {
        "pages": row["pages"],
        "received": row["received"],
        "stored": archive.query_value("SELECT ifnull(sum(length(packed)), 0) FROM payloads"),
        "dictionaries": archive.query_value("SELECT count(*) FROM dictionaries"),
    }
