"""An archive of the replica with its raw pages, made without a crawl: for tests and benchmarks of kept pages."""

from collections.abc import Iterable
from typing import Any

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reclean import reclean
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.article import Article, RawPage
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.crawl.rereading import reread
from dzwcrawl.extract.page import parse
from dzwcrawl.extract.parts import links_of, part_urls
from dzwcrawl.spiders.dzwww import DzwwwSpider
from dzwcrawl.urls import url_key
from tests.replica import World

FETCHED = "2026-11-01T00:00:00+00:00"


def page_of(world: World, url: str, fetched: str = FETCHED, part: int = 1) -> RawPage | None:
    """Return what the replica answers for a URL, or None for anything but 200."""
    answer = world.get(url)
    if answer.status != 200:
        return None
    head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    return RawPage(url, fetched, head, answer.body, part)


def pages_of(world: World, url: str, fetched: str = FETCHED) -> list[RawPage]:
    """Return the pages of an article, without the parts that are missing."""
    first = page_of(world, url, fetched)
    assert first is not None, url
    read = parse(first.body, None, url)
    parts = part_urls(read, links_of(read))
    found = [page_of(world, part, fetched, number) for number, part in enumerate(parts, 2)]
    return [first, *(page for page in found if page is not None)]


def keep(archive: Archive, pages: list[RawPage]) -> Article:
    """Store the article of some pages as a crawl does."""
    article = reread(pages, Article())
    clean_phrases(article)
    article.pages = pages
    article.first_seen = article.last_seen = pages[0].fetched
    store(archive, article, key=url_key(pages[0].url, DzwwwSpider.identity, "dzwww"))
    return article


def articles(world: World) -> list[dict[str, Any]]:
    """Return the truth about the articles and reprints of a replica."""
    return [row for row in world.iter_truth() if row["kind"] in ("article", "reprint")]


def fill(archive: Archive, world: World, rows: Iterable[dict[str, Any]], fetched: str = FETCHED) -> None:
    """Store articles of the replica, with their pages, and clean them by what they teach."""
    for row in rows:
        keep(archive, pages_of(world, row["url"], fetched))
    reclean(archive, "dzwww", derive_again)
