"""中国江苏网 (jschina.com.cn)."""

from dzwcrawl.crawl.families import TrsSpider


class JschinaSpider(TrsSpider):
    """中国江苏网 (jschina.com.cn)."""

    name = "jschina"
    allowed_domains = ["jschina.com.cn"]
    channels = {"jsyw": "http://jsnews.jschina.com.cn/jsyw/index.shtml"}
    article = TrsSpider.article.prefer(
        title=".text h2", body=".text .article, div#content", drop="#news_more_page_div_id"
    )
