"""The archive: storing, copies, revisions, ledger, several processes at once."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from dzwcrawl.archive import ledger, received
from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.archive.rows import from_row, pack_layout, to_row, unpack_layout
from dzwcrawl.archive.schema import migrations
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, Block, Image, derive_body
from dzwcrawl.chinese import said_in
from dzwcrawl.cli import main
from tests.conftest import make_article
from tests.torture import small_disk

TEXT = "七月八日上午，青石县白浪镇的第三座风车开始转动，岸边围了两百多人，有人带了板凳。"
MORE = "镇上的老木匠说，这样的风车他年轻时见过一座，后来在一场大风里倒了，再没有人修。"


def keep(archive: Archive, article: Article, key: str | None = None) -> str:
    assert article.url is not None
    return store(archive, article, key=key or article.url)


def test_an_article_comes_back_as_it_went_in(archive: Archive) -> None:
    article = make_article(TEXT, MORE)
    article.blocks.insert(1, Block("分享到：", removed="phrase: share"))
    article.blocks[2].role = "quote"
    article.authors, article.images = ["王一"], [Image("http://x/1.jpg", "风车"), Image("http://x/2.jpg")]
    article.rules, article.notes = {"title": "rule title"}, ["part 2 of 2 is missing: HTTP 404"]
    assert keep(archive, article) == "new"
    assert archive.article(article.id or 0) == article
    assert archive.article(article.url or "") == article


def test_another_url_of_an_article_leads_to_it(archive: Archive) -> None:
    first, second = make_article(TEXT), make_article(TEXT)
    assert (keep(archive, first, "k"), keep(archive, second, "k")) == ("new", "known")
    found = archive.article(second.url or "")
    assert found is not None and found.id == first.id


def test_same_text_under_another_headline_is_a_duplicate_of_the_earlier(archive: Archive) -> None:
    late = make_article(TEXT, MORE, title="后发的标题", day="2024-05-03")
    early = make_article(TEXT.replace("，", ","), MORE, title="先发的标题", day="2024-05-01")
    third = make_article(TEXT, MORE, title="又一个", day=None)
    assert keep(archive, late) == "new"
    assert keep(archive, early) == "new"
    assert keep(archive, third) == "duplicate"
    rows = dict(archive.connection.execute("SELECT id, duplicate_of FROM articles").fetchall())
    assert rows == {late.id: early.id, early.id: None, third.id: early.id}


def test_short_bodies_are_copies_only_under_the_same_title(archive: Archive) -> None:
    assert [keep(archive, make_article("图集", title=title)) for title in ("一", "二", "二")] == [
        "new",
        "new",
        "duplicate",
    ]


def test_a_changed_page_is_a_revision_and_the_old_text_stays(archive: Archive) -> None:
    old = make_article(TEXT)
    keep(archive, old)
    same = make_article(TEXT, title=old.title, url=old.url)
    same.description = "only a counter changed"
    assert keep(archive, same) == "unchanged"
    new = make_article(TEXT, MORE, title=old.title, url=old.url)
    assert keep(archive, new) == "revised"
    found = archive.article(old.id or 0)
    assert found is not None and (found.revision, found.body) == (2, f"{TEXT}\n{MORE}")
    (kept,) = archive.connection.execute("SELECT record FROM revisions").fetchone()
    assert json.loads(kept)["body"] == TEXT


def test_an_article_whose_url_redirects_is_seen_again_under_it(archive: Archive) -> None:
    old = make_article(TEXT)
    assert keep(archive, old, "k") == "new"
    moved = make_article(TEXT, MORE, title=old.title)
    new_url = moved.url or ""
    assert store(archive, moved, key="k", led_here={old.url or "": "redirect"}) == "revised"
    assert moved.url == old.url
    states = dict(archive.connection.execute("SELECT url, state FROM urls").fetchall())
    assert states == {old.url: "article", new_url: "duplicate"}


def test_the_ledger_notes_everything_and_asks_for_nothing_twice(archive: Archive) -> None:
    a, b, c = (f"http://x.cn/{name}" for name in "abc")
    found = ledger.find(archive, "s", [(a, "a"), (b, "b"), (c, "b")], "http://x.cn/")
    assert (found.to_fetch, found.new) == ([a, b], 3)
    assert ledger.unfinished(archive, "s") == [a, b]
    keep(archive, make_article(TEXT, url=b), "b")
    ledger.refuse(archive, "s", a, "a", "HTTP 404", 404)
    assert ledger.unfinished(archive, "s") == []
    again = ledger.find(archive, "s", [(a, "a"), (b, "b"), (c, "b")], "http://x.cn/")
    assert (again.to_fetch, again.new) == ([], 0)
    states = dict(archive.connection.execute("SELECT url, state FROM urls").fetchall())
    assert states == {a: "refused", b: "article", c: "duplicate"}
    archive.connection.execute("UPDATE urls SET due = '2000-01-01' WHERE url = ?", (a,))
    assert ledger.unfinished(archive, "s") == [a]


def test_a_refused_url_is_tried_three_times_more(archive: Archive) -> None:
    for attempt in range(1, 6):
        ledger.refuse(archive, "s", "http://x.cn/a", "a", "HTTP 500", 500)
        attempts, due = archive.connection.execute("SELECT attempts, due FROM urls").fetchone()
        assert attempts == attempt
        assert (due is None) == (attempt > 3)


def test_nothing_is_stored_when_storing_fails(archive: Archive) -> None:
    article = make_article(TEXT)
    article.site = None
    with pytest.raises(AssertionError):
        keep(archive, article)
    archive.connection.execute("DROP TABLE singles")
    article.site = "s"
    with pytest.raises(sqlite3.OperationalError):
        keep(archive, article)
    assert archive.query_value("SELECT count(*) FROM articles") == 0
    assert archive.query_value("SELECT count(*) FROM urls") == 0


def test_tables_are_strict_and_keys_are_foreign(archive: Archive) -> None:
    tables = archive.connection.execute("PRAGMA table_list").fetchall()
    ours = [t for t in tables if t["schema"] == "main" and t["type"] == "table" and t["name"][0] not in "_s"]
    assert {t["name"] for t in ours} >= {"articles", "urls", "blocks", "crawls", "listings", "revisions"}
    assert all(t["strict"] for t in ours)
    with pytest.raises(sqlite3.IntegrityError):
        archive.connection.execute("INSERT INTO layout_days (layout, day, articles) VALUES (1, 1, 1)")
    assert archive.query_value("PRAGMA journal_mode") == "wal"


def test_views_answer_what_a_person_asks(archive: Archive) -> None:
    for number, source in enumerate(["大众日报", "大众日报", "海报新闻"]):
        article = make_article(f"{TEXT}{number}", day=f"2024-05-0{number + 1}T08:00:00+08:00")
        article.source = source
        keep(archive, article)
    query = archive.connection.execute
    assert [tuple(r) for r in query("SELECT source, articles FROM by_source")] == [
        ("大众日报", 2),
        ("海报新闻", 1),
    ]
    assert [tuple(r) for r in query("SELECT day, articles FROM daily_counts")] == [
        (f"2024-05-0{n}", 1) for n in (3, 2, 1)
    ]
    assert len(query("SELECT * FROM recent").fetchall()) == 3


def test_no_archive_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="run a crawl first"):
        Archive(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("this is no database at all, just words")
    with pytest.raises(ArchiveError, match="cannot open"):
        Archive(tmp_path / "text.db", create=True)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(ArchiveError, match="not an archive"):
        Archive(tmp_path / "other.db")


def test_invented_and_real_articles_never_mix(tmp_path: Path) -> None:
    Archive(tmp_path / "demo.db", create=True, demo=True).close()
    Archive(tmp_path / "real.db", create=True).close()
    with pytest.raises(ArchiveError, match="make demo"):
        Archive(tmp_path / "demo.db", create=True)
    with pytest.raises(ArchiveError, match="no demo"):
        Archive(tmp_path / "real.db", create=True, demo=True)
    Archive(tmp_path / "demo.db").close()
    for name, told in (("demo.db", True), ("real.db", False)):
        said = CliRunner().invoke(main, ["stats", "--archive", str(tmp_path / name)]).output
        assert ("a demo: all articles are invented" in said) == told
        for target, warned in (("a.jsonl", told), ("a.warc", False)):  # a WARC file says it itself
            words = ["export", "--archive", str(tmp_path / name), "-o", str(tmp_path / target)]
            assert ("the invented articles of a demo" in CliRunner().invoke(main, words).stderr) == warned


def test_a_reader_writes_nothing_and_migrates_nothing(tmp_path: Path, archive: Archive) -> None:
    keep(archive, make_article(TEXT))
    with Archive(archive.path, read_only=True) as reading:
        assert reading.query_value("SELECT count(*) FROM articles") == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reading.connection.execute("DELETE FROM articles")
    with pytest.raises(ArchiveError, match="no archive at"):
        Archive(tmp_path / "none.db", read_only=True)
    with pytest.raises(ArchiveError, match="is a folder: name a file in it"):
        Archive(tmp_path, create=True)
    old = tmp_path / "old #1?.db"
    with closing(sqlite3.connect(old)) as connection:
        migrations.apply(Database(connection), stop_before="m003_kicker")
    with pytest.raises(ArchiveError, match=r"is of an earlier version: run `dzwcrawl stats"):
        Archive(old, read_only=True)
    with closing(sqlite3.connect(old)) as connection:
        assert not [row for row in connection.execute("PRAGMA table_info(articles)") if row[1] == "kicker"]


def test_an_archive_on_a_medium_that_nobody_can_write(archive: Archive, tmp_path: Path) -> None:
    keep(archive, make_article(TEXT))
    archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with small_disk("16m") as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here")
        path = shutil.copy(archive.path, disk)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with Archive(path, read_only=True) as reading:
            assert reading.query_value("SELECT count(*) FROM articles") == 1
        for words, code in (
            (["stats"], 0), (["export"], 0), (["show", "1"], 0), (["backup", str(tmp_path / "b.db")], 0),
            (["forget", "1", "--yes"], 1), (["reclean"], 1),
        ):  # fmt: skip
            done = CliRunner().invoke(main, [*words, "--archive", str(path)])
            assert done.exit_code == code, done.output
            assert not code or "readonly database" in done.output


def test_an_earlier_archive_on_a_medium_that_nobody_can_write_is_to_be_copied(tmp_path: Path) -> None:
    with small_disk("16m") as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here")
        path = disk / "old.db"
        with closing(sqlite3.connect(path)) as connection:
            migrations.apply(Database(connection), stop_before="m003_kicker")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for words in (["stats"], ["search", "潍坊"], ["doctor"]):
            done = CliRunner().invoke(main, [*words, "--archive", str(path)])
            assert done.exit_code == 1 and "so copy it to a folder of yours and run" in done.output
        with pytest.raises(ArchiveError, match="copy it") as told:
            Archive(path, read_only=True)
        assert said_in("zh", str(told.value)).endswith("再运行 dzwcrawl stats --archive COPY 升级副本")
        copy = shutil.copy(path, tmp_path)
        assert CliRunner().invoke(main, ["stats", "--archive", str(copy)]).exit_code == 0


def test_migrations_are_applied_once(archive: Archive) -> None:
    assert migrations.pending(archive.db) == []


def test_an_archive_from_before_the_kicker_keeps_its_articles(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    db = Database(path)
    migrations.apply(db, stop_before="m003_kicker")
    article = make_article(TEXT, MORE)
    article.subtitle = "岸边围了两百多人"
    article.first_seen = article.last_seen = "2020-06-08T00:00:00+00:00"
    row = to_row(article)
    del row["kicker"], row["edition"]
    db.table("articles").insert(row)
    db.close()
    with Archive(path, create=True) as archive:
        kept = archive.article(article.url or "")
        assert kept is not None
        assert (kept.kicker, kept.subtitle, kept.body) == (None, article.subtitle, article.body)


_WRITER = """
import sys
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from tests.conftest import make_article
from tests.torture import small_disk
worker = int(sys.argv[2])
with Archive(sys.argv[1], create=True) as archive:
    for n in range(40):
        number = n if n % 2 else 1000 * worker + n
        url = f"http://x.cn/{number}"
        store(archive, make_article(f"第{number}篇的正文，" * 9, url=url), key=url)
