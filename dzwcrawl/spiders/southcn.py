"""南方网 (southcn.com)."""

from dzwcrawl.crawl.families import FounderSpider
from dzwcrawl.extract.rules import ListingRules


class SouthcnSpider(FounderSpider):
    """南方网 (southcn.com)."""

    name = "southcn"
    allowed_domains = ["southcn.com"]
    channels = {
        "yw": "http://www.southcn.com/pc2018/yw/node_384370.htm",
        "gd": "http://news.southcn.com/gd/",
        "china": "http://news.southcn.com/china/default.htm",
        "kb": "http://kb.southcn.com/default.htm",
    }
    listing = ListingRules(
        links="h3 a, h2 a, li a, div > a",
        accept=FounderSpider.listing.accept,
        pager="node_*_2.htm, default_2.htm",
    )
    article = FounderSpider.article.prefer(editors="div.m-editor")
