"""Raw pages: kept as they were received, small, readable for ever, and said to be damaged when they are."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from dzwcrawl.archive import pages
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.schema import migrations
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, RawPage
from tests.conftest import Crawl, make_article
from tests.kept import articles, fill, pages_of
from tests.replica import World, running
from tests.test_cli import lines, run

WORLD = World(articles=40)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the replica with its pages."""
    path = tmp_path_factory.mktemp("kept") / "archive.db"
    with Archive(path, create=True) as archive:
        fill(archive, WORLD, articles(WORLD))
    return path


@pytest.fixture
def copied(kept: Path, tmp_path: Path) -> Iterator[Archive]:
    """A copy of it that a test may damage."""
    with Archive(kept) as archive:
        archive.connection.execute("VACUUM INTO ?", (str(tmp_path / "archive.db"),))
    with Archive(tmp_path / "archive.db", create=True) as archive:
        yield archive


def with_page(body: bytes, *text: str, url: str | None = None, day: int = 1) -> Article:
    article = make_article(*(text or ("一段正文，写河上的船。",)), url=url, title="船")
    article.first_seen = article.last_seen = f"2026-01-{day:02}T00:00:00+00:00"
    article.pages = [RawPage(article.url or "", article.first_seen, "HTTP/1.1 200 OK\r\nA: b\r\n", body)]
    return article


def test_a_crawl_keeps_what_it_received(crawl: Crawl, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with running(articles=120, crawl_delay=0) as served:
        assert crawl("dzwww", path, replica=served).returncode == 0
        with Archive(path) as archive:
            ids = [tuple(row) for row in archive.connection.execute("SELECT id, url, revision FROM articles")]
            several = 0
            for number, url, revision in ids:
                found = pages.read(archive, number, revision)
                assert [(p.url, p.body, p.part) for p in found] == [
                    (p.url, p.body, p.part) for p in pages_of(served.world, url)
                ]
                assert (
                    found[0].head.startswith("HTTP/1.1 200 OK\r\n") and "\r\nContent-Type: " in found[0].head
                )
                several += len(found) > 1
            assert several >= 4, "articles in several parts"
            numbers = pages.numbers(archive)
            assert numbers["stored"] * 5 < numbers["received"]
        before = numbers["pages"]
        url, edited = next(r["url"] for r in articles(served.world) if "edited" in r["traps"]), 1
        assert crawl("dzwww", path, "-a", f"url={url}", replica=served).returncode == 0
        with Archive(path) as archive:
            assert pages.numbers(archive)["pages"] == before, "an unchanged page is not kept again"
        served.set_day(1)
        assert crawl("dzwww", path, "-a", f"url={url}", replica=served).returncode == 0
        with Archive(path) as archive:
            article = archive.article(url)
            assert article is not None and article.id is not None and article.revision == 1 + edited
            old, new = (pages.find(archive, article.id, revision) for revision in (1, 2))
            assert old.body == World(articles=120).get(url).body
            assert new.body == World(articles=120, day=1).get(url).body != old.body


def test_archive_raw_off_keeps_none(crawl: Crawl, tmp_path: Path) -> None:
    options = ("-a", "channel=guonei", "-s", "ARCHIVE_RAW=0")
    with running(articles=40, crawl_delay=0) as served:
        assert crawl("dzwww", tmp_path / "a.db", *options, replica=served).returncode == 0
    with Archive(tmp_path / "a.db") as archive:
        assert archive.query_value("SELECT count(*) FROM articles") > 0
        assert pages.numbers(archive) == {"pages": 0, "received": 0, "stored": 0, "dictionaries": 0}
    done = run("raw", "1", "--archive", tmp_path / "a.db")
    assert (done.returncode, "ARCHIVE_RAW=0" in done.stderr.decode()) == (1, True)


def test_a_page_that_was_not_kept_is_kept_when_it_is_seen_unchanged(archive: Archive) -> None:
    first = with_page(b"one")
    first.pages = []
    store(archive, first, key="k")
    assert store(archive, with_page(b"two", url=first.url, day=2), key="k") == "unchanged"
    assert pages.find(archive, first.id or 0).body == b"two"
    assert store(archive, with_page(b"three", url=first.url, day=3), key="k") == "unchanged"
    assert pages.find(archive, first.id or 0).body == b"two"


def test_what_was_fetched_before_the_stored_page_is_no_revision(archive: Archive) -> None:
    now = with_page(b"new", "河上的船今天开走了。", day=5)
    store(archive, now, key="k")
    assert store(archive, with_page(b"old", "河上的船还在。", url=now.url, day=2), key="k") == "older"
    found = archive.article(now.id or 0)
    assert found is not None
    assert (found.revision, found.body) == (1, "河上的船今天开走了。")
    assert (found.first_seen, found.last_seen) == ("2026-01-02T00:00:00+00:00", "2026-01-05T00:00:00+00:00")
    assert pages.find(archive, now.id or 0).body == b"new"


def test_identical_bytes_are_stored_once(archive: Archive) -> None:
    for number in range(3):
        store(archive, with_page(b"same" * 100, f"第{number}篇，写河上的船。"), key=f"k{number}")
    assert archive.query_value("SELECT count(*) FROM pages") == 3
    assert archive.query_value("SELECT count(*) FROM payloads") == 1
    assert pages.numbers(archive)["received"] == 1200


def test_page_and_article_are_one_transaction(archive: Archive) -> None:
    archive.connection.execute("DROP TABLE payloads")
    with pytest.raises(sqlite3.OperationalError):
        store(archive, with_page(b"x"), key="k")
    assert archive.query_value("SELECT count(*) FROM articles") == 0


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=300).map(lambda b: b * 7), min_size=1, max_size=12))
def test_any_bytes_come_back(archive: Archive, bodies: list[bytes]) -> None:
    stored = []
    for body in bodies:
        article = with_page(body)
        store(archive, article, key=article.url or "")
        stored.append(article.id or 0)
    assert [pages.find(archive, number).body for number in stored] == bodies


