"""Search finds what a look at every text would find, and nothing else, whoever wrote the articles."""

import json
import re
import shutil
import sqlite3
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from dzwcrawl.archive import reextract, visits
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.archive.reclean import reclean, relearn
from dzwcrawl.archive.schema import migrations
from dzwcrawl.archive.search import ORDERS, Order, check, count, ids, rebuild, search
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.article import Article, Block, RawPage, derive_body
from dzwcrawl.search.query import QueryError, everywhere, parse, terms
from dzwcrawl.search.snippets import Pieces, pattern, snippet
from dzwcrawl.search.tokens import tokens
from tests.conftest import ROOT, make_article
from tests.test_cli import lines, run

ALPHABET = "招商引资潍坊發发髮5G2a网é络Ａ％，。·-—\"“”'*() 　\n\u200bßK²ﬁ가กЖ_\t"
TEXT = st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=30).filter(
    lambda text: not any(unicodedata.category(c) == "Cs" or c == "\0" for c in text)
)


def as_compared(text: str) -> str:
    """Fold a text as docs/search.md says, in other words than the code's."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[\u00ad\u200b\u200c\u200d\u2060\ufeff]", "", text)
    return re.sub(r"\s+", " ", text).strip().casefold()


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive for tests that write it anew for each of many examples."""
    with Archive(tmp_path_factory.mktemp("search") / "archive.db", create=True) as archive:
        yield archive


def write(archive: Archive, *texts: tuple[str, str]) -> None:
    """Make titles and bodies all that is in the archive, past all cleaning."""
    archive.connection.execute("DELETE FROM articles")
    for number, (title, body) in enumerate(texts):
        archive.connection.execute(
            "INSERT INTO articles (site, url, canonical_url, title, body, first_seen, last_seen, template, layout, "
            "rules, notes) VALUES ('s', ?1, '', ?2, ?3, '', '', '', '[]', '{}', '[]')",
            (str(number), title, body),
        )


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), data=st.data())
def test_search_is_a_look_at_every_text(
    texts: list[tuple[str, str]], data: st.DataObject, reused: Archive
) -> None:
    source = data.draw(st.sampled_from([text for pair in texts for text in pair]))
    start = data.draw(st.integers(0, len(source)))
    query = data.draw(st.just(source[start : start + data.draw(st.integers(1, 8))]) | TEXT)
    write(reused, *texts)
    wanted = as_compared(query)
    if not wanted:
        with pytest.raises(QueryError, match="nothing to look for"):
            count(reused, everywhere(query))
        return
    found = list(ids(reused, everywhere(query)))
    assert found == [
        number for number, pair in enumerate(texts, 1) if any(wanted in as_compared(text) for text in pair)
    ]
    assert count(reused, everywhere(query)) == len(found)
    for hit in search(reused, everywhere(query)):
        shown = "".join(text for text, _ in hit.title_pieces)
        assert shown in ((hit.title or "").replace("\n", " "), as_compared(hit.title or ""))
        marks = [text for pieces in (hit.title_pieces, hit.snippet) for text, marked in pieces if marked]
        assert marks
        # A sign that folds to several (`ﬁ`) is marked whole where one of them was looked for.
        assert all(wanted in as_compared(mark) and wanted not in as_compared(mark[1:-1]) for mark in marks)


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.text("招商5Ga2 ，", max_size=12), min_size=1, max_size=8), data=st.data())
def test_words_and_figures_are_whole_ones_unless_a_star_lets_them_go_on(
    texts: list[str], data: st.DataObject, reused: Archive
) -> None:
    part = data.draw(st.text("招商5Ga2，", min_size=1, max_size=4))
    before, after = data.draw(st.sampled_from(["", "*"])), data.draw(st.sampled_from(["", "*"]))
    start = "(?<![a-z0-9])" if re.match("[a-z0-9]", part, re.I) and not before else ""
    end = "(?![a-z0-9])" if re.search("[a-z0-9]$", part, re.I) and not after else ""
    wanted = re.compile(start + re.escape(as_compared(part)) + end)
    write(reused, *((text, "") for text in texts))
    found = list(ids(reused, f"{before}{part}{after}"))
    assert found == [number for number, text in enumerate(texts, 1) if wanted.search(as_compared(text))]


