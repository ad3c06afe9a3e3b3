"""Clusters: an article with the copies of it that outlets published, whole or in good part.

What belongs together is decided when articles are stored (:mod:`dzwcrawl.archive.originals`); here it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dzwcrawl.archive import originals
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.rows import from_row
from dzwcrawl.archive.selection import where
from dzwcrawl.article import Article
from dzwcrawl.duplicates import order
from dzwcrawl.duplicates.changes import Comparison, Kind, compare


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a cluster, compared with the original.

    `of_original` is the share of the original's characters, in whole sentences, that stand in this copy too; `of_copy`
    the share of this copy's that are the original's. `source` is what the copy itself declares, `kinds` what was
    changed (:data:`dzwcrawl.duplicates.changes.Kind`); the original has none.
    """

    id: int
    site: str
    source: str | None
    title: str | None
    published: str | None
    first_seen: str
    url: str
    of_original: float
    of_copy: float
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """An original, which is the earliest published, and all members, the original first. `id` is the original's."""

    id: int
    original: Member
    members: tuple[Member, ...]


def cluster_of(archive: Archive, article_id: int) -> Cluster | None:
    """Return the cluster of an article, None where it is in none or not there."""
    cluster = archive.query_value("SELECT cluster FROM articles WHERE id = ?", (article_id,))
    return None if cluster is None else _read(archive, cluster)


def clusters(
    archive: Archive,
    *,
    site: str | None = None,
    since: str | None = None,
    until: str | None = None,
    min_size: int = 2,
    limit: int | None = 20,
) -> Iterator[Cluster]:
    """Yield the clusters with a member that matches every filter, the largest first, of equal ones the newest.

    :param site: a member is of this site.
    :param since: a member was published on this day or later (:func:`dzwcrawl.archive.selection.where`).
    :param until: a member was published on this day or earlier.
    :param min_size: articles, with the original.
    :param limit: so many clusters, None for all.
    """
    condition, parameters = where(site=site, since=since, until=until)
    rows = archive.connection.execute(
        "SELECT cluster FROM articles WHERE cluster IS NOT NULL GROUP BY cluster "
        f"HAVING count(*) >= ? AND max({condition}) ORDER BY count(*) DESC, max(published) DESC, cluster LIMIT ?",
        (min_size, *parameters, -1 if limit is None else limit),
    ).fetchall()
    for row in rows:
        yield _read(archive, row["cluster"])


def rebuild(archive: Archive) -> int:
    """Make the index of sentences and all clusters anew; return how many articles are in another cluster now."""
    execute = archive.connection.execute
    with archive.transaction():
        execute("CREATE TEMP TABLE clusters_before AS SELECT id, cluster FROM articles")
        originals.rebuild(archive.connection, archive.fresh)
        changed = archive.query_value(
            "SELECT count(*) FROM articles JOIN clusters_before AS before USING (id) "
            "WHERE articles.cluster IS NOT before.cluster"
        )
        execute("DROP TABLE clusters_before")
    return int(changed)


def _read(archive: Archive, cluster: int) -> Cluster:
    rows = archive.connection.execute("SELECT * FROM articles WHERE cluster = ?", (cluster,)).fetchall()
    articles = sorted(map(from_row, rows), key=lambda each: order(each.published, each.url))
    original = next(article for article in articles if article.id == cluster)
    members = tuple(_member(original, article) for article in articles)
    return Cluster(cluster, members[articles.index(original)], members)


def _member(original: Article, article: Article) -> Member:
    found = Comparison(1.0, 1.0, ()) if article is original else compare(original, article)
    assert article.id is not None and article.site and article.url and article.first_seen
    return Member(
        article.id,
        article.site,
        article.source,
        article.title,
        article.published,
        article.first_seen,
        article.url,
        found.of_original,
        found.of_copy,
        found.kinds,
    )
