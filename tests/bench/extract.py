"""What an extraction costs: pages per CPU second and memory beside other extractors.

All read the same pages, as whole processes, in turn, several rounds; medians and their ratio are printed. The pages
are real ones of 180 publishers where the shared folder is beside this checkout, else those of the replica; each is
read several times, so that starting up weighs little, as it does in real use.
"""

import argparse
import gzip
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.crawl import Cost, measure
from tests.conftest import ROOT, SHARED
from tests.replica import World

TIMES = 4
"""How often each page is in the manifest."""

PEER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"


def real_pages() -> Iterator[tuple[bytes, str | None]]:
    folder = SHARED / "bench" / "fundus"
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield gzip.decompress((folder / row["file"]).read_bytes()), row.get("url")


def invented_pages(articles: int = 300) -> Iterator[tuple[bytes, str | None]]:
    world = World(articles=articles)
    for item in world.items:
        answer = world.get(item.url)
        if answer.status == 200:
            yield answer.body, item.url


def write_pages(folder: Path) -> tuple[Path, int]:
    """Write the pages and their manifest; return the manifest and the number of its lines."""
    real = (SHARED / "bench" / "fundus" / "gold.jsonl").exists()
    rows, size = [], 0
    for number, (body, url) in enumerate(real_pages() if real else invented_pages()):
        page = folder / f"{number:05}.html"
        page.write_bytes(body)
        size += len(body)
        rows.append(json.dumps({"file": str(page), "url": url}) + "\n")
    manifest = folder / "pages.jsonl"
    manifest.write_text("".join(rows * TIMES), encoding="utf-8")
    kind = "real pages of 180 publishers (fundus)" if real else "pages of the replica"
    print(f"{len(rows)} {kind}, {size / len(rows) / 1000:.0f} kB a page, each {TIMES} times")
    return manifest, len(rows) * TIMES


def compare(manifest: Path, rounds: int) -> dict[str, list[Cost]]:
    """Run the extractors in turn; return the costs of each round by name."""
    ours = [str(Path(sys.executable).with_name("dzwcrawl")), "extract", "--manifest", str(manifest)]
    peers = ROOT / "tests" / "bench" / "peers.py"
    commands = {"dzwcrawl": ours} | {
        name: [str(PEER_PYTHON), str(peers), name, str(manifest)] for name in ("trafilatura", "resiliparse")
    }
    # Exit code 1: a page gave no article, which the report counts.
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(1, rounds + 1):
        for name, command in commands.items():
            out = manifest.with_name(f"{name}.jsonl")
            costs[name].append(measure(command, dict(os.environ), out=out, codes=(0, 1)))
        print(f"round {number}: " + ", ".join(f"{k} {v[-1].cpu:.1f} s" for k, v in costs.items()), flush=True)
    return costs


def report(costs: dict[str, list[Cost]], manifest: Path, pages: int) -> None:
    """Print pages per CPU second, the ratio of ours to each, peak memory and how many pages gave text."""
    print(f"\n{'':12} pages/CPU s  ours/this  peak MB  pages with text")
    for name, runs in costs.items():
        rate = statistics.median(pages / run.cpu for run in runs)
        pairs = zip(costs["dzwcrawl"], runs, strict=True)
        ratio = statistics.median(run.cpu / ours.cpu for ours, run in pairs)
        lines = manifest.with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        texts = sum(bool(json.loads(line).get("body")) for line in lines)
        peak = max(run.peak for run in runs) / 1e6
        print(f"{name:12} {rate:11.1f}  {ratio:9.2f}  {peak:7.0f}  {texts}")


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        manifest, pages = write_pages(Path(name))
        report(compare(manifest, rounds), manifest, pages)


if __name__ == "__main__":
    main()
