"""The list of migrations, which the rooms beside this one fill."""

import sqlite3
from contextlib import closing

from sqlite_utils import Database, Migrations

migrations = Migrations("dzwcrawl")


def unknown(db: Database) -> list[str]:
    """Return the migrations of a file that only a newer version of dzwcrawl knows."""
    with closing(sqlite3.connect(":memory:")) as empty:
        ours = {migration.name for migration in migrations.pending(Database(empty))}
    return [migration.name for migration in migrations.applied(db) if migration.name not in ours]


def run_script(db: Database, script: str) -> None:
    """Run the statements of a script one by one: `executescript` would commit the transaction it runs in."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
