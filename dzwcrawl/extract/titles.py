"""The title of an article: what the page title, the meta titles and the headings above the body agree on."""

import re
from dataclasses import dataclass

from dzwcrawl.extract.names import is_outlet
from dzwcrawl.extract.page import Page, PageBlock, Region
from dzwcrawl.extract.structured import Structured, plain, types
from dzwcrawl.text import fold_title, one_line

# A point between two letters stands inside a word: col·legi, 列夫·托尔斯泰.
_SEPARATOR = re.compile(
    r"\s*(?:[|｜¦«»‹›]|(?<!\w)[•·]|[•·](?!\w))\s*|\s+[-–—:~]+\s+|_+|\s*--+\s*|——(?=[^—]{2,12}$)"
)
_QUOTED = re.compile(r"«[^«»]*»|»[^«»]*«|‹[^‹›]*›|›[^‹›]*‹")
_BAR = re.compile(r"\s*[|｜]")
_HYPHEN = re.compile(r"\s*[-–—]\s*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PAGE_NUMBER = re.compile(r"\s*[(（](?:页|第|page|seite)?\s*\d{1,3}\s*页?[)）](?=\s*[-_|—–]|$)", re.I)
_PATH_BAR = re.compile(r"breadcrumb|crumbs?\b", re.I)
_QUOTES = "\"'“”„‘’«»"
_ABOVE = 60
"""How many blocks above the body are searched for the heading."""
_LONGEST = 400
"""Characters above which a text is no title, but a title element that was never closed."""
_LINE = "line above the body"
"""The witness of a title in an element that is no heading."""
_INSIDE = 6
"""How many of the body's first blocks are searched for the heading."""


@dataclass(slots=True)
class Title:
    """A title, the witness that gave it, and the block of the page it stands in (an index, None if in none)."""

    text: str
    witness: str
    block: int | None = None


def read_title(page: Page, region: Region, found: Structured) -> Title | None:
    """Return the title of the article, or None when nothing on the page can be one.

    A heading near the body that a machine-readable title contains (or is cut from) wins, because it is what
    the reader sees; then the machine-readable titles without the name of the site; then the nearest first-level
    heading alone.
    """
    site = _site_names(found)
    stated = _stated(found, site)
    heading = _agreeing_heading(page, region, stated, found)
    line = heading is None or heading.witness == _LINE
    if line and not any("News" in name for name in types(found.node)):
        # A news CMS states the editors' headline; elsewhere the stated title is often written for search engines, and
        # a line that repeats it may be a breadcrumb's last step, or made for sharing.
        heading = _similar_heading(page, region, stated) or heading
    if heading is not None:
        return heading
    for witness, text in stated:
        if fold_title(text) in site:
            continue
        block = _block_of(page, region, text)
        if witness != "title" or block is not None or (len(fold_title(text)) >= 8 and not is_outlet(text)):
            return Title(_uncut(text, found), witness, block)
    return _lone_heading(page, region)


def _site_names(found: Structured) -> set[str]:
    names = [*found.values("og:site_name", "application-name", "apple-mobile-web-app-title")]
    publisher = found.node.get("publisher")
    if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
        names.append(publisher["name"])
    return {fold_title(n) for n in names} - {""}


def _stated(found: Structured, site: set[str]) -> list[tuple[str, str]]:
    """Return the machine-readable titles, without the site's name, in order of trust."""
    graph = found.first("og:title")
    values = [
        ("epaper", found.epaper.get("title")),
        ("json-ld", found.text("headline")),
        ("og:title", graph),
        ("twitter:title", found.first("twitter:title")),
        (
            "meta",
            found.first("articletitle", "headline", "dc.title", "sailthru.title", "parsely-title", "title"),
        ),
        ("title", found.title),
    ]
    others = [fold_title(v) for _, v in values if v and len(v) <= _LONGEST]
    stated = [(w, strip_site(v, site, others)) for w, v in values if v and len(v) <= _LONGEST]
    return [(w, t) for w, t in stated if t]


def strip_site(title: str, site: set[str], others: list[str] | None = None) -> str:
    """Return a page title without the names of site and sections that follow (or lead) it."""
    title = _PAGE_NUMBER.sub("", one_line(title))
    for cuts in (_separators(title), list(_HYPHEN.finditer(title))):
        if not cuts:
            continue
        # What another witness gives as the whole title is the title.
        parts = [(title[: c.start()], title[c.end() :]) for c in cuts]
        for head, tail in parts:
            for part in (head, tail):
                if others and fold_title(part) in others and len(fold_title(part)) > 3:
                    return part
        for head, tail in parts:
            if head and fold_title(tail) in site:
                return strip_site(head, site, others)
            if tail and fold_title(head) in site:
                return strip_site(tail, site, others)
    return _strip_unnamed(title)


def _separators(title: str) -> list[re.Match[str]]:
    """Return where a title may be cut; the marks of a quotation separate nothing."""
    return list(_SEPARATOR.finditer(_QUOTED.sub(lambda quoted: f"“{quoted[0][1:-1]}”", title)))


def _strip_unnamed(title: str) -> str:
    """Cut at separators behind which a short name stands, when nobody told the site's name."""
    cuts = _separators(title) or _spaceless(title)
    if not cuts:
        return title
    first = title[: cuts[0].start()].strip()
    tail = title[cuts[0].end() :]
    if "_" in cuts[0][0] or _CJK.search(title):
        # Chinese pages: 标题_栏目_网站名. A head shorter than what follows is a column (记者调查 | 标题).
        longest = max((_width(part) for part in _SEPARATOR.split(tail)), default=0)
        if _width(first) >= longest or ("_" in cuts[0][0] and len(fold_title(first)) >= 8):
            return first
        last = title[cuts[-1].end() :]
        return title[: cuts[-1].start()].strip() if is_outlet(last) and len(last) <= 12 else title
    head, rest = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()
    named = len(rest.split()) <= 4 and not rest.endswith(("?", "!!", "”", "“", "»", '"'))
    if not (named and len(head.split()) >= 3 and len(rest) < len(head)):
        return title
    # Between bars stand sections and the house; what is between dashes may be part of the title.
    return _strip_unnamed(head) if all(_BAR.match(cut[0]) for cut in cuts[-2:]) else head


def _width(text: str) -> int:
    return sum(2 if _CJK.match(c) else 1 for c in text)


def _spaceless(title: str) -> list[re.Match[str]]:
    """Return the hyphens of a Chinese title behind which the name of a site stands (标题-新华网)."""
    if not _CJK.search(title):
        return []
    names = re.compile(
        r"[-–—](?=[^-–—]{2,14}(?:网|报|社|新闻|在线|频道|客户端|台|财经|博客|论坛|中心|资讯|杂志|[a-zA-Z.]{2,})(?:[-–—].*)?$)"
    )
    return list(names.finditer(title))


def _candidates(page: Page, region: Region) -> list[tuple[int, PageBlock]]:
    """Return the blocks near the start of the body that can be its heading, the nearest above first.

    The last step of a breadcrumb names the page in other words, and is none.
    """
    start = max(0, region.start - _ABOVE)
    above = [
        (number, block)
        for number, block in enumerate(page.blocks[start : region.start], start)
        if not _PATH_BAR.search(block.element.get("class") or "")
    ][::-1]
    inside = list(
        enumerate(page.blocks[region.start : min(region.end, region.start + _INSIDE)], region.start)
    )
    return [*above, *inside]


def _agreeing_heading(
    page: Page, region: Region, stated: list[tuple[str, str]], found: Structured
) -> Title | None:
    """Return the block near the body that says what a machine-readable title says."""
    folded = [fold_title(t) for _, t in stated]
    # The title of the window is written for search engines where a paper states another one.
    trusted = {fold_title(t) for witness, t in stated if witness != "title"}
    whole = [fold_title(t[:_LONGEST]) for t in (found.title or "", found.first("og:title") or "") if t]
    best: tuple[float, Title] | None = None
    for distance, (number, block) in enumerate(_candidates(page, region)):
        text = fold_title(block.text) if len(block.text) < 300 else ""
        if len(text) < 3:
            continue
        level = _level(block)
        if text in folded:
            score = 6.0 if text in trusted or not trusted else 4.5
        elif len(text) >= 6 and any(w.startswith(text) and len(text) * 2 > len(w) for w in (*whole, *folded)):
            score = 4.0
        elif level and len(text) >= 8 and any(len(f) >= 8 and text.startswith(f) for f in folded):
            score = 4.0  # the stated title is cut short
        else:
            continue
        if not level and score < 6:
            continue
        score += {1: 3.0, 2: 2.0}.get(level, 1.5 if level else 0.0) - distance / 100
        if best is None or score > best[0]:
            best = (
                score,
                Title(block.text, f"heading: h{level}" if level else _LINE, number),
            )
    return best[1] if best else None


def _similar_heading(page: Page, region: Region, stated: list[tuple[str, str]]) -> Title | None:
    """Return the first-level heading that says in other words what a machine-readable title says."""
    path = _path_words(page.url)
    for number, block in _candidates(page, region):
        if _level(block) != 1 or not 8 <= len(block.text) <= 200 or block.link_chars * 2 > len(block.text):
            continue
        if path:
            # The URL was made from one of two titles: it tells which, when one has its words and the other has not.
            here = _share(path, block.text)
            there = max((_share(path, text) for _, text in stated), default=0.0)
            if here >= 0.8 > there:
                return Title(block.text, "heading: h1", number)
            if there >= 0.8 and here < 0.5:
                continue
        for _, text in stated:
            if _overlap(block.text, text) >= 0.5:
                return Title(block.text, "heading: h1", number)
    return None


_WORD = re.compile(r"[^\W\d_]{3,}")


def _path_words(url: str | None) -> set[str]:
    """Return the words of the last part of a URL's path when it is made from a title: four words or more."""
    path = (url or "").partition("//")[2].partition("?")[0].partition("#")[0].rstrip("/")
    words = set(_WORD.findall(path.rpartition("/")[2].casefold()))
    return words if len(words) >= 4 else set()


def _share(path: set[str], text: str) -> float:
    """Return which share of the words of a URL a title has."""
    return len(path & set(_WORD.findall(text.casefold()))) / len(path)


def _overlap(one: str, other: str) -> float:
    """Return which share of the words (characters, where words are not spaced) of the shorter text is in the other."""
    split = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
    first, second = (
        {w for w in split.findall(t.casefold()) if len(w) > 2 or _CJK.match(w)} for t in (one, other)
    )
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def _level(block: PageBlock) -> int:
    """Return the level of the heading a block stands in, 0 for none."""
    element = block.element
    for _ in range(4):
        tag = element.tag
        if isinstance(tag, str) and len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            return int(tag[1])
        parent = element.getparent()
        if parent is None:
            return 0
        element = parent
    return 0


def _block_of(page: Page, region: Region, text: str) -> int | None:
    folded = fold_title(text)
    return next((i for i, b in _candidates(page, region) if fold_title(b.text) == folded), None)


def _uncut(text: str, found: Structured) -> str:
    """Return the page title where a meta title was cut at a quote that was not escaped."""
    whole = (found.title or "")[:_LONGEST]
    if whole.startswith(text) and len(whole) > len(text) and whole[len(text)].strip(_QUOTES) == "":
        return plain(whole) if not _SEPARATOR.search(whole) else strip_site(whole, set())
    return text


def _lone_heading(page: Page, region: Region) -> Title | None:
    for wanted in (1, 2):
        for number, block in _candidates(page, region):
            if (
                _level(block) == wanted
                and 4 <= len(block.text) <= 150
                and block.link_chars * 2 < len(block.text)
            ):
                return Title(block.text, f"heading: h{wanted}", number)
    return _centred_line(page, region)


def _centred_line(page: Page, region: Region) -> Title | None:
    """Return the line set in the middle right above the body, as pages without any title element show theirs."""
    for number in range(region.start, max(-1, region.start - _RIGHT_ABOVE - 1), -1):
        block = page.blocks[number]
        if 4 <= len(block.text) <= 60 and not block.link_chars and not _SENTENCE.search(block.text):
            element = block.element
            centred = element.tag == "center" or _CENTRED.search(
                f"{element.get('align')} {element.get('style')}"
            )
            if centred and len(element.text_content().split()) == len(block.text.split()):
                return Title(block.text, _LINE, number)
    return None


_RIGHT_ABOVE = 3
"""Blocks above the body among which such a line is looked for."""
_CENTRED = re.compile(r"^center\b|text-align:\s*center", re.I)
_SENTENCE = re.compile(r"[。！？；.!?;:：]$|\d{4}[-/年]\d")
