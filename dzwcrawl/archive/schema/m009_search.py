"""An index in which every part of a text is found (docs/search.md), kept by triggers whoever writes an article."""

import sys

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script
from dzwcrawl.search.tokens import tokens

SCRIPT = """
CREATE VIRTUAL TABLE search USING fts5(title, kicker, subtitle, body, content = '', tokenize = 'ascii');
CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search, row);
"""

TRIGGERS = (
    """CREATE TRIGGER search_new AFTER INSERT ON articles BEGIN
    INSERT INTO search (rowid, title, kicker, subtitle, body)
    VALUES (new.id, search_tokens(new.title), search_tokens(new.kicker), search_tokens(new.subtitle),
        search_tokens(new.body));
END""",
    """CREATE TRIGGER search_changed AFTER UPDATE OF id, title, kicker, subtitle, body ON articles
WHEN (old.id, old.title, old.kicker, old.subtitle, old.body)
    IS NOT (new.id, new.title, new.kicker, new.subtitle, new.body)
BEGIN
    INSERT INTO search (search, rowid, title, kicker, subtitle, body)
    VALUES ('delete', old.id, search_tokens(old.title), search_tokens(old.kicker), search_tokens(old.subtitle),
        search_tokens(old.body));
    INSERT INTO search (rowid, title, kicker, subtitle, body)
    VALUES (new.id, search_tokens(new.title), search_tokens(new.kicker), search_tokens(new.subtitle),
        search_tokens(new.body));
END""",
    """CREATE TRIGGER search_deleted AFTER DELETE ON articles BEGIN
    INSERT INTO search (search, rowid, title, kicker, subtitle, body)
    VALUES ('delete', old.id, search_tokens(old.title), search_tokens(old.kicker), search_tokens(old.subtitle),
        search_tokens(old.body));
END""",
)

_AT_ONCE = 500
_WORTH_TELLING = 10_000
"""Articles whose index takes some seconds to make."""


@migrations()
def m009_search(db: Database) -> None:
    """Make the index, fill it from the articles that are there, and set the triggers."""
    run_script(db, SCRIPT)
    fill(db)
    for trigger in TRIGGERS:
        db.conn.execute(trigger)


def fill(db: Database) -> None:
    """Put every article into the empty index, in the caller's transaction."""
    execute = db.conn.execute
    (articles,) = execute("SELECT count(*) FROM articles").fetchone()
    if articles >= _WORTH_TELLING:
        print(
            f"making the search index of {articles} articles: about {articles // 30_000 + 1} min",
            file=sys.stderr,
            flush=True,
        )
    last = -1
    # In pages, because the loop writes to the database it reads from.
    while rows := execute(
        "SELECT id, title, kicker, subtitle, body FROM articles WHERE id > ? ORDER BY id LIMIT ?",
        (last, _AT_ONCE),
    ).fetchall():
        db.conn.executemany(
            "INSERT INTO search (rowid, title, kicker, subtitle, body) VALUES (?, ?, ?, ?, ?)",
            [(row[0], *map(tokens, row[1:])) for row in rows],
        )
        last = rows[-1][0]
