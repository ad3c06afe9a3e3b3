"""The first outlet: the replica's family of sites with a week, quiet Sundays, holidays and a desk that varies.

Site rules, eleven listings on seven hosts, three encodings; about thirty articles on a working day.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.replica import World
from tests.replica.model import Item, Response
from tests.replica.month import moment
from tests.replica.plan import CHANNELS, base_items, by_channel, deal_traps, docid_at

FIRST_DAY = 38
"""The day of the replica on which the outlet begins to live here: 28 December 2026, a Monday; New Year and 春节 follow."""

_RATES = {"guonei": 7, "guoji": 4, "shehui": 4, "sd": 6, "weifang": 5, "qingdao": 3, "jinan": 3, "hb": 3}
_WEEK = (1.0, 1.1, 1.0, 1.0, 0.95, 0.5, 0.3)
_NO_SUNDAY = ("weifang", "jinan")
_SPRING = (datetime(2027, 2, 4).date(), datetime(2027, 2, 12).date())
_NEW_YEAR = (datetime(2027, 1, 1).date(), datetime(2027, 1, 3).date())


def arrivals(day: int) -> list[Item]:
    """The articles of a day: Poisson around the weekday's rate, a fifth up or down as a whole, few on holidays."""
    rng = random.Random(f"arrivals/{day}")
    date = moment(day).date()
    mood = rng.lognormvariate(0, 0.2)
    found = []
    for at, (name, rate) in enumerate(_RATES.items()):
        usual = rate * _WEEK[date.weekday()] * mood
        if _SPRING[0] <= date <= _SPRING[1] or _NEW_YEAR[0] <= date <= _NEW_YEAR[1]:
            usual *= 0.15
        if date.weekday() == 6 and name in _NO_SUNDAY:
            usual = 0.0
        for turn in range(poisson(rng, usual)):
            when = datetime(date.year, date.month, date.day, rng.randint(7, 20), rng.randint(0, 59), 7)
            number = 100_000 + day * 1000 + at * 100 + turn
            docid = docid_at(when, CHANNELS[name]) + at * 40 + turn
            traps = frozenset({"new_on_later_day"})
            found.append(Item(number, CHANNELS[name], when, docid, "htm", traps))
    return found


def poisson(rng: random.Random, mean: float) -> int:
    """A count of arrivals."""
    count, left = 0, rng.expovariate(1.0)
    while left < mean:
        count += 1
        left += rng.expovariate(1.0)
    return count


class Regional(World):
    """The family on one of its days; a pure function of the day."""

    spider = ("dzwww",)
    site = "dzwww"

    def __init__(self, day: float) -> None:
        super().__init__(articles=120, day=day, crawl_delay=0)
        base = deal_traps(base_items(120))
        living = [item for past in range(FIRST_DAY - 1, round(day) + 1) for item in arrivals(past)]
        self.items = [*base, *(item for item in living if item.when <= moment(day))]
        self.rows = by_channel(self.items)
        self.place = {id(item): at for rows in self.rows.values() for at, item in enumerate(rows)}
        self.flaky_keys = set()
        self._item_at = {f"{item.channel.host}{item.path}": item for item in self.items}

    def is_article(self, url: str) -> bool:
        """Whether a URL is one of an article."""
        return self._find(url.partition("://")[2].partition("?")[0]) is not None

    def is_new(self, url: str, since: float) -> bool:
        """Whether a URL is one of an article that came after a day."""
        item = self._find(url.partition("://")[2].partition("?")[0])
        return item is not None and item.when > moment(since)

    def get(self, url: str) -> Response:
        """The answer, with the time the server thinks it is."""
        response = super().get(url)
        return Response(response.status, [*response.headers, ("Date", http_date(self.day))], response.body)


def http_date(day: float) -> str:
    """A moment of the replica as HTTP writes it; its days are at +08:00."""
    return (moment(day) - timedelta(hours=8)).strftime("%a, %d %b %Y %H:%M:%S GMT")
