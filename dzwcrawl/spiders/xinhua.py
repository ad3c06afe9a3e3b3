"""新华网 (xinhuanet.com, news.cn): the channels of provinces."""

from dzwcrawl.crawl.families import NumericSpider
from dzwcrawl.extract.rules import ListingRules


class XinhuaSpider(NumericSpider):
    """新华网 (xinhuanet.com, news.cn): the channels of provinces."""

    name = "xinhua"
    allowed_domains = ["xinhuanet.com", "news.cn"]
    channels = {"sd": "http://www.sd.xinhuanet.com/news/"}
    identity = r"/(20\d\d-\d\d/\d\d/c_\d+)(?:_\d{1,2})?\.htm$"
    listing = ListingRules(links="a[href*='/c_']", accept=r"/20\d\d-\d\d/\d\d/c_\d{6,}\.htm$", pager=None)
    article = NumericSpider.article.prefer(
        title=".h-title, #title",
        body="#p-detail, .article, #content",
        published=".h-time, #pubtime",
        source="em#source, #source",
        editors="span.editor",
    )
