"""Counting blocks per site and layout, and deriving bodies again when a verdict changes.

A block is counted in the transaction that inserts its article, once an article and never for a duplicate: a
crawl that met one article five times must not learn its text as boilerplate. All functions but `reclean` run
in the caller's transaction.

Most blocks stand on one page only: for these there is just a row (block, article) in `sightings`. A block of a
second page gets a row in `blocks`, which is all that judging reads.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable

from dzwcrawl.archive.archive import Archive
from dzwcrawl.article import Article
from dzwcrawl.boilerplate.clean import LEARNED
from dzwcrawl.boilerplate.learned import MIN_PAGES, is_boilerplate, pattern
from dzwcrawl.text import digest

_COUNTED = (None, LEARNED)
_ROUNDS = 5


def _patterns(article: Article) -> dict[int, str]:
    """Return the patterns of the blocks that only learning can judge, by block id: 63 bits of a digest."""
    found = {pattern(b.text, article.title) for b in article.blocks if b.removed in _COUNTED} - {None}
    layout = f"{article.site}\n{article.template}\n"
    return {int(digest(f"{layout}{p}")[:16], 16) >> 1: p for p in found if p is not None}


def repeated_patterns(archive: Archive, article: Article) -> set[str]:
    """Return the patterns of an article that are boilerplate on its site and layout by the present verdicts."""
    patterns = _patterns(article)
    marks = ",".join("?" * len(patterns))
    rows = archive.connection.execute(f"SELECT id FROM blocks WHERE removed AND id IN ({marks})", (*patterns,))
    return {patterns[row[0]] for row in rows}


def count(archive: Archive, article: Article) -> None:
    """Note the blocks of a stored article, and count them unless it is a duplicate."""
    day = (article.published or "")[:10] or None
    execute, value = archive.connection.execute, archive.query_value
    for block, text in _patterns(article).items():
        if value("SELECT 1 FROM sightings WHERE block = ? LIMIT 1", (block,)) is None:
            execute("INSERT INTO sightings (block, article) VALUES (?, ?)", (block, article.id))
            continue
        execute("INSERT INTO sightings (block, article) VALUES (?, ?)", (block, article.id))
        if value("SELECT 1 FROM blocks WHERE id = ?", (block,)) is None:
            execute(
                "INSERT INTO blocks (id, site, template, pattern) VALUES (?, ?, ?, ?)",
                (block, article.site, article.template, text),
            )
            execute(_RECOUNT, (block,))
        elif article.duplicate_of is None:
            execute(_ADD, (block, day))


_ADD = (
    "UPDATE blocks SET pages = pages + 1, first_day = min(ifnull(first_day, ?2), ifnull(?2, first_day)), "
    "last_day = max(ifnull(last_day, ?2), ifnull(?2, last_day)) WHERE id = ?1"
)

_RECOUNT = (
    "UPDATE blocks SET (pages, first_day, last_day) = (SELECT count(*), min(substr(published, 1, 10)), "
    "max(substr(published, 1, 10)) FROM sightings JOIN articles ON articles.id = sightings.article "
    "WHERE block = ?1 AND duplicate_of IS NULL) WHERE id = ?1"
)


def set_duplicate(archive: Archive, article: Article, duplicate_of: int | None) -> None:
    """Make a stored article a duplicate of another or an original: only originals are counted."""
    was, article.duplicate_of = article.duplicate_of, duplicate_of
    archive.connection.execute("UPDATE articles SET duplicate_of = ? WHERE id = ?", (duplicate_of, article.id))
    if (was is None) != (duplicate_of is None):
        archive.connection.executemany(_RECOUNT, [(block,) for block in _patterns(article)])


def forget(archive: Archive, article: Article) -> None:
    """Take the blocks of an article out of the counts, because its text is about to be replaced."""
    for block in _patterns(article):
        archive.connection.execute("DELETE FROM sightings WHERE block = ? AND article = ?", (block, article.id))
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


def _judge(archive: Archive, site: str) -> list[tuple[int, bool]]:
    """Return (block, removed) for every block whose verdict is no longer the stored one.

    A pattern is judged in each layout by itself, and over all the layouts in which it occurs together: a banner
    of the whole outlet is found before any one layout has shown it often enough.
    """
    days = _Days(archive, site)
    rows = archive.connection.execute(
        "SELECT id, template, pattern, pages, first_day, last_day, removed FROM blocks WHERE site = ?1 "
        "AND pattern IN (SELECT pattern FROM blocks WHERE site = ?1 "
        "GROUP BY pattern HAVING sum(pages) >= ?2 OR max(removed))",
        (site, MIN_PAGES),
    )
    by_pattern = defaultdict(list)
    for row in rows:
        by_pattern[row["pattern"]].append(row)
    changed = []
    for blocks in by_pattern.values():
        firsts = [b["first_day"] for b in blocks if b["first_day"]]
        lasts = [b["last_day"] for b in blocks if b["last_day"]]
        first, last = min(firsts, default=None), max(lasts, default=None)
        everywhere = is_boilerplate(
            sum(b["pages"] for b in blocks), sum(days.between(b["template"], first, last) for b in blocks)
        )
        for b in blocks:
            here = is_boilerplate(b["pages"], days.between(b["template"], b["first_day"], b["last_day"]))
            if (here or everywhere) != bool(b["removed"]):
                changed.append((b["id"], here or everywhere))
    return changed


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
