"""Boilerplate learned across a site: what goes, what stays, in whatever order the pages come."""

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from dzwcrawl.archive import learning
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.boilerplate import explain, repeating
from dzwcrawl.archive.reclean import reclean, relearn
from dzwcrawl.archive.rows import to_row
from dzwcrawl.archive.schema import migrations
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.article import Article, Block
from dzwcrawl.boilerplate.learned import Evidence, Layout, Totals, judge, lower_bound
from dzwcrawl.boilerplate.patterns import pattern, variants
from tests.conftest import make_article

BANNER = "潮起东方 与你同行"
NOTICE = "青石网所载文字与图片皆由本社同仁采写，别家若要取用，请先写信到南河沿九号院商量。"


def paragraphs(number: int) -> tuple[str, str]:
    """Two paragraphs that no other page has."""
    seed = random.Random(number)
    words = "水库渡口石桥茶园渔网稻田码头集市学堂老槐树新麦子河堤灯塔渡船铁匠铺磨坊"
    first, second = ("".join(seed.sample(words, 18)) for _ in range(2))
    return (
        f"青石县的{first}昨天重新开张，{number}户人家都来看了。",
        f"{second}的事，{number}号院的老人记得最清楚，他说了很久。",
    )


def page(number: int, *before: str, after: Sequence[str] = (), day: str | None = None) -> Article:
    return make_article(
        *before, *paragraphs(number), *after,
        day=day or f"2024-{1 + number // 28 % 12:02}-{1 + number % 28:02}",
        title=f"石桥渡口第{number}报",
    )  # fmt: skip


def fill(archive: Archive, articles: Sequence[Article]) -> dict[str, str]:
    """Store articles, derive again, and return the bodies by title."""
    for article in articles:
        store(archive, article, key=article.url or "")
    reclean(archive, "s", derive_again)
    return bodies_of(archive)


def bodies_of(archive: Archive) -> dict[str, str]:
    return dict(archive.connection.execute("SELECT title, body FROM articles ORDER BY id").fetchall())


def test_a_banner_goes_and_the_news_stays(archive: Archive) -> None:
    bodies = fill(archive, [page(n, BANNER, after=(NOTICE,)) for n in range(12)])
    assert all(body == "\n".join(paragraphs(n)) for n, body in enumerate(bodies.values()))
    assert reclean(archive, "s", derive_again) == 0
    reasons = archive.connection.execute(
        "SELECT DISTINCT json_extract(value, '$[1]') FROM articles, json_each(layout) WHERE json_array_length(value) > 1"
    )
    assert {r[0] for r in reasons} == {
        "learned: repeats before the text on this site",
        "learned: repeats after the text on this site",
    }


def test_two_pages_are_not_enough_to_judge(archive: Archive) -> None:
    assert all(BANNER in body for body in fill(archive, [page(n, BANNER) for n in range(2)]).values())
    assert not any(BANNER in body for body in fill(archive, [page(2, BANNER)]).values())


def test_a_new_page_is_cleaned_when_it_is_stored(archive: Archive) -> None:
    fill(archive, [page(n, BANNER) for n in range(12)])
    article = page(12, BANNER)
    store(archive, article, key="k")
    assert article.body == "\n".join(paragraphs(12))


def test_a_banner_of_one_season_is_found_among_years(archive: Archive) -> None:
    season = [page(n, BANNER, day=f"2021-06-{n + 1:02}") for n in range(12)]
    years = [page(n, day=f"20{15 + n % 10}-03-{1 + n % 28:02}") for n in range(100, 160)]
    assert not any(BANNER in body for body in fill(archive, season + years).values())


def test_a_banner_of_spring_is_none_in_autumn(archive: Archive) -> None:
    def days(month: int) -> list[str]:
        return [f"2024-{month:02}-{day:02}" for day in range(1, 29)]

    numbers = iter(range(1000))
    year = [
        page(next(numbers), *([BANNER] if month in (3, 4) else []), day=day)
        for month in range(1, 13)
        for day in days(month) * 2
    ]
    late = page(5000, BANNER, day="2024-10-10")
    bodies = fill(archive, [*year, late])
    assert [title for title, body in bodies.items() if BANNER in body] == [late.title]