@settings(max_examples=100, deadline=None)
@given(
    texts=st.lists(st.text("发發髮台臺颱里裡5G ", max_size=10), min_size=1, max_size=8),
    query=st.text("发發髮台臺颱里裡5G", min_size=1, max_size=5),
)
def test_variants_are_one_character(texts: list[str], query: str, reused: Archive) -> None:
    simplified = str.maketrans("發髮臺颱裡", "发发台台里")
    wanted = as_compared(query).translate(simplified)
    write(reused, *((text, "") for text in texts))
    found = list(ids(reused, everywhere(query), variants=True))
    hits = search(reused, everywhere(query), variants=True)
    assert found == [
        number for number, text in enumerate(texts, 1) if wanted in as_compared(text).translate(simplified)
    ]
    for hit in hits:
        marks = [text for text, marked in hit.title_pieces if marked]
        assert marks
        assert all(as_compared(mark).translate(simplified) == wanted for mark in marks)


@pytest.fixture
def news(archive: Archive) -> Archive:
    """Five articles, of one outlet and two sources; the last is a copy of the one before it."""
    for title, body, day, source, author in (
        (
            "潍坊招商大会开幕",
            "昨日，潍坊市召开大会，５Ｇ网络全覆盖，2026年投资增长3.5%。",
            "2026-11-20",
            "鸢都晚报",
            "李四",
        ),
        ("经济发展", "潍坊经济稳中向好，招商引资见成效。", "2020-01-05", "鸢都晚报", "张三"),
        ("經濟發展", "臺灣經濟發展，頭髮生意，SAID 的 AI-based 网络 Café。", "2024-06-01", "海风社", "张三"),
        ("渡口", "招商局的渡轮在12026年以前靠岸，Made in China。" * 3, None, None, "张三"),
        ("渡口（转载）", "招商局的渡轮在12026年以前靠岸，Made in China。" * 3, None, None, "张三"),
    ):
        article = make_article(body, title=title, day=day)
        article.source, article.authors, article.section = source, [author], ["新闻", title[:2]]
        store(archive, article, key=article.url or "")
    return archive


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("招商", [1, 2, 4, 5]),
        ("招", [1, 2, 4, 5]),
        ("招商 潍坊", [1, 2]),
        ("招商 AND 潍坊", [1, 2]),
        ("潍坊 OR 渡口", [1, 2, 4, 5]),
        ("招商 大会 OR 渡口", [1, 4, 5]),
        ("招商 （大会 OR 渡口）", [1, 4, 5]),
        ("招商 (大会 OR 向好) -引资", [1]),
        ("招商 NOT 潍坊", [4, 5]),
        ("招商 -(潍坊 OR 转载)", [4]),
        ('"招商 大会"', []),
        ("“招商大会”", [1]),
        ("「招商大会」", [1]),
        ("“made in china”", [4, 5]),
        ("5g", [1]),
        ("5G网络", [1]),
        ("G网", []),
        ("*G网", [1]),
        ("2026年", [1]),
        ("*2026年", [1, 4, 5]),
        ("202*", [1]),
        ("3.5%", [1]),
        ("３．５％", [1]),
        ("3.", [1]),
        ("，", [1, 2, 3, 4, 5]),
        ("AI", [3]),
        ("ai-based", [3]),
        ("SA*", [3]),
        ("*aid", [3]),
        ("*i*", [3, 4, 5]),
        ("CAFÉ", [3]),
        ("caf", []),
        ("经济发展", [2]),
        ("or", []),
        ("招商局的渡轮在12026年以前靠岸，Made", [4, 5]),
    ],
)
def test_queries(news: Archive, query: str, found: list[int]) -> None:
    assert list(ids(news, query)) == found
    assert count(news, query) == len(found)
    assert sorted(hit.id for hit in search(news, query)) == found
    assert [row["id"] for row in records(news, query=query)] == found, "one meaning of a query everywhere"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "the query is empty"),
        ("　", "the query is empty"),
        ('招商 "潍坊', 'the quote " is never closed with " (character 4 of the query: 招商 ▸"潍坊)'),
        ("“潍坊\"", "the quote “ is never closed with ” (character 1"),
        ("(招商", "this parenthesis is never closed (character 1"),
        ("招商)", "this parenthesis closes none (character 3"),
        ("招商 ()", "a word is missing here (character 5"),
        ("招商 OR", "a word is missing here (character 6"),
        ("OR 招商", "a word is missing here (character 1"),
        ("AND 招商", "AND has nothing before it (character 1"),
        ("招商 AND OR 潍坊", "AND has nothing after it (character 8"),
        ("招商 NOT", "a word is missing here (character 7"),
        ("-招商", "this only says what is not wanted"),
        ("潍坊 OR -招商", "this only says what is not wanted: name something to find as well, or quote a minus that is meant "
         "(character 7"),
        ("**", "there is nothing to look for here (character 1"),
        ('招商 ""', "there is nothing to look for here (character 4"),
        ("(" * 31 + "招" + ")" * 31, "more than 30 parentheses inside each other"),
        ("招" * 2001, "the query has 2001 characters; 2000 are the most"),
    ],
)  # fmt: skip
def test_a_query_that_means_nothing_says_where(news: Archive, query: str, message: str) -> None:
    for ask in (search, count, ids):
        with pytest.raises(QueryError) as caught:
            ask(news, query)
        assert message in str(caught.value)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text("招商aA5 \"“”「」()（）-*ORANDT\n%'", max_size=20))
