"""Counting, at a measuring point, which lines are left after each stage: by outlet, kind and way of cleaning."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.boilerplate.feed import Fed, Feeding

SUPPORT = 3
"""Pages that have shown a banner from which on it can be known at all; below, only its words can give it away."""

WAYS = ("extraction", "phrases", "learned", "plain")
"""What is left after extraction; then phrases; then phrases and the learner; phrases and the 50 % rule."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is counted together. `known` is whether the words of a banner are the trade's."""

    outlet: str
    pages: int
    boilerplate: bool
    kind: str
    place: str
    known: bool
    supported: bool


Counts = dict[Cell, Counter[str]]


def plain_rule(fed: Iterable[Fed]) -> frozenset[str]:
    """Return the lines on at least half of the pages so far: what anyone would write first."""
    stored = [page for page in fed if page.id is not None]
    seen = Counter(text for page in stored for text in page.phrases)
    return frozenset(text for text, pages in seen.items() if 2 * pages >= len(stored))


def support(fed: Iterable[Fed]) -> Counter[int]:
    """Return on how many pages each banner was shown."""
    return Counter(b for page in fed for b in {line.banner for line, _ in page.judged if line.boilerplate})


def cell(fed: Fed, index: int, pages: int, shown: Counter[int]) -> Cell:
    """Return where the line `fed.judged[index]` is counted."""
    line, outlet = fed.judged[index][0], fed.page.outlet
    known = line.boilerplate and outlet.banners[line.banner].known
    supported = not line.boilerplate or shown[line.banner] >= SUPPORT
    return Cell(
        outlet.name,
        pages,
        line.boilerplate,
        line.kind,
        line.place if line.boilerplate else "",
        known,
        supported,
    )


def count(point: int, feeding: Feeding, bodies: dict[int, frozenset[str]]) -> Counts:
    """Count the lines of the container that are left after each stage; `all` counts them at the start."""
    plain, shown = plain_rule(feeding.fed), support(feeding.fed)
    counts: Counts = {}
    for page in feeding.fed:
        learned = bodies[page.id] if page.id is not None else frozenset()
        for index, (_, text) in enumerate(page.judged):
            here = counts.setdefault(cell(page, index, point, shown), Counter())
            here["all"] += 1
            here["extraction"] += text in page.extracted
            here["phrases"] += text in page.phrases
            # Extraction and phrases have their say first: a line they took is not the learner's to lose.
            here["learned"] += text in page.phrases and text in learned
            here["plain"] += text in page.phrases and text not in plain
    return counts


def total(counts: Counts, **wanted: object) -> Counter[str]:
    """Sum the cells whose fields are as wanted."""
    result: Counter[str] = Counter()
    for where, here in counts.items():
        if all(getattr(where, name) == value for name, value in wanted.items()):
            result.update(here)
    return result
