"""Which articles are copies of one another in good part: an index of sentences, and who is whose copy."""

import sys

from sqlite_utils import Database

from dzwcrawl.archive.schema.registry import migrations, run_script

FRESH = """CREATE TABLE fresh (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL
) STRICT;
"""

SCRIPT = f"""
ALTER TABLE articles ADD COLUMN cluster INTEGER;
CREATE INDEX articles_cluster ON articles (cluster) WHERE cluster IS NOT NULL;

CREATE TABLE fingerprints (
    article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    site TEXT NOT NULL,
    day INTEGER NOT NULL,
    original INTEGER,
    sentences BLOB NOT NULL
) STRICT;
CREATE INDEX fingerprints_original ON fingerprints (original) WHERE original IS NOT NULL;

CREATE TABLE sentences (
    period INTEGER NOT NULL,
    sentence BLOB NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (period, sentence, article)
) STRICT, WITHOUT ROWID;

{FRESH}
CREATE TABLE unclustered (
    article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE
) STRICT;
INSERT INTO unclustered (article) SELECT id FROM articles;
"""

# The conflict clause of an outer statement would replace one in a trigger: none is used.
QUEUE = """INSERT INTO unclustered (article) SELECT id FROM articles
        WHERE NOT EXISTS (SELECT 1 FROM unclustered WHERE article = id)"""

_INSERTED = f"""
CREATE TRIGGER unclustered_insert AFTER INSERT ON articles BEGIN
    {QUEUE} AND id = new.id;
END"""

_UPDATED = f"""
CREATE TRIGGER unclustered_update AFTER UPDATE OF body, title, published, first_seen, duplicate_of ON articles
WHEN old.body IS NOT new.body OR old.title IS NOT new.title OR old.published IS NOT new.published
    OR old.duplicate_of IS NOT new.duplicate_of
    OR (old.first_seen IS NOT new.first_seen AND ifnull(length(new.published), 0) < 10)
BEGIN
    {QUEUE} AND id IN (new.id, old.duplicate_of, new.duplicate_of);
END"""

_KEYS = """(SELECT print.day / 64 AS period, substr(print.sentences, each.key * 6 + 1, 6) AS sentence
        FROM fingerprints AS print, json_each(
        '[0' || replace(hex(zeroblob(length(print.sentences) / 6 - 1)), '00', ',0') || ']') AS each
        WHERE print.article = old.id) AS own"""
"""The keys of the deleted article, six bytes each, counted off by an array of as many zeros."""

# What depended on a deleted article is decided again before the next transaction ends: its copies, and whoever has a
# sentence of it, for it may have been the one too many that makes it a standing one.
DELETED = f"""
CREATE TRIGGER unclustered_delete BEFORE DELETE ON articles BEGIN
    {QUEUE} AND id IN (
        SELECT article FROM fingerprints WHERE original = old.id
        UNION SELECT id FROM articles WHERE cluster = old.id
        UNION SELECT old.cluster
        UNION SELECT holder.article FROM {_KEYS} CROSS JOIN sentences AS holder
            ON holder.period BETWEEN own.period - 1 AND own.period + 1 AND holder.sentence = own.sentence
            WHERE (SELECT count(*) FROM (SELECT 1 FROM sentences AS s
                WHERE s.period = own.period AND s.sentence = own.sentence LIMIT 202)) < 202
        UNION SELECT fresh.article FROM fresh JOIN fingerprints AS other USING (article) CROSS JOIN {_KEYS}
            WHERE instr(other.sentences, own.sentence));
    DELETE FROM sentences WHERE article = old.id
        AND (period, sentence) IN (SELECT own.period, own.sentence FROM {_KEYS});
    DELETE FROM fingerprints WHERE article = old.id;
    DELETE FROM fresh WHERE article = old.id;
    DELETE FROM unclustered WHERE article = old.id;
    UPDATE fingerprints SET original = NULL WHERE original = old.id;
    UPDATE articles SET cluster = NULL WHERE cluster = old.id AND id != old.id;
END"""

_WORTH_TELLING = 10_000
"""Articles; fewer take seconds."""


@migrations()
def m010_clusters(db: Database) -> None:
    """An index of sentences, who is whose copy, and which articles have to be looked at for it.

    Those of an older archive are looked at when the transaction of the migration ends.
    """
    run_script(db, SCRIPT)
    (articles,) = db.conn.execute("SELECT count(*) FROM articles").fetchone()
    if articles >= _WORTH_TELLING:
        minutes = articles // 50_000 + 1
        print(
            f"looking for copies among {articles} articles: about {minutes} min", file=sys.stderr, flush=True
        )
    for trigger in (_INSERTED, _UPDATED, DELETED):
        db.conn.execute(trigger)
