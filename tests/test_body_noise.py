"""What stands around and inside bodies and is not the article; one small page for every kind of failure.

Each page goes the whole way: found, read, cleaned by phrases. Nothing of the text may be lost.
"""

import json

import pytest

from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import extract

A = "昨日，本市召开重点项目推进会，要求各县区对照目标抓好落实，确保全年任务完成。"
B = "会议指出，今年以来全市项目建设进展顺利，已有三十个项目开工，投资额同比增长一成。"
C = "下一步，本市将继续优化营商环境，为企业提供更好的服务，推动经济平稳增长。"
OTHER = "另据了解，邻市近日也公布了今年的重点项目名单，涉及交通、能源、水利等多个领域。"
TITLE = "本市推进重点项目"
EN = [
    "The council approved the plan on Monday after a debate that lasted four hours, officials said.",
    "Work on the bridge will begin in spring, and traffic is to be diverted over the old road.",
    "Residents have asked for a crossing at the school, which the mayor promised to look into.",
]
MORE_EN = [
    "Shop owners near the river fear for their trade while the works go on, a survey showed.",
    "The state will pay two thirds of the cost, which is put at eleven million in the plan.",
    "A first public meeting is set for the end of the month, in the hall behind the library.",
]
OTHER_EN = "A neighbouring town has published its own list of projects for the year, among them a new school."


def lines(markup: str, title: str = TITLE) -> list[str]:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{markup}</body></html>"
    article = extract(page.encode())
    clean_phrases(article)
    return article.body.split("\n")


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    "line",
    [
        "分享到： 微信 微博 QQ空间",
        "分享让更多人看到",
        "【发表评论】【告诉好友】【打印此文】【收藏此文】【关闭窗口】",
        "字号：大 中 小",
        "A- A A+",
        "[1] [2] [3] [下一页]",
        "1 2 3 4 5",
        "- THE END -",
        "—— 全文完 ——",
        "更多精彩内容，请关注某某发布微信公众号",
        "打开某某新闻客户端，查看更多精彩图片",
        "免责声明：本文来自网络，不代表本站立场",
        "版权归原作者所有",
        "看完这篇文章您的感觉是",
        "鲜花 握手 雷人 路过 鸡蛋",
        "推荐阅读：另一篇报道的标题在这里",
        "您所在的位置：首页 > 新闻 > 本市",
        "扫一扫，分享到朋友圈",
        "$$ARTICLE_AD$$",
        "上一篇文章：本市召开会议",
        "阅读(123) 评论(0)",
    ],
)
def test_a_line_inside_a_chinese_body(line: str) -> None:
    assert lines(f"<div id=zoom>{paragraphs(A, B, line, C)}</div>") == [A, B, C]


@pytest.mark.parametrize(
    "line",
    [
        "Les også: Dette er planen for neste år",
        "Lire aussi : Le pont sera fermé au printemps",
        "Auch interessant: Was die Stadt sonst noch plant",
        "Mehr zum Thema: Was die Stadt sonst noch plant",
        "MORE: Bridge will be closed in spring",
        "READ MORE: Bridge will be closed in spring",
        "Te puede interesar: El puente se cierra en primavera",
        "【関連記事】橋は春に閉鎖",
        "[관련기사] 다리는 봄에 폐쇄된다",
        "This article is for subscribers only.",
        "Dieser Artikel ist exklusiv für Abonnenten",
        "Article réservé aux abonnés",
        "Contenido exclusivo para suscriptores",
        "Sign up for our free newsletter",
        "Get the local news delivered straight to your inbox. Sign up for free newsletters.",
        "Story continues below advertisement",
        "- The End -",
        "Print this article",
        "Page 1 of 3",
        "Photo 2 of 8",
    ],
)
def test_a_line_inside_another_body(line: str) -> None:
    assert lines(f"<div class=text>{paragraphs(EN[0], EN[1], line, EN[2])}</div>", "Council plan") == EN


