"""大众日报: its digital newspaper (paper.dzwww.com)."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import PAPER_ARTICLES, PaperRules


class DzrbPaperSpider(NewsSpider):
    """Editions as public crawlers read them in 2016, 2020 and 2026."""

    name = "dzrb_paper"
    allowed_domains = ["paper.dzwww.com"]
    papers = {
        "dzrb": PaperRules(
            edition="http://paper.dzwww.com/dzrb/content/%Y%m%d/IssueIndex.htm", family="articel"
        )
    }
    article = PAPER_ARTICLES["articel"]
