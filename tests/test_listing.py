"""Listings: the links of their rows and where their further pages are."""

import pytest

from dzwcrawl.dates import parse_date
from dzwcrawl.extract import ExtractionError
from dzwcrawl.extract.listing import Listing, read_listing
from dzwcrawl.extract.pagers import PagerCall
from dzwcrawl.extract.rules import ListingRules

HOME = "http://www.liu.cn/news/"
RULES = ListingRules(links="li a", accept=r"/t\d{8}_\d+\.htm$", deny=r"/ads/")


def read(markup: str, url: str = HOME, rules: ListingRules = RULES) -> Listing:
    head = '<html><head><meta charset="utf-8"></head><body>'
    return read_listing(f"{head}{markup}</body></html>".encode(), url=url, rules=rules)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("t20240331_1.htm", f"{HOME}t20240331_1.htm"),
        ("./202403/t20240331_1.htm", f"{HOME}202403/t20240331_1.htm"),
        ("../sd/t20240331_1.htm", "http://www.liu.cn/sd/t20240331_1.htm"),
        ("/sd/t20240331_1.htm", "http://www.liu.cn/sd/t20240331_1.htm"),
        ("//wan.cn/t20240331_1.htm", "http://wan.cn/t20240331_1.htm"),
        (" https://wan.cn/t20240331_1.htm ", "https://wan.cn/t20240331_1.htm"),
    ],
)
def test_a_link_is_absolute(href: str, url: str) -> None:
    (link,) = read(f'<ul><li><a href="{href}"> 船坞\n 开拆 </a></li></ul>').links
    assert (link.url, link.text, link.day) == (url, "船坞 开拆", "2024-03-31")


def test_links_are_relative_to_the_base_of_the_page() -> None:
    (link,) = read('<base href="http://wan.cn/a/"><ul><li><a href="t20240331_1.htm">船</a></li></ul>').links
    assert link.url == "http://wan.cn/a/t20240331_1.htm"


def test_the_day_may_stand_in_the_row() -> None:
    rules = ListingRules(links="li a", accept=r"/\d+\.html$")
    listing = read(
        '<ul><li><a href="1.html">船坞</a> <span>2024-03-30</span></li><li><a href="2.html">闸门</a></li></ul>',
        rules=rules,
    )
    assert [link.day for link in listing.links] == ["2024-03-30", None]