@pytest.mark.parametrize("name", ["author-bio", "author-box", "about-author"])
def test_author_bio(name: str) -> None:
    bio = f"<div class={name}><img src=a.jpg><p>Jane Doe has covered the region since 2004. She lives by the sea.</p></div>"
    assert lines(f"<div class=text>{paragraphs(*EN, *MORE_EN)}{bio}</div>", "Council plan") == EN + MORE_EN


def test_slider_of_other_articles_inside_the_column() -> None:
    slide = "<div class=swiper-slide><a href=/{0}><img src={0}.jpg><h4>另一篇报道的标题之{0}</h4></a></div>"
    slider = f"<div class=swiper>{''.join(slide.format(n) for n in range(5))}</div>"
    assert lines(f"<div class=content>{paragraphs(A, B)}{slider}{paragraphs(C)}</div>") == [A, B, C]


def test_comments_denser_than_the_body() -> None:
    comments = "".join(
        f"<div class=comment-item><b>网友{n}</b><p>{OTHER}{OTHER}</p></div>" for n in range(15)
    )
    assert lines(f"<div class=article>{paragraphs(A, B)}</div><div id=pinglun>{comments}</div>") == [A, B]


def test_disclaimer_longer_than_the_body() -> None:
    notice = (
        "凡本网注明“来源：某某网”的所有作品，版权均属于某某网，未经本网授权不得转载、摘编或利用其它方式使用。"
    )
    more = (
        "已经本网授权使用作品的，应在授权范围内使用，并注明来源。违反上述声明者，本网将追究其相关法律责任。"
    )
    markup = f"<div id=zoom>{paragraphs(A)}</div><div class=statement>{paragraphs(notice, more, more)}</div>"
    assert lines(markup) == [A]


def test_lead_of_the_next_article_after_the_editor() -> None:
    markup = f"<div id=zoom>{paragraphs(A, B, C, '责任编辑：刘美显', OTHER)}</div>"
    assert lines(markup) == [A, B, C]


def test_paragraphs_made_by_line_breaks() -> None:
    assert lines(f"<div class=txt>　　{A}<br><br>　　{B}<br />　　{C}</div>") == [A, B, C]


def test_paragraphs_made_by_nested_divs() -> None:
    inner = "".join(f"<div><div><span>{line}</span></div></div>" for line in (A, B, C))
    assert lines(f"<div class=x1>{inner}</div>") == [A, B, C]


def test_body_split_by_a_table_of_facts() -> None:
    table = "<table class=meta><tr><td>来源：某某日报</td><td>2020-06-08 07:13</td></tr></table>"
    assert lines(f"<div class=c>{paragraphs(A, B)}{table}{paragraphs(C, A + B)}</div>") == [A, B, C, A + B]


def test_layout_table_gives_no_rows() -> None:
    cells = "".join(f"<tr><td width=20>&nbsp;</td><td>{paragraphs(line * 2)}</td></tr>" for line in (A, B, C))
    assert lines(f"<table>{cells}</table>") == [A * 2, B * 2, C * 2]


def test_data_table_stays() -> None:
    table = "<table><tr><th>县区</th><th>项目</th></tr><tr><td>甲县</td><td>12</td></tr><tr><td>乙县</td><td>9</td></tr></table>"
    found = lines(f"<div class=c>{paragraphs(A, B)}{table}{paragraphs(C)}</div>")
    assert found == [A, B, "县区 | 项目", "甲县 | 12", "乙县 | 9", C]


@pytest.mark.parametrize("style", ["display:none", "DISPLAY: none;height:0"])
def test_words_hidden_for_search_engines(style: str) -> None:
    words = f"<div style='{style}'>{'彩票 娱乐 开户，平台，网址。' * 400}</div>"
    assert lines(f"{words}<div class=c>{paragraphs(A, B, C)}</div>{words}") == [A, B, C]


def test_wechat_body_not_yet_visible() -> None:
    text = "".join(f"<section><span>{line}</span></section>" for line in (A, B, C))
    markup = (
        f"<div class=rich_media_content id=js_content style='visibility: hidden; opacity: 0;'>{text}</div>"
    )
    assert lines(markup) == [A, B, C]


