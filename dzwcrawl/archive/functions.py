"""What the archive's SQL may call: functions of ours, registered on each of its connections.

Triggers call `search_tokens`, so that whatever changes an article changes the index with it. Another program has no
such function: it reads all of the archive, and what it would falsify (texts of articles, deleting one) it is refused.
"""

import sqlite3
from functools import partial

from dzwcrawl.search.expression import expression
from dzwcrawl.search.query import parse
from dzwcrawl.search.tokens import END, WORD, tokens

_WORDS_END = "\u2e80"
"""Words sort before it (:data:`dzwcrawl.search.tokens.WORD`), characters of East Asia after it."""


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions.

    `search_tokens(text)`: the tokens of a text. `search_expression(query)`: what FTS5 is to look for.
    """
    connection.create_function("search_tokens", 1, tokens, deterministic=True)
    connection.create_function("search_expression", 1, partial(_expression, connection))


def _expression(connection: sqlite3.Connection, query: str | None) -> str:
    # A form that nobody has filled in yet finds nothing; to FTS5 that is a phrase without words.
    return expression(parse(query), IndexedWords(connection)) if query and query.strip() else '""'


class IndexedWords:
    """The tokens of the search index of an archive (a :class:`dzwcrawl.search.expression.Vocabulary`)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def has(self, token: str, *, prefix: bool) -> bool:
        """Tell whether a token, or one that begins like this, is in the index."""
        end = token + "\U0010ffff" if prefix else token
        row = self._connection.execute(
            "SELECT 1 FROM search_vocabulary WHERE term >= ? AND term <= ? LIMIT 1", (token, end)
        )
        return row.fetchone() is not None

    def words(self, part: str, *, at_end: bool) -> list[str]:
        """Return the words that end with a part, each with END, or the beginnings, up to the part, of those that have it."""
        rows = self._connection.execute(
            "SELECT DISTINCT substr(term, 1, instr(term, ?1) - 1) FROM search_vocabulary "
            "WHERE term < ?2 AND instr(term, ?3)",
            (END, _WORDS_END, part + END if at_end else part),
        )
        words = [word for (word,) in rows if WORD.fullmatch(word)]
        if at_end:
            return [word + END for word in words if word.endswith(part)]
        return sorted({word[: word.index(part) + len(part)] for word in words if part in word})
