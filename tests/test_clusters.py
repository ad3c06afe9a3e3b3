"""Clusters: what is a copy of what, on every path of writing, whatever the order in which articles come."""

import json
import random
import subprocess
import sys
from dataclasses import replace as replaced
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.clusters import Cluster, cluster_of, clusters, rebuild
from dzwcrawl.archive.learning import set_duplicate
from dzwcrawl.archive.originals import settle
from dzwcrawl.archive.pins import pin
from dzwcrawl.archive.rows import to_row
from dzwcrawl.archive.schema import migrations
from dzwcrawl.archive.store import derive_again, link_copies, replace, store
from dzwcrawl.article import Article
from dzwcrawl.cli import main
from dzwcrawl.duplicates import order
from dzwcrawl.duplicates.sentences import sentences
from tests.conftest import ROOT, make_article

_WORDS = (
    "河堤 木匠 渡口 秋天 灯塔 果园 老街 磨坊 学徒 图纸 清晨 雨水 账本 石桥 渔船 茶叶 车间 邮差 集市 山路 "
    "风车 水闸 棉花 铁轨 戏台 书院 井口 麦田 炉火 陶罐 竹篮 船长 站长 苗圃 港湾 织机 粮仓 牧场 门楼 钟声"
).split()


def text(seed: int, number: int = 8) -> list[str]:
    """Return sentences that no other seed has."""
    drawn = random.Random(seed)
    return [
        "".join(drawn.choices(_WORDS, k=7)) + f"，{drawn.choice(_WORDS)}第{seed}号的第{n}句话。"
        for n in range(number)
    ]


def keep(
    archive: Archive,
    *lines: str,
    site: str = "a",
    day: str = "2024-05-01",
    url: str | None = None,
    title: str = "一个标题",
) -> int:
    article = make_article(*lines, site=site, day=day, url=url, title=title)
    store(archive, article, key=article.url or "")
    assert article.id is not None
    return article.id


def column(archive: Archive) -> dict[int, int | None]:
    return dict(archive.connection.execute("SELECT id, cluster FROM articles").fetchall())


def the_cluster(archive: Archive, article: int) -> Cluster:
    cluster = cluster_of(archive, article)
    assert cluster is not None
    return cluster


def test_copies_in_other_outlets_are_found_and_compared(archive: Archive) -> None:
    lines = text(1)
    first = keep(archive, *lines, title="原题", day="2024-05-01T08:00:00+08:00")
    short = keep(
        archive,
        "本报讯（记者 王一）" + lines[0],
        *lines[1:5],
        site="b",
        title="新题",
        day="2024-05-01T10:00:00+08:00",
    )
    long = keep(archive, *lines, *text(2, 3), site="c", title="原题", day="2024-05-02")
    turned = keep(archive, *lines[4:], *lines[:4], site="d", title="原题", day="2024-05-03")
    other = keep(archive, *text(3), site="b")
    assert column(archive) == {first: first, short: first, long: first, turned: first, other: None}
    cluster = the_cluster(archive, long)
    assert cluster.id == cluster.original.id == first
    kinds = {member.id: member.kinds for member in cluster.members}
    assert kinds[short] == ("headline", "lead", "shortened")
    assert kinds[long] == ("added",)
    assert kinds[turned] == ("reordered",)
    shares = {member.id: (member.of_original, member.of_copy) for member in cluster.members}
    assert shares[first] == shares[turned] == (1, 1)
    assert 0.5 < shares[short][0] < 0.7 and shares[short][1] == 1
    assert shares[long][0] == 1 and 0.65 < shares[long][1] < 0.8
    assert cluster_of(archive, other) is None


def test_the_earliest_published_is_the_original_though_it_came_last(archive: Archive) -> None:
    lines = text(1)
    late = keep(archive, *lines[:6], day="2024-05-03")
    later = keep(archive, *lines[1:7], day="2024-05-04", site="b")
    assert column(archive) == {late: late, later: late}
    early = keep(archive, *lines, day="2024-05-01", site="c")
    assert column(archive) == {late: early, later: early, early: early}


