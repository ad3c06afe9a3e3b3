"""南海网 (hinews.cn)."""

from dzwcrawl.crawl.families import SystemSpider


class HinewsSpider(SystemSpider):
    """南海网 (hinews.cn)."""

    name = "hinews"
    allowed_domains = ["hinews.cn"]
    channels = {
        "shizheng": "http://www.hinews.cn/news/hainan/shizheng/",
        "shehui": "http://www.hinews.cn/news/hainan/shehui/",
        "jingji": "http://www.hinews.cn/news/hainan/jingji/",
    }
    article = SystemSpider.article.prefer(
        title="#xw_biaot, h2.page_h2", body="#bs_content", published="li.f14"
    )
