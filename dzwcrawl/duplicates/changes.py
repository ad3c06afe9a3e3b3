"""How a copy differs from its original, in the words of people who compare newspapers."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from rapidfuzz.fuzz import ratio

from dzwcrawl.article import Article
from dzwcrawl.duplicates.sentences import is_traditional, lead_of, measure, sentences, simplified
from dzwcrawl.text import fold, fold_words

Kind = Literal[
    "same text", "headline", "lead", "shortened", "added", "reordered", "edited", "numbers", "script"
]
"""`lead`: another 本报讯, 新华社…电 before it; `edited`: the wording of sentences; `numbers`: nothing but figures in
them; `script`: traditional for simplified characters or the other way round."""

KINDS: tuple[Kind, ...] = get_args(Kind)

_ALIKE = 60
"""Per cent: from here on one sentence is an edit of the other (:func:`rapidfuzz.fuzz.ratio`)."""

_EDIT = 70
"""Likewise of a short text as a whole."""

_FIGURE = re.compile(r"\d+")

_MOST = 150
"""Sentences; of longer remainders only so many are compared with each other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`of_original` and `of_copy` are the shares of either text, by characters, in sentences that both have."""

    of_original: float
    of_copy: float
    kinds: tuple[Kind, ...]


def compare(original: Article, copy: Article) -> Comparison:
    """Compare an article with its copy."""
    (old, old_lead, old_script), (new, new_lead, new_script) = _read(original.body), _read(copy.body)
    left, right = Counter(old), Counter(new)
    gone, come = list((left - right).elements()), list((right - left).elements())
    edits = _edits(gone, come)
    found: dict[Kind, bool] = {
        "headline": _words(original.title) != _words(copy.title),
        "lead": old_lead != new_lead,
        "shortened": len(gone) > len(edits),
        "added": len(come) > len(edits),
        "reordered": _shared(old, right) != _shared(new, left),
        "edited": any(_without_digits(a) != _without_digits(b) for a, b in edits),
        "numbers": any(_without_digits(a) == _without_digits(b) for a, b in edits),
        "script": old_script != new_script,
    }
    found = {"same text": not (gone or come or found["reordered"]), **found}
    return Comparison(_share(gone, old), _share(come, new), tuple(kind for kind in KINDS if found[kind]))


@lru_cache(2)  # an original is compared with one copy after the other
def _read(body: str) -> tuple[list[str], str, bool]:
    """Return the sentences of a text, what stands before it, and whether it is in traditional characters."""
    return sentences(body), lead_of(body), is_traditional(body)


def is_edit(one: str, other: str) -> bool:
    """Tell whether one short text is an edit of another."""
    return ratio("".join(sentences(one)), "".join(sentences(other))) >= _EDIT


def have_same_figures(one: str, other: str) -> bool:
    """Tell whether two texts name the same numbers in the same order, and some."""
    figures = _FIGURE.findall(fold(one))
    return bool(figures) and figures == _FIGURE.findall(fold(other))


def _share(missing: list[str], text: list[str]) -> float:
    whole = sum(map(measure, text))
    return 1.0 if not whole else round(1 - sum(map(measure, missing)) / whole, 3)


def _shared(text: list[str], other: Counter[str]) -> list[str]:
    """Return the sentences that the other text has too, each once, in their order."""
    return [sentence for sentence in dict.fromkeys(text) if other[sentence]]


def _edits(gone: list[str], come: list[str]) -> list[tuple[str, str]]:
    """Pair sentences with what became of them, the most alike first, each once."""
    pairs = [
        (-score, i, j)
        for i, a in enumerate(gone[:_MOST])
        for j, b in enumerate(come[:_MOST])
        if (score := ratio(a, b, score_cutoff=_ALIKE))
    ]
    taken: tuple[set[int], set[int]] = (set(), set())
    edits = []
    for _, i, j in sorted(pairs):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            edits.append((gone[i], come[j]))
    return edits


def _words(text: str | None) -> str:
    return fold_words(simplified(text or ""))


def _without_digits(text: str) -> str:
    return "".join(character for character in text if not character.isdigit())
