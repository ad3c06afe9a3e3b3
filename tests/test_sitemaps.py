"""Sitemaps: indexes, lists of URLs, news sitemaps, robots.txt; which of them are read again."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from dzwcrawl.archive import sitemaps
from dzwcrawl.archive.archive import Archive
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import SitemapRules
from dzwcrawl.extract.sitemaps import Child, Sitemap, read_sitemap

URL = "https://www.example.org/sitemap.xml"
ALL = SitemapRules(url=URL)
INDEX = """<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://www.example.org/news-1.xml.gz</loc><lastmod>2026-11-01T10:00:00+08:00</lastmod></sitemap>
<sitemap><loc> /news-2.xml
</loc></sitemap><!-- old --><sitemap><loc>https://www.example.org/video.xml</loc></sitemap><sitemap/></sitemapindex>"""
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://www.example.org/a/1.html?a=1&amp;b=2</loc><lastmod>2026-11-03</lastmod><news:news>
<news:publication><news:name>例报</news:name><news:language>zh</news:language></news:publication>
<news:publication_date>2026-11-01T23:30:00+08:00</news:publication_date><news:title>船坞开拆</news:title></news:news></url>
<url><loc>https://www.example.org/a/2.html</loc></url><url><loc>https://www.example.org/a/2.html</loc></url>
<url><loc>https://www.example.org/2026/1102/3.shtml</loc></url><url><lastmod>2026-11-03</lastmod></url></urlset>"""


def links(sitemap: Sitemap) -> list[tuple[str, str, str | None, str | None]]:
    return [(link.url, link.text, link.day, link.modified) for link in sitemap.links]


def test_an_index_names_sitemaps_and_when_they_changed() -> None:
    sitemap = read_sitemap(INDEX.encode(), url=URL, rules=SitemapRules(url=URL, follow="news"))
    assert sitemap.children == [
        Child("https://www.example.org/news-1.xml.gz", "2026-11-01T10:00:00+08:00"),
        Child("https://www.example.org/news-2.xml", None),
    ]
    assert sitemap.broken_rows == 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_news_sitemap_tells_day_title_and_change(packed: bool) -> None:
    body = gzip.compress(NEWS.encode()) if packed else b"\n  " + NEWS.encode()
    sitemap = read_sitemap(body, url=URL, rules=ALL)
    assert links(sitemap) == [
        ("https://www.example.org/a/1.html?a=1&b=2", "船坞开拆", "2026-11-01", "2026-11-03"),
        ("https://www.example.org/a/2.html", "", None, None),
        ("https://www.example.org/2026/1102/3.shtml", "", "2026-11-02", None),
    ]
    assert sitemap.broken_rows == 1


def test_patterns_choose_articles() -> None:
    assert (
        len(
            read_sitemap(
                NEWS.encode(), url=URL, rules=SitemapRules(url=URL, accept=r"/a/\d", deny=r"/2\.html")
            ).links
        )
        == 1
    )


def test_a_declared_encoding_holds() -> None:
    body = ('<?xml version="1.0" encoding="gbk"?>' + NEWS).encode("gbk")
    assert read_sitemap(body, url=URL, rules=ALL).links[0].text == "船坞开拆"


def test_robots_txt_names_sitemaps() -> None:
    body = b"User-agent: *\r\nDisallow: /x\r\nsitemap : https://www.example.org/news.xml\r\nSitemap: /b.xml\n#Sitemap: /c.xml\n"
    sitemap = read_sitemap(body, url="https://www.example.org/robots.txt", rules=ALL)
    assert [child.url for child in sitemap.children] == [
        "https://www.example.org/news.xml",
        "https://www.example.org/b.xml",
    ]


