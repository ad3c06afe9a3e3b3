"""What crawls saw of outlets, kept for comparison, and the verdicts on it (:mod:`dzwcrawl.health`)."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from sqlite3 import Row

from dzwcrawl.archive import tombstones
from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.rows import dumps
from dzwcrawl.health.checks import judge
from dzwcrawl.health.facts import LEVELS, Facts, Level, ListingFacts, Observed
from dzwcrawl.health.findings import Finding, Past, verdict
from dzwcrawl.health.rhythm import WEEKS

_CRAWLS = 400
"""Crawls of a site that are read: enough for sixty that were well, however many were not."""

_PROFILES = 60
"""Crawls of a site whose containers are kept."""


@dataclass(frozen=True, slots=True)
class Health:
    """How an outlet was at its last crawl: which crawl, when it began, the verdict and what it stands on."""

    site: str
    crawl: int
    at: str
    verdict: Level
    findings: tuple[Finding, ...]


def conclude(archive: Archive, crawl: int, seen: dict[str, Observed]) -> dict[str, list[Finding]]:
    """Judge what a crawl saw of each site, keep both, and return what was found by site."""
    found = {site: judge(observed, past(archive, site)) for site, observed in seen.items()}
    with archive.transaction():
        for site, observed in seen.items():
            _write(archive, crawl, site, observed, found[site])
        worst = max((verdict(findings) for findings in found.values()), key=LEVELS.index, default=None)
        archive.connection.execute("UPDATE crawls SET health = ? WHERE id = ?", (worst, crawl))
    return found


def _write(archive: Archive, crawl: int, site: str, seen: Observed, findings: list[Finding]) -> None:
    facts, execute = seen.facts, archive.connection.execute
    execute(
        "INSERT INTO facts (crawl, site, at, whole, numbers, profile, verdict, findings) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (crawl, site, facts.at, int(facts.whole), dumps(facts.numbers()))
        + (dumps(dict(facts.profile.most_common(200))) if facts.profile else None, verdict(findings))
        + (
            without_buried(
                archive, dumps([[each.check, each.level, each.values, each.pages] for each in findings])
            ),
        ),
    )
    execute(
        "UPDATE facts SET profile = NULL WHERE site = ?1 AND profile IS NOT NULL AND at < "
        "(SELECT at FROM facts WHERE site = ?1 AND profile IS NOT NULL ORDER BY at DESC LIMIT 1 OFFSET ?2)",
        (site, _PROFILES),
    )
    for one in seen.listings.values():
        execute(
            "INSERT INTO listing_facts (crawl, site, listing, at, links, fresh, failed, unchanged, signature, finding) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (crawl, site, one.url, one.at, one.links, one.fresh, one.failed, int(one.unchanged))
            + (_signature(archive, one.signature), one.finding),
        )


def without_buried(archive: Archive, findings: str) -> str:
    """Return findings, as they are kept, without the URLs of articles that were taken down."""
    kept = [
        [*rest, [page for page in pages if not _is_buried(archive, page)]]
        for *rest, pages in json.loads(findings)
    ]
    return dumps(kept)


def _is_buried(archive: Archive, page: str | None) -> bool:
    return page is None or tombstones.buried(archive, tombstones.keys_of([page])) is not None


def _signature(archive: Archive, names: frozenset[str]) -> int | None:
    if not names:
        return None
    text = dumps(sorted(names))
    archive.connection.execute("INSERT INTO signatures (names) VALUES (?) ON CONFLICT DO NOTHING", (text,))
    return int(archive.query_value("SELECT id FROM signatures WHERE names = ?", (text,)))


def past(archive: Archive, site: str) -> Past:
    """Return what earlier crawls saw of a site, since it was last accepted as it is."""
    accepted = archive.query_value("SELECT accepted FROM health WHERE site = ?", (site,)) or ""
    rows = archive.connection.execute(
        "SELECT at, whole, numbers, profile, findings FROM facts WHERE site = ? AND at >= ? ORDER BY at DESC LIMIT ?",
        (site, accepted, _CRAWLS),
    ).fetchall()
    since = datetime.fromisoformat(now()) - timedelta(weeks=WEEKS, days=1)
    walks = archive.connection.execute(
        "SELECT listing, at, links, fresh, failed, unchanged, signature, finding FROM listing_facts "
        "WHERE site = ? AND at >= ? ORDER BY at",
        (site, max(accepted, since.isoformat(timespec="seconds"))),
    )
    listings: dict[str, list[ListingFacts]] = {}
    names: dict[int | None, frozenset[str]] = {None: frozenset()}
    for row in walks:
        if row["signature"] not in names:
            text = archive.query_value("SELECT names FROM signatures WHERE id = ?", (row["signature"],))
            names[row["signature"]] = frozenset(json.loads(text))
        finding = None if row["at"] == accepted else row["finding"]
        walk = ListingFacts(
            row["listing"], row["at"], row["links"], row["fresh"], row["failed"],
            bool(row["unchanged"]), names[row["signature"]], finding,
        )  # fmt: skip
        listings.setdefault(walk.url, []).append(walk)
    last = findings_of(rows[0]["findings"]) if rows and rows[0]["at"] != accepted else ()
    return Past([_facts(row, accepted) for row in reversed(rows)], listings, last)


def _facts(row: Row, accepted: str) -> Facts:
    told = json.loads(row["numbers"])
    findings = [] if row["at"] == accepted else json.loads(row["findings"])
    return Facts(
        at=row["at"],
        whole=bool(row["whole"]),
        counts=Counter(told["counts"]),
        kinds={kind: Counter(values) for kind, values in told["kinds"].items()},
        profile=Counter(json.loads(row["profile"] or "{}")),
        robots=told["robots"],
        length=told["length"],
        skew=told["skew"],
        checks=frozenset(each[0] for each in findings),
    )


def findings_of(text: str) -> tuple[Finding, ...]:
    """Return the findings of a row; the URLs of articles that were forgotten are gone from them."""
    return tuple(
        Finding(check, level, values, tuple(filter(None, pages)))
        for check, level, values, pages in json.loads(text)
    )


def latest(archive: Archive, site: str | None = None) -> Iterator[Health]:
    """Yield how each site was at its last crawl, by name, or one site.

    One that was accepted since is well, one that is not crawled any more is an alarm.
    """
    rows = archive.connection.execute(
        "SELECT facts.site, crawl, max(at) AS at, CASE WHEN at > coalesce(accepted, '') THEN findings ELSE '[]' END "
        "AS findings FROM facts LEFT JOIN health ON health.site = facts.site "
        "WHERE ?1 IS NULL OR facts.site = ?1 GROUP BY facts.site ORDER BY facts.site",
        (site,),
    ).fetchall()
    for row in rows:
        findings = (*_overdue(archive, row["site"]), *findings_of(row["findings"]))
        yield Health(row["site"], row["crawl"], row["at"], verdict(findings), findings)


_LATE = 3
"""Times the usual time between two crawls from which the next one is overdue, and 26 hours at least."""


def _overdue(archive: Archive, site: str) -> list[Finding]:
    """Return the finding that a site is not crawled any more, if so; it takes six crawls to know how often it is."""
    rows = archive.connection.execute(
        "SELECT at FROM facts WHERE site = ? AND whole ORDER BY at DESC LIMIT 21", (site,)
    )
    times = [datetime.fromisoformat(row["at"]) for row in rows]
    gaps = sorted(later - earlier for later, earlier in pairwise(times))
    if len(gaps) < 5:
        return []
    usual, since = gaps[len(gaps) // 2], datetime.fromisoformat(now()) - times[0]
    if since < max(_LATE * usual, timedelta(hours=26)):
        return []
    hours = {"hours": round(since / timedelta(hours=1)), "usual": round(usual / timedelta(hours=1), 1)}
    return [Finding("overdue", "alarm", hours)]


def accept(archive: Archive, site: str) -> bool:
    """Take a site as it is now for what is usual: what was before is not compared with. Returns whether it is known."""
    newest = archive.query_value("SELECT max(at) FROM facts WHERE site = ?", (site,))
    if newest is None:
        return False
    with archive.transaction():
        archive.connection.execute(
            "INSERT INTO health (site, accepted) VALUES (?1, ?2) ON CONFLICT (site) DO UPDATE SET accepted = ?2",
            (site, newest),
        )
    return True
