"""A short `make torture`: one kill a phase, a full disk, a failing pipeline."""

import random
from pathlib import Path

from tests.replica import running
from tests.torture import Count, failing_pipeline_round, full_disk_round, kill_round

ARTICLES = 120


def test_kills_lose_nothing_and_fetch_nothing_again() -> None:
    count = Count()
    with running(articles=ARTICLES, crawl_delay=0) as served:
        kill_round(served, ARTICLES, random.Random(1), count)
    assert count.faults == []
    assert sum(count.kills.values()) >= 4


def test_a_full_disk_and_a_failing_pipeline_lose_nothing(tmp_path: Path) -> None:
    count = Count()
    with running(articles=ARTICLES, crawl_delay=0) as served:
        full_disk_round(served, ARTICLES, tmp_path, count, 300_000)
        failing_pipeline_round(served, ARTICLES, count)
    assert count.faults == []
