"""The weekly rhythm of an outlet or a listing: how many new articles a day brings, and how sure that is.

Counts are put into days that end with the crawl that is judged, so that a crawl once a day compares with the crawls
of earlier days whatever the clock says, and twenty crawls a day are compared as the day they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import pairwise, takewhile
from statistics import median

from dzwcrawl.health.tails import dispersion_of, few_tail

WEEKS = 8
"""So far back an outlet is compared with itself."""

_FIRST_DAYS = 14
"""Days of history below which nothing is said about counts: two weekends."""

_SAME_DAYS = 3
"""Earlier days of the same weekday whose median is what is usual."""

_RESIDUALS, _WIDE = 10, 3.0
"""Days from which their spread is known, and what it is taken for before: variance over mean."""

_UNSURE = 5.0
"""Over the number of days, by how much that spread is taken to be wider than it looks."""

_QUIET = 0.05
"""What a day on which an outlet may rest is expected to bring, of what it brings otherwise."""

_ZONE = timezone(timedelta(hours=8))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A crawl, or a walk of a listing: when (ISO with offset), and how many new articles it met.

    `usual`: its day may tell what is usual; one on which something was broken may not.
    """

    at: str
    new: int
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a day was to bring and what it brought.

    `chance`: the probability of so few, 1.0 where nothing is known; `nothing`: that of none at all on this day.
    `silent_days`: how many days are over, this one included, since one brought something; 0 where this one did, and
    where none of the last weeks did. `busy`: only one in ten of the days before brought more.
    """

    new: int
    usual: float = 0.0
    chance: float = 1.0
    nothing: float = 1.0
    silent_days: int = 0
    busy: float = 0.0


def expectation(visits: Sequence[Visit], until: str) -> Expectation:
    """Compare the day that ends with `until` with the days before it.

    :param visits: earlier ones and the present one, in any order.
    """
    moments = sorted({datetime.fromisoformat(visit.at) for visit in visits})
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    end, pause = datetime.fromisoformat(until), sorted(gaps)[len(gaps) // 2] if gaps else _DAY
    days, unusual = _days(visits, end + min(pause / 2, _DAY / 2))
    new = days.get(0, 0)
    local = end.astimezone(_ZONE)
    working = {
        day: count
        for day, count in days.items()
        if day > 0 and day not in unusual and not may_rest((local - day * _DAY).date())
    }
    if not working or max(days) < _FIRST_DAYS:
        return Expectation(new)
    usual = {day: _usual(day, working, local) for day in days}
    dispersion = _dispersion(working)
    # A day that began with another crawl is not a whole one.
    mean = usual[0] * (1.0 - max(timedelta(0), pause - gaps[-1]) / _DAY)
    chance, nothing = few_tail(new, mean, dispersion), few_tail(0, mean, dispersion)
    silent = list(takewhile(lambda day: not days[day], sorted(days)))
    if len(silent) > 1:
        # Several silent days are as improbable as nothing of all that they were to bring together.
        chance = min(chance, few_tail(0, sum(map(usual.__getitem__, silent)), dispersion))
    silent_days = min(days.keys() - set(silent), default=0)
    busy = sorted(working.values())[9 * len(working) // 10]
    return Expectation(new, mean, chance, nothing, silent_days, float(busy))


def _days(visits: Sequence[Visit], border: datetime) -> tuple[dict[int, int], set[int]]:
    """Return new articles by days before a border (0: the day that ends there), and the days that tell nothing.

    The border lies half the usual time between two crawls after the crawl that is judged: one some minutes late stays in
    its day. A day without a crawl is none; what came on it is in the next.
    """
    found: dict[int, int] = {}
    unusual: set[int] = set()
    for visit in visits:
        day = (border - datetime.fromisoformat(visit.at)) // _DAY
        if 0 <= day <= 7 * WEEKS:
            found[day] = found.get(day, 0) + visit.new
            if not visit.usual:
                unusual.add(day)
    return found, unusual


def _usual(day: int, working: Mapping[int, int], end: datetime) -> float:
    """Return what a day is expected to bring: the median of the same weekday, of two the less, else little."""
    same = _same(day, working)
    if len(same) >= _SAME_DAYS:
        found = float(median(same))
    elif len(same) == 2:
        found = float(min(same))
    else:
        found = float(sorted(working.values())[len(working) // 10])
    return found * (_QUIET if may_rest((end - day * _DAY).date()) else 1.0)


def _same(day: int, working: Mapping[int, int]) -> list[int]:
    """Return the counts of the same weekday, but that of the day itself."""
    return [count for other, count in working.items() if other != day and (other - day) % 7 == 0]


def _dispersion(working: Mapping[int, int]) -> float:
    """Return variance over mean of the days, as far as others of the same weekday tell their mean."""
    residuals = [
        (count, median(same)) for day, count in working.items() if len(same := _same(day, working)) >= 2
    ]
    if len(residuals) < _RESIDUALS:
        return _WIDE
    return dispersion_of(residuals) * (1 + _UNSURE / len(residuals))


def may_rest(day: date) -> bool:
    """Tell whether an outlet may rest on a day: a public holiday of China, the days around it, the end of the year."""
    return any(near in _holidays(near.year) for near in (day - _DAY, day, day + _DAY))


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415  imported here, because it takes a while and only this asks

    named = holidays.country_holidays("CN", years=year, language="en_US")
    days = set(named)
    spring = min(day for day, name in named.items() if "Spring Festival" in name)
    weeks = ((spring, 9), (date(year, 5, 1), 5), (date(year, 10, 1), 8), (date(year, 12, 24), 8))
    for first, length in weeks:
        days |= {first + at * _DAY for at in range(length)}
    return frozenset(days)
