"""Storing an article: cleaning by what was learned, finding copies, counting blocks, ledger, one transaction."""

from typing import Literal

from dzwcrawl.archive import learning, ledger
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.rows import dumps, from_row, pack_layout, to_row
from dzwcrawl.article import Article, record
from dzwcrawl.boilerplate.clean import clean_learned
from dzwcrawl.duplicates import text_digest

Outcome = Literal["new", "duplicate", "known", "unchanged", "revised"]


def store(
    archive: Archive,
    article: Article,
    *,
    key: str,
    led_here: dict[str, str] | None = None,
    crawl: int | None = None,
) -> Outcome:
    """Store an article, set its `id`, and return what it was.

    :param article: with `site`, `url` and blocks that phrases have cleaned.
    :param key: :func:`dzwcrawl.urls.url_key` of its URL.
    :param led_here: other URLs that led to the page, with the reason (`redirect`).
    :return: `new`; `duplicate`: stored as a copy of another article's text; `known`: its key is stored under
        another URL, which this one is noted to lead to; `unchanged` or `revised`: it was fetched again.
    """
    assert article.site is not None and article.url is not None
    with archive.transaction():
        stored = archive.query_value("SELECT article FROM urls WHERE key = ? AND article IS NOT NULL", (key,))
        urls = {url: reason for url, reason in (led_here or {}).items() if url != article.url}
        if stored is None:
            outcome = _insert(archive, article, crawl)
            stored = article.id
            urls[article.url] = ""
        else:
            outcome = _see_again(archive, article, stored)
            if outcome == "known":
                urls[article.url] = "another URL of the article"
        ledger.settle(archive, article.site, key, int(stored or 0), urls)
    return outcome


def _insert(archive: Archive, article: Article, crawl: int | None) -> Outcome:
    article.first_seen = article.last_seen = now()
    clean_learned(article, learning.reasons(archive, article, settled=False))
    row = to_row(article) | {"text_digest": text_digest(article), "crawl": crawl}
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    cursor = archive.connection.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", row)
    article.id = int(cursor.lastrowid or 0)
    learning.count(archive, article)
    link_copies(archive, row["text_digest"])  # takes the count back where the article is a copy
    article.duplicate_of = archive.query_value(
        "SELECT duplicate_of FROM articles WHERE id = ?", (article.id,)
    )
    return "new" if article.duplicate_of is None else "duplicate"


def _content(article: Article) -> tuple[object, ...]:
    """Return what makes a revision when it changes: never ads, counters, related lists or cleaning."""
    return (
        article.title,
        article.body,
        article.authors,
        article.published,
        [image.url for image in article.images],
    )


def _see_again(archive: Archive, article: Article, stored: int) -> Outcome:
    """Compare a page that was fetched again with the stored article; a change becomes its next revision."""
    old = from_row(archive.connection.execute("SELECT * FROM articles WHERE id = ?", (stored,)).fetchone())
    article.id, article.first_seen, article.last_seen = stored, old.first_seen, now()
    if article.url != old.url:
        archive.connection.execute(
            "UPDATE articles SET last_seen = ? WHERE id = ?", (article.last_seen, stored)
        )
        return "known"
    clean_learned(article, learning.reasons(archive, article, settled=True))
    if _content(article) == _content(old):
        archive.connection.execute(
            "UPDATE articles SET last_seen = ? WHERE id = ?", (article.last_seen, stored)
        )
        article.revision = old.revision
        return "unchanged"
    old_row = to_row(old)
    archive.connection.execute(
        "INSERT INTO revisions (article, revision, seen, record, layout) VALUES (?, ?, ?, ?, ?)",
        (stored, old.revision, old.last_seen, dumps(record(old)), old_row["layout"]),
    )
    article.revision, article.duplicate_of = old.revision + 1, old.duplicate_of
    row = to_row(article)
    learning.count(archive, old, -1)
    assignments = ", ".join(f"{name} = :{name}" for name in row)
    archive.connection.execute(f"UPDATE articles SET {assignments} WHERE id = :id", row | {"id": stored})
    learning.count(archive, article)
    _set_digest(archive, article)
    return "revised"


def _set_digest(archive: Archive, article: Article) -> None:
    """Note the digest of a text that changed, and find the copies of the old and of the new text."""
    old = archive.query_value("SELECT text_digest FROM articles WHERE id = ?", (article.id,))
    digest = text_digest(article)
    if digest != old:
        archive.connection.execute("UPDATE articles SET text_digest = ? WHERE id = ?", (digest, article.id))
        learning.set_duplicate(archive, article, None)
        link_copies(archive, old)
        link_copies(archive, digest)


def link_copies(archive: Archive, digest: str | None) -> None:
    """Make the earliest published of the articles with one text the original, and the others its duplicates.

    Runs in the caller's transaction.
    """
    if digest is None:
        return
    rows = archive.connection.execute(
        "SELECT * FROM articles WHERE text_digest = ? "
        "ORDER BY published IS NULL, substr(published, 1, 10), id",
        (digest,),
    ).fetchall()
    for row in rows:
        duplicate_of = None if row is rows[0] else rows[0]["id"]
        if duplicate_of != row["duplicate_of"]:
            learning.set_duplicate(archive, from_row(row), duplicate_of)


def derive_again(archive: Archive, article_id: int) -> bool:
    """Derive the body of a stored article from its blocks by the present verdicts; not a revision.

    Runs in the caller's transaction. Returns whether the body changed.
    """
    row = archive.connection.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    article = from_row(row)
    clean_learned(article, learning.reasons(archive, article, settled=True))
    layout = pack_layout(article.blocks)
    if layout == row["layout"]:
        return False
    archive.connection.execute(
        "UPDATE articles SET body = ?, layout = ? WHERE id = ?", (article.body, layout, article_id)
    )
    _set_digest(archive, article)
    return True
