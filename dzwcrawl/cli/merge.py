"""`dzwcrawl merge`: one archive out of several."""

import sqlite3
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.archive.merge import merge
from dzwcrawl.archive.pages import PageError
from dzwcrawl.archive.reclean import reclean, unjudged_sites
from dzwcrawl.archive.store import derive_again
from dzwcrawl.cli.options import archive_option
from dzwcrawl.text import counted


@click.command("merge")
@archive_option
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="SOURCE…",
)
def merge_command(archive_path: Path, sources: tuple[Path, ...]) -> None:
    """Take over what other archives have: articles with revisions and raw pages, what was found and not fetched, what
    was taken down.

    The sources are only read, and may be crawled into meanwhile. Stopped, it goes on where it was when it is started
    again; done again, it brings what is new since.
    """
    try:
        with ExitStack() as opened:
            others = [opened.enter_context(Archive(source, read_only=True)) for source in sources]
            if archive_path.exists() and any(source.samefile(archive_path) for source in sources):
                raise click.UsageError(f"{archive_path} cannot be merged into itself")
            archive = opened.enter_context(_target(archive_path, others))
            for other in others:
                _merge(archive, other)
            changed = sum(reclean(archive, site, derive_again) for site in unjudged_sites(archive))
            click.echo(
                f"{counted(changed, 'body', 'bodies')} changed by what repeats in all of them together",
                err=True,
            )
    except (ArchiveError, PageError, OSError, sqlite3.Error) as error:
        raise click.ClickException(f"{error}; what was merged until then, if anything, stays") from error


def _target(path: Path, others: list[Archive]) -> Archive:
    """Open the archive that is merged into; invented and real articles stay apart."""
    demo = {other.path: other.is_demo() for other in others}
    if path.exists():
        with Archive(path) as there:
            demo[path] = there.is_demo()
    invented = [str(file) for file, is_demo in demo.items() if is_demo]
    if invented and len(invented) < len(demo):
        raise click.UsageError(
            f"invented articles of `make demo` and real ones are not merged: leave {', '.join(invented)} out, "
            "or merge demos into an archive of their own with --archive FILE"
        )
    return Archive(path, create=True, demo=bool(invented))


def _merge(archive: Archive, other: Archive) -> None:
    articles = other.query_value("SELECT count(*) FROM articles")
    with click.progressbar(length=articles, label=other.path.name, file=sys.stderr, show_pos=True) as bar:
        told = merge(archive, other, done=bar.update)
    click.echo(
        f"{other.path}: {counted(told['new'], 'article')} new here, {told['joined']} here with less, {told['same']} with all of it; "
        f"{told['forgotten']} not wanted here, {told['taken_down']} taken down; {counted(told['urls'], 'URL')} of no article"
    )
