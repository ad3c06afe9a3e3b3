"""What is forgotten leaves no word behind, what stays is as if it had never been there, and it is not collected again."""

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl.archive import hints, ledger, pages, reextract
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import export_changes, url_sha256
from dzwcrawl.archive.forget import forget
from dzwcrawl.archive.store import store
from dzwcrawl.article import RECORD_FIELDS, Article, Edition, RawPage
from dzwcrawl.urls import url_key
from tests.conftest import ROOT, Crawl, make_article
from tests.replica import running

ORDINARY = "春江花月夜渡口船坞河图暗礁候车室铁皮盒子票根老船长潮水浅滩灯塔"
_rng = random.Random(0)
FURNITURE = "".join(f"<div class=n{_rng.randbytes(20).hex()}>栏目{i}</div>" for i in range(200))
SECRETS = ("quidnunczyx", "龘靐齉爩鱻", "xylorimba-vex", "鸜麷讟钃")
"""Words of the forgotten article: in its title and URL, in the text, in the revision before, in a removed line."""


def page(article: Article) -> RawPage:
    lines = "".join(f"<p>{block.text}</p>" for block in article.blocks)
    body = f"<html><title>{article.title}</title>{FURNITURE}{lines}</html>".encode()
    return RawPage(
        article.url or "", "2024-05-01T00:00:00+00:00", f"HTTP/1.1 200 OK\r\nX: {article.title}", body
    )


def put(archive: Archive, article: Article, key: str | None = None) -> Article:
    article.pages = [page(article)]
    store(archive, article, key=key or url_key(article.url or ""))
    return article


def secret_article(title: str = SECRETS[0], text: str = SECRETS[1]) -> Article:
    article = make_article(
        f"渡口的船，{text}在梁上。", f"{text}又说了一遍。", f"{SECRETS[3]}：订阅",
        title=f"{title}的标题", url=f"http://x.cn/{SECRETS[2]}/{SECRETS[0]}_1.htm", site="s",
    )  # fmt: skip
    article.blocks[2].removed = "phrase: subscription"
    article.body = "\n".join(block.text for block in article.blocks[:2])
    article.canonical_url, article.authors = f"http://m.x.cn/{SECRETS[0]}", [SECRETS[0]]
    article.edition = Edition("2024-05-01", "A01", SECRETS[0])
    return article


def others(archive: Archive, number: int, seed: int) -> None:
    rng = random.Random(seed)
    for i in range(number):
        lines = (
            "".join(rng.choices(ORDINARY, k=rng.randint(10, 90))) + "。" for _ in range(rng.randint(1, 12))
        )
        url = f"http://x.cn/{seed}/{i}.htm"
        put(archive, make_article(*lines, title=f"第{seed}批{i}", url=url, day=f"2024-0{1 + i % 9}-11"))


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_word_is_left_in_the_bytes_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    if seed == 3:
        monkeypatch.setattr("dzwcrawl.archive.forget._MERGED", 2)
    folder = tmp_path / "archive"
    folder.mkdir()
    with Archive(folder / "a.db", create=True) as archive:
        if seed == 1:
            others(archive, 40, seed)
        # The first page of its site is the dictionary of the others'; else it is packed with one.
        article = put(archive, secret_article(SECRETS[2]))
        if seed != 1:
            others(archive, 120, seed)
        article = put(archive, replace(secret_article(), id=None, first_seen=None, last_seen=None))
        assert article.revision == 2
        others(archive, 60, seed + 10)
        key = url_key(article.url or "")
        hints.note(archive, [(key, article.edition, "2024-05-02")])
        run = reextract.begin(archive, "r", {"ids": []})
        columns = {"title": SECRETS[0]}
        reextract.note(archive, run.number, [reextract.Draft(article.id or 0, 2, ["title"], columns)])
        before = pages.numbers(archive)
        assert archive.query_value("SELECT count(*) FROM revisions") == 1
        archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert all(secret.encode() in bytes_of(folder) for secret in SECRETS)

        report = forget(archive, [article.id or 0], why="asked to")
        assert (len(report.articles), report.revisions, report.pages, report.in_log) == (1, 1, 2, False)
        assert archive.query_value("SELECT count(DISTINCT segid) FROM search_idx") == 1
        found = [secret for secret in SECRETS if secret.encode() in bytes_of(folder)]
        assert found == []
        if shutil.which("strings"):
            told = subprocess.run(["strings", "-a", folder / "a.db"], capture_output=True, check=True).stdout
            assert b"quidnunc" not in told and b"xylorimba" not in told
        # What is packed does not hide it either, and the pages of the others are still readable.
        assert pages.numbers(archive)["pages"] == before["pages"] - 2
        assert pages.numbers(archive)["stored"] < 2 * before["stored"]
        for (number,) in archive.connection.execute("SELECT id FROM articles").fetchall():
            (kept,) = pages.read(archive, number, 1)
            assert not any(secret.encode() in kept.body for secret in SECRETS)
        assert archive.query_value("SELECT count(*) FROM payloads") == pages.numbers(archive)["pages"]
        assert archive.query_value("PRAGMA foreign_key_check") is None
        assert archive.query_value("PRAGMA integrity_check") == "ok"


