"""Text as this project compares it: folded, masked, digested."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

# What a reader never sees and never reads as a gap: soft hyphens, zero-width blanks and joiners, byte order marks.
_UNSEEN = re.compile(r"[\u00ad\u200b\u200c\u200d\u2060\ufeff]+")
_UNSHOWN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_NOT_WORD = re.compile(r"[\W_]+")


def one_line(text: str) -> str:
    """Return the text with every run of white space (ideographic too) as one blank, trimmed; what has no width goes."""
    if text.isprintable() and "  " not in text:
        return text.strip()  # most texts: no other blank and nothing unseen is printable
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())


def fold(text: str) -> str:
    """Return the text for comparison: width and case folded (NFKC), white space as single blanks."""
    return one_line(unicodedata.normalize("NFKC", text)).casefold()


def fold_words(text: str) -> str:
    """Return the folded text without anything but letters, digits and ideographs."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


fold_title = lru_cache(maxsize=1024)(fold_words)
"""The same for titles and what stands near them, which are compared several times while a page is read."""


def visible(text: str) -> str:
    """Return a text with a replacement for what must not reach a terminal or page: control characters, lone
    surrogates, overrides of the writing direction."""
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


def digest(text: str) -> str:
    """Return a 128-bit digest of a text as 32 hex digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things in English: `1 article`, `2 articles`; `many` where it is not `one` with an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def closest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the name most like a word in whatever case, None where none is; `likeness` is from 0 to 1."""
    names = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), names, 1, likeness)
    return names[near[0]] if near else None


def nearest(word: str, known: Iterable[str], *, otherwise: str | None = None) -> str:
    """Return the end of a message about a name that is not known: the nearest one, else `otherwise`, else all of them."""
    names = list(known)
    near = closest(word, names, 0.4 if otherwise is None else 0.6)
    if near:
        return f"did you mean {near!r}?"
    return otherwise or f"there are {', '.join(names) or 'none'}"
