"""`dzwcrawl reextract`: today's rules over the kept pages."""

import sys
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import click

from dzwcrawl.archive import reextract
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reclean import reclean
from dzwcrawl.archive.store import derive_again
from dzwcrawl.cli.options import QUERY, archive_option, filter_options, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.cli.workers import JOBS, WorkerDied, in_order
from dzwcrawl.text import counted

_NOTED_AT_ONCE = 20
_SHOWN = 60
_BEFORE = 12
"""Characters of an example, and how many of them stand before the first difference."""


@click.command("reextract")
@archive_option
@filter_options
@click.option("--query", type=QUERY, help="Only what `dzwcrawl search` finds by this query.")
@click.option("--id", "ids", type=int, multiple=True, help="Only this article; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--jobs", type=JOBS, default="auto", show_default=True, help="Processes that share the work.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.pass_context
def reextract_command(
    ctx: click.Context,
    /,
    archive_path: Path,
    ids: tuple[int, ...],
    dry_run: bool,
    jobs: int,
    yes: bool,
    **filters: str | None,
) -> None:
    """Read the kept pages again by today's rules; show what differs, then change the articles in place.

    Nothing is fetched, and nothing of it is a revision. A page that gives no article any more leaves the article
    as it is; it is reported, and the exit code is 1. A run that was stopped goes on where it was.
    """
    if not (dry_run or yes or sys.stdin.isatty()):
        raise click.UsageError("nobody is there to be asked: say --yes to write, or --dry-run to look")
    # Only here, because everything else of this command line works without Scrapy and starts without it.
    from dzwcrawl.crawl.rereading import rules_version  # noqa: PLC0415

    selection = {"ids": sorted(ids)} | {name: value for name, value in filters.items() if value is not None}
    with open_archive(archive_path, filters["site"]) as archive:
        for number in ids:
            if archive.article(number) is None:
                raise click.ClickException(f"{archive_path} has no article {number}")
        run = reextract.begin(archive, rules_version(), selection, dry=dry_run)
        if run.without_page:
            click.echo(
                f"no page is kept of {run.without_page} of the articles: they stay as they are", err=True
            )
        if run.done:
            click.echo(
                f"going on with a run that was stopped: {counted(run.done, 'page was', 'pages were')} read",
                err=True,
            )
        _read(archive, run, jobs)
        found = reextract.report(archive, run.number)
        _show(found)
        if not dry_run:
            if found.changed and not (
                yes or click.confirm(f"Change {counted(found.changed, 'article')} in place?", err=True)
            ):
                with archive.transaction():
                    reextract.discard(archive)
                click.echo("nothing was written", err=True)
                return
            _write(archive, run, found.changed)
    if found.failed:
        ctx.exit(1)


def _read(archive: Archive, run: reextract.Run, jobs: int) -> None:
    """Make the drafts of a run on several cores and note them."""
    from dzwcrawl.crawl.rereading import draft_of  # noqa: PLC0415

    work = [(str(archive.path), article) for article in run.articles]
    drafts = in_order(draft_of, work, min(jobs, len(work)) or 1)
    try:
        with _bar(len(work), "reading") as bar:
            while some := list(islice(drafts, _NOTED_AT_ONCE)):
                reextract.note(archive, run.number, some)
                bar.update(len(some))
    except WorkerDied as error:
        raise click.ClickException(
            f"the process that read article {error.value[1]} died; the same command goes on where it was, "
            "with --jobs 1 if memory is short"
        ) from error


def _write(archive: Archive, run: reextract.Run, changed: int) -> None:
    """Write the drafts of a run, and judge what repeats by the new texts (also those of a run that was stopped)."""
    with _bar(changed, "writing") as bar:
        for number in reextract.write(archive, run.number):
            bar.update(number)
    sites = archive.connection.execute("SELECT DISTINCT site FROM articles").fetchall()
    for (site,) in sites:
        reclean(archive, site, derive_again)
    reextract.finish(archive, run.number)
    written = archive.query_value("SELECT written FROM reextractions WHERE id = ?", (run.number,))
    click.echo(f"{counted(written, 'article')} changed in place", err=True)


def _bar(length: int, label: str) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True)


def _show(found: reextract.Report) -> None:
    failed = sum(map(len, found.failed.values()))
    say(
        f"{counted(found.same, 'page gives', 'pages give')} the same article, {found.changed} another one, {failed} none any more"
    )
    for name, number in found.fields.items():
        say(f"  {number:7}  {name}")
        for example in found.examples[name]:
            say(f"           {example.article}: {_example(example)}")
    for reason, articles in found.failed.items():
        say(
            f"  {len(articles):7}  no article: {reason} ({', '.join(map(str, articles[:5]))}); kept as it was"
        )


def _example(example: reextract.Difference) -> str:
    """Return the two values of a field where they begin to differ."""
    old, new = (
        "null" if value is None else str(value).replace("\n", "⏎") for value in (example.old, example.new)
    )
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    start = max(0, same - _BEFORE)
    return f"{_short(old, start)} -> {_short(new, start)}"


def _short(text: str, start: int) -> str:
    end = start + _SHOWN
    return f"{'…' * bool(start)}{text[start:end]}{'…' * (end < len(text))}"
