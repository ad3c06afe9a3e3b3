"""齐鲁晚报网 (qlwb.com.cn)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class QlwbSpider(NumericSpider):
    """齐鲁晚报网 (qlwb.com.cn)."""

    name = "qlwb"
    allowed_domains = ["qlwb.com.cn"]
    channels = {"front": "http://www.qlwb.com.cn/"}
    listing = ListingRules(
        links="a[href*='html']", accept=r"//(?!epaper|m\.)[^/]*/20\d\d/[01]\d[0-3]\d/\d+\.html$", pager=None
    )
    article = NumericSpider.article.prefer(title=".article-title", body=".article-content .describe")