def test_dictionaries_follow_the_templates_of_a_site(archive: Archive) -> None:
    furniture = [hashlib.sha256(name.encode()).hexdigest() * 120 for name in ("old", "new")]
    bodies = [f"{furniture[n >= 10]}{n}第{n}篇".encode() for n in range(20)]
    ids = []
    for body in bodies:
        article = with_page(body)
        store(archive, article, key=article.url or "")
        ids.append(article.id or 0)
    packed = archive.connection.execute(
        "SELECT length(packed), size, dictionary FROM payloads ORDER BY id"
    ).fetchall()
    assert [row[2] for row in packed] == [None, *[1] * 9, None, *[2] * 9]
    assert all(row[0] < 120 for row in packed if row[2])
    assert [pages.find(archive, number).body for number in ids] == bodies
    # Another site has none of them.
    other = with_page(bodies[0] + b"!")
    other.site = "another"
    store(archive, other, key="other")
    assert archive.query_value("SELECT site FROM dictionaries ORDER BY id DESC") == "another"


def test_stock_tools_read_what_is_kept(kept: Path, tmp_path: Path) -> None:
    zstd = shutil.which("zstd")
    if zstd is None:
        pytest.skip("the command zstd is not installed")
    with Archive(kept) as archive:
        row = archive.connection.execute(
            "SELECT payloads.packed, source.packed AS dictionary, payloads.digest FROM payloads "
            "JOIN dictionaries ON dictionaries.id = payloads.dictionary "
            "JOIN payloads AS source ON source.id = dictionaries.payload LIMIT 1"
        ).fetchone()
    (tmp_path / "page.zst").write_bytes(row["packed"])
    (tmp_path / "dictionary.zst").write_bytes(row["dictionary"])
    subprocess.run([zstd, "-dq", "dictionary.zst"], cwd=tmp_path, check=True)
    subprocess.run([zstd, "-dq", "page.zst", "-D", "dictionary"], cwd=tmp_path, check=True)
    assert hashlib.sha256((tmp_path / "page").read_bytes()).digest() == row["digest"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE payloads SET packed = substr(packed, 1, length(packed) - 9)",
        "UPDATE payloads SET packed = zeroblob(40)",
        "UPDATE payloads SET digest = zeroblob(32) WHERE id = (SELECT payload FROM pages WHERE article = 7)",
        "UPDATE payloads SET packed = (SELECT packed FROM payloads WHERE id = 1) WHERE id != 1",
    ],
)
def test_a_damaged_page_is_an_error_and_gives_no_bytes(copied: Archive, damage: str) -> None:
    copied.connection.execute(damage)
    done = run("raw", "7", "--archive", copied.path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "article 7, revision 1, part 1 is damaged" in done.stderr.decode()


def test_raw_writes_the_bytes(kept: Path, tmp_path: Path) -> None:
    with Archive(kept) as archive:
        urls = dict(archive.connection.execute("SELECT id, url FROM articles").fetchall())
        several = archive.query_value("SELECT article FROM pages WHERE part = 3")
    for number in (1, several):
        for page in pages_of(WORLD, urls[number]):
            assert run("raw", str(number), "--part", str(page.part), "--archive", kept).stdout == page.body
            done = run("raw", urls[number], "--part", str(page.part), "--headers", "--archive", kept)
            assert done.stdout.decode() == page.head
    done = run("raw", "1", "-o", tmp_path / "page.htm", "--archive", kept)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "page.htm").read_bytes() == pages_of(WORLD, urls[1])[0].body


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["999"], 1, "has no article 999"),
        (["1", "--revision", "3"], 1, "revision 3, part 1 was kept; of these revisions there are: 1"),
        (["1", "--part", "9"], 1, "part 9 was kept"),
        (["1", "--revison", "1"], 2, "--revision"),
        (["1", "-o", "no/such/folder/page"], 1, "cannot write no/such/folder/page"),
    ],
)
def test_raw_says_what_is_wrong(kept: Path, arguments: list[str], code: int, says: str) -> None:
    done = run("raw", *arguments, "--archive", kept)
    assert (done.returncode, done.stdout) == (code, b"")
    assert says in done.stderr.decode()


def test_stats_tell_the_size(kept: Path) -> None:
    (numbers,) = lines(run("stats", "--json", "--archive", kept))
    with Archive(kept) as archive:
        assert numbers["pages"] == pages.numbers(archive)
    text = run("stats", "--archive", kept).stdout.decode()
    assert f"{numbers['pages']['pages']} raw pages, " in text


def test_an_archive_of_before_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    migrations.apply(Database(connection), stop_before="m004_pages")
    connection.close()
    (numbers,) = lines(run("stats", "--json", "--archive", path))
    assert numbers["pages"]["pages"] == 0
    assert json.dumps(numbers)
