"""济南日报: its digital newspaper (jnrb.e23.cn)."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import PAPER_ARTICLES, PaperRules


class JnrbPaperSpider(NewsSpider):
    """Pages of 2020."""

    name = "jnrb_paper"
    allowed_domains = ["jnrb.e23.cn"]
    papers = {"jnrb": PaperRules(edition="http://jnrb.e23.cn/shtml/jnrb/%Y%m%d/v01.shtml", family="shtml")}
    article = PAPER_ARTICLES["shtml"]
