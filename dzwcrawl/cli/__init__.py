"""The `dzwcrawl` command: look at outlets, read, export and check the archive, extract and clean files."""

import os
import sqlite3
from importlib import import_module
from typing import Any

import click

from dzwcrawl import __version__
from dzwcrawl.archive.selection import SelectionError
from dzwcrawl.cli.terminal import Interrupted
from dzwcrawl.configuration import SettingError, check_environment
from dzwcrawl.text import nearest

__all__ = ["main"]

COMMANDS = {
    "archive": "stream",
    "backup": "upkeep",
    "boilerplate": "boilerplate",
    "bulk": "bulk",
    "clean": "pages",
    "clusters": "clusters",
    "config": "config",
    "diff": "diff",
    "doctor": "upkeep",
    "export": "export",
    "extract": "pages",
    "forget": "forget",
    "health": "health",
    "import": "warc",
    "merge": "merge",
    "probe": "probe",
    "raw": "raw",
    "reclean": "boilerplate",
    "record": "probe",
    "reextract": "reextract",
    "report": "report",
    "schedule": "schedule",
    "search": "search",
    "serve": "serve",
    "show": "archive",
    "stats": "archive",
    "vacuum": "upkeep",
}
"""The module of each command, imported when it is called: a search need not load how pages are read."""


class _Commands(click.Group):
    """A group that loads a command when it is asked for, and names the nearest one when it is misspelt."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of that name, loading its module."""
        if cmd_name not in COMMANDS:
            return None
        found = vars(import_module(f"dzwcrawl.cli.{COMMANDS[cmd_name]}")).values()
        return next(value for value in found if isinstance(value, click.Command) and value.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}; {nearest(args[0], COMMANDS)}")
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
            from dzwcrawl.archive.archive import told  # noqa: PLC0415 (extract does without what opens archives)

            raise click.ClickException(
                f"the archive cannot be read or written: {told(error)}; `dzwcrawl doctor` looks at the file"
            ) from error
        except OverflowError:
            raise click.UsageError("a number is larger than any that an archive holds") from None
        except OSError as error:
            if isinstance(error, BrokenPipeError):  # whoever read has seen enough
                raise
            raise click.ClickException(f"a file cannot be read or written: {error}") from error
        except UnicodeEncodeError as error:
            raise click.ClickException(
                f"{error.object[error.start]!a} cannot be shown in the encoding of this terminal ({error.encoding}): "
                "say export LC_ALL=C.UTF-8"
            ) from None


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
