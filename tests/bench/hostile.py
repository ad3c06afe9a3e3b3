"""What hostile servers cost: peak memory and time of a crawl that meets each, beside Scrapy with its own settings.

Each is met by a process of its own, whose time limit is ten seconds and which does not try again.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.hostile import Hostile, big_robots, hostile, say

SECONDS = 10
OPTIONS = ["-s", f"DOWNLOAD_TIMEOUT={SECONDS}", "-s", "RETRY_TIMES=0", "-s", "LOG_LEVEL=ERROR"]
BARE = """
from scrapy import Spider

class Bare(Spider):
    name = "bare"
    custom_settings = {"ROBOTSTXT_OBEY": True, "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False}

    def __init__(self, url):
        super().__init__()
        self.start_urls = [url]

    def parse(self, response):
        pass
"""
ATTACKS = (
    "good/1.htm", "giant/told", "giant/untold", "endless", "bomb/10240", "flood/headers", "flood/continue", "drip",
)  # fmt: skip


@dataclass
class Cost:
    """Peak memory in bytes, seconds on the clock, and what the server could send in bytes."""

    peak: int
    seconds: float
    sent: int


def meet(server: Hostile, command: list[str], folder: Path, cwd: Path) -> Cost:
    """Run a crawl to its end, however that is."""
    server.sent.clear()
    environment = crawl_environment(folder, None)
    environment.pop("PYTHONWARNINGS")
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, env=environment, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return Cost(usage.ru_maxrss * 1024, time.monotonic() - begun, max(server.sent.values(), default=0))


def main() -> None:
    """Meet each attack with both."""
    scrapy = str(Path(sys.executable).parent / "scrapy")
    print(f"{'':16} {'dzwcrawl':>28}   {'Scrapy as it comes':>28}")
    print(f"{'':16} {'peak MB  seconds  MB sent':>28}   {'peak MB  seconds  MB sent':>28}")
    with tempfile.TemporaryDirectory() as name, hostile() as server:
        folder = Path(name)
        (folder / "bare.py").write_text(BARE)
        for path in (*ATTACKS, "robots.txt"):
            server.robots = big_robots if path == "robots.txt" else say(404)
            url = f"{server.url}/{'good/2.htm' if path == 'robots.txt' else path}"
            archive = folder / f"{path.replace('/', '_')}.db"
            ours = crawl_command("urls", archive, *OPTIONS, "-s", "PRIVATE_ADDRESSES_ALLOWED=1", "-a", f"url={url}")  # fmt: skip
            bare = [scrapy, "runspider", "bare.py", *OPTIONS, "-a", f"url={url}"]
            costs = [meet(server, ours, folder, ROOT), meet(server, bare, folder, folder)]
            cells = (f"{c.peak / 1e6:12.0f} {c.seconds:7.1f} {c.sent / 1e6:8.1f}" for c in costs)
            print(f"{path:16} " + "   ".join(cells), flush=True)


if __name__ == "__main__":
    main()
