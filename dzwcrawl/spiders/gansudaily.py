"""每日甘肃网 (gansudaily.com.cn)."""

from dzwcrawl.crawl.families import SystemSpider


class GansudailySpider(SystemSpider):
    """每日甘肃网 (gansudaily.com.cn)."""

    name = "gansudaily"
    allowed_domains = ["gansudaily.com.cn"]
    channels = {
        "gsbb": "http://gansu.gansudaily.com.cn/gsbb/index.shtml",
        "bwyc": "http://gansu.gansudaily.com.cn/bwyc/index.shtml",
    }
    article = SystemSpider.article.prefer(
        body=".artical #conter2018, #conter2018",
        published="#nleft",
        source="#nleft a",
        editors=".a-footer span",
    )
