"""The hooks of Datasette: our routes before its own, and headers on every answer."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound

from dzwcrawl.archive.functions import register
from dzwcrawl.web import lists, numbers, reading
from dzwcrawl.web.stylesheet import stylesheet
from dzwcrawl.web.visit import NAME, answering, language_of, not_found, shown

_ARTICLE = r"/articles/(?P<article>\d+)"
_RAW = rf"{_ARTICLE}/raw/(?P<revision>\d+)/(?P<part>\d+)"

ROUTES = {
    "/": lists.front,
    "/days": lists.last_day,
    r"/days/(?P<day>\d{4}-\d\d-\d\d)": lists.day,
    "/outlets": lists.outlets,
    "/outlets/(?P<site>[^/]+)": lists.outlet,
    "/numbers": numbers.numbers,
    _ARTICLE: reading.article,
    f"{_ARTICLE}/difference": reading.difference,
    _RAW: reading.source,
    f"{_RAW}/download": reading.download,
}

_OURS = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_DATASETTE = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Datasette's own pages (tables, SQL) have script and style in the page; they too load nothing from elsewhere."""

_THEIRS = ("/archive", "/_", "/-/")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Return our pages; Datasette's own are under /archive and /-/."""
    if datasette.plugin_config(NAME) is None:
        return []
    pages = [(rf"^{route}\Z", answering(view)) for route, view in ROUTES.items()]
    return [*pages, (r"^/room\.css\Z", stylesheet)]


@hookimpl
def prepare_connection(conn: sqlite3.Connection, datasette: Datasette) -> None:
    """Let SQL search as `dzwcrawl search` does: `search MATCH search_expression('招商 潍坊')`."""
    if datasette.plugin_config(NAME) is not None:
        register(conn)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Put the headers on every answer, and turn away who asks for another host."""
    config = datasette.plugin_config(NAME)
    return lambda app: app if config is None else _guarded(app, config["host"])


def _guarded(app: App, host: str) -> App:
    async def guarded(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = _headers(scope["path"])
        names = {name for name, _ in headers}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [each for each in message.get("headers", []) if each[0].lower() not in names]
                message = message | {"headers": [*kept, *headers]}
            await send(message)

        if host in _LOOPBACK and _asked_for(scope) not in _LOOPBACK:
            # A page elsewhere can have its own name lead to our address (DNS rebinding) and would read the answers.
            await _refuse(send_with_headers)
            return
        await app(scope, receive, send_with_headers)

    return guarded


def _headers(path: str) -> list[tuple[bytes, bytes]]:
    policy = _DATASETTE if path.startswith(_THEIRS) else _OURS
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-frame-options", b"DENY"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]


def _asked_for(scope: dict[str, Any]) -> str:
    """Return the host that a request names, without its port."""
    told: str = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    return told[1:].partition("]")[0] if told.startswith("[") else told.partition(":")[0].lower()


async def _refuse(send: Send) -> None:
    text = (
        "阅览室只应答 localhost 和 127.0.0.1；要用别的名字，请用 --host 启动。\n"
        "The reading room answers to localhost and 127.0.0.1 only; for another name start it with --host.\n"
    )
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


@hookimpl(tryfirst=True)
def handle_exception(datasette: Datasette, request: Any, exception: Exception) -> Any:
    """Say in our words that a page is not there; on its own pages Datasette says it."""
    theirs = request.path.startswith(_THEIRS)
    if datasette.plugin_config(NAME) is None or theirs or not isinstance(exception, NotFound):
        return None

    async def answer() -> Any:
        return await shown(not_found(language_of(request)[0]), request, datasette)

    return answer
