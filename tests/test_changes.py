"""What a consumer is told: every change once, whoever writes when, and nothing at all when an export is killed."""

import csv
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dzwcrawl.archive import cursor as cursors
from dzwcrawl.archive import visits
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.changes import Change, changes, last_change
from dzwcrawl.archive.cursor import Cursor, CursorError, Held
from dzwcrawl.archive.export import export_changes, records
from dzwcrawl.archive.forget import forget
from dzwcrawl.archive.reclean import relearn
from dzwcrawl.archive.rows import RECORD_COLUMNS, from_row, record_of
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.archive.store import replace as put_in_place
from dzwcrawl.article import RECORD_FIELDS, Article, record
from tests.conftest import ROOT, make_article

TEXTS = [
    "渡口的旧船坞拆到第三天，工人们在梁上找到一只铁皮盒子。",
    "盒子里面是四十年前的船票和一张手绘的河图。",
    "图上标着六处暗礁，至今还有两处在水下。",
]


def again(archive: Archive, number: int, **fields: Any) -> Article:
    """Return a stored article as if it was fetched again, with other fields."""
    row = archive.connection.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchone()
    fetched = replace(from_row(row), id=None, first_seen=None, last_seen=None, **fields)
    if "body" in fields:
        fetched.blocks = make_article(fields["body"]).blocks
    return fetched


def put(archive: Archive, article: Article) -> None:
    store(archive, article, key=article.url or "")


def kinds(archive: Archive, after: int) -> dict[int, str]:
    return {change.id: change.kind for change in changes(archive, after)}


def missed(archive: Archive, number: int) -> None:
    with archive.transaction():
        visits.missed(archive, number, "HTTP 404", 404, absent=True)


def test_every_kind_of_change_and_no_other(archive: Archive) -> None:
    put(archive, make_article(TEXTS[0]))
    put(archive, make_article(TEXTS[1]))
    assert kinds(archive, 0) == {1: "new", 2: "new"}
    here = last_change(archive)
    put(archive, again(archive, 1))
    visits.unchanged(archive, 1)
    archive.connection.execute(
        "UPDATE articles SET last_seen = '2026-01-01T00:00:00+00:00', title = title WHERE id = 1"
    )
    assert last_change(archive) == here, "an article that is merely met again has not changed"
    put(archive, again(archive, 1, source="新华社"))
    assert kinds(archive, here) == {1: "refreshed"}
    put(archive, again(archive, 1, body=TEXTS[2]))
    assert kinds(archive, here) == {1: "revised"}
    missed(archive, 1)
    assert kinds(archive, here) == {1: "vanished"}
    put(archive, again(archive, 1))
    assert kinds(archive, here) == {1: "returned"}
    put(archive, make_article(TEXTS[2], day="2024-04-01"))
    told = list(changes(archive, here))
    assert {(change.id, change.kind) for change in told} == {(3, "new"), (1, "returned")}
    assert [change.seq for change in told] == sorted(change.seq for change in told)
    archive.connection.execute("DELETE FROM articles WHERE id = 2")
    assert list(changes(archive, told[-1].seq)) == [Change(last_change(archive), "forgotten", 2, None)]
    assert archive.query_value("SELECT count(*) FROM changes") == 3


@pytest.mark.parametrize("name", [name for name in RECORD_FIELDS if name not in ("id", "last_seen")])
def test_every_field_of_the_record_makes_a_change(archive: Archive, name: str) -> None:
    put(archive, make_article(TEXTS[0]))
    put(archive, make_article(TEXTS[1]))
    here = last_change(archive)
    kind = archive.query_value("SELECT type FROM pragma_table_info('articles') WHERE name = ?", (name,))
    for value in (2, 1) if kind == "INTEGER" else ('{"date": "2024-01-01"}', '["x"]'):
        archive.connection.execute(f"UPDATE articles SET {name} = ? WHERE id = 1", (value,))
        here += 1
        assert last_change(archive) == here


