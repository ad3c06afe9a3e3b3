"""鲁网 (sdnews.com.cn)."""

from dzwcrawl.crawl.families import TrsSpider


class SdnewsSpider(TrsSpider):
    """鲁网 (sdnews.com.cn)."""

    name = "sdnews"
    allowed_domains = ["sdnews.com.cn"]
    channels = {"yw": "http://www.sdnews.com.cn/sd/yw/"}
    article = TrsSpider.article.prefer(body=".TRS_Editor, #endText", published="div.info, div.page span")
