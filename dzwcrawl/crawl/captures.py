"""WARC files read as a crawl reads responses: the pages they hold, one after the other, with flat memory."""

import gzip
import hashlib
import re
import zlib
from base64 import b32decode
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

import orjson
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from dzwcrawl.archive.warc import INVENTED, RECORD_TYPE
from dzwcrawl.article import RawPage
from dzwcrawl.packed import read_at_most
from dzwcrawl.urls import canonical_url

_HTML = re.compile(r"^\s*(text/html|application/xhtml\+xml)\b", re.I)
_READABLE = ("", "identity", "gzip", "x-gzip", "deflate", "br")
"""Content encodings that are undone here."""


_RECENT = 16
"""Pages that may not be in the archive yet when a `revisit` of their bytes comes."""


class WarcError(Exception):
    """A file is no WARC file, or is broken; the message says which, where and how."""


def captures(
    path: Path, *, skip: Callable[[str], None], kept_body: Callable[[bytes], bytes | None], demo: bool = False
) -> Iterator[RawPage | dict[str, Any]]:
    """Yield the HTML pages of a WARC (or ARC) file that were answered with 200, and the records that we wrote.

    :param skip: told why a record is passed over.
    :param kept_body: gives the bytes of a SHA-256 digest, for a `revisit` of what has been read before.
    :param demo: the articles must be a demo's inventions; without it they must not.
    :raises WarcError: when the file cannot be read further; what was yielded is whole.
    """
    try:
        with _records(path) as records:
            yield from _captures(records, skip, kept_body, demo)
    except _OtherKind as error:
        raise WarcError(f"{path} {error}") from None
    except _UNREADABLE as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise WarcError(f"{path} cannot be read to its end: {what}") from error


def is_invented(path: Path) -> bool:
    """Tell whether a WARC file begins by saying that its articles are a demo's inventions."""
    try:
        with _records(path) as records:
            return any(map(_says_invented, islice(records, 1)))
    except _UNREADABLE:
        return False  # whoever reads all of it says why


@contextmanager
def _records(path: Path) -> Iterator[Iterator[ArcWarcRecord]]:
    with path.open("rb") as file:
        # Unpacked here, because warcio refuses files that are one single member, and loses where one breaks off.
        stream = _Unpacked(file) if file.peek(2)[:2] == b"\x1f\x8b" else file
        yield _all_of(stream)


class _OtherKind(Exception):
    """Invented articles where real ones are wanted, or real ones where invented ones are; the message says which."""


class _Broken(Exception):
    """The file ends too early, or is damaged; the message says how."""


class _Unpacked:
    """The content of a gzip file of one member or of many, to its last byte even where it breaks off."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = gzip.GzipFile(fileobj=file)

    def read(self, size: int = -1) -> bytes:
        """Read some bytes, b"" at the end."""
        try:
            return self._file.read1(size)
        except EOFError:  # which would pass for a good end
            raise _Broken("it breaks off in a packed record") from None


def _all_of(stream: IO[bytes] | _Unpacked) -> Iterator[ArcWarcRecord]:
    yield from ArchiveIterator(stream, check_digests=True)
    if stream.read(1):
        # warcio takes a record it cannot make sense of for the end.
        raise _Broken("there is something behind the last record that can be read")


_UNREADABLE = (ArchiveLoadFailed, StatusAndHeadersParserException, _Broken, zlib.error, OSError)


def _captures(
    records: Iterator[ArcWarcRecord],
    skip: Callable[[str], None],
    kept_body: Callable[[bytes], bytes | None],
    demo: bool,
) -> Iterator[RawPage | dict[str, Any]]:
    recent: deque[RawPage] = deque(maxlen=_RECENT)

    def body_of(digest: bytes) -> bytes | None:
        here = (page.body for page in recent if hashlib.sha256(page.body).digest() == digest)
        return next(here, None) or kept_body(digest)

    invented = False
    for record in records:
        if record.rec_type == "warcinfo":
            invented = _says_invented(record)  # of what follows: files are put together by `cat`
        elif invented != demo:
            raise _OtherKind(_APART[invented])
        try:
            if record.rec_type == "metadata" and record.content_type == RECORD_TYPE:
                yield dict(orjson.loads(_content(record)))
                continue
            _check_wanted(record)
            recent.append(_page(record, body_of))
            yield recent[-1]
        except (_Unusable, ValueError) as error:
            skip(str(error))


_APART = {
    True: "holds the invented articles of a demo, which go into no real archive: import it into one of its own, "
    "`dzwcrawl import FILE --archive demo.db`",
    False: "holds articles that nothing says are invented, which do not go among those of a demo: name another archive "
    "with --archive FILE",
}


def _says_invented(record: ArcWarcRecord) -> bool:
    return (
        record.rec_type == "warcinfo" and f"description: {INVENTED}".encode() in _content(record).splitlines()
    )


class _Unusable(Exception):
    """A record that is passed over; the message says why."""


def _check_wanted(record: ArcWarcRecord) -> None:
    """Raise _Unusable for a record that is passed over without a look at its content."""
    if record.rec_type not in ("response", "revisit"):
        raise _Unusable(f"{record.rec_type} record")
    if record.http_headers is None:
        raise _Unusable(f"{record.rec_type} record without HTTP headers")
    status = record.http_headers.get_statuscode()
    if status != "200":
        raise _Unusable(f"HTTP {status}")
    content_type = record.http_headers.get_header("Content-Type") or ""
    if not _HTML.match(content_type):
        raise _Unusable(f"not HTML: {content_type.partition(';')[0].strip() or 'no content type'}")
    encoding = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
    if encoding not in _READABLE:
        raise _Unusable(f"content encoding {encoding}")


def _page(record: ArcWarcRecord, kept_body: Callable[[bytes], bytes | None]) -> RawPage:
    url = canonical_url((record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"))
    body = _content(record) if record.rec_type == "response" else _revisited(record, kept_body)
    if any(problem.startswith("block digest failed") for problem in record.digest_checker.problems):
        # The payload's digest proves nothing: writers disagree on what of a chunked answer it covers.
        raise _Unusable("damaged: its block digest is wrong")
    protocol, status = record.http_headers.protocol, record.http_headers.statusline
    lines = [
        f"{protocol} {status}".rstrip(),
        *(f"{name}: {value}" for name, value in record.http_headers.headers),
    ]
    return RawPage(url, _fetched(record), "\r\n".join(lines) + "\r\n", body)


def _content(record: ArcWarcRecord) -> bytes:
    body = read_at_most(record.content_stream().read)
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise _Broken("it breaks off in a record")
    return body


def _revisited(record: ArcWarcRecord, kept_body: Callable[[bytes], bytes | None]) -> bytes:
    algorithm, _, value = (record.rec_headers.get_header("WARC-Payload-Digest") or "").partition(":")
    try:
        body = kept_body(b32decode(value)) if algorithm == "sha256" else None
    except ValueError:
        body = None
    if body is None:
        raise _Unusable("revisit record")
    return body


def _fetched(record: ArcWarcRecord) -> str:
    date = record.rec_headers.get_header("WARC-Date") or ""
    try:
        return datetime.fromisoformat(date).astimezone(UTC).isoformat(timespec="seconds")
    except ValueError as error:
        raise _Unusable(f"its WARC-Date is no time: {date!r}") from error
