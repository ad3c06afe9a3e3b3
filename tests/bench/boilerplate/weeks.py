"""Week by week: how long after its start a banner is first removed, from new pages and from stored ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.boilerplate.feed import Feeding, Life
from tests.bench.boilerplate.world import OUTLETS


@dataclass(frozen=True, slots=True)
class Row:
    """One banner. Delays are (days, pages of the outlet, pages with the banner) after its start; None: never."""

    outlet: str
    kind: str
    words: str
    first_day: int
    shown: int
    new: tuple[int, int, int] | None
    old: tuple[int, int, int] | None
    left_when_stored: int
    left_now: int


FIRST_WEEK = 7
"""Banners that start on a later day come and go; the others are there from the first page on."""


def rows(feeding: Feeding, bodies: dict[int, frozenset[str]]) -> list[Row]:
    """Return the banners of an outlet that reached the learner, in the order of their starts."""
    left: Counter[int] = Counter()
    for page in feeding.fed:
        body = bodies.get(page.id or 0, frozenset())
        left.update({line.banner for line, text in page.judged if line.boilerplate and text in body})
    return [
        _row(feeding.outlet.name, banner, life, left[banner])
        for banner, life in sorted(feeding.lives.items(), key=lambda item: item[1].first)
    ]


def _row(outlet: str, banner: int, life: Life, left: int) -> Row:
    what = OUTLETS[outlet].banners[banner]

    def delay(then: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
        return then and (then[1] - life.first[1], then[0] - life.first[0], then[2])

    return Row(
        outlet, what.kind, what.lines[0], life.first[1], life.shown, delay(life.new), delay(life.old), life.left_when_stored, left,
    )  # fmt: skip


def table(found: Sequence[Row]) -> list[list[str]]:
    """Return the rows of the printed table, heading first, of banners that come and go."""
    head = "outlet|banner|starts on day|pages with it|new pages: days/pages/with it|stored pages: days/pages/with it|let through when stored|in bodies at the end"
    return [
        head.split("|"),
        *(
            [
                row.outlet, row.kind, str(row.first_day), str(row.shown), _delay(row.new), _delay(row.old),
                f"{row.left_when_stored} ({row.left_when_stored / row.shown:.1%})",
                f"{row.left_now} ({row.left_now / row.shown:.1%})",
            ]
            for row in found
            if row.first_day >= FIRST_WEEK
        ),
    ]  # fmt: skip


def _delay(delay: tuple[int, int, int] | None) -> str:
    return "never" if delay is None else "/".join(map(str, delay))
