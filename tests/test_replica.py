"""The replica must be what it claims: its truth is what all other tests are judged by."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.replica import Running, World, running

REPO = Path(__file__).parent.parent
ARTICLE = re.compile(r"/t\d{8}_\d+\.s?html?$|/p/p\w+\.html$")
DENIED = re.compile(r"//(bbs|club|blog|mail|vote|wenjuan|ad|zt|so|w)\.dzwww\.com")
SENTENCE = re.compile(r"[^。！？；]{10,}[。！？；]?")
TEXTS = {"article", "reprint"}
# what a world of 120 articles holds at least; exact numbers where the name promises one
TRAPS = {
    "seed": 1, "multipart": 4, "missing_part": 1, "wrong_http_charset": 1, "wrong_meta": 1, "late_meta": 1,
    "edited": 2, "vanishes": 1, "flaky_500": 1, "scheme_and_query": 2, "gbk_char": 5, "gb18030_char": 3,
    "weather_notice": 5, "slogan": 10, "reprinted_notice": 5, "video": 4, "column_name": 2, "reprint": 5,
}  # fmt: skip
COMMON = {
    "banner_spring_2020": 10, "banner_since_2022": 10, "banner_weifang_2023": 10, "banner_digits": 10,
    "banner_title": 10, "dateline_benbao": 5, "dateline_xun": 5, "dateline_hb": 5, "xinhua_opening": 3,
    "reporter_box": 5, "byline_end": 5, "end_mark": 5, "related_details": 10, "related_details_inside": 10,
    "related_titles": 20, "subscription_x1": 20, "subscription_x2": 20, "subscription_x3": 20,
    "call_line": 20, "kicker": 3, "subtitle": 3, "header_author": 10, "heading_strong": 5,
    "heading_h3": 5, "list": 5, "table": 5, "quote": 5, "br_paragraphs": 5, "image_caption": 20,
    "image_oldsrc": 10, "editor_in_body": 10,
    "editor_in_div_edit": 10, "editor_in_editor": 10, "editor_in_span_editor_baidu": 3, "no_editor": 2,
    "utf8_page": 10, "two_hosts": 10, **{f"editor_form_{form}": 5 for form in range(6)},
}  # fmt: skip


class _Anchors(HTMLParser):
    """All hrefs outside comments."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


@pytest.fixture(scope="module")
def world() -> World:
    return World(articles=120)


@pytest.fixture(scope="module")
def truth(world: World) -> list[dict[str, Any]]:
    return world.truth()


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(articles=120) as server:
        yield server


def with_trap(truth: list[dict[str, Any]], trap: str) -> list[dict[str, Any]]:
    return [row for row in truth if row["kind"] in TEXTS and trap in row["traps"]]


def text_of(body: bytes, codec: str) -> str:
    """Page text without its tags, for "is this line on the page"."""
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", "", body.decode(codec))
    page = re.sub(r"(?i)</?(strong|a|span)\b[^>]*>", "", page)
    return re.sub(r"<[^>]+>", "\n", page).replace("&gt;", ">").replace("&lt;", "<").replace("&nbsp;", " ")


def codec_of(row: dict[str, Any]) -> str:
    return "utf-8" if "utf8_page" in row["traps"] else "gb18030"


def whole_text(world: World, row: dict[str, Any]) -> str:
    urls = [row["url"], *row.get("parts", [])]
    return "\n".join(text_of(world.get(url).body, codec_of(row)) for url in urls)


def listing_pages(world: World) -> Iterator[tuple[str, str]]:
    """Address and markup of every listing page, by probing until 404."""
    for start in world.start_urls:
        number = 0
        while number == 0 or not start.endswith(".html"):
            url = start if number == 0 else f"{start}default_{number}.htm"
            answer = world.get(url)
            if answer.status == 404:
                break
            yield url, answer.body.decode("utf-8" if b"charset=utf-8" in answer.body else "gb18030")
            number += 1


