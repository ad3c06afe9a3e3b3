"""What a crawl saw of an outlet, as numbers: gathered page by page, compared with those of earlier crawls."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Literal

from dzwcrawl.article import Article, Block
from dzwcrawl.boilerplate.clean import LISTED
from dzwcrawl.text import digest, fold
from dzwcrawl.urls import host_of

Level = Literal["ok", "warn", "alarm"]
LEVELS: tuple[Level, ...] = ("ok", "warn", "alarm")

_FRESH = timedelta(days=14)
"""An article published before that is history, and says nothing of how the outlet is now."""

_AHEAD = timedelta(hours=2)
"""So far ahead of our clock a time of publication may be: zones are guessed and clocks differ."""

_SHORT = 80
"""Characters below which a body is short."""

_LINKED_LINES = 3
"""Lines of a body's container that are links, kept or cleaned away, from which there is a list in it."""

_CUT = 0.5
"""Share of the characters of a body's container that are cleaned away from which most of it was no article."""

_SHARED_LINE, _SHARED_LINES = 8, 2
"""Characters of a line, and number of such lines, that other articles of the crawl have too."""

_REMEMBERED = 2_000
"""Articles of a crawl whose lines and templates are compared: a backfill must not fill the memory."""

_EXAMPLES = 3

_TWICE = re.compile("\u00c3[\u0080-\u00bf\u0152-\u2122]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]")
"""utf-8 that was read as windows-1252: an umlaut is two signs then."""

_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经去法"
    "学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意无力与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应向头文体政美相见利什二等产或新己制身加西斯月话合回特代内信表化老给世位次度门任常先海通教這個們來為國說時會"
)
"""The commonest characters of Chinese: four in ten of any text, one in a hundred of one read in a wrong encoding."""


@dataclass(slots=True)
class Facts:
    """What one crawl saw of one site.

    `whole`: it walked all lists and came to its end. `counts`: pages, articles and those with a trait (docs/health.md
    has the names); `kinds`: encodings and languages of its articles; `profile`: on how many of the `signed` pages each
    container stands; `robots`: a digest of the rules of each origin, "all" where they forbid everything; `length`: the
    median body in characters; `skew`: seconds its servers' clocks are ahead of ours; `checks`: what was found then.
    """

    at: str
    whole: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    profile: Counter[str] = field(default_factory=Counter)
    robots: dict[str, str] = field(default_factory=dict)
    length: float | None = None
    skew: float | None = None
    checks: frozenset[str] = frozenset()

    def numbers(self) -> dict[str, Any]:
        """Return what is stored of it in one column."""
        return {
            "counts": {name: number for name, number in self.counts.items() if number},
            "kinds": {kind: dict(values) for kind, values in self.kinds.items()},
            "robots": self.robots,
            "length": self.length,
            "skew": self.skew,
        }


@dataclass(slots=True)
class ListingFacts:
    """What one crawl saw of one listing: links on its first page, links new to it, or why it failed.

    `unchanged`: it was as it was the last time, and not read. `finding`: what was found wrong with it. `heard`: it
    answered, or failed; another one was left to the next crawl.
    """

    url: str
    at: str
    links: int = 0
    fresh: int = 0
    failed: str | None = None
    unchanged: bool = False
    signature: frozenset[str] = frozenset()
    finding: str | None = None
    heard: bool = False