@pytest.mark.parametrize(
    "line",
    [
        "今日已有 1{n},345 位读者签到",
        "正在阅读：石桥渡口第{n}报",
        "扫码看片《石桥渡口第{n}报》请入座",
        "今夜掌灯：{name}",
        "想找{name}说说话，青石树洞替你捎到",
        "排字 {name} 上墨 {name}",
        "给{name}寄一根羽毛，他会看见",
    ],
)
def test_variants_are_one_banner(archive: Archive, line: str) -> None:
    names = ["王小明", "李建国", "张海燕", "刘志", "陈思远", "赵一鸣"]
    articles = [page(n, after=(line.format(n=n, name=names[n % 6]),)) for n in range(24)]
    assert all(body == "\n".join(paragraphs(n)) for n, body in enumerate(fill(archive, articles).values()))


@pytest.mark.parametrize(
    "line",
    [
        "（完）", "（未完待续）", "(Ende)", "[fin]", "（終わり）", "下转第二版", "【民生观察】", "本报青石讯", "青石讯", "一、总体要求", "5月2日讯(纪哲)",
        "本报记者 王一 通讯员 李二", "□ 记者 王一 报道", "（记者 王一 摄）", "新华社北京6月1日电", "问：", "答：", "结语",
        "Berlin, 23.5. (dpa)", "Von unserem Mitarbeiter Ole Hansen", "Fortsetzung folgt", "By John Smith",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["before", "after"])
def test_lines_that_repeat_as_news_are_never_learned(archive: Archive, line: str, place: str) -> None:
    articles = [page(n, line) if place == "before" else page(n, after=(line,)) for n in range(25)]
    assert all(line in body for body in fill(archive, articles).values())


def test_the_days_forecast_stays(archive: Archive) -> None:
    def weather(n: int) -> Article:
        lines = (
            f"今天夜间到明天多云，北风{n % 3}级，最低气温{n % 5}度。",
            "森林火险气象等级为二级，进山请勿携带火种。",
        )
        return make_article(
            *lines, day=f"2024-03-{1 + n:02}", title=f"天气预报第{n}期", url=f"http://a/weather/{n}.htm"
        )

    forecasts = [weather(n) for n in range(20)]
    others = [page(n, BANNER, day=f"2024-03-{1 + n % 28:02}") for n in range(120)]
    fill(archive, [*forecasts, *others])
    lines = archive.connection.execute("SELECT body FROM articles WHERE title LIKE '天气%'").fetchall()
    assert all("火险" in body and "最低气温" in body for (body,) in lines)


def test_a_notice_that_one_column_reprints_stays(archive: Archive) -> None:
    notice = "因石桥加固施工，每日七时至九时货车禁止由东岸匝道上桥，公交车不受限制。"
    roads = [page(n, day=f"2024-03-{n - 299:02}") for n in range(300, 328)]
    for article in roads:
        article.blocks.append(Block(notice))
        article.url = f"http://a/roads/{article.title}.htm"
    others = [page(n, BANNER, day=f"2024-03-{1 + n % 28:02}") for n in range(84)]
    bodies = fill(archive, [*roads, *others])
    assert sum(notice in body for body in bodies.values()) == 28


def test_a_column_head_in_the_text_of_some_pages_stays(archive: Archive) -> None:
    def with_head(n: int) -> Article:
        article = page(n)
        article.blocks.insert(1, Block("事情的来龙去脉", "heading"))
        return article

    bodies = fill(archive, [with_head(n) if n % 2 else page(n) for n in range(40)])
    assert sum("来龙去脉" in body for body in bodies.values()) == 20


def test_what_changes_under_a_heading_that_repeats_goes_with_it(archive: Archive) -> None:
    def articles() -> list[Article]:
        return [
            page(n, after=("码头今日排座次", "".join(paragraphs(n + 50))[3:15], f"老街{n}号换了门牌"))
            for n in range(9)
        ]

    assert all(body == "\n".join(paragraphs(n)) for n, body in enumerate(fill(archive, articles()).values()))


def test_learning_never_empties_a_body(archive: Archive) -> None:
    articles = [page(n, BANNER) for n in range(20)] + [
        make_article(BANNER, title="只有一行", day="2024-01-05")
    ]
    assert fill(archive, articles)["只有一行"] == BANNER


def test_a_text_of_short_lines_under_a_banner_stays(archive: Archive) -> None:
    verses = ("山河无恙", "人间皆安", "渡口的灯还亮着")
    articles = [page(n, after=(BANNER,)) for n in range(20)]
    bodies = fill(archive, [*articles, make_article(BANNER, *verses, title="短诗一首", day="2024-01-05")])
    assert bodies["短诗一首"] == "\n".join(verses)


def test_the_same_article_met_often_is_not_boilerplate(archive: Archive) -> None:
    text = "这是很长的一段话，说的是一件谁都听过的事。同一篇稿件在许多频道登出，正文一字不差，只有标题换了又换，读者未必看得出来。"
    end = "稿件到此为止，谢谢阅读。"
    bodies = fill(archive, [make_article(text, end, title=f"换了的标题之{n}") for n in range(30)])
    assert set(bodies.values()) == {f"{text}\n{end}"}
    assert archive.query_value("SELECT max(pages) FROM block_days") == 1  # counted for the original alone
    assert archive.query_value("SELECT sum(articles) FROM layout_days") == 1


def test_copies_are_cleaned_too(archive: Archive) -> None:
    twins = [page(5, BANNER, day="2024-02-02"), page(5, BANNER, day="2024-02-03")]
    twins[1].title = "石桥又报"
    bodies = fill(archive, [page(n, BANNER) for n in range(10, 30)] + twins)
    assert BANNER not in bodies["石桥又报"]
    assert archive.query_value("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL") == 1


def _some_site() -> list[Article]:
    made = [
        page(n, *([BANNER] if 5 <= n < 20 else []), after=[NOTICE, *(["本周之星"] if n % 3 else [])])
        for n in range(30)
    ]
    twin = page(7, BANNER)
    twin.title = "转载的另一标题"
    far = [page(n, BANNER, day=f"2019-05-{n - 99:02}") for n in range(100, 104)]
    return [*made, twin, *far]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_pages_and_crawls_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, shuffle: random.Random
) -> None:
    def bodies(pages: list[Article], crawls: random.Random | None) -> dict[str, str]:
        path = Path(tmp_path_factory.mktemp("order")) / "a.db"
        with Archive(path, create=True) as archive:
            for article in pages:
                store(archive, article, key=article.url or "")
                if crawls is not None and crawls.random() < 0.2:
                    reclean(archive, "s", derive_again)
            found = fill(archive, [])
            assert reclean(archive, "s", derive_again) == 0
            assert relearn(archive, "s", derive_again) == 0
        return dict(sorted(found.items()))

    shuffled = _some_site()
    shuffle.shuffle(shuffled)
    assert bodies(shuffled, shuffle) == bodies(_some_site(), None)


