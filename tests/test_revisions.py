"""What makes a new revision and what never does: on pages, in the archive, property by property."""

import json
import sqlite3
from contextlib import closing
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.history import at_revision, comparable, revisions
from dzwcrawl.archive.schema import migrations
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, Block, Image, derive_body
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import extract
from dzwcrawl.revisions import changes, picture_file, plain
from tests.conftest import make_article

FIRST = "三月的最后一个清晨，柳湾渡口的旧船坞开始拆除，12个人站在堤上看，谁也没有说话，只有河水照旧往东流。"
SECOND = "船老大周满仓说，他在这里补过70多条船，最后一条是去年秋天下水的，如今还在下游跑运输，一天两个来回。"
THIRD = "拆下来的木料将运往3公里外的船舶博物馆，馆长说，其中两根龙骨是清末的杉木，值得留下。"
URL = "http://liu.example.org/202403/t20240331_1.htm"


def page(
    *,
    reads: int = 3,
    ad: str = "春季购房节",
    related: tuple[str, ...] = ("水闸放水", "桥面翻修"),
    picture: str = "http://img.example.org/202403/W020240331511111111111.jpg",
    body: tuple[str, ...] = (FIRST, SECOND, THIRD),
    title: str = "柳湾渡口旧船坞开拆",
) -> bytes:
    """Return a page with all that changes around an article."""
    links = "".join(f'<li><a href="/{n}.htm">{text}</a></li>' for n, text in enumerate(related))
    paragraphs = "\n".join(f"<p>　　{text}</p>" for text in body)
    return f"""<html><head><meta charset="utf-8"><title>{title}_柳湾网</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/xw/">新闻</a></div><div class="ad"><a href="/ad">{ad}</a></div>
<h1>{title}</h1><p class="info">2024-03-31 08:15 来源：柳湾晚报 作者：周小满 阅读：{reads} 评论：{reads // 2}</p>
<div class="content">{paragraphs}<p><img src="{picture}"></p><p>责任编辑：吴桐</p></div>
<div class="related"><h3>相关阅读</h3><ul>{links}</ul></div><div class="count">点击：{reads}</div></body></html>""".encode()


def read(html: bytes) -> Article:
    article = extract(html, url=URL)
    article.site, article.canonical_url = "liu", URL
    clean_phrases(article)
    return article


PAGE = read(page())
_headlines = st.text(st.sampled_from("水闸放桥面翻修春季购房节河堤博物馆招商会议"), min_size=4, max_size=20)


@given(
    reads=st.integers(0, 10**7),
    ad=_headlines,
    related=st.lists(_headlines, min_size=1, max_size=6, unique=True).map(tuple),
    query=st.sampled_from(["", "?x=1", "?w=640&h=480"]),
    host=st.sampled_from(["img.example.org", "cdn2.example.net/liu"]),
)
def test_ads_counters_related_lists_and_picture_hosts_make_no_revision(
    reads: int, ad: str, related: tuple[str, ...], query: str, host: str
) -> None:
    picture = f"https://{host}/202403/W020240331511111111111.jpg{query}"
    assert changes(PAGE, read(page(reads=reads, ad=ad, related=related, picture=picture))) == []


def _reencoded(text: str, how: str) -> str:
    return {
        "narrow": text.replace("，", ",").replace("。", "｡"),
        "wide digits": text.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}),
        "entities": "".join(f"&#{ord(c)};" for c in text),
        "blanks": f"\n   {text[:7]}&nbsp; {text[7:]}&#12288;",
        "zero width": f"{text[:5]}\u200b{text[5:]}",
        "divided": f"{text[:20]}</p><p>{text[20:]}",
    }[how]


@pytest.mark.parametrize("how", ["narrow", "wide digits", "entities", "blanks", "zero width", "divided"])
def test_another_spelling_of_the_same_text_is_no_revision(how: str) -> None:
    body = (FIRST, _reencoded(SECOND, how), THIRD)
    assert changes(PAGE, read(page(body=body, title=_reencoded("柳湾渡口旧船坞开拆", "narrow")))) == []


