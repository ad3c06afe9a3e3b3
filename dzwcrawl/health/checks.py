"""The verdict on a crawl of an outlet: what it saw against what was usual in the crawls before.

Thresholds, and why they are what they are: docs/health.md.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

from dzwcrawl.health.facts import LEVELS, Facts, Level, Observed
from dzwcrawl.health.findings import (
    ALARM,
    BASELINE,
    CRAWLS,
    PAGES,
    UNLIKE,
    WARN,
    WARN_COUNT,
    Finding,
    Past,
    likeness,
    middle_and_spread,
    names_of,
)
from dzwcrawl.health.listings import listing_findings
from dzwcrawl.health.rhythm import Visit, expectation
from dzwcrawl.health.tails import correlation_of, share_tail

_MUCH = 0.5
"""Rise of a share from which it is an alarm."""

_POOLED = 3
"""Crawls that are looked at together with this one."""

_RARE = 0.05
"""Share of the pages of a host up to which an encoding is none of its own."""

_WEIGHT = 50
"""Pages of a crawl that count at most in a share: a backfill must not outvote the days after it."""


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that pages have or lack: of which pages, the rise of their share that matters, the worst it can be."""

    of: str
    rise: float = 0.2
    worst: Level = "alarm"


TRAITS: Mapping[str, Trait] = {
    "barred": Trait("pages"),
    "gone": Trait("pages"),
    "rules": Trait("pages", rise=0.1),
    "refused": Trait("pages"),
    "missed": Trait("again", rise=0.15),
    "unlike": Trait("signed"),
    "damaged": Trait("articles", rise=0.1),
    "no_title": Trait("articles", rise=0.1),
    "no_date": Trait("articles", rise=0.1),
    "no_time": Trait("articles", rise=0.3),
    "no_source": Trait("articles", rise=0.3),
    "no_authors": Trait("articles", rise=0.4, worst="warn"),
    "no_editors": Trait("articles", rise=0.4, worst="warn"),
    "short": Trait("articles"),
    "teaser": Trait("articles"),
    "links_inside": Trait("articles"),
    "cut": Trait("articles", rise=0.3),
    "shared_lines": Trait("articles", rise=0.3),
    "future": Trait("articles", rise=0.1),
    "old": Trait("stored", rise=0.4, worst="warn"),
    "copies": Trait("stored", rise=0.3, worst="warn"),
    "revised": Trait("again", rise=0.3, worst="warn"),
}
"""In the order in which they are told: what explains others comes first."""

_IMPLIED = {
    "refused": {"barred", "gone", "rules", "robots"},
    "few": {"barred", "gone", "rules", "refused", "robots", "unreachable", "empty"},
    "silent": {"robots", "unreachable"},
    "missed": {"barred"},
    "no_time": {"no_date"},
}
"""What need not be told beside something that explains it."""

_BROKEN = frozenset({"few", "barred", "gone", "rules", "refused", "robots", "unreachable", "empty"})
"""Findings of a crawl whose number of articles tells nothing of what is usual."""


def judge(seen: Observed, past: Past) -> list[Finding]:
    """Return what is not as it was, the worst first; what only the past can tell is added to `seen`."""
    seen.finish()
    _count_unlike(seen, past)
    found = [
        *_robots(seen, past),
        *_shares(seen, past),
        *_kinds(seen, past),
        *_length(seen, past),
        *_clock(seen, past),
        *listing_findings(seen, past),
        *_counts(seen, past),
    ]
    found += _lasting(seen, past)
    names = {finding.check for finding in found}
    told = [finding for finding in found if not (_IMPLIED.get(finding.check, set()) & names)]
    return sorted(told, key=lambda finding: -LEVELS.index(finding.level))


