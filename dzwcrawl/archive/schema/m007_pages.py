"""Raw pages of every revision, and the runs that extract them anew."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
CREATE TABLE payloads (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    dictionary INTEGER REFERENCES dictionaries (id),
    packed BLOB NOT NULL
) STRICT;

CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    payload INTEGER NOT NULL REFERENCES payloads (id),
    made TEXT NOT NULL
) STRICT;
CREATE INDEX dictionaries_site ON dictionaries (site);

CREATE TABLE pages (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    part INTEGER NOT NULL,
    url TEXT NOT NULL,
    fetched TEXT NOT NULL,
    head TEXT NOT NULL,
    payload INTEGER NOT NULL REFERENCES payloads (id),
    PRIMARY KEY (article, revision, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX pages_payload ON pages (payload);

CREATE TABLE reextractions (
    id INTEGER PRIMARY KEY,
    rules TEXT NOT NULL,
    selection TEXT NOT NULL CHECK (json_valid(selection)),
    started TEXT NOT NULL,
    finished TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    same INTEGER NOT NULL DEFAULT 0,
    written INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE drafts (
    article INTEGER PRIMARY KEY,
    reextraction INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    columns TEXT CHECK (columns IS NULL OR json_valid(columns)),
    error TEXT,
    CHECK ((columns IS NULL) = (error IS NOT NULL))
) STRICT;
"""


@migrations()
def m007_pages(db: Database) -> None:
    """Raw pages of every revision, and the runs that extract them anew."""
    run_script(db, SCRIPT)