_DIGITS = [
    (n, at) for n, text in enumerate((FIRST, SECOND, THIRD)) for at, c in enumerate(text) if c.isdigit()
]


@given(st.sampled_from(_DIGITS), st.integers(1, 9))
def test_a_changed_digit_in_a_sentence_is_a_revision(place: tuple[int, int], step: int) -> None:
    body = [FIRST, SECOND, THIRD]
    n, at = place
    body[n] = f"{body[n][:at]}{(int(body[n][at]) + step) % 10}{body[n][at + 1 :]}"
    assert changes(PAGE, read(page(body=tuple(body)))) == ["body"]


_simple = st.text(st.characters(max_codepoint=0x2FF))


@given(_simple, st.sampled_from([" ", "\u3000", "\n", "\u200b", "\u00ad", " \t "]), _simple)
def test_plain_ignores_white_space(a: str, space: str, b: str) -> None:
    assert plain(a + space + b) == plain(a + b) == plain(plain(a + b))


@pytest.mark.parametrize(
    ("a", "b"), [("10²", "102"), ("us", "US"), ("3.5", "35"), ("是。", "是？"), ("①", "1")]
)
def test_plain_keeps_what_says_something(a: str, b: str) -> None:
    assert plain(a) != plain(b)


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("更正：本文此前误写了船的数目。", True),
        ("（更正）船的数目应为七十条。", True),
        ("【订正启事】昨日报道有误。", True),
        ("编者按：本文有修改。", True),
        ("更新：拆除已于下午完成。", True),
        ("Correction: an earlier version misstated the number of boats.", True),
        ("Editor’s note: this story was changed.", True),
        ("Update 14:30: The work is done.", True),
        ("Korrektur: In einer früheren Fassung stand eine falsche Zahl.", True),
        ("Berichtigung: Es waren siebzig Boote.", True),
        ("市民要求更正错误的路牌。", False),
        ("系统更新：明天暂停服务。", False),
        ("The correction of the river took ten years.", False),
    ],
)
def test_a_correction_note_is_named(note: str, found: bool) -> None:
    old = make_article(FIRST, SECOND, title="t")
    new = make_article(FIRST, SECOND, note, title="t")
    assert changes(old, new) == (["body", "correction"] if found else ["body"])
    assert changes(new, new) == []
    inside = make_article(FIRST, SECOND + note, title="t")
    assert changes(old, inside) == changes(old, new)


