"""The `dzwcrawl` command as a process: its output, its errors and its exit codes."""

import codecs
import csv
import gzip
import io
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import CliRunner

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from dzwcrawl.article import RECORD_FIELDS, Block, derive_body
from dzwcrawl.cli import main
from tests.conftest import ROOT, SHARED, make_article

FIRST = "三月的最后一个清晨，柳湾渡口的旧船坞开始拆除，十来个人站在堤上看，谁也没有说话，只有河水照旧往东流。"
SECOND = (
    "船老大周满仓说，他在这里补过七十多条船，最后一条是去年秋天下水的，如今还在下游跑运输，一天两个来回。"
)
PAGE = f"""<html><head><meta charset="utf-8"><title>柳湾渡口旧船坞开拆</title></head><body>
<h1>柳湾渡口旧船坞开拆</h1><p>2024-03-31 08:15 来源：柳湾晚报 作者：周小满</p>
<div class="content"><p>{FIRST}</p><p>{SECOND}</p><p>责任编辑：吴桐</p></div></body></html>"""

Done = subprocess.CompletedProcess[bytes]


def run(*arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "dzwcrawl", *map(str, arguments)],
        input=stdin, capture_output=True, cwd=cwd, timeout=300,
        env=os.environ | {"PYTHONWARNINGS": "error", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip


def lines(done: Done, code: int = 0) -> list[dict[str, Any]]:
    assert done.returncode == code, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def path(archive: Archive) -> Path:
    """The path of an archive of three articles, the second a copy of the first."""
    for title, day, site, body in (
        ("船坞开拆", "2024-03-31", "liu", (FIRST, SECOND)),
        ("船坞开拆了", "2024-04-02", "wan", (FIRST, SECOND)),
        ("水闸放水", "2025-01-02", "liu", ("水闸今天放水三个小时。",)),
    ):
        article = make_article(*body, title=title, day=day, site=site)
        article.blocks.append(Block("分享到：", removed="phrase: share"))
        article.editors = ["吴桐"]
        store(archive, article, key=article.url or "")
    archive.close()
    return archive.path


def test_a_search_starts_without_what_reads_pages() -> None:
    code = (
        "import sys; from dzwcrawl.cli import main\n"
        "main.get_command(None, 'search')\n"
        "assert not sys.modules.keys() & {'dzwcrawl.extract', 'dzwcrawl.boilerplate', 'lxml', 'scrapy'}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_export_to_standard_output_gives_records(path: Path) -> None:
    done = run("export", "--archive", path)
    assert [tuple(row) for row in lines(done)] == [RECORD_FIELDS] * 3
    assert done.stderr == b""


def test_export_to_files_by_name(path: Path, tmp_path: Path) -> None:
    plain = run("export", "--archive", path).stdout
    for name in ("a.jsonl.gz", "a.jsonl.zst", "a.csv"):
        done = run("export", "--archive", path, "-o", tmp_path / name)
        assert (done.returncode, done.stdout) == (0, b"")
        assert f"3 articles written to {tmp_path / name}" in done.stderr.decode()
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == plain
    packed = (tmp_path / "a.jsonl.zst").read_bytes()
    assert zstandard.ZstdDecompressor().stream_reader(packed).read() == plain
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"), newline="")))
    assert (tuple(rows[0]), len(rows)) == (RECORD_FIELDS, 4)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith((".", "a."))) == [
        "a.csv", "a.jsonl.gz", "a.jsonl.zst",
    ]  # fmt: skip


def test_export_filters_and_fields(path: Path) -> None:
    options = ["--site", "liu", "--since", "2024", "--until", "2024-03", "--query", "河水 船坞", "--unique"]
    assert lines(run("export", "--archive", path, "--fields", " title, id", *options)) == [
        {"title": "船坞开拆", "id": 1}
    ]
    done = run("export", "--archive", path, "--format", "csv", "--fields", "title", "--unique")
    assert done.stdout.decode().split() == ["title", "船坞开拆", "水闸放水"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "--fields", "id,publisehd"], "there is no field 'publisehd'; did you mean 'published'?"),
        (["export", "--fields", "bdoy"], "did you mean 'body'?"),
        (["export", "--fields", "0000"], "there are id, site, url"),
        (["export", "--until", "2024-13"], "YYYY-MM-DD"),
        (["export", "--until", "2026-02-31"], "'2026-02-31' is not a day written YYYY-MM-DD"),
        (["report", "--since", "2024-1"], "'2024-1' is not a day written YYYY-MM-DD (or YYYY-MM, YYYY)"),
        (["export", "--unik"], "--unique"),
        (["export", "-o", "a.txt"], "a.txt: name the file .jsonl, .csv, .parquet or .warc"),
        (["export", "-o", "a.pdf.gz"], "a.pdf.gz: name the file .jsonl"),
        (["report", "-o", "a.pdf"], "a.pdf: -o writes an HTML page (.html), and --png FILE.png a picture"),
        (["report", "--png", "a.jpg"], "a.jpg: --png writes a PNG picture (.png)"),
        (["stat"], "did you mean 'stats'?"),
        (["extract"], "name FILEs or a --manifest"),
        (["extract", "--url", "http://liu.cn/", "a.html", "b.html"], "exactly one FILE"),
    ],
)
def test_wrong_usage_is_explained(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, b"", [])
    assert says in " ".join(done.stderr.decode().split())