class Observed:
    """What is being seen of a site while a crawl runs: its facts, and pages to look at for each trait."""

    def __init__(self, at: str) -> None:
        self.facts = Facts(at)
        self.examples: dict[str, list[str]] = {}
        self.signatures: Counter[frozenset[str]] = Counter()
        self.listings: dict[str, ListingFacts] = {}
        self.skews: list[float] = []
        self._lengths: list[int] = []
        self._lines: dict[str, int] = {}
        self._shared: Counter[int] = Counter()
        self._urls: list[str] = []

    def note(self, trait: str, url: str, when: bool = True) -> None:
        """Count a page with a trait."""
        if when:
            self.facts.counts[trait] += 1
            self.example(trait, url)

    def example(self, what: str, url: str) -> None:
        """Keep a page to look at; the first three are enough."""
        known = self.examples.setdefault(what, [])
        if len(known) < _EXAMPLES:
            known.append(url)

    def refused(self, url: str, *, barred: bool, gone: bool, rules: bool) -> None:
        """Note a new page that gave no article: something stands before it, it says that it is gone, no rule matched."""
        self.facts.counts["pages"] += 1
        self.note("refused", url)
        self.note("barred", url, barred)
        self.note("gone", url, gone)
        self.note("rules", url, rules)

    def again(self, url: str, *, missed: bool = False, revised: bool = False) -> None:
        """Note a stored article that was looked at again."""
        self.facts.counts["again"] += 1
        self.note("missed", url, missed)
        self.note("revised", url, revised)

    def stored(self, article: Article) -> None:
        """Note a new article that was stored."""
        url, counts = article.url or "", self.facts.counts
        counts["pages"] += 1
        counts["stored"] += 1
        self.note("copies", url, article.duplicate_of is not None)
        day, seen = _moment(article.published), _moment(article.first_seen)
        known = day is not None and seen is not None
        if known and day < seen - _FRESH:  # type: ignore[operator]
            self.note("old", url)
            return
        counts["articles"] += 1
        self.note("future", url, known and day > seen + _AHEAD)  # type: ignore[operator]
        self._fields(article, url)
        self._body(article, url)
        # Hosts of one outlet have encodings of their own.
        encoding = f"{article.encoding} on {host_of(url)}"
        for what, value in (("encoding", encoding), ("language", article.language or "unknown")):
            self.facts.kinds.setdefault(what, Counter())[value] += 1
            self.example(f"{what} {value}", url)
        self.sign(article.signature, url)

    def sign(self, names: frozenset[str], url: str) -> None:
        """Note the signature of an article's page."""
        if names and (names in self.signatures or len(self.signatures) < _REMEMBERED):
            self.facts.counts["signed"] += 1
            self.signatures[names] += 1
            self.facts.profile.update(names)
            self.example(f"signature {hash(names)}", url)

    def signed(self, names: frozenset[str]) -> list[str]:
        """Return pages to look at that have a signature."""
        return self.examples.get(f"signature {hash(names)}", [])

    def _fields(self, article: Article, url: str) -> None:
        published = article.published or ""
        self.note("no_title", url, not article.title)
        self.note("no_date", url, len(published) < 10)
        self.note("no_time", url, len(published) <= 10)
        self.note("no_source", url, not article.source)
        self.note("no_authors", url, not article.authors)
        self.note("no_editors", url, not article.editors)

    def _body(self, article: Article, url: str) -> None:
        linked = sum(block.linked or (block.removed or "").startswith("links:") for block in article.blocks)
        size, whole = len(article.body), sum(len(block.text) for block in article.blocks)
        self.note("short", url, size < _SHORT)
        self.note("teaser", url, any(note.startswith("only the teaser") for note in article.notes))
        self.note("links_inside", url, linked >= _LINKED_LINES)
        self.note("cut", url, size < (1 - _CUT) * whole)
        self.note("damaged", url, is_damaged(f"{article.title}\n{article.body}"))
        if len(self._urls) < _REMEMBERED:
            self._lengths.append(size)
            if article.duplicate_of is None:
                self._compare(article.blocks, url)

    def _compare(self, blocks: list[Block], url: str) -> None:
        """Compare the lines of a body with those of the crawl's other articles.

        Those that are gone because of where they stand, not because anybody knew them, are as new as those that are left.
        """
        me = len(self._urls)
        self._urls.append(url)
        lines = {block.text for block in blocks if block.removed in (None, LISTED)}
        for line in filter(lambda line: len(line) >= _SHARED_LINE, lines):
            first = self._lines.setdefault(digest(fold(line))[:16], me)
            if first != me:
                self._shared[first] += 1
                self._shared[me] += 1

    def finish(self) -> None:
        """Complete what only the whole crawl can tell."""
        if self.skews:
            # What a cache has kept tells an earlier time: the newest answers tell the clock.
            self.facts.skew = sorted(self.skews)[3 * len(self.skews) // 4]
        if self._lengths:
            self.facts.length = float(median(self._lengths))
        for number, lines in self._shared.items():
            self.note("shared_lines", self._urls[number], lines >= _SHARED_LINES)
        self._shared.clear()


def is_damaged(text: str) -> bool:
    """Tell whether a text has characters that could not be read, or is Chinese as no Chinese writes.

    A text that was read in a wrong encoding has the rarest characters as often as the commonest.
    """
    if "\ufffd" in text or len(_TWICE.findall(text)) >= 3:
        return True
    sample = text[:600]
    han = sum("\u3400" <= character <= "\u9fff" for character in sample)
    return han >= 60 and sum(map(_COMMON.__contains__, sample)) < 0.12 * han


def _moment(time: str | None) -> datetime | None:
    """Return the moment of an ISO time with offset, of a day its beginning (+08:00); None of less than a day."""
    if time is None or len(time) < 10:
        return None
    moment = datetime.fromisoformat(time if len(time) > 10 else f"{time}T00:00:00+08:00")
    return moment if moment.tzinfo else None
