"""Commands that work on files, without an archive: extract, clean."""

import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import click
import orjson

from dzwcrawl.article import record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.cli.inputs import Input, from_arguments, from_manifest, in_utf8, is_folder, texts_from
from dzwcrawl.cli.terminal import Interrupted
from dzwcrawl.cli.workers import WorkerDied, in_order, jobs_option
from dzwcrawl.extract import ExtractionError, extract, read_article
from dzwcrawl.extract.explain import explain, explain_refused
from dzwcrawl.extract.page import parse
from dzwcrawl.text import counted


@click.command("extract")
@click.argument("files", nargs=-1, metavar="FILE|FOLDER|-…")
@click.option("--manifest", type=click.File("rb"), help='Lines {"file": …, "url": …}; - for standard input.')
@click.option("--url", help="The URL of the page, if there is only one.")
@click.option(
    "--explain", is_flag=True, help="Instead of the record of one page, print a view of its blocks as HTML."
)
@jobs_option
@click.pass_context
def extract_command(
    ctx: click.Context,
    files: tuple[str, ...],
    manifest: IO[bytes] | None,
    url: str | None,
    explain: bool,
    jobs: int,
) -> None:
    """Print the article of each page as a record with `file`, in the order given.

    Pages are files, folders (the *.html, *.htm, *.shtml and *.xhtml in them, sorted), or - for one page on
    standard input; names ending in .gz are unpacked. A page that gives no article prints a line with `file`
    and `error`; the rest go on, and the exit code is 1.
    """
    if bool(files) == bool(manifest):
        raise click.UsageError("name FILEs or a --manifest, one of the two")
    if (url or explain) and (len(files) != 1 or is_folder(Path(files[0]))):
        raise click.UsageError(f"{'--url' if url else '--explain'} goes with exactly one FILE")
    url = url and in_utf8(url)
    if explain:
        _explain(ctx, next(from_arguments(files, url)))
        return

    pages = from_arguments(files, url) if manifest is None else from_manifest(manifest)
    # A bar goes to the terminal only while the records go elsewhere. Counting a folder walks it once more.
    shown = sys.stderr.isatty() and not sys.stdout.isatty()
    number = sum(1 for _ in from_arguments(files, count_only=True)) if shown and files else None
    with (
        closing(in_order(_record_line, pages, jobs)) as lines,
        click.progressbar(lines, number, show_pos=True, file=sys.stderr, hidden=not shown) as bar,
    ):
        failed = _write(bar)
    if failed:
        ctx.exit(1)


def _write(lines: Iterable[tuple[bytes, bool]]) -> bool:
    """Write the lines of pages to standard output; return whether any page failed."""
    failed, done = False, 0
    try:
        for line, good in lines:
            sys.stdout.buffer.write(line)
            failed, done = failed or not good, done + 1
    except WorkerDied as died:
        sys.stdout.buffer.flush()
        raise click.ClickException(
            f"{died}: it was killed, ran out of memory or crashed, on {died.value.shown} or one of the pages "
            f"after it; {counted(done, 'page before is', 'pages before are')} printed. With --jobs 1 the last one printed tells which it is"
        ) from died
    except KeyboardInterrupt:
        sys.stdout.buffer.flush()
        raise Interrupted(f"interrupted; the first {counted(done, 'page is', 'pages are')} printed") from None
    return failed


def _record_line(page: Input) -> tuple[bytes, bool]:
    """Return the line of a page, and whether it has an article."""
    line = {"file": page.shown, "error": page.error} if page.error else _record(page)
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE), "error" not in line


def _record(page: Input) -> dict[str, Any]:
    try:
        article = extract(page.read(), url=page.url)
        clean_phrases(article)
    except (OSError, ExtractionError) as error:
        return {"file": page.shown, "error": str(error)}
    except Exception as error:
        # A fault of ours on one page must not lose the thousands after it.
        return {"file": page.shown, "error": f"fault of dzwcrawl, please report it: {error!r}"}
    return {"file": page.shown, **record(article)}


def _explain(ctx: click.Context, page: Input) -> None:
    """Print the view of a page; the exit code is 1 when it gives no article."""
    try:
        parsed = parse(page.read(), url=page.url)
    except (OSError, ExtractionError) as error:
        raise click.ClickException(f"{page.shown}: {error}") from error
    try:
        article, region = read_article(parsed)
        clean_phrases(article)
        click.echo(explain(parsed, region, article))
    except ExtractionError as error:
        click.echo(explain_refused(parsed, str(error)))
        ctx.exit(1)


@click.command()
@click.argument("files", nargs=-1, metavar="FILE|FOLDER|-…")
@click.option("--site", help="The texts are of one site. Default: the host of each text's URL.")
@click.pass_context
def clean(ctx: click.Context, files: tuple[str, ...], site: str | None) -> None:
    """Clean plain texts as other crawlers left them; print each article as a record with `file`.

    A *.jsonl has a text a line, `{"text": …, "url": …, "title": …}`; any other file is one text; of folders, the
    *.txt and *.jsonl in them. What repeats among the texts of a site is learned from all of them first. A line that
    is none prints a line with `error`; the rest go on, and the exit code is 1.
    """
    from dzwcrawl.archive.corpus import clean_corpus  # noqa: PLC0415 (extract does without)

    failed = False
    for line in clean_corpus(texts_from(files or ("-",)), site):
        failed = failed or "error" in line
        sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    if failed:
        ctx.exit(1)
