"""A cluster on this machine: torture at size, pages a second by workers, the archiver's rate, memory of the queue.

Real Redis, real processes, a replica of many hosts on loopback. Two cores do all of it, the replica's server too.
"""

import argparse
import os
import resource
import signal
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from scrapy import Request

from dzwcrawl.crawl.cluster.queue import STREAM, SharedQueue
from tests.cluster.parts import SERVER, cluster, redis_server
from tests.cluster.torture import Torture
from tests.cluster.world import ManyHosts
from tests.replica.server import running


def torture(hosts: int, articles: int, kills: int, delay: float) -> bool:
    """Crawl all of it with four workers, kills and one restart of Redis; print what came of it."""
    slow = {"h00.many.example": 2 * delay, "h01.many.example": 2 * delay}
    world = ManyHosts(hosts, articles, slow)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(world=world) as served,
        redis_server(Path(folder)) as redis,
        cluster(Path(folder), redis, served, hosts, delay=delay) as made,
    ):
        served.take_time(0.01)
        report = Torture(made, redis, served, world).run(4, kills=kills, restart=True)
        if report.faults:
            print(made.log()[-3000:])
    print(
        f"{hosts * articles} articles on {hosts} hosts, 4 workers, {report.seconds:.0f} s; killed: {dict(report.kills)}"
    )
    print(f"{report.requests} requests, {report.again} of them for a page that was asked for before")
    shortest = sorted(report.shortest.values())
    print(
        f"pause of {delay} s ({2 * delay} s on {len(slow)} hosts) at the server: shortest of a host "
        f"{shortest[0]} to {shortest[-1]}, median {statistics.median(shortest)}; {report.early} too early, "
        f"{report.together} while another was in flight"
    )
    print("\n".join(report.faults) or "every article once, nothing lost, nothing double")
    return not report.faults


def rate(workers: int, hosts: int, articles: int) -> None:
    """Crawl without pauses or kills, and print pages a second."""
    world = ManyHosts(hosts, articles)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(world=world) as served,
        redis_server(Path(folder)) as redis,
        cluster(Path(folder), redis, served, hosts) as made,
    ):
        before = _cpu()
        report = Torture(made, redis, served, world).run(workers)
        times = [line["time"] for line in served.log_lines()]
        pages = len(times) / (max(times) - min(times))
        cpu = _cpu() - before
        each = cpu / len(times)
    print(
        f"{workers} workers: {pages:.1f} pages/s; {cpu:.0f} CPU s in all processes but the replica's and Redis, "
        f"{1000 * each:.1f} ms a page with start-up",
        *report.faults,
    )


def archive_rate(hosts: int, articles: int, furniture: int) -> None:
    """Let the stream fill while the archiver is stopped, then print how fast it is emptied."""
    world = ManyHosts(hosts, articles, furniture=furniture)
    page = len(world.get(world.urls()[0]).body)
    total = hosts * articles
    with (
        tempfile.TemporaryDirectory() as folder,
        running(world=world) as served,
        redis_server(Path(folder)) as redis,
        cluster(Path(folder), redis, served, hosts, f"CLUSTER_BACKLOG={10 * total}") as made,
    ):
        client = redis.client()
        archiver, _ = made.archiver(), made.worker()
        while client.hget("dzwcrawl:many:run", "state") != b"planned":
            time.sleep(0.05)
        archiver.send_signal(signal.SIGSTOP)
        while client.hget("dzwcrawl:many:run", "state") != b"over":
            time.sleep(0.1)
        size = client.memory_usage(STREAM, samples=0) / client.xlen(STREAM)
        before, ticks = time.monotonic(), _ticks(archiver.pid)
        archiver.send_signal(signal.SIGCONT)
        while client.xlen(STREAM) > 1:
            time.sleep(0.02)
        seconds, spent = time.monotonic() - before, _ticks(archiver.pid) - ticks
        archiver.wait()
    print(
        f"pages of {page / 1000:.0f} kB, archiver: {total / seconds:.0f} articles/s, {1000 * spent / total:.1f} ms CPU an article; "
        f"{size / 1000:.1f} kB a message in Redis"
    )


def memory(urls: int) -> None:
    """Print what queued URLs and known ones take in Redis."""
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as redis:
        client = redis.client()
        queue = SharedQueue(client, _Spider())
        queue.run, _ = queue.join("{}")
        sizes = [client.info("memory")["used_memory"]]
        queue.know([f"many:t20240501_{n}" for n in range(urls)])
        sizes.append(client.info("memory")["used_memory"])
        requests = (
            Request(
                f"http://h{n % 40:02d}.many.example/202405/t20240501_{urls + n}.html",
                callback=queue.spider.parse_article,
                errback=queue.spider.article_failed,
                cb_kwargs={"asked": f"http://h{n % 40:02d}.many.example/202405/t20240501_{urls + n}.html"},
                headers={"Referer": f"http://h{n % 40:02d}.many.example/list_7.html"},
                meta={"conditional": False, "depth": 3},
            )
            for n in range(urls)
        )
        queue.push(*requests)
        sizes.append(client.info("memory")["used_memory"])
    known, queued = (b - a for a, b in pairwise(sizes))
    print(f"{urls} URLs in Redis: {known / 1e6:.1f} MB known, {queued / 1e6:.1f} MB queued (known too)")


class _Spider:
    name = "many"
    sources = ()

    def key_of(self, url: str) -> str:
        return url

    def parse_article(self) -> None: ...

    def article_failed(self) -> None: ...


def _cpu() -> float:
    used: Any = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(used.ru_utime + used.ru_stime)


def _ticks(pid: int) -> float:
    """Return the CPU seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run all of it, or what is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hosts", type=int, default=40)
    options.add_argument("--articles", type=int, default=500, help="of each host")
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--delay", type=float, default=0.5)
    options.add_argument("--only", choices=("torture", "rate", "archive", "memory"))
    arguments = options.parse_args()
    if SERVER is None:
        sys.exit("there is no redis-server or valkey-server here (apt-get install redis-server)")
    wanted = {arguments.only} if arguments.only else {"torture", "rate", "archive", "memory"}
    good = True
    if "memory" in wanted:
        memory(100_000)
    if "archive" in wanted:
        for furniture in (0, 600):
            archive_rate(arguments.hosts, max(arguments.articles // 10, 10), furniture)
    if "rate" in wanted:
        for workers in (1, 2, 4):
            rate(workers, arguments.hosts, max(arguments.articles // 20, 10))
    if "torture" in wanted:
        good = torture(arguments.hosts, arguments.articles, arguments.kills, arguments.delay)
    sys.exit(not good)


if __name__ == "__main__":
    main()
