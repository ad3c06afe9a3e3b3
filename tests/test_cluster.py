"""Workers and an archiver on a real Redis: nothing lost, nothing double, hosts' pauses kept, whoever is killed."""

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard
from scrapy import Request

from dzwcrawl.archive import tombstones
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from dzwcrawl.archive.validators import answer
from dzwcrawl.article import RawPage
from dzwcrawl.crawl.cluster import wire
from dzwcrawl.crawl.cluster.queue import STREAM, SharedQueue, Taken
from dzwcrawl.crawl.cluster.worker import Call, Worker
from dzwcrawl.crawl.papers import edition_walks
from dzwcrawl.crawl.sitemaps import SitemapWalk
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.crawl.walks import PagedWalk
from dzwcrawl.extract.rules import ListingRules, PaperRules, SitemapRules
from tests.cluster.parts import PASSWORD, SERVER, Cluster, Server, absent, cluster, redis_server
from tests.cluster.torture import Torture
from tests.cluster.world import ManyHosts
from tests.conftest import ROOT, crawl_environment, make_article
from tests.replica.server import Running, running
from tests.replica.world import key_of

HOSTS, ARTICLES = 4, 30


class Ledger:
    """Enough of one for walks to begin."""

    def walked(self, _: str) -> bool:
        return False

    def last_walk(self, _: str) -> None:
        return None


class Spider(NewsSpider):
    """One source of each kind that is walked."""

    name = "kinds"
    channels = {"list": "http://a.cn/list.html"}
    listing = ListingRules(links="a", accept=r"/\d+\.html")
    sitemaps = {"map": SitemapRules(url="http://a.cn/sitemap.xml")}
    papers = {"paper": PaperRules(edition="http://a.cn/%Y-%m/%d/node_1.htm", family="node")}

    @property
    def ledger(self) -> Any:
        return Ledger()


def test_requests_of_walks_travel() -> None:
    here, there = Spider(), Spider()
    first, sitemap, edition = (
        PagedWalk(here, here.sources[0]),  # type: ignore[arg-type]
        SitemapWalk(here, here.sources[2]),  # type: ignore[arg-type]
        edition_walks(here, here.sources[1])[0],  # type: ignore[arg-type]
    )
    first.met, first.pages, sitemap.cut = {"http://a.cn/1.html"}, 3, True
    for walk in (first, sitemap, edition):
        request = walk.request(walk.start, priority=7)
        request.meta.update({"lease": "x", "proxy": "http://user:secret@p", "answer": object()})
        request.headers["Proxy-Authorization"] = "Basic secret"
        data = wire.dump_request(request, here)
        assert b"secret" not in data
        back = wire.load_request(data, there)
        assert (back.url, back.priority, back.meta) == (walk.start, 7, {"conditional": False})
        copy = back.callback.__self__  # type: ignore[union-attr]
        assert type(copy) is type(walk) and copy is back.errback.__self__  # type: ignore[union-attr]
        assert copy.spider is there and copy.start == walk.start
        assert (copy.pages, copy.cut) == (walk.pages, walk.cut)
    assert wire.load_request(
        wire.dump_request(first.request("http://a.cn/2"), here), there
    ).callback.__self__.met == {  # type: ignore[union-attr]
        "http://a.cn/1.html"
    }


def test_articles_and_answers_travel() -> None:
    article = make_article("第一段。" * 200, "第二段。")
    article.pages.append(
        RawPage(article.url or "", "2024-05-01T00:00:00+00:00", "HTTP/1.1 200 OK", b"\x00\xff" * 900)
    )
    sent: Any = ("store", (article, answer("http://a.cn/1.html", b"body", "e", None)), {})
    data = wire.dumps([sent])
    back = wire.loads(data)
    assert back == [sent] and back[0][1][0].pages == article.pages
    assert len(data) < 1500, "what is long is compressed"


class Evil:
    """What must never be built from what comes by Redis."""

    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/should-not-be",)


