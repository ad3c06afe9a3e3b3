"""Search over generated articles: the same answers as LIKE, how soon, how large, beside other tokenizers.

Prints Markdown for docs/search.md. Everything is measured in this one run: CPU seconds of this process for writing,
wall milliseconds of warm queries for reading.
"""

import argparse
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.schema import migrations
from dzwcrawl.archive.search import Order, count, ids, search
from dzwcrawl.search.query import everywhere
from dzwcrawl.search.tokens import ENDS_WORD, STARTS_WORD, WORD
from dzwcrawl.text import fold
from tests.bench.search.texts import Text, queries, text

INSERT = (
    "INSERT INTO articles (id, published, title, body, url, site, canonical_url, first_seen, last_seen, template, layout, "
    "rules, notes) VALUES (?1, ?2, ?3, ?4, ?1, 's', '', '', '', '', '[]', '{}', '[]')"
)
_LATE = 1000
"""Articles that are stored one a transaction, as a crawl does, once the archive is full."""


@dataclass
class Index:
    """Another way to index the same texts, contentless: what is given to FTS5, and what it is asked."""

    name: str
    tokenizer: str
    tokens: Callable[[str], str]
    ask: Callable[[str], str | None]
    cpu: float = 0
    size: int = 0
    times: dict[int, list[float]] = field(default_factory=dict)
    missed: int = 0
    false: int = 0


def _characters(text: str) -> str:
    return re.sub(r"([^\x00-\u2e7f])", r" \1 ", fold(text))


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


INDEXES = (
    Index("trigram", "trigram", fold, lambda query: _phrase(query) if len(query) > 2 else None),
    Index("a token a character", "unicode61 remove_diacritics 0", _characters, lambda query: _phrase(_characters(query))),
)  # fmt: skip


