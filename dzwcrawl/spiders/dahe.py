"""大河网 (dahe.cn)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class DaheSpider(NumericSpider):
    """大河网 (dahe.cn)."""

    name = "dahe"
    allowed_domains = ["dahe.cn"]
    channels = {"hnxw": "https://news.dahe.cn/hnxw/"}
    listing = ListingRules(
        links="a[href*='html']", accept=r"/20\d\d/[01]\d-[0-3]\d/\d{5,}\.html$", pager="index_2.html"
    )
    article = NumericSpider.article.prefer(
        title="h1#4g_title, h1", published="p#pubtime_baidu", source="p#source_baidu"
    )
