"""Answers that say "not changed": which are believed, and how a server that lies is found out.

A server's validators (ETag, Last-Modified) are believed when, fetched without condition, a page of the host had the
same validator and the same body three times, and a changed page a changed validator once. From then on requests are
conditional, and every fifth 304 of a page in a row is checked at once by a request without condition. A body that
changed under the same validator, or behind a 304, is a lie: the host is not believed for thirty days and has to earn
it anew, and whatever its 304s kept from being fetched is due at once. So a lie is found out at the first visit after
it where the host is not believed, at the fifth visit of the page where it is.

Without validators a page is fetched each time, and the digest of its body tells that nothing changed.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.urls import host_of

AGREED, MOVED, CHECK_EVERY = 3, 1, 5
DISTRUST = timedelta(days=30)

Verdict = Literal["changed", "unchanged", "to check"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is remembered of the last answer to a URL; `believed` counts the 304s since its body was last seen."""

    url: str
    etag: str | None
    last_modified: str | None
    digest: bytes
    believed: int = 0

    def headers(self) -> dict[str, str]:
        """Return the headers of a request that asks only for what changed since."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}

    def same_validator(self, other: "Answer") -> bool | None:
        """Tell whether the validators are the same; None when either answer has none to compare."""
        if self.etag and other.etag:
            return self.etag == other.etag
        if self.last_modified and other.last_modified:
            return self.last_modified == other.last_modified
        return None


def answer(url: str, body: bytes, etag: str | None, last_modified: str | None) -> Answer:
    """Return what is to be remembered of a whole answer."""
    return Answer(url, etag, last_modified, hashlib.blake2b(body, digest_size=16).digest())


def last_answer(archive: Archive, url: str) -> Answer | None:
    """Return what is remembered of a URL."""
    row = archive.connection.execute(
        "SELECT url, etag, last_modified, digest, believed FROM answers WHERE url = ?", (url,)
    ).fetchone()
    return None if row is None else Answer(*row)


def remember(archive: Archive, last: Answer) -> None:
    """Remember an answer, once all it brought is stored: what is remembered too early is never looked at."""
    with archive.transaction():
        archive.connection.execute(
            "INSERT INTO answers (url, etag, last_modified, digest, believed, answered) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified, "
            "digest = excluded.digest, believed = excluded.believed, answered = excluded.answered",
            (last.url, last.etag, last.last_modified, last.digest, last.believed, now()),
        )


def believed(archive: Archive, host: str) -> bool:
    """Tell whether a 304 of a host is believed."""
    row = archive.connection.execute("SELECT * FROM hosts WHERE host = ?", (host,)).fetchone()
    if row is None or row["agreed"] < AGREED or row["moved"] < MOVED:
        return False
    return row["lied"] is None or datetime.fromisoformat(row["lied"]) + DISTRUST <= datetime.fromisoformat(
        now()
    )


def judge_304(last: Answer, *, believed: bool) -> tuple[Verdict, Answer]:
    """Say what a 304 is worth: `unchanged`, or `to check` by a request without condition.

    :param believed: whether its host is.
    """
    if last.believed + 1 >= CHECK_EVERY or not believed:
        return "to check", last
    return "unchanged", replace(last, believed=last.believed + 1)


def judge_200(archive: Archive, last: Answer | None, new: Answer, *, after_304: bool = False) -> Verdict:
    """Say whether a whole answer brought anything new, and note what it tells about its host's honesty.

    :param after_304: it was fetched to check a 304.
    """
    if last is None:
        return "changed"
    same_body, same_validator = last.digest == new.digest, last.same_validator(new)
    host = host_of(new.url)
    if not same_body and (after_304 or same_validator):
        caught_lying(archive, host)
    elif same_body and same_validator:
        _count(archive, host, "agreed")
    elif not same_body and same_validator is False:
        _count(archive, host, "moved")
    return "unchanged" if same_body else "changed"


def _count(archive: Archive, host: str, what: Literal["agreed", "moved"]) -> None:
    with archive.transaction():
        archive.connection.execute(
            f"INSERT INTO hosts (host, {what}) VALUES (?, 1) ON CONFLICT (host) DO UPDATE SET {what} = {what} + 1",
            (host,),
        )


def caught_lying(archive: Archive, host: str) -> None:
    """Believe a host no more, and make due what its 304s kept from being fetched."""
    seen = now()
    with archive.transaction():
        archive.connection.execute(
            "INSERT INTO hosts (host, lies, lied) VALUES (?1, 1, ?2) "
            "ON CONFLICT (host) DO UPDATE SET agreed = 0, moved = 0, lies = lies + 1, lied = ?2",
            (host, seen),
        )
        for row in archive.connection.execute("SELECT url FROM answers WHERE believed > 0").fetchall():
            if host_of(row["url"]) == host:
                archive.connection.execute("UPDATE answers SET believed = 0 WHERE url = ?", (row["url"],))
                archive.connection.execute(
                    "UPDATE urls SET due = ? WHERE url = ? AND state = 'article'", (seen, row["url"])
                )
