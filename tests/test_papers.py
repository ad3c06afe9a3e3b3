"""Digital newspapers: editions read page by page, and crawled from replicas of their systems over HTTP."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.article import record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract import extract
from dzwcrawl.extract.editions import articles_of, read_paper_page
from dzwcrawl.extract.listing import url_day
from dzwcrawl.extract.rules import PaperRules
from tests.conftest import Crawl
from tests.replica import running
from tests.replica.papers import COUNTS, NAMES, SYSTEMS, PaperWorld, items

DAY = date(2026, 11, 1)
FIXTURES = Path(__file__).parent / "fixtures"
_NOT_OF_A_PAGE = ("id", "first_seen", "last_seen", "revision", "duplicate_of", "cluster", "edition")


def site(name: str) -> type[NewsSpider]:
    found = SpiderLoader.from_settings(get_project_settings()).load(name)
    assert issubclass(found, NewsSpider)
    return found


def rules_of(name: str) -> PaperRules:
    return next(iter(site(name).papers.values()))


def archived(path: Path) -> list[dict[str, Any]]:
    """The records of an archive in the order of its view `editions`."""
    with Archive(path) as archive:
        by_id = {row["id"]: row for row in records(archive)}
        return [by_id[row["id"]] for row in archive.connection.execute("SELECT id FROM editions")]


def recorded(name: str, file: str) -> tuple[bytes, dict[str, str], str]:
    """A fixture: its bytes, its headers and its URL."""
    meta = json.loads((FIXTURES / name / "meta.json").read_text(encoding="utf-8"))["pages"][file]
    return (FIXTURES / name / file).read_bytes(), meta["headers"], meta["url"]


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_recorded_edition_page_gives_pages_and_articles(name: str) -> None:
    body, headers, url = recorded(name, "edition.html")
    page = read_paper_page(body, headers=headers, url=url, rules=rules_of(name))
    links = articles_of([page], url_day(url) or "", rules_of(name).names)
    found = {
        "pages": {url: list(said) for url, said in page.pages.items()},
        "articles": [
            [link.url, link.text, link.edition.page, link.edition.place] for link in links if link.edition
        ],
    }
    assert found == json.loads((FIXTURES / name / "edition.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_recorded_article_gives_its_record(name: str) -> None:
    body, headers, url = recorded(name, "article.html")
    article = extract(body, headers=headers, url=url, rules=site(name).rules_for(url))
    clean_phrases(article)
    article.site, article.canonical_url = name, article.canonical_url or url
    found = {field: value for field, value in record(article).items() if field not in _NOT_OF_A_PAGE}
    assert found == json.loads((FIXTURES / name / "article.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ["该日期没有报纸", "抱歉，您访问的页面不存在", "今日休刊"])
def test_a_page_may_say_that_there_is_no_paper(text: str) -> None:
    body = f"<html><body><p>{text}</p><a href='/'>返回</a></body></html>".encode()
    url = "http://szb.chiznews.com/czrb/20261102/html/index.htm"
    assert read_paper_page(body, url=url, rules=rules_of("czrb_paper")).gone


@pytest.mark.parametrize(
    "head",
    [
        "<meta http-equiv=refresh content='0; URL=page_01.htm'>",
        "<script>window.location.href = 'page_01.htm';</script>",
        '<script>location.replace( "page_01.htm" )</script>',
        "<frameset><frame src=page_01.htm></frameset>",
    ],
)
def test_pages_that_only_lead_on(head: str) -> None:
    url = "http://szb.chiznews.com/czrb/20261101/html/index.htm"
    page = read_paper_page(
        f"<html><head>{head}</head></html>".encode(), url=url, rules=rules_of("czrb_paper")
    )
    assert page.onward == "http://szb.chiznews.com/czrb/20261101/html/page_01.htm"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("第A03版：要闻", ("A03", "要闻")),
        ("a3版:文艺副刊（丰收）", ("A03", "文艺副刊（丰收）")),
        ("第十一版 国际", ("11", "国际")),
        ("[12]：教育·科技", ("12", "教育·科技")),
        ("头版", ("01", "头版")),
        ("2026年特刊", ("01", "2026年特刊")),
    ],
)
def test_numbers_and_names_of_pages(text: str, said: tuple[str, str]) -> None:
    url = "http://szb.chiznews.com/czrb/20261101/html/page_01.htm"
    body = f"<html><body><a href=page_01.htm>{text}</a></body></html>".encode()
    assert read_paper_page(body, url=url, rules=rules_of("czrb_paper")).pages == {url: said}


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_edition_read_page_by_page_is_there_whole_and_in_order(name: str) -> None:
    system, rules = SYSTEMS[name], rules_of(name)
    pages = [
        read_paper_page(
            system.render_page(DAY, page).encode(system.codec),
            url=system.url(DAY, system.page(page)),
            rules=rules,
        )
        for page in range(len(COUNTS))
    ]
    assert list(pages[0].pages.values()) == [(system.label(at), name) for at, name in enumerate(NAMES)]
    links = articles_of(pages, DAY.isoformat(), rules.names)
    truth = [system.truth(item) for item in items(DAY)]
    assert [link.url for link in links] == [row["url"] for row in truth]
    assert [link.edition and link.edition.place for link in links] == [
        row["edition"]["place"] for row in truth
    ]
    assert [link.edition and link.edition.page for link in links] == [row["edition"]["page"] for row in truth]


@pytest.mark.parametrize("name", SYSTEMS)
def test_articles_of_newspapers_are_read_whole(name: str) -> None:
    system = SYSTEMS[name]
    for item in items(DAY)[:12]:
        truth = system.truth(item)
        article = extract(
            system.render_article(item).encode(system.codec),
            url=truth["url"],
            rules=site(name).rules_for(truth["url"]),
        )
        assert (article.title, article.kicker, article.published) == (
            truth["title"],
            truth["kicker"],
            truth["published"],
        )
        assert article.body == truth["body"]


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_edition_of_16_pages_and_90_articles(name: str, crawl: Crawl, tmp_path: Path) -> None:
    """All there, in order, with page numbers and names; a day without a paper is no failure."""
    world = PaperWorld(SYSTEMS[name], [DAY])
    with running(world=world) as served:
        done = crawl(name, tmp_path / "a.db", "-a", "date=2026-11-01..2026-11-02", replica=served)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "edition of 2026-11-01: 16 pages, 90 articles, 90 new" in done.stderr
    assert "edition of 2026-11-02: there is none" in done.stderr
    found, truth = archived(tmp_path / "a.db"), world.truth()
    assert len(truth) == 90
    for field in ("url", "title", "kicker", "published", "edition", "body"):
        assert [row[field] for row in found] == [row[field] for row in truth], field


def test_a_second_crawl_fetches_nothing_and_a_later_one_only_new_editions(
    crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DZWCRAWL_NOW", "2026-11-03T10:00:00+08:00")
    days = [DAY, DAY + timedelta(days=1)]
    with running(world=PaperWorld(SYSTEMS["dzrb_paper"], days[:1])) as served:
        arguments = ("-a", "date=2026-11-01..2026-11-02")
        assert crawl("dzrb_paper", tmp_path / "a.db", *arguments, replica=served).returncode == 0
        before = len(served.log_lines())
        served.serve(PaperWorld(SYSTEMS["dzrb_paper"], days))
        assert crawl("dzrb_paper", tmp_path / "a.db", *arguments, replica=served).returncode == 0
        asked = [line["url"] for line in served.log_lines()[before:]]
    assert not [url for url in asked if "/20261101/" in url]
    assert sum("Articel" in url for url in asked) == 90
    assert len(archived(tmp_path / "a.db")) == 180


def test_a_page_that_fails_costs_its_articles_until_the_next_crawl(crawl: Crawl, tmp_path: Path) -> None:
    world = PaperWorld(SYSTEMS["zzrb_paper"], [DAY])
    lost = world.files.pop("/html/2026-11/01/node_7.htm")
    with running(world=world) as served:
        done = crawl("zzrb_paper", tmp_path / "a.db", "-a", "date=2026-11-01", replica=served)
        assert done.returncode == 6, done.stderr[-2000:]
        assert "node_7.htm: HTTP 404" in done.stderr
        found = archived(tmp_path / "a.db")
        # Two articles of the lost page are announced on the one before, and on which page they stand nobody says.
        assert len(found) == 90 - COUNTS[4] + 2
        assert sum(row["edition"]["page"] is None for row in found) == 2
        world.files["/html/2026-11/01/node_7.htm"] = lost
        assert crawl("zzrb_paper", tmp_path / "a.db", "-a", "date=2026-11-01", replica=served).returncode == 0
    assert [row["edition"] for row in archived(tmp_path / "a.db")] == [
        row["edition"] for row in world.truth()
    ]


def test_a_week_without_a_paper_is_a_failure_and_a_day_is_none(
    crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the server leads to the newest edition instead of saying that there is none."""
    system, newest = SYSTEMS["gzrb_paper"], date(2026, 10, 1)
    monkeypatch.setenv("DZWCRAWL_NOW", "2026-11-01T10:00:00+08:00")
    with running(world=PaperWorld(system, [newest], moved=system.url(newest, "node_01.html"))) as served:
        week = crawl("gzrb_paper", tmp_path / "a.db", replica=served)
        day = crawl("gzrb_paper", tmp_path / "a.db", "-a", "date=2026-10-30", replica=served)
    assert week.returncode == 6
    assert "no edition since 2026-10-26: has its address changed?" in week.stderr
    assert day.returncode == 0
    assert "edition of 2026-10-30: there is none" in day.stderr
    assert archived(tmp_path / "a.db") == []


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("date=2026-11-31", "date=2026-11-31 is neither a day"),
        ("date=20261101", "date=20261101 is neither a day"),
        ("date=2026-11-02..2026-11-01", "ends before it begins"),
        ("dat=2026-11-02", "did you mean 'date'"),
        ("channel=dzrp", "did you mean 'dzrb'"),
    ],
)
def test_arguments_that_make_no_sense(crawl: Crawl, tmp_path: Path, argument: str, message: str) -> None:
    done = crawl("dzrb_paper", tmp_path / "a.db", "-a", argument)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_only_newspapers_have_editions(crawl: Crawl, tmp_path: Path) -> None:
    done = crawl("dzwww", tmp_path / "a.db", "-a", "date=2026-11-01")
    assert done.returncode == 2
    assert "spider 'dzwww' has no newspaper" in done.stderr
