"""What repeats on a site, counted by partition and judged over all of them: counts are sums, so they merge exactly.

Every pattern belongs to one bucket, by a digest, so that the buckets can be judged one by one, on any machine; the more
buckets, the less memory one takes.
"""

import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
import zstandard

from dzwcrawl.archive.files import whole_file
from dzwcrawl.archive.learning import layout_of
from dzwcrawl.article import Article
from dzwcrawl.boilerplate.clean import KNOWN, LEARNED, UNJUDGED
from dzwcrawl.boilerplate.known import known_patterns
from dzwcrawl.boilerplate.learned import (
    Evidence,
    Layout,
    Totals,
    Verdict,
    day_of,
    judge,
    patterns_of,
    sightings,
)
from dzwcrawl.bulk.drafts import drafts_of
from dzwcrawl.text import digest

_MIN_PAGES = 3
"""Articles below which no pattern is boilerplate (:func:`dzwcrawl.boilerplate.learned.is_boilerplate`)."""

Days = dict[tuple[str, str, str, int], int]
"""Articles by site, template, channel and day."""

Counts = dict[tuple[Layout, int], Evidence]


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of a partition: for each bucket, where in `file` they stand (offset, bytes)."""

    file: str
    slices: tuple[tuple[int, int], ...]
    days: Days


@dataclass(frozen=True, slots=True)
class Bucket:
    """The counts of some patterns, of all partitions, and the folder with the totals of their sites."""

    slices: tuple[tuple[str, int, int], ...]
    totals: str


def count(job: tuple[str, list[int], str, int]) -> Counted:
    """Count the drafts of a file that stand at the given places into a file, by so many buckets."""
    drafts, wanted, file, buckets = job
    places = frozenset(wanted)
    days: Days = defaultdict(int)
    counts: dict[tuple[str, str, Layout, int], list[int]] = {}
    for place, (_, article) in enumerate(drafts_of(drafts)):
        if place not in places:
            continue
        site, layout, day = article.site or "", layout_of(article), day_of(article)
        days[site, layout.template, layout.channel, day] += 1
        for pattern, evidence in sightings(article, patterns_of(article), UNJUDGED).items():
            numbers = counts.setdefault((site, pattern, layout, day), [0] * len(evidence))
            for i, number in enumerate(evidence):
                numbers[i] += number
    lines: list[list[bytes]] = [[] for _ in range(buckets)]
    for (site, pattern, layout, day), numbers in counts.items():
        bucket = int(digest(f"{site}\n{pattern}")[:8], 16) % buckets
        lines[bucket].append(orjson.dumps([site, pattern, *layout, day, *numbers]))
    slices, offset = [], 0
    with whole_file(Path(file)) as out:
        for some in lines:
            packed = zstandard.compress(b"\n".join(some))
            out.write(packed)
            slices.append((offset, len(packed)))
            offset += len(packed)
    return Counted(file, tuple(slices), dict(days))


def write_totals(days: Iterable[Days], folder: Path) -> None:
    """Write how many articles each site has, by layout and day, over all partitions."""
    sites: dict[str, dict[tuple[str, str, int], int]] = defaultdict(lambda: defaultdict(int))
    for some in days:
        for (site, template, channel, day), number in some.items():
            sites[site][template, channel, day] += number
    folder.mkdir()
    for site, numbers in sites.items():
        rows = [[*where, number] for where, number in numbers.items()]
        (folder / digest(site)).write_bytes(orjson.dumps(rows))


def judge_bucket(bucket: Bucket) -> list[tuple[str, str, int, Verdict]]:
    """Return the verdicts on the patterns of a bucket: site, pattern, month and verdict."""
    found = []
    for site, patterns in sorted(_merged(bucket).items()):
        totals = _totals(Path(bucket.totals) / digest(site))
        months = totals.months()
        for pattern, counts in sorted(patterns.items()):
            if sum(evidence.pages for evidence in counts.values()) < _MIN_PAGES:
                continue
            rows = [(layout, day, evidence) for (layout, day), evidence in counts.items()]
            for month, window in months.items():
                found += [(site, pattern, month, verdict) for verdict in judge(pattern, rows, totals, window)]
    return found


def _merged(bucket: Bucket) -> dict[str, dict[str, Counts]]:
    """Return the summed counts of a bucket by site and pattern."""
    sites: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(dict))
    for file, offset, size in bucket.slices:
        with Path(file).open("rb") as packed:
            packed.seek(offset)
            lines = zstandard.decompress(packed.read(size))
        for line in io.BytesIO(lines):
            site, pattern, template, channel, day, *numbers = orjson.loads(line)
            counts, where = sites[site][pattern], (Layout(template, channel), day)
            counts[where] = Evidence(*map(sum, zip(counts.get(where, Evidence()), numbers, strict=True)))
    return sites


def _totals(file: Path) -> Totals:
    return Totals(
        (Layout(template, channel), day, number)
        for template, channel, day, number in orjson.loads(file.read_bytes())
    )


def write_verdicts(verdicts: Iterable[tuple[str, str, int, Verdict]], folder: Path) -> None:
    """Write the verdicts by site, for :func:`reasons`."""
    sites: dict[str, dict[str, list[tuple[int, str, str]]]] = defaultdict(lambda: defaultdict(list))
    for site, pattern, month, verdict in verdicts:
        sites[site][pattern].append((month, verdict.scope, verdict.place))
    folder.mkdir()
    for site, patterns in sites.items():
        (folder / digest(site)).write_bytes(orjson.dumps(patterns))


def reasons(article: Article, verdicts: str | None) -> dict[str, str]:
    """Return what is known about the blocks of an article, for :func:`dzwcrawl.boilerplate.clean.clean_learned`.

    :param verdicts: the folder of :func:`write_verdicts`; None where nothing is judged yet.
    """
    patterns = set(chain.from_iterable(patterns_of(article)))
    found = dict.fromkeys(patterns & known_patterns(article.site or ""), KNOWN)
    judged = _verdicts(str(Path(verdicts) / digest(article.site or ""))) if verdicts else {}
    month, scopes = day_of(article) // 100, layout_of(article).scopes()
    for pattern in patterns & judged.keys():
        # In the order of the scopes, as the archive does: the last one decides where it is said to stand.
        for when, scope, place in sorted(judged[pattern]):
            if when == month and scope in scopes:
                found[pattern] = LEARNED[place]
    return found


@lru_cache(maxsize=64)
def _verdicts(file: str) -> dict[str, Any]:
    path = Path(file)
    return dict(orjson.loads(path.read_bytes())) if path.is_file() else {}
