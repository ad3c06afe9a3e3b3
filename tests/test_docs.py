"""The Python of the documentation runs, and so does the archive for scripts and notebooks."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl import Archive
from dzwcrawl.archive.archive import Archive as OpenArchive
from dzwcrawl.archive.archive import ArchiveError
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, record
from tests.conftest import ROOT, peer, peers
from tests.kept import articles, fill
from tests.replica import World

TEXT = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, world = tmp_path_factory.mktemp("docs") / "data" / "archive.db", World(articles=60)
    with OpenArchive(path, create=True) as archive:
        fill(archive, world, articles(world))
        copy = replace(
            archive.article(1) or Article(), id=None, url="http://copy.example/1", site="copy.example"
        )
        store(archive, copy, key="copy.example/1")
    return path


@pytest.fixture
def archive(filled: Path) -> Iterator[Archive]:
    with Archive(filled) as opened:
        yield opened


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_examples_run(filled: Path, tmp_path: Path, number: int) -> None:
    block = BLOCKS[number]
    for module in re.findall(r"^import (\w+)", block, re.MULTILINE):
        peer(module)
    shutil.copytree(filled.parent, tmp_path / "data")
    code = block if number == 0 else BLOCKS[0] + block
    words = [
        sys.executable,
        "-W",
        "error::ResourceWarning",
        "-c",
        f"import sys; sys.modules['scrapy'] = None; sys.path += {peers()!r}\n{code}",
    ]
    done = subprocess.run(
        words, cwd=tmp_path, capture_output=True, text=True, timeout=120, env=_environment()
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


QUERIES = re.compile(r'^sqlite-utils query data/archive.db "[^"]+".*', re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/archive.md", "docs/clusters.md"])
def test_the_queries_run_in_a_shell(filled: Path, name: str) -> None:
    queries = QUERIES.findall((ROOT / name).read_text(encoding="utf-8"))
    for query in queries:
        command = f"{Path(sys.executable).parent}/{query}".replace("74", "1")  # there is no 74 here
        done = subprocess.run(
            ["bash", "-c", command], cwd=filled.parent.parent, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{query}\n{done.stderr}"
    assert queries


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "DZWCRAWL_ARCHIVE"} | {"PYTHONPATH": str(ROOT)}


def test_the_methods_agree_with_the_archive(archive: Archive, filled: Path, tmp_path: Path) -> None:
    with OpenArchive(filled) as opened:
        number = opened.query_value("SELECT count(*) FROM articles")
        copies = opened.query_value("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL")
    rows = list(archive.records())
    assert [record(article) for article in archive.articles()] == rows and len(rows) == number
    assert len(list(archive.records(duplicates=False))) == number - copies and copies
    assert archive.export(tmp_path / "a.csv", fields=["id"], since="1900") == sum(
        bool(r["published"]) for r in rows
    )
    assert (tmp_path / "a.csv").read_bytes().startswith(b"id\r\n1")
    assert archive.sql("select count(*) as n from articles where id > :id", {"id": 0}) == [{"n": number}]
    assert [change.id for change in archive.changes()] and archive.sql("select ? as one", [1]) == [{"one": 1}]
    word = rows[0]["title"][:2]
    assert (
        archive.count(word) == len(archive.search(word, limit=1000)) == len(list(archive.records(query=word)))
    )
    with pytest.raises(ValueError, match="no site 'nowhere'"):
        archive.count(word, site="nowhere")
    article = archive.article(rows[0]["url"])
    assert article is not None and archive.revision(1, 1) == article
    assert [each.number for each in archive.revisions(1)] == [1]
    assert (archive.article(0), archive.revisions(0), archive.revision(0, 1), archive.cluster(0)) == (
        None,
        [],
        None,
        None,
    )
    clustered = archive.sql("select id from articles where cluster is not null limit 1")
    for row in clustered:
        found = archive.cluster(row["id"])
        assert found is not None and row["id"] in [member.id for member in found.members]


def test_it_only_reads(archive: Archive, tmp_path: Path) -> None:
    for statement in ("delete from articles", "update articles set title = ''", "drop table articles"):
        with pytest.raises(Exception, match="readonly"):
            archive.sql(statement)
    with pytest.raises(ArchiveError, match="no archive at"):
        Archive(tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()


def test_a_notebook_shows_an_article_escaped() -> None:
    bad: dict[str, Any] = dict.fromkeys(("title", "source", "url", "body", "published"), "<script>'\"&")
    shown = Article(**bad, authors=["<b>"], language='"><script>')._repr_html_()
    assert "<script" not in shown and "<b>" not in shown and shown.count("&lt;script&gt;") == 6
    assert Article()._repr_html_()


def test_an_unknown_name_of_the_package_is_an_error() -> None:
    with pytest.raises(ImportError):
        exec("from dzwcrawl import Archiv")
