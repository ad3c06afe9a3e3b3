"""JSON lists: rows at a path, links made of fields, dates in every form."""

import json
from typing import Any

import pytest

from dzwcrawl.extract.json_lists import read_json_list
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import JsonListRules, RuleError

URL = "https://app.example.org/list?page={page}"


def read(document: Any, page: int = 0, **rules: Any) -> list[tuple[str, str, str | None]]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    found = read_json_list(body, url=URL.format(page=1), rules=JsonListRules(url=URL, **rules), page=page)
    return [(link.url, link.text, link.day) for link in found.links]


def test_rows_fields_and_dates() -> None:
    rows = [
        {"id": "p439rri030", "t": "船坞 开拆", "at": 1793500200},
        {"id": "p439rri031", "t": "二", "at": 1793500200000},
        {"id": "p439rri032", "t": "三", "at": "2026-11-01T23:30:00"},
        {"id": "p439rri033", "t": None, "at": "3小时前"},
        {"id": None, "t": "没有编号"},
        {"id": "p439rri030", "t": "重复"},
    ]
    rules: dict[str, Any] = {
        "rows": "data.list",
        "link": "https://hb.example.org/p/{id}.html",
        "title": "t",
        "date": "at",
    }
    assert read({"code": 0, "data": {"list": rows}}, **rules) == [
        ("https://hb.example.org/p/p439rri030.html", "船坞 开拆", "2026-11-01"),
        ("https://hb.example.org/p/p439rri031.html", "二", "2026-11-01"),
        ("https://hb.example.org/p/p439rri032.html", "三", "2026-11-01"),
        ("https://hb.example.org/p/p439rri033.html", "", None),
    ]


def test_lists_within_lists_and_links_without_a_scheme() -> None:
    document = {
        "list": [
            {"url": "w.example.org/p/1.html"},
            {"articleList": [{"url": "//w.example.org/p/2.html"}, {"url": "/p/3.html"}]},
        ]
    }
    assert [url for url, _, _ in read(document, rows="list, list.articleList", link="url")] == [
        "https://w.example.org/p/1.html",
        "https://w.example.org/p/2.html",
        "https://app.example.org/p/3.html",
    ]


@pytest.mark.parametrize("frame", ["{}", "callback({});", "var list = {};", "\ufeff{}\n// end"])
def test_scripts_hold_lists_too(frame: str) -> None:
    text = frame.replace(
        "{}",
        json.dumps([{"real_url": "https://w.example.org/p/1.html", "title": "船坞开拆"}], ensure_ascii=False),
    )
    for codec in ("utf-8", "gb18030") if frame[0] != "\ufeff" else ("utf-8",):
        assert read(text.encode(codec), rows="", link="real_url", title="title") == [
            ("https://w.example.org/p/1.html", "船坞开拆", None)
        ]


def test_pages_are_numbered_as_the_rules_say() -> None:
    rules = JsonListRules(url="https://a.example.org/?start={page}", rows="", link="u", first=0, step=20)
    assert [rules.page_url(page) for page in range(3)] == [
        f"https://a.example.org/?start={n}" for n in (0, 20, 40)
    ]
    body = b'[{"u": "/p/1.html"}]'
    assert read_json_list(
        body, url="https://a.example.org/", rules=rules, page=1
    ).next_page == rules.page_url(2)
    assert read_json_list(b"[]", url="https://a.example.org/", rules=rules, page=2).next_page is None
    once = JsonListRules(url="https://a.example.org/", rows="", link="u")
    assert read_json_list(body, url=once.url, rules=once).next_page is None


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"<html></html>", "no JSON"), (b"{", "no JSON"), (b'{"rows": []}', r"rule rows \(data.list\)")],
)
def test_what_is_no_list(body: bytes, why: str) -> None:
    with pytest.raises(ExtractionError, match=why):
        read(body, rows="data.list", link="url")


def test_behind_the_last_page_there_may_be_nothing() -> None:
    assert read(b'{"data": null}', page=3, rows="data.list", link="url") == []


def test_rules_that_cannot_work() -> None:
    with pytest.raises(RuleError, match="did you mean 'rows'"):
        JsonListRules(url=URL, row="x", link="url")  # type: ignore[call-arg]
    with pytest.raises(RuleError, match=r"may have \{page\}, not \{pg\}"):
        JsonListRules(url="https://a.example.org/{pg}", rows="", link="url")