def test_a_first_day_after_the_last_names_both(path: Path) -> None:
    for words in (
        ["search", "水闸"],
        ["export"],
        ["clusters"],
        ["forget", "--yes"],
        ["report"],
        ["reextract", "--yes"],
    ):
        for since, until in (("2025-02-01", "2025-01-31"), ("2025-02-01", "2024-12-31")):
            done = run(*words, "--since", since, "--until", until, "--archive", path)
            assert (done.returncode, done.stdout) == (2, b""), words
            assert re.search(f"since {since} is after (--)?until {until}", done.stderr.decode()), done.stderr
    for words in (["--since", "2025-01-02", "--until", "2025"], ["--since", "2025", "--until", "2025-01"]):
        assert len(lines(run("export", *words, "--archive", path))) == 1


@pytest.mark.parametrize("form", ["parquet", "warc"])
def test_nothing_binary_goes_to_a_terminal(path: Path, form: str) -> None:
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "dzwcrawl", "export", "--archive", str(path), "--format", form]
    done = subprocess.run(command, cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(theirs)
    os.set_blocking(terminal, False)
    with pytest.raises(OSError):  # nobody has written, and nobody will
        os.read(terminal, 1)
    os.close(terminal)
    assert done.returncode == 2 and "name a file, -o FILE" in " ".join(done.stderr.split())


def test_a_site_that_the_archive_does_not_know_is_named(path: Path) -> None:
    for command in (["search", "水闸"], ["export"], ["clusters"], ["report"], ["forget", "--dry-run"]):
        done = run(*command, "--site", "lui", "--archive", path)
        assert (done.returncode, done.stdout) == (1, b""), command
        assert b"has no site 'lui'; did you mean 'liu'?" in done.stderr


def test_a_damaged_archive_is_told_in_a_line(path: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(path.read_bytes())
    with broken.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (broken.stat().st_size - 4096))
    for command in (["search", "水闸"], ["stats"], ["clusters"], ["show", "1"]):
        done = run(*command, "--archive", broken)
        assert (done.returncode, done.stdout) == (1, b""), command
        assert done.stderr.startswith(b"Error: ") and b"malformed" in done.stderr


def test_words_of_a_query_without_quotes_are_one_query(path: Path) -> None:
    apart, together = (
        run("search", *words, "--archive", path) for words in (("水闸", "OR", "船坞"), ("水闸 OR 船坞",))
    )
    assert apart.stdout == together.stdout and b"3 articles match" in apart.stdout
    without = run("search", "水闸", "-船坞", "--archive", path)
    assert without.stdout == run("search", "水闸 -船坞", "--archive", path).stdout and without.returncode == 0


def test_pages_are_imported_wherever_one_stands(path: Path, tmp_path: Path) -> None:
    assert run("export", "--archive", path, "-o", tmp_path / "a.warc.gz").returncode == 0
    done = run("import", tmp_path / "a.warc.gz", "--archive", tmp_path / "b.db", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "b.db").is_file()


def test_a_reader_who_has_enough_is_no_failure(path: Path) -> None:
    for form in ("jsonl", "csv", "warc"):
        mine, theirs = os.pipe()
        os.close(mine)
        command = [sys.executable, "-m", "dzwcrawl", "export", "--archive", str(path), "--format", form]
        done = subprocess.run(command, cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, timeout=60)
        os.close(theirs)
        assert (form, done.returncode, done.stderr) == (form, 0, b"")


def test_a_pipe_with_a_name_stays_one(path: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        done = run("export", "--archive", path, "-o", pipe)
        assert reader.communicate(timeout=60)[0] == run("export", "--archive", path).stdout != b""
    assert (done.returncode, pipe.is_fifo(), list(tmp_path.glob(".*"))) == (0, True, [])


def test_a_query_that_is_no_text_in_the_encoding_of_the_terminal_is_said(path: Path) -> None:
    for words in (["search"], ["export", "--query"]):
        done = run(*words, os.fsdecode("苹果".encode("gbk")), "--archive", path)
        said = done.stderr.decode(errors="replace")
        assert (done.returncode, "no text in the encoding of this terminal" in " ".join(said.split())) == (
            2,
            True,
        )


def test_a_failing_export_leaves_the_old_file_whole(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(b"old")
    with Archive(path) as archive, archive.connection:
        # The third row is damaged and cannot be read: the export breaks off after two.
        archive.connection.execute("PRAGMA ignore_check_constraints = 1")
        archive.connection.execute("UPDATE articles SET authors = '[' WHERE id = 3")
    done = run("export", "--archive", path, "-o", folder / "a.jsonl")
    assert done.returncode != 0
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {"a.jsonl": b"old"}


def test_an_export_into_no_folder_is_explained(path: Path, tmp_path: Path) -> None:
    done = run("export", "--archive", path, "-o", tmp_path / "none" / "a.jsonl")
    assert done.returncode == 1
    there = run("export", "--archive", path, "-o", tmp_path)
    assert (there.returncode, f"Is a directory: '{tmp_path}';" in there.stderr.decode()) == (1, True)
    folder = tmp_path / "none"
    assert done.stderr.decode().endswith(
        f"No such file or directory: '{folder}'; what was there before is unchanged\n"
    )
    done = run("export", "--archive", path, "--since-cursor", folder / "c", "-o", tmp_path / "a.jsonl")
    assert (done.returncode, f"the cursor {folder / 'c'} cannot be kept" in done.stderr.decode()) == (1, True)


def test_show_by_id_and_url(path: Path) -> None:
    shown = run("show", "2", "--archive", path).stdout.decode()
    assert "船坞开拆了" in shown and FIRST in shown and "a copy of article 1" in shown
    assert "责任编辑: 吴桐" in shown and "分享到" not in shown
    (row,) = lines(run("show", "1", "--json", "--archive", path))
    assert tuple(row) == RECORD_FIELDS
    pasted = row["url"].replace("http:", "https:") + "?utm_source=mail#top"
    for url in (row["url"], row["url"].removeprefix("http://"), pasted):
        assert lines(run("show", url, "--json", "--archive", path)) == [row]
    removed = run("show", row["url"], "--removed", "--archive", path).stdout.decode()
    assert "  - 分享到：  [phrase: share]" in removed


@pytest.mark.parametrize("which", ["99", "http://liu.cn/none.htm", "9" * 30, "²"])
def test_an_unknown_article_is_told(path: Path, which: str) -> None:
    for words in (["show", which], ["raw", which], ["forget", which, "--dry-run"]):
        done = run(*words, "--archive", path)
        assert (done.returncode, f"has no article {which}" in done.stderr.decode()) == (1, True)


def test_numbers_that_no_archive_holds_are_wrong_use(path: Path) -> None:
    for words in (["show", "1", "--revision", "9" * 30], ["search", "船坞", "--limit", "9" * 30]):
        done = run(*words, "--archive", path)
        assert (done.returncode, "larger than any" in done.stderr.decode()) == (2, True)


def test_what_the_terminal_cannot_show_is_said_in_a_line(path: Path) -> None:
    command = [sys.executable, "-m", "dzwcrawl", "show", "1", "--archive", str(path)]
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert (done.returncode, "say export LC_ALL=C.UTF-8" in done.stderr) == (1, True)
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1


def test_an_archive_that_another_program_writes_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dzwcrawl.archive.archive._BUSY_TIMEOUT", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for words in (["forget", "1", "--yes"], ["reclean"]):
            done = CliRunner().invoke(main, [*words, "--archive", str(path)])
            assert (done.exit_code, "let that one end, then try again" in done.stderr) == (1, True)


HOSTILE = "\x1b[2J\x1b]0;t\x07红\x9b31m色\u202e反转"


@pytest.mark.parametrize(
    "command",
    [["search", "色"], ["show", "1", "--removed"], ["show", "1", "--cluster"], ["clusters"], ["boilerplate", "explain", "1"],
     ["forget", "1", "--dry-run"], ["diff", "2"]],
    ids=" ".join,
)  # fmt: skip
def test_no_text_of_a_page_commands_the_terminal(tmp_path: Path, command: list[str]) -> None:
    sentence = f"渡口边上的旧船坞昨天开始拆除{HOSTILE}，许多老人站在堤上看着它。"
    with Archive(tmp_path / "archive.db", create=True) as archive:
        for site in "ab":
            article = make_article(sentence, sentence.replace("旧", "新"), title=HOSTILE, site=site)
            article.kicker = article.subtitle = article.source = HOSTILE
            article.authors = article.editors = article.section = article.notes = [HOSTILE]
            article.blocks.append(Block(HOSTILE, removed=f"phrase: {HOSTILE}"))
            store(archive, article, key=str(article.url))
        article.blocks[0].text += HOSTILE
        article.body = derive_body(article.blocks)
        assert store(archive, article, key=str(article.url)) == "revised"
    done = run(*command, "--archive", tmp_path / "archive.db")
    assert done.returncode == 0, done.stderr.decode()
    shown = done.stdout.decode()
    assert "�" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


def test_stats(path: Path) -> None:
    (numbers,) = lines(run("stats", "--json", "--archive", path))
    assert (numbers["articles"], numbers["duplicates"]) == (2, 1)
    assert numbers["lines_removed"] == {"phrase: share": 3}
    assert {site["site"] for site in numbers["sites"]} == {"liu", "wan"}
    text = run("stats", "--archive", path).stdout.decode()
    assert "2 articles, 1 copy, " in text and "3  phrase: share" in text


@pytest.mark.parametrize("command", [["export"], ["show", "1"], ["stats"]])
def test_without_an_archive_none_is_made(command: list[str], tmp_path: Path) -> None:
    done = run(*command, "--archive", tmp_path / "none.db")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "Traceback" not in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_extract_one_file_with_its_url(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (row,) = lines(run("extract", "a.html", "--url", "http://liu.cn/a.htm", cwd=tmp_path))
    assert list(row) == ["file", *RECORD_FIELDS]
    assert (row["file"], row["url"], row["title"]) == ("a.html", "http://liu.cn/a.htm", "柳湾渡口旧船坞开拆")
    assert row["body"] == f"{FIRST}\n{SECOND}"
    assert (row["source"], row["authors"], row["editors"]) == ("柳湾晚报", ["周小满"], ["吴桐"])
    assert row["published"] == "2024-03-31T08:15:00+08:00"


def test_extract_goes_on_after_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "empty.html").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "gone.html").write_text("<title>404 Not Found</title><p>页面不存在</p>", encoding="utf-8")
    files = ["none.html", "good.html", "empty.html", "folder", "gone.html", "good.html"]
    rows = lines(run("extract", *files, cwd=tmp_path), code=1)
    assert [row["file"] for row in rows] == files
    assert ["error" in row for row in rows] == [True, False, True, True, True, False]
    assert all(list(row) == ["file", "error"] and row["error"] for row in rows if "error" in row)
    assert rows[1] == rows[5]


def test_extract_of_a_folder_passes_over_pipes_and_tells_names_that_are_no_utf8(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    for name in (b"\xc4\xe3.html", b"z.html"):
        (saved / os.fsdecode(name)).write_text(PAGE, encoding="utf-8")
    os.mkfifo(saved / "pipe.html")
    (saved / "round.html").symlink_to("round.html")
    rows = lines(run("extract", "saved", "x" * 300, cwd=tmp_path), code=1)
    assert [row["file"] for row in rows] == [
        "saved/round.html",
        "saved/z.html",
        "saved/\\xc4\\xe3.html",
        "x" * 300,
    ]
    assert ["error" in row for row in rows] == [True, False, False, True]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dzwcrawl", "extract", "a.html"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "No space left on device" in done.stderr


def test_extract_of_a_manifest_on_standard_input_keeps_its_order(tmp_path: Path) -> None:
    names = ["c.html", "a.html", "b.html"]
    for name in names:
        (tmp_path / name).write_text(PAGE.replace("周小满", f"周{name[0]}"), encoding="utf-8")
    rows = [{"file": name, "url": f"http://liu.cn/{name}"} for name in names]
    stdin = codecs.BOM_UTF8 + "\r\n\n".join(map(json.dumps, rows)).encode()
    found = lines(run("extract", "--manifest", "-", stdin=stdin, cwd=tmp_path))
    assert [{"file": row["file"], "url": row["url"]} for row in found] == rows
    broken = stdin + b'\nnot json\n[]\n{"url": "http://liu.cn/"}\n' + json.dumps(rows[0]).encode()
    found = lines(run("extract", "--manifest", "-", stdin=broken, cwd=tmp_path), code=1)
    assert ["error" in row for row in found] == [False] * 3 + [True] * 3 + [False]
    assert "line 6 of the manifest" in found[3]["error"]


def test_clean_from_standard_input_and_files(tmp_path: Path) -> None:
    head = "柳湾渡口旧船坞开拆\r\n2024-03-31 08:15 来源：柳湾晚报 作者：周小满\r\n"
    text = f"\ufeff{head}{FIRST}\r\n{SECOND}\r\n责任编辑：吴桐\r\n".encode()
    (tmp_path / "a.txt").write_bytes(text)
    (row,) = lines(run("clean", stdin=text))
    assert tuple(row) == ("file", *RECORD_FIELDS)
    assert (row["title"], row["body"]) == ("柳湾渡口旧船坞开拆", f"{FIRST}\n{SECOND}")
    assert (row["source"], row["authors"], row["editors"]) == ("柳湾晚报", ["周小满"], ["吴桐"])
    first, second = lines(run("clean", tmp_path / "a.txt", "-", stdin=text))
    assert (first["body"], second["body"], second["file"]) == (row["body"], row["body"], "-")
    assert (first["id"], second["duplicate_of"]) == (1, 1)


def test_clean_learns_from_a_folder_and_from_lines(tmp_path: Path) -> None:
    texts = [f"柳叶帮 你我同行\n第{n}条：\n{FIRST[n:]}{SECOND}\n" for n in range(6)]
    rows = [
        {"text": text, "url": f"http://liu.cn/{n}.htm", "title": f"渡口第{n}报"}
        for n, text in enumerate(texts)
    ]
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\nno json\n[]\n", "utf-8")
    (tmp_path / "a.txt").write_text(texts[0], "utf-8")
    found = lines(run("clean", tmp_path, "no-such-file.txt"), code=1)
    assert [(row["file"].rsplit("/")[-1], row.get("line")) for row in found] == [
        ("a.txt", None), *(("b.jsonl", n) for n in range(1, 9)), ("no-such-file.txt", None)
    ]  # fmt: skip
    assert ["error" in row for row in found] == [False] * 7 + [True] * 3
    assert ["柳叶帮" in row["body"] + (row["title"] or "") for row in found[:7]] == [True] + [False] * 6
    assert (found[1]["site"], found[1]["title"], found[1]["url"]) == (
        "liu.cn",
        "渡口第0报",
        "http://liu.cn/0.htm",
    )


def test_clean_gives_the_seed_to_the_character() -> None:
    seeds = sorted(SHARED.glob("seed/*.txt"))
    if not seeds:
        pytest.skip("the shared folder with the seed is not beside this checkout")
    text = seeds[0].read_bytes()
    page = text.decode().splitlines()
    (row,) = lines(run("clean", "-", stdin=text))
    end = next(number for number, line in enumerate(page) if line.startswith("扫码观看"))
    assert row["body"].split("\n") == page[page.index("手机查看") + 1 : end]
    assert row["title"] == "潍坊线上线下发力 “双招双引”有新机"
    assert (row["source"], row["editors"], row["published"]) == ("大众报业·大众日报", ["刘美显"], "2020")


PLURALS = re.compile(
    r"(?<![\w.:/-])1 (\w+ )?(articles|copies|crawls|URLs|pages|bodies|revisions|changes|patterns|partitions)\b"
)


def test_one_of_anything_is_told_in_the_singular(archive: Archive, tmp_path: Path) -> None:
    """An archive of one article, one copy of it and one crawl, through the commands that count."""
    for title in ("船坞开拆", "船坞开拆了"):
        store(archive, make_article(FIRST, SECOND, title=title), key=title)
    archive.connection.execute(
        "INSERT INTO crawls (spider, started, pid, host) VALUES ('s', '2026-01-01T00:00:00+00:00', 1, 'h')"
    )
    for words in (
        ["stats"], ["search", "船坞", "--unique"], ["export", "--unique", "-o", tmp_path / "a.jsonl"],
        ["export", "--unique", "-o", tmp_path / "a.warc"], ["reclean"], ["report"], ["backup", tmp_path / "b.db"],
        ["show", "1"], ["clusters"], ["doctor"], ["forget", "1", "--yes"], ["search", "--rebuild"],
        ["clusters", "--rebuild"], ["boilerplate", "drop", "s", FIRST], ["boilerplate", "explain", "2"],
    ):  # fmt: skip
        done = CliRunner().invoke(main, [*map(str, words), "--archive", str(archive.path)])
        assert done.exit_code == 0, done.output
        assert not PLURALS.search(done.output), done.output
    done = CliRunner().invoke(main, ["merge", "--archive", str(tmp_path / "one.db"), str(archive.path)])
    assert (done.exit_code, PLURALS.search(done.output)) == (0, None), done.output
