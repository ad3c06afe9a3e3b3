"""Title, dates, names and the other fields of an article, each from agreeing witnesses.

A field that is already set (by a site rule) is left alone. For each field that is found, `article.rules` names
the witness.
"""

import re
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath

from dzwcrawl.article import Article
from dzwcrawl.dates import CHINA, parse_date
from dzwcrawl.extract.bylines import read_authors, read_editors, read_source, read_text_authors
from dzwcrawl.extract.clues import Clues
from dzwcrawl.extract.dating import Reading, choose
from dzwcrawl.extract.header import CreditLine, read_lines
from dzwcrawl.extract.images import read_images, read_videos
from dzwcrawl.extract.language import language_of
from dzwcrawl.extract.markup import hinted
from dzwcrawl.extract.page import Page, PageBlock, Region
from dzwcrawl.extract.structured import Structured, read_structured
from dzwcrawl.extract.titles import read_title
from dzwcrawl.text import fold_words, one_line

_ZONES = {"zh": CHINA, "ja": "+09:00", "ko": "+09:00"}
_LIST = re.compile(r"\s*[,;，、；|]\s*")
_HOME = re.compile(
    r".{0,6}(?:首页|首頁)|主页|home|start|startseite|accueil|inicio|正文|详情|当前位置:?|您(?:现在|当前)?的?位置.*|ホーム|トップ",
    re.I,
)


def read_metadata(page: Page, region: Region, article: Article) -> None:
    """Fill the fields of the article that are still unknown, and mark the blocks that are credits or the title."""
    found = read_structured(page)
    text = " ".join(b.text for b in page.blocks[region.start : region.end] if b.removed is None)
    declared = found.language or found.first("og:locale", "content-language", "language")
    _set(article, "language", language_of(text or found.title or "", declared), "content")
    zone = _ZONES.get(article.language or "")
    title = read_title(page, region, found)
    number = title.block if title else None
    if title:
        _set(article, "title", title.text, title.witness)
    clues = Clues(
        page=page,
        region=region,
        found=found,
        language=article.language,
        zone=zone,
        day_first=_day_first(found, page, article.language),
        title=number,
        lines=read_lines(page, region, number, zone) if zone else [],
        hints=hinted(page, region, chinese=article.language == "zh"),
    )
    _names(article, clues)
    _dates(article, clues)
    _about(article, clues)
    _set(article, "images", read_images(page, region), "body")
    _set(article, "videos", read_videos(page, region), "body")
    _mark(page, region, article, clues.lines)


def _set(article: Article, name: str, value: object, witness: str) -> None:
    if value and not getattr(article, name):
        setattr(article, name, value)
        article.rules[name] = witness


def _names(article: Article, clues: Clues) -> None:
    authors = read_authors(clues)
    editors = read_editors(clues)
    source = read_source(clues)
    if article.authors and article.language == "zh":
        # A rule names the author of the header; the reporters of the text come after.
        reporters = read_text_authors(clues.page, clues.region)
        article.authors += [name for name in reporters if name not in article.authors]
    elif authors:
        _set(article, "authors", authors.names, authors.witness)
    if editors:
        _set(article, "editors", editors.names, editors.witness)
    if source:
        _set(article, "source", source.names[0], source.witness)


def _dates(article: Article, clues: Clues) -> None:
    published, modified = Reading(clues).dates()
    best = choose(published)
    if best:
        _set(article, "published", best.value, best.witness)
    later = choose([m for m in modified if not article.published or m.value[:10] >= article.published[:10]])
    if later and later.value != article.published:
        _set(article, "modified", later.value, later.witness)


def _day_first(found: Structured, page: Page, language: str | None) -> bool | None:
    """Tell whether 06/08/2020 is read day first: everywhere but in the United States and where the year leads."""
    if language and language != "en" and language not in _ZONES:
        return True
    declared = (found.language or found.first("og:locale") or "").lower().replace("_", "-")
    if declared == "en-us":
        return False
    if declared[:2] in _ZONES:
        return None  # the year leads
    if declared and declared[:2] != "en":
        return True
    host, _, path = (page.url or "").partition("//")[2].lower().partition("/")
    if declared[2:] or _BRITISH.search(f"{host}/{path[:8]}"):
        return True
    # The English pages of a German or Norwegian house count days as it does.
    others = {str(value).lower()[:2] for value in cast("list[str]", _OTHER_LANGUAGES(page.root))}
    return True if 0 < len(others - {"en", "x-"}) <= 2 and others <= _CONTINENTAL else None


