"""Listings that cannot be had, that are empty, silent, or have another template: each against its own past."""

from collections.abc import Iterator, Sequence
from typing import Any

from dzwcrawl.health.facts import Level, ListingFacts, Observed
from dzwcrawl.health.findings import (
    ALARM,
    BASELINE,
    CRAWLS,
    UNLIKE,
    WARN_COUNT,
    Finding,
    Past,
    likeness,
    middle_and_spread,
    names_of,
)
from dzwcrawl.health.rhythm import Expectation, Visit, expectation
from dzwcrawl.health.tails import together_tail

_MANY = 1 / 3
"""Share of an outlet's listings from which it is an alarm that they are empty or silent."""

_FEW_LINKS = 0.4
"""Share of its usual links below which a listing is empty."""


def listing_findings(seen: Observed, past: Past) -> Iterator[Finding]:
    """Yield what is wrong with listings, and note it in them: such walks do not tell what is usual."""
    yield from _failed(seen, past)
    yield from _empty(seen, past)
    yield from _silent(seen, past)
    yield from _templates(seen, past)


def _failed(seen: Observed, past: Past) -> Iterator[Finding]:
    """Listings that cannot be fetched. One night in which a server is down is no alarm, two are."""
    failed = [one for one in seen.listings.values() if one.failed and not _without_links(one)]
    failed = [one for one in failed if one.failed != "Forbidden by robots.txt"]
    if not failed:
        return
    before = {one.url: past.listings.get(one.url, ()) for one in failed}
    twice = [one for one in failed if before[one.url] and before[one.url][-1].failed]
    if 2 * len(failed) >= len(seen.listings):
        level: Level = "alarm" if 2 * len(twice) >= len(seen.listings) else "warn"
        yield Finding("unreachable", level, _values(seen, failed) | {"why": failed[0].failed}, _pages(failed))
    elif twice:
        yield Finding(
            "listing_failed", "warn", _values(seen, twice) | {"why": twice[0].failed}, _pages(twice)
        )


def _without_links(listing: ListingFacts) -> bool:
    return "no article links" in (listing.failed or "")


def _empty(seen: Observed, past: Past) -> Iterator[Finding]:
    """Listings that are read and have no links to articles, or far fewer than ever."""
    empty = []
    for one in seen.listings.values():
        walks = [
            walk
            for walk in past.listings.get(one.url, ())
            if not (walk.failed or walk.unchanged or walk.finding)
        ]
        before = [float(walk.links) for walk in walks][-BASELINE:]
        if _without_links(one) or (
            not (one.failed or one.unchanged) and len(before) >= 5 and _far_fewer(one.links, before)
        ):
            empty.append(one)
            one.finding = "empty"
    if empty:
        known = any(len(past.listings.get(one.url, ())) >= CRAWLS for one in empty)
        level: Level = "alarm" if known and len(empty) >= _MANY * len(seen.listings) else "warn"
        yield Finding("empty", level, _values(seen, empty), _pages(empty))


def _far_fewer(links: int, before: Sequence[float]) -> bool:
    usual, spread = middle_and_spread(before)
    return links < _FEW_LINKS * usual and links < usual - max(6 * spread, 3)


def _silent(seen: Observed, past: Past) -> Iterator[Finding]:
    """Listings that bring nothing new although they should: one by itself, or several together."""
    judged: dict[str, Expectation] = {}
    lasting = set()
    for url, listing in seen.listings.items():
        walks = past.listings.get(url, ())
        if listing.failed or listing.finding:
            continue
        visits = [Visit(walk.at, walk.fresh, walk.finding is None) for walk in walks if not walk.failed]
        judged[url] = expectation([*visits, Visit(listing.at, listing.fresh)], listing.at)
        if not judged[url].new and walks and walks[-1].finding == "silent":
            lasting.add(url)
    quiet = [url for url, got in judged.items() if not got.new and got.chance < 1.0]
    awaited = [got for got in judged.values() if got.nothing < 1.0]
    together = together_tail(sum(not got.new for got in awaited), [got.nothing for got in awaited])
    alone = {url: judged[url].chance * len(judged) for url in quiet}
    silent = {url for url in quiet if alone[url] < WARN_COUNT or together < WARN_COUNT} | lasting
    if not silent:
        return
    # The least likely first: those are the pages to look at.
    ones = [seen.listings[url] for url in sorted(silent, key=lambda url: (judged[url].chance, url))]
    for one in ones:
        one.finding = "silent"
    sure = bool(lasting) or min([together, *alone.values()]) < ALARM
    level: Level = "alarm" if sure and len(ones) >= _MANY * len(seen.listings) else "warn"
    values = _values(seen, ones) | {
        "usual": round(sum(judged[one.url].usual for one in ones), 1),
        "days": max(judged[one.url].silent_days for one in ones),
    }
    yield Finding("silent", level, values, _pages(ones))


def _templates(seen: Observed, past: Past) -> Iterator[Finding]:
    """Listings whose containers are not those of their earlier pages."""
    changed = []
    for one in seen.listings.values():
        walks = [
            walk for walk in past.listings.get(one.url, ()) if walk.signature and walk.finding != "template"
        ]
        if not one.signature or len(walks) < CRAWLS:
            continue
        earlier = [dict.fromkeys(walk.signature, 1) for walk in walks[-BASELINE:]]
        if likeness(one.signature, *names_of(earlier, len(earlier))) < UNLIKE:
            changed.append(one)
            one.finding = one.finding or "template"
    if changed:
        yield Finding("listing_template", "warn", _values(seen, changed), _pages(changed))


def _values(seen: Observed, ones: Sequence[ListingFacts]) -> dict[str, Any]:
    return {"hits": len(ones), "of": len(seen.listings)}


def _pages(ones: Sequence[ListingFacts]) -> tuple[str, ...]:
    return tuple(one.url for one in ones[:3])
