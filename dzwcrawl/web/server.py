"""Datasette with the reading room in it, and the socket it listens on."""

import socket
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from dzwcrawl.archive.archive import Archive
from dzwcrawl.web import plugin
from dzwcrawl.web.stylesheet import stylesheet_url
from dzwcrawl.web.visit import NAME

DATABASE = "archive"
"""The name of the archive in Datasette's addresses, whatever the file is called."""

_SETTINGS = {"default_page_size": 50, "sql_time_limit_ms": 5000, "truncate_cells_html": 100}


_SEARCH = {
    "title": "Search: docs/search.md says what a query means",
    "sql": "SELECT articles.id, published, site, source, articles.title, url FROM search JOIN articles ON articles.id = search.rowid "
    "WHERE search MATCH search_expression(:words) ORDER BY published DESC",
}


def reading_room(path: Path, host: str = "127.0.0.1") -> Datasette:
    """Return Datasette with the reading room for an archive, which is only ever read.

    :param host: the address or name it is asked under; a loopback one does not answer to other names.
    :raises ArchiveError: when the file is no archive of this version.
    """
    with Archive(path, read_only=True) as archive:
        invented = archive.is_demo()
    if not pm.is_registered(plugin):
        pm.register(plugin, NAME)
    config = {
        "archive": str(path.absolute()),
        "file": path.name,
        "host": host,
        "invented": invented,
        "stylesheet": stylesheet_url(),
    }
    datasette = Datasette(
        [],
        memory=True,
        template_dir=str(Path(__file__).parent / "templates"),
        settings=_SETTINGS,
        metadata=_metadata(path) | {"plugins": {NAME: config}},
    )
    datasette.remove_database("_memory")
    datasette.add_database(Database(datasette, str(path.absolute())), name=DATABASE)
    return datasette


def _metadata(path: Path) -> dict[str, Any]:
    return {
        "title": f"{path.name} in SQL",
        "description_html": 'The archive as tables. Articles are read in the <a href="/">reading room</a>.',
        "databases": {DATABASE: {"queries": {"search": _SEARCH}}},
    }


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    :param port: 0 takes any that is free.
    :raises OSError: when the port is taken or the address is not this computer's.
    """
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


def serve(datasette: Datasette, listening: socket.socket, *, open_at: str | None = None) -> None:
    """Answer until interrupted.

    :param open_at: a URL to open in the user's browser.
    """
    config = uvicorn.Config(
        datasette.app(), log_level="warning", lifespan="on", access_log=False, server_header=False
    )
    if open_at is not None:
        webbrowser.open(open_at)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
