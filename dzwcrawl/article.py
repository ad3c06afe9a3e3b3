"""The article: one dataclass that is the Scrapy item, the table row and the exported record.

The fields of the record, their types and their meaning are documented in docs/record.md.
"""

from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, Literal

Role = Literal["paragraph", "heading", "list_item", "quote", "caption", "table_row"]

Kind = Literal["article", "gallery", "video", "ticker"]

ROLES: tuple[Role, ...] = ("paragraph", "heading", "list_item", "quote", "caption", "table_row")


@dataclass(slots=True)
class Block:
    """One block of text of a page, in reading order.

    `text` is one line, white space folded, otherwise as the page has it. `removed` is None for a block
    that belongs to the body, else the reason it was left out, written `kind: detail`
    (`phrase: subscription`, `learned: repeats on this site`, `credit: editors`, `caption: of an image`).

    `linked`: it is a link; `aside`: its element is of another kind than those of the text. `overruled` is the
    reason that a person's word (`dzwcrawl boilerplate keep`) set aside.
    """

    text: str
    role: Role = "paragraph"
    removed: str | None = None
    linked: bool = False
    aside: bool = False
    overruled: str | None = None


@dataclass(slots=True)
class Image:
    """An image of the body: absolute URL and its caption or None."""

    url: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it was received, of an article in several parts the part-th, from 1.

    `fetched` is a UTC time with offset. `head` is the status line and the header lines, `body` the bytes that
    were sent once transfer and content encodings (chunked, gzip …) are undone.
    """

    url: str
    fetched: str
    head: str
    body: bytes
    part: int = 1


@dataclass(frozen=True, slots=True)
class Edition:
    """Where an article stands in a newspaper.

    `date` is the day of the edition, `page` the number of the page (版次) with letters in upper case and two digits at
    least (`A03`), `name` the page's name (版面), `place` counts the articles of the page from 1.
    """

    date: str
    page: str | None = None
    name: str | None = None
    place: int | None = None


@dataclass(kw_only=True, slots=True)
class Article:
    """An article as one page tells it. Unknown is None or an empty list, never a guess.

    `published` and `modified` are ISO-8601, as precise as known: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a full
    time with offset. `first_seen` and `last_seen` are UTC times with offset.
    """

    id: int | None = None
    site: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    source: str | None = None
    published: str | None = None
    modified: str | None = None
    edition: Edition | None = None
    section: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    description: str | None = None
    language: str | None = None
    body: str = ""
    images: list[Image] = field(default_factory=list)
    videos: list[str] = field(default_factory=list)
    first_seen: str | None = None
    last_seen: str | None = None
    revision: int = 1
    duplicate_of: int | None = None
    cluster: int | None = None
    # Not part of the record:
    blocks: list[Block] = field(default_factory=list)
    """Every block of the body region, kept or removed: the body is derived from it."""
    kind: Kind = "article"
    """What kind of page it was; the body of a gallery is its captions, that of a video its description."""
    template: str = ""
    """Which layout the page has (rule or DOM path that found the body): blocks are learned per template."""
    rules: dict[str, str] = field(default_factory=dict)
    """For each field that is known, the name of the rule or witness that gave it."""
    parts: list[str] = field(default_factory=list)
    """URLs of the further pages of an article in several parts, in order."""
    whole: str | None = None
    """URL of the page that shows an article in several parts at once, if its first page names one."""
    redirected_from: list[str] = field(default_factory=list)
    """URLs that led here by redirect."""
    pages: list[RawPage] = field(default_factory=list, repr=False, compare=False)
    """The page it was read from, and its further parts; empty where raw pages are not kept."""
    encoding: str = ""
    """The encoding its page was read in, as a Python codec."""
    signature: frozenset[str] = frozenset()
    """The containers of its page, by which a template is known again; not stored."""
    notes: list[str] = field(default_factory=list)
    """What is wrong with this copy, for a person to read (`part 2 of 3 is missing: HTTP 404`)."""

    def _repr_html_(self) -> str:
        """Return the article as a notebook shows it."""
        facts = " · ".join(filter(None, (self.published, self.source, "、".join(self.authors))))
        lines = "".join(f"<p>{escape(line)}</p>" for line in self.body.split("\n"))
        return (
            f'<article lang="{escape(self.language or "")}"><h3>{escape(self.title or "")}</h3>'
            f"<p><small>{escape(facts)}<br>{escape(self.url or '')}</small></p>{lines}</article>"
        )


RECORD_FIELDS: tuple[str, ...] = (
    "id",
    "site",
    "url",
    "canonical_url",
    "title",
    "kicker",
    "subtitle",
    "authors",
    "editors",
    "source",
    "published",
    "modified",
    "edition",
    "section",
    "keywords",
    "description",
    "language",
    "body",
    "images",
    "videos",
    "first_seen",
    "last_seen",
    "revision",
    "duplicate_of",
    "cluster",
)


def record(article: Article) -> dict[str, Any]:
    """Return the article as the JSON record of docs/record.md: 25 keys, always all, always in this order."""
    values: dict[str, Any] = {name: getattr(article, name) for name in RECORD_FIELDS}
    values["edition"] = None if article.edition is None else asdict(article.edition)
    values["images"] = [{"url": image.url, "caption": image.caption} for image in article.images]
    return values


def derive_body(blocks: list[Block]) -> str:
    """Return the body: the blocks that were not removed, one line each."""
    return "\n".join(block.text for block in blocks if block.removed is None)
