"""Real crawls of an outlet that breaks: each failure is noticed by the first crawl, and cron and people hear of it.

The short form of `make bench-health`.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dzwcrawl.archive.archive import Archive
from tests.bench.health.faults import CASES, Broken
from tests.bench.health.paper import Paper
from tests.bench.health.regional import FIRST_DAY
from tests.bench.health.run import crawl
from tests.replica import Running, running
from tests.test_health_archive import webhook

DAYS = 5


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(world=Paper(FIRST_DAY)) as server:
        yield server


@pytest.fixture(scope="module")
def healthy(served: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive after five crawls in which nothing was wrong."""
    archive = tmp_path_factory.mktemp("health") / "archive.db"
    for day in range(FIRST_DAY, FIRST_DAY + DAYS):
        world = Paper(day)
        found = crawl(world, world, day, archive, served)
        assert (found.level, found.checks, found.exit_code) == ("ok", (), 0)
    with Archive(archive) as opened:
        opened.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return archive


FIRST = {
    case.failure: case for case in reversed(CASES) if Paper in case.outlets and "stays" not in case.strength
}
"""Of each failure the first strength that needs no weeks of history."""


def test_all_eight_failures_are_among_them() -> None:
    assert len(FIRST) == 8


@pytest.mark.parametrize("failure", FIRST)
def test_a_failure_is_noticed_by_the_first_crawl(
    failure: str, served: Running, healthy: Path, tmp_path: Path
) -> None:
    archive = Path(shutil.copy(healthy, tmp_path / "archive.db"))
    day, case = FIRST_DAY + DAYS, FIRST[failure]
    world = Paper(day)
    found = crawl(world, Broken(world, day - 1, case.fault), day, archive, served)
    assert found.level != "ok", failure
    with Archive(archive) as opened:
        row = opened.connection.execute(
            "SELECT health, exit_code FROM crawls ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert (row["health"], row["exit_code"]) == (found.level, found.exit_code)
    if found.level == "alarm":
        assert found.exit_code in (1, 6, 10, 21), "cron hears of it"


def test_people_are_told_by_the_crawl_itself_once(
    served: Running, healthy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Path(shutil.copy(healthy, tmp_path / "archive.db"))
    with webhook() as (port, got):
        monkeypatch.setitem(os.environ, "DZWCRAWL_NOTIFY", f"json://127.0.0.1:{port}/s3cret")
        for day in (FIRST_DAY + DAYS, FIRST_DAY + DAYS + 1):
            world = Paper(day)
            crawl(world, Broken(world, FIRST_DAY + DAYS - 1, FIRST["login wall"].fault), day, archive, served)
    assert [each["title"] for each in got] == ["dzwcrawl: kuestenbote.example alarm"]
    with Archive(archive) as opened:
        told = json.loads(opened.query_value("SELECT told FROM health"))
    assert told["verdict"] == "alarm"
