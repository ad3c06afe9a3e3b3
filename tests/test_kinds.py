"""Kinds of pages: what is refused and by which name, what a gallery, a video, a ticker and a teaser give."""

import pytest

from dzwcrawl.article import Article
from dzwcrawl.extract import Barred, NotAnArticle, extract
from dzwcrawl.extract.kinds import TEASER
from tests.replica import World

A = "昨日，本市召开重点项目推进会，要求各县区对照目标抓好落实，确保全年任务完成。"
B = "会议指出，今年以来全市项目建设进展顺利，已有三十个项目开工，投资额同比增长一成。"
C = "下一步，本市将继续优化营商环境，为企业提供更好的服务，推动经济平稳增长。"
D = "Der Stadtrat hat am Montag beschlossen, die Brücke über die Elbe bis zum Frühjahr zu sperren."
E = "Die Bauarbeiten beginnen im Januar und kosten nach Angaben der Stadt vier Millionen Euro."
F = "Anwohner kritisierten, dass die Umleitung durch die Altstadt führt und Schulwege betrifft."
NAV = "<ul class=nav>" + "".join(f"<li><a href=/{n}>{n}频道</a></li>" for n in "要闻财经体育文化") + "</ul>"
FOOT = "<div class=footer><p>版权所有 某某网 鲁ICP备00000000号</p><p><a href=/about>关于我们</a></p></div>"


def read(
    markup: str,
    title: str = "本市推进重点项目_某某网",
    head: str = "",
    url: str = "http://www.example.org/a/1.html",
) -> Article:
    page = f"<html><head><title>{title}</title>{head}</head><body>{NAV}{markup}{FOOT}</body></html>"
    return extract(page.encode(), url=url)


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    ("title", "markup"),
    [
        ("404", "<h1>抱歉，您访问的页面不存在或已被删除！</h1><p>3秒后自动返回首页</p>"),
        ("页面不存在", "<p>页面不存在</p>"),
        ("某某网", "<div class=tip>该页面已删除</div>"),
        ("提示信息", "<p>您要查看的文章已下线。</p><p>您可以返回首页，看看别的新闻。</p>"),
        ("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>"),
        (
            "Seite nicht gefunden | Elbzeitung",
            f"<h1>Diese Seite wurde leider nicht gefunden</h1><p>{D[:60]}</p>",
        ),
        ("Page introuvable - Ouest", "<h1>La page est introuvable</h1><p>Essayez la recherche.</p>"),
        ("El Norte", "<h1>Página no encontrada</h1>"),
        ("ニュース", "<p>お探しの記事は見つかりませんでした。掲載期間が終了した可能性があります。</p>"),
        ("뉴스", "<p>요청하신 페이지를 찾을 수 없습니다.</p>"),
        ("Fjordbladet", "<h1>Siden kunne ikke findes</h1><p>Prøv forsiden.</p>"),
        ("Kustbladet", "<h1>Hoppsan!</h1><p>Sidan du söker finns inte längre.</p>"),
    ],
)
def test_error_pages_that_answer_200(title: str, markup: str) -> None:
    with pytest.raises(NotAnArticle, match="does not exist"):
        read(markup, title)


