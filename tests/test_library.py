"""`from dzwcrawl import Archive`: what is misspelt is an error that names the nearest right thing, before anything is read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl import Archive
from dzwcrawl.archive.archive import Archive as OpenArchive
from dzwcrawl.archive.formats import FormatError
from dzwcrawl.archive.selection import SelectionError
from dzwcrawl.archive.store import store
from tests.conftest import make_article


@pytest.fixture
def reader(archive: OpenArchive) -> Archive:
    store(archive, make_article("水闸今天放水三个小时。", site="liu", day="2026-05-01"), key="k")
    return Archive(archive.path)


def methods(reader: Archive, target: Path) -> list[Callable[..., Any]]:
    """All that take filters; none of what they return is read."""
    return [
        lambda **given: reader.search("水闸", **given),
        lambda **given: reader.count("水闸", **given),
        reader.articles,
        reader.records,
        lambda **given: reader.export(target, **given),
    ]


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"sinc": "2026"}, TypeError, "there is no filter 'sinc'; did you mean 'since'?"),
        ({"duplicate": False}, TypeError, "did you mean 'duplicates'?"),
        ({"duplicates": "no"}, TypeError, "duplicates='no' is no bool"),
        ({"since": 2026}, TypeError, "since=2026 is no str"),
        ({"since": "yesterday"}, SelectionError, "'yesterday' is not a day written YYYY-MM-DD"),
        ({"since": "2026-05-02", "until": "2026-04"}, SelectionError, "since 2026-05-02 is after until 2026-04"),
        ({"site": "lui"}, SelectionError, "no site 'lui'; did you mean 'liu'?"),
    ],
)  # fmt: skip
def test_wrong_filters(
    reader: Archive, tmp_path: Path, given: dict[str, Any], error: type[Exception], says: str
) -> None:
    for method in methods(reader, tmp_path / "a.jsonl"):
        with pytest.raises(error) as raised:
            method(**given)
        assert says in str(raised.value)
    assert not (tmp_path / "a.jsonl").exists()


def test_right_filters(reader: Archive, tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "site": "liu",
        "since": "2026",
        "until": "2026-05",
        "duplicates": False,
        "author": None,
    }
    search, count, articles, records, export = methods(reader, tmp_path / "a.jsonl")
    found = [len(list(method(**given))) for method in (search, articles, records)]
    assert (found, count(**given), export(**given)) == ([1, 1, 1], 1, 1)


@pytest.mark.parametrize(
    ("target", "given", "says"),
    [
        ("a.txt", {}, "name the file .jsonl, .csv, .parquet or .warc"),
        ("a.jsonl", {"schema": "schemorg"}, "there is no schema 'schemorg'; did you mean 'schemaorg'?"),
        ("a.jsonl", {"format": "jsnl"}, "there is no format 'jsnl'; did you mean 'jsonl'?"),
        ("a.jsonl", {"fields": ["titel"]}, "there is no field 'titel'; did you mean 'title'?"),
        ("a.warc", {}, "there is no format 'warc'; there are jsonl, csv, parquet"),
    ],
)  # fmt: skip
def test_wrong_exports(
    reader: Archive, tmp_path: Path, target: str, given: dict[str, Any], says: str
) -> None:
    with pytest.raises(FormatError) as raised:
        reader.export(tmp_path / target, **given)
    assert says in str(raised.value)


def test_a_wrong_order(reader: Archive) -> None:
    with pytest.raises(SelectionError, match="there is no order 'newst'; did you mean 'newest'"):
        reader.search("水闸", order="newst")  # type: ignore[arg-type]
