"""Metadata of small pages, one for each way in which metadata goes wrong."""

import pytest

from dzwcrawl.article import Article
from dzwcrawl.extract import extract
from dzwcrawl.extract.titles import strip_site

PROSE = (
    "<p>项目建设管理办公室刚刚组建，科研人员多，后勤人员少，了解到这一情况，专班全程融入服务，帮忙解决了后顾之忧，减轻了科研人员的负担。</p>"
    "<p>在疫情期间，全市建立不掉线招商机制，大力开展云招商、云推介，通过电话、微信、视频等形式，进行洽谈、签约，促成了一大批项目落地。</p>"
    "<p>目前，全市正在对前期洽谈的项目进行再梳理、再分析，下一步将由市级领导带队继续到外地企业拜访、上门招商，力求达成更多合作项目。</p>"
)
ENGLISH = (
    "<p>The council voted on Tuesday night to repair the old bridge over the river, which has been closed to "
    "traffic since the floods of last winter, and to pay for it from the reserve.</p>"
    "<p>Residents who had waited for two hours in the gallery said that they were glad of the decision, but that "
    "it should have been taken a year ago, when the first of the three reports was published.</p>"
    "<p>The work is expected to begin in spring and to last for eighteen months, with one lane kept open for "
    "buses and for ambulances during the day.</p>"
)


def page(
    *,
    head: str = "",
    title: str = "",
    above: str = "",
    below: str = "",
    body: str = PROSE,
    lang: str = "zh-CN",
) -> str:
    heading = f"<h1>{title}</h1>" if title else ""
    return (
        f"<html lang='{lang}'><head><meta charset='utf-8'>{head}</head><body><div class='nav'><a href='/'>首页</a></div>"
        f"<div class='main'>{above}{heading}{below}<div class='content'>{body}</div></div>"
        "<div class='footer'><p>Copyright (C) 2001-2019 版权所有</p></div></body></html>"
    )


def read(html: str, url: str = "http://news.example.com/a/b.html") -> Article:
    return extract(html.encode("utf-8"), url=url)


TITLE = "主动出击面对面连成招商葡萄串"


