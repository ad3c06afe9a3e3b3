"""Week by week: how long after its start a banner is first removed, from new pages and from stored ones."""

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


def rows(feeding: Feeding) -> list[Row]:
    """Return the banners of an outlet that reached the learner, in the order of their starts."""
    return [
        _row(feeding.outlet.name, banner, life)
        for banner, life in sorted(feeding.lives.items(), key=lambda item: item[1].first)
    ]


def _row(outlet: str, banner: int, life: Life) -> Row:
    what = OUTLETS[outlet].banners[banner]

    def delay(then: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
        return then and (then[1] - life.first[1], then[0] - life.first[0], then[2])

    return Row(
        outlet, what.kind, what.lines[0], life.first[1], life.shown, delay(life.new), delay(life.old), life.left_when_stored
    )  # fmt: skip


def table(found: Sequence[Row]) -> list[list[str]]:
    """Return the rows of the printed table, heading first; banners that run from the first week to the last in one."""
    head = "outlet|banner|starts on day|pages with it|new pages: days/pages/with it|stored pages: days/pages/with it|let through when stored"
    return [
        head.split("|"),
        *(
            [
                row.outlet, row.kind, str(row.first_day), str(row.shown), _delay(row.new), _delay(row.old),
                f"{row.left_when_stored} ({row.left_when_stored / row.shown:.1%})",
            ]
            for row in found
        ),
    ]  # fmt: skip


def _delay(delay: tuple[int, int, int] | None) -> str:
    return "never" if delay is None else "/".join(map(str, delay))
