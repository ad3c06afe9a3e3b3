"""When each older revision was replaced, and what the next one changed."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
ALTER TABLE revisions ADD COLUMN replaced TEXT;
ALTER TABLE revisions ADD COLUMN changes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(changes));
"""


@migrations()
def m005_revision_changes(db: Database) -> None:
    """When each older revision was replaced, and what the next one changed."""
    run_script(db, SCRIPT)
