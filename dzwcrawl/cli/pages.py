"""Commands that work on files, without an archive: extract, clean."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
import orjson

from dzwcrawl.article import record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import ExtractionError, extract
from dzwcrawl.extract.plain import from_plain


@click.command("extract")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--manifest", type=click.File("rb"), help='Lines {"file": …, "url": …}; - for standard input.')
@click.option("--url", help="The URL of the page, if there is only one FILE.")
@click.pass_context
def extract_command(
    ctx: click.Context, files: tuple[Path, ...], manifest: IO[bytes] | None, url: str | None
) -> None:
    """Print the article of each page as a record with `file`, in the order given.

    A page that gives no article prints a line with `file` and `error`; the rest go on, and the exit code is 1.
    """
    if bool(files) == bool(manifest):
        raise click.UsageError("name FILEs or a --manifest, one of the two")
    if url and len(files) != 1:
        raise click.UsageError("--url goes with exactly one FILE")
    failed = False
    for row in (
        [{"file": str(file), "url": url} for file in files] if manifest is None else _manifest(manifest)
    ):
        line = row if "error" in row else _extract_one(row)
        failed = failed or "error" in line
        sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    if failed:
        ctx.exit(1)


def _manifest(lines: IO[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            yield {"file": row["file"], "url": row.get("url")}
        except (ValueError, TypeError, KeyError, AttributeError):
            yield {"file": None, "error": f'line {number} of the manifest is not {{"file": …, "url": …}}'}


def _extract_one(row: dict[str, Any]) -> dict[str, Any]:
    try:
        article = extract(Path(row["file"]).read_bytes(), url=row["url"])
    except (OSError, ExtractionError, TypeError) as error:
        return {"file": row["file"], "error": str(error)}
    clean_phrases(article)
    return {"file": row["file"], **record(article)}


@click.command()
@click.argument("files", nargs=-1, type=click.File("rb"), metavar="[FILE…|-]")
def clean(files: tuple[IO[bytes], ...]) -> None:
    """Clean plain texts as other crawlers left them; print each article as a record."""
    for file in files or (sys.stdin.buffer,):
        article = from_plain(file.read().decode("utf-8-sig", "replace"))
        clean_phrases(article)
        click.echo(orjson.dumps(record(article)).decode())
