"""What may be wrong around a cluster: a Redis that is full, emptied, of others or only reads; archivers that are not alone."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import OutOfMemoryError
from scrapy.settings import Settings

from dzwcrawl.archive.archive import Archive
from dzwcrawl.article import RawPage
from dzwcrawl.crawl.cluster import archiver, wire
from dzwcrawl.crawl.cluster.connection import AWAY, NotNow, RedisUnreachable, client, connect, waits_for
from dzwcrawl.crawl.cluster.queue import STREAM, SharedQueue
from dzwcrawl.crawl.cluster.worker import crawls_with
from dzwcrawl.crawl.project import project_settings
from dzwcrawl.spiders.dzwww import DzwwwSpider
from tests.cluster.parts import SERVER, Cluster, Server, absent, cluster, redis_server
from tests.cluster.world import ManyHosts
from tests.conftest import crawl_environment, make_article
from tests.replica.server import Running, running

HOSTS, ARTICLES, BACKLOG = 2, 40, 30
PART = 12
"""Requests after which a crawl is under way and far from its end."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("redis")


@pytest.fixture(scope="module")
def redis(folder: Path) -> Iterator[Server]:
    if SERVER is None:
        pytest.skip("there is no redis-server or valkey-server here (apt-get install redis-server)")
    with redis_server(folder, "always") as server:
        yield server


@pytest.fixture
def many(tmp_path: Path, redis: Server) -> Iterator[tuple[Cluster, Running]]:
    """A cluster before a world of two hosts with large pages."""
    redis.client().flushall()
    with (
        running(world=ManyHosts(HOSTS, ARTICLES, furniture=1500)) as served,
        cluster(tmp_path, redis, served, HOSTS, f"CLUSTER_BACKLOG={BACKLOG}", delay=0.05) as made,
    ):
        yield made, served


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(4000):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to that")


def rows(made: Cluster, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(made.archive)) as connection:
        return connection.execute(sql).fetchall()


def archived(made: Cluster) -> int:
    return int(rows(made, "SELECT count(DISTINCT url) FROM articles")[0][0])


def orphaned(made: Cluster, served: Running, redis: Server) -> "subprocess.Popen[bytes]":
    """Start a crawl, kill its archiver, wait until the stream is as long as it may be; return the worker."""
    killed, worker = made.archiver(), made.worker()
    until(lambda: len(served.log_lines()) > PART)
    killed.kill()
    killed.wait()
    until(lambda: int(redis.client().xlen(STREAM)) >= BACKLOG)
    return worker


def test_a_full_redis_is_emptied_by_the_archiver(many: tuple[Cluster, Running], redis: Server) -> None:
    made, served = many
    worker, server = orphaned(made, served, redis), redis.client()
    server.config_set("maxmemory", server.info("memory")["used_memory"])
    try:
        with pytest.raises(OutOfMemoryError):
            server.set("more", "of it")
        archiver_ = made.archiver()
        assert (archiver_.wait(240), worker.wait(240)) == (0, 0), made.log()[-5000:]
    finally:
        server.config_set("maxmemory", 0)
    assert archived(made) == HOSTS * ARTICLES


def test_an_emptied_redis_ends_the_run_and_not_the_archiver(
    many: tuple[Cluster, Running], redis: Server
) -> None:
    made, served = many
    archiver_, worker = made.archiver(), made.worker()
    until(lambda: len(served.log_lines()) > PART)
    redis.client().flushall()
    assert (worker.wait(240), archiver_.wait(240)) == (11, 0), made.log()[-5000:]
    assert "the run is no longer in Redis" in made.log() and "Traceback" not in made.log()
    archiver_, worker = made.archiver(), made.worker()
    assert (worker.wait(240), archiver_.wait(240)) == (0, 0), made.log()[-5000:]
    assert rows(made, "SELECT reason, exit_code FROM crawls") == [("run_lost", 11), ("finished", 0)]
    assert archived(made) == HOSTS * ARTICLES


