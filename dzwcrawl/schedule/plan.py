"""When each outlet is crawled: how often, and a place in that interval that depends on nothing but its name."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from dzwcrawl.text import digest, nearest

_HOUR, _DAY, _WEEK = 60, 24 * 60, 7 * 24 * 60
INTERVALS = {
    **{f"{minutes}m": minutes for minutes in (5, 10, 15, 20, 30)},
    **{f"{hours}h": hours * _HOUR for hours in (1, 2, 3, 4, 6, 8, 12)},
    "daily": _DAY,
    "weekly": _WEEK,
}
"""Minutes; only those that divide an hour, a day or a week, because a crontab can say no others."""

_OTHER_WORDS = {"hourly": "1h", "60m": "1h", "24h": "daily", "1d": "daily", "7d": "weekly", "1w": "weekly"}
_SPREAD = 4 * _HOUR
"""Crawls that run once a day or a week begin within so many minutes."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class ScheduleError(ValueError):
    """A schedule that cannot be written; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An outlet that is crawled every `every` minutes, the first time `offset` minutes after Monday 00:00, local time."""

    outlet: str
    every: int
    offset: int

    @property
    def clock(self) -> tuple[int, int, int]:
        """Day of the week (0 is Monday), hour and minute of the first crawl."""
        days, minutes = divmod(self.offset, _DAY)
        return days, minutes // _HOUR, minutes % _HOUR


def interval(word: str) -> int:
    """Return the minutes of an interval.

    :raises ScheduleError: naming the nearest right one.
    """
    name = _OTHER_WORDS.get(word, word)
    if name not in INTERVALS:
        raise ScheduleError(
            f"every {word}: there are {', '.join(INTERVALS)}"
            if re.match(r"\d", word)
            else f"every {word}: {nearest(word, INTERVALS)}"
        )
    return INTERVALS[name]


def slot(outlet: str, every: int, at: str) -> Slot:
    """Return when an outlet is crawled, apart from other outlets by its name.

    :param every: minutes.
    :param at: `HH:MM`, where the crawls of a day or week begin, spread over four hours.
    :raises ScheduleError: when `at` is no time, or the name cannot be that of a unit.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", outlet):
        raise ScheduleError(
            f"{outlet!r} cannot be scheduled: letters, digits and _ . - make a name of a unit"
        )
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        raise ScheduleError(f"{at} is not a time written HH:MM")
    number = int(digest(outlet), 16)
    if every < _DAY:
        return Slot(outlet, every, number % every)
    clock = (int(at[:2]) * _HOUR + int(at[3:]) + number % _SPREAD) % _DAY
    return Slot(outlet, every, number // _SPREAD % (every // _DAY) * _DAY + clock)


def on_calendar(slot: Slot) -> str:
    """Return a slot as systemd writes times (systemd.time(7))."""
    day, hour, minute = slot.clock
    if slot.every < _HOUR:
        return f"*-*-* *:{minute:02}/{slot.every}:00"
    if slot.every == _HOUR:
        return f"*-*-* *:{minute:02}:00"
    if slot.every < _DAY:
        return f"*-*-* {hour:02}/{slot.every // _HOUR}:{minute:02}:00"
    return f"{_DAYS[day]} " * (slot.every == _WEEK) + f"*-*-* {hour:02}:{minute:02}:00"


def cron_fields(slot: Slot) -> str:
    """Return a slot as the five fields of a crontab line."""
    day, hour, minute = slot.clock
    if slot.every < _HOUR:
        return f"{minute}-59/{slot.every} * * * *"
    if slot.every == _HOUR:
        return f"{minute} * * * *"
    if slot.every < _DAY:
        return f"{minute} {hour}-23/{slot.every // _HOUR} * * *"
    return f"{minute} {hour} * * {(day + 1) % 7 if slot.every == _WEEK else '*'}"


def next_start(slot: Slot, after: datetime) -> datetime:
    """Return the first start of a slot after a local time without zone."""
    monday = datetime.combine(after.date() - timedelta(days=after.weekday()), datetime.min.time())
    passed = (after - monday) // timedelta(minutes=1) - slot.offset
    return monday + timedelta(minutes=slot.offset + (passed // slot.every + 1) * slot.every)