_OTHER_LANGUAGES = XPath("//@hreflang")
_CONTINENTAL = frozenset(
    "en x- de at da nb nn no sv fi it nl pl cs sk hu ro bg hr sl et lv lt el tr ru uk".split()
)


_BRITISH = re.compile(r"\.(?:uk|au|nz|ie|in|za|sg|my|ng|ke)/|/en-(?:gb|au|ie|nz|in|za)/")


def _about(article: Article, clues: Clues) -> None:
    found, page, region = clues.found, clues.page, clues.region
    node = found.node
    keywords = found.first("news_keywords") or found.first("keywords")
    tags = [*found.values("article:tag")]
    stated = node.get("keywords")
    if isinstance(stated, list):
        tags = [k for k in stated if isinstance(k, str)] or tags
    elif isinstance(stated, str):
        keywords = stated
    values = tags or _LIST.split(keywords or "")
    _set(article, "keywords", _unique(values, 40), "json-ld" if stated else "meta")
    description = found.text("description") or found.first(
        "og:description", "description", "twitter:description"
    )
    if description and fold_words(description) != fold_words(article.title or ""):
        _set(article, "description", description, "meta")
    _set(article, "section", _section(article, found, page, region), "breadcrumb")
    _set(article, "canonical_url", _canonical(found, page), "link")
    for name, witness, line in (
        ("kicker", "epaper", found.epaper.get("introtitle")),
        ("kicker", "markup", _line_beside(page, region, clues.title, -1)),
        ("subtitle", "json-ld", found.text("alternativeHeadline")),
        ("subtitle", "epaper", found.epaper.get("subtitle")),
        ("subtitle", "markup", _line_beside(page, region, clues.title, 1)),
    ):
        if line and fold_words(line) not in {
            fold_words(article.title or ""),
            fold_words(article.kicker or ""),
        }:
            _set(article, name, line, witness)


_BOTH = r"(?:^|[\s_-])(?:fu-?(?:biao)?ti|fubiao|fbt)(?:$|[\s_-])"
_KICKER = re.compile(
    r"kicker|dachzeile|overline|eyebrow|spitzmarke|topline|roofline|antetitul|sur-?titre|occhiello|"
    rf"(?:intro|pre|shoulder)[-_]?(?:title|head)|yin-?(?:biao)?ti|(?:^|\s)pre(?:$|\s)|{_BOTH}",
    re.I,
)
_SUBTITLE = re.compile(
    rf"sub[-_]?(?:title|head|tit)|untertitel|sous-titre|sottotitolo|(?:^|\s)sub(?:$|\s)|{_BOTH}", re.I
)


def _line_beside(page: Page, region: Region, title: int | None, step: int) -> str | None:
    """Return the line above (step -1) or below (1) the title whose class or id says that it belongs to it."""
    if title is None:
        return None
    pattern = _KICKER if step < 0 else _SUBTITLE
    for number in (title + step, title + 2 * step):
        if 0 <= number < min(len(page.blocks), region.end):
            block = page.blocks[number]
            names = f"{block.element.get('class') or ''} {block.element.get('id') or ''}"
            if 2 <= len(block.text) <= 200 and pattern.search(names) and not parse_date(block.text):
                return block.text
    return None


def _unique(values: list[str], longest: int) -> list[str]:
    kept: dict[str, str] = {}
    for value in values:
        clean = one_line(value).strip(" ,;")
        if clean and len(clean) <= longest:
            kept.setdefault(fold_words(clean), clean)
    return list(kept.values())[:30]


_CRUMBS = re.compile(r"^(?:您?(?:现在|当前|所在)?(?:所在)?的?位置)\s*[:：]?\s*(\S.*)$")
_CRUMBS_BARE = re.compile(r"^([\w·]{0,6}(?:首页|首頁|网|Home|Startseite|Accueil|Inicio)\s*[>›»→].+)$", re.I)
_CRUMB_GAP = re.compile(r"\s*(?:[>›»→/]|&gt;|-{2,})+\s*")


