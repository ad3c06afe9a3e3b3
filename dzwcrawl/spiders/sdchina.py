"""中国山东网 (sdchina.com)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class SdchinaSpider(NumericSpider):
    """中国山东网 (sdchina.com)."""

    name = "sdchina"
    allowed_domains = ["sdchina.com"]
    channels = {"shandong": "http://www.sdchina.com/list/2388.html"}
    listing = ListingRules(links="a[href*='/show/']", accept=r"/show/\d{5,}\.html$", pager="*_2.html")
    article = NumericSpider.article.prefer(
        title=".zzleft h1", body=".zleftf, .text", published=".zleftc", drop=".blank10"
    )