def test_no_chain_makes_a_cluster_of_texts_that_share_nothing(archive: Archive) -> None:
    one, two = text(1), text(2)
    a = keep(archive, *one, day="2024-05-01")
    c = keep(archive, *two, day="2024-05-01", site="c")
    both = keep(archive, *one, *two[:5], day="2024-05-02", site="b")
    assert column(archive) == {a: a, both: a, c: None}


def test_copies_of_a_whole_text_go_with_their_original(archive: Archive) -> None:
    lines = text(1)
    first = keep(archive, *lines, day="2024-05-01")
    same = keep(archive, *lines, day="2024-05-02", site="b")
    assert column(archive) == {first: first, same: first}
    assert the_cluster(archive, same).members[1].kinds == ("same text",)
    full = keep(archive, *lines, *text(2, 4), day="2024-04-30", site="c")
    assert column(archive) == dict.fromkeys((first, same, full), full)


def test_short_articles_with_an_edit_are_copies(archive: Archive) -> None:
    told = (
        "昨日下午，城东水厂的两台新泵开始运转，附近三个村子的居民傍晚就用上了水，厂长说水压会在一周内稳定。"
    )
    first = keep(archive, told, day="2024-05-01")
    edited = keep(archive, told.replace("两台新泵", "两台大泵"), site="b", day="2024-05-01")
    other = keep(
        archive,
        "昨日下午，城西公园的一座木亭修好，附近居民傍晚就来乘凉，园长说月底还要添二十张长凳。",
        site="c",
    )
    assert column(archive) == {first: first, edited: first, other: None}


def test_texts_by_one_form_are_no_copies(archive: Archive) -> None:
    tips = "请广大市民合理安排出行时间，注意添衣保暖。出行请系好安全带，遵守交通信号，文明礼让行人。"
    for day in range(1, 25):
        forecast = f"预计白天到夜间{'晴多云阴雨'[day % 4]}转{'小雨大风薄雾'[day % 5]}，气温{day}到{day + 9}度，偏南风三到四级。"
        keep(archive, forecast, tips, day=f"2024-05-{day:02}", title=f"青石湾5月{day}日天气预报")
        keep(archive, forecast + "晨间有轻雾。", tips, day=f"2024-05-{day:02}", site="b", title="出门看天")
    assert {cluster for cluster in column(archive).values() if cluster is not None} <= set(column(archive))
    for cluster in clusters(archive, limit=None):
        assert len({(member.published or "")[:10] for member in cluster.members}) == 1


def test_a_text_printed_again_long_after_is_no_copy_unless_it_is_the_whole(archive: Archive) -> None:
    lines = text(1)
    keep(archive, *lines, day="2024-01-01")
    keep(archive, *lines[:6], day="2024-06-01", site="b")
    assert set(column(archive).values()) == {None}
    whole = keep(archive, *lines, day="2024-07-01", site="c")
    assert column(archive)[whole] == 1


@pytest.mark.parametrize("lead", [
    "本报讯（记者 王一 通讯员 李二）", "本报青石5月1日讯 ", "新华社济南5月1日电（记者王一）", "中新网青石5月1日电 (王一)", "据新华社消息，",
    "大众网·海报新闻记者 王一 青石报道\n", "央视网消息：", "记者 王一 通讯员 李二 报道\n", "5月1日讯 ",
])  # fmt: skip
def test_what_a_newsroom_puts_before_a_text_is_no_part_of_it(lead: str) -> None:
    lines = "".join(text(1, 3))
    assert sentences(lead + lines) == sentences(lines)
    assert sentences(lines + "（记者 王一）") == sentences(lines)


def test_characters_width_and_punctuation_make_no_other_sentence() -> None:
    plain = "这个车间里的机器会在３０分钟后发出声音，他们说：“已经习惯了。”"
    assert sentences(plain) == sentences("這個車間裏的機器會在30分鐘後發出聲音,他們說「已經習慣了」。") != []


