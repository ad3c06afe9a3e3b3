"""A query as an expression of FTS5 over the tokens of :mod:`dzwcrawl.search.tokens`, exact without a look at the texts."""

from collections.abc import Iterator
from typing import Protocol

from dzwcrawl.search.query import Any, Node, QueryError, Term
from dzwcrawl.search.tokens import END, is_word, pairs, units
from dzwcrawl.search.variants import variants_of

_NOTHING = f'"{END}"'
"""Finds nothing: every END has a word before it."""

_MOST = 50_000
"""Spellings of one term; so many take seconds."""


class Vocabulary(Protocol):
    """What an index knows of its tokens."""

    def has(self, token: str, *, prefix: bool) -> bool:
        """Tell whether a token, or one that begins like this, is in the index."""

    def words(self, part: str, *, at_end: bool) -> list[str]:
        """Return what the words begin with that have a part: at their end (whole words, with END), or anywhere (up to
        the part: all that begin so have it)."""


def expression(node: Node, vocabulary: Vocabulary, *, variants: bool = False) -> str:
    """Return the FTS5 expression that finds what a query asks for.

    :param variants: a character also stands for its simplified and traditional forms.
    :raises QueryError: for a term that is spelled in more ways than can be looked for.
    """
    if isinstance(node, Term):
        phrases = list(_phrases(node, vocabulary, variants))
        return f"({' OR '.join(phrases)})" if phrases else _NOTHING
    parts = [expression(part, vocabulary, variants=variants) for part in node.parts]
    if isinstance(node, Any):
        return f"({' OR '.join(parts)})"
    wanted = f"({' AND '.join(parts)})"
    without = [expression(part, vocabulary, variants=variants) for part in node.without]
    return f"({wanted} NOT ({' OR '.join(without)}))" if without else wanted


def _phrases(term: Term, vocabulary: Vocabulary, variants: bool) -> Iterator[str]:
    row = units(term.text)
    open_end = term.open_end and is_word(row[-1])
    if term.open_start and is_word(row[0]):
        part = row[0].removesuffix(END)
        inside = open_end and len(row) == 1
        first = vocabulary.words(part, at_end=not inside)
        open_end = open_end and not inside
        choices = [first, *([unit] for unit in row[1:])]
    else:
        choices = [[unit] for unit in row]
    if open_end:
        choices[-1] = [unit.removesuffix(END) for unit in choices[-1]]
    if variants:
        choices = [[form for unit in some for form in variants_of(unit)] for some in choices]
    for number, spelling in enumerate(_spellings(choices, vocabulary, open_end)):
        if number == _MOST:
            raise QueryError(f"{term.text!r} stands in more than {_MOST} words or forms: say more of it")
        yield _phrase(spelling, open_end)


def _spellings(choices: list[list[str]], vocabulary: Vocabulary, open_end: bool) -> Iterator[list[str]]:
    """Yield one unit of each place, where a place has several only in ways whose tokens the index has."""
    rows: list[list[str]] = [[unit] for unit in choices[0]]
    for place, some in enumerate(choices[1:], 1):
        prefix = open_end and place == len(choices) - 1
        several = len(rows) > 1 or len(some) > 1
        rows = [
            [*row, unit]
            for row in rows
            for unit in some
            if not several or " " in (unit, row[-1]) or vocabulary.has(row[-1] + unit, prefix=prefix)
        ]
    yield from rows


def _phrase(row: list[str], open_end: bool) -> str:
    """Return the phrase of a row of units; a unit with none before it is the beginning of a token."""
    found = pairs(row)
    alone = len(row) == 1 or row[-2] == " "
    if not alone:
        found.pop()
    return f'"{" ".join(found)}"' + " *" * (alone or open_end)
