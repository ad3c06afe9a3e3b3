"""`make demo`: crawl the bundled replica of dzwww.com over HTTP, for real, and look at what came of it."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from dzwcrawl.archive.archive import Archive, ArchiveError
from tests.replica.month import moment

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ARTICLES = 120
SEARCHED = "苹果 合作社"


def demo_archive() -> Path:
    """Return data/archive.db, or data/demo.db where a real archive stands there already."""
    path = ROOT / "data" / "archive.db"
    try:
        Archive(path, create=True, demo=True).close()
    except ArchiveError:
        path = ROOT / "data" / "demo.db"
        Archive(path, create=True, demo=True).close()
    return path


def start_replica(folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """Start the replica as a proxy and return it with the environment that sends a crawl through it."""
    ready, authority = folder / "port", folder / "ca.pem"
    replica = subprocess.Popen(
        [sys.executable, "-m", "tests.replica", "serve", "--articles", str(ARTICLES)]
        + ["--ready-file", str(ready), "--ca-file", str(authority), "--log", str(folder / "log")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    while not (ready.is_file() and ready.read_text().strip()):
        if replica.poll() is not None:
            sys.exit("the replica did not start")
        time.sleep(0.05)
    proxy = f"http://127.0.0.1:{ready.read_text().strip()}"
    return replica, os.environ | {
        "http_proxy": proxy,
        "https_proxy": proxy,
        "no_proxy": "",
        "SSL_CERT_FILE": str(authority),
    }


def say(title: str) -> None:
    """Print a heading."""
    print(f"\n\033[1m{title}\033[0m" if sys.stdout.isatty() else f"\n== {title}", flush=True)


def run(*command: str) -> None:
    """Show a command a user could type, and run it."""
    print(f"$ {shlex.join(command)}", flush=True)
    subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=True)


def run_quietly(command: list[str], environment: dict[str, str]) -> int:
    """Run a crawl, show the lines this project logs, and return its exit code; Scrapy's own lines are many."""
    ours = ("dzwcrawl", "dzwww")
    options = ["-s", "LOG_FORMAT=%(name)s|%(asctime)s  %(message)s", "-s", "LOG_DATEFORMAT=%H:%M:%S"]
    log: list[str] = []
    with subprocess.Popen(
        [str(BIN / command[0]), *command[1:], *options],
        cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            log.append(line)
            name, _, message = line.partition("|")
            if name.split(".")[0] in ours:
                print(message, end="", flush=True)
    if process.returncode:
        sys.stderr.writelines(log[-40:])
    return process.returncode


def crawl(archive: Path) -> int:
    """Crawl the replica and return how many article pages were asked for."""
    with tempfile.TemporaryDirectory() as name:
        replica, environment = start_replica(Path(name))
        try:
            command = ["scrapy", "crawl", "dzwww", "-s", "DOWNLOAD_DELAY=0", "-s", "ARCHIVE_DEMO=1"]
            # The replica never changes here: on any later day an outlet that brings nothing new would be an alarm.
            command += ["-s", "REVISIT_BUDGET=0"]
            environment["DZWCRAWL_NOW"] = f"{moment(0).isoformat()}+08:00"
            command += ["-s", f"ARCHIVE_PATH={archive}"]
            print(f"$ {' '.join(command)}", flush=True)
            code = run_quietly(command, environment)
        finally:
            replica.terminate()
            replica.wait()
        if code:
            sys.exit(f"the crawl failed with exit code {code} (docs/exit-codes.md)")
        requests = [json.loads(line)["url"] for line in (Path(name) / "log").read_text().splitlines()]
    return sum("/t20" in url or "/p/p" in url for url in requests)


def report(archive: Path, asked: int) -> None:
    """Print what the last crawl did."""
    with closing(sqlite3.connect(archive)) as connection:
        (stats,) = connection.execute("SELECT stats FROM crawls ORDER BY id DESC").fetchone()
    numbers = json.loads(stats)
    say("This crawl")
    print(f"listing pages {numbers.get('listing_pages', 0)}, article pages asked for {asked}")
    stored = numbers.get("articles_new", 0) + numbers.get("articles_duplicate", 0)
    copies, refused = numbers.get("copies", 0), numbers.get("refused", 0)
    print(f"kept {stored - copies} articles and {copies} copies under another headline; refused {refused}")
    removed = {
        k.removeprefix("lines_removed/"): v for k, v in numbers.items() if k.startswith("lines_removed/")
    }
    print(f"lines cleaned away: {sum(removed.values())}")
    for reason, lines in sorted(removed.items(), key=lambda item: -item[1]):
        print(f"  {lines:5}  {reason}")


def main() -> None:
    """Run the demo."""
    archive = demo_archive()
    shown = os.path.relpath(archive, ROOT)
    say("A real crawl of the replica (invented articles), under the real host names, through sockets")
    report(archive, crawl(archive))
    say("The archive")
    run("dzwcrawl", "stats", "--archive", shown)
    say("A search")
    run("dzwcrawl", "search", "--archive", shown, SEARCHED, "--limit", "3")
    say("Three exported lines")
    fields = "id,title,source,editors,published,url,duplicate_of"
    print(f"$ dzwcrawl export --archive {shown} --since 2020-06 --fields {fields} | head -3", flush=True)
    lines = subprocess.run(
        [str(BIN / "dzwcrawl"), "export", "--archive", str(archive), "--since", "2020-06", "--fields", fields],
        stdout=subprocess.PIPE, check=True,
    ).stdout.decode().splitlines()  # fmt: skip
    print("\n".join(lines[:3]))
    say(f"The archive is {shown} (invented articles; a real crawl will ask you to remove it). Try next:")
    first = json.loads(lines[0])["id"] if lines else 1
    print(f"  .venv/bin/dzwcrawl show {first} --removed --archive {shown}")
    print(f"  make serve ARGS='--archive {shown}'   # read and search it in a browser")
    print(f"  .venv/bin/dzwcrawl export --archive {shown} -o articles.jsonl.gz")
    print(f"  .venv/bin/sqlite-utils query {shown} 'select * from daily_counts limit 10' --table")
    print("  make demo   # again: nothing is fetched twice")


if __name__ == "__main__":
    main()