def _shares(seen: Observed, past: Past) -> Iterator[Finding]:
    """Pages that have what they had not, or lack what they had."""
    for name, trait in TRAITS.items():
        hits, of = seen.facts.counts[name], seen.facts.counts[trait.of]
        if not hits or not _comparable(name, seen.facts):
            continue
        earlier = [
            (facts.counts[name], facts.counts[trait.of])
            for facts in past.without(name)
            if facts.counts[trait.of] and _comparable(name, facts)
        ]
        level, usual = _share(trait, hits, of, earlier)
        if level == "ok" and len(earlier) > _POOLED:
            # What is too rare for one crawl to tell is told by several.
            recent = [(hits, of), *earlier[-_POOLED:]]
            pooled = sum(x for x, _ in recent), sum(n for _, n in recent)
            level, usual = _share(trait, *pooled, earlier[:-_POOLED])
            hits, of = pooled if level != "ok" else (hits, of)
        if name == "barred" and of >= 3 and 2 * hits >= of:
            level = "alarm"  # a wall needs no past
        if level != "ok":
            values = {"hits": hits, "of": of, "usual": usual}
            yield Finding(name, level, values, tuple(seen.examples[name]))


def _lasting(seen: Observed, past: Past) -> Iterator[Finding]:
    """What the last crawl found on pages, where this one had no such page to tell that it is over."""
    for finding in past.last:
        trait = TRAITS.get(finding.check)
        if trait is not None and not seen.facts.counts[trait.of]:
            yield finding


def _comparable(name: str, facts: Facts) -> bool:
    """Tell whether a trait means something in a crawl: one that walks a list for the first time finds old articles."""
    return name != "old" or (facts.whole and not facts.counts["first_walks"])


def _share(
    trait: Trait, hits: int, of: int, earlier: Sequence[tuple[int, int]]
) -> tuple[Level, float | None]:
    """Return how bad a share is, and what is usual, None without a past."""
    weighed = [(x * min(1.0, _WEIGHT / n), min(float(n), _WEIGHT)) for x, n in earlier]
    pages = sum(n for _, n in weighed)
    usual = (sum(x for x, _ in weighed) + 0.5) / (pages + 1)
    rise = hits / of - usual
    if len(earlier) < CRAWLS or pages < PAGES:
        return "ok", None
    if rise < trait.rise:
        return "ok", round(usual, 3)
    chance = share_tail(hits, of, max(usual, 0.01), correlation_of(weighed, usual))
    level: Level = "ok" if chance >= WARN else "warn"
    if chance < ALARM and rise >= _MUCH and trait.worst == "alarm":
        level = "alarm"
    return level, round(usual, 3)


def _count_unlike(seen: Observed, past: Past) -> None:
    """Count the pages whose containers are not those of earlier crawls."""
    crawls = [facts for facts in past.without("unlike") if facts.profile]
    pages = sum(facts.counts["signed"] for facts in crawls)
    if pages < PAGES:
        return
    known, core = names_of((facts.profile for facts in crawls), pages, least=0.01)
    for names, number in seen.signatures.items():
        if likeness(names, known, core) < UNLIKE:
            seen.facts.counts["unlike"] += number
            for url in seen.signed(names):
                seen.example("unlike", url)


def _kinds(seen: Observed, past: Past) -> Iterator[Finding]:
    """Pages in an encoding, or texts in a language, that the outlet did not have."""
    for what in ("encoding", "language"):
        crawls = [facts.kinds[what] for facts in past.without(what) if what in facts.kinds]
        before = sum(crawls, Counter[str]())
        hosts = Counter[str]()
        for value, count in before.items():
            hosts[_host(value)] += count
        usual = {value for value, count in before.items() if count >= _RARE * hosts[_host(value)]}
        now = seen.facts.kinds.get(what, Counter[str]())
        other = {value: n for value, n in now.items() if value not in usual and hosts[_host(value)] >= CRAWLS}
        if not other:
            continue
        earlier = [(sum(crawl[value] for value in crawl.keys() - usual), crawl.total()) for crawl in crawls]
        level, _ = _share(Trait("articles"), sum(other.values()), now.total(), earlier)
        if level != "ok":
            new = max(other, key=lambda value: other[value])
            known = [value for value, _ in before.most_common() if _host(value) == _host(new)]
            values = {"hits": sum(other.values()), "of": now.total(), "new": new, "usual": known[0]}
            # Text that reads well in another encoding does no harm; text that does not is `damaged`.
            worst: Level = "warn" if what == "encoding" else level
            yield Finding(what, worst, values, tuple(seen.examples[f"{what} {new}"]))


