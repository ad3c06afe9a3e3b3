"""What the index of sentences costs as an archive grows: time and bytes an article, at a tenth, at half, at the end.

Rows of articles are written and settled one transaction each, as a crawl does, in the order of their days; one in
twenty is an edited copy of a recent one. The time is that of :func:`dzwcrawl.archive.originals.settle` with the commit,
against the same rows without it.
"""

import random
import resource
import tempfile
import time
from collections import deque
from datetime import date, timedelta
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.originals import settle

SITES = 70
PER_DAY = 2_700
"""Articles of all outlets: a million a year."""
SENTENCES = (12, 60)
COPIES = 0.05

_ROW = (
    "INSERT INTO articles (site, url, canonical_url, title, published, body, first_seen, last_seen, template, layout, "
    "rules, notes) VALUES (?, ?, '', ?, ?, ?, ?, ?, '', '[]', '{}', '[]')"
)


class Bodies:
    """Texts of Chinese characters in sentences of 12 to 60, no two alike unless one is a copy."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        # Cut from one long row of characters at random places: as fast as texts can be made, and no two the same.
        common = [
            bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA)
        ]
        self.row = "".join(self.rng.choices(common, k=400_000))
        self.recent: deque[list[str]] = deque(maxlen=500)

    def next(self) -> str:
        """Return the next text, about 1,400 characters in paragraphs."""
        if self.recent and self.rng.random() < COPIES:
            lines = list(self.rng.choice(self.recent))
            lines[self.rng.randrange(len(lines))] = self._sentence()
            lines = lines[: max(3, int(len(lines) * self.rng.uniform(0.5, 1)))]
        else:
            lines = [self._sentence() for _ in range(self.rng.randint(*SENTENCES))]
            self.recent.append(lines)
        return "\n".join("".join(lines[at : at + 3]) for at in range(0, len(lines), 3))

    def _sentence(self) -> str:
        at, length = self.rng.randrange(len(self.row) - 60), self.rng.randint(14, 60)
        return self.row[at : at + length] + "。"


def run(articles: int, *, start: date = date(2020, 1, 1)) -> None:
    """Print the costs at a tenth, a quarter, half and all of the articles."""
    marks = {articles // 10, articles // 4, articles // 2, articles}
    bodies = Bodies(1)
    with tempfile.TemporaryDirectory() as name, Archive(Path(name) / "archive.db", create=True) as archive:
        execute = archive.connection.execute
        print(
            f"{'articles':>9}  CPU ms of the last 5 %  index bytes/article  in clusters  peak MB",
            flush=True,
        )
        spent, window, since = 0.0, articles // 20, 0
        for number in range(1, articles + 1):
            day = (start + timedelta(number // PER_DAY)).isoformat()
            row = (
                f"s{bodies.rng.randrange(SITES)}",
                f"http://x/{number}",
                f"t{number}",
                day,
                bodies.next(),
                day,
                day,
            )
            execute("BEGIN IMMEDIATE")
            execute(_ROW, row)
            began = time.process_time()
            settle(archive.connection, archive.fresh)
            archive.connection.commit()
            spent += time.process_time() - began
            since += 1
            if number in marks:
                _report(archive, number, spent / since)
            if since == window:
                spent, since = 0.0, 0


def _report(archive: Archive, number: int, seconds: float) -> None:
    size = "SELECT sum(pgsize) FROM dbstat WHERE name = ? AND aggregate = TRUE"
    names = ("sentences", "fingerprints", "fingerprints_original", "fresh", "unclustered")
    size_of_all = sum(archive.query_value(size, (name,)) or 0 for name in names)
    clustered = archive.query_value("SELECT count(*) FROM articles WHERE cluster IS NOT NULL")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"{number:9}  {seconds * 1000:22.3f}  {size_of_all / number:19.0f}  {clustered / number:11.1%}  {peak:7.0f}",
        flush=True,
    )
