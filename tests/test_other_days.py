"""Days that stand on a page and are not that of its article: unknown is better."""

import pytest

from tests.test_metadata import PROSE, page, read

TITLE = "一号码头今日开航"
OLD = "<p>2008年8月8日，老码头停用，市民从此绕行三十公里。</p>"
ENTRY = "<ul class='side'><li><a href='/1'>另一条新闻的标题在这里</a> 2024-05-01</li></ul>"
NEXT = "<h2>夜市让老街热闹起来</h2><div class='info'>2024-04-09 11:22 来源：别处晚报</div><p>摊位多了一倍，客人也多了。</p>"
COMMENT = "<div class='comment'><b>小周</b> <time datetime='2024-04-01T10:00:00Z'>4月1日</time><p>太好了。</p></div>"


@pytest.mark.parametrize(
    "html",
    [
        page(title=TITLE, above="<div class='top'>今天是2025年8月9日 星期六</div>"),
        page(title=TITLE, above=ENTRY),
        page(title=TITLE, below="<div class='info'>报名截止时间：2024年6月5日 来源：海边日报</div>"),
        page(title=TITLE, body=OLD + PROSE),
        page(title=TITLE, body=PROSE + "</div>" + NEXT),
        page(title=TITLE, body=PROSE + "</div>" + COMMENT),
        page(title=TITLE, below="<div class='info'>1970-01-01 08:00:00 来源：海边日报</div>"),
        page(title=TITLE, head="<meta property='article:published_time' content='1970-01-01T00:00:00Z'>"),
        page(title=TITLE, head="<meta name='publishdate' content='1900-01-01 00:00:00'>"),
    ],
    ids=["today", "list above", "deadline", "history", "next article", "comment", "0", "0 in UTC", "1900"],
)
def test_the_day_of_something_else_is_not_taken(html: str) -> None:
    assert read(html).published is None


def test_a_day_of_history_does_not_outweigh_the_address() -> None:
    assert (
        read(page(title=TITLE, body=OLD + PROSE), "http://liu.cn/2024/03/02/1.html").published == "2024-03-02"
    )


def test_the_source_of_the_next_article_is_not_taken() -> None:
    assert read(page(title=TITLE, body=PROSE + "</div>" + NEXT)).source is None


def test_editors_below_the_label_of_a_box_are_kept() -> None:
    article = read(page(title=TITLE, body=PROSE + "</div><h3>分享到</h3><p>责任编辑：吴桐</p>"))
    assert article.editors == ["吴桐"]
