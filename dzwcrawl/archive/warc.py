"""Articles out of the archive as WARC 1.1: what was received, for tools that replay it, and the records.

For each article, by id: a `response` for each kept page of each revision, in order (a `revisit` for bytes that the
file has already), then a `metadata` record with the article's record as JSON. The bytes are kept with content and
transfer encoding undone, so the header lines that told of these are written as `X-Archive-Orig-…`, and
Content-Length is that of the bytes.
"""

import hashlib
import io
import sys
import uuid
from base64 import b32encode
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dzwcrawl import __version__
from dzwcrawl.archive import pages
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.files import whole_file
from dzwcrawl.archive.rows import from_row
from dzwcrawl.archive.selection import where
from dzwcrawl.article import Article, RawPage, record

RECORD_TYPE = "application/vnd.dzwcrawl.record+json"
"""Content type of our metadata records: a record of docs/record.md."""

INVENTED = "invented articles of a demo, no news"
"""The `description` in the warcinfo of a file made from an archive of the demo."""

_ENCODINGS = ("content-encoding", "transfer-encoding", "content-length")


def export_warc(archive: Archive, target: Path | None, **filters: Any) -> tuple[int, int]:
    """Write articles to a WARC file that appears when it is complete, or (None) to standard output uncompressed.

    Each record is a gzip member of its own where the name ends in .gz.

    :param filters: those of :func:`dzwcrawl.archive.selection.where`.
    :return: how many articles were written, and of how many of these no page is kept: only their records are there.
    :raises PageError: when a kept page is damaged.
    """
    with archive.snapshot(), whole_file(target) if target else nullcontext(sys.stdout.buffer) as out:
        writer = _Writer(out, target.name if target else "")
        writer.write_warcinfo(
            _crawled_with(archive) | ({"description": INVENTED} if archive.is_demo() else {})
        )
        condition, parameters = where(**filters)
        rows = archive.connection.execute(f"SELECT * FROM articles WHERE {condition} ORDER BY id", parameters)
        written = without_page = 0
        for row in rows:
            article = from_row(row)
            last = None
            for revision in range(1, article.revision + 1):
                for page in pages.read(archive, row["id"], revision):
                    last = writer.write_page(page, f"{archive.path.name}/{row['id']}/{revision}/{page.part}")
            writer.write_metadata(article, last)
            written += 1
            without_page += last is None
        return written, without_page


def _crawled_with(archive: Archive) -> dict[str, str]:
    """Return the user agents and robots.txt policies of the crawls, as they noted them."""
    told = {}
    for name, key in (("http-header-user-agent", "user_agent"), ("robots", "robots")):
        rows = archive.connection.execute(
            f"SELECT DISTINCT json_extract(stats, '$.{key}') FROM crawls WHERE json_extract(stats, '$.{key}') IS NOT NULL "
            "ORDER BY 1"
        )
        told[name] = ", ".join(row[0] for row in rows)
    return told


class _Writer:
    """Writes the records of one file, and knows which bytes it holds already."""

    def __init__(self, out: IO[bytes], name: str) -> None:
        self._name = name
        self._writer = WARCWriter(out, gzip=name.endswith(".gz"), warc_version="1.1")
        self._info = _record_id(str(uuid.uuid4()))
        self._written: dict[bytes, tuple[str, str]] = {}

    def write_warcinfo(self, told: dict[str, str]) -> None:
        """Write the first record: who made the file, and what is told of its pages and how they were fetched."""
        info = {
            "software": f"dzwcrawl/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            **told,
        }
        warcinfo = self._writer.create_warcinfo_record(self._name, info)
        warcinfo.rec_headers.replace_header("WARC-Record-ID", self._info)
        warcinfo.rec_headers.replace_header("WARC-Date", _date(datetime.now(UTC).isoformat()))
        self._writer.write_record(warcinfo)

    def write_page(self, page: RawPage, name: str) -> str:
        """Write a page as `response`, or as `revisit` when its bytes are there already; return the record's id."""
        sha256 = hashlib.sha256(page.body).digest()
        headers = self._headers(page.fetched, name)
        digest = f"sha256:{b32encode(sha256).decode()}"
        http_headers = _http_headers(page)
        if sha256 in self._written:
            response = self._writer.create_revisit_record(
                page.url, digest, *self._written[sha256], http_headers=http_headers, warc_headers_dict=headers
            )
        else:
            self._written[sha256] = (page.url, _date(page.fetched))
            response = self._writer.create_warc_record(
                page.url,
                "response",
                payload=io.BytesIO(page.body),
                length=len(page.body),
                warc_headers_dict=headers | {"WARC-Payload-Digest": digest},
                http_headers=http_headers,
            )
        self._writer.write_record(response)
        return headers["WARC-Record-ID"]

    def write_metadata(self, article: Article, about: str | None) -> None:
        """Write the record of an article, about the response it was last read from."""
        body = orjson.dumps(record(article))
        # Not under the article's URL: replay tools would show the record instead of the page.
        name = f"urn:dzwcrawl:article:{article.id}"
        headers = self._headers(article.last_seen or "", f"{name} {article.url}")
        if about is not None:
            headers["WARC-Concurrent-To"] = about
        self._writer.write_record(
            self._writer.create_warc_record(
                name,
                "metadata",
                payload=io.BytesIO(body),
                length=len(body),
                warc_content_type=RECORD_TYPE,
                warc_headers_dict=headers,
            )
        )

    def _headers(self, date: str, name: str) -> dict[str, str]:
        return {
            "WARC-Record-ID": _record_id(f"{name} {date}"),
            "WARC-Date": _date(date),
            "WARC-Warcinfo-ID": self._info,
        }


def _record_id(name: str) -> str:
    """Return an id that is the same whenever the same page is exported again."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def _date(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _http_headers(page: RawPage) -> StatusAndHeaders:
    status_line, *lines = page.head.splitlines()
    protocol, _, status = status_line.partition(" ")
    length = ("Content-Length", str(len(page.body)))
    headers = []
    for name, value in (
        (name.strip(), value.strip()) for name, _, value in (x.partition(":") for x in lines)
    ):
        told_of_encoded = name.lower() in _ENCODINGS and (name.title(), value) != length
        headers.append((f"X-Archive-Orig-{name}" if told_of_encoded else name, value))
    return StatusAndHeaders(status, headers if length in headers else [*headers, length], protocol=protocol)
