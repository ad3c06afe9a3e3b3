"""Three hundred invented outlets of all sizes, eleven weeks each: how often their rhythm is called wrong, how soon silence is.

Two to eighty articles on a working day, weekends of all kinds, a daily mood of a tenth to a third, holidays.
"""

import math
import random
from datetime import datetime, timedelta

from dzwcrawl.health.findings import WARN_COUNT
from dzwcrawl.health.rhythm import Visit, expectation, may_rest
from tests.bench.health.regional import poisson

_START = datetime.fromisoformat("2026-03-02T22:00:00+08:00")
_DAYS = 77


def outlet(number: int) -> tuple[float, list[str], int]:
    """Return the size of an outlet, the days that were called wrong, and the day on which its silence was noticed."""
    rng = random.Random(f"rhythm/{number}")
    size = math.exp(rng.uniform(math.log(2), math.log(80)))
    week = [1.0] * 5 + [rng.choice([1.0, 0.6, 0.3]), rng.choice([0.8, 0.3, 0.0])]
    spread = rng.choice([0.1, 0.2, 0.35])
    visits, wrong = [], []
    for day in range(_DAYS + 12):
        moment = _START + timedelta(days=day, minutes=rng.uniform(-25, 25))
        rest = rng.choice([1, 0.3, 0.1]) if may_rest(moment.date()) else 1
        mean = size * week[day % 7] * rng.lognormvariate(0, spread) * rest
        visits.append(Visit(moment.isoformat(), poisson(rng, mean) if day < _DAYS else 0))
        got = expectation(visits, visits[-1].at)
        if day < _DAYS and got.chance < WARN_COUNT:
            wrong.append(f"outlet of {size:.0f} articles a day, {moment:%A %d %B}: {got}")
        elif day >= _DAYS and got.chance < WARN_COUNT:
            return size, wrong, day - _DAYS + 1
    return size, wrong, 0


def main() -> None:
    """Print what was found."""
    outlets = [outlet(number) for number in range(300)]
    wrong = [line for _, lines, _ in outlets for line in lines]
    print(f"rhythm: {300 * _DAYS} crawls of 300 healthy outlets, {len(wrong)} called wrong")
    print("".join(f"  {line}\n" for line in wrong), end="")
    for least, most in ((2, 5), (5, 12), (12, 30), (30, 81)):
        days = sorted(day for size, _, day in outlets if least <= size < most)
        print(
            f"  silent from a Monday on, {least} to {most} articles a day: noticed on day {days[len(days) // 2]}, at most {days[-1]}"
        )


if __name__ == "__main__":
    main()
