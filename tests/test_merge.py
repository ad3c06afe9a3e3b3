"""Archives of several machines made into one: as if all had been crawled into it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dzwcrawl.archive import ledger, pages, pins, tombstones
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.clusters import cluster_of
from dzwcrawl.archive.export import export_changes, records
from dzwcrawl.archive.forget import forget
from dzwcrawl.archive.history import at_revision, revisions
from dzwcrawl.archive.merge import merge
from dzwcrawl.archive.reclean import reclean, unjudged_sites
from dzwcrawl.archive.search import check, count
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.article import RECORD_FIELDS, Article, RawPage
from dzwcrawl.cli import main
from tests.conftest import Crawl, make_article
from tests.replica import running

BANNER = "欢迎扫码加入白浪镇读者群，和乡亲们聊聊"
_WORDS = "风车 渡口 白浪镇 木匠 麦子 叶片 农户 石桥 晒场 渔船 学堂 山路 集市 水塘 老井 戏台 果园 磨坊".split()


def article(number: int, site: str = "s", *, state: int = 1, at: str = "2026-05-01T08") -> Article:
    """Return an article as it was at a time; its states differ in one number."""
    words = random.Random(number).sample(_WORDS, len(_WORDS))
    lines = ["".join(f"{word}在{words[i - 3]}旁，" for word in words[i : i + 6]) for i in (0, 6, 12)]
    made = make_article(
        *lines[:2],
        f"{lines[2]}一天能磨{state}百斤。",
        BANNER,
        site=site,
        url=f"http://{site}.test/{number}.htm",
        title=f"{words[0]}{number}",
    )
    made.first_seen = made.last_seen = f"{at}:00:00+00:00"
    body = f"{number} {state}".encode() * 20
    made.pages = [RawPage(made.url or "", made.first_seen, "HTTP/1.1 200 OK\r\n", body)]
    return made


def keep(archive: Archive, made: Article) -> str:
    return store(archive, made, key=made.url or "")


def finish(archive: Archive) -> None:
    for site in unjudged_sites(archive):
        reclean(archive, site, derive_again)


def merged(target: Archive, *sources: Path) -> list[Counter[str]]:
    told = []
    for source in sources:
        with Archive(source, read_only=True) as other:
            told.append(merge(target, other, done=lambda _: None))
    finish(target)
    return told


def rows_of(archive: Archive) -> dict[str, dict[str, Any]]:
    """Return the records by URL, with URLs in the place of ids."""
    rows = list(records(archive))
    urls = {row["id"]: row["url"] for row in rows} | {None: None}
    return {
        row["url"]: row | {name: urls[row[name]] for name in ("id", "duplicate_of", "cluster")}
        for row in rows
    }


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, *articles: Article) -> Path:
        with Archive(tmp_path / name, create=True) as archive:
            for each in articles:
                keep(archive, each)
            finish(archive)
        return tmp_path / name

    return make


def test_two_outlets_become_one_archive(made: Callable[..., Path], archive: Archive) -> None:
    sources = [
        made("a.db", *(article(number, "a") for number in range(12))),
        made("b.db", *(article(number + 50, "b") for number in range(12))),
    ]
    before = [source.read_bytes() for source in sources]
    assert [(told["new"], told["same"]) for told in merged(archive, *sources)] == [(12, 0), (12, 0)]
    rows = rows_of(archive)
    for source in sources:
        with Archive(source, read_only=True) as other:
            for url, row in rows_of(other).items():
                assert rows[url] == row | {"cluster": rows[url]["cluster"]}
                here, there = archive.article(url), other.article(url)
                assert here is not None and there is not None and here.blocks == there.blocks
                assert pages.read(archive, here.id or 0, 1) == pages.read(other, there.id or 0, 1) != []
    assert BANNER not in str(rows)
    assert check(archive) == [] and count(archive, "斤") == 24
    assert [source.read_bytes() for source in sources] == before


def test_merging_again_brings_what_is_new(
    made: Callable[..., Path], archive: Archive, tmp_path: Path
) -> None:
    source = made("a.db", *(article(number, "a") for number in range(5)))
    merged(archive, source)
    last = archive.query_value("SELECT last_change FROM identity")
    rows = rows_of(archive)
    archive.connection.execute("UPDATE urls SET due = '2026-05-02T08:00:00+00:00'")
    (told,) = merged(archive, source)
    assert (told["new"], told["same"]) == (0, 5)
    due = archive.connection.execute("SELECT DISTINCT due FROM urls").fetchall()
    assert [row["due"] for row in due] == ["2026-05-02T08:00:00+00:00"], "a merge puts no visit off"
    assert archive.query_value("SELECT last_change FROM identity") == last and rows_of(archive) == rows
    with Archive(source) as other:
        keep(other, article(9, "a"))
    (told,) = merged(archive, source)
    assert (told["new"], told["same"]) == (1, 5)


def test_histories_of_one_article_become_one(made: Callable[..., Path], archive: Archive) -> None:
    """Each archive has seen two of four states, one of them both."""

    def state(number: int) -> Article:
        return article(7, "a", state=number, at=f"2026-05-{number:02}T08")

    source = made("a.db", state(2), state(3), state(4))
    keep(archive, state(1))
    keep(archive, state(3))
    kept = archive.article("http://a.test/7.htm")
    (told,) = merged(archive, source)
    assert told["joined"] == 1
    found = archive.article("http://a.test/7.htm")
    assert found is not None and kept is not None and found.id == kept.id
    assert found.revision == 4
    history = [at_revision(archive, found, each.number) for each in revisions(archive, found)]
    assert [each and each.body for each in history] == [state(number).body for number in (1, 2, 3, 4)]
    bytes_of = [pages.read(archive, found.id or 0, number)[0].body for number in (1, 2, 3, 4)]
    assert bytes_of == [state(number).pages[0].body for number in (1, 2, 3, 4)]
    assert [each.since for each in revisions(archive, found)] == [
        f"2026-05-{day:02}T08:00:00+00:00" for day in (1, 2, 3, 4)
    ]
    assert all(each.changes == ["body"] for each in revisions(archive, found)[1:])
    assert merged(archive, source)[0]["same"] == 1
    assert check(archive) == []


def test_what_was_seen_here_later_stays(made: Callable[..., Path], archive: Archive) -> None:
    source = made("a.db", article(7, "a", at="2026-05-01T08"))
    keep(archive, article(7, "a", at="2026-05-09T08"))
    assert merged(archive, source)[0]["same"] == 1
    found = archive.article("http://a.test/7.htm")
    assert found is not None and found.revision == 1
    assert (found.first_seen, found.last_seen) == ("2026-05-01T08:00:00+00:00", "2026-05-09T08:00:00+00:00")


def test_copies_in_two_archives_are_linked(made: Callable[..., Path], archive: Archive) -> None:
    late = article(1, "b")
    late.published = "2026-05-03"
    early = article(1, "a")
    early.published = "2026-05-02"
    merged(archive, made("b.db", late), made("a.db", early))
    rows = rows_of(archive)
    assert rows["http://b.test/1.htm"]["duplicate_of"] == "http://a.test/1.htm"
    found = cluster_of(archive, archive.query_value("SELECT id FROM articles WHERE site = 'b'"))
    assert found is not None and found.original.site == "a"


def test_what_was_taken_down_in_one_is_taken_down(made: Callable[..., Path], archive: Archive) -> None:
    source = made("a.db", article(1, "a"), article(2, "a"), article(3, "a"))
    with Archive(source) as other:
        forget(other, [other.query_value("SELECT id FROM articles WHERE url LIKE '%/1.htm'")], why="asked")
    keep(archive, article(1, "a"))
    keep(archive, article(2, "a"))
    forget(archive, [archive.query_value("SELECT id FROM articles WHERE url LIKE '%/2.htm'")])
    (told,) = merged(archive, source)
    assert (told["taken_down"], told["forgotten"], told["new"]) == (1, 1, 1)
    assert list(rows_of(archive)) == ["http://a.test/3.htm"]
    assert tombstones.buried(archive, tombstones.keys_of(["http://a.test/1.htm"])) is not None
    assert merged(archive, source)[0]["taken_down"] == 0
    # And what never was here: nothing of it may come later.
    other_source = made("b.db", article(5, "b"))
    with Archive(other_source) as other:
        forget(other, [1])
    merged(archive, other_source)
    late = made("c.db", article(5, "b"))
    assert merged(archive, late)[0]["forgotten"] == 1


def test_numbers_of_forgotten_articles_are_not_given_to_merged_ones(
    made: Callable[..., Path], archive: Archive, tmp_path: Path
) -> None:
    for number in (1, 2):
        keep(archive, article(number, "a"))
    cursor, out = tmp_path / "cursor", tmp_path / "out.jsonl"
    export_changes(archive, cursor, str(out), fields=RECORD_FIELDS)
    forget(archive, [2])
    merged(archive, made("b.db", article(5, "b")))
    export_changes(archive, cursor, str(out), fields=RECORD_FIELDS)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {(line["id"], line.get("url"), "removed" in line) for line in lines} == {
        (2, None, True),
        (3, "http://b.test/5.htm", False),
    }
    assert forget(archive, [3]).articles


def test_an_absence_that_is_over_here_does_not_come_back(made: Callable[..., Path], archive: Archive) -> None:
    source = made("a.db", article(1, "a", at="2026-05-01T08"))
    with Archive(source) as other, other.transaction():
        other.connection.execute(
            "INSERT INTO absences (article, since, reason, confirmed) VALUES (1, '2026-05-02T00:00:00+00:00', 'soft', 0)"
        )
    keep(archive, article(1, "a", at="2026-05-09T08"))
    merged(archive, source)
    assert archive.query_value("SELECT count(*) FROM absences") == 0
    assert archive.query_value("SELECT vanished FROM articles") is None


def test_what_is_known_of_health_comes_without_what_was_forgotten(
    made: Callable[..., Path], archive: Archive
) -> None:
    source, url = made("a.db", article(1, "a")), "http://a.test/1.htm"
    with Archive(source) as other, other.transaction():
        other.connection.execute(
            "INSERT INTO crawls (id, spider, started, finished) VALUES (9, 'a', '2026-05-01', '2026-05-01')"
        )
        other.connection.execute(
            "INSERT INTO facts (crawl, site, at, whole, numbers, verdict, findings) VALUES (9, 'a', '2026-05-01', 1, '{}', "
            "'warn', ?)",
            (json.dumps([["short", "warn", {}, [url, "http://a.test/9.htm"]]]),),
        )
        other.connection.execute("INSERT INTO health (site, accepted) VALUES ('a', '2026-05-01')")
    keep(archive, article(1, "a"))
    forget(archive, [1])
    merged(archive, source)
    findings = archive.query_value("SELECT findings FROM facts")
    assert json.loads(findings) == [["short", "warn", {}, ["http://a.test/9.htm"]]]
    assert archive.query_value("SELECT accepted FROM health WHERE site = 'a'") == "2026-05-01"


def test_the_ledger_and_what_people_said_come_too(made: Callable[..., Path], archive: Archive) -> None:
    source = made("a.db", *(article(number, "a") for number in range(9)))
    with Archive(source) as other:
        ledger.find(other, "a", [("http://a.test/90.htm", "k90")], "http://a.test/")
        ledger.refuse(other, "a", "http://a.test/91.htm", "k91", "HTTP 500", 500)
        ledger.set_walked(other, "a", "http://a.test/", complete=True)
        pins.pin(other, "a", BANNER, "keep", derive_again)
    merged(archive, source)
    rows = archive.connection.execute(
        "SELECT url, state, reason, attempts FROM urls WHERE article IS NULL ORDER BY url"
    )
    assert [tuple(row) for row in rows] == [
        ("http://a.test/90.htm", "found", None, 0),
        ("http://a.test/91.htm", "refused", "HTTP 500", 1),
    ]
    assert ledger.walked(archive, "http://a.test/")
    assert all(BANNER in row["body"] for row in records(archive))
    again = ledger.find(archive, "a", [("http://a.test/3.htm", "http://a.test/3.htm")], None)
    assert again == ledger.Found([], 0, fresh=1)


def states_of(archive: Archive, article: Article) -> set[str]:
    """Return the bodies of all revisions; older ones are kept as they were cleaned in their time."""
    states = [at_revision(archive, article, each.number) for each in revisions(archive, article)]
    return {state.body.removesuffix(f"\n{BANNER}") for state in states if state is not None}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3), st.booleans()), min_size=1, max_size=24))
def test_merged_is_as_crawled_into_one(
    tmp_path_factory: pytest.TempPathFactory, seen: list[tuple[int, int, bool]]
) -> None:
    """Articles seen one after the other, here or there, in states that may return."""
    folder = tmp_path_factory.mktemp("merge")
    with (
        Archive(folder / "one.db", create=True) as one,
        Archive(folder / "a.db", create=True) as first,
        Archive(folder / "b.db", create=True) as second,
    ):
        for hour, (number, state, there) in enumerate(seen):
            for target in (one, second if there else first):
                keep(target, article(number, "a", state=state, at=f"2026-05-01T{hour:02}"))
        for target in (one, second, first):
            finish(target)
        merge(first, second, done=lambda _: None)
        finish(first)
        ours, expected = rows_of(first), rows_of(one)
        assert ours.keys() == expected.keys()
        for url, row in expected.items():
            mine, whole = first.article(url), one.article(url)
            assert mine is not None and whole is not None
            assert ours[url]["body"] == row["body"], url
            assert states_of(first, mine) == states_of(one, whole)
            assert (mine.first_seen, mine.last_seen) == (whole.first_seen, whole.last_seen)
        assert check(first) == [] and first.query_value("PRAGMA foreign_key_check") is None


def test_a_killed_merge_goes_on(made: Callable[..., Path], tmp_path: Path) -> None:
    source = made("a.db", *(article(number, "a") for number in range(150)))
    target = tmp_path / "all.db"
    command = [str(Path(sys.executable).parent / "dzwcrawl"), "merge", "--archive", str(target), str(source)]
    job = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 240
    while not (target.is_file() and _count(target)):
        assert time.monotonic() < deadline and (job.poll() is None or _count(target))
    os.kill(job.pid, signal.SIGKILL)
    job.wait()
    assert _count(target) > 0
    assert subprocess.run(command, capture_output=True).returncode == 0
    with Archive(source, read_only=True) as other, Archive(target) as archive:
        assert rows_of(archive) == rows_of(other)
        assert archive.query_value("PRAGMA integrity_check") == "ok"


def _count(path: Path) -> int:
    import sqlite3  # noqa: PLC0415

    connection = sqlite3.connect(path, timeout=60)
    try:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_errors_of_the_command(made: Callable[..., Path], tmp_path: Path) -> None:
    source = made("a.db", article(1))
    run = CliRunner().invoke
    done = run(main, ["merge", "--archive", str(source), str(source)])
    assert done.exit_code == 2 and "cannot be merged into itself" in done.stderr
    with Archive(tmp_path / "demo.db", create=True, demo=True):
        pass
    done = run(main, ["merge", "--archive", str(tmp_path / "demo.db"), str(source)])
    assert done.exit_code == 2 and f"leave {tmp_path / 'demo.db'} out" in " ".join(done.stderr.split())
    done = run(main, ["merge", "--archive", str(source), str(tmp_path / "demo.db")])
    assert done.exit_code == 2 and "invented articles of `make demo` and real ones" in done.stderr
    (tmp_path / "x.db").write_text("no database, only words, and a few more of them")
    done = run(main, ["merge", "--archive", str(tmp_path / "all.db"), str(tmp_path / "x.db")])
    assert done.exit_code == 1 and "x.db" in done.stderr


def test_shards_of_one_crawl(crawl: Crawl, tmp_path: Path) -> None:
    """Two real crawls of a channel, each into an archive of its own, are one crawl of both."""
    with running(articles=60, crawl_delay=0) as replica:
        for name, channels in (("a", "guonei"), ("b", "shehui"), ("one", "guonei,shehui")):
            done = crawl("dzwww", tmp_path / f"{name}.db", "-a", f"channel={channels}", replica=replica)
            assert done.returncode == 0, done.stderr[-2000:]
    command = ["merge", "--archive", str(tmp_path / "all.db"), str(tmp_path / "a.db"), str(tmp_path / "b.db")]
    done_merge = CliRunner().invoke(main, command)
    assert done_merge.exit_code == 0, done_merge.output
    with Archive(tmp_path / "all.db") as merged_, Archive(tmp_path / "one.db") as one:
        ours, expected = rows_of(merged_), rows_of(one)
        assert {url: row["body"] for url, row in ours.items()} == {
            url: r["body"] for url, r in expected.items()
        }
        assert len(ours) > 10
        for table in ("crawls", "facts", "listing_facts"):
            numbers = [archive.query_value(f"SELECT count(*) FROM {table}") for archive in (merged_, one)]
            assert numbers[0] >= numbers[1] > 0, table
        assert merged_.query_value("SELECT count(*) FROM facts") == 2
