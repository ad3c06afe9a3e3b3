"""`make bench-health`: how soon each failure is noticed, and what is noticed while nothing is wrong.

Real crawls over HTTP, one a day, some minutes early or late, now and then one left out. Each outlet lives healthy for 60
days; as it was on day 30 it is broken, in each way and strength, and crawled on until that is noticed.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

from tests.bench.health.faults import CASES, Broken, Case, Living
from tests.bench.health.paper import Paper
from tests.bench.health.regional import FIRST_DAY, Regional
from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.replica import Running, running
from tests.replica.month import moment
from tests.replica.server import Served

CHINA = timezone(timedelta(hours=8))
_PATIENCE = 5
"""Crawls after which a failure that is not noticed counts as missed."""


@dataclass(frozen=True)
class Verdict:
    """What a crawl found: its exit code, the verdict, and the checks with their level."""

    exit_code: int
    level: str
    checks: tuple[str, ...]


def crawl(world: Living, served: Served, day: float, archive: Path, server: Running) -> Verdict:
    """Run one crawl as of a day and return what it found."""
    server.serve(served)
    environment = crawl_environment(archive.parent, server)
    environment["DZWCRAWL_NOW"] = moment(day).replace(tzinfo=CHINA).isoformat(timespec="seconds")
    environment["no_proxy"] = "127.0.0.1"  # messages to people go past the replica
    options = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "REVISIT_BUDGET=12", "-s", "LOG_LEVEL=ERROR")
    command = crawl_command(world.spider[0], archive, *world.spider[1:], *options)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    with sqlite3.connect(archive) as opened:
        row = opened.execute(
            "SELECT verdict, findings FROM facts WHERE site = ? ORDER BY at DESC LIMIT 1", (world.site,)
        ).fetchone()
    if row is None or done.returncode in (2, 3, 5):
        sys.exit(f"day {day}: exit code {done.returncode}\n{done.stderr[-3000:]}")
    checks = tuple(f"{check} ({level})" for check, level, *_ in json.loads(row[1]))
    return Verdict(done.returncode, row[0], checks)


def calendar(days: int) -> Iterator[tuple[int, float]]:
    """The crawls of the healthy days: number, and day of the replica; some minutes off, one in forty left out."""
    rng = random.Random("calendar")
    for number in range(days):
        late = rng.uniform(-0.015, 0.015)
        if number in (0, 30) or rng.random() > 0.025:
            yield number, FIRST_DAY + number + late


def live(outlet: type[Living], days: int, broken_on: int, folder: Path) -> tuple[Path, list[str]]:
    """Let an outlet live; return the archive as it was on the day before it is broken, and the false alarms."""
    archive, kept = folder / "healthy.db", folder / "before.db"
    alarms = []
    with running(world=outlet(FIRST_DAY)) as server:
        for number, day in calendar(days):
            world = outlet(day)
            found = crawl(world, world, day, archive, server)
            if found.level != "ok" or found.exit_code:
                alarms.append(f"day {number}, {moment(day):%A %d %B}: {found}")
            if number == broken_on:
                with sqlite3.connect(archive) as opened:
                    opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                shutil.copy(archive, kept)
    return kept, alarms


def strike(case: Case, outlet: type[Living], before: Path, broken_on: int) -> tuple[int | None, Verdict]:
    """Break an outlet and crawl it until that is noticed; return at which crawl, and what was found."""
    with tempfile.TemporaryDirectory() as name, running(world=outlet(FIRST_DAY)) as server:
        archive = Path(shutil.copy(before, Path(name) / "archive.db"))
        since = FIRST_DAY + broken_on
        for number in range(1, _PATIENCE + 1):
            world = outlet(since + number)
            found = crawl(world, Broken(world, since, case.fault), since + number, archive, server)
            if found.level != "ok":
                return number, found
        return None, found


def main() -> None:
    """Run it all and print what was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--days", type=int, default=60)
    options.add_argument("--broken-on", type=int, default=30)
    options.add_argument("--only", default="", help="cases whose name has this")
    arguments = options.parse_args()
    os.environ.pop("DZWCRAWL_NOTIFY", None)
    noticed: dict[str, list[int | None]] = {}
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        outlets = (Regional, Paper)
        folders = [Path(name) / outlet.__name__ for outlet in outlets]
        for folder in folders:
            folder.mkdir()
        lived = list(pool.map(live, outlets, [arguments.days] * 2, [arguments.broken_on] * 2, folders))
        for outlet, (_, alarms) in zip(outlets, lived, strict=True):
            print(f"{outlet.__name__}: {arguments.days} healthy days, {len(alarms)} false alarms", flush=True)
            print("".join(f"  {line}\n" for line in alarms), end="", flush=True)
        befores = {outlet: before for outlet, (before, _) in zip(outlets, lived, strict=True)}
        runs = [(case, outlet) for case in CASES for outlet in case.outlets if arguments.only in case.failure]
        for (case, outlet), (at, found) in zip(
            runs,
            pool.map(lambda run: strike(run[0], run[1], befores[run[1]], arguments.broken_on), runs),
            strict=True,
        ):
            noticed.setdefault(case.failure, []).append(at)
            when = f"noticed by crawl {at}" if at else f"not noticed by {_PATIENCE} crawls"
            print(
                f"{case.failure}, {case.strength}, {outlet.__name__}: {when}: {', '.join(found.checks)}; exit {found.exit_code}",
                flush=True,
            )
    for failure, crawls in noticed.items():
        first = sum(at == 1 for at in crawls)
        print(
            f"{failure}: {first} of {len(crawls)} within one crawl, {sum(at is None for at in crawls)} missed"
        )


if __name__ == "__main__":
    main()
