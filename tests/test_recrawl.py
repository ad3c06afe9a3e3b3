"""Crawls of later days: what is asked for again, who is believed that nothing changed, what vanished and returned."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.validators import AGREED, CHECK_EVERY
from dzwcrawl.crawl.exit_codes import exit_code
from tests.bench.revisits import crawl_at, simulate
from tests.replica import Running, running

EARNED = (0, 0.1, 0.2, 0.3, 1)
"""Three times the same listing with its ETag, then another with another: now the host is believed."""

SD = ("-a", "channel=sd")


def stats(archive: Path) -> dict[str, Any]:
    with Archive(archive) as opened:
        found: dict[str, Any] = json.loads(
            opened.query_value("SELECT stats FROM crawls ORDER BY id DESC LIMIT 1")
        )
    return found


def listings(served: Running, since: int = 0) -> list[str]:
    urls = [line["url"] for line in served.log_lines()[since:] if line["method"] == "GET"]
    return [url for url in urls if not re.search(r"robots\.txt|/[tp]\w{9,}\.", url)]


def test_days_of_edits_counters_and_vanishing(tmp_path: Path) -> None:
    only_new = ("-a", "channel=guonei,sd,weifang", "-a", "since=2026-11-21")
    with running(articles=600, crawl_delay=0) as served:
        month = simulate(served, tmp_path / "archive.db", [1, 2, 3, 4], [5, 7, 12, 20], *only_new)
    for noticed in (month.revisions, month.vanished, month.returned):
        assert (noticed.wrong, noticed.missed) == ([], [])
    assert month.revisions.there >= 3
    assert month.vanished.there >= 1


def test_a_listing_is_followed_until_it_brings_only_what_is_known(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with running(articles=120, crawl_delay=0) as served:
        asked = []
        for options in ((), (), ("-s", "LISTING_KNOWN_PAGES=2"), ("-a", "full=1")):
            before = len(served.log_lines())
            crawl_at(0, archive, served, *SD, *options)
            asked.append(len(listings(served, before)))
        pages = served.world.pages_of("sd")
    assert pages == 3
    assert asked == [3, 1, 2, 3]


def test_what_a_day_adds_is_found_and_nothing_else_is_fetched(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with running(articles=120, crawl_delay=0) as served:
        crawl_at(0, archive, served, *SD, "-s", "REVISIT_BUDGET=0")
        before = len(served.log_lines())
        crawl_at(1, archive, served, *SD, "-s", "REVISIT_BUDGET=0")
        articles = [x["url"] for x in served.log_lines()[before:] if re.search(r"/t20\d+_\d+\.", x["url"])]
        bad = {row["url"] for row in served.world.truth() if row["kind"] in ("empty", "soft_404")}
    # And what was refused a day ago, for the first of the tries it is due.
    assert len([url for url in articles if url not in bad]) == 1
    assert stats(archive)["articles_new"] == 1


def test_revisits_stay_within_their_budget(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with running(articles=120, crawl_delay=0) as served:
        crawl_at(3, archive, served, *SD)
        crawl_at(5, archive, served, *SD, "-s", "REVISIT_BUDGET=2")
    found = stats(archive)
    assert (found["articles_new"], found.get("articles_unchanged", 0) + found.get("articles_revised", 0)) == (
        2,
        2,
    )


def test_an_honest_host_is_believed_and_a_304_saves_the_page(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with running(articles=120, crawl_delay=0) as served:
        for day in EARNED:
            crawl_at(day, archive, served, *SD)
        with Archive(archive) as opened:
            host = opened.connection.execute("SELECT * FROM hosts WHERE host = 'sd.dzwww.com'").fetchone()
        assert host["agreed"] >= AGREED and host["moved"] >= 1 and host["lies"] == 0
        before = len(served.log_lines())
        crawl_at(1, archive, served, *SD)
        lines = [(x["url"], x["status"]) for x in served.log_lines()[before:] if x["method"] == "GET"]
    assert ("http://sd.dzwww.com/sdnews/", 304) in lines
    assert stats(archive)["listing_pages_unchanged"] == 1


@pytest.mark.parametrize("lie", ["304", "etag"])
def test_a_host_that_begins_to_lie_is_found_out(tmp_path: Path, lie: str) -> None:
    """An answer that hides new articles is found out at the fifth visit at the latest, and nothing stays hidden."""
    archive = tmp_path / "archive.db"
    with running(articles=120, crawl_delay=0) as served:
        for day in EARNED:
            crawl_at(day, archive, served, *SD)
        if lie == "etag":
            served.lie(lie)
            crawl_at(1, archive, served, *SD)  # which gives the listing the ETag it will keep
        served.lie(lie)
        new, visits = 0, 0
        while not new:
            visits += 1
            assert visits <= CHECK_EVERY
            crawl_at(1 + visits, archive, served, *SD)
            new = stats(archive).get("articles_new", 0)
    assert new == visits, "all that was hidden"
    with Archive(archive) as opened:
        assert opened.query_value("SELECT lies FROM hosts WHERE host = 'sd.dzwww.com'") >= 1


def test_a_host_that_always_lied_is_found_out_at_the_first_change(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with running(articles=120, crawl_delay=0) as served:
        served.lie("etag")
        crawl_at(0, archive, served, *SD)
        crawl_at(1, archive, served, *SD)
    assert stats(archive)["articles_new"] == 1
    with Archive(archive) as opened:
        assert opened.query_value("SELECT lies FROM hosts WHERE host = 'sd.dzwww.com'") >= 1


@pytest.mark.parametrize(
    ("stats", "reason", "code"),
    [
        ({"dzwcrawl/refused": 2}, "finished", 10),
        ({"dzwcrawl/refused_again": 2, "dzwcrawl/revisits_failed": 1}, "finished", 0),
        ({}, "closespider_timeout", 11),
        ({"spider_exceptions/count": 1}, "already_running", 5),
    ],
)
def test_exit_codes(stats: dict[str, int], reason: str, code: int) -> None:
    assert exit_code(stats, reason) == code
