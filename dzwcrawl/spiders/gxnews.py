"""广西新闻网 (gxnews.com.cn)."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class GxnewsSpider(NumericSpider):
    """广西新闻网 (gxnews.com.cn)."""

    name = "gxnews"
    allowed_domains = ["gxnews.com.cn"]
    channels = {
        "caijing": "http://finance.gxnews.com.cn/staticmores/152/33152-1.shtml",
        "guonei_caijing": "http://finance.gxnews.com.cn/staticmores/151/33151-1.shtml",
        "jiaoyu": "http://edu.gxnews.com.cn/staticmores/608/37608-1.shtml",
    }
    identity = r"/staticpages/(\d{8}/newgx\w+-\d+)(?:-\d{1,2})?\.shtml$"
    listing = ListingRules(
        links="a[href*='/staticpages/']",
        accept=r"/staticpages/\d{8}/newgx\w+-\d{6,}\.shtml$",
        pager="*-2.shtml",
    )
    article = NumericSpider.article.prefer(
        title="div.article h1, td.title, h2.m-btt, h2.MSYH",
        body=".article-content, td#artContent, div.m-bct, div.content.aborder",
        published=".article-info span, td.fs12, div.m-doc, p.clist",
    )
