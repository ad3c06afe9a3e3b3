"""`make bench-boilerplate`: how much boilerplate goes and how much news is lost, by pages seen of an outlet.

    python -m tests.bench.boilerplate.run [--quick] [--pages N] [--sites NAME ...] [--seed N] [--jobs N]
    python -m tests.bench.boilerplate.run --scale 100000
    python -m tests.bench.boilerplate.run --gold ../shared/bench

Tables go to stdout, everything counted to build/bench-boilerplate.json. A boilerplate line is removed when no line
of the stored body equals it, a news line is lost likewise; blanks, width and punctuation do not matter. Shares are
of the lines that extraction let through, over all pages stored so far, after the day's reclean.
"""

import argparse
import json
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from dzwcrawl.text import nearest
from tests.bench.boilerplate import gold, peers, report, scale, weeks
from tests.bench.boilerplate.feed import feed
from tests.bench.boilerplate.measure import Counts, count
from tests.bench.boilerplate.world import OUTLETS
from tests.conftest import ROOT

POINTS = (3, 5, 10, 20, 50, 200, 2000)
QUICK = 200


@dataclass
class Outcome:
    """The figures of one outlet."""

    counts: Counts = field(default_factory=dict)
    peer_counts: Counts = field(default_factory=dict)
    banners: list[weeks.Row] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)


def run_outlet(name: str, points: tuple[int, ...], seed: int) -> Outcome:
    """Feed one outlet and count at every point."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder) / "a.db", create=True) as archive:
        for point, feeding, bodies in feed(OUTLETS[name], archive, points, seed):
            outcome.counts |= count(point, feeding, bodies)
    begun = time.process_time()
    outcome.peer_counts = peers.sample(feeding.fed, points)
    outcome.banners = weeks.rows(feeding, bodies)
    outcome.seconds = dict(feeding.seconds) | {"peers": time.process_time() - begun}
    outcome.failures = dict(feeding.failures)
    return outcome


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How much boilerplate goes and how much news is lost.")
    parser.add_argument(
        "--pages", type=int, default=POINTS[-1], help="pages of each outlet (default: %(default)s)"
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pages of each outlet")
    parser.add_argument("--sites", nargs="+", default=list(OUTLETS), metavar="NAME", help=", ".join(OUTLETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="outlets at the same time (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench-boilerplate.json")
    parser.add_argument("--scale", type=int, metavar="N", help="instead: cost with N articles of one outlet")
    parser.add_argument("--gold", type=Path, metavar="DIR", help="instead: real pages with human gold")
    arguments = parser.parse_args()
    for name in arguments.sites:
        if name not in OUTLETS:
            parser.error(f"there is no outlet {name!r}; {nearest(name, OUTLETS)}")
    if arguments.pages < 3:
        parser.error("--pages: give 3 or more")
    if arguments.scale is not None and arguments.scale < 1000:
        parser.error("--scale: give 1,000 or more")
    if arguments.gold is not None and not any(arguments.gold.glob("*/gold.jsonl")):
        parser.error(f"--gold: {arguments.gold} has no set of pages (no */gold.jsonl)")
    if arguments.quick:
        arguments.pages = min(arguments.pages, QUICK)
    return arguments


def main() -> None:
    """Do what the options ask for and print the tables."""
    arguments = _arguments()
    if arguments.scale is not None:
        print(scale.table(scale.run(arguments.scale, arguments.seed)))
    elif arguments.gold is not None:
        print(gold.table([gold.measure(name, records) for name, records in gold.sites(arguments.gold)]))
    else:
        _run_outlets(arguments)


def _run_outlets(arguments: argparse.Namespace) -> None:
    points = tuple(sorted({p for p in POINTS if p < arguments.pages} | {arguments.pages}))
    for name in peers.missing():
        print(f"{name} is not installed, so it is left out: make peers", file=sys.stderr)
    everything = Outcome()
    seconds = {}
    with ProcessPoolExecutor(arguments.jobs) as pool:
        running = {name: pool.submit(run_outlet, name, points, arguments.seed) for name in arguments.sites}
        for name, future in running.items():
            outcome = future.result()
            everything.counts |= outcome.counts
            everything.peer_counts |= outcome.peer_counts
            everything.banners += outcome.banners
            seconds[name] = outcome.seconds
            for why, times in outcome.failures.items():
                print(f"{name}: {times} pages gave no article: {why}", file=sys.stderr)
    _print(everything, seconds, points, arguments.pages)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    found = report.as_json(everything.counts, everything.peer_counts, everything.banners, seconds)
    arguments.output.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"everything counted: {arguments.output}")


def _print(found: Outcome, seconds: dict[str, dict[str, float]], points: tuple[int, ...], pages: int) -> None:
    names = [name for name in ("trafilatura", "justext") if name not in peers.missing()]
    print(report.overall(found.counts, found.peer_counts, names, points))
    print(report.by_kind(found.counts, points, boilerplate=True))
    print(report.by_kind(found.counts, points, boilerplate=False))
    print(report.by_outlet(found.counts, points[-1]))
    print(report.markdown("Banners that come and go", weeks.table(found.banners)))
    stages = {
        stage: sum(s.get(stage, 0.0) for s in seconds.values()) for stage in ("extract", "store", "reclean")
    }
    each = {stage: 1000 * total / (pages * len(seconds)) for stage, total in stages.items()}
    print("CPU a page: " + ", ".join(f"{stage} {ms:.2f} ms" for stage, ms in each.items()))


if __name__ == "__main__":
    main()