def progress(what: str) -> None:
    """Say on standard error what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def fill(path: Path, articles: int) -> tuple[int, int]:
    """Make an archive as it was before there was search, with all articles; return bytes of their texts and of the file."""
    connection = sqlite3.connect(path, isolation_level=None)
    with closing(connection):
        connection.execute("BEGIN")
        migrations.apply(Database(connection), stop_before="m009_search")
        # Folded, so that LIKE, which folds only ASCII, is asked the same.
        rows = (
            (n, day, fold(title), "\n".join(map(fold, body.split("\n"))))
            for n, day, title, body in texts(0, articles)
        )
        connection.executemany(INSERT, rows)
        connection.execute("COMMIT")
        (size,) = connection.execute(
            "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(body AS BLOB))) FROM articles"
        ).fetchone()
    return size, path.stat().st_size


def texts(first: int, last: int) -> Iterable[Text]:
    """Return articles by number."""
    return map(text, range(first, last))


def store_late(archive: sqlite3.Connection, first: int) -> float:
    """Store further articles, each in a transaction; return CPU seconds an article."""
    late = list(texts(first, first + _LATE))
    start = time.process_time()
    for row in late:
        archive.execute("BEGIN IMMEDIATE")
        archive.execute(INSERT, row)
        archive.execute("COMMIT")
    return (time.process_time() - start) / _LATE


def build(index: Index, folder: Path, archive: sqlite3.Connection) -> sqlite3.Connection:
    """Index the articles of the archive in another way."""
    path = folder / f"{index.name}.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(
        f"CREATE VIRTUAL TABLE other USING fts5(title, body, content = '', tokenize = '{index.tokenizer}')"
    )
    rows = archive.execute("SELECT id, title, body FROM articles ORDER BY id")
    start = time.process_time()
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO other (rowid, title, body) VALUES (?, ?, ?)",
        ((row[0], index.tokens(row[1]), index.tokens(row[2])) for row in rows),
    )
    connection.execute("COMMIT")
    index.cpu = time.process_time() - start
    index.size = path.stat().st_size
    return connection


def timed(times: dict[int, list[float]], length: int, ask: Callable[[], list[int]]) -> list[int]:
    """Return what is found, and note the milliseconds it took by the length of the query."""
    start = time.perf_counter()
    found = ask()
    times.setdefault(length, []).append((time.perf_counter() - start) * 1000)
    return found


@dataclass
class Answers:
    """What the run found: differences, and milliseconds by length of query for each way to ask."""

    differences: int = 0
    by_word_differences: int = 0
    counts_wrong: int = 0
    without_hit: int = 0
    hits: list[int] = field(default_factory=list)
    times: dict[str, dict[int, list[float]]] = field(default_factory=dict)


def ask_all(archive: Archive, others: dict[str, sqlite3.Connection], asked: Sequence[str]) -> Answers:
    """Put every query to everybody."""
    answers = Answers()
    rows = archive.connection
    for number, query in enumerate(asked):
        if number % 50 == 0:
            progress(f"query {number}")
        inside, word = everywhere(query), _phrase(query)
        ways: dict[str, Callable[[], list[int]]] = {
            "LIKE, every match": partial(_like, rows, query),
            "search, every match": partial(_ids, archive, word),
            "search inside of words, every match": partial(_ids, archive, inside),
            "search, 20 best with snippets": partial(_page, archive, word, "relevance"),
            "search, 20 newest with snippets": partial(_page, archive, word, "newest"),
        }
        results = [timed(answers.times.setdefault(way, {}), len(query), ask) for way, ask in ways.items()]
        true, found, also_inside = results[:3]
        answers.hits.append(len(true))
        answers.without_hit += not true
        answers.differences += also_inside != true
        answers.counts_wrong += count(archive, word) != len(found)
        answers.by_word_differences += found != _whole_words(rows, query, true)
        for index in INDEXES:
            _ask_other(index, others[index.name], query, set(true))
    return answers


def _like(rows: sqlite3.Connection, query: str) -> list[int]:
    found = rows.execute(
        r"SELECT id FROM articles WHERE title LIKE ?1 ESCAPE '\' OR body LIKE ?1 ESCAPE '\' ORDER BY id",
        ("%" + re.sub(r"([%_\\])", r"\\\1", query) + "%",),
    )
    return [row[0] for row in found]


def _ids(archive: Archive, query: str) -> list[int]:
    return list(ids(archive, query))


def _page(archive: Archive, query: str, order: Order) -> list[int]:
    return [hit.id for hit in search(archive, query, order=order)]


def _whole_words(rows: sqlite3.Connection, query: str, candidates: list[int]) -> list[int]:
    """Return the candidates in which the query does not begin or end inside of a word."""
    if not (WORD.match(query) or WORD.match(query[-1])):
        return candidates
    start, end = STARTS_WORD if WORD.match(query) else "", ENDS_WORD if WORD.match(query[-1]) else ""
    wanted = re.compile(start + re.escape(query) + end)
    whole = []
    for number in candidates:
        title, body = rows.execute("SELECT title, body FROM articles WHERE id = ?", (number,)).fetchone()
        if wanted.search(title) or wanted.search(body):
            whole.append(number)
    return whole


def _ask_other(index: Index, connection: sqlite3.Connection, query: str, true: set[int]) -> None:
    asked = index.ask(query)
    if asked is None:
        index.missed += bool(true)
        return
    found = timed(index.times, len(query), partial(_match, connection, asked))
    index.missed += bool(true - set(found))
    index.false += bool(set(found) - true)


def _match(connection: sqlite3.Connection, asked: str) -> list[int]:
    return [
        row[0]
        for row in connection.execute("SELECT rowid FROM other WHERE other MATCH ? ORDER BY rowid", (asked,))
    ]


def _cells(times: dict[int, list[float]], lengths: Iterable[int]) -> str:
    values = sorted(value for length in lengths for value in times.get(length, []))
    if not values:
        return "-"
    return f"{statistics.median(values):.1f} / {values[int(len(values) * 0.95)]:.1f}"


GROUPS = (("1", (1,)), ("2", (2,)), ("3 to 4", (3, 4)), ("5 to 8", (5, 6, 7, 8)), ("all", range(1, 9)))


def report(answers: Answers, asked: Sequence[str]) -> None:
    """Print what was asked and how long it took."""
    print(
        f"\n{len(asked)} queries of 1 to 8 characters; {answers.without_hit} are found nowhere, a query matches "
        f"{statistics.median(answers.hits):.0f} articles at the median and {max(answers.hits)} at most.\n"
    )
    print(
        f'- queries with other articles than LIKE (`*"…"*`, inside of words too): **{answers.differences}**'
    )
    print(
        f"- queries with other articles than a regular expression by whole words: **{answers.by_word_differences}**"
    )
    print(f"- counts that are not the number of matches: {answers.counts_wrong}")
    for index in INDEXES:
        print(f"- {index.name}: {index.missed} queries miss articles, {index.false} find wrong ones")
    print("\nms, p50 / p95, by characters of the query:\n")
    print(f"| | {' | '.join(name for name, _ in GROUPS)} |")
    print("|---" * (len(GROUPS) + 1) + "|")
    rows = answers.times | {f"{index.name}, every match": index.times for index in INDEXES}
    for name, times in rows.items():
        print(f"| {name} | {' | '.join(_cells(times, lengths) for _, lengths in GROUPS)} |")


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--queries", type=int, default=500)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "archive.db"
        progress("writing articles")
        size, before = fill(path, arguments.articles)
        plain = Path(name) / "plain.db"
        plain.write_bytes(path.read_bytes())
        with closing(sqlite3.connect(plain, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            late_plain = store_late(connection, arguments.articles)
        plain.unlink()
        progress("indexing")
        start = time.process_time()
        Archive(path).close()
        cpu, indexed = time.process_time() - start, path.stat().st_size - before
        with Archive(path) as archive:
            others = {}
            for index in INDEXES:
                progress(f"indexing: {index.name}")
                others[index.name] = build(index, Path(name), archive.connection)
            answers = ask_all(archive, others, list(queries(arguments.queries, arguments.articles)))
            late = store_late(archive.connection, arguments.articles)
        print(f"{arguments.articles} articles, {size / 1e6:.0f} MB of text in UTF-8\n")
        print("| index | share of the text | CPU ms an article, filled at once |")
        print("|---|---|---|")
        print(f"| pairs of units (ours) | {indexed / size:.2f} | {cpu / arguments.articles * 1000:.2f} |")
        for index in INDEXES:
            print(f"| {index.name} | {index.size / size:.2f} | {index.cpu / arguments.articles * 1000:.2f} |")
        print(
            f"\nStored one a transaction into the full archive: {late * 1000:.2f} ms of CPU an article, "
            f"without the index {late_plain * 1000:.2f} ms."
        )
        report(answers, list(queries(arguments.queries, arguments.articles)))
        for connection in others.values():
            connection.close()


if __name__ == "__main__":
    main()
