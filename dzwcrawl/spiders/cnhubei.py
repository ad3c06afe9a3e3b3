"""荆楚网 (cnhubei.com)."""

from dzwcrawl.crawl.families import TrsSpider


class CnhubeiSpider(TrsSpider):
    """荆楚网 (cnhubei.com)."""

    name = "cnhubei"
    allowed_domains = ["cnhubei.com"]
    channels = {"hbrb": "http://news.cnhubei.com/hbrb/"}
    article = TrsSpider.article.prefer(
        title="h1.title",
        body=".TRS_Editor, .article_w",
        published=".jcwsy_mini_content span",
        source="a#source_url",
    )