def test_messages_of_others_are_passed_over(many: tuple[Cluster, Running], redis: Server) -> None:
    made, _ = many
    for fields in ({"something": "else"}, {"run": b"\xff", "id": b"\xff", "calls": b""}):
        redis.client().xadd(STREAM, fields)
    archiver_, worker = made.archiver(), made.worker()
    assert (worker.wait(240), archiver_.wait(240)) == (0, 0), made.log()[-5000:]
    assert made.log().count("is none of ours: passed over") == 2
    assert archived(made) == HOSTS * ARTICLES


def test_an_archiver_that_cannot_go_on_with_a_run_throws_nothing_away(
    many: tuple[Cluster, Running], redis: Server, tmp_path: Path
) -> None:
    made, served = many
    worker = orphaned(made, served, redis)
    other = made.archiver("-s", f"ARCHIVE_PATH={tmp_path / 'other.db'}")
    assert other.wait(240) == 2 and "did not begin in" in made.log()
    (tmp_path / "sitecustomize.py").write_text("import dzwcrawl; dzwcrawl.__version__ = '99'\n")
    made.environment["PYTHONPATH"] = str(tmp_path)
    assert made.archiver().wait(240) == 2 and "of different versions" in made.log()
    del made.environment["PYTHONPATH"]
    assert (made.archiver().wait(240), worker.wait(240)) == (0, 0), made.log()[-5000:]
    assert archived(made) == HOSTS * ARTICLES
    assert rows(made, "SELECT coalesce(sum(visits), 0) FROM revisits") == [(0,)]


class Fails:
    """A pipeline that some articles are too much for."""

    def process_item(self, item: Any) -> Any:
        if item.url.endswith("0003.html"):
            raise ValueError("this one")
        return item


def test_what_failed_is_counted_once_where_a_run_is_ended_twice(
    many: tuple[Cluster, Running], redis: Server
) -> None:
    made, _ = many
    pipelines = {"dzwcrawl.crawl.pipelines.ArchivePipeline": 800, f"{__name__}.Fails": 700}
    options = ("-s", f"ITEM_PIPELINES={json.dumps(pipelines)}")
    worker, url = made.worker(), made.environment["DZWCRAWL_REDIS_URL"]
    with absent(redis, redis.socket.with_name("absent"), range(0), b"\r\n$3\r\nall\r\n") as made_url:
        made.environment["DZWCRAWL_REDIS_URL"] = made_url
        killed = made.archiver(*options)
        # The row is completed, and the run is still there.
        until(lambda: "Redis is away" in made.log() or killed.poll() is not None)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    made.environment["DZWCRAWL_REDIS_URL"] = url
    assert (made.archiver(*options).wait(240), worker.wait(240)) == (0, 0), made.log()[-5000:]
    (found,) = rows(
        made, "SELECT reason, exit_code, stats ->> 'errors', stats ->> 'items_failed' FROM crawls"
    )
    assert found == ("finished", 1, HOSTS, HOSTS)


def test_a_budget_holds_for_all_workers_together(many: tuple[Cluster, Running]) -> None:
    made, served = many
    workers = [made.worker("-s", "HOST_REQUEST_BUDGET=12") for _ in range(2)]
    archiver_ = made.archiver()
    codes = [worker.wait(240) for worker in workers]
    assert archiver_.wait(240) == 0 and set(codes) <= {0, 11} and 11 in codes, made.log()[-5000:]
    assert set(Counter(line["host"] for line in served.log_lines()).values()) == {12}
    assert rows(made, "SELECT exit_code FROM crawls") == [(11,)]
    left = "SELECT count(*) FROM urls WHERE state = 'found' AND attempts = 0"
    assert rows(made, left)[0][0] > 0, "the next crawl goes on"


def test_what_is_left_of_no_run_is_none(redis: Server) -> None:
    server = redis.client()
    server.flushall()
    server.hset("dzwcrawl:dzwww:run", mapping={"state": "failed", "why": "Redis was emptied just then"})
    server.expire("dzwcrawl:dzwww:run", 60)
    queue = SharedQueue(server, DzwwwSpider())
    queue.run, with_ = queue.join("mine")
    assert queue.run and with_ == "mine" and server.ttl("dzwcrawl:dzwww:run") == -1
    assert queue.take(1, 100) == ("asked", b"")


