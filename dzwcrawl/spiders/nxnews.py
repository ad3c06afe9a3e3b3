"""宁夏新闻网 (nxnews.net)."""

from dzwcrawl.crawl.families import TrsSpider


class NxnewsSpider(TrsSpider):
    """宁夏新闻网 (nxnews.net)."""

    name = "nxnews"
    allowed_domains = ["nxnews.net"]
    channels = {
        "shwx": "http://www.nxnews.net/sh/shwx/",
        "gchd": "http://www.nxnews.net/dz/gchd/",
        "ycdt": "http://www.nxnews.net/ds/ycdt/",
    }
    article = TrsSpider.article.prefer(
        title=".zwbt, .piccontext h2, .title",
        body=".TRS_Editor, .picmidmid",
        published="div.listblackf14h25, .source_left, .other",
    )
