"""What a list says of an article besides its URL: its place in a newspaper, and when it was last changed.

Noted before the URL is, because the article may be fetched by a later crawl than the one that read the list.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict

from dzwcrawl.archive import tombstones
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.rows import dumps
from dzwcrawl.article import Article, Edition


def note(archive: Archive, found: Iterable[tuple[str, Edition | None, str | None]]) -> None:
    """Note hints: key of the article, its edition and the time of its last change, each as far as the list tells.

    A stored article of which a list now tells a later time than before is due to be looked at again. Of the first
    time that is told nothing follows.
    """
    said = [(key, edition, modified) for key, edition, modified in found if edition or modified]
    if not said:
        return
    with archive.transaction():
        for key, edition, modified in said:
            if tombstones.buried(archive, [key]) is not None:
                continue
            packed = None if edition is None else dumps(asdict(edition))
            old = archive.query_value("SELECT modified FROM hints WHERE key = ?", (key,))
            archive.connection.execute(
                "INSERT INTO hints (key, edition, modified) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
                "edition = coalesce(excluded.edition, edition), modified = coalesce(excluded.modified, modified)",
                (key, packed, modified),
            )
            if packed is not None:
                archive.connection.execute(
                    "UPDATE articles SET edition = ? WHERE json_extract(edition, '$.page') IS NULL AND "
                    "id = (SELECT article FROM urls WHERE key = ? AND article IS NOT NULL LIMIT 1)",
                    (packed, key),
                )
            if old is not None and modified is not None and modified > old:
                archive.connection.execute(
                    "UPDATE urls SET due = ?1 WHERE key = ?2 AND state = 'article' AND coalesce(due, '9') > ?1",
                    (now(), key),
                )


def complete(archive: Archive, article: Article, key: str) -> None:
    """Tell an article its edition."""
    packed = archive.query_value("SELECT edition FROM hints WHERE key = ?", (key,))
    if packed is not None:
        article.edition = Edition(**json.loads(packed))
        date_by_edition(article)


def date_by_edition(article: Article) -> None:
    """Give an article that names no day the one of its edition."""
    if article.published is None and article.edition is not None:
        article.published, article.rules["published"] = article.edition.date, "edition"
