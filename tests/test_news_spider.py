"""`scrapy crawl news`: the news of outlets without a site file, through sockets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crawl
from tests.unknown.chinese import enpcms, trs
from tests.unknown.german import paper
from tests.unknown.measure import crawl, faults, linked, measure, stored
from tests.unknown.model import Site
from tests.unknown.server import Served, serving

SITES: list[Site] = [trs(), enpcms(), paper()]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(SITES) as running:
        yield running


def news(served: Served, archive: Path, *arguments: str) -> set[str]:
    """Crawl; return the articles asked for."""
    before = len(served.asked)
    options = [word for argument in arguments for word in ("-a", argument)]
    done = crawl(served, "news", archive, *options)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "WARNING" not in done.stderr, done.stderr[-3000:]
    known = {url for site in SITES for url in site.by_url()}
    return set(served.asked[before:]) & known


def test_sections_of_several_outlets_to_their_end_and_nothing_twice(served: Served, tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    urls = f"url={' '.join(url for site in SITES for url in site.listings)}"
    asked = news(served, archive, urls)
    urls_met, rows = stored(archive)
    for site in SITES:
        mine: list[dict[str, Any]] = [row for row in rows if row["url"] in site.by_url()]
        assert {row["url"] for row in mine} == set(site.by_url())
        assert {row["site"] for row in mine} == {site.front.split("/")[2].removeprefix("www.")}
        assert [faults(site.by_url()[row["url"]], row, site) for row in mine] == [[]] * len(mine)
        assert measure(site, set(site.by_url()), set(site.by_url()), mine).text == 1.0
    assert urls_met == asked == {url for site in SITES for url in site.by_url()}
    assert news(served, archive, urls) == set()


def test_front_page_brings_what_it_links_and_no_other_site_is_asked(served: Served, tmp_path: Path) -> None:
    site = SITES[1]
    before = len(served.asked)
    assert news(served, tmp_path / "a.db", f"url={site.front}") == linked(site, site.front)
    hosts = {url.split("/")[2] for url in served.asked[before:]}
    assert hosts == {"www.linhe-daily.example"}


def test_pages_and_since_bound_it(served: Served, tmp_path: Path) -> None:
    site = SITES[1]
    first = {piece.url for piece in site.of(0, 0)}
    assert news(served, tmp_path / "a.db", f"url={site.listings[0]}", "pages=1") == first
    late = {piece.url for piece in site.of(0, 0) if f"{piece.when:%Y-%m-%d}" >= "2026-11-19"}
    assert news(served, tmp_path / "b.db", f"url={site.listings[0]}", "since=2026-11-19") == late


def test_a_page_without_lists_is_said_to_be_one(served: Served, tmp_path: Path) -> None:
    done = crawl(served, "news", tmp_path / "a.db", "-a", "url=http://www.haiyu-news.example/nothing")
    assert done.returncode == 6
    assert "HTTP 404" in done.stderr


def test_without_a_page_it_says_what_to_give(crawl: Crawl, tmp_path: Path) -> None:
    done = crawl("news", tmp_path / "a.db")
    assert done.returncode == 2
    assert "-a url=URL" in done.stderr + done.stdout