def test_cleaning_and_reextraction_are_told(archive: Archive) -> None:
    for number in range(12):
        put(
            archive, make_article(f"{TEXTS[0]}{number}", "欢迎订阅本报手机版", day=f"2024-05-{number + 1:02}")
        )
    here = last_change(archive)
    assert relearn(archive, "s", derive_again) > 0
    told = kinds(archive, here)
    assert told and set(told.values()) == {"refreshed"}
    here = last_change(archive)
    old = from_row(archive.connection.execute("SELECT * FROM articles WHERE id = 1").fetchone())
    with archive.transaction():
        put_in_place(archive, old, replace(old, title="另一个标题"))
    assert kinds(archive, here) == {1: "refreshed"}


def test_a_statement_that_ignores_conflicts_is_told_too(archive: Archive) -> None:
    put(archive, make_article(TEXTS[0]))
    archive.connection.execute("UPDATE OR IGNORE articles SET title = 'a'")
    archive.connection.execute(
        "INSERT OR IGNORE INTO articles (site, url, canonical_url, body, first_seen, last_seen, template, layout, rules, "
        "notes) VALUES ('s', 'http://x.cn/2', '', '', '', '', '', '[]', '{}', '[]')"
    )
    archive.connection.execute("UPDATE OR REPLACE articles SET title = 'b'")
    assert kinds(archive, 0) == {1: "new", 2: "new"}
    assert last_change(archive) == 5


def test_an_archive_of_an_earlier_version_begins_with_all_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive(path, create=True) as archive:
        for text in TEXTS:
            put(archive, make_article(text))
        archive.connection.execute("DELETE FROM articles WHERE id = 2")
        for kind, names in (
            ("TRIGGER", ("changes_new", "changes_update", "changes_delete", "drafts_delete")),
            ("TABLE", ("changes", "identity", "tombstone_keys", "tombstones")),
        ):
            for name in names:
                archive.connection.execute(f"DROP {kind} {name}")
        archive.connection.execute("DELETE FROM _sqlite_migrations WHERE name >= 'm011' AND name < 'm013'")
    with Archive(path) as archive:
        assert kinds(archive, 0) == {1: "new", 3: "new"}
        here = last_change(archive)
        put(archive, again(archive, 3, source="新华社"))
        assert kinds(archive, here) == {3: "refreshed"}
        name = archive.query_value("SELECT archive FROM identity")
    with Archive(path) as archive:
        assert archive.query_value("SELECT archive FROM identity") == name != ""


def test_numbers_of_articles_are_never_given_again(archive: Archive) -> None:
    for text in TEXTS[:2]:
        put(archive, make_article(text))
    archive.connection.execute("DELETE FROM articles WHERE id = 2")
    article = make_article(TEXTS[2])
    put(archive, article)
    assert article.id == 3


def test_a_row_gives_the_record_of_its_article(archive: Archive) -> None:
    article = make_article(*TEXTS, "订阅")
    article.authors, article.videos = ["赵七"], ["http://x.cn/1.mp4"]
    put(archive, article)
    row = archive.connection.execute("SELECT * FROM articles").fetchone()
    values = archive.connection.execute(f"SELECT {RECORD_COLUMNS} FROM articles").fetchone()
    assert list(record_of(values).items()) == list(record(from_row(row)).items())


class Consumer:
    """Holds a copy of what it was told."""

    def __init__(self, folder: Path, name: str, **filters: Any) -> None:
        self.cursor, self.out, self.filters = folder / f"{name}.cursor", folder / f"{name}.jsonl", filters
        self.copy: dict[int, dict[str, Any]] = {}

    def ask(self, archive: Archive, at_most: int = -1) -> list[dict[str, Any]]:
        export_changes(
            archive, self.cursor, str(self.out), fields=RECORD_FIELDS, at_most=at_most, **self.filters
        )
        lines = [json.loads(line) for line in self.out.read_text(encoding="utf-8").splitlines()]
        assert len({line["id"] for line in lines}) == len(lines)
        for line in lines:
            if "removed" in line:
                assert set(line) == {"id", "url", "url_sha256", "removed"}
                del self.copy[
                    line["id"]
                ]  # it was told of it before: nothing is removed that it does not have
            else:
                self.copy[line["id"]] = line
        return lines

    def check(self, archive: Archive) -> None:
        vanished = dict(archive.connection.execute("SELECT id, vanished FROM articles").fetchall())
        there = records(archive, **self.filters)
        expected = {row["id"]: row | {"vanished": vanished[row["id"]]} for row in there}
        for row in (*self.copy.values(), *expected.values()):
            row.pop("last_seen", None)
        assert self.copy == expected


