"""郑州日报: its digital newspaper (zzrb.zynews.cn)."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import PAPER_ARTICLES, PaperRules


class ZzrbPaperSpider(NewsSpider):
    """Addresses of 2022."""

    name = "zzrb_paper"
    allowed_domains = ["zzrb.zynews.cn"]
    papers = {"zzrb": PaperRules(edition="https://zzrb.zynews.cn/html/%Y-%m/%d/node_3.htm", family="node")}
    article = PAPER_ARTICLES["node"]
