"""Where an article stands in a newspaper; what lists say of articles; when a list last had something new."""

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

SCRIPT = """
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
    run_script(db, SCRIPT)
