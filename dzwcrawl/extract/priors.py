"""What the tag, class and id of an element say about its text, before the text is read."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class Prior:
    """What a name says. `noise` is the reason to leave the text out, or None; it is believed only for an
    element with at most `share` of the prose of the page. `bonus` multiplies the score of the element as
    container."""

    noise: str | None = None
    share: float = 0.0
    bonus: float = 1.0


STRONG = 1.3
"""Bonus from which a name says that its element holds the body."""

_PLAIN = Prior()
_SLIGHT = Prior(bonus=1.1)
_ARTICLE = Prior(bonus=1.2)
_STRONG = Prior(bonus=STRONG)
_TEXT = Prior(bonus=1.4)

_BODY = re.compile(
    r"(?:^|[\s_-])(?:trs_editor|trs_ueditor|trs_paper_default|custom_unionstyle|vsb_content\w*|v_news_content|zoom|founder-content"
    r"|rwb_zw|endtext|articlebody|article[-_]*(?:body|content|text|main|detail)|(?:post|entry|news|story|detail|main|page)[-_]*"
    r"(?:body|content|text|article)|content[-_]*(?:text|body|article)|js_content|rich_media_content|contentbody|cnt-main-article-qq"
    r"|artibody|main_content|p-detail|newscontent|textcontent|contenttext|contentmain|articlecontent|wp_articlecontent"
    r"|con[-_]*txt|conttxt|nr_content|maincon|zhengwen|wenzhang(?:neirong)?|neirong"
    r"|(?:news|article|art|arc|detail|xl|wz|zw)[-_]*(?:con|cont|nr|neirong|zw|zhengwen|txt|body))(?:$|[\s_-])",
)
_SOMEWHAT = re.compile(r"article|content|entry|story|detail|zhengwen|正文|neirong|txt|text|artical|body")
"""Names that hold the body, and names that may; a name is compared in lower case."""

WIDGET = "widget: so named"
"""The reason for what is named a widget and nothing else."""

LAST = "widget: footer of one paragraph"
"""The reason for a paragraph that is called a footer itself: sentences in it end the article."""

SCRAMBLED = "paywall: letters made unreadable"
"""The reason for text that only subscribers can read, however much of the page it is."""

# Per reason: the part of the page's prose up to which it is believed, and words that end a class or an id
# (`article-sidebar`) or begin one that goes on with a word for a box (`share-buttons`): `sidebar-grid` and
# `has-sidebar` say nothing.
_NOISE_WORDS: tuple[tuple[str, float, str], ...] = (
    (
        "comment: of readers",
        0.8,
        r"comments? comment-?list disqus\w* respond replies pinglun(?:qu)? gentie huifu liuyan(?:ban)? discussion testimonials?",
    ),
    (
        "widget: footer",
        0.4,
        "footer foot bottom yejiao dibu site-?info",
    ),
    (
        "notice: copyright or disclaimer",
        0.4,
        "copyright disclaimer mianze statement banquan(?:xinxi|shengming)? shengming",
    ),
    (
        "widget: navigation",
        0.4,
        "nav navbar navi navigation menu bread-?crumbs? crumbs? position dqwz weizhi mbx location top-?bar "
        "toolbar daohang mianbaoxie dangqianweizhi cur-?pos(?:ition)? header-?nav pagination pager page-?nav site-?header masthead skip-?link pages",
    ),
    (
        "widget: share box",
        0.3,
        r"share shares sharing social socials bdshare\w* bshare\w* sns weixin wechat qrcode erweima ewm "
        "follow addthis jiathis shoucang fenxiang",
    ),
    (
        "related: list of other articles",
        0.4,
        r"related\w* recommend\w* tuijian relate xiangguan read-?more more-?(?:news|stories|articles) "
        "also-?(?:read|like) hot-?(?:news|list|article|rank) rank ranking paihang popular trending "
        r"most-?(?:read|popular|viewed) promo promos promotions? outbrain taboola\w* up-?next "
        r"xg(?:xw|yd|wz|nr|bd) rd(?:tj|xw|pd) rm(?:tj|xw) jctj cnxh phb paihangbang remen(?:tuijian)? xiangguan(?:xinwen|yuedu) "
        r"rel-?news next-?(?:article|story|post) other-?news you-?may-?like guess\w*",
    ),
    (
        "widget: side column",
        0.4,
        "sidebar side aside side-?bar right-?(?:bar|col|column|side|box) rail secondary",
    ),
    # What Yahoo named so for its robot, and Google for searches of one site.
    ("widget: named no content for search engines", 0.3, "robots-?nocontent nocontent"),
    (WIDGET, 0.4, "widgets?"),
    (
        "widget: advertisement",
        0.3,
        r"ads? advert\w* ad-?(?:slot|box|unit|container|wrap\w*) banner sponsor\w* gg guanggao "
        r"adsbygoogle dfp\w*",
    ),
    (
        "widget: consent",
        0.8,
        r"cookie[\w-]* gdpr[\w-]* consent[\w-]* cmp-?(?:banner|modal|overlay|layer|dialog|popup|notice|privacy)[\w-]* "
        r"cli-(?:bar|modal|settings|tab|user|privacy)[\w-]* "
        r"onetrust[\w-]* ot-(?:sdk|pc)[\w-]* didomi[\w-]*",
    ),
    (
        "widget: appeal to subscribe or give",
        0.3,
        r"(?:pay-?wall|reg-?wall|premium|meter)-?(?:overlay|message|prompt|offer|notice|banner|promo|cta|form|barrier|teaser)s? "
        r"restricted-content-?(?:breaker|barrier)[\w-]* barrier "
        "donat(?:e|ion|ions) fundrais(?:er|ing) upsell offers?",
    ),
    (
        "widget: sign-up",
        0.3,
        "news-?letters? subscribe subscription subscriptions signup sign-?up login register modal popup "
        "overlay abo w-form form-?(?:done|success|fail|error|message)",
    ),
    ("widget: box", 0.3, "info-?box fact-?box fakten-?box additional-?info cta call-?to-?action"),
    # Some paywalls shift every letter, and a script shifts them back for subscribers.
    (SCRAMBLED, 1.0, "obfuscated scrambled encrypted"),
    ("widget: hidden", 0.4, "hidden d-none hide is-hidden uk-hidden invisible"),
    ("widget: tags", 0.3, "tags? tag-?(?:list|cloud) keywords? topics labels? categories category-?list"),
    (
        "widget: author box",
        0.3,
        "author-?(?:bio|box|info|card|profile|description) about-?(?:the-?)?author bio contributor",
    ),
    (
        "widget: print and font size",
        0.3,
        "print fontsize font-?size tools? article-?tools toolbox ziti zihao operate",
    ),
)
_BOX = (
    "list|lists|box|wrap|wrapper|container|bar|inner|block|blocks|section|area|items?|content|widget|col|column|links?|menu|"
    "icons?|buttons?|btns?|btn|group|module|panel|body|top|bottom|left|right|main|title|head|header|text|info|holder|slot|"
    "posts?|articles?|news|stories|form|card|cards|row|ul|con"
)


def _naming(words: str) -> re.Pattern[str]:
    """Return the pattern of the names, in lower case, that end in one of some words, or go on with words for a box."""
    # By first letter (which no word leaves open), in half the time: thirty branches are tried, not two hundred words.
    groups = groupby(sorted(words.split()), key=lambda word: word[0])
    branches = (
        "|".join(group) if first == "(" else f"{first}(?:{'|'.join(word[1:] for word in group)})"
        for first, group in groups
    )
    return re.compile(
        rf"(?!(?:has|with|no|without|show|is|not)[-_])(?:[a-z0-9]+[-_]+)*(?:{'|'.join(branches)})"
        rf"(?:[-_]*(?:{_BOX}))*[-_]*\d*(?:__[\w-]+)?"
    )


_NOISE = tuple((Prior(noise=reason, share=share), _naming(words)) for reason, share, words in _NOISE_WORDS)
COMMENTS, _FOOTER = _NOISE[0][0], _NOISE[1][0]
"""What the names of comments say, and those of footers."""
_ANY_NOISE = _naming(" ".join(words for _, _, words in _NOISE_WORDS))
"""Whether any of these matches at all; most names are none of them, and one pattern costs less than twenty."""

_HASH = re.compile(r"__(?=\w*[A-Z0-9])[A-Za-z0-9]{5,8}$")
"""What CSS modules append to a class."""

_LONGEST = 100
"""Characters of a class or id above which it names nothing."""

_SPACING = re.compile(
    r"(?:^|[-_])(?:(?:margin|padding|border|align|label|spac(?:e|er|ing))[-_]|position[-_](?:left|right|top|bottom)$)",
    re.I,
)
"""Words that only say how an element looks: `margin-bottom-4`, `position-right`, `field--label-hidden` (Drupal on every field)."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|intro|introduction|teaser|summary|excerpt|dek|deck|vorspann|standfirst|subtitle|subhead\w*|sub-?title"
    r"|subline|chapo|chapeau|entradilla|bajada|sapo|abstract|desc|zhaiyao|daodu|description|kicker|zaiyao|summry|hero"
    r"|speakable|epigraph|epigrafe|sumario|copete|subtitulo|ingress|perex|linha-?fina)(?:$|[\s_-])",
    re.I,
)
"""Names of elements that hold the lead paragraph of an article."""

