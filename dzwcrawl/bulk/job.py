"""The whole job, told to whatever runs it: the same functions over the same partitions, so the same bytes come out.

Read each partition into drafts; find which drafts are one article and which articles are copies; count what repeats
by partition and add the counts up; judge; write the records. Cleaning may show two texts to be copies, which changes
the counts and so, rarely, verdicts: then count and judge again, as the archive does at the end of a crawl.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from dzwcrawl.bulk import cleaning, learning
from dzwcrawl.bulk.drafts import Reading, read_partition
from dzwcrawl.bulk.partitions import SourceError, partitions
from dzwcrawl.bulk.plan import Plan
from dzwcrawl.crawl.captures import is_invented
from dzwcrawl.text import counted

T = TypeVar("T")
R = TypeVar("R")

_ROUNDS = 5
_WORK = ".work"


class Map(Protocol):
    """Yields `function(value)` for each value, in order, wherever it is computed; both can be pickled."""

    def __call__(self, function: Callable[[T], R], values: Sequence[T], /) -> Iterator[R]:
        """Compute them."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a job: pages read, articles written, why other pages gave none, which files broke off."""

    partitions: int
    pages: int
    articles: int
    copies: int
    older_captures: int
    rounds: int
    skipped: dict[str, int]
    broken: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the numbers by name."""
        return asdict(self)


def run(
    paths: list[Path], output: Path, compute: Map, *, buckets: int, tell: Callable[[str], None]
) -> Summary:
    """Write the articles of a collection as `part-NNNNNN.jsonl.zst`, one file a partition, into a folder.

    A job that was stopped goes on where it was when it is started again with the same folder.

    :param compute: where the work is done.
    :param buckets: parts into which patterns are shared out for judging.
    :param tell: is told what is being done.
    :raises SourceError: when a file is not one of a collection, or the folder holds another result.
    """
    parts = partitions(paths)
    work = output / _WORK
    if not work.is_dir() and output.is_dir() and any(output.iterdir()):
        raise SourceError(_occupied(output))
    drafts = work / "drafts"
    drafts.mkdir(parents=True, exist_ok=True)
    if any(map(is_invented, paths)):
        tell("these are the invented articles of a demo, and nothing in the records will say so")
    tell(f"reading {counted(len(parts), 'partition')}")
    readings = list(compute(read_partition, [(part, str(drafts)) for part in parts]))
    files = [reading.drafts for reading in readings]
    with Plan(work / "plan.db") as plan:
        tell("looking for copies")
        for part, told in enumerate(compute(cleaning.told_of_drafts, files)):
            plan.add(part, told)
        plan.choose()
        plan.find_copies()
        rounds, verdicts = _learn(files, plan, work, compute, buckets, tell)
        tell("writing")
        jobs = [
            (file, plan.chosen(part), verdicts, str(output / f"part-{part:06}.jsonl.zst"))
            for part, file in enumerate(files)
        ]
        list(compute(cleaning.write_records, jobs))
        numbers = plan.numbers()
    shutil.rmtree(work)
    return _summary(readings, numbers, rounds)


def _occupied(output: Path) -> str:
    """Return what is in the way in a folder that no job has under way, and what to do."""
    done = len(list(output.glob("part-*.jsonl.zst")))
    if not done:
        return f"{output} is not empty: name a new folder"
    return (
        f"{output} is the result of a job that is done, {counted(done, 'file')} part-NNNNNN.jsonl.zst: "
        "to do it anew, remove the folder first, or name a new one"
    )


def _learn(
    files: list[str], plan: Plan, work: Path, compute: Map, buckets: int, tell: Callable[[str], None]
) -> tuple[int, str]:
    """Count and judge until no text changes any more; return how often, and the folder of the verdicts."""
    for number in range(1, _ROUNDS + 1):
        tell(f"learning what repeats, round {number}")
        # A folder of its own each time: workers remember what they have read.
        verdicts = _judge(files, plan, work / f"round{number}", compute, buckets)
        jobs = [(file, plan.chosen(part), verdicts) for part, file in enumerate(files)]
        changed = [plan.update(part, found) for part, found in enumerate(compute(cleaning.digests, jobs))]
        if not any(changed) or not plan.find_copies():
            break
    return number, verdicts


def _judge(files: list[str], plan: Plan, folder: Path, compute: Map, buckets: int) -> str:
    """Count, add up and judge; return the folder with the verdicts."""
    shutil.rmtree(folder, ignore_errors=True)
    counts = folder / "counts"
    counts.mkdir(parents=True)
    jobs = [
        (file, [c.place for c in plan.chosen(part) if c.duplicate_of is None], f"{counts}/{part}", buckets)
        for part, file in enumerate(files)
    ]
    counted = list(compute(learning.count, jobs))
    learning.write_totals((part.days for part in counted), folder / "totals")
    slices = zip(*([(part.file, *place) for place in part.slices] for part in counted), strict=True)
    some = [learning.Bucket(bucket, str(folder / "totals")) for bucket in slices]
    judged = (verdict for bucket in compute(learning.judge_bucket, some) for verdict in bucket)
    learning.write_verdicts(judged, folder / "verdicts")
    return str(folder / "verdicts")


def _summary(readings: list[Reading], numbers: dict[str, int], rounds: int) -> Summary:
    skipped: Counter[str] = Counter()
    for reading in readings:
        skipped.update(reading.skipped)
    return Summary(
        partitions=len(readings),
        pages=sum(reading.pages for reading in readings),
        **numbers,
        rounds=rounds,
        skipped=dict(skipped.most_common()),
        broken=[reading.error for reading in readings if reading.error],
    )