WHAT = ["new", "copy", "revise", "refresh", "date", "meet", "vanish", "forget", "reclean", "ask", "ask"]
OPERATIONS = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 7), st.integers(1, 3)), min_size=3, max_size=22
)


@settings(max_examples=60, deadline=None)
@given(OPERATIONS)
def test_any_interleaving_leaves_each_consumer_with_the_final_state(
    operations: list[tuple[str, int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as name, Archive(Path(name) / "a.db", create=True) as archive:
        folder = Path(name)
        consumers = [
            Consumer(folder, "all"),
            Consumer(folder, "late"),
            Consumer(folder, "site", site="b"),
            Consumer(folder, "days", since="2024-05", until="2024-05-31"),
            Consumer(folder, "originals", duplicates=False, query="船"),
        ]
        for operation, which, how in operations:
            _do(archive, operation, which, how, consumers)
        for consumer in consumers:
            consumer.ask(archive)
            consumer.check(archive)
            assert consumer.ask(archive) == []


def _do(archive: Archive, operation: str, which: int, how: int, consumers: list[Consumer]) -> None:
    if operation == "ask":
        consumers[which % len(consumers)].ask(archive, (-1, 1, 3)[how - 1])
        return
    there = [row[0] for row in archive.connection.execute("SELECT id FROM articles ORDER BY id")]
    number = there[which % len(there)] if there else None
    day = f"2024-{4 + how % 2:02}-{1 + which:02}"
    if operation in ("new", "copy") or number is None:
        text = TEXTS[how - 1] if operation == "copy" else f"{TEXTS[0]}，第{len(there)}次，{which}。"
        put(archive, make_article(text, day=day, site="ab"[which % 2]))
    elif operation == "revise":
        put(archive, again(archive, number, body=f"{TEXTS[how - 1]}更正：{which}。", title=f"新题{which}"))
    elif operation == "refresh":
        put(archive, again(archive, number, source=f"来源{which}", keywords=["船"]))
    elif operation == "date":
        put(archive, again(archive, number, published=day))
    elif operation == "meet":
        visits.unchanged(archive, number)
    elif operation == "vanish":
        missed(archive, number)
    elif operation == "forget":
        forget(archive, [number])
    else:
        relearn(archive, "ab"[which % 2], derive_again)


def test_a_reader_sees_one_state_while_others_write(archive: Archive, tmp_path: Path) -> None:
    for number in range(5):
        put(archive, make_article(f"{TEXTS[0]}{number}"))
    consumer, here = Consumer(tmp_path, "all"), last_change(archive)
    with Archive(archive.path) as reader, reader.snapshot():
        assert reader.query_value("SELECT count(*) FROM articles") == 5
        put(archive, make_article(TEXTS[1]))
        put(archive, again(archive, 1, body=TEXTS[2]))
        assert last_change(reader) == here < last_change(archive)
        assert [row["revision"] for row in records(reader)] == [1] * 5
    consumer.ask(archive)
    consumer.check(archive)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_removal_in_a_table(archive: Archive, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
    put(archive, make_article(TEXTS[0]))
    put(archive, make_article(TEXTS[1]))
    out, rows = tmp_path / f"a.{form}", []
    for _ in range(2):
        export_changes(archive, tmp_path / "c", str(out), fields=["title", "id"], format=form)
        if form == "csv":
            with out.open(encoding="utf-8", newline="") as file:
                rows.append([{k: v or None for k, v in row.items()} for row in csv.DictReader(file)])
        else:
            rows.append(import_module("pyarrow.parquet").read_table(out).to_pylist())
        forget(archive, [1])
    assert [*rows[0][0]] == ["id", "title", "vanished", "url", "url_sha256", "removed"]
    assert [str(row["id"]) for row in rows[0]] == ["1", "2"] and rows[0][0]["removed"] is None
    (gone,) = rows[1]
    assert str(gone["id"]) == "1" and gone["title"] is gone["url"] is None and gone["removed"]


def test_portions(archive: Archive, tmp_path: Path) -> None:
    for number in range(5):
        put(archive, make_article(f"{TEXTS[0]}{number}"))
    consumer = Consumer(tmp_path, "all")
    assert [len(consumer.ask(archive, 2)) for _ in range(4)] == [2, 2, 1, 0]
    consumer.check(archive)


def test_the_set_of_what_is_held() -> None:
    held = Held()
    for number in (1, 8, 9, 1000):
        held.set(number, True)
    held.set(8, False)
    held.set(5000, False)
    there = Held(held.packed())
    assert [number for number in range(1, 6000) if number in there] == [1, 9, 1000]


def test_a_cursor_of_other_things_is_refused(archive: Archive, tmp_path: Path) -> None:
    put(archive, make_article(TEXTS[0]))
    consumer = Consumer(tmp_path, "all", site="s")
    consumer.ask(archive)
    before = consumer.cursor.read_bytes()
    usual: dict[str, Any] = {"fields": RECORD_FIELDS, "site": "s"}
    for change, message in (
        ({"site": "t"}, "other options .site s."),
        ({"since": "2024"}, "other options .since not given."),
        ({"schema": "zyte", "fields": ["url"]}, "schema record"),
        ({"fields": ["title"]}, "fields not given"),
    ):
        with pytest.raises(CursorError, match=message):
            export_changes(archive, consumer.cursor, "-", **(usual | change))
    with (
        Archive(tmp_path / "other.db", create=True) as other,
        pytest.raises(CursorError, match="another archive"),
    ):
        consumer.ask(other)
    archive.connection.execute("UPDATE identity SET last_change = 0")
    with pytest.raises(CursorError, match="older copy"):
        consumer.ask(archive)
    assert consumer.cursor.read_bytes() == before
    for broken in (b"", b"{}", b"[1]", b'{"format": "x"}', before.replace(b'"held": "', b'"held": "?')):
        consumer.cursor.write_bytes(broken)
        with pytest.raises(CursorError, match="is no cursor"):
            consumer.ask(archive)
        assert consumer.cursor.read_bytes() == broken


def test_a_cursor_that_cannot_be_written_is_named_and_stays(archive: Archive, tmp_path: Path) -> None:
    cursor, target = tmp_path / "cursor", tmp_path / "none.jsonl"
    export_changes(archive, cursor, str(target), fields=["id"])
    before = cursor.read_bytes()
    target.unlink()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (0, limits[1])
    )  # a disk that is full: an empty output still fits
    try:
        with pytest.raises(CursorError, match="cursor cannot be kept: File too large"):
            export_changes(archive, cursor, str(target), fields=["id"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert cursor.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir() if "archive" not in file.name} == {
        "cursor",
        ".cursor.lock",
    }


def test_one_export_with_a_cursor_at_a_time(archive: Archive, tmp_path: Path) -> None:
    consumer = Consumer(tmp_path, "all")
    with (
        cursors.opened(consumer.cursor, archive, {}),
        pytest.raises(CursorError, match="is running"),
    ):
        consumer.ask(archive)


@pytest.mark.parametrize("step", ["before the cursor", "after the cursor", "after the output"])
def test_killed_between_the_steps_nothing_is_missed_or_repeated(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    put(archive, make_article(TEXTS[0]))
    consumer = Consumer(tmp_path, "all")
    consumer.ask(archive)
    put(archive, make_article(TEXTS[1]))
    with monkeypatch.context() as patch:
        _die_at(step, patch)
        with pytest.raises(KeyboardInterrupt):
            export_changes(archive, consumer.cursor, str(consumer.out), fields=RECORD_FIELDS)
    put(archive, make_article(TEXTS[2]))
    # Under the same name an interrupted export is completed, and nothing else; the next one tells the rest.
    lines = [consumer.ask(archive), consumer.ask(archive)]
    told = [[line["id"] for line in each] for each in lines]
    assert told == ([[2, 3], []] if step == "before the cursor" else [[2], [3]])
    consumer.check(archive)


def _die_at(step: str, patch: pytest.MonkeyPatch) -> None:
    commit, save = Cursor.commit, Cursor.save

    def die_before(self: Cursor, *_: Path) -> None:
        raise KeyboardInterrupt

    def die_after(self: Cursor, temporary: Path, target: Path) -> None:
        commit(self, temporary, target)
        raise KeyboardInterrupt

    def die_later(self: Cursor, unfinished: tuple[str, str] | None = None) -> None:
        if unfinished is None:
            raise KeyboardInterrupt
        save(self, unfinished)

    if step == "after the output":
        patch.setattr(Cursor, "save", die_later)
    else:
        patch.setattr(Cursor, "commit", die_before if step == "before the cursor" else die_after)


def test_a_kill_leaves_the_old_file_and_the_cursor(archive: Archive, tmp_path: Path) -> None:
    put(archive, make_article(*TEXTS))
    consumer, packed = Consumer(tmp_path, "all"), tmp_path / "all.jsonl.gz"
    consumer.ask(archive)
    packed.write_bytes(b"the old file")
    before = {path: path.read_bytes() for path in (packed, consumer.cursor)}
    archive.connection.execute(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO articles (id, "
        "site, url, canonical_url, body, first_seen, last_seen, template, layout, rules, notes) SELECT i, 's', "
        "'http://x.cn/' || i, '', hex(randomblob(1000)), '', '', '', '[]', '{}', '[]' FROM n"
    )
    command = [sys.executable, "-m", "dzwcrawl", "export", "--archive", archive.path]
    command += ["--since-cursor", consumer.cursor, "-o", packed]
    # 20 MB that do not compress take gzip a second or more: it is killed when the first of them are on the disk.
    process = subprocess.Popen([*map(str, command)], cwd=ROOT, env=os.environ | {"PYTHONWARNINGS": "error"})
    while not any(path.stat().st_size for path in tmp_path.glob(".all.jsonl.gz.*")):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert {path: path.read_bytes() for path in before} == before
    assert len(consumer.ask(archive)) == 9999
    consumer.check(archive)


def test_exports_killed_at_any_moment_neither_miss_nor_repeat(archive: Archive, tmp_path: Path) -> None:
    for number in range(150):
        put(archive, make_article(f"{TEXTS[0]}{number}", *TEXTS))
    consumer, took = Consumer(tmp_path, "all"), 0.0
    killed = 0
    for turn in range(14):
        out = tmp_path / f"changes-{turn:03}.jsonl"
        command = [sys.executable, "-m", "dzwcrawl", "export", "--archive", archive.path]
        command += ["--since-cursor", consumer.cursor, "-o", out]
        start = time.monotonic()
        process = subprocess.Popen([*map(str, command)], cwd=ROOT, stderr=subprocess.DEVNULL)
        if turn % 7:  # the others end, and tell how long that takes
            time.sleep(max(0.0, took * (0.7 + 0.05 * (turn % 7))))
            process.kill()
        was_killed = process.wait() == -signal.SIGKILL
        killed += was_killed
        if not turn % 7:
            took = time.monotonic() - start
        elif not was_killed:  # the machine was busier when it was measured
            took *= 0.7
        _apply_and_remove(consumer, tmp_path)
        number = 1 + turn % 40
        put(archive, again(archive, number, body=f"{TEXTS[1]}第{turn}回。"))
        put(archive, make_article(f"{TEXTS[2]}{turn}"))
        forget(archive, [100 + turn])
    export_changes(archive, consumer.cursor, str(tmp_path / "changes-999.jsonl"), fields=RECORD_FIELDS)
    _apply_and_remove(consumer, tmp_path)
    consumer.check(archive)
    assert killed


def _apply_and_remove(consumer: Consumer, folder: Path) -> None:
    """Apply the files that are there under their names, and refuse lines that tell nothing new."""
    for file in sorted(folder.glob("changes-*.jsonl")):
        for text in file.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            assert line != consumer.copy.get(line["id"]), "told twice"
            if "removed" in line:
                del consumer.copy[line["id"]]
            else:
                consumer.copy[line["id"]] = line
        file.unlink()
