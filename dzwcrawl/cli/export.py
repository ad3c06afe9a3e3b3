"""`dzwcrawl export`: articles out of the archive, into files."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.cursor import CursorError
from dzwcrawl.archive.export import check_shape, export, export_changes, format_of, records
from dzwcrawl.archive.formats import FORMATS, FormatError
from dzwcrawl.cli.options import DAY, QUERY, archive_option, open_archive
from dzwcrawl.cli.warc import write_warc
from dzwcrawl.schemas import SCHEMAS, json_schema
from dzwcrawl.text import counted


@click.command("export")
@archive_option
@click.option("--site", help="Only this site.")
@click.option("--since", type=DAY, help="Published on this day or later.")
@click.option("--until", type=DAY, help="Published on this day or earlier.")
@click.option("--query", type=QUERY, help="Only what `dzwcrawl search` finds by this query.")
@click.option("--section", help="Only articles of this section, at whatever level.")
@click.option("--source", help="Only articles from this source (来源).")
@click.option("--author", help="Only articles by this author.")
@click.option("--unique", is_flag=True, help="Leave out copies of other articles.")
@click.option(
    "--schema",
    type=click.Choice([*SCHEMAS]),
    default="record",
    show_default=True,
    help="Names of the fields: ours, of schema.org's NewsArticle, zyte-common-items or newspaper4k.",
)
@click.option(
    "--fields", show_default="all", help="Comma-separated fields of the schema, in the order given."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*sorted(FORMATS), "warc"]),
    help="Default: by the file's name, else jsonl.",
)
@click.option(
    "--since-cursor",
    "cursor",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Only what has changed since the last export with this cursor, removals too; then move it (docs/export.md).",
)
@click.option(
    "--at-most", type=click.IntRange(1), metavar="N", help="With a cursor: so many changes at once."
)
@click.option("--json-schema", "only_schema", is_flag=True, help="Print the JSON Schema of a line instead.")
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    help="File (.gz and .zst are compressed), - for standard output.",
)
def export_command(
    archive_path: Path,
    fields: str | None,
    schema: str,
    format_: str | None,
    unique: bool,
    cursor: Path | None,
    at_most: int | None,
    only_schema: bool,
    output: str,
    **filters: Any,
) -> None:
    """Write articles as records (docs/record.md), one a line; or with their pages as a WARC file."""
    if only_schema:
        click.echo(json.dumps(json_schema(schema, cursor=cursor is not None), ensure_ascii=False, indent=2))
        return
    chosen = tuple(filter(None, (name.strip() for name in (fields or "").split(","))))
    try:
        format_ = format_ or format_of(output)
        check_shape(schema, chosen)
    except FormatError as error:
        raise click.UsageError(str(error)) from None
    if format_ in ("parquet", "warc") and output == "-" and sys.stdout.isatty():
        raise click.UsageError(
            f"{format_} is not for a terminal to show: name a file, -o FILE, or send it on with a pipe"
        )
    if format_ == "warc" and (fields or cursor or schema != "record"):
        raise click.UsageError(
            "a WARC file holds whole records: leave --fields out, --schema and --since-cursor too"
        )
    if at_most and not cursor:
        raise click.UsageError("--at-most is for exports with --since-cursor")
    filters["duplicates"] = not unique
    how: dict[str, Any] = {
        "fields": chosen or tuple(SCHEMAS[schema].columns),
        "format": format_,
        "schema": schema,
    }
    with _failing_well(output), open_archive(archive_path, filters["site"]) as archive:
        if archive.is_demo() and format_ != "warc":  # which says so itself
            click.echo(
                "these are the invented articles of a demo, and nothing in the lines will say so", err=True
            )
        if format_ == "warc":
            write_warc(archive, output, **filters)
        elif cursor is None:
            lines = map(SCHEMAS[schema].shape, records(archive, **filters))
            _say(output, f"{counted(export(lines, output, **how), 'article')} written to {output}")
        else:
            _write_changes(archive, cursor, output, at_most=at_most or -1, **how, **filters)


def _write_changes(archive: Archive, cursor: Path, output: str, **how: Any) -> None:
    told = export_changes(archive, cursor, output, **how)
    if told.finished is not None:
        click.echo(f"{told.finished} is complete now: the export that wrote it was killed", err=True)
    if told.finished is None or told.finished != Path(output).absolute():
        _say(output, f"{counted(told.lines, 'change')} written to {output}")


def _say(output: str, message: str) -> None:
    if output != "-":
        click.echo(message, err=True)


@contextmanager
def _failing_well(output: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # The reader (`head`) has enough; closing quietly is what a filter does.
        sys.stderr.close()
    except (CursorError, FormatError) as error:
        raise click.ClickException(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(
            f"cannot write {output}: {error}; what was there before is unchanged"
        ) from error
