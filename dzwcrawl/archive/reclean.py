"""Judging what was counted anew, and deriving the bodies of the articles on which a verdict changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from sqlite3 import Row

from dzwcrawl.archive import learning
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.rows import from_row
from dzwcrawl.boilerplate.learned import Evidence, Layout, Totals, Verdict, judge, patterns_of
from dzwcrawl.text import fold

Derive = Callable[[Archive, int], bool]
"""Derives the body of an article again, in the caller's transaction, and tells whether it changed
(:func:`dzwcrawl.archive.store.derive_again`)."""

_MIN_PAGES = 3
"""Articles below which no pattern is boilerplate (:func:`dzwcrawl.boilerplate.learned.is_boilerplate`)."""

_YEAR = 10_000
"""A year in days written YYYYMMDD: a block of fewer articles is forgotten when it is older than that."""

_ROUNDS = 5

_ALL = -1
"""A month in `unjudged` that says that counts and verdicts are to be made anew from the articles."""

_MONTH = "CASE WHEN length(published) >= 10 THEN substr(published, 1, 7) ELSE substr(first_seen, 1, 7) END"


def unjudged_sites(archive: Archive) -> list[str]:
    """Return the sites of which something was counted and not yet judged."""
    return [row[0] for row in archive.connection.execute("SELECT DISTINCT site FROM unjudged ORDER BY site")]


def reclean(archive: Archive, site: str, derive: Derive) -> int:
    """Judge what was counted since the last call, and derive the bodies again on which a verdict changed.

    :return: how many bodies changed. A second call returns 0: verdicts depend on what is stored, not on the order
        in which it came, and bodies follow from blocks and verdicts.
    """
    changed: set[int] = set()
    # Deriving may show two articles to be copies, which changes counts and so, rarely, verdicts.
    for _ in range(_ROUNDS):
        with archive.transaction():
            unjudged = dict(
                archive.connection.execute(
                    "DELETE FROM unjudged WHERE site = ? RETURNING month, article", (site,)
                ).fetchall()
            )
            if not unjudged:
                break
            if _ALL in unjudged:
                unjudged = _recount(archive, site)
            verdicts = _judge(archive, site, unjudged)
            articles = _articles(archive, site, unjudged, verdicts)
            changed |= {article for article in articles if derive(archive, article)}
            _forget(archive, site)
    return len(changed)


def relearn(archive: Archive, site: str, derive: Derive) -> int:
    """Count everything again from the stored articles, then do as :func:`reclean`."""
    with archive.transaction():
        count_anew(archive, site)
    return reclean(archive, site, derive)


def count_anew(archive: Archive, site: str) -> None:
    """Let the next :func:`reclean` of a site count everything again and derive all its bodies."""
    archive.connection.execute(
        "INSERT INTO unjudged (site, month, article) VALUES (?, ?, 0) ON CONFLICT DO NOTHING", (site, _ALL)
    )


def _recount(archive: Archive, site: str) -> dict[int, int]:
    """Make the counts of a site anew; return its months, each with 0 as its first unjudged article."""
    execute = archive.connection.execute
    layouts = "(SELECT id FROM layouts WHERE site = ?)"
    execute(f"DELETE FROM singles WHERE layout IN {layouts}", (site,))
    execute("DELETE FROM block_days WHERE block IN (SELECT id FROM blocks WHERE site = ?)", (site,))
    execute(f"DELETE FROM layout_days WHERE layout IN {layouts}", (site,))
    execute("UPDATE blocks SET pages = 0, first_day = 99999999, last_day = 0 WHERE site = ?", (site,))
    last = 0
    # In pages, because the loop writes to the database it reads from.
    while rows := execute(
        "SELECT * FROM articles WHERE site = ? AND id > ? ORDER BY id LIMIT 500", (site, last)
    ).fetchall():
        for row in rows:
            learning.count(archive, from_row(row))
        last = rows[-1]["id"]
    months = execute("DELETE FROM unjudged WHERE site = ? RETURNING month", (site,)).fetchall()
    return {row["month"]: 0 for row in months}


def _judge(archive: Archive, site: str, unjudged: Iterable[int]) -> dict[int, set[str]]:
    """Judge the months whose days were counted anew; return them with the patterns on which a verdict changed."""
    layouts = {
        row["id"]: Layout(row["template"], row["channel"])
        for row in archive.connection.execute("SELECT * FROM layouts WHERE site = ?", (site,))
    }
    totals = Totals(
        (layouts[row["layout"]], row["day"], row["articles"])
        for row in archive.connection.execute(
            "SELECT layout_days.* FROM layout_days JOIN layouts ON layouts.id = layout WHERE site = ?",
            (site,),
        )
    )
    windows = totals.months()
    months = {
        month: days
        for month, days in windows.items()
        if any(days[0] <= dirty * 100 + 99 and dirty * 100 <= days[1] for dirty in unjudged)
    }
    changed: dict[int, set[str]] = defaultdict(set)
    if not months:
        return changed
    first, last = min(days[0] for days in months.values()), max(days[1] for days in months.values())
    for block, pattern in _candidates(archive, site, months, first, last):
        counts = list(_counts(archive, block, layouts, first, last))
        for month, days in months.items():
            if _set_verdicts(archive, block, month, judge(pattern, counts, totals, days)):
                changed[month].add(pattern)
    return changed


def _candidates(
    archive: Archive, site: str, months: Iterable[int], first: int, last: int
) -> list[tuple[int, str]]:
    """Return the blocks that may be boilerplate on some days, and those that were so far."""
    rows = archive.connection.execute(
        "SELECT id, pattern FROM blocks WHERE site = ? AND pages >= ? AND first_day <= ? AND last_day >= ? "
        "UNION SELECT id, pattern FROM blocks JOIN verdicts ON verdicts.block = blocks.id "
        f"WHERE site = ? AND month IN ({','.join(map(str, months))})",
        (site, _MIN_PAGES, last, first, site),
    )
    return [(row["id"], row["pattern"]) for row in rows.fetchall()]


def _counts(
    archive: Archive, block: int, layouts: dict[int, Layout], first: int, last: int
) -> Iterator[tuple[Layout, int, Evidence]]:
    # By layout, because the key is (block, layout, day): the days of other years are not read.
    rows = archive.connection.execute(
        "SELECT layout, day, pages, head, tail, aside, linked FROM block_days "
        "WHERE block = ? AND layout IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?",
        (block, str(list(layouts)), first, last),
    )
    for row in rows:
        yield layouts[row["layout"]], row["day"], Evidence(*row[2:])


def _set_verdicts(archive: Archive, block: int, month: int, verdicts: list[Verdict]) -> bool:
    """Store the verdicts on a block in a month; return whether it goes elsewhere than before."""
    rows = archive.connection.execute(
        "DELETE FROM verdicts WHERE block = ? AND month = ? RETURNING scope, place", (block, month)
    ).fetchall()
    archive.connection.executemany(
        "INSERT INTO verdicts (block, month, scope, place, pages, of) VALUES (?, ?, ?, ?, ?, ?)",
        [(block, month, *verdict) for verdict in verdicts],
    )
    return {tuple(row) for row in rows} != {verdict[:2] for verdict in verdicts}


def _articles(
    archive: Archive, site: str, unjudged: dict[int, int], changed: dict[int, set[str]]
) -> list[int]:
    """Return the articles to derive again: those stored since, and those of the months in which a verdict changed
    that carry its pattern."""
    found: list[int] = []
    for month in sorted(unjudged.keys() | changed.keys()):
        text = f"{month // 100:04}-{month % 100:02}" if month else "0"
        since = unjudged.get(month)
        rows = archive.connection.execute(
            f"SELECT * FROM articles WHERE site = ? AND {_MONTH} = ? AND id >= ? ORDER BY id",
            (site, text, (since or 0) if month not in changed else 0),
        )
        found += [
            row["id"]
            for row in rows
            if (since is not None and row["id"] >= since) or carries(row, changed[month])
        ]
    return found


def carries(row: Row, patterns: set[str]) -> bool:
    """Tell whether a stored article has a block of one of these patterns or folded texts."""
    article = from_row(row)
    return not (
        patterns.isdisjoint(chain.from_iterable(patterns_of(article)))
        and patterns.isdisjoint(fold(block.text) for block in article.blocks)
    )


def _forget(archive: Archive, site: str) -> None:
    """Forget what stood on next to no articles, a year before the newest: the counts stay as small as a year is."""
    execute = archive.connection.execute
    newest = archive.query_value(
        "SELECT max(day) FROM layout_days JOIN layouts ON layouts.id = layout WHERE site = ?", (site,)
    )
    before = int(newest or 0) - _YEAR
    execute(
        "DELETE FROM singles WHERE layout IN (SELECT id FROM layouts WHERE site = ?) AND day < ?",
        (site, before),
    )
    rare = "SELECT id FROM blocks WHERE site = ? AND pages < ? AND last_day < ?"
    execute(f"DELETE FROM block_days WHERE block IN ({rare})", (site, _MIN_PAGES, before))
    execute(f"DELETE FROM blocks WHERE id IN ({rare})", (site, _MIN_PAGES, before))
