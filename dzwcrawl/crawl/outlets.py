"""The outlets that have a spider, for all that reads pages it was not told the outlet of."""

from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.urls import host_of


def known_outlets(settings: BaseSettings) -> list[type[NewsSpider]]:
    """Return the spiders that name their domains, by name."""
    loader = get_spider_loader(settings)
    known = [loader.load(name) for name in sorted(loader.list())]
    return [
        spider for spider in known if issubclass(spider, NewsSpider) and hasattr(spider, "allowed_domains")
    ]


def outlet_of(
    url: str, outlets: list[type[NewsSpider]], otherwise: type[NewsSpider]
) -> tuple[str, type[NewsSpider]]:
    """Return the outlet that covers a URL and its name, else the host and the spider class `otherwise`.

    The newspaper of an outlet may be an outlet of its own on a host of the other's domain: it comes first.
    """
    covering = [outlet for outlet in outlets if outlet.covers(url)]
    if not covering:
        return host_of(url).removeprefix("www."), otherwise
    nearest = max(covering, key=lambda outlet: max(map(len, getattr(outlet, "allowed_domains", ()))))
    return nearest.name, nearest
