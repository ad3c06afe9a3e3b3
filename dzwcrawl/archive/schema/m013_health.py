"""What each crawl saw of each site and listing, what was found wrong, and what people were told of it."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
ALTER TABLE crawls ADD COLUMN health TEXT CHECK (health IN ('ok', 'warn', 'alarm'));

CREATE TABLE facts (
    crawl INTEGER NOT NULL REFERENCES crawls (id) ON DELETE CASCADE,
    site TEXT NOT NULL,
    at TEXT NOT NULL,
    whole INTEGER NOT NULL,
    numbers TEXT NOT NULL CHECK (json_valid(numbers)),
    profile TEXT CHECK (profile IS NULL OR json_valid(profile)),
    verdict TEXT NOT NULL CHECK (verdict IN ('ok', 'warn', 'alarm')),
    findings TEXT NOT NULL CHECK (json_valid(findings)),
    PRIMARY KEY (crawl, site)
) STRICT, WITHOUT ROWID;
CREATE INDEX facts_site ON facts (site, at);

CREATE TABLE signatures (
    id INTEGER PRIMARY KEY,
    names TEXT NOT NULL UNIQUE CHECK (json_valid(names))
) STRICT;

CREATE TABLE listing_facts (
    crawl INTEGER NOT NULL REFERENCES crawls (id) ON DELETE CASCADE,
    site TEXT NOT NULL,
    listing TEXT NOT NULL,
    at TEXT NOT NULL,
    links INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    failed TEXT,
    unchanged INTEGER NOT NULL,
    signature INTEGER REFERENCES signatures (id),
    finding TEXT,
    PRIMARY KEY (crawl, site, listing)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_facts_site ON listing_facts (site, at);

CREATE TABLE health (
    site TEXT PRIMARY KEY,
    accepted TEXT,
    told TEXT CHECK (told IS NULL OR json_valid(told))
) STRICT, WITHOUT ROWID;
"""

# The pages to look at are named in `findings`: with an article its URL goes there too.
FORGET = """
CREATE TRIGGER facts_forget AFTER DELETE ON articles BEGIN
    UPDATE facts SET findings = replace(findings, json_quote(OLD.url), 'null')
    WHERE site = OLD.site AND instr(findings, json_quote(OLD.url)) > 0;
END
"""


@migrations()
def m013_health(db: Database) -> None:
    """What each crawl saw of each site and listing, what was found wrong, and what people were told of it."""
    run_script(db, SCRIPT)
    db.conn.execute(FORGET)
