"""华龙网 (cqnews.net)."""

from dzwcrawl.crawl.families import FounderSpider


class CqnewsSpider(FounderSpider):
    """华龙网 (cqnews.net)."""

    name = "cqnews"
    allowed_domains = ["cqnews.net"]
    channels = {"cq": "http://cq.cqnews.net/html/node_35734.htm"}
