"""华声在线 (voc.com.cn)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class VocSpider(NumericSpider):
    """华声在线 (voc.com.cn)."""

    name = "voc"
    allowed_domains = ["voc.com.cn"]
    channels = {"youliao": "http://news.voc.com.cn/class/1915.html"}
    identity = r"/article/\d{6}/(\d{12,})\.html$"
    listing = ListingRules(links="a[href*='/article/']", accept=r"/article/\d{6}/\d{12,}\.html$", pager=None)
    article = NumericSpider.article.prefer(body="#content, .news-editor")
