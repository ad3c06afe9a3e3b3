"""`dzwcrawl bulk`: extraction and learned cleaning of collections too large for one archive."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dzwcrawl.cli.workers import JOBS, WorkerDied, workers
from dzwcrawl.text import counted

if TYPE_CHECKING:
    from dzwcrawl.bulk.job import Map, Summary


@click.command("bulk")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE…",
)
@click.option(
    "-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="A new folder."
)
@click.option("--jobs", type=JOBS, default="auto", show_default=True, help="Processes of this machine.")
@click.option(
    "--dask", metavar="ADDRESS", help="A Dask scheduler (tcp://host:8786), or `local` for one of its own."
)
@click.option(
    "--buckets",
    type=click.IntRange(1),
    default=64,
    show_default=True,
    help="Parts in which what repeats is judged: the more, the less memory one takes.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
@click.pass_context
def bulk(
    ctx: click.Context,
    files: tuple[Path, ...],
    output: Path,
    jobs: int,
    dask: str | None,
    buckets: int,
    as_json: bool,
) -> None:
    """Write the articles of WARC files and of Parquet files of pages as records, cleaned by what repeats.

    An article that was captured several times is written once, as it was last; copies name their original. A job
    that was stopped goes on where it was. On Dask, all workers must see the files and the folder under these names.
    """
    # Only here, because everything else of this command line works without Scrapy and starts without it.
    from dzwcrawl.bulk.dask import DaskError  # noqa: PLC0415
    from dzwcrawl.bulk.job import run  # noqa: PLC0415
    from dzwcrawl.bulk.partitions import SourceError  # noqa: PLC0415

    def tell(what: str) -> None:
        click.echo(what, err=True)

    try:
        with _engine(dask, jobs) as compute:
            paths = [file.resolve() for file in files]
            summary = run(paths, output.resolve(), compute, buckets=buckets, tell=tell)
    except (SourceError, DaskError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except WorkerDied as error:
        raise click.ClickException(
            "a process of this job died; the same command goes on where it was, "
            "with fewer --jobs or more --buckets if memory is short"
        ) from error
    _show(summary, output, as_json)
    if summary.broken or (summary.pages and not summary.articles):
        ctx.exit(1)


@contextmanager
def _engine(dask: str | None, jobs: int) -> Iterator["Map"]:
    from dzwcrawl.bulk.dask import dask_map  # noqa: PLC0415

    with workers(jobs) if dask is None else dask_map(dask, jobs) as compute:
        yield compute


def _show(summary: "Summary", output: Path, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    else:
        click.echo(
            f"{counted(summary.pages, 'page')} of {counted(summary.partitions, 'partition')}: "
            f"{counted(summary.articles, 'article')}, {summary.copies} of them copies, in {output}; "
            f"{counted(summary.older_captures, 'older capture')} left out"
        )
        for reason, number in summary.skipped.items():
            click.echo(f"  {number:7}  {reason}")
    for broken in summary.broken:
        click.secho(f"{broken}; what was read of it is written", fg="red", err=True)
