"""An archive for the reading room to show: outlets, days, revisions, copies, vanished pages, and hostile articles."""

from copy import deepcopy
from pathlib import Path

import pytest

from dzwcrawl.archive import visits
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, Block, Edition, Image, RawPage, derive_body
from tests.conftest import make_article

FIRST = "三月的最后一个清晨，柳湾渡口的旧船坞开始拆除，12个人站在堤上看，谁也没有说话，只有河水照旧往东流。"
EDITED = FIRST.replace("12个人", "13个人")
SECOND = "船老大周满仓说，他在这里补过70多条船，最后一条是去年秋天下水的，如今还在下游跑运输，一天两个来回。"
THIRD = "拆下来的木料将运往3公里外的船舶博物馆，馆长说，其中两根龙骨是清末的杉木，值得留下。"
CAPTION = "拆除中的船坞，摄于3月31日清晨。"
TABLE = ["站名 | 首班 | 末班", "柳湾渡口 | 06:10 | 21:40"]
RAW = "<html><head><title>柳湾渡口旧船坞开拆</title><script>alert('raw')</script></head><body>旧船坞</body></html>"

HOSTILE = "</title><script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)>\"'>&amp;\u202e"
LONG_WORD = "http" + "x" * 300

DOCK, COPY, VERSION, FLOOD, EVIL, PLAIN, UNDATED = range(1, 8)
"""Ids of the articles, in the order in which they are stored."""


def dock(*lines: str, title: str = "柳湾渡口旧船坞开拆") -> Article:
    """Return the article of which there are three revisions."""
    article = make_article(*lines, title=title, day="2024-03-31T08:15:00+08:00", site="liu")
    article.url = article.canonical_url = "http://liu.example.org/202403/t20240331_1.htm"
    article.kicker, article.subtitle, article.source = "河上旧事", "木料将进博物馆", "柳湾晚报"
    article.authors, article.editors, article.section = ["周小满"], ["吴桐"], ["柳湾", "民生"]
    article.keywords, article.language = ["船坞", "渡口"], "zh"
    article.edition = Edition("2024-03-31", "03", "民生", 1)
    article.blocks.insert(1, Block(CAPTION, "caption", removed="caption: of an image"))
    article.blocks += [Block("拆与留", "heading"), *(Block(row, "table_row") for row in TABLE)]
    article.blocks += [
        Block("木料两车", "list_item"),
        Block("龙骨两根", "list_item"),
        Block("值得留下。", "quote"),
    ]
    article.blocks += [Block("分享到：", removed="phrase: share")]
    article.images = [Image("http://img.example.org/1.jpg", CAPTION), Image("http://img.example.org/2.jpg")]
    article.videos = ["http://video.example.org/1.mp4"]
    article.body = derive_body(article.blocks)
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    article.pages = [RawPage(article.url, "2024-03-31T01:00:00+00:00", head, RAW.encode())]
    return article


def hostile() -> Article:
    """Return an article whose every text tries to become markup."""
    article = make_article(HOSTILE, f"{HOSTILE} 水闸", title=HOSTILE, day="2024-04-02", site="evil")
    article.url = article.canonical_url = "javascript:alert(document.domain)"
    article.kicker = article.subtitle = article.source = article.description = HOSTILE
    article.authors = article.editors = article.section = article.keywords = [HOSTILE]
    article.notes = [HOSTILE]
    article.language = 'zh"><script>'
    article.images = [Image("javascript:alert(2)", HOSTILE), Image("http://[broken", None)]
    article.videos = ["data:text/html,<script>alert(3)</script>"]
    article.blocks += [
        Block(HOSTILE, "caption", removed="caption: of an image"),
        Block(HOSTILE, removed=f"phrase: {HOSTILE}"),
        *(Block(HOSTILE, role) for role in ("heading", "quote", "list_item", "table_row")),
        Block(LONG_WORD),
    ]
    article.body = derive_body(article.blocks)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Evil: {HOSTILE[:-1]}\r\n"
    article.pages = [RawPage(article.url, "2024-04-02T01:00:00+00:00", head, HOSTILE.encode())]
    return article


def build(path: Path, monkeypatch: pytest.MonkeyPatch, *, many: int = 70) -> None:
    """Make the archive.

    :param many: articles of an outlet of its own, `many`, so that lists have pages.
    """

    def at(time: str) -> None:
        monkeypatch.setenv("DZWCRAWL_NOW", time)

    with Archive(path, create=True) as archive:
        at("2024-03-31T01:00:00+00:00")
        keep(archive, dock(FIRST, SECOND, THIRD))
        copied = make_article(EDITED, SECOND, THIRD, "拆与留", *TABLE, "木料两车", "龙骨两根", "值得留下。")
        copied.title, copied.published, copied.site, copied.source = (
            "旧船坞拆了",
            "2024-04-01",
            "wan",
            "大众网",
        )
        keep(archive, copied)
        changed = make_article(
            "本报消息，渡口上周停航。",
            FIRST,
            SECOND,
            THIRD,
            title="渡口船坞拆除",
            day="2024-04-02",
            site="hai",
        )
        keep(archive, changed)
        keep(archive, make_article("水闸今天放水三个小时。", title="水闸放水", day="2024-03-31", site="liu"))
        keep(archive, hostile())
        keep(
            archive,
            make_article(
                "A plain text in English, about a dock.", title="An old dock", day="2024-04", site="liu"
            ),
        )
        keep(archive, make_article("没有日期的文章。", title="没有日期", day=None, site="liu"))
        for number in range(many):
            day = f"2023-{1 + number % 12:02}-{1 + number % 28:02}"
            article = make_article(f"第{number}天的天气晴。", title=f"天气第{number}号", day=day, site="many")
            article.source, article.section = f"来源{number % 20}", ["天气", f"区{number % 3}"]
            keep(archive, article)
        at("2024-04-01T02:00:00+00:00")
        keep(archive, dock(EDITED, SECOND, THIRD))
        at("2024-04-02T03:00:00+00:00")
        keep(archive, dock(EDITED, SECOND, THIRD, title="旧船坞开拆（更新）"))
        with archive.transaction():
            visits.missed(archive, FLOOD, "HTTP 404", 404, absent=True)
    monkeypatch.delenv("DZWCRAWL_NOW")


def keep(archive: Archive, article: Article) -> None:
    """Store an article as a crawl does."""
    copy = deepcopy(article)
    store(archive, copy, key=copy.url or "")
