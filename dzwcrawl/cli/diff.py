"""The command that shows what changed between two revisions."""

import json
import os
import sys
from pathlib import Path

import click

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.history import Revision, comparable, revisions
from dzwcrawl.article import Article
from dzwcrawl.cli.archive import found_article
from dzwcrawl.cli.options import archive_option, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.diff.articles import FieldDiff, as_json, count_signs, diff_articles
from dzwcrawl.diff.page import Heading, page
from dzwcrawl.diff.terminal import lines_of
from dzwcrawl.text import counted


@click.command()
@archive_option
@click.argument("article", metavar="ID|URL")
@click.option("--from", "first", type=click.IntRange(1), help="Revision. Default: the one before --to.")
@click.option("--to", "second", type=click.IntRange(1), help="Revision. Default: the present one.")
@click.option(
    "--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a page instead."
)
@click.option("--json", "as_json_", is_flag=True, help="Print the difference as JSON.")
@click.option("--all", "all_lines", is_flag=True, help="Unchanged paragraphs whole.")
def diff(
    archive_path: Path,
    article: str,
    first: int | None,
    second: int | None,
    html_file: Path | None,
    as_json_: bool,
    all_lines: bool,
) -> None:
    """Show what changed between two revisions of an article.

    Coloured on a terminal; elsewhere, and with NO_COLOR set, [-removed-] and {+added+}.
    """
    if html_file and as_json_:
        raise click.UsageError("--html and --json are two outputs: choose one")
    with open_archive(archive_path) as archive:
        present = found_article(archive, article)
        seen = {revision.number: revision for revision in revisions(archive, present)}
        numbers = _numbers(present, seen, first, second)
        old, new = _states(archive, present, numbers)
    fields = diff_articles(old, new)
    heading = Heading(_about(seen[numbers[0]]), _about(seen[numbers[1]]), _kinds(seen, numbers))
    if as_json_:
        about = {"id": present.id, "from": numbers[0], "to": numbers[1], "changes": heading.changes}
        click.echo(json.dumps(about | {"fields": as_json(fields)}, ensure_ascii=False))
    elif html_file:
        _write(html_file, page(new, heading, fields, all_lines=all_lines))
    else:
        _print(new, heading, fields, all_lines)


def _numbers(
    present: Article, seen: dict[int, Revision], first: int | None, second: int | None
) -> tuple[int, int]:
    """Return the two revisions to compare, each of which is there."""
    known = sorted(seen)
    if len(known) == 1:
        raise click.ClickException(f"article {present.id} has only revision {known[0]}: it never changed")
    to = second or (present.revision if first != present.revision else 0)
    since = first or max((n for n in known if n < to), default=0)
    if since == to or 0 in (since, to):
        raise click.UsageError(f"name two revisions of {', '.join(map(str, known))}: --from R --to R")
    for number in (since, to):
        if number not in seen:
            raise click.ClickException(
                f"article {present.id} has no revision {number}; it has {', '.join(map(str, known))}"
            )
    return since, to


def _states(archive: Archive, present: Article, numbers: tuple[int, int]) -> tuple[Article, Article]:
    states = comparable(archive, present, numbers)
    assert states is not None, "both revisions are listed"
    return states


def _about(revision: Revision) -> str:
    return f"revision {revision.number}, {revision.seen()}"


def _kinds(seen: dict[int, Revision], numbers: tuple[int, int]) -> list[str]:
    """Return the kinds of all the changes on the way from one revision to the other, each once."""
    steps = range(min(numbers) + 1, max(numbers) + 1)
    return list(dict.fromkeys(kind for step in steps if step in seen for kind in seen[step].changes))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {error.strerror}") from error
    click.echo(f"written to {file}", err=True)


def _print(new: Article, heading: Heading, fields: list[FieldDiff], all_lines: bool) -> None:
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    removed, added = count_signs(fields)
    say(new.title or "(no title)", bold=True, color=colour)
    say(f"{new.url}  (id {new.id})")
    say(f"  {heading.old}\n→ {heading.new}")
    click.echo(
        f"{', '.join(heading.changes) or 'no kind noted'}: {counted(removed, 'character')} removed, {added} added"
    )
    for line in lines_of(fields, colour=colour, all_lines=all_lines):
        click.echo(line, color=colour)