@pytest.mark.parametrize(
    "data",
    [
        b"p" + pickle.dumps(Evil()),
        b"p" + pickle.dumps(Archive),
        b"p" + pickle.dumps(getattr),
        b"p" + pickle.dumps([sqlite3.connect]),
        b"z" + b"not compressed",
        b"p" + pickle.dumps({"a": 1})[:-3],
        b"",
    ],
)
def test_what_is_not_sent_here_is_refused(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.loads(data)


def _zeros(size: int, told: int) -> bytes:
    """Return a zstd frame of so many zeros, which says that it is so large (-1: nothing)."""
    packer = zstandard.ZstdCompressor(write_content_size=told >= 0).compressobj(size=told)
    parts = [packer.compress(bytes(2**20)) for _ in range(size >> 20)]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize("told", [2**30, -1], ids=["told", "untold"])
def test_a_small_message_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(told: int) -> None:
    data = b"z" + _zeros(2**30, told)
    assert len(data) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(wire.WireError, match=r"it unpacks to .* 256 MiB are the most"):
            wire.loads(data)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_an_article_too_large_to_be_sent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article("第一段。")
    article.pages.append(
        RawPage(article.url or "", "2024-05-01T00:00:00+00:00", "HTTP/1.1 200 OK", bytes(20_000))
    )
    monkeypatch.setattr(wire, "MOST", 10_000)
    with pytest.raises(wire.WireError, match=r"a message of \d+ bytes, 10000 are the most"):
        wire.dumps(article)
    told: list[Call] = [
        ("find", ("s", [], None, None), {}),
        ("store", (article, None), {}),
        ("count", ({"a": 1},), {}),
    ]
    *others, (name, (url, why), _) = wire.loads(Worker._message(told))
    assert (others, name, url) == ([told[0], told[2]], "refuse", article.url) and why.startswith(
        "too large to send"
    )


def test_an_article_too_large_to_be_sent_with_the_request_of_its_next_part_is_refused(
    monkeypatch: pytest.MonkeyPatch, queues: Callable[[], SharedQueue]
) -> None:
    worker, spider = Worker.__new__(Worker), Spider()
    worker.queue = queues()
    article = make_article("第一段。")
    article.pages.append(RawPage(article.url or "", "", "HTTP/1.1 200 OK", bytes(20_000)))
    part = Request(
        "http://a.cn/1_2.html", callback=spider.parse_part, cb_kwargs={"article": article, "done": 1}
    )
    monkeypatch.setattr(wire, "MOST", 10_000)
    calls: list[Call] = []
    assert len(list(worker._parcels([part, ask(worker.queue, 1)], calls))) == 1
    (name, (url, why), _) = calls[0]
    assert (name, url, why[:17]) == ("refuse", article.url, "too large to send")


def test_nothing_of_it_is_imported_without_being_asked_for() -> None:
    code = (
        "import sys; sys.modules['redis'] = sys.modules['scrapy_redis'] = None\n"
        "import dzwcrawl.settings, dzwcrawl.crawl.commands.crawl, dzwcrawl.crawl.spider\n"
        "from dzwcrawl.cli import main\n"
        "assert all(main.get_command(None, name) for name in main.list_commands(None))\n"
        "from dzwcrawl.crawl.project import project_settings\n"
        "from dzwcrawl.crawl.outlets import known_outlets\n"
        "assert known_outlets(project_settings())\n"
        "assert not [name for name in sys.modules if name.startswith('dzwcrawl.crawl.cluster')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def _scrapy(tmp_path: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT, env=crawl_environment(tmp_path, None) | environment, capture_output=True, text=True,
    )  # fmt: skip


def test_a_redis_that_is_not_there_is_told_and_its_password_is_not(tmp_path: Path) -> None:
    url = f"redis://:{PASSWORD}@127.0.0.1:1/0"
    for words in (("crawl", "dzwww"), ("crawl", "stream", "-s", f"ARCHIVE_PATH={tmp_path / 'a.db'}")):
        done = _scrapy(tmp_path, *words, DZWCRAWL_REDIS_URL=url)
        assert done.returncode == 8 and "cannot reach Redis" in done.stderr
        assert PASSWORD not in done.stderr + done.stdout
    done = _scrapy(tmp_path, "crawl", "dzwww", DZWCRAWL_REDIS_URL=f"http://{PASSWORD}")
    assert done.returncode == 8 and "is no URL like redis://" in done.stderr and PASSWORD not in done.stderr


def test_without_the_extra_the_error_names_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['redis'] = None\n")
    done = _scrapy(
        tmp_path, "crawl", "dzwww", DZWCRAWL_REDIS_URL="redis://127.0.0.1:1/0", PYTHONPATH=str(tmp_path)
    )
    assert done.returncode == 2 and "pip install 'dzwcrawl[cluster]'" in done.stderr


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if SERVER is None:
        pytest.skip("there is no redis-server or valkey-server here (apt-get install redis-server)")
    with redis_server(tmp_path_factory.mktemp("redis"), "always") as server:
        yield server


@pytest.fixture
def queues(redis: Server) -> Iterator[Callable[[], SharedQueue]]:
    """Makes the queues of workers of one run, which has been planned."""
    client = redis.client()
    client.flushall()
    spider = Spider()

    def make() -> SharedQueue:
        queue = SharedQueue(client, spider)
        queue.run, _ = queue.join("{}")
        return queue

    make().planned()
    # A run with nothing in it is over at once; this one is to go on.
    client.hset("dzwcrawl:kinds:run", "state", "planned")
    yield make
    client.close()


def ask(queue: SharedQueue, number: int, host: str = "a.cn", priority: int = 0) -> Request:
    """Return the request of an article."""
    spider = queue.spider
    url = f"http://{host}/{number}.html"
    return Request(url, callback=spider.parse_article, errback=spider.article_failed, priority=priority)


def take(queue: SharedQueue, concurrency: int = 1, longest: int = 100) -> Any:
    return queue.take(concurrency, longest)


def test_articles_are_queued_once_and_by_priority(queues: Callable[[], SharedQueue]) -> None:
    queue = queues()
    queue.push(*(ask(queue, n) for n in (1, 2, 3)), ask(queue, 4, priority=10), ask(queue, 1), ask(queue, 2))
    assert len(queue) == 4
    got = []
    while isinstance(taken := take(queue), Taken):
        got.append(taken.request.url[-6])
        assert take(queue)[0] == "wait", "one request at a time to a host"
        queue.commit(taken.token, None, b"", [])
    assert got == ["4", "1", "2", "3"]
    assert take(queue)[0] == "over", "nothing is left anywhere"
    assert [fields.get(b"end") for _, fields in queue.server.xrange(STREAM)][-1] == b"1"


def test_an_answer_counts_once_and_only_from_whoever_has_the_lease(queues: Callable[[], SharedQueue]) -> None:
    one, other = queues(), queues()
    one.push(ask(one, 1))
    taken = take(one)
    parcels = [one.parcel(ask(one, 2)), one.parcel(ask(one, 1))]
    assert not other.commit(taken.token, None, b"no", parcels), "another worker's lease"
    assert one.commit(taken.token, (2.0, 1.0, 1), b"yes", parcels)
    assert not one.commit(taken.token, None, b"again", parcels), "the answer got lost, and it is sent again"
    assert len(one) == 1
    messages = [fields[b"calls"] for _, fields in one.server.xrange(STREAM) if b"calls" in fields]
    assert messages == [b"yes"]


def test_what_a_silent_worker_had_is_taken_up_and_too_togetherdeaths_are_enough(
    queues: Callable[[], SharedQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = queues()
    alive.push(ask(alive, 1))
    monkeypatch.setattr("dzwcrawl.crawl.cluster.queue.SILENCE_MS", 4000)
    alive.beat()
    for death in range(5):
        dead = queues()
        assert isinstance(take(dead), Taken)
        # It was never heard of again, for as long as that takes.
        alive.server.zadd("dzwcrawl:kinds:workers", {dead.worker: time.time() * 1000 - 5000})
        tokens, given_up = alive.beat()
        assert not tokens
        assert [request.url for request in given_up] == ["http://a.cn/1.html"] * (death == 4)
    assert len(alive) == 0


def test_a_worker_that_leaves_gives_all_back(queues: Callable[[], SharedQueue]) -> None:
    one, other = queues(), queues()
    one.push(ask(one, 1), ask(one, 2, "b.cn"))
    assert {take(one).host, take(one).host} == {"a.cn", "b.cn"}
    assert take(other)[0] == "wait"
    one.leave()
    assert {take(other).host, take(other).host} == {"a.cn", "b.cn"}


def test_a_host_has_its_turn_for_all_workers_and_spiders_together(queues: Callable[[], SharedQueue]) -> None:
    one, other = queues(), queues()
    assert one.turn("a.cn", 60, 50) == 0
    assert 59 < other.turn("a.cn", 60, 50) <= 60 and 29 < other.turn("a.cn", 30, 15) <= 30
    assert other.turn("b.cn", 60, 60) == 0
    one.push(ask(one, 1))
    what, wait = take(one)
    assert what == "wait" and 45_000 < wait <= 50_000, "nothing is handed out before it can be sent"


def test_a_host_that_bears_one_request_gets_no_two(queues: Callable[[], SharedQueue]) -> None:
    """Where robots.txt asks for a Crawl-delay, one request at a time is the rule, whatever the setting."""
    one, other = queues(), queues()
    one.push(*(ask(one, n) for n in range(4)))
    first = take(one, concurrency=2)
    one.commit(first.token, (0.0, 0.0, 1), b"", [])
    assert isinstance(take(one, concurrency=2), Taken) and take(other, concurrency=2)[0] == "wait"


def test_workers_wait_for_a_full_stream(queues: Callable[[], SharedQueue]) -> None:
    queue = queues()
    queue.push(ask(queue, 1))
    length = queue.server.xlen(STREAM)
    assert take(queue, longest=length) == ("full", None)
    assert isinstance(take(queue, longest=length + 1), Taken)


def test_what_was_taken_down_is_not_asked_for(queues: Callable[[], SharedQueue]) -> None:
    archiver, worker, nothing = queues(), queues(), queues()
    assert not nothing.buried(["a.cn/1.html"])
    archiver.bury([tombstones.digest_of("a.cn/1.html")])
    assert worker.buried(["site:1", "a.cn/1.html"]) and not worker.buried(["a.cn/2.html"])


@pytest.fixture
def many(tmp_path: Path, redis: Server) -> Iterator[tuple[Cluster, Running, ManyHosts]]:
    """A cluster before a world of a few hosts."""
    redis.client().flushall()
    world = ManyHosts(HOSTS, ARTICLES, {"h01.many.example": 0.3})
    # The first answer is a 500: another worker may be the one to try again.
    world.flaky_keys = {key_of(world.url("h00.many.example", n)) for n in (1, 7)}
    with (
        running(world=world) as served,
        cluster(tmp_path, redis, served, HOSTS, "CLUSTER_BACKLOG=20", delay=0.15) as made,
    ):
        yield made, served, world


def test_killed_parts_lose_nothing_and_double_nothing(
    many: tuple[Cluster, Running, ManyHosts], redis: Server
) -> None:
    made, served, world = many
    served.take_time(0.02)
    report = Torture(made, redis, served, world).run(2, kills=4, restart=True, limit=300)
    assert report.faults == [], made.log()[-5000:]
    assert report.kills["redis"] == 1 and sum(report.kills.values()) == 5
    assert PASSWORD not in made.log()
    _check_second_run(made, served)


def test_a_worker_waits_for_a_redis_that_goes_away_while_it_starts(
    many: tuple[Cluster, Running, ManyHosts], redis: Server, tmp_path: Path
) -> None:
    made, _, _ = many
    archiver = made.archiver()
    # The first connection only looks whether Redis is there.
    with absent(redis, redis.socket.with_name("absent"), range(1, 3)) as url:
        made.environment["DZWCRAWL_REDIS_URL"] = url
        worker = made.worker()
        assert (worker.wait(240), archiver.wait(240)) == (0, 0), made.log()[-5000:]
    assert "Redis is away" in made.log() and "Traceback" not in made.log()
    with closing(sqlite3.connect(made.archive)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] == HOSTS * ARTICLES


@pytest.mark.parametrize(
    ("which", "before"),
    [
        (range(1, 4), b""),
        (range(0), b"\r\n$5\r\ncrawl\r\n$1\r\n1\r\n"),
        (range(0), b"\r\n$3\r\nall\r\n"),
    ],
    ids=["while it starts", "when a crawl has begun", "when a crawl has ended"],
)
def test_an_archiver_goes_on_where_redis_went_away(
    many: tuple[Cluster, Running, ManyHosts], redis: Server, which: range, before: bytes
) -> None:
    made, _, _ = many
    with absent(redis, redis.socket.with_name("absent"), which, before) as url:
        worker = made.worker("-a", "channel=h02")
        made.environment["DZWCRAWL_REDIS_URL"] = url
        archiver = made.archiver()
        assert (worker.wait(240), archiver.wait(240)) == (0, 0), made.log()[-5000:]
    log = made.log()
    assert "Redis is away" in log and "Traceback" not in log and "ERROR" not in log, log[-5000:]
    with closing(sqlite3.connect(made.archive)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] == ARTICLES
        assert connection.execute("SELECT reason, exit_code FROM crawls").fetchall() == [("finished", 0)]


def _check_second_run(made: Cluster, served: Running) -> None:
    """A second run knows what the first has archived: it asks for lists only."""
    before = len(served.log_lines())
    worker, archiver = made.worker(), made.archiver()
    assert (worker.wait(240), archiver.wait(240)) == (0, 0)
    asked = [line["url"] for line in served.log_lines()[before:]]
    assert sorted(url for url in asked if "robots" not in url) == [
        f"http://h{n:02d}.many.example/list.html" for n in range(HOSTS)
    ]


def test_a_cluster_archives_what_one_process_does(
    many: tuple[Cluster, Running, ManyHosts], tmp_path: Path
) -> None:
    made, served, _ = many
    alone, day = tmp_path / "alone.db", "2024-05-01T10:00:00+00:00"
    made.environment["DZWCRAWL_NOW"] = day
    _crawl_alone(alone, served, day)
    before = len(served.log_lines())
    archiver, worker = made.archiver(), made.worker("-a", "channel=h02,h03")
    while len(served.log_lines()) < before + ARTICLES and worker.poll() is None:
        time.sleep(0.02)
    # Whoever is stopped leaves the rest to others, but to none with other arguments.
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(240) == 11, made.log()[-5000:]
    assert made.worker("-a", "channel=h03").wait(240) == 2
    assert "is under way with" in made.log()
    worker = made.worker("-a", "channel=h02,h03")
    assert (archiver.wait(240), worker.wait(240)) == (0, 0), made.log()[-5000:]
    left, right = _content(alone), _content(made.archive)
    assert left.keys() == right.keys() and len(left) == 2 * ARTICLES
    assert left == right
    assert _ledger(alone) == _ledger(made.archive)
    # Two days later the articles are looked at again, and none has changed.
    made.environment["DZWCRAWL_NOW"] = later = "2024-05-03T10:00:00+00:00"
    _crawl_alone(alone, served, later)
    archiver, worker = made.archiver(), made.worker("-a", "channel=h02,h03")
    assert (archiver.wait(240), worker.wait(240)) == (0, 0), made.log()[-5000:]
    one, together = _ledger(alone), _ledger(made.archive)
    # When an article is due next depends on how many were looked at before it, and that on the order.
    assert one.pop("due") != [] and together.pop("due") != []
    assert one == together
    assert sum(visits for _, visits, _ in together["revisits"]) == 2 * ARTICLES


def _crawl_alone(path: Path, served: Running, now: str) -> None:
    """Crawl two of the hosts with one process."""
    environment = crawl_environment(path.parent, served) | {"MANY_HOSTS": str(HOSTS), "DZWCRAWL_NOW": now}
    modules = "SPIDER_MODULES=dzwcrawl.spiders,tests.cluster.spiders"
    options = ("-s", modules, "-s", "DOWNLOAD_DELAY=0", "-a", "channel=h02,h03")
    command = [sys.executable, "-m", "scrapy", "crawl", "many", "-s", f"ARCHIVE_PATH={path}", *options]
    assert subprocess.run(command, cwd=ROOT, env=environment, capture_output=True).returncode == 0


def _content(path: Path) -> dict[str, dict[str, Any]]:
    """Return the records of an archive by URL, but for the order and the times they came in."""
    with Archive(path) as archive:
        return {
            row["url"]: {k: v for k, v in row.items() if k not in ("id", "first_seen", "last_seen")}
            for row in records(archive)
        }


def _ledger(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the ledger says, but for times and ids."""
    queries = {
        "urls": "SELECT url, key, site, state, found_on, reason, status FROM urls ORDER BY url",
        "listings": "SELECT url, site, walked FROM listings ORDER BY url",
        "answers": "SELECT url, etag, hex(digest) FROM answers ORDER BY url",
        "pages": "SELECT url, part, head FROM pages ORDER BY url",
        "due": "SELECT url, due FROM urls ORDER BY url",
        "revisits": "SELECT age, visits, changed FROM revisits ORDER BY age",
        "hosts": "SELECT host, agreed, moved, lies FROM hosts ORDER BY host",
    }
    with closing(sqlite3.connect(path)) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in queries.items()}
