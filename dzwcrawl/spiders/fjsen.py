"""东南网 (fjsen.com)."""

from dzwcrawl.crawl.families import FounderSpider


class FjsenSpider(FounderSpider):
    """东南网 (fjsen.com)."""

    name = "fjsen"
    allowed_domains = ["fjsen.com"]
    channels = {
        "guonei": "http://news.fjsen.com/node_94858.htm",
        "jishi": "http://news.fjsen.com/node_2141.htm",
        "taihai": "http://taihai.fjsen.com/node_10480.htm",
        "taihai_shehui": "http://taihai.fjsen.com/node_144481.htm",
    }
    article = FounderSpider.article.prefer(body="div.cont-news, .content #zoom, .left .zw, #new_message_id")
