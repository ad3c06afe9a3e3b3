"""The `dzwcrawl` command: look at outlets, read, export and check the archive, extract and clean files."""

import os
import sqlite3
from typing import Any

import click

from dzwcrawl import __version__
from dzwcrawl.archive.selection import SelectionError
from dzwcrawl.cli.archive import show, stats
from dzwcrawl.cli.boilerplate import boilerplate, reclean
from dzwcrawl.cli.bulk import bulk
from dzwcrawl.cli.clusters import clusters
from dzwcrawl.cli.config import config
from dzwcrawl.cli.diff import diff
from dzwcrawl.cli.export import export_command
from dzwcrawl.cli.forget import forget_command
from dzwcrawl.cli.health import health
from dzwcrawl.cli.merge import merge_command
from dzwcrawl.cli.options import Interrupted
from dzwcrawl.cli.pages import clean, extract_command
from dzwcrawl.cli.probe import probe, record
from dzwcrawl.cli.raw import raw
from dzwcrawl.cli.reextract import reextract_command
from dzwcrawl.cli.report import report_command
from dzwcrawl.cli.schedule import schedule
from dzwcrawl.cli.search import search_command
from dzwcrawl.cli.serve import serve
from dzwcrawl.cli.stream import archive_command
from dzwcrawl.cli.upkeep import backup, doctor, vacuum
from dzwcrawl.cli.warc import import_command
from dzwcrawl.configuration import SettingError, check_environment
from dzwcrawl.text import nearest

__all__ = ["main"]


class _Commands(click.Group):
    """A group that names the nearest command when one is misspelt."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}; {nearest(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what ends it that no command can help is said in a line: Ctrl-C, wrong filters, a damaged archive."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("interrupted") from None
        except SelectionError as error:
            raise click.UsageError(str(error)) from None
        except sqlite3.DatabaseError as error:
            raise click.ClickException(
                f"the archive cannot be read or written: {error}; `dzwcrawl doctor` looks at the file"
            ) from error


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="dzwcrawl")
def main() -> None:
    """Archive of regional news: search, export, import, show, diff, stats; extract and clean files. Crawl with `scrapy crawl`."""
    try:
        check_environment(os.environ)
    except SettingError as error:
        raise click.UsageError(str(error)) from None


COMMANDS = (
    serve,
    export_command,
    import_command,
    merge_command,
    search_command,
    show,
    raw,
    diff,
    clusters,
    stats,
    health,
    report_command,
    reextract_command,
    forget_command,
    extract_command,
    clean,
    boilerplate,
    reclean,
    probe,
    record,
    config,
    bulk,
    doctor,
    backup,
    vacuum,
    schedule,
    archive_command,
)
for command in COMMANDS:
    main.add_command(command)
