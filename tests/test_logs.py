"""What a crawl says: at a terminal, to log files and cron, as JSON; and what it never says."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl.configuration import VARIABLES, setting
from dzwcrawl.crawl.live import cut, fit, width
from dzwcrawl.masking import known_secrets, mask
from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.replica import Running, running

SD = ("-a", "channel=sd")
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (DEBUG|INFO|WARNING|ERROR|CRITICAL) ")


@pytest.fixture(scope="module")
def replica() -> Iterator[Running]:
    with running(articles=120, crawl_delay=0) as served:
        yield served


def screen(output: str, columns: int) -> list[str]:
    """Return what stands on a terminal of so many columns after an output; lines that scroll away stay."""
    rows, row, column = [[""] * columns], 0, 0
    for part in re.findall(r"\x1b\[K|[\s\S]", output):
        if part == "\x1b[K":
            rows[row][column:] = [""] * (columns - column)
        elif part == "\r":
            column = 0
        elif part == "\n":
            row += 1
        else:
            assert part.isprintable(), repr(part)
            if column + width(part) > columns:
                row, column = row + 1, 0
            while len(rows) <= row:
                rows.append([""] * columns)
            rows[row][column] = part
            column += max(width(part), 1)
        while len(rows) <= row:
            rows.append([""] * columns)
    return ["".join(cell for cell in cells if cell) for cells in rows]


def at_terminal(command: list[str], environment: dict[str, str], columns: int) -> tuple[int, str]:
    """Run a command in a pseudo-terminal; return its exit code and all it printed there."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=its, stdout=its, stderr=its) as process:
        os.close(its)
        output = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            output += data
        os.close(ours)
    return process.returncode, output.decode()


@pytest.mark.parametrize("columns", [100, 40])
def test_a_crawl_at_a_terminal(columns: int, tmp_path: Path, replica: Running) -> None:
    archive = tmp_path / "archive.db"
    environment = crawl_environment(tmp_path, replica) | {"TERM": "xterm", "NO_COLOR": "1"}
    command = crawl_command("dzwww", archive, *SD, "-s", "LISTING_MAX_PAGES=1", "-s", "DOWNLOAD_DELAY=0.2")
    code, output = at_terminal(command, environment, columns)
    assert code == 11, output
    drawn = re.findall(r"\r\x1b\[K(dzwww \d+:\d\d[^\r\n]*)", output)
    assert len(set(drawn)) >= 2 and all(width(line) < columns for line in drawn), drawn
    assert all("failed" in line for line in drawn)
    assert set(re.findall(r"\x1b\[[^K]", output)) == set()
    # A line that is logged stands by itself, whole, and the live line is gone in the end.
    shown = screen(output, columns)
    text = "\n".join(row.rstrip() for row in shown)
    assert not re.search(r"^dzwww \d+:\d\d, ", text, re.M), text
    joined = "".join(shown)
    assert re.search(r"^\d\d:\d\d:\d\d warning: listing http", text, re.M)
    assert "LISTING_MAX_PAGES=1 is reached; a higher one walks on" in joined
    assert "dzwww: ended with exit code 11 (finished)" in joined
    assert re.search(r"^  new      \d+ articles, \d+ copies", text, re.M)
    assert str(archive) in joined and "next     crawl again" in joined
    assert "Dumping Scrapy stats" not in output and "INFO" not in output


def test_a_terminal_that_cannot_rewrite_a_line_gets_lines(tmp_path: Path, replica: Running) -> None:
    environment = crawl_environment(tmp_path, replica) | {"TERM": "dumb"}
    code, output = at_terminal(crawl_command("dzwww", tmp_path / "archive.db", *SD), environment, 80)
    assert code == 0 and "\x1b" not in output
    assert "crawl_started: " in output and "crawl_finished: " in output


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (79, "dzwww 1:05, 12 new, 3 failed, 40 listings | 潍坊风筝飞了四十年"),
        (55, "dzwww 1:05, 12 new, 3 failed, 40 listings | 潍坊风筝飞"),
        (54, "dzwww 1:05, 12 new, 3 failed, 40 listings"),
        (40, "dzwww 1:05, 12 new, 3 failed"),
        (19, "dzwww 1:05, 12 new"),
        (8, "dzwww 1:"),
    ],
)
def test_what_does_not_fit_is_left_out_whole(columns: int, line: str) -> None:
    pieces = ["dzwww 1:05", "12 new", "3 failed", "40 listings"]
    columns = columns if columns != 55 else width(line)
    shown = fit(pieces, "潍坊风筝飞了四十年", columns)
    if columns >= 54:
        assert line.startswith(shown.partition(" | ")[0])
    else:
        assert shown == line
    assert width(shown) <= columns