def listed_links(world: World) -> set[str]:
    found = set()
    for url, page in listing_pages(world):
        anchors = _Anchors()
        anchors.feed(page)
        links = (urljoin(url, href) for href in anchors.found)
        found |= {link for link in links if ARTICLE.search(urlsplit(link).path) and not DENIED.search(link)}
    return found


def bare(url: str) -> str:
    return url.partition(":")[2]


def test_two_worlds_are_the_same(world: World, truth: list[dict[str, Any]]) -> None:
    other = World(articles=120)
    assert other.truth() == truth
    assert all(world.get(row["url"]).body == other.get(row["url"]).body for row in truth)


def test_counts(truth: list[dict[str, Any]]) -> None:
    kinds = Counter(row["kind"] for row in truth)
    assert kinds["article"] == 120
    assert kinds["reprint"] == 5
    bad = {
        "not_found": 2,
        "soft_404": 2,
        "redirect": 2,
        "redirect_front": 1,
        "empty": 1,
        "loop": 2,
        "listing": 1,
    }
    assert {kind: kinds[kind] for kind in bad} == bad
    assert kinds["disallowed"] == 1
    eras = Counter(row["era"] for row in truth if row["kind"] == "article")
    assert min(eras["B"], eras["C"], eras["D"]) >= 20
    assert len({row["url"] for row in truth}) == len(truth)


def test_every_trap_is_there(truth: list[dict[str, Any]]) -> None:
    traps = Counter(trap for row in truth if row["kind"] in TEXTS for trap in row["traps"])
    assert {trap: traps[trap] for trap in TRAPS} == TRAPS
    assert {trap: traps[trap] for trap, least in COMMON.items() if traps[trap] < least} == {}


def test_readme_counts(truth: list[dict[str, Any]]) -> None:
    traps = Counter(trap for row in truth if row["kind"] in TEXTS for trap in row["traps"])
    readme = (REPO / "tests/replica/README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|", readme, re.MULTILINE)
    assert {trap: int(count) for trap, count in told} == dict(traps)


def test_replica_knows_nothing_of_the_crawler() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (REPO / "tests/replica").glob("*.py")]
    assert not [
        source for source in sources if re.search(r"^\s*(from|import) dzwcrawl", source, re.MULTILINE)
    ]


def test_banners_are_on_most_pages_of_their_time(truth: list[dict[str, Any]]) -> None:
    def share(trap: str, first: str, last: str, host: str = "", eras: str = "D") -> float:
        pages = [row for row in truth if row["kind"] in TEXTS and row["era"] in eras and host in row["host"]]
        pages = [row for row in pages if first <= row["published"][:10] <= last]
        return len([row for row in pages if trap in row["traps"]]) / len(pages)

    assert share("banner_spring_2020", "2020-03-01", "2021-10-31") >= 0.7
    assert share("banner_since_2022", "2022-01-01", "2027-01-01") >= 0.7
    assert share("banner_weifang_2023", "2023-01-01", "2027-01-01", "weifang") >= 0.7
    assert share("banner_digits", "2021-11-01", "2027-01-01", "www.dzwww") >= 0.7
    assert share("banner_title", "2019-01-01", "2019-10-31", eras="C") >= 0.7


def test_pages_hold_their_truth(world: World, truth: list[dict[str, Any]]) -> None:
    for row in truth:
        if row["kind"] not in {*TEXTS, "alias"}:
            continue
        text = whole_text(world, row)
        lines = [*row["body"].split("\n"), row["title"], row["source"], *row["credits"], *row["editors"]]
        lines = [cell for line in lines for cell in line.split(" | ")]
        lines += [
            row["kicker"],
            row["subtitle"],
            *row["authors"],
            *(image["caption"] for image in row["images"]),
        ]
        assert [line for line in lines if line not in text] == [], row["url"]


