"""What has changed since when: a number that only grows, kept by triggers, so that no path of writing can forget it."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
CREATE TABLE identity (
    archive TEXT NOT NULL,
    last_change INTEGER NOT NULL
) STRICT;

CREATE TABLE changes (
    seq INTEGER PRIMARY KEY,
    article INTEGER NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    revised INTEGER,
    moved INTEGER
) STRICT;

INSERT INTO changes (seq, article, created)
SELECT row_number() OVER (ORDER BY id), id, row_number() OVER (ORDER BY id) FROM articles ORDER BY id;

INSERT INTO identity (archive, last_change)
SELECT lower(hex(randomblob(16))), ifnull(max(seq), 0) FROM changes;
"""

UNTOLD = ("id", "last_seen", "layout", "rules", "notes", "template", "text_digest", "crawl")
"""Columns of `articles` that make no change: that an article was met again, and what is in no record."""

_NEXT = "UPDATE identity SET last_change = last_change + 1;"
_SEQ = "(SELECT last_change FROM identity)"

# The conflict clause of the outer statement would replace one in here (INSERT OR IGNORE INTO articles): none is used.
_INSERTED = f"""
CREATE TRIGGER changes_new AFTER INSERT ON articles BEGIN
    {_NEXT}
    UPDATE changes SET seq = {_SEQ}, created = {_SEQ}, revised = NULL, moved = NULL WHERE article = new.id;
    INSERT INTO changes (seq, article, created) SELECT last_change, new.id, last_change FROM identity
        WHERE NOT EXISTS (SELECT 1 FROM changes WHERE article = new.id);
END"""
_UPDATED = f"""
CREATE TRIGGER changes_update AFTER UPDATE ON articles WHEN {{changed}} BEGIN
    {_NEXT}
    UPDATE changes SET seq = {_SEQ},
        revised = CASE WHEN new.revision > old.revision THEN {_SEQ} ELSE revised END,
        moved = CASE WHEN (new.vanished IS NULL) != (old.vanished IS NULL) THEN {_SEQ} ELSE moved END
        WHERE article = new.id;
END"""
_DELETED = f"""
CREATE TRIGGER changes_delete AFTER DELETE ON articles BEGIN
    {_NEXT}
    UPDATE changes SET seq = {_SEQ} WHERE article = old.id;
END"""


@migrations()
def m011_changes(db: Database) -> None:
    """The number of the last change of every article that ever was, and a name of the archive for cursors."""
    run_script(db, SCRIPT)
    columns = [name for name in db.table("articles").columns_dict if name not in UNTOLD]
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    for trigger in (_INSERTED, _UPDATED.format(changed=changed), _DELETED):
        db.conn.execute(trigger)
