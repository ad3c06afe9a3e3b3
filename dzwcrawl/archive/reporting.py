"""What came, was cleaned away, changed and vanished in some days, outlet by outlet, and how the outlets are."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.facts import Health, latest
from dzwcrawl.health.facts import LEVELS, Level

_ZONE = timezone(timedelta(hours=8))
_NAMED = 12
"""Articles that are named in a list; the numbers count all."""


@dataclass(frozen=True, slots=True)
class Named:
    """An article that is named in a report: id, site, title, URL, when something happened to it, and what: kinds of
    changes, or a reason.
    """

    id: int
    site: str
    title: str
    url: str
    at: str
    what: list[str]


@dataclass(slots=True)
class Outlet:
    """The numbers of one site: `daily` new articles for each day, None where it was not crawled; `levels` the worst
    verdict of each day.
    """

    site: str
    articles: int = 0
    copies: int = 0
    revised: int = 0
    vanished: int = 0
    refused: int = 0
    daily: list[int | None] = field(default_factory=list)
    levels: list[Level | None] = field(default_factory=list)
    health: Health | None = None


@dataclass(slots=True)
class Report:
    """The numbers of some days (+08:00, both inclusive). The dictionaries are sorted, the largest number first."""

    since: date
    until: date
    days: list[str]
    outlets: list[Outlet]
    invented: bool = False
    crawls: int = 0
    exit_codes: dict[int, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    changed: list[Named] = field(default_factory=list)
    vanished: list[Named] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is, in English."""
        return "dzwcrawl: a demo, all invented" if self.invented else "dzwcrawl: report"

    def total(self, what: str) -> int:
        """Return the sum of a number over all outlets."""
        return sum(getattr(outlet, what) for outlet in self.outlets)


def report(archive: Archive, since: date, until: date, site: str | None = None) -> Report:
    """Return the numbers of the days from `since` to `until`, of one site or of all that are in the archive."""
    days = [(since + timedelta(days=at)).isoformat() for at in range((until - since).days + 1)]
    span = _Span(archive, since, until, site)
    found = Report(since, until, days, span.outlets(days), archive.is_demo())
    crawls = span.rows(
        "SELECT DISTINCT crawls.id, exit_code FROM crawls WHERE started >= :since AND started < :until AND "
        "(:site IS NULL OR spider = :site OR id IN (SELECT crawl FROM facts WHERE site = :site))"
    )
    codes = Counter(row["exit_code"] for row in crawls if row["exit_code"] is not None)
    found.crawls, found.exit_codes = len(crawls), dict(sorted(codes.items()))
    found.removed = span.counts(
        "SELECT json_extract(block.value, '$[1]') AS name, count(*) AS number "
        f"FROM {span.articles}, json_each(articles.layout) AS block WHERE json_array_length(block.value) > 1 "
        "AND json_extract(block.value, '$[1]') IS NOT NULL GROUP BY name"
    )
    found.changes = span.counts(
        f"SELECT kind.value AS name, count(*) AS number FROM {span.revisions}, json_each(revisions.changes) AS kind "
        "GROUP BY name"
    )
    found.refused = span.counts(
        f"SELECT reason AS name, count(*) AS number FROM {span.refused} GROUP BY name"
    )
    found.changed = span.named(
        f"SELECT articles.id, articles.site, title, url, replaced AS at, revisions.changes AS what FROM {span.revisions} "
        "ORDER BY replaced DESC"
    )
    found.vanished = span.named(
        f"SELECT articles.id, site, title, url, vanished AS at, (SELECT reason FROM absences WHERE article = articles.id "
        f"AND until IS NULL) AS what FROM {span.vanished} ORDER BY vanished DESC"
    )
    return found


