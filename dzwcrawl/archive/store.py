"""Storing an article: cleaning by what was learned, finding copies, counting blocks, ledger, one transaction."""

from copy import deepcopy
from dataclasses import replace as replaced
from typing import Literal

from dzwcrawl.archive import hints, learning, ledger, pages, tombstones, visits
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.rows import dumps, from_row, pack_layout, to_row
from dzwcrawl.article import Article, record
from dzwcrawl.boilerplate.clean import clean_learned, clean_phrases
from dzwcrawl.duplicates import order, text_digest
from dzwcrawl.revisions import changes
from dzwcrawl.urls import url_key

Outcome = Literal["new", "duplicate", "known", "unchanged", "revised", "older", "forgotten"]


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
        another URL, which this one is noted to lead to; `unchanged` or `revised`: it was fetched again; `older`: it
        differs and was fetched before what is stored, which stays (WARC files bring such pages); `forgotten`: it was
        taken down, and nothing of it is stored.
    """
    assert article.site is not None and article.url is not None
    with archive.transaction():
        stored = archive.query_value("SELECT article FROM urls WHERE key = ? AND article IS NOT NULL", (key,))
        if stored is None and tombstones.turn_away(
            archive, tombstones.keys_of([article.url, article.canonical_url, *(led_here or {})], key)
        ):
            return "forgotten"
        hints.complete(archive, article, key)
        urls = {url: reason for url, reason in (led_here or {}).items() if url != article.url}
        if stored is None:
            outcome = _insert(archive, article, crawl)
            stored = article.id
            urls[article.url] = ""
        else:
            outcome = _see_again(archive, article, stored, urls)
            if outcome == "known":
                urls[article.url] = "another URL of the article"
        ledger.settle(archive, article.site, key, int(stored or 0), urls)
        if outcome in ("unchanged", "revised"):
            visits.seen_again(
                archive, int(stored or 0), article.last_seen or now(), changed=outcome == "revised"
            )
        else:
            visits.plan(archive, int(stored or 0))
    article.cluster = archive.query_value("SELECT cluster FROM articles WHERE id = ?", (stored,))
    return outcome


def _insert(archive: Archive, article: Article, crawl: int | None) -> Outcome:
    article.first_seen = article.first_seen or now()
    article.last_seen = article.last_seen or article.first_seen
    clean_learned(article, learning.reasons(archive, article, settled=False))
    number = next_id(archive)
    row = to_row(article) | {"id": number, "text_digest": text_digest(article), "crawl": crawl}
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    archive.connection.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", row)
    article.id = number
    learning.count(archive, article)
    link_copies(archive, row["text_digest"])  # takes the count back where the article is a copy
    article.duplicate_of = archive.query_value(
        "SELECT duplicate_of FROM articles WHERE id = ?", (article.id,)
    )
    pages.keep(archive, article)
    return "new" if article.duplicate_of is None else "duplicate"


def next_id(archive: Archive) -> int:
    """Return the number of the next article: SQLite would give it that of a forgotten one."""
    return int(archive.query_value("SELECT ifnull(max(article), 0) + 1 FROM changes"))


def _see_again(archive: Archive, article: Article, stored: int, led_here: dict[str, str]) -> Outcome:
    """Compare a page that was fetched again with the stored article; a change becomes its next revision.

    An article whose stored URL redirects to a new one keeps the stored one, by which it is known.
    """
    old = from_row(archive.connection.execute("SELECT * FROM articles WHERE id = ?", (stored,)).fetchone())
    fetched = article.last_seen or now()
    article.id, article.first_seen = stored, min(old.first_seen or fetched, article.first_seen or fetched)
    article.last_seen = max(old.last_seen or fetched, fetched)
    article.revision, article.duplicate_of = old.revision, old.duplicate_of
    if led_here.pop(old.url or "", None) and article.url:
        led_here[article.url] = "another URL of the article"
        article.url = old.url
    if url_key(article.url or "") != url_key(old.url or ""):
        _update(archive, stored, _seen(article))
        return "known"
    clean_learned(article, learning.reasons(archive, article, settled=True))
    before = under_present_verdicts(archive, old)
    before.cluster = None  # is of today, and names an article that may be deleted one day
    found = changes(before, article)
    if fetched < (pages.kept_at(archive, stored, old.revision) or old.last_seen or fetched):
        _update(archive, stored, _seen(article))
        return "older" if found else "unchanged"
    if not found:
        _refresh(archive, old, article)
        return "unchanged"
    # What learning has removed in the meantime must never look like an edit: the older revision is kept as it
    # would be cleaned today. Its layout has every line.
    archive.connection.execute(
        "INSERT INTO revisions (article, revision, seen, record, layout, replaced, changes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (stored, old.revision, old.last_seen, dumps(record(before)), pack_layout(before.blocks))
        + (article.last_seen, dumps(found)),
    )
    article.revision = old.revision + 1
    replace(archive, old, article)
    pages.keep(archive, article)
    return "revised"


def under_present_verdicts(archive: Archive, article: Article) -> Article:
    """Return a copy of an article whose body is derived from its blocks by what is boilerplate today."""
    copy = deepcopy(article)
    clean_phrases(copy)
    clean_learned(copy, learning.reasons(archive, copy, settled=True))
    return copy


def replace(archive: Archive, old: Article, article: Article) -> None:
    """Put an article, which has the id of `old`, in its place: row, counts and copies. Runs in the caller's transaction."""
    learning.count(archive, old, -1)
    _update(archive, old.id, to_row(article))
    learning.count(archive, article)
    _set_digest(archive, article)