def test_boilerplate_is_on_the_page_and_not_in_the_body(world: World, truth: list[dict[str, Any]]) -> None:
    for row in truth:
        if row["kind"] not in TEXTS:
            continue
        body = set(row["body"].split("\n"))
        captions = {image["caption"] for image in row["images"]}
        assert not body & {*row["boilerplate"], *row["credits"], *captions}, row["url"]
        text = whole_text(world, row)
        assert [line for line in row["boilerplate"] if line not in text] == [], row["url"]


def test_articles_share_no_sentence_by_accident(truth: list[dict[str, Any]]) -> None:
    owners: dict[str, set[str]] = {}
    for row in truth:
        if row["kind"] != "article":
            continue
        for line in row["body"].split("\n"):
            for sentence in SENTENCE.findall(line):
                owners.setdefault(sentence, set()).add(row["url"])
    shared = {sentence: urls for sentence, urls in owners.items() if len(urls) > 1}
    allowed = {row["url"] for trap in ("slogan", "reprinted_notice") for row in with_trap(truth, trap)}
    assert len(shared) == 2
    assert all(urls <= allowed for urls in shared.values())


def test_listings_link_exactly_the_listed(world: World, truth: list[dict[str, Any]]) -> None:
    links = listed_links(world)
    assert {bare(link) for link in links} == {bare(row["url"]) for row in truth if row["listed"]}
    for row in with_trap(truth, "scheme_and_query"):
        secure = row["url"].replace("http:", "https:")
        assert secure in links
        assert f"{row['url']}?from=timeline" in links


def test_listings_have_pages_and_clutter(world: World) -> None:
    pages = dict(listing_pages(world))
    assert sum(url.endswith("/default_1.htm") for url in pages) >= 5
    assert (
        world.get("http://sd.dzwww.com/sdnews/default.htm").body
        == world.get("http://sd.dzwww.com/sdnews/").body
    )
    front = pages["http://www.dzwww.com/xinwen/guoneixinwen/"]
    assert 'createPageHTML(3, 0, "default", "htm");' in front
    assert 'createClipPage(3,0),"default","htm")' in pages["http://sd.dzwww.com/sdnews/"]
    assert '<a class="text" href="default_1.htm">下一页</a>' in pages["http://weifang.dzwww.com/wfxwn/"]
    probed = pages["http://qingdao.dzwww.com/xinwen/jiaoqu/"]
    assert "default_1" not in probed
    assert "createPageHTML" not in probed
    commented = re.findall(r"<!-- <div class=list>.*?-->", front)[0]
    old = re.findall(r'href="([^"]+)"', commented)
    assert len(old) == 3
    assert {world.get(url).status for url in old} == {404}
    assert DENIED.search(front)


def test_bytes_are_as_claimed(world: World, truth: list[dict[str, Any]]) -> None:
    for row in with_trap(truth, "gb18030_char"):
        answer = world.get(row["url"])
        assert answer.headers == [("Content-Type", "text/html")]
        assert b"charset=gb2312" in answer.body
        assert "𬭎" in answer.body.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            answer.body.decode("gbk")
    for row in with_trap(truth, "gbk_char"):
        body = world.get(row["url"]).body
        assert re.search("[喆镕堃]", body.decode("gbk"))
        with pytest.raises(UnicodeDecodeError):
            body.decode("gb2312")
    for row in with_trap(truth, "utf8_page"):
        assert b"charset=utf-8" in world.get(row["url"]).body
        world.get(row["url"]).body.decode("utf-8")


def test_false_declarations(world: World, truth: list[dict[str, Any]]) -> None:
    (header,) = with_trap(truth, "wrong_http_charset")
    answer = world.get(header["url"])
    assert answer.headers == [("Content-Type", "text/html; charset=ISO-8859-1")]
    assert b"charset=gbk" in answer.body
    assert header["title"] in answer.body.decode("gbk")
    (meta,) = with_trap(truth, "wrong_meta")
    answer = world.get(meta["url"])
    assert b"charset=utf-8" in answer.body
    assert meta["title"] in answer.body.decode("gbk")
    (late,) = with_trap(truth, "late_meta")
    assert world.get(late["url"]).body.index(b"charset=gb2312") > 5 * 1024


