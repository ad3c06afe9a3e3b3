"""The difference of two lists of lines: which belong together, which were moved, which came and went.

Equal lines are the anchors. Between two anchors lines are paired so that the pairs share as much text as possible,
one with one, or two with one where a paragraph was divided or joined (dynamic programming, as in the alignment
of translated texts: Gale and Church, 1993). What is left over and stands elsewhere was moved.

All of that takes an effort that is bounded: what is too much for word by word is compared by sentence, and then not at
all; lines say what they were compared by.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from rapidfuzz.distance import Indel, LCSseq

from dzwcrawl.diff.words import Run, Unit, diff_words, in_units, pieces
from dzwcrawl.revisions import plain

Op = Literal["equal", "changed", "added", "removed", "moved", "moved away"]

_ALIKE = 0.4
"""Share of common tokens from which on one line is a change of the other. Unrelated Chinese lines have about
0.2, English ones 0.3."""

_MOVED_ALIKE = 0.75
_MOVED_SIZE = 8
"""Tokens; a shorter line that stands elsewhere is chance."""

_LARGEST = 10_000
"""Pairs of lines between two anchors; more than this (100 by 100) are not compared with one another."""

_MOST_LINES = 100_000_000
"""Pairs of lines among which equal ones are looked for."""

_EFFORT, _COMPARISON = 2_000_000_000, 10_000
"""What may be spent on lines that are alike, in pairs of tokens (about as many nanoseconds), and what comparing two
lines costs beside their tokens."""


@dataclass(slots=True)
class Line:
    """A line, or two that were joined or divided: what is common, removed and added in it.

    `moved away` stands where a line was, `moved` where it is now. `by`: what it was compared by with lines that differ.
    """

    op: Op
    runs: list[Run]
    by: Unit = "word"


@dataclass(slots=True, eq=False)
class _Group:
    """Neighbouring lines of the old and of the new text that belong together: (1,0), (0,1), (1,1), (2,1), (1,2)."""

    old: list[str]
    new: list[str]
    by: Unit = "word"


@dataclass(slots=True)
class _Effort:
    """What may still be spent on a text."""

    left: int = _EFFORT

    def affords(self, old: list[list[str]], new: list[list[str]]) -> bool:
        """Tell whether each of some lines can be compared with each of others; then it is spent."""
        cost = _COMPARISON * len(old) * len(new) + sum(map(len, old)) * sum(map(len, new))
        if cost > self.left:
            return False
        self.left -= cost
        return True


def diff_lines(
    old: list[str], new: list[str], *, key: Callable[[str], str] = plain, inside: bool = True
) -> list[Line]:
    """Return the lines of both texts in the order of the new one, with what was removed where it stood.

    :param key: two lines of one key are equal.
    :param inside: also pair lines that are merely alike and show their difference.
    """
    groups: list[_Group] = []
    effort = _Effort()
    keys = [key(line) for line in old], [key(line) for line in new]
    if len(old) * len(new) > _MOST_LINES:
        return _moved(_apart(old, new, "paragraph"), key, effort)
    for op in Indel.opcodes(*keys):
        before, after = old[op.src_start : op.src_end], new[op.dest_start : op.dest_end]
        if op.tag == "equal":
            groups += [_Group([a], [b]) for a, b in zip(before, after, strict=True)]
        elif groups and not (groups[-1].old and groups[-1].new):
            # The algorithm gives a replacement as two operations.
            gap_old, gap_new = _loose_end(groups)
            groups += _paired(gap_old + before, gap_new + after, inside, effort)
        else:
            groups += _paired(before, after, inside, effort)
    return _moved(groups, key, effort)


def _loose_end(groups: list[_Group]) -> tuple[list[str], list[str]]:
    """Take the groups of one side only off the end."""
    old: list[str] = []
    new: list[str] = []
    while groups and not (groups[-1].old and groups[-1].new):
        group = groups.pop()
        old, new = group.old + old, group.new + new
    return old, new


def _apart(old: list[str], new: list[str], by: Unit = "word") -> list[_Group]:
    return [_Group([line], [], by) for line in old] + [_Group([], [line], by) for line in new]


def _paired(old: list[str], new: list[str], inside: bool, effort: _Effort) -> list[_Group]:
    """Pair the lines of a gap so that the common text is largest, by what can be afforded."""
    if not inside or not old or not new:
        return _apart(old, new)
    if len(old) * len(new) <= _LARGEST:
        units: tuple[Unit, ...] = ("word", "sentence")
        for unit in units:
            a, b = ([pieces(line, unit) for line in side] for side in (old, new))
            if effort.affords(a, b):
                return _aligned(old, new, a, b, unit)
    return _apart(old, new, "paragraph")


def _aligned(
    old: list[str], new: list[str], a: list[list[str]], b: list[list[str]], unit: Unit
) -> list[_Group]:
    """Pair lines, given in units too, so that the common units are most."""
    steps = ((1, 1), (2, 1), (1, 2))
    # best[i][j]: the largest gain from the first i old and j new lines, and the step that led there.
    best: list[list[tuple[float, tuple[int, int]]]] = [
        [(0.0, (0, 1))] * (len(b) + 1) for _ in range(len(a) + 1)
    ]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            # Of equal gains the first counts, from the end: what was removed stands before what was added.
            choices = [(best[i][j - 1][0], (0, 1))] if j else []
            choices += [(best[i - 1][j][0], (1, 0))] if i else []
            for m, n in steps:
                if i >= m and j >= n:
                    gain = _gain([*chain(*a[i - m : i])], [*chain(*b[j - n : j])])
                    if gain > 0:
                        choices.append((best[i - m][j - n][0] + gain, (m, n)))
            best[i][j] = max(choices, key=lambda choice: choice[0], default=(0.0, (0, 0)))
    groups: list[_Group] = []
    i, j = len(a), len(b)
    while i or j:
        m, n = best[i][j][1]
        groups.append(_Group(old[i - m : i], new[j - n : j], unit))
        i, j = i - m, j - n
    return groups[::-1]


def _gain(old: list[str], new: list[str]) -> float:
    """Return how many more tokens two texts share than lines that are just alike enough."""
    return 2 * LCSseq.similarity(old, new) - _ALIKE * (len(old) + len(new))


def _moved(groups: list[_Group], key: Callable[[str], str], effort: _Effort) -> list[Line]:
    """Find the removed lines that stand elsewhere, and make lines of all groups."""
    gone = [group for group in groups if not group.new and len(pieces(group.old[0])) >= _MOVED_SIZE]
    come = [group for group in groups if not group.old]
    lines: dict[int, Line] = {}
    for source, target in [*_same(gone, come, key), *_alike(gone, come, effort)]:
        lines[id(source)] = Line("moved away", [Run("=", source.old[0])])
        lines[id(target)] = Line("moved", diff_words(source.old[0], target.new[0]))
    return [lines.get(id(group)) or _line(group, key) for group in groups]


def _same(
    gone: list[_Group], come: list[_Group], key: Callable[[str], str]
) -> Iterator[tuple[_Group, _Group]]:
    """Take the pairs of equal lines out of both lists."""
    waiting: dict[str, deque[_Group]] = defaultdict(deque)
    for group in gone:
        waiting[key(group.old[0])].append(group)
    found = [(sources.popleft(), target) for target in come if (sources := waiting.get(key(target.new[0])))]
    taken = {id(group) for pair in found for group in pair}
    for groups in (gone, come):
        groups[:] = [group for group in groups if id(group) not in taken]
    yield from found


def _alike(gone: list[_Group], come: list[_Group], effort: _Effort) -> Iterator[tuple[_Group, _Group]]:
    """Find the pairs of lines that were moved and edited, each to the one most like it."""
    left = [(group, pieces(group.old[0])) for group in gone]
    right = [(group, pieces(group.new[0])) for group in come]
    if len(gone) * len(come) > _LARGEST or not effort.affords(
        [old for _, old in left], [new for _, new in right]
    ):
        for group in (*gone, *come):
            group.by = "paragraph"
        return
    for target, new in right:
        shares = [Indel.normalized_similarity(old, new) for _, old in left]
        best = max(shares, default=0)
        if best >= _MOVED_ALIKE:
            yield left.pop(shares.index(best))[0], target


def _line(group: _Group, key: Callable[[str], str]) -> Line:
    old, new = "\n".join(group.old), "\n".join(group.new)
    if not group.new:
        return Line("removed", [Run("-", old)], group.by)
    if not group.old:
        return Line("added", [Run("+", new)], group.by)
    if key(old) == key(new):
        return Line("equal", [Run("=", new)])
    return Line("changed", diff_words(old, new), in_units(old, new)[0])
