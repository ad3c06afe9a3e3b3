"""What learning costs as an archive grows: articles straight into it, a crawl of 1 % of them at a time.

python -m tests.bench.boilerplate.run --scale 100000
"""

import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, Block, derive_body
from dzwcrawl.boilerplate.clean import clean_phrases
from tests.bench.boilerplate.feed import relearn
from tests.bench.boilerplate.model import TruePage
from tests.bench.boilerplate.report import markdown
from tests.bench.boilerplate.world import OUTLETS, pages

_A_DAY = 30
"""Articles a day: 100,000 are nine years of a busy outlet."""

_POINTS = (1, 10, 100)
"""Percent of the pages at which is measured."""


@dataclass
class Point:
    """Figures at one size. `store` is CPU seconds a page of the last crawl, `reclean` of the crawl's end, `again` of one more."""

    pages: int
    store: float
    reclean: float
    derived: int
    again: float
    tables: dict[str, tuple[int, int]]


def _article(page: TruePage) -> Article:
    day = date(2015, 1, 1) + timedelta(days=page.number // _A_DAY)
    article = Article(
        site=page.outlet.name, url=page.url, canonical_url=page.url, title=page.title, published=f"{day}",
        language="zh", template="a layout", blocks=[Block(line.text) for line in page.lines],
    )  # fmt: skip
    article.body = derive_body(article.blocks)
    clean_phrases(article)
    return article


def _tables(archive: Archive) -> dict[str, tuple[int, int]]:
    """Return bytes (indexes included) and rows of every table that is not tiny."""
    sizes = archive.connection.execute(
        "SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_master USING (name) GROUP BY tbl_name "
        "HAVING sum(pgsize) > 65536 ORDER BY 2 DESC"
    ).fetchall()
    return {
        name: (size, archive.query_value(f'SELECT count(*) FROM "{name}"'))
        for name, size in sizes
        if not name.startswith("sqlite_")
    }


def run(count: int, seed: int) -> list[Point]:
    """Store `count` articles of one outlet and measure at 1 %, 10 % and all of them."""
    outlet = next(iter(OUTLETS.values()))
    crawl = max(1, count // 100)
    points: list[Point] = []
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder) / "a.db", create=True) as archive:
        seconds = 0.0
        for number, page in enumerate(pages(outlet, count, seed), 1):
            article = _article(page)
            begun = time.process_time()
            store(archive, article, key=page.url)
            seconds += time.process_time() - begun
            if number % crawl and number != count:
                continue
            begun = time.process_time()
            derived = relearn(archive, outlet.name)
            spent = time.process_time() - begun
            if any(number == count * percent // 100 for percent in _POINTS):
                begun = time.process_time()
                relearn(archive, outlet.name)
                again = time.process_time() - begun
                points.append(Point(number, seconds / crawl, spent, derived, again, _tables(archive)))
            seconds = 0.0
    return points


def table(points: list[Point]) -> str:
    """Return the figures as a Markdown table."""
    names = dict.fromkeys(name for point in points for name in point.tables)
    rows = [
        ["", *(f"{point.pages:,} pages" for point in points)],
        ["store, CPU ms a page", *(f"{1000 * point.store:.2f}" for point in points)],
        ["reclean after a crawl of 1 %, CPU s", *(f"{point.reclean:.2f}" for point in points)],
        ["… articles derived again", *(f"{point.derived:,}" for point in points)],
        ["reclean once more, CPU s", *(f"{point.again:.2f}" for point in points)],
    ]
    for name in names:
        sizes = [point.tables.get(name, (0, 0)) for point in points]
        rows.append(
            [f"table {name}, MB (rows), bytes a page"]
            + [
                f"{size / 1e6:.1f} ({count:,}), {size // point.pages}"
                for point, (size, count) in zip(points, sizes, strict=True)
            ]
        )
    return markdown("Cost as the archive grows (one outlet)", rows)
