"""浙江在线 (zjol.com.cn)."""

from dzwcrawl.crawl.families import TrsSpider
from dzwcrawl.extract.rules import ListingRules


class ZjolSpider(TrsSpider):
    """浙江在线 (zjol.com.cn)."""

    name = "zjol"
    allowed_domains = ["zjol.com.cn"]
    channels = {"qmt": "https://zjnews.zjol.com.cn/yc/qmt/"}
    listing = ListingRules(links="a[href*='htm']", accept=TrsSpider.listing.accept, pager="index_1.shtml")
    article = TrsSpider.article.prefer(
        title="div.contTit", body="div.contTxt, .news_content", published="div.time", source="#source_baidu"
    )
