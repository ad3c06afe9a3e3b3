"""Item pipelines: clean, then archive. Both synchronous, so that nothing comes between "seen?" and "stored"."""

import sqlite3
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from dzwcrawl.archive.store import store
from dzwcrawl.article import Article
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.crawl.extensions import OpenArchive
from dzwcrawl.crawl.spider import NewsSpider


class CleanPipeline:
    """Marks subscription banners, navigation and the like by known phrases; what repeats is learned on storing."""

    def process_item(self, item: Article) -> Article:
        """Clean an article."""
        clean_phrases(item)
        return item


class ArchivePipeline:
    """Stores articles: learned cleaning, duplicates, ledger, in one transaction each."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._failed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline."""
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Store an article.

        :raises DropItem: when the archive has it already.
        """
        spider, opened = self._crawler.spider, self._crawler.get_extension(OpenArchive)
        assert isinstance(spider, NewsSpider) and opened is not None and item.url is not None
        if not item.body:
            spider.refuse(item.url, "nothing but boilerplate where the body should be")
            raise DropItem(f"no body: {item.url}", log_level="DEBUG")
        if not self._crawler.settings.getbool("ARCHIVE_RAW"):
            item.pages.clear()
        url, led_here = item.url, dict.fromkeys(item.redirected_from, "redirect")
        try:
            outcome = store(
                opened.archive, item, key=spider.key_of(url), led_here=led_here, crawl=opened.crawl
            )
            answer = spider.answer_of(url)
            if answer is not None and outcome != "forgotten":
                spider.ledger.remember(answer)
        except sqlite3.OperationalError as error:
            opened.fail(error)
            raise
        spider.count(f"articles_{outcome}")
        spider.watch.stored(item, outcome)
        if outcome in ("forgotten", "known", "unchanged", "older"):
            raise DropItem(f"{outcome}: {item.url}", log_level="DEBUG")
        return item