_TAGS: dict[str, Prior] = {
    "nav": Prior("widget: navigation", 0.5),
    "footer": Prior("widget: footer", 0.4),
    "aside": Prior("widget: side column", 0.4),
    "menu": Prior("widget: navigation", 0.4),
}

_ARIA: dict[str, Prior] = {
    "navigation": Prior("widget: navigation", 0.5),
    "menu": Prior("widget: navigation", 0.4),
    "menubar": Prior("widget: navigation", 0.4),
    "search": Prior("widget: navigation", 0.4),
    "contentinfo": Prior("widget: footer", 0.4),
    "complementary": Prior("widget: side column", 0.4),
    "dialog": Prior("widget: consent or dialogue", 0.8),
    "alertdialog": Prior("widget: consent or dialogue", 0.8),
}
"""What the landmarks and widget roles of WAI-ARIA say."""


@lru_cache(maxsize=16384)
def _word_noise(word: str) -> Prior | None:
    """Return what one class or id says if it names something that is not the article."""
    if len(word) > _LONGEST:
        return None
    # Lower case, because matching without regard to case takes several times as long.
    lower = _HASH.sub("", word) if "__" in word else word
    if not lower.islower():
        lower = _CAMEL.sub("-", lower).lower()
    if not _ANY_NOISE.fullmatch(lower) or _SPACING.search(word):
        return None
    return next(prior for prior, pattern in _NOISE if pattern.fullmatch(lower))


@lru_cache(maxsize=16384)
def _prior(tag: str, names: str) -> Prior:
    if tag in _TAGS:
        return _TAGS[tag]
    if tag in ("body", "html"):
        return _PLAIN
    # One word that names both, like `detail-content--recommend`, is about what it ends with.
    noise: Prior | None = None
    for word in names.split():
        about = _word_noise(word)
        if about is None and _BODY.search(word.lower()):
            return _STRONG
        if about is _FOOTER and tag == "p":
            about = Prior(noise=LAST, share=_FOOTER.share)
        noise = noise or about
    if noise is not None:
        return noise
    if tag in ("article", "main"):
        return _ARTICLE
    return _SLIGHT if _SOMEWHAT.search(names.lower()) else _PLAIN


def node_prior(element: HtmlElement) -> Prior:
    """Return what the names of an element say."""
    prop = element.get("itemprop")
    if prop is not None and "articleBody" in prop:
        return _TEXT
    role = element.get("role")
    if role in _ARIA:
        return _ARIA[role]
    return _prior(element.tag, f"{element.get('class') or ''} {element.get('id') or ''}")