def test_every_kind_has_its_name() -> None:
    old = make_article(FIRST, title="甲")
    old.authors, old.images, old.subtitle = ["周小满"], [Image("http://x/1.jpg", "船坞")], "副题"
    told: dict[str, tuple[Any, list[str]]] = {
        "title": ("乙", ["headline"]),
        "subtitle": (None, ["headline"]),
        "title ": ("更正：甲", ["headline", "correction"]),
        "authors": (["周小满", "吴桐"], ["authors"]),
        "published": ("2024-05-02", ["date"]),
        "images": ([Image("http://x/2.jpg", "船坞")], ["picture"]),
        "images ": ([Image("http://x/1.jpg", "旧船坞")], ["picture"]),
        "source": ("别的报", []),
        "editors": (["吴桐"], []),
        "description": ("换了", []),
    }
    for name, (value, kinds) in told.items():
        new = deepcopy(old)
        setattr(new, name.strip(), value)
        assert changes(old, new) == kinds, name


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("2024-05-01", "2024-05-01T08:00:00+08:00", True),
        ("2024-05-01T08:00:00+08:00", "2024-05-01T00:00:00Z", True),
        ("2024-05-01T08:00:00+08:00", "2024-05-01T08:01:00+08:00", False),
        ("2024-05-01", "2024-05-02", False),
        ("2024", "2024-05", True),
        (None, "2024-05-01", False),
        (None, None, True),
    ],
)
def test_a_date_told_more_precisely_is_the_same(old: str | None, new: str | None, same: bool) -> None:
    a, b = make_article(FIRST, title="t", day=old), make_article(FIRST, title="t", day=new)
    assert (changes(a, b) == []) == (changes(b, a) == []) == same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.cn/x/1.jpg", "https://cdn.b.cn/x/1.jpg?x-oss-process=resize", True),
        ("http://a.cn/x/1_600x400.jpg", "http://a.cn/x/1.jpg", True),
        ("http://a.cn/x/thumb/1.jpg", "http://a.cn/x/1.jpg", True),
        ("http://a.cn/640x480/x/1.jpg", "http://a.cn/x/1.webp", True),
        ("http://a.cn/x/1.jpg!w640", "http://a.cn/x/1.jpg@1280w_1e.webp", True),
        ("http://a.cn/x/W020200608265447193498.jpg", "http://b.cn/y/W020200608265447193498_thumb.jpg", True),
        ("http://a.cn/_next/image?url=%2Fx%2F1.jpg&w=640", "http://a.cn/x/1.jpg", True),
        ("http://a.cn/pic.php?id=7&w=640", "http://a.cn/pic.php?id=7&w=1280", True),
        ("http://a.cn/pic.php?id=7", "http://a.cn/pic.php?id=8", False),
        ("http://a.cn/x/1.jpg", "http://a.cn/x/2.jpg", False),
        ("http://a.cn/x/1.jpg", "http://a.cn/y/1.jpg", False),
        ("http://a.cn/x/W020200608265447193498.jpg", "http://a.cn/x/W020200608265447193499.jpg", False),
    ],
)
def test_one_picture_in_another_size_or_from_another_host(one: str, other: str, same: bool) -> None:
    assert (picture_file(one) == picture_file(other)) == same


@given(st.text())
def test_any_picture_url_has_a_file(url: str) -> None:
    assert isinstance(picture_file(f"http://x.cn/{url}".replace("[", "").replace("]", "")), str)


_lines = st.lists(st.sampled_from([FIRST, SECOND, THIRD, "微信扫码", "更多精彩"]), min_size=1, max_size=6)


@given(_lines, st.data())
def test_a_verdict_that_changed_is_no_revision(lines: list[str], data: st.DataObject) -> None:
    old, new = make_article(*lines, title="t"), make_article(*lines, title="t")
    for article in (old, new):
        for block in article.blocks:
            block.removed = data.draw(
                st.sampled_from([None, "phrase: share", "learned: repeats on this site"])
            )
        article.body = derive_body(article.blocks)
    # Of equal lines it does not matter which one was removed, only how many; their order then may differ.
    if len(set(lines)) == len(lines):
        assert changes(old, new) == []


def test_a_paragraph_that_goes_is_a_revision_even_if_its_words_stand_in_a_caption() -> None:
    old, new = make_article(FIRST, SECOND, title="t"), make_article(FIRST, title="t")
    for article in (old, new):
        article.blocks.append(Block(SECOND, removed="caption: of an image"))
    assert changes(old, new) == ["body"]


# In the archive.


def again(archive: Archive, old: Article, *lines: str, **fields: object) -> tuple[str, Article]:
    """Store the page of an article anew with other lines or fields."""
    new = make_article(*lines, title=old.title, url=old.url)
    for name, value in fields.items():
        setattr(new, name, value)
    assert old.url is not None
    return store(archive, new, key=old.url), new


def first(archive: Archive, *lines: str) -> Article:
    article = make_article(*lines)
    assert article.url is not None
    store(archive, article, key=article.url)
    return article


def test_fetching_one_page_with_other_surroundings_ten_times(archive: Archive) -> None:
    outcomes = [
        store(archive, read(page(reads=n, ad=f"广告{n}", related=(f"新闻{n}",))), key="k") for n in range(10)
    ]
    assert outcomes == ["new"] + ["unchanged"] * 9
    assert archive.query_value("SELECT count(*) FROM revisions") == 0


