"""What repeats on a site: counts, verdicts and a person's word, kept in the archive (:mod:`dzwcrawl.boilerplate.learned`).

A block is counted in the transaction that inserts its article, once an article and never for a duplicate: a
crawl that met one article five times must not learn its text as boilerplate. Counts are sums by layout and day;
verdicts are by month (:mod:`dzwcrawl.archive.reclean`), and only months whose days were counted anew are judged
again, so that the cost of a crawl does not grow with the archive. A block seen once is a row of `singles`; only
one seen again gets rows in `blocks` (its pattern) and `block_days` (its counts).

All functions run in the caller's transaction.
"""

from itertools import chain

from dzwcrawl.archive.archive import Archive
from dzwcrawl.article import Article
from dzwcrawl.boilerplate.clean import DROPPED, KEEP, KNOWN, LEARNED, UNJUDGED
from dzwcrawl.boilerplate.known import known_patterns
from dzwcrawl.boilerplate.learned import Evidence, Layout, day_of, patterns_of, sightings
from dzwcrawl.text import digest, fold
from dzwcrawl.urls import channel_of


def _block_id(site: str | None, pattern: str) -> int:
    return int(digest(f"{site}\n{pattern}")[:16], 16) >> 1


def layout_of(article: Article) -> Layout:
    """Return the layout of an article: its template, and the directory its URL stands in."""
    return Layout(article.template, channel_of(article.url or ""))


def reasons(archive: Archive, article: Article, *, settled: bool) -> dict[str, str]:
    """Return what is known about the blocks of an article by pattern or folded text, for
    :func:`dzwcrawl.boilerplate.clean.clean_learned`: what is known of the site, what was learned, what a person said.

    :param settled: take only the verdicts of the article's own month; else, because that month will be judged when
        the crawl ends, those of the month before as well.
    """
    patterns = set(chain.from_iterable(patterns_of(article)))
    found = dict.fromkeys(patterns & known_patterns(article.site or ""), KNOWN)
    ids = {_block_id(article.site, p): p for p in patterns}
    month = day_of(article) // 100
    before = month - (89 if month % 100 == 1 else 1)
    rows = archive.connection.execute(
        f"SELECT block, place FROM verdicts WHERE block IN ({','.join('?' * len(ids))}) "
        "AND month IN (?, ?) AND scope IN (?, ?, ?)",
        (*ids, month, month if settled else before, *layout_of(article).scopes()),
    )
    found |= {ids[block]: LEARNED[place] for block, place in rows}
    texts = patterns | {fold(block.text) for block in article.blocks}
    pins = archive.connection.execute("SELECT pattern, verdict FROM pins WHERE site = ?", (article.site,))
    return found | {p: KEEP if verdict == "keep" else DROPPED for p, verdict in pins if p in texts}


