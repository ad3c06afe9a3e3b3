"""Lists of articles found by what repeats: shapes of URLs, places, pagers; the outlets' own listings as a check."""

import json
from pathlib import Path

import pytest

from dzwcrawl.extract.cms import guess_cms
from dzwcrawl.extract.lists import find_lists
from dzwcrawl.extract.shapes import may_be_section, shape_of
from tests.conftest import ROOT
from tests.unknown.measure import linked
from tests.unknown.model import Site
from tests.unknown.server import all_sites

FIXTURES = sorted((ROOT / "tests" / "fixtures").glob("*/listing.json"))
SITES = all_sites()
URL = "http://www.example.org/news/"


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("http://sd.dzwww.com/sdnews/202003/t20200301_6053728.htm", r"/\d{6}/t\d{8}_\d+\.s?html?$"),
        ("http://www.wfnews.com.cn/news/2024-01/09/content_2601862.htm", r"/\d{4}-\d{1,2}/\d{1,2}/content_\d+\.s?html?$"),
        ("http://sd.people.com.cn/n2/2020/0608/c166188-34071234.html", r"/n\d+/\d{4}/\d+/c\d+\-\d+\.s?html?$"),
        ("http://x.cn/index.php?m=content&c=index&a=show&catid=9&id=12345", r"/index\.php\?m=content&c=index&a=show&catid=\d+&id=\d+$"),
        ("https://www.spiegel.de/panorama/ein-titel-aus-vielen-worten-a-60a0111a", r"/(?:[^/_-]+[_-]+){2}[^/]*$"),
    ],
)  # fmt: skip
def test_urls_of_articles_have_a_form(url: str, pattern: str) -> None:
    shape = shape_of(url)
    assert shape.pattern == pattern
    assert shape.score > 1


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.org/",
        "http://www.example.org/sdnews/",
        "http://www.example.org/sdnews/default_1.htm",
        "http://www.example.org/node_68148.htm",
        "http://www.example.org/GB/192237/index.html",
        "http://www.example.org/about/contact.htm",
        "http://bbs.example.org/thread-4341000-1.shtml",
        "http://www.example.org/files/202011/report20201101.pdf",
        "http://www.example.org/autor/anna-maria-von-der-heide",
        "http://www.example.org/ad/2026/1101/5300001.shtml",
    ],
)
def test_other_urls_have_not(url: str) -> None:
    assert shape_of(url).score <= 0


def test_sections_are_no_service_pages() -> None:
    assert may_be_section("http://www.example.org/sdnews/")
    assert not may_be_section("http://www.example.org/login/")
    assert not may_be_section("http://www.example.org/a.pdf")


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_sections_of_unknown_outlets_bring_their_articles_and_nothing_else(site: Site) -> None:
    for section, url in enumerate(site.listings):
        kind, body = site.pages[url]
        found = find_lists(body, headers={"Content-Type": kind}, url=url)
        assert {link.url for link in found.articles} == {piece.url for piece in site.of(section, 0)}
        assert found.next_page in site.pages


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_front_pages_bring_articles_rankings_and_sections(site: Site) -> None:
    kind, body = site.pages[site.front]
    found = find_lists(body, headers={"Content-Type": kind}, url=site.front)
    assert {link.url for link in found.articles} == linked(site, site.front)
    assert [link.url for link in found.sections[: len(site.listings)]] == site.listings
    assert found.next_page is None


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.parent.name)
def test_listings_of_the_outlets_are_read_without_their_rules(file: Path) -> None:
    page = json.loads(file.with_name("meta.json").read_text(encoding="utf-8"))["pages"]["listing.html"]
    expected = set(json.loads(file.read_text(encoding="utf-8"))["links"])
    body = file.with_name("listing.html").read_bytes()
    found = {link.url for link in find_lists(body, headers=page["headers"], url=page["url"]).articles}
    # Some rows of 新华网's lead to its other domain, which nothing on the page says is the same outlet.
    assert found == {url for url in expected if file.parent.name != "xinhua" or "xinhuanet.com" in url}


def _rows(*hrefs: str, pager: str = "") -> bytes:
    rows = "".join(
        f'<li><a href="{href}">第{n}条新闻的标题有十几个字</a></li>' for n, href in enumerate(hrefs)
    )
    return f"<html><body><ul class='list'>{rows}</ul>{pager}</body></html>".encode()


ROWS = [f"/2026/1101/{5341900 + n}.shtml" for n in range(6)]


def test_a_row_of_numbers_is_a_pager() -> None:
    pager = '<p><b>2</b> <a href="/news/">1</a> <a href="list_3.shtml">3</a> <a href="list_4.shtml">4</a></p>'
    found = find_lists(_rows(*ROWS, pager=pager), url=f"{URL}list_2.shtml")
    assert found.next_page == f"{URL}list_3.shtml"
    last = '<p><a href="/news/">1</a> <a href="list_2.shtml">2</a> <b>3</b></p>'
    assert find_lists(_rows(*ROWS, pager=last), url=f"{URL}list_3.shtml").next_page is None


def test_numbers_that_are_no_pager_are_none() -> None:
    years = '<p><a href="/archive/a.htm">2</a> <a href="/archive/b.htm">3</a></p>'
    assert find_lists(_rows(*ROWS, pager=years), url=URL).next_page is None


def test_deep_pages_take_no_deep_recursion() -> None:
    deep = b"<div>" * 5000 + _rows(*ROWS) + b"</div>" * 5000
    assert len(find_lists(deep, url=URL).articles) == len(ROWS)


def test_a_page_without_lists_brings_nothing() -> None:
    found = find_lists(b"<html><body><p>Nothing here</p></body></html>", url=URL)
    assert (found.articles, found.sections, found.patterns, found.next_page) == ([], [], [], None)


def test_systems_are_guessed_by_their_marks() -> None:
    urls = ["http://www.example.org/202003/t20200301_6053728.htm"]
    guess = guess_cms(urls, ['<div class="TRS_Editor">'])
    assert guess is not None and guess.name == "TRS WCM" and len(guess.marks) == 2
    wordpress = guess_cms(
        ["http://www.example.org/a-b-c-d/"], ['<meta name="generator" content="WordPress 6.1">']
    )
    assert wordpress is not None and wordpress.name == "WordPress"
    assert guess_cms(["http://www.example.org/a-b-c-d/"], ["<p>"]) is None
