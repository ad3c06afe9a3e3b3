"""`make torture`: crawls of the replica killed at random moments, on a full disk, with a pipeline that fails.

After each round of kills one healthy crawl follows. Then every article must be in the archive exactly once, the file
must be whole, nothing may wait in the ledger, and no page may have been fetched again but those that were in flight
(asked for and not yet stored) at a kill.
"""

import argparse
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dzwcrawl.article import Article
from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.replica import Running, World, running

PHASES = ("start", "listing", "article", "store", "close")
IN_FLIGHT = 16
"""CONCURRENT_REQUESTS: more pages than these can never be in flight."""

_ARTICLE = re.compile(r"/(t20\d+_\d+|p\w{9,})\.s?html?")
_PIPELINES = (
    '{"dzwcrawl.crawl.pipelines.CleanPipeline": 200, "tests.torture.FailingPipeline": 500, '
    '"dzwcrawl.crawl.pipelines.ArchivePipeline": 800}'
)


class FailingPipeline:
    """Fails for about a third of the articles."""

    def process_item(self, item: Article) -> Article:
        """Fail or pass the article on.

        :raises RuntimeError: for the unlucky.
        """
        if random.Random(item.url).random() < 1 / 3:
            raise RuntimeError("this pipeline fails now and then")
        return item


@dataclass
class Count:
    """What happened: kills by phase, how many pages were in flight at them, pages fetched again."""

    kills: Counter[str] = field(default_factory=Counter)
    in_flight: list[int] = field(default_factory=list)
    refetched: int = 0
    faults: list[str] = field(default_factory=list)


class Round:
    """One fresh archive and what was done to it."""

    def __init__(self, folder: Path, served: Running, count: Count) -> None:
        self.archive, self.served, self.count = folder / "archive.db", served, count
        self.log = folder / "log"
        self.first_line = len(served.log_lines())
        self.may_be_asked_again: Counter[str] = Counter()

    def start(self, *options: str, limit: int | None = None) -> subprocess.Popen[bytes]:
        """Start a crawl; `limit` bounds the bytes of the files it may write, as a full disk does."""

        def full_disk() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        with self.log.open("wb") as log:
            return subprocess.Popen(
                crawl_command("dzwww", self.archive, *options),
                cwd=ROOT, env=crawl_environment(self.archive.parent, self.served), stderr=log,
                preexec_fn=full_disk,  # noqa: PLW1509 - no other thread holds a lock that it needs
            )  # fmt: skip

    def asked(self, since: int) -> Counter[str]:
        """Return how often each article was asked for since a line of the server's log; parts do not count."""
        urls = (line["url"] for line in self.served.log_lines()[since:] if line["method"] == "GET")
        return Counter(match[1] for url in urls if (match := _ARTICLE.search(url)))

    def value(self, sql: str) -> list[str]:
        """Return the first column of a query; nothing while there is no archive."""
        try:
            with closing(sqlite3.connect(f"file:{self.archive}?mode=ro", uri=True, timeout=60)) as connection:
                return [row[0] for row in connection.execute(sql)]
        except sqlite3.OperationalError:
            return []

    def answered(self) -> set[str]:
        """Return the articles the ledger needs no more page of."""
        urls = self.value("SELECT url FROM urls WHERE state != 'found'")
        return {match[1] for url in urls if (match := _ARTICLE.search(url))}

    def note_unanswered(self, since: int) -> list[str]:
        """Note and return the articles that were asked for and not stored, which must be asked for again."""
        self.served.settle()
        answered = self.answered()
        lost = [name for name in self.asked(since) if name not in answered]
        self.may_be_asked_again.update(lost)
        return lost

    def kill(self, phase: str, rng: random.Random) -> None:
        """Start a crawl and kill it in a phase, unless it ends before."""
        before = len(self.served.log_lines())
        process = self.start()
        deadline = time.monotonic() + (rng.uniform(0.05, 2) if phase == "start" else 120)
        reached = self._reached(phase, before, rng)
        while process.poll() is None and time.monotonic() < deadline and not reached():
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.15 if phase == "close" else 0.03))
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            return
        self.count.kills[phase] += 1
        lost = self.note_unanswered(before)
        self.count.in_flight.append(len(lost))
        if len(lost) > IN_FLIGHT:
            self.count.faults.append(f"{len(lost)} pages in flight at a kill")

    def _reached(self, phase: str, before: int, rng: random.Random) -> Callable[[], bool]:
        number, stored = rng.randint(1, 30), len(self.value("SELECT id FROM articles"))
        if phase == "start":
            return lambda: any("robots" not in line["url"] for line in self.served.log_lines()[before:])
        if phase == "listing":
            listings = number % 9 + 1
            return lambda: sum("/t20" not in x["url"] for x in self.served.log_lines()[before:]) > listings
        if phase == "article":
            return lambda: sum(self.asked(before).values()) >= number
        if phase == "store":
            return lambda: len(self.value("SELECT id FROM articles")) >= stored + number
        return lambda: b"Closing spider" in self.log.read_bytes()

    def finish(self, truth: set[str], special: set[str]) -> None:
        """Run the healthy crawl and check the archive."""
        code = self.start().wait()
        faults = self.count.faults
        if code:
            faults.append(f"the healthy crawl ended with {code}: {self.log.read_text()[-2000:]}")
        names = [
            match[1] for url in self.value("SELECT url FROM articles") if (match := _ARTICLE.search(url))
        ]
        if Counter(names) != Counter(truth):
            lost, more = truth - set(names), set(names) - truth
            faults.append(f"lost {lost}, never there {more}, double {len(names) - len(set(names))}")
        for sql, wanted in (
            ("PRAGMA integrity_check", ["ok"]),
            ("SELECT count(*) FROM urls WHERE state = 'found' OR lease IS NOT NULL", [0]),
            ("SELECT count(*) FROM crawls WHERE finished IS NULL", [0]),
        ):
            if self.value(sql) != wanted:
                faults.append(f"{sql}: {self.value(sql)}")
        for name, times in self.asked(self.first_line).items():
            if name not in special and times > 1:
                self.count.refetched += times - 1
                if times > 1 + self.may_be_asked_again[name]:
                    faults.append(
                        f"{name} was asked for {times} times, {self.may_be_asked_again[name]} times in flight"
                    )


