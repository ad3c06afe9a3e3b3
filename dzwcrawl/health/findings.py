"""What is found wrong, what it is compared with, and from when something is no chance."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from dzwcrawl.health.facts import LEVELS, Facts, Level, ListingFacts

WARN, ALARM = 1e-5, 1e-8
"""Probability below which something is no chance any more. Some thirty things are looked at in a crawl: by mere chance a
warning comes once in three thousand crawls, and less often, because what is found must matter too (`Trait.rise`)."""

WARN_COUNT = 1e-4
"""The same for numbers of new articles, at which one look is taken a crawl."""

CRAWLS, PAGES = 3, 20
"""Earlier crawls, and their pages, below which there is no past to compare with."""

BASELINE = 60
"""Earlier crawls that are compared with; those that had the same finding are not among them."""

UNLIKE = 0.6
"""Likeness below which a page has another template."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was: which check, how bad, the numbers of its sentence, pages to look at."""

    check: str
    level: Level
    values: Mapping[str, Any] = field(default_factory=dict)
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a site before this crawl: facts of earlier crawls, earlier walks by listing, oldest first; what
    the last crawl found.
    """

    facts: Sequence[Facts] = ()
    listings: Mapping[str, Sequence[ListingFacts]] = field(default_factory=dict)
    last: tuple[Finding, ...] = ()

    def without(self, check: str) -> list[Facts]:
        """Return the earlier crawls that may tell what is usual for a check."""
        return [facts for facts in self.facts if check not in facts.checks][-BASELINE:]


def verdict(findings: Iterable[Finding]) -> Level:
    """Return the worst level of findings."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="ok")


def names_of(pages: Iterable[Mapping[str, int]], of: int, least: float = 0.0) -> tuple[set[str], set[str]]:
    """Return the containers that stood on some of `of` pages, and those that stood on four in five."""
    count = Counter[str]()
    for names in pages:
        count.update(names)
    return (
        {name for name, number in count.items() if number >= least * of},
        {name for name, number in count.items() if number >= 0.8 * of},
    )


def likeness(names: frozenset[str], known: set[str], core: set[str]) -> float:
    """Return how much of a page's containers is as it was, from 0 to 1: those that are new or missing count against it."""
    missing, new = core - names, names - known
    whole = len(names) + len(missing)
    return 1.0 - (len(missing) + len(new)) / whole if whole else 1.0


def middle_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """Return median and robust standard deviation (1.4826 times the median absolute deviation)."""
    middle = median(values)
    return middle, 1.4826 * median(abs(value - middle) for value in values)