class TestTitle:
    @pytest.mark.parametrize(
        "whole",
        [
            f"{TITLE}_大众网",
            f"{TITLE}_山东新闻_大众网",
            f"{TITLE}-大众网",
            f"{TITLE}--大众网",
            f"{TITLE} - 大众网",
            f"{TITLE} | 大众网",
            f"{TITLE} 大众网",
            f"{TITLE}——大众网",
        ],
    )
    def test_site_suffix_goes(self, whole: str) -> None:
        assert read(page(head=f"<title>{whole}</title>", title=TITLE)).title == TITLE

    @pytest.mark.parametrize("whole", [f"{TITLE}_山东新闻_大众网", f"{TITLE}-大众网", f"{TITLE} | 大众网"])
    def test_site_suffix_goes_without_a_heading(self, whole: str) -> None:
        assert read(page(head=f"<title>{whole}</title>")).title == TITLE

    def test_column_before_the_title_stays(self) -> None:
        title = "书记市长这一周 | 奋马扬鞭争春色，虎力全开向未来"
        assert read(page(head=f"<title>{title}</title>")).title == title

    def test_logo_and_side_headings_do_not_win(self) -> None:
        article = read(
            page(
                head=f"<title>{TITLE}_大众网</title>",
                above="<h1>大众网</h1><h2>热门新闻排行榜</h2>",
                below=f"<h2>{TITLE}</h2>",
            )
        )
        assert article.title == TITLE
        assert article.rules["title"] == "heading: h2"

    def test_meta_title_cut_at_a_quote(self) -> None:
        title = "保障科技“双招”再发力"
        head = (
            '<title>保障科技"双招"再发力</title><meta property=\'og:title\' content="保障科技"双招"再发力">'
        )
        assert read(page(head=head, title=title)).title == title
        assert read(page(head=head)).title == '保障科技"双招"再发力'

    def test_heading_that_a_stated_title_contains(self) -> None:
        article = read(page(head="<title>Council votes to repair old bridge | The Valley Post</title>",
                            title="Council votes to repair old bridge", body=ENGLISH, lang="en"))  # fmt: skip
        assert article.title == "Council votes to repair old bridge"

    def test_repeated_title_leaves_the_body(self) -> None:
        article = read(page(head=f"<title>{TITLE}</title>", title=TITLE, body=f"<p>{TITLE}</p>{PROSE}"))
        assert article.title == TITLE
        assert TITLE not in article.body.split("\n")

    def test_title_element_that_is_never_closed(self) -> None:
        whole = TITLE + " - 大众网" * 5000
        assert read(page(head=f"<title>{whole}</title>", title=TITLE)).title == TITLE

    @pytest.mark.parametrize(
        ("above", "below"),
        [
            ("<h3 class='pre'>潍坊上演好戏</h3>", "<h4 class='sub'>线上线下一起发力</h4>"),
            ("<p id='PreTitle'>潍坊上演好戏</p>", "<p id='SubTitle'>线上线下一起发力</p>"),
            ("<div class='fbt'>潍坊上演好戏</div>", "<div class='fbt'>线上线下一起发力</div>"),
            ("<div class='kicker'>潍坊上演好戏</div>", "<p class='subtitle'>线上线下一起发力</p>"),
        ],
    )
    def test_kicker_and_subtitle(self, above: str, below: str) -> None:
        article = read(page(head=f"<title>{TITLE}_大众网</title>", title=TITLE, above=above, below=below))
        assert (article.kicker, article.title, article.subtitle) == (
            "潍坊上演好戏",
            TITLE,
            "线上线下一起发力",
        )
        assert (article.rules["kicker"], article.rules["subtitle"]) == ("markup", "markup")

    def test_a_day_above_the_title_is_no_kicker(self) -> None:
        article = read(page(title=TITLE, above="<p class='eyebrow'>2020-06-08</p>"))
        assert (article.kicker, article.published) == (None, "2020-06-08")

    def test_the_editors_headline_wins_over_the_title_of_the_window(self) -> None:
        article = read(
            page(
                head=f"<title>{TITLE}</title><meta property='og:title' content='重点项目建设提速增效'>",
                above="<h2>重点项目建设提速增效</h2>",
                title=TITLE,
            )
        )
        assert article.title == "重点项目建设提速增效"

    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("Bürgermeister sagt nach der Debatte «Nein»", None),
            ("Bürgermeister sagt nach der Debatte »Nein« zu allem", None),
            ("Els alumnes de la facultat reben el col·legi", None),
            ("本市中小学课堂迎来列夫·托尔斯泰", None),
            ("Will the old bridge be rebuilt – and when?", None),
            ("Council repairs the old bridge « Valley Post", "Council repairs the old bridge"),
            ("Council repairs the old bridge · Valley Post", "Council repairs the old bridge"),
        ],
    )
    def test_where_a_title_is_cut(self, title: str, expected: str | None) -> None:
        assert strip_site(title, set()) == (expected or title)

    def test_last_step_of_a_breadcrumb_is_no_heading(self) -> None:
        article = read(
            page(
                head=f"<title>招商潍坊 | 大众网</title><meta property='og:title' content='{TITLE}'>",
                above="<h1 class='breadcrumb-item'>招商潍坊</h1>",
                below=f"<div class='headline'>{TITLE}</div>",
            )
        )
        assert article.title == TITLE

    @pytest.mark.parametrize(
        ("path", "title"),
        [
            ("what-we-know-about-the-old-river-bridge", "What We Know About the Old River Bridge So Far"),
            ("old-bridge-repair-council-vote-explained", "Old Bridge Repair: Council Vote Explained"),
        ],
    )
    def test_the_url_tells_which_of_two_titles(self, path: str, title: str) -> None:
        article = extract(
            page(
                head="<title>Old Bridge Repair: Council Vote Explained</title>",
                title="What We Know About the Old River Bridge So Far",
                body=ENGLISH,
                lang="en",
            ).encode(),
            url=f"http://news.example.com/{path}",
        )
        assert article.title == title

    @pytest.mark.parametrize(
        ("above", "title"),
        [
            (f"<p align='center'><b>{TITLE}</b></p>", TITLE),
            (f"<center>{TITLE}</center>", TITLE),
            (f"<p style='text-align: center'>{TITLE}</p><hr>", TITLE),
            (f"<p>{TITLE}</p>", None),
            ("<p align='center'>2020年6月8日 星期一</p>", None),
            (f"<div align='center'><p>{TITLE}</p><p>第二行</p></div>", None),
        ],
    )
    def test_the_line_in_the_middle_of_a_page_without_titles(self, above: str, title: str | None) -> None:
        assert read(page(above=above)).title == title

    def test_soft_hyphens_are_no_blanks(self) -> None:
        article = read(page(title="Ver&shy;fassungs&shy;beschwerde ein\u200bgelegt", body=ENGLISH, lang="de"))
        assert article.title == "Verfassungsbeschwerde eingelegt"

    def test_subtitle_apart(self) -> None:
        article = read(
            page(
                head=f"<title>{TITLE}_大众网</title>",
                title=TITLE,
                below="<h2 class='subtitle'>潍坊上演好戏</h2>",
            )
        )
        assert (article.title, article.subtitle) == (TITLE, "潍坊上演好戏")


