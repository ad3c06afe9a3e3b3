"""Site rules: where things are on the pages of one outlet. How they are read is shared by all outlets."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml.etree import XPath
from lxml.html import HtmlElement
from parsel.csstranslator import HTMLTranslator

from dzwcrawl.extract.pagers import PAGER
from dzwcrawl.text import nearest


@lru_cache(maxsize=512)
def css(selector: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """Return a function of an element that gives the elements matching a CSS selector, in document order."""
    return cast("Callable[[HtmlElement], list[HtmlElement]]", XPath(HTMLTranslator().css_to_xpath(selector)))


class RuleError(TypeError):
    """A site rule that is misspelt or cannot work; raised where the spider is imported."""


def _check(rules: type, names: set[str]) -> None:
    known = [f.name for f in fields(rules)]
    for name in names - set(known):
        raise RuleError(f"{rules.__name__} has no rule {name!r}; {nearest(name, known)}")


def _check_selector(rules: str, name: str, selector: str | None) -> None:
    if selector is not None:
        try:
            css(selector)
        except SelectorError as error:
            raise RuleError(f"{rules}.{name} is not a CSS selector: {selector!r} ({error})") from error


def _check_pattern(rules: str, name: str, pattern: str | None) -> None:
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise RuleError(f"{rules}.{name} is no regular expression: {pattern!r} ({error})") from error


def _check_url(rule: str, url: str) -> None:
    if not re.match(r"https?://[^/]+", url):
        raise RuleError(f"{rule} is not an absolute URL: {url!r}")


class _NamedRules(type):
    """Names the nearest rule when a site misspells one, where a plain dataclass would only say 'unexpected'."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        _check(cls, set(kwargs))
        return super().__call__(*args, **kwargs)


class LinkRules(metaclass=_NamedRules):
    """What the rules of every list have in common: patterns that tell the URLs of articles from others."""

    accept: str | None
    deny: str | None

    def accepts(self, url: str) -> bool:
        """Tell whether an absolute URL is one of an article; without patterns every URL is."""
        wanted = self.accept is None or re.search(self.accept, url) is not None
        return wanted and not (self.deny and re.search(self.deny, url))


