"""A replica of the outlets' templates: the fixtures of each as pages of many articles, under the real host names.

The listing of an outlet is its fixture and a second page of the same template; each linked article is the fixture's
page (and its parts) with another title, text, day and number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.outlets import Fixture
from tests.replica import Response
from tests.replica.texts import story

_DAY = re.compile(r"(20\d\d)[-/]?([01]\d)[-/]?([0-3]\d)")


def _last_number(url: str) -> str:
    return str(re.findall(r"\d{4,}", url)[-1])


def _stem(url: str) -> str:
    """Return the file name of an article without its extension: what parts and self-references repeat."""
    return urlsplit(url).path.rsplit("/", 1)[-1].rpartition(".")[0]


def _encoding(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _day_of(url: str, known: str) -> str:
    match = _DAY.search(url.partition("//")[2])
    return f"{match[1]}-{match[2]}-{match[3]}" if match else known


def _other_day(html: str, old: str, new: str) -> str:
    """Replace a day in every form a page writes it."""
    (y, m, d), (ny, nm, nd) = old.split("-"), new.split("-")
    for form in (
        "{}-{}-{}",
        "{}/{}/{}",
        "{}年{}月{}日",
        "{}{}{}",
        "{}/{}{}",
        "{}-{}/{}",
        "{}/{}-{}",
        "{}<span>{}/{}",
    ):
        html = html.replace(form.format(y, m, d), form.format(ny, nm, nd))
    return html


@dataclass
class OutletWorld:
    """Serves the outlets given; `records` are the expected records by outlet and URL."""

    outlets: Iterable[Fixture]
    records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    flaky_keys: set[str] = field(default_factory=set)
    _pages: dict[str, Response] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for outlet in self.outlets:
            self._add(outlet)

    def serves(self, host: str) -> bool:
        """Whether the host is that of an outlet."""
        return any(key.startswith(f"{host}/") for key in self._pages)

    def get(self, url: str) -> Response:
        """The answer to a GET; `https` and `http` answer alike."""
        found = self._pages.get(url.partition("://")[2])
        if found is None and urlsplit(url).path == "/robots.txt":
            return Response(200, [("Content-Type", "text/plain")], b"User-agent: *\nDisallow:\n")
        return found or Response(404, [("Content-Type", "text/html")], b"<h1>404 Not Found</h1>")

    def _put(self, outlet: Fixture, page: str, url: str, html: str, encoding: str) -> None:
        headers = [(name, value) for name, value in outlet.page(page)[2].items()]
        self._pages[url.partition("://")[2]] = Response(200, headers, html.encode(encoding))

    def _add(self, outlet: Fixture) -> None:
        body, url, _ = outlet.page("listing.html")
        want = outlet.expected("listing")
        encoding = _encoding(body)
        html = body.decode(encoding)
        self._put(outlet, "listing.html", url, html, encoding)
        links: list[str] = want["links"]
        if want["next_page"]:
            second = html
            for link in want["links"]:
                old = _last_number(link)
                second = second.replace(old, other := str(int(old) + 7).zfill(len(old)))
                links = [*links, link.replace(old, other)]
            # Page two is the last: it names no page after it.
            second = re.sub(r"<a[^>]*>\s*(?:下一页|[23])\s*</a>", "", second)
            second = re.sub(r"(createPageHTML\(|createClipPage\()\d+, ?0", r"\g<1>2,1", second)
            self._put(outlet, "listing.html", want["next_page"], second, encoding)
        self.records[outlet.name] = {}
        for number, link in enumerate(links):
            self._add_article(outlet, link, number)

    def _add_article(self, outlet: Fixture, url: str, number: int) -> None:
        """Add an article at an address, made of the fixture's."""
        record = outlet.expected("article")
        own, known = record["url"], record["published"][:10]
        day = _day_of(url, known)
        lines = record["body"].split("\n")
        told = story(
            7_000_000 + sum(map(ord, outlet.name)) * 100 + number, "local", datetime.fromisoformat(day)
        )
        changed = dict(zip(lines, told.paragraphs, strict=False))
        changed[record["title"]] = told.title
        for page, about in outlet.meta["pages"].items():
            if page == "listing.html":
                continue
            body = outlet.page(page)[0]
            encoding = _encoding(body)
            html = body.decode(encoding)
            for old in sorted(changed, key=len, reverse=True):  # a title may be part of a line
                html = html.replace(old, changed[old])
            html = _other_day(html.replace(_stem(own), _stem(url)), known, day)
            address = urljoin(
                url, _stem(about["url"]).replace(_stem(own), _stem(url)) + "." + own.rpartition(".")[2]
            )
            self._put(outlet, page, address, html, encoding)
        self.records[outlet.name][url] = record | {
            "title": changed[record["title"]],
            "body": "\n".join(changed[line] for line in lines),
            "published": day + record["published"][10:],
            # Whom only the text named, it names no longer.
            "authors": [author for author in record["authors"] if author not in record["body"]],
        }
