"""Many pages on several cores: order, memory bound, and how it ends when a worker or the person stops it."""

import gzip
import itertools
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from dzwcrawl.cli.workers import WorkerDied, in_order
from tests.conftest import ROOT
from tests.test_cli import PAGE, lines, run


def slow_first(value: int) -> int:
    time.sleep(0.3 if value == 0 else 0)
    return value * value


def dies_at_seven(value: int) -> int:
    if value == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return value


def test_results_come_in_order_and_values_are_taken_as_needed() -> None:
    taken = itertools.count()
    with closing(in_order(slow_first, (next(taken) for _ in range(10_000)), 2)) as results:
        assert [next(results) for _ in range(40)] == [n * n for n in range(40)]
    assert next(taken) < 100


def test_a_worker_that_dies_ends_the_run_after_the_results_before_it() -> None:
    results = in_order(dies_at_seven, range(50), 2)
    seen: list[int] = []
    with pytest.raises(WorkerDied) as died:
        seen.extend(results)
    assert seen == list(range(len(seen))) and len(seen) <= 7
    assert died.value.value == len(seen)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of 30 pages in sub-folders, and files that are none."""
    for number in range(30):
        page = tmp_path / "pages" / f"{number % 3}" / f"{number:02}.{('html', 'htm', 'SHTML')[number % 3]}"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(PAGE.replace("旧船坞开拆</h1>", f"旧船坞第{number}次开拆</h1>"), encoding="utf-8")
    (tmp_path / "pages" / "a.xhtml.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "pages" / "notes.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "pages" / "loop").symlink_to(tmp_path / "pages")
    return tmp_path / "pages"


def test_folders_are_read_through_sorted_and_alike_on_any_number_of_cores(folder: Path) -> None:
    one = run("extract", "pages", cwd=folder.parent)
    rows = lines(one)
    names = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".txt")
    by_folder = [str(p.relative_to(folder.parent)) for p in sorted(names, key=lambda p: p.parts)]
    assert [row["file"] for row in rows] == by_folder and len(rows) == 31
    assert all(row["body"] for row in rows)
    assert run("extract", "pages", "--jobs", "2", cwd=folder.parent).stdout == one.stdout
    assert run("extract", "pages", "--jobs", "auto", cwd=folder.parent).stdout == one.stdout


def test_standard_input_and_packed_files(folder: Path) -> None:
    (row,) = lines(run("extract", "-", "--url", "http://liu.cn/a.htm", stdin=PAGE.encode()))
    assert (row["file"], row["url"]) == ("-", "http://liu.cn/a.htm")
    (packed,) = lines(run("extract", folder / "a.xhtml.gz"))
    assert packed["body"] == row["body"]
    (folder / "half.html.gz").write_bytes(gzip.compress(PAGE.encode())[:200])
    (folder / "false.html.gz").write_bytes(PAGE.encode())
    rows = lines(run("extract", folder / "half.html.gz", folder / "false.html.gz", "-", stdin=b""), code=1)
    assert ["gzip" in row["error"] for row in rows] == [True, True, False]


@pytest.mark.parametrize("jobs", ["al", "-1", "1.5", "²"])
def test_a_wrong_number_of_jobs_is_explained(jobs: str) -> None:
    done = run("extract", "a.html", "--jobs", jobs)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "auto for all cores" in " ".join(done.stderr.decode().split())


Started = subprocess.Popen[bytes]


@pytest.fixture
def started(folder: Path) -> Iterator[Started]:
    """`dzwcrawl extract` on two cores, waiting for more of its manifest, in a process group of its own."""
    command = [sys.executable, "-m", "dzwcrawl", "extract", "--manifest", "-", "--jobs", "2"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, start_new_session=True,
        # A suite in the background ignores Ctrl-C, and so would its children; the tests have no threads here.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(manifest(folder, 1))
    process.stdin.flush()
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def manifest(folder: Path, times: int) -> bytes:
    pages = sorted(str(p) for p in folder.rglob("*.htm"))
    return b"".join(json.dumps({"file": page}).encode() + b"\n" for page in pages * times)


def workers(process: Started) -> list[int]:
    """Return the ids of the worker processes, once there are two and their start is over."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                arguments = path.with_name("cmdline").read_bytes()
                if int(fields[1]) == process.pid and b"spawn_main" in arguments:
                    found.append(int(path.parent.name))
        if len(found) == 2 and all(_threads(pid) > 1 for pid in found):
            return found
        time.sleep(0.05)
    raise AssertionError("the workers did not start")


