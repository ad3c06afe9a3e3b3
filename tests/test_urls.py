"""URLs: one form, one key, and no private address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dzwcrawl.spiders.dzwww import DzwwwSpider
from dzwcrawl.urls import UrlError, canonical_url, is_front_page, is_private_address, url_key

FORMS = [
    ("HTTP://WWW.Dzwww.com:80/a.htm#top", "http://www.dzwww.com/a.htm"),
    ("https://x.cn:443", "https://x.cn/"),
    ("https://x.cn:8443/a", "https://x.cn:8443/a"),
    ("http://x.cn/a.htm?from=timeline&id=3", "http://x.cn/a.htm?id=3"),
    ("http://x.cn/a.htm?from=2020", "http://x.cn/a.htm?from=2020"),
    ("http://x.cn/a?utm_source=wx&utm_medium=m", "http://x.cn/a"),
    ("http://x.cn/%7euser/新闻.htm", "http://x.cn/~user/%E6%96%B0%E9%97%BB.htm"),
    ("http://x.cn/a%2Fb", "http://x.cn/a%2Fb"),
    (" http://x.cn/a b ", "http://x.cn/a%20b"),
    ("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"),
]


@pytest.mark.parametrize(("url", "form"), FORMS)
def test_one_form(url: str, form: str) -> None:
    assert canonical_url(url) == form


@pytest.mark.parametrize(
    "url", ["", "a.htm", "//x.cn/a", "javascript:;", "mailto:a@b", "ftp://x/", "http://", "http://x:99999/"]
)
def test_no_url(url: str) -> None:
    with pytest.raises(UrlError):
        canonical_url(url)


@given(st.text(max_size=60))
def test_canonical_is_idempotent_and_raises_nothing_else(path: str) -> None:
    try:
        once = canonical_url(f"http://x.cn/{path}")
    except UrlError:
        return
    assert canonical_url(once) == once


def test_same_article_of_dzwww_on_every_host_and_scheme() -> None:
    urls = [
        "http://sd.dzwww.com/sdnews/201803/t20180321_17175470.htm",
        "https://www.dzwww.com/shandong/sdnews/201803/t20180321_17175470.htm?from=timeline",
        "http://sd.dzwww.com/sdnews/201803/t20180321_17175470_2.htm",
    ]
    assert {url_key(url, DzwwwSpider.identity, "dzwww") for url in urls} == {"dzwww:t20180321_17175470"}


def test_the_same_number_on_another_day_is_another_article() -> None:
    # dzwww began to count anew in 2020: 5,990,791 was in use in November 2010 already.
    a = url_key("http://sd.dzwww.com/sdnews/201011/t20101121_5990791.html", DzwwwSpider.identity, "dzwww")
    b = url_key("http://sd.dzwww.com/sdnews/202006/t20200601_5990791.html", DzwwwSpider.identity, "dzwww")
    assert a != b


def test_keys_without_a_rule_of_the_site() -> None:
    assert url_key("https://www.x.cn/a/") == url_key("http://x.cn/a")
    assert url_key("http://x.cn/a") != url_key("http://m.x.cn/a")


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("http://x.cn", True),
        ("http://x.cn/index.html", True),
        ("http://x.cn/?p=3", False),
        ("http://x.cn/news/", False),
        ("http://[bad", False),
    ],
)
def test_front_page(url: str, front: bool) -> None:
    assert is_front_page(url) is front


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.9",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:c0a8:1::1",
        "0.0.0.0",
        "224.0.0.1",
        "100.64.0.1",
    ],
)
def test_private_addresses(address: str) -> None:
    assert is_private_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert not is_private_address(address)
