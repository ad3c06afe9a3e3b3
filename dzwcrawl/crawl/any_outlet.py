"""The base of spiders that are given URLs of any outlet."""

from typing import Any, Self

from scrapy.crawler import Crawler

from dzwcrawl.crawl.outlets import known_outlets, outlet_of
from dzwcrawl.crawl.spider import NewsSpider


class AnyOutletSpider(NewsSpider):
    """An outlet this project knows is read by its rules and stored as its `site`; of any other the general extractor
    finds everything and `site` is the host.
    """

    alone = False

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **arguments)
        self.outlets: list[type[NewsSpider]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and tell it which outlets the project knows."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.outlets = known_outlets(crawler.settings)
        return spider

    def outlet_of(self, url: str) -> tuple[str, type[NewsSpider]]:
        """Return the outlet that covers a URL, or the host and this class, which has no rules."""
        return outlet_of(url, self.outlets, type(self))
