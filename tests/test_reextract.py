"""`dzwcrawl reextract`: today's rules over kept pages, without a socket, in place, and never a revision."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl.archive import pages, reextract
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, Block, RawPage, derive_body
from dzwcrawl.crawl.rereading import reread
from tests.conftest import ROOT
from tests.kept import articles, fill
from tests.replica import World

WORLD = World(articles=60)
EVERYTHING: dict[str, Any] = {"ids": []}

SPIDER = """
from dataclasses import replace
from dzwcrawl.spiders.dzwww import DzwwwSpider as Real

class DzwwwSpider(Real):
    article = replace(Real.article, {change})
"""
DIES = """
import os, signal
from dzwcrawl.archive import reextract

def note_and_die(*arguments, note=reextract.note):
    note(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

reextract.note = note_and_die
"""
NO_SOCKETS = """
import os, sys
def refuse(event, arguments):
    if event.startswith("socket."):
        os.write(2, f"a socket was used: {event}\\n".encode())
        os._exit(97)
sys.addaudithook(refuse)
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "archive.db"
    with Archive(path, create=True) as archive:
        fill(archive, WORLD, articles(WORLD))
    return path


@pytest.fixture
def archive(filled: Path, tmp_path: Path) -> Iterator[Archive]:
    """A copy of an archive of the replica with its pages."""
    with Archive(filled) as source:
        source.connection.execute("VACUUM INTO ?", (str(tmp_path / "archive.db"),))
    with Archive(tmp_path / "archive.db", create=True) as copy:
        yield copy


def project(folder: Path, change: str) -> dict[str, str]:
    """Make a project whose spider of dzwww has another rule; return the environment that makes it the project."""
    folder.mkdir(exist_ok=True)
    (folder / "changed_rules.py").write_text(SPIDER.format(change=change))
    (folder / "changed_settings.py").write_text(
        "from dzwcrawl.settings import *\nSPIDER_MODULES = ['changed_rules']\n"
    )
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "SCRAPY_SETTINGS_MODULE": "changed_settings"}


def command(path: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "dzwcrawl", "reextract", "--archive", str(path), *options]


def run(
    path: Path, *options: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(path, *options), cwd=ROOT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONWARNINGS": "error", "PYTHONUTF8": "1"} | (environment or {}),
    )  # fmt: skip


DROP_FIRST = "drop=Real.article.drop + ', p:first-of-type'"


