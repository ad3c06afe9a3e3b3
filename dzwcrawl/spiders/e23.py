"""舜网 (e23.cn)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class E23Spider(NumericSpider):
    """舜网 (e23.cn)."""

    name = "e23"
    allowed_domains = ["e23.cn"]
    channels = {"jinan": "https://news.e23.cn/content/jinan/index.html"}
    listing = ListingRules(
        links="a[href*='html']", accept=r"//news\.e23\.cn/.*20\d\d-\d\d-\d\d/\d{10,}\.html$", pager="2.html"
    )
    article = NumericSpider.article.prefer(
        title=".post_content_main h1",
        body=".post_text, #zhw",
        published=".post_time p",
        source=".post_time p + p a",
    )
