"""大众网 (dzwww.com) with its city channels and 海报新闻 (hb.dzwww.com)."""

from dzwcrawl.crawl.families import TrsSpider
from dzwcrawl.extract.rules import ArticleRules, JsonListRules, ListingRules
from dzwcrawl.urls import host_of

_HB = ArticleRules(title="h1, h2", body="div.news-body")


class DzwwwSpider(TrsSpider):
    """Templates of three eras: #xl-headline (to 2019), .top (2019 specials), #news-head (since November 2019)."""

    name = "dzwww"
    allowed_domains = ["dzwww.com"]
    channels = {
        "guonei": "http://www.dzwww.com/xinwen/guoneixinwen/",
        "guoji": "http://www.dzwww.com/xinwen/guojixinwen/",
        "shehui": "http://www.dzwww.com/xinwen/shehuixinwen/",
        "shandong": "http://www.dzwww.com/shandong/sdnews/",
        "sd": "http://sd.dzwww.com/sdnews/",
        "weifang": "http://weifang.dzwww.com/wfxwn/",
        "qingdao": "http://qingdao.dzwww.com/qingdaonews/",
        "qingdao_jiaoqu": "http://qingdao.dzwww.com/xinwen/jiaoqu/",
        "qingdao_zxbd": "http://qingdao.dzwww.com/zfpd/zxbd/",
        "dongying": "http://dongying.dzwww.com/dyxw/",
        "jinan": "http://jinan.dzwww.com/dfxw/",
        "hb": "https://hb.dzwww.com/s/7875.html",
    }
    json_lists = {
        "hot": JsonListRules(
            url="https://w.dzwww.com/?act=getPCHotNews",
            rows="",
            link="real_url",
            title="title",
            accept=r"//(hb|w)\.dzwww\.com/p/p\w{8,11}\.html$|/\d{6}/t\d{8}_\d{5,9}\.s?html?$",
            referer="https://w.dzwww.com/",
        )
    }
    # The same article stands under several hosts and schemes. Document numbers began anew in 2020, so only
    # together with the date do they name an article. A further part (`_1`) is not an article of its own.
    identity = r"/(t\d{8}_\d{5,9})(?:_\d{1,2})?\.s?html?$|//(?:hb|w)\.dzwww\.com/p/(p\w{8,11})\.html$"
    listing = ListingRules(
        links="#main2 li h3 > a, h3 > a, .tuwen .style a, div.f14px a, [id^=list_] li > a.pic1",
        accept=r"/\d{6}/t\d{8}_\d{5,9}\.s?html?$|//hb\.dzwww\.com/p/p\w{8,11}\.html$",
        # Forums, blogs, campaign and search pages carry no articles.
        deny=r"^https?://(bbs|club|blog|mail|vote|wenjuan|ad|zt|so|w|dv)\.dzwww\.com/",
    )
    article = TrsSpider.article.prefer(
        title="#news-head h2, #xl-headline h2, #headline h1, div.top h1, .photoMHD .title h2",
        body="#news-body, div.news-con, #news-con, div.con, .photoNews .TRS_Editor, #main .TRS_Editor",
        kicker=".fbt:has(~ h1), .fbt:has(~ h2)",
        subtitle="h1 ~ .fbt, h2 ~ .fbt",
        published="#news-side .date, #xl-headline .left, #headline i, #pubtime_baidu, div.top p, .layout > .left",
        source="#news-side .text p",
        authors="#news-side .text + .text:not(:has(#qrcode)) p",
        editors="#editor_baidu, div.edit, #editor",
        drop="#redian, #qrcode, [id^=asp_]",
    )

    @classmethod
    def rules_for(cls, url: str) -> ArticleRules | None:
        """海报新闻 has a template of its own."""
        return _HB if host_of(url) in ("hb.dzwww.com", "w.dzwww.com") else cls.article
