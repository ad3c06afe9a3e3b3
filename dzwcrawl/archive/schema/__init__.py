"""The tables and views of the archive, as append-only migrations: a released one is never changed.

One file a migration. Each adds itself to the list when it is imported: the order of the names is the order they run in.
"""

from dzwcrawl.archive.schema import (
    m001_articles,
    m002_learning,
    m003_kicker,
    m005_revision_changes,
    m006_ledger,
    m007_pages,
    m008_edition,
    m009_search,
    m010_clusters,
    m011_changes,
    m012_tombstones,
    m013_health,
    m015_received,
    m016_browsing,
    m017_clusters,
)
from dzwcrawl.archive.schema.registry import migrations, unknown

__all__ = [
    "m001_articles",
    "m002_learning",
    "m003_kicker",
    "m005_revision_changes",
    "m006_ledger",
    "m007_pages",
    "m008_edition",
    "m009_search",
    "m010_clusters",
    "m011_changes",
    "m012_tombstones",
    "m013_health",
    "m015_received",
    "m016_browsing",
    "m017_clusters",
    "migrations",
    "unknown",
]
