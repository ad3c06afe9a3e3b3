"""Counting blocks per site, judging them per layout, and deriving bodies again when a verdict changes.

A block is counted in the transaction that inserts its article, once an article and never for a duplicate: a
crawl that met one article five times must not learn its text as boilerplate. All functions but `reclean` run
in the caller's transaction.

Most blocks stand on one page only: for these there is just a row (block, article) in `sightings`. A block of a
second page gets a row in `blocks`. Its `removed` lists the layouts on which it is boilerplate, `*` for all.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.rows import dumps
from dzwcrawl.article import Article
from dzwcrawl.boilerplate.clean import LEARNED
from dzwcrawl.boilerplate.learned import MIN_PAGES, is_boilerplate, pattern
from dzwcrawl.text import digest

_COUNTED = (None, LEARNED)
_EVERYWHERE = "*"
_ROUNDS = 5


def _patterns(article: Article) -> dict[int, str]:
    """Return the patterns of the blocks that only learning can judge, by block id: 63 bits of a digest."""
    found = {pattern(b.text, article.title) for b in article.blocks if b.removed in _COUNTED}
    return {int(digest(f"{article.site}\n{p}")[:16], 16) >> 1: p for p in found if p is not None}


def repeated_patterns(archive: Archive, article: Article) -> set[str]:
    """Return the patterns of an article that are boilerplate on its site and layout by the present verdicts."""
    patterns = _patterns(article)
    marks = ",".join("?" * len(patterns))
    rows = archive.connection.execute(
        f"SELECT id FROM blocks WHERE removed != '[]' AND id IN ({marks}) "
        "AND EXISTS (SELECT 1 FROM json_each(removed) WHERE value IN (?, ?))",
        (*patterns, _EVERYWHERE, article.template),
    )
    return {patterns[row[0]] for row in rows}


def count(archive: Archive, article: Article) -> None:
    """Note the blocks of a stored article, and count them unless it is a duplicate."""
    execute, value = archive.connection.execute, archive.query_value
    for block, text in _patterns(article).items():
        seen_before = value("SELECT 1 FROM sightings WHERE block = ? LIMIT 1", (block,))
        execute("INSERT INTO sightings (block, article) VALUES (?, ?)", (block, article.id))
        if not seen_before:
            continue
        updated = execute(
            "UPDATE blocks SET pages = pages + ? WHERE id = ?", (article.duplicate_of is None, block)
        )
        if not updated.rowcount:
            execute(
                "INSERT INTO blocks (id, site, pattern, pages) VALUES (?, ?, ?, 0)",
                (block, article.site, text),
            )
            execute(_RECOUNT, (block,))


_RECOUNT = (
    "UPDATE blocks SET pages = (SELECT count(*) FROM sightings JOIN articles ON articles.id = sightings.article "
    "WHERE block = ?1 AND duplicate_of IS NULL) WHERE id = ?1"
)


def set_duplicate(archive: Archive, article: Article, duplicate_of: int | None) -> None:
    """Make a stored article a duplicate of another or an original: only originals are counted."""
    was, article.duplicate_of = article.duplicate_of, duplicate_of
    archive.connection.execute(
        "UPDATE articles SET duplicate_of = ? WHERE id = ?", (duplicate_of, article.id)
    )
    if (was is None) != (duplicate_of is None):
        archive.connection.executemany(_RECOUNT, [(block,) for block in _patterns(article)])


def forget(archive: Archive, article: Article) -> None:
    """Take the blocks of an article out of the counts, because its text is about to be replaced."""
    for block in _patterns(article):
        archive.connection.execute(
            "DELETE FROM sightings WHERE block = ? AND article = ?", (block, article.id)
        )
        archive.connection.execute(_RECOUNT, (block,))


class _Days:
    """How many articles each layout of a site has, by day."""

    def __init__(self, archive: Archive, site: str) -> None:
        self._days: dict[str, list[str]] = defaultdict(list)
        rows = archive.connection.execute(
            "SELECT template, substr(ifnull(published, ''), 1, 10) FROM articles "
            "WHERE site = ? AND duplicate_of IS NULL ORDER BY published",
            (site,),
        )
        for template, day in rows:
            self._days[template].append(day)

    def between(self, template: str, first: str | None, last: str | None) -> int:
        """Count the articles of a layout from the first to the last day; without days, all."""
        days = self._days[template]
        if first is None or last is None:
            return len(days)
        return bisect_right(days, last) - bisect_left(days, first)


def _judge(archive: Archive, site: str) -> list[tuple[int, str]]:
    """Return (block, removed) for every block whose verdict is no longer the stored one.

    A pattern is judged on each layout by itself, and over all the layouts on which it occurs together: a banner
    of the whole outlet is found before any one layout has shown it often enough.
    """
    days = _Days(archive, site)
    rows = archive.connection.execute(
        "SELECT id, removed FROM blocks WHERE site = ? AND (pages >= ? OR removed != '[]')", (site, MIN_PAGES)
    )
    verdicts = [(row["id"], row["removed"], _verdict(archive, row["id"], days)) for row in rows.fetchall()]
    return [(block, new) for block, old, new in verdicts if new != old]


def _verdict(archive: Archive, block: int, days: "_Days") -> str:
    layouts = archive.connection.execute(
        "SELECT template, count(*) AS pages, min(substr(published, 1, 10)) AS first, "
        "max(substr(published, 1, 10)) AS last FROM sightings JOIN articles ON articles.id = sightings.article "
        "WHERE block = ? AND duplicate_of IS NULL GROUP BY template ORDER BY template",
        (block,),
    ).fetchall()
    first = min((x["first"] for x in layouts if x["first"]), default=None)
    last = max((x["last"] for x in layouts if x["last"]), default=None)
    pages = sum(x["pages"] for x in layouts)
    if is_boilerplate(pages, sum(days.between(x["template"], first, last) for x in layouts)):
        return dumps([_EVERYWHERE])
    here = (
        x for x in layouts if is_boilerplate(x["pages"], days.between(x["template"], x["first"], x["last"]))
    )
    return dumps([x["template"] for x in here])


def reclean(archive: Archive, site: str, derive: Callable[[Archive, int], None]) -> int:
    """Judge the blocks of a site and derive the bodies of the articles whose blocks' verdicts changed.

    :param derive: derives one article's body again, within the transaction
        (:func:`dzwcrawl.archive.store.derive_again`).
    :return: how many articles were derived again. A second call returns 0: the verdicts depend on what is
        stored, not on the order in which it came, and bodies follow from blocks and verdicts.
    """
    derived: set[int] = set()
    # Deriving may show two articles to be copies, which changes counts and so, rarely, verdicts.
    for _ in range(_ROUNDS):
        with archive.transaction():
            changed = _judge(archive, site)
            articles: set[int] = set()
            for block, removed in changed:
                archive.connection.execute("UPDATE blocks SET removed = ? WHERE id = ?", (removed, block))
                articles.update(_articles_with(archive, block))
            for article in sorted(articles):
                derive(archive, article)
        derived |= articles
        if not changed:
            break
    return len(derived)


def _articles_with(archive: Archive, block: int) -> list[int]:
    rows = archive.connection.execute("SELECT article FROM sightings WHERE block = ?", (block,))
    return [row[0] for row in rows]
