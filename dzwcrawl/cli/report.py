"""The command that reports what came, was cleaned away, changed and vanished."""

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import click

from dzwcrawl.archive.archive import now
from dzwcrawl.archive.files import replace_whole
from dzwcrawl.archive.reporting import report
from dzwcrawl.cli.options import DAY, archive_option, open_archive
from dzwcrawl.report.page import page
from dzwcrawl.report.picture import PictureError, picture
from dzwcrawl.report.terminal import lines

_ZONE = timezone(timedelta(hours=8))
_DAYS = 7
_MOST = 3660


@click.command("report")
@archive_option
@click.option("--site", help="Only this site.")
@click.option("--since", type=DAY, help="From this day, month or year on. Default: the last seven days.")
@click.option("--until", type=DAY, help="To this day, month or year. Default: today.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write an HTML page.")
@click.option("--png", type=click.Path(dir_okay=False, path_type=Path), help="Write a picture.")
def report_command(
    archive_path: Path,
    site: str | None,
    since: str | None,
    until: str | None,
    lang: str,
    output: Path | None,
    png: Path | None,
) -> None:
    """Report what came, was cleaned away, changed and vanished, and what needs a look.

    Printed, or written as one HTML page (-o) or a picture for a chat (--png).
    """
    last = _bounds(until)[1] if until else datetime.fromisoformat(now()).astimezone(_ZONE).date()
    first = _bounds(since)[0] if since else last - timedelta(days=_DAYS - 1)
    _check(first, last)
    _check_endings(output, png)
    with open_archive(archive_path, site) as archive:
        found = report(archive, first, last, site)
    made = datetime.fromisoformat(now()).astimezone(_ZONE).isoformat(sep=" ", timespec="minutes")
    if output is not None:
        _write(output, page(found, made, lang).encode("utf-8", "replace"))
    if png is not None:
        try:
            drawn = picture(found, lang)
        except PictureError as error:
            raise click.ClickException(str(error)) from error
        _write(png, drawn)
    if output is None and png is None:
        for line in lines(found, lang):
            click.echo(line)


def _bounds(day: str) -> tuple[date, date]:
    """Return the first and the last day of a day, month or year."""
    year, month, number = (int(part) for part in f"{day}-0-0".split("-")[:3])
    if number:
        return date(year, month, number), date(year, month, number)
    last = month or 12
    return date(year, month or 1, 1), date(year, last, monthrange(year, last)[1])


def _check(first: date, last: date) -> None:
    if first > last:
        raise click.UsageError(f"--since {first} is after --until {last}")
    if (last - first).days > _MOST:
        raise click.UsageError(f"a report is of {_MOST} days at most")


def _check_endings(output: Path | None, png: Path | None) -> None:
    """Refuse a name that promises what is not written."""
    if output and output.suffix.lower() not in ("", ".html", ".htm"):
        raise click.UsageError(f"{output}: -o writes an HTML page (.html), and --png FILE.png a picture")
    if png and png.suffix.lower() not in ("", ".png"):
        raise click.UsageError(f"{png}: --png writes a PNG picture (.png)")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole: what was there before stays until the new one is."""
    try:
        replace_whole(path, content)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error}") from error
    click.echo(f"written to {path}", err=True)
