"""What happens to the articles of later days: edits, vanishing, returning; a pure function of the article.

Most edits come within hours, some within days. Who vanishes and comes back stays away about as long as it had been
there, so that the absence can be seen without looking every day.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from .model import Item

DAY_0 = datetime(2026, 11, 20, 22)
"""The moment (+08:00) of day 0; a day may be a fraction."""

KINDS = ("404", "410", "soft_404", "front")


@dataclass(frozen=True, slots=True)
class Life:
    """When an article is edited, and when it is away: from, until (None: for good) and what answers meanwhile."""

    edits: tuple[datetime, ...] = ()
    gone: datetime | None = None
    back: datetime | None = None
    kind: str = ""

    def away(self, at: datetime) -> bool:
        """Whether the article is away at a moment."""
        return self.gone is not None and self.gone <= at and (self.back is None or at < self.back)


def moment(day: float) -> datetime:
    """The time of a day."""
    return DAY_0 + timedelta(days=day)


def life_of(item: Item) -> Life:
    """The fate of an article; only those of later days have one."""
    if "new_on_later_day" not in item.traps:
        return Life()
    rng = random.Random(f"life/{item.number}")
    fate = rng.random()
    if fate < 0.28:
        age = timedelta(hours=math.exp(rng.uniform(math.log(1), math.log(24 * 8))))
        again = 2.5 * age + timedelta(days=1)
        return Life((item.when + age, item.when + again) if fate < 0.07 else (item.when + age,))
    if fate < 0.40:
        age = timedelta(hours=rng.uniform(16, 24 * 7))
        away = 1.2 * age + timedelta(days=rng.uniform(2, 4))
        gone = item.when + age
        return Life((), gone, gone + away if fate < 0.34 else None, rng.choice(KINDS))
    return Life()


def changed(item: Item, day: float) -> frozenset[str]:
    """Which parts of an article have been edited by a day: `body`, `title`."""
    if "edited" in item.traps and day >= 1:
        return frozenset({"body", "title"})
    done = sum(edit <= moment(day) for edit in life_of(item).edits)
    order = ("title", "body") if item.number % 3 == 0 else ("body", "title")
    return frozenset(order[:done])
