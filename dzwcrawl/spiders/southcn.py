"""南方网 (southcn.com)."""

import re

from dzwcrawl.crawl.families import FounderSpider
from dzwcrawl.extract.rules import ArticleRules, ListingRules

_SINCE_2021 = r"//news\.southcn\.com/node_[0-9a-f]{10}/[0-9a-f]{10}\.shtml$"


class SouthcnSpider(FounderSpider):
    """南方网 (southcn.com)."""

    name = "southcn"
    allowed_domains = ["southcn.com"]
    channels = {
        "yw": "http://www.southcn.com/pc2018/yw/node_384370.htm",
        "gd": "http://news.southcn.com/gd/",
        "china": "http://news.southcn.com/china/default.htm",
        "kb": "http://kb.southcn.com/default.htm",
        "news": "https://news.southcn.com/node_54a44f01a2/",
    }
    listing = ListingRules(
        links="h3 a, h2 a, li a, div > a",
        accept=rf"{FounderSpider.listing.accept}|{_SINCE_2021}",
        pager="node_*_2.htm, default_2.htm",
    )
    article = FounderSpider.article.prefer(editors="div.m-editor")

    @classmethod
    def rules_for(cls, url: str) -> ArticleRules | None:
        """Return no rules for the URLs since 2021, of whose template nothing is known."""
        return None if re.search(_SINCE_2021, url) else cls.article
