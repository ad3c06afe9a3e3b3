"""Records out of the archive: what the filters let through, and files that are whole or not there."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import export, records
from dzwcrawl.archive.store import store
from dzwcrawl.article import RECORD_FIELDS, Edition, Image
from tests.conftest import make_article

BODY = "柳湾渡口的旧船坞拆到第三天，工人们在梁上找到一只铁皮盒子，里面是四十年前的船票和一张手绘的河图，"
BODY += "图上标着六处暗礁，至今还有两处在水下，船老大们看了都说画得比新图还准，要留着挂在候船室里。"


def fill(archive: Archive) -> Archive:
    for title, day, site, body in (
        ("船坞", "2023-12-31T23:59:59+08:00", "liu", BODY),
        ("船坞（转载）", "2024-03-01", "wan", BODY),
        ("只知年份", "2024", "liu", "河图挂进了候船室。"),
        ("不知何时", None, "liu", "六处暗礁。"),
        ("闸门", "2024-03-31T08:00:00+08:00", "liu", '他说："开闸,放水。"'),
    ):
        article = make_article(body, title=title, day=day, site=site)
        store(archive, article, key=article.url or "")
    return archive


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({}, ["船坞", "船坞（转载）", "只知年份", "不知何时", "闸门"]),
        ({"since": "2024-03-01"}, ["船坞（转载）", "闸门"]),
        ({"since": "2024"}, ["船坞（转载）", "只知年份", "闸门"]),
        ({"until": "2023-12-31"}, ["船坞"]),
        ({"since": "2024-03-02", "until": "2024-03"}, ["闸门"]),
        ({"since": "2024-03-31", "until": "2024-03-31"}, ["闸门"]),
        ({"site": "wan"}, ["船坞（转载）"]),
        ({"site": "liu", "duplicates": False}, ["船坞", "只知年份", "不知何时", "闸门"]),
        ({"query": "暗礁"}, ["船坞", "船坞（转载）", "不知何时"]),
        ({"query": " 暗礁  转载 "}, ["船坞（转载）"]),
        ({"query": "%"}, []),
        ({"query": "闸' OR '1"}, []),
    ],
)
def test_filters(archive: Archive, filters: dict[str, Any], titles: list[str]) -> None:
    assert [row["title"] for row in records(fill(archive), **filters)] == titles


def test_a_record_has_the_25_keys_in_order(archive: Archive) -> None:
    rows = list(records(fill(archive)))
    assert len(RECORD_FIELDS) == 25
    assert all(tuple(row) == RECORD_FIELDS for row in rows)
    assert rows[1]["duplicate_of"] == rows[0]["id"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.csv.gz", "a.csv.zst"])
def test_a_file_reads_back_and_is_the_same_each_time(archive: Archive, tmp_path: Path, name: str) -> None:
    fill(archive)
    target, fields = tmp_path / name, ["title", "body"]
    packed = []
    for _ in range(2):
        form = "csv" if ".csv" in name else "jsonl"
        assert export(records(archive), str(target), fields=fields, format=form) == 5
        packed.append(target.read_bytes())
    assert packed[0] == packed[1]
    plain = packed[0]
    if name.endswith(".gz"):
        plain = gzip.decompress(plain)
    elif name.endswith(".zst"):
        plain = zstandard.ZstdDecompressor().stream_reader(plain).read()
    text = plain.decode()
    if ".csv" in name:
        read = list(csv.DictReader(io.StringIO(text, newline="")))
    else:
        read = [json.loads(line) for line in text.splitlines()]
    assert read == [{"title": row["title"], "body": row["body"]} for row in records(archive)]


def test_lists_in_csv_are_json(archive: Archive, tmp_path: Path) -> None:
    article = make_article(BODY)
    article.authors, article.images = ["赵七", "钱八"], [Image("http://x.cn/1.jpg", "船坞")]
    article.edition = Edition("2026-11-01", "A03", "要闻", 2)
    store(archive, article, key="k")
    fields = ["authors", "edition", "images", "source"]
    export(records(archive), str(tmp_path / "a.csv"), fields=fields, format="csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert json.loads(row["authors"]) == ["赵七", "钱八"]
    assert json.loads(row["images"]) == [{"url": "http://x.cn/1.jpg", "caption": "船坞"}]
    assert json.loads(row["edition"]) == {"date": "2026-11-01", "page": "A03", "name": "要闻", "place": 2}
    assert row["source"] == ""


def test_an_empty_export_is_a_whole_file(tmp_path: Path) -> None:
    assert export([], str(tmp_path / "a.jsonl.gz"), fields=["id"]) == 0
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == b""
    assert export([], str(tmp_path / "a.csv"), fields=["id", "title"], format="csv") == 0
    assert (tmp_path / "a.csv").read_bytes() == b"id,title\r\n"


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.csv.gz"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
@pytest.mark.parametrize("before", [b"the old file", None])
def test_an_export_that_breaks_off_changes_nothing(
    tmp_path: Path, name: str, error: BaseException, before: bytes | None
) -> None:
    target = tmp_path / name
    if before is not None:
        target.write_bytes(before)

    def breaks_off() -> Iterator[dict[str, Any]]:
        for number in range(1000):
            yield {"id": number}
        # The temporary file lies beside the target, which nobody has touched.
        assert len(list(tmp_path.iterdir())) == 1 + (before is not None)
        raise error

    with pytest.raises(type(error)):
        export(breaks_off(), str(target), fields=["id"], format="csv" if ".csv" in name else "jsonl")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == (
        {} if before is None else {name: before}
    )


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    export([{"id": 1}], str(tmp_path / "a.jsonl"), fields=["id"])
    (tmp_path / "usual").touch()
    assert (tmp_path / "a.jsonl").stat().st_mode == (tmp_path / "usual").stat().st_mode
