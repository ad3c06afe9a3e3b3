"""Archives of every earlier schema, made by the code of their time (tests/schema_dump.py), opened by today's."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dzwcrawl.archive import originals, search
from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.archive.schema import migrations
from dzwcrawl.cli import main
from tests.conftest import ROOT, Crawl
from tests.replica import Running, running
from tests.schema_dump import ARTICLES, USUAL

DUMPS = sorted((ROOT / "tests" / "schemas").glob("m*.sql"))
OLDEST = DUMPS[0]


def restore(dump: Path, target: Path) -> Path:
    """Make the file that a dump was taken of: in WAL mode, as every archive is."""
    with closing(sqlite3.connect(target)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return target


def rows(path: Path, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a table."""
    with closing(sqlite3.connect(path)) as connection:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY 1")
        return [column[0] for column in cursor.description], cursor.fetchall()


def in_columns(path: Path, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1").fetchall()


@pytest.fixture(scope="module")
def replica() -> Iterator[Running]:
    with running(articles=ARTICLES, crawl_delay=0) as served:
        yield served


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dzwcrawl", *arguments], cwd=ROOT, capture_output=True, text=True
    )


def test_there_is_a_dump_of_every_schema_that_others_may_have() -> None:
    # m004 and m014 do not exist, m011 came with m012; m016 came before m011, and m015 last of these.
    numbers = (1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16)
    assert [dump.stem for dump in DUMPS] == [f"m{number:03d}" for number in numbers]


def tables(path: Path) -> list[str]:
    """Return the tables of a file but indexes, which are made of the others, and what m002 counts anew."""
    left_out = ("search", "fingerprints", "sentences", "fresh", "_sqlite", "sqlite_")
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
        ).fetchall()
    names = [name for (name,) in found if not name.startswith(left_out)]
    return [name for name in names if "sightings" not in names or name not in ("sightings", "blocks")]


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_an_old_archive_keeps_all_that_it_had(dump: Path, tmp_path: Path) -> None:
    path = restore(dump, tmp_path / "archive.db")
    before = {table: rows(path, table) for table in tables(path)}
    assert len(before["articles"][1]) == 22 and len(before["revisions"][1]) == 2
    with Archive(path) as archive:
        assert migrations.pending(archive.db) == []
        assert archive.query_value("PRAGMA integrity_check") == "ok"
        assert archive.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    for table, (columns, old) in before.items():
        # m006 makes young articles due; these dates are what it is there to set.
        kept = [column for column in columns if (table, column) != ("urls", "due")]
        places = [columns.index(column) for column in kept]
        now = in_columns(path, table, kept)
        assert sorted(now, key=repr) == sorted(
            (tuple(row[place] for place in places) for row in old), key=repr
        )


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_every_command_reads_an_old_archive(dump: Path, tmp_path: Path) -> None:
    path = restore(dump, tmp_path / "archive.db")
    with closing(sqlite3.connect(path)) as connection:
        (edited,) = connection.execute("SELECT min(article) FROM revisions").fetchone()
    for arguments in (
        ["stats", "--json"],
        ["show", "1", "--removed"],
        ["show", str(edited), "--revision", "1"],
        ["diff", str(edited)],
        ["boilerplate", "list", "dzwww"],
        ["boilerplate", "explain", "1"],
        ["reclean"],
        ["export", "-o", str(tmp_path / "all.jsonl")],
        ["export", "-o", str(tmp_path / "all.warc.gz")],
        ["search", "的"],
        ["reextract", "--dry-run", "--jobs", "1"],
    ):
        done = CliRunner().invoke(main, [*arguments, "--archive", str(path)])
        assert done.exit_code == 0, (arguments, done.output[-2000:], done.exception)
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 22 and all(json.loads(line)["title"] for line in lines)


