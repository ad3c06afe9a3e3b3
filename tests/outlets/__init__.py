"""The fixtures of the outlets: pages as bytes, what they are in `meta.json`, what a crawl must read from them.

A folder `tests/fixtures/<name>/` holds `listing.html` with `listing.json` (`links` in order, `next_page`), `article.html`
(and `article-2.html` … for its parts) with the record `article.json`, and `meta.json` (`year` and `evidence` of what
is known, what is `unsure`, and of every page its `url` and `headers`).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from dzwcrawl.article import Article, record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract import extract
from dzwcrawl.extract.listing import Listing, read_listing
from dzwcrawl.extract.parts import add_part

FOLDER = Path(__file__).parent.parent / "fixtures"
GENERIC = {"urls", "warc", "news"}
"""Spiders of no outlet."""
NOT_ON_A_PAGE = ("edition", "id", "first_seen", "last_seen", "revision", "duplicate_of", "cluster")


@dataclass(frozen=True)
class Fixture:
    """The fixture of an outlet and its spider."""

    name: str
    spider: type[NewsSpider]
    meta: dict[str, Any]

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    def expected(self, name: str) -> Any:
        """Return what a page must give: `article` or `listing`."""
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))

    def page(self, name: str) -> tuple[bytes, str, dict[str, str]]:
        """Return the bytes, URL and headers of a page."""
        about = self.meta["pages"][name]
        return (self.folder / name).read_bytes(), about["url"], about["headers"]

    def listing(self) -> Listing:
        """Read the listing as a crawl does."""
        body, url, headers = self.page("listing.html")
        return read_listing(body, headers=headers, url=url, rules=self.spider.listing)

    def extract(self, name: str = "article.html") -> Article:
        """Extract a page as a crawl does."""
        body, url, headers = self.page(name)
        article = extract(body, headers=headers, url=url, rules=self.spider.rules_for(url))
        article.site = self.spider.name
        article.canonical_url = article.canonical_url or url
        return article

    def article(self) -> Article:
        """Extract the article with all its parts, and clean it."""
        article = self.extract()
        pages = {about["url"]: name for name, about in self.meta["pages"].items()}
        for number, url in enumerate(article.parts, 2):  # grows while it is read
            add_part(article, self.extract(pages[url]), number)
        clean_phrases(article)
        return article


def on_page(article: Article) -> dict[str, Any]:
    """Return the record of an article without what only an archive knows."""
    return {name: value for name, value in record(article).items() if name not in NOT_ON_A_PAGE}


def spiders() -> dict[str, type[NewsSpider]]:
    """Return the spiders of outlets by name."""
    loader = SpiderLoader.from_settings(get_project_settings())
    found = {name: loader.load(name) for name in sorted(loader.list()) if name not in GENERIC}
    return {name: spider for name, spider in found.items() if issubclass(spider, NewsSpider)}


def fixtures() -> list[Fixture]:
    """Return the fixtures of all outlets that have one, by name."""
    return [
        Fixture(name, spider, json.loads((FOLDER / name / "meta.json").read_text(encoding="utf-8")))
        for name, spider in spiders().items()
        if (FOLDER / name / "meta.json").is_file()
    ]