class TestDates:
    def test_header_line(self) -> None:
        article = read(
            page(title=TITLE, below="<div class='left'>2016-07-08 13:19:48 来源: 荆楚网 作者: 夏中华</div>")
        )
        assert article.published == "2016-07-08T13:19:48+08:00"
        assert (article.source, article.authors, article.editors) == ("荆楚网", ["夏中华"], [])

    def test_date_in_three_boxes(self) -> None:
        below = "<div id='side'><div class='date'>2020<p>06/08</p><label>07:13:00</label></div><p>大众报业·大众日报</p></div>"
        article = read(page(title=TITLE, below=below))
        assert article.published == "2020-06-08T07:13:00+08:00"
        assert article.source == "大众报业·大众日报"

    def test_agreement_beats_one_voice(self) -> None:
        head = "<meta name='date' content='2019-01-01'>"
        article = read(
            page(head=head, title=TITLE, below="<p>2020-06-08 07:13 来源：大众网</p>"),
            "http://news.example.com/202006/t20200608_6045123.htm",
        )
        assert article.published == "2020-06-08T07:13:00+08:00"

    def test_url_is_the_last_witness(self) -> None:
        article = read(page(title=TITLE), "http://news.example.com/202006/t20200608_6045123.htm")
        assert (article.published, article.rules["published"]) == ("2020-06-08", "url")

    @pytest.mark.parametrize(
        ("picture", "url", "expected"),
        [
            ("/files/2020/06/08/bridge.jpg", "/a/b.html", "2020-06-08"),
            ("/img/20200608/bridge.jpg", "/a/b.html", "2020-06-08"),
            ("/img/20200608_bridge.jpg", "/a/b.html", None),  # the day on which it was taken
            ("/wp-content/uploads/2020/06/08-bridge.jpg", "/a/b.html", None),
            ("/files/2018/03/04/logo.jpg", "/2020/06/bridge.html", "2020-06"),
            ("/files/2020/06/08/bridge.jpg", "/20200609/b.html", "2020-06-09"),
        ],
    )
    def test_the_folder_of_the_picture_when_nothing_else_tells(
        self, picture: str, url: str, expected: str | None
    ) -> None:
        head = f"<meta property='og:image' content='https://static.example.com{picture}'>"
        article = read(page(title=TITLE, head=head), f"http://news.example.com{url}")
        assert article.published == expected
        assert (article.rules.get("published") == "picture") == (url == "/a/b.html" and expected is not None)

    def test_never_the_copyright_year_nor_related_news(self) -> None:
        related = "<ul class='related'><li><a href='/1'>另一条新闻标题</a> 2018-03-04</li></ul>"
        assert (
            read(
                page(title=TITLE).replace("<div class='footer'>", related + "<div class='footer'>")
            ).published
            is None
        )

    def test_prose_days_are_not_the_date(self) -> None:
        body = (
            "<p>2018年3月4日，全市召开大会，要求各级各部门主动出击，精准对接，全力以赴抓好招商引资工作，推动项目落地。</p>"
            + PROSE
        )
        assert read(page(title=TITLE, body=body)).published is None

    def test_update_is_not_publication(self) -> None:
        below = "<p>Published June 8, 2020</p><p>Updated June 9, 2020</p>"
        article = read(page(title="Council votes to repair old bridge", below=below, body=ENGLISH, lang="en"))
        assert (article.published, article.modified) == ("2020-06-08", "2020-06-09")

    def test_json_ld_keeps_its_zone_and_day(self) -> None:
        head = (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council votes to repair old bridge",'
            '"datePublished":"2020-06-08T23:30:00-05:00","dateModified":"2020-06-09T08:00:00-05:00",'
            '"author":[{"@type":"Person","name":"Jane Doe"},{"@type":"Person","name":"Jim Roe"}],}</script>'
        )
        article = read(page(head=head, title="Council votes to repair old bridge", body=ENGLISH, lang="en"))
        assert article.published == "2020-06-08T23:30:00-05:00"
        assert article.authors == ["Jane Doe", "Jim Roe"]

    def test_founder_comment(self) -> None:
        comment = (
            "<!--enpproperty <articleid>1</articleid><date>2019-02-13 08:10:00.0</date><author>李明</author>"
            f"<title>{TITLE}</title><introtitle>引题在此</introtitle><subtitle>副题在此</subtitle><sourcename>大众日报</sourcename>"
            "<journalist></journalist><liability>王磊</liability>/enpproperty-->"
        )
        article = read(page(head=comment))
        assert (article.published, article.title, article.authors) == (
            "2019-02-13T08:10:00+08:00",
            TITLE,
            ["李明"],
        )
        assert (article.kicker, article.subtitle, article.source) == ("引题在此", "副题在此", "大众日报")
        assert article.editors == ["王磊"]
        assert {
            article.rules[n] for n in ("published", "title", "kicker", "subtitle", "source", "editors")
        } == {"epaper"}

    @pytest.mark.parametrize(
        ("lang", "stamp", "line", "expected"),
        [
            ("zh", "2020-06-07T23:13:00Z", "2020-06-08 来源：大众网", "2020-06-08T07:13:00+08:00"),
            ("zh", "2020-06-07T23:13:00Z", "来源：大众网", "2020-06-07T23:13:00+00:00"),
            ("en", "2020-06-08T03:30:00Z", "June 7, 2020", "2020-06-07"),
            ("en", "2020-06-08T12:30:00Z", "June 7, 2020", "2020-06-08T12:30:00+00:00"),
            ("en", "2020-06-07T22:30:00Z", "June 8, 2020", "2020-06-08"),
        ],
    )
    def test_a_moment_in_utc_is_the_day_the_page_prints(
        self, lang: str, stamp: str, line: str, expected: str
    ) -> None:
        head = (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A","datePublished":"%s"}</script>'
            f"<meta property='article:published_time' content='{stamp}'>" % stamp
        )
        body, title = (PROSE, TITLE) if lang == "zh" else (ENGLISH, "Council votes to repair old bridge")
        article = read(
            page(head=head, title=title, below=f"<p class='date'>{line}</p>", body=body, lang=lang)
        )
        assert article.published == expected

    @pytest.mark.parametrize(
        ("script", "expected"),
        [
            (
                'window.__DATA__={"publishedAt":"2020-06-08T07:13:00+08:00","views":3}',
                "2020-06-08T07:13:00+08:00",
            ),
            ('{\\"datePublished\\":\\"2020-06-08\\"}', "2020-06-08"),
            ('[{"publishedAt":"2020-06-08"},{"publishedAt":"2020-06-01"}]', None),
            ('var appmsg_type="9"; var ct = "1591571580";', "2020-06-08T07:13:00+08:00"),
            ('{"createdAt":"2020-06-08"}', None),
            ('{"publishedAt":"2020"}', None),
        ],
    )
    def test_a_script_that_states_one_day(self, script: str, expected: str | None) -> None:
        article = read(page(title=TITLE, head=f"<script>{script}</script>"))
        assert article.published == expected
        assert article.rules.get("published") == ("script" if expected else None)

    @pytest.mark.parametrize(
        "mark",
        [
            "<abbr class='published' title='2020-06-08T07:13:00+02:00'>3 days ago</abbr>",
            "<span class='timestamp' title='2020-06-08 07:13'>3 days ago</span>",
            "<span class='post-date' data-timestamp='1591600000'>3 days ago</span>",
            "<relative-time datetime='2020-06-08T07:13:00Z'>3 days ago</relative-time>",
        ],
    )
    def test_the_day_behind_a_relative_time(self, mark: str) -> None:
        article = read(page(title="Council votes to repair old bridge", below=mark, body=ENGLISH, lang="en"))
        assert (article.published or "")[:10] == "2020-06-08"
        assert article.rules["published"] == "time"

    def test_dateline_of_a_dispatch(self) -> None:
        body = ENGLISH.replace("<p>", "<p>LONDON, June 8, 2020 (AP) -- ", 1)
        article = read(page(title="Council votes to repair old bridge", body=body, lang="en"))
        assert (article.published, article.rules["published"]) == ("2020-06-08", "dateline")

    def test_day_comes_first_where_the_language_says_so(self) -> None:
        body = (
            "<p>O conselho decidiu na noite de terça-feira que a ponte sobre o rio será reparada, depois de muito tempo, e que a obra não começa antes da primavera, segundo os moradores da cidade.</p>"
            * 3
        )
        article = read(
            page(title="Conselho decide reparar a ponte", below="<p>08/06/2020</p>", body=body, lang="")
        )
        assert article.published == "2020-06-08"

    def test_letter_keeps_its_day(self) -> None:
        article = read(page(title=TITLE, body=PROSE + "<p>潍坊市人民政府</p><p>2020年6月8日</p>"))
        assert "2020年6月8日" in article.body