class _Span:
    """The rows of the archive that belong to some days and a site, as parts of queries."""

    articles = (
        "(SELECT articles.* FROM crawls JOIN articles ON articles.crawl = crawls.id WHERE started >= :since AND "
        "started < :until AND (:site IS NULL OR site = :site)) AS articles"
    )
    revisions = (
        "(SELECT * FROM revisions WHERE replaced >= :since AND replaced < :until) AS revisions JOIN articles ON "
        "articles.id = revisions.article AND (:site IS NULL OR site = :site)"
    )
    refused = (
        "(SELECT * FROM urls WHERE state = 'refused' AND last_seen >= :since AND last_seen < :until AND "
        "(:site IS NULL OR site = :site)) AS urls"
    )
    vanished = (
        "(SELECT * FROM articles WHERE vanished >= :since AND vanished < :until AND "
        "(:site IS NULL OR site = :site)) AS articles"
    )

    def __init__(self, archive: Archive, since: date, until: date, site: str | None) -> None:
        self.archive = archive
        self.parameters: dict[str, Any] = {
            "since": _utc(since),
            "until": _utc(until + timedelta(days=1)),
            "site": site,
        }

    def rows(self, sql: str) -> list[Any]:
        return self.archive.connection.execute(sql, self.parameters).fetchall()

    def counts(self, sql: str) -> dict[str, int]:
        rows = self.rows(f"{sql} ORDER BY number DESC, name")
        return {str(row["name"]): row["number"] for row in rows}

    def named(self, sql: str) -> list[Named]:
        return [
            Named(row["id"], row["site"], row["title"] or "", row["url"], row["at"], _words(row["what"]))
            for row in self.rows(f"{sql} LIMIT {_NAMED}")
        ]

    def outlets(self, days: list[str]) -> list[Outlet]:
        """Return the outlets that had something in these days, most articles first."""
        found: dict[str, Outlet] = {}

        def of(site: str) -> Outlet:
            if site not in found:
                found[site] = Outlet(site, daily=[None] * len(days), levels=[None] * len(days))
            return found[site]

        places = {day: at for at, day in enumerate(days)}
        for site, day, level in self._verdicts():
            outlet, at = of(site), places[day]
            outlet.daily[at] = outlet.daily[at] or 0
            outlet.levels[at] = max(outlet.levels[at] or "ok", level, key=LEVELS.index)
        local = "date(articles.first_seen, '+8 hours')"
        for row in self.rows(
            f"SELECT site, {local} AS day, count(*) AS number, count(duplicate_of) AS copies FROM {self.articles} "
            "GROUP BY site, day"
        ):
            outlet = of(row["site"])
            outlet.articles += row["number"]
            outlet.copies += row["copies"]
            if row["day"] in places:  # a WARC file brings articles that were first seen long ago
                at = places[row["day"]]
                outlet.daily[at] = (outlet.daily[at] or 0) + row["number"]
        for name, rows in (
            ("revised", self.revisions),
            ("vanished", self.vanished),
            ("refused", self.refused),
        ):
            for row in self.rows(f"SELECT site, count(*) AS number FROM {rows} GROUP BY site"):
                setattr(of(row["site"]), name, row["number"])
        for health in latest(self.archive, self.parameters["site"]):
            of(health.site).health = health
        return sorted(found.values(), key=lambda outlet: (-outlet.articles, outlet.site))

    def _verdicts(self) -> Iterator[tuple[str, str, Level]]:
        for row in self.rows(
            "SELECT site, date(at, '+8 hours') AS day, verdict FROM facts WHERE at >= :since AND at < :until AND "
            "(:site IS NULL OR site = :site)"
        ):
            yield row["site"], row["day"], row["verdict"]


def _utc(day: date) -> str:
    """Return the beginning of a day at +08:00 as the archive writes times."""
    moment = datetime(day.year, day.month, day.day, tzinfo=_ZONE).astimezone(UTC)
    return moment.isoformat(timespec="seconds")


def _words(text: str | None) -> list[str]:
    return list(json.loads(text)) if text and text.startswith("[") else [text] if text else []
