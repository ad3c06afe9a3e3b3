"""The view of a page for a person: what it shows, and that text of the page stays text."""

import re
from html import escape, unescape
from pathlib import Path

import lxml.html
import pytest
from lxml.html import HtmlElement

from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import NotAnArticle, read_article
from dzwcrawl.extract.explain import explain, explain_refused
from dzwcrawl.extract.page import parse
from tests.test_cli import FIRST, PAGE, SECOND, run

EVIL = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;&quot;&#39;"
EVIL_TEXT = unescape(EVIL)
PAGE_WITH_MORE = (
    PAGE.replace("<body>", "<body><ul><li><a href='/'>首页</a></li><li><a href='/a'>要闻</a></li></ul>")
    .replace("<p>责任编辑", f"<p>分享到：</p><p>{EVIL}船坞旁的老人说，他没有见过这样写字的，也不知道那是什么意思。</p><p>责任编辑")
    .replace("</body>", f"<div class='footer'><p>{EVIL}</p></div></body>")
)  # fmt: skip


def view(page: str, url: str | None = "http://liu.cn/a.htm") -> HtmlElement:
    parsed = parse(page.encode(), url=url)
    article, region = read_article(parsed)
    clean_phrases(article)
    return lxml.html.document_fromstring(explain(parsed, region, article))


def texts(tree: HtmlElement, kind: str) -> list[str]:
    return [
        li.findall("p")[1].text_content() for li in tree.iter("li") if kind in (li.get("class") or "").split()
    ]


def test_every_block_is_there_once_with_its_verdict() -> None:
    tree = view(PAGE_WITH_MORE)
    kept, removed, outside = (texts(tree, kind) for kind in ("kept", "removed", "outside"))
    assert kept[:2] == [FIRST, SECOND] and len(kept) == 3
    assert removed == ["分享到：", "责任编辑：吴桐"]
    assert {"首页", "要闻"} < set(outside)
    parsed = parse(PAGE_WITH_MORE.encode())
    read_article(parsed)
    shown = [li for li in tree.iter("li") if "block" in (li.get("class") or "")]
    assert [li.get("id") for li in shown] == [f"b{n}" for n in range(len(parsed.blocks))]
    assert [li.findall("p")[1].text_content() for li in shown] == [block.text for block in parsed.blocks]


def test_verdicts_and_reasons_stand_in_words() -> None:
    tree = view(PAGE_WITH_MORE)
    said = {
        li.findall("p")[1].text_content(): li.find(".//span[@class='verdict']").text_content()
        for li in tree.iter("li")
        if "block" in (li.get("class") or "")
    }
    assert said[FIRST] == "✓ kept"
    assert said["分享到："] == "✕ removed, phrase: share"
    assert said["责任编辑：吴桐"] == "✕ removed, credit: editors"
    assert said["要闻"] == "· outside"
    counts = [li.text for li in tree.find_class("counts")[0]]
    assert counts[:3] == ["✓ kept 3", "✕ phrase 1", "✕ credit 1"]


def test_fields_name_their_rule_and_the_blocks_that_hold_them() -> None:
    tree = view(PAGE_WITH_MORE)
    rows = {row[0].text: row for row in tree.findall(".//tbody/tr")}
    assert [rows["title"][1].text, rows["source"][1].text] == ["柳湾渡口旧船坞开拆", "柳湾晚报"]
    rules = read_article(parse(PAGE_WITH_MORE.encode(), url="http://liu.cn/a.htm"))[0].rules
    header = "2024-03-31 08:15 来源：柳湾晚报 作者：周小满"
    for name, text in (
        ("title", "柳湾渡口旧船坞开拆"),
        ("source", header),
        ("published", header),
        ("authors", header),
        ("editors", "责任编辑：吴桐"),
    ):
        assert rows[name][2].text == rules[name]
        targets = [a.get("href", "")[1:] for a in rows[name].iter("a")]
        blocks = [tree.get_element_by_id(target) for target in targets]
        assert text in [block.findall("p")[1].text_content() for block in blocks]
        assert all(name in [chip.text for chip in block.find_class("chip")] for block in blocks)


def test_text_of_the_page_is_never_markup() -> None:
    page = PAGE_WITH_MORE.replace(
        "柳湾渡口旧船坞开拆<", "柳湾&lt;b onclick=alert(3)&gt;渡口&lt;/title&gt;旧船坞<"
    )
    tree = view(page, url='http://liu.cn/"><script>alert(4)</script>')
    assert not list(tree.iter("script", "img", "link", "iframe", "b", "object", "base"))
    assert not [name for element in tree.iter() for name in element.keys() if name.startswith("on")]  # noqa: SIM118
    assert any(
        "<script>alert(1)</script><img src=x onerror=alert(2)>\"'" in text for text in texts(tree, "kept")
    )
    assert "渡口</title>旧船坞" in (tree.findtext(".//title") or "")


def test_it_stands_alone() -> None:
    parsed = parse(PAGE_WITH_MORE.encode())
    article, region = read_article(parsed)
    html = explain(parsed, region, article)
    assert not re.search(
        r"<link|<script|\bsrc=|url\(|@import|href=\"[^#]", html.replace(escape(EVIL_TEXT), "")
    )
    assert "prefers-color-scheme: dark" in html and "default-src 'none'" in html
    assert 'name="viewport"' in html


def test_a_refused_page_shows_why_and_all_its_blocks() -> None:
    parsed = parse(f"<title>404 Not Found</title><h1>页面不存在</h1><p>{EVIL}</p>".encode())
    with pytest.raises(NotAnArticle) as refused:
        read_article(parsed)
    tree = lxml.html.document_fromstring(explain_refused(parsed, str(refused.value)))
    assert str(refused.value) in (tree.findtext(".//p[@class='refused']") or "")
    assert texts(tree, "outside") == [block.text for block in parsed.blocks] != []
    assert not list(tree.iter("script", "img"))


def test_the_command_prints_the_view(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE_WITH_MORE, encoding="utf-8")
    done = run("extract", "a.html", "--explain", "--url", "http://liu.cn/a.htm", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == b""
    assert FIRST in texts(lxml.html.document_fromstring(done.stdout.decode()), "kept")
    refused = run("extract", "--explain", "-", stdin="<title>404 Not Found</title><p>页面不存在</p>".encode())
    assert refused.returncode == 1 and "Refused" in refused.stdout.decode()
    for wrong in (["a.html", "a.html"], ["."], ["--manifest", "-"]):
        assert run("extract", "--explain", *wrong, cwd=tmp_path).returncode == 2
    missing = run("extract", "--explain", "none.html", cwd=tmp_path)
    assert missing.returncode == 1 and "none.html" in missing.stderr.decode()