def test_list_of_towns_stays() -> None:
    towns = ["坊子区", "寒亭区", "奎文区", "昌邑市"]
    items = "".join(f"<li>{town}</li>" for town in towns)
    assert lines(f"<div class=c>{paragraphs(A)}<ul>{items}</ul>{paragraphs(B, C)}</div>") == [A, *towns, B, C]
    short = paragraphs(A, *towns, B, C)
    assert lines(f"<div class=c>{short}</div>") == [A, *towns, B, C]


def test_second_article_by_infinite_scroll() -> None:
    second = f"<article class=a><h1>Another plan</h1>{paragraphs(*[OTHER_EN] * 3)}</article>"
    page = f"<html><head><title>Council plan</title></head><body><article class=a><h1>Council plan</h1>{paragraphs(*EN)}</article>{second}"
    article = extract(page.encode())
    assert article.body.split("\n") == EN


def test_paywall_box_inside_the_body() -> None:
    box = f"<div class=paywall-overlay><h3>Unlock this article</h3><p>{OTHER_EN} $39 a month.</p></div>"
    assert lines(f"<div class=text>{paragraphs(*EN, *MORE_EN)}{box}</div>", "Council plan") == EN + MORE_EN


def test_class_paywall_on_the_paragraphs_themselves() -> None:
    free, paid = EN, MORE_EN
    marked = "".join(f"<p class=paywall>{line}</p>" for line in paid)
    assert lines(f"<div class=text>{paragraphs(*free)}{marked}</div>", "Council plan") == free + paid


@pytest.mark.parametrize("attribute", ["id=onetrust-consent-sdk", "role=dialog", "class=cookie-notice"])
def test_consent_notice_longer_than_the_article(attribute: str) -> None:
    notice = (
        "We and our partners use cookies to store information on your device, and to measure the use of it."
    )
    markup = f"<div class=text>{paragraphs(*EN)}</div><div {attribute}><div>{paragraphs(*[notice] * 30)}</div></div>"
    assert lines(markup, "Council plan") == EN


def test_lead_paragraphs_between_title_and_slides() -> None:
    slides = "".join(f"<section><h2>Step {n}</h2><p>{line} {line}</p></section>" for n, line in enumerate(EN))
    markup = (
        f"<div class=lock><ul>{''.join(f'<li>{line}</li>' for line in EN[:2])}</ul>"
        f"<div class=share>Share</div><p>{OTHER_EN}</p><div class=slides>{slides * 3}</div></div>"
    )
    assert lines(markup, "Council plan")[:3] == [*EN[:2], OTHER_EN]


def test_linked_headlines_in_capitals() -> None:
    promo = "<p><a href=/{0}><strong>BRIDGE NUMBER {0} WILL BE CLOSED IN SPRING</strong></a></p>"
    text = "".join(f"<p>{line}</p>{promo.format(n)}" for n, line in enumerate(EN + MORE_EN))
    assert lines(f"<div class=text>{text}<p>{OTHER_EN}</p></div>", "Council plan") == [
        *EN,
        *MORE_EN,
        OTHER_EN,
    ]


def test_box_in_the_middle_does_not_end_the_article() -> None:
    box = "<aside><h2>Recommended Reading</h2></aside>"
    markup = f"<div class=text>{paragraphs(*EN)}{box}<div>{paragraphs(*MORE_EN)}</div></div>"
    assert lines(markup, "Council plan") == EN + MORE_EN


def test_stream_of_server_components() -> None:
    text = paragraphs(A * 2, B * 2)
    rows = [':HL["/a.css","style"]\n', f"2a:T{len(text.encode()):x},", text]
    rows.append(
        "2:" + json.dumps(["$", "$L1", None, {"detail": {"contentHtml": "$2a", "title": "t"}}]) + "\n"
    )
    pushes = "".join(f"<script>self.__next_f.push({json.dumps([1, row])})</script>" for row in rows)
    assert lines(f"<div id=app></div>{pushes}") == [A * 2, B * 2]