def test_pages_packed_with_a_forgotten_one_are_packed_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_AT_ONCE", 7)
    put(archive, secret_article())
    others(archive, 40, 1)
    packed_with = (
        "SELECT count(*) FROM payloads JOIN dictionaries ON dictionaries.id = dictionary WHERE payload = 1"
    )
    assert archive.query_value(packed_with) == 40
    archive.connection.execute("UPDATE payloads SET packed = zeroblob(50) WHERE id = 9")
    before = pages.numbers(archive)["stored"]
    forget(archive, [1])
    assert archive.query_value("SELECT group_concat(DISTINCT payload) FROM dictionaries") == "2"
    assert archive.query_value("SELECT count(*) FROM payloads WHERE dictionary IS NOT NULL") == 38
    assert pages.numbers(archive)["stored"] < 1.2 * before
    for number in range(2, 42):
        if number == 9:
            with pytest.raises(pages.PageError, match="is damaged"):
                pages.find(archive, number)
        else:
            assert FURNITURE.encode() in pages.find(archive, number).body


def learned(archive: Archive) -> Counter[Any]:
    """Return what is counted, by block, layout and day."""
    rows = archive.connection.execute(
        "SELECT block, template, channel, day, pages, head, tail, aside, linked FROM block_days "
        "JOIN layouts ON layouts.id = layout WHERE pages > 0 UNION ALL "
        "SELECT block, template, channel, day, 1, head, tail, aside, linked FROM singles JOIN layouts ON layouts.id = layout "
        "UNION ALL SELECT 0, template, channel, day, articles, 0, 0, 0, 0 FROM layout_days "
        "JOIN layouts ON layouts.id = layout WHERE articles > 0"
    )
    return Counter(tuple(row) for row in rows)


def test_what_is_learned_is_as_if_it_had_never_been_there(tmp_path: Path) -> None:
    counted = []
    for forgotten in (True, False):
        with Archive(tmp_path / f"{forgotten}.db", create=True) as archive:
            for number in range(4):
                put(
                    archive,
                    make_article(f"正文{number}，潮水退了。", "责编的话", url=f"http://x.cn/a/{number}.htm"),
                )
            if forgotten:
                lines = ("责编的话", "渡口夜话专栏", "独有的一行")
                twice = [
                    put(archive, make_article(*lines, f"{i}。", url=f"http://x.cn/a/1{i}.htm")) for i in "ab"
                ]
                archive.connection.execute(
                    "INSERT INTO pins VALUES ('s', '独有的一行', 'drop', 'person', '2024'), "
                    "('s', '责编的话', 'drop', 'person', '2024')"
                )
                assert archive.query_value("SELECT count(*) FROM blocks WHERE pattern = '独有的一行'") == 1
                forget(archive, [article.id or 0 for article in twice])
                assert archive.query_value("SELECT count(*) FROM blocks WHERE pattern LIKE '%独有%'") == 0
                assert [row["pattern"] for row in archive.connection.execute("SELECT * FROM pins")] == [
                    "责编的话"
                ]
            counted.append(learned(archive))
    assert counted[0] == counted[1] and counted[0]


