"""Blocks: what is visible, in which order, in which role, in linear time."""

import pytest

from dzwcrawl.extract.blocks import page_blocks
from dzwcrawl.extract.page import ExtractionError, Page, parse


def read(markup: str) -> Page:
    page = parse(f"<html><head><title>t</title></head><body>{markup}</body></html>".encode())
    page_blocks(page)
    return page


def texts(markup: str) -> list[str]:
    return [block.text for block in read(markup).blocks]


def roles(markup: str) -> list[tuple[str, str]]:
    return [(block.role, block.text) for block in read(markup).blocks]


def test_roles() -> None:
    markup = (
        "<h2>小标题</h2><p>正文。</p><ul><li>一</li><li><p>二</p></li></ul><blockquote><p>引文</p></blockquote>"
        "<figure><img src=a.jpg><figcaption>图片说明</figcaption></figure><div class='img-desc'>说明</div>"
    )
    assert roles(markup) == [
        ("heading", "小标题"),
        ("paragraph", "正文。"),
        ("list_item", "一"),
        ("list_item", "二"),
        ("quote", "引文"),
        ("caption", "图片说明"),
        ("caption", "说明"),
    ]


def test_breaks_and_divs_are_paragraphs() -> None:
    assert texts("<div>　　第一段。<br><br>　　第二段。<br/>第三段。</div><div>第四段。</div>第五段。") == [
        "第一段。",
        "第二段。",
        "第三段。",
        "第四段。",
        "第五段。",
    ]


def test_inline_markup_invents_no_blanks() -> None:
    assert texts("<p>中<b>国</b><a href=/>共<i>产</i></a>\n党员\n  在<span>山东</span></p>") == [
        "中国共产党员在山东"
    ]
    assert texts("<p>one<b> two</b>\nthree <i>four</i>, five</p>") == ["one two three four, five"]


def test_ruby_is_read_once() -> None:
    assert texts("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>") == ["漢字"]


def test_invisible_text_is_left_out() -> None:
    markup = (
        "<script>x</script><style>x</style><noscript>x</noscript><!-- x --><template>x</template><p hidden>x</p>"
        "<p style='display:none'>x</p><span class='sr-only'>x</span><select><option>x</select><button>x</button>"
        "<p>seen</p>after"
    )
    assert texts(markup) == ["seen", "after"]


def test_wechat_body_is_seen() -> None:
    assert texts("<div id=js_content style='visibility: hidden; opacity: 0'><p>正文</p></div>") == ["正文"]


def test_links_are_counted() -> None:
    block = read("<p>见<a href=/>相关报道</a>。</p>").blocks[0]
    assert (block.text, block.link_chars) == ("见相关报道。", 4)


def test_data_table_becomes_rows() -> None:
    markup = "<table><tr><th>县区</th><th>产值</th></tr><tr><td>甲县</td><td>12</td></tr><tr><td>乙县</td><td>9</td></tr></table>"
    assert roles(markup) == [
        ("table_row", "县区 | 产值"),
        ("table_row", "甲县 | 12"),
        ("table_row", "乙县 | 9"),
    ]


def test_layout_tables_of_2003_are_no_rows() -> None:
    long = "这是一段很长的正文，说的是本市今年的重点工作和下一步的打算。" * 8
    markup = (
        f"<table><tr><td><table><tr><td>首页</td></tr></table></td><td>{long}<br>{long}</td></tr></table>"
    )
    assert [role for role, _ in roles(markup)] == ["paragraph"] * 3


def test_preformatted_lines() -> None:
    assert texts("<pre>第一段。\n第二段。\n</pre>") == ["第一段。", "第二段。"]


def test_nodes_are_ranges_of_blocks() -> None:
    page = read("<div id=a><p>一</p><p>二</p></div><div id=b><p>三</p></div><div id=c></div>")
    ranges = {node.element.get("id"): (node.start, node.end) for node in page.nodes if node.element.get("id")}
    assert ranges == {"a": (0, 2), "b": (2, 3)}


def test_xml_declaration_is_no_obstacle() -> None:
    page = parse('<?xml version="1.0" encoding="gbk"?><html><body><p>正文</p></body></html>'.encode("gbk"))
    assert [block.text for block in page_blocks(page)] == ["正文"]


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\x01", b"<!-- nothing -->"])
def test_nothing_to_parse(body: bytes) -> None:
    try:
        blocks = page_blocks(parse(body))
    except ExtractionError:
        return
    assert blocks == []


@pytest.mark.parametrize(
    ("markup", "last"),
    [
        ("<div>" * 10_000 + "<p>deep</p>" + "</div>" * 10_000 + "<p>end</p>", "end"),
        ("<b>" * 10_000 + "deep<p>end</p>", "end"),
        ("<a href=/x>link</a> " * 100_000 + "<p>end</p>", "end"),
        ("<p>text text text</p>" * 100_000 + "<p>end</p>", "end"),
        ("<table><tr><td>" * 500 + "<p>end</p>", "end"),
    ],
    ids=["divs", "bold", "links", "paragraphs", "tables"],
)
def test_hostile_pages_are_read_whole(markup: str, last: str) -> None:
    assert texts(markup)[-1] == last
