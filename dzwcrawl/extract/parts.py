"""Articles in several parts (`t20230615_123_1.htm`, `content_9_2.htm`, `c16-306-2.html`, `?page=2`) and their joining."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from lxml.html import HtmlElement

from dzwcrawl.article import Article, derive_body
from dzwcrawl.extract.page import Page
from dzwcrawl.extract.pagers import NEXT_WORDS, link_text, link_url, pager_call

_MOST = 50
"""Parts; a pager that claims more is not an article's."""

_NUMBERED = re.compile(
    r"(?P<stem>.*/[^/?]+?)[_-](?P<file>\d{1,2})(?P<extension>\.\w+)"
    r"|(?P<path>.*/[^/?.]*\d[^/?.]*)/(?P<directory>\d{1,2})/?"
    r"|(?P<page>.*[?&](?:page|p|pn|pageno|page_no|pageindex|currentpage)=)(?P<query>\d{1,2})(?P<rest>.*)",
    re.I,
)
_FIRST = re.compile(r"\W*(第?[1一]页?|首页|上一页)\W*")
_PAGE_WORDS = re.compile(r"\W*第?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*页?\W*")
_WHOLE_WORDS = re.compile(
    r"\W*((在?本页)?(阅读|查看|显示|浏览|展开|余下|点击查看)?(全文|单页)(阅读|显示|浏览)?|view (all|as single page)|single page"
    r"|show all|read (it )?(all )?on one page)\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A URL read as a page of a series: those of one article share `of`; `before` + number + `after` is the URL."""

    of: str
    number: int
    before: str
    after: str
    width: int

    def at(self, number: int) -> str:
        return f"{self.before}{number:0{self.width}}{self.after}"


def _bare(url: str) -> str:
    return url.split("://", 1)[-1].removeprefix("www.").rstrip("/")


def _place(url: str) -> _Place | None:
    match = _NUMBERED.fullmatch(url) if len(url) <= 1000 else None
    if match is None:
        return None
    kind = next(name for name in ("file", "directory", "query") if match[name])
    start, end = match.span(kind)
    if kind == "file":
        of = match["stem"] + match["extension"]
    elif kind == "directory":
        of = match["path"]
    else:
        head, rest = re.sub(r"[?&]\w+=$", "", match["page"]), match["rest"]
        of = head + (rest if "?" in head else rest.replace("&", "?", 1))
    digits = match[kind]
    return _Place(_bare(of), int(digits), url[:start], url[end:], len(digits) if digits[0] == "0" else 1)


def links_of(page: Page) -> list[tuple[HtmlElement, str]]:
    """Return the links of a page, each with its text."""
    return [(element, link_text(element)) for tag in ("link", "a") for element in page.tagged[tag]]


def part_urls(page: Page, links: Iterable[tuple[HtmlElement, str]]) -> list[str]:
    """Return the URLs of the parts of an article that follow this page, in order, as far as the page names them.

    A script call counts that names this very page (`createPageHTML(3, 0, "t20230615_123", "htm")`), and links
    with the words of a pager or `rel=next` whose URL is that of this page but for the number of a page. Numbers
    that a pager leaves out (`1 2 3 … 9`) are filled in.
    """
    if not page.url:
        return []
    call = pager_call(page)
    if call is not None and call.index < call.count <= _MOST:
        if page.url.rsplit("/", 1)[-1] != call.page(call.index):
            return []
        return [urljoin(page.base_url or page.url, call.page(i)) for i in range(call.index + 1, call.count)]
    here = _place(page.url)
    # "12-3.htm" may be a number of its own; "c1016-30642006-2.htm" is part two.
    if here is not None and not here.before.endswith("=") and not re.search(r"\d{4,}[^/]*$", here.of):
        here = None
    found: dict[int, _Place] = {}
    for url in _pager_links(links, page.base_url or page.url):
        place = _place(url)
        if place is None or place.number <= (here.number if here else 0):
            continue
        if place.of == _bare(page.url) or (here is not None and place.of == here.of):
            found.setdefault(place.number, place)
    if not found:
        return []
    known = found[min(found)]
    start = min(*found, (here.number if here else 1) + 1)
    urls = [known.at(number) for number in range(start, max(found) + 1)]
    return urls if len(urls) < _MOST else []


def is_part_url(url: str) -> bool:
    """Tell whether a URL may be that of a further part by its form."""
    return _place(url) is not None


def _pager_links(links: Iterable[tuple[HtmlElement, str]], base: str) -> Iterator[str]:
    for element, text in links:
        if _says_part(text) or (element.get("rel") or "").lower() == "next":
            url = link_url(element, base)
            if url is not None:
                yield url


@lru_cache(maxsize=16384)  # links around an article have the same words on all pages of a site
def _says_part(text: str) -> bool:
    is_pager = len(text) <= 30 and (_PAGE_WORDS.fullmatch(text) or NEXT_WORDS.match(text))
    return bool(is_pager) and not _FIRST.fullmatch(text)


@lru_cache(maxsize=16384)
def _says_whole(text: str) -> bool:
    return len(text) <= 30 and _WHOLE_WORDS.fullmatch(text) is not None


def whole_url(page: Page, links: Iterable[tuple[HtmlElement, str]]) -> str | None:
    """Return the URL that shows an article in several parts on a single page (单页, 阅读全文), or None.

    Only a link to this article counts: the URL of this page with something added to its file name or its query.
    """
    if not page.url:
        return None
    for anchor, text in links:
        if _says_whole(text):
            url = link_url(anchor, page.base_url or page.url)
            if url is not None and _adds_to(_bare(page.url), _bare(url)):
                return url
    return None


def _adds_to(own: str, url: str) -> bool:
    head, _, extension = own.rpartition(".")
    same = rf"{re.escape(head)}[_-]\w+\.{re.escape(extension)}|{re.escape(own)}[?&/]\w.*"
    return re.fullmatch(same, url) is not None


def follow(article: Article, urls: Iterable[str]) -> None:
    """Add the parts that a part names and that are not known yet; a chain of more than 50 ends with a note."""
    known = {_bare(url) for url in (*article.parts, article.url or "")}
    for url in urls:
        if _bare(url) not in known:
            if len(article.parts) + 1 >= _MOST:
                article.notes.append(f"more than {_MOST} parts: the rest is left out")
                return
            known.add(_bare(url))
            article.parts.append(url)


def part_missing(article: Article, part: int, why: str) -> str:
    """Say which part of an article is missing; its first page is part 1."""
    return f"part {part} of {len(article.parts) + 1} is missing: {why}"


def add_part(article: Article, part: Article, number: int) -> None:
    """Join a part to its article and take up the parts that it names, or note that it only repeats what is there."""
    if join(article, part):
        follow(article, part.parts)
    else:
        article.notes.append(f"part {number} of {len(article.parts) + 1} only repeats the parts before")


def join(article: Article, part: Article) -> bool:
    """Append a part to its article: its body without a repeated seam, its images, and credits not known yet.

    Return whether it brought text: a server may answer every number of a page with the same page.
    """
    kept = [block.text for block in article.blocks if block.removed is None]
    new = [block for block in part.blocks if block.removed is None]
    texts = [block.text for block in new]
    seam = next((n for n in range(min(len(kept), len(new)), 0, -1) if kept[-n:] == texts[:n]), 0)
    if sum(map(len, texts)) >= 100 and set(texts) <= set(kept):
        seam = len(new)
    for block in new[:seam]:
        block.removed = "part: repeats the end of the part before"
    article.blocks += part.blocks
    article.body = derive_body(article.blocks)
    for name in ("authors", "editors", "videos"):
        have = getattr(article, name)
        have += [value for value in getattr(part, name) if value not in have]
    known = {image.url for image in article.images}
    article.images += [image for image in part.images if image.url not in known]
    return seam < len(new)


def replace(article: Article, whole: Article) -> bool:
    """Take the text of the single page of an article; return False, and change nothing, if it is not all of it."""
    first = next((block.text for block in article.blocks if block.removed is None), None)
    texts = {block.text for block in whole.blocks if block.removed is None}
    if first not in texts or len(whole.body) < len(article.body):
        return False
    for name in ("blocks", "body", "images", "videos", "template"):
        setattr(article, name, getattr(whole, name))
    for name in ("authors", "editors"):
        setattr(article, name, getattr(article, name) or getattr(whole, name))
    article.parts, article.whole = [], None
    return True
