"""`dzwcrawl serve`: the reading room."""

from pathlib import Path

import click

from dzwcrawl.archive.archive import ArchiveError
from dzwcrawl.cli.options import archive_option

_LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@archive_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to answer at.")
@click.option("--open", "open_", is_flag=True, help="Open it in your browser.")
def serve(archive_path: Path, port: int, host: str, open_: bool) -> None:
    """Read and search the archive in a browser (docs/reading-room.md). Nothing can be changed there."""
    try:
        from dzwcrawl.web import server  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("dzwcrawl"):
            raise
        raise click.ClickException(
            f"the reading room needs {error.name}: pip install 'dzwcrawl[web]'"
        ) from error
    try:
        datasette = server.reading_room(archive_path, host)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    try:
        listening = server.listen(host, port)
    except OSError as error:
        raise click.ClickException(
            f"cannot answer at {host}, port {port}: {error.strerror}; choose another with --port or --host"
        ) from error
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
    click.echo(f"{archive_path} can be read at {address} (Ctrl-C ends it)")
    if host not in _LOCAL:
        click.secho(
            "Whoever can reach this address can read the whole archive, raw pages too: there is no password "
            "and no encryption. Put a web server with both before it, or leave --host out.",
            fg="yellow",
            err=True,
        )
    server.serve(datasette, listening, open_at=address if open_ else None)