def test_whatever_is_typed_is_a_query_or_named_an_error(news: Archive, query: str) -> None:
    try:
        found = list(ids(news, query))
    except QueryError as error:
        assert str(error)
    else:
        assert sorted(hit.id for hit in search(news, query)) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"site": "s"}, [1, 2, 4, 5]),
        ({"site": "other"}, []),
        ({"source": "鸢都晚报"}, [1, 2]),
        ({"source": "鸢都"}, []),
        ({"author": "张三"}, [2, 4, 5]),
        ({"section": "新闻"}, [1, 2, 4, 5]),
        ({"section": "渡口"}, [4, 5]),
        ({"since": "2020-01-05"}, [1, 2]),
        ({"since": "2024"}, [1]),
        ({"until": "2020"}, [2]),
        ({"duplicates": False}, [1, 2, 4]),
        ({"duplicates": False, "author": "张三", "until": "2020-01"}, [2]),
    ],
)
def test_filters(news: Archive, filters: dict[str, Any], found: list[int]) -> None:
    assert list(ids(news, "招商", **filters)) == found
    assert count(news, "招商", **filters) == len(found)
    for order in ORDERS:
        assert sorted(hit.id for hit in search(news, "招商", order=order, **filters)) == found
    assert [row["id"] for row in records(news, query="招商", **filters)] == found


def in_order(archive: Archive, query: str, order: Order, **options: Any) -> list[int]:
    return [hit.id for hit in search(archive, query, order=order, **options)]


