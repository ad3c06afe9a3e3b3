"""What a collection is made of: WARC files, and row groups of Parquet files.

A Parquet file has a row for each page, with the columns `url`, `html` (or `body`, `content`: bytes as received, or
text) and, as far as known, `fetched` (or `fetched_at`, `date`, `timestamp`) and `content_type`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from dzwcrawl.article import RawPage
from dzwcrawl.crawl.captures import WarcError, captures, is_invented
from dzwcrawl.packed import MOST
from dzwcrawl.urls import UrlError, canonical_url

_BODIES = ("html", "body", "content")
_TIMES = ("fetched", "fetched_at", "date", "timestamp")
_ROWS = 64
"""Rows that are in memory at once: one value that many rows share is large only where it is written out."""


class SourceError(Exception):
    """A file of a collection cannot be read; the message says which, why and what is expected."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of a collection that is read in one go: a WARC file, or (`group`) a row group of a Parquet file."""

    number: int
    path: str
    group: int | None = None


def partitions(paths: list[Path]) -> list[Partition]:
    """Return the partitions of files, numbered in the order of the files.

    :raises SourceError: for a file that is neither WARC nor Parquet, a Parquet file without pages, and for real articles
        beside those of a demo.
    """
    found: list[tuple[str, int | None]] = []
    for path in paths:
        if path.name.endswith((".warc", ".warc.gz")):
            found.append((str(path), None))
        elif path.suffix == ".parquet":
            found += [(str(path), group) for group in range(_parquet(path).num_row_groups)]
        else:
            raise SourceError(f"{path} is neither a WARC file (.warc, .warc.gz) nor Parquet (.parquet)")
    invented = [path for path in paths if is_invented(path)]
    if invented and len(invented) < len(paths):
        raise SourceError(
            f"{invented[0]} holds the invented articles of a demo: leave it out, or make a job of its own of it"
        )
    return [Partition(number, path, group) for number, (path, group) in enumerate(found)]


def captured_pages(partition: Partition, skip: Callable[[str], None]) -> Iterator[RawPage | dict[str, Any]]:
    """Yield the pages of a partition, and what a WARC file of ours says about its articles.

    :param skip: told why a record is passed over.
    :raises SourceError: when it cannot be read further; what was yielded is whole.
    """
    if partition.group is not None:
        yield from _rows(partition.path, partition.group, skip)
        return
    try:
        path = Path(partition.path)
        yield from captures(path, skip=skip, kept_body=lambda _: None, demo=is_invented(path))
    except WarcError as error:
        raise SourceError(str(error)) from error


def _parquet(path: Path) -> Any:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415
    except ImportError as error:
        raise SourceError("Parquet needs an extra: pip install 'dzwcrawl[bulk]'") from error
    try:
        file = parquet.ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise SourceError(f"{path} is no Parquet file that can be read: {error}") from error
    names = file.schema_arrow.names
    if "url" not in names or not set(names) & set(_BODIES):
        raise SourceError(
            f"{path} has the columns {', '.join(names)}; pages need `url` and one of {', '.join(_BODIES)}"
        )
    return file


def _rows(path: str, group: int, skip: Callable[[str], None]) -> Iterator[RawPage]:
    file = _parquet(Path(path))
    names = file.schema_arrow.names
    body = next(name for name in _BODIES if name in names)
    time = next((name for name in _TIMES if name in names), None)
    columns = [name for name in ("url", body, time, "content_type") if name and name in names]
    _check_size(file, path, group, columns)
    batches = file.iter_batches(_ROWS, row_groups=[group], columns=columns)
    for row in chain.from_iterable(batch.to_pylist() for batch in batches):
        if row[body] is not None and len(row[body]) > MOST:
            skip(f"a page of more than {MOST >> 20} MiB")
            continue
        try:
            yield _page(row["url"], row[body], time and row[time], row.get("content_type"))
        except (AttributeError, TypeError, ValueError) as error:
            skip(str(error) if isinstance(error, UrlError) else "a row without URL, page or readable time")


def _check_size(file: Any, path: str, group: int, columns: list[str]) -> None:
    """Refuse a row group that unpacks to more than its pages may have, before it is unpacked."""
    told = file.metadata.row_group(group)
    chunks = [told.column(at) for at in range(told.num_columns)]
    size = sum(each.total_uncompressed_size for each in chunks if each.path_in_schema in columns)
    if size > max(told.num_rows, 1) * MOST:  # a row group without rows has a few bytes all the same
        raise SourceError(
            f"{path}, row group {group}: {told.num_rows} pages unpack to {size >> 20} MiB, {MOST >> 20} MiB a page are the most"
        )


def _page(url: str, body: bytes | str, time: object, content_type: str | None) -> RawPage:
    # Text has been decoded by whoever wrote the file; whatever charset the page declares, it is UTF-8 here.
    told = "text/html; charset=utf-8" if isinstance(body, str) else content_type or "text/html"
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else memoryview(body).tobytes()
    return RawPage(canonical_url(url), _moment(time), f"HTTP/1.1 200 OK\r\nContent-Type: {told}\r\n", content)


def _moment(time: object) -> str:
    if time is None:
        return ""
    moment = time if isinstance(time, datetime) else datetime.fromisoformat(str(time))
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="seconds")