def count(archive: Archive, article: Article, sign: int = 1) -> None:
    """Count the blocks of a stored article, or with `sign` -1 take them back. A duplicate is not counted."""
    day = day_of(article)
    archive.connection.execute(
        "INSERT INTO unjudged (site, month, article) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET article = min(article, excluded.article)",
        (article.site, day // 100, article.id),
    )
    if article.duplicate_of is not None:
        return
    layout = _layout_id(archive, article)
    archive.connection.execute(
        "INSERT INTO layout_days (layout, day, articles) VALUES (?1, ?2, ?3) "
        "ON CONFLICT DO UPDATE SET articles = articles + ?3",
        (layout, day, sign),
    )
    for pattern, evidence in sightings(article, patterns_of(article), UNJUDGED).items():
        block = _block_id(article.site, pattern)
        if sign < 0:
            _take_back(archive, block, layout, day, evidence)
        elif not _is_first(archive, article.site or "", block, pattern, layout, day, evidence):
            _add(archive, block, layout, day, evidence)


def _layout_id(archive: Archive, article: Article) -> int:
    key = (article.site, *layout_of(article))
    archive.connection.execute(
        "INSERT INTO layouts (site, template, channel) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key
    )
    return int(
        archive.query_value("SELECT id FROM layouts WHERE site = ? AND template = ? AND channel = ?", key)
    )


def _is_first(
    archive: Archive, site: str, block: int, pattern: str, layout: int, day: int, evidence: Evidence
) -> bool:
    """Note a block that was never seen before as a single, and make a block of a single that is seen again."""
    execute = archive.connection.execute
    if archive.query_value("SELECT 1 FROM blocks WHERE id = ?", (block,)):
        return False
    single = execute("DELETE FROM singles WHERE block = ? RETURNING *", (block,)).fetchone()
    if single is None:
        execute(
            "INSERT INTO singles (block, layout, day, head, tail, aside, linked) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (block, layout, day, *map(int, evidence[1:])),
        )
        return True
    execute(
        "INSERT INTO blocks (id, site, pattern, pages, first_day, last_day) VALUES (?, ?, ?, 0, ?, ?)",
        (block, site, pattern, single["day"], single["day"]),
    )
    _add(archive, block, single["layout"], single["day"], Evidence(1, *single[3:]))
    return False


def _add(archive: Archive, block: int, layout: int, day: int, evidence: Evidence) -> None:
    archive.connection.execute(
        "INSERT INTO block_days (block, layout, day, pages, head, tail, aside, linked) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET pages = pages + excluded.pages, "
        "head = head + excluded.head, tail = tail + excluded.tail, aside = aside + excluded.aside, "
        "linked = linked + excluded.linked",
        (block, layout, day, *map(int, evidence)),
    )
    archive.connection.execute(
        "UPDATE blocks SET pages = pages + ?2, first_day = min(first_day, ?3), last_day = max(last_day, ?3) "
        "WHERE id = ?1",
        (block, evidence.pages, day),
    )


def _take_back(archive: Archive, block: int, layout: int, day: int, evidence: Evidence) -> None:
    if not archive.connection.execute("DELETE FROM singles WHERE block = ?", (block,)).rowcount:
        _add(archive, block, layout, day, evidence.minus())


def set_duplicate(archive: Archive, article: Article, duplicate_of: int | None) -> None:
    """Make a stored article a duplicate of another or an original: only originals are counted."""
    was = article.duplicate_of
    if (was is None) != (duplicate_of is None):
        article.duplicate_of = None
        count(archive, article, 1 if duplicate_of is None else -1)
    article.duplicate_of = duplicate_of
    archive.connection.execute(
        "UPDATE articles SET duplicate_of = ? WHERE id = ?", (duplicate_of, article.id)
    )


def unlearn(archive: Archive, states: list[Article]) -> None:
    """Remove the patterns of a forgotten article, given in all its revisions, that stand on no other article.

    Its counts have been taken back before; what is left of them are rows that count nothing, a part of the site that no
    other article stands in (its name is of the URL), and a person's word on lines that are nowhere any more.
    """
    execute = archive.connection.execute
    for state in states:
        for pattern in set(chain.from_iterable(patterns_of(state))):
            block = _block_id(state.site, pattern)
            if execute("DELETE FROM blocks WHERE id = ? AND pages <= 0", (block,)).rowcount:
                execute("DELETE FROM block_days WHERE block = ?", (block,))
            execute(
                "DELETE FROM pins WHERE site = ?1 AND pattern = ?2 AND NOT EXISTS (SELECT 1 FROM blocks WHERE id = ?3) "
                "AND NOT EXISTS (SELECT 1 FROM singles WHERE block = ?3)",
                (state.site, pattern, block),
            )
        layout = archive.query_value(
            "SELECT id FROM layouts WHERE site = ? AND template = ? AND channel = ? AND NOT EXISTS "
            "(SELECT 1 FROM layout_days WHERE layout = layouts.id AND articles > 0)",
            (state.site, *layout_of(state)),
        )
        if layout is not None:
            for table in ("layout_days", "block_days", "singles"):
                execute(f"DELETE FROM {table} WHERE layout = ?", (layout,))
            execute("DELETE FROM layouts WHERE id = ?", (layout,))