@pytest.mark.parametrize(("rows", "links"), [(1, 300), (300, 1)])
def test_a_row_is_read_once_however_many_links_it_holds(
    rows: int, links: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_rows: list[str] = []

    def counted(text: str) -> str | None:
        read_rows.append(text)
        return parse_date(text)

    monkeypatch.setattr("dzwcrawl.extract.listing.parse_date", counted)
    markup = "".join(
        f"<li>{''.join(f'<a href={row}_{n}.html>船坞</a>' for n in range(links))} 2024-03-30</li>"
        for row in range(rows)
    )
    found = read(f"<ul>{markup}</ul>", rules=ListingRules(links="li a", accept=r"/\d+_\d+\.html$")).links
    assert [link.day for link in found] == ["2024-03-30"] * 300
    assert len(read_rows) == rows


@pytest.mark.parametrize(
    "anchor",
    [
        "<a>x</a>",
        '<a href="">x</a>',
        '<a href=" # ">x</a>',
        '<a href="javascript:void(0)">x</a>',
        '<a href="JavaScript:;">x</a>',
        '<a href="mailto:a@liu.cn">x</a>',
        '<a href="http://[/t20240331_2.htm">x</a>',
    ],
)
def test_a_broken_row_is_counted_and_the_rest_is_read(anchor: str) -> None:
    listing = read(f'<ul><li>{anchor}</li><li><a href="t20240331_1.htm">船坞</a></li></ul>')
    assert (listing.broken_rows, [link.url for link in listing.links]) == (1, [f"{HOME}t20240331_1.htm"])


def test_comments_denied_other_and_repeated_links_are_left_out() -> None:
    listing = read(
        '<ul><!-- <li><a href="t20240331_9.htm">旧</a></li> --><li><a href="t20240331_2.htm">二</a></li>'
        '<li><a href="/ads/t20240331_3.htm">广告</a></li><li><a href="about.htm">关于</a></li>'
        '<li><a href="t20240331_1.htm">一</a></li><li><a href="./t20240331_2.htm#top">又二</a></li></ul>'
    )
    assert [link.text for link in listing.links] == ["二", "一"]
    assert listing.broken_rows == 0


@pytest.mark.parametrize(
    ("script", "following"),
    [
        ('createPageHTML(3, 0, "default", "htm");', "default_1.htm"),
        ("createPageHTML( 12,9,'index','shtml')", "index_10.shtml"),
        ('createPageHTML(3, 2, "default", "htm");', None),
        ('createPageHTML(1, 0, "default", "htm");', None),
        ('myClipPage(L.tool.createClipPage(3,1),"default","htm")', "default_2.htm"),
        ('myClipPage(L.tool.createClipPage(3, 2), "default", "htm")', None),
    ],
)
def test_the_script_call_tells_the_next_page(script: str, following: str | None) -> None:
    # It is believed even where a link says otherwise.
    listing = read(f'<script>var a = 1; {script}</script><a href="other.htm">下一页</a>')
    assert (listing.next_page, listing.probe) == (following and HOME + following, False)


@pytest.mark.parametrize("text", ["下一页", " 下一页 > ", "下页", "Next", "next page »", "<b>下一页</b>"])
def test_a_link_tells_the_next_page(text: str) -> None:
    listing = read(f'<a href="default_4.htm">上一页</a><a href="./default_6.htm">{text}</a>')
    assert (listing.next_page, listing.probe) == (f"{HOME}default_6.htm", False)


def test_a_dead_next_link_is_the_end() -> None:
    listing = read('<a href="javascript:;">下一页</a>')
    assert (listing.next_page, listing.probe) == (None, False)


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("", "default_1.htm"),
        ("default.htm", "default_1.htm"),
        ("default_1.htm", "default_2.htm"),
        ("default.htm?page=3", "default_1.htm"),
        ("index_9.shtml", "index_10.shtml"),
        ("list_20433.html", "list_20433_1.html"),
        ("list_20433_1.html", "list_20433_2.html"),
        ("7875.html", None),
    ],
)
def test_else_the_next_page_is_guessed(name: str, following: str | None) -> None:
    listing = read("<p>下一页</p><a>下一页</a>", url=HOME + name)
    assert (listing.next_page, listing.probe) == (following and HOME + following, True)


@pytest.mark.parametrize(
    ("pager", "url", "following"),
    [
        ("node_*_2.htm", "a/node_35734.htm", "a/node_35734_2.htm"),
        ("node_*_2.htm", "a/node_35734_9.htm", "a/node_35734_10.htm"),
        ("node_*_2.htm", "a/node_12.htm", "a/node_12_2.htm"),
        ("node_*_2.htm", "a/", None),
        ("index2.html", "GB/71890/index1.html", "GB/71890/index2.html"),
        ("index2.html", "GB/71890/", "GB/71890/index2.html"),
        ("index_2.html", "a/index_2.html", "a/index_3.html"),
        ("index_2.html", "a/index.html", "a/index_2.html"),
        ("*_2.html", "list/2388.html", "list/2388_2.html"),
        ("*_2.html", "list/2388_2.html", "list/2388_3.html"),
        ("list-*-2.html", "list-9-1.html", "list-9-2.html"),
        ("2.shtml, list_2.shtml", "a/", "a/2.shtml"),
        ("2.shtml, list_2.shtml", "a/list_2.shtml", "a/list_3.shtml"),
        ("?page=2", "i.php?catid=9", "i.php?catid=9&page=2"),
        ("?page=2", "i.php?catid=9&page=2", "i.php?catid=9&page=3"),
        ("?page=1", "s/", "s/?page=1"),
        ("?page=2", "s/?page=x", None),
        ("index_2.html", "a/other.html", None),
        ("index_2.html", "", None),
        (None, "a/index.html", None),
    ],
)
def test_the_outlet_tells_how_page_two_is_called(pager: str | None, url: str, following: str | None) -> None:
    home = "http://www.liu.cn/"
    rules = ListingRules(links="li a", accept="t", pager=pager)
    assert read("", url=home + url, rules=rules).next_page == (following and home + following)


def test_file_names_of_pages() -> None:
    call = PagerCall(3, 0, "default", "htm")
    assert [call.page(index) for index in range(3)] == ["default.htm", "default_1.htm", "default_2.htm"]


def test_an_empty_answer_is_an_error() -> None:
    with pytest.raises(ExtractionError, match="empty page"):
        read_listing(b"", url=HOME, rules=RULES)
