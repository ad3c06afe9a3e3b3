"""Extract mutated pages on all cores: `python -m tests.fuzz 100000`, or one case again: `python -m tests.fuzz NAME@7`.

A case is a page and a number; the two seed the generator, so a case is the same on every machine that has its page.
"""

import argparse
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.fuzz.case import Case, cases_of, run
from tests.fuzz.pages import hand_made, real, replica

_LIMIT = 2.0
"""CPU seconds a page may take."""

_HANG = 60.0
"""Seconds after which a page is given up: the machine may be busy, a page that takes this long hangs."""

_SHARED = Path(__file__).parents[3] / "shared" / "bench"


@dataclass(slots=True)
class Worker:
    """A process that runs cases, and the case it was last heard to begin."""

    process: BaseProcess
    link: Connection
    case: Case | None = None
    since: float = 0.0


@dataclass(slots=True)
class Tally:
    """What came of the cases so far."""

    done: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, case: Case, seconds: float, outcome: str, failed: bool) -> None:
        """Count a case."""
        self.done += 1
        self.outcomes["failed" if failed else outcome] += 1
        self.slowest = sorted([*self.slowest, (seconds, str(case))], reverse=True)[:5]
        if failed or seconds > _LIMIT:
            self.failures.append(f"{case}: {outcome}, {seconds:.2f} s")
            print(f"\n{self.failures[-1]}", flush=True)


def _work(link: Connection, pages: dict[str, bytes]) -> None:
    """Run the cases that come in, and send back what came of each."""
    while (case := link.recv()) is not None:
        link.send(run(case, pages[case.name]))


def _start(pages: dict[str, bytes]) -> Worker:
    context = get_context("fork")  # the pages are shared, not copied
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, pages), daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours)


def _fuzz(pages: dict[str, bytes], count: int, jobs: int) -> Tally:
    cases = iter(cases_of(list(pages), count))
    tally = Tally()
    workers = [_start(pages) for _ in range(jobs)]
    began = shown = time.monotonic()
    for worker in workers:
        _give(worker, next(cases, None))
    while any(worker.case for worker in workers):
        for link in wait([worker.link for worker in workers if worker.case], timeout=1):
            at = next(at for at, worker in enumerate(workers) if worker.link is link)
            if not _take(workers[at], tally):
                workers[at] = _start(pages)
            _give(workers[at], next(cases, None))
        now = time.monotonic()
        for at, worker in enumerate(workers):
            if worker.case and now - worker.since > _HANG:
                worker.process.kill()
                tally.add(worker.case, now - worker.since, "hang", failed=True)
                workers[at] = _start(pages)
                _give(workers[at], next(cases, None))
        if now - shown > 1:
            shown = now
            rate = tally.done / (now - began)
            print(
                f"\r{tally.done} of {count}, {rate:.0f} a second, {len(tally.failures)} failures ",
                end="",
                flush=True,
            )
    return tally


def _give(worker: Worker, case: Case | None) -> None:
    worker.case, worker.since = case, time.monotonic()
    worker.link.send(case)


def _take(worker: Worker, tally: Tally) -> bool:
    """Count what came of the worker's case; return whether the worker is still alive."""
    assert worker.case is not None
    try:
        result = worker.link.recv()
    except EOFError:
        tally.add(worker.case, 0.0, "the process died", failed=True)
        return False
    tally.add(worker.case, result.seconds, result.outcome, result.failed)
    return True


def main() -> int:
    """Run the cases asked for; return 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("what", help="how many cases, or one case written NAME@NUMBER")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--write", type=Path, help="write the page of the one case to this file")
    options = parser.parse_args()
    pages = {**hand_made(), **replica(), **dict(real([_SHARED]))}
    name, at, number = options.what.rpartition("@")
    if at:
        case = Case(name, int(number))
        if options.write:
            options.write.write_bytes(case.page(pages[name]))
        result = run(case, pages[name])
        print(f"{case}: {result.outcome}, {result.seconds:.2f} s")
        return int(result.failed)
    tally = _fuzz(pages, int(options.what), options.jobs)
    print(f"\n{tally.done} mutated pages of {len(pages)}, {len(tally.failures)} failures")
    for outcome, times in tally.outcomes.most_common(12):
        print(f"  {times:7}  {outcome}")
    print("slowest:", ", ".join(f"{seconds:.2f} s {case}" for seconds, case in tally.slowest))
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