def test_what_is_taken_back_leaves_no_trace(archive: Archive) -> None:
    fill(archive, [page(n, BANNER) for n in range(6)])
    counts = "SELECT block, layout, day, pages, head, tail, aside, linked FROM block_days WHERE pages ORDER BY 1, 2, 3"
    before = [tuple(row) for row in archive.connection.execute(counts)]
    article = page(6, BANNER, after=(NOTICE,))
    store(archive, article, key="six")
    with archive.transaction():
        learning.count(archive, article, -1)
    assert [tuple(row) for row in archive.connection.execute(counts)] == before
    assert archive.query_value("SELECT sum(articles) FROM layout_days") == 6


def test_what_stood_once_is_forgotten_after_a_year(archive: Archive) -> None:
    old = [page(n, f"{'零一二三四五六七八九'[n]}号公告栏", day=f"2020-01-{n + 1:02}") for n in range(10)]
    fill(archive, [*old, page(30, day="2020-02-01")])
    singles = archive.query_value("SELECT count(*) FROM singles")
    fill(archive, [page(31, day="2022-01-01")])
    assert singles >= 30
    assert archive.query_value("SELECT count(*) FROM singles WHERE day < 20210101") == 0


def test_explained(archive: Archive) -> None:
    fill(archive, [page(n, BANNER) for n in range(12)])
    article = archive.article(3)
    assert article is not None
    assert explain(archive, article) == [
        {
            "text": BANNER,
            "reason": "learned: repeats before the text on this site",
            "evidence": "on 12 of 12 articles, the whole site",
        }
    ]
    (row,) = repeating(archive, "s")
    assert (row["pattern"], row["pages"], row["head"], row["verdict"]) == (BANNER, 12, 12, "boilerplate")
    assert (row["first"], row["last"], row["since"], row["of"]) == (20240101, 20240112, 202401, 12)


