"""The six outlets on a socket: an HTTP proxy on loopback, so that they are crawled under their own names."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.unknown.chinese import enpcms, numbered, people, system, trs
from tests.unknown.german import paper
from tests.unknown.model import Site


def all_sites() -> list[Site]:
    """The six outlets."""
    return [trs(), enpcms(), people(), system(), numbered(), paper()]


@dataclass
class Served:
    """Outlets being served: the proxy's URL and every URL that was asked for."""

    proxy: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(sites: Iterable[Site]) -> Iterator[Served]:
    """Serve outlets for the length of a `with` block."""
    pages = {url: page for site in sites for url, page in site.pages.items()}
    served = Served("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append(self.path)
            kind, body = pages.get(self.path, ("text/html", b"<h1>404 Not Found</h1>"))
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served.proxy = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
