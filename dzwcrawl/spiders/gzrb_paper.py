"""贵州日报: its digital newspaper (szb.gzrbs.com.cn)."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import PAPER_ARTICLES, PaperRules


class GzrbPaperSpider(NewsSpider):
    """Addresses and titles of 2023."""

    name = "gzrb_paper"
    allowed_domains = ["szb.gzrbs.com.cn"]
    papers = {
        "gzrb": PaperRules(edition="http://szb.gzrbs.com.cn/pc/layout/%Y%m/%d/node_01.html", family="layout")
    }
    article = PAPER_ARTICLES["layout"]
