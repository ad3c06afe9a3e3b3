"""Numbers about the archive, for people."""

from typing import Any

from dzwcrawl.archive import pages
from dzwcrawl.archive.archive import Archive

_REMOVED = (
    "SELECT json_extract(block.value, '$[1]') AS reason, count(*) AS lines "
    "FROM articles, json_each(articles.layout) AS block "
    "WHERE json_array_length(block.value) > 1 {where} GROUP BY reason ORDER BY lines DESC, reason"
)


def removed_lines(archive: Archive, crawl: int | None = None) -> dict[str, int]:
    """Return how many lines were left out of bodies, by reason; of one crawl's articles, or of all."""
    where, parameters = ("AND crawl = ?", (crawl,)) if crawl is not None else ("", ())
    rows = archive.connection.execute(_REMOVED.format(where=where), parameters)
    return {row["reason"]: row["lines"] for row in rows}


def summary(archive: Archive) -> dict[str, Any]:
    """Return what the archive holds: counts, days, size in bytes, removed lines by reason, refused by reason."""
    value, execute = archive.query_value, archive.connection.execute
    sites = execute(
        "SELECT site, count(*) AS articles, sum(duplicate_of IS NOT NULL) AS duplicates, min(published) AS first, "
        "max(published) AS last, max(first_seen) AS newest FROM articles GROUP BY site ORDER BY articles DESC"
    )
    refused = execute(
        "SELECT reason, count(*) AS urls FROM urls WHERE state = 'refused' GROUP BY reason ORDER BY urls DESC, reason"
    )
    changes = execute(
        "SELECT kind.value AS kind, count(*) AS revisions FROM revisions, json_each(revisions.changes) AS kind "
        "GROUP BY kind ORDER BY revisions DESC, kind"
    )
    return {
        "articles": value("SELECT count(*) FROM articles WHERE duplicate_of IS NULL"),
        "duplicates": value("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL"),
        "other_urls": value("SELECT count(*) FROM urls WHERE state = 'duplicate'"),
        "revisions": value("SELECT count(*) FROM revisions"),
        "changes": {row["kind"]: row["revisions"] for row in changes},
        "vanished": value("SELECT count(*) FROM articles WHERE vanished IS NOT NULL"),
        "forgotten": value("SELECT count(*) FROM tombstones"),
        "found_not_fetched": value("SELECT count(*) FROM urls WHERE state = 'found'"),
        "refused": {row["reason"]: row["urls"] for row in refused},
        "sites": [dict(row) for row in sites],
        "lines_removed": removed_lines(archive),
        "learned_patterns": value("SELECT count(DISTINCT block) FROM verdicts"),
        "crawls": value("SELECT count(*) FROM crawls"),
        "pages": pages.numbers(archive),
        "bytes": archive.path.stat().st_size,
    }
