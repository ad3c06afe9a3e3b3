"""The list of migrations, which the rooms beside this one fill."""

from sqlite_utils import Database, Migrations

migrations = Migrations("dzwcrawl")


def run_script(db: Database, script: str) -> None:
    """Run the statements of a script one by one: `executescript` would commit the transaction it runs in."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