def test_a_banner_learned_between_two_fetches_is_no_revision(archive: Archive) -> None:
    banner = "每日精选尽在柳湾"
    old = first(archive, FIRST, banner)
    first(archive, SECOND, banner)
    with archive.transaction():
        # The verdict has come, the body has not been derived again yet: that happens when a crawl ends.
        archive.connection.execute(
            "INSERT INTO verdicts (block, month, scope, place, pages, of) "
            "SELECT id, 202405, '*', 'after', 9, 9 FROM blocks WHERE pattern = ?",
            (banner,),
        )
    assert banner in str(archive.query_value("SELECT body FROM articles WHERE id = ?", (old.id,)))
    assert again(archive, old, FIRST, banner)[0] == "unchanged"
    assert again(archive, old, FIRST)[0] == "unchanged"
    # And where something did change, the banner is no part of the change.
    assert again(archive, old, FIRST.replace("12", "15"))[0] == "revised"
    present = archive.article(old.id or 0)
    assert present is not None
    states = comparable(archive, present, (1, 2))
    assert states is not None and [state.body for state in states] == [FIRST, FIRST.replace("12", "15")]
    (layout,) = archive.connection.execute("SELECT layout FROM revisions").fetchone()
    assert banner in layout


def test_what_is_told_beside_the_text_follows_the_page(archive: Archive) -> None:
    old = first(archive, FIRST)
    told = {"source": "柳湾日报", "editors": ["吴桐"], "published": "2024-05-01T08:00:00+08:00"}
    assert again(archive, old, FIRST, **told)[0] == "unchanged"
    assert again(archive, old, FIRST, source=None, editors=[])[0] == "unchanged"
    found = archive.article(old.id or 0)
    assert found is not None and found.revision == 1
    assert {name: getattr(found, name) for name in told} == told


def test_a_page_that_moved_to_https_is_still_compared(archive: Archive) -> None:
    old = first(archive, FIRST)
    assert old.url is not None
    secure = make_article(FIRST, SECOND, title=old.title, url=old.url.replace("http://", "https://www."))
    assert store(archive, secure, key=old.url) == "revised"
    assert archive.article(secure.url or "") == archive.article(old.url)


def test_revisions_say_when_and_what(archive: Archive) -> None:
    old = first(archive, FIRST)
    again(archive, old, FIRST, SECOND)
    _, last = again(archive, old, FIRST, SECOND, "更正：是七十条船。", authors=["周小满"])
    history = revisions(archive, last)
    assert [(each.number, each.changes) for each in history] == [
        (1, []),
        (2, ["body"]),
        (3, ["body", "correction", "authors"]),
    ]
    assert all(a.until <= (b.since or "") <= b.until for a, b in pairwise(history))
    bodies = [at_revision(archive, last, number) for number in (1, 2, 3)]
    assert [state and state.body for state in bodies] == [FIRST, f"{FIRST}\n{SECOND}", last.body]
    assert at_revision(archive, last, 4) is None and comparable(archive, last, (1, 9)) is None


def test_an_archive_of_before_is_brought_up_to_date_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        migrations.apply(Database(connection), stop_before="m005_revision_changes")
        connection.execute("INSERT INTO articles (id, site, url, canonical_url, body, first_seen, last_seen, revision, "
            "template, layout, rules, notes) VALUES (1, 's', 'u', 'u', 'b', '2024-01-01', '2024-01-03', 2, '', "
            "'[[\"paragraph\"]]', '{}', '[]')")  # fmt: skip
        record = json.dumps({"body": "a", "images": []})
        connection.execute(
            "INSERT INTO revisions VALUES (1, 1, '2024-01-02', ?, '[[\"paragraph\"]]')", (record,)
        )
        connection.commit()
    with Archive(path) as archive:
        article = archive.article(1)
        assert article is not None
        history = revisions(archive, article)
    assert [(each.since, each.until, each.changes) for each in history] == [
        ("2024-01-01", "2024-01-02", []),
        (None, "2024-01-03", []),
    ]
