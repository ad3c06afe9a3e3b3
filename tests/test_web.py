"""The reading room in-process, through Datasette, on a real file: what it shows, refuses and never lets through."""

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from datasette.app import Datasette
from lxml import html

from dzwcrawl.archive import browsing
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.browsing import Selection
from dzwcrawl.web.server import listen, reading_room
from dzwcrawl.web.words import WORDS, Words, preferred
from tests import room
from tests.conftest import ROOT
from tests.room import CAPTION, COPY, DOCK, EVIL, FIRST, FLOOD, HOSTILE, PLAIN, UNDATED, VERSION

TEMPLATES = ROOT / "dzwcrawl" / "web" / "templates" / "room"
ZH, EN = {"accept-language": "zh-CN,zh;q=0.9"}, {"accept-language": "en-GB,en;q=0.8,zh;q=0.5"}
DATE = "2024-03-31"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    file = tmp_path_factory.mktemp("room") / "news.db"
    with pytest.MonkeyPatch.context() as patch:
        room.build(file, patch)
    yield file


@pytest.fixture(scope="module")
def datasette(path: Path) -> Iterator[Datasette]:
    made = reading_room(path)
    yield made
    for database in made.databases.values():
        database.close()
    made.executor.shutdown()


@pytest.fixture
def get(datasette: Datasette) -> "Get":
    return Get(datasette)


