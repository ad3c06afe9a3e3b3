"""`dzwcrawl boilerplate` and `dzwcrawl reclean`: what repeats on a site, why it goes, and a person's word on it."""

import json
from pathlib import Path
from typing import IO

import click

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.boilerplate import explain, repeating
from dzwcrawl.archive.pins import PatternsError, Word, export_patterns, import_patterns, pin
from dzwcrawl.archive.reclean import relearn
from dzwcrawl.archive.store import derive_again
from dzwcrawl.cli.options import archive_option, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.text import counted, nearest

site_argument = click.argument("site")


@click.group()
def boilerplate() -> None:
    """What repeats on the pages of a site: list it, explain it, overrule it, hand it on."""


def _check_site(archive: Archive, site: str) -> None:
    sites = [row[0] for row in archive.connection.execute("SELECT DISTINCT site FROM articles ORDER BY site")]
    if site not in sites:
        raise click.ClickException(f"{archive.path} has no articles of {site!r}; {nearest(site, sites)}")


@boilerplate.command("list")
@archive_option
@site_argument
@click.option("--all", "everything", is_flag=True, help="Also what repeats and is text by its verdict.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_command(archive_path: Path, site: str, everything: bool, as_json: bool) -> None:
    """List what repeats on SITE: on how many articles, where on the page, since when, and the verdict.

    In a pattern # stands for any digits, 《》 for a quoted title or that of the article itself, □ for a name or a
    value (docs/boilerplate.md).
    """
    with open_archive(archive_path) as archive:
        _check_site(archive, site)
        rows = [row for row in repeating(archive, site) if everything or row["verdict"] != "text"]
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        places = {"before": "head", "after": "tail", "apart": "aside", "links": "linked"}
        where = ", ".join(f"{name} {row[key]}" for name, key in places.items() if row.get(key))
        days = f"{row['first']}–{row['last']}" if row["pages"] else ""
        say(f"{row['pages']:6}  {row['verdict']:<12}  {days}  {row['pattern']}  [{where}]")


@boilerplate.command("explain")
@archive_option
@click.argument("article", metavar="ID|URL")
def explain_command(archive_path: Path, article: str) -> None:
    """Show every removed line of an article, why it was removed and on what evidence.

    "on 12 of 40 articles, the whole site": its pattern stood on so many of the articles of the site, of one template
    (pages built alike) or of one channel (a part of the site), while it was in use (docs/boilerplate.md).
    """
    with open_archive(archive_path) as archive:
        found = archive.article(article)
        if found is None:
            raise click.ClickException(f"{archive_path} has no article {article}")
        for line in explain(archive, found):
            evidence = f" ({line['evidence']})" if line["evidence"] else ""
            say(f"{line['text']}\n    {line['reason']}{evidence}")


def _say(archive_path: Path, site: str, text: str, word: Word | None) -> None:
    with open_archive(archive_path) as archive:
        _check_site(archive, site)
        changed = pin(archive, site, text, word, derive_again)
    click.echo(f"{'remembered' if word else 'forgotten'}; {counted(changed, 'body', 'bodies')} changed")


@boilerplate.command()
@archive_option
@site_argument
@click.argument("text")
def keep(archive_path: Path, site: str, text: str) -> None:
    """Keep the line TEXT and its variants (other digits) on SITE, whatever was learned or known."""
    _say(archive_path, site, text, "keep")


@boilerplate.command()
@archive_option
@site_argument
@click.argument("text")
def drop(archive_path: Path, site: str, text: str) -> None:
    """Drop the line TEXT and its variants (other digits) on SITE, now and in future."""
    _say(archive_path, site, text, "drop")


@boilerplate.command()
@archive_option
@site_argument
@click.argument("text")
def reset(archive_path: Path, site: str, text: str) -> None:
    """Take back what was said about TEXT with keep or drop."""
    _say(archive_path, site, text, None)


@boilerplate.command("export")
@archive_option
@site_argument
@click.option("-o", "--output", type=click.File("w", encoding="utf-8", atomic=True), default="-")
def export_command(archive_path: Path, site: str, output: IO[str]) -> None:
    """Write the patterns of SITE as JSON that a person can read, mend and import elsewhere."""
    with open_archive(archive_path) as archive:
        _check_site(archive, site)
        output.write(json.dumps(export_patterns(archive, site), ensure_ascii=False, indent=1) + "\n")


@boilerplate.command("import")
@archive_option
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--site", help="Import them for this site instead of the one the file names.")
def import_command(archive_path: Path, file: IO[str], site: str | None) -> None:
    """Take over the patterns of FILE; what was said here with keep and drop goes before them."""
    try:
        data = json.load(file)
    except ValueError as error:
        raise click.ClickException(f"{file.name} is not JSON: {error}") from error
    with open_archive(archive_path) as archive:
        try:
            new = import_patterns(archive, data, derive_again, site)
        except PatternsError as error:
            raise click.ClickException(f"{file.name}: {error}") from error
    click.echo(f"{counted(new, 'pattern')} imported")


@click.command()
@archive_option
@click.option("--site", help="Only this site.")
def reclean(archive_path: Path, site: str | None) -> None:
    """Count anew what repeats in the stored articles, judge it, and derive the bodies again. No revision is made."""
    with open_archive(archive_path) as archive:
        if site is not None:
            _check_site(archive, site)
        rows = archive.connection.execute("SELECT DISTINCT site FROM articles ORDER BY site").fetchall()
        for name in [site] if site is not None else [row[0] for row in rows]:
            changed = relearn(archive, name, derive_again)
            click.echo(f"{name}: {counted(changed, 'body', 'bodies')} changed")