def test_other_urls_of_it_leave_what_crawls_noted(archive: Archive) -> None:
    put(archive, make_article("风车转动，岸边围了两百多人。", url="http://a.test/1.htm"))
    with archive.transaction():
        ledger.settle(archive, "s", "http://a.test/1.htm", 1, {"http://m.a.test/one.htm": "redirect"})
        archive.connection.execute("INSERT INTO crawls (id, spider, started) VALUES (9, 'a', '2026-05-01')")
        archive.connection.execute(
            "INSERT INTO facts (crawl, site, at, whole, numbers, verdict, findings) VALUES (9, 'other', '2026-05-01', 1, "
            "'{}', 'warn', '[[\"clock\",\"warn\",{},[\"http://m.a.test/one.htm\"]]]')"
        )
    forget(archive, [1])
    assert "one.htm" not in archive.query_value("SELECT findings FROM facts")


def test_copies_stay_and_the_earliest_is_the_original(archive: Archive) -> None:
    text = (
        "两地的报纸都登了这条消息，潮水退去以后，人们看见了暗礁，船老大们说从来没有见过这样的浅滩，要在图上重新标出来，"
        * 2
    )
    for day, site in (("2024-05-03", "b"), ("2024-05-01", "a"), ("2024-05-02", "c")):
        put(archive, make_article(text, day=day, site=site, title="浅滩"))
    assert [r[0] for r in archive.connection.execute("SELECT duplicate_of FROM articles ORDER BY id")] == [
        2,
        None,
        2,
    ]
    report = forget(archive, [2])
    assert [number for number, _ in report.copies] == [1, 3]
    rows = archive.connection.execute("SELECT id, duplicate_of FROM articles ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [(1, 3), (3, None)]
    assert len(forget(archive, [1, 3]).articles) == 2
    assert not learned(archive)


def test_it_is_not_collected_again_by_any_of_its_urls(archive: Archive) -> None:
    identity = r"_(\d+)\.htm"
    article = secret_article()
    key = url_key(article.url or "", identity, "s")
    other = f"https://news.x.cn/{SECRETS[0]}/b_1.htm"
    put(archive, article, key)
    ledger.find(archive, "s", [(other, url_key(other, identity, "s"))], None)
    assert forget(archive, [article.id or 0]).urls == 2
    rows = archive.connection.execute("SELECT count(*) FROM urls").fetchone()
    new_address = f"http://x.cn/moved/{SECRETS[0]}.htm"
    tries: list[tuple[str | None, str, dict[str, str]]] = [
        (article.url, key, {}),
        (
            article.url,
            url_key(article.url or ""),
            {},
        ),  # found by a spider that does not know the site's numbers
        (str(article.url).replace("http:", "https:"), url_key(article.url or ""), {}),
        (other, url_key(other), {}),
        (article.canonical_url, url_key(article.canonical_url or ""), {}),
        (f"http://y.x.cn/{SECRETS[0]}_1.htm", key, {}),
        (new_address, url_key(new_address), {str(article.url): "redirect"}),
        (new_address, url_key(new_address), {}),  # known from the line before
    ]
    for url, its_key, led_here in tries:
        again = replace(secret_article(), url=url, canonical_url=url)
        assert store(archive, again, key=its_key, led_here=led_here) == "forgotten", url
        assert ledger.find(archive, "s", [(str(url), its_key)], None).to_fetch == []
        assert ledger.refuse(archive, "s", str(url), its_key, "HTTP 404", 404) == "refused"
        hints.note(archive, [(its_key, article.edition, "2024-05-02")])
    page_of_it = replace(secret_article(), url="http://z.cn/1", canonical_url=article.url)
    assert store(archive, page_of_it, key="z.cn/1") == "forgotten"
    assert archive.connection.execute("SELECT count(*) FROM urls").fetchone()[0] == rows[0]
    for table in ("articles", "hints", "answers", "urls"):
        assert archive.query_value(f"SELECT count(*) FROM {table}") == 0
    assert archive.query_value("SELECT reason FROM tombstones") is None
    assert put(archive, make_article("别的文章照旧收。")).id == 2


def test_a_canonical_url_that_others_share_is_not_turned_away(archive: Archive) -> None:
    first, second = make_article("一，潮水。"), make_article("二，浅滩。")
    first.canonical_url = second.canonical_url = "http://example.org/all.htm"
    put(archive, first)
    put(archive, second)
    forget(archive, [1])
    third = make_article("三，灯塔。")
    third.canonical_url = first.canonical_url
    assert put(archive, third).id == 3


def test_a_run_of_reextract_brings_nothing_back(archive: Archive) -> None:
    article = put(archive, secret_article())
    run = reextract.begin(archive, "r", {"ids": []})
    drafts = [reextract.Draft(article.id or 0, 1, ["title"], {"title": SECRETS[0]})]
    forget(archive, [article.id or 0])
    reextract.note(archive, run.number, drafts)
    assert archive.query_value("SELECT count(*) FROM drafts") == 0
    assert reextract.draft(archive, article.id or 0, lambda _, old: old).error == "it was forgotten meanwhile"


def test_the_next_export_tells_of_it_without_its_url(archive: Archive, tmp_path: Path) -> None:
    article = put(archive, secret_article())
    put(archive, make_article("别的。"))
    options: dict[str, Any] = {"fields": RECORD_FIELDS}
    export_changes(archive, tmp_path / "c", str(tmp_path / "a.jsonl"), **options)
    export_changes(
        archive, tmp_path / "zyte", str(tmp_path / "z.jsonl"), fields=["url"], schema="zyte", at_most=1
    )
    forget(archive, [article.id or 0])
    for cursor, how in (("c", options), ("zyte", {"fields": ["url"], "schema": "zyte"})):
        export_changes(archive, tmp_path / cursor, str(tmp_path / "b.jsonl"), **how)
        line = json.loads((tmp_path / "b.jsonl").read_text().splitlines()[-1])
        when = archive.query_value("SELECT forgotten FROM tombstones")
        digest = url_sha256(article.url or "")
        assert line == {"id": 1, "url": None, "url_sha256": digest, "removed": when}
    # Whoever was never given it is told nothing.
    export_changes(archive, tmp_path / "new", str(tmp_path / "n.jsonl"), **options)
    assert [json.loads(line)["id"] for line in (tmp_path / "n.jsonl").read_text().splitlines()] == [2]


def run(*arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dzwcrawl", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, input=stdin, timeout=120)


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive(path, create=True) as archive:
        article = put(archive, secret_article())
        put(archive, make_article(f"提到了{article.title}。"))
        copy = replace(
            secret_article(), url="http://y.cn/copy.htm", canonical_url="http://y.cn/copy.htm", site="y"
        )
        put(archive, copy)
    before = path.read_bytes()
    shown = run("forget", "--archive", path, article.url, "--dry-run")
    assert shown.returncode == 0 and path.read_bytes() == before
    assert "1 article, with 0 older revisions, 1 raw page and 1 URL" in shown.stdout
    assert "copies with the same text, which stay" in shown.stdout and "http://y.cn/copy.htm" in shown.stdout
    assert "stands in other articles, which stay: 2" in shown.stdout
    for wrong, says in (
        ([], "name articles by id or URL"),
        ([1, "--query", "x"], "name articles by id or URL"),
    ):
        refused = run("forget", "--archive", path, *wrong)
        assert refused.returncode == 2 and says in refused.stderr, refused.stderr
    asked = run("forget", "--archive", path, 1)
    assert (asked.returncode, path.read_bytes()) == (2, before)
    assert asked.stdout == shown.stdout, "what it would forget comes first"
    assert "nothing was forgotten: nobody is there to be asked, so say --yes" in " ".join(
        asked.stderr.split()
    )
    missing = run("forget", "--archive", path, 1, 99, "--yes")
    assert missing.returncode == 1 and "has no article 99; nothing was forgotten" in missing.stderr
    assert path.read_bytes() == before
    done = run(
        "forget", "--archive", path, "--query", SECRETS[1], "--yes", "--with-copies", "--reason", "asked to"
    )
    assert done.returncode == 0 and "2 articles forgotten" in done.stderr, done.stderr
    assert "2 taken down" in run("stats", "--archive", path).stdout
    again = run("forget", "--archive", path, article.url, "--yes")
    assert (again.returncode, "is forgotten already" in again.stderr) == (0, True)
    with Archive(path) as archive:
        rows = archive.connection.execute("SELECT article, reason FROM tombstones").fetchall()
        assert [tuple(row) for row in rows] == [(1, "asked to"), (3, "asked to")]
        assert archive.query_value("SELECT count(*) FROM articles") == 1


def test_a_process_that_reads_keeps_the_log_from_being_emptied_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dzwcrawl.archive.forget._WAIT", 50)
    with Archive(tmp_path / "a.db", create=True) as archive, Archive(tmp_path / "a.db") as reader:
        article = put(archive, secret_article())
        with reader.snapshot():
            assert reader.query_value("SELECT count(*) FROM articles") == 1
            assert forget(archive, [article.id or 0]).in_log
            assert SECRETS[0].encode() in bytes_of(tmp_path)
        assert not forget(archive, []).in_log
        assert not any(secret.encode() in bytes_of(tmp_path) for secret in SECRETS)


def test_the_same_command_completes_what_a_killed_one_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(tmp_path / "a.db", create=True) as archive:
        others(archive, 5, 1)
        article = put(archive, secret_article())
        with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
            patch.setattr("dzwcrawl.archive.forget.scrub", lambda _: 1 / 0)  # killed before it
            forget(archive, [article.id or 0])
        assert archive.article(article.id or 0) is None
        assert SECRETS[0].encode() in bytes_of(tmp_path)
        again = run("forget", "--archive", archive.path, "--query", SECRETS[1], "--yes")
        assert (again.returncode, again.stderr) == (0, "no article matches\n")
        assert not any(secret.encode() in bytes_of(tmp_path) for secret in SECRETS)
        assert archive.query_value("SELECT count(DISTINCT segid) FROM search_idx") == 1


def test_no_crawl_and_no_import_brings_it_back(tmp_path: Path, crawl: Crawl) -> None:
    path = tmp_path / "a.db"
    with running(40) as served:
        assert crawl("dzwww", path, "-a", "channel=guonei", replica=served).returncode == 0
        with Archive(path) as archive:
            stored = archive.query_value("SELECT count(*) FROM articles")
            number, url, title = archive.connection.execute(
                "SELECT id, url, title FROM articles WHERE duplicate_of IS NULL AND NOT EXISTS (SELECT 1 FROM articles "
                "AS copy WHERE copy.duplicate_of = articles.id) AND json_array_length(layout) > 2 LIMIT 1"
            ).fetchone()
        assert run("export", "--archive", path, "-o", tmp_path / "all.warc.gz").returncode == 0
        assert run("forget", "--archive", path, number, "--yes").returncode == 0
        asked = len(served.log_lines())
        assert crawl("dzwww", path, "-a", "channel=guonei", "-a", "full=1", replica=served).returncode == 0
        by_hand = crawl("urls", path, "-a", f"url={url}", replica=served)
        assert f"refused {url}: forgotten" in by_hand.stderr
        key = url.rsplit("/", 1)[1]
        assert not [line for line in served.log_lines()[asked:] if key in line]
    done = run("import", tmp_path / "all.warc.gz", "--archive", path)
    assert done.returncode == 0 and "1 record passed over: forgotten" in done.stderr, done.stderr
    with Archive(path) as archive:
        assert archive.query_value("SELECT count(*) FROM articles") == stored - 1
        assert archive.query_value("SELECT count(*) FROM urls WHERE url = ?", (url,)) == 0
        archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # Its title may stand in the lists of other pages, and those are packed.
    assert title.encode() not in path.read_bytes()
