"""An invented outlet whose articles are found in every way but a listing."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import ArticleRules, FeedRules, JsonListRules, SitemapRules

_ARTICLE = r"/a/\d+\.html$"


class EverywhereSpider(NewsSpider):
    """Feeds, sitemaps and a JSON list together."""

    name = "everywhere"
    allowed_domains = ["news.example.org"]
    feeds = {"rss": FeedRules(url="http://news.example.org/rss.xml", accept=_ARTICLE)}
    sitemaps = {
        "robots": SitemapRules(url="http://news.example.org/robots.txt", accept=_ARTICLE, follow=r"/sitemap")
    }
    json_lists = {
        "app": JsonListRules(
            url="http://news.example.org/list?page={page}",
            rows="data",
            link="http://news.example.org/a/{id}.html",
            title="title",
            date="time",
        )
    }
    article = ArticleRules(title="h1", body="div.text", published="i")
