"""Site rules: mistakes in them, pages they do not fit, pages that are no articles."""

from collections.abc import Callable
from typing import Any

import pytest

from dzwcrawl.article import Article, Block
from dzwcrawl.extract import ArticleRules, ExtractionError, NotAnArticle, RuleMiss, extract
from dzwcrawl.extract.rules import ListingRules, RuleError

RULES = ArticleRules(title="h1.t", body="#main, .body", drop=".ad", authors=".by", section=".way a")
LINES = [
    "三月的最后一个清晨，柳湾渡口的旧船坞开始拆除，十来个人站在堤上看，谁也没有说话。",
    "船老大周满仓说，他在这里补过七十多条船，最后一条是去年秋天下水的，如今还在跑。",
]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)


def page(markup: str, title: str = "") -> bytes:
    head = f'<html><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body>{markup}</body></html>".encode()


def read(markup: str, title: str = "", url: str = "http://liu.cn/a.htm") -> Article:
    return extract(page(markup, title), url=url, rules=RULES)


@pytest.mark.parametrize(
    ("rules", "arguments", "says"),
    [
        (
            ArticleRules,
            {"titel": "h1", "body": "p"},
            "ArticleRules has no rule 'titel'; did you mean 'title'",
        ),
        (ArticleRules, {"title": "h1", "body": "p", "editor": "i"}, "did you mean 'editors'"),
        (ArticleRules, {"title": "h1", "body": "p", "xqz": "i"}, "there are title, body"),
        (
            ListingRules,
            {"links": "a", "acept": "x"},
            "ListingRules has no rule 'acept'; did you mean 'accept'",
        ),
        (ArticleRules, {"title": "h1", "body": "p["}, "ArticleRules.body is not a CSS selector"),
        (ArticleRules, {"title": "h1", "body": "p", "drop": ">>"}, "ArticleRules.drop is not a CSS selector"),
        (ListingRules, {"links": "a:nonsense(", "accept": "x"}, "ListingRules.links is not a CSS selector"),
        (ListingRules, {"links": "a", "accept": "("}, "ListingRules.accept is no regular expression"),
        (
            ListingRules,
            {"links": "a", "accept": "x", "deny": "*"},
            "ListingRules.deny is no regular expression",
        ),
    ],
)
def test_a_mistake_is_named(rules: Callable[..., Any], arguments: dict[str, str], says: str) -> None:
    with pytest.raises(RuleError) as caught:
        rules(**arguments)
    assert says in str(caught.value)


def test_a_required_rule_must_be_given() -> None:
    with pytest.raises(TypeError, match="body"):
        ArticleRules(title="h1")  # type: ignore[call-arg]


def test_rules_say_where() -> None:
    article = read(
        '<div class="way"><a>新闻</a><a>柳湾</a></div><h1 class="t"> </h1><h1 class="t">船坞<br>开拆</h1>'
        f'<i class="by">周小满</i><div id="main">{TEXT}<p class="ad">买船请来三号码头。</p></div>'
    )
    assert (article.body, article.authors) == ("\n".join(LINES), ["周小满"])
    assert (article.section, article.template) == (["新闻", "柳湾"], "liu.cn #main")
    assert article.title is not None and article.title.replace(" ", "") == "船坞开拆"
    assert Block("买船请来三号码头。", removed="rule: drop", aside=True) in article.blocks


def test_the_second_selector_of_a_union_serves_the_older_pages() -> None:
    article = read(f'<h1 class="t">船坞开拆</h1><div class="body">{TEXT}</div>')
    assert (article.body, article.template) == ("\n".join(LINES), "liu.cn .body")


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        (f'<h1>船坞开拆</h1><div id="main">{TEXT}</div>', "rule title (h1.t) matches nothing"),
        (f'<h1 class="t"> </h1><div id="main">{TEXT}</div>', "rule title (h1.t) matches nothing"),
        (
            f'<h1 class="t">船坞开拆</h1><div id="new">{TEXT}</div>',
            "rule body (#main, .body) matches nothing",
        ),
    ],
)
def test_an_article_that_a_required_rule_misses_is_a_miss(markup: str, says: str) -> None:
    with pytest.raises(RuleMiss) as caught:
        read(markup)
    assert str(caught.value) == says
    assert not isinstance(caught.value, NotAnArticle)


def links(number: int) -> str:
    rows = (f'<li><a href="/{n}.htm">柳湾新闻第{n}条的标题</a></li>' for n in range(number))
    return f"<ul>{''.join(rows)}</ul>"


@pytest.mark.parametrize(
    ("markup", "title", "says"),
    [
        ('<h1 class="t">船坞开拆</h1><div id="main"> <br> </div>', "", "the body is empty"),
        ('<h1 class="t">船坞开拆</h1><div id="main"></div>', "", "the body is empty"),
        ("<p>抱歉，您访问的页面不存在。</p>", "", "does not exist"),
        ("<p>三秒后回到首页</p>", "404 Not Found", "does not exist"),
        (f'<h1 class="t">新闻</h1><div id="main">{links(20)}</div>', "", "a listing"),
        (links(20), "", "a listing"),
    ],
)
def test_a_page_that_is_no_article(markup: str, title: str, says: str) -> None:
    with pytest.raises(NotAnArticle, match=says):
        read(markup, title)


def test_an_article_about_a_missing_page_is_an_article() -> None:
    more = "".join(f"<p>{n}、{line}</p>" for n in range(6) for line in LINES)
    article = read(f'<h1 class="t">页面不存在之谜</h1><div id="main"><p>该页面不存在。</p>{more}</div>')
    assert article.body.startswith("该页面不存在。")


def test_an_empty_page_is_an_error() -> None:
    with pytest.raises(ExtractionError, match="empty page"):
        extract(b"", rules=RULES)


def test_an_outlet_goes_before_its_family() -> None:
    own = RULES.prefer(body="#neu", editors=".ed")
    assert (own.title, own.body, own.editors, own.drop) == ("h1.t", "#neu, #main, .body", ".ed", ".ad")
    with pytest.raises(RuleError, match="did you mean 'editors'"):
        RULES.prefer(editor=".ed")
    with pytest.raises(RuleError, match="not a CSS selector"):
        RULES.prefer(body="#[")


@pytest.mark.parametrize("pager", ["", "default", "default_3.htm", "node_{2}.htm", "default_1.htm,", "?page"])
def test_a_pager_that_names_no_page_two_is_an_error(pager: str) -> None:
    with pytest.raises(RuleError, match="no name of page two"):
        ListingRules(links="a", accept="x", pager=pager)


def test_a_list_of_links_is_the_body_only_if_there_is_nothing_else() -> None:
    links = "".join(f'<p><a href="{n}.htm">船坞开拆之后的第{n}天</a></p>' for n in range(9))
    places = f'<div class="body">{links}</div><div class="body">{TEXT}</div>'
    article = read(f'<h1 class="t">船坞开拆</h1>{places}')
    assert article.body == "\n".join(LINES)
    assert article.template == "liu.cn .body"
