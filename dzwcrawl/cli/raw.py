"""`dzwcrawl raw`: the pages as they were received."""

import sys
from pathlib import Path

import click

from dzwcrawl.archive import pages
from dzwcrawl.cli.options import archive_option, open_archive


@click.command()
@archive_option
@click.argument("article", metavar="ID|URL")
@click.option("--revision", type=click.IntRange(1), help="Of this revision. Default: the present one.")
@click.option(
    "--part", type=click.IntRange(1), default=1, show_default=True, help="Of an article in several parts."
)
@click.option("--headers", is_flag=True, help="The status line and headers instead of the body.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File. Default: standard output.")
def raw(
    archive_path: Path, article: str, revision: int | None, part: int, headers: bool, output: Path | None
) -> None:
    """Write the page of an article, byte for byte as it was received."""
    with open_archive(archive_path) as archive:
        found = archive.article(article)
        if found is None or found.id is None:
            raise click.ClickException(f"{archive_path} has no article {article}")
        try:
            page = pages.find(archive, found.id, revision, part)
        except pages.PageError as error:
            raise click.ClickException(str(error)) from error
    content = page.head.encode("latin-1") if headers else page.body
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error}") from error
