"""半岛网 (bandao.cn)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class BandaoSpider(NumericSpider):
    """半岛网 (bandao.cn)."""

    name = "bandao"
    allowed_domains = ["bandao.cn"]
    channels = {"news": "http://news.bandao.cn/"}
    identity = r"//news\.bandao\.cn/a/(\d+)\.html$"
    listing = ListingRules(links="a[href*='/a/']", accept=r"//news\.bandao\.cn/a/\d+\.html$", pager=None)
    article = NumericSpider.article.prefer(title=".neiHeader h1", body="#textContent")
