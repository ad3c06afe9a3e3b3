"""`dzwcrawl export`: articles out of the archive, into files."""

import re
import sqlite3
import sys
from pathlib import Path

import click

from dzwcrawl.archive.export import FORMATS, export, records
from dzwcrawl.article import RECORD_FIELDS
from dzwcrawl.cli.options import DAY, FIELDS, QUERY, archive_option, open_archive
from dzwcrawl.cli.warc import write_warc


@click.command("export")
@archive_option
@click.option("--site", help="Only this site.")
@click.option("--since", type=DAY, help="Published on this day or later.")
@click.option("--until", type=DAY, help="Published on this day or earlier.")
@click.option("--query", type=QUERY, help="Only what `dzwcrawl search` finds by this query.")
@click.option(
    "--fields",
    type=FIELDS,
    default=RECORD_FIELDS,
    show_default="all",
    help="Comma-separated fields, in the order given.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*sorted(FORMATS), "warc"]),
    help="Default: by the file's name, else jsonl.",
)
@click.option("--unique", is_flag=True, help="Leave out copies of other articles.")
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    help="File (.gz and .zst are compressed), - for standard output.",
)
def export_command(
    archive_path: Path,
    site: str | None,
    since: str | None,
    until: str | None,
    query: str | None,
    fields: tuple[str, ...],
    format_: str | None,
    unique: bool,
    output: str,
) -> None:
    """Write articles as records (docs/record.md), one a line; or with their pages as a WARC file."""
    format_ = format_ or _format_of(output)
    filters = {"site": site, "since": since, "until": until, "query": query, "duplicates": not unique}
    with open_archive(archive_path) as archive:
        if format_ == "warc":
            if fields != RECORD_FIELDS:
                raise click.UsageError("a WARC file holds whole records: leave --fields out")
            write_warc(archive, output, **filters)
            return
        found = records(archive, **filters)
        try:
            number = export(found, output, fields=fields, format=format_)
        except BrokenPipeError:
            # The reader (`head`) has enough; closing quietly is what a filter does.
            sys.stderr.close()
            return
        except (OSError, sqlite3.Error) as error:
            raise click.ClickException(
                f"cannot write {output}: {error}; what was there before is unchanged"
            ) from error
    if output != "-":
        click.echo(f"{number} articles written to {output}", err=True)


def _format_of(name: str) -> str:
    if re.search(r"\.warc(\.gz)?$", name):
        return "warc"
    return "csv" if re.search(r"\.csv(\.gz|\.zst)?$", name) else "jsonl"