class Get:
    """Asks the reading room: `get("/")` is the answer, `get.page("/")` its parsed page."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette

    def __call__(self, url: str, headers: dict[str, str] = ZH) -> httpx.Response:
        answer: httpx.Response = asyncio.run(self._datasette.client.get(url, headers=headers))
        return answer

    def page(self, url: str, headers: dict[str, str] = ZH, status: int = 200) -> html.HtmlElement:
        answer = self(url, headers)
        assert answer.status_code == status, answer.text
        return html.fromstring(answer.text)


def titles(page: html.HtmlElement) -> list[str]:
    return [each.text_content() for each in page.cssselect(".entry h3")]


def text(page: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.cssselect(selector)]


PAGES = (
    "/",
    f"/?q={quote('船坞')}",
    f"/?q={quote('没有这个词')}",
    "/?q=%22",
    "/?site=many&day=2023-05",
    "/?state=vanished",
    "/?state=revised&copies=1",
    f"/days/{DATE}",
    "/days/1999-01-01",
    "/outlets",
    "/outlets/liu",
    "/numbers",
    *(f"/articles/{article}" for article in range(1, 8)),
    f"/articles/{DOCK}?revision=1",
    f"/articles/{DOCK}/difference",
    f"/articles/{DOCK}/difference?from=1&to=3",
    f"/articles/{DOCK}/difference?from=3&to=3",
    f"/articles/{VERSION}/difference?with={DOCK}",
    f"/articles/{DOCK}/raw/1/1",
    f"/articles/{EVIL}/raw/1/1",
    "/articles/99999",
    "/nothing",
)


@pytest.mark.parametrize("language", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_whole_and_loads_nothing_from_elsewhere(
    get: Get, url: str, language: dict[str, str]
) -> None:
    answer = get(url, language)
    assert answer.status_code in (200, 400, 404), answer.text
    page = html.fromstring(answer.text)
    assert page.get("lang") == ("zh-Hans" if language is ZH else "en")
    assert len(page.cssselect("h1")) == 1
    assert page.cssselect("main#content") and page.cssselect("a.skip[href='#content']")
    assert not page.cssselect("script, style, [style], iframe, object, embed, base, meta[http-equiv], img")
    for element in page.iter():
        assert not [name for name in element.keys() if str(name).startswith("on")]  # noqa: SIM118
        for name in ("src", "srcset", "action", "poster", "data"):
            assert not re.match(r"[a-z]+:|//", element.get(name, ""))
    for link in page.cssselect("link"):
        assert link.get("href", "").startswith(("/room.css?", "data:image/svg+xml,"))
    for link in page.cssselect("a"):
        assert re.match(r"/(?!/)|#|https?://", link.get("href", "")), link.get("href")
        if link.get("href", "").startswith("http"):
            assert {"noopener", "noreferrer"} <= set(link.get("rel", "").split())
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("url", PAGES)
def test_links_inside_lead_somewhere(get: Get, url: str) -> None:
    status = get(url).status_code
    for link in get.page(url, status=status).cssselect("a[href^='/'], link[href^='/']"):
        led_to = get(link.get("href")).status_code
        assert led_to in (200, 302) or (led_to == status and link.get("class") == "switch"), link.get("href")


def test_hostile_texts_are_shown_as_texts(get: Get) -> None:
    shown = HOSTILE.replace("\u202e", "\ufffd")
    front = get.page("/?site=evil")
    assert titles(front)[0].startswith(shown)
    page = get.page(f"/articles/{EVIL}")
    for selector in (
        ".headline",
        ".kicker",
        ".subtitle",
        ".body > p",
        ".body h2",
        ".body li",
        "figcaption",
        ".editors",
    ):
        assert shown in page.cssselect(selector)[0].text_content(), selector
    for selector in (".record section > ul > li", "#removed td", ".facts-list dd"):
        assert any(shown in each.text_content() for each in page.cssselect(selector)), selector
    assert "javascript:alert(document.domain)" in page.cssselect(".facts-list .address")[0].text_content()
    assert "javascript:" not in "".join(link.get("href") for link in page.cssselect("a"))
    assert page.cssselect("article")[0].get("lang") in ("zh-Hans", "en", "")
    source = get.page(f"/articles/{EVIL}/raw/1/1")
    assert shown in source.cssselect("pre")[1].text_content()


@pytest.mark.parametrize(
    "hostile", [HOSTILE, '"', "'", "<b>", "%", "\\", "NOT", "(", ")", "*", "\x00", "a" * 3000, "水 OR"]
)
@pytest.mark.parametrize("name", ["q", "site", "section", "source", "day", "state", "before", "page", "lang"])
def test_hostile_query_strings_are_answered_kindly(get: Get, name: str, hostile: str) -> None:
    answer = get(f"/?{name}={quote(hostile)}")
    assert answer.status_code in (200, 400, 404)
    page = html.fromstring(answer.text)
    assert not page.cssselect("script, b, img")
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "url",
    ["/articles/0", "/articles/99999", "/articles/999999999999999999999999", f"/articles/{DOCK}?revision=9"]
    + [
        f"/articles/{DOCK}?revision=x",
        f"/articles/{DOCK}/difference?from=0",
        f"/articles/{DOCK}/difference?with=999",
    ]
    + [
        f"/articles/{DOCK}/raw/9/1",
        f"/articles/{PLAIN}/raw/1/1",
        "/days/2024-02-30",
        "/days/20240101",
        "/days/2024-01",
        "/outlets/none",
        "/x",
    ]
    + ["/articles/x", "/articles/-1", "/articles/1/x"],
)
def test_what_is_not_there_is_said_in_the_readers_language(get: Get, url: str) -> None:
    assert text(get.page(url, ZH, 404), "h1") == ["没有这个页面"]
    assert text(get.page(url, EN, 404), "h1") == ["Not found"]


@pytest.mark.parametrize(
    "query", ["day=2024-13", "day=2024-02-30", "day=x", "state=x", "before=x", "after=~"]
)
def test_an_address_that_cannot_be_is_said(get: Get, query: str) -> None:
    assert text(get.page(f"/?{query}", EN, 400), "h1") == ["This address cannot be read"]


def test_the_front_page_has_the_newest_first_and_the_undated_last(get: Get) -> None:
    seen: list[str] = []
    urls = ["/"]
    while urls:
        page = get.page(urls.pop())
        seen += titles(page)
        urls += [link.get("href") for link in page.cssselect(".turning a[rel=next]")]
    assert seen[1] == "渡口船坞拆除" and seen[-1] == "没有日期"
    assert len(seen) == len(set(seen)) == 76  # all but the copy


def test_one_can_go_back_through_the_pages(get: Get) -> None:
    first = get.page("/")
    second = get.page(first.cssselect(".turning a[rel=next]")[0].get("href"))
    third = get.page(second.cssselect(".turning a[rel=next]")[0].get("href"))
    back = get.page(third.cssselect(".turning a[rel=prev]")[0].get("href"))
    assert titles(back) == titles(second) != titles(first)
    again = get.page(back.cssselect(".turning a[rel=prev]")[0].get("href"))
    assert titles(again) == titles(first)
    assert not again.cssselect(".turning a[rel=prev]")


def facet(page: html.HtmlElement, title: str) -> dict[str, tuple[int, str]]:
    (section,) = (each for each in page.cssselect(".facet") if each[0].text_content() == title)
    return {
        item.cssselect("a")[0].text_content(): (
            int(item.cssselect(".number")[0].text),
            item.cssselect("a")[0].get("href"),
        )
        for item in section.cssselect("li")
    }


def test_filters_combine_count_what_they_show_and_can_be_taken_away(get: Get, path: Path) -> None:
    front = get.page("/")
    number, url = facet(front, "媒体")["many"]
    assert number == 70
    outlet = get.page(url)
    assert text(outlet, "h1") == ["文章 70 篇"]
    number, url = facet(outlet, "栏目")["区1"]
    both = get.page(url)
    assert text(both, "h1 small") == [f"{number} 篇"]
    assert text(both, ".chosen-filters li") == ["many ✕", "区1 ✕", "全部去掉"]
    number, url = facet(both, "日期")["2023年"]
    months = facet(get.page(url), "日期")
    assert all(re.fullmatch(r"2023年\d+月", month) for month in months)
    assert sum(articles for articles, _ in months.values()) == number
    less = get.page(both.cssselect(".chosen-filters a")[0].get("href"))
    assert text(less, ".chosen-filters li") == ["区1 ✕"]
    with sqlite3.connect(path) as connection:
        (in_sql,) = connection.execute(
            "SELECT count(*) FROM articles, json_each(section) AS part WHERE site = 'many' AND part.value = '区1'"
        ).fetchone()
    connection.close()
    assert text(both, "h1 small") == [f"{in_sql} 篇"]


def test_states_are_filters_too(get: Get) -> None:
    states = facet(get.page("/"), "状态")
    assert {name: number for name, (number, _) in states.items()} == {
        "修订过": 1,
        "原网页已消失": 1,
        "包括相同的转载": 1,
    }
    assert titles(get.page(states["修订过"][1])) == ["旧船坞开拆（更新）"]
    assert titles(get.page(states["原网页已消失"][1])) == ["水闸放水"]
    assert "旧船坞拆了" in titles(get.page(states["包括相同的转载"][1]))


def test_a_search_marks_what_was_found_and_can_be_narrowed(get: Get) -> None:
    page = get.page(f"/?q={quote('龙骨')}")
    assert sorted(titles(page)) == sorted(["旧船坞开拆（更新）", "渡口船坞拆除"])
    assert {each.text for each in page.cssselect("mark")} == {"龙骨"}
    number, url = facet(page, "媒体")["hai"]
    assert number == 1
    assert titles(get.page(url)) == ["渡口船坞拆除"]
    assert page.cssselect("#q")[0].get("value") == "龙骨"
    assert titles(get.page(f"/?q={quote('龙骨')}&state=revised")) == ["旧船坞开拆（更新）"]
    newest = get.page(page.cssselect(".orders a")[0].get("href"))
    assert titles(newest) == ["渡口船坞拆除", "旧船坞开拆（更新）"]


def test_a_search_may_take_traditional_for_simplified(get: Get) -> None:
    page = get.page(f"/?q={quote('龍骨')}", EN)
    assert titles(page) == []
    page = get.page(page.cssselect(".variants a")[0].get("href"), EN)
    assert len(titles(page)) == 2 and facet(page, "Outlet")["hai"][0] == 1
    without = page.cssselect(".variants a")[0].get("href")
    assert "variants" not in str(without)


def test_a_list_tells_what_was_published_by_others_too(get: Get) -> None:
    page = get.page("/?site=hai")
    assert [(each.text, each.get("href")) for each in page.cssselect("a.sign")] == [
        ("同文转载（3）", f"/articles/{VERSION}#cluster")
    ]


def test_a_search_has_pages(get: Get) -> None:
    first = get.page(f"/?q={quote('天气')}")
    second = get.page(first.cssselect(".turning a[rel=next]")[0].get("href"))
    third = get.page(second.cssselect(".turning a[rel=next]")[0].get("href"))
    found = titles(first) + titles(second) + titles(third)
    assert len(found) == len(set(found)) == 70
    assert not third.cssselect(".turning a[rel=next]")
    assert titles(get.page(third.cssselect(".turning a[rel=prev]")[0].get("href"))) == titles(second)


def test_a_search_that_cannot_be_read_is_explained(get: Get) -> None:
    page = get.page(f"/?q={quote('(水闸')}", EN, 400)
    assert text(page, ".problem h2") == ["This search cannot be read"]
    assert page.cssselect("#q")[0].get("value") == "(水闸"


def test_an_article_is_set_for_reading(get: Get) -> None:
    page = get.page(f"/articles/{DOCK}", EN)
    assert page.cssselect("article")[0].get("lang") == "zh-Hans"
    assert text(page, "h1") == ["旧船坞开拆（更新）"]
    kinds = [each.tag for each in page.cssselect(".body > *")]
    assert kinds == ["p", "figure", "p", "p", "h2", "div", "ul", "blockquote"]
    assert text(page, ".body figcaption") == [CAPTION]
    assert text(page, ".body td")[3:] == ["柳湾渡口", "06:10", "21:40"]
    assert text(page, ".body li") == ["木料两车", "龙骨两根"]
    assert len(page.cssselect(".pictures figure")) == 1
    facts = dict(zip(text(page, ".facts-list dt"), text(page, ".facts-list dd"), strict=True))
    assert facts["Authors"] == "周小满" and facts["Edition"] == "31 March 2024, page 03 民生"
    assert facts["Published"] == "31 March 2024 08:15" and facts["First seen"] == "31 March 2024 01:00 UTC"
    assert text(page, "#removed td")[3:5] == ["分享到：", "phrase: share"]
    assert page.cssselect("details#removed")[0].get("open") is None


def test_chinese_words_are_marked_as_such_on_an_english_page(get: Get) -> None:
    page = get.page("/", EN)
    said = {
        each.text_content(): each.get("lang")
        for each in page.cssselect(".facet a span, .entry h3, .facts span")
    }
    assert said["天气"] == said["柳湾晚报"] == said["旧船坞开拆（更新）"] == "zh-Hans"
    assert said["many"] is None and said["An old dock"] in ("en", "")


def test_marks_of_copies_and_of_what_vanished(get: Get) -> None:
    copy = get.page(f"/articles/{COPY}", EN)
    assert text(copy, ".notice") == ["The same text as 旧船坞开拆（更新） liu, 31 March 2024 08:15"]
    gone = get.page(f"/articles/{FLOOD}", EN)
    assert text(gone, ".notice.gone")[0].startswith(
        "The page of this article has been gone since 2 April 2024"
    )


def test_revisions_can_be_read_and_compared(get: Get) -> None:
    page = get.page(f"/articles/{DOCK}", EN)
    rows = text(page, "#revisions tbody tr")
    assert text(page, "#revisions tbody th") == ["Revision 3 present", "Revision 2", "Revision 1"]
    assert "headline" in rows[0] and "text" in rows[1]
    old = get.page(f"/articles/{DOCK}?revision=1", EN)
    assert "12个人" in text(old, ".body")[0]
    assert text(old, ".notice")[0].startswith("This is revision 1.")
    difference = get.page(f"/articles/{DOCK}/difference?from=1&to=2")
    assert (text(difference, "del"), text(difference, "ins")) == (["12"], ["13"])
    assert text(difference, ".difference h2") == ["正文"]
    assert text(get.page(f"/articles/{DOCK}/difference?from=1&to=3", EN), ".difference h2") == [
        "Headline",
        "Text",
    ]
    assert text(get.page(f"/articles/{DOCK}/difference?from=2&to=2"), ".nothing") == ["没有差别。"]
    chosen = difference.cssselect("option[selected]")
    assert [each.get("value") for each in chosen] == ["1", "2"]


def test_a_cluster_tells_who_copied_when_and_how_much(get: Get) -> None:
    page = get.page(f"/articles/{VERSION}", EN)
    rows = text(page, "#cluster tbody tr")
    assert len(rows) == 3
    assert "earliest" in rows[0] and "this article" in rows[2]
    assert re.search(r"2 April 2024.*hai.*\d+ %\d+ %.*dateline.*Compare", rows[2])
    link = page.cssselect("#cluster tr.this a")[-1].get("href")
    difference = get.page(link, EN)
    assert "本报消息，渡口上周停航。" in text(difference, "ins")


def test_the_raw_page_is_text_or_a_download_and_never_a_page(get: Get) -> None:
    source = get.page(f"/articles/{DOCK}/raw/1/1")
    assert room.RAW in source.cssselect("pre")[1].text_content()
    assert "Content-Type: text/html" in source.cssselect("pre")[0].text_content()
    answer = get(f"/articles/{DOCK}/raw/1/1/download")
    assert answer.content == room.RAW.encode()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="article-1-revision-1-part-1.htm"'
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_damaged_raw_page_is_said(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    with pytest.MonkeyPatch.context() as patch:
        room.build(file, patch, many=0)
    with Archive(file) as archive:
        archive.connection.execute("UPDATE payloads SET digest = randomblob(32)")
    made = reading_room(file)
    get, url = Get(made), f"/articles/{DOCK}/raw/1/1"
    assert "SHA-256 digest is wrong" in get(url, EN).text and "SHA-256 校验和不符" in get(url, ZH).text
    made.executor.shutdown()


def test_a_day_shows_all_outlets_and_leads_to_its_neighbours(get: Get) -> None:
    page = get.page(f"/days/{DATE}")
    assert text(page, "h1") == ["2024年3月31日 星期日 · 2 篇"]
    assert titles(page) == ["旧船坞开拆（更新）", "水闸放水"]
    assert [link.get("href") for link in page.cssselect(".turning a")] == [
        "/days/2023-12-24",
        "/days/2024-04-02",
    ]
    assert page.cssselect("[aria-current=date]")[0].get("aria-label") == "2024年3月31日: 2 篇"
    assert get("/days").headers["location"] == "/days/2024-04-02"


def test_outlets_and_numbers_agree_with_the_archive(get: Get, path: Path) -> None:
    page = get.page("/outlets")
    rows = dict(
        zip(text(page, "tbody th"), (text(row, "td") for row in page.cssselect("tbody tr")), strict=True)
    )
    assert rows["many"][:2] == ["70", "0"] and rows["wan"][:2] == ["0", "1"]
    outlet = get.page("/outlets/liu", EN)
    assert text(outlet, ".figures dd")[:4] == ["4", "0", "1", "1"]
    assert outlet.cssselect("svg title")[0].text == "Articles per day, 1 February 2024 to 31 March 2024"
    numbers = get.page("/numbers", EN)
    assert text(numbers, ".chart-box h2")[1:] == ["Top sources", "Share of articles that were revised"]
    assert "liu25.0 %" in text(numbers, ".chart-box tbody tr")
    assert len(numbers.cssselect("svg[role=img] > title")) == 3


def test_the_language_is_chosen_by_header_cookie_and_link(get: Get, datasette: Datasette) -> None:
    zh = get.page("/outlets")
    link = zh.cssselect("a.switch")[0]
    assert (link.get("href"), link.get("lang"), link.text) == ("/outlets?lang=en", "en", "English")
    answer = get("/outlets?lang=en")
    assert html.fromstring(answer.text).get("lang") == "en"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    kept = asyncio.run(datasette.client.get("/outlets", headers=ZH, cookies={"dzwcrawl_language": "en"}))
    assert html.fromstring(kept.text).get("lang") == "en"
    assert "set-cookie" not in kept.headers
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", "en"), ("zh", "zh"), ("zh-TW,en;q=0.9", "zh"), ("de,zh;q=0.3,en;q=0.7", "en"), ("fr", "en")]
    + [("en;q=0,zh;q=0.1", "zh"), ("zh;q=x", "zh"), ("*", "en"), (";;,,=", "en")],
)
def test_preferred_language(accept: str, language: str) -> None:
    assert preferred(accept) == language


def test_both_languages_say_everything_and_nothing_is_left_over() -> None:
    used = set()
    for file in TEMPLATES.glob("*.html"):
        used |= set(re.findall(r"""\bt\("(\w+)\"""", file.read_text(encoding="utf-8")))
    for file in (ROOT / "dzwcrawl" / "web").glob("*.py"):
        used |= set(re.findall(r"""\b(?:words|self)\(\s*"(\w+)\"""", file.read_text(encoding="utf-8")))
    used = {key for key in used if not key.endswith("_")}
    assert used <= set(WORDS), used - set(WORDS)
    for key, (zh, en) in WORDS.items():
        assert zh and en
        assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en)), key
    families = ("by_", "kind_", "op_", "field_", "edit_", "order_", "compare_")
    source = "".join(file.read_text(encoding="utf-8") for file in [*TEMPLATES.glob("*.html"), *TEMPLATES.parent.parent.glob("*.py")])  # fmt: skip
    assert [
        key
        for key in WORDS
        if key not in used and not key.startswith(families) and source.count(f'"{key}"') < 2
    ] == []


