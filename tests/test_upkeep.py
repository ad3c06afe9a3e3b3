"""Backups while crawls write, room given back, and a doctor that finds what is wrong."""

import gzip
import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard

from dzwcrawl.archive import crawls
from dzwcrawl.archive import doctor as doctors
from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.archive.backup import backup
from dzwcrawl.archive.doctor import Finding, examine
from dzwcrawl.archive.store import store
from dzwcrawl.archive.vacuum import sizes, vacuum
from dzwcrawl.article import RawPage
from tests.conftest import ROOT, crawl_command, crawl_environment, make_article
from tests.replica import running
from tests.test_migrations import DUMPS, restore
from tests.torture import small_disk

TEXT = "七月八日上午，青石县白浪镇的第三座风车开始转动，岸边围了两百多人，有人带了板凳。"


def fill(path: Path, number: int = 30) -> Path:
    """Make an archive with articles of a crawl that has ended."""
    with Archive(path, create=True) as archive:
        crawl = crawls.begin(archive, "s")
        for n in range(number):
            article = make_article(*(f"{n}{TEXT}{line}" for line in range(40)))
            assert article.url is not None
            store(archive, article, key=article.url, crawl=crawl)
        crawls.end(archive, crawl, "finished", 0, {})
    return path


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    return fill(tmp_path / "archive.db")


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dzwcrawl", *arguments],
        cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"DZWCRAWL_CONTACT": "tests@example.org"} | environment,
    )  # fmt: skip


