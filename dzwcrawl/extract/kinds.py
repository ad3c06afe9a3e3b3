"""What kind of page it is: pages that are no article and why, and the kinds of article that read otherwise."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, pairwise

from dzwcrawl.article import Article, Kind
from dzwcrawl.extract.page import Page, PageBlock, Region
from dzwcrawl.extract.priors import SCRAMBLED
from dzwcrawl.extract.scores import ENDS, is_link, mass, shape
from dzwcrawl.text import fold
from dzwcrawl.urls import host_of, is_front_page

TEASER = "only the teaser: paywall"
"""The note of an article of which the page shows the beginning only."""

_NO_ARTICLE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (
        why,
        re.compile(
            rf"(?:[^,。:\u201c\u300c\u300e]{{0,16}}?|[^,。]{{0,6}}[,!] ?)(?:{'|'.join(filter(None, map(str.strip, lines.splitlines())))})"
        ),
    )
    for why, lines in (
        (
            "the page says that the article does not exist",
            r"""
            (文章|页面|网页|稿件|内容|新闻|信息|帖子|链接|栏目|您?(要)?(访问|查看|浏览)的(页面|文章|内容|信息))[^。,，]{0,8}(不存在|已?(经)?(被)?(删除|下线|下架|移除|过期|失效|撤回)|找不到|无法找到|走丢|没有找到).{0,16}
            (抱歉|对不起|很遗憾)[,，!！]?.{0,12}(不存在|找不到|删除|没有找到|无法访问|出错).{0,16}
            \A(http |status )?(error|fehler|erreur|错误)?[ :]*(404|410)[ :]*(not found|error|gone|页面|错误|页面不存在)?
            (the |this )?(page|article|story|content|document)( you .{0,40})? (was |is |could |can ?)?(not (be )?found|no longer (available|exists?)|does ?n.t exist|has been (removed|deleted)).{0,60}
            (that|this|the|your) page can.?.?t be found.{0,40}|the page you (requested|are looking for).{0,80}|\Anot found
            (sidan|siden|artikeln|artikkelen|artiklen)( du .{0,30})? ((kunde|kunne) (inte|ikke) (hittas|bli funnet|findes)|hittades inte|ble ikke funnet|blev ikke fundet|(finns|finnes|findes) (inte|ikke)( längre| lenger| længere)?).{0,40}
            (die |diese )?(seite|artikel|angeforderte seite|inhalt).{0,30}(nicht (mehr )?(gefunden|vorhanden|verfügbar)|existiert nicht( mehr)?|wurde (entfernt|gelöscht)).{0,60}
            (la )?page (est )?introuvable.{0,40}|cette page n.existe (pas|plus).{0,40}|(l.)?article n.est plus disponible.{0,40}
            (la )?página (no encontrada|no existe|que busca).{0,60}|pagina non trovata.{0,40}|página não encontrada.{0,40}|pagina niet gevonden.{0,40}
            (お探しの|ご指定の)?(ページ|記事)(が|は)(見つかりません|存在しません|削除されました).{0,40}
            (요청하신 |찾으시는 )?(페이지|기사)(를|가|는)? ?(찾을 수 없|존재하지 않|삭제).{0,40}
            """,
        ),
        (
            "the page asks whether a person is reading it",
            r"""
            \A(百度)?(安全|访问|人机|滑动|身份)验证(中心|中|码|页面)?|请(完成|进行|通过|输入|点击).{0,8}验证.{0,16}|.{0,8}拖动(滑块|下方).{0,20}
            (您的|你的|您所在|当前|检测到).{0,12}(访问|请求|ip|操作)(地址|行为)?.{0,6}(异常|过于频繁|被?拦截|被?拒绝|被?禁止|受限|不合法|存在风险).{0,16}
            \A(网站防火墙|云防护|云防御|waf防护|网站安全狗|云锁|创宇盾)(提示|拦截|拦截提示)?
            \Ajust a moment|\Aattention required!.{0,40}|\Aaccess denied( - .{0,40})?|access to this page has been denied.{0,60}|\A(error )?403( forbidden)?|\Aforbidden
            (please )?(verify|verifying|confirm)( that)? you are (a )?(human|not a (ro)?bot).{0,60}|are you a (human|robot).{0,40}
            pardon our interruption.{0,60}|checking (if the site connection is secure|your browser).{0,80}|\Asecurity check(point)?
            (your )?request (was |has been )?(blocked|rejected).{0,60}|(sorry, )?you have been blocked.{0,40}|ddos protection by.{0,40}|unusual traffic.{0,80}
            \Azugriff verweigert.{0,60}|\Asicherheits(über)?prüfung|accès refusé.{0,60}|acceso denegado.{0,60}|accesso negato.{0,60}
            アクセスが(拒否|制限).{0,40}|접근이 (거부|차단).{0,40}|ロボットではありません.{0,20}
            """,
        ),
        (
            "the page only asks to log in",
            r"""
            (请|您需要)(先|您先)?(登录|登入).{0,16}|(您|你)(还)?(没有|未|尚未)(登录|登陆|登入).{0,16}|登录后(可|才能?|方可)?(查看|阅读|访问|继续|浏览).{0,20}
            (please )?(log|sign) ?in to (continue|view|read|access|see).{0,60}|you (must|need to) (be logged|log|sign) ?in.{0,60}|login required.{0,30}
            (bitte )?(melden sie sich|loggen sie sich|einloggen|anmelden).{0,40}(um|an|ein|fort).{0,60}|anmeldung erforderlich.{0,30}
            (veuillez vous connecter|connectez-vous pour).{0,60}|(inicie|inicia) sesión para.{0,60}|(accedi|effettua il login) per.{0,60}
            ログイン(してください|が必要).{0,30}|로그인(이 필요|해 ?주세요|하셔야).{0,30}
            """,
        ),
        (
            "the page says that the site is out of order",
            r"""
            (系统|网站|服务器|站点|本站)(正在|正处于)(维护|升级).{0,16}|\A(系统繁忙|服务器(内部)?错误|网站(暂时)?关闭|数据库(连接)?(错误|失败|出错)).{0,16}
            \A“/”应用程序中的服务器错误|\A运行时错误|\A(server error in .{1,30} application|runtime error)
            \A(warning|fatal error|parse error): .{0,40}(uncaught|mysqli?_|pdo|require|include|call to|allowed memory|maximum execution|syntax error).{0,120}
            \A(http )?(error )?(500|502|503|504)[ :]*(internal server error|bad gateway|service (temporarily )?unavailable|gateway time-?out|error)?
            \A(internal server error|bad gateway|service (temporarily )?unavailable|error establishing a database connection).{0,40}
            (we.re |site |the site is )(currently |down for |under )+(scheduled )?maintenance.{0,60}|\A(down for |under )?maintenance|(wegen )?wartungsarbeiten.{0,60}|(site )?en maintenance.{0,40}
            メンテナンス中.{0,40}|(시스템|서버) ?점검.{0,40}
            """,
        ),
        (
            "the page only leads on to another",
            r"""
            (页面(正在|自动)|\A正在)跳转(中|到)?.{0,16}|如果(您的)?浏览器没有自动跳转.{0,16}|(you are being |you will be )?redirect(ed|ing).{0,16}
            (please )?(enable|turn on|activate) (javascript|js|cookies).{0,80}|javascript (is|must be|wird|ist).{0,80}|(请|需要)(开启|启用|打开|允许).{0,10}(javascript|js|cookie).{0,16}
            sie werden (automatisch )?weitergeleitet.{0,60}|vous allez être redirigé.{0,60}
            """,
        ),
    )
)
GONE = _NO_ARTICLE[0][0]
"""The reason of a page that says that its article is gone."""

BARS = frozenset(why for why, _ in _NO_ARTICLE[1:])
"""The reasons of pages that stand before an article and say nothing of it; the first of all says that it is gone."""

_FEW = 400
"""Characters of text outside links; a page with more is not just a message."""

_MESSAGE = 160
"""Characters of a line up to which it may be such a message."""

_LITTLE, _BESIDE = 60.0, 130.0
"""Mass of other sentences from which such a line, or such a title, is part of a brief or stands below a teaser."""

_FEEDS = frozenset({"rss", "feed", "rdf:rdf", "urlset", "sitemapindex"})
"""First elements of XML that tells of articles."""

_MARKS = " !.。…"

_TITLE_PARTS = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s+|(?<=[\u3400-\u9fff])\s*[-–—]+\s*")


def not_an_article(page: Page) -> str | None:
    """Return why a page is no article, or None when it may be one."""
    if any(element.tag in _FEEDS for element in islice(page.root.iter("*"), 2, 3)):
        return "a feed or sitemap, not an article"
    prose = [block for block in page.blocks if block.link_chars * 2 < len(block.text)]
    if sum(len(block.text) for block in prose) > _FEW:
        return None
    titles = _TITLE_PARTS.split(fold(page.root.findtext(".//title") or "")[:_MESSAGE])
    titles += [fold(block.text) for block in prose if block.element.tag == "h1"]
    lines = [fold(block.text) for block in prose]
    for why, pattern in _NO_ARTICLE:
        said = [text for text in lines if pattern.fullmatch(text[:_MESSAGE].strip(_MARKS))]
        titled = any(pattern.fullmatch(text.strip(_MARKS)) for text in titles)
        beside = sum(mass(text) for text in lines if ENDS.search(text) and text not in said)
        if (titled and beside < _BESIDE) or (said and beside < _LITTLE):
            return why
    return None


def is_listing(blocks: list[PageBlock], *, share: float = 0.8) -> bool:
    """Tell whether blocks are a list of links rather than text: that share of them at least."""
    texts = [block for block in blocks if len(block.text) > 5]
    links = sum(block.link_chars * 2 > len(block.text) for block in texts)
    return len(texts) >= 8 and links >= share * len(texts)


_ENTRIES = 5
"""Teasers from which they are a listing."""

_ENTRY = 550.0
"""Mass of text up to which an element with a linked heading is the teaser of an article."""

_FRONT = 0.5
"""Share of links from which a page at the root of a host is its front page."""

_BRIEF, _LINKS = 50.0, 8
"""Mass of text below which a page of so many links is a listing, if no sentence and no image is in it."""

_SAYS_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|LiveBlogPosting)"')


def holds_sentence(blocks: list[PageBlock]) -> bool:
    """Tell whether any of the blocks that were kept has the end of a sentence in it."""
    return any(block.removed is None and ENDS.search(block.text) for block in blocks)


def listing_found(page: Page, region: Region) -> str | None:
    """Return why what was taken for a body is a listing, or None.

    A page that says of itself that it is an article is believed.
    """
    kept = [block for block in page.blocks[region.start : region.end] if block.removed is None]
    text = sum(mass(block.text) for block in kept)
    if page.url and is_front_page(page.url) and text < _ENTRY:
        # Teasers have names, times and sections beside their links; an index.html may be anything.
        bare = page.url.rstrip("/").count("/") == 2 and not says_article(page)
        if is_listing(page.blocks, share=_FRONT if bare else 0.8):
            return "a front page, not an article"
    if holds_sentence(kept):
        entries = _entries(page, region)
        inside = {id(block) for start, end in entries for block in page.blocks[start:end]}
        prose = sum(mass(block.text) for block in kept if id(block) in inside)
        listing = len(entries) >= _ENTRIES and prose >= 0.8 * text and not says_article(page)
    else:
        links = sum(block.link_chars * 2 > len(block.text) for block in page.blocks)
        listing = (bool(kept) and all(block.role == "heading" for block in kept)) or (
            text < _BRIEF
            and links >= max(_LINKS, len(page.blocks) // 3)
            and region.container.find(".//img") is None
        )
        listing = listing or _dated_rows(kept) or (_linked_rows(kept) and not says_article(page))
    return "a listing, not an article" if listing else None


_ROW_DAY = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(\s+\d{1,2}:\d{2}(:\d{2})?)?[)）\]]?$"
)


def _dated_rows(kept: list[PageBlock]) -> bool:
    """Tell whether lines are the rows of a listing that a script links: every other one ends in a day."""
    dated = sum(_ROW_DAY.search(block.text) is not None for block in kept)
    return dated >= _ENTRIES and dated >= 0.4 * len(kept)


def _linked_rows(kept: list[PageBlock]) -> bool:
    """Tell whether lines without a sentence are links, each with a day or a section beside it."""
    return len(kept) >= _LINKS and sum(3 * b.link_chars > len(b.text) for b in kept) >= 0.8 * len(kept)


def _entries(page: Page, region: Region) -> list[tuple[int, int]]:
    """Return the largest group of elements of one shape, side by side, that are a linked heading with a short text; or of
    linked headings side by side, each with the short text up to the next.
    """
    groups: dict[tuple[int, str, str], list[tuple[int, int]]] = defaultdict(list)
    for node in page.nodes:
        if region.start <= node.start and node.end <= region.end and 1 < node.end - node.start <= 8:
            blocks = page.blocks[node.start : node.end]
            headings = [block for block in blocks if is_link(block) and mass(block.text) >= 6]
            if headings and sum(mass(block.text) for block in blocks) <= _ENTRY:
                key = (node.parent, node.element.tag, shape(node.element.get("class") or ""))
                groups[key].append((node.start, node.end))
    heads = [n for n in range(region.start, region.end) if _leads_on(page, page.blocks[n])]
    for start, end in pairwise([*heads, region.end]):
        if sum(mass(block.text) for block in page.blocks[start:end]) <= _ENTRY:
            groups[0, "", ""].append((start, end))
    return max(groups.values(), key=len, default=[])


def _leads_on(page: Page, block: PageBlock) -> bool:
    """Tell whether a block is a heading that is a link to another page of the same site."""
    if block.role != "heading" or not is_link(block) or mass(block.text) < 6:
        return False
    inside = block.element.find(".//a[@href]")
    link = inside if inside is not None else next(block.element.iterancestors("a"), None)
    href = (link.get("href") or "").strip() if link is not None else ""
    return "//" not in href or host_of(href) == host_of(page.url or "")


def says_article(page: Page) -> bool:
    """Tell whether a page says in OpenGraph or JSON-LD that it is an article."""
    if any("article" in kind.lower() for kind in page.stated("og:type")[:3]):
        return True
    return any(_SAYS_ARTICLE.search(text) for text in _linked_data(page))


def _linked_data(page: Page) -> Iterator[str]:
    """Yield the texts of the JSON-LD scripts."""
    for script in page.tagged["script"]:
        if "ld+json" in (script.get("type") or ""):
            yield script.text or ""


_CLOCK = re.compile(
    r"(?:\d{1,2}月\d{1,2}日\s*|[\[【(]\s*)?(?:[01]?\d|2[0-3])[:：.h时][0-5]\d(?!\d)\s*(?:uhr\b|分|[ap]m\b)?",
    re.I,
)
_TICKER = re.compile(
    r"live-?ticker|live-?blog|news-?ticker|直播|滚动|minuto a minuto|en direct|minute par minute|速報|live updates",
    re.I,
)
_VIDEO = re.compile(r"^video|\bvideo\.(?:other|episode|movie)")

_TIMES = 4
"""Lines that begin with a clock from which the entries of a ticker are seen."""

_PICTURES = 4
"""Images from which a page is a gallery, if the text is little more than their captions."""

_CAPTION = 40.0
"""Mass of text an image up to which the text is captions."""

_DESCRIPTION = 150.0
"""Mass of text up to which a page with a video is about the video."""


def kind_of(page: Page, region: Region, article: Article) -> Kind:
    """Return what kind of article was found; its text is the captions of a gallery, the description of a video."""
    kept = [block for block in page.blocks[region.start : region.end] if block.removed is None]
    text = sum(mass(block.text) for block in kept)
    times = sum(bool(_CLOCK.match(block.text)) for block in kept)
    named = _TICKER.search(f"{article.title or ''} {page.root.findtext('.//title') or ''} {page.url or ''}")
    if times >= _TIMES and (named or times * 4 >= len(kept)):
        return "ticker"
    captions = sum(mass(block.text) for block in kept if block.role == "caption")
    captions += sum(mass(image.caption) for image in article.images if image.caption) if not captions else 0.0
    if len(article.images) >= _PICTURES and (captions * 2 > text or text <= _CAPTION * len(article.images)):
        return "gallery"
    if text <= _DESCRIPTION and (article.videos or _shows_video(page)):
        return "video"
    return "article"


def _shows_video(page: Page) -> bool:
    """Tell whether a page holds a video element or says in OpenGraph that it shows a video."""
    stated = page.stated("og:type")[:3]
    return bool(page.tagged["video"]) or any(_VIDEO.search(kind.lower()) for kind in stated)


def video_text(page: Page) -> Region | None:
    """Return the region of the description of a video page that has no other text, or None.

    The description is one block more, at the end of the page's.
    """
    if not _shows_video(page):
        return None
    described = page.root.xpath("//meta[@property='og:description' or @name='description']/@content")
    text = max((" ".join(str(value).split()) for value in described[:5]), key=len, default="")
    if mass(text) < 10:
        return None
    page.blocks.append(PageBlock(text, "paragraph", page.root))
    return Region(len(page.blocks) - 1, len(page.blocks), page.root, "video: description")


_PAYWALL = re.compile(
    "|".join(
        filter(
            None,
            map(
                str.strip,
                r"""
                .{0,30}(付费|订阅|购买|开通|成为会员|加入会员|登录|登陆|注册)(会员|vip)?(后|即可|可|,|，)?.{0,8}(阅读|查看|解锁|畅读)(全文|剩余|完整|余下).{0,30}
                .{0,12}(本文|此文|该文|全文|本内容)(为|是|仅限|仅供|需)?.{0,6}(付费|会员|订阅)(用户|内容|文章|专享|可读|阅读|后).{0,30}
                .{0,12}(剩余|余下|还有|尚有)\s?\d+\s?%.{0,30}|.{0,10}试读(已|部分)?(结束|完毕|内容).{0,30}
                .{0,40}(weiterlesen mit|mit .{2,24} weiterlesen|(diesen|ganzen) artikel (jetzt )?(weiter)?lesen|jetzt (freischalten|weiterlesen)).{0,60}
                (dieser|diese|der|den) (artikel|beitrag|text|inhalt).{0,40}(abonnent|abo\b|registriert|plus).{0,80}
                .{0,20}(exklusiv|nur) für .{0,20}abonnent.{0,60}
                .{0,10}il (vous )?reste [\d.,]+ ?% .{0,80}|.{0,40}réservée?s? (à nos|aux) abonnés.{0,60}|pour lire la suite.{0,80}
                (please )?(subscribe|sign up|register|log in|sign in)( now)? to (continue|keep|read|unlock|access).{0,80}
                to (continue|keep) reading.{0,80}|to read the (rest|full).{0,80}|(continue|keep) reading (with|by) .{0,60}|unlock (this|the full) (article|story).{0,60}
                this (article|story|content|post) is (for|only|available|exclusive|reserved).{0,40}(subscriber|member).{0,60}
                .{0,20}(contenido|artículo).{0,12}(exclusivo|solo).{0,6} para suscriptores.{0,60}|.{0,30}para (seguir|continuar) leyendo.{0,60}
                .{0,20}(contenuto|articolo) (è )?riservato (agli|ai) abbonati.{0,60}|.{0,12}per continuare a leggere.{0,60}
                残り[\d,]+文字.{0,40}|.{0,10}記事が読み放題.{0,30}|この(記事|続き)は.{0,10}(有料|会員).{0,40}|続きを読むには.{0,40}|ここから先は.{0,10}会員.{0,30}
                .{0,20}(유료 ?(기사|회원|구독)|구독자 전용|로그인 후).{0,40}
                """.splitlines(),
            ),
        )
    )
)
_LOCKED = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.I)

_BELOW = 15
"""Blocks below the text among which the line of a paywall stands."""

_WHOLE = 700.0
"""Mass of text from which it is no teaser, unless JSON-LD says that the article is not free."""


def is_teaser(page: Page, region: Region) -> bool:
    """Tell whether a page shows only the beginning: the rest is unreadable, or right below it asks for a subscription.

    JSON-LD alone does not tell: many pages that are said not to be free hold the whole text for search engines.
    """
    if any(block.removed == SCRAMBLED for block in page.blocks[region.start : region.end]):
        return True
    numbers = [i for i in range(region.start, region.end) if page.blocks[i].removed is None]
    if not numbers:
        return False
    below = page.blocks[numbers[-3:][0] + 1 : numbers[-1] + 1 + _BELOW]
    if not any(len(b.text) < _MESSAGE and _PAYWALL.fullmatch(fold(b.text)) for b in below):
        return False
    short = sum(mass(page.blocks[i].text) for i in numbers) < _WHOLE
    return short or any(_LOCKED.search(text) for text in _linked_data(page))
