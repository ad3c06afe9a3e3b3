"""Lines as others name them: valid by their JSON Schemas, in every format, for every article of the replica."""

import csv
import io
import json
import subprocess
import sys
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from dzwcrawl.archive import formats
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import export, export_changes, records
from dzwcrawl.archive.forget import forget
from dzwcrawl.article import RECORD_FIELDS, Article, Edition, Image, record
from dzwcrawl.schemas import SCHEMAS, json_schema
from tests.conftest import ROOT, Crawl, peer
from tests.kept import articles, fill
from tests.replica import World, running

FULL = Article(
    id=7, site="s", url="http://x.cn/7.htm", canonical_url="http://x.cn/7", title="船坞", kicker="引题", subtitle="副题",
    authors=["赵七"], editors=["钱八"], source="柳湾晚报", published="2024-05-01", modified="2024-05-02T08:00:00+08:00",
    edition=Edition("2024-05-01", "A03", "要闻", 2), section=["新闻", "国内"], keywords=["船"], description="概要", language="zh",
    body="第一段\n第二段", images=[Image("http://x.cn/1.jpg", "图说"), Image("http://x.cn/2.jpg")],
    videos=["http://x.cn/1.mp4"], first_seen="2024-05-01T00:00:00+00:00", last_seen="2024-05-03T00:00:00+00:00",
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, world = tmp_path_factory.mktemp("filled") / "a.db", World(articles=60)
    with Archive(path, create=True) as archive:
        fill(archive, world, articles(world))
    return path


def validator(name: str, **how: Any) -> Draft202012Validator:
    definition = json_schema(name, **how)
    Draft202012Validator.check_schema(definition)
    return Draft202012Validator(definition, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_record_of_the_replica_is_valid(filled: Path, name: str) -> None:
    check, shape = validator(name), SCHEMAS[name].shape
    with Archive(filled) as archive:
        lines = [shape(row) for row in records(archive)]
    assert len(lines) > 50
    for line in [*lines, shape(record(FULL)), shape(record(Article(url="http://x.cn/")))]:
        check.validate(line)
        assert [*line] == [field for field in SCHEMAS[name].columns if field in line]


def test_the_schema_of_the_record_follows_the_dataclass() -> None:
    definition = json_schema("record")
    assert tuple(definition["properties"]) == tuple(definition["required"]) == RECORD_FIELDS
    assert set(RECORD_FIELDS) < {field.name for field in fields(Article)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "7"),
        ("id", 0),
        ("published", "1. Mai 2024"),
        ("published", "2024-05-01 08:00"),
        ("authors", "赵七"),
        ("authors", [None]),
        ("images", [{"url": "http://x.cn/1.jpg"}]),
        ("edition", {"date": "2024-05-01"}),
        ("body", None),
        ("revision", 1.5),
        ("further", 1),
    ],
)
def test_what_is_no_record_is_not_valid(field: str, value: Any) -> None:
    line = deepcopy(record(FULL)) | {field: value}
    with pytest.raises(ValidationError):
        validator("record").validate(line)


@pytest.mark.parametrize("name", SCHEMAS)
def test_lines_of_an_export_with_a_cursor_are_valid(filled: Path, tmp_path: Path, name: str) -> None:
    copy, out = tmp_path / "copy.db", tmp_path / "out.jsonl"
    copy.write_bytes(filled.read_bytes())
    with Archive(copy) as archive:
        options: dict[str, Any] = {"fields": SCHEMAS[name].columns, "schema": name}
        export_changes(archive, tmp_path / "cursor", str(out), **options)
        lines = out.read_text(encoding="utf-8").splitlines()
        forget(archive, [1])
        export_changes(archive, tmp_path / "cursor", str(out), **options)
        lines += out.read_text(encoding="utf-8").splitlines()
    check = validator(name, cursor=True)
    for line in lines:
        check.validate(json.loads(line))
    assert "removed" in lines[-1] or any("removed" in line for line in lines)


def test_what_zyte_common_items_reads(filled: Path) -> None:
    items = peer("zyte_common_items")
    with Archive(filled) as archive:
        for row in [*records(archive), record(FULL)]:
            line = SCHEMAS["zyte"].shape(row)
            item = items.Article.from_dict(line)
            assert item._unknown_fields_dict == {}
            assert (item.url, item.headline, item.articleBody) == (row["url"], row["title"], row["body"])
            assert [author.name for author in item.authors or []] == row["authors"]