FURNITURE = (
    "<div class=login><form><p>用户名：<input> 密码：<input></p><p>登录后可以发表评论，请遵守本网的有关规定。</p></form></div>"
    "<div class=rank><h3>24小时热文</h3><ol>"
    + "".join(f"<li><a href=/r{n}>排行榜上的新闻标题之{n}，请看</a></li>" for n in range(8))
    + "</ol></div><div><h3>为您推荐</h3>"
    + "".join(
        f"<div class=item><a href=/t{n}>为您推荐的新闻标题之{n}</a><p>这是一段摘要，说的是别的事情。</p></div>"
        for n in range(6)
    )
    + "</div><div><img src=qr.png><p>扫一扫，下载某某新闻客户端</p></div>"
    + "<div><p>地址：某市某路1号 邮编：261000 电话：0536-0000000</p><p>版权所有 某某网 鲁ICP备00000000号</p></div>"
)


@pytest.mark.parametrize("brief", [A, A + B, "昨日，我市气温升至28℃，市民纷纷走出家门，踏青赏花。"])
@pytest.mark.parametrize("name", ["id=zoom", "class=TRS_Editor", "class=x9"])
def test_brief_among_furniture(brief: str, name: str) -> None:
    crumbs = "<div>您所在的位置：<a href=/>首页</a> &gt; <a href=/n>要闻</a> &gt; 正文</div>"
    assert lines(f"<div {name}>{crumbs}{paragraphs(brief)}</div>{FURNITURE}")[-1] == brief


def test_paragraphs_in_wrappers_of_different_names() -> None:
    parts = [A * 2, B * 2, C * 2, OTHER * 2]
    wrapped = "".join(
        f"<div class='row r{n}'><div class=col{n}><p>{line}</p></div></div>" for n, line in enumerate(parts)
    )
    assert lines(f"<div class=main>{wrapped}</div>{FURNITURE}") == parts


def test_wrapper_of_many_is_not_taken_for_the_body() -> None:
    first = f"<div class=box>{paragraphs(A, B)}</div>"
    second = f"<div class=box>{paragraphs(C, A + C)}</div>"
    assert lines(f"<div class=wrap>{first}{second}</div>{FURNITURE}") == [A, B, C, A + C]


def test_traditional_chinese() -> None:
    text = [
        "市政府昨日召開會議，宣布明年度重點工程全數動工，總經費較去年增加一成。",
        "市長表示，新橋將於春季施工，舊路屆時改道，請用路人提前規劃行程。",
        "居民希望在學校旁增設行人穿越道，市府承諾於三個月內完成評估。",
    ]
    tail = "<p>延伸閱讀</p><ul><li><a href=/1>另一則新聞的標題在這裡</a></li><li><a href=/2>又一則新聞的標題</a></li></ul>"
    ad = "<p>請繼續往下閱讀...</p><div class=ad>廣告</div>"
    markup = f"<div class=story>{paragraphs(*text[:2])}{ad}{paragraphs(text[2])}<p>（責任編輯：陳小明）</p>{tail}</div>"
    assert lines(markup, "重點工程動工") == text


def test_japanese() -> None:
    text = [
        "市は29日、来年度の重点事業を発表し、新しい橋の工事を春に始めると明らかにした。",
        "旧道は通行止めとなり、利用者には早めの計画を呼びかけている。",
        "住民からは学校前の横断歩道を求める声があり、市長は検討すると述べた。",
    ]
    tail = "<p>【関連記事】</p><ul><li><a href=/1>別の記事の見出しはこちら</a></li><li><a href=/2>もう一つの見出し</a></li></ul>"
    assert (
        lines(f"<div class=body>{paragraphs(*text)}<p>記事をシェアする</p>{tail}</div>", "市の重点事業")
        == text
    )


def test_quotation_shown_by_a_widget() -> None:
    quote = f"<div class=article-widget><blockquote><p>{OTHER_EN}</p></blockquote></div>"
    markup = f"<div class=text>{paragraphs(*EN)}{quote}{paragraphs(*MORE_EN)}</div>"
    assert lines(markup, "Council plan") == [*EN, OTHER_EN, *MORE_EN]


