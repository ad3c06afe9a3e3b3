"""The tables and views of the archive, as append-only migrations: a released one is never changed."""

from sqlite_utils import Database, Migrations

migrations = Migrations("dzwcrawl")

_M001 = """
CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    spider TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    reason TEXT,
    exit_code INTEGER,
    stats TEXT CHECK (stats IS NULL OR json_valid(stats))
) STRICT;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    url TEXT NOT NULL UNIQUE,
    canonical_url TEXT NOT NULL,
    title TEXT,
    subtitle TEXT,
    authors TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors)),
    editors TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(editors)),
    source TEXT,
    published TEXT,
    modified TEXT,
    section TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(section)),
    keywords TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(keywords)),
    description TEXT,
    language TEXT,
    body TEXT NOT NULL,
    images TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(images)),
    videos TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(videos)),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    duplicate_of INTEGER REFERENCES articles (id),
    template TEXT NOT NULL,
    layout TEXT NOT NULL CHECK (json_valid(layout)),
    rules TEXT NOT NULL CHECK (json_valid(rules)),
    notes TEXT NOT NULL CHECK (json_valid(notes)),
    text_digest TEXT,
    crawl INTEGER REFERENCES crawls (id)
) STRICT;
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_template ON articles (site, template, published);
CREATE INDEX articles_text_digest ON articles (text_digest) WHERE text_digest IS NOT NULL;
CREATE INDEX articles_duplicate_of ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX articles_crawl ON articles (crawl);

CREATE TABLE revisions (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    seen TEXT NOT NULL,
    record TEXT NOT NULL CHECK (json_valid(record)),
    layout TEXT NOT NULL CHECK (json_valid(layout)),
    PRIMARY KEY (article, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE urls (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,
    site TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('found', 'article', 'duplicate', 'refused')),
    article INTEGER REFERENCES articles (id) ON DELETE CASCADE,
    found_on TEXT,
    reason TEXT,
    status INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    due TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    CHECK ((state IN ('article', 'duplicate')) = (article IS NOT NULL))
) STRICT;
CREATE INDEX urls_key ON urls (key);
CREATE INDEX urls_unfinished ON urls (site, state) WHERE state IN ('found', 'refused');
CREATE INDEX urls_article ON urls (article) WHERE article IS NOT NULL;

CREATE TABLE listings (
    url TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    walked INTEGER NOT NULL DEFAULT 0,
    last_walk TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    pattern TEXT NOT NULL,
    pages INTEGER NOT NULL,
    removed TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(removed))
) STRICT;
CREATE INDEX blocks_site ON blocks (site);

CREATE TABLE sightings (
    block INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (block, article)
) STRICT, WITHOUT ROWID;

CREATE VIEW daily_counts AS
SELECT substr(published, 1, 10) AS day, site, count(*) AS articles
FROM articles
WHERE duplicate_of IS NULL AND length(published) >= 10
GROUP BY day, site
ORDER BY day DESC, site;

CREATE VIEW by_source AS
SELECT source, count(*) AS articles, min(published) AS first, max(published) AS last
FROM articles
WHERE duplicate_of IS NULL
GROUP BY source
ORDER BY articles DESC, source;

CREATE VIEW recent AS
SELECT id, published, site, source, title, url
FROM articles
WHERE duplicate_of IS NULL
ORDER BY published DESC, id DESC
LIMIT 100;
"""


def run_script(db: Database, script: str) -> None:
    """Run the statements of a script one by one: `executescript` would commit the transaction it runs in."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


@migrations()
def m001_articles(db: Database) -> None:
    """Articles, their revisions, the URLs that lead to them, and what repeats on their pages."""
    run_script(db, _M001)


_M002 = """
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
    run_script(db, _M002)


@migrations()
def m003_kicker(db: Database) -> None:
    """The line above the headline, which until now shared a column with the line below it."""
    db.conn.execute("ALTER TABLE articles ADD COLUMN kicker TEXT")


_M005 = """
ALTER TABLE revisions ADD COLUMN replaced TEXT;
ALTER TABLE revisions ADD COLUMN changes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(changes));
"""


@migrations()
def m005_revision_changes(db: Database) -> None:
    """When each older revision was replaced, and what the next one changed."""
    run_script(db, _M005)


_M006 = """
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
    run_script(db, _M006)


_M007 = """
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
    run_script(db, _M007)


_M008 = """
ALTER TABLE articles ADD COLUMN edition TEXT CHECK (edition IS NULL OR json_valid(edition));
CREATE INDEX articles_edition ON articles (site, json_extract(edition, '$.date')) WHERE edition IS NOT NULL;

CREATE TABLE hints (
    key TEXT PRIMARY KEY,
    edition TEXT CHECK (edition IS NULL OR json_valid(edition)),
    modified TEXT
) STRICT, WITHOUT ROWID;

ALTER TABLE listings ADD COLUMN last_new TEXT;
ALTER TABLE listings ADD COLUMN retired TEXT;

CREATE VIEW editions AS
SELECT site, json_extract(edition, '$.date') AS day, json_extract(edition, '$.page') AS page,
    json_extract(edition, '$.name') AS name, json_extract(edition, '$.place') AS place, id, title, url
FROM articles
WHERE edition IS NOT NULL
ORDER BY site, day DESC, page IS NULL, page, place, id;
"""


@migrations()
def m008_edition(db: Database) -> None:
    """Where an article stands in a newspaper; what lists say of articles; when a list last had something new."""
    run_script(db, _M008)
