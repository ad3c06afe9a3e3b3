"""What a crawl costs: CPU per page beside a bare Scrapy spider on the same pages, memory, archive bytes.

Both fetch the same pages of one served replica, in turn, several rounds; medians and their ratio are printed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.replica import Running, running

BARE = """
from scrapy import Request, Spider

class Bare(Spider):
    name = "bare"
    custom_settings = {"ROBOTSTXT_OBEY": True, "COOKIES_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
                       "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "WARNING",
                       "REMOTE_CONTROL_ENABLED": False, "HTTPERROR_ALLOW_ALL": True}

    async def start(self):
        for url in open(self.urls):
            yield Request(url.strip(), callback=self.parse)

    def parse(self, response):
        if self.select == "yes":
            yield {"url": response.url, "title": response.css("h1::text, h2::text").get(),
                   "body": response.css("#news-body p::text, .news-con p::text, .con p::text").getall()}
"""


@dataclass
class Cost:
    """CPU seconds (user and system) and peak memory in bytes of one process."""

    cpu: float
    peak: int


def measure(
    command: list[str],
    environment: dict[str, str],
    folder: Path = ROOT,
    *,
    out: Path | None = None,
    codes: tuple[int, ...] = (0,),
) -> Cost:
    """Run a command to its end, its output into a file if one is named, and return what it cost.

    Another exit code than those of `codes` ends the benchmark with what the command said.
    """
    with out.open("wb") if out else nullcontext() as stdout:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in codes:
        sys.exit(f"{' '.join(command)} failed:\n{errors[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compare(served: Running, folder: Path, rounds: int) -> tuple[dict[str, list[Cost]], int, Path]:
    """Crawl and fetch in turn; return the costs by name, the pages of one crawl and its archive."""
    environment = crawl_environment(folder, served)
    environment.pop("PYTHONWARNINGS")
    (folder / "bare.py").write_text(BARE)
    urls, archive = folder / "urls.txt", folder / "archive.db"
    costs: dict[str, list[Cost]] = {"dzwcrawl": [], "bare": [], "bare with selectors": []}
    for number in range(rounds):
        for path in folder.glob("archive.db*"):
            path.unlink()
        before = len(served.log_lines())
        options = ["-s", "LOG_LEVEL=WARNING", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"]
        costs["dzwcrawl"].append(measure(crawl_command("dzwww", archive, *options), environment))
        pages = [
            line["url"]
            for line in served.log_lines()[before:]
            if line["method"] == "GET" and "robots.txt" not in line["url"]
        ]
        if number == 0:
            urls.write_text("\n".join(pages) + "\n")
        for name, select in (("bare", "no"), ("bare with selectors", "yes")):
            command = [str(Path(sys.executable).parent / "scrapy"), "runspider", str(folder / "bare.py")]
            command += ["-a", f"urls={urls}", "-a", f"select={select}", "-O", str(folder / "bare.jsonl")]
            before = len(served.log_lines())
            # Outside the project, so that none of its settings hold.
            costs[name].append(measure(command, environment, folder))
            fetched = sum(
                line["method"] == "GET" and "robots.txt" not in line["url"]
                for line in served.log_lines()[before:]
            )
            if fetched < 0.95 * len(pages):
                sys.exit(
                    f"the {name} spider fetched {fetched} of {len(pages)} pages: nothing to compare with"
                )
        print(
            f"round {number + 1}: " + ", ".join(f"{k} {v[-1].cpu:.1f} s" for k, v in costs.items()),
            flush=True,
        )
    return costs, len(pages), archive


def report(costs: dict[str, list[Cost]], pages: int, path: Path) -> None:
    """Print medians and ratios."""
    print(
        f"\n{pages} pages a round; CPU is user + system of the whole process, median of {len(costs['bare'])} rounds"
    )
    for name, runs in costs.items():
        cpu = statistics.median(run.cpu for run in runs)
        ratio = statistics.median(
            ours.cpu / run.cpu for ours, run in zip(costs["dzwcrawl"], runs, strict=True)
        )
        peak = max(run.peak for run in runs) / 1e6
        print(
            f"{name:20} {1000 * cpu / pages:6.2f} ms a page   peak {peak:5.0f} MB   dzwcrawl/this {ratio:.2f}"
        )
    with Archive(path) as archive:
        archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        articles = archive.query_value("SELECT count(*) FROM articles")
        text = archive.query_value("SELECT sum(length(CAST(body AS BLOB))) FROM articles")
    size = path.stat().st_size
    print(
        f"archive: {articles} articles, {size / articles:.0f} bytes an article, of which text {text / articles:.0f}"
    )


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as name, running(articles=arguments.articles, crawl_delay=0) as served:
        costs, pages, archive = compare(served, Path(name), arguments.rounds)
        report(costs, pages, archive)
        print(json.dumps({k: [round(c.cpu, 2) for c in v] for k, v in costs.items()}))


if __name__ == "__main__":
    main()