def articles(path: Path) -> dict[int, tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id, url, title, first_seen, text_digest FROM articles")
        return {row[0]: row for row in rows}


def value(path: Path, sql: str) -> Any:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchone()[0]


def damage(path: Path) -> None:
    """Overwrite pages in the middle of a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 8)


# Backups


def test_a_backup_during_four_crawls_has_every_article_committed_before(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    # One of the hosts wants a day between two requests: no crawl is over before it is stopped.
    with running(articles=240, crawl_delay=86_400) as served:
        urls = [row["url"] for row in served.world.truth() if row["kind"] == "article"]
        environment = crawl_environment(tmp_path, served)
        started = []
        for part in range(4):
            command_line = crawl_command("urls", archive, "-a", f"url={' '.join(urls[part::4])}")
            command_line += ["-s", "DOWNLOAD_DELAY=1", "--nolog"]
            started.append(subprocess.Popen(command_line, cwd=ROOT, env=environment))
        try:
            before: list[dict[int, tuple[Any, ...]]] = []
            for number in range(3):
                while not archive.is_file() or not (
                    archive.stat().st_size and has(archive, 6 * (number + 1))
                ):
                    assert [process.poll() for process in started] == [None] * 4
                    time.sleep(0.05)
                before.append(articles(archive))
                done = command("backup", str(tmp_path / f"{number}.db"), "--archive", str(archive))
                assert done.returncode == 0, done.stderr
                assert [process.poll() for process in started] == [None] * 4
        finally:
            for process in started:
                process.send_signal(signal.SIGINT)
            assert [process.wait() for process in started] == [11] * 4
    for number, there in enumerate(before):
        restored = Path(shutil.copy(tmp_path / f"{number}.db", tmp_path / "restored.db"))
        assert value(restored, "PRAGMA integrity_check") == "ok"
        assert there.items() <= articles(restored).items()
        assert value(restored, "SELECT count(*) FROM crawls WHERE finished IS NULL") == 4
        assert command("stats", "--archive", str(restored)).returncode == 0
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def has(path: Path, number: int) -> bool:
    try:
        return bool(value(path, "SELECT count(*) FROM articles") >= number)
    except sqlite3.OperationalError:  # the tables are being made
        return False


@pytest.mark.parametrize("suffix", ["", ".zst", ".gz"])
def test_a_backup_comes_back_as_it_was(suffix: str, filled: Path, tmp_path: Path) -> None:
    filled.chmod(0o640)
    target = tmp_path / f"backup.db{suffix}"
    made = backup(filled, target)
    assert (made.articles, made.crawls, made.size) == (30, 1, target.stat().st_size)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    restored = tmp_path / "restored.db"
    packed = target.read_bytes()
    if suffix == ".zst":
        packed = zstandard.ZstdDecompressor().stream_reader(packed).read()
    elif suffix == ".gz":
        packed = gzip.decompress(packed)
    restored.write_bytes(packed)
    assert value(restored, "PRAGMA journal_mode") == "delete", "one file, with nothing beside it"
    with Archive(restored, create=True) as archive, Archive(filled) as original:
        query = "SELECT * FROM articles ORDER BY id"
        assert [tuple(row) for row in archive.connection.execute(query)] == [
            tuple(row) for row in original.connection.execute(query)
        ]
        assert archive.query_value("PRAGMA journal_mode") == "wal", "a crawl writes it as any archive"
    again = backup(filled, target)
    assert again.articles == 30


def test_a_demo_stays_a_demo_and_an_old_schema_old(tmp_path: Path) -> None:
    Archive(tmp_path / "demo.db", create=True, demo=True).close()
    backup(tmp_path / "demo.db", tmp_path / "copy.db")
    with pytest.raises(ArchiveError, match="make demo"):
        Archive(tmp_path / "copy.db", create=True)
    old = restore(DUMPS[0], tmp_path / "old.db")
    assert backup(old, tmp_path / "old-copy.db").articles == 22
    assert (
        value(tmp_path / "old-copy.db", "SELECT group_concat(name) FROM _sqlite_migrations")
        == "m001_articles"
    )


def test_a_backup_never_takes_the_place_of_the_archive(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(filled)
    os.link(filled, tmp_path / "hard.db")
    for name, says in (
        ("archive.db", "is the archive itself"),
        ("link.db", "is the archive itself"),
        ("hard.db", "is the archive itself"),
        ("archive.db-wal", "is the archive itself"),
        ("none/backup.db", "there is no folder"),
        ("", "is a folder"),
    ):
        done = command("backup", str(tmp_path / name), "--archive", str(filled), "--replace")
        assert (done.returncode, says in " ".join(done.stderr.split())) == (1, True), done.stderr
    assert len(articles(filled)) == 30


@pytest.mark.parametrize("name", ["backup.db", "backup.db.zst"])
def test_what_is_newer_or_no_backup_is_not_replaced(
    name: str, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, target = tmp_path / "earlier.db", tmp_path / name
    backup(filled, earlier)
    monkeypatch.setenv("DZWCRAWL_NOW", "2099-01-01T00:00:00+00:00")
    fill(filled, 3)
    backup(filled, target)
    was = target.read_bytes()
    with pytest.raises(ArchiveError, match="is newer than the archive: its last crawl is of 2099-01-01"):
        backup(earlier, target)
    assert target.read_bytes() == was
    assert backup(earlier, target, replace=True).articles == 30
    target.write_bytes(b"somebody's letters")
    with pytest.raises(ArchiveError, match="is there and no backup"):
        backup(filled, target)
    assert target.read_bytes() == b"somebody's letters"


def test_so_many_backups_stay(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for number in range(4):
        fill(filled, 1)
        assert backup(filled, folder / "a.db", keep=3).articles == 31 + number
    assert {path.name: len(articles(path)) for path in folder.iterdir()} == {
        "a.db": 34, "a.db.1": 33, "a.db.2": 32,
    }  # fmt: skip


def test_a_damaged_archive_leaves_the_last_backup_alone(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    backup(filled, target)
    was = target.read_bytes()
    damage(filled)
    done = command("backup", str(target), "--archive", str(filled))
    assert done.returncode == 1 and "dzwcrawl doctor" in done.stderr, done.stderr
    assert target.read_bytes() == was
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_backup_killed_on_its_way_leaves_the_last_one_whole(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "a.db"
    target.parent.mkdir()
    backup(filled, target)
    fill(filled, 10)
    process = subprocess.Popen(
        [sys.executable, "-m", "dzwcrawl", "backup", str(target), "--archive", str(filled)],
        cwd=ROOT, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while len(list(target.parent.iterdir())) < 2 and process.poll() is None:
        pass
    process.kill()
    process.wait()
    assert value(target, "PRAGMA integrity_check") == "ok"
    assert len(articles(target)) in (30, 40)
    assert backup(filled, target).articles == 40


def test_a_disk_that_is_full_leaves_the_last_backup_alone(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    backup(filled, target)
    was = target.read_bytes()

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(was) // 2, len(was) // 2))

    done = subprocess.run(
        [sys.executable, "-m", "dzwcrawl", "backup", str(target), "--archive", str(filled)],
        cwd=ROOT, capture_output=True, text=True, preexec_fn=limit,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert target.read_bytes() == was
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_no_room_is_told_before_anything_is_written(filled: Path) -> None:
    with small_disk(f"{filled.stat().st_size // 2}") as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here")
        with pytest.raises(ArchiveError, match=r"no room for .*: it takes up to"):
            backup(filled, disk / "backup.db")
        assert list(disk.iterdir()) == []


# Vacuum


def empty(path: Path) -> None:
    with Archive(path) as archive, archive.transaction():
        archive.connection.execute("DELETE FROM urls WHERE article > 5")
        archive.connection.execute("DELETE FROM articles WHERE id > 5")


def test_a_vacuum_gives_room_back_and_changes_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive(path, create=True, demo=True).close()
    with Archive(path, create=True, demo=True) as archive:
        for _ in range(300):
            article = make_article(*(f"{TEXT}{line}" for line in range(40)))
            store(archive, article, key=article.url or "")
    application = value(path, "PRAGMA application_id")
    empty(path)
    kept = articles(path)
    with Archive(path) as archive:
        before = sizes(archive)
        assert before.unused > before.file / 2
    done = command("vacuum", "--archive", str(path))
    assert done.returncode == 0 and done.stdout.startswith("before: "), done.stderr
    with Archive(path) as archive:
        after = sizes(archive)
        assert after.file < before.file / 2 and (after.unused, after.log) == (0, 0)
        assert archive.query_value("PRAGMA integrity_check") == "ok"
        assert archive.query_value("PRAGMA journal_mode") == "wal"
    assert articles(path) == kept and len(kept) == 5
    assert value(path, "PRAGMA application_id") == application != 0
    again = command("vacuum", "--archive", str(path))
    assert again.returncode == 0 and "so the file stays" in again.stdout


def test_a_vacuum_waits_for_no_crawl_and_no_reader_but_says_who_it_is(filled: Path) -> None:
    empty(filled)
    was = value(filled, "PRAGMA page_count")
    with Archive(filled) as archive:
        crawl = crawls.begin(archive, "dzwww")
        done = command("vacuum", "--archive", str(filled))
        assert done.returncode == 1 and f"dzwww (process {os.getpid()} on" in done.stderr
        crawls.end(archive, crawl, "finished", 0, {})
        with closing(sqlite3.connect(filled, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM articles").fetchone()
            with archive.transaction():
                archive.connection.execute("UPDATE urls SET last_seen = last_seen")
            archive.connection.execute("PRAGMA busy_timeout = 50")
            with pytest.raises(ArchiveError, match="somebody still reads an old state"):
                vacuum(archive)
        assert value(filled, "PRAGMA page_count") == was
        assert vacuum(archive)


def test_a_vacuum_without_room_says_so(filled: Path) -> None:
    with small_disk(f"{filled.stat().st_size * 5 // 2}") as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here")
        with Archive(shutil.copy(filled, disk)) as archive:
            with pytest.raises(ArchiveError, match="no room to write"):
                vacuum(archive, full=True)
            assert archive.query_value("PRAGMA integrity_check") == "ok"


# Doctor


def found(path: Path, check: str, *, full: bool = False) -> Finding:
    """Return what the doctor says of one thing."""
    (finding,) = [each for each in examine(path, full=full) if each.check == check]
    return finding


def test_a_sound_archive(filled: Path) -> None:
    findings = list(examine(filled, full=True))
    assert {each.state for each in findings} == {"ok"}, findings
    checks = {each.check for each in findings}
    assert checks >= {
        "sqlite",
        "libraries",
        "permissions",
        "file",
        "schema",
        "disk",
        "log",
        "crawls",
        "clock",
    }
    done = command("doctor", "--json", "--archive", str(filled))
    assert done.returncode == 0, done.stdout
    assert {each["check"] for each in json.loads(done.stdout)} == checks | {"settings"}


@pytest.mark.parametrize(
    ("given", "state", "code"), [("", "missing", 0), ("me", "wrong", 1), ("me@example.org", "ok", 0)]
)
def test_a_contact_is_missing_or_wrong_or_fine(filled: Path, given: str, state: str, code: int) -> None:
    done = command("doctor", "--archive", str(filled), DZWCRAWL_CONTACT=given)
    assert (done.returncode, done.stdout.split()[:2]) == (code, [state, "settings"])
    assert ("export DZWCRAWL_CONTACT=" in done.stdout) == (state != "ok")


def _missing(path: Path) -> None:
    path.unlink()


def _no_database(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 999)


def _another_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")


def _sql(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)

    return change


@pytest.mark.parametrize(
    ("harm", "check", "text", "advice"),
    [
        (_missing, "archive", "there is no archive at", "run a crawl"),
        (_no_database, "archive", "file is not a database", "put the last backup in its place"),
        (_another_database, "schema", "no archive of dzwcrawl", "--archive"),
        (damage, "file", "is damaged", "put the last backup in its place"),
        (_sql("UPDATE urls SET article = 999 WHERE article = 3"), "file", "1 row leads to rows", "changed the file by hand"),
        (
            _sql("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('dzwcrawl', 'm999', '')"),
            "schema", "a newer dzwcrawl has written it (m999)", "install that version",
        ),
        (
            _sql("UPDATE crawls SET started = '2099-01-01T00:00:00+00:00', finished = NULL"),
            "clock", "the archive has a crawl of", "set the clock",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(
    harm: Callable[[Path], None], check: str, text: str, advice: str, filled: Path
) -> None:
    harm(filled)
    finding = found(filled, check)
    assert (finding.state, text in finding.text, advice in (finding.advice or "")) == ("wrong", True, True), (
        finding
    )


def test_an_index_that_lacks_an_article_is_found(filled: Path) -> None:
    with Archive(filled) as archive:
        archive.connection.execute("DELETE FROM search_docsize WHERE id = 7")
    finding = found(filled, "search")
    assert finding.state == "wrong" and "1 article is not in the search index" in finding.text
    assert command("search", "--rebuild", "--archive", str(filled)).returncode == 0
    assert found(filled, "search", full=True).state == "ok"


def test_something_wrong_is_told_by_the_exit_code(filled: Path) -> None:
    damage(filled)
    done = command("doctor", "--archive", str(filled))
    assert (done.returncode, done.stderr) == (1, "")
    assert "wrong   file " in done.stdout and "-> put the last backup in its place" in done.stdout


def test_an_old_schema_is_noted_and_left(tmp_path: Path) -> None:
    path = restore(DUMPS[2], tmp_path / "archive.db")
    was = path.read_bytes()
    finding = found(path, "schema")
    assert finding.state == "note" and finding.text.startswith("of an earlier version: m005_revision_changes")
    assert command("doctor", "--archive", str(path)).returncode == 0
    assert path.read_bytes() == was


def test_a_crawl_that_died_is_noted_with_what_it_held(filled: Path) -> None:
    code = (
        "import os, signal, sys\nfrom dzwcrawl.archive import crawls, ledger\nfrom dzwcrawl.archive.archive import Archive\n"
        "with Archive(sys.argv[1]) as archive:\n"
        "    ledger.find(archive, 's', [('http://x.cn/a', 'a')], None, crawls.begin(archive, 's'))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(filled)], cwd=ROOT)
    died, none = (each for each in examine(filled) if each.check == "crawls")
    assert died.state == "note" and "crawl 2 of s died" in died.text and "it had 1 URL to fetch" in died.text
    assert none.text == "no crawl is running"


def test_a_clock_that_servers_contradict_is_wrong(filled: Path) -> None:
    with Archive(filled) as archive:
        article = make_article(TEXT, title="时钟")
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\n"
        article.pages = [RawPage(article.url or "", "2026-11-20T12:40:00+00:00", head, b"<html>")]
        store(archive, article, key="clock", crawl=crawls.begin(archive, "s"))
    finding = found(filled, "clock")
    assert (finding.state, "0:40:00 ahead of what servers said" in finding.text) == ("wrong", True), finding


def test_half_written_files_articles_of_the_future_and_open_permissions_are_noted(filled: Path) -> None:
    old, young = filled.parent / ".all.jsonl.a1_b2c3d", filled.parent / ".all.jsonl.b1_b2c3d"
    for path in (old, young):
        path.write_bytes(b"")
    os.utime(old, (1, 1))
    _sql("UPDATE articles SET published = '2099-01-01' WHERE id = 3")(filled)
    filled.chmod(0o666)
    notes = {each.check: each.text for each in examine(filled) if each.state == "note"}
    assert set(notes) == {"half-written", "dates", "permissions"}, notes
    assert "1 file " in notes["half-written"] and old.name in notes["half-written"]
    assert "3 (2099-01-01)" in notes["dates"] and "(666)" in notes["permissions"]
    assert command("doctor", "--archive", str(filled)).returncode == 0


def test_a_log_that_nobody_can_empty_is_noted(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        fill(filled, 5)
        monkeypatch.setattr(doctors, "_LONG_LOG", 10_000)
        finding = found(filled, "log")
        assert finding.state == "note" and "somebody reads an old state" in finding.text


def test_a_disk_that_fills_up_is_told_in_time(filled: Path) -> None:
    with small_disk(f"{filled.stat().st_size * 3}") as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here")
        finding = found(Path(shutil.copy(filled, disk)), "disk")
        assert finding.state == "wrong" and "make room now" in (finding.advice or "")