def test_a_crawl_goes_on_with_the_oldest_archive(tmp_path: Path, crawl: Crawl, replica: Running) -> None:
    path = restore(OLDEST, tmp_path / "archive.db")
    before = in_columns(path, "articles", ["id", "url", "title"])
    done = crawl("dzwww", path, replica=replica)
    assert done.returncode in USUAL, done.stderr[-3000:]
    assert in_columns(path, "articles", ["id", "url", "title"])[: len(before)] == before
    with Archive(path) as archive:
        assert archive.query_value("SELECT count(*) FROM verdicts") > 0


def test_an_archive_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive(path, create=True).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('dzwcrawl', 'm999_later', '')"
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    was = path.read_bytes()
    for how in ({}, {"create": True}, {"read_only": True}):
        with pytest.raises(ArchiveError, match=r"written by a newer dzwcrawl \(m999_later is not known to"):
            Archive(path, **how)
    done = command("stats", "--archive", str(path))
    assert (done.returncode, "install that version" in done.stderr) == (1, True)
    assert path.read_bytes() == was


_MIGRATE = """
import os, signal, sqlite3, sys
from dzwcrawl.archive.archive import Archive
statements = 0
def killed(statement):
    global statements
    statements += 1
    if statements == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
class Traced(sqlite3.Connection):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.set_trace_callback(killed)
connect = sqlite3.connect
sqlite3.connect = lambda *args, **kwargs: connect(*args, **kwargs, factory=Traced)
Archive(sys.argv[1]).close()
print(statements)
"""


def migrate(path: Path, killed_at: int) -> subprocess.CompletedProcess[str]:
    """Open an archive in a process that is killed at its n-th statement; 0: never."""
    return subprocess.run(
        [sys.executable, "-c", _MIGRATE, str(path), str(killed_at)], cwd=ROOT, capture_output=True, text=True
    )


def schema(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()


def test_whatever_an_archive_was_its_tables_and_indexes_end_the_same(tmp_path: Path) -> None:
    paths = [restore(dump, tmp_path / f"{dump.stem}.db") for dump in DUMPS]
    for path in paths:
        with Archive(path) as archive:
            assert search.check(archive, sample=None) == []
            prints = "SELECT article, day, original, sentences FROM fingerprints ORDER BY 1"
            found = [tuple(row) for row in archive.connection.execute(prints)]
            with archive.transaction():
                originals.rebuild(archive.connection, archive.fresh)
            assert [tuple(row) for row in archive.connection.execute(prints)] == found != []
    Archive(tmp_path / "new.db", create=True).close()
    assert [schema(path) for path in paths] == [schema(tmp_path / "new.db")] * len(paths)


@pytest.mark.parametrize("dump", DUMPS[:-1], ids=lambda dump: dump.stem)
def test_a_migration_killed_at_any_point_leaves_the_old_schema_and_the_next_one_finishes_it(
    dump: Path, tmp_path: Path
) -> None:
    whole = restore(dump, tmp_path / "whole.db")
    done = migrate(whole, 0)
    assert done.returncode == 0, done.stderr
    number, points = int(done.stdout), 12 if dump == OLDEST else 3
    old = restore(dump, tmp_path / "old.db")
    before, had = schema(old), {table: rows(old, table) for table in tables(old)}
    outcomes = set()
    for killed_at in range(number // points, number, number // points):
        path = restore(dump, tmp_path / f"{killed_at}.db")
        assert migrate(path, killed_at).returncode == -signal.SIGKILL
        found = schema(path)
        assert found in (before, schema(whole))
        outcomes.add(found == before)
        if found == before:
            assert {table: rows(path, table) for table in tables(path)} == had
        with Archive(path) as archive:
            assert archive.query_value("PRAGMA integrity_check") == "ok"
        assert schema(path) == schema(whole)
        for table in set(tables(whole)) - {"identity"}:  # an archive's name is drawn when it gets one
            assert rows(path, table) == rows(whole, table)
    assert True in outcomes
