"""Commands that keep an archive well for years: doctor, backup, vacuum (docs/upkeep.md)."""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from dzwcrawl.archive import vacuum as room
from dzwcrawl.archive.archive import ArchiveError
from dzwcrawl.archive.backup import backup as make_backup
from dzwcrawl.archive.doctor import Finding, examine
from dzwcrawl.cli.options import archive_option, open_archive
from dzwcrawl.configuration import SettingError
from dzwcrawl.masking import mask
from dzwcrawl.text import counted

_COLOURS = {"ok": "green", "note": "yellow", "missing": "yellow", "wrong": "red"}


@click.command()
@archive_option
@click.option("--full", is_flag=True, help="Read the whole file and all of the search index; takes minutes.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(archive_path: Path, full: bool, as_json: bool) -> None:
    """Look for what may be wrong with the archive, the settings and the machine, and say what to do.

    It changes nothing. The exit code is 1 when something is wrong; a note, and what is missing for crawls, do not count.
    """
    findings = [*_settings(), *examine(archive_path, full=full)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            _say(finding)
    if any(finding.state == "wrong" for finding in findings):
        raise SystemExit(1)


def _say(finding: Finding) -> None:
    state = click.style(f"{finding.state:7}", fg=_COLOURS[finding.state])
    click.echo(f"{state} {finding.check:12} {mask(finding.text)}")
    if finding.advice is not None:
        click.echo(f"{'':21}-> {finding.advice}")


def _settings() -> Iterator[Finding]:
    """Look at the settings that a crawl would have here; without Scrapy there is none."""
    try:
        from dzwcrawl.crawl.checks import MissingContactError, check_contact, check_settings  # noqa: PLC0415
        from dzwcrawl.crawl.project import project_settings  # noqa: PLC0415
    except ImportError:
        yield Finding("settings", "note", "Scrapy is not installed: nothing can be crawled here")
        return
    settings = project_settings()
    try:
        check_settings(settings, os.environ)
        check_contact(settings, os.environ)
    except MissingContactError as error:
        yield Finding(
            "settings",
            "missing",
            str(error),
            "reading an archive needs none; a live crawl ends with exit code 2 without",
        )
        return
    except SettingError as error:
        yield Finding(
            "settings", "wrong", str(error), "`dzwcrawl config` shows every setting, docs/settings.md tells"
        )
        return
    if not settings.getbool("ROBOTSTXT_OBEY"):
        yield Finding("settings", "note", "robots.txt is not obeyed", "leave ROBOTSTXT_OBEY on")
    if settings.getfloat("DOWNLOAD_DELAY") < 1:
        yield Finding(
            "settings", "note", f"DOWNLOAD_DELAY is {settings['DOWNLOAD_DELAY']} s", "a second is polite"
        )
    yield Finding("settings", "ok", str(settings["USER_AGENT"]))


@click.command()
@archive_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also replace a file that is newer, or is no backup.")
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),  # each number is looked for
    default=1,
    show_default=True,
    help="So many backups stay: FILE, the one before as FILE.1 …",
)
def backup(archive_path: Path, file: Path, replace: bool, keep: int) -> None:
    """Write a verified copy of the archive as it is at this moment; crawls may go on.

    FILE is an archive itself; a name ending in .zst or .gz is compressed. It appears when it is complete.
    """
    try:
        made = make_backup(archive_path, file, replace=replace, keep=keep)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{counted(made.articles, 'article')} and {counted(made.crawls, 'crawl')} backed up to {made.path}, {made.size / 1e6:.1f} MB; "
        "it passes SQLite's integrity check",
        err=True,
    )


@click.command()
@archive_option
@click.option("--full", is_flag=True, help="Write the file anew however little it gains.")
def vacuum(archive_path: Path, full: bool) -> None:
    """Give room back to the disk: empty the write-ahead log and remove what holds nothing. No crawl may run."""
    with open_archive(archive_path) as archive:
        before = room.sizes(archive)
        try:
            written = room.vacuum(archive, full=full)
        except (ArchiveError, sqlite3.Error) as error:
            raise click.ClickException(f"{error}; nothing was changed") from error
        after = room.sizes(archive)
    click.echo(f"before: {_sizes(before)}")
    click.echo(f"after:  {_sizes(after)}")
    if not written:
        click.echo(
            f"less than {room.WORTH_IT:.0%} of it holds nothing, so the file stays; --full writes it anew"
        )


def _sizes(sizes: room.Sizes) -> str:
    return f"{sizes.file / 1e6:.1f} MB, log {sizes.log / 1e6:.1f} MB, unused {sizes.unused / 1e6:.1f} MB"
