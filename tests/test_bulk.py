"""Collections by partition: the same bytes from one process and from many, the same bodies as from an archive."""

import os
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from warcio.warcwriter import WARCWriter

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.archive.warc import INVENTED
from dzwcrawl.article import RawPage
from dzwcrawl.boilerplate.phrases import phrase_reason
from dzwcrawl.bulk.partitions import Partition, SourceError, captured_pages
from tests.bench.boilerplate.model import TruePage
from tests.bench.bulk import bodies, digests, mixed, write_collection, write_page
from tests.test_warc import Maker

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def pages() -> list[TruePage]:
    return mixed(180)


@pytest.fixture(scope="module")
def collection(pages: list[TruePage], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_collection(tmp_path_factory.mktemp("collection"), pages, 4)


def bulk(*words: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "dzwcrawl"), "bulk", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | (env or {}))


@pytest.fixture(scope="module")
def result(collection: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("result") / "out"
    done = bulk(*collection, "-o", folder, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return folder


def rows_of(folder: Path) -> list[dict[str, Any]]:
    found = []
    for file in sorted(folder.glob("part-*")):
        text = zstandard.ZstdDecompressor().stream_reader(file.read_bytes()).read()
        found += [orjson.loads(line) for line in text.splitlines()]
    return found


def test_records_are_those_of_an_archive(collection: list[Path], result: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    command = [str(BIN / "dzwcrawl"), "import", "--archive", str(path), *map(str, collection)]
    assert subprocess.run(command, capture_output=True).returncode == 0
    with Archive(path) as archive:
        stored = {row["url"]: row for row in records(archive)}
    found = {row["url"]: row for row in rows_of(result)}
    assert found.keys() == stored.keys() and len(found) == 180
    ids = {row["id"]: row["url"] for row in stored.values()}
    ours = {row["id"]: row["url"] for row in found.values()}
    for url, row in found.items():
        assert list(row) == list(stored[url])
        expected = stored[url] | {
            "id": row["id"],
            "duplicate_of": row["duplicate_of"],
        }
        assert row == expected | {"cluster": None}
        assert ours.get(row["duplicate_of"]) == ids.get(stored[url]["duplicate_of"])
    assert any(row["duplicate_of"] for row in found.values())


def test_what_repeats_is_learned_over_all_partitions(result: Path, pages: list[TruePage]) -> None:
    """A banner on few pages of a file is on many of the collection."""
    here = bodies(result)
    banners = [
        (page.url, line.text)
        for page in pages
        for line in page.lines
        if line.boilerplate and not line.unjudged
    ]
    left = [text for url, text in banners if text in here[url].split("\n")]
    assert len(left) < len(banners) / 20


def test_partitions_change_nothing(pages: list[TruePage], result: Path, tmp_path: Path) -> None:
    other = write_collection(tmp_path / "in", pages, 7)
    assert bulk(*other, "-o", tmp_path / "out", "--jobs", "2", "--buckets", "5").returncode == 0
    assert rows_of(tmp_path / "out") == rows_of(result)


@pytest.mark.parametrize("engine", [("--jobs", "2"), ("--jobs", "2", "--dask", "local")], ids=" ".join)
def test_the_same_bytes_wherever_it_runs(
    engine: tuple[str, ...], collection: list[Path], result: Path, tmp_path: Path
) -> None:
    if "--dask" in engine:
        pytest.importorskip("distributed", reason="Dask is not installed (the extra `bulk`)")
    done = bulk(*collection, "-o", tmp_path / "out", *engine)
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "out") == digests(result) and len(digests(result)) == 4
    assert not list((tmp_path / "out").glob(".*"))


def test_on_a_scheduler_with_workers_of_its_own(collection: list[Path], result: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (the extra `bulk`)")
    told = tmp_path / "scheduler.json"
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard"]
    both = [
        subprocess.Popen(
            [*scheduler, "--no-dashboard", "--scheduler-file", str(told)], stderr=subprocess.DEVNULL
        ),
        subprocess.Popen([*worker, "--scheduler-file", str(told)], stderr=subprocess.DEVNULL),
    ]
    try:
        deadline = time.monotonic() + 240
        while not (address := _address(told)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        done = bulk(*collection, "-o", tmp_path / "out", "--dask", address)
        assert done.returncode == 0, done.stderr
    finally:
        for process in both:
            process.terminate()
        for process in both:
            process.wait(120)
    assert digests(tmp_path / "out") == digests(result)


def _address(told: Path) -> str:
    """Return where a scheduler answers, "" while it has not written that, or not all of it."""
    with suppress(FileNotFoundError, orjson.JSONDecodeError):
        return str(orjson.loads(told.read_bytes())["address"])
    return ""


def test_a_killed_job_goes_on_where_it_was(collection: list[Path], result: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [str(BIN / "dzwcrawl"), "bulk", *map(str, collection), "-o", str(out), "--jobs", "1"]
    job = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 240
    while not (done := list(out.glob(".work/drafts/*.json"))):
        assert time.monotonic() < deadline and job.poll() is None
        time.sleep(0.01)
    job.kill()
    job.wait()
    # A number that reading again would correct.
    told = orjson.loads(done[0].read_bytes())
    done[0].write_bytes(orjson.dumps(told | {"pages": told["pages"] + 1000}))
    went_on = bulk(*collection, "-o", out, "--jobs", "1", "--json")
    assert went_on.returncode == 0, went_on.stderr
    assert orjson.loads(went_on.stdout)["pages"] == 1180
    assert digests(out) == digests(result)


def test_an_article_captured_twice_is_written_as_it_was_last(pages: list[TruePage], tmp_path: Path) -> None:
    late, early = tmp_path / "late.warc.gz", tmp_path / "early.warc.gz"
    page, other = pages[0], pages[6]
    for path, date, html in (
        (late, "2026-02-02T00:00:00Z", page.html),
        (early, "2026-01-01T00:00:00Z", other.html),
    ):
        maker = Maker(path)
        maker.add(page.url, html, date=date, content_type=page.headers["Content-Type"])
        maker.close()
    assert bulk(late, early, "-o", tmp_path / "out", "--jobs", "1").returncode == 0
    (row,) = rows_of(tmp_path / "out")
    assert row["title"] == page.title != other.title
    assert (row["first_seen"], row["last_seen"]) == ("2026-01-01T00:00:00+00:00", "2026-02-02T00:00:00+00:00")


def test_the_first_of_two_copies_is_the_original_wherever_they_stand(
    pages: list[TruePage], tmp_path: Path
) -> None:
    page = next(page for page in pages if page.outlet.language == "zh")
    maker = Maker(tmp_path / "a.warc.gz")
    for number in (9, 3):
        url = page.url.rsplit("_", 1)[0] + f"_{number}.htm"
        maker.add(url, page.html, content_type=page.headers["Content-Type"])
    maker.close()
    assert bulk(tmp_path / "a.warc.gz", "-o", tmp_path / "out", "--jobs", "1").returncode == 0
    copy, original = rows_of(tmp_path / "out")
    assert original["url"].endswith("_3.htm") and original["duplicate_of"] is None
    assert copy["duplicate_of"] == original["id"]


def test_pages_in_parquet_give_the_same(pages: list[TruePage], result: Path, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra `bulk`)")
    from pyarrow import parquet  # noqa: PLC0415

    rows: list[dict[str, object]] = [
        {
            "url": page.url,
            "html": page.html,
            "fetched": f"{page.day.isoformat()}T08:00:00+00:00",
            "content_type": page.headers["Content-Type"],
        }
        for page in pages
    ]
    rows.append({"url": None, "html": b"<p>nowhere</p>", "fetched": None, "content_type": None})
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet", row_group_size=50)
    done = bulk(tmp_path / "a.parquet", "-o", tmp_path / "out", "--jobs", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert rows_of(tmp_path / "out") == rows_of(result)
    told = orjson.loads(done.stdout)
    assert (told["partitions"], told["pages"], told["articles"]) == (4, 180, 180)
    assert told["skipped"] == {"a row without URL, page or readable time": 1}


def test_parquet_of_something_else_is_said(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra `bulk`)")
    from pyarrow import parquet  # noqa: PLC0415

    parquet.write_table(pyarrow.table({"link": ["x"], "text": ["y"]}), tmp_path / "a.parquet")
    done = bulk(tmp_path / "a.parquet", "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "has the columns link, text; pages need `url` and one of html, body, content" in done.stderr


def test_parquet_without_rows_is_no_failure(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra `bulk`)")
    from pyarrow import parquet  # noqa: PLC0415

    page = {"url": "http://a.example/1.html", "html": b"<p>"}
    parquet.write_table(pyarrow.Table.from_pylist([page]).slice(0, 0), tmp_path / "a.parquet")
    done = bulk(tmp_path / "a.parquet", "-o", tmp_path / "out")
    assert (done.returncode, done.stdout[:23]) == (0, "0 pages of 1 partition:"), done.stderr


def test_a_record_that_unpacks_to_more_than_a_page_has_is_passed_over(tmp_path: Path) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join([*(packer.compress(bytes(2**20)) for _ in range(2**10)), packer.flush()])
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add("http://a.example/1.html", bomb, Content_Encoding="gzip")
    maker.add("http://a.example/2.html", b"<p>after it")
    skipped: list[str] = []
    found = list(captured_pages(Partition(0, str(maker.close())), skipped.append))
    assert len(bomb) < 2 * 2**20
    assert [(page.url, page.body) for page in found if isinstance(page, RawPage)] == [
        ("http://a.example/2.html", b"<p>after it")
    ]
    assert skipped == ["it unpacks to more than 256 MiB"]


def test_rows_of_parquet_that_unpack_to_more_than_pages_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra `bulk`)")
    from pyarrow import parquet  # noqa: PLC0415

    monkeypatch.setattr("dzwcrawl.bulk.partitions.MOST", 100_000)
    for name, sizes in (("one", (200_000, 10, 10)), ("all", (200_000, 200_001))):
        rows = [{"url": f"http://a.example/{n}.html", "html": bytes(size)} for n, size in enumerate(sizes)]
        table = pyarrow.Table.from_pylist(rows)
        parquet.write_table(table, tmp_path / f"{name}.parquet", compression="zstd", use_dictionary=False)
    skipped: list[str] = []
    found = list(captured_pages(Partition(0, str(tmp_path / "one.parquet"), 0), skipped.append))
    assert [page.url for page in found if isinstance(page, RawPage)] == [
        "http://a.example/1.html",
        "http://a.example/2.html",
    ]
    assert len(skipped) == 1 and skipped[0].startswith("a page of more than")
    with pytest.raises(SourceError, match="row group 0: 2 pages unpack to"):
        list(captured_pages(Partition(0, str(tmp_path / "all.parquet"), 0), skipped.append))


def test_a_file_that_breaks_off_costs_only_its_end(pages: list[TruePage], tmp_path: Path) -> None:
    whole, broken = write_collection(tmp_path / "in", pages[:20], 2)
    broken.write_bytes(broken.read_bytes()[:-300])
    done = bulk(whole, broken, "-o", tmp_path / "out", "--jobs", "1")
    assert done.returncode == 1
    assert (
        f"{broken} cannot be read to its end" in done.stderr
        and "what was read of it is written" in done.stderr
    )
    assert len(rows_of(tmp_path / "out")) == 19


def test_errors_name_what_to_do(collection: list[Path], result: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    done = bulk(tmp_path / "notes.txt", "-o", tmp_path / "out")
    assert done.returncode == 1 and "is neither a WARC file (.warc, .warc.gz) nor Parquet" in done.stderr
    done = bulk(collection[0], "-o", tmp_path)
    assert done.returncode == 1 and f"{tmp_path} is not empty: name a new folder" in done.stderr
    before = digests(result)
    done = bulk(*collection, "-o", result)
    assert done.returncode == 1 and f"{result} is the result of a job that is done, 4 files" in done.stderr
    assert "to do it anew, remove the folder first, or name a new one" in done.stderr
    assert digests(result) == before
    code = (
        "import sys; sys.modules['distributed'] = None; from dzwcrawl.cli import main; "
        f"main(['bulk', {str(collection[0])!r}, '-o', {str(tmp_path / 'out')!r}, '--dask', 'local'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1 and "pip install 'dzwcrawl[bulk]'" in done.stderr


def test_a_scheduler_that_does_not_answer_is_said(collection: list[Path], tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (the extra `bulk`)")
    done = bulk(collection[0], "-o", tmp_path / "out", "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 1 and "no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr


def test_nothing_of_dask_is_imported_without_asking(collection: list[Path], tmp_path: Path) -> None:
    code = (
        "import sys\nfrom dzwcrawl.cli import main\n"
        f"main(['bulk', {str(collection[0])!r}, '-o', {str(tmp_path / 'out')!r}, '--jobs', '1'], standalone_mode=False)\n"
        "assert not {'distributed', 'dask', 'pyarrow'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_page_of_two_outlets_is_counted_with_its_own(pages: list[TruePage], tmp_path: Path) -> None:
    """The same line on another outlet is no reason: one outlet has it once, the other forty times."""
    path = tmp_path / "a.warc.gz"
    first = [page for page in pages if page.outlet is pages[0].outlet]
    banner = next(
        line.text
        for line in first[0].lines
        if line.boilerplate
        and phrase_reason(line.text) is None
        and sum(line.text in str(p.lines) for p in first) == len(first)
    )
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for page in first:
            write_page(writer, page)
    maker = Maker(tmp_path / "b.warc.gz")
    text = "鹤浦的渡船从清晨五点开到夜里十一点，船工们换班时会在码头的小棚里喝一碗热茶再走。"
    maker.add(
        "http://www.hepu.test/202601/t20260105_9.htm",
        f"<title>渡船</title><h1>渡船</h1><div><p>{text}</p><p>{banner}</p><p>{text[::-1]}</p></div>".encode(),
    )
    maker.close()
    assert bulk(path, tmp_path / "b.warc.gz", "-o", tmp_path / "out", "--jobs", "1").returncode == 0
    found = {row["site"]: row["body"] for row in rows_of(tmp_path / "out")}
    assert banner in found["hepu.test"]
    assert banner not in found[pages[0].outlet.host.removeprefix("www.")]


def test_invented_articles_are_a_job_of_their_own(pages: list[TruePage], tmp_path: Path) -> None:
    for name, info in (("demo", {"description": INVENTED}), ("real", {"software": "x"})):
        maker = Maker(tmp_path / f"{name}.warc.gz")
        maker.add_info(info)
        maker.add(pages[0].url, pages[0].html, content_type=pages[0].headers["Content-Type"])
        maker.close()
    done = bulk(tmp_path / "real.warc.gz", tmp_path / "demo.warc.gz", "-o", tmp_path / "both", "--jobs", "1")
    assert done.returncode == 1 and "demo.warc.gz holds the invented articles of a demo" in done.stderr
    done = bulk(tmp_path / "demo.warc.gz", "-o", tmp_path / "out", "--jobs", "1")
    assert (done.returncode, len(rows_of(tmp_path / "out"))) == (0, 1)
    assert "these are the invented articles of a demo" in done.stderr
