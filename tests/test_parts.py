"""Articles in parts: which URLs are its parts, and their joining."""

import pytest

from dzwcrawl.article import Article, Block, Image, derive_body
from dzwcrawl.extract.page import Page, parse
from dzwcrawl.extract.parts import follow, join, links_of, part_urls, replace, whole_url

A = "http://liu.cn/2020-02/14/"


def page_of(markup: str, url: str | None) -> Page:
    return parse(f'<html><head><meta charset="utf-8"></head><body>{markup}</body></html>'.encode(), url=url)


def parts_of(page: Page) -> list[str]:
    return part_urls(page, links_of(page))


@pytest.mark.parametrize(
    ("script", "url", "parts"),
    [
        ('createPageHTML(3, 0, "t1", "htm")', "http://liu.cn/a/t1.htm", ["t1_1.htm", "t1_2.htm"]),
        ('createPageHTML(1, 0, "t1", "htm")', "http://liu.cn/a/t1.htm", []),
        ('createPageHTML(3, 1, "t1", "htm")', "http://liu.cn/a/t1_1.htm", ["t1_2.htm"]),
        ('createPageHTML(3, 0, "default", "htm")', "http://liu.cn/a/t1.htm", []),
        ('createPageHTML(3, 1, "t1", "htm")', "http://liu.cn/a/t1.htm", []),
        ('createPageHTML(51, 0, "t1", "htm")', "http://liu.cn/a/t1.htm", []),
        ('createPageHTML(3, 0, "t1", "htm")', None, []),
        ("", "http://liu.cn/a/t1.htm", []),
    ],
)
def test_part_urls(script: str, url: str | None, parts: list[str]) -> None:
    found = parts_of(page_of(f"<script>{script}</script>", url))
    assert found == [f"http://liu.cn/a/{part}" for part in parts]


def article_of(*lines: str) -> Article:
    article = Article(blocks=[Block(line) for line in lines])
    article.body = derive_body(article.blocks)
    return article


@pytest.mark.parametrize(
    ("first", "second", "body"),
    [
        ("甲 乙", "乙 丙", "甲\n乙\n丙"),
        ("甲 乙", "丙 乙", "甲\n乙\n丙\n乙"),
        ("甲 乙", "乙 乙", "甲\n乙\n乙"),
        ("", "甲", "甲"),
        ("甲", "", "甲"),
    ],
)
def test_a_part_is_joined_without_a_repeated_seam(first: str, second: str, body: str) -> None:
    article = article_of(*first.split())
    join(article, article_of(*second.split()))
    assert article.body == body
    assert [block.text for block in article.blocks] == [*first.split(), *second.split()]


def test_removed_lines_are_no_seam() -> None:
    article, part = article_of("甲", "编辑"), article_of("页眉", "甲", "乙")
    article.blocks[1].removed = "credit: editors"
    part.blocks[0].removed = "phrase: share"
    join(article, part)
    assert article.body == "甲\n乙"
    assert article.blocks[3].removed == "part: repeats the end of the part before"


def test_a_part_adds_what_is_not_known() -> None:
    article, part = article_of("甲"), article_of("乙")
    article.images, article.authors, article.videos = [Image("1.jpg", "船")], ["周小满"], []
    part.images, part.authors, part.videos = [Image("1.jpg"), Image("2.jpg")], ["吴桐", "周小满"], ["v.mp4"]
    join(article, part)
    assert article.images == [Image("1.jpg", "船"), Image("2.jpg")]
    assert (article.authors, article.videos) == (["周小满", "吴桐"], ["v.mp4"])


def links(*rows: str) -> str:
    pairs = (row.split(" ", 1) for row in rows)
    return "".join(f'<a href="{href}">{text}</a>' for href, text in pairs)


@pytest.mark.parametrize(
    ("url", "rows", "parts"),
    [
        ("content_21255814.htm", ["content_21255814_2.htm 2", "content_21255814_3.htm 3"], ["_2.htm", "_3.htm"]),
        ("content_21255814.htm", ["content_21255814_2.htm 下一页"], ["_2.htm"]),
        # What the pager leaves out is filled in; the first page, under whatever name, is no part.
        ("c1016-30642006.html", ["c1016-30642006.html 1", "c1016-30642006-2.html 2", "c1016-30642006-5.html 5"],
         ["-2.html", "-3.html", "-4.html", "-5.html"]),
        ("t9209364.shtml", ["t9209364_1.shtml 2", "t9209364_2.shtml [3]", "t9209364_1.shtml 下一页 >"],
         ["_1.shtml", "_2.shtml"]),
        ("058219310.shtml", ["058219310_02.shtml 第2页", "058219310_03.shtml 第三页"], ["_02.shtml", "_03.shtml"]),
        ("t9209364.shtml", ["t9209364_1.shtml 1", "t9209364_2.shtml 2"], ["_2.shtml"]),
        # On a part: those after it.
        ("content_21255814_2.htm", ["content_21255814.htm 1", "content_21255814_3.htm 下一页"], ["_3.htm"]),
        ("show-12-34567-1.html", ["show-12-34567-2.html 2"], ["-2.html"]),
        # Other articles, other words.
        ("content_21255814.htm", ["content_21255815.htm 下一页", "content_21255816_2.htm 2"], []),
        ("content_21255814.htm", ["content_21255814_2.htm 相关图集"], []),
        ("12-3.htm", ["12-4.htm 4"], []),
    ],
)  # fmt: skip
def test_links_name_the_parts(url: str, rows: list[str], parts: list[str]) -> None:
    found = parts_of(page_of(links(*rows), A + url))
    assert [part.removeprefix(A)[-len(end) :] for part, end in zip(found, parts, strict=True)] == parts