def test_the_names_of_newspaper4k_exist(filled: Path) -> None:
    newspaper = peer("newspaper")
    article = newspaper.Article("http://x.cn/")
    assert [name for name in SCHEMAS["newspaper"].columns if not hasattr(article, name)] == []


def test_a_full_record_in_the_names_of_others() -> None:
    zyte, schemaorg = SCHEMAS["zyte"].shape(record(FULL)), SCHEMAS["schemaorg"].shape(record(FULL))
    assert zyte["datePublishedRaw"] == "2024-05-01" and "datePublished" not in zyte
    assert zyte["dateModified"] == "2024-05-02T08:00:00+08:00"
    assert zyte["metadata"] == {"dateDownloaded": "2024-05-03T00:00:00Z"}
    assert schemaorg["alternativeHeadline"] == ["引题", "副题"]
    assert schemaorg["image"][1] == {"@type": "ImageObject", "contentUrl": "http://x.cn/2.jpg"}
    assert (schemaorg["printEdition"], schemaorg["printPage"]) == ("2024-05-01", "A03")


@pytest.mark.parametrize("name", SCHEMAS)
def test_parquet_reads_back(filled: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed (extra parquet)")
    monkeypatch.setattr(formats, "_GROUP", 25)
    target, columns = tmp_path / "a.parquet", [*SCHEMAS[name].columns]
    with Archive(filled) as archive:
        lines = [SCHEMAS[name].shape(row) for row in (*records(archive), record(FULL))]
    assert export(lines, str(target), fields=columns, format="parquet", schema=name) == len(lines)
    table = parquet.ParquetFile(target)
    assert table.num_row_groups == len(lines) // 25 + 1
    rows = table.read().to_pylist()
    assert [_without_nulls(row) for row in rows] == [_without_nulls(line) for line in lines]
    assert [*rows[0]] == columns


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


def command(*arguments: object, **how: Any) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-m", "dzwcrawl", "export", *map(str, arguments)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, timeout=120, **how)


def test_parquet_into_a_pipe_and_without_pyarrow(filled: Path, tmp_path: Path) -> None:
    without = tmp_path / "without"
    without.mkdir()
    (without / "pyarrow.py").write_text("raise ImportError")
    done = command("--archive", filled, "-o", tmp_path / "a.parquet", env={"PYTHONPATH": str(without)})
    assert done.returncode == 1 and b"pip install 'dzwcrawl[parquet]'" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["without"]
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed (extra parquet)")
    piped = command("--archive", filled, "--format", "parquet", "--fields", "id,authors")
    assert parquet.read_table(io.BytesIO(piped.stdout)).column_names == ["id", "authors"]


def test_the_command_line(filled: Path, tmp_path: Path) -> None:
    for name in SCHEMAS:
        printed = command("--schema", name, "--json-schema")
        assert json.loads(printed.stdout) == json_schema(name)
        done = command("--archive", filled, "--schema", name, "-o", tmp_path / f"{name}.csv")
        assert done.returncode == 0, done.stderr.decode()
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [*SCHEMAS[name].columns]
    wrong = command("--archive", filled, "--schema", "zyte", "--fields", "headlin")
    assert wrong.returncode == 2 and b"did you mean 'headline'" in wrong.stderr
    chosen = command("--archive", filled, "--schema", "zyte", "--fields", "url,headline")
    assert all([*json.loads(line)] == ["url", "headline"] for line in chosen.stdout.splitlines())
    told = command("--archive", filled, "--since-cursor", tmp_path / "c", "--at-most", 3)
    assert (told.returncode, len(told.stdout.splitlines())) == (0, 3)
    other = command("--archive", filled, "--since-cursor", tmp_path / "c", "--site", "dzwww")
    assert other.returncode == 1 and b"was begun with other options (site not given)" in other.stderr


def test_a_feed_of_scrapy_works_too(tmp_path: Path, crawl: Crawl) -> None:
    feed = tmp_path / "out.jsonl"
    with running(40) as served:
        done = crawl("dzwww", tmp_path / "a.db", "-a", "channel=guonei", "-O", str(feed), replica=served)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    with Archive(tmp_path / "a.db") as archive:
        stored = {row["url"]: row for row in records(archive)}
    assert {row["url"] for row in rows} == stored.keys() and rows
    assert all(row["title"] == stored[row["url"]]["title"] for row in rows)
    assert tuple(rows[0]) == RECORD_FIELDS
