"""The article lists of a front or section page of which nothing is known: found by what repeats."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from typing import Literal

from lxml.etree import Element
from lxml.html import HtmlElement

from dzwcrawl.dates import parse_date, url_date
from dzwcrawl.extract.listing import Link
from dzwcrawl.extract.page import Page, parse
from dzwcrawl.extract.pagers import link_url, next_page
from dzwcrawl.extract.rules import ListingRules
from dzwcrawl.extract.scores import mass
from dzwcrawl.extract.shapes import Shape, may_be_section, shape_of
from dzwcrawl.text import fold, one_line
from dzwcrawl.urls import domain_of, host_of, is_front_page

Place = Literal["", "navigation", "hot"]
Kind = Literal["articles", "hot", "sections", "other", "external"]


@dataclass(slots=True)
class LinkList:
    """Links that repeat in one place of a page, in page order, each URL once.

    `selector` is a CSS selector of their `<a>` elements; `kind` is what they lead to: articles, articles that
    another list brought before (`hot`: rankings, recommendations), sections of the site, other pages of it, or
    other sites.
    """

    selector: str
    kind: Kind
    links: list[Link]
    score: float = 0.0


@dataclass(slots=True)
class Pattern:
    """A form of article URLs on a page: a regular expression, how many links have it, and how sure that is."""

    pattern: str
    number: int
    score: float


@dataclass(slots=True)
class Lists:
    """What the links of a page are, best first. `articles` are those of the lists of articles, in page order."""

    lists: list[LinkList] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    articles: list[Link] = field(default_factory=list)
    sections: list[Link] = field(default_factory=list)
    next_page: str | None = None


@dataclass(slots=True, eq=False)
class _Spot:
    """A kind of place on the page: a step of a CSS path below another, and whether it is navigation or a ranking."""

    step: str
    place: Place
    below: "dict[tuple[str, Place], _Spot]"
    above: "_Spot | None" = None

    def path(self) -> list[str]:
        """Return the steps from the root."""
        steps, spot = [self.step], self.above
        while spot is not None:
            steps.append(spot.step)
            spot = spot.above
        return steps[::-1]


@dataclass(slots=True)
class _Anchor:
    """A link of the page, where it stands and the form of its URL."""

    link: Link
    element: HtmlElement
    spot: _Spot
    shape: Shape


_SURE = 4.0
"""Score from which URLs of a form are articles. A day in the URL (3) and a title as link text (1.5) are enough."""

_TITLE, _LONG_TITLE, _TEASER = 6.0, 10.0, 45.0
"""Masses of text (ideographs) of titles: of a short one, of a full one, and from which it is more than a title."""

_WORD, _SECTION = 5.0, 8.0
"""Masses of text: all names of sections in a list are up to the first, any is up to the second."""

_NAVIGATION = re.compile(
    r"(?:\w+[-_])*(?:nav\w{0,8}|menu\w{0,3}|footer|foot|breadcrumbs?|crumbs?|pager|pagination|toolbar|share\w{0,4}|copyright)(?:[-_]\w+)*|"
    r"(?:site|page|main|global|top)?[-_]?header|top-?bar|bottom|dqwz|weizhi|mbx|position|youlian|yqlj|friend-?links?|flinks?|links",
    re.IGNORECASE,
)
_HOT = re.compile(
    r"(?:\w+[-_])*(?:hot\w{0,5}|rank\w{0,4}|top10|topten|paihang\w{0,4}|phb|redian|tuijian|recommend\w*|related|popular|"
    r"trending|most-?(?:read|viewed)|meistgelesen|click\w{0,4}|sidebar|aside)(?:[-_]\w+)*",
    re.IGNORECASE,
)
_HOT_HEADING = re.compile(
    r"热点(新闻|排行|推荐)?|热(门|榜|文|闻|帖|图|读)\S{0,4}|(点击|阅读|新闻|一周|本周|24小时|周|月|日)?(排行|排名)榜?|(编辑|精彩|今日|小编)?推荐(阅读|新闻)?|"
    r"猜你喜欢|相关(新闻|阅读)|大家都在看|most (read|popular|viewed)|meistgelesen\w*|(le )?plus lus|lo más leído|i più letti|trending|popular",
)
_SERVICE_TEXT = re.compile(
    r"关于\S{0,6}|联系(我们|方式)|\S{0,4}(简介|概况)|登[录陆]|注册|招聘|广告\S{0,4}|版权\S{0,4}|网站(地图|声明|简介)|投稿\S{0,2}|\S{0,3}客户端|\S{0,4}(手机|移动)版|设为首页|加入收藏|"
    r"收藏本站|法律\S{0,4}|隐私\S{0,4}|举报\S{0,6}|友情链接|邮箱|论坛|博客|首页|更多|详细|微[博信]|下载\S{0,6}|订阅|搜索|English|home(page)?|start(seite)?|accueil|"
    r"inicio|login|anmelden|abo\w*|shop|impressum|datenschutz\w*|kontakt|contact|about( us)?|privacy( policy)?|newsletter|more|mehr|"
    r"[\d<>«»‹›.…]+|(上|下|前|后)一?页|尾页|末页|next|weiter|prev\w*",
    re.IGNORECASE,
)
_ROW = 30
"""Pieces of text that a row of a list has at most."""

_DAY = re.compile(r"\d{1,2}\s?[-/.月]\s?\d{1,2}|\b\d{1,2}\. [A-Z]\w{2}")
_PAGERS = {r"t\d{8}_": ListingRules.pager, "content_": "node_*_2.htm"}
"""How page two is called by systems that write their pagers by script, by a mark in the forms of their articles."""

_STATE = re.compile(r"\d{2,}|^(?:on|cur|current|active|first|last|odd|even|clearfix|fl|fr)$")
_NAMED = re.compile(r"[A-Za-z_-][\w-]*")


def find_lists(body: bytes, *, headers: Mapping[str, str] | None = None, url: str) -> Lists:
    """Find the lists of articles on a page by what repeats: places, forms of URLs, titles as link texts.

    :raises ExtractionError: when there is nothing to parse.
    """
    page = parse(body, headers, url)
    base = page.base_url or url
    anchors = _anchors(page, base)
    domain = domain_of(host_of(url))
    own = [anchor for anchor in anchors if domain_of(host_of(anchor.link.url)) == domain]
    texts = _best_texts(anchors)
    sure = _articles(own, texts)
    result = Lists(patterns=_patterns(own, sure), lists=_lists(anchors, domain, sure, texts))
    # What a section page ranks or recommends stands in other sections; on a front page it may stand nowhere else.
    kinds = {"articles", "hot"} if is_front_page(url) else {"articles"}
    if not any(each.kind == "articles" for each in result.lists):
        kinds = {"hot"}
    kept = {
        link.url for each in result.lists if each.kind in kinds for link in each.links if link.url in sure
    }
    result.articles = [link for link in texts.values() if link.url in kept]
    result.sections = _sections(own, sure, url)
    result.next_page = _next_page(page, base, result.patterns)
    return result


def _anchors(page: Page, base: str) -> list[_Anchor]:
    """Return the links of a page that lead to other pages."""
    found = []
    spots = _spots(page.root)
    here = base.partition("#")[0]
    for element in page.root.iter("a"):
        url = link_url(element, base)
        if url is None or url == here:
            continue
        text = (
            one_line(element.text_content() or "")
            or one_line(element.get("title") or "")
            or _image_text(element)
        )
        link = Link(url, text, _url_day(url) or _day_beside(element, text))
        found.append(_Anchor(link, element, spots[element], shape_of(url)))
    return found


def _url_day(url: str) -> str | None:
    found = url_date(url)
    return found if found and len(found) == 10 else None


def _day_beside(element: HtmlElement, text: str) -> str | None:
    """Return the day in the row of a link, beside its text, "" where it has no year. A long row is none."""
    row = next(element.iterancestors("li", "tr", "dd", "dl", "article"), None)
    pieces = [] if row is None else list(islice(row.itertext(), _ROW + 1))
    if not 1 < len(pieces) <= _ROW:
        return None
    beside = one_line(" ".join(pieces)).replace(text, "")
    date = parse_date(beside[-40:]) or parse_date(beside[:40])
    if date and len(date) >= 10:
        return date[:10]
    return "" if _DAY.search(beside) else None


def _image_text(element: HtmlElement) -> str:
    image = element.find(".//img")
    return one_line(image.get("alt") or "") if image is not None else ""


def _spots(root: HtmlElement) -> dict[HtmlElement, _Spot]:
    """Return for every element its kind of place: the same for elements with the same steps from the root."""
    inside = _links_inside(root)
    hot = _hot_boxes(root, inside)
    spots: dict[HtmlElement, _Spot] = {}
    for element in root.iter(Element):
        parent = element.getparent()
        above = spots[parent] if parent is not None and parent in spots else None
        # A box around most of the page says nothing about what is in it.
        said = _says(element, hot) if 3 * inside[element] <= inside[root] else ""
        place = said or (above.place if above else "")
        step = _step(element)
        if above is None:
            spots[element] = _Spot(step, place, {})
        else:
            spots[element] = above.below.setdefault((step, place), _Spot(step, place, {}, above))
    return spots


def _links_inside(root: HtmlElement) -> Counter[HtmlElement]:
    """Return how many links are in each element."""
    inside: Counter[HtmlElement] = Counter()
    for element in reversed(list(root.iter(Element))):
        inside[element] += element.tag == "a"
        parent = element.getparent()
        if parent is not None:
            inside[parent] += inside[element]
    return inside


def _step(element: HtmlElement) -> str:
    """Return an element as a step of a CSS path, with its id or the classes that name a kind of box, not a state."""
    identity = element.get("id") or ""
    if identity and _NAMED.fullmatch(identity) and not re.search(r"\d{3,}", identity):
        return f"{element.tag}#{identity}"
    names = [
        name
        for name in (element.get("class") or "").split()
        if _NAMED.fullmatch(name) and not _STATE.search(name)
    ]
    return "".join([str(element.tag), *(f".{name}" for name in names[:2])])


def _hot_boxes(root: HtmlElement, inside: Counter[HtmlElement]) -> set[HtmlElement]:
    """Return the boxes whose heading says that they rank or recommend what stands elsewhere too."""
    boxes = set()
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "div", "span", "strong", "b", "dt", "p", "a"):
        if len(element) > 2 or inside[element] > 2:
            continue
        text = fold("".join(islice(element.itertext(), 8)))
        if 0 < len(text) <= 20 and _HOT_HEADING.fullmatch(text):
            box = element.getparent()
            # The heading may stand in a bar of its own above its list.
            while box is not None and inside[box] < 3:
                box = box.getparent()
            if box is not None:
                boxes.add(box)
    return boxes


def _says(element: HtmlElement, hot: set[HtmlElement]) -> Place:
    names = [*(element.get("class") or "").split(), element.get("id") or ""]
    if element.tag in ("body", "html", "a"):
        return ""
    if element.tag in ("nav", "footer") or any(map(_NAVIGATION.fullmatch, names)):
        return "navigation"
    if element.tag == "header":
        # The header of the page, not that of a teaser.
        inside = next(element.iterancestors("article", "main", "section", "li"), None)
        return "navigation" if inside is None else ""
    if element in hot or element.tag == "aside" or any(map(_HOT.fullmatch, names)):
        return "hot"
    return ""


def _best_texts(anchors: Iterable[_Anchor]) -> dict[str, Link]:
    """Return one link a URL: the longest of its texts, the day that any of its rows tells."""
    best: dict[str, Link] = {}
    for anchor in anchors:
        link, old = anchor.link, best.get(anchor.link.url)
        text = link.text if old is None or _title_mass(link.text) > _title_mass(old.text) else old.text
        best[link.url] = Link(link.url, text, link.day or (old.day if old else None) or None)
    return best


def _title_mass(text: str) -> float:
    """Return how much of a title a text is; the beginning of the article, as teasers show it, is none."""
    return mass(text) if mass(text) <= _TEASER and not text.endswith(("…", "...")) else 1.0


def _articles(anchors: list[_Anchor], texts: dict[str, Link]) -> dict[str, float]:
    """Return the URLs that are articles', with how sure that is: the best score of a URL in any of its places.

    Links are weighed beside those of their form in their place, so that a section named like a title, in the
    navigation, says nothing about the titles in a list.
    """
    groups: dict[tuple[str, _Spot], list[_Anchor]] = defaultdict(list)
    for anchor in anchors:
        groups[(anchor.shape.pattern, anchor.spot)].append(anchor)
    sure: dict[str, float] = {}
    for group in groups.values():
        evidence = _evidence(group, texts)
        for anchor in group:
            size = mass(texts[anchor.link.url].text)
            own = 2.5 if size >= _LONG_TITLE else 1.5 if size >= _TITLE else -1.5
            score = anchor.shape.score + own + evidence
            if score >= _SURE:
                sure[anchor.link.url] = max(score, sure.get(anchor.link.url, score))
    return sure


def _evidence(group: list[_Anchor], texts: dict[str, Link]) -> float:
    """Return what links of one form in one place say together: how many, days beside them, headings, navigation."""
    links = {anchor.link.url: texts[anchor.link.url] for anchor in group}
    score = min(1.5, math.log2(len(links)) / 2)
    # "Read more" and the names of sections repeat and are short; titles differ.
    if median(mass(link.text) for link in links.values()) < _TITLE:
        score -= 1.0
    if 2 * len({link.text for link in links.values()}) < len(links):
        score -= 2.0
    score += 1.5 * sum(anchor.link.day is not None for anchor in group) / len(group)
    score += 0.5 * (sum(_in_heading(a.element) for a in group) * 2 > len(group))
    score -= 2.5 * (sum(a.spot.place == "navigation" for a in group) * 2 > len(group))
    return score


def _patterns(anchors: list[_Anchor], sure: dict[str, float]) -> list[Pattern]:
    """Return the forms of the URLs of articles, the most certain and frequent first."""
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for anchor in anchors:
        if anchor.link.url in sure:
            scores[anchor.shape.pattern][anchor.link.url] = sure[anchor.link.url]
    found = [Pattern(p, len(urls), round(median(urls.values()), 1)) for p, urls in scores.items()]
    return sorted(found, key=lambda each: -each.score * math.log2(1 + each.number))


def _in_heading(element: HtmlElement) -> bool:
    return next(element.iterancestors("h1", "h2", "h3", "h4", "h5"), None) is not None


def _lists(
    anchors: list[_Anchor], domain: str, sure: dict[str, float], texts: dict[str, Link]
) -> list[LinkList]:
    """Group the links of a page by place and tell what each group leads to."""
    groups: dict[_Spot, list[_Anchor]] = defaultdict(list)
    for anchor in anchors:
        groups[anchor.spot].append(anchor)
    lists = []
    for spot, group in groups.items():
        links = [texts[url] for url in dict.fromkeys(anchor.link.url for anchor in group)]
        kind = _kind_of(links, spot.place, domain, sure)
        if kind in ("articles", "hot"):
            links = [link for link in links if link.url in sure]
        # What the links of this place say themselves: of a picture and a title, the titles are the list.
        said = {
            anchor.link.url: anchor.link.text for anchor in group if anchor.element.text_content().strip()
        }
        score = sum(map(_title_mass, said.values())) * (1.0 if kind == "articles" else 0.1)
        lists.append(LinkList(short_selector(spot.path()), kind, links, round(score, 1)))
    return _without_repeats(sorted(lists, key=lambda each: -each.score))


def _kind_of(links: list[Link], place: str, domain: str, sure: dict[str, float]) -> Kind:
    articles = sum(link.url in sure for link in links)
    if 2 * articles >= len(links):
        return "hot" if place == "hot" else "articles"
    if 2 * sum(domain_of(host_of(link.url)) != domain for link in links) > len(links):
        return "external"
    return "sections" if all(mass(link.text) <= _WORD for link in links) else "other"


def _without_repeats(lists: list[LinkList]) -> list[LinkList]:
    """A list that only repeats links of better ones (their pictures) is no list of its own."""
    met: set[str] = set()
    kept = []
    for each in lists:
        if each.kind != "articles" or any(link.url not in met for link in each.links):
            kept.append(each)
        met.update(link.url for link in each.links)
    return kept


def short_selector(steps: list[str]) -> str:
    """Return the end of a CSS path from its last id or last but one named box on.

    `html, body, div.main, div.list, ul, li, h3, a` becomes `div.main > div.list > ul > li > h3 > a`.
    """
    named = [i for i, step in enumerate(steps[:-1]) if "." in step or "#" in step]
    own = [i for i, step in enumerate(steps[:-1]) if "#" in step]
    first = max(own[-1:] + named[-2:-1], default=named[-1] if named else max(0, len(steps) - 3))
    return " > ".join(steps[first:])


def _sections(anchors: list[_Anchor], sure: dict[str, float], url: str) -> list[Link]:
    """Return the links to sections of the site worth following, most prominent first."""
    counted = Counter(anchor.link.url for anchor in anchors)
    found: dict[str, tuple[float, Link]] = {}
    texts: set[str] = set()
    for position, anchor in enumerate(anchors):
        link = anchor.link
        if link.url in sure or link.url in found or link.text in texts or not _names_section(link, url):
            continue
        score = (
            1.0 * (anchor.spot.place == "navigation") + min(counted[link.url], 3) - position / len(anchors)
        )
        found[link.url] = (score, link)
        texts.add(link.text)
    return [link for _, link in sorted(found.values(), key=lambda pair: -pair[0])]


def _names_section(link: Link, url: str) -> bool:
    """Tell whether a link of a page may lead to a section: by a short text that is no service's, and its address."""
    if not 0 < mass(link.text) <= _SECTION or _SERVICE_TEXT.fullmatch(fold(link.text)) or link.url == url:
        return False
    home = is_front_page(link.url) and host_of(link.url) == host_of(url)
    return not home and may_be_section(link.url)


def _next_page(page: Page, base: str, patterns: list[Pattern]) -> str | None:
    """Return the next page of a listing, or None.

    A name that is only guessed counts where the forms of URLs are those of a CMS that names its pages so.
    """
    known = (pager for mark, pager in _PAGERS.items() if any(mark in each.pattern for each in patterns))
    return next_page(page, base, next(known, None))[0]
