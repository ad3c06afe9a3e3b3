"""What the world is made of: outlets, banners, pages, and lines that know what they are."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dzwcrawl.extract import ArticleRules

Place = Literal["before", "inside", "after"]
"""Where a line stands in the article's container, seen from the body."""


@dataclass(frozen=True, slots=True)
class Banner:
    """Furniture of an outlet, of one or more lines.

    Lines have slots: {title} of the page, {other} of another page, {name} of a reporter, {n} a number, {date},
    {clock}. `share` of the pages show it, of one section when `section` is given. It runs from day `start` (or
    from page `since`) to before day `end`. A `pool` shows one of its lines at a time. `known`: the words are the
    trade's, and a list of phrases may have them; else they are this outlet's alone.
    """

    kind: str
    place: Place
    lines: tuple[str, ...]
    share: float = 1.0
    section: str | None = None
    start: int = 0
    end: int = 1_000_000
    since: int = 0
    pool: bool = False
    links: bool = False
    known: bool = False
    tag: str = "p"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the container. `kind` is the kind of furniture, or for news the trap, or `prose`.

    `banner` numbers the banner of its outlet, -1 for news. `unjudged`: neither kept nor removed is wrong (captions).
    """

    text: str
    kind: str
    boilerplate: bool
    place: Place = "inside"
    banner: int = -1
    links: bool = False
    tag: str = "p"
    unjudged: bool = False


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet. `rates` overrides how often a kind of repeating news occurs; `relaunch` is a page number."""

    name: str
    host: str
    language: Literal["zh", "de"]
    encoding: str
    template: str
    rules: ArticleRules | None
    place: str
    banners: tuple[Banner, ...]
    rates: dict[str, float] = field(default_factory=dict)
    relaunch: int | None = None


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page as served, with the truth about the lines of its container, in order."""

    outlet: Outlet
    number: int
    day: date
    day_number: int
    section: str
    url: str
    title: str
    lines: tuple[Line, ...]
    html: bytes
    headers: dict[str, str]