@pytest.mark.parametrize(
    ("title", "markup", "why"),
    [
        ("百度安全验证", "<p>请完成下方验证后继续操作</p>", "whether a person"),
        ("访问验证", "<div>您的访问过于频繁，请稍后再试</div>", "whether a person"),
        ("网站防火墙", "<p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>", "whether a person"),
        (
            "Just a moment...",
            "<p>Checking your browser before accessing elbzeitung.de.</p>",
            "whether a person",
        ),
        ("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1>", "whether a person"),
        ("Access Denied", "<p>You don't have permission to access this server.</p>", "whether a person"),
        ("某某网", "<p>请先登录后查看</p><p>用户名</p><p>密码</p>", "log in"),
        ("Elbzeitung", "<p>Bitte melden Sie sich an, um diesen Artikel zu lesen.</p>", "log in"),
        ("某某网", "<h1>网站正在维护中，请稍后访问</h1>", "out of order"),
        ("502 Bad Gateway", "<h1>502 Bad Gateway</h1>", "out of order"),
        ("Elbzeitung", "<p>Wegen Wartungsarbeiten sind wir gleich zurück.</p>", "out of order"),
        (
            "运行时错误",
            "<h1>“/”应用程序中的服务器错误。</h1><p>说明: 服务器上出现应用程序错误。</p>",
            "out of order",
        ),
        ("", "Warning: mysql_connect(): Too many connections in /www/a.php on line 3", "out of order"),
        ("跳转", "<p>页面正在跳转中，请稍候……</p>", "leads on"),
        ("Elbzeitung", "<p>Please enable JavaScript to view this page.</p>", "leads on"),
    ],
)
def test_walls_and_notices_have_names(title: str, markup: str, why: str) -> None:
    with pytest.raises(Barred, match=why):
        read(markup, title)


def test_a_page_that_is_gone_bars_nothing() -> None:
    with pytest.raises(NotAnArticle, match="does not exist") as caught:
        read("<h1>文章不存在</h1>", "提示信息")
    assert not isinstance(caught.value, Barred)


@pytest.mark.parametrize(
    "line",
    [
        "昨日，网友反映某文章已被删除，相关部门回应称正在核实，将及时公布结果。",
        "市公安局提醒，凡要求先登录后查看的链接多为诈骗，请市民不要点击。",
        "因系统维护，本市社保业务将于周五暂停办理，请市民提前安排好时间。",
        "安全验证是支付的第一道关口，专家建议市民不要把验证码告诉他人。",
    ],
)
def test_briefs_about_such_things_are_articles(line: str) -> None:
    assert (
        read(f"<h1>本市推进重点项目</h1><div class=con>{paragraphs('本报讯 ' + line)}</div>").body
        == f"本报讯 {line}"
    )


@pytest.mark.parametrize(
    "title",
    [
        "台风尚未登陆我省",
        "政务平台建设提速",
        "本市推行身份验证新规",
        "某公司发布云防护产品",
        "网站升级改造项目开工",
        "论坛回应“页面不存在”：系统升级所致",
        "Stadt schafft 410 Stellen",
        "Feuer zerstört 500 Hektar Wald",
        "Missing man not found",
        "The forbidden city opens again",
        "Airport security check takes longer",
        "Access denied to journalists in court",
    ],
)
def test_titles_of_briefs_about_such_things(title: str) -> None:
    article = read(f"<h1>{title}</h1><div class=con>{paragraphs(A, B)}</div>", f"{title}_某某网")
    assert (article.title, article.body.splitlines()) == (title, [A, B])


