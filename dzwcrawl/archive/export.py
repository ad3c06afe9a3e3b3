"""Articles out of the archive: filtered, as records, into files that are whole or not there at all."""

import csv
import gzip
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import orjson
import zstandard

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.rows import from_row
from dzwcrawl.archive.selection import where
from dzwcrawl.article import record


def records(archive: Archive, **filters: Any) -> Iterator[dict[str, Any]]:
    """Yield the records of the articles that match every filter, by id, with flat memory.

    :param filters: those of :func:`dzwcrawl.archive.selection.where`.
    """
    condition, parameters = where(**filters)
    for row in archive.connection.execute(
        f"SELECT * FROM articles WHERE {condition} ORDER BY id", parameters
    ):
        yield record(from_row(row))


def _jsonl(lines: Iterable[dict[str, Any]], out: IO[bytes], fields: Sequence[str]) -> int:
    number = 0
    for line in lines:
        number += 1
        out.write(orjson.dumps({name: line[name] for name in fields}, option=orjson.OPT_APPEND_NEWLINE))
    return number


def _csv(lines: Iterable[dict[str, Any]], out: IO[bytes], fields: Sequence[str]) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(fields)
    number = 0
    for line in lines:
        number += 1
        values = (line[name] for name in fields)
        writer.writerow([orjson.dumps(v).decode() if isinstance(v, list | dict) else v for v in values])
    text.detach()
    return number


FORMATS: dict[str, Callable[[Iterable[dict[str, Any]], IO[bytes], Sequence[str]], int]] = {
    "jsonl": _jsonl,
    "csv": _csv,
}


def export(
    lines: Iterable[dict[str, Any]], target: str, *, fields: Sequence[str], format: str = "jsonl"
) -> int:
    """Write records to a file, or to standard output for `-`; return how many.

    A name ending in .gz or .zst is compressed. The file appears under its name only when it is complete and on
    the disk: what was there before stays until then, whatever happens.
    """
    write = FORMATS[format]
    if target == "-":
        number = write(lines, sys.stdout.buffer, fields)
        sys.stdout.buffer.flush()
        return number
    with whole_file(Path(target)) as out, _compressed(out, target) as stream:
        return write(lines, stream, fields)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write that appears under its name only when it is complete and on the disk."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _compressed(out: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    if name.endswith(".gz"):
        # No time stamp and no name inside: the same records give the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as stream:
            yield stream  # type: ignore[misc]
    elif name.endswith(".zst"):
        with zstandard.ZstdCompressor(level=10).stream_writer(out, closefd=False) as stream:
            yield stream
    else:
        yield out
