"""What of a text a hit shows: the words that were looked for, marked, and the sentence around them."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from dzwcrawl.search.query import Term
from dzwcrawl.search.tokens import ENDS_WORD, STARTS_WORD, WORD
from dzwcrawl.search.variants import variants_of
from dzwcrawl.text import fold

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is marked."""

_WIDTH = 90
_LOOK_BACK, _LOOK_ON = 40, 20
"""Characters of a snippet; how far before the first hit and behind the end a better place to cut may be."""

_PART = 8000
"""Characters of a text from which on only its richest lines are looked at."""

_SENTENCE_END = re.compile(r"[。！？!?；;…\n][”’」』）)\]】]*|\.(?=\s)")
_CLAUSE_END = re.compile(r"[，,、：:\s]")


def pattern(terms: Iterable[Term], *, variants: bool = False) -> re.Pattern[str]:
    """Return what finds the terms in folded text, the longest that stands at a place."""
    longest_first = sorted(terms, key=lambda term: -len(term.text))
    return re.compile("|".join(_one(term, variants) for term in longest_first))


def _one(term: Term, variants: bool) -> str:
    text = term.text
    body = "".join(
        f"[{''.join(forms)}]"
        if variants and len(forms := variants_of(character)) > 1
        else re.escape(character)
        for character in text
    )
    start = STARTS_WORD if WORD.match(text) and not term.open_start else ""
    end = ENDS_WORD if WORD.match(text[-1]) and not term.open_end else ""
    return start + body + end


def marked(text: str | None, wanted: re.Pattern[str]) -> Pieces:
    """Return a whole text with every hit marked, as the text spells it."""
    shown, spans = _spans(text or "", wanted)
    return _pieces(shown, spans, 0, len(shown))


def snippet(text: str, wanted: re.Pattern[str]) -> Pieces:
    """Return the part of a text that has most of what was looked for, cut where a sentence or clause ends.

    The beginning of the text where it has none. `…` stands where a sentence was cut.
    """
    shown, spans = _spans(_richest(text, wanted), wanted)
    first, last = _densest(shown, spans)
    start, before = _start(shown, first)
    end, after = _end(shown, max(start + _WIDTH, last))
    pieces = _pieces(shown, spans, start, end)
    return (*((("…", False),) if before else ()), *pieces, *((("…", False),) if after else ()))


def _richest(text: str, wanted: re.Pattern[str]) -> str:
    """Return the lines of a long text that have most of what was looked for: to lay all of it beside its folded form
    takes a second a megabyte."""
    if len(text) <= _PART:
        return text
    parts: list[list[str]] = [[]]
    size = 0
    for line in text.split("\n"):
        parts[-1].append(line)
        size += len(line)
        if size > _PART:
            parts.append([line])  # once more, for a hit may go on in the next line
            size = 0
    return max(map("\n".join, parts), key=lambda part: len({*wanted.findall(fold(part))}))


def _spans(text: str, wanted: re.Pattern[str]) -> tuple[str, list[tuple[int, int]]]:
    """Return a text as it is shown, and where its hits begin and end.

    That is the text itself, or where its folded form cannot be laid beside it (letters in pieces of some Indian
    scripts), the folded form.
    """
    folded, starts, ends = _aligned(text)
    if folded != fold(text):
        text = folded = fold(text)
        starts, ends = list(range(len(text))), list(range(1, len(text) + 1))
    hits = (match.span() for match in wanted.finditer(folded) if match.end() > match.start())
    return text, [(starts[start], ends[end - 1]) for start, end in hits]


def _aligned(text: str) -> tuple[str, list[int], list[int]]:
    """Return the folded text, and where in the text each of its characters begins and ends."""
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        form = _form(text[start:end])
        if form.startswith(" ") and (not folded or folded[-1] == " "):
            form = form[1:]
        folded += form
        starts += [start] * len(form)
        ends += [end] * len(form)
        start = end
    return "".join(folded).removesuffix(" "), starts, ends


@lru_cache(10_000)
def _joins(character: str) -> bool:
    """Tell whether a character may become one with what stands before it: an accent, or a Korean letter in pieces."""
    first = unicodedata.normalize("NFKD", character)[0]
    return bool(unicodedata.combining(first)) or "\u1160" <= first <= "\u11ff"


@lru_cache(10_000)
def _form(cluster: str) -> str:
    """Return the folded form with the blanks at its edges, one of each: an accent by itself (´) folds to one and a mark."""
    return fold(f".{cluster}.")[1:-1]


def _densest(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the first and last character of hits that stand close and say most different things."""
    best, found = (0, 0), 0
    for number, (start, _) in enumerate(spans[:200]):
        near = [span for span in spans[number : number + 50] if span[1] <= start + _WIDTH] or [spans[number]]
        different = len({text[one:two] for one, two in near})
        if different > found:
            best, found = (start, near[-1][1]), different
    return best


def _start(text: str, hit: int) -> tuple[int, bool]:
    """Return where to begin for a hit at a place, and whether that cuts a sentence."""
    earliest = max(0, hit - _LOOK_BACK) if len(text) > _WIDTH + _LOOK_ON else 0
    if not earliest:
        return _past_blanks(text, 0, hit), False
    if ends := [match.end() for match in _SENTENCE_END.finditer(text, earliest, hit)]:
        return _past_blanks(text, ends[-1], hit), False
    clauses = [match.end() for match in _CLAUSE_END.finditer(text, earliest, hit)]
    return (clauses[0] if clauses else hit - _LOOK_BACK // 2), True


def _past_blanks(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _end(text: str, wanted: int) -> tuple[int, bool]:
    if wanted + _LOOK_ON >= len(text):
        return len(text), False
    if match := _SENTENCE_END.search(text, wanted - 1, wanted + _LOOK_ON):
        return match.end(), False
    clauses = [match.start() for match in _CLAUSE_END.finditer(text, wanted, wanted + _LOOK_ON)]
    return (clauses[0] if clauses else wanted), True


def _pieces(text: str, spans: list[tuple[int, int]], start: int, end: int) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    at = start
    for one, two in spans:
        if one < at or two > end:
            continue
        pieces += [(text[at:one], False), (text[one:two], True)]
        at = two
    pieces.append((text[at:end], False))
    return tuple((" ".join(piece.split("\n")), is_hit) for piece, is_hit in pieces if piece)