def _threads(pid: int) -> int:
    with suppress(OSError):
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    return 0


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if not any(_threads(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


@needs_proc
def test_a_killed_worker_is_told_and_nobody_is_left(started: Started, folder: Path) -> None:
    pids = workers(started)
    os.kill(pids[0], signal.SIGKILL)
    out, err = started.communicate(manifest(folder, 3), timeout=240)
    assert started.returncode == 1
    assert "a worker process ended without an answer" in err.decode() and "Traceback" not in err.decode()
    assert all(json.loads(line)["body"] for line in out.splitlines())
    assert f"{len(out.splitlines())} pages before are printed" in err.decode()
    assert gone(pids)


SELF_INTERRUPTED = """
import os, signal
if __name__ == "__mp_main__":
    os.kill(os.getpid(), signal.SIGINT)  # Ctrl-C in the middle of a worker's imports
elif __name__ == "__main__":
    from dzwcrawl.cli.workers import WorkerDied, in_order
    try:
        list(in_order(abs, range(40), 3))
    except WorkerDied:
        print("died")
"""


def test_ctrl_c_while_workers_start_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(SELF_INTERRUPTED)
    done = subprocess.run(
        [sys.executable, tmp_path / "main.py"], capture_output=True, text=True, timeout=60, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("died\n", "")


def test_ctrl_c_ends_any_command_with_a_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "texts.txt")
    process = subprocess.Popen(
        [sys.executable, "-m", "dzwcrawl", "clean", tmp_path / "texts.txt"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (as above)
    )  # fmt: skip
    with (tmp_path / "texts.txt").open("wb"):  # is open when the command reads
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"Error: interrupted\n")


IMPORTING = """
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == "dzwcrawl.cli.options":
            os.kill(os.getpid(), signal.SIGINT)  # Ctrl-C in the middle of the command's imports
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, however the tests were started
sys.meta_path.insert(0, Finder())
from dzwcrawl.__main__ import run
run()
"""


def test_ctrl_c_ends_a_command_that_is_still_imported_with_a_line() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTING, "stats"], cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"Error: interrupted\n")


@needs_proc
def test_ctrl_c_ends_with_a_message_and_nobody_is_left(started: Started) -> None:
    pids = workers(started)
    os.killpg(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=240)
    assert started.returncode == 130
    assert err.decode() == f"Error: interrupted; the first {len(out.splitlines())} pages are printed\n"
    assert gone(pids)


@needs_proc
def test_workers_end_with_a_parent_that_is_killed(started: Started) -> None:
    pids = workers(started)
    os.kill(started.pid, signal.SIGKILL)
    assert gone(pids)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_reader_that_has_enough_ends_it_quietly(folder: Path, jobs: str) -> None:
    command = [sys.executable, "-m", "dzwcrawl", "extract", "--jobs", jobs, *[str(folder)] * 20]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None and process.stderr is not None
        assert json.loads(process.stdout.readline())["body"]
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_a_bar_is_drawn_only_where_a_person_looks(folder: Path) -> None:
    own, end = pty.openpty()
    command = [sys.executable, "-m", "dzwcrawl", "extract", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=end, cwd=ROOT, check=True)
    os.close(end)
    drawn = b""
    with suppress(OSError):  # what a terminal says once its other end is closed
        while read := os.read(own, 4096):
            drawn += read
    os.close(own)
    assert b"31/31" in drawn
    assert len(done.stdout.splitlines()) == 31
    assert run("extract", folder).stderr == b""
