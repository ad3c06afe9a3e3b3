"""What servers send in place of lists: every reader gives links or says what is wrong, and nothing else."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dzwcrawl.extract.editions import articles_of, read_paper_page
from dzwcrawl.extract.feeds import read_feed
from dzwcrawl.extract.json_lists import read_json_list
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import PAPER_FAMILIES, FeedRules, JsonListRules, PaperRules, SitemapRules
from dzwcrawl.extract.sitemaps import read_sitemap

URL = "http://news.example.org/20261101/x"
_JSON = JsonListRules(
    url="http://a.example.org/{page}", rows="data, data.list", link="http://a/{id}/{a.b}", date="d"
)
_PAPER = PaperRules(edition="http://p.example.org/%Y%m%d/", family="articel")


def _paper(body: bytes) -> object:
    pages = [read_paper_page(body, url=URL, rules=_PAPER)]
    return articles_of(pages, "2026-11-01", PAPER_FAMILIES["articel"])


READERS: dict[str, Callable[[bytes], object]] = {
    "feed": lambda body: read_feed(body, url=URL, rules=FeedRules(url=URL)),
    "sitemap": lambda body: read_sitemap(body, url=URL, rules=SitemapRules(url=URL)),
    "robots.txt": lambda body: read_sitemap(
        body, url="http://news.example.org/robots.txt", rules=SitemapRules(url=URL)
    ),
    "JSON list": lambda body: read_json_list(body, url=URL, rules=_JSON),
    "edition": _paper,
}
_PIECES = (
    b"<urlset>", b"<sitemapindex>", b"<url><loc>http://[x</loc>", b"<sitemap><loc>http://a/b</loc><lastmod>2026-13-45</lastmod>",
    b"<loc>\xff</loc>", b"</url>", b"<?xml version='1.0' encoding='x-unknown'?>", b"<!--", b"]]>", b"&#0;", b"\x00",
    b"<rss version='2.0'>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry><link href='http://[::1'/>",
    b"<item><link>http://a/1", b"<pubDate>31 Feb 99999</pubDate>", b"<updated>0000-00-00T99:99:99Z</updated>",
    b"Sitemap: http://[", b"\nSitemap: /a\n", b"\x1f\x8b\x08", b"[", b"]", b"{", b"}", b'"data":', b'{"id":1e999,"d":-1}',
    b"\xef\xbb\xbf", b"<a href=Articel01001MT.htm>", b"<area href='Page01NU.htm'>", b"<option value=Page02NU.htm>\xd2\xbb",
    b"<meta http-equiv=refresh content='0;url=http://['>", b"<script>location.href='//['</script>", b"<base href='http://['>",
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@given(parts=st.lists(st.one_of(st.sampled_from(_PIECES), st.binary(max_size=20)), max_size=12))
def test_readers_give_links_or_say_what_is_wrong(name: str, parts: list[bytes]) -> None:
    try:
        READERS[name](b"".join(parts))
    except ExtractionError as error:
        assert str(error)