@pytest.mark.parametrize(
    ("time", "zh", "en"),
    [
        ("2024-03-31T08:15:00+08:00", "2024年3月31日 08:15", "31 March 2024 08:15"),
        ("2024-03-31T08:15:00+00:00", "2024年3月31日 08:15 UTC", "31 March 2024 08:15 UTC"),
        ("2024-03-31", "2024年3月31日", "31 March 2024"),
        ("2024-03", "2024年3月", "March 2024"),
        ("2024", "2024年", "2024"),
        ("soon", "soon", "soon"),
        (None, "不详", "unknown"),
    ],
)
def test_dates_are_as_precise_as_they_are_known(time: str | None, zh: str, en: str) -> None:
    assert (Words("zh").date(time), Words("en").date(time)) == (zh, en)


def test_sql_pages_are_there_and_escape_too(get: Get) -> None:
    for url in (
        "/archive",
        "/archive/articles",
        f"/archive/articles/{EVIL}",
        "/archive?sql=select+title+from+articles",
    ):
        answer = get(url)
        assert answer.status_code == 200, url
        page = html.fromstring(answer.text)
        assert not [each for each in page.cssselect("script") if "alert" in (each.text or "")]
        assert not page.cssselect("img[onerror]")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not [each for each in page.cssselect("a") if each.get("href", "").startswith("javascript:")]
    found = get(f"/archive/search.json?words={quote('龙骨')}&_shape=array").json()
    assert sorted(row["id"] for row in found) == [DOCK, COPY, VERSION]