def _host(value: str) -> str:
    """Return the host of a kind that is one of a host (`gbk on www.example.org`)."""
    return value.partition(" on ")[2]


def _length(seen: Observed, past: Past) -> Iterator[Finding]:
    """Bodies half or twice as long as ever."""
    before = [
        log(facts.length)
        for facts in past.facts
        if facts.length and facts.counts["articles"] >= 5 and not facts.checks & {"longer", "shorter"}
    ][-BASELINE:]
    length, articles = seen.facts.length, seen.facts.counts["articles"]
    if length is None or articles < 8 or len(before) < 8:
        return
    middle, spread = middle_and_spread(before)
    off = log(max(length, 1.0)) - middle
    if abs(off) > max(log(2), 6 * spread):
        values = {"length": round(length), "usual": round(exp(middle))}
        newest = [url for urls in seen.examples.values() for url in urls]
        yield Finding("longer" if off > 0 else "shorter", "warn", values, tuple(dict.fromkeys(newest))[:3])


def _robots(seen: Observed, past: Past) -> Iterator[Finding]:
    """A robots.txt that forbids everything, or a listing; or whose rules have changed."""
    before: dict[str, str] = {}
    for facts in past.facts:
        before.update(facts.robots)
    now = seen.facts.robots
    changed = [origin for origin, rules in now.items() if before.get(origin, rules) != rules]
    shut = [origin for origin in changed if now[origin] == "all"]
    shut += [origin for origin in now if now[origin] == "all" and origin not in before]
    forbidden = [one.url for one in seen.listings.values() if one.failed == "Forbidden by robots.txt"]
    if forbidden:
        # Also tomorrow, when the rules have not changed any more.
        shut += [origin for origin in now if any(url.startswith(f"{origin}/") for url in forbidden)]
        shut = list(dict.fromkeys(shut))
        values = {"hits": len(forbidden), "of": len(seen.listings)}
        pages = [*(f"{origin}/robots.txt" for origin in shut), *forbidden]
        yield Finding("robots", "alarm", values, tuple(pages[:3]))
    elif changed or shut:
        origins = dict.fromkeys([*shut, *changed])
        values = {"hits": len(origins), "of": len(now)}
        yield Finding("robots_changed", "warn", values, tuple(f"{one}/robots.txt" for one in origins)[:3])


_FLOOD, _FLOOD_LEAST = 5, 30
"""Times a busy day's number of new articles, and this many more, from which they are too many."""

_SKEW_WARN, _SKEW_ALARM = 300.0, 3600.0
"""Seconds between our clock and the servers' from which it is told."""


def _clock(seen: Observed, past: Past) -> Iterator[Finding]:
    """Our clock, or the servers', is wrong, by more than it always was."""
    skew = seen.facts.skew
    if skew is None:
        return
    before = [facts.skew for facts in past.without("clock") if facts.skew is not None]
    habit = median(before) if len(before) >= CRAWLS else 0.0
    if abs(skew - habit) >= _SKEW_WARN:
        level: Level = "alarm" if abs(skew - habit) >= _SKEW_ALARM else "warn"
        values = {"skew": round(skew), "usual": round(habit)}
        yield Finding("clock", level, values, tuple(seen.examples.get("clock", ())))


def _counts(seen: Observed, past: Past) -> Iterator[Finding]:
    """Too few new articles for the outlet's rhythm, or far too many."""
    if not seen.facts.whole:
        return
    crawls = [facts for facts in past.facts if facts.whole]
    visits = [Visit(facts.at, facts.counts["stored"], not facts.checks & _BROKEN) for facts in crawls]
    new = seen.facts.counts["stored"]
    got = expectation([*visits, Visit(seen.facts.at, new)], seen.facts.at)
    values = {"new": got.new, "usual": round(got.usual, 1), "days": got.silent_days}
    lists = tuple(seen.listings)[:3]
    lasting = not got.new and bool(crawls) and "few" in crawls[-1].checks
    if got.chance < WARN_COUNT or lasting:
        yield Finding("few", "alarm" if got.chance < ALARM or lasting else "warn", values, lists)
    elif got.busy and got.new > _FLOOD * got.busy + _FLOOD_LEAST:
        yield Finding("many", "warn", values | {"usual": got.busy}, lists)
