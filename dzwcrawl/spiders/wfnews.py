"""潍坊新闻网 (wfnews.com.cn)."""

from dzwcrawl.crawl.families import FounderSpider


class WfnewsSpider(FounderSpider):
    """潍坊新闻网 (wfnews.com.cn)."""

    name = "wfnews"
    allowed_domains = ["wfnews.com.cn"]
    channels = {"news": "http://www.wfnews.com.cn/news/node_2.htm"}