def test_latin_scripts_have_a_measure_of_their_own() -> None:
    assert sentences(
        "Yes. He said so. The council of the small town decided on Monday to close the old bridge."
    ) == ["thecouncilofthesmalltowndecidedonmondaytoclosetheoldbridge"]


def test_who_is_first() -> None:
    told = ["2024-05-01", "2024-05-01T08:00:00+08:00", "2024-05-01T01:00:00+00:00", "2024-05-02", "2024-05"]
    assert sorted(told, key=lambda each: order(each, "u")) == told
    assert (
        order("2024-05-01", "http://x/9.htm")
        < order("2024-05-01", "http://x/10.htm")
        < order(None, "http://x/1.htm")
    )


_pieces = st.lists(st.integers(0, 11), min_size=1, max_size=6, unique=True)
_articles = st.lists(
    st.tuples(_pieces, st.integers(1, 40), st.sampled_from("ab"), st.sampled_from(["甲", "乙"])),
    min_size=2,
    max_size=7,
)
_SENTENCES = text(99, 12)


def told(number: int, one: tuple[list[int], int, str, str]) -> Article:
    pieces, day, site, title = one
    published = (date(2024, 2, 20) + timedelta(day)).isoformat()
    lines = [_SENTENCES[piece] for piece in pieces]
    return make_article(*lines, site=site, day=published, url=f"http://x/{number}", title=title)


def state(archive: Archive) -> dict[str, str | None]:
    """Return the URL of the original of each article by its URL."""
    rows = archive.connection.execute(
        "SELECT a.url, b.url FROM articles a LEFT JOIN articles b ON b.id = a.cluster"
    )
    return dict(rows.fetchall())


def check_index(archive: Archive) -> None:
    """Assert that the tables say what a fresh index of the same articles says."""
    execute = archive.connection.execute
    assert execute("SELECT count(*) FROM unclustered").fetchone()[0] == 0
    before = state(archive), execute("SELECT * FROM fingerprints ORDER BY 1").fetchall()
    assert rebuild(archive) == 0
    after = state(archive), execute("SELECT * FROM fingerprints ORDER BY 1").fetchall()
    assert [before[0], *map(tuple, before[1])] == [after[0], *map(tuple, after[1])]


