"""Listings, site rules and parts: what they find, and what is an error."""

import pytest

from dzwcrawl.article import Article, Block, derive_body
from dzwcrawl.extract import ArticleRules, NotAnArticle, RuleMiss, extract
from dzwcrawl.extract.listing import read_listing
from dzwcrawl.extract.parts import join
from dzwcrawl.extract.rules import ListingRules, RuleError

LISTING = ListingRules(links="h3 > a", accept=r"/t\d{8}_\d+\.html?$", deny=r"//bbs\.")
RULES = ArticleRules(title="#head h2", body="#text, .old", published=".date", source=".from")
HOME = "http://www.x.cn/news/"
ROWS = """<ul><li><h3><a href="./202406/t20240601_1.htm">一</a></h3></li>
<li><h3><a href="../sd/202406/t20240602_2.htm">二</a></h3></li><li><h3><a href="//y.cn/t20240603_3.html">三</a></h3></li>
<li><h3><a href="https://www.x.cn/news/t20240604_4.htm">四</a></h3></li><li><h3><a>五</a></h3></li>
<li><h3><a href="javascript:;">六</a></h3></li><li><h3><a href="http://bbs.x.cn/t20240605_5.htm">七</a></h3></li>
<!-- <h3><a href="t20240606_6.htm">八</a></h3> --><li><h3><a href="./202406/t20240601_1.htm">又一</a></h3></li></ul>"""


def page(body: str) -> bytes:
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def test_links_of_a_listing() -> None:
    listing = read_listing(page(ROWS), url=HOME, rules=LISTING)
    assert [link.url for link in listing.links] == [
        "http://www.x.cn/news/202406/t20240601_1.htm",
        "http://www.x.cn/sd/202406/t20240602_2.htm",
        "http://y.cn/t20240603_3.html",
        "https://www.x.cn/news/t20240604_4.htm",
    ]
    assert listing.links[0].day == "2024-06-01"
    assert listing.broken_rows == 2


@pytest.mark.parametrize(
    ("url", "markup", "following", "probe"),
    [
        (HOME, '<script>createPageHTML(3, 0, "default", "htm");</script>', f"{HOME}default_1.htm", False),
        (
            HOME,
            '<script>myClipPage(L.tool.createClipPage(3,1),"default","htm")</script>',
            f"{HOME}default_2.htm",
            False,
        ),
        (HOME, '<script>createPageHTML(3, 2, "default", "htm");</script>', None, False),
        (HOME, '<a class="text" href="default_2.htm">下一页</a>', f"{HOME}default_2.htm", False),
        (HOME, "", f"{HOME}default_1.htm", True),
        (f"{HOME}index_1.shtml", "", f"{HOME}index_2.shtml", True),
        (f"{HOME}default_20433.htm", "", f"{HOME}default_20433_1.htm", True),
        ("https://hb.x.cn/s/7875.html", "", None, True),
    ],
)
def test_the_next_page(url: str, markup: str, following: str | None, probe: bool) -> None:
    listing = read_listing(page(ROWS + markup), url=url, rules=LISTING)
    assert (listing.next_page, listing.probe) == (following, probe)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ArticleRules(titel="h1", body="p"), "did you mean 'title'"),  # type: ignore[call-arg]
        (lambda: ListingRules(link="a", accept="x"), "did you mean 'links'"),  # type: ignore[call-arg]
        (lambda: ArticleRules(title="h1[", body="p"), "not a CSS selector"),
        (lambda: ListingRules(links="a", accept="("), "no regular expression"),
    ],
)
def test_a_misspelt_rule_fails_where_it_stands(make: object, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        make()  # type: ignore[operator]


TEXT = "<p>七月八日上午，青石县白浪镇的第三座风车开始转动，岸边围了两百多人，有人带了板凳，直到天黑。</p>" * 2


def test_rules_say_where() -> None:
    head = '<div id="head"><h2>风车转动</h2></div><div class="date">2020<br><i>06/08</i><label>07:13:00</label></div>'
    article = extract(
        page(f'{head}<p class="from">青石日报</p><div id="text">{TEXT}</div>'),
        url="http://x.cn/a",
        rules=RULES,
    )
    assert (article.title, article.published) == ("风车转动", "2020-06-08T07:13:00+08:00")
    assert (article.source, article.template) == ("青石日报", "x.cn #text")
    assert article.rules["title"] == "rule title"


def test_the_earlier_selector_of_a_union_wins() -> None:
    body = f'<div id="head"><h2>题</h2></div><div class="old"><p>旧的模板里的一句话。</p></div><div id="text">{TEXT}</div>'
    assert extract(page(body), url="http://x.cn/a", rules=RULES).template == "x.cn #text"


def test_a_rule_that_matches_nothing_raises() -> None:
    with pytest.raises(RuleMiss, match=r"rule body \(#text, .old\)"):
        extract(page(f'<div id="head"><h2>题目在此</h2></div><div id="new">{TEXT}</div>'), rules=RULES)
    with pytest.raises(RuleMiss, match="rule title"):
        extract(page(f'<h1>题目在此</h1><div id="text">{TEXT}</div>'), rules=RULES)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<div id="head"><h2>题</h2></div><div id="text"> </div>', "the body is empty"),
        ("<h1>提示</h1><p>您访问的文章不存在或已被删除</p>", "does not exist"),
        (
            "<ul>"
            + "".join(f"<li><a href=/{n}>这是第{n}条新闻的标题文字</a></li>" for n in range(30))
            + "</ul>",
            "listing",
        ),
    ],
)
def test_what_is_no_article_is_said_to_be_none(body: str, says: str) -> None:
    with pytest.raises(NotAnArticle, match=says):
        extract(page(body), url="http://x.cn/a", rules=RULES)


def test_parts_are_found_only_by_a_pager_of_this_page() -> None:
    script = '<script>createPageHTML(3, 0, "t20230615_123", "htm");</script>'
    markup = page(f'<div id="head"><h2>题</h2></div><div id="text">{TEXT}{script}</div>')
    parts = [f"http://x.cn/t20230615_123_{n}.htm" for n in (1, 2)]
    assert extract(markup, url="http://x.cn/t20230615_123.htm", rules=RULES).parts == parts
    assert extract(markup, url="http://x.cn/t20230615_999.htm", rules=RULES).parts == []


def test_parts_are_joined_without_a_repeated_seam() -> None:
    first, part = Article(editors=["王一"]), Article(editors=["王一", "李二"])
    first.blocks, part.blocks = [Block("甲"), Block("乙")], [Block("乙"), Block("丙")]
    for article in (first, part):
        article.body = derive_body(article.blocks)
    join(first, part)
    assert (first.body, first.editors) == ("甲\n乙\n丙", ["王一", "李二"])
