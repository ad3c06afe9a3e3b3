"""Pages that were fetched by somebody else, or long ago, read as a crawl reads a page it has just fetched."""

from dzwcrawl.article import Article, RawPage
from dzwcrawl.crawl.outlets import outlet_of
from dzwcrawl.crawl.received import response_of
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract import NotAnArticle
from dzwcrawl.urls import is_front_page


def read_page(page: RawPage, outlets: list[type[NewsSpider]]) -> Article:
    """Return the article of a page, read by the spider of its outlet or by the general extractor.

    :raises ExtractionError: when it gives none.
    """
    site, outlet = outlet_of(page.url, outlets, NewsSpider)
    return outlet(name=site).extract(response_of(page), page.url)


def read_first_page(page: RawPage, outlets: list[type[NewsSpider]]) -> Article:
    """Return the article that begins on a page which nothing says is one, with the page and its time.

    :raises NotAnArticle: also for a front page, and for a URL that is none of an article by the rules of its outlet.
    :raises ExtractionError: when a rule of its outlet matches nothing.
    """
    _, outlet = outlet_of(page.url, outlets, NewsSpider)
    if is_front_page(page.url):
        raise NotAnArticle("a front page, not an article")
    if outlet is not NewsSpider and not outlet.accepts(page.url):
        raise NotAnArticle("not the URL of an article by the rules of its site")
    article = read_page(page, outlets)
    article.first_seen = article.last_seen = page.fetched
    article.pages.append(page)
    return article
