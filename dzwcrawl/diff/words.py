"""The difference of two short texts, in pieces that a reader takes in: characters of Chinese, words of Latin.

The basis is the longest common subsequence (Hyyrö's bit-parallel algorithm, in rapidfuzz). By itself it keeps
every character the texts happen to share, and a rewritten clause becomes confetti; so short common runs between two
edits are given up, and an insertion that could stand in several places is moved to the nearest punctuation. It takes time
and memory by the product of both lengths, so very long texts are compared by sentence, or not inside.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rapidfuzz.distance import Indel

from dzwcrawl.revisions import plain

Mark = Literal["=", "-", "+"]
Unit = Literal["word", "sentence", "paragraph"]
"""What texts are compared by; all but the first are for what is too long."""

_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"(?:\d+(?:[.,:]\d+)*|(?:[^\W\d_{_CJK}]|['’](?=[^\W\d_{_CJK}]))+|.)[\s\u200b-\u200f\u2060\ufeff\u00ad]*",
    re.DOTALL,
)
_SENTENCE = re.compile(r".*?(?:[。！？；!?;…\n]|\.(?=\s))[”」』\")\s]*|.+", re.DOTALL)
_SENTENCE_END = "。！？；!?;…"
_PAUSE = "，、：,:)）」』】》”—"
_OPENING = "(（「『【《“"
_PUNCTUATION = frozenset(_SENTENCE_END + _PAUSE + _OPENING + ".")
_PARTICLE = 3
"""Letters; a longer word is never a crumb."""

LARGEST = 400_000_000
"""Pairs of pieces of two texts that are compared: two of 20,000 characters take 0.1 s and 50 MB."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that both have (`=`), only the old one (`-`) or only the new one (`+`)."""

    mark: Mark
    text: str


@dataclass(slots=True)
class _Edit:
    """Pieces that were replaced, and the common ones that follow, as each text has them; all may be empty."""

    old: list[str]
    new: list[str]
    common_old: list[str]
    common: list[str]


def pieces(text: str, unit: Unit = "word") -> list[str]:
    """Return the ideographs, numbers, words and punctuation of a text, or its sentences, as texts are compared."""
    return _keys(_SPLIT[unit](text))


def diff_words(old: str, new: str) -> list[Run]:
    """Return the runs from which both texts can be read: `=` and `-` give the old one, `=` and `+` the new.

    Common runs have the new text's white space and punctuation where the two differ in nothing else.
    """
    runs: list[Run] = []
    unit, *texts = in_units(old, new)
    edits = _edits(*texts)
    for edit in _slid(_joined(edits)) if unit == "word" else edits:
        before, after, common = "".join(edit.old), "".join(edit.new), "".join(edit.common)
        if before[-1:] == after[-1:] == " ":
            before, after, common = before[:-1], after[:-1], f" {common}"
        marked = (Run("-", before), Run("+", after), Run("=", common))
        runs += [run for run in marked if run.text]
    return runs


def in_units(old: str, new: str) -> tuple[Unit, list[str], list[str]]:
    """Return two texts in the finest pieces of which so many can be compared, and what these are."""
    for unit, split in _SPLIT.items():
        before, after = split(old), split(new)
        if len(before) * len(after) <= LARGEST:
            return unit, before, after
    return "paragraph", [old], [new]


def _sentences(text: str) -> list[str]:
    """Return a text in sentences; the white space after one belongs to it."""
    return _SENTENCE.findall(text.lstrip())


def _tokens(text: str) -> list[str]:
    """Return a text in pieces; white space belongs to the piece before it."""
    return _TOKEN.findall(text.lstrip())


_SPLIT: dict[Unit, Callable[[str], list[str]]] = {"word": _tokens, "sentence": _sentences}


def _keys(texts: list[str]) -> list[str]:
    return [plain(text) for text in texts]


def _edits(old: list[str], new: list[str]) -> list[_Edit]:
    """Return the plain difference; the first edit is empty where the texts begin alike."""
    edits = [_Edit([], [], [], [])]
    for op in Indel.opcodes(_keys(old), _keys(new)):
        if op.tag == "equal":
            edits[-1].common_old += old[op.src_start : op.src_end]
            edits[-1].common += new[op.dest_start : op.dest_end]
            continue
        if edits[-1].common:
            edits.append(_Edit([], [], [], []))
        edits[-1].old += old[op.src_start : op.src_end]
        edits[-1].new += new[op.dest_start : op.dest_end]
    return edits


def _joined(edits: list[_Edit]) -> list[_Edit]:
    """Give up common runs that are too short to be read as such, until none is left."""
    while True:
        joined = [edits[0]]
        for edit in edits[1:]:
            last = joined[-1]
            if (last.old or last.new) and _is_crumb(last, edit):
                last.old += last.common_old + edit.old
                last.new += last.common + edit.new
                last.common_old, last.common = edit.common_old, edit.common
            else:
                joined.append(edit)
        if len(joined) == len(edits):
            return joined
        edits = joined


def _is_crumb(before: _Edit, after: _Edit) -> bool:
    """Tell whether the common run between two edits is a crumb: a single piece, or short beside both edits."""
    common = before.common
    size = len(common)
    if any(piece[0] in _PUNCTUATION or len(piece.rstrip()) > _PARTICLE for piece in common):
        return False
    starts_clause = any(part and part[0][0] in _PUNCTUATION for part in (after.old, after.new))
    smaller = min(max(len(edit.old), len(edit.new)) for edit in (before, after))
    return size <= 1 or (size <= smaller and size <= 3 and not starts_clause)


def _slid(edits: list[_Edit]) -> list[_Edit]:
    """Move each pure insertion or deletion to where it is easiest to read, without changing either text."""
    for before, edit in pairwise(edits):
        for part in (edit.old, edit.new):
            other = edit.new if part is edit.old else edit.old
            if part and not other and before.common:
                _slide(before.common, part, edit.common, at_end=edit is edits[-1])
    return edits


def _slide(before: list[str], part: list[str], after: list[str], *, at_end: bool) -> None:
    """Choose among all the places of `part` between its neighbours the one with the best edges.

    Where another edit follows, it keeps its distance from it.
    """
    whole = before + part + after
    start = len(before)
    first = last = start
    size = len(part)
    while first > 1 and whole[first - 1] == whole[first + size - 1]:
        first -= 1
    while last + size < len(whole) - (not at_end) and whole[last] == whole[last + size]:
        last += 1
    best = max(
        range(first, last + 1),
        key=lambda at: (_edge(whole, at) + _edge(whole, at + size), -abs(at - start)),
    )
    before[:], part[:], after[:] = whole[:best], whole[best : best + size], whole[best + size :]


def _edge(pieces: list[str], at: int) -> int:
    """Rate a boundary: 3 after a sentence, 2 after other punctuation, 1 before it or at a blank, 0 inside a phrase."""
    if at in (0, len(pieces)):
        return 3
    left, right = pieces[at - 1], pieces[at]
    if left[0] in _SENTENCE_END:
        return 3
    if left[0] in _PAUSE or right[0] in _OPENING:
        return 2
    return int(left[-1].isspace() or right[0] in _PUNCTUATION)
