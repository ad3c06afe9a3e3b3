"""Learning what repeats on the pages of a site: pure decisions on counts, wherever the counts are kept.

What is counted is sums, so that they can be taken back, merged, and come out the same in whatever order the pages
came: for a pattern, a layout and a day, on how many articles it stood and how (`Evidence`); for a layout and a day,
how many articles there were. A verdict holds for a month: whether a pattern was boilerplate then, judged on the days
around that month, so that a banner of spring is none in autumn.

The confidence bound is Wilson's (E. B. Wilson, Probable inference, J. Amer. Statist. Assoc. 22, 1927): the lower
end of the one-sided 90 % interval of the share of articles that carry the pattern.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from math import sqrt
from typing import Literal, NamedTuple

from dzwcrawl.article import Article, Block
from dzwcrawl.boilerplate.patterns import kind_of, pattern, variants

EVERYWHERE = "*"
"""The scope of a verdict that holds on every layout of the site."""

_Z = 1.2816
_PROSE = 30
"""Characters from which a sentence is text that other lines stand before or after."""

_MASKS = frozenset("#□")
_NEAR = 31
"""Days before and after a month that its verdicts are judged on, at least …"""

_ENOUGH = 40
"""… and as many more as it takes to have this many articles on either side."""


class Evidence(NamedTuple):
    """On how many articles a pattern stood; of these, before and after the prose, set apart from the body's own
    markup, as a link."""

    pages: int = 0
    head: int = 0
    tail: int = 0
    aside: int = 0
    linked: int = 0

    def minus(self) -> "Evidence":
        """Return the count that takes this one back."""
        return Evidence(*(-a for a in self))


class Layout(NamedTuple):
    """What an article's page has in common with others of its site: its template, and the part of the site it is in."""

    template: str
    channel: str

    def scopes(self) -> tuple[str, str, str]:
        """Return the scopes of verdicts that hold for this layout."""
        return EVERYWHERE, f"template {self.template}", f"channel {self.channel}"


Place = Literal["before", "after", "apart", "inside"]
"""Where a pattern stands, nearly always: before or after the text, in markup of its own, or somewhere in the text."""


class Verdict(NamedTuple):
    """A pattern is boilerplate in a scope: it stands on `pages` of `of` articles while it was in use."""

    scope: str
    place: Place
    pages: int
    of: int


def day_of(article: Article) -> int:
    """Return the day of an article as YYYYMMDD: published, else first seen, else (plain texts) 0."""
    published = article.published or ""
    day = published if len(published) >= 10 else article.first_seen or "0"
    return int(day[:10].replace("-", ""))


def patterns_of(article: Article) -> list[tuple[str, ...]]:
    """Return the patterns of each block: its own first, then those with names masked; none where it must not be
    learned.
    """
    names = (*article.authors, *article.editors, *filter(None, (article.source,)))
    return [
        () if block.role == "table_row" else _patterns(block.text, article.title, names)
        for block in article.blocks
    ]