class TestNames:
    def test_baidu_spans(self) -> None:
        below = (
            "<span id='pubtime_baidu'>时间：2017-05-06 10:20</span> <span id='source_baidu'>来源：齐鲁晚报</span>"
            " <span id='author_baidu'>作者：李明</span> <span id='editor_baidu'>责任编辑：王磊</span>"
        )
        article = read(page(title=TITLE, below=f"<div>{below}</div>"))
        assert article.published == "2017-05-06T10:20:00+08:00"
        assert (article.source, article.authors, article.editors) == ("齐鲁晚报", ["李明"], ["王磊"])

    @pytest.mark.parametrize(
        ("line", "source", "authors", "editors"),
        [
            ("2016-07-08 11:19:48 来源: 荆楚网 作者: 夏中华", "荆楚网", ["夏中华"], []),
            ("2016-07-08 11:19 作者：夏中华 来源：荆楚网 我要评论", "荆楚网", ["夏中华"], []),
            ("来源：大众日报 作者：李明 责任编辑：王磊 2016-07-08", "大众日报", ["李明"], ["王磊"]),
            ("作者：李明 编辑：王磊 来源：大众网", "大众网", ["李明"], ["王磊"]),
            ("编辑：王磊 作者：李明", None, ["李明"], ["王磊"]),
            ("作者：李明责任编辑：王磊", None, ["李明"], ["王磊"]),
            ("作者：大众网 来源：大众网", "大众网", [], []),
            ("来源：大众网 编辑：王磊 审校：张晓明 监制：赵宇光", "大众网", [], ["王磊", "张晓明", "赵宇光"]),
            ("一审：王磊 二审：张晓明 三审：赵宇光", None, [], ["王磊", "张晓明", "赵宇光"]),
            ("记者：李明 通讯员：孙强 编辑：王磊", None, ["李明", "孙强"], ["王磊"]),
            ("文/图 李明 编辑/校对 王磊", None, ["李明"], ["王磊"]),
            ("本报记者 王乐文 方 敏", None, ["王乐文", "方敏"], []),
            ("作者：size 来源：大众网", "大众网", [], []),
            ("作者：回复 来源：大众网", "大众网", [], []),
        ],
    )
    def test_author_editor_and_source_are_three_fields(
        self, line: str, source: str | None, authors: list[str], editors: list[str]
    ) -> None:
        article = read(page(title=TITLE, below=f"<p>{line}</p>"))
        assert (article.source, article.authors, article.editors) == (source, authors, editors)

    def test_editor_stated_as_author_gives_way_to_any_other_author(self) -> None:
        head = (
            "<meta name='author' content='刘峻凌'><meta name='editor' content='刘峻凌'>"
            "<meta name='contentid' content='117184963'><meta name='publishdate' content='2024-05-13'>"
            "<meta name='source' content='中国网'>"
        )
        byline = "<p>本报潍坊讯（记者 李明）6月8日，项目开工。</p>"
        article = read(page(title=TITLE, head=head, body=byline + PROSE + "<p>【责任编辑：刘峻凌】</p>"))
        assert (article.authors, article.editors, article.source) == (["李明"], ["刘峻凌"], "中国网")
        alone = read(page(title=TITLE, head=head, body=PROSE + "<p>【责任编辑：刘峻凌】</p>"))
        assert (alone.authors, alone.rules["authors"]) == (["刘峻凌"], "meta, also the editor")
        assert (article.published, article.rules["published"]) == ("2024-05-13", "meta")

    def test_credits_at_the_end_leave_the_body(self) -> None:
        article = read(
            page(title=TITLE, body=PROSE + "<p>编辑:孔然责编:赵宇光审校:梁义</p><p>责任编辑：刘美显</p>")
        )
        assert article.editors == ["孔然", "赵宇光", "梁义", "刘美显"]
        assert article.authors == []
        assert "编辑" not in article.body

    def test_credits_before_lists_of_links_leave_the_body(self) -> None:
        links = "".join(f"<p><a href='/{n}.html'>另一条新闻的标题第{n}条</a></p>" for n in range(20))
        body = f"{PROSE}<p>来源：新闻晨报</p><p>编辑：山石</p><p>相关报道：</p>{links}"
        article = read(page(title=TITLE, body=body))
        assert (article.source, article.editors) == ("新闻晨报", ["山石"])
        assert "编辑" not in article.body and "来源" not in article.body

    def test_editors_before_the_first_lines_of_other_articles_leave_the_body(self) -> None:
        others = "".join(
            f"<p>昨天上午，第{n}届荷花节在湖边的广场开幕，市民早早来到现场。</p>" for n in range(9)
        )
        body = f"{PROSE}<p>初审编辑：李明</p><p>责任编辑：王磊</p>{others}"
        article = read(page(title=TITLE, body=body))
        assert article.editors == ["李明", "王磊"]
        assert "编辑" not in article.body
        interview = f"<p>编辑：怎么说？</p><p>李明：今年比去年好得多，大家都看得见。</p>{PROSE}"
        assert "编辑：怎么说？" in read(page(title=TITLE, body=PROSE + interview + others)).body

    def test_who_posted_the_first_of_several_posts(self) -> None:
        posts = "".join(
            f"<div class='post'>{PROSE.replace('全市', f'第{n}区')}</div>"
            f"<div class='post-footer'>由听雨{n}张贴 @ 2005-03-2{n} 01:20:44 (9) 发表评论</div>"
            for n in range(4)
        )
        assert read(page(title=TITLE, body=posts)).authors == ["听雨0"]

    def test_a_column_is_no_author(self) -> None:
        for line in ("松评", "夜谈"):
            article = read(page(title=TITLE, below=f"<p>2020-06-08 07:13</p><p>{line}</p>"))
            assert (article.published, article.authors) == ("2020-06-08T07:13:00+08:00", [])
        assert read(page(title=TITLE, below="<p>2020-06-08 07:13</p><p>李明</p>")).authors == ["李明"]
        assert read(page(title=TITLE, below="<p>李明</p>")).authors == ["李明"]
        assert read(page(title=TITLE, below="<p>2020-06-08 作者：松评</p>")).authors == ["松评"]

    def test_byline_stays_in_the_body(self) -> None:
        article = read(
            page(title=TITLE, body="<p>本报潍坊讯（记者 李明 通讯员 王磊）6月8日，项目开工。</p>" + PROSE)
        )
        assert article.authors == ["李明", "王磊"]
        assert "记者 李明" in article.body

    def test_site_is_no_author(self) -> None:
        head = "<meta name='author' content='大众网'><meta property='og:site_name' content='大众网'>"
        assert read(page(head=head, title=TITLE)).authors == []

    def test_admin_is_no_author(self) -> None:
        article = read(page(title=TITLE, below="<p>作者：admin 来源：本站 2020-06-08 点击：12次</p>"))
        assert (article.authors, article.source, article.published) == ([], None, "2020-06-08")

    def test_reporting_verbs_are_no_names(self) -> None:
        body = (
            PROSE
            + "<p>记者了解到，记者采访的多位企业负责人都表示，将继续加大投资，记者从发布会上获悉，下一步还有更多举措。</p>"
        )
        assert read(page(title=TITLE, body=body)).authors == []

    def test_western_byline(self) -> None:
        article = read(
            page(title="Council votes to repair old bridge", below="<p class='byline'>By Jane Doe and Jim Roe, City Editor</p>",
                 body=ENGLISH, lang="en")
        )  # fmt: skip
        assert article.authors == ["Jane Doe", "Jim Roe"]

    @pytest.mark.parametrize(
        ("head", "below", "after"),
        [
            ("", "<p>By Jane Doe December 2, 2025</p>", ""),
            ("", "<p>By Jane Doe 2 December 2025</p>", ""),
            ("", "<p>Published August 7, 2023 by Jane Doe</p>", ""),
            ("", "<div class='authorBlock'><b>By <i>Jane Doe</i></b><div>Published on July 18, 2025</div></div>", ""),
            ("<meta name='articleAuthor' content='Jane Doe'>", "", ""),
            ("<meta name='author' content='j.doe@example.com'><meta name='twitter:misc:Written by' content='Jane Doe'>",
             "", ""),
            ("<meta name='author' content='example.com, London, England'>", "<p class='byline'>Jane Doe</p>", ""),
            ("<meta property='og:site_name' content='Valley Today'>",
             "<p class='byline'>Jane Doe Valley Today</p>", ""),
            ("", "", "<p style='text-align: right'><strong>Jane Doe</strong></p>"),
        ],
    )  # fmt: skip
    def test_western_names_are_cut_out_cleanly(self, head: str, below: str, after: str) -> None:
        article = read(
            page(
                head=head,
                title="Council votes to repair old bridge",
                below=below,
                body=ENGLISH + after,
                lang="en",
            )
        )
        assert article.authors == ["Jane Doe"]


