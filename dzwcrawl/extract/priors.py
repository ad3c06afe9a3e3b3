"""What the tag, class and id of an element say about its text, before the text is read."""

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class Prior:
    """What a name says. `noise` is the reason to leave the text out, or None; it is believed only for an element
    with at most `share` of the prose of the page. `bonus` multiplies the score of the element as container."""

    noise: str | None = None
    share: float = 0.0
    bonus: float = 1.0


_PLAIN = Prior()

STRONG = 1.3
"""Bonus from which a name says that its element holds the body."""

_BODY = re.compile(
    r"(?:^|[\s_-])(?:TRS_Editor|TRS_UEDITOR|trs_paper_default|Custom_UnionStyle|vsb_content\w*|v_news_content|zoom|founder-content"
    r"|rwb_zw|endText|articleBody|article[-_]*(?:body|content|text|main|detail)|(?:post|entry|news|story|detail|main|page)[-_]*"
    r"(?:body|content|text|article)|content[-_]*(?:text|body|article)|js_content|rich_media_content|ContentBody|Cnt-Main-Article-QQ"
    r"|artibody|main_content|p-detail|newsContent|textContent|contenttext|contentMain|articleContent|wp_articlecontent"
    r"|con[-_]*txt|contTxt|nr_content|mainCon)(?:$|[\s_-])",
    re.I,
)
_SOMEWHAT = re.compile(r"article|content|entry|story|detail|zhengwen|正文|neirong|txt|text|artical|body", re.I)

_NOISE: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (reason, share, re.compile(rf"(?:^|[\s_-])(?:{words})(?:$|[\s_-]|\d)", re.I))
    for reason, share, words in (
        ("comment: of readers", 0.8, r"comments?|comment[-_]*(?:list|section|area|box|wrap(?:per)?|body|content|s)|disqus\w*|respond|replies|pinglun|gentie|liuyan|"
         r"discussion"),
        ("widget: footer", 0.4, r"footer|foot|bottom|copyright|disclaimer|mianze|statement|banquan|site-?info"),
        ("widget: navigation", 0.4, r"nav|navbar|navi|navigation|menu|breadcrumbs?|crumbs?|crumb|position|dqwz|weizhi|mbx|location|topbar|toolbar|header-?nav|"
         r"pagination|pager|pages?-?nav|site-?header|masthead|skip-?link"),
        ("widget: share box", 0.3, r"share|sharing|social|bdshare\w*|bshare\w*|share-?\w*|sns|weixin|wechat|qrcode|erweima|ewm|follow|addthis|jiathis|shoucang"),
        ("related: list of other articles", 0.4, r"related\w*|recommend\w*|recommendations?|tuijian|relate|xiangguan|read-?more|more-?(?:news|stories|articles)|"
         r"also-?(?:read|like)|hot-?(?:news|list|article|rank)?|rank(?:ing|list)?|paihang|popular|trending|most-?(?:read|popular|viewed)|"
         r"promo\w*|outbrain|taboola\w*|up-?next|next-?(?:article|story)|other-?news|you-?may-?like|guess\w*"),
        ("widget: side column", 0.4, r"sidebar|side|aside|side-?bar|rightbar|right-?(?:col|side|box)|rail|right-rail|secondary|widget|widget-?area"),
        ("widget: advertisement", 0.3, r"ads?|advert\w*|ad-?\w{0,8}|banner|sponsor\w*|gg|guanggao|adsbygoogle|dfp\w*"),
        ("widget: sign-up", 0.3, r"newsletter\w*|subscri\w*|signup|sign-?up|login|register|modal|popup|cookie\w*|consent|gdpr|cmp|overlay|abo"),
        ("widget: box", 0.3, r"info-?box\w*|fact-?box|fakten-?box|additional-?info\w*|cta|call-?to-?action|\w{2,12}-cta"),
        ("widget: hidden", 0.4, r"hidden|d-none|hide|is-hidden|uk-hidden|invisible"),
        ("widget: tags", 0.3, r"tags?|tag-?(?:list|cloud|s)|keywords?|topics|labels?|categories|category-?list"),
        ("widget: author box", 0.3, r"author-?(?:bio|box|info|card|profile|description)|about-?(?:the-?)?author|bio|contributor"),
        ("widget: print and font size", 0.3, r"print|fontsize|font-?size|tools?|article-?tools|toolbox|ziti|zihao|function|operat\w*"),
    )
)

LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|intro|introduction|teaser|summary|excerpt|dek|deck|vorspann|standfirst|subtitle|subhead\w*|sub-?title"
    r"|subline|chapo|chapeau|entradilla|bajada|sapo|abstract|zhaiyao|daodu|description|kicker|zaiyao|summry|hero)(?:$|[\s_-])",
    re.I,
)
"""Names of elements that hold the lead paragraph of an article."""

_TAGS: dict[str, tuple[str, float]] = {
    "nav": ("widget: navigation", 0.5),
    "footer": ("widget: footer", 0.4),
    "aside": ("widget: side column", 0.4),
    "menu": ("widget: navigation", 0.4),
}


@lru_cache(maxsize=16384)
def _prior(tag: str, names: str) -> Prior:
    if tag in _TAGS:
        reason, share = _TAGS[tag]
        return Prior(noise=reason, share=share)
    if _BODY.search(names):
        return Prior(bonus=1.3)
    if tag in ("body", "html"):
        return _PLAIN
    for reason, share, pattern in _NOISE:
        if pattern.search(names):
            return Prior(noise=reason, share=share)
    if tag in ("article", "main"):
        return Prior(bonus=1.2)
    return Prior(bonus=1.1) if _SOMEWHAT.search(names) else _PLAIN


def node_prior(element: HtmlElement) -> Prior:
    """Return what the names of an element say."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    prop = element.get("itemprop")
    if prop is not None and "articleBody" in prop:
        return Prior(bonus=1.4)
    tag = element.tag
    if names == " " and tag not in _TAGS:
        return Prior(bonus=1.2) if tag in ("article", "main") else _PLAIN
    return _prior(tag, names)
