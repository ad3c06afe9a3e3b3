"""`dzwcrawl schedule`: when outlets are crawled, and that systemd, cron and the foreground really do it."""

import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dzwcrawl.archive.archive import Archive
from dzwcrawl.schedule import compose, cron, environment, systemd
from dzwcrawl.schedule.place import Place
from dzwcrawl.schedule.plan import (
    INTERVALS,
    ScheduleError,
    Slot,
    cron_fields,
    interval,
    next_start,
    on_calendar,
    slot,
)
from tests.conftest import ROOT, crawl_environment
from tests.replica import running

ODD = "x y%z $q"
"""A part of a path that sh, cron, systemd and compose each have to be told of in another way."""

ARTICLES = 120
NO_ARCHIVE = {"DZWCRAWL_ARCHIVE": str(ROOT / "data" / "none.db")}
"""In place of data/archive.db, where a demo may stand."""
Done = subprocess.CompletedProcess[str]


def schedule(*arguments: str | Path, code: int, cwd: str = str(ROOT), **variables: str) -> Done:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(("DZWCRAWL_", "SCRAPY_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "dzwcrawl", "schedule", *map(str, arguments)],
        cwd=cwd, env=clean | {"DZWCRAWL_CONTACT": "tests@example.org", "PYTHONPATH": str(ROOT), **NO_ARCHIVE} | variables,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def place(folder: Path, run_as: str | None = "root") -> Place:
    """A place whose paths are all odd, with a program that is there."""
    for name in ("project", "home", "data"):
        (folder / ODD / name).mkdir(parents=True, exist_ok=True)
    program = folder / ODD / "scrapy"
    if not program.exists():
        program.symlink_to(Path(sys.executable).with_name("scrapy"))
    odd = folder / ODD
    (odd / "home" / "environment").touch()
    return Place(program, odd / "project", odd / "home", odd / "data" / "archive.db", run_as)


# When.


def test_a_time_depends_on_the_name_alone_and_spreads() -> None:
    names = [f"outlet{n}" for n in range(600)]
    for word, minutes in INTERVALS.items():
        offsets = [slot(name, interval(word), "02:00").offset for name in names]
        assert offsets == [slot(name, minutes, "02:00").offset for name in names]
        assert all(0 <= offset < minutes for offset in offsets)
        assert max(Counter(offsets).values()) <= 600 / min(minutes, 240) * 3 + 6
    daily = {slot(name, interval("daily"), "23:00").clock[1] for name in names}
    assert daily == {23, 0, 1, 2}
    assert {slot(name, interval("weekly"), "02:00").clock[0] for name in names} == set(range(7))
    assert (slot("dzwww", 60, "02:00"), slot("dzwww", 1440, "02:00")) == (
        Slot("dzwww", 60, 33), Slot("dzwww", 1440, 273),
    )  # fmt: skip


@pytest.mark.parametrize("word", ["7m", "90m", "5h", "daly", "", "1H"])
def test_intervals_that_divide_nothing_evenly(word: str) -> None:
    with pytest.raises(ScheduleError):
        interval(word)


def matches(field: str, value: int) -> bool:
    """Whether a field of a crontab holds for a value, as crontab(5) says."""
    match = re.fullmatch(r"(\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", field)
    assert match is not None
    low = int(match[2] or 0)
    high = int(match[3] or (match[2] if match[2] else 59))
    return low <= value <= high and (value - low) % int(match[4] or 1) == 0


@pytest.mark.parametrize("word", INTERVALS)
def test_all_who_keep_time_mean_the_same(word: str) -> None:
    one = slot("dzwww", interval(word), "02:00")
    start = datetime(2026, 11, 24, 10, 7)
    for _ in range(30):
        start = next_start(one, start)
        minute, hour, _, _, day = cron_fields(one).split()
        assert matches(minute, start.minute) and matches(hour, start.hour)
        assert day == "*" or int(day) == start.isoweekday() % 7
    # And cron starts it no oftener than that.
    week = [datetime(2026, 11, 23) + timedelta(minutes=n) for n in range(7 * 24 * 60)]
    minute, hour, _, _, day = cron_fields(one).split()
    starts = [
        t for t in week
        if matches(minute, t.minute) and matches(hour, t.hour) and day in ("*", str(t.isoweekday() % 7))
    ]  # fmt: skip
    assert len(starts) == 7 * 24 * 60 // one.every


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("word", INTERVALS)
def test_systemd_means_the_same(word: str) -> None:
    one = slot("dzrb_paper", interval(word), "02:00")
    begin = datetime(2026, 11, 24, 10, 7)
    said = subprocess.run(
        ["systemd-analyze", "calendar", f"--base-time={begin}", "--iterations=5", on_calendar(one)],
        capture_output=True, text=True, check=True, env=os.environ | {"TZ": "UTC", "LC_ALL": "C"},
    ).stdout  # fmt: skip
    found = re.findall(r"(?:Next elapse|Iter\. #\d|Iteration #\d): \w{3} ([-\d]+ [:\d]+) UTC", said)
    wanted = []
    for _ in range(5):
        begin = next_start(one, begin)
        wanted.append(str(begin))
    assert found == wanted, said


# What is written.


def test_variables_are_kept_and_read_alike_by_all(tmp_path: Path) -> None:
    old = "# mine\nDZWCRAWL_LOG_LEVEL=DEBUG\nMY_OWN=\"a b\"\nDZWCRAWL_CONTACT='old'\n"
    given = {"DZWCRAWL_CONTACT": "me@example.org", "DZWCRAWL_ARCHIVE": f"/a/{ODD}/b.db"}
    text = environment.merge(old, given)
    assert environment.merge(text, given) == text
    assert text.startswith("# mine\nDZWCRAWL_LOG_LEVEL=DEBUG\nMY_OWN=")
    read = environment.read(text)
    assert read == {"DZWCRAWL_LOG_LEVEL": "DEBUG", "MY_OWN": "a b"} | given
    path = tmp_path / "environment"
    path.write_text(text)
    by_sh = subprocess.run(
        ["sh", "-c", 'set -a; . "$1"; printf "%s" "$DZWCRAWL_ARCHIVE"', "sh", str(path)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert by_sh.stdout == given["DZWCRAWL_ARCHIVE"]
    with pytest.raises(ScheduleError, match="cannot hold"):
        environment.merge("", {"DZWCRAWL_CONTACT": "it's me"})
    with pytest.raises(ScheduleError, match="line 2"):
        environment.read("A=1\nwhat is this\n")
    assert "abc" not in environment.shown("https_proxy='http://me:abc@127.0.0.1:1'\n")


def test_a_crontab_keeps_all_else(tmp_path: Path) -> None:
    where = place(tmp_path)
    mine = "MAILTO=me\n5 4 * * * /bin/true\n"
    first = cron.crontab(mine, [Slot("dzwww", 60, 7), Slot("e23", 60, 8)], where)
    assert first.startswith(mine)
    assert cron.scheduled(first) == ["dzwww", "e23"]
    assert cron.crontab(first, [Slot("dzwww", 60, 7)], where) == first
    then = cron.crontab(first + "6 4 * * * /bin/false\n", [Slot("dzwww", 1440, 9)], where)
    assert cron.scheduled(then) == ["dzwww", "e23"] and "9 0 * * * " in then and "7 * * * *" not in then
    assert then.endswith("6 4 * * * /bin/false\n") and then.count(cron.BEGIN) == 1
    with pytest.raises(ScheduleError, match="lost a mark"):
        cron.crontab(first.replace(cron.END, ""), [], where)
    with pytest.raises(ScheduleError, match="too long"):
        cron.crontab(
            "", [Slot("e23", 60, 1)], Place(where.scrapy, where.project, Path("/" + "a" * 999), where.archive)
        )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("run_as", ["root", None])
def test_systemd_accepts_the_units(tmp_path: Path, run_as: str | None) -> None:
    where = place(tmp_path, run_as)
    made = systemd.units([Slot("dzwww", 60, 33), Slot("dzrb_paper", 10080, 9999)], where)
    folder = tmp_path / "units"
    folder.mkdir()
    for name, text in made.items():
        (folder / name).write_text(text)
    assert systemd.scheduled(folder) == ["dzrb_paper", "dzwww"]
    units = [str(path) for path in folder.glob("*.timer")] + [str(folder / "dzwcrawl@dzwww.service")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    # And it would have said so: the same with a path that is not there is refused.
    wrong = made[systemd.SERVICE].replace("/scrapy", "/scrapyy")
    (folder / systemd.SERVICE).write_text(wrong)
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert done.returncode != 0 and "scrapyy" in done.stderr


def test_a_compose_file_says_the_same(tmp_path: Path) -> None:
    where = place(tmp_path)
    text = compose.compose(["dzwww", "e23"], "1h", "02:00", where)
    # Words are JSON, which is YAML; compose makes $ of $$.
    found = {
        key: json.loads(value)
        for key, value in re.findall(r"(command|env_file): (\[.*\])$", text, re.MULTILINE)
    }
    assert found["env_file"] == [str(where.environment).replace("$", "$$")]
    assert found["command"] == [
        "dzwcrawl",
        "schedule",
        "dzwww",
        "e23",
        "--every",
        "1h",
        "--at",
        "02:00",
        "--run",
    ]


def test_it_shows_before_it_writes_and_writes_once(tmp_path: Path) -> None:
    home = tmp_path / ODD
    shown = schedule("dzwww", "--format", "systemd", code=0, XDG_CONFIG_HOME=str(tmp_path / "c"))
    assert "ExecStart=" in shown.stdout and "nothing was written" in shown.stderr
    arguments: list[str | Path] = ["dzwww", "e23", "--format", "systemd", "--run-as", "root", "--write", home]
    assert "say --yes" in schedule(*arguments, code=2).stderr
    assert list(tmp_path.iterdir()) == []
    first = schedule(
        *arguments, "--yes", "-s", "REVISIT_BUDGET=7", code=0, https_proxy="http://me:abc@127.0.0.1:1"
    )
    assert "abc" not in first.stdout + first.stderr
    names = {path.name for path in home.iterdir()}
    assert names == {"environment", "dzwcrawl@.service", "dzwcrawl@dzwww.timer", "dzwcrawl@e23.timer"}
    assert (home / "environment").stat().st_mode & 0o777 == 0o600
    variables = environment.read((home / "environment").read_text())
    assert variables["DZWCRAWL_REVISIT_BUDGET"] == "7"
    assert variables["https_proxy"] == "http://me:abc@127.0.0.1:1"
    assert all("abc" not in path.read_text() for path in home.iterdir() if path.name != "environment")
    before = {path.name: path.stat().st_mtime_ns for path in home.iterdir()}
    again = schedule(*arguments, "--yes", code=0)
    assert "0 files written" in again.stderr
    assert {path.name: path.stat().st_mtime_ns for path in home.iterdir()} == before
    (home / "dzwcrawl@dzwwww.timer").touch()
    told = schedule("sdnews", "--format", "systemd", "--write", home, "--yes", code=0).stderr
    assert "left as they are: dzwww, e23" in told
    assert "there is no spider dzwwww any more" in told and "disable --now dzwcrawl@dzwwww.timer" in told


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (["dzwwww", "--format", "cron"], {}, "there is no outlet 'dzwwww'; did you mean 'dzwww'?"),
        (["urls", "--format", "cron"], {}, "there is no outlet 'urls'"),
        (["--format", "cron"], {}, "name outlets"),
        (["dzwww"], {}, "--format systemd, cron or compose"),
        (["dzwww", "--format", "cron", "--every", "7m"], {}, "there are 5m, 10m"),
        (["dzwww", "--format", "cron", "--every", "dayly"], {}, "did you mean 'daily'?"),
        (["dzwww", "--format", "cron", "--at", "24:00"], {}, "not a time written HH:MM"),
        (["dzwww", "--format", "cron", "-s", "REVISIT_BUGDET=1"], {}, "did you mean 'REVISIT_BUDGET'?"),
        (["dzwww", "--format", "cron", "-s", "REVISIT_BUDGET=x"], {}, "not a whole number"),
        (["dzwww", "--format", "compose"], {}, "--write DIR"),
        (["dzwww", "--format", "cron", "--run-as", "me"], {}, "--run-as is for systemd"),
        (
            ["dzwww", "--format", "cron", "--every", "daily", "-s", "CRAWL_WINDOW=22:00-23:00"],
            {"TZ": "Asia/Shanghai"}, "dzwww would begin at 04:33 +0800, outside of CRAWL_WINDOW=22:00-23:00",
        ),
        (["dzwww", "--format", "cron"], {"DZWCRAWL_CONTACT": ""}, "say who crawls"),
    ],
)  # fmt: skip
def test_what_would_fail_at_night_is_refused_now(
    arguments: list[str], variables: dict[str, str], says: str, tmp_path: Path
) -> None:
    done = schedule(*arguments, code=2, XDG_CONFIG_HOME=str(tmp_path), **variables)
    assert says in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_crawls_refuse_or_nobody_named_is_refused(tmp_path: Path) -> None:
    demo = tmp_path / "demo.db"
    Archive(demo, create=True, demo=True).close()
    arguments = ("dzwww", "--format", "cron")
    told = schedule(*arguments, code=2, DZWCRAWL_ARCHIVE=str(demo)).stderr
    assert f"{demo} holds the invented articles of `make demo`" in told
    told = schedule(*arguments, cwd=str(tmp_path), code=2, DZWCRAWL_ARCHIVE="").stderr
    assert f"the crawls would write {tmp_path / 'data' / 'archive.db'}" in told
    home = {"XDG_CONFIG_HOME": str(tmp_path)}
    told = schedule(*arguments, cwd=str(tmp_path), code=0, DZWCRAWL_ARCHIVE="news.db", **home).stderr
    assert f"the crawls write {tmp_path / 'news.db'}" in told


# That it crawls.


def finished(archive: Path, by: "subprocess.Popen[bytes]") -> list[tuple[str, int]]:
    """Wait for a crawl to end, ten minutes at most, while a process begins them; return spider and exit code of each."""
    end = time.monotonic() + 600
    while time.monotonic() < end and by.poll() is None:
        if archive.exists():
            with closing(sqlite3.connect(archive, timeout=30)) as db:
                if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'crawls'").fetchone():
                    rows = db.execute(
                        "SELECT spider, exit_code FROM crawls WHERE finished IS NOT NULL"
                    ).fetchall()
                    if rows:
                        return rows
        time.sleep(0.5)
    return []


def articles(archive: Path) -> int:
    with closing(sqlite3.connect(archive)) as db:
        return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_what_the_service_runs_crawls(tmp_path: Path) -> None:
    """The command, folder and variables of the unit, by hand: no machine can be asked to have systemd run here."""
    home, archive = tmp_path / ODD, tmp_path / "data" / "archive.db"
    archive.parent.mkdir()
    with running(articles=ARTICLES, crawl_delay=0.0) as served:
        variables = crawl_environment(tmp_path, served) | {"DZWCRAWL_ARCHIVE": str(archive)}
        taken = {name: value for name, value in variables.items() if name in _CARRIED}
        schedule(
            "dzwww", "--format", "systemd", "--run-as", "root", "--write", home, "--yes",
            "-s", "DOWNLOAD_DELAY=0", code=0, **taken,
        )  # fmt: skip
        unit = dict(
            line.split("=", 1)
            for line in (home / "dzwcrawl@.service").read_text().splitlines()
            if "=" in line
        )
        command = shlex.split(unit["ExecStart"].replace("%i", "dzwww").replace("%%", "%"))
        file = Path(unit["EnvironmentFile"].replace("%%", "%"))
        done = subprocess.run(
            command, cwd=unit["WorkingDirectory"], capture_output=True, text=True, timeout=300,
            env={"PATH": "/usr/bin:/bin"} | environment.read(file.read_text()),
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert articles(archive) > 5


_CARRIED = ("http_proxy", "https_proxy", "SSL_CERT_FILE", "DZWCRAWL_CONTACT", "DZWCRAWL_ARCHIVE")
# Installs with the real crontab and runs the real cron, which find nothing of this machine's own: files and folders of
# the test lie over the crontabs, in a mount namespace of its own.
_CRON = """set -e
mount --bind "$1/cron.d" /etc/cron.d
mount --bind "$1/crontab" /etc/crontab
mount --bind "$1/spool" /var/spool/cron/crontabs
mount -t tmpfs tmpfs /run
"$2" -m dzwcrawl schedule dzwww --format cron --install --yes -s DOWNLOAD_DELAY=0
crontab -l > "$1/installed"
{ echo 'MAILTO=""'; sed -E 's/^[0-9]+ /* /' "$1/installed"; } | crontab -
exec cron -f
"""


@pytest.mark.skipif(
    os.geteuid() != 0
    or not all(map(shutil.which, ("cron", "crontab", "unshare")))
    or subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0,
    reason="needs cron and, for crontabs of its own, root",
)
def test_cron_crawls(tmp_path: Path) -> None:
    for name in ("cron.d", "spool"):
        (tmp_path / name).mkdir()
    (tmp_path / "crontab").touch()
    archive = tmp_path / ODD / "data" / "archive.db"
    with running(articles=ARTICLES, crawl_delay=0.0) as served:
        variables = crawl_environment(tmp_path, served) | {
            "DZWCRAWL_ARCHIVE": str(archive), "PYTHONPATH": str(ROOT),
            # crontab would cut off a name of this length
            "XDG_CONFIG_HOME": str(tmp_path / ("long" * 25) / ODD),
        }  # fmt: skip
        with (tmp_path / "said").open("w") as said:
            process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", _CRON, "sh", str(tmp_path), sys.executable],
                cwd=ROOT, env=variables, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        try:
            rows = finished(archive, process)
            # The summary comes after the row; in the meantime another minute may begin another crawl, or another day.
            while rows and "articles new" not in logged(archive) and process.poll() is None:
                time.sleep(0.1)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
    assert rows and rows[0] == ("dzwww", 0), (tmp_path / "said").read_text()
    assert articles(archive) > 5
    installed = (tmp_path / "installed").read_text()
    assert re.search(r"^33 \* \* \* \* '.*x y\\%z \$q/dzwcrawl/crawl' dzwww$", installed, re.MULTILINE)
    assert "articles new" in logged(archive)


def logged(archive: Path) -> str:
    """Return what is in the logs, which are one a day."""
    return "".join(path.read_text() for path in sorted((archive.parent / "logs" / "dzwww").iterdir()))


def test_the_foreground_crawls_and_ends_in_good_order(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    code = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom dzwcrawl.schedule.plan import Slot\n"
        "from dzwcrawl.schedule.running import keep\n"
        "asyncio.run(keep([Slot('dzwww', 1, 0)], Path(sys.executable).with_name('scrapy'), Path.cwd()))\n"
    )
    with running(articles=ARTICLES, crawl_delay=0.0) as served:
        variables = crawl_environment(tmp_path, served) | {
            "DZWCRAWL_ARCHIVE": str(archive), "DZWCRAWL_DOWNLOAD_DELAY": "0",
        }  # fmt: skip
        with (tmp_path / "said").open("w") as output:
            process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=variables, stderr=output)
        try:
            rows = finished(archive, process)
            while rows and "the crawl ended" not in (tmp_path / "said").read_text():
                time.sleep(0.1)
        finally:
            process.terminate()
            process.wait(timeout=120)
    said = (tmp_path / "said").read_text()
    assert rows == [("dzwww", 0)], said[-3000:]
    assert (process.returncode, articles(archive) > 5) == (0, True)
    assert said.startswith("dzwww: next crawl at ") and "dzwww: the crawl ended with exit code 0" in said
