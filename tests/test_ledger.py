"""The ledger between crawls: leases, run locks, dead processes."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from dzwcrawl.archive import crawls, ledger
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.processes import is_alive, this_process

A, B = "http://x.cn/a", "http://x.cn/b"


def test_a_process_is_alive_until_it_is_not() -> None:
    me = this_process()
    assert is_alive(me) is True
    assert is_alive(replace(me, started="1")) is False, "the number was given to another process"
    assert is_alive(replace(me, boot="another-boot pid:[1]")) is False, "the machine was restarted"
    assert is_alive(replace(me, boot=me.boot + "0")) is None, "a container of this machine"
    assert is_alive(replace(me, host="elsewhere")) is None
    code = "from dzwcrawl.archive.processes import this_process as t; p = t(); print(p.pid, p.started, flush=True); input()"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    pid, started = child.stdout.readline().split()
    other = replace(me, pid=int(pid), started=started)
    assert is_alive(other) is True
    child.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_alive(other) is False, "dead, although nobody has asked how it ended"
    child.communicate()
    assert is_alive(other) is False


def test_a_lease_keeps_other_crawls_away_and_ends_with_its_crawl(archive: Archive) -> None:
    first, second = crawls.begin(archive, "s"), crawls.begin(archive, "urls")
    pairs = [(A, "a"), (B, "b")]
    assert ledger.find(archive, "s", pairs[:1], None, first).to_fetch == [A]
    assert ledger.find(archive, "s", pairs, None, second).to_fetch == [B]
    assert ledger.unfinished(archive, "s", second) == [B]
    ledger.refuse(archive, "s", A, "a", "HTTP 500", 500)
    archive.connection.execute("UPDATE urls SET due = '2000' WHERE url = ?", (A,))
    assert ledger.unfinished(archive, "s", second) == [A, B], "answered for: the lease is over"
    crawls.end(archive, second, "shutdown", 11, {})
    assert ledger.unfinished(archive, "s", first) == [A, B]


def test_one_crawl_of_a_spider_at_a_time(archive: Archive) -> None:
    first = crawls.begin(archive, "s", alone=True)
    with pytest.raises(crawls.CrawlRunning, match=f"process {os.getpid()} on"):
        crawls.begin(archive, "s", alone=True)
    crawls.begin(archive, "other", alone=True)
    crawls.end(archive, first, "finished", 0, {})
    crawls.begin(archive, "s", alone=True)


@pytest.mark.parametrize(
    ("column", "value", "dead"),
    [("process", "1", True), ("boot", "another boot", True), ("host", "elsewhere", False)],
)
def test_a_lock_of_the_dead_is_void(archive: Archive, column: str, value: str, dead: bool) -> None:
    first = crawls.begin(archive, "s", alone=True)
    ledger.find(archive, "s", [(A, "a")], None, first)
    archive.connection.execute(f"UPDATE crawls SET {column} = ?", (value,))
    if not dead:  # nobody can look at it from here: it counts as alive until its heartbeat stops
        with pytest.raises(crawls.CrawlRunning):
            crawls.begin(archive, "s", alone=True)
        archive.connection.execute("UPDATE crawls SET heartbeat = '2020-01-01T00:00:00+00:00'")
    second = crawls.begin(archive, "s", alone=True)
    assert ledger.unfinished(archive, "s", second) == [A]
    reason = archive.query_value("SELECT reason FROM crawls WHERE id = ?", (first,))
    assert reason == "killed"


def test_a_heartbeat_is_heard(archive: Archive) -> None:
    crawl = crawls.begin(archive, "s")
    archive.connection.execute("UPDATE crawls SET heartbeat = '2020-01-01T00:00:00+00:00'")
    crawls.beat(archive, crawl)
    assert archive.query_value("SELECT heartbeat FROM crawls") > "2026"


def test_the_clock_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DZWCRAWL_NOW", "2031-05-06T08:00:00+08:00")
    assert now().startswith("2031-05-06T00:")
