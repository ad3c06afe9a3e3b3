"""What was taken down: that it was, and digests by which it is recognised, never its words."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
CREATE TABLE tombstones (
    article INTEGER PRIMARY KEY,
    url_sha256 TEXT NOT NULL,
    forgotten TEXT NOT NULL,
    reason TEXT
) STRICT;

CREATE TABLE tombstone_keys (
    digest BLOB PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES tombstones (article)
) STRICT, WITHOUT ROWID;
"""

# Drafts carry an article's new text and know it by its number only.
_DRAFTS = """
CREATE TRIGGER drafts_delete AFTER DELETE ON articles BEGIN
    DELETE FROM drafts WHERE article = old.id;
END"""


@migrations()
def m012_tombstones(db: Database) -> None:
    """Articles that were taken down, and what they are recognised by."""
    run_script(db, SCRIPT)
    db.conn.execute(_DRAFTS)
