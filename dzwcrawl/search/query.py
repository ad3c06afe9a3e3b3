"""The language of queries.

`招商 潍坊` both, `招商 OR 潍坊` one of them, `招商 -潍坊` and `招商 NOT 潍坊` the one without the other, `"招商 引资"` (also
“ ” and 「 」) a part of the text with its blanks and signs, `( )` for grouping. AND binds closer than OR. A word of
Latin letters or digits at the edge of a term is a whole word of the text, `*` lets it go on: `AI*`, `*burg`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dzwcrawl.text import fold

_QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』", "„": "“", "＂": "＂"}
_OPEN, _CLOSE = "(（", ")）"
_MINUS = "-－−"
_STAR = "*＊"
_OPERATORS = ("AND", "OR", "NOT")
_DEEPEST = 30
"""Parentheses inside each other: more is no question of a person."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST = 2000
"""Characters of a query."""


class QueryError(ValueError):
    """A query that means nothing; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a text, folded. `open_start`, `open_end`: a word at that edge may be the rest of a longer one."""

    text: str
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """What matches each of `parts` and none of `without`."""

    parts: "tuple[Node, ...]"
    without: "tuple[Node, ...]" = ()


@dataclass(frozen=True, slots=True)
class Any:
    """What matches one of `parts`."""

    parts: "tuple[Node, ...]"


Node = Term | All | Any


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """`kind` is `(`, `)`, `-`, an operator, or `term`; `at` is its first character, counted from 0."""

    kind: str
    at: int
    term: Term | None = None


def parse(query: str) -> Node:
    """Return what a query asks for.

    :raises QueryError: when it is empty, has a quote or parenthesis without its other half, an operator with nothing to
        work on, or only says what is not wanted.
    """
    if len(query) > _LONGEST:
        raise QueryError(f"the query has {len(query)} characters; {_LONGEST} are the most")
    if _SURROGATE.search(query):
        raise QueryError(
            "the query has bytes that are no text in the encoding of this terminal: say export LC_ALL=C.UTF-8"
        )
    if not query.strip():
        raise QueryError("the query is empty")
    return _Parser(query).whole()


def terms(node: Node) -> Iterator[Term]:
    """Yield the terms a text is to have (not those it must not have)."""
    if isinstance(node, Term):
        yield node
    else:
        for part in node.parts:
            yield from terms(part)


def everywhere(text: str) -> str:
    """Return the query that finds a text wherever it stands, also inside of words."""
    return '*"' + text.replace('"', '""') + '"*'


def _error(query: str, at: int, what: str) -> QueryError:
    shown = query[max(0, at - 10) : at] + "▸" + query[at : at + 20]
    return QueryError(f"{what} (character {at + 1} of the query: {shown})")


def _lexemes(query: str) -> Iterator[_Lexeme]:
    at = 0
    while at < len(query):
        sign = query[at]
        if sign.isspace():
            at += 1
        elif sign in _OPEN or sign in _CLOSE:
            yield _Lexeme("(" if sign in _OPEN else ")", at)
            at += 1
        elif sign in _MINUS and at + 1 < len(query) and not query[at + 1].isspace():
            yield _Lexeme("-", at)
            at += 1
        else:
            lexeme, at = _term(query, at)
            yield lexeme


def _term(query: str, start: int) -> tuple[_Lexeme, int]:
    """Read a word or a quoted phrase, with the stars at its edges."""
    at = start
    while at < len(query) and query[at] in _STAR:
        at += 1
    open_start = at > start
    if at < len(query) and query[at] in _QUOTES:
        text, at = _quoted(query, at)
        stars = at
        while at < len(query) and query[at] in _STAR:
            at += 1
        return _folded(query, start, text, open_start, at > stars), at
    end = at
    while end < len(query) and not (query[end].isspace() or query[end] in _OPEN + _CLOSE):
        if query[end] in _QUOTES:
            break
        end += 1
    word = query[at:end]
    if word in _OPERATORS and not open_start:
        return _Lexeme(word, start), end
    bare = word.rstrip(_STAR)
    return _folded(query, start, bare, open_start, len(bare) < len(word)), end


def _quoted(query: str, at: int) -> tuple[str, int]:
    """Return what stands in quotes, and where it goes on; the closing quote twice is that sign itself."""
    close = _QUOTES[query[at]]
    text, here = "", at + 1
    while True:
        end = query.find(close, here)
        if end < 0:
            raise _error(query, at, f"the quote {query[at]} is never closed with {close}")
        text += query[here:end]
        if query[end + 1 : end + 2] != close:
            return text, end + 1
        text, here = text + close, end + 2


def _folded(query: str, at: int, text: str, open_start: bool, open_end: bool) -> _Lexeme:
    folded = fold(text)
    if not folded:
        raise _error(query, at, "there is nothing to look for here")
    return _Lexeme("term", at, Term(folded, open_start, open_end))


class _Parser:
    """Recursive descent: any = all (OR all)*, all = (AND? (NOT | -)? one)+, one = term | ( any )."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.lexemes = list(_lexemes(query))
        self.next = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.any()
        if self.next < len(self.lexemes):
            raise self.error("this parenthesis closes none")
        return node

    def error(self, what: str) -> QueryError:
        at = self.lexemes[self.next].at if self.next < len(self.lexemes) else len(self.query)
        return _error(self.query, at, what)

    def kind(self) -> str | None:
        return self.lexemes[self.next].kind if self.next < len(self.lexemes) else None

    def any(self) -> Node:
        parts = [self.all()]
        while self.kind() == "OR":
            self.next += 1
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def all(self) -> Node:
        first = self.next
        parts: list[Node] = []
        without: list[Node] = []
        while self.kind() not in (None, ")", "OR"):
            if self.kind() == "AND":
                if not parts and not without:
                    raise self.error("AND has nothing before it")
                self.next += 1
                if self.kind() not in ("term", "(", "-", "NOT"):
                    raise self.error("AND has nothing after it")
            negative = self.kind() in ("-", "NOT")
            if negative:
                self.next += 1
            (without if negative else parts).append(self.one())
        if not parts and not without:
            raise self.error("a word is missing here")
        if not parts:
            self.next = first
            raise self.error(
                "this only says what is not wanted: name something to find as well, or quote a minus that is meant"
            )
        return parts[0] if len(parts) == 1 and not without else All(tuple(parts), tuple(without))

    def one(self) -> Node:
        if self.kind() == "term":
            term = self.lexemes[self.next].term
            assert term is not None
            self.next += 1
            return term
        if self.kind() != "(":
            raise self.error("a word is missing here")
        opened = self.next
        self.next += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.error(f"more than {_DEEPEST} parentheses inside each other")
        node = self.any()
        if self.kind() != ")":
            self.next = opened
            raise self.error("this parenthesis is never closed")
        self.next += 1
        self.depth -= 1
        return node
