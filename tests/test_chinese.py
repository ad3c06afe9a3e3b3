"""Nobody who reads Chinese pages meets an English sentence: reasons, notes, errors and reports are in their language."""

import ast
import asyncio
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from lxml import html

from dzwcrawl.archive import crawls, ledger, visits
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reporting import report
from dzwcrawl.archive.store import store
from dzwcrawl.article import Block, derive_body
from dzwcrawl.boilerplate.phrases import _LINES, _NOTICES, _TAILS
from dzwcrawl.chinese import _REASONS, in_chinese
from dzwcrawl.extract.kinds import BARS, GONE
from dzwcrawl.health.checks import TRAITS
from dzwcrawl.health.words import CHECKS
from dzwcrawl.report.page import page
from dzwcrawl.report.terminal import lines
from dzwcrawl.report.words import CHINESE, translator
from dzwcrawl.web.server import reading_room
from tests.conftest import ROOT, make_article

PACKAGE = ROOT / "dzwcrawl"
ENGLISH = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
"""Two words of English in a row; names, codes and addresses stand alone."""

RAISED = ("NotAnArticle", "Barred", "ExtractionError", "RuleMiss", "IgnoreRequest", "RobotsUnreachable")
WHERE = {
    **dict.fromkeys(RAISED, ("extract", "crawl", "spiders")),
    **dict.fromkeys(("refuse", "broken", "_without_part", "part_missing"), ("extract", "crawl", "spiders")),
    **dict.fromkeys(("QueryError", "_error", "error"), ("search",)),
}
"""Calls whose words readers meet, and the rooms in which they are said."""


OF_A_LINE = re.compile(
    rf"(?:{'|'.join({each.partition(': ')[0] for each in _REASONS if ': ' in each})}): [a-z', -]+"
)


def literal(node: ast.AST) -> str | None:
    """Return a string of the source, with a 7 for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in node.values)
    return None


def said() -> Iterator[str]:
    """Yield what the code says of lines, pages and queries."""
    yield from (f"phrase: {kind}" for table in (_LINES, _TAILS, _NOTICES) for kind in table)
    yield from (f"credit: {kind}" for kind in ("editors", "authors", "source", "date", "other"))
    yield from (GONE, *BARS)
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if room in ("extract", "boilerplate") and OF_A_LINE.fullmatch(literal(node) or ""):
                yield literal(node) or ""
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                notes = (
                    isinstance(node.func, ast.Attribute) and getattr(node.func.value, "attr", "") == "notes"
                )
                if room in WHERE.get(name, ()) or (name == "append" and notes):
                    yield from (text for each in node.args if " " in (text := literal(each) or ""))


REASONS = sorted({each for each in said() if each != "7 (character 7 of the query: 7)"})


def test_what_the_code_says_was_found() -> None:
    assert len(REASONS) > 100
    assert {
        "phrase: share", "widget: so named", "the body is empty", "Forbidden by robots.txt", "AND has nothing before it",
        "part 7 of 7 only repeats the parts before", "rule title (7) matches nothing",
    } <= set(REASONS)  # fmt: skip


@pytest.mark.parametrize("reason", [*REASONS, *_REASONS])
def test_every_reason_and_message_has_its_chinese(reason: str) -> None:
    chinese = in_chinese(reason)
    assert re.search("[\u4e00-\u9fff]", chinese), reason
    assert not ENGLISH.search(chinese), chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("kept, though phrase: share", "人工保留，虽然是 固定用语：分享"),
        ("on 12 of 13 articles, the whole site", "13 篇文章中出现于 12 篇，全站"),
        ("part 2 of 3 is missing: HTTP 404", "缺第 2 部分（共 3 部分）：HTTP 404"),
        ("a word is missing here (character 3 of the query: ab▸)", "此处缺一个词（第 3 个字符：ab▸）"),
        ("TimeoutError: User timeout caused connection failure", "超时"),
        ("utf-8 on www.example.org", "www.example.org 的 utf-8"),
        ("some words of somebody else", "some words of somebody else"),
    ],
)
def test_what_is_put_together_is_said_in_parts(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_every_word_of_the_report_is_there() -> None:
    texts = {
        text
        for path in (PACKAGE / "report").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "say"
        for text in map(literal, node.args[:1])
        if text is not None
    }
    assert len(texts) > 10 and texts <= CHINESE.keys(), texts - CHINESE.keys()
    for english, chinese in CHINESE.items():
        assert re.findall(r"\{\d\}", english) == re.findall(r"\{\d\}", chinese)
        assert translator("en")(english.replace("{", "").replace("}", "")) != "" and not ENGLISH.search(
            chinese
        )
    assert set(TRAITS) <= set(CHECKS)


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with an article of which each reason took a line out, notes, an absence, and refused pages."""
    monkeypatch.setenv("DZWCRAWL_NOW", "2024-05-02T10:00:00+00:00")
    path = tmp_path / "news.db"
    with Archive(path, create=True) as archive:
        crawl = crawls.begin(archive, "s")
        article = make_article(
            "河水照旧往东流，没有人说话。" * 9, title="旧船坞开拆", url="http://s.example/1.htm"
        )
        article.blocks += [
            Block(f"第{n}行", removed=reason) for n, reason in enumerate(REASONS) if ": " in reason
        ]
        article.notes = [
            "only the teaser: paywall",
            "part 2 of 3 is missing: redirected to http://s.example/",
        ]
        article.body = derive_body(article.blocks)
        store(archive, article, key="1", crawl=crawl)
        edit = make_article(
            "河水照旧往西流，没有人说话。" * 9, title="旧船坞开拆", url="http://s.example/1.htm"
        )
        edit.blocks += article.blocks[1:]
        edit.body, edit.last_seen, edit.notes = (
            derive_body(edit.blocks),
            "2024-05-02T10:00:00+00:00",
            article.notes,
        )
        assert store(archive, edit, key="1", crawl=crawl) == "revised"
        for number, reason in enumerate(
            ("redirected to the front page", "HTTP 410", *BARS, "DNSLookupError: no")
        ):
            url = f"http://s.example/r{number}"
            ledger.refuse(archive, "s", url, url, reason, None)
        with archive.transaction():
            visits.missed(archive, 1, "the page says that the article does not exist", 404, absent=True)
        crawls.end(archive, crawl, "finished", 0, {})
    return path


