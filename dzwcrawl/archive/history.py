"""The revisions of an article: when each was seen, what it changed, and its state."""

import json
from dataclasses import dataclass

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.rows import unpack_layout
from dzwcrawl.archive.store import under_present_verdicts
from dzwcrawl.article import RECORD_FIELDS, Article, Edition, Image


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision. `since` is when a crawl first met it, `until` when it last did; `since` is None where an
    archive older than this knowledge does not tell. `changes` is what it changed in the one before."""

    number: int
    since: str | None
    until: str
    changes: list[str]

    def seen(self) -> str:
        """Return the time in which it was seen, to the minute, for people."""
        since, until = (time[:16].replace("T", " ") if time else "?" for time in (self.since, self.until))
        return f"seen {until} UTC" if since == until else f"seen {since} to {until} UTC"


def revisions(archive: Archive, article: Article) -> list[Revision]:
    """Return the revisions of an article, the present one last."""
    rows = archive.connection.execute(
        "SELECT revision, seen, replaced, changes FROM revisions WHERE article = ? ORDER BY revision",
        (article.id,),
    )
    found: list[Revision] = []
    since: str | None = article.first_seen
    changes: list[str] = []
    for row in rows:
        found.append(Revision(row["revision"], since, row["seen"], changes))
        since, changes = row["replaced"], json.loads(row["changes"])
    return [*found, Revision(article.revision, since, article.last_seen or "", changes)]


def at_revision(archive: Archive, article: Article, number: int) -> Article | None:
    """Return an article as it was at one of its revisions, or None where it has no such revision."""
    if number == article.revision:
        return article
    row = archive.connection.execute(
        "SELECT record, layout FROM revisions WHERE article = ? AND revision = ?", (article.id, number)
    ).fetchone()
    if row is None:
        return None
    record = json.loads(row["record"])
    state = Article(**{name: record[name] for name in RECORD_FIELDS if name in record})
    state.edition = Edition(**record["edition"]) if record.get("edition") else None
    state.images = [Image(**image) for image in record["images"]]
    state.blocks = unpack_layout(row["layout"], state.body)
    # Blocks are learned per layout. The layout of an older revision is not kept, and seldom another one.
    state.template = article.template
    return state


def comparable(
    archive: Archive, article: Article, numbers: tuple[int, int]
) -> tuple[Article, Article] | None:
    """Return two revisions of an article with bodies by the same verdicts, those of today; None if one is missing."""
    states = [at_revision(archive, article, number) for number in numbers]
    old, new = (None if state is None else under_present_verdicts(archive, state) for state in states)
    return None if old is None or new is None else (old, new)