@settings(max_examples=60, deadline=None)
@given(_articles, st.randoms(use_true_random=False), st.sampled_from([1, 3, 1000]))
def test_clusters_do_not_depend_on_order(
    tmp_path_factory: pytest.TempPathFactory,
    some: list[tuple[list[int], int, str, str]],
    shuffled: random.Random,
    batch: int,
) -> None:
    states = []
    order_of = list(range(len(some)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dzwcrawl.archive.sentences.BATCH", batch)
        for _ in range(3):
            with Archive(tmp_path_factory.mktemp("order") / "a.db", create=True) as archive:
                for number in order_of:
                    store(archive, told(number, some[number]), key=f"http://x/{number}")
                states.append(state(archive))
                check_index(archive)
            shuffled.shuffle(order_of)
    assert states[0] == states[1] == states[2]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_writes_leave_what_a_new_archive_would_have(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    now_there: dict[int, tuple[list[int], int, str, str]] = {}
    with (
        pytest.MonkeyPatch.context() as patch,
        Archive(tmp_path_factory.mktemp("writes") / "a.db", create=True) as archive,
    ):
        patch.setattr("dzwcrawl.archive.sentences.BATCH", data.draw(st.sampled_from([1, 3, 1000])))
        for number, one in enumerate(data.draw(_articles)):
            store(archive, told(number, one), key=f"http://x/{number}")
            now_there[number] = one
        for _ in range(data.draw(st.integers(1, 5))):
            number = data.draw(st.sampled_from(sorted(now_there)))
            site = now_there[number][2]
            if data.draw(st.booleans()):
                delete(archive, f"http://x/{number}")
                del now_there[number]
                if not now_there:
                    return
            else:
                new = (
                    data.draw(_pieces),
                    data.draw(st.integers(1, 40)),
                    site,
                    data.draw(st.sampled_from("甲乙")),
                )
                store(archive, told(number, new), key=f"http://x/{number}")
                now_there[number] = new
        changed = state(archive)
        check_index(archive)
    with Archive(tmp_path_factory.mktemp("new") / "a.db", create=True) as archive:
        for number, one in now_there.items():
            store(archive, told(number, one), key=f"http://x/{number}")
        assert state(archive) == changed


def delete(archive: Archive, url: str) -> None:
    """Delete an article as `forget` does: whoever has its whole text finds a new original first."""
    with archive.transaction():
        number, digest = archive.connection.execute(
            "SELECT id, text_digest FROM articles WHERE url = ?", (url,)
        ).fetchone()
        archive.connection.execute("UPDATE articles SET text_digest = NULL WHERE id = ?", (number,))
        article = archive.article(number)
        assert article is not None
        set_duplicate(archive, article, None)
        link_copies(archive, digest)
        archive.connection.execute("DELETE FROM articles WHERE id = ?", (number,))
    for table, name in (("fingerprints", "article"), ("fingerprints", "original"), ("sentences", "article"), ("fresh", "article"), ("unclustered", "article"), ("articles", "cluster")):  # fmt: skip
        assert not archive.query_value(f"SELECT count(*) FROM {table} WHERE {name} = ?", (number,)), table


def test_every_path_of_writing_keeps_clusters_true(archive: Archive) -> None:
    lines = text(1)
    taken = [*lines[:5], *text(4, 3)]
    first = keep(archive, *lines, day="2024-05-01", url="http://x/1")
    copy = keep(archive, *taken, day="2024-05-02", site="b", url="http://x/2")
    both = {first: first, copy: first}
    assert column(archive) == both
    # A revision takes the text away, and another brings it back.
    keep(archive, *text(2), day="2024-05-02", site="b", url="http://x/2")
    assert column(archive) == {first: None, copy: None}
    keep(archive, *taken, day="2024-05-02", site="b", url="http://x/2")
    assert column(archive) == both
    # The page tells its date more precisely, without a revision: the copy was first.
    changed = make_article(*taken, day="2024-05-02", site="b", url="http://x/2", title="一个标题")
    early = archive.article(first)
    assert early is not None
    with archive.transaction():
        replace(archive, early, replaced(early, published="2024-05-03T08:00:00+08:00"))
    assert column(archive) == {first: copy, copy: copy}
    assert store(archive, changed, key="http://x/2") == "unchanged"
    assert changed.cluster == copy
    # A person's word takes the shared lines out of one body, and back.
    for line in lines[:5]:
        pin(archive, "b", line, "drop", derive_again)
    assert column(archive) == {first: None, copy: None}
    for line in lines[:5]:
        pin(archive, "b", line, None, derive_again)
    assert column(archive) == {first: copy, copy: copy}
    check_index(archive)


def test_deleting_an_article_leaves_no_trace_and_mends_its_cluster(archive: Archive) -> None:
    lines = text(1)
    first = keep(archive, *lines, day="2024-05-01", url="http://x/1")
    second = keep(archive, *lines[:6], day="2024-05-02", site="b")
    third = keep(archive, *lines[1:7], day="2024-05-03", site="c")
    assert set(column(archive).values()) == {first}
    delete(archive, "http://x/1")
    assert column(archive) == {second: second, third: second}
    check_index(archive)


def test_a_migrated_archive_has_its_clusters(tmp_path: Path) -> None:
    lines = text(1)
    path = tmp_path / "old.db"
    db = Database(path)
    migrations.apply(db, stop_before="m009_search")
    for number, (day, some) in enumerate(
        [("2024-05-02", lines[:6]), ("2024-05-01", lines), ("2024-05-01", text(2))]
    ):
        article = make_article(*some, day=day, url=f"http://x/{number}", title="题")
        article.first_seen = article.last_seen = "2024-06-08T00:00:00+00:00"
        db.table("articles").insert(to_row(article))
    db.close()
    with Archive(path) as archive:
        assert column(archive) == {1: 2, 2: 2, 3: None}
        check_index(archive)


_WRITER = """
import sys
from dzwcrawl.archive import sentences
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from tests.conftest import make_article
from tests.test_clusters import text
sentences.BATCH = 7
worker = int(sys.argv[2])
with Archive(sys.argv[1]) as archive:
    for n in range(25):
        lines = text(n)[worker:] + text(1000 + 100 * worker + n, worker)
        url = f"http://x/{n}/{worker}"
        store(archive, make_article(*lines, site=f"s{worker}", day=f"2024-05-0{1 + worker}", title="题", url=url), key=url)
"""


def test_several_processes_find_each_others_copies(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive(path, create=True).close()
    command = [sys.executable, "-c", _WRITER, str(path)]
    writers = [subprocess.Popen([*command, str(n)], cwd=ROOT, stderr=subprocess.PIPE) for n in range(4)]
    assert [writer.communicate()[1].decode() for writer in writers] == [""] * 4
    with Archive(path) as archive:
        originals = state(archive)
        assert originals == {
            f"http://x/{n}/{worker}": f"http://x/{n}/0" for n in range(25) for worker in range(4)
        }
        check_index(archive)


def test_what_is_rolled_back_is_in_no_index(archive: Archive) -> None:
    lines = text(1)
    keep(archive, *text(2))
    with pytest.raises(RuntimeError), archive.transaction():
        archive.connection.execute(
            "INSERT INTO articles (site, url, canonical_url, body, first_seen, last_seen, template, layout, rules, notes) "
            "VALUES ('s', 'u', 'u', ?, '2024-05-01', '2024-05-01', '', '[]', '{}', '[]')",
            ("".join(lines),),
        )
        settle(archive.connection, archive.fresh)
        raise RuntimeError
    assert cluster_of(archive, keep(archive, *lines[:5])) is None
    check_index(archive)


def test_the_commands(archive: Archive) -> None:
    lines = text(1)
    first = keep(archive, *lines, day="2024-05-01T08:00:00+08:00", title="河堤上的木匠", site="one")
    keep(archive, *lines[:5], day="2024-05-01T11:00:00+08:00", title="木匠", site="two")
    keep(archive, *lines[:6], day="2024-05-03", title="河堤", site="three")
    keep(archive, *text(7), site="one")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, "--archive", str(archive.path)])
        assert result.exit_code == 0, result.output
        return result.output

    shown = run("clusters")
    assert "河堤上的木匠" in shown and "two: +3h (100%)" in shown and "three: +2d (100%)" in shown
    missing = CliRunner().invoke(main, ["clusters", "--site", "thre", "--archive", str(archive.path)])
    assert missing.exit_code == 1 and "no site 'thre'; did you mean 'three'?" in missing.output
    assert "no clusters" in run("clusters", "--min-size", "4")
    assert "no clusters" in run("clusters", "--since", "2024-06")
    record = json.loads(run("clusters", "--json", "--since", "2024-05-03"))
    assert record["id"] == first and [member["site"] for member in record["members"]] == [
        "one",
        "two",
        "three",
    ]
    assert record["members"][1]["kinds"] == ["headline", "shortened"]
    table = run("show", "2", "--cluster")
    assert "headline, shortened" in table and "+3h" in table and "original" in table
    assert json.loads(run("show", "2", "--cluster", "--json")) == record
    assert json.loads(run("show", "2", "--json"))["cluster"] == first
    assert "in the cluster of article 1" in run("show", "2")
    result = CliRunner().invoke(main, ["show", "4", "--cluster", "--archive", str(archive.path)])
    assert result.exit_code == 1 and "in no cluster" in result.output
    assert "0 articles are in another cluster" in run("clusters", "--rebuild")
