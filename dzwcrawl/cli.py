"""The `dzwcrawl` command: read, export and check the archive, extract and clean files."""

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any

import click
import orjson

from dzwcrawl import __version__
from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.archive.export import FORMATS, export, records
from dzwcrawl.archive.location import default_path
from dzwcrawl.archive.statistics import summary
from dzwcrawl.article import RECORD_FIELDS, Article, record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import ExtractionError, extract
from dzwcrawl.extract.plain import from_plain


class _Commands(click.Group):
    """A group that names the nearest command when one is misspelt."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = get_close_matches(args[0], self.list_commands(ctx), 1, 0.5)
        if args[0] not in self.commands and near and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)


class _Fields(click.ParamType[tuple[str, ...]]):
    name = "fields"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = tuple(filter(None, (name.strip() for name in str(value).split(","))))
        for name in names:
            if name not in RECORD_FIELDS:
                near = get_close_matches(name, RECORD_FIELDS, 1, 0.4)
                hint = f"did you mean {near[0]!r}?" if near else f"fields are {', '.join(RECORD_FIELDS)}"
                self.fail(f"there is no field {name!r}; {hint}", param, ctx)
        return names


class _Day(click.ParamType[str]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", str(value)):
            self.fail(f"{value!r} is not a day written YYYY-MM-DD (or YYYY-MM, YYYY)", param, ctx)
        return str(value)


archive_option = click.option(
    "--archive",
    "archive_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=default_path,
    help="The archive. Default: $DZWCRAWL_ARCHIVE, else data/archive.db of the project.",
)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="dzwcrawl")
def main() -> None:
    """Archive of regional news: export, show, stats; extract and clean files. Crawl with `scrapy crawl`."""


def _open(path: Path) -> Archive:
    try:
        return Archive(path)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error


@main.command("export")
@archive_option
@click.option("--site", help="Only this site.")
@click.option("--since", type=_Day(), help="Published on this day or later.")
@click.option("--until", type=_Day(), help="Published on this day or earlier.")
@click.option("--query", help="Words that must all stand in title or body.")
@click.option(
    "--fields",
    type=_Fields(),
    default=RECORD_FIELDS,
    show_default="all",
    help="Comma-separated fields, in the order given.",
)
@click.option(
    "--format", "format_", type=click.Choice(sorted(FORMATS)), help="Default: by the file's name, else jsonl."
)
@click.option("--unique", is_flag=True, help="Leave out copies of other articles.")
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    help="File (.gz and .zst are compressed), - for standard output.",
)
def export_command(
    archive_path: Path,
    site: str | None,
    since: str | None,
    until: str | None,
    query: str | None,
    fields: tuple[str, ...],
    format_: str | None,
    unique: bool,
    output: str,
) -> None:
    """Write articles as records (docs/record.md), one a line."""
    format_ = format_ or ("csv" if re.search(r"\.csv(\.gz|\.zst)?$", output) else "jsonl")
    with _open(archive_path) as archive:
        found = records(archive, site=site, since=since, until=until, query=query, duplicates=not unique)
        try:
            number = export(found, output, fields=fields, format=format_)
        except BrokenPipeError:
            # The reader (`head`) has enough; closing quietly is what a filter does.
            sys.stderr.close()
            return
        except (OSError, sqlite3.Error) as error:
            raise click.ClickException(
                f"cannot write {output}: {error}; what was there before is unchanged"
            ) from error
    if output != "-":
        click.echo(f"{number} articles written to {output}", err=True)


@main.command()
@archive_option
@click.argument("article", metavar="ID|URL")
@click.option("--json", "as_json", is_flag=True, help="Print the record.")
@click.option("--removed", is_flag=True, help="Also show the lines that were left out, each with its reason.")
def show(archive_path: Path, article: str, as_json: bool, removed: bool) -> None:
    """Show one article."""
    with _open(archive_path) as archive:
        found = archive.article(article)
    if found is None:
        raise click.ClickException(f"{archive_path} has no article {article}")
    if as_json:
        click.echo(json.dumps(record(found), ensure_ascii=False))
        return
    _show(found, removed)


def _show(article: Article, removed: bool) -> None:
    click.secho(article.title or "(no title)", bold=True)
    if article.subtitle:
        click.echo(article.subtitle)
    facts = [
        article.published,
        article.source,
        "、".join(article.authors),
        article.section and " > ".join(article.section),
    ]
    click.echo(" · ".join(str(fact) for fact in facts if fact))
    click.echo(
        f"{article.url}  (id {article.id}, revision {article.revision}, first seen {article.first_seen})"
    )
    if article.duplicate_of is not None:
        click.echo(f"a copy of article {article.duplicate_of}")
    for note in article.notes:
        click.secho(f"note: {note}", fg="yellow")
    click.echo()
    for block in article.blocks:
        if block.removed is None:
            click.echo(block.text)
        elif removed:
            click.secho(f"  - {block.text}  [{block.removed}]", dim=True)
    if article.editors:
        click.echo(f"\n责任编辑: {'、'.join(article.editors)}")


@main.command()
@archive_option
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def stats(archive_path: Path, as_json: bool) -> None:
    """Tell what the archive holds, what was left out and why."""
    with _open(archive_path) as archive:
        numbers = summary(archive)
    if as_json:
        click.echo(json.dumps(numbers, ensure_ascii=False))
        return
    click.echo(f"{archive_path}: {numbers['bytes'] / 1e6:.1f} MB, {numbers['crawls']} crawls")
    click.echo(
        f"{numbers['articles']} articles, {numbers['duplicates']} copies, {numbers['other_urls']} further URLs, "
        f"{numbers['revisions']} older revisions, {numbers['found_not_fetched']} URLs found and not yet fetched"
    )
    for site in numbers["sites"]:
        click.echo(
            f"  {site['site']}: {site['articles']} ({site['duplicates']} copies), {site['first']} to {site['last']}"
        )
    _table("lines left out of bodies, by reason", numbers["lines_removed"])
    _table("URLs refused, by reason", numbers["refused"])


def _table(title: str, rows: dict[str, int]) -> None:
    click.echo(f"{title}: {sum(rows.values())}")
    for name, number in rows.items():
        click.echo(f"  {number:7}  {name}")


@main.command("extract")
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


@main.command()
@click.argument("files", nargs=-1, type=click.File("rb"), metavar="[FILE…|-]")
def clean(files: tuple[IO[bytes], ...]) -> None:
    """Clean plain texts as other crawlers left them; print each article as a record."""
    for file in files or (sys.stdin.buffer,):
        article = from_plain(file.read().decode("utf-8-sig", "replace"))
        clean_phrases(article)
        click.echo(orjson.dumps(record(article)).decode())


if __name__ == "__main__":
    main()
