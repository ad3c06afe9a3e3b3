"""Articles, their revisions, the URLs that lead to them, and what repeats on their pages."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
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


@migrations()
def m001_articles(db: Database) -> None:
    """Articles, their revisions, the URLs that lead to them, and what repeats on their pages."""
    run_script(db, SCRIPT)
