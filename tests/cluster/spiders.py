"""The spider of the many hosts: `-s SPIDER_MODULES=tests.cluster.spiders`."""

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import ArticleRules, ListingRules
from tests.cluster.world import DOMAIN, HOSTS, hosts


class ManySpider(NewsSpider):
    """As many channels as hosts."""

    name = "many"
    allowed_domains = [DOMAIN]
    channels = {host.split(".")[0]: f"http://{host}/list.html" for host in hosts(HOSTS)}
    listing = ListingRules(links="#list h3 > a", accept=r"/t\d{8}_\d+\.html$")
    article = ArticleRules(title="h1", body="div.con", published="div.info", source="div.info")
