"""齐鲁网 (iqilu.com)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class IqiluSpider(NumericSpider):
    """齐鲁网 (iqilu.com)."""

    name = "iqilu"
    allowed_domains = ["iqilu.com"]
    channels = {
        "shandong": "http://news.iqilu.com/shandong/",
        "china": "http://news.iqilu.com/china/",
        "guoji": "http://news.iqilu.com/guoji/",
        "shehui": "http://news.iqilu.com/shehui/",
        "zhengwu": "http://news.iqilu.com/shandong/zhengwu/",
    }
    listing = ListingRules(
        links="a[href*='shtml']",
        accept=r"/20\d\d/?[01]\d[0-3]\d/\d{6,}\.shtml$",
        # Forum, live television and copies for phones.
        deny=r"//(bbs|v)\.iqilu\.com/|/share/article/",
        pager="list_2.shtml, list_*_2.shtml, 2.shtml",
    )
    article = NumericSpider.article.prefer(
        title=".section-cnt-tit h1",
        body=".article-main, #context",
        published=".info .time",
        source=".resource span",
        drop="p.contact",
    )
