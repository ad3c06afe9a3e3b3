"""Articles in parts on sockets: chains, loops, runaways, missing parts, single pages."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reextract import draft
from dzwcrawl.article import Article, RawPage
from dzwcrawl.crawl.assembly import Assembly
from dzwcrawl.crawl.rereading import reread
from dzwcrawl.extract import extract
from dzwcrawl.spiders.qingdaonews import QingdaonewsSpider
from tests.conftest import Crawl
from tests.replica import Response, running
from tests.replica.texts import story

HOME = "http://news.qingdaonews.com/2020-02/14/"


def lines(number: int, part: int) -> list[str]:
    """Return the text of a part of an article."""
    return list(story(number * 100 + part, "local", datetime(2020, 2, 14)).paragraphs[:3])


def page(number: int, *texts: list[str], pager: str = "") -> bytes:
    body = "".join(f"<p>　　{line}</p>" for text in texts for line in text)
    return (
        f'<html><head><meta charset="gb2312"><title>第{number}篇长文-青岛新闻网</title></head><body><h1>第{number}篇长文</h1>'
        f'<span id="pubtime_baidu">2020-02-14 10:05:33</span><div id="endText">{body}'
        f'<div id="displaypagenum">{pager}</div></div></body></html>'
    ).encode("gb18030")


def following(url: str, text: str = "下一页") -> str:
    return f'<a href="{url}">{text}</a>'


@dataclass
class Long:
    """Serves articles in parts, each with another trouble."""

    flaky_keys: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def serves(self, host: str) -> bool:
        return host.endswith(".qingdaonews.com")

    def get(self, url: str) -> Response:
        self.asked.append(url)
        match = re.search(r"content_2125580(\d)(?:_(\w+))?\.htm", url)
        body = self.page(int(match[1]), match[2] or "1") if match else None
        if body is None:
            return Response(404, [("Content-Type", "text/plain")], b"")
        if not body.startswith(b"<"):
            return Response(302, [("Location", body.decode())], b"")
        return Response(200, [("Content-Type", "text/html")], body)

    def page(self, number: int, part: str) -> bytes | None:
        name = f"content_2125580{number}"
        own = lines(number, int(part) if part.isdigit() else 0)
        rest = "".join(following(f"{name}_{n}.htm", str(n)) for n in (2, 3, 4))
        match number, part:
            case 1, "3":  # part three is not there
                return None
            case 1, _:
                return page(1, own, pager=rest)
            case 2, _:  # there is always a next one
                return page(2, own, pager=following(f"{name}_{int(part) + 1}.htm"))
            case 3, _:  # part two leads back to itself, to page one and to part two again
                back = following(f"{name}_2.htm") + following(f"{name}.htm", "1")
                return page(3, own, pager=back)
            case 7, "2":  # elsewhere
                return b"content_21255801.htm"
            case 7, _:
                return page(7, own, pager=following(f"{name}_2.htm"))
            case 4, _:  # whatever the number, page one
                return page(4, lines(4, 1), pager=rest)
            case 5, "all":
                return page(5, lines(5, 1), lines(5, 2), lines(5, 3))
            case 5, _:
                return page(5, own, pager=rest + following(f"{name}_all.htm", "单页阅读"))
            case 6, "all":  # the single page is gone
                return None
            case 6, _:
                return page(6, own, pager=rest + following(f"{name}_all.htm", "阅读全文"))
        return None


@pytest.fixture(scope="module")
def crawled(crawl: Crawl, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive after one crawl."""
    archive = tmp_path_factory.mktemp("parts") / "archive.db"
    urls = " ".join(f"{HOME}content_2125580{n}.htm" for n in range(1, 8))
    with running(world=(world := Long())) as served:
        done = crawl("qingdaonews", archive, "-a", f"url={urls}", replica=served)
    assert done.returncode == 0, done.stderr[-3000:]
    asked = [
        url for url in world.asked if not url.endswith("5801.htm")
    ]  # where part two of the seventh leads, too
    assert len(asked) == len(set(asked)), "no page is asked for twice"
    return archive