def test_orders(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DZWCRAWL_NOW", "2026-11-24T00:00:00+08:00")
    filler = "河水照旧往东流，船照旧靠岸。" * 5
    for title, day, body in (
        ("一条消息", "2026-11-20", f"渔港{filler}"),
        ("渔港的消息", "2016-01-01", f"渔港{filler}"),
        ("又一条消息", "2026-11-23", f"{filler * 8}渔港"),
        ("再一条消息", None, f"渔港渔港渔港{filler}"),
        *((f"别的消息{number}", "2026-11-23", filler) for number in range(10)),
    ):
        article = make_article(body, title=title, day=day)
        store(archive, article, key=article.url or "")
    assert in_order(archive, "渔港", "relevance") == [2, 4, 1, 3]
    assert in_order(archive, "渔港", "newest") == [3, 1, 2, 4]
    assert in_order(archive, "渔港", "fresh")[:2] == [1, 3]
    assert in_order(archive, "渔港", "newest", limit=2, offset=1) == [1, 2]
    scores = [hit.score for hit in search(archive, "渔港")]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    with pytest.raises(ValueError, match="there is no order 'oldest'; did you mean"):
        search(archive, "渔港", order="oldest")  # type: ignore[arg-type]


def plain(pieces: Pieces) -> str:
    """Return pieces as text, the marked ones in brackets."""
    return "".join(f"[{text}]" if marked else text for text, marked in pieces)


LONG = "一年之计在于春，河边的人都起得很早，站在堤上看水。" * 6
SENTENCE = "柳湾渡口的旧船坞拆到第三天，工人们在梁上找到一只铁皮盒子，里面是四十年前的船票和一张手绘的河图。"


@pytest.mark.parametrize(
    ("query", "body", "snippet"),
    [
        ("铁皮", f"{LONG}{SENTENCE}{LONG}",
         "柳湾渡口的旧船坞拆到第三天，工人们在梁上找到一只[铁皮]盒子，里面是四十年前的船票和一张手绘的河图。"
         "一年之计在于春，河边的人都起得很早，站在堤上看水。一年之计在于春，河边的人都起得很早，站在堤上看水。"),
        ("柳湾", f"{LONG}\n{SENTENCE}", "[柳湾]渡口的旧船坞拆到第三天，工人们在梁上找到一只铁皮盒子，里面是四十年前的船票和一张手绘的河图。"),
        ("河图", SENTENCE, "柳湾渡口的旧船坞拆到第三天，工人们在梁上找到一只铁皮盒子，里面是四十年前的船票和一张手绘的[河图]。"),
        ("ai 5g", f"{SENTENCE}\nＡＩ和5Ｇ。", f"{SENTENCE} [ＡＩ]和[5Ｇ]。"),
        ("船坞", "旧\u200b船\u00ad坞", "旧\u200b[船\u00ad坞]"),
        ("café", "Ein Cafe\u0301 am Markt", "Ein [Cafe\u0301] am Markt"),
        ("2%", "涨了２％。", "涨了[２％]。"),
        ("ai", "Ａ股，AI（￣▽￣）´好´", "Ａ股，[AI]（￣▽￣）´好´"),
        ("ガス", "ｶﾞｽ，ＡＩ", "[ｶﾞｽ]，ＡＩ"),
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af，ＡＩ", "[\u1112\u1161\u11ab\u1100\u1173\u11af]，ＡＩ"),
        ("堤上", "河边的人都起得很早站在堤上看水" * 20, "河边的人都起得很早站在[堤上]看水" + "河边的人都起得很早站在[堤上]看水" * 5 + "…"),
    ],
)  # fmt: skip
def test_snippets(archive: Archive, query: str, body: str, snippet: str) -> None:
    write(archive, ("标题", body))
    (hit,) = search(archive, query)
    assert plain(hit.snippet) == snippet
    assert plain(hit.title_pieces) == "标题"


def test_a_snippet_shows_the_place_that_has_most_of_the_words(archive: Archive) -> None:
    write(archive, ("渡口", f"渡口。{LONG}渡口有一只铁皮盒子。{LONG}"))
    (hit,) = search(archive, "渡口 铁皮")
    assert plain(hit.snippet).startswith("[渡口]有一只[铁皮]盒子。")
    assert plain(hit.title_pieces) == "[渡口]"
    (hit,) = search(archive, "渡口 铁皮 -闸门", limit=1)
    assert hit.title_pieces == (("渡口", True),)


def test_of_a_long_text_the_richest_lines_are_shown() -> None:
    lines = ["渡口在这里。", *["河水照旧往东流。"] * 4000]
    lines[3000] = "渡口有一只铁皮盒子。"
    shown = snippet("\n".join(lines), pattern(terms(parse("渡口 铁皮"))))
    assert plain(shown).startswith("[渡口]有一只[铁皮]盒子。 河水照旧往东流。")
    for number in range(900, 1100):  # wherever the lines are divided
        some = [*lines[:number], "河水照旧往东有船", "坞里的水照旧流。", *lines[number:]]
        shown = snippet("\n".join(some), pattern(terms(parse('"船 坞"'))))
        assert "河水照旧往东有[船 坞]里的水照旧流。" in plain(shown)


def test_lines_around_the_headline_are_found_and_shown(archive: Archive) -> None:
    article = make_article("河水照旧往东流。", title="拆船坞")
    article.kicker, article.subtitle = "柳湾纪事", "铁皮盒子里有河图"
    store(archive, article, key="k")
    assert [plain(hit.snippet) for hit in search(archive, "纪事")] == ["柳湾[纪事]"]
    assert [plain(hit.snippet) for hit in search(archive, "河图")] == ["铁皮盒子里有[河图]"]
    assert count(archive, "坞铁") == 0, "what stands in two fields does not stand together"


def test_an_article_without_a_title_is_found(archive: Archive) -> None:
    write(archive, (None, "渡口"))  # type: ignore[arg-type]
    assert [(hit.title, hit.title_pieces) for hit in search(archive, "渡口")] == [(None, ())]


BANNER = "潮起东方与你同行每天早上八点准时更新"


def _new(archive: Archive, **changes: Any) -> Article:
    """Store an article, or what another look at it told."""
    lines = changes.pop("lines", ("铁皮盒子里是船票。",))
    article = make_article(*lines, title=changes.pop("title", "渡口"), url="http://example.org/a.htm")
    article.pages = [
        RawPage(article.url or "", "2024-05-01T00:00:00+00:00", "HTTP/1.1 200 OK\r\n", b"<p>1</p>")
    ]
    for name, value in changes.items():
        setattr(article, name, value)
    store(archive, article, key="a")
    return article


def _revise(archive: Archive) -> None:
    _new(archive)
    _new(archive, lines=("河图里有六处暗礁。",), title="河图")


def _refresh(archive: Archive) -> None:
    _new(archive)
    _new(archive, source="鸢都晚报", editors=["吴桐"])


def _older(archive: Archive) -> None:
    _new(archive, last_seen="2026-01-02T00:00:00+00:00")
    _new(archive, lines=("从前的话。",), last_seen="2026-01-01T00:00:00+00:00")


def _learn(archive: Archive) -> None:
    """Store pages with a banner, which goes from the bodies when it is learned."""
    _new(archive)
    for number in range(20):
        article = make_article(
            BANNER,
            f"第{number}号渔船说，{'河海湖泊江'[number % 5]}水涨了{number}尺。",
            day=f"2024-05-{number + 1:02}",
        )
        store(archive, article, key=article.url or "")
    assert count(archive, BANNER) > 0
    reclean(archive, "s", derive_again)
    assert count(archive, BANNER) == 0, "what is no longer in the body is no longer found"
    relearn(archive, "s", derive_again)


def _copy(archive: Archive) -> None:
    _new(archive)
    _new(archive, url="http://example.org/b.htm")
    for url, day in (("http://example.org/c.htm", "2020-01-01"), ("http://example.org/d.htm", "2019-01-01")):
        article = make_article("铁皮盒子里是船票。", title="渡口", url=url, day=day)
        store(archive, article, key=url)
    assert count(archive, "渡口", duplicates=False) == 1


def _reextract(archive: Archive) -> None:
    stored = _new(archive)

    def reader(_: list[RawPage], old: Article) -> Article:
        new = deepcopy(old)
        new.blocks = [Block("新规则读出来的一句话。")]
        new.body = derive_body(new.blocks)
        return new

    started = reextract.begin(archive, "rules", {"ids": [], "query": "船票"})
    assert started.articles == [stored.id]
    reextract.note(archive, started.number, [reextract.draft(archive, stored.id or 0, reader)])
    list(reextract.write(archive, started.number))
    assert count(archive, "新规则") == 1


def _vanish(archive: Archive) -> None:
    article = _new(archive)
    with archive.transaction():
        visits.missed(archive, article.id or 0, "HTTP 404", 404, absent=True)
    visits.unchanged(archive, article.id or 0)


def _delete(archive: Archive) -> None:
    _new(archive)
    article = make_article("六处暗礁。", title="河图")
    store(archive, article, key="b")
    with archive.transaction():
        archive.connection.execute("DELETE FROM articles WHERE id = ?", (article.id,))
    assert count(archive, "暗礁") == 0
    terms = archive.connection.execute("SELECT term FROM search_vocabulary WHERE term LIKE '暗%'").fetchall()
    assert not terms, "not a trace in the index"


def _renumber(archive: Archive) -> None:
    write(archive, ("渡口", "船票。"), ("河图", "六处暗礁。"))
    archive.connection.execute("PRAGMA foreign_keys = OFF")  # as sqlite3 and Datasette have it
    archive.connection.execute("UPDATE articles SET id = 7 WHERE id = 2")
    assert list(ids(archive, "暗礁")) == [7]


def _undo(archive: Archive) -> None:
    """A transaction that fails leaves neither row nor index."""
    _new(archive)
    with pytest.raises(RuntimeError), archive.transaction():
        archive.connection.execute("UPDATE articles SET body = '六处暗礁。'")
        raise RuntimeError
    assert count(archive, "暗礁") == 0


@pytest.mark.parametrize(
    "walk", [_new, _revise, _refresh, _older, _learn, _copy, _reextract, _vanish, _delete, _renumber, _undo]
)
def test_whatever_writes_an_article_keeps_the_index(
    archive: Archive, walk: Callable[[Archive], object]
) -> None:
    walk(archive)
    assert check(archive, sample=None) == []
    for article, title, body in archive.connection.execute("SELECT id, title, body FROM articles").fetchall():
        for text in (title, body):
            assert article in list(ids(archive, everywhere(text)))
    old = archive.connection.execute("SELECT json_extract(record, '$.body') FROM revisions").fetchall()
    assert all(count(archive, everywhere(body)) == 0 for (body,) in old), (
        "only what stands there today is found"
    )


def test_an_archive_made_before_there_was_search_is_indexed_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrations.apply(Database(connection), stop_before="m009_search")
        connection.executemany(
            "INSERT INTO articles (id, site, url, canonical_url, title, body, first_seen, last_seen, template, layout, "
            "rules, notes) VALUES (?1, 's', ?1, '', ?2, '河图', '', '', '', '[]', '{}', '[]')",
            [(number * 2, f"第{number}号") for number in range(1, 1200)],
        )
    with Archive(path) as archive:
        assert check(archive, sample=None) == []
        assert count(archive, "河图") == 1199
        assert list(ids(archive, "第1199号")) == [2398]
        store(archive, make_article("六处暗礁。"), key="k")
        assert count(archive, "暗礁") == 1


def test_an_index_that_is_not_what_it_should_be_is_told_and_made_anew(news: Archive) -> None:
    assert check(news) == []
    tell = "; `dzwcrawl search --rebuild` makes it anew"
    for damage, said in (
        ("DELETE FROM search_docsize WHERE id = 2", "1 article is not in the search index"),
        (
            "INSERT INTO search (rowid, body) VALUES (99, 'x')",
            "the search index has 1 article that is not there",
        ),
        (
            "INSERT INTO search (search, rowid, body) VALUES ('delete', 3, 'x')",
            "1 article is not in the search index",
        ),
    ):
        news.connection.execute(damage)
        assert check(news) == [said + tell]
        assert rebuild(news) == 5
        assert check(news, sample=None) == []
    (trigger,) = news.connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'search_changed'"
    ).fetchone()
    news.connection.execute("DROP TRIGGER search_changed")
    news.connection.execute("UPDATE articles SET title = '另一个' WHERE id = 4")
    news.connection.execute("UPDATE articles SET title = '道口' WHERE id = 5")
    assert check(news) == ["the search index has another text of 2 articles: 4, 5" + tell]
    rebuild(news)
    news.connection.execute(trigger)
    assert list(ids(news, "另一个")) == [4]