def test_page_weight(world: World, truth: list[dict[str, Any]]) -> None:
    sizes = [len(world.get(row["url"]).body) for row in truth if row["kind"] == "article"]
    assert min(sizes) > 12_000
    assert max(sizes) < 32_000


def test_seed_article(world: World, truth: list[dict[str, Any]]) -> None:
    (seed,) = with_trap(truth, "seed")
    assert seed["url"] == "http://weifang.dzwww.com/wfxwn/202006/t20200608_6053728.htm"
    assert seed["published"] == "2020-06-08T07:13:00+08:00"
    assert (seed["source"], seed["editors"]) == ("大众报业·大众日报", ["刘美显"])
    lines = seed["body"].split("\n")
    assert lines[0].startswith("6月4日，位于潍坊市坊子区的GB/J-SDL科学实验室")
    assert len(lines) == 18
    assert "主动出击“面对面”连成招商“葡萄串”" in lines
    assert not set(",:;()") & set(seed["body"])
    page = world.get(seed["url"]).body.decode("gb18030")
    assert page.count("山东手机报订阅方式：") == 2
    assert "扫码观看视频《潍坊线上线下发力 “双招双引”有新机》" in page


def test_parts(world: World, truth: list[dict[str, Any]]) -> None:
    for row in with_trap(truth, "multipart"):
        first = world.get(row["url"]).body.decode("gb18030", "replace")
        assert re.search(r'createPageHTML\(3, 0, "t\d+_\d+", "htm"\)', first)
        assert [world.get(url).status for url in row["parts"]] == [200, 200]
    (broken,) = with_trap(truth, "missing_part")
    assert broken["missing_part"] is True
    assert world.get(broken["url"].replace(".htm", "_1.htm")).status == 404
    assert world.get(broken["parts"][0]).status == 200


def test_aliases_and_reprints(world: World, truth: list[dict[str, Any]]) -> None:
    rows = {row["url"]: row for row in truth}
    aliases = [row for row in truth if row["kind"] == "alias"]
    assert all(rows[row["alias_of"]]["body"] == row["body"] for row in aliases)
    assert all(world.get(row["url"]).body == world.get(row["alias_of"]).body for row in aliases)
    for row in (row for row in truth if row["kind"] == "reprint"):
        origin = rows[row["of"]]
        assert row["body"] == origin["body"]
        assert row["title"] != origin["title"]
        assert row["channel"] != origin["channel"]
        assert row["published"] > origin["published"]
        assert row["editors"] != origin["editors"]


def test_bad_pages_answer_as_their_kind(world: World, truth: list[dict[str, Any]]) -> None:
    expected = {
        "not_found": 404,
        "soft_404": 200,
        "redirect": 301,
        "redirect_front": 301,
        "empty": 200,
        "loop": 302,
    }
    for row in truth:
        if row["kind"] not in expected:
            continue
        answer = world.get(row["url"])
        assert answer.status == expected[row["kind"]]
        if answer.status in {301, 302}:
            assert ("Location", row["to"]) in answer.headers
            assert world.get(row["to"]).status in {200, 302}
        if row["kind"] == "soft_404":
            assert "文章不存在" in answer.body.decode("gb18030")


def test_next_day(truth: list[dict[str, Any]]) -> None:
    before = {row["url"]: row for row in truth}
    later = World(articles=120, day=1)
    after = {row["url"]: row for row in later.truth()}
    fresh = [row for url, row in after.items() if url not in before and row["kind"] == "article"]
    assert len(fresh) == 3
    tops = {later.entries(row["channel"])[0].url for row in fresh}
    assert tops == {row["url"] for row in fresh}
    same_kind = [
        (row, after[url]) for url, row in before.items() if row["kind"] == after[url]["kind"] == "article"
    ]
    edited = [(old, new) for old, new in same_kind if old["body"] != new["body"]]
    assert len(edited) == 2
    assert all(old["title"] != new["title"] for old, new in edited)
    gone = [
        url for url, row in before.items() if row["kind"] == "article" and after[url]["kind"] == "not_found"
    ]
    assert len(gone) == 1
    assert later.get(gone[0]).status == 404
    assert {bare(link) for link in listed_links(later)} == {
        bare(url) for url, row in after.items() if row["listed"]
    }


