"""`make bench-bulk`: a collection of 5,000 pages by one process, by two and by Dask: the same bytes, and how fast.

Beside them the archive: `dzwcrawl import` of the same files must give the same bodies.
"""

import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from hashlib import sha256
from itertools import chain, zip_longest
from pathlib import Path

import orjson
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dzwcrawl.archive.archive import Archive
from tests.bench.boilerplate.model import TruePage
from tests.bench.boilerplate.world import OUTLETS, pages

BIN = Path(sys.executable).parent


def mixed(count: int, seed: int = 1) -> list[TruePage]:
    """Return so many pages of all the invented outlets, in turn and in time order."""
    each = -(-count // len(OUTLETS))
    turns = zip_longest(*(pages(outlet, each, seed) for outlet in OUTLETS.values()))
    return [page for page in chain.from_iterable(turns) if page is not None][:count]


def write_collection(folder: Path, some: Iterable[TruePage], files: int) -> list[Path]:
    """Write pages as WARC files of about the same size; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.warc.gz" for number in range(files)]
    pool = list(some)
    size = -(-len(pool) // files)
    for number, path in enumerate(paths):
        with path.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            for page in pool[number * size : (number + 1) * size]:
                write_page(writer, page)
    return paths


def write_page(writer: WARCWriter, page: TruePage) -> None:
    """Write one page as it was answered on its day."""
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.html),
            length=len(page.html),
            http_headers=StatusAndHeaders("200 OK", list(page.headers.items()), protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": f"{page.day.isoformat()}T08:00:00Z"},
        )
    )


def digests(folder: Path) -> dict[str, str]:
    """Return a digest of each file of a result."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("part-*"))}


def bodies(folder: Path) -> dict[str, str]:
    """Return the bodies of a result by URL."""
    found = {}
    for file in sorted(folder.glob("part-*")):
        for line in zstandard.ZstdDecompressor().stream_reader(file.read_bytes()).read().splitlines():
            row = orjson.loads(line)
            found[row["url"]] = row["body"]
    return found


def _timed(*command: str) -> tuple[float, float, int]:
    """Run a command; return seconds by the clock, CPU seconds, and the largest resident size in MB so far."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, cpu, after.ru_maxrss // 1024


def main(count: int = 5000, files: int = 10) -> None:
    """Run the benchmark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [str(path) for path in write_collection(folder / "in", mixed(count), files)]
        results = {}
        print(
            "| run | pages | seconds | CPU s | pages a second | largest process MB |\n|---|---|---|---|---|---|"
        )
        for label, options in (
            ("one process", ["--jobs", "1"]),
            ("two processes", ["--jobs", "2"]),
            ("Dask, two workers", ["--jobs", "2", "--dask", "local"]),
        ):
            out = folder / label
            seconds, cpu, memory = _timed(str(BIN / "dzwcrawl"), "bulk", *paths, "-o", str(out), *options)
            results[label] = digests(out)
            print(
                f"| {label} | {count} | {seconds:.1f} | {cpu:.1f} | {count / seconds:.0f} | {memory} |",
                flush=True,
            )
        same = len({str(found) for found in results.values()}) == 1
        print(f"\nthe same bytes from all three: {same}")
        archive = folder / "archive.db"
        seconds, cpu, _ = _timed(str(BIN / "dzwcrawl"), "import", "--archive", str(archive), *paths)
        print(f"`dzwcrawl import` into one archive, with raw pages: {seconds:.1f} s, {cpu:.1f} CPU s")
        with Archive(archive) as opened:
            stored = dict(opened.connection.execute("SELECT url, body FROM articles").fetchall())
        ours = bodies(folder / "one process")
        other = sum(ours.get(url) != body for url, body in stored.items())
        print(
            f"bodies that differ from the archive's: {other} of {len(stored)}; articles: {len(ours)} and {len(stored)}"
        )
        if not same or other or ours.keys() != stored.keys():
            sys.exit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