_REFRESHED = ("editors", "source", "modified", "section", "keywords", "description", "language", "videos")
"""Fields that follow the page without a revision. What the page no longer tells stays as it was told."""


_COUNTED = ("editors", "source", "published")


def _refresh(archive: Archive, old: Article, article: Article) -> None:
    """Note that an article was seen unchanged, and what it tells beside its text."""
    told = {name: getattr(article, name) for name in _REFRESHED if getattr(article, name)}
    # `changes` has found the dates to agree: the more precise one says more.
    if len(article.published or "") > len(old.published or ""):
        told["published"] = article.published
    row = {name: dumps(value) if isinstance(value, list) else value for name, value in told.items()}
    # Names are masked in patterns, and the day is what they are counted by.
    recounted = any(told.get(name, getattr(old, name)) != getattr(old, name) for name in _COUNTED)
    if recounted:
        learning.count(archive, old, -1)
    _update(archive, old.id, row | _seen(article))
    if any(getattr(old, name) != value for name, value in told.items()) or not pages.kept_at(
        archive, article.id or 0, article.revision
    ):
        pages.keep(archive, article)
    if recounted:
        learning.count(archive, replaced(old, **told))
    if "published" in told:
        link_copies(archive, text_digest(old))


def _seen(article: Article) -> dict[str, object]:
    return {"first_seen": article.first_seen, "last_seen": article.last_seen}


def _update(archive: Archive, article_id: int | None, row: dict[str, object]) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in row)
    archive.connection.execute(f"UPDATE articles SET {assignments} WHERE id = :id", row | {"id": article_id})


def _set_digest(archive: Archive, article: Article) -> None:
    """Note the digest of a text that changed, and find the copies of the old and of the new text."""
    old = archive.query_value("SELECT text_digest FROM articles WHERE id = ?", (article.id,))
    digest = text_digest(article)
    if digest != old:
        archive.connection.execute("UPDATE articles SET text_digest = ? WHERE id = ?", (digest, article.id))
        learning.set_duplicate(archive, article, None)
        link_copies(archive, old)
    # Also of a text that did not change: which of the copies is the original depends on their days.
    link_copies(archive, digest)


def link_copies(archive: Archive, digest: str | None) -> None:
    """Make the earliest published of the articles with one text the original, and the others its duplicates.

    Runs in the caller's transaction.
    """
    if digest is None:
        return
    rows = archive.connection.execute("SELECT * FROM articles WHERE text_digest = ?", (digest,)).fetchall()
    rows.sort(key=lambda row: order(row["published"], row["url"]))
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