def test_a_list_of_urls_as_text_and_a_feed_are_sitemaps_too() -> None:
    body = "\ufeffhttps://www.example.org/a/1.html\r\nhttps://www.example.org/2026/1102/3.shtml\n".encode()
    assert [link.day for link in read_sitemap(body, url=URL, rules=ALL).links] == [None, "2026-11-02"]
    rss = b"<rss version='2.0'><channel><item><link>https://www.example.org/a/1.html</link></item></channel></rss>"
    assert len(read_sitemap(rss, url=URL, rules=ALL).links) == 1


def test_one_time_for_all_is_when_the_file_was_written() -> None:
    row = (
        "<url><loc>https://www.example.org/a/{}.html</loc><lastmod>2026-11-0{}T10:00:00+08:00</lastmod></url>"
    )
    lying = "<urlset>" + "".join(row.format(n, 3) for n in range(10)) + "</urlset>"
    honest = "<urlset>" + "".join(row.format(n, 1 + n % 3) for n in range(10)) + "</urlset>"
    assert {link.modified for link in read_sitemap(lying.encode(), url=URL, rules=ALL).links} == {None}
    assert len({link.modified for link in read_sitemap(honest.encode(), url=URL, rules=ALL).links}) == 3


def test_a_sitemap_that_breaks_off_gives_what_it_has() -> None:
    assert (
        len(
            read_sitemap(
                NEWS[: NEWS.index("<url><loc>https://www.example.org/2026")].encode(), url=URL, rules=ALL
            ).links
        )
        == 2
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no URL"),
        (b"<html><body>404</body></html>", "its root is <html>"),
        (gzip.compress(NEWS.encode())[:40] + b"xx", "broken|nothing to read|no sitemap"),
        (gzip.compress(b"<urlset>" + b" " * (65 << 20)), "more than 64 MB"),
        (b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>', "its root is <r>"),
    ],
    ids=["empty", "html", "broken gzip", "bomb", "entity"],
)
def test_what_is_no_sitemap(body: bytes, why: str) -> None:
    with pytest.raises(ExtractionError, match=why):
        read_sitemap(body, url=URL, rules=ALL)


def at(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    moment = datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(days=days)
    monkeypatch.setenv("DZWCRAWL_NOW", moment.isoformat())


def test_a_sitemap_is_read_when_its_index_says_that_it_changed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 0)
    assert sitemaps.is_due(archive, "u", "2020-01-01")
    sitemaps.note(archive, "s", "u", new=3)
    assert sitemaps.is_due(archive, "u", None)
    assert not sitemaps.is_due(archive, "u", "2026-11-01T11:59:59+00:00")
    assert not sitemaps.is_due(archive, "u", "2026-10-30")
    assert sitemaps.is_due(archive, "u", "2026-11-01"), "its day was not over, wherever it is"
    assert sitemaps.is_due(archive, "u", "2026-11-01T20:00:01+08:00")


def test_a_sitemap_retires_after_a_month_without_news_and_is_asked_once_a_month(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, new, retires, due_then in ((0, 5, False, True), (20, 0, False, True), (31, 0, True, False)):
        at(monkeypatch, day)
        assert sitemaps.note(archive, "s", "u", new=new) == retires
        at(monkeypatch, day + 1)
        assert sitemaps.is_due(archive, "u", None) == due_then
    assert sitemaps.is_due(archive, "u", "2026-12-03T00:00:00+00:00"), "the index knows of news"
    at(monkeypatch, 62)
    assert sitemaps.is_due(archive, "u", None)
    assert not sitemaps.note(archive, "s", "u", new=0), "it is retired already"
    at(monkeypatch, 93)
    sitemaps.note(archive, "s", "u", new=1)
    at(monkeypatch, 94)
    assert sitemaps.is_due(archive, "u", None)


def test_a_sitemap_that_is_gone_retires_at_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    assert sitemaps.note(archive, "s", "u", new=0, gone=True)
    at(monkeypatch, 29)
    assert not sitemaps.is_due(archive, "u", None)
    at(monkeypatch, 30)
    assert sitemaps.is_due(archive, "u", None)