@dataclass(frozen=True, kw_only=True)
class ListingRules(LinkRules):
    """How the listings of an outlet are read.

    `links` selects the `<a>` elements of article links (a CSS union may bridge eras); `accept` is searched in
    the absolute URL; `deny` refuses URLs that `accept` would take. `pager` is how page two is called where neither
    a script call nor a link 下一页 tells: `default_1.htm`, `index2.html`, `node_*_2.htm` (`*` is the number of the
    listing), `?page=2`; a union bridges eras, its first name serves for directories, and
    with None nothing is guessed.
    """

    links: str
    accept: str
    deny: str | None = None
    pager: str | None = "default_1.htm, default_*_1.htm, index_1.htm, index_*_1.htm, list_1.htm, list_*_1.htm"

    def __post_init__(self) -> None:
        for name in self.pager.split(",") if self.pager is not None else ():
            if PAGER.fullmatch(name.strip()) is None:
                raise RuleError(
                    f"ListingRules.pager: {name.strip()!r} is no name of page two; write it like 'default_1.htm', "
                    "'node_*_2.htm' or '?page=2'"
                )
        _check_selector("ListingRules", "links", self.links)
        for name in ("accept", "deny"):
            _check_pattern("ListingRules", name, getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class FeedRules(LinkRules):
    """An RSS, RDF or Atom feed. `accept` and `deny` are searched in the URLs of its entries, as in ListingRules;
    where neither is given, those of the outlet's listings hold.
    """

    url: str
    accept: str | None = None
    deny: str | None = None

    def __post_init__(self) -> None:
        _check_url("FeedRules.url", self.url)
        for name in ("accept", "deny"):
            _check_pattern("FeedRules", name, getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class SitemapRules(LinkRules):
    """A sitemap, a sitemap index, or a robots.txt whose `Sitemap:` lines are followed.

    `follow` is searched in the URLs of further sitemaps that an index or robots.txt names; None follows all.
    """

    url: str
    accept: str | None = None
    deny: str | None = None
    follow: str | None = None

    def __post_init__(self) -> None:
        _check_url("SitemapRules.url", self.url)
        for name in ("accept", "deny", "follow"):
            _check_pattern("SitemapRules", name, getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class JsonListRules(LinkRules):
    """A list of articles as JSON (also as JSONP, or assigned to a variable in a script).

    `url` may have `{page}`, which counts from `first` in steps of `step`; without it there is one page. `rows` is the
    path of the rows: names of keys joined by dots, a list on the way stands for each of its entries, a comma joins
    paths ("" where the document is the list). `link` is the path of a row's URL, or a URL with paths in braces
    (`https://example.org/p/{id}.html`); `title` and `date` are paths too. `referer` is sent where a server wants one.
    """

    url: str
    rows: str
    link: str
    title: str | None = None
    date: str | None = None
    first: int = 1
    step: int = 1
    accept: str | None = None
    deny: str | None = None
    referer: str | None = None

    def __post_init__(self) -> None:
        _check_url("JsonListRules.url", self.url)
        for name in ("accept", "deny"):
            _check_pattern("JsonListRules", name, getattr(self, name))
        for name in re.findall(r"\{(.*?)\}", self.url):
            if name != "page":
                raise RuleError(f"JsonListRules.url may have {{page}}, not {{{name}}}")

    def page_url(self, page: int) -> str | None:
        """Return the URL of a page, 0 for the first; None where there is only one."""
        if "{page}" not in self.url:
            return self.url if page == 0 else None
        return self.url.replace("{page}", str(self.first + page * self.step))


@dataclass(frozen=True, slots=True)
class PaperFamily:
    """How a system for digital newspapers names its files; `pages` and `articles` are searched in absolute URLs.

    A group named `page` is the number of the page, where the file names of pages and of articles have it.
    """

    pages: str
    articles: str


PAPER_FAMILIES: dict[str, PaperFamily] = {
    # 20261101/Page01NU.htm, PageA01TB.htm; Articel01002MT.htm (sic), ArticelA01002TB.htm. The letters at the end are
    # those of a template.
    "articel": PaperFamily(
        r"/Page(?P<page>[A-Z]{0,2}\d{2,3})[A-Za-z]{1,2}\.html?$",
        r"/Articel(?P<page>[A-Z]{0,2}\d{2,3})\d{3}[A-Za-z]{1,2}\.html?$",
    ),
    # html/2026-11/01/node_2.htm; content_12345.htm
    "node": PaperFamily(r"/node_[A-Za-z]{0,2}\d+\.html?$", r"/content_\d+(?:_\d+)*\.html?$"),
    # pc/layout/202611/01/node_01.html, col_01.html, colA01.html; pc/content/202611/01/content_12345.html, c12345.html
    "layout": PaperFamily(
        r"/(?:layout|column)/\d{6}/\d\d/(?:node|col)_?(?P<page>[A-Za-z]{0,2}\d{1,3})\.html?$",
        r"/(?:content|cont|con|col)/\d{6}/\d\d/(?:content_|c)\d+(?:_\d+)*\.html?$",
    ),
    # 20261101/html/page_01.htm; content_20261101001002.htm, page_01_content_002.htm
    "joyhua": PaperFamily(
        r"/page_(?P<page>[A-Z]{0,2}\d{1,3})\.html?$",
        r"/(?:page_(?P<page>[A-Z]{0,2}\d{1,3})_)?content_\d+(?:_\d+)*\.html?$",
    ),
    # shtml/jnrb/20261101/v01.shtml, vA1.shtml; 12345.shtml
    "shtml": PaperFamily(r"/v(?P<page>[A-Z]{0,2}\d{1,3})\.s?html?$", r"/\d{4,}\.s?html?$"),
}


@dataclass(frozen=True, kw_only=True)
class PaperRules(metaclass=_NamedRules):
    """A digital newspaper: the editions of one paper by day.

    `edition` is the URL where the edition of a day begins, its day written as strftime does it
    (`…/content/%Y%m%d/IssueIndex.htm`); it may be the first page or only lead there. `family` is one of
    PAPER_FAMILIES; `pages` and `articles` say otherwise for a paper that names its files in its own way.
    """

    edition: str
    family: str
    pages: str | None = None
    articles: str | None = None

    def __post_init__(self) -> None:
        _check_url("PaperRules.edition", self.edition)
        if self.family not in PAPER_FAMILIES:
            raise RuleError(
                f"PaperRules.family: there is no family {self.family!r}; {nearest(self.family, PAPER_FAMILIES)}"
            )
        for name in ("pages", "articles"):
            _check_pattern("PaperRules", name, getattr(self, name))
        if not all(part in self.edition for part in ("%Y", "%m", "%d")):
            raise RuleError(f"PaperRules.edition needs %Y, %m and %d where the day stands: {self.edition!r}")

    def edition_url(self, day: date) -> str:
        """Return where the edition of a day begins."""
        return day.strftime(self.edition)

    @property
    def names(self) -> PaperFamily:
        """How the paper names its files."""
        family = PAPER_FAMILIES[self.family]
        return PaperFamily(self.pages or family.pages, self.articles or family.articles)

    def accepts(self, url: str) -> bool:
        """Tell whether an absolute URL is one of an article of the paper."""
        on_host = urlsplit(url).netloc == urlsplit(self.edition).netloc
        return on_host and re.search(self.names.articles, url) is not None


@dataclass(frozen=True, kw_only=True)
class ArticleRules(metaclass=_NamedRules):
    """Where an article page of an outlet keeps what; every rule is a CSS selector, a union bridges eras.

    `title` and `body` are required to match; the first element that matches and holds text counts. What no
    rule names is found by the shared metadata code.
    """

    title: str
    body: str
    kicker: str | None = None
    subtitle: str | None = None
    published: str | None = None
    source: str | None = None
    authors: str | None = None
    editors: str | None = None
    section: str | None = None
    drop: str | None = None

    def prefer(self, **rules: str) -> "ArticleRules":
        """Return these rules with the given selectors tried before their own: an outlet on the rules of its family."""
        _check(type(self), set(rules))
        return replace(
            self, **{name: ", ".join(filter(None, (own, getattr(self, name)))) for name, own in rules.items()}
        )

    def __post_init__(self) -> None:
        for rule in fields(self):
            _check_selector("ArticleRules", rule.name, getattr(self, rule.name))


PAPER_ARTICLES: dict[str, ArticleRules] = {
    "articel": ArticleRules(
        title="#news-header h1, div.zb, #contenttitle, div.neirong h2, div.duneirong h2, #title",
        kicker=".fbt:has(~ .zb), .fbt:has(~ h1), div.neirong h3",
        subtitle=".zb ~ .fbt, h1 ~ .fbt, div.neirong h4",
        body="#news-con:has(#contenttext), #contenttext",
        published="div.infor span:nth-child(1)",
        editors="div.infor span:nth-child(3)",
        source="div.infor span:nth-child(4)",
    ),
    "node": ArticleRules(
        title="td.font01, #Title, div.newsdetatit h3, h1",
        kicker="td.font02, #PreTitle",
        subtitle="#SubTitle",
        body="#ozoom founder-content, founder-content, #ozoom, cms-content",
    ),
    "layout": ArticleRules(
        title="#Title, .totalTitle h2, div.newsdetatit h3, div.detail-art h2, h1",
        kicker="#PreTitle",
        subtitle="#SubTitle",
        body="#ozoom founder-content, founder-content, #ozoom, cms-content, div.newsdetatext",
    ),
    "joyhua": ArticleRules(
        title=".bmnr_con_biaoti", kicker=".bmnr_con_yinti", body=".bmnr_con_con #zoom, #zoom, .bmnr_con_con"
    ),
    "shtml": ArticleRules(
        title="div.detail h2, .detConTit, h1.h_title1",
        kicker="div.show_title1",
        body="div.article, div.para, .detailsWrap",
        published="span.p3",
    ),
}
"""Where the article pages of a family of digital newspapers keep what."""