@pytest.mark.parametrize(
    "sql", ["delete from articles", "insert into pins values (1)", "select writefile('x', 'y')"]
)
def test_nothing_can_be_written(get: Get, path: Path, sql: str) -> None:
    assert get(f"/archive.json?sql={quote(sql)}").status_code == 400
    with Archive(path, read_only=True) as archive:
        assert browsing.count(archive, Selection(copies=True)) == 77
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            archive.connection.execute("DELETE FROM articles")


def test_other_names_are_turned_away_from_a_local_address(datasette: Datasette) -> None:
    for name, status in (
        ("evil.example", 421),
        ("localhost:8001", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("", 421),
    ):
        answer = asyncio.run(datasette.client.get("/outlets", headers=ZH | {"host": name}))
        assert answer.status_code == status, name


def test_a_crawl_may_write_while_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    with pytest.MonkeyPatch.context() as patch:
        room.build(file, patch, many=0)
    made = reading_room(file)
    with Archive(file) as archive, archive.transaction():
        archive.connection.execute("UPDATE articles SET title = '刚刚写下' WHERE id = 1")
        assert "刚刚写下" not in Get(made)(f"/articles/{DOCK}").text
    assert "刚刚写下" in Get(made)(f"/articles/{DOCK}").text
    made.executor.shutdown()


def test_an_empty_archive_says_what_to_do(archive: Archive) -> None:
    made = reading_room(archive.path)
    for url in ("/", "/outlets", "/numbers", "/days/2024-01-01"):
        assert Get(made)(url).status_code == 200
    assert "scrapy crawl dzwww" in Get(made)("/").text
    made.executor.shutdown()


def test_a_page_that_takes_too_long_is_stopped(path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with Archive(path, read_only=True) as archive:
        with pytest.raises(browsing.TooSlow), browsing.time_limit(archive, 0.05):
            archive.connection.execute(endless).fetchall()
        assert archive.query_value("SELECT 1") == 1


def run(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    start = f"{code}\nfrom dzwcrawl.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", start, *arguments], capture_output=True, text=True, timeout=300
    )


def test_serve_says_what_is_wrong(path: Path, tmp_path: Path) -> None:
    done = run("serve", "--archive", str(tmp_path / "none.db"))
    assert done.returncode == 1 and "no archive at" in done.stderr
    with listen("127.0.0.1", 0) as taken:
        done = run("serve", "--archive", str(path), "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1 and "choose another with --port" in done.stderr
    done = run("serve", "--archive", str(path), code="import sys; sys.modules['datasette'] = None")
    assert done.returncode == 1 and "pip install 'dzwcrawl[web]'" in done.stderr
    assert "127.0.0.1" in run("serve", "--help").stdout


def test_serve_answers_and_warns_where_others_can_reach_it(path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "dzwcrawl",
        "serve",
        "--archive",
        str(path),
        "--port",
        "0",
        "--host",
        "0.0.0.0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            address = process.stdout.readline()
            assert "there is no password" in process.stderr.readline()
            port = re.search(r":(\d+)/", address)
            assert port is not None
            url = f"http://127.0.0.1:{port[1]}/articles/{DOCK}?revision=1"
            assert FIRST[:5] in httpx.get(url, timeout=60).text
            process.send_signal(signal.SIGINT)
            assert (process.wait(120), process.stderr.read()) == (0, "")
        finally:
            process.kill()


def test_undated_articles_have_a_place_in_going_back_and_forth(path: Path) -> None:
    with Archive(path, read_only=True) as archive:
        everything = browsing.newest(archive, Selection(), limit=100)
        for at in range(1, len(everything)):
            place = everything[at].published, everything[at].id
            before = everything[at - 1].published, everything[at - 1].id
            assert browsing.newest(archive, Selection(), before=before, limit=1) == [everything[at]]
            assert browsing.newer(archive, Selection(), after=place, limit=1) == [everything[at - 1]]
        assert everything[-1].id == UNDATED