@pytest.mark.parametrize(
    ("url", "rows", "parts"),
    [
        ("/n?id=7", ["/n?id=7&page=2 2", "/n?id=7&page=3 3"], ["/n?id=7&page=2", "/n?id=7&page=3"]),
        ("/a/7.html", ["?page=2 下一页"], ["/a/7.html?page=2"]),
        ("/a/7.html?page=2", ["?page=3 下一页", "?page=1 1"], ["/a/7.html?page=3"]),
        ("/n?id=7", ["/n?page=2&amp;id=7 2", "/n?id=8&page=2 2"], ["/n?page=2&id=7"]),
        ("/2020/boat-house/", [], []),
        ("/2020/08-boats", ["/2020/08-boats/2/ 2"], ["/2020/08-boats/2/"]),
    ],
)
def test_numbers_in_query_and_path(url: str, rows: list[str], parts: list[str]) -> None:
    home = "http://liu.cn"
    found = parts_of(page_of(links(*rows), home + url))
    here = home + url.split("?", maxsplit=1)[0]
    assert [part.removeprefix(home) for part in found] == [
        part if part.startswith("/") else here + part for part in parts
    ]


def test_rel_next_is_a_part_only_of_this_article() -> None:
    own = '<link rel="next" href="content_21255814_2.htm">'
    assert parts_of(page_of(own, f"{A}content_21255814.htm")) == [f"{A}content_21255814_2.htm"]
    assert parts_of(page_of(own, f"{A}content_21255813.htm")) == []


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("content_9012_all.htm 阅读全文", True),
        ("content_9012.htm?all=1 单页阅读", True),
        ("content_9012_0.htm 【在本页显示全文】", True),
        ("content_9012_all.htm 下载", False),
        ("content_9013_all.htm 阅读全文", False),
        ("http://other.cn/2020-02/14/content_9012_all.htm 阅读全文", False),
        ("content_9012.htm 阅读全文", False),
        ("javascript:; 阅读全文", False),
    ],
)
def test_the_single_page(row: str, found: bool) -> None:
    page = page_of(links(row), f"{A}content_9012.htm")
    url = whole_url(page, links_of(page))
    assert url == (A + row.split(maxsplit=1)[0] if found else None)


def test_a_seam_of_several_lines_and_a_page_served_again() -> None:
    article = article_of("甲", "乙", "丙")
    assert join(article, article_of("乙", "丙", "丁"))
    assert article.body == "甲\n乙\n丙\n丁"
    long = ["船坞拆了" * 10, "堤上的人" * 10, "渡口很静" * 10]
    article = article_of(*long)
    assert not join(article, article_of(*long))
    assert not join(article, article_of(*long[:2], long[0]))
    assert article.body == "\n".join(long)


def test_a_chain_goes_on_without_loops_and_ends() -> None:
    article = article_of("甲")
    article.url, article.parts = f"{A}c_9012.htm", [f"{A}c_9012_2.htm"]
    follow(article, [f"{A}c_9012_3.htm", f"{A}c_9012.htm", f"{A}c_9012_2.htm"])
    assert article.parts == [f"{A}c_9012_2.htm", f"{A}c_9012_3.htm"]
    follow(article, [f"{A}c_9012_{n}.htm" for n in range(4, 99)])
    assert (len(article.parts), article.notes) == (49, ["more than 50 parts: the rest is left out"])


def test_the_single_page_replaces_the_text_only_if_it_is_all_of_it() -> None:
    article, whole = article_of("甲", "乙"), article_of("甲", "乙", "丙")
    article.parts, article.whole = ["x"], "y"
    assert not replace(article, article_of("丁", "乙", "丙"))
    assert not replace(article, article_of("甲"))
    assert (article.body, article.parts) == ("甲\n乙", ["x"])
    assert replace(article, whole)
    assert (article.body, article.parts, article.whole or "none") == ("甲\n乙\n丙", [], "none")