@pytest.fixture(scope="module")
def stored(crawled: Path) -> dict[int, tuple[list[str], list[str]]]:
    """Body lines and notes of each article."""
    with Archive(crawled) as opened:
        rows = opened.connection.execute("SELECT title, body, notes FROM articles").fetchall()
    return {int(title[1]): (body.split("\n"), json.loads(notes)) for title, body, notes in rows}


def joined(number: int, *parts: int) -> list[str]:
    return [line for part in parts for line in lines(number, part)]


def test_a_missing_part_is_noted_and_the_rest_is_there(
    stored: dict[int, tuple[list[str], list[str]]],
) -> None:
    assert stored[1] == (joined(1, 1, 2, 4), ["part 3 of 4 is missing: HTTP 404"])


def test_a_chain_without_end_ends(stored: dict[int, tuple[list[str], list[str]]]) -> None:
    assert stored[2] == (joined(2, *range(1, 51)), ["more than 50 parts: the rest is left out"])


def test_a_loop_is_walked_once(stored: dict[int, tuple[list[str], list[str]]]) -> None:
    assert stored[3] == (joined(3, 1, 2), [])


def test_the_same_page_for_every_number_is_told(stored: dict[int, tuple[list[str], list[str]]]) -> None:
    notes = [f"part {n} of 4 only repeats the parts before" for n in (2, 3, 4)]
    assert stored[4] == (joined(4, 1), notes)


def test_the_single_page_is_preferred(stored: dict[int, tuple[list[str], list[str]]]) -> None:
    assert stored[5] == (joined(5, 1, 2, 3), [])


def test_without_the_single_page_the_parts_are_joined(stored: dict[int, tuple[list[str], list[str]]]) -> None:
    assert stored[6] == (joined(6, 1, 2, 3, 4), [])


def test_what_a_part_redirects_to_is_no_part(stored: dict[int, tuple[list[str], list[str]]]) -> None:
    assert stored[7] == (joined(7, 1), [f"part 2 of 2 is missing: redirected to {HOME}content_21255801.htm"])


def test_kept_pages_read_again_give_the_same(crawled: Path) -> None:
    with Archive(crawled) as opened:
        drafts = [
            draft(opened, number, reread)
            for (number,) in opened.connection.execute("SELECT id FROM articles")
        ]
    assert [(one.fields, one.error) for one in drafts] == [([], None)] * 7


def assembled(*names: str) -> Article:
    """Put the article together from pages in the order of a file."""

    def read(raw: RawPage) -> Article:
        return extract(raw.body, url=raw.url, rules=QingdaonewsSpider.article)

    world = Long()
    pages = [
        RawPage(f"{HOME}{name}", "2020-02-14T00:00:00+00:00", "", world.get(HOME + name).body)
        for name in names
    ]
    assembly = Assembly(read, read)
    articles = [article for page in pages for article in assembly.take(page)] + list(assembly.rest())
    assert len(articles) == 1
    return articles[0]


def test_a_chain_in_a_file_is_followed_wherever_its_parts_stand() -> None:
    names = ["content_21255802_3.htm", "content_21255802.htm", "content_21255802_2.htm"]
    article = assembled(*names)
    assert article.body.split("\n") == joined(2, 1, 2, 3)
    assert article.notes == ["part 4 of 4 is missing: it is not in the file"]


def test_a_single_page_in_a_file_is_preferred_and_else_its_parts_are_joined() -> None:
    name = "content_21255805"
    whole = assembled(f"{name}.htm", f"{name}_2.htm", f"{name}_all.htm")
    assert (whole.body.split("\n"), whole.notes) == (joined(5, 1, 2, 3), [])
    assert [page.part for page in whole.pages] == [2]
    parts = assembled(f"{name}.htm", f"{name}_2.htm", f"{name}_3.htm", f"{name}_4.htm")
    assert (parts.body.split("\n"), parts.notes) == (joined(5, 1, 2, 3, 4), [])
