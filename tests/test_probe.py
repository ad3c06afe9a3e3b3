"""`dzwcrawl probe`, the file it writes, `dzwcrawl record` and the template of genspider, as processes."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dzwcrawl.cli.probe import site_file
from dzwcrawl.extract.outlet import Fetched, survey
from tests.conftest import ROOT
from tests.unknown.chinese import numbered, system
from tests.unknown.measure import crawl, environment, measure, probe, project_copy, stored
from tests.unknown.model import Site
from tests.unknown.server import Served, serving

SITES: list[Site] = [numbered(), system()]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(SITES) as running:
        yield running


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_copy(tmp_path_factory.mktemp("project"))


def dzwcrawl(served: Served, project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dzwcrawl", *words],
        env=environment(served, project), cwd=project, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_a_look_tells_how_an_outlet_would_be_crawled(served: Served) -> None:
    site = SITES[0]
    done = probe(served, site.front)
    assert done.returncode == 0, done.stderr
    for part in ("麒麟网", "utf-8", "CmsTop", "/rss/all.xml  12 entries", "bendi", "page two: 6 more", "hot"):
        assert part in done.stdout
    assert any(piece.title in done.stdout for piece in site.pieces)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_the_written_file_works_unedited(served: Served, project: Path, site: Site, tmp_path: Path) -> None:
    name = f"probed_{site.name}"
    done = probe(served, site.front, "--write", name, "--json", project=project)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[0])
    assert [channel["url"] for channel in found["channels"]] == site.listings
    fixtures = project / "tests" / "fixtures" / name
    assert {path.name for path in fixtures.iterdir()} == {
        "listing.html", "listing.json", "article.html", "article.json", "meta.json",
    }  # fmt: skip
    record = json.loads((fixtures / "article.json").read_text(encoding="utf-8"))
    assert record["title"] == site.by_url()[record["url"]].title
    assert (fixtures / "article.html").read_bytes() == site.pages[record["url"]][1]
    crawled = crawl(served, name, tmp_path / "a.db", project=project)
    assert crawled.returncode == 0, crawled.stderr[-3000:]
    result = measure(site, set(site.by_url()), *stored(tmp_path / "a.db"))
    assert (result.found, result.false, result.right) == (result.links, 0, result.fields)
    again = probe(served, site.front, "--write", name, project=project)
    assert again.returncode == 1
    assert "not overwritten" in again.stderr


def test_record_saves_a_page_with_its_record(served: Served, project: Path) -> None:
    site = SITES[1]
    if not (project / "dzwcrawl" / "spiders" / "probed_system.py").exists():  # where this test runs alone
        assert probe(served, site.front, "--write", "probed_system", project=project).returncode == 0
    piece = site.pieces[5]
    done = dzwcrawl(served, project, "record", "probed_system", piece.url, "--as", "another")
    assert done.returncode == 0, done.stderr
    folder = project / "tests" / "fixtures" / "probed_system"
    record = json.loads((folder / "another.json").read_text(encoding="utf-8"))
    assert (record["title"], record["site"], record["authors"]) == (
        piece.title,
        "probed_system",
        [piece.author],
    )
    assert (folder / "another.html").read_bytes() == site.pages[piece.url][1]
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    assert meta["pages"]["another.html"]["url"] == piece.url
    again = dzwcrawl(served, project, "record", "probed_system", piece.url, "--as", "another")
    assert again.returncode == 1
    assert "is there already" in again.stderr
    gone = dzwcrawl(served, project, "record", "probed_system", f"{site.front}gone.htm")
    assert gone.returncode == 1
    assert "HTTP 404" in gone.stderr


def test_what_is_wrong_is_said(served: Served, project: Path) -> None:
    nothing = probe(served, "http://www.beifang-wang.example/nothing.htm")
    assert nothing.returncode == 1
    assert "HTTP 404" in nothing.stderr
    assert "Traceback" not in nothing.stderr
    private = probe(served, "http://127.0.0.1:1/")
    assert private.returncode == 1
    assert "PRIVATE_ADDRESSES_ALLOWED" in private.stderr
    misspelt = dzwcrawl(served, ROOT, "probe", SITES[0].front, "-s", "DOWNLOAD_DELEY=0")
    assert misspelt.returncode == 2
    assert "did you mean 'DOWNLOAD_DELAY'" in misspelt.stderr
    for word, said in (("Wrong-Name", "is no name for a site"), ("dzwww", "not overwritten")):
        done = probe(served, SITES[0].front, "--write", word, project=project)
        assert done.returncode == 1
        assert said in done.stderr
    unknown = dzwcrawl(served, project, "record", "dzww", "http://www.dzwww.com/")
    assert unknown.returncode == 1
    assert "there is no site 'dzww'" in unknown.stderr


def test_what_pages_say_never_becomes_code() -> None:
    attack = '"""\\\'\n__import__("os").system("true")#'
    hrefs = "".join(
        f"""<li><a href='/x"+__import__("os")+"/2026/1101/{5341900 + n}.shtml?a"b={n}'>第{n}条新闻的标题有十几个字</a></li>"""
        for n in range(6)
    )
    page = f"""<html><head><title>{attack}</title><meta name="generator" content="a\\b"></head><body>
    <a href='/news/"{attack}'>{attack[:8]}</a><ul id="l'\"ist" class="list">{hrefs}</ul></body></html>""".encode()
    outlet = survey([Fetched("http://www.example.org/news/", "front", 200, body=page)])
    assert outlet.listing is not None
    tree = ast.parse(site_file(outlet, "attacked"))
    assert [type(node) for node in tree.body] == [ast.Expr, ast.ImportFrom, ast.ImportFrom, ast.ClassDef]
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert [call.id for call in calls if isinstance(call, ast.Name)] == ["ListingRules"]
    assert len(calls) == 1


def test_genspider_gives_a_file_that_can_be_imported(served: Served, project: Path) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    done = subprocess.run(
        [*scrapy, "genspider", "-t", "news", "bare", "example.org"],
        env=environment(served, project), cwd=project, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    code = "from dzwcrawl.spiders.bare import BareSpider as B; print(B.name, B.allowed_domains, B.listing.accept)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(served, project),
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.split() == ["bare", "['example.org']", r"/\d{5,}\.s?html?$"], shown.stderr


def test_the_copy_is_what_runs(served: Served, project: Path) -> None:
    code = "import dzwcrawl; print(dzwcrawl.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(served, project),
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(project) and not Path(done.stdout.strip()).is_relative_to(
        ROOT
    )


@pytest.mark.parametrize(
    "command", [["probe", "https://a.example/"], ["record", "dzwww", "https://a.example/a.htm"]]
)
def test_wrong_use_is_told_as_by_the_command_itself(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dzwcrawl", *command], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"DZWCRAWL_CONTACT": ""},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("Error: say who crawls") and "look" not in done.stderr
