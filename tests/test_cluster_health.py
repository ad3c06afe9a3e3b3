"""A run of a cluster is judged as a crawl on one machine is, and people hear of it, whoever is killed."""

import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dzwcrawl.archive.archive import Archive
from dzwcrawl.cli import main
from tests.bench.health.faults import CASES, Broken
from tests.bench.health.regional import FIRST_DAY, Regional
from tests.bench.health.run import crawl
from tests.cluster.parts import SERVER, Cluster, Server, redis_server
from tests.replica import Running, running
from tests.replica.month import moment
from tests.test_health_archive import webhook

DAYS = 3
FAULTS = {(case.failure, case.strength): case.fault for case in CASES}
WALL = ("login wall", "half of the pages")
WALL_ON_ALL = ("login wall", "all pages")
EMPTY = ("half the listings silent", "they are empty")


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if SERVER is None:
        pytest.skip("there is no redis-server or valkey-server here (apt-get install redis-server)")
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(world=Regional(FIRST_DAY)) as server:
        yield server


@pytest.fixture(scope="module")
def healthy(served: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive after some crawls on one machine in which nothing was wrong."""
    archive = tmp_path_factory.mktemp("health") / "archive.db"
    for day in range(FIRST_DAY, FIRST_DAY + DAYS):
        world = Regional(day)
        assert crawl(world, world, day, archive, served).level == "ok"
    with Archive(archive) as opened:
        opened.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return archive


@pytest.fixture
def made(tmp_path: Path, redis: Server, served: Running, healthy: Path) -> Iterator[Cluster]:
    """A cluster of the outlet with its past, on the day after."""
    redis.client().flushall()
    found = Cluster(
        tmp_path,
        redis,
        served,
        1,
        0.0,
        "CONCURRENT_REQUESTS_PER_DOMAIN=8",
        "REVISIT_BUDGET=12",
        spider="dzwww",
    )
    shutil.copy(healthy, found.archive)
    day = moment(FIRST_DAY + DAYS).replace(tzinfo=timezone(timedelta(hours=8)))
    found.environment |= {"DZWCRAWL_NOW": day.isoformat(timespec="seconds"), "no_proxy": "127.0.0.1"}
    yield found
    found.stop()


def broken(failure: tuple[str, str] | None) -> Any:
    """The outlet on the day after, broken since the day before."""
    world = Regional(FIRST_DAY + DAYS)
    return Broken(world, FIRST_DAY + DAYS - 1, FAULTS[failure]) if failure else world


def numbers(text: str) -> dict[str, Any]:
    """Return what was counted; of an article with two URLs, either host may be the one that was asked."""
    found: dict[str, Any] = json.loads(text)
    encodings: Counter[str] = Counter()
    for kind, pages in found["kinds"].get("encoding", {}).items():
        encodings[kind.split()[0]] += pages
    return found | {"kinds": found["kinds"] | {"encoding": encodings}}


def judged(path: Path) -> dict[str, Any]:
    """Return what the last crawl saw, and the verdict; pages to look at are the first ones, whichever came first."""
    with Archive(path) as archive:
        crawl = archive.connection.execute("SELECT * FROM crawls ORDER BY id DESC LIMIT 1").fetchone()
        facts = archive.connection.execute("SELECT * FROM facts WHERE crawl = ?", (crawl["id"],)).fetchall()
        listings = archive.connection.execute(
            "SELECT listing, links, fresh, failed, unchanged, names, finding FROM listing_facts "
            "LEFT JOIN signatures ON signatures.id = signature WHERE crawl = ? ORDER BY 1",
            (crawl["id"],),
        ).fetchall()
    return {
        "health": crawl["health"],
        "exit code": crawl["exit_code"],
        "facts": [
            (
                row["site"],
                row["whole"],
                row["verdict"],
                numbers(row["numbers"]),
                row["profile"] and json.loads(row["profile"]),
            )
            + ([finding[:3] for finding in json.loads(row["findings"])],)
            for row in facts
        ],
        "listings": [tuple(row) for row in listings],
    }


@pytest.mark.parametrize(
    ("failure", "level"),
    [(None, "ok"), (WALL_ON_ALL, "alarm"), (EMPTY, "alarm")],
    ids=["healthy", "wall", "empty"],
)
def test_a_run_is_judged_as_a_crawl_on_one_machine(
    failure: tuple[str, str] | None, level: str, made: Cluster, served: Running, healthy: Path, tmp_path: Path
) -> None:
    alone = Path(shutil.copy(healthy, tmp_path / "alone.db"))
    world = broken(failure)
    found = crawl(Regional(FIRST_DAY + DAYS), world, FIRST_DAY + DAYS, alone, served)
    archiver, workers = made.archiver(), [made.worker(), made.worker()]
    assert [archiver.wait(120), *(worker.wait(60) for worker in workers)][0] == 0, made.log()[-5000:]
    one, together = judged(alone), judged(made.archive)
    assert one["health"] == found.level == level and one["listings"] != []
    assert one == together


def test_a_run_that_another_archiver_ends_is_judged_by_its_pages_and_people_are_told_once(
    made: Cluster, served: Running
) -> None:
    served.serve(broken(WALL))
    with webhook() as (port, got):
        made.environment["DZWCRAWL_NOTIFY"] = f"json://127.0.0.1:{port}/s3cret"
        killed, worker = made.archiver(), made.worker()
        while _responses(made.archive) < 20:
            assert killed.poll() is None and worker.poll() is None, made.log()[-5000:]
            time.sleep(0.02)
        killed.kill()
        killed.wait()
        assert (made.archiver().wait(120), worker.wait(60)) == (0, 0), made.log()[-5000:]
    assert "nobody was told" not in made.log()
    assert [each["title"] for each in got] == ["dzwcrawl: dzwww alarm"]
    found = judged(made.archive)
    site, whole, verdict, *_, findings = found["facts"][0]
    assert (site, whole, verdict, found["health"], found["exit code"]) == ("dzwww", 0, "alarm", "alarm", 21)
    assert [check for check, *_ in findings] == ["barred"]
    assert found["listings"] == [], "what the first archiver heard of them is lost"
    done = health(made.archive, "--json")
    assert (done.exit_code, [each["verdict"] for each in json.loads(done.output)]) == (21, ["alarm"])


def _responses(path: Path) -> int:
    """Return how many answers of the run that goes on are archived."""
    with Archive(path) as archive:
        row = archive.query_value("SELECT stats FROM crawls WHERE finished IS NULL")
    return int(json.loads(row or "{}").get("responses", 0))


def health(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["health", "--archive", str(path), *options])