def plain_sql() -> str:
    """Return the search in plain SQL that docs/search.md gives."""
    (sql,) = re.findall(
        r"```sql\n(WITH .*?)```", (ROOT / "docs" / "search.md").read_text(encoding="utf-8"), re.DOTALL
    )
    return str(sql)


@pytest.mark.parametrize(
    "query",
    [
        "招商",
        "招",
        "招商 潍坊",
        "5g网络",
        "2026年",
        "g网",
        "3.5%",
        "ai",
        "ai-based",
        "made in",
        "，",
        "经济 发展",
        "靠岸，made",
        "café",
        "caf",
        "%",
    ],
)
def test_plain_sql_finds_the_same(news: Archive, query: str) -> None:
    with closing(sqlite3.connect(f"file:{news.path}?mode=ro", uri=True)) as other:
        found = sorted(row[0] for row in other.execute(plain_sql(), {"query": query}))
    assert found == list(ids(news, query))


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="there is no sqlite3 shell")
def test_the_sqlite3_shell_reads_everything_and_falsifies_nothing(news: Archive) -> None:
    def shell(*commands: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sqlite3", "-bail", str(news.path)],
            input="\n".join(commands),
            capture_output=True,
            text=True,
            timeout=300,
        )

    done = shell(".parameter set :query \"'5g网络'\"", plain_sql())
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1|2026-11-20|潍坊招商大会开幕|http")
    assert shell("PRAGMA integrity_check;").stdout == "ok\n"
    dumped = shell(".dump")
    assert dumped.returncode == 0
    assert "六处" not in dumped.stdout
    refused = shell("DELETE FROM articles WHERE id = 4;")
    assert refused.returncode != 0
    assert "no such function: search_tokens" in refused.stderr
    assert shell("UPDATE articles SET source = '晚报' WHERE id = 4;").returncode == 0
    assert check(news, sample=None) == []
    copy = news.path.with_name("copy.db")
    subprocess.run(["sqlite3", str(copy)], input=dumped.stdout, text=True, check=True, timeout=30)
    with Archive(copy) as restored:
        assert list(ids(restored, "5G网络")) == [1]
        assert check(restored, sample=None) == []


