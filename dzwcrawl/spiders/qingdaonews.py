"""青岛新闻网 (qingdaonews.com)."""

from dzwcrawl.crawl.families import FounderSpider


class QingdaonewsSpider(FounderSpider):
    """青岛新闻网 (qingdaonews.com)."""

    name = "qingdaonews"
    allowed_domains = ["qingdaonews.com"]
    channels = {"qingdao": "http://news.qingdaonews.com/qingdao/node_2117.htm"}
    article = FounderSpider.article.prefer(body="#endText, .m-ct")