def test_an_archive_of_before_is_counted_anew(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    migrations.apply(Database(connection), stop_before="m002_learning")
    for n in range(9):
        article = page(n, BANNER)
        row = to_row(article) | {
            "text_digest": str(n),
            "crawl": None,
            "first_seen": "2024-02-01T00:00:00+00:00",
        }
        row["last_seen"] = row["first_seen"]
        del row["kicker"], row["edition"]  # columns of later versions
        names = ", ".join(row)
        connection.execute(
            f"INSERT INTO articles ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
    connection.close()
    with Archive(path) as archive:
        assert reclean(archive, "s", derive_again) == 9
        assert not any(BANNER in body for body in bodies_of(archive).values())


def test_what_stands_in_the_title_has_no_pattern() -> None:
    assert pattern("青石县", "青石县今天下雨") is None
    assert pattern("正在阅读：青石县今天下雨", "青石县今天下雨") == pattern(
        "正在阅读：白浪镇明天放晴", "白浪镇明天放晴"
    )
    assert pattern("长" * 601, None) is None


@given(st.text(max_size=80), st.text(max_size=12))
def test_a_pattern_is_its_own_pattern(text: str, title: str) -> None:
    once = pattern(text, title)
    if once is not None:
        assert pattern(once, None) in (once, None)
        assert all(masked != once for masked in variants(text, once))


def test_a_byline_has_no_pattern_of_names_alone() -> None:
    assert pattern("王小明 李建国", "标题四个字", ["王小明", "李建国"]) is None
    assert variants("王小明 李建国", "王小明 李建国") == []


def test_the_bound_is_wilsons() -> None:
    assert lower_bound(10, 10) == pytest.approx(0.8589, abs=1e-3)
    assert lower_bound(1, 10) == pytest.approx(0.0304, abs=1e-3)
    assert lower_bound(0, 10) == pytest.approx(0, abs=1e-9)


def test_a_month_is_judged_on_enough_days() -> None:
    layout = Layout("t", "c")
    totals = Totals([(layout, 20240115, 3), (layout, 20230101, 100), (layout, 20250601, 100), (layout, 0, 1)])
    assert totals.months()[202401] == (20230101, 20250601)
    assert totals.months()[202301][0] == 20221201
    assert totals.months()[0] == (0, 99999999)
    rows = [(layout, 20240115, Evidence(3, 3, 0, 0, 0))]
    assert judge(BANNER, rows, totals, (20230101, 20250601)) == [("*", "before", 3, 3)]
    assert judge(BANNER, rows, totals, (20230101, 20231231)) == []
