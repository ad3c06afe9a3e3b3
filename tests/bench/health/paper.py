"""The second outlet: a small German paper without rules, one front page, teasers, utf-8, closed on Sundays."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime

from tests.bench.boilerplate.german import german_name, german_paragraph, german_title
from tests.bench.health.regional import FIRST_DAY, http_date
from tests.replica.model import Response
from tests.replica.month import moment
from tests.unknown.german import slug

HOST = "www.kuestenbote.example"
_WEEK = (11, 12, 12, 12, 13, 8, 0)
_SHOWN = 60


@dataclass(frozen=True)
class Piece:
    """An article."""

    number: int
    when: datetime
    title: str
    paragraphs: tuple[str, ...]
    author: str

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"/region/{slug(self.title)}-{self.number}.html"


def arrivals(day: int) -> list[Piece]:
    """The articles of a day."""
    rng = random.Random(f"kuestenbote/{day}")
    date = moment(day).date()
    count = max(0, round(rng.gauss(_WEEK[date.weekday()], 2))) if _WEEK[date.weekday()] else 0
    if (date.month, date.day) in ((1, 1), (1, 6)):
        count = 0
    found = []
    for turn in range(count):
        number = day * 100 + turn
        text = tuple(german_paragraph(rng) for _ in range(rng.randint(4, 8)))
        when = datetime(date.year, date.month, date.day, rng.randint(6, 20), rng.randint(0, 59))
        found.append(Piece(number, when, german_title(rng, number), text, german_name(rng)))
    return found


_HEAD = '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head><body class="page">'
_NAV = """<header class="site-header"><nav class="main-nav"><ul><li><a href="/abo">Abo</a></li><li><a href="/trauer">Trauer</a></li>
<li><a href="/anzeigen">Anzeigen</a></li></ul></nav></header>"""
_FOOT = """<footer class="site-footer"><ul><li><a href="/impressum">Impressum</a></li><li><a href="/datenschutz">Datenschutz</a></li></ul></footer></body></html>"""


class Paper:
    """The paper on one of its days."""

    spider = ("news", "-a", f"url=http://{HOST}/")
    site = "kuestenbote.example"
    flaky_keys: set[str] = set()

    def __init__(self, day: float) -> None:
        self.day = day
        found = [piece for past in range(FIRST_DAY - 4, round(day) + 1) for piece in arrivals(past)]
        self.pieces = sorted((p for p in found if p.when <= moment(day)), key=lambda p: p.when, reverse=True)
        self._at = {piece.path: piece for piece in self.pieces}

    def serves(self, host: str) -> bool:
        """Whether the host is the paper's."""
        return host == HOST

    def is_article(self, url: str) -> bool:
        """Whether a URL is one of an article."""
        return self._path(url) in self._at

    def is_new(self, url: str, since: float) -> bool:
        """Whether a URL is one of an article that came after a day."""
        return self.is_article(url) and self._at[self._path(url)].when > moment(since)

    @staticmethod
    def _path(url: str) -> str:
        return re.sub(r"^https?://[^/]+|\?.*$", "", url)

    def get(self, url: str) -> Response:
        """The answer to a GET."""
        path = self._path(url)
        date = ("Date", http_date(self.day))
        if path == "/robots.txt":
            return Response(200, [("Content-Type", "text/plain"), date], b"User-agent: *\nDisallow: /suche\n")
        if path == "/":
            text = self._front()
        elif path in self._at:
            text = self._article(self._at[path])
        else:
            return Response(404, [("Content-Type", "text/html"), date], b"<h1>404 Not Found</h1>")
        return Response(200, [("Content-Type", "text/html; charset=utf-8"), date], text.encode())

    def _front(self) -> str:
        teasers = "".join(
            f'<article class="teaser"><h2 class="teaser-title"><a href="{p.path}">{p.title}</a></h2>'
            f"<p>{p.paragraphs[0][:90]}…</p></article>"
            for p in self.pieces[:_SHOWN]
        )
        return f'{_HEAD.format(title="Küstenbote")}{_NAV}<main class="front"><div class="teasers">{teasers}</div></main>{_FOOT}'

    def _article(self, piece: Piece) -> str:
        body = "".join(f"<p>{line}</p>" for line in piece.paragraphs)
        most = "".join(f'<li><a href="{p.path}">{p.title}</a></li>' for p in self.pieces[:5])
        return f"""{_HEAD.format(title=f"{piece.title} | Küstenbote")}{_NAV}<main class="story"><article class="text">
<h1 class="headline">{piece.title}</h1><div class="byline">Von {piece.author}</div>
<time datetime="{piece.when:%Y-%m-%dT%H:%M:%S}+08:00">{piece.when:%d.%m.%Y, %H:%M} Uhr</time>
<div class="article-body">{body}</div></article></main>
<aside class="sidebar"><h3>Meistgelesen</h3><ol class="most-read">{most}</ol></aside>{_FOOT}"""
