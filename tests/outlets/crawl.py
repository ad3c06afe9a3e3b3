"""`make bench-outlets`: every outlet crawled end to end from the replica of its templates, as a table."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.export import records
from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.outlets import Fixture, fixtures
from tests.outlets.world import OutletWorld
from tests.replica import Running, running

FIELDS = ("title", "published", "source", "authors", "editors", "section", "keywords", "description", "body")


@dataclass
class Outcome:
    """What a crawl of one outlet brought, beside what there is; `wrong` names fields by URL."""

    expected: int
    found: int
    strange: int
    exit_code: int
    right: dict[str, int]
    wrong: list[str] = field(default_factory=list)


def crawl_outlet(outlet: Fixture, world: OutletWorld, served: Running, folder: Path) -> Outcome:
    """Run `scrapy crawl` on the listing of an outlet and compare the archive with the truth."""
    archive = folder / f"{outlet.name}.db"
    listing = outlet.meta["pages"]["listing.html"]["url"]
    command = crawl_command(outlet.name, archive, "-a", f"channel={listing}", "-s", "LOG_LEVEL=WARNING")
    environment = crawl_environment(folder, served)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    truth = world.records[outlet.name]
    with Archive(archive) as opened:
        found = {row["url"]: row for row in records(opened)}
    known = truth.keys() & found.keys()
    outcome = Outcome(len(truth), len(known), len(found.keys() - truth.keys()), done.returncode, {})
    for name in FIELDS:
        wrong = [url for url in sorted(known) if found[url][name] != truth[url][name]]
        outcome.right[name] = len(known) - len(wrong)
        outcome.wrong += [
            f"{url}: {name} is {found[url][name]!r}, not {truth[url][name]!r}" for url in wrong[:2]
        ]
    if done.returncode:
        outcome.wrong.append(done.stderr[-1500:])
    return outcome


def main() -> None:
    """Crawl all outlets, or those named, and print the table."""
    listed = [outlet for outlet in fixtures() if outlet.spider.channels]
    outlets = [outlet for outlet in listed if not sys.argv[1:] or outlet.name in sys.argv[1:]]
    world = OutletWorld(outlets)
    print("| outlet | family | links found/expected | strange | " + " | ".join(FIELDS) + " | exit |")
    print("|---|---|---|---|" + "---|" * (len(FIELDS) + 1))
    total, faults = [0, 0], 0
    with tempfile.TemporaryDirectory() as name, running(world=world) as served:
        for outlet in outlets:
            got = crawl_outlet(outlet, world, served, Path(name))
            cells = [f"{got.right[name]}/{got.expected}" for name in FIELDS]
            family = getattr(outlet.spider, "family", "")
            print(
                f"| {outlet.name} | {family} | {got.found}/{got.expected} | {got.strange} | "
                f"{' | '.join(cells)} | {got.exit_code} |",
                flush=True,
            )
            for line in got.wrong:
                print(f"  {line}", file=sys.stderr)
            total = [total[0] + got.found, total[1] + got.expected]
            faults += len(got.wrong) + got.strange
    print(f"\n{len(outlets)} outlets, {total[0]} of {total[1]} articles")
    sys.exit(1 if faults or total[0] < total[1] else 0)


if __name__ == "__main__":
    main()
