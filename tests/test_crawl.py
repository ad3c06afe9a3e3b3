"""Real crawls: `scrapy crawl` as a process, the replica on sockets, the archive as a file."""

import itertools
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.archive.store import store
from dzwcrawl.urls import url_key
from tests.conftest import ROOT, Crawl, crawl_command, crawl_environment, make_article
from tests.replica import Running, World, running

ARTICLES = 120
_ID = re.compile(r"/([tp]\w+?)\.s?html?(?:$|\?)")


def article_id(url: str) -> str:
    """Return what names an article of the replica, whatever its host and scheme."""
    match = _ID.search(url)
    assert match is not None, url
    return match[1]


def article_requests(replica: Running) -> list[str]:
    return [
        line["url"]
        for line in replica.log_lines()
        if re.search(r"/(t20\d+_\d+|p\w{9,})(_\d+)?\.", line["url"])
    ]


@pytest.fixture(scope="module")
def replica() -> Iterator[Running]:
    with running(articles=ARTICLES, crawl_delay=0.1) as served:
        yield served


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, Any]]:
    """The replica's truth by article id."""
    rows = World(articles=ARTICLES, day=0).truth()
    return {article_id(row["url"]): row for row in rows if row["kind"] in ("article", "reprint")}


@pytest.fixture(scope="module")
def crawled(replica: Running, crawl: Crawl, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive after one crawl of everything."""
    archive = tmp_path_factory.mktemp("crawled") / "archive.db"
    done = crawl("dzwww", archive, replica=replica)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "WARNING" not in done.stderr, done.stderr[-3000:]
    return archive


@pytest.fixture(scope="module")
def found(crawled: Path) -> dict[str, dict[str, Any]]:
    """The crawled records by article id."""
    with Archive(crawled) as archive:
        return {article_id(row["url"]): row for row in records(archive)}


def differences(found: dict[str, dict[str, Any]], truth: dict[str, dict[str, Any]], field: str) -> list[str]:
    empty = {"title": None, "kicker": None, "subtitle": None, "source": None}
    return [
        f"{row['url']} {row['traps']}: want {row[field]!r}, got {found[name][field]!r}"
        for name, row in truth.items()
        if found[name][field] != (row[field] or empty.get(field, row[field]))
    ]


def test_every_article_is_there_once(
    found: dict[str, dict[str, Any]], truth: dict[str, dict[str, Any]]
) -> None:
    assert found.keys() == truth.keys()


@pytest.mark.parametrize(
    "field",
    [
        "title",
        "kicker",
        "subtitle",
        "published",
        "source",
        "editors",
        "authors",
        "section",
        "keywords",
        "videos",
        "body",
    ],
)
def test_every_field_equals_the_truth(
    found: dict[str, dict[str, Any]], truth: dict[str, dict[str, Any]], field: str
) -> None:
    assert differences(found, truth, field) == []


def test_images_and_captions(found: dict[str, dict[str, Any]], truth: dict[str, dict[str, Any]]) -> None:
    for name, row in truth.items():
        want = [(image["url"].rsplit("/", 1)[1], image["caption"]) for image in row["images"]]
        assert [
            (image["url"].rsplit("/", 1)[1], image["caption"]) for image in found[name]["images"]
        ] == want, row["url"]


def test_no_boilerplate_line_is_left_and_no_body_line_lost(
    found: dict[str, dict[str, Any]], truth: dict[str, dict[str, Any]]
) -> None:
    for name, row in truth.items():
        lines, body = set(found[name]["body"].split("\n")), row["body"].split("\n")
        assert not lines & (set(row["boilerplate"]) - set(body)), row["url"]
        assert not set(body) - lines, row["url"]


def test_reprints_are_duplicates_of_the_earlier(
    found: dict[str, dict[str, Any]], truth: dict[str, dict[str, Any]]
) -> None:
    reprints = {name: row for name, row in truth.items() if row["kind"] == "reprint"}
    assert len(reprints) >= 4
    for name, row in reprints.items():
        assert found[name]["duplicate_of"] == found[article_id(row["of"])]["id"]
    assert sum(row["duplicate_of"] is not None for row in found.values()) == len(reprints)


def test_bad_pages_are_answered_for(crawled: Path) -> None:
    rows = World(articles=ARTICLES, day=0).truth()
    with Archive(crawled) as archive:
        refused = archive.connection.execute("SELECT url, reason FROM urls WHERE state = 'refused'")
        reasons = {url.split("://")[1]: reason for url, reason in refused}
        assert archive.query_value("SELECT count(*) FROM urls WHERE state = 'found'") == 0
        aliases = {r[0] for r in archive.connection.execute("SELECT url FROM urls WHERE state = 'duplicate'")}
    wanted = {
        "not_found": "HTTP 404",
        "soft_404": "the page says that the article does not exist",
        "redirect_front": "redirected to the front page",
        "empty": "the body is empty",
        "listing": "a listing, not an article",
        "disallowed": "Forbidden by robots.txt",
    }
    for row in rows:
        if row["kind"] in wanted:
            assert reasons[row["url"].split("://")[1]] == wanted[row["kind"]]
        if row["kind"] == "redirect":
            assert row["url"] in aliases
    assert any("redirect" in reason for reason in reasons.values())


def test_robots_txt_is_obeyed(crawled: Path, replica: Running) -> None:
    lines = replica.log_lines()
    assert not [line for line in lines if "/internal/" in line["url"]]
    hosts = {line["host"] for line in lines}
    assert {"bbs.dzwww.com", "club.dzwww.com", "so.dzwww.com"}.isdisjoint(hosts)
    times = sorted(
        line["time"] for line in lines if line["host"] == "weifang.dzwww.com" and "robots" not in line["url"]
    )
    gaps = [later - earlier for earlier, later in itertools.pairwise(times[1:])]
    # As seen by the server, where a request may arrive late, the first more so than the last.
    assert len(gaps) > 25 and sum(gaps) >= len(gaps) * 0.07, "Crawl-delay: 0.1"


def test_robots_txt_is_obeyed_by_all_who_wait_for_it(crawl: Crawl, tmp_path: Path) -> None:
    urls = [f"http://www.dzwww.com/internal/202306/t20230601_1199900{number}.htm" for number in range(1, 7)]
    with running(articles=ARTICLES, crawl_delay=0) as served:
        done = crawl("urls", tmp_path / "a.db", "-a", f"url={' '.join(urls)}", replica=served)
        asked = [line["url"] for line in served.log_lines()]
    assert asked == ["http://www.dzwww.com/robots.txt"]
    assert done.returncode == 10
    assert done.stderr.count("Forbidden by robots.txt") == len(urls)


def test_links_in_comments_are_not_followed(crawled: Path, replica: Running) -> None:
    known = {row["url"].split("://")[1] for row in World(articles=ARTICLES, day=0).truth()}
    asked = {
        re.sub(r"_\d(\.s?html?)$", r"\1", url.split("://")[1].split("?")[0])
        for url in article_requests(replica)
    }
    assert asked <= known


def test_missing_parts_are_noted(crawled: Path) -> None:
    with Archive(crawled) as archive:
        notes = [
            json.loads(r[0])
            for r in archive.connection.execute("SELECT notes FROM articles WHERE notes != '[]'")
        ]
    assert notes == [["part 2 of 3 is missing: HTTP 404"]] or notes == [["part 2 of 2 is missing: HTTP 404"]]


def test_a_second_crawl_asks_for_no_article(crawled: Path, crawl: Crawl) -> None:
    with running(articles=ARTICLES, crawl_delay=0) as served:
        done = crawl("dzwww", crawled, replica=served)
        assert done.returncode == 0, done.stderr[-3000:]
        assert article_requests(served) == []
        pages = [line["url"] for line in served.log_lines() if "default_" in line["url"]]
        assert pages == [], "listings are followed only until known territory"


def test_next_day_only_what_is_new_and_an_edit_on_request(
    crawled: Path, crawl: Crawl, tmp_path: Path
) -> None:
    tomorrow = World(articles=ARTICLES, day=1)
    today = {
        article_id(r["url"]): r for r in World(articles=ARTICLES, day=0).truth() if r["kind"] == "article"
    }
    later = {article_id(r["url"]): r for r in tomorrow.truth() if r["kind"] == "article"}
    new = later.keys() - today.keys()
    edited = [name for name in later.keys() & today.keys() if later[name]["body"] != today[name]["body"]]
    assert (len(new), len(edited)) == (3, 2)
    copy = tmp_path / "archive.db"
    copy.write_bytes(crawled.read_bytes())
    with running(articles=ARTICLES, day=1, crawl_delay=0) as served:
        done = crawl("dzwww", copy, replica=served)
        assert done.returncode == 0, done.stderr[-3000:]
        assert {article_id(url) for url in article_requests(served)} == new
        urls = " ".join(today[name]["url"] for name in edited)
        assert crawl("dzwww", copy, "-a", f"url={urls}", replica=served).returncode == 0
    with Archive(copy) as archive:
        rows = {article_id(row["url"]): row for row in records(archive)}
        assert archive.query_value("SELECT count(*) FROM revisions") == 2
    for name in edited:
        assert (rows[name]["revision"], rows[name]["body"]) == (2, later[name]["body"])


def test_arguments_narrow_a_crawl(crawl: Crawl, tmp_path: Path) -> None:
    with running(articles=ARTICLES, crawl_delay=0) as served:
        done = crawl("dzwww", tmp_path / "a.db", "-a", "channel=guonei", "-a", "pages=1", replica=served)
        assert done.returncode == 0, done.stderr[-3000:]
        listings = [x["url"] for x in served.log_lines() if x["url"].endswith("/") or "default" in x["url"]]
        assert listings == ["http://www.dzwww.com/xinwen/guoneixinwen/"]
        done = crawl("dzwww", tmp_path / "b.db", "-a", "since=2025-01-01", replica=served)
        assert done.returncode == 0, done.stderr[-3000:]
    with Archive(tmp_path / "b.db") as archive:
        assert archive.query_value("SELECT min(published) FROM articles") >= "2025-01-01"
        wanted = [
            r
            for r in World(articles=ARTICLES).truth()
            if r["kind"] in ("article", "reprint") and r["published"] >= "2025"
        ]
        assert archive.query_value("SELECT count(*) FROM articles") == len(wanted)
    # A bounded crawl has not seen the rest; the next one without bounds walks on through what is known.
    with running(articles=ARTICLES, crawl_delay=0) as served:
        assert crawl("dzwww", tmp_path / "b.db", replica=served).returncode == 0
    with Archive(tmp_path / "b.db") as archive:
        assert archive.query_value("SELECT count(*) FROM articles") == ARTICLES + 5


def start_crawl(spider: str, archive: Path, *options: str, replica: Running) -> subprocess.Popen[bytes]:
    environment = crawl_environment(archive.parent, replica)
    return subprocess.Popen(
        crawl_command(spider, archive, *options), cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )


def test_eight_crawls_at_once_into_one_fresh_file(truth: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    archive, file = tmp_path / "archive.db", tmp_path / "urls.txt"
    file.write_text("\n".join(row["url"] for row in truth.values()))
    with running(articles=ARTICLES, crawl_delay=0) as served:
        crawls = [start_crawl("dzwww", archive, replica=served)]
        crawls += [start_crawl("urls", archive, "-a", f"urls_file={file}", replica=served) for _ in range(7)]
        errors = [process.communicate(timeout=300)[1].decode() for process in crawls]
        asked = Counter(article_id(url) for url in article_requests(served) if article_id(url) in truth)
    assert [process.returncode for process in crawls] == [0] * 8, errors
    assert not [
        line for error in errors for line in error.splitlines() if "ERROR" in line or "locked" in line
    ]
    # Asked for once each; a page that answers 500 once is retried, and an old address redirects to its page.
    twice = {article_id(url) for url in World(articles=ARTICLES).flaky_keys}
    twice |= {article_id(row["to"]) for row in World(articles=ARTICLES).truth() if row["kind"] == "redirect"}
    assert {name: times for name, times in asked.items() if times != 1 + (name in twice)} == {}
    check_whole(archive, truth)


def test_a_second_crawl_of_a_spider_ends_at_once(tmp_path: Path, replica: Running, crawl: Crawl) -> None:
    archive = tmp_path / "archive.db"
    with running(articles=ARTICLES, crawl_delay=0) as served:
        first = start_crawl("dzwww", archive, replica=served)
        wait_for(lambda: bool(article_requests(served)))
        wait_for(lambda: stopped_between_writes(first, archive))
        try:
            second = crawl("dzwww", archive, replica=replica)
        finally:
            first.kill()
            first.communicate()
        assert second.returncode == 5
        assert f"process {first.pid} on" in second.stderr
        # Killed, so its lock is void and its leases are free: the next crawl runs and takes up what it left.
        assert crawl("dzwww", archive, replica=served).returncode == 0
    with Archive(archive) as opened:
        ends = [tuple(row) for row in opened.connection.execute("SELECT reason, exit_code FROM crawls")]
        assert opened.query_value("SELECT count(*) FROM urls WHERE state = 'found'") == 0
    assert ends == [("killed", None), ("finished", 0)]


def stopped_between_writes(process: subprocess.Popen[bytes], archive: Path) -> bool:
    """Stop a crawl, unless it is just writing: whoever waited for it then would wait for ever."""
    process.send_signal(signal.SIGSTOP)
    os.waitid(
        os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT
    )  # the signal itself takes its time
    with closing(sqlite3.connect(archive, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            return False
    return True


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def check_whole(path: Path, truth: dict[str, dict[str, Any]]) -> None:
    with Archive(path) as archive:
        names = [article_id(r[0]) for r in archive.connection.execute("SELECT url FROM articles")]
        assert sorted(names) == sorted(truth)
        bodies = {article_id(row["url"]): row["body"] for row in records(archive)}
        assert {name: row["body"] for name, row in truth.items()} == bodies
        assert archive.query_value("PRAGMA integrity_check") == "ok"


def test_what_a_killed_crawl_counted_is_judged_by_the_next_crawl(
    replica: Running, crawl: Crawl, tmp_path: Path
) -> None:
    path, banner = tmp_path / "archive.db", "欢迎扫码加入白浪镇读者群，和乡亲们聊聊"
    with Archive(path, create=True) as archive:  # stored, and killed before the end
        for number in range(20):
            article = make_article(
                f"风车第{number}次转动，岸边围了两百多人，有人带了板凳。{number * 7919}", banner
            )
            assert store(archive, article, key=article.url or "") == "new"
    crawl("urls", path, "-a", "url=http://www.dzwww.com/nothing/t20240101_1.htm", replica=replica)
    with Archive(path) as archive:
        assert archive.query_value("SELECT count(*) FROM articles") == 20
        assert not [row for row in records(archive) if banner in row["body"]]


def test_kill_9_loses_nothing(truth: dict[str, dict[str, Any]], crawl: Crawl, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with running(articles=ARTICLES, crawl_delay=0) as served:
        for seconds in (1.2, 1.8, 2.4):
            process = subprocess.Popen(
                crawl_command("dzwww", archive),
                cwd=ROOT,
                env=crawl_environment(tmp_path, served),
                stderr=subprocess.DEVNULL,
            )
            time.sleep(seconds)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        done = crawl("dzwww", archive, replica=served)
        assert done.returncode == 0, done.stderr[-3000:]
    check_whole(archive, truth)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-a", "chanel=guonei"], "did you mean 'channel'"),
        (["-a", "channel=guonie"], "did you mean 'guonei'"),
        (["-a", "since=yesterday"], "not a day written YYYY-MM-DD"),
        (["-a", "pages=0"], "not a number of pages"),
        (["-a", "url=www.dzwww.com"], "not an absolute http or https URL"),
        (["-s", "ARCHIVE_PAHT=x"], "did you mean 'ARCHIVE_PATH'"),
    ],
)
def test_what_is_misspelt_is_an_error(crawl: Crawl, tmp_path: Path, options: list[str], says: str) -> None:
    done = crawl("dzwww", tmp_path / "a.db", *options)
    assert done.returncode == 2
    assert says in done.stderr + done.stdout
    assert not (tmp_path / "a.db").exists()


def test_a_misspelt_spider_is_an_error(crawl: Crawl, tmp_path: Path) -> None:
    done = crawl("dzwwww", tmp_path / "a.db")
    assert (done.returncode, "did you mean 'dzwww'" in done.stderr + done.stdout) == (2, True)


def test_no_archive_no_crawl(crawl: Crawl, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("not a database, only words, and more of them")
    done = crawl("dzwww", tmp_path / "a.db")
    assert done.returncode == 3
    assert "cannot open the archive" in done.stderr
    assert (tmp_path / "a.db").read_text().startswith("not a database")


def test_a_failed_listing_is_told_by_the_exit_code(crawl: Crawl, tmp_path: Path) -> None:
    with running(articles=ARTICLES, crawl_delay=0) as served:
        done = crawl(
            "dzwww", tmp_path / "a.db", "-a", "channel=http://www.dzwww.com/nothing/here/", replica=served
        )
    assert done.returncode == 6
    assert "HTTP 404" in done.stderr


def test_a_broken_rule_raises_and_stores_nothing(crawl: Crawl, tmp_path: Path) -> None:
    # An article of the family without any title or body that the rules know.
    with running(articles=ARTICLES, crawl_delay=0) as served:
        module = tmp_path / "broken_spider.py"
        module.write_text(
            "from dzwcrawl.extract.rules import ArticleRules\nfrom dzwcrawl.spiders.dzwww import DzwwwSpider\n"
            "class Broken(DzwwwSpider):\n    name = 'broken'\n    article = ArticleRules(title='h2', body='#news-bdy')\n"
        )
        os.environ["PYTHONPATH"] = str(tmp_path)
        try:
            done = crawl(
                "broken",
                tmp_path / "a.db",
                "-a",
                "channel=guonei",
                "-s",
                "SPIDER_MODULES=broken_spider",
                replica=served,
            )
        finally:
            del os.environ["PYTHONPATH"]
    assert done.returncode == 1
    assert "rule body (#news-bdy) matches nothing" in done.stderr
    with Archive(tmp_path / "a.db") as archive:
        assert archive.query_value("SELECT count(*) FROM articles") == 0
        assert archive.query_value("SELECT count(*) FROM urls WHERE state = 'refused'") > 20


def test_private_addresses_are_refused_unless_allowed(crawl: Crawl, tmp_path: Path, replica: Running) -> None:
    url = replica.proxy + "/a.htm"
    done = crawl("urls", tmp_path / "a.db", "-a", f"url={url} http://localhost:1/b")
    assert done.returncode == 10
    assert done.stderr.count("is a private address") == 2
    with Archive(tmp_path / "a.db") as archive:
        assert archive.query_value("SELECT count(*) FROM urls WHERE state = 'refused'") == 2


def test_urls_spider_uses_the_rules_of_a_known_outlet(
    crawl: Crawl, tmp_path: Path, truth: dict[str, dict[str, Any]]
) -> None:
    wanted = [
        row
        for row in truth.values()
        if row["kind"] == "article" and "multipart" not in " ".join(row["traps"])
    ][:3]
    file = tmp_path / "urls.txt"
    file.write_text("# three of them\n" + "\n".join(row["url"] for row in wanted) + "\n\n")
    with running(articles=ARTICLES, crawl_delay=0) as served:
        for asked in (3, 0):
            before = len(article_requests(served))
            assert crawl("urls", tmp_path / "a.db", "-a", f"urls_file={file}", replica=served).returncode == 0
            assert len(article_requests(served)) - before == asked
    with Archive(tmp_path / "a.db") as archive:
        rows = {article_id(row["url"]): row for row in records(archive)}
    assert {row["site"] for row in rows.values()} == {"dzwww"}
    assert all(rows[article_id(row["url"])]["title"] == row["title"] for row in wanted)
    assert url_key(wanted[0]["url"]) != ""


def test_feed_export_has_the_fields_of_the_record(crawl: Crawl, tmp_path: Path) -> None:
    with running(articles=ARTICLES, crawl_delay=0) as served:
        out = tmp_path / "out.jsonl"
        done = crawl("dzwww", tmp_path / "a.db", "-a", "channel=dongying", "-O", str(out), replica=served)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows and all(list(row)[0] == "id" and "blocks" not in row and row["body"] for row in rows)
