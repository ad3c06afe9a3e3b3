"""A request to the reading room and its answer: the archive is opened for each one, read-only, in a thread."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode

from datasette import Response
from datasette.app import Datasette

from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.archive.browsing import TooSlow, time_limit
from dzwcrawl.text import visible
from dzwcrawl.web import text
from dzwcrawl.web.words import LANGUAGES, Words, preferred

NAME = "dzwcrawl"
"""Of the plugin in Datasette; its configuration says which archive is read."""

_LONGEST = 8
"""Seconds that a page may take."""

_COOKIE = "dzwcrawl_language"
_YEAR = 365 * 24 * 60 * 60


class NotThere(Exception):
    """There is no such page."""


class BadAddress(Exception):
    """The address says something that cannot be; the message says what."""


class Request(Protocol):
    """What is used of Datasette's request."""

    path: str
    query_string: str
    headers: dict[str, str]
    cookies: dict[str, str]
    url_vars: dict[str, str]


@dataclass(frozen=True, slots=True)
class Visit:
    """What is asked: the open archive, the language, what the path and the query string say."""

    archive: Archive
    words: Words
    parts: Mapping[str, str]
    args: Mapping[str, str]

    def number(self, name: str, default: int | None = None) -> int:
        """Return a number of the path or of the query string, where it is missing the default.

        :raises NotThere: when it is none that the archive could know.
        """
        told = self.parts.get(name) or self.args.get(name) or ""
        if not told and default is not None:
            return default
        if not (told.isascii() and told.isdigit() and len(told) < 19):
            raise NotThere
        return int(told)


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: the template and what it shows."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    status: int = 200


View = Callable[[Visit], Page | Response]


def answering(view: View) -> Callable[[Request, Datasette], Awaitable[Response]]:
    """Return the Datasette view of a function that reads the archive."""

    async def answer(request: Request, datasette: Datasette) -> Response:
        words, args = language_of(request)
        parts = {name: unquote(value) for name, value in request.url_vars.items()}
        path = Path(datasette.plugin_config(NAME)["archive"])

        def read() -> Page | Response:
            with Archive(path, read_only=True) as archive, time_limit(archive, _LONGEST):
                return view(Visit(archive, words, parts, args))

        try:
            found = await asyncio.to_thread(read)
        except NotThere:
            found = not_found(words)
        except BadAddress as error:
            found = problem(words("bad_address"), str(error), 400)
        except TooSlow:
            found = problem(words("too_slow"), words("too_slow_text", n=_LONGEST), 503)
        except (ArchiveError, sqlite3.Error) as error:
            found = problem(words("failed"), words.said(str(error)), 503)
        return await shown(found, request, datasette)

    return answer


def problem(title: str, message: str, status: int) -> Page:
    """Return a page that says what went wrong."""
    return Page("problem", {"title": title, "message": message}, status)


def not_found(words: Words) -> Page:
    """Return the page that says that there is none."""
    return problem(words("not_found"), words("not_found_text"), 404)


async def shown(found: Page | Response, request: Request, datasette: Datasette) -> Response:
    """Return the response for what a view found."""
    if isinstance(found, Response):
        return found
    words, args = language_of(request)
    context = {
        "t": words,
        "args": args,
        "switch": path_with(request.path, {**args, "lang": "en" if words.language == "zh" else "zh"}),
        "other": LANGUAGES["en" if words.language == "zh" else "zh"],
        "room": datasette.plugin_config(NAME),
        "path": path_with,
        "text": text,
        **found.context,
    }
    body = await datasette.render_template(f"room/{found.template}.html", context)
    response = Response.html(visible(body), found.status, {"vary": "Accept-Language, Cookie"})
    if args.get("lang") in LANGUAGES:
        response.set_cookie(_COOKIE, words.language, max_age=_YEAR, httponly=True, samesite="lax")
    return response


def language_of(request: Request) -> tuple[Words, dict[str, str]]:
    """Return the language of an answer, and the query string; of a name that comes twice the last counts."""
    args = dict(parse_qsl(request.query_string))
    choices = (args.get("lang"), request.cookies.get(_COOKIE))
    return Words(preferred(request.headers.get("accept-language", ""), choices)), args


def path_with(path: str, args: Mapping[str, str | int | None] = {}) -> str:
    """Return a path of this site with a query string; what is None or empty is left out."""
    told = {name: value for name, value in args.items() if value not in (None, "")}
    return quote(path, safe="/~") + (f"?{urlencode(told)}" if told else "")