def test_only_reading_is_enough(news: Archive) -> None:
    with Archive(news.path, read_only=True) as archive:
        assert [hit.id for hit in search(archive, "*G网 潍坊")] == [1]
        assert [row["id"] for row in records(archive, query="*G网")] == [1]
        assert check(archive) == []


def test_tokens_are_what_the_docs_say() -> None:
    assert tokens("5G网络，快 Ａ") == "5g｠网 网络 络， ，快 快 a｠".replace("，", "\uff0c")
    assert tokens(None) == tokens("　") == ""


def test_the_command(news: Archive) -> None:
    done = run("search", "--archive", news.path, "招商 潍坊", "--limit", "1")
    assert done.returncode == 0
    assert done.stdout.decode() == (
        "潍坊招商大会开幕\n  昨日，潍坊市召开大会，５Ｇ网络全覆盖，2026年投资增长3.5%。\n  2026-11-20 · 鸢都晚报 · s · id 1\n\n"
        "2 articles match; these are 1 of them (--limit)\n"
    )
    none = run("search", "--archive", news.path, "没有的话")
    assert (none.returncode, none.stdout.decode()) == (0, "no article matches 没有的话\n")
    (line,) = lines(
        run("search", "--archive", news.path, "--json", "5g", "--source", "鸢都晚报", "--order", "fresh")
    )
    assert line["id"] == 1
    assert [line["snippet"][start:end] for start, end in line["marks"]] == ["５Ｇ"]
    assert {
        row["id"] for row in lines(run("search", "--archive", news.path, "--json", "渡口", "--unique"))
    } == {4}
    assert {
        row["id"] for row in lines(run("search", "--archive", news.path, "--json", "发展", "--variants"))
    } == {2, 3}
    exported = run("export", "--archive", news.path, "--query", "招商 -潍坊", "--fields", "id")
    assert [json.loads(row)["id"] for row in exported.stdout.splitlines()] == [4, 5]


