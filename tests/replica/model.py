"""The nouns of the replica: channels, items, blocks of a page, answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

ROBOTS_DISALLOWED = ("/search/", "/internal/")
BODY_KINDS = frozenset({"p", "br", "strong", "h3", "list", "table", "quote"})


@dataclass(frozen=True, slots=True)
class Channel:
    """One listing: where it lives, how its rows and its pager are written."""

    name: str
    host: str
    path: str
    section: tuple[str, ...]
    desk: str
    rows: str
    pager: str

    @property
    def url(self) -> str:
        """Address of the first listing page, as a start URL would name it."""
        return f"{'https' if self.name == 'hb' else 'http'}://{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class Encoding:
    """What a page declares and what its bytes are: on the real site these differ."""

    meta: str = "gb2312"
    header: str = ""
    codec: str = "gb18030"
    late_meta: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An article's identity: enough to list it and to find it, without its text."""

    number: int
    channel: Channel
    when: datetime
    docid: int
    ext: str = "htm"
    traps: frozenset[str] = frozenset()
    origin: Item | None = None

    @property
    def text_of(self) -> Item:
        """The item whose text this one prints: itself unless it is a reprint."""
        return self.origin or self

    @property
    def path(self) -> str:
        """Path of the article page."""
        if self.channel.name == "hb":
            return f"/p/p{_base36(self.docid)}.html"
        return f"{self.channel.path}{self.when:%Y%m}/t{self.when:%Y%m%d}_{self.docid}.{self.ext}"

    @property
    def url(self) -> str:
        """The address truth uses."""
        return f"{'https' if self.channel.name == 'hb' else 'http'}://{self.channel.host}{self.path}"

    @property
    def era(self) -> str:
        """Template era, by date as on the real site."""
        if self.channel.name == "hb":
            return "hb"
        if self.when.year < 2019:
            return "B"
        return "C" if (self.when.year, self.when.month) < (2019, 11) else "D"


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    value, out = number * 7_368_787 + 60_466_176**2, ""
    while value:
        value, digit = divmod(value, 36)
        out = digits[digit] + out
    return out[-10:]


@dataclass(frozen=True, slots=True)
class Odd:
    """A linked address that is no article."""

    kind: str
    channel: Channel
    when: datetime
    url: str
    title: str
    to: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body container; `kind` decides its markup and whether it counts as body."""

    kind: str
    text: str = ""
    lines: tuple[str, ...] = ()
    src: str = ""

    def body_lines(self) -> tuple[str, ...]:
        """The lines an archive must keep of this block."""
        if self.kind not in BODY_KINDS:
            return ()
        return self.lines or (self.text,)


@dataclass(frozen=True, slots=True)
class Link:
    """Text and address of a link in a list around the article."""

    title: str
    url: str


@dataclass(slots=True)
class Article:
    """A page before it becomes markup; truth and markup are both read off it."""

    item: Item
    url: str
    title: str
    source: str
    clock: str
    parts: list[list[Block]]
    subtitle: str = ""
    kicker: bool = False
    header_author: str = ""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    editor_lines: tuple[str, ...] = ()
    editor_place: str = "body"
    keywords: tuple[str, ...] = ()
    subscriptions: int = 1
    related: tuple[Link, ...] = ()
    details: tuple[str, ...] = ()
    neighbours: tuple[Link, ...] = ()
    traps: set[str] = field(default_factory=set)
    missing_part: int = 0
    readers: int = 0
    ad: int = 0

    @property
    def published(self) -> str:
        """ISO time as far as the page shows one."""
        when = self.item.when
        shown = {
            "date": f"{when:%Y-%m-%d}",
            "minute": f"{when:%Y-%m-%dT%H:%M}:00+08:00",
            "second": f"{when:%Y-%m-%dT%H:%M:%S}+08:00",
        }
        return shown[self.clock]

    def served_parts(self) -> list[list[Block]]:
        """The parts a reader can reach."""
        return [part for index, part in enumerate(self.parts) if not index or index != self.missing_part]

    def blocks(self) -> Iterable[Block]:
        """Every block a reader can reach, in page order."""
        return (block for part in self.served_parts() for block in part)

    def body(self) -> str:
        """The text an archive must hold."""
        return "\n".join(line for block in self.blocks() for line in block.body_lines())


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer, before the server frames it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
