"""Digital newspapers: the pages of an edition and the articles on them, in the paper's order."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from dzwcrawl.article import Edition
from dzwcrawl.extract.blocks import page_blocks
from dzwcrawl.extract.kinds import BARS, not_an_article
from dzwcrawl.extract.listing import Link, url_day
from dzwcrawl.extract.page import Page, parse
from dzwcrawl.extract.pagers import absolute
from dzwcrawl.extract.rules import PaperFamily, PaperRules, css
from dzwcrawl.text import one_line

_NUMBERS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
_LABEL = re.compile(
    r"^[\W_]*(?:第\s*(?P<han>[一二三四五六七八九十]{1,3})\s*版|第?\s*(?P<label>[A-Za-z]{0,2}\s?\d{1,3})(?![\dA-Za-z])\s*版?)"
    r"[\s:：、.．·\]】—-]*(?P<name>.*?)[\s>»›]*$"
)
_AROUND = re.compile(r"^[\W_\d]*(上|下|前|后)一?(版|期|页|篇|条)[\W_\d]*$|^\W*pdf\W*(版|下载)?\W*$", re.I)
_NO_PAPER = re.compile(r"(没有|暂?无)[^。]{0,6}(报纸|版面|数据)|未出[版刊]|休刊|停刊")
_FEW = 20
"""So many blocks of a page without links may say that there is no paper."""
_SCRIPTED = re.compile(
    r"""location(?:\.href)?\s*=\s*["']([^"']+)["']|location\.replace\(\s*["']([^"']+)["']"""
)


@dataclass(slots=True)
class PaperPage:
    """What a page of an edition says.

    `pages` are the pages it knows of, URL to number and name (None: unknown), in the paper's order; `links` the
    articles it links; `marked` those of them that are marked on the picture of the page; `under` tells, where a page
    lists the articles of several pages under the name of each, which page an article stands under. `onward` is where
    a page leads that has nothing of its own; `gone`: it says that there is nothing here.
    """

    url: str
    pages: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    under: dict[str, str] = field(default_factory=dict)
    onward: str | None = None
    gone: bool = False


def read_paper_page(
    body: bytes, *, headers: Mapping[str, str] | None = None, url: str, rules: PaperRules
) -> PaperPage:
    """Return what a page of an edition says; links of other editions (上一期) are left out.

    :raises ExtractionError: when there is nothing to parse.
    """
    page = parse(body, headers, url)
    base, names = page.base_url or url, rules.names
    found = PaperPage(url)
    if re.search(names.pages, url):
        found.pages[url] = (None, None)
    texts: dict[str, list[str]] = {}
    articles: dict[str, str] = {}
    above: str | None = None
    # The links of the picture last: they come in no order, and without texts.
    elements = css("a[href], area[href], option[value]")(page.root)
    for element in sorted(elements, key=lambda element: element.tag == "area"):
        link, text = absolute(base, element.get("href") or element.get("value")), _text_of(element)
        if link is None or _AROUND.match(text) or not _same_edition(link, url):
            continue
        if re.search(names.pages, link):
            texts.setdefault(link, []).extend(_page_texts(element, text))
            above = link if element.tag == "a" else above
        elif re.search(names.articles, link):
            articles[link] = max(articles.get(link, ""), text, key=len)
            if element.tag == "area":
                found.marked.add(link)
            elif above is not None:
                found.under.setdefault(link, above)
    found.pages = {
        link: _number_and_name(words, _in_url(names.pages, link, "page")) for link, words in texts.items()
    }
    if not found.pages and re.search(names.pages, url):
        found.pages[url] = (_padded(_in_url(names.pages, url, "page")), None)
    if len(set(found.under.values())) < 2:
        found.under = {}  # all of them follow the list of pages
    found.links = [Link(link, text, url_day(link)) for link, text in articles.items()]
    if not found.links and not texts:
        found.onward = _onward(page, base)
        page.blocks = page_blocks(page)
        found.gone = not_an_article(page) not in (None, *BARS) or any(
            _NO_PAPER.search(block.text) for block in page.blocks[:_FEW]
        )
    return found


def articles_of(pages: Sequence[PaperPage], day: str, names: PaperFamily) -> list[Link]:
    """Return the articles of an edition from all its pages, each once, in the order of pages and places.

    Which page an article stands on is told by its file name, else by the mark on the picture of the page, else by
    the heading above it, else by being linked from one page only. Where none tells, number and name stay unknown and
    the article comes last.
    """
    known: dict[str, tuple[str | None, str | None]] = {}
    for page in pages:
        for url, (number, name) in page.pages.items():
            old = known.get(url, (None, None))
            known[url] = (old[0] or number, old[1] or name)
    order = {url: at for at, url in enumerate(known)}
    by_file = {_padded(_in_url(names.pages, url, "page")): url for url in known}
    texts: dict[str, str] = {}
    for link in (link for page in pages for link in page.links):
        texts[link.url] = max(texts.get(link.url, ""), link.text, key=len)
    whole = known.keys() <= {page.url for page in pages}
    placed: dict[str | None, list[str]] = {url: [] for url in known} | {None: []}
    numbers: dict[str, str | None] = {}
    for url in texts:
        numbers[url] = _padded(_in_url(names.articles, url, "page"))
        home = by_file.get(numbers[url]) if numbers[url] else _home(url, pages, known, whole)
        placed[home].append(url)
    links = []
    for home in [*sorted(known, key=order.__getitem__), None]:
        number, name = known[home] if home else (None, None)
        for place, url in enumerate(placed[home], 1):
            edition = Edition(day, number or numbers[url], name, place if home else None)
            links.append(Link(url, texts[url], day, edition=edition))
    return links


def _home(url: str, pages: Iterable[PaperPage], known: Mapping[str, object], whole: bool) -> str | None:
    """Return the page an article stands on, or None."""
    linking = [page for page in pages if any(link.url == url for link in page.links) and page.url in known]
    marked = [page.url for page in linking if url in page.marked]
    under = {page.under[url] for page in linking if url in page.under}
    if len(marked) == 1:
        return marked[0]
    if len(under) == 1:
        return under.pop()
    alone = len(linking) == 1 and (whole or not linking[0].marked)
    return linking[0].url if alone else None


def _same_edition(link: str, url: str) -> bool:
    days = url_day(link), url_day(url)
    return None in days or days[0] == days[1]


def _text_of(element: HtmlElement) -> str:
    return one_line(element.text_content() or "")


def _page_texts(element: HtmlElement, text: str) -> Iterator[str]:
    """Yield what a link to a page says of it: its text, and that of its row where it is the row's only page."""
    yield text
    row = next(element.iterancestors("li", "tr", "dd"), None)
    if row is not None and len({anchor.get("href") for anchor in row.iter("a")}) == 1:
        yield one_line(row.text_content())


def _number_and_name(texts: list[str], in_url: str | None) -> tuple[str | None, str | None]:
    number, name = None, None
    for text in texts:
        match = _LABEL.match(text)
        if match is None:
            name = name or text
            continue
        number = number or _padded(match["label"] or str(_value(match["han"])))
        name = name or match["name"]
    return number or _padded(in_url), re.sub(r"\W*pdf\W*$", "", name or "", flags=re.I) or None


def _value(numeral: str) -> int:
    """Return a Chinese number below 100."""
    tens, ten, ones = numeral.rpartition("十")
    value = (_NUMBERS[tens] if tens else 1) * 10 if ten else 0
    return value + (_NUMBERS[ones] if ones else 0)


def _padded(label: str | None) -> str | None:
    """Return the number of a page with capital letters and two digits at least."""
    match = re.fullmatch(r"([A-Za-z]*)\s?0*(\d+)", label or "")
    return None if match is None else f"{match[1].upper()}{int(match[2]):02}"


def _in_url(pattern: str, url: str, group: str) -> str | None:
    match = re.search(pattern, url)
    return match[group] if match is not None and group in match.re.groupindex else None


def _onward(page: Page, base: str) -> str | None:
    """Return where a page without links leads: by its refresh, a script or a frame."""
    for meta in page.root.iter("meta"):
        target = re.search(r"url\s*=\s*['\"]?([^'\"\s>]+)", meta.get("content") or "", re.I)
        if (meta.get("http-equiv") or "").lower() == "refresh" and target:
            return absolute(base, target[1])
    for script in page.root.iter("script"):
        if match := _SCRIPTED.search(script.text or ""):
            return absolute(base, match[1] or match[2])
    frame = next((f.get("src") for f in page.root.iter("frame", "iframe") if f.get("src")), None)
    return absolute(base, frame)
