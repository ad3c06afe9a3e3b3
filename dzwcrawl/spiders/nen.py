"""东北新闻网 (nen.com.cn)."""

from dzwcrawl.crawl.families import SystemSpider


class NenSpider(SystemSpider):
    """东北新闻网 (nen.com.cn)."""

    name = "nen"
    allowed_domains = ["nen.com.cn"]
    channels = {
        "szyw": "http://liaoning.nen.com.cn/szyw_new/",
        "shehui": "http://liaoning.nen.com.cn/shfaz_new/",
    }
    article = SystemSpider.article.prefer(
        title=".text_title h1",
        body="#rwb_zw, .contentcon, .con_nr, #mp-editor",
        published="div.fl, .contenttime",
    )
