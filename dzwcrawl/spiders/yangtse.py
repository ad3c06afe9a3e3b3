"""扬子晚报网 (yangtse.com)."""

from dzwcrawl.crawl.families import TrsSpider
from dzwcrawl.extract.rules import ListingRules


class YangtseSpider(TrsSpider):
    """扬子晚报网 (yangtse.com)."""

    name = "yangtse"
    allowed_domains = ["yangtse.com"]
    channels = {"jiangsu": "http://www.yangtse.com/app/jiangsu/kanjiangsu/index.html"}
    listing = ListingRules(links="a[href*='htm']", accept=TrsSpider.listing.accept, pager="index_2.html")
    article = TrsSpider.article.prefer(body=".text-text, #content, #wrap")
