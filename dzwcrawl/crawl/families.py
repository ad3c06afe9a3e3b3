"""Families of content management systems: what the outlets on one system have in common.

A site of a family declares `name`, `allowed_domains` and `channels`, and where its templates differ from those of
its family, `article = Family.article.prefer(…)`. Identities keep what makes an article one; the number of a part
(`_2`) is never in them.
"""

from typing import ClassVar

from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import ArticleRules, ListingRules

_LINKS = "a[href*='htm']"


class FamilySpider(NewsSpider):
    """Base of the families. The ids that the search engine Baidu once asked for are on outlets of every system."""

    family: ClassVar[str]
    article: ClassVar[ArticleRules] = ArticleRules(
        title="h1, h2",
        body="#content",
        published="#pubtime_baidu",
        source="#source_baidu",
        authors="#author_baidu",
        editors="#editor_baidu",
    )


class TrsSpider(FamilySpider):
    """TRS WCM: `…/201909/t20190905_2606530.html` or `…/201901/t4209364.shtml`; page two is `default_1.htm`.

    Numbers of documents may begin anew, so only together with the date do they name an article.
    """

    family = "TRS WCM"
    identity = r"/(t\d{8}_\d{5,9}|\d{6}/t\d{6,9})(?:_\d{1,2})?\.s?html?$"
    listing = ListingRules(links=_LINKS, accept=r"/\d{6}/t(?:\d{8}_\d{5,9}|\d{6,9})\.s?html?$")
    article = FamilySpider.article.prefer(
        body=".TRS_Editor, .TRS_UEDITOR, .trs_editor_view, .Custom_UnionStyle", drop=".blank10, [id^=ad_]"
    )


class FounderSpider(FamilySpider):
    """Founder enpcms: `…/2020-02/14/content_21255814.htm`, listings `node_2117.htm`, `node_2117_2.htm`."""

    family = "Founder enpcms"
    identity = r"//(?:www\.)?(.*/content_\d+)(?:_\d{1,2})?\.s?html?$"
    listing = ListingRules(
        links=_LINKS, accept=r"/20\d\d-?\d\d/\d\d/content_\d{5,}\.s?html?$", pager="node_*_2.htm"
    )
    article = FamilySpider.article.prefer(
        title="#article_title", body="founder-content, #endText, #main_text", drop="#displaypagenum"
    )


class PeopleSpider(FamilySpider):
    """people.com.cn and its local channels: `/n2/2020/0608/c123-456.html`, further parts `c123-456-2.html`."""

    family = "people"
    identity = r"/(\d{4}/\d{4}/c\d+-\d+)(?:-\d{1,2})?\.html$"
    listing = ListingRules(
        links=_LINKS, accept=r"/n\d?/20\d\d/\d{4}/c\d+-\d{6,}\.html$", pager="index2.html, index_2.html"
    )
    article = FamilySpider.article.prefer(
        body="#rwb_zw, .box_con, .text_con_left, #p_content, .show_text, #picG",
        published=".box01 .fl",
        source=".box01 .fl a",
        authors="p.author",
        editors="div.edit",
        drop=".zdfy, div.edit",
    )


class SystemSpider(FamilySpider):
    """The system of 北方网 and others: `/system/2019/06/20/058219310.shtml`, further parts `058219310_01.shtml`."""

    family = "/system/Y/M/D"
    identity = r"/system/(\d{4}/\d\d/\d\d/\d{6,})(?:_\d{1,2})?\.s?html?$"
    listing = ListingRules(links=_LINKS, accept=r"/system/\d{4}/\d\d/\d\d/\d{6,}\.s?html?$", pager=None)
    article = FamilySpider.article.prefer(
        body="#p-detail, .duanluo, .zhengw", drop="#news_more_page_div_id, .bshare-custom, .bdsharebuttonbox"
    )


class NumericSpider(FamilySpider):
    """CmsTop, PHPCMS and houses' own systems: a date and a number, `/2019/0902/4341906.shtml`, `/20190604/4284858.shtml`."""

    family = "date and number"
    identity = r"//(?:www\.)?(.*/\d+)(?:[_-]\d{1,2})?\.s?html?$"
    listing = ListingRules(
        links=_LINKS,
        accept=r"/20\d\d/?[01]\d[-/]?[0-3]\d/\d{4,}\.s?html?$",
        pager="index_2.html, list_2.shtml",
    )
    article = FamilySpider.article.prefer(body=".article-main, .article-content, #mainCon, #textContent")
