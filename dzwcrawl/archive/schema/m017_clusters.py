"""Archives that were made while m010 was still being written have no table `fresh`: they are brought to what it became."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.m010_clusters import DELETED, FRESH, QUEUE
from dzwcrawl.archive.schema.registry import migrations, run_script

# The keys of sentences were others then: what was made of them is made anew.
SCRIPT = f"""
{FRESH}
DELETE FROM sentences;
DELETE FROM fingerprints;
DROP TRIGGER unclustered_delete;
{QUEUE};
"""


@migrations()
def m017_clusters(db: Database) -> None:
    """Compare all articles again where the table is missing; elsewhere nothing."""
    if db.table("fresh").exists():
        return
    run_script(db, SCRIPT)
    db.conn.execute(DELETED)
