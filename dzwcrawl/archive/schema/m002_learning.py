"""What repeats is counted by layout and day and judged by month; a person's word on it."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
DROP TABLE sightings;
DROP TABLE blocks;
CREATE TABLE layouts (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    template TEXT NOT NULL,
    channel TEXT NOT NULL,
    UNIQUE (site, template, channel)
) STRICT;

CREATE TABLE layout_days (
    layout INTEGER NOT NULL REFERENCES layouts (id),
    day INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (layout, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE singles (
    block INTEGER PRIMARY KEY,
    layout INTEGER NOT NULL REFERENCES layouts (id),
    day INTEGER NOT NULL,
    head INTEGER NOT NULL,
    tail INTEGER NOT NULL,
    aside INTEGER NOT NULL,
    linked INTEGER NOT NULL
) STRICT;

CREATE TABLE block_days (
    block INTEGER NOT NULL,
    layout INTEGER NOT NULL REFERENCES layouts (id),
    day INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    head INTEGER NOT NULL,
    tail INTEGER NOT NULL,
    aside INTEGER NOT NULL,
    linked INTEGER NOT NULL,
    PRIMARY KEY (block, layout, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    pattern TEXT NOT NULL,
    pages INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL
) STRICT;
CREATE INDEX blocks_site ON blocks (site, pages);

CREATE TABLE verdicts (
    block INTEGER NOT NULL REFERENCES blocks (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,
    scope TEXT NOT NULL,
    place TEXT NOT NULL,
    pages INTEGER NOT NULL,
    of INTEGER NOT NULL,
    PRIMARY KEY (block, month, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE unjudged (
    site TEXT NOT NULL,
    month INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (site, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE pins (
    site TEXT NOT NULL,
    pattern TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('keep', 'drop')),
    origin TEXT NOT NULL CHECK (origin IN ('person', 'import')),
    since TEXT NOT NULL,
    PRIMARY KEY (site, pattern)
) STRICT, WITHOUT ROWID;

CREATE INDEX articles_month ON articles (
    site, (CASE WHEN length(published) >= 10 THEN substr(published, 1, 7) ELSE substr(first_seen, 1, 7) END)
);

CREATE VIEW boilerplate AS
SELECT site, pattern, scope, place, min(month) AS since, max(month) AS until, max(verdicts.pages) AS pages, max(of) AS of
FROM verdicts JOIN blocks ON blocks.id = verdicts.block
GROUP BY site, pattern, scope, place
ORDER BY site, pages DESC, pattern, scope;

INSERT INTO unjudged (site, month, article) SELECT DISTINCT site, -1, 0 FROM articles;
"""


@migrations()
def m002_learning(db: Database) -> None:
    """What repeats is counted by layout and day and judged by month; a person's word on it."""
    run_script(db, SCRIPT)