def test_a_large_world_stays_small() -> None:
    large = World(articles=20_000)
    assert len({item.url for item in large.items}) == 20_005
    assert large.get(large.items[12_345].url).status == 200
    assert large.pages_of("guonei") > 50


def fetch(served: Running, url: str, method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
    connection.request(method, url)
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_proxy_over_a_socket(served: Running, truth: list[dict[str, Any]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
    for row in [row for row in truth if row["kind"] == "article"][:5]:
        connection.request("GET", row["url"])
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.read() == served.world.get(row["url"]).body
    connection.request("GET", "/robots.txt", headers={"Host": "weifang.dzwww.com"})
    assert connection.getresponse().read().endswith(b"Disallow: /internal/\nCrawl-delay: 0.2\n")
    connection.close()
    assert fetch(served, "http://nowhere.dzwww.com/").status == 404
    assert fetch(served, "http://example.org/").status == 502
    assert fetch(served, "http://www.dzwww.com/", "HEAD").status == 200
    assert fetch(served, "http://www.dzwww.com/", "POST").status == 405
    last = served.log_lines()[-1]
    assert (last["method"], last["url"], last["status"], last["host"]) == (
        "POST", "http://www.dzwww.com/", 405, "www.dzwww.com",
    )  # fmt: skip


def test_flaky_page_fails_once(served: Running, truth: list[dict[str, Any]]) -> None:
    (row,) = with_trap(truth, "flaky_500")
    assert [fetch(served, row["url"]).status for _ in range(3)] == [500, 200, 200]


def test_connect_with_the_authority(served: Running, truth: list[dict[str, Any]]) -> None:
    context = ssl.create_default_context(cadata=served.ca_pem.decode())
    row = next(row for row in truth if row["era"] == "hb")
    connection = http.client.HTTPSConnection("127.0.0.1", served.port, timeout=120, context=context)
    connection.set_tunnel("hb.dzwww.com", 443)
    for _ in range(2):
        connection.request("GET", urlsplit(row["url"]).path)
        answer = connection.getresponse()
        assert answer.status == 200
        assert row["title"] in answer.read().decode("utf-8")
    connection.close()
    assert served.log_lines()[-1]["url"] == row["url"]


def test_connect_elsewhere_is_refused(served: Running) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", served.port, timeout=120)
    connection.set_tunnel("example.org", 443)
    with pytest.raises(OSError, match="502"):
        connection.request("GET", "/")
    connection.close()


def test_day_changes_while_running() -> None:
    with running(articles=120) as server:
        fresh = World(articles=120, day=1).entries("guonei")[0].url
        assert fetch(server, fresh).status == 404
        server.set_day(1)
        assert fetch(server, fresh).status == 200


def test_command_line(tmp_path: Path, truth: list[dict[str, Any]]) -> None:
    ready, authority, log = tmp_path / "port", tmp_path / "ca.pem", tmp_path / "log.jsonl"
    options = ["--ready-file", ready, "--ca-file", authority, "--log", log, "--crawl-delay", "0"]
    command = [sys.executable, "-m", "tests.replica", "serve", *map(str, options)]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = int(ready.read_text())
        assert line == f"replica ready on http://127.0.0.1:{port}\n"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("GET", "http://weifang.dzwww.com/robots.txt")
        assert b"Crawl-delay" not in connection.getresponse().read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 0
        connection.close()
    assert authority.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
    assert json.loads(log.read_text())["url"] == "http://weifang.dzwww.com/robots.txt"
    told = subprocess.run(
        [sys.executable, "-m", "tests.replica", "truth"], cwd=REPO, capture_output=True, check=True
    )
    assert [json.loads(row) for row in told.stdout.decode().splitlines()] == truth
