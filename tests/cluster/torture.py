"""A crawl on a cluster whose parts are killed at random, and what must hold of it all the same."""

import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise

from dzwcrawl.crawl.exit_codes import REDIS_UNREACHABLE
from tests.cluster.parts import Cluster, Server
from tests.cluster.world import ManyHosts
from tests.replica import Running


@dataclass
class Report:
    """What a crawl came to."""

    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    again: int = 0
    shortest: dict[str, float] = field(default_factory=dict)
    early: int = 0
    together: int = 0
    faults: list[str] = field(default_factory=list)


class Torture:
    """One crawl of a world by some workers and an archiver, with `kills` kills and perhaps a restart of Redis."""

    def __init__(
        self, cluster: Cluster, redis: Server, served: Running, world: ManyHosts, seed: int = 1
    ) -> None:
        self._cluster, self._redis, self._served, self._world = cluster, redis, served, world
        self._rng = random.Random(seed)
        self.report = Report()

    def run(self, workers: int, *, kills: int = 0, restart: bool = False, limit: float = 3600.0) -> Report:
        """Crawl to the end and check what came of it.

        :param limit: seconds after which it is given up.
        """
        began, self._began = time.monotonic(), time.time() * 1000
        archiver = self._cluster.archiver()
        crew = [self._cluster.worker() for _ in range(workers)]
        for at, kind in self._plan(kills, restart):
            while self._asked() < at and time.monotonic() - began < limit and archiver.poll() is None:
                time.sleep(0.02)
            self.report.kills[kind] += 1
            if kind == "redis":
                self._redis.kill()
                time.sleep(self._rng.uniform(0.5, 3))
                self._redis.restart()
            elif kind == "archiver":
                archiver.send_signal(signal.SIGKILL)
                archiver.wait()
                archiver = self._cluster.archiver()
            else:
                number = self._rng.randrange(workers)
                crew[number].send_signal(signal.SIGKILL)
                crew[number].wait()
                crew[number] = self._cluster.worker()
            self._start_again(crew)
        while archiver.poll() in (None, REDIS_UNREACHABLE) and time.monotonic() - began < limit:
            self._start_again(crew)
            if archiver.poll() == REDIS_UNREACHABLE:
                archiver = self._cluster.archiver()
            time.sleep(0.1)
        self.report.seconds = time.monotonic() - began
        self._check_processes(crew, archiver.poll())
        self._check_archive()
        self._check_server()
        return self.report

    def _plan(self, kills: int, restart: bool) -> list[tuple[int, str]]:
        """Return when what is killed, by articles asked for: not in the end, when a new worker would begin anew."""
        total = len(self._world.urls())
        kinds = [self._rng.choice(("worker", "worker", "archiver")) for _ in range(kills)] + [
            "redis"
        ] * restart
        return sorted((self._rng.randint(total // 50, total * 4 // 5), kind) for kind in kinds)

    def _start_again(self, crew: list["subprocess.Popen[bytes]"]) -> None:
        """Start those again that came up while Redis was away, which they tell with exit code 8."""
        for number, worker in enumerate(crew):
            if worker.poll() == REDIS_UNREACHABLE:
                crew[number] = self._cluster.worker()

    def _asked(self) -> int:
        return len(self._served.log_lines())

    def _check_processes(self, crew: list["subprocess.Popen[bytes]"], archiver: int | None) -> None:
        codes: dict[int, int | None] = {}
        for number, worker in enumerate(crew):
            try:
                codes[number] = worker.wait(timeout=240)
            except subprocess.TimeoutExpired:
                codes[number] = None
        if archiver != 0 or set(codes.values()) != {0}:
            self.report.faults.append(f"archiver ended with {archiver}, workers with {codes}")
        left = [key for key in self._redis.client().keys("dzwcrawl:many*") if not key.endswith(b":ended")]
        if left:
            self.report.faults.append(f"left in Redis: {left}")
        if length := self._redis.client().xlen("dzwcrawl:stream"):
            self.report.faults.append(f"{length} messages left in the stream")

    def _check_archive(self) -> None:
        with closing(sqlite3.connect(self._cluster.archive)) as connection:
            stored = Counter(row[0] for row in connection.execute("SELECT url FROM articles"))
            if stored != Counter(self._world.urls()):
                lost = set(self._world.urls()) - stored.keys()
                double = [url for url, times in stored.items() if times > 1]
                self.report.faults.append(f"{len(lost)} lost ({sorted(lost)[:3]}), {len(double)} double")
            for sql, wanted in (
                ("PRAGMA integrity_check", "ok"),
                ("SELECT count(*) FROM urls WHERE state != 'article' OR lease IS NOT NULL", 0),
                ("SELECT count(*) FROM crawls WHERE finished IS NULL", 0),
                ("SELECT count(*) FROM received", 0),
                ("SELECT max(revision) FROM articles", 1),
                # A message written twice would be a visit, or a second try.
                ("SELECT coalesce(sum(visits), 0) FROM revisits", 0),
            ):
                found = connection.execute(sql).fetchone()[0]
                if found != wanted:
                    self.report.faults.append(f"{sql}: {found}")

    def _check_server(self) -> None:
        """Look whether two requests were ever at a host at once, and whether each came after its turn.

        On a busy machine a request may be late at the server, and the next one is not: pauses are those between turns.
        """
        turns = self._redis.turns(self._began)
        by_host = defaultdict(list)
        pages: Counter[str] = Counter()
        for line in self._served.log_lines():
            by_host[line["host"]].append((line["began"], line["time"]))
            pages[line["url"]] += 1
        self.report.requests = sum(pages.values())
        self.report.again = self.report.requests - len(pages)
        for host, lines in by_host.items():
            lines.sort()
            # After the first two: robots.txt, which tells the pause, and what it was asked for.
            pauses = [after[0] - before[0] for before, after in pairwise(lines)][1:]
            wanted = max(self._world.slow.get(host, 0.0), self._cluster.delay)
            self.report.shortest[host] = round(min(pauses, default=wanted), 3)
            self.report.early += sum(
                after - before < wanted * 1000 for before, after in pairwise(turns[host][1:])
            )
            # Those of killed workers may have had a turn and never come.
            self.report.early += max(len(lines) - len(turns[host]), 0)
            self.report.early += sum(
                came * 1000 < turn for (came, _), turn in zip(lines, turns[host], strict=False)
            )
            self.report.together += sum(after[0] < before[1] for before, after in pairwise(lines))
        if self.report.early or self.report.together:
            self.report.faults.append(
                f"{self.report.early} requests came too early, {self.report.together} before another was answered"
            )