ROWS = "".join(
    f"<li><a href=/a/{n}.html>第{n}条新闻的标题写在这里</a><span>06-{n:02}</span></li>" for n in range(1, 25)
)
TEASERS_ZH = "".join(
    f"<div class=item><h3><a href=/a/{n}.html>第{n}条新闻的标题写在这里</a></h3><p>{n}月{A}{B}</p></div>"
    for n in range(1, 12)
)
TEASERS_DE = "".join(
    f"<article class=teaser><h2><a href=/a/{n}>Die Überschrift der Meldung Nummer {n}</a></h2><p>{n}. {E}</p></article>"
    for n in range(1, 12)
)
# As pages of 2003 have them: no element around an entry; a class that counts; lines in one cell.
BARE_DE = "".join(
    f"<h2><a href=/a/{n}>Die Überschrift der Meldung Nummer {n}</a></h2><p>{n}. {E}</p>" for n in range(1, 12)
)
COUNTED_ZH = "".join(
    f"<div class='c c-{n}'><a href=/a/{n}.html>第{n}条新闻的标题写在这里</a><p>{n}月{A}{B}</p></div>"
    for n in range(1, 12)
)
CELL_ZH = "<br>".join(f"·<a href=/a/{n}.asp>{n}号新闻的标题</a> (06/{n:02})" for n in range(10, 25))


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        (f"<h2>要闻</h2><ul class=list>{ROWS}</ul><div class=pager>上一页 1 2 3 下一页</div>", "要闻_某某网"),
        (f"<h1>要闻</h1><div class=list>{TEASERS_ZH}</div>", "要闻_某某网"),
        (f"<h1>Lokales</h1><main>{TEASERS_DE}</main>", "Lokales | Elbzeitung"),
        (f"<h1>Lokales</h1><main>{BARE_DE}</main>", "Lokales | Elbzeitung"),
        (f"<h1>要闻</h1><div>{COUNTED_ZH}</div>", "要闻_某某网"),
        (f"<table><tr><td>{CELL_ZH}</td></tr></table>", "要闻_某某网"),
    ],
    ids=["headlines", "teasers", "German teasers", "bare teasers", "counted teasers", "lines in a cell"],
)
def test_listings_are_never_articles(markup: str, title: str) -> None:
    with pytest.raises(NotAnArticle, match=r"listing|links"):
        read(markup, title, url="http://example.org/yw/index.html")


def test_listings_of_the_replica_are_never_articles() -> None:
    world = World(articles=60)
    for url in world.start_urls:
        with pytest.raises(NotAnArticle):
            extract(world.get(url).body, url=url)


def test_front_page() -> None:
    columns = "".join(f"<div class=col><h2>{n}</h2><ul>{ROWS}</ul><p>{A}</p></div>" for n in ("要闻", "财经"))
    with pytest.raises(NotAnArticle, match=r"front page|listing"):
        read(columns, "某某网", url="http://www.example.org/")


def test_front_page_of_teasers_with_names_and_times() -> None:
    rows = "".join(
        f"<li><p>Vor {n} Stunden</p><p><a href=/{n}>Die Überschrift Nummer {n}</a></p><p><a href=/x>Mehr von Jane Doe</a></p></li>"
        for n in range(1, 25)
    )
    front = f"<h1>Elbzeitung</h1><div class=top><p>{D} {E}</p></div><ul>{rows}</ul>"
    with pytest.raises(NotAnArticle, match="front page"):
        read(front, "Elbzeitung", url="https://www.example.org/")
    says = "<meta property='og:type' content='article'>"
    assert read(front, "Elbzeitung", says, url="https://www.example.org/").body == f"{D} {E}"


@pytest.mark.parametrize("tag", ["rss", "feed", "urlset"])
def test_feeds_and_sitemaps_are_no_articles(tag: str) -> None:
    feed = (
        f"<?xml version='1.0'?><{tag}><title>Elbzeitung</title><description>{D} {E} {F}</description></{tag}>"
    )
    with pytest.raises(NotAnArticle, match="feed or sitemap"):
        extract(feed.encode())


def test_a_text_with_a_list_of_links_is_an_article() -> None:
    article = read(
        f"<h1>本市推进重点项目</h1><div class=con>{paragraphs(A, B, C)}</div><ul class=more>{ROWS}</ul>"
    )
    assert article.body.splitlines() == [A, B, C]


def test_a_text_whose_headings_lead_to_other_sites_is_an_article() -> None:
    tips = "".join(
        f"<h2><a href=//n{n}.example.net>Tipp {n} fürs Wochenende</a></h2><p>{n}. {E}</p>" for n in range(6)
    )
    article = read(
        f"<h1>Sechs Tipps fürs Wochenende</h1><div class=text><p>{D}</p>{tips}</div>", "Sechs Tipps"
    )
    assert article.body.startswith(D)
    assert article.body.endswith(f"5. {E}")


