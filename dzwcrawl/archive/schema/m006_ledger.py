"""Run locks, leases, validators and whom to believe them, revisits, articles that vanished."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
ALTER TABLE crawls ADD COLUMN heartbeat TEXT;
ALTER TABLE crawls ADD COLUMN host TEXT;
ALTER TABLE crawls ADD COLUMN boot TEXT;
ALTER TABLE crawls ADD COLUMN pid INTEGER;
ALTER TABLE crawls ADD COLUMN process TEXT;
CREATE INDEX crawls_unfinished ON crawls (spider) WHERE finished IS NULL;

ALTER TABLE urls ADD COLUMN lease INTEGER REFERENCES crawls (id);
CREATE INDEX urls_due ON urls (site, due) WHERE state = 'article' AND due IS NOT NULL;
CREATE INDEX urls_lease ON urls (lease) WHERE lease IS NOT NULL;
UPDATE urls SET due = last_seen WHERE state = 'article' AND article IN
    (SELECT id FROM articles WHERE published >= date('now', '-30 days'));

CREATE TABLE answers (
    url TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    digest BLOB NOT NULL,
    believed INTEGER NOT NULL DEFAULT 0,
    answered TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    agreed INTEGER NOT NULL DEFAULT 0,
    moved INTEGER NOT NULL DEFAULT 0,
    lies INTEGER NOT NULL DEFAULT 0,
    lied TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE revisits (
    site TEXT NOT NULL,
    age TEXT NOT NULL,
    visits INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (site, age)
) STRICT, WITHOUT ROWID;

ALTER TABLE articles ADD COLUMN vanished TEXT;
CREATE INDEX articles_vanished ON articles (vanished) WHERE vanished IS NOT NULL;
CREATE TABLE absences (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    since TEXT NOT NULL,
    until TEXT,
    reason TEXT NOT NULL,
    confirmed INTEGER NOT NULL,
    PRIMARY KEY (article, since)
) STRICT, WITHOUT ROWID;

CREATE VIEW vanished AS
SELECT articles.id, articles.vanished, absences.reason, published, site, title, url
FROM articles JOIN absences ON absences.article = articles.id AND absences.until IS NULL
WHERE articles.vanished IS NOT NULL
ORDER BY articles.vanished DESC, articles.id DESC;
"""


@migrations()
def m006_ledger(db: Database) -> None:
    """Run locks, leases, validators and whom to believe them, revisits, articles that vanished."""
    run_script(db, SCRIPT)
