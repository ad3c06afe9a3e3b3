"""What has changed since when: one row an article, moved to the end of the sequence at every change.

Triggers on `articles` keep it (archive/schema/m011_changes.py), whoever writes. There is one writer at a time, so
that the order of the sequence is the order of the commits: whoever has seen a snapshot up to a number finds
everything that was committed later under greater ones. A change is what changes the record, and that the page of the
article vanished or returned; `last_seen` alone is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dzwcrawl.archive.archive import Archive

Kind = Literal["new", "revised", "refreshed", "vanished", "returned", "forgotten"]


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of an article. `kind` is what has become of the article since the number that was asked for:
    `refreshed` is all that is no revision (fields that follow the page, cleaning, re-extraction, copies, clusters).
    `url` is None for a forgotten one.
    """

    seq: int
    kind: Kind
    id: int
    url: str | None


_CHANGES = """
SELECT seq, changes.article AS id, url, CASE
    WHEN articles.id IS NULL THEN 'forgotten'
    WHEN created > :after THEN 'new'
    WHEN moved > :after AND moved > ifnull(revised, 0) THEN iif(vanished IS NULL, 'returned', 'vanished')
    WHEN revised > :after THEN 'revised'
    ELSE 'refreshed' END AS kind
FROM changes LEFT JOIN articles ON articles.id = changes.article
WHERE seq > :after ORDER BY seq"""


def changes(archive: Archive, after: int = 0) -> Iterator[Change]:
    """Yield what has changed after a number of the sequence, in its order, each article once."""
    for row in archive.connection.execute(_CHANGES, {"after": after}):
        yield Change(row["seq"], row["kind"], row["id"], row["url"])


def last_change(archive: Archive) -> int:
    """Return the number of the last change."""
    return int(archive.query_value("SELECT last_change FROM identity"))


def identity(archive: Archive) -> str:
    """Return the name by which cursors know the archive: 32 hex digits, drawn when it was made."""
    return str(archive.query_value("SELECT archive FROM identity"))