def test_a_terminal_is_shown_the_hit_in_colour(news: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner  # noqa: PLC0415

    from dzwcrawl.cli import main  # noqa: PLC0415

    shown = CliRunner().invoke(main, ["search", "--archive", str(news.path), "覆盖"], color=True)
    assert "全\x1b[0m\x1b[31m\x1b[1m覆盖\x1b[0m" in shown.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["招商 (潍坊"], "this parenthesis is never closed (character 4 of the query: 招商 ▸(潍坊)"),
        ([], "name what to look for"),
        (["--rebuild", "招商"], "--rebuild takes no query"),
        (["招商", "--order", "oldest"], "'oldest' is not one of 'relevance', 'newest', 'fresh'"),
        (["招商", "--sicne", "2020"], "No such option '--sicne'. Did you mean '--since'?"),
        (["招商", "-n", "5"], "No such option '-n'"),
        (["招商", "--since", "gestern"], "'gestern' is not a day written YYYY-MM-DD"),
    ],
)
def test_what_the_command_is_told_wrongly_it_says(news: Archive, options: list[str], said: str) -> None:
    done = run("search", "--archive", news.path, *options)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert not done.stdout


def test_the_command_makes_the_index_anew(news: Archive) -> None:
    news.connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
    assert count(news, "招商") == 0
    done = run("search", "--archive", news.path, "--rebuild")
    assert (done.returncode, done.stderr.decode()) == (0, "the search index has 5 articles\n")
    assert count(news, "招商") == 4
