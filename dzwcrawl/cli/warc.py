"""WARC files out of the archive and into it: `dzwcrawl export --format warc`, `dzwcrawl import`."""

import os
import shlex
import sqlite3
from pathlib import Path
from typing import Any

import click

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.pages import PageError
from dzwcrawl.archive.warc import export_warc
from dzwcrawl.cli.options import archive_option
from dzwcrawl.text import counted


def write_warc(archive: Archive, output: str, **filters: Any) -> None:
    """Write a WARC file and say how many articles it holds."""
    if not output.endswith((".warc", ".warc.gz", "-")):
        raise click.UsageError(f"a WARC file is named .warc or .warc.gz, not {output}")
    try:
        written, without_page = export_warc(archive, None if output == "-" else Path(output), **filters)
    except BrokenPipeError:
        raise  # the reader has enough, which is no failure of the export
    except (OSError, sqlite3.Error, PageError) as error:
        raise click.ClickException(
            f"cannot write {output}: {error}; what was there before is unchanged"
        ) from error
    click.echo(f"{counted(written, 'article')} written to {output}", err=True)
    if without_page:
        click.echo(f"no page is kept of {without_page} of them: only records are there", err=True)


@click.command("import")
@archive_option
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE…",
)
def import_command(archive_path: Path, files: tuple[Path, ...]) -> None:
    """Archive the articles in WARC files (.warc, .warc.gz), as `scrapy crawl warc -a path=FILE` does.

    Pages of an outlet with a spider are read by its rules, others by the general extractor; exit codes are those of
    `scrapy crawl`. What was exported from a demo goes only into an archive of a demo, which is made where there is none.
    """
    # Only here, because everything else of this command line works without Scrapy and starts without it.
    from scrapy.cmdline import execute  # noqa: PLC0415

    from dzwcrawl.crawl.captures import is_invented  # noqa: PLC0415
    from dzwcrawl.crawl.project import project_settings  # noqa: PLC0415

    path = shlex.join(str(file.resolve()) for file in files)
    command = [
        "scrapy",
        "crawl",
        "warc",
        "-a",
        f"path={path}",
        "-s",
        f"ARCHIVE_PATH={archive_path.resolve()}",
    ]
    if all(map(is_invented, files)):
        command += ["-s", "ARCHIVE_DEMO=1"]
    settings = project_settings()
    # Scrapy takes a command of a project only where it sees one, and this project is installed.
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "dzwcrawl.settings")
    execute(command, settings)
