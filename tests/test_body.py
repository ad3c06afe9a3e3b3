"""The body on pages of every kind that defeats simpler extractors; one small page per failure."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dzwcrawl.extract.blocks import page_blocks
from dzwcrawl.extract.body import find_body
from dzwcrawl.extract.page import ExtractionError, Page, Region, parse

A = "昨日，本市召开重点项目推进会，要求各县区对照目标抓好落实，确保全年任务完成。"
B = "会议指出，今年以来全市项目建设进展顺利，已有三十个项目开工，投资额同比增长一成。"
C = "下一步，本市将继续优化营商环境，为企业提供更好的服务，推动经济平稳增长。"
OTHER = "另据了解，邻市近日也公布了今年的重点项目名单，涉及交通、能源、水利等多个领域。"
NAV = "<ul class=nav>" + "".join(f"<li><a href=/{n}>{n}频道</a></li>" for n in "要闻财经体育文化") + "</ul>"
FOOT = "<div class=footer><p>版权所有 某某网 鲁ICP备00000000号</p><p><a href=/about>关于我们</a></p></div>"


def region(markup: str, title: str = "本市推进重点项目") -> tuple[Page, Region]:
    page = parse(f"<html><head><title>{title}_某某网</title></head><body>{markup}</body></html>".encode())
    page_blocks(page)
    return page, find_body(page)


def body(markup: str, title: str = "本市推进重点项目") -> list[str]:
    page, found = region(markup, title)
    return [block.text for block in page.blocks[found.start : found.end] if block.removed is None]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_plain_page() -> None:
    assert body(f"{NAV}<div id=zoom>{paragraphs(A, B, C)}</div>{FOOT}") == [A, B, C]


def test_every_removal_has_a_reason() -> None:
    page, found = region(f"<div class=TRS_Editor>{paragraphs(A, '分享到：', B, '我要纠错', C)}</div>")
    removed = [block.removed for block in page.blocks[found.start : found.end] if block.removed is not None]
    assert len(removed) == 2
    assert all(": " in reason for reason in removed)


def test_brief_is_not_traded_for_the_disclaimer() -> None:
    brief = "本报讯 昨日，我市气温升至28℃，市民纷纷走出家门踏青赏花。"
    notice = (
        "本网站所刊载的文字、图片等内容，版权均属于某某网所有，未经授权任何媒体和个人不得转载，违者将被追究责任。"
        * 2
    )
    assert (
        body(f"{NAV}<h1>本市推进重点项目</h1><div><p>{brief}</p></div><div><p>{notice}</p></div>{FOOT}")[-1]
        == brief
    )


def test_brief_above_long_teasers() -> None:
    teasers = "".join(
        f"<li><h4><a href=/{n}>第{n}条新闻的标题在这里</a></h4><p>{OTHER * 4}</p></li>" for n in range(6)
    )
    markup = f"<h1>本市推进重点项目</h1><div class=c><p>{A}</p></div><ul class=x>{teasers}</ul>"
    assert body(markup)[-1] == A


def test_comments_denser_than_the_body() -> None:
    comments = "".join(f"<li><p>{OTHER}{OTHER}</p></li>" for _ in range(12))
    assert body(f"<div class=article>{paragraphs(A, B)}</div><ul class=comment-list>{comments}</ul>") == [
        A,
        B,
    ]


def test_div_paragraphs() -> None:
    assert body(f"{NAV}<div class=txt><div>{A}</div><div>{B}</div><div>{C}</div></div>{FOOT}") == [A, B, C]


def test_nested_tables_of_2003() -> None:
    cell = f"<table><tr><td><font size=3>　　{A}<br><br>　　{B}<br><br>　　{C}</font></td></tr></table>"
    links = "<br>".join(f"<a href=/{n}>{n}号链接文字</a>" for n in range(8))
    markup = (
        f"<table><tr><td width=150>{links}</td><td><table><tr><td>{cell}</td></tr></table></td></tr></table>"
    )
    assert body(markup) == [A, B, C]


def test_body_in_sibling_sections() -> None:
    parts = "".join(
        f"<section class=part><p>{line * 2}</p></section><div class=ad-slot>广告</div>" for line in (A, B, C)
    )
    assert body(f"{NAV}<div>{parts}</div>{FOOT}") == [A * 2, B * 2, C * 2]


def test_second_article_of_infinite_scroll() -> None:
    first = f"<article class=a><h1>本市推进重点项目</h1><div class=t>{paragraphs(A, B, C)}</div></article>"
    second = f"<article class=a><h1>另一篇报道的标题</h1><div class=t>{paragraphs(OTHER, OTHER + '完')}</div></article>"
    assert OTHER not in body(first + second)


def test_text_before_the_title_is_not_body() -> None:
    markup = (
        f"<div id=m><div>首页 &gt; 要闻 &gt; 正文</div><h1>本市推进重点项目</h1>{paragraphs(A, B, C)}</div>"
    )
    assert body(markup)[-3:] == [A, B, C]
    assert not any("首页" in line for line in body(markup))


def test_tail_is_cut() -> None:
    markup = f"<div class=content>{paragraphs(A, B, C, '相关新闻', OTHER)}</div>"
    assert body(markup) == [A, B, C]


def test_links_inside_the_body() -> None:
    related = "".join(f"<p><a href=/{n}>{n}地重点项目开工建设</a></p>" for n in "甲乙丙")
    assert body(f"<div class=content>{paragraphs(A, B)}{related}{paragraphs(C)}</div>") == [A, B, C]


def test_trailing_labels_and_links() -> None:
    trailing = "<p>重点推荐</p><p>证券要闻</p><p><a href=/1>一条别的新闻的标题</a></p><p><a href=/2>又一条新闻的标题</a></p>"
    assert body(f"<div class=content>{paragraphs(A, B, C)}{trailing}</div>") == [A, B, C]


def test_captions_of_an_article_and_of_a_gallery() -> None:
    figure = "<figure><img src=1.jpg><figcaption>{}</figcaption></figure>"
    assert body(f"<div class=content>{paragraphs(A, B)}{figure.format('会场。记者 摄')}</div>") == [A, B]
    gallery = "".join(figure.format(line) for line in (A, B, C))
    assert body(f"{NAV}<div class=content>{gallery}</div>{FOOT}") == [A, B, C]


def test_lead_above_the_body() -> None:
    markup = (
        f"<header><h1>本市推进重点项目</h1><p class=article__lead>{C}</p><span>12:30</span></header>"
        f"<div class=article-body>{paragraphs(A, B, A + B)}</div>"
    )
    assert body(markup) == [C, A, B, A + B]


def test_text_held_twice_for_two_layouts() -> None:
    copy = paragraphs(A, B, C)
    assert body(f"<div class=tabs><div class=pc>{copy}</div><div class=wap>{copy}</div></div>") == [A, B, C]


def test_a_class_that_only_sounds_like_a_side_column() -> None:
    assert body(f"{NAV}<div class=sidebar-grid>{paragraphs(A, B, C)}</div>{FOOT}") == [A, B, C]
    assert body(f"{NAV}<div class=side>{paragraphs(A, B, C)}</div>{FOOT}") == [A, B, C]


def test_hidden_body_is_found_when_nothing_else_is_there() -> None:
    assert body(f"{NAV}<div style='display:none' id=c>{paragraphs(A, B, C)}</div>") == [A, B, C]


def test_body_only_in_json() -> None:
    state = json.dumps({"props": {"article": {"title": "t", "content": f"<p>{A * 2}</p><p>{B * 2}</p>"}}})
    assert body(f"<div id=app></div><script id=__NEXT_DATA__ type=application/json>{state}</script>") == [
        A * 2,
        B * 2,
    ]
    linked = json.dumps({"@type": "NewsArticle", "articleBody": f"{A * 2}\n{B * 2}"})
    assert body(f"<p>{A}</p><script type=application/ld+json>{linked}</script>") == [A * 2, B * 2]
    items = json.dumps({"body": [{"type": "p", "text": A * 2}, {"type": "p", "text": B * 2}]})
    assert body(f"<script>window.__STATE__ = {items};</script>") == [A * 2, B * 2]


@pytest.mark.parametrize("markup", ["", NAV, FOOT, "<script>1</script>", NAV + FOOT])
def test_pages_without_text_are_refused_with_a_reason(markup: str) -> None:
    with pytest.raises(ExtractionError, match=r"page|text"):
        body(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 10_000 + paragraphs(A, B, C) + "</div>" * 10_000,
        paragraphs(A, B, C) + "<a href=/x>link</a> " * 100_000,
        paragraphs(A, B, C) + "<ul class=related><li><a href=/x>一条别的新闻的标题</a></li></ul>" * 30_000,
        paragraphs(*(f"{n}{A}" for n in range(20_000))),
        "<div class=p><p>" + A + "</p></div>" * 20_000,
    ],
    ids=["deep", "links", "lists", "long", "parts"],
)
def test_hostile_pages_are_read_whole(markup: str) -> None:
    assert any(A in line for line in body(markup))


PIECES = [
    A,
    B,
    "<p>",
    "</p>",
    "<div class=content>",
    "</div>",
    "<table><tr><td>",
    "</table>",
    "<a href=/>x</a>",
    "<br>",
]
PIECES += [
    "<h1>本市",
    "</h1>",
    "<!--",
    "-->",
    "&#0;",
    "&amp",
    "<script>",
    "</script>",
    "<li>",
    "\x00",
    "<pre>",
    "相关新闻",
]


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from(PIECES), max_size=40).map(lambda p: "".join(p).encode()),
    )
)
def test_only_extraction_errors_leave(raw: bytes) -> None:
    try:
        page = parse(raw)
        page_blocks(page)
        found = find_body(page)
    except ExtractionError as error:
        assert str(error)
        return
    assert 0 <= found.start < found.end <= len(page.blocks)


ROWS = [f"岗位{n} | 本科 | {n}人" for n in range(1, 11)]
TABLE = "<table>" + "".join(f"<tr><td>{row.replace(' | ', '<td>')}" for row in ROWS) + "</table>"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["根据有关规定，经各县区推荐，现将名单予以公示。"], []),
        (["根据工作需要，现面向社会公开招聘工作人员，具体如下："], ["报名时间为3月2日至3月8日。"]),
        ([], ["以上岗位自今日起接受报名，详情请向市人社局咨询。"]),
    ],
)
def test_a_notice_is_a_sentence_and_a_table(above: list[str], below: list[str]) -> None:
    heading = "<h1>本市推进重点项目</h1><div>2024-03-02 来源：海边日报</div>"
    related = (
        "<ul><li><a href=/1>另一条通知的标题在这里</a><li><a href=/2>还有一条通知的标题也在这里</a></ul>"
    )
    box = f"<div class=box>{paragraphs(*above)}{TABLE}{paragraphs(*below)}{related}</div>"
    assert body(heading + box) == [*above, *ROWS, *below]
