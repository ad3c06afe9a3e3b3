"""The `dzwcrawl` command, as a user types it."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner, Result

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import export
from dzwcrawl.archive.store import store
from dzwcrawl.article import RECORD_FIELDS, Block
from dzwcrawl.cli import main
from tests.conftest import SHARED, make_article

PAGE = """<html><head><title>风车重新转动_青石网</title></head><body><h1>风车重新转动</h1>
<p>2024-05-06 08:30 来源：青石日报 作者：王一</p>
<div class="content"><p>七月八日上午，青石县白浪镇的第三座风车开始转动，岸边围了两百多人，有人带了板凳。</p>
<p>镇上的老木匠说，这样的风车他年轻时见过一座，后来在一场大风里倒了，再没有人修。</p>
<p>责任编辑：李二</p></div></body></html>"""


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Three articles, one of them a copy, one with a removed line."""
    text = "青石县白浪镇的第三座风车开始转动，岸边围了两百多人，有人带了板凳，还有人带了一只会唱歌的水壶，一直坐到天黑才回去，说明年还要来看，并且要把邻镇的表兄一家也一起请来，吃一顿岸边的鱼。"
    for day, title in (("2024-05-01", "风车转动"), ("2024-05-03", "转载的风车"), ("2025-01-02", "水库放水")):
        article = make_article(text if "风车" in title else "水库今天放水三个小时。", title=title, day=day)
        article.blocks.append(Block("分享到：", removed="phrase: share"))
        store(archive, article, key=article.url or "")
    return archive


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_is_a_record(filled: Archive) -> None:
    rows = lines(run("export", "--archive", str(filled.path)))
    assert [tuple(row) for row in rows] == [RECORD_FIELDS] * 3


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (["--since", "2024-05-02"], ["转载的风车", "水库放水"]),
        (["--until", "2024"], ["风车转动", "转载的风车"]),
        (["--query", "水库 放水"], ["水库放水"]),
        (["--unique"], ["风车转动", "水库放水"]),
        (["--site", "nowhere"], []),
    ],
)
def test_filters(filled: Archive, options: list[str], titles: list[str]) -> None:
    rows = lines(run("export", "--archive", str(filled.path), "--fields", "title", *options))
    assert rows == [{"title": title} for title in titles]


def test_files_are_compressed_by_name(filled: Archive, tmp_path: Path) -> None:
    plain = run("export", "--archive", str(filled.path)).stdout_bytes
    for name in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst"):
        assert run("export", "--archive", str(filled.path), "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "a.jsonl").read_bytes() == plain
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == plain
    packed = (tmp_path / "a.jsonl.zst").read_bytes()
    assert zstandard.ZstdDecompressor().stream_reader(packed).read() == plain


def test_csv_by_name(filled: Archive, tmp_path: Path) -> None:
    run(
        "export", "--archive", str(filled.path), "--fields", "id,title,authors", "-o", str(tmp_path / "a.csv")
    )
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    assert rows[:2] == [["id", "title", "authors"], ["1", "风车转动", "[]"]]


def test_a_failed_export_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"
    target.write_text("old")

    def breaks_off() -> object:
        yield {"id": 1}
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        export(breaks_off(), str(target), fields=["id"])  # type: ignore[arg-type]
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_what_is_misspelt_names_the_nearest(filled: Archive) -> None:
    for arguments, hint in (
        (["exprot"], "'export'"),
        (["export", "--fields", "titel"], "'title'"),
        (["export", "--sinse", "2024"], "--since"),
        (["export", "--since", "May"], "YYYY-MM-DD"),
    ):
        result = run(*arguments)
        assert (result.exit_code, hint in result.output) == (2, True), result.output


def test_show(filled: Archive) -> None:
    shown = run("show", "2", "--removed", "--archive", str(filled.path)).output
    assert "转载的风车" in shown and "a copy of article 1" in shown and "分享到：  [phrase: share]" in shown
    url = filled.query_value("SELECT url FROM articles WHERE id = 1")
    assert lines(run("show", str(url), "--json", "--archive", str(filled.path)))[0]["id"] == 1
    assert run("show", "99", "--archive", str(filled.path)).exit_code == 1


def test_stats(filled: Archive) -> None:
    numbers = lines(run("stats", "--json", "--archive", str(filled.path)))[0]
    assert (numbers["articles"], numbers["duplicates"]) == (2, 1)
    assert numbers["lines_removed"] == {"phrase: share": 3}
    assert "2 articles, 1 copies" in run("stats", "--archive", str(filled.path)).output


def test_no_archive_is_said_plainly(tmp_path: Path) -> None:
    result = run("stats", "--archive", str(tmp_path / "none.db"))
    assert (result.exit_code, "run a crawl first" in result.output) == (1, True)


def test_extract_answers_every_line_of_a_manifest_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    manifest = tmp_path / "m.jsonl"
    rows = [
        {"file": str(tmp_path / "a.html"), "url": "http://x.cn/a.htm"},
        {"file": str(tmp_path / "none.html")},
        {},
    ]
    manifest.write_text("\n".join(map(json.dumps, rows)) + "\nnot json\n" + json.dumps(rows[0]))
    result = run("extract", "--manifest", str(manifest))
    assert result.exit_code == 1
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert ["error" in row for row in found] == [False, True, True, True, False]
    assert list(found[0]) == ["file", *RECORD_FIELDS]
    assert found[0] == found[4]
    assert (found[0]["title"], found[0]["source"], found[0]["authors"]) == (
        "风车重新转动",
        "青石日报",
        ["王一"],
    )
    assert (found[0]["editors"], found[0]["published"]) == (["李二"], "2024-05-06T08:30:00+08:00")
    assert found[0]["body"].count("\n") == 1 and "编辑" not in found[0]["body"]


def test_clean_plain_text() -> None:
    text = "大众网\n|\n风车重新转动\n2024-05-06 08:30 来源：青石日报 作者：王一\n手机查看\n" + "\n".join(
        [
            "七月八日上午，青石县白浪镇的第三座风车开始转动。",
            "岸边围了两百多人，有人带了板凳。",
            "分享到：",
            "责任编辑:李二",
        ]
    )
    (row,) = lines(run("clean", "-", stdin=text.encode()))
    assert tuple(row) == RECORD_FIELDS
    assert row["body"] == "七月八日上午，青石县白浪镇的第三座风车开始转动。\n岸边围了两百多人，有人带了板凳。"
    assert (row["title"], row["source"], row["authors"], row["editors"]) == (
        "风车重新转动",
        "青石日报",
        ["王一"],
        ["李二"],
    )
    assert row["published"] == "2024-05-06T08:30:00+08:00"


def test_the_seed_comes_out_character_for_character() -> None:
    seeds = sorted(SHARED.glob("seed/*.txt"))
    if not seeds:
        pytest.skip("the shared folder with the seed page is not beside this checkout")
    (row,) = lines(run("clean", str(seeds[0])))
    page = seeds[0].read_text(encoding="utf-8").splitlines()
    scan = next(n for n, line in enumerate(page) if line.startswith("扫码观看"))
    assert str(row["body"]).split("\n") == page[page.index("手机查看") + 1 : scan]
    assert row["title"] == "潍坊线上线下发力 “双招双引”有新机"
    assert (row["source"], row["editors"], row["published"]) == ("大众报业·大众日报", ["刘美显"], "2020")