def _breadcrumb(page: Page, region: Region) -> list[str]:
    """Return the names of a visible breadcrumb above the body (您现在的位置：首页 > 新闻 > 国内新闻)."""
    for block in page.blocks[: region.start]:
        if len(block.text) > 120:
            continue
        match = _CRUMBS.match(block.text) or _CRUMBS_BARE.match(block.text)
        if match:
            return [name for name in _CRUMB_GAP.split(match[1]) if name]
    return []


def _section(article: Article, found: Structured, page: Page, region: Region) -> list[str]:
    """Return the sections, the widest first: the breadcrumb without front page and title, else the stated one."""
    title = fold_words(article.title or "")
    stated_crumbs = found.crumbs or _breadcrumb(page, region)
    crumbs = [c for c in stated_crumbs if not _HOME.fullmatch(c) and fold_words(c) != title]
    if crumbs and crumbs[0].endswith("网"):  # the outlet, whose name leads to its front page
        del crumbs[0]
    if crumbs:
        return _unique(crumbs, 40)
    stated = found.node.get("articleSection")
    values = stated if isinstance(stated, list) else [stated]
    named = [v for v in values if isinstance(v, str)] or [*found.values("article:section")]
    return _unique(named, 40)


def _canonical(found: Structured, page: Page) -> str | None:
    """Return the canonical URL when it is on the same site and is not the front page."""
    for value in (found.canonical, found.first("og:url")):
        try:
            url = urljoin(page.url or "", (value or "").strip())
            parts = urlsplit(url)
        except ValueError:
            continue
        if not value or parts.scheme not in {"http", "https"} or not parts.netloc:
            continue
        if parts.path.strip("/") == "" and not parts.query:
            continue
        if page.url is None or _site(parts.netloc) == _site(urlsplit(page.url).netloc):
            return url
    return None


def _site(host: str) -> str:
    """Return the registrable part of a host, near enough to compare two hosts of one outlet."""
    labels = host.lower().partition(":")[0].split(".")
    short = len(labels) >= 3 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if short else -2 :])


_LABEL = re.compile(r"[:：/丨|]")


_TELLS = re.compile(
    r" (?:is|was|has been|covers|writes|reports|works|lives|joined|ist|arbeitet|schreibt|lebt|est|es|è|é) "
)
_TELLS_SHORTLY = re.compile(r" (?:is an? |covers |writes |ist |est )")
"""What a line under an article says of its author: Jane Doe works …; Jane is a reporter …"""


def _mark_biographies(blocks: list[PageBlock], authors: list[str]) -> None:
    """Mark the lines at the end that tell who the author is, and the author's name alone right above one."""
    kept = [block for block in blocks if block.removed is None]
    names = [name for name in authors if " " in name]
    if not names or len(kept) <= 2 * _CLOSING:
        return
    tells = [(name, _TELLS) for name in names] + [(name.split()[0], _TELLS_SHORTLY) for name in names]
    above = kept[-_CLOSING - 1]
    for block in kept[-_CLOSING:]:
        if any(block.text.startswith(name) and verb.match(block.text, len(name)) for name, verb in tells):
            block.removed = "widget: author box"
            if above.text in names:
                above.removed = "widget: author box"
        above = block


_CLOSING = 4
"""Kept blocks at the end that may tell of the author."""


def _mark(page: Page, region: Region, article: Article, lines: list[CreditLine]) -> None:
    """Mark the blocks of the region that say nothing but credits, or repeat the title."""
    for line in lines:
        if not line.whole:
            continue
        kind = line.credit.kind
        if kind == "date" and not line.head:
            continue  # the day under a letter or a notice is part of it
        if kind == "authors" and not _LABEL.search(page.blocks[line.start].text):
            continue  # 本报记者 X 通讯员 Y is a byline, which belongs to the text; 作者:X is a label
        for number in range(max(line.start, region.start), min(line.end, region.end)):
            block = page.blocks[number]
            if block.removed is None:
                block.removed = f"credit: {kind}"
    _mark_biographies(page.blocks[region.start : region.end], article.authors)
    title = fold_words(article.title or "")
    for block in page.blocks[region.start : min(region.end, region.start + 8)]:
        if title and block.removed is None and fold_words(block.text) == title:
            block.removed = "title: repeated"
            break