def test_caption_told_by_the_owner_of_the_picture() -> None:
    caption = "<p>The old bridge, seen from the hall behind the library © Council archive</p>"
    markup = f"<div class=text>{paragraphs(*EN)}{caption}{paragraphs(*MORE_EN)}</div>"
    assert lines(markup, "Council plan") == EN + MORE_EN


def test_lead_that_was_taken_from_the_body() -> None:
    markup = f"<p class=lead>{EN[0]}</p><div class=meta>Monday</div><div class=article-body>{paragraphs(*EN, *MORE_EN)}</div>"
    assert lines(markup, "Council plan") == EN + MORE_EN


def test_body_in_short_lines_without_a_sentence() -> None:
    verses = [f"第{n}行的诗句没有标点" for n in "一二三四五六七八九十"] + ["山河无恙", "人间皆安"]
    note = "<div class=tip><p>温馨的提示：请各位网友在浏览的时候注意保护视力。</p></div>"
    markup = f"<div class='wz TRS_Editor'><div>{'<br>'.join(verses)}</div></div>{note}"
    assert lines(markup) == verses


def test_video_page_with_one_sentence() -> None:
    letter = (
        "<div class=py-9><h4>Top stories</h4><div>The biggest stories of the day delivered to your inbox.</div>"
        "<div>By signing up to receive our newsletter, you agree to our Terms of Use and Privacy Policy.</div></div>"
    )
    assert lines(f"<div class=video></div><p>{EN[0]}</p>{letter}", "Council plan")[-1] == EN[0]


@pytest.mark.parametrize(
    "end",
    [
        "由海姑娘张贴 @ 2005-03-{n} 01:20:44 (359) 共 3 篇评论",
        "〓 影评留言板 发布时间 2005/05/{n} 22:11:42 by 某人 〓",
    ],
)
def test_the_first_of_several_posts(end: str) -> None:
    posts = [(A, B, C), (OTHER,), ("这件事我也听说过，邻居家的孩子就在工地上干活。",), ("说得好。",)]
    markup = "".join(paragraphs(*post) + f"<p>{end.format(n=11 + i)}</p>" for i, post in enumerate(posts))
    assert lines(f"<div>{markup}</div>") == [A, B, C]


def test_one_line_that_says_when_it_was_posted_ends_nothing() -> None:
    markup = paragraphs(A, B, "发布时间 2024-05-01 10:00 评论 3", C, OTHER)
    assert lines(f"<div>{markup}</div>")[-2:] == [C, OTHER]


def test_names_and_dates_below_a_title_that_much_stands_above() -> None:
    above = "".join(f"<p><a href='/{n}'>Section {n}</a></p>" for n in range(14))
    below = paragraphs("By Jane Doe", "Published May 7, 2025", "Last updated 21 hours ago", "17 minute read")
    article = f"<article><div>{above}</div><h1>{TITLE}</h1><p>{EN[0]}</p>{below}{paragraphs(*EN[1:], *MORE_EN)}</article>"
    page = f"<html><head><title>{TITLE}</title></head><body>{article}</body></html>"
    assert extract(page.encode()).body.split("\n") == EN + MORE_EN


@pytest.mark.parametrize(
    "line",
    [
        "05/10/2018 - Publicado por: Clara Borba - Categoria: Saúde",
        "On behalf of Doe and Roe | Apr 21, 2017 | Bridges",
        "Politics / January 11, 2024",
        "Tempo de leitura: 2 minutos",
    ],
)
def test_lines_about_an_article(line: str) -> None:
    assert lines(f"<div class='text'>{paragraphs(EN[0], line, *EN[1:], *MORE_EN)}</div>") == EN + MORE_EN


def test_days_of_an_exhibition_are_text() -> None:
    days = "29 November 2018 | 20 January 2019"
    assert lines(f"<div>{paragraphs(EN[0], days, *EN[1:], *MORE_EN)}</div>") == [
        EN[0],
        days,
        *EN[1:],
        *MORE_EN,
    ]


