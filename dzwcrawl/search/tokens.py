"""Text as tokens in which every part of it can be found.

A folded text is a row of units: a word of Latin, Cyrillic … letters and digits is one, every other character that is
no blank is one of its own, punctuation too. A token is a unit with the one that follows it without a blank, and
the last unit before a blank stands alone: `5G网络，快` is `5g网 网络 络， ，快 快`. So a part of a text is a phrase of
tokens next to each other, exactly, and a single unit is the beginning of a token.

FTS5 reads tokens with its tokenizer `ascii`, which takes every character beyond ASCII as part of one. Therefore
:data:`END` stands behind each word (`5g` must not find `5gx`), and ASCII punctuation is written in its full width.
Neither can be in a folded text.
"""

import re

from dzwcrawl.text import fold

END = "｠"

_LETTER = r"[^\W_\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\U0010ffff]"
"""Letters and digits of scripts that set blanks between words: not those of South East and East Asia."""

WORD = re.compile(f"{_LETTER}+")
STARTS_WORD = f"(?<!{_LETTER})"
ENDS_WORD = f"(?!{_LETTER})"

_SAFE = {code: 0xFEE0 + code for code in range(128) if not chr(code).isalnum() and chr(code) != " "}
_UNIT = re.compile(f"{_LETTER}+{END}|.")


def units(folded: str) -> list[str]:
    """Return the units of a folded text as tokens spell them, a blank where one stands between two."""
    return _UNIT.findall(WORD.sub(rf"\g<0>{END}", folded).translate(_SAFE))


def is_word(unit: str) -> bool:
    """Tell whether a unit is a word of letters and digits, not a character by itself."""
    return unit.endswith(END)


def pairs(row: list[str]) -> list[str]:
    """Return the tokens of units, the last of which is taken to be followed by a blank."""
    following = [*row[1:], " "]
    return [one if two == " " else one + two for one, two in zip(row, following, strict=True) if one != " "]


def tokens(text: str | None) -> str:
    """Return the tokens of a text, a blank between two: what the index is given for it."""
    folded = fold(text or "")
    return " ".join(pairs(units(folded))) if folded else ""