def test_gallery() -> None:
    figures = "".join(
        f"<figure><img src=/{n}.jpg width=900><figcaption>{line}</figcaption></figure>"
        for n, line in enumerate((A, B, C, A[:-1] + "（图四）。"))
    )
    article = read(f"<h1>本市推进重点项目</h1><div class=content>{figures}</div>")
    assert article.kind == "gallery"
    assert [image.caption for image in article.images[:3]] == [A, B, C]
    assert article.body.splitlines()[:3] == [A, B, C]


def test_german_gallery() -> None:
    figures = "".join(
        f"<figure><img src=/{n}.jpg width=900><figcaption>{line} Foto: Müller</figcaption></figure>"
        for n, line in enumerate((D, E, F, D[:-1] + ", heißt es."))
    )
    article = read(
        f"<h1>Bilder der Brücke</h1><div class=gallery>{figures}</div>", "Bilder der Brücke | Elbzeitung"
    )
    assert article.kind == "gallery"
    assert article.body.splitlines()[0] == f"{D} Foto: Müller"


@pytest.mark.parametrize(("text", "title"), [(A, "本市推进重点项目"), (D, "Stadtrat sperrt Brücke")])
def test_video_page(text: str, title: str) -> None:
    shown = read(f"<h1>{title}</h1><video src=/v.mp4></video><div class=desc><p>{text}</p></div>", title)
    assert (shown.kind, shown.body) == ("video", text)
    head = f'<meta property="og:type" content="video.other"><meta property="og:description" content="{text}">'
    described = read(f"<h1>{title}</h1><div id=player></div>", title, head)
    assert (described.kind, described.body) == ("video", text)


def test_ticker_keeps_its_entries_in_order() -> None:
    entries = [f"{18 - n}:0{n} {line}" for n, line in enumerate((A, B, C, A + B, B + C))]
    article = read(
        f"<h1>直播：本市推进重点项目</h1><div class=live>{paragraphs(*entries)}</div>",
        "直播：本市推进重点项目",
    )
    assert article.kind == "ticker"
    assert article.body.splitlines() == entries


def test_german_ticker() -> None:
    entries = "".join(
        f"<div class=entry><time>{18 - n}:3{n} Uhr</time><h3>Meldung {n}</h3><p>{line}</p></div>"
        for n, line in enumerate((D, E, F, D + " " + E, E + " " + F))
    )
    article = read(
        f"<h1>Liveticker: Stadtrat sperrt Brücke</h1><div class=live>{entries}</div>",
        "Liveticker: Stadtrat sperrt Brücke",
    )
    assert article.kind == "ticker"
    assert [line for line in article.body.splitlines() if len(line) > 60] == [D, E, F, f"{D} {E}", f"{E} {F}"]


@pytest.mark.parametrize(
    ("lines", "wall"),
    [
        ((A, B), "开通会员后可阅读全文"),
        ((A, B), "本文为付费内容，剩余72%未读"),
        ((D, E), "Jetzt weiterlesen mit Elbzeitung Plus"),
        ((D, E), "Dieser Artikel ist nur für Abonnenten lesbar"),
        ((D, E), "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés."),
        ((D, E), "この記事は有料会員限定です。"),
    ],
)
def test_a_teaser_is_kept_and_says_so(lines: tuple[str, ...], wall: str) -> None:
    article = read(
        f"<h1>本市推进重点项目</h1><div class=con>{paragraphs(*lines)}</div><div class=wall><p>{wall}</p></div>"
    )
    assert article.body.splitlines()[: len(lines)] == list(lines)
    assert article.notes == [TEASER]


def test_a_whole_article_with_a_subscription_offer_below_is_no_teaser() -> None:
    article = read(f"<h1>本市推进重点项目</h1><div class=con>{paragraphs(*[A, B, C] * 1, *(f'{n}、{A}{B}{C}' for n in range(9)))}</div>"
                   "<p>订阅本报</p><p>已有账号？登录</p>")  # fmt: skip
    assert article.notes == []
    assert article.kind == "article"
