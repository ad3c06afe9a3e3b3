"""池州日报: its digital newspaper (szb.chiznews.com)."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import PAPER_ARTICLES, PaperRules


class CzrbPaperSpider(NewsSpider):
    """Addresses of 2023."""

    name = "czrb_paper"
    allowed_domains = ["szb.chiznews.com"]
    papers = {
        "czrb": PaperRules(edition="http://szb.chiznews.com/czrb/%Y%m%d/html/index.htm", family="joyhua")
    }
    article = PAPER_ARTICLES["joyhua"]