"""


def test_six_processes_write_one_fresh_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(n)],
            cwd=Path(__file__).parent.parent,
            stderr=subprocess.PIPE,
        )
        for n in range(6)
    ]
    errors = [writer.communicate()[1].decode() for writer in writers]
    assert errors == [""] * 6
    with Archive(path) as archive:
        assert archive.query_value("SELECT count(*) FROM articles") == 20 + 6 * 20
        assert archive.query_value("PRAGMA integrity_check") == "ok"


_blocks = st.lists(
    st.builds(
        Block,
        st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), min_size=1),
        st.sampled_from(["paragraph", "heading", "table_row"]),
        st.none() | st.sampled_from(["phrase: share", "learned: repeats on this site"]),
    )
)


@given(_blocks)
def test_layout_round_trip(blocks: list[Block]) -> None:
    assert unpack_layout(pack_layout(blocks), derive_body(blocks)) == blocks


def test_row_has_every_field_of_the_record(archive: Archive) -> None:
    article = make_article(TEXT)
    keep(archive, article)
    row = archive.connection.execute("SELECT * FROM articles").fetchone()
    assert from_row(row) == article
    assert set(to_row(article)) | {"id", "text_digest", "crawl", "vanished", "cluster"} == set(row.keys())


def test_a_transaction_inside_another_is_undone_alone_and_kept_with_it(archive: Archive) -> None:
    with archive.transaction():
        with archive.transaction():
            assert received.first_time(archive, "s", "1")
        with pytest.raises(ValueError), archive.transaction():
            assert received.first_time(archive, "s", "2")
            raise ValueError
        assert not received.first_time(archive, "s", "1")
    with pytest.raises(ValueError), archive.transaction():
        with archive.transaction():
            assert received.first_time(archive, "s", "3")
        raise ValueError
    assert [row[0] for row in archive.connection.execute("SELECT message FROM received")] == ["1"]
    received.done(archive, "s", ["1"])
    assert received.first_time(archive, "s", "1")
