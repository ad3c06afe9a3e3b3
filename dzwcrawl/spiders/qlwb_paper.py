"""齐鲁晚报: its digital newspaper (epaper.qlwb.com.cn)."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import PAPER_ARTICLES, PaperRules


class QlwbPaperSpider(NewsSpider):
    """The letters at the end of file names changed over the years (TB, LB, SA …): the edition is entered by its index."""

    name = "qlwb_paper"
    allowed_domains = ["epaper.qlwb.com.cn"]
    papers = {
        "qlwb": PaperRules(
            edition="http://epaper.qlwb.com.cn/qlwb/content/%Y%m%d/IssueIndex.htm", family="articel"
        )
    }
    article = PAPER_ARTICLES["articel"]
