"""The live line: one line at the bottom of a terminal that says where a crawl stands, rewritten in place.

A few lines of our own: what a library of progress bars adds are bars, and nobody knows how long a crawl will be.
"""

import os
import unicodedata
from collections.abc import Sequence
from typing import Self, TextIO

_CLEAR = "\r\x1b[K"
_LEAST_TAIL = 12
"""Columns; less of a headline says nothing."""


class LiveLine:
    """A line that is rewritten in place; whatever else is printed goes above it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""

    @classmethod
    def of(cls, stream: TextIO) -> Self | None:
        """Return a live line where there is a terminal that can rewrite a line, else None."""
        if os.environ.get("TERM", "") in ("", "dumb") or not stream.isatty():
            return None
        return cls(stream)

    def columns(self) -> int:
        """Return how many columns a line may have: not the last one, in which some terminals begin the next line."""
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except OSError:
            columns = 0
        return (columns or 80) - 1

    def show(self, text: str) -> None:
        """Show a text in place of the one before."""
        self._text = text
        self._write(f"{_CLEAR}{text}")

    def above(self, text: str) -> None:
        """Print lines above the live line."""
        self._write(f"{_CLEAR if self._text else ''}{text}\n{self._text}")

    def end(self) -> None:
        """Take the line away."""
        if self._text:
            self._write(_CLEAR)
            self._text = ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes; what may be one or two counts as two."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Cf", "Cc", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def cut(text: str, columns: int) -> str:
    """Return as much of a text as fits, on one line and without what a terminal would obey."""
    kept, used = [], 0
    for char in " ".join(text.split()):
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            continue
        used += _columns(char)
        if used > columns:
            break
        kept.append(char)
    return "".join(kept)


def fit(pieces: Sequence[str], tail: str, columns: int) -> str:
    """Return the pieces that fit side by side, whole, because half a number is another; then what fits of a tail.

    The first is what it is all about, and is cut if it must be.
    """
    line = cut(pieces[0], columns)
    for piece in pieces[1:]:
        longer = f"{line}, {piece}"
        if width(longer) <= columns:
            line = longer
    room = columns - width(line) - 3
    return f"{line} | {cut(tail, room)}" if tail and room >= _LEAST_TAIL else line
