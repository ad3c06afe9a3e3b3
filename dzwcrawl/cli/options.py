"""Options and types of arguments that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dzwcrawl.archive.archive import Archive, ArchiveError, is_writable
from dzwcrawl.archive.location import default_path
from dzwcrawl.archive.selection import SelectionError, check_day, check_site
from dzwcrawl.search.query import QueryError, parse
from dzwcrawl.urls import UrlError, canonical_url


class _Day(click.ParamType[str]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            check_day(str(value))
        except SelectionError as error:
            self.fail(str(error), param, ctx)
        return str(value)


class _Url(click.ParamType[str]):
    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return canonical_url(str(value) if "://" in str(value) else f"https://{value}")
        except UrlError as error:
            self.fail(str(error), param, ctx)


class _Query(click.ParamType[str]):
    name = "query"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            parse(str(value))
        except QueryError as error:
            self.fail(str(error), param, ctx)
        return str(value)


QUERY = _Query()
DAY = _Day()
URL = _Url()

archive_option = click.option(
    "--archive",
    "archive_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=default_path,
    help="The archive. Default: $DZWCRAWL_ARCHIVE, else data/archive.db of the project.",
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose articles by what is known of them."""
    for option in (
        click.option("--author", help="Only by this author."),
        click.option("--source", help="Only of this source, as it is recorded."),
        click.option("--until", type=DAY, help="Published on this day or earlier."),
        click.option("--since", type=DAY, help="Published on this day or later."),
        click.option("--section", help="Only of this section, at whatever level."),
        click.option("--site", help="Only this site."),
    ):
        command = option(command)
    return command


def open_archive(path: Path, site: str | None = None) -> Archive:
    """Open an archive that must be there; what is wrong with it is said without a traceback.

    :param site: what was given as --site, which the archive must know.
    """
    try:
        # On a medium that nobody can write it is there to be read; what would write it fails when it does.
        archive = Archive(path, read_only=not is_writable(path))
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    try:
        if site is not None:
            check_site(archive.connection, site)
    except SelectionError as error:
        archive.close()
        raise click.ClickException(f"{path} has {error}") from None
    return archive
