"""红网 (rednet.cn)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class RednetSpider(NumericSpider):
    """红网 (rednet.cn)."""

    name = "rednet"
    allowed_domains = ["rednet.cn"]
    channels = {"hn": "https://hn.rednet.cn/channel/1512.html"}
    listing = ListingRules(
        links="a[href*='/content/']", accept=r"/content/20\d\d/[01]\d/[0-3]\d/\d{5,}\.html$", pager=None
    )
    article = NumericSpider.article.prefer(
        title="h1.detail_title",
        body="article.detail-article, .detail_article_content",
        published="span.p_l_25",
        source="span.p_l_10",
    )
