"""河北新闻网 (hebnews.cn)."""

from dzwcrawl.crawl.families import FounderSpider


class HebnewsSpider(FounderSpider):
    """河北新闻网 (hebnews.cn)."""

    name = "hebnews"
    allowed_domains = ["hebnews.cn"]
    channels = {"hebei": "http://hebei.hebnews.cn/node_68148.htm"}
    article = FounderSpider.article.prefer(body="div.text", published=".post_source", editors=".editor")
