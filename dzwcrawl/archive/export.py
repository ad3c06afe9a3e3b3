"""Articles out of the archive: filtered, as records, into files that are whole or not there at all."""

import gzip
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import zstandard

from dzwcrawl.archive import cursor as cursors
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.files import whole_file
from dzwcrawl.archive.formats import FORMATS, FormatError, Line
from dzwcrawl.archive.rows import RECORD_COLUMNS, record_of
from dzwcrawl.archive.selection import where
from dzwcrawl.schemas import REMOVAL, SCHEMAS, TOLD, Schema
from dzwcrawl.text import nearest


def records(archive: Archive, **filters: Any) -> Iterator[dict[str, Any]]:
    """Yield the records of the articles that match every filter, by id, with flat memory.

    :param filters: those of :func:`dzwcrawl.archive.selection.where`.
    """
    condition, parameters = where(**filters)
    for values in _tuples(
        archive, f"SELECT {RECORD_COLUMNS} FROM articles WHERE {condition} ORDER BY id", parameters
    ):
        yield record_of(values)


def _tuples(archive: Archive, sql: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    cursor = archive.connection.cursor()
    cursor.row_factory = None  # looking up the columns of a row by name costs more than reading it
    return cursor.execute(sql, parameters)


def export(
    lines: Iterable[Line],
    target: str,
    *,
    fields: Iterable[str],
    format: str = "jsonl",
    schema: str = "record",
    cursor: cursors.Cursor | None = None,
) -> int:
    """Write lines to a file, or to standard output for `-`; return how many.

    A name ending in .gz or .zst is compressed. The file appears under its name only when it is complete and on
    the disk: what was there before stays until then, whatever happens.

    :param fields: which fields of a line are written, in this order.
    :param schema: the one of :data:`dzwcrawl.schemas.SCHEMAS` that the lines are of.
    :param cursor: is moved when the file is complete, or standard output has taken everything.
    :raises FormatError: when the format needs what is not installed.
    """
    types = TOLD | REMOVAL["properties"] | SCHEMAS[schema].columns
    write, columns = FORMATS[format], {name: types[name] for name in fields}
    if target == "-":
        number = write(lines, sys.stdout.buffer, columns)
        sys.stdout.buffer.flush()
    else:
        path = Path(target)
        commit = None if cursor is None else lambda temporary: cursor.commit(temporary, path)
        with whole_file(path, commit) as out, _compressed(out, target) as stream:
            number = write(lines, stream, columns)
    if cursor is not None:
        cursor.save()
    return number


@dataclass(frozen=True, slots=True)
class Told:
    """What an export with a cursor did: how many lines it wrote, and which output of an export that was killed it
    `finished`. Where that has the same name, it did nothing else: what changed since is for the next export.
    """

    lines: int
    finished: Path | None = None


def export_changes(
    archive: Archive,
    cursor_file: Path,
    target: str,
    *,
    fields: Iterable[str],
    format: str = "jsonl",
    schema: str = "record",
    at_most: int = -1,
    **filters: Any,
) -> Told:
    """Write what has changed since the cursor, in the order of the changes, and move the cursor.

    All of it is one state of the archive. A line is one of the schema, with the `id` and since when the article has
    `vanished` (null: it has not), or a removal: an article that the consumer holds was forgotten, or the filters do
    not select it any more (:data:`dzwcrawl.schemas.REMOVAL`).

    :param at_most: so many changes; the next export goes on from there.
    :raises CursorError: when the cursor is in use or not one of this archive and selection.
    """
    chosen = tuple(fields)
    selection: dict[str, Any] = {"schema": schema}
    if chosen != tuple(SCHEMAS[schema].columns):
        selection["fields"] = list(chosen)
    selection |= {name: value for name, value in filters.items() if value is not None}
    if selection.get("duplicates") is True:  # is what is done anyway
        del selection["duplicates"]
    with cursors.opened(cursor_file, archive, selection) as cursor:
        finished = cursor.finish()
        if finished is not None and target != "-" and finished == Path(target).absolute():
            return Told(0, finished)
        with archive.snapshot():
            lines = _changed(archive, cursor, SCHEMAS[schema], chosen, at_most, filters)
            names = dict.fromkeys(["id", *chosen, *TOLD, *REMOVAL["properties"]])
            number = export(lines, target, fields=names, format=format, schema=schema, cursor=cursor)
        return Told(number, finished)


def _changed(
    archive: Archive,
    cursor: cursors.Cursor,
    schema: Schema,
    fields: tuple[str, ...],
    at_most: int,
    filters: dict[str, Any],
) -> Iterator[Line]:
    """Yield the lines of what has changed, and note in the cursor what they tell."""
    condition, parameters = where(**filters)
    rows = _tuples(
        archive,
        f"SELECT seq, changes.article, articles.id IS NOT NULL AND ({condition}), articles.vanished, articles.url, "
        f"tombstones.url_sha256, forgotten, {RECORD_COLUMNS} "
        "FROM changes LEFT JOIN articles ON articles.id = changes.article "
        "LEFT JOIN tombstones ON tombstones.article = changes.article WHERE seq > ? ORDER BY seq LIMIT ?",
        (*parameters, cursor.seq, at_most),
    )
    for seq, number, selected, vanished, url, digest, forgotten, *values in rows:
        if selected:
            line = schema.shape(record_of(values))
            yield {name: line[name] for name in fields if name in line} | {"id": number, "vanished": vanished}
        elif number in cursor.held:
            known = digest or (url and url_sha256(url))
            yield {"id": number, "url": url, "url_sha256": known, "removed": forgotten or now()}
        cursor.held.set(number, bool(selected))
        cursor.seq = seq


def url_sha256(url: str) -> str:
    """Return the digest that stands for a URL where it must not be told."""
    return hashlib.sha256(url.encode()).hexdigest()


def format_of(name: str) -> str:
    """Return the format that the name of a file asks for; `jsonl` for one without an ending, and for `-`.

    :raises FormatError: for an ending of something that is not written here.
    """
    plain = re.sub(r"\.(gz|zst)$", "", Path(name).name)
    ending = Path(plain).suffix.removeprefix(".")
    if ending not in _ENDINGS:
        raise FormatError(
            f"{name}: name the file .jsonl, .csv, .parquet or .warc (.gz and .zst are compressed), or say which format"
        )
    return _ENDINGS[ending]


_ENDINGS = {
    **dict.fromkeys(("", "jsonl", "ndjson", "json"), "jsonl"),
    "csv": "csv",
    "parquet": "parquet",
    "warc": "warc",
}


def check_shape(schema: str, fields: Iterable[str] = (), format: str = "jsonl") -> None:
    """Check that there are a schema, fields of it and a format.

    :raises FormatError: naming the nearest one.
    """
    _check_known("schema", schema, SCHEMAS)
    _check_known("format", format, FORMATS)
    for name in fields:
        _check_known("field", name, SCHEMAS[schema].columns)


def _check_known(what: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise FormatError(f"there is no {what} {name!r}; {nearest(name, known)}")


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
