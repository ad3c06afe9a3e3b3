"""What the six outlets are made of: articles with their truth, pages with their bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.bench.boilerplate.german import german_name, german_paragraph, german_title
from tests.replica.texts import person, story

SECTIONS = 3
ARTICLES = 14
"""Articles of a section."""
PER_PAGE = 8
"""Articles of a page of a listing; the rest stand on its second page."""


@dataclass(slots=True)
class Piece:
    """An article: what its page must give. `url` is absolute, `when` is local time."""

    number: int
    section: int
    title: str
    paragraphs: tuple[str, ...]
    when: datetime
    source: str
    author: str
    editor: str
    url: str = ""


@dataclass(slots=True)
class Site:
    """An outlet: its pages by URL, its articles, and which of them a listing shows.

    `listings` has the first page of every section; `found` the articles that front page or listings link to.
    """

    name: str
    family: str
    front: str
    encoding: str
    pieces: list[Piece]
    listings: list[str] = field(default_factory=list)
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def add(self, url: str, text: str, kind: str = "text/html") -> None:
        """Serve a page in the outlet's encoding."""
        self.pages[url] = (kind, text.encode(self.encoding))

    def by_url(self) -> dict[str, Piece]:
        """The articles by URL."""
        return {piece.url: piece for piece in self.pieces}

    def of(self, section: int, page: int) -> list[Piece]:
        """The articles of a page of a section, 0 for the first."""
        inside = [piece for piece in self.pieces if piece.section == section]
        return inside[page * PER_PAGE : (page + 1) * PER_PAGE]

    def hot(self) -> list[Piece]:
        """Articles that the ranking shows on every page: the oldest of each section."""
        return [piece for piece in self.pieces if piece.number % ARTICLES >= ARTICLES - 2]


def pieces(
    first: int, sources: list[str], url: Callable[[Piece], str], *, german: bool = False
) -> list[Piece]:
    """The articles of an outlet, newest first in each section; `first` makes them others than another outlet's."""
    made = []
    for number in range(SECTIONS * ARTICLES):
        rng = random.Random(f"unknown/{first}/{number}")
        section, place = divmod(number, ARTICLES)
        when = datetime(2026, 11, 20, 17, 5) - timedelta(
            hours=19 * place + 2 * section, minutes=rng.randint(0, 50)
        )
        if german:
            title, text = (
                german_title(rng, number),
                tuple(german_paragraph(rng) for _ in range(rng.randint(3, 7))),
            )
            names = (german_name(rng), german_name(rng))
        else:
            told = story(first + number, ("local", "nation", "police")[section], when)
            title, text, names = told.title, told.paragraphs, (person(rng), person(rng))
        piece = Piece(number, section, title, text, when, rng.choice(sources), *names)
        piece.url = url(piece)
        made.append(piece)
    return made


def rows(found: list[Piece], row: Callable[[Piece], str]) -> str:
    """The rows of a list, one after another."""
    return "\n".join(row(piece) for piece in found)


def in_fives(found: list[Piece]) -> Iterator[list[Piece]]:
    """The rows as Chinese listings part them: five, a blank, five."""
    for start in range(0, len(found), 5):
        yield found[start : start + 5]
