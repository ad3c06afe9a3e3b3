"""When a stored article is looked at again: pure functions of its age and of how often its site edits.

Most edits come soon after publication. So the gaps grow with the age: an article is looked at a quarter of an hour
after publication, then each time when its age has about doubled, for the last time at thirty days.
"""

import math
from datetime import UTC, datetime, time, timedelta, timezone

FIRST = timedelta(minutes=15)
HORIZON = timedelta(days=30)
"""The age of the last visit."""

_LATE = 0.8 * HORIZON
"""An article that was looked at so late is not looked at again at the horizon."""

TYPICAL = 0.05
"""The share of visits that find an edit at which the age doubles between two visits."""

_AGES = (("minutes", timedelta(hours=1)), ("hours", timedelta(days=1)), ("days", timedelta(days=7)))
_CHINA = timezone(timedelta(hours=8))


def age_class(age: timedelta) -> str:
    """Return `minutes`, `hours`, `days` or `weeks`: the classes in which a site's edits are counted."""
    return next((name for name, end in _AGES if age < end), "weeks")


def share_of_edits(visits: int, edits: int) -> float:
    """Return the share of visits that may be expected to find an edit; with no visits yet, the typical one."""
    return (edits + 1) / (visits + 1 / TYPICAL)


def next_visit(born: datetime, at: datetime, share: float = TYPICAL) -> datetime | None:
    """Return when an article is due again, or None when it was looked at for the last time.

    :param born: when it was published, as far as known (:func:`born`).
    :param at: when it is looked at now.
    :param share: of this site's visits at this age, how many find an edit. The gap is as long as the age at the
        typical share, at most half as long where four times as many visits find an edit, at most twice as long
        where a quarter do.
    """
    age = max(at - born, timedelta(0))
    if age < FIRST:
        return born + FIRST if at >= born else at + FIRST
    stretch = min(2.0, max(0.5, math.sqrt(TYPICAL / share)))
    if age >= _LATE:
        return None
    return born + min(age * (1 + stretch), HORIZON)


def born(published: str | None, first_seen: str) -> datetime:
    """Return when an article began to be read, by its date (`docs/record.md`) and when a crawl first saw it.

    A date without a time bounds the moment to its day in China; without a day only the first sight is known.
    """
    seen = datetime.fromisoformat(first_seen)
    if published is None or len(published) < 10:
        return seen if published is None else min(seen, _whole_period(published))
    moment = datetime.fromisoformat(published)
    if len(published) == 10:
        day = datetime.combine(moment.date(), time(), _CHINA)
        return min(max(seen, day), day + timedelta(days=1))
    return min(moment if moment.tzinfo else moment.replace(tzinfo=_CHINA), seen)


def _whole_period(published: str) -> datetime:
    """Return the end of a date known to the month or year."""
    year, month = int(published[:4]), int(published[5:7] or 12)
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
