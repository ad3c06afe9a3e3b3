"""How lines are written: as JSON, CSV or Parquet, one after the other, with flat memory."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import IO, Any

import orjson

Line = dict[str, Any]
Columns = Mapping[str, Any]
"""The JSON Schema of each field, in the order of the columns."""

Writer = Callable[[Iterable[Line], IO[bytes], Columns], int]

_GROUP = 5000
"""Lines of a row group of Parquet: what is in memory at once."""


class FormatError(ValueError):
    """A format that cannot be written here; the message says what it needs, or what there is."""


def _jsonl(lines: Iterable[Line], out: IO[bytes], columns: Columns) -> int:
    number, names = 0, [*columns]
    for line in lines:
        number += 1
        chosen = line if [*line] == names else {name: line[name] for name in names if name in line}
        out.write(orjson.dumps(chosen, option=orjson.OPT_APPEND_NEWLINE))
    return number


def _csv(lines: Iterable[Line], out: IO[bytes], columns: Columns) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    number = 0
    for line in lines:
        number += 1
        values = (line.get(name) for name in columns)
        writer.writerow([orjson.dumps(v).decode() if isinstance(v, list | dict) else v for v in values])
    text.detach()
    return number


def _parquet(lines: Iterable[Line], out: IO[bytes], columns: Columns) -> int:
    try:
        import pyarrow  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise FormatError("Parquet needs pyarrow: pip install 'dzwcrawl[parquet]'") from error
    schema = pyarrow.schema([(name, _arrow(pyarrow, definition)) for name, definition in columns.items()])
    number, rest = 0, iter(lines)
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(rest, _GROUP)):
            number += len(group)
            writer.write_table(pyarrow.Table.from_pylist(group, schema))
    return number


def _arrow(arrow: Any, definition: Mapping[str, Any]) -> Any:
    """Return the Arrow type of a JSON Schema. Every column may be null, as what is not known is.

    Times stay text: what is known to the day has no moment.
    """
    if "anyOf" in definition:
        return _arrow(arrow, definition["anyOf"][0])
    kind = definition["type"]
    if kind == "array":
        return arrow.list_(_arrow(arrow, definition["items"]))
    if kind == "object":
        return arrow.struct(
            [(name, _arrow(arrow, inner)) for name, inner in definition["properties"].items()]
        )
    return arrow.int64() if kind == "integer" else arrow.string()


FORMATS: dict[str, Writer] = {"jsonl": _jsonl, "csv": _csv, "parquet": _parquet}
