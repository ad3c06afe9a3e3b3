"""Stored articles seen again: when they are due, what a visit finds, what vanishes and returns."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dzwcrawl.archive import ledger, visits
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.revisits import FIRST, HORIZON, TYPICAL, age_class, born, next_visit, share_of_edits
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article
from dzwcrawl.cli import main
from tests.conftest import make_article

BORN = datetime(2026, 11, 20, 1, tzinfo=UTC)
TEXT = "七月八日上午，青石县白浪镇的第三座风车开始转动，岸边围了两百多人，有人带了板凳。"
ages = st.timedeltas(timedelta(0), timedelta(days=400))
shares = st.floats(0.0001, 1)


@given(ages, shares)
def test_the_next_visit_is_later_and_within_the_horizon(age: timedelta, share: float) -> None:
    following = next_visit(BORN, BORN + age, share)
    assert following is None or BORN + age < following <= BORN + HORIZON
    assert following is not None or age >= 0.8 * HORIZON


@given(ages, shares, shares)
def test_a_site_that_edits_more_is_visited_sooner(age: timedelta, one: float, other: float) -> None:
    rare, often = (next_visit(BORN, BORN + age, share) for share in sorted((one, other)))
    assert (rare is None) == (often is None)
    assert rare is None or often is None or often <= rare


@given(ages, ages, shares)
def test_whoever_looks_later_looks_again_later(one: timedelta, other: timedelta, share: float) -> None:
    first, second = (next_visit(BORN, BORN + age, share) for age in sorted((one, other)))
    assert second is None or (first is not None and first <= second)


def ladder(share: float, crawls_every: timedelta) -> list[timedelta]:
    """Return the ages at which an article is visited by crawls that run at these intervals."""
    at, due, found = BORN, next_visit(BORN, BORN, share), []
    while due is not None:
        at = max(due, at + crawls_every)
        found.append(at - BORN)
        due = next_visit(BORN, at, share)
    return found


@given(shares, st.timedeltas(timedelta(minutes=1), timedelta(days=3)))
def test_visits_come_to_an_end(share: float, crawls_every: timedelta) -> None:
    assert 1 <= len(ladder(share, crawls_every)) <= 21


def test_minutes_then_hours_days_weeks_then_never() -> None:
    found = ladder(TYPICAL, timedelta(minutes=1))
    assert found[:4] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert {age_class(age) for age in found} == {"minutes", "hours", "days", "weeks"}
    assert (len(found), found[-1]) == (13, HORIZON)
    assert len(ladder(share_of_edits(200, 0), timedelta(minutes=1))) < 10
    assert len(ladder(share_of_edits(200, 60), timedelta(minutes=1))) > 18
    assert ladder(TYPICAL, timedelta(days=1))[:3] == [timedelta(days=n) for n in (1, 2, 4)]


@pytest.mark.parametrize(
    ("published", "first_seen", "expected"),
    [
        ("2026-11-20T09:00:00+08:00", "2026-11-20T05:00:00+00:00", "2026-11-20T01:00:00+00:00"),
        ("2026-11-20T09:00:00", "2026-11-20T05:00:00+00:00", "2026-11-20T01:00:00+00:00"),
        ("2027-11-20T09:00:00+08:00", "2026-11-20T05:00:00+00:00", "2026-11-20T05:00:00+00:00"),
        ("2026-11-20", "2026-11-20T05:00:00+00:00", "2026-11-20T05:00:00+00:00"),
        ("2026-11-20", "2026-11-22T05:00:00+00:00", "2026-11-21T00:00:00+08:00"),
        ("2026-11-20", "2026-11-18T05:00:00+00:00", "2026-11-20T00:00:00+08:00"),
        ("2016-02", "2026-11-20T05:00:00+00:00", "2016-03-01T00:00:00+00:00"),
        ("2016-12", "2026-11-20T05:00:00+00:00", "2017-01-01T00:00:00+00:00"),
        ("2016", "2026-11-20T05:00:00+00:00", "2017-01-01T00:00:00+00:00"),
        ("2026", "2026-11-20T05:00:00+00:00", "2026-11-20T05:00:00+00:00"),
        (None, "2026-11-20T05:00:00+00:00", "2026-11-20T05:00:00+00:00"),
    ],
)
def test_since_when_an_article_is_read(published: str | None, first_seen: str, expected: str) -> None:
    assert born(published, first_seen) == datetime.fromisoformat(expected)


class Clock:
    """Sets the archive's clock through its one place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.set(timedelta(0))

    def set(self, age: timedelta) -> None:
        self.now = (BORN + age).isoformat(timespec="seconds")
        self._monkeypatch.setenv("DZWCRAWL_NOW", self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def keep(archive: Archive, article: Article) -> str:
    return store(archive, article, key=article.url or "")


def due(archive: Archive) -> list[str]:
    return list(visits.due(archive, "s", 100).values())


def absences(archive: Archive) -> list[tuple[str, str | None, int]]:
    rows = archive.connection.execute(
        "SELECT substr(since, 1, 13), substr(until, 1, 13), confirmed FROM absences"
    )
    return [tuple(row) for row in rows]


def vanished(archive: Archive) -> list[str]:
    return [row["reason"] for row in archive.connection.execute("SELECT reason FROM vanished")]


def test_a_stored_article_is_due_again_and_its_visits_are_counted(archive: Archive, clock: Clock) -> None:
    article = make_article(TEXT, day=BORN.isoformat())
    old = make_article(TEXT + "旧", day="2016-03-04")
    keep(archive, article), keep(archive, old)
    assert due(archive) == []
    clock.set(FIRST)
    assert due(archive) == [article.url]
    same = make_article(TEXT, day=BORN.isoformat(), title=article.title, url=article.url)
    assert keep(archive, same) == "unchanged"
    assert due(archive) == []
    clock.set(timedelta(hours=30))
    edited = make_article(TEXT, TEXT, day=BORN.isoformat(), title=article.title, url=article.url)
    assert keep(archive, edited) == "revised"
    visits.unchanged(archive, article.id or 0)
    rows = archive.connection.execute("SELECT age, visits, changed FROM revisits ORDER BY age")
    assert [tuple(row) for row in rows] == [("days", 2, 1), ("minutes", 1, 0)]
    clock.set(HORIZON)
    assert due(archive) == [article.url]
    visits.unchanged(archive, article.id or 0)
    clock.set(timedelta(days=1000))
    assert due(archive) == [], "then never"


def test_the_longest_due_comes_first_and_the_budget_bounds(archive: Archive, clock: Clock) -> None:
    urls = []
    for hours in (3, 2, 1):
        article = make_article(f"{TEXT}{hours}", day=(BORN - timedelta(hours=hours)).isoformat())
        keep(archive, article)
        urls.append(article.url)
    clock.set(timedelta(days=1))
    assert list(visits.due(archive, "s", 2).values()) == urls[::-1][:2]
    assert ledger.due_again(archive, "s", 0) == []


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_marked_at_once_and_its_return_is_noticed(
    archive: Archive, clock: Clock, status: int
) -> None:
    article = make_article(TEXT, day=BORN.isoformat())
    keep(archive, article)
    url = article.url or ""
    clock.set(timedelta(hours=1))
    assert ledger.refuse(archive, "s", url, url, f"HTTP {status}", status) == "vanished"
    assert vanished(archive) == [f"HTTP {status}"]
    assert due(archive) == []
    found = archive.article(url)
    assert found is not None and found.body == TEXT, "the last good copy stays"
    clock.set(timedelta(hours=3))
    assert due(archive) == [url], "visited on as before"
    assert ledger.refuse(archive, "s", url, url, f"HTTP {status}", status) == "vanished"
    clock.set(timedelta(hours=9))
    again = make_article(TEXT, day=BORN.isoformat(), title=article.title, url=url)
    assert keep(archive, again) == "unchanged"
    assert vanished(archive) == []
    assert absences(archive) == [("2026-11-20T02", "2026-11-20T10", 1)]


def test_the_command_line_tells_of_what_vanished(archive: Archive, clock: Clock) -> None:
    article = make_article(TEXT, day=BORN.isoformat())
    keep(archive, article)
    clock.set(timedelta(hours=1))
    ledger.refuse(archive, "s", article.url or "", article.url or "", "HTTP 404", 404)
    run = CliRunner().invoke
    shown = run(main, ["show", str(article.id), "--archive", str(archive.path)])
    assert "vanished from its site since 2026-11-20T02:00:00+00:00" in shown.output
    assert "1 vanished from their site" in run(main, ["stats", "--archive", str(archive.path)]).output


def test_an_error_page_needs_a_second_visit(archive: Archive, clock: Clock) -> None:
    article = make_article(TEXT, day=BORN.isoformat())
    keep(archive, article)
    url = article.url or ""
    clock.set(timedelta(days=1))
    assert ledger.refuse(archive, "s", url, url, "an error page", 200, absent=True) == "doubtful"
    assert vanished(archive) == []
    visits.unchanged(archive, article.id or 0)
    assert absences(archive) == [], "an accident"
    clock.set(timedelta(days=2))
    assert ledger.refuse(archive, "s", url, url, "an error page", 200, absent=True) == "doubtful"
    clock.set(timedelta(days=2, hours=1))
    assert due(archive) == [url]
    assert ledger.refuse(archive, "s", url, url, "an error page", 200, absent=True) == "vanished"
    assert vanished(archive) == ["an error page"]
    assert absences(archive) == [("2026-11-22T01", None, 1)], "since the first of the two"


def test_a_temporary_failure_is_no_vanishing(archive: Archive, clock: Clock) -> None:
    article = make_article(TEXT, day=BORN.isoformat())
    keep(archive, article)
    url = article.url or ""
    clock.set(timedelta(hours=1))
    for reason, status in (("HTTP 503", 503), ("TimeoutError", None), ("Forbidden by robots.txt", None)):
        assert ledger.refuse(archive, "s", url, url, reason, status) == "failed"
    assert (vanished(archive), absences(archive), due(archive)) == ([], [], [])
    clock.set(timedelta(hours=2))
    assert due(archive) == [url]
