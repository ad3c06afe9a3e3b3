"""Feeds, sitemaps and JSON lists crawled over HTTP, together, again and again."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.crawl.sources import sources
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import FeedRules, JsonListRules, PaperRules, RuleError
from tests.conftest import ROOT, Crawl
from tests.replica import Response, Running, running

HOST = "http://news.example.org"
START = datetime.fromisoformat("2026-11-01T12:00:00+08:00")


def iso(days: float) -> str:
    return (START + timedelta(days=days)).isoformat()


@dataclass
class Outlet:
    """A host whose answers tests may change: path with query to content type and body; articles by number.

    The articles are too old to be due again by themselves.
    """

    articles: dict[int, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    flaky_keys: set[str] = field(default_factory=set)

    def serves(self, host: str) -> bool:
        return host == "news.example.org"

    def get(self, url: str) -> Response:
        parts = urlsplit(url)
        name = parts.path + (f"?{parts.query}" if parts.query else "")
        if name in self.files:
            kind, body = self.files[name]
            return Response(200, [("Content-Type", kind)], body)
        number = parts.path.removeprefix("/a/").removesuffix(".html")
        if not number.isdigit() or int(number) not in self.articles:
            return Response(404, [("Content-Type", "text/html")], b"<html>404</html>")
        text = self.articles[int(number)]
        page = f"<html><body><h1>第{number}号新闻</h1><i>2026-08-01 08:00</i><div class=text><p>{text}</p></div></body></html>"
        return Response(200, [("Content-Type", "text/html; charset=utf-8")], page.encode())

    def sitemap(self, name: str, rows: dict[int, str | None], *, packed: bool = False) -> None:
        body = "<urlset>"
        for number, modified in rows.items():
            changed = f"<lastmod>{modified}</lastmod>" if modified else ""
            body += f"<url><loc>{HOST}/a/{number}.html</loc>{changed}</url>"
        body += f"<url><loc>{HOST}/about.html</loc></url></urlset>"
        self.files[name] = ("application/xml", gzip.compress(body.encode()) if packed else body.encode())

    def index(self, children: dict[str, str | None]) -> None:
        body = "<sitemapindex>"
        for name, modified in children.items():
            changed = f"<lastmod>{modified}</lastmod>" if modified else ""
            body += f"<sitemap><loc>{HOST}{name}</loc>{changed}</sitemap>"
        self.files["/sitemap.xml"] = ("application/xml", f"{body}</sitemapindex>".encode())

    def feed(self, numbers: list[int]) -> None:
        items = (
            "".join(f"<item><title>{n}</title><link>{HOST}/a/{n}.html</link></item>" for n in numbers)
            + f"<item><title>about</title><link>{HOST}/about.html</link></item>"
        )
        self.files["/rss.xml"] = ("text/xml", f"<rss version='2.0'><channel>{items}</channel></rss>".encode())

    def json(self, pages: list[list[int]]) -> None:
        for page, numbers in enumerate(pages, 1):
            rows = [{"id": n, "title": "t", "time": "2026-10-01 08:00"} for n in numbers]
            self.files[f"/list?page={page}"] = ("application/json", json.dumps({"data": rows}).encode())


@pytest.fixture
def outlet() -> Outlet:
    """Twelve articles: three in the feed, six in sitemaps, five in three pages of JSON, two of them twice."""
    made = Outlet({n: f"第{n}条消息的正文在这里，讲的是第{n}件事。" for n in range(1, 13)})
    made.files["/robots.txt"] = (
        "text/plain",
        f"User-agent: *\nSitemap: {HOST}/sitemap.xml\nSitemap: {HOST}/video.xml\n".encode(),
    )
    made.feed([12, 11, 10])
    made.index(
        {
            "/sitemap-1.xml.gz": iso(-20),
            "/sitemap-2.xml": iso(-1),
            "/sitemap-gone.xml": None,
            "/other.xml": None,
        }
    )
    made.sitemap("/sitemap-1.xml.gz", {1: iso(-30), 2: iso(-29), 3: iso(-28)}, packed=True)
    made.sitemap("/sitemap-2.xml", {4: iso(-3), 5: iso(-2), 6: iso(-1)})
    made.json([[9, 8], [7, 6], [5]])
    return made


Again = Callable[..., Counter[str]]


@pytest.fixture
def again(crawl: Crawl, tmp_path: Path, outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> Again:
    """A function that crawls at a day: (day, *options, code=0) to how often each path was asked for."""

    def run(served: Running, day: float, *options: str, code: int = 0) -> Counter[str]:
        monkeypatch.setenv("DZWCRAWL_NOW", iso(day))
        before = len(served.log_lines())
        options = ("-s", "SPIDER_MODULES=tests.sites", *options)
        done = crawl("everywhere", tmp_path / "a.db", *options, replica=served)
        assert done.returncode == code, done.stderr[-3000:]
        return Counter(line["url"].removeprefix(HOST) for line in served.log_lines()[before:])

    return run


def numbers(path: Path) -> list[int]:
    with Archive(path) as archive:
        return sorted(int(row["url"].rsplit("/", 1)[1].removesuffix(".html")) for row in records(archive))


def test_all_kinds_together_find_every_article_once(outlet: Outlet, again: Again, tmp_path: Path) -> None:
    with running(world=outlet) as served:
        asked = again(served, 0)
    assert numbers(tmp_path / "a.db") == list(range(1, 13))
    assert all(asked[f"/a/{n}.html"] == 1 for n in range(1, 13))
    assert not {"/about.html", "/other.xml", "/video.xml"} & asked.keys()
    with Archive(tmp_path / "a.db") as archive:
        assert archive.query_value("SELECT retired IS NOT NULL FROM listings WHERE url LIKE '%gone%'")


def test_a_second_crawl_asks_for_what_may_have_changed(outlet: Outlet, again: Again) -> None:
    with running(world=outlet) as served:
        again(served, 0)
        asked = again(served, 1, "-s", "REVISIT_BUDGET=0")
        assert not [path for path in asked if path.startswith(("/a/", "/sitemap-"))]
        assert asked["/list?page=2"] == 0, "the first page brought nothing new"
        assert asked["/rss.xml"] == asked["/sitemap.xml"] == asked["/list?page=1"] == 1
        outlet.articles |= {13: "第十三条消息的正文。", 14: "第十四条消息的正文。"}
        outlet.feed([13, 12])
        outlet.sitemap("/sitemap-2.xml", {14: iso(1), 4: iso(-3), 5: iso(-2), 6: iso(-1)})
        outlet.index({"/sitemap-1.xml.gz": iso(-20), "/sitemap-2.xml": iso(1.5), "/sitemap-gone.xml": None})
        asked = again(served, 2, "-s", "REVISIT_BUDGET=0")
        assert {path for path in asked if path.startswith(("/a/", "/sitemap-"))} == {
            "/a/13.html", "/a/14.html", "/sitemap-2.xml",
        }  # fmt: skip
        assert again(served, 31, "-s", "REVISIT_BUDGET=0")["/sitemap-gone.xml"] == 1


def test_an_article_that_its_sitemap_says_has_changed_is_looked_at_again(
    outlet: Outlet, again: Again, tmp_path: Path
) -> None:
    with running(world=outlet) as served:
        again(served, 0)
        outlet.articles[2] = "第2条消息的正文改过了，更正了一个数字。"
        outlet.sitemap("/sitemap-1.xml.gz", {1: iso(-30), 2: iso(40), 3: iso(-28)}, packed=True)
        outlet.index({"/sitemap-1.xml.gz": iso(40)})
        assert again(served, 41)["/a/2.html"] == 0
        asked = again(served, 42)
    assert asked["/a/2.html"] == 1
    assert asked["/a/1.html"] == asked["/a/3.html"] == 0
    with Archive(tmp_path / "a.db") as archive:
        changed = archive.article(f"{HOST}/a/2.html")
        assert changed is not None and (changed.revision, "更正" in changed.body) == (2, True)


def test_since_leaves_out_what_is_older_and_marks_nothing_as_read(
    outlet: Outlet, again: Again, tmp_path: Path
) -> None:
    with running(world=outlet) as served:
        asked = again(served, 0, "-a", "since=2026-10-30", "-a", "channel=robots")
        assert asked["/sitemap-1.xml.gz"] == 0
        assert numbers(tmp_path / "a.db") == [5, 6]
        again(served, 1, "-a", "channel=robots,app")
    assert numbers(tmp_path / "a.db") == list(range(1, 10))


def test_pages_bounds_sitemaps_and_lists(outlet: Outlet, again: Again, tmp_path: Path) -> None:
    with running(world=outlet) as served:
        again(served, 0, "-a", "pages=1", "-a", "channel=app")
        assert numbers(tmp_path / "a.db") == [8, 9]
        asked = again(served, 0, "-a", "pages=2", "-a", "channel=robots")
    # robots.txt names the index, the index the one that changed last.
    assert {path for path in asked if "sitemap" in path} == {"/sitemap.xml", "/sitemap-gone.xml"}


@pytest.mark.parametrize(
    ("path", "channel"), [("/rss.xml", "rss"), ("/sitemap.xml", "robots"), ("/list?page=1", "app")]
)
def test_what_is_no_list_any_more_is_a_failure(outlet: Outlet, again: Again, path: str, channel: str) -> None:
    outlet.files[path] = ("text/html", b"<html><body>moved</body></html>")
    with running(world=outlet) as served:
        again(served, 0, "-a", f"channel={channel}", code=6)


def test_the_example_of_the_docs_is_a_site() -> None:
    text = (ROOT / "docs" / "discovery.md").read_text(encoding="utf-8")
    names: dict[str, type[NewsSpider]] = {}
    exec(text.split("```python\n")[1].split("```")[0], names)
    assert list(sources(names["ExampleSpider"])) == ["city", "rss", "app", "sitemap"]
    rss = sources(names["ExampleSpider"])["rss"]
    assert isinstance(rss, FeedRules) and rss.accept == names["ExampleSpider"].listing.accept
    assert list(sources(names["ExamplePaperSpider"])) == ["daily"]


def test_what_does_not_fit_together_is_told_where_the_site_is_written() -> None:
    with pytest.raises(RuleError, match="two sources named 'a'"):
        type(
            "Twice",
            (NewsSpider,),
            {"name": "twice", "feeds": {"a": "http://x/1"}, "sitemaps": {"a": "http://x/2"}},
        )
    with pytest.raises(RuleError, match="channels, but no `listing` rules"):
        type("Bare", (NewsSpider,), {"name": "bare", "channels": {"a": "http://x/1"}})
    with pytest.raises(RuleError, match="did you mean 'joyhua'"):
        PaperRules(edition="http://x/%Y%m%d/", family="joyhau")
    with pytest.raises(RuleError, match="needs %Y, %m and %d"):
        PaperRules(edition="http://x/20261101/", family="node")
    with pytest.raises(RuleError, match="not an absolute URL"):
        JsonListRules(url="/list", rows="", link="u")


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"chanels": {}}, "did you mean 'channels'"),
        ({"artikle": None}, "did you mean 'article'"),
        ({"allowed_domain": ["x.org"]}, "did you mean 'allowed_domains'"),
        ({"custom_setting": {}}, "did you mean 'custom_settings'"),
        ({"parse_artcle": print}, "did you mean 'parse_article'"),
    ],
)
def test_a_misspelt_declaration_is_an_error(declared: dict[str, object], says: str) -> None:
    with pytest.raises(RuleError, match=says):
        type("Site", (NewsSpider,), {"name": "site", **declared})
    type("Site", (NewsSpider,), {"name": "site", "older_rules": None, "_chanels": {}})
