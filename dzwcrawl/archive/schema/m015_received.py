"""Which messages of a cluster's stream are in the archive, as long as the stream may bring them again."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
CREATE TABLE received (
    stream TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (stream, message)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m015_received(db: Database) -> None:
    """Which messages of a cluster's stream are in the archive, as long as the stream may bring them again."""
    run_script(db, SCRIPT)