def test_teasers_whose_classes_number_them() -> None:
    teasers = "".join(
        f"<article class='post post-{n} category-{n} type-post'><h3><a href='/{n}'>Another article of the town, {n}</a></h3>"
        f"<p>March {n}, 2025</p><p>{OTHER_EN} It has {n} classes.</p></article>"
        for n in range(1, 5)
    )
    assert lines(f"<div>{paragraphs(*EN)}<div>{teasers}</div></div>") == EN


@pytest.mark.parametrize("name", ["margin-bottom-4", "border-bottom", "field field--label-hidden"])
def test_classes_that_say_how_an_element_looks(name: str) -> None:
    markup = f"<div class='{name}'>{paragraphs(EN[0])}</div><div>{paragraphs(*EN[1:], *MORE_EN)}</div>"
    assert lines(f"<main>{markup}</main>") == EN + MORE_EN


def test_reasons_to_subscribe() -> None:
    box = (
        "<div class='intro'><p>Register / Sign in to unlock more articles</p>"
        "<p>Create an account or sign in to continue with your reading experience.</p>"
        "<ul><li>Access articles from all over the country with one account.</li>"
        "<li>Get messages from your favourite authors.</li></ul></div>"
    )
    assert lines(f"<div>{paragraphs(*EN)}{box}{paragraphs(*MORE_EN)}</div>") == EN + MORE_EN


def test_rules_of_the_comments_end_the_article() -> None:
    rules = "Aviso: comentários com ofensas a outros leitores não serão aprovados pelo moderador."
    markup = f"<div>{paragraphs(*EN, *MORE_EN, rules, OTHER_EN)}</div>"
    assert lines(markup) == EN + MORE_EN


def test_side_column_longer_than_the_article_it_stands_beside() -> None:
    columns = "".join(f"<h2>Column {n}</h2><p>{OTHER_EN} This is column {n}.</p>" for n in range(12))
    markup = (
        f"<div class='container'><div class='article-body'><h1>{TITLE}</h1>{paragraphs(*EN)}</div>"
        f"<aside class='sidebar'>{columns}</aside></div>"
    )
    article = extract(f"<html><head><title>{TITLE}</title></head><body>{markup}</body></html>".encode())
    assert article.body.split("\n") == EN


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        ("Jane Doe is a reporter who covers bridges and has lived by the river for ten years.", False),
        ("Jane covers bridges for this paper.", False),
        ("Jane Doe Bridge is to be opened in spring, the mayor said on Monday.", True),
        ("Jane is not the only one who waits for it, she said.", True),
    ],
)
def test_who_the_author_is(last: str, kept: bool) -> None:
    head = "<meta name='author' content='Jane Doe'>"
    body = paragraphs(*EN, *MORE_EN, *(f"{text} Again." for text in EN), last)
    page = (
        f"<html lang='en'><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{body}</body></html>"
    )
    article = extract(page.encode())
    assert article.authors == ["Jane Doe"]
    assert (last in article.body.split("\n")) == kept


@pytest.mark.parametrize(
    "line", ["Von unserem Mitarbeiter Hans Meier", "By our Berlin correspondent Jane Doe"]
)
def test_a_byline_that_says_more_than_a_name_is_text(line: str) -> None:
    article = extract(
        f"<html lang='en'><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1></div>"
        f"<div class='text'>{paragraphs(line, *EN, *MORE_EN)}</div></body></html>".encode()
    )
    assert article.body.split("\n") == [line, *EN, *MORE_EN]
    assert article.authors in (["Hans Meier"], ["Jane Doe"])


def test_footnotes_above_links_are_no_labels() -> None:
    notes = ["* Dates may change without notice in the course of the season"]
    links = "<p><a href='/a'>www.example.org</a></p><p><a href='/b'>www.example.net</a></p>"
    assert lines(f"<div>{paragraphs(*EN, *notes)}{links}</div>") == EN + notes
