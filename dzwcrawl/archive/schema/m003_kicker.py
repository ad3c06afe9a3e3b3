"""The line above the headline, which until now shared a column with the line below it."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations


@migrations()
def m003_kicker(db: Database) -> None:
    """The line above the headline, which until now shared a column with the line below it."""
    db.conn.execute("ALTER TABLE articles ADD COLUMN kicker TEXT")
