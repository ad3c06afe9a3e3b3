"""The archive tier of a cluster: `dzwcrawl archive`."""

import os
from pathlib import Path

import click

from dzwcrawl.cli.options import archive_option


@click.command("archive")
@archive_option
@click.option(
    "--from",
    "redis_url",
    envvar="DZWCRAWL_REDIS_URL",
    show_envvar=True,
    required=True,
    metavar="URL",
    help="The Redis that the workers use, redis://[:PASSWORD@]HOST:PORT/0.",
)
@click.option("--once", is_flag=True, help="End when there was a run and none is left.")
def archive_command(archive_path: Path, redis_url: str, once: bool) -> None:
    """Archive what the workers of a cluster send, until stopped (docs/cluster.md).

    It plans each run and writes what comes of it; exit codes are those of `scrapy crawl`.
    """
    # Only here, because everything else of this command line works without Scrapy and starts without it.
    from scrapy.cmdline import execute  # noqa: PLC0415

    from dzwcrawl.crawl.project import project_settings  # noqa: PLC0415

    os.environ["DZWCRAWL_REDIS_URL"] = redis_url  # it may hold a password: never among arguments
    settings = project_settings()
    # Scrapy takes a command of a project only where it sees one, and this project is installed.
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "dzwcrawl.settings")
    command = ["scrapy", "crawl", "stream", "-s", f"ARCHIVE_PATH={archive_path.resolve()}"]
    execute([*command, "-a", f"once={int(once)}"], settings)