@lru_cache(maxsize=4096)
def _patterns(text: str, title: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    # Remembered because storing an article asks three times: what is known, what goes, what is counted.
    own = pattern(text, title, names)
    return () if own is None else (own, *variants(text, own))


def sightings(
    article: Article, patterns: Iterable[tuple[str, ...]], counted: Collection[str | None]
) -> dict[str, Evidence]:
    """Return how each pattern stands on an article; several blocks of one pattern count as one.

    :param counted: the values of `removed` of the blocks that only learning judges.
    """
    pairs = [
        (block, texts)
        for block, texts in zip(article.blocks, patterns, strict=True)
        if block.removed in counted and block.overruled is None
    ]
    prose = [0, *accumulate(is_prose(block) for block, _ in pairs)]
    found: dict[str, Evidence] = {}
    for i, (block, texts) in enumerate(pairs):
        head, left = prose[i] == 0, prose[-1] - prose[i + 1]
        # One sentence may follow: a notice is one itself, and banners stand between text and notice. A heading that
        # one follows is the heading of a part.
        tail = left <= 1
        if block.role == "heading" and not head and left:
            continue
        here = Evidence(1, head, tail, block.aside, block.linked)
        for text in texts:
            known = found.get(text)
            found[text] = here if known is None else Evidence(*map(min, known, here))
    return found


def is_prose(block: Block) -> bool:
    """Tell whether a block is a sentence long enough to be text that other lines stand before or after."""
    return len(block.text) >= _PROSE and kind_of(block.text) != "label"


class Totals:
    """How many articles a site has in each scope, by day."""

    def __init__(self, articles: Iterable[tuple[Layout, int, int]]) -> None:
        """Take triples of layout, day and number of articles."""
        days: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for layout, day, number in articles:
            for scope in layout.scopes():
                days[scope][day] += number
        self._days = {scope: sorted(numbers) for scope, numbers in days.items()}
        self._sums = {
            scope: [0, *accumulate(numbers[day] for day in self._days[scope])]
            for scope, numbers in days.items()
        }

    def between(self, scope: str, first: int, last: int) -> int:
        """Count the articles of a scope from the first to the last day."""
        days, sums = self._days.get(scope, []), self._sums.get(scope, [0])
        return sums[bisect_right(days, last)] - sums[bisect_left(days, first)]

    def months(self) -> dict[int, tuple[int, int]]:
        """Return the months (YYYYMM) that have articles, each with the first and last day it is judged on.

        Articles without a day are month 0, judged on all days.
        """
        days, sums = self._days.get(EVERYWHERE, []), self._sums.get(EVERYWHERE, [0])
        found = {0: (0, 99999999)} if days[:1] == [0] else {}
        earliest = len(found)
        for month in sorted({day // 100 for day in days[earliest:]}):
            first, last = bisect_left(days, month * 100), bisect_right(days, month * 100 + 99) - 1
            before = bisect_right(sums, sums[first] - _ENOUGH) - 1
            after = bisect_left(sums, sums[last + 1] + _ENOUGH)
            found[month] = (
                min(_shift(month * 100 + 1, -_NEAR), days[max(before, earliest)]),
                max(_shift(month * 100 + 1, 30 + _NEAR), days[min(after, len(days)) - 1]),
            )
        return found


def _shift(day: int, by: int) -> int:
    moved = date(day // 10000, day // 100 % 100, day % 100) + timedelta(days=by)
    return int(moved.strftime("%Y%m%d"))


def judge(
    pattern: str, counts: Iterable[tuple[Layout, int, Evidence]], totals: Totals, days: tuple[int, int]
) -> list[Verdict]:
    """Judge a pattern on the days from `days[0]` to `days[1]`: over the whole site and, if it is not boilerplate
    there, on each template and in each channel.

    The articles it is set against are those of the days from its first to its last: before a banner began and
    after it ended there is nothing to learn about it.
    """
    sums: dict[str, list[int]] = {}
    templates: set[str] = set()
    for layout, day, evidence in counts:
        if evidence.pages and days[0] <= day <= days[1]:
            templates.add(layout.scopes()[1])
            for scope in layout.scopes():
                found = sums.setdefault(scope, [day, day, 0, 0, 0, 0, 0])
                found[0], found[1] = min(found[0], day), max(found[1], day)
                for i, number in enumerate(evidence, 2):
                    found[i] += number
    verdicts = []
    for scope, (first, last, *numbers) in sorted(sums.items()):
        evidence = Evidence(*numbers)
        within = templates if scope == EVERYWHERE else {scope}
        of = sum(totals.between(s, first, last) for s in within)
        if is_boilerplate(pattern, evidence, of, channel=scope.startswith("channel ")):
            verdicts.append(Verdict(scope, place_of(evidence), evidence.pages, of))
            if scope == EVERYWHERE:
                break
    return verdicts


def place_of(evidence: Evidence) -> Place:
    """Return where a pattern stands on nine in ten of its pages."""
    nearly_all = 0.9 * evidence.pages
    if evidence.head >= nearly_all:
        return "before"
    if evidence.tail >= nearly_all:
        return "after"
    return "apart" if max(evidence.aside, evidence.linked) >= nearly_all else "inside"


def lower_bound(pages: int, of: int) -> float:
    """Return the lower end of the one-sided 90 % Wilson interval of the share `pages` of `of`."""
    share, z = pages / of, _Z * _Z / of
    return (share + z / 2 - _Z * sqrt(share * (1 - share) / of + z / of / 4)) / (1 + z)


def is_boilerplate(pattern: str, evidence: Evidence, of: int, *, channel: bool) -> bool:
    """Judge a pattern in one scope, of whose articles in its time there were `of`.

    The more a line looks like text, the more it takes: how sure it must be that it stands on a good part of the
    pages, on how many it must stand at least, and whether the pages of one channel can show it (a notice that one
    column reprints is news there). What stands in the middle of bodies needs far stronger evidence than what stands
    outside, and sentences there more still; a masked sentence in the middle (the day's temperatures) is never
    learned. A label outside the text is furniture however rare it is, once it has been there often enough.
    """
    kind, long, masked = kind_of(pattern), len(pattern) >= _PROSE, not _MASKS.isdisjoint(pattern)
    pages, place = evidence.pages, place_of(evidence)
    bound = lower_bound(min(pages, of), of)
    if kind == "column":
        return pages >= 30 and bound >= 0.85
    if kind == "label":
        if place == "inside":
            return not channel and pages >= 4 and bound >= 0.1
        if channel:
            return pages >= 6 and bound >= 0.3
        return pages >= (12 if masked else 8) or (pages >= 3 and bound >= (0.1 if pages < 8 else 0.04))
    if channel:
        return False
    if place in ("after", "apart"):
        return pages >= (4 if long else 10) and bound >= (0.5 if long else 0.6)
    if place == "before":
        return pages >= 6 and bound >= 0.5
    return kind == "sentence" and pages >= 20 and bound >= 0.6
