"""北方网 (enorth.com.cn)."""

from dzwcrawl.crawl.families import SystemSpider
from dzwcrawl.crawl.spider import NewsSpider


class EnorthSpider(NewsSpider):
    """北方网 (enorth.com.cn). Nothing is known of its templates: no article rules, the general extractor reads them."""

    name = "enorth"
    allowed_domains = ["enorth.com.cn"]
    channels = {"wytd": "http://news.enorth.com.cn/tj/wytd/index.shtml"}
    family = SystemSpider.family
    listing = SystemSpider.listing
    identity = SystemSpider.identity