def test_keys_of_others_are_said(many: tuple[Cluster, Running], redis: Server) -> None:
    made, _ = many
    redis.client().set(STREAM, "somebody's")
    assert (made.archiver().wait(240), made.worker().wait(240)) == (8, 8)
    log = made.log()
    assert log.count("Redis refuses what is asked of it") == 2 and "Traceback" not in log


def test_a_redis_that_only_reads_is_said_when_a_crawl_starts(redis: Server) -> None:
    server = redis.client()
    server.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(RedisUnreachable, match="only reads"):
            connect(redis.url)
    finally:
        server.replicaof("NO", "ONE")
    connect(redis.url).close()


def test_a_redis_with_a_full_disk_is_waited_for(redis: Server, folder: Path) -> None:
    server = redis.client()
    (folder / "dump.rdb" / "in the way").mkdir(parents=True)  # a snapshot cannot be renamed to it
    server.config_set("save", "1 1")
    try:
        server.set("a", "b")
        until(lambda: server.info("persistence")["rdb_last_bgsave_status"] != "ok")
        with pytest.raises(NotNow) as caught:
            client(redis.url).set("a", "c")
        assert isinstance(caught.value, AWAY) and "MISCONF" in waits_for(caught.value)
        connect(redis.url).close()
    finally:
        server.config_set("save", "")


def test_the_url_in_a_message_is_readable_where_it_is_masked(tmp_path: Path) -> None:
    environment = crawl_environment(tmp_path, None) | {"DZWCRAWL_REDIS_URL": "redis//HOST"}
    for name in ("SCRAPY_SETTINGS_MODULE", "DZWCRAWL_NOW"):
        environment.pop(name, None)
    # Not in a Scrapy project: this one is installed.
    command = [str(Path(sys.executable).parent / "dzwcrawl"), "archive", "--archive", "a.db"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 8, done.stderr
    assert "no URL like redis://HOST:6379/0; a password stands as :PASSWORD@ before HOST" in done.stderr


def test_a_replaced_archiver_writes_nothing_more(redis: Server, tmp_path: Path) -> None:
    """One that was stopped for long, in the middle of what it had read, while another did and forgot all of it."""
    redis.client().flushall()
    settings: Settings = project_settings()
    settings.setdict(
        {"REDIS_URL": redis.url, "ARCHIVE_PATH": str(tmp_path / "a.db"), "TWISTED_REACTOR_ENABLED": False},
        "cmdline",
    )
    queue = SharedQueue(redis.client(), DzwwwSpider())
    queue.run, _ = queue.join(crawls_with(DzwwwSpider()))

    async def both() -> None:
        slow, quick = (archiver.Archiver(settings, once=False) for _ in range(2))
        try:
            slow._lock._try()
            slow._pending()
            await slow._take(slow._new())
            refusal: Any = ("refuse", ("http://www.dzwww.com/2024/1.htm", "a reason", 500), {})
            calls = {"run": queue.key, "id": queue.run, "calls": wire.dumps([refusal])}
            redis.client().xadd(STREAM, calls)
            read = slow._new()
            assert len(read) == 1 and slow._lock.held
            slow._lock._until = 0.0  # its time went by, and Redis forgot it
            redis.client().delete(archiver.LOCK)
            quick._lock._try()
            assert quick._lock.held
            await quick._take(quick._pending())
            with pytest.raises(archiver._Replaced):
                await slow._take(read)
        finally:
            for each in (slow, quick):
                for run in each._runs.values():
                    run.opened._heartbeat.stop()
                    run.archive.close()
                each._archive.close()

    asyncio.run(both())
    with Archive(tmp_path / "a.db") as archive:
        assert archive.query_value("SELECT attempts FROM urls WHERE state = 'refused'") == 1
        assert archive.query_value("SELECT count(*) FROM received") == 0


def test_what_comes_from_the_future_is_dated_now() -> None:
    article, moment = make_article("第一段。"), "2026-05-01T08:00:00+00:00"
    for told, kept in (("2031-01-01T00:00:00+00:00", moment), ("2026-04-01T00:00:00+00:00",) * 2):
        article.first_seen = article.last_seen = told
        article.pages = [RawPage("http://a.cn/1.html", told, "", b"")]
        archiver._not_later(article, moment)
        assert (article.first_seen, article.last_seen, article.pages[0].fetched) == (kept,) * 3
