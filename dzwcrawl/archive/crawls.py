"""The rows of crawls: one a crawl, which is its lock and what its leases live by.

A crawl that was killed leaves its row unfinished. Whoever begins a crawl next closes such rows: a process of
this machine is looked at, one of another machine or container is taken for dead when its heartbeat has stopped.
"""

import json
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.processes import Process, is_alive, this_process
from dzwcrawl.archive.rows import dumps

HEARTBEAT = timedelta(minutes=1)
_SILENCE = timedelta(minutes=10)
"""Without a heartbeat for so long, a crawl that cannot be looked at counts as dead."""


class CrawlRunning(Exception):
    """Another crawl of the same spider is running; the message names its process and since when."""


def begin(archive: Archive, spider: str, *, alone: bool = False) -> int:
    """Write the row of a crawl that starts and return its id.

    :param alone: no other crawl of this spider may run.
    :raises CrawlRunning: when one does.
    """
    me = this_process()
    with archive.transaction():
        bury_dead(archive)
        running = archive.connection.execute(
            "SELECT id, pid, host, started FROM crawls WHERE spider = ? AND finished IS NULL LIMIT 1",
            (spider,),
        ).fetchone()
        if alone and running:
            raise CrawlRunning(
                f"crawl {running['id']} of {spider} runs already: process {running['pid']} on {running['host']}, "
                f"since {running['started']}; wait for it or stop it"
            )
        cursor = archive.connection.execute(
            "INSERT INTO crawls (spider, started, heartbeat, host, boot, pid, process) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6)",
            (spider, now(), me.host, me.boot, me.pid, me.started),
        )
    return int(cursor.lastrowid or 0)


def unfinished(archive: Archive) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
    """Return the rows of crawls that have not ended: of those that run, and of those that died without a word."""
    rows = archive.connection.execute("SELECT * FROM crawls WHERE finished IS NULL").fetchall()
    silent_since = datetime.fromisoformat(now()) - _SILENCE
    running: list[sqlite3.Row] = []
    dead: list[sqlite3.Row] = []
    for row in rows:
        heard = datetime.fromisoformat(row["heartbeat"] or row["started"])
        alive = (
            is_alive(Process(row["host"], row["boot"], row["pid"], row["process"])) if row["pid"] else None
        )
        (dead if alive is False or (alive is None and heard < silent_since) else running).append(row)
    return running, dead


def bury_dead(archive: Archive) -> None:
    """Close the rows of crawls that died without a word; with the row go its lock and its leases.

    Runs in the caller's transaction.
    """
    for row in unfinished(archive)[1]:
        archive.connection.execute(
            "UPDATE crawls SET finished = ?, reason = 'killed' WHERE id = ?",
            (row["heartbeat"] or row["started"], row["id"]),
        )


def beat(archive: Archive, crawl: int) -> None:
    """Note that a crawl is alive."""
    with archive.transaction():
        archive.connection.execute("UPDATE crawls SET heartbeat = ? WHERE id = ?", (now(), crawl))


def note(archive: Archive, crawl: int, stats: dict[str, Any]) -> None:
    """Note what a crawl has counted so far."""
    with archive.transaction():
        archive.connection.execute("UPDATE crawls SET stats = ? WHERE id = ?", (dumps(stats), crawl))


def go_on(archive: Archive, crawl: int) -> dict[str, Any]:
    """Take over a crawl that a dead process leaves behind, also where it was closed as killed; return what it counted."""
    me = this_process()
    with archive.transaction():
        archive.connection.execute(
            "UPDATE crawls SET heartbeat = ?, host = ?, boot = ?, pid = ?, process = ?, finished = NULL, reason = NULL "
            "WHERE id = ?",
            (now(), me.host, me.boot, me.pid, me.started, crawl),
        )
        counted = archive.query_value("SELECT stats FROM crawls WHERE id = ?", (crawl,))
    return dict(json.loads(counted or "{}"))


def end(archive: Archive, crawl: int, reason: str, exit_code: int, stats: dict[str, Any]) -> None:
    """Complete the row of a crawl. `reason` is Scrapy's (`finished`, `shutdown` …)."""
    with archive.transaction():
        archive.connection.execute(
            "UPDATE crawls SET finished = ?, reason = ?, exit_code = ?, stats = ? WHERE id = ?",
            (now(), reason, exit_code, dumps(stats), crawl),
        )
