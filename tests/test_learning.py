"""Boilerplate learned across a site: what goes, what stays, in whatever order the pages come."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.learning import reclean
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.article import Article
from dzwcrawl.boilerplate.learned import pattern
from tests.conftest import make_article

BANNER = "潮起东方 与你同行"


def page(number: int, *extra: str, day: str | None = None) -> Article:
    return make_article(
        *extra,
        f"青石县第{number}号水库的水位昨天涨了{number}厘米，值班的人{'一' * (number % 7)}夜没有合眼。",
        f"编号{number * 31}的船停在岸边，船主说等水退了再走，又说去年这个时候水还没有到第二级台阶，今年怕是要更久。",
        day=day or f"2024-{1 + number // 28:02}-{1 + number % 28:02}",
        title=f"水库水位第{number}报",
    )


def fill(archive: Archive, articles: list[Article]) -> dict[str, str]:
    """Store articles, derive again, and return the bodies by title."""
    for article in articles:
        store(archive, article, key=article.url or "")
    reclean(archive, "s", derive_again)
    return dict(archive.connection.execute("SELECT title, body FROM articles").fetchall())


def test_a_banner_goes_and_the_news_stays(archive: Archive) -> None:
    bodies = fill(archive, [page(n, BANNER) for n in range(12)])
    assert not any(BANNER in body for body in bodies.values())
    assert all(body.count("\n") == 1 for body in bodies.values())
    assert reclean(archive, "s", derive_again) == 0
    reasons = archive.connection.execute(
        "SELECT DISTINCT json_extract(value, '$[1]') FROM articles, json_each(layout) WHERE json_array_length(value) > 1"
    )
    assert [r[0] for r in reasons] == ["learned: repeats on this site"]


def test_seven_pages_are_not_enough_to_judge(archive: Archive) -> None:
    bodies = fill(archive, [page(n, BANNER) for n in range(7)])
    assert all(BANNER in body for body in bodies.values())


def test_a_banner_of_one_season_is_found_among_years(archive: Archive) -> None:
    season = [page(n, BANNER, day=f"2021-06-{n + 1:02}") for n in range(12)]
    years = [page(n, day=f"20{15 + n % 10}-03-{1 + n % 28:02}") for n in range(100, 160)]
    bodies = fill(archive, season + years)
    assert not any(BANNER in body for body in bodies.values())


def test_variants_in_digits_and_titles_are_one_banner(archive: Archive) -> None:
    articles = [page(n, f"今日已有 1{n},345 位读者签到", f"正在阅读：水库水位第{n}报") for n in range(12)]
    bodies = fill(archive, articles)
    assert all(body.count("\n") == 1 for body in bodies.values())


@pytest.mark.parametrize(
    "line",
    ["（完）", "【民生观察】", "本报青石讯", "本报记者 王一 通讯员 李二", "一、总体要求", "5月2日讯(纪哲)"],
)
def test_lines_that_repeat_as_news_are_never_learned(archive: Archive, line: str) -> None:
    bodies = fill(archive, [page(n, line) for n in range(30)])
    assert all(line in body for body in bodies.values())


def test_a_column_on_some_pages_stays(archive: Archive) -> None:
    bodies = fill(archive, [page(n, *(["民生观察之窗"] if n % 2 else [])) for n in range(40)])
    assert sum("民生观察之窗" in body for body in bodies.values()) == 20


def test_learning_never_empties_a_body(archive: Archive) -> None:
    articles = [page(n, BANNER) for n in range(20)] + [
        make_article(BANNER, title="只有一行", day="2024-01-05")
    ]
    bodies = fill(archive, articles)
    assert bodies["只有一行"] == BANNER


def test_the_same_article_met_often_is_not_boilerplate(archive: Archive) -> None:
    text = "这是很长的一段话，说的是一件谁都听过的事。同一篇稿件在许多频道登出，正文一字不差，只有标题换了又换，读者未必看得出来，编辑自己也未必记得清楚。"
    end = "稿件到此为止，谢谢阅读。"
    bodies = fill(archive, [make_article(text, end, title=f"换了的标题之{n}") for n in range(30)])
    assert set(bodies.values()) == {f"{text}\n{end}"}
    assert archive.query_value("SELECT max(pages) FROM blocks") == 1  # counted for the original alone


def test_copies_are_cleaned_too(archive: Archive) -> None:
    twins = [page(5, BANNER, day="2024-02-02"), page(5, BANNER, day="2024-02-03")]
    twins[1].title = "水库又报"
    bodies = fill(archive, [page(n, BANNER) for n in range(10, 30)] + twins)
    assert BANNER not in bodies["水库又报"]
    assert archive.query_value("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL") == 1


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_pages_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, shuffle: random.Random
) -> None:
    def articles() -> list[Article]:
        made = [
            page(n, *([BANNER] if 5 <= n < 20 else []), *(["本周之星"] if n % 3 else [])) for n in range(30)
        ]
        twin = page(7, BANNER)
        twin.title = "转载的另一标题"
        return [*made, twin]

    def bodies(pages: list[Article]) -> dict[str, str]:
        path = Path(tmp_path_factory.mktemp("order")) / "a.db"
        with Archive(path, create=True) as archive:
            return fill(archive, pages)

    shuffled = articles()
    shuffle.shuffle(shuffled)
    assert bodies(shuffled) == bodies(articles())


def test_what_stands_in_the_title_has_no_pattern() -> None:
    assert pattern("青石县", "青石县今天下雨") is None
    assert pattern("正在阅读：青石县今天下雨", "青石县今天下雨") == pattern(
        "正在阅读：白浪镇明天放晴", "白浪镇明天放晴"
    )
    assert pattern("长" * 201, None) is None
