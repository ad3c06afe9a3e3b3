"""`dzwcrawl forget`: take articles down."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

import click

from dzwcrawl.archive import tombstones
from dzwcrawl.archive.archive import Archive, is_number, told
from dzwcrawl.archive.forget import Report, forget, scrub
from dzwcrawl.archive.selection import where
from dzwcrawl.cli.options import DAY, QUERY, archive_option, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.text import counted

_SHOWN = 20


@click.command("forget")
@archive_option
@click.argument("articles", metavar="[ID|URL]…", nargs=-1)
@click.option("--query", type=QUERY, help="Instead of naming articles: what `dzwcrawl search` finds.")
@click.option("--site", help="Of this site.")
@click.option("--since", type=DAY, help="Published on this day or later.")
@click.option("--until", type=DAY, help="Published on this day or earlier.")
@click.option("--with-copies", is_flag=True, help="Other articles with the same text as well.")
@click.option("--reason", help="Kept with the tombstone: leave out what is to be forgotten.")
@click.option("--dry-run", is_flag=True, help="Only show what would be forgotten.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget_command(
    archive_path: Path,
    articles: tuple[str, ...],
    with_copies: bool,
    reason: str | None,
    dry_run: bool,
    yes: bool,
    **filters: str | None,
) -> None:
    """Remove articles with their revisions, pages and all traces; they are not collected again (docs/forget.md)."""
    given = {name: value for name, value in filters.items() if value is not None}
    if bool(articles) == bool(given):
        raise click.UsageError(
            "name articles by id or URL, or select them by --query, --site, --since, --until"
        )
    try:
        with open_archive(archive_path, given.get("site")) as archive:
            ids = _named(archive, articles) if articles else _selected(archive, given)
            if with_copies:
                ids |= {number for number, _ in forget(archive, ids, dry_run=True).copies}
            if ids:
                _forget(archive, ids, reason, dry_run, yes)
            else:
                _none_left(archive, bool(articles), dry_run)
    except sqlite3.Error as error:
        raise click.ClickException(
            f"cannot change {archive_path}: {told(error)}; nothing was forgotten"
        ) from error


def _named(archive: Archive, articles: tuple[str, ...]) -> set[int]:
    """Return the ids of named articles, without those that are forgotten already."""
    ids = set()
    for name in articles:
        found = archive.article(name)
        if found is not None and found.id is not None:
            ids.add(found.id)
            continue
        if is_number(name):
            gone = archive.query_value("SELECT 1 FROM tombstones WHERE article = CAST(? AS INTEGER)", (name,))
        else:
            gone = tombstones.buried(archive, tombstones.keys_of([name]))
        if not gone:
            raise click.ClickException(f"{archive.path} has no article {name}; nothing was forgotten")
        click.echo(f"{name} is forgotten already", err=True)
    return ids


def _selected(archive: Archive, filters: dict[str, Any]) -> set[int]:
    condition, parameters = where(**filters)
    return {
        row[0] for row in archive.connection.execute(f"SELECT id FROM articles WHERE {condition}", parameters)
    }


def _forget(archive: Archive, ids: set[int], reason: str | None, dry_run: bool, yes: bool) -> None:
    report = forget(archive, ids, dry_run=True)
    _show(report)
    if dry_run:
        return
    if not (yes or sys.stdin.isatty()):
        raise click.UsageError(
            "nothing was forgotten: nobody is there to be asked, so say --yes, or --dry-run to look"
        )
    if not (yes or click.confirm(f"Forget {counted(len(ids), 'article')} for ever?", err=True)):
        click.echo("nothing was forgotten", err=True)
        return
    done = forget(archive, ids, why=reason)
    click.echo(f"{counted(len(done.articles), 'article')} forgotten", err=True)
    _tell_of_log(archive, in_log=done.in_log)


def _none_left(archive: Archive, named: bool, dry_run: bool) -> None:
    if not named:
        click.echo("no article matches", err=True)
    # They may be forgotten already, by a command that was killed or while another process was reading.
    if not dry_run and archive.query_value("SELECT 1 FROM tombstones LIMIT 1"):
        _tell_of_log(archive, in_log=not scrub(archive))


def _show(report: Report) -> None:
    for number, title, url in report.articles[:_SHOWN]:
        say(f"  {number}  {title or '(no title)'}  {url}")
    if len(report.articles) > _SHOWN:
        click.echo(f"  … and {len(report.articles) - _SHOWN} more")
    click.echo(
        f"{counted(len(report.articles), 'article')}, with {counted(report.revisions, 'older revision')}, "
        f"{counted(report.pages, 'raw page')} and {counted(report.urls, 'URL')}"
    )
    if report.copies:
        click.echo("copies with the same text, which stay (--with-copies takes them too):")
        for number, url in report.copies[:_SHOWN]:
            say(f"  {number}  {url}")
    for what, ids in (
        ("other articles have much of the text, and stay", report.clustered),
        ("a title of them also stands in other articles, which stay", report.mentions),
    ):
        if ids:
            click.echo(f"{what}: {', '.join(map(str, ids[:_SHOWN]))}{' …' * (len(ids) > _SHOWN)}")


def _tell_of_log(archive: Archive, *, in_log: bool) -> None:
    if in_log:
        click.echo(
            f"another process is reading {archive.path}: the words may still stand in it and in {archive.path.name}-wal "
            "until it has finished; give the same command again then",
            err=True,
        )