@pytest.fixture
def room(filled: Path) -> Iterator[Datasette]:
    made = reading_room(filled)
    yield made
    for database in made.databases.values():
        database.close()
    made.executor.shutdown()


def read(room: Datasette, url: str, language: str = "zh-CN") -> html.HtmlElement:
    answer = asyncio.run(room.client.get(url, headers={"accept-language": language}))
    return html.fromstring(answer.text)


def english(page: html.HtmlElement) -> list[str]:
    """Return the texts of a page that have English words in a row."""
    texts = [
        text.strip() for text in page.xpath("//text()[not(ancestor::style)]") + page.xpath("//@aria-label")
    ]
    return [text for text in texts if ENGLISH.search(text)]


def test_the_article_page_with_its_removed_lines(room: Datasette) -> None:
    page = read(room, "/articles/1")
    rows = page.cssselect("#removed tbody tr")
    assert len(rows) > 60 and english(page) == []
    assert "只有开头：付费墙" in page.text_content()
    assert "phrase: share" in read(room, "/articles/1", "en").text_content()


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "(水",
        "水)",
        "AND 水",
        "水 AND",
        "-水",
        "水 OR",
        '""',
        "(" * 40 + "水" + ")" * 40,
        "水" * 3000,
        "没有这个词",
    ],
)
def test_a_wrong_query_and_an_empty_result(query: str, room: Datasette) -> None:
    page = read(room, f"/?q={quote(query)}")
    assert [each for each in english(page) if each not in (query, f"“{query}”的搜索结果")] == []
    assert page.cssselect(".problem, .nothing")


@pytest.mark.parametrize("url", ["/?day=x", "/articles/99", "/nothing", "/articles/1/difference", "/numbers"])
def test_other_pages(url: str, room: Datasette) -> None:
    assert english(read(room, url)) == []


def test_the_difference_of_very_long_revisions_says_how_they_were_compared(
    filled: Path, room: Datasette
) -> None:
    with Archive(filled) as archive:
        for at, sign in (("2024-05-03T10:00:00+00:00", "水"), ("2024-05-04T10:00:00+00:00", "河")):
            long = make_article(
                f"{sign}{'流' * 30_000}{sign}。", title="旧船坞开拆", url="http://s.example/1.htm"
            )
            long.last_seen = at
            assert store(archive, long, key="1") == "revised"
    url = "/articles/1/difference"
    assert "没有逐字比较" in read(room, url).cssselect(".difference .coarse")[0].text_content()
    assert "not word by word" in read(room, url, "en").cssselect(".difference .coarse")[0].text_content()


def test_the_report(filled: Path) -> None:
    with Archive(filled) as archive:
        found = report(archive, date(2024, 5, 1), date(2024, 5, 3))
    assert len(found.removed) > 60 and len(found.refused) > 4 and found.changes
    written = html.fromstring(page(found, "2024-05-03 10:00", "zh"))
    assert english(written) == []
    assert [line for line in lines(found, "zh") if ENGLISH.search(line)] == []
    assert any(ENGLISH.search(line) for line in lines(found, "en"))
