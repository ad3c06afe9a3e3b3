"""东北网 (dbw.cn)."""

from dzwcrawl.crawl.families import SystemSpider


class DbwSpider(SystemSpider):
    """东北网 (dbw.cn)."""

    name = "dbw"
    allowed_domains = ["dbw.cn"]
    channels = {"heilongjiang": "http://heilongjiang.dbw.cn/"}
    article = SystemSpider.article.prefer(title=".neirong h1, div.tt_news", published=".dizhi, div.info")