def test_a_headline_cannot_move_the_cursor() -> None:
    assert cut("潍坊\x1b[2J\r\n风\u202e筝", 80) == "潍坊[2J 风筝"
    assert cut("潍坊风筝", 5) == "潍坊"


def log_of(archive: Path, replica: Running | None, *options: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        crawl_command("dzwww", archive, *options),
        cwd=ROOT, env=crawl_environment(archive.parent, replica) | environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == ""
    return done.returncode, done.stderr


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_lines_for_a_log_file(tmp_path: Path, replica: Running) -> None:
    code, log = log_of(tmp_path / "archive.db", replica, *SD)
    assert code == 0
    lines = log.splitlines()
    assert all(LINE.match(line) or line.startswith("    ") for line in lines), log
    assert "dzwww/1 refused: refused http" in log and "dzwww/1 crawl_finished: " in log
    assert "scrapy.core.engine: Spider opened" in log and "Enabled extensions" not in log
    assert "Dumping Scrapy stats" not in log


def test_every_line_is_json_on_demand(tmp_path: Path, replica: Running) -> None:
    archive = tmp_path / "archive.db"
    failing = '{"tests.torture.FailingPipeline": 100}'
    code, log = log_of(archive, replica, *SD, "-s", "LOG_JSON=1", "-s", f"ITEM_PIPELINES={failing}")
    lines = json_lines(log)
    assert code == 1
    assert all({"time", "level", "event", "message", "logger"} <= line.keys() for line in lines)
    assert all(re.search(r"[+-]\d\d:\d\d$", line["time"]) for line in lines)
    by_event = {line["event"]: line for line in lines}
    started, refused, ended = (by_event[name] for name in ("crawl_started", "refused", "crawl_finished"))
    assert (started["spider"], started["crawl"]) == ("dzwww", 1)
    assert refused["url"].startswith("http://sd.dzwww.com/") and refused["reason"]
    assert (ended["reason"], ended["counts"]["exit_code"]) == ("finished", 1)
    assert {line["logger"].split(".")[0] for line in lines} >= {"scrapy", "dzwcrawl", "dzwww"}
    raised = [line for line in lines if line["event"] == "exception"]
    assert raised and all("Traceback (most recent call last)" in line["traceback"] for line in raised)


def test_a_log_file_and_a_format_of_ones_own(tmp_path: Path, replica: Running) -> None:
    archive = tmp_path / "archive.db"
    file = tmp_path / "crawl.log"
    code, log = log_of(archive, replica, *SD, "--logfile", str(file), "-s", "LOG_JSON=1", "-L", "WARNING")
    assert (code, log) == (0, "")
    assert all(line["level"] in ("WARNING", "ERROR") for line in json_lines(file.read_text(encoding="utf-8")))
    code, log = log_of(archive, replica, *SD, "-s", "LOG_FORMAT=%(levelname)s|%(message)s")
    assert code == 0 and all(re.match(r"[A-Z]+\|", line) for line in log.splitlines()), log
    assert log_of(archive, replica, *SD, "--nolog") == (0, "")


def test_a_misspelt_level_is_an_error(tmp_path: Path) -> None:
    done = subprocess.run(
        crawl_command("dzwww", tmp_path / "archive.db", "-L", "WARN1NG"),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "did you mean 'WARNING'?" in done.stdout + done.stderr) == (2, True)


# Where the name is none of ours a crawl would refuse it, and it is a secret all the same.
NOTIFY = "DZWCRAWL_NOTIFY" if "DZWCRAWL_NOTIFY" in VARIABLES or setting("NOTIFY") else "CHAT_NOTIFY"
SECRETS = {
    "http_proxy": "http://crawler:pa%73s-w0rd!@{address}",
    "https_proxy": "http://crawler:pa%73s-w0rd!@{address}",
    NOTIFY: "tgram://123456:AAE-botsecret/chat mailto://me:mailsecret@example.org",
    "REDIS_URL": "redis://:redis-secret@127.0.0.1:6379/0",
    "SOME_API_TOKEN": "tok-0123456789",
}
UNSAID = (
    "pass-w0rd!", "pa%73s-w0rd!", "Y3Jhd2xlcjpwYXNzLXcwcmQh", "botsecret", "mailsecret", "redis-secret", "tok-0123456789",
    "ftp-secret", "url-t0ken", "s1gned", "cookie-value", "bearer-value", "u5erinfo",
)  # fmt: skip


class LeakingPipeline:
    """Raises with everything in its message that must not be said."""

    def process_item(self, item: object) -> object:  # noqa: ARG002
        headers = {b"Authorization": [b"Bearer bearer-value"], b"Cookie": [b"session=cookie-value"]}
        raise RuntimeError(
            f"cannot post to https://me:u5erinfo@example.org/?sign=s1gned: {headers}\n"
            f"Cookie: a=cookie-value; b=2\nproxy {os.environ['http_proxy']}, {os.environ['REDIS_URL']}, "
            f"{os.environ[NOTIFY]}, {os.environ['SOME_API_TOKEN']}"
        )


@pytest.mark.parametrize("options", [(), ("-s", "LOG_JSON=1"), ("-s", "LOG_FORMAT=%(message)s")])
def test_secrets_are_never_logged(options: tuple[str, ...], tmp_path: Path, replica: Running) -> None:
    address = replica.proxy.removeprefix("http://")
    secrets = {name: value.format(address=address) for name, value in SECRETS.items()}
    page = next(row["url"] for row in replica.world.truth() if row["kind"] == "article")
    urls = (
        f"{page}?token=url-t0ken&access_token=url-t0ken http://sd.dzwww.com/none/t20260101_1.htm?sign=s1gned"
    )
    code, log = log_of(
        tmp_path / "archive.db", replica, "-L", "DEBUG", "-a", f"url={urls}", *options,
        "-s", "FTP_PASSWORD=ftp-secret", "-s", "ITEM_PIPELINES={\"tests.test_logs.LeakingPipeline\": 100}",
        **secrets,
    )  # fmt: skip
    assert code == 1, log
    assert "'FTP_PASSWORD': '***'" in log and "cannot post to https://***@example.org/?sign=***" in log
    for secret in UNSAID:
        assert secret not in log, [line for line in log.splitlines() if secret in line]


def test_secrets_are_not_told_when_the_proxy_is_gone(tmp_path: Path) -> None:
    secrets = {name: value.format(address="127.0.0.1:9") for name, value in SECRETS.items()}
    code, log = log_of(
        tmp_path / "archive.db", None, "-L", "DEBUG", "-s", "RETRY_TIMES=0",
        "-a", "url=http://sd.dzwww.com/none/t20260101_1.htm?sign=s1gned", **secrets,
    )  # fmt: skip
    assert code == 10, log
    assert not [secret for secret in UNSAID if secret in log], log


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET http://u:p@x.cn/a?b=1", "GET http://***@x.cn/a?b=1"),
        ("http://u:p@ss@x.cn/", "http://***@x.cn/"),
        ("http://x.cn/a@b", "http://x.cn/a@b"),
        ("http://x.cn/?keyword=风筝&key=abc#top", "http://x.cn/?keyword=风筝&key=***#top"),
        (
            "http://x.cn/?u=http%3A%2F%2Fy%3Ftoken%3Dabc%26n%3D1",
            "http://x.cn/?u=http%3A%2F%2Fy%3Ftoken%3D***%26n%3D1",
        ),
        ("{'Cookie': 'a=1; b=2', 'X': 'y'}", "{'Cookie': ***, 'X': 'y'}"),
        ("{b'Set-Cookie': [b'a=1', b'b=2'], b'X': 1}", "{b'Set-Cookie': ***, b'X': 1}"),
        ("Proxy-Authorization: Basic dTpw", "Proxy-Authorization: ***"),
        ("mail a@example.org, 3 articles: 1=1", "mail a@example.org, 3 articles: 1=1"),
    ],
)
def test_what_looks_like_a_secret(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_known_secrets_are_masked_in_every_spelling() -> None:
    known = known_secrets({"PROXY": "http://u:p%40ss%E4%B8%AD@x"}, {"API_TOKEN": "abc", "PORT": 8080})
    assert mask("p@ss中 p%40ss%E4%B8%AD abc", known) == "*** *** abc"
    assert known_secrets({"HOME": "/root", "TOKENIZERS_PARALLELISM": "false"}) is None
