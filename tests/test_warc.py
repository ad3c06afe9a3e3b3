"""WARC files out of the archive and into it."""

import gzip
import io
import json
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dzwcrawl.archive import pages
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.archive.reclean import reclean
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.archive.warc import INVENTED
from dzwcrawl.article import RawPage
from dzwcrawl.text import counted
from tests.conftest import make_article
from tests.kept import articles, fill, keep, page_of, pages_of
from tests.replica import World
from tests.test_cli import FIRST, PAGE, SECOND, run

WORLD = World(articles=60)
OTHER = "http://www.liuwan.example/"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the replica, two of its articles in a second revision."""
    path = tmp_path_factory.mktemp("filled") / "archive.db"
    with Archive(path, create=True) as archive:
        fill(archive, WORLD, articles(WORLD))
        tomorrow = World(articles=60, day=1)
        for row in articles(WORLD):
            if "edited" in row["traps"]:
                keep(archive, pages_of(tomorrow, row["url"], "2026-11-02T08:00:00+00:00"))
        reclean(archive, "dzwww", derive_again)
        assert archive.query_value("SELECT count(*) FROM revisions") > 0
        archive.connection.execute(
            "UPDATE articles SET last_seen = '2026-11-03T00:00:00+00:00' WHERE id % 3 = 0"
        )
    return path


@pytest.fixture(scope="module")
def exported(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("exported") / "news.warc.gz"
    done = run("export", "--archive", filled, "-o", target)
    assert done.returncode == 0, done.stderr.decode()
    assert f"{len(articles(WORLD))} articles written to {target}" in done.stderr.decode()
    return target


def imported(path: Path, *files: Path, code: int = 0) -> str:
    """Import files into an archive and return what was logged."""
    done = run("import", *files, "--archive", path)
    assert done.returncode == code, done.stderr.decode()[-3000:]
    return done.stderr.decode()


def read(file: Path) -> Iterator[tuple[Any, bytes]]:
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            yield record, record.content_stream().read()


class Maker:
    """Writes a WARC file as other crawlers do."""

    def __init__(self, path: Path, *, packed: bool = True, version: str = "WARC/1.0") -> None:
        self.path = path
        self._out = path.open("wb")
        self._writer = WARCWriter(self._out, gzip=packed, warc_version=version)

    def add(
        self,
        url: str,
        body: bytes,
        *,
        kind: str = "response",
        status: str = "200 OK",
        date: str = "2020-03-04T05:06:07Z",
        content_type: str = "text/html; charset=utf-8",
        **more: str,
    ) -> None:
        headers = [("Content-Type", content_type), *((k.replace("_", "-"), v) for k, v in more.items())]
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind == "response" else None
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": date},
        )
        self._writer.write_record(record)

    def add_info(self, fields: dict[str, str]) -> None:
        self._writer.write_record(self._writer.create_warcinfo_record("", fields))

    def close(self) -> Path:
        self._out.close()
        return self.path


def page(number: int, *, extra: str = "") -> bytes:
    """Return an article page of a site that no spider knows."""
    text = PAGE.replace("柳湾渡口", f"柳湾第{number}渡口").replace("<p>责任编辑", f"{extra}<p>责任编辑")
    return text.replace("十来个人", f"{number * 37}个人").encode()


def found(path: Path) -> list[dict[str, Any]]:
    with Archive(path) as archive:
        return list(records(archive))


def test_an_export_passes_the_check_of_warcio(exported: Path) -> None:
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(exported)]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    kinds = Counter(record.rec_type for record, _ in read(exported))
    assert done.stdout.count("digest pass") == sum(kinds.values()) - kinds["revisit"]
    assert "failed" not in done.stdout


def test_an_export_holds_what_was_received_and_the_records(filled: Path, exported: Path) -> None:
    with Archive(filled) as archive:
        rows = {row["url"]: row for row in records(archive)}
        kept: dict[tuple[str, str], RawPage] = {}
        for row in rows.values():
            for revision in range(1, row["revision"] + 1):
                kept |= {(p.url, p.fetched): p for p in pages.read(archive, row["id"], revision)}
    seen, told, info = set(), [], None
    for record, body in read(exported):
        assert record.rec_headers.protocol == "WARC/1.1"
        if record.rec_type == "warcinfo":
            info = body.decode()
        elif record.rec_type == "response":
            url = record.rec_headers.get_header("WARC-Target-URI")
            date = record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00")
            assert kept[url, date].body == body
            assert record.http_headers.get_header("Content-Length") == str(len(body))
            assert record.http_headers.get_statuscode() == "200"
            seen.add((url, date))
        else:
            told.append(json.loads(body))
    assert info is not None and "software: dzwcrawl/" in info and "format: WARC File Format 1.1" in info
    assert seen == set(kept)
    assert told == list(rows.values())


def test_a_round_trip_gives_identical_records(filled: Path, exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    imported(path, exported)
    assert found(path) == found(filled)
    with Archive(path) as new, Archive(filled) as old:
        for query in (
            "SELECT article, revision, seen FROM revisions",
            "SELECT article, revision, part, url, fetched, digest FROM pages JOIN payloads ON id = payload "
            "ORDER BY 1, 2, 3",
        ):
            assert [tuple(row) for row in new.connection.execute(query)] == [
                tuple(row) for row in old.connection.execute(query)
            ]
    # Again: nothing is new, and nothing changes.
    assert "0 articles new, 0 revised" in imported(path, exported)
    assert found(path) == found(filled)


def test_the_same_bytes_are_a_revisit_and_come_back(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.db", create=True) as archive:
        body = pages_of(WORLD, articles(WORLD)[0]["url"])[0].body
        for number in (1, 2):
            article = make_article(FIRST, SECOND, url=f"{OTHER}{number}.htm")
            article.first_seen = f"2026-01-0{number}T00:00:00+00:00"
            head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n"
            article.pages = [RawPage(article.url or "", article.first_seen, head, body)]
            store(archive, article, key=article.url or "")
    done = run("export", "--archive", tmp_path / "a.db", "-o", tmp_path / "a.warc")
    assert done.returncode == 0, done.stderr.decode()
    found_records = list(read(tmp_path / "a.warc"))
    assert [r.rec_type for r, _ in found_records] == [
        "warcinfo",
        "response",
        "metadata",
        "revisit",
        "metadata",
    ]
    response, revisit = found_records[1][0], found_records[3][0]
    assert revisit.rec_headers.get_header("WARC-Refers-To-Target-URI") == f"{OTHER}1.htm"
    assert revisit.rec_headers.get_header("WARC-Payload-Digest") == response.rec_headers.get_header(
        "WARC-Payload-Digest"
    )
    assert response.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert response.http_headers.get_header("Content-Encoding") is None
    assert response.http_headers.get_header("Content-Length") == str(len(body))
    imported(tmp_path / "b.db", tmp_path / "a.warc")
    with Archive(tmp_path / "b.db") as archive:
        assert archive.query_value("SELECT count(*) FROM pages") == 2
        assert archive.query_value("SELECT count(*) FROM payloads") == 1


def test_an_article_without_a_page_is_there_as_a_record(archive: Archive, tmp_path: Path) -> None:
    store(archive, make_article(FIRST), key="k")
    done = run("export", "--archive", archive.path, "-o", tmp_path / "a.warc.gz")
    assert (done.returncode, "no page is kept of 1 of them" in done.stderr.decode()) == (0, True)
    assert [record.rec_type for record, _ in read(tmp_path / "a.warc.gz")] == ["warcinfo", "metadata"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--format", "warc", "-o", "a.jsonl"], "a WARC file is named .warc or .warc.gz"),
        (["--fields", "id", "-o", "a.warc"], "leave --fields out"),
    ],
)
def test_wrong_usage_of_the_export(filled: Path, tmp_path: Path, options: list[str], says: str) -> None:
    done = run("export", "--archive", filled, *options, cwd=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert says in done.stderr.decode()


def test_a_damaged_page_ends_the_export_and_leaves_the_old_file(archive: Archive, tmp_path: Path) -> None:
    keep(archive, pages_of(WORLD, articles(WORLD)[0]["url"]))
    archive.connection.execute("UPDATE payloads SET digest = zeroblob(32)")
    (tmp_path / "a.warc").write_bytes(b"old")
    done = run("export", "--archive", archive.path, "-o", tmp_path / "a.warc")
    assert (done.returncode, "is damaged" in done.stderr.decode()) == (1, True)
    assert (tmp_path / "a.warc").read_bytes() == b"old"


def add_everything(maker: Maker) -> None:
    """Add what crawls made elsewhere hold: three articles, among much that is none."""
    known = next(row["url"] for row in articles(WORLD) if "multipart" not in row["traps"])
    maker.add(f"{OTHER}1.htm", page(1))
    maker.add(f"{OTHER}1.htm", b"GET /1.htm HTTP/1.1\r\nHost: x\r\n\r\n", kind="request")
    maker.add(f"{OTHER}a.jpg", b"\xff\xd8\xff", content_type="image/jpeg")
    maker.add(f"{OTHER}2.htm", page(2), status="404 Not Found")
    maker.add(f"{OTHER}3.htm", b"", status="301 Moved Permanently", Location=f"{OTHER}1.htm")
    maker.add("dns:www.liuwan.example", b"20200304050607\n", kind="resource", content_type="text/dns")
    chunked = zlib.compress(page(4))
    chunked = b"".join(
        b"%x\r\n%s\r\n" % (len(c), c) for c in (chunked[:99], chunked[99:])
    ) + b"0\r\n\r\n"  # fmt: skip
    maker.add(f"{OTHER}4.htm", chunked, Transfer_Encoding="chunked", Content_Encoding="deflate")
    maker.add(f"{OTHER}5.htm", page(5), Content_Encoding="zstd")
    maker.add(OTHER, page(6))
    maker.add("ftp://www.liuwan.example/7.htm", page(7))
    maker.add(f"<{known}>", WORLD.get(known).body, content_type="text/html")
    for url in ("http://www.dzwww.com/xinwen/guoneixinwen/", "http://weifang.dzwww.com/wfxwn/"):
        maker.add(url, WORLD.get(url).body, content_type="text/html")
        elsewhere = url.replace("dzwww.com", "liuwan.example")
        maker.add(elsewhere, WORLD.get(url).body, content_type="text/html")
    maker.add("https://hb.liuwan.example/s/7875.html", WORLD.get("https://hb.dzwww.com/s/7875.html").body)
    gone = "<html><title>404 Not Found</title><p>页面不存在</p></html>".encode()
    maker.add(f"{OTHER}8.htm", gone)


@pytest.mark.parametrize("form", ["records packed", "plain", "packed as one", "WARC/1.1"])
def test_a_file_made_elsewhere(tmp_path: Path, form: str) -> None:
    version = "WARC/1.1" if form == "WARC/1.1" else "WARC/1.0"
    maker = Maker(tmp_path / "a.warc", packed=form == "records packed", version=version)
    add_everything(maker)
    file = maker.close()
    if form == "packed as one":
        file.write_bytes(gzip.compress(file.read_bytes()))
    log = imported(tmp_path / "a.db", file)
    rows = found(tmp_path / "a.db")
    assert [row["url"] for row in rows[:2]] == [f"{OTHER}1.htm", f"{OTHER}4.htm"]
    assert {row["site"] for row in rows} == {"liuwan.example", "dzwww"}
    assert len(rows) == 3
    one, truth = rows[0], next(r for r in articles(WORLD) if r["url"] == rows[2]["url"])
    assert (one["title"], one["source"], one["editors"]) == ("柳湾第1渡口旧船坞开拆", "柳湾晚报", ["吴桐"])
    assert one["body"].split("\n")[1] == SECOND
    assert (one["first_seen"], one["last_seen"]) == ("2020-03-04T05:06:07+00:00",) * 2
    assert (rows[2]["title"], rows[2]["body"]) == (truth["title"], truth["body"])
    for number, why in (
        (1, "request record"),
        (1, "resource record"),
        (1, "not HTML: image/jpeg"),
        (1, "HTTP 404"),
        (1, "HTTP 301"),
        (1, "content encoding zstd"),
        (1, "a front page, not an article"),
        (2, "not the URL of an article by the rules of its site"),
        (3, "a listing, not an article"),
        (1, "the page says that the article does not exist"),
    ):
        assert f"{counted(number, 'record')} passed over: {why}" in log, why
    with Archive(tmp_path / "a.db") as archive:
        assert archive.query_value("SELECT count(*) FROM urls WHERE state != 'article'") == 0
        assert pages.find(archive, 2).body == page(4)


def test_parts_may_stand_anywhere(tmp_path: Path) -> None:
    row = next(r for r in articles(WORLD) if "multipart" in r["traps"] and "missing_part" not in r["traps"])
    first, *parts = pages_of(WORLD, row["url"])
    orders = {
        "after": [first, *parts],
        "before": [*reversed(parts), first],
        "around": [parts[1], first, parts[0]],
    }
    for name, order in orders.items():
        maker = Maker(tmp_path / f"{name}.warc.gz")
        for number, one in enumerate(order):
            maker.add(one.url, one.body, content_type="text/html")
            maker.add(f"{OTHER}{number}.htm", page(number + 1))
        imported(tmp_path / f"{name}.db", maker.close())
        rows = {r["url"]: r for r in found(tmp_path / f"{name}.db")}
        assert len(rows) == 4
        assert rows[row["url"]]["body"] == row["body"], name
        with Archive(tmp_path / f"{name}.db") as archive:
            kept = pages.read(archive, rows[row["url"]]["id"], 1)
            assert [(p.part, p.body) for p in kept] == [(n, p.body) for n, p in enumerate([first, *parts], 1)]


def test_a_part_that_is_not_there_is_noted(tmp_path: Path) -> None:
    row = next(r for r in articles(WORLD) if "multipart" in r["traps"])
    first = page_of(WORLD, row["url"])
    assert first is not None
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(first.url, first.body, content_type="text/html")
    imported(tmp_path / "a.db", maker.close())
    with Archive(tmp_path / "a.db") as archive:
        article = archive.article(row["url"])
    assert article is not None
    assert article.notes == [f"part {n} of 3 is missing: it is not in the file" for n in (2, 3)]


def test_two_captures_are_two_revisions_and_order_decides_nothing(tmp_path: Path) -> None:
    early, late = "2020-03-04T05:06:07Z", "2021-03-04T05:06:07Z"
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(f"{OTHER}1.htm", page(1), date=early)
    maker.add(
        f"{OTHER}1.htm", page(1, extra="<p>更正：前文的日子应为二月，特此更正，并向读者致歉。</p>"), date=late
    )
    maker.add(
        f"{OTHER}1.htm", page(1, extra="<p>编者附记：渡口的船第二天也开走了，岸上没有人。</p>"), date=early
    )
    imported(tmp_path / "a.db", maker.close())
    (row,) = found(tmp_path / "a.db")
    assert (row["revision"], row["first_seen"], row["last_seen"]) == (
        2,
        "2020-03-04T05:06:07+00:00",
        "2021-03-04T05:06:07+00:00",
    )
    assert "更正" in row["body"]


@pytest.mark.parametrize("packed", [True, False])
def test_of_a_broken_file_what_was_read_stays(tmp_path: Path, packed: bool) -> None:
    maker = Maker(tmp_path / "a.warc", packed=packed)
    for number in range(1, 7):
        maker.add(f"{OTHER}{number}.htm", page(number))
    file = maker.close()
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * 0.75)])
    whole = Maker(tmp_path / "b.warc.gz")
    whole.add(f"{OTHER}9.htm", page(9))
    log = imported(tmp_path / "a.db", file, whole.close(), code=7)
    assert f"{file} cannot be read to its end: " in log
    urls = [row["url"] for row in found(tmp_path / "a.db")]
    assert urls == [f"{OTHER}{number}.htm" for number in (1, 2, 3, 4, 9)]


def test_a_record_with_a_wrong_digest_is_passed_over(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "a.warc", packed=False)
    for number in (1, 2):
        maker.add(f"{OTHER}{number}.htm", page(number))
    file = maker.close()
    file.write_bytes(file.read_bytes().replace("37个人".encode(), "38个人".encode(), 1))
    log = imported(tmp_path / "a.db", file)
    assert "1 record passed over: damaged: its block digest is wrong" in log
    assert [row["url"] for row in found(tmp_path / "a.db")] == [f"{OTHER}2.htm"]


def test_what_is_no_warc_file_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_text("只是一些文字，没有别的。\n" * 20)
    log = imported(tmp_path / "a.db", tmp_path / "a.warc", code=7)
    assert "cannot be read to its end" in log and "Traceback" not in log
    done = run("import", tmp_path / "none.warc", "--archive", tmp_path / "b.db")
    assert (done.returncode, "none.warc" in done.stderr.decode()) == (2, True)
    assert not (tmp_path / "b.db").exists()


def test_a_rule_that_matches_nothing_is_told_by_the_exit_code(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "a.warc.gz")
    url = "http://www.dzwww.com/xinwen/guoneixinwen/202006/t20200608_6053799.htm"
    maker.add(url, page(1).replace(b'class="content"', b'class="unknown"').replace(b"h1", b"h4"))
    maker.add(f"{OTHER}2.htm", page(2))
    log = imported(tmp_path / "a.db", maker.close(), code=1)
    assert "1 record passed over: a rule of its site matches nothing" in log
    assert [row["url"] for row in found(tmp_path / "a.db")] == [f"{OTHER}2.htm"]


def test_invented_articles_stay_apart_on_their_way_through_a_file(tmp_path: Path) -> None:
    demo, real, other = (tmp_path / name for name in ("demo.db", "real.db", "other.db"))
    for path in (demo, real):
        with Archive(path, create=True, demo=path == demo) as archive:
            fill(archive, WORLD, articles(WORLD)[:2])
        assert run("export", "--archive", path, "-o", path.with_suffix(".warc.gz")).returncode == 0
    before = found(real)
    invented, news = demo.with_suffix(".warc.gz"), real.with_suffix(".warc.gz")
    assert "real.db holds no demo, and what is to come is invented" in imported(real, invented, code=3)
    assert "demo.db holds the invented articles of `make demo`" in imported(demo, news, code=3)
    assert "go into no real archive" in imported(real, news, invented, code=7)
    assert found(real) == before
    imported(other, invented)
    with Archive(other) as archive:
        assert archive.is_demo() and archive.query_value("SELECT count(*) FROM articles") == 2


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_put_together_of_both_kinds_is_left_where_the_other_begins(
    packed: bool, tmp_path: Path
) -> None:
    maker = Maker(tmp_path / "a.warc", packed=packed)
    maker.add(f"{OTHER}1.html", page(1))
    maker.add_info({"description": INVENTED})
    maker.add(f"{OTHER}2.html", page(2))
    said = imported(tmp_path / "a.db", maker.close(), code=7)
    assert "a.warc holds the invented articles of a demo" in said
    assert [row["url"] for row in found(tmp_path / "a.db")] == [f"{OTHER}1.html"]