class TestTheRest:
    def test_language_by_content(self) -> None:
        assert read(page(title=TITLE, lang="en")).language == "zh"
        assert read(page(title="Council votes to repair", body=ENGLISH, lang="zh")).language == "en"

    def test_breadcrumb_is_the_section(self) -> None:
        article = read(
            page(title=TITLE, above="<div>您现在的位置：首页 &gt; 山东新闻 &gt; 潍坊 &gt; 正文</div>")
        )
        assert article.section == ["山东新闻", "潍坊"]

    def test_the_outlet_that_a_breadcrumb_begins_with_is_no_section(self) -> None:
        for above in ("您的位置：鲁网 &gt; 山东要闻 &gt; 正文", "人民网&gt;&gt;山东要闻"):
            assert read(page(title=TITLE, above=f"<div>{above}</div>")).section == ["山东要闻"]

    def test_canonical(self) -> None:
        for href, expected in (
            ("/a/b.html", "http://news.example.com/a/b.html"),
            ("http://www.example.com/c.html", "http://www.example.com/c.html"),
            ("http://other.org/a/b.html", None),
            ("http://news.example.com/", None),
        ):
            assert (
                read(page(head=f"<link rel='canonical' href='{href}'>", title=TITLE)).canonical_url
                == expected
            )

    def test_images_and_captions(self) -> None:
        body = (
            "<p><img src='/blank.gif' data-original='./W020200608.jpg'></p><p align='center'>项目现场</p>"
            "<figure><img src='b.jpg'><figcaption>签约仪式</figcaption></figure><p><img src='/images/logo.png'></p>"
            "<img src='data:image/gif;base64,R0'><img src='c.jpg' width='1' height='1'>"
        )
        images = read(page(title=TITLE, body=body + PROSE)).images
        assert [(i.url, i.caption) for i in images] == [
            ("http://news.example.com/a/W020200608.jpg", "项目现场"),
            ("http://news.example.com/a/b.jpg", "签约仪式"),
        ]

    def test_videos(self) -> None:
        body = (
            PROSE
            + "<video><source src='/v/1.mp4'></video><iframe src='https://v.qq.com/txp/1.html'></iframe>"
        )
        assert read(page(title=TITLE, body=body)).videos == [
            "http://news.example.com/v/1.mp4",
            "https://v.qq.com/txp/1.html",
        ]

    def test_keywords_and_description(self) -> None:
        head = "<meta name='keywords' content='招商，项目;潍坊'><meta name='description' content='潍坊招商引资的做法'>"
        article = read(page(head=head, title=TITLE))
        assert (article.keywords, article.description) == (["招商", "项目", "潍坊"], "潍坊招商引资的做法")

    @pytest.mark.parametrize(
        ("field", "witness", "head", "below", "body"),
        [
            ("published", "json-ld", '<script type="application/ld+json">{"@type":"NewsArticle",'
             '"datePublished":"2020-06-08T07:13:00+08:00"}</script>', "", PROSE),
            ("published", "meta", "<meta property='article:published_time' content='2020-06-08'>", "", PROSE),
            ("published", "meta", "<meta name='publishdate' content='2020-06-08'>", "", PROSE),
            ("published", "meta", "<meta name='published' content='June 8, 2020'>", "", PROSE),
            ("published", "baidu", "", "<span id='pubtime_baidu'>2020-06-08 07:13</span>", PROSE),
            ("published", "microdata", "", "<i itemprop='datePublished' content='2020-06-08T07:13:00+08:00'></i>", PROSE),
            ("published", "line", "", "<p>大众网 2020-06-08 发布</p>", PROSE),
            ("published", "line after the body", "", "", PROSE + "<p>Written by Kate Shore</p><p>June 8, 2020</p>"),
            ("source", "meta", "<meta name='source' content='大众网'>", "", PROSE),
            ("source", "baidu", "", "<div><p>要闻</p><p id='source_baidu'>大众网</p></div>", PROSE),
            ("source", "header line", "", "<p>来源：大众网</p>", PROSE),
            ("authors", "json-ld", '<script type="application/ld+json">{"@type":"NewsArticle",'
             '"author":{"@type":"Person","name":"李明"}}</script>', "", PROSE),
            ("authors", "meta", "<meta name='author' content='李明'>", "", PROSE),
            ("authors", "header line", "", "<p>作者：李明</p>", PROSE),
            ("authors", "credit line", "", "", PROSE + "<p>（文/李明）</p>"),
            ("authors", "byline", "", "", "<p>本报潍坊讯（记者 李明）6月8日，项目开工。</p>" + PROSE),
            ("editors", "credit line", "", "", PROSE + "<p>责任编辑：王磊</p>"),
            ("editors", "meta", "<meta name='editor' content='王磊'>", "", PROSE),
            ("title", "og:title", f"<meta property='og:title' content='{TITLE}今年'>", "", PROSE),
            ("title", "heading: h1", f"<title>{TITLE}_大众网</title>", "", PROSE),
        ],
    )  # fmt: skip
    def test_each_witness_is_named(self, field: str, witness: str, head: str, below: str, body: str) -> None:
        title = "" if witness == "og:title" else TITLE
        article = read(page(head=head, title=title, below=below, body=body))
        expected: dict[str, object] = {"source": "大众网", "authors": ["李明"], "editors": ["王磊"]}
        value = getattr(article, field)
        if field == "published":
            value = value and value[:10]
        elif field == "title":
            value = value.removesuffix("今年")
        assert (value, article.rules.get(field)) == (
            expected.get(field, TITLE if field == "title" else "2020-06-08"),
            witness,
        )

    def test_every_field_names_its_witness(self) -> None:
        article = read(page(title=TITLE, below="<p>2020-06-08 来源：大众网 作者：李明</p>"))
        assert {"title", "published", "source", "authors", "language"} <= set(article.rules)

    @pytest.mark.parametrize(
        "head",
        [
            "<script type='application/ld+json'>{broken</script>",
            "<script type='application/ld+json'>[[[{\"@type\":[\"NewsArticle\",3],\"author\":{\"name\":[1,null]}}]]]</script>",
            "<script type='application/ld+json'>{\"@graph\":{\"@graph\":[]},\"@type\":\"Article\",\"keywords\":3}</script>",
            "<img srcset='a.jpg ., b.jpg 2..x'><a rel='author'></a>",
            "<link rel='canonical' href='http://[::1'><base href='http://[bad'>",
            "<meta content='x'><meta name='' content=''><meta property='og:title'>",
        ],
    )  # fmt: skip
    def test_broken_statements_are_survived(self, head: str) -> None:
        assert read(page(head=head, title=TITLE, body=head + PROSE)).body


@pytest.mark.parametrize(
    ("line", "source", "editors"),
    [
        ("2024-03-02 来源：海边日报 作者：", "海边日报", []),
        (
            "2024-03-02 来源：海边日报 责编：吴桐 联系电话：0532-5550100 投稿邮箱：a@liu.cn",
            "海边日报",
            ["吴桐"],
        ),
    ],
    ids=["a label without a value at the end", "telephone and address"],
)
def test_what_else_a_line_under_the_title_ends_with(line: str, source: str, editors: list[str]) -> None:
    article = read(page(title="一号码头今日正式开航", below=f"<div class='info'>{line}</div>"))
    assert (article.source, article.editors, article.authors, article.published) == (
        source,
        editors,
        [],
        "2024-03-02",
    )