def test_the_same_rules_change_nothing(archive: Archive) -> None:
    before = archive.path.read_bytes()
    done = run(archive.path, "--dry-run", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    number = len(articles(WORLD))
    assert done.stdout == f"{number} pages give the same article, 0 another one, 0 none any more\n"
    assert archive.path.read_bytes() == before
    assert run(archive.path, "--yes").returncode == 0
    assert archive.query_value("SELECT same FROM reextractions WHERE finished IS NOT NULL") == number


def test_a_changed_rule_changes_articles_in_place(archive: Archive, tmp_path: Path) -> None:
    environment = project(tmp_path / "p", DROP_FIRST)
    old = {row["id"]: row for row in records(archive)}
    looked = run(archive.path, "--dry-run", environment=environment)
    assert looked.returncode == 0, looked.stderr
    assert list(records(archive)) == list(old.values()), "a dry run writes nothing"
    assert archive.query_value("SELECT count(*) FROM reextractions") == 0
    done = run(archive.path, "--yes", environment=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == looked.stdout
    new = {row["id"]: row for row in records(archive)}
    changed = [number for number in old if old[number]["body"] != new[number]["body"]]
    assert len(changed) >= 20
    assert f"{len(changed)}  body\n" in done.stdout
    written = archive.query_value("SELECT written FROM reextractions")
    assert written >= len(changed) and f"{written} articles changed in place" in done.stderr
    for number in changed:
        assert set(new[number]["body"].split("\n")) < set(old[number]["body"].split("\n"))
    kept = ("id", "site", "url", "first_seen", "last_seen", "revision", "published", "title")
    for number, row in old.items():
        assert {name: new[number][name] for name in kept} == {name: row[name] for name in kept}
    assert archive.query_value("SELECT count(*) FROM revisions") == 0
    assert archive.query_value("SELECT count(*) FROM drafts") == 0


def test_counts_and_copies_are_those_of_an_archive_made_by_the_new_rules(
    archive: Archive, tmp_path: Path
) -> None:
    environment = project(tmp_path / "p", DROP_FIRST)
    assert run(archive.path, "--yes", environment=environment).returncode == 0
    fresh = tmp_path / "fresh.db"
    code = (
        "import sys\nfrom dzwcrawl.archive.archive import Archive\nfrom tests.kept import articles, fill\n"
        "from tests.replica import World\nworld = World(articles=60)\n"
        "with Archive(sys.argv[1], create=True) as archive: fill(archive, world, articles(world))\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(fresh)], cwd=ROOT, check=True, env=os.environ | environment
    )
    # A block that stands on one page by now may still have a row from when it stood on two.
    for query in (
        "SELECT * FROM articles",
        "SELECT * FROM verdicts",
        "SELECT id, pages FROM blocks WHERE pages > 1",
        "SELECT site, template, channel, day, articles FROM layout_days JOIN layouts ON id = layout WHERE articles > 0",
    ):
        rows = []
        for path in (archive.path, fresh):
            with closing(sqlite3.connect(path)) as connection:
                rows.append(sorted(connection.execute(query).fetchall(), key=repr))
        assert rows[0] == rows[1] != [], query


def test_texts_that_become_equal_are_linked_as_copies(archive: Archive) -> None:
    found = list(records(archive))[:2]
    for number, row in enumerate(found):
        assert row["duplicate_of"] is None, number
    run_ = reextract.begin(archive, "rules", EVERYTHING)

    def reader(read: list[RawPage], stored: Article) -> Article:
        article = reread(read, stored)
        article.blocks = [
            Block("两页今天读出同一段正文，写的是河上的船和岸上的人，一共有这么多字，够得上算一篇。" * 2)
        ]
        article.body = derive_body(article.blocks)
        return article

    drafts = [reextract.draft(archive, row["id"], reader) for row in found]
    reextract.note(archive, run_.number, drafts)
    assert sum(reextract.write(archive, run_.number)) == 2
    copies = [row["duplicate_of"] for row in records(archive)][:2]
    first = min(found, key=lambda row: (row["published"][:10], row["id"]))["id"]
    assert copies == [None if row["id"] == first else first for row in found]


def test_pages_that_give_no_article_any_more_leave_it_as_it_was(archive: Archive, tmp_path: Path) -> None:
    old = list(records(archive))
    done = run(
        archive.path,
        "--yes",
        "--id",
        "3",
        "--id",
        "4",
        environment=project(tmp_path / "p", "body='#nowhere'"),
    )
    assert done.returncode == 1
    assert "0 another one, 2 none any more" in done.stdout
    assert "2  no article: rule body (#nowhere) matches nothing (3, 4); kept as it was" in done.stdout
    assert list(records(archive)) == old


def test_a_damaged_page_leaves_its_article_as_it_was(archive: Archive) -> None:
    old = list(records(archive))
    payload = archive.query_value("SELECT payload FROM pages WHERE article = 5")
    archive.connection.execute("UPDATE payloads SET digest = zeroblob(32) WHERE id = ?", (payload,))
    done = run(archive.path, "--yes")
    assert done.returncode == 1
    assert "no article: the page of article 5, revision 1, part 1 is damaged" in done.stdout
    assert list(records(archive)) == old


def test_missing_parts_stay_noted(archive: Archive) -> None:
    row = next(row for row in articles(WORLD) if "missing_part" in row["traps"])
    article = archive.article(row["url"])
    assert article is not None
    assert article.notes == ["part 2 of 3 is missing: its page is not kept"]
    archive.connection.execute(
        "UPDATE articles SET notes = '[\"part 2 of 3 is missing: HTTP 404\"]' WHERE id = ?", (article.id,)
    )
    assert f"{len(articles(WORLD))} pages give the same" in run(archive.path, "--dry-run").stdout


def test_articles_without_a_page_are_counted(archive: Archive) -> None:
    archive.connection.execute("DELETE FROM pages WHERE article IN (2, 4)")
    done = run(archive.path, "--yes", "--id", "2", "--id", "3", "--id", "4")
    assert (done.returncode, done.stdout[:31]) == (0, "1 page gives the same article, ")
    assert "no page is kept of 2 of the articles" in done.stderr


def test_selection_by_site_and_day(archive: Archive) -> None:
    for options, condition in (
        (
            ["--since", "2024", "--until", "2025-06"],
            "published >= '2024' AND substr(published, 1, 7) <= '2025-06'",
        ),
        (["--site", "dzwww"], "1"),
        (["--id", "2", "--id", "3"], "id IN (2, 3)"),
    ):
        number = archive.query_value(f"SELECT count(*) FROM articles WHERE {condition}")
        assert f"{number} pages give the same article" in run(archive.path, "--dry-run", *options).stdout


def test_what_is_not_there_is_named(archive: Archive) -> None:
    for options, says in (
        (["--site", "dzww"], "has no site 'dzww'; did you mean 'dzwww'?"),
        (["--id", "2", "--id", "9999"], "has no article 9999"),
    ):
        done = run(archive.path, "--dry-run", *options)
        assert (done.returncode, done.stdout, says in done.stderr) == (1, "", True)


def test_without_anybody_to_ask_it_says_so(archive: Archive) -> None:
    done = run(archive.path)
    assert (done.returncode, "--yes to write, or --dry-run to look" in done.stderr) == (2, True)


def test_no_socket_is_opened(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(NO_SOCKETS)
    guarded = {"PYTHONPATH": f"{tmp_path / 'guard'}{os.pathsep}{ROOT}"}
    control = subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket()"],
        env=os.environ | guarded,
        capture_output=True,
    )
    assert control.returncode == 97, "the guard does not work"
    for jobs in ("1", "2"):
        done = run(archive.path, "--dry-run", "--jobs", jobs, environment=guarded)
        assert done.returncode == 0, done.stderr
        assert f"{len(articles(WORLD))} pages give the same article" in done.stdout


def test_a_killed_run_goes_on_where_it_stopped(archive: Archive, tmp_path: Path) -> None:
    environment = project(tmp_path / "p", DROP_FIRST)
    with (tmp_path / "p" / "changed_settings.py").open("a") as settings:
        settings.write(DIES)  # not in its rules: a run with others begins anew
    died = run(archive.path, "--yes", "--jobs", "1", environment=environment)
    assert died.returncode == -signal.SIGKILL, died.stderr
    done_before = archive.query_value("SELECT max(done) FROM reextractions")
    assert done_before and archive.query_value("SELECT finished FROM reextractions") is None
    done = run(archive.path, "--yes", environment=project(tmp_path / "p", DROP_FIRST))
    assert done.returncode == 0, done.stderr
    assert "going on with a run that was stopped: " in done.stderr
    assert archive.query_value("SELECT count(*) FROM reextractions") == 1
    same, written, finished = archive.connection.execute(
        "SELECT same, written, finished FROM reextractions"
    ).fetchone()
    assert same + written == len(articles(WORLD)) and finished
    again = run(archive.path, "--dry-run", environment=project(tmp_path / "p", DROP_FIRST))
    assert " 0 another one, 0 none any more" in again.stdout


def test_a_run_stopped_while_it_wrote_writes_the_rest(archive: Archive) -> None:
    def reader(read: list[RawPage], stored: Article) -> Article:
        article = reread(read, stored)
        article.description = "changed"
        return article

    run_ = reextract.begin(archive, "rules", EVERYTHING)
    reextract.note(archive, run_.number, [reextract.draft(archive, n, reader) for n in run_.articles])
    written = iter(reextract.write(archive, run_.number, at_once=20))
    assert next(written) == 20
    with suppress(AttributeError):
        written.close()  # type: ignore[attr-defined]
    again = reextract.begin(archive, "rules", EVERYTHING)
    assert (again.number, again.articles, again.done) == (run_.number, [], len(run_.articles))
    assert reextract.report(archive, again.number).changed == len(run_.articles) - 20
    assert sum(reextract.write(archive, again.number)) == len(run_.articles) - 20
    reextract.finish(archive, again.number)
    assert {row["description"] for row in records(archive)} == {"changed"}
    assert archive.query_value("SELECT written FROM reextractions") == len(run_.articles)


def test_drafts_of_other_rules_are_thrown_away(archive: Archive) -> None:
    first = reextract.begin(archive, "old rules", EVERYTHING)
    reextract.note(
        archive, first.number, [reextract.Draft(n, 1, [], error="no article") for n in first.articles[:5]]
    )
    second = reextract.begin(archive, "new rules", EVERYTHING)
    assert second.articles == first.articles
    assert archive.query_value("SELECT count(*) FROM drafts") == 0
    assert archive.query_value("SELECT count(*) FROM reextractions") == 1


def test_an_article_that_was_revised_meanwhile_stays(archive: Archive) -> None:
    run_ = reextract.begin(archive, "rules", {"ids": [1]})
    columns = {"title": "从旧页读出的标题"}
    reextract.note(archive, run_.number, [reextract.Draft(1, 1, ["title"], columns)])
    article = archive.article(1)
    assert article is not None
    article.title, article.pages = "外面改过的标题", pages.read(archive, 1, 1)
    article.last_seen = "2027-01-01T00:00:00+00:00"
    article.pages = [RawPage(article.url or "", article.last_seen, "HTTP/1.1 200 OK\r\n", b"edited")]
    key = archive.query_value("SELECT key FROM urls WHERE article = 1")
    assert store(archive, article, key=key) == "revised"
    assert sum(reextract.write(archive, run_.number)) == 1
    found = archive.article(1)
    assert found is not None and (found.title, found.revision) == ("外面改过的标题", 2)
    assert archive.query_value("SELECT written FROM reextractions") == 0
