"""Feeds: RSS, RDF and Atom, whole and broken, in their encodings."""

import pytest

from dzwcrawl.extract.feeds import read_feed
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import FeedRules

URL = "http://news.example.org/rss/index.xml"
ALL = FeedRules(url=URL)
RSS = """<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>新闻</title>
<item><title>船坞 &amp; 开拆</title><link>/c/202611/t20261101_6053728.htm</link>
<pubDate>Sun, 01 Nov 2026 23:30:00 +0800</pubDate></item>
<item><title>无日期</title><link>http://news.example.org/p/1.html?utm_source=rss</link></item>
<item><title>重复</title><link>http://news.example.org/p/1.html</link></item>
<item><title>没有链接</title></item>
<item><title>首页新闻</title><guid>http://news.example.org/p/2.html</guid><pubDate>Sun, 01 Nov 2026 23:30:00 +0800</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link rel="next" href="?page=2"/>
<entry><title>A</title><link href="http://news.example.org/p/1.html"/><id>urn:1</id>
<published>2026-11-01T23:30:00+08:00</published><updated>2026-11-03T08:00:00+08:00</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>t</title></channel>
<item rdf:about="http://news.example.org/p/3.html"><title>C</title><link>http://news.example.org/p/3.html</link>
<dc:date>2026-11-02T00:10:00+08:00</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize(("declared", "codec"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gbk", "gbk")])
def test_entries_of_rss(declared: str, codec: str) -> None:
    listing = read_feed(RSS.format(declared).encode(codec), url=URL, rules=ALL)
    assert [(link.url, link.text, link.day) for link in listing.links] == [
        ("http://news.example.org/c/202611/t20261101_6053728.htm", "船坞 & 开拆", "2026-11-01"),
        ("http://news.example.org/p/1.html", "无日期", None),
        ("http://news.example.org/p/2.html", "首页新闻", "2026-11-01"),
    ]
    assert (listing.broken_rows, listing.next_page) == (1, None)


def test_a_header_may_name_the_encoding() -> None:
    body = RSS.replace(' encoding="{}"', "").encode("gbk")
    listing = read_feed(body, headers={"Content-Type": "text/xml; charset=gb2312"}, url=URL, rules=ALL)
    assert listing.links[1].text == "无日期"


def test_atom_tells_of_changes_and_of_its_next_page() -> None:
    listing = read_feed(ATOM.encode(), url=URL, rules=ALL)
    (link,) = listing.links
    assert (link.day, link.modified) == ("2026-11-01", "2026-11-03T08:00:00+08:00")
    assert listing.next_page == "http://news.example.org/rss/index.xml?page=2"


def test_rdf_keeps_the_day_that_is_printed() -> None:
    (link,) = read_feed(RDF.encode(), url=URL, rules=ALL).links
    assert (link.url, link.day) == ("http://news.example.org/p/3.html", "2026-11-02")


def test_patterns_choose_entries() -> None:
    listing = read_feed(
        RSS.format("utf-8").encode(), url=URL, rules=FeedRules(url=URL, accept=r"/p/\d+\.html$", deny=r"/p/2")
    )
    assert [link.url for link in listing.links] == ["http://news.example.org/p/1.html"]


def test_a_feed_that_breaks_off_gives_what_it_has() -> None:
    body = RSS.format("utf-8").encode()
    assert len(read_feed(body[: body.index("没有链接".encode())], url=URL, rules=ALL).links) == 2


@pytest.mark.parametrize(
    "body", [b"", b"<html><body><p>404</p></body></html>", b"/etc/hostname", b"\x00\x01"]
)
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(ExtractionError, match="no feed"):
        read_feed(body, url=URL, rules=ALL)


def test_entities_are_not_fetched_nor_expanded_without_end() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    bomb += (
        "".join(f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("bcdefgh", "cdefghi", strict=True)) + "]>"
    )
    body = RSS.format("utf-8").replace("<rss", bomb + "<rss").replace("无日期", "&i;")
    file = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    for text in (body, RSS.format("utf-8").replace("<rss", file + "<rss").replace("无日期", "&f;")):
        for link in read_feed(text.encode(), url=URL, rules=ALL).links:
            assert len(link.text) < 1000
            assert "root:" not in link.text
