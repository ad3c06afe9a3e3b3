"""The index by which people browse: what lists are ordered, filtered and counted by, so that no body is read."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

# It begins as `articles_published` did, and takes its place. `id` stands where it orders the articles of one moment.
SCRIPT = """
CREATE INDEX articles_browsing ON articles
    (published, id, site, source, section, duplicate_of, revision, vanished);
DROP INDEX articles_published;
"""


@migrations()
def m016_browsing(db: Database) -> None:
    """Browsing by outlet, section, source and day without reading rows."""
    run_script(db, SCRIPT)