def replica_names(articles: int) -> tuple[set[str], set[str]]:
    """Return the names of the replica's articles, and of those that are asked for twice in one healthy crawl too."""
    rows = World(articles=articles).truth()
    names = {_name(row["url"]) for row in rows if row["kind"] in ("article", "reprint")}
    special = {
        _name(row[key]) for row in rows if row["kind"] in ("redirect", "loop") for key in ("url", "to")
    }
    return names, special | {_name(url) for url in World(articles=articles).flaky_keys}


def _name(url: str) -> str:
    match = _ARTICLE.search(url)
    assert match is not None, url
    return match[1]


def kill_round(served: Running, articles: int, rng: random.Random, count: Count) -> None:
    """Kill one crawl in each phase, then finish."""
    with tempfile.TemporaryDirectory() as folder:
        round_ = Round(Path(folder), served, count)
        # The last phase comes last: nothing is left to fetch after it.
        for phase in (*rng.sample(PHASES[:-1], len(PHASES) - 1), PHASES[-1]):
            round_.kill(phase, rng)
        round_.finish(*replica_names(articles))


def full_disk_round(served: Running, articles: int, folder: Path, count: Count, limit: int | None) -> None:
    """Crawl onto a full disk, then finish with more room; `limit` None: the folder's disk is small itself."""
    round_ = Round(folder, served, count)
    code = round_.start(limit=limit).wait()
    count.faults += [] if code == 3 else [f"on a full disk the crawl ended with {code}"]
    round_.note_unanswered(round_.first_line)
    if limit is None:
        subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
    round_.finish(*replica_names(articles))


@contextmanager
def small_disk(size: str) -> Iterator[Path | None]:
    """A folder on a disk of its own, or None where this user cannot mount one."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "torture", folder]
        if subprocess.run(mount, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def failing_pipeline_round(served: Running, articles: int, count: Count) -> None:
    """Crawl with a pipeline that fails; the next crawl must store what it dropped."""
    with tempfile.TemporaryDirectory() as folder:
        round_ = Round(Path(folder), served, count)
        code = round_.start("-s", f"ITEM_PIPELINES={_PIPELINES}").wait()
        count.faults += [] if code == 1 else [f"with a failing pipeline the crawl ended with {code}"]
        round_.note_unanswered(round_.first_line)
        round_.finish(*replica_names(articles))


def main() -> None:
    """Run everything and print the counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--articles", type=int, default=120)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    rng, count, rounds = random.Random(arguments.seed), Count(), 0
    with running(articles=arguments.articles, crawl_delay=0) as served:
        while sum(count.kills.values()) < arguments.kills and not count.faults:
            rounds += 1
            kill_round(served, arguments.articles, rng, count)
            print(f"round {rounds}: {sum(count.kills.values())} kills", *count.faults, flush=True)
        with small_disk("400k") as disk:
            if disk is not None:
                full_disk_round(served, arguments.articles, disk, count, None)
                print("a disk of 400 kB: crawl ended with 3, the next was whole", flush=True)
        for limit in (150_000, 300_000, 600_000):
            with tempfile.TemporaryDirectory() as folder:
                full_disk_round(served, arguments.articles, Path(folder), count, limit)
        failing_pipeline_round(served, arguments.articles, count)
    flights = Counter(count.in_flight)
    print(f"{sum(count.kills.values())} kills in {rounds} rounds: {dict(count.kills)}")
    print(f"pages in flight at a kill: at most {max(count.in_flight)}, {dict(sorted(flights.items()))}")
    print(f"pages fetched again in all: {count.refetched}")
    print("\n".join(count.faults) or "nothing lost, nothing double, every archive whole")
    sys.exit(bool(count.faults))


if __name__ == "__main__":
    main()
