"""Every outlet shipped: its fixtures, what is read from them, that none lacks one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.urls import url_key
from tests.conftest import ROOT
from tests.outlets import FOLDER, Fixture, fixtures, on_page, spiders
from tests.outlets.crawl import crawl_outlet
from tests.outlets.table import DOCUMENT, document
from tests.outlets.world import OutletWorld
from tests.replica import Running, running

OUTLETS = fixtures()
each = pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.name)
# A spider without listings is that of a newspaper, whose editions are found by date: test_papers.py.
listed = pytest.mark.parametrize(
    "outlet", [outlet for outlet in OUTLETS if outlet.spider.channels], ids=lambda outlet: outlet.name
)


@each
def test_the_article_is_the_record(outlet: Fixture) -> None:
    article = outlet.article()
    assert on_page(article) == outlet.expected("article")
    assert article.notes == []


@listed
def test_the_listing_gives_the_links(outlet: Fixture) -> None:
    listing, want = outlet.listing(), outlet.expected("listing")
    assert [link.url for link in listing.links if outlet.spider.covers(link.url)] == want["links"]
    assert listing.next_page == want["next_page"]


@listed
def test_the_article_and_its_parts_are_one_and_its_neighbours_others(outlet: Fixture) -> None:
    def key(url: str) -> str:
        return url_key(url, outlet.spider.identity, outlet.name)

    pages = {key(about["url"]) for name, about in outlet.meta["pages"].items() if name.startswith("article")}
    links = [key(url) for url in outlet.expected("listing")["links"]]
    assert len(pages) == 1
    assert len(set(links)) == len(links) > 3


LISTED = {name: spider for name, spider in spiders().items() if spider.channels}


@pytest.mark.parametrize(("name", "spider"), LISTED.items(), ids=lambda value: str(value)[:40])
def test_every_spider_is_whole(name: str, spider: type[NewsSpider]) -> None:
    folder = FOLDER / name
    assert spider.__module__ == f"dzwcrawl.spiders.{name}", "file and spider share one name"
    for file in ("listing.html", "listing.json", "article.html", "article.json", "meta.json"):
        assert (folder / file).is_file(), f"tests/fixtures/{name}/{file} is missing: docs/add-an-outlet.md"
    outlet = next(outlet for outlet in OUTLETS if outlet.name == name)
    assert outlet.meta["year"] and outlet.meta["evidence"] and outlet.meta["unsure"]
    assert {file.name for file in folder.glob("*.html")} == outlet.meta["pages"].keys()
    record = outlet.expected("article")
    assert [field for field in ("title", "published", "source", "body") if not record[field]] == []
    assert record["site"] == name
    assert spider.channels and all(spider.covers(url) for url in spider.channels.values())
    assert outlet.meta["pages"]["listing.html"]["url"] in spider.channels.values()


def test_pages_of_which_nothing_is_known_have_no_rules() -> None:
    southcn = LISTED["southcn"]
    assert southcn.rules_for("https://news.southcn.com/node_54a44f01a2/09d6b2e8d6.shtml") is None
    assert (
        southcn.rules_for("http://news.southcn.com/gd/content/2019-06/17/content_188035477.htm") is not None
    )
    assert LISTED["enorth"].rules_for("http://news.enorth.com.cn/system/2026/07/09/059554992.shtml") is None


def test_no_fixture_without_a_spider() -> None:
    assert {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} <= spiders().keys()
    assert len(OUTLETS) >= 25


def test_the_table_of_outlets_is_as_the_spiders_and_fixtures_are() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make outlets-table"


def test_the_outlet_of_the_walk_through_is_the_one_shipped() -> None:
    page = (ROOT / "docs" / "add-an-outlet.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "CnhubeiSpider" in block]
    assert code == (ROOT / "dzwcrawl" / "spiders" / "cnhubei.py").read_text(encoding="utf-8")


CRAWLED = [outlet for outlet in OUTLETS if outlet.name in ("zjol", "qingdaonews", "dbw")]


@pytest.fixture(scope="module")
def world() -> OutletWorld:
    return OutletWorld(CRAWLED)


@pytest.fixture(scope="module")
def served(world: OutletWorld) -> Iterator[Running]:
    with running(world=world) as server:
        yield server


@pytest.mark.parametrize("outlet", CRAWLED, ids=lambda outlet: outlet.name)
def test_an_outlet_of_each_family_is_crawled_whole(
    outlet: Fixture, world: OutletWorld, served: Running, tmp_path: Path
) -> None:
    got = crawl_outlet(outlet, world, served, tmp_path)
    assert (got.found, got.strange, got.exit_code, got.wrong) == (got.expected, 0, 0, [])
    assert got.expected >= 4
