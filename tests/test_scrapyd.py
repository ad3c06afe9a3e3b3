"""An egg of the project, sent to a real scrapyd by scrapyd-deploy, whose schedule.json crawls the replica."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.conftest import ROOT, crawl_environment
from tests.replica import running

BIN = ROOT / ".venv-scrapyd" / "bin"
_open = build_opener(ProxyHandler({})).open

pytestmark = pytest.mark.skipif(
    not (BIN / "scrapyd-deploy").exists(), reason="scrapyd is not set up: make scrapyd"
)


class Scrapyd:
    """A running scrapyd: its API, its folder, and what its crawls are given."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def ask(self, name: str, **fields: Any) -> dict[str, Any]:
        """Call the API: with fields by POST."""
        data = urlencode(fields, doseq=True).encode() if name in ("schedule.json", "cancel.json") else None
        query = "" if data else f"?{urlencode(fields)}"
        with _open(f"http://127.0.0.1:{self.port}/{name}{query}", data, timeout=120) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def run(self, **fields: Any) -> str:
        """Schedule a crawl of dzwww, wait for its end, and return its log and scrapyd's."""
        job = self.ask("schedule.json", project="dzwcrawl", spider="dzwww", **fields)["jobid"]
        end = time.monotonic() + 600
        while time.monotonic() < end:
            jobs = self.ask("listjobs.json", project="dzwcrawl")
            if any(done["id"] == job for done in jobs["finished"]):
                break
            time.sleep(0.3)
        logs = self.folder / "logs" / "dzwcrawl" / "dzwww" / f"{job}.log"
        return (self.folder / "said").read_text() + (logs.read_text() if logs.exists() else "")


@pytest.fixture(scope="module")
def scrapyd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """A scrapyd that has the project: packed from a copy, because packing leaves its traces."""
    folder = tmp_path_factory.mktemp("scrapyd")
    copy = folder / "project"
    shutil.copytree(ROOT / "dzwcrawl", copy / "dzwcrawl", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    configuration = (ROOT / "scrapy.cfg").read_text()
    assert ":6800/" in configuration
    with running(articles=120, crawl_delay=0.0) as served:
        environment = crawl_environment(folder, served) | {"DZWCRAWL_ARCHIVE": str(folder / "archive.db")}
        environment.pop("PYTHONWARNINGS")  # scrapyd itself warns: it reads eggs with pkg_resources
        environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
        process, port = _start(folder, environment)
        try:
            daemon = Scrapyd(folder, port)
            (copy / "scrapy.cfg").write_text(configuration.replace(":6800/", f":{daemon.port}/"))
            direct = {k: v for k, v in environment.items() if not k.lower().endswith("_proxy")}
            done = subprocess.run(
                [BIN / "scrapyd-deploy", "--debug"],
                cwd=copy,
                env=direct,
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert done.returncode == 0, done.stderr[-3000:]
            yield daemon
        finally:
            process.terminate()
            process.wait(timeout=60)


def _start(folder: Path, environment: dict[str, str]) -> tuple["subprocess.Popen[bytes]", int]:
    """Start scrapyd, which must be told its port: at another one where somebody has taken it in between."""
    said = folder / "said"
    while True:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (folder / "scrapyd.conf").write_text(f"[scrapyd]\nhttp_port = {port}\npoll_interval = 0.2\n")
        with said.open("w") as out:
            process = subprocess.Popen([BIN / "scrapyd"], cwd=folder, env=environment, stdout=out, stderr=out)
        while f"Site starting on {port}" not in said.read_text() and process.poll() is None:
            time.sleep(0.1)
        if process.poll() is None:
            return process, port
        assert "Address already in use" in said.read_text(), said.read_text()


def test_the_egg_has_every_outlet(scrapyd: Scrapyd) -> None:
    spiders = scrapyd.ask("listspiders.json", project="dzwcrawl")["spiders"]
    files = {path.stem for path in (ROOT / "dzwcrawl" / "spiders").glob("*.py")} - {"__init__"}
    assert set(spiders) == files


def test_what_is_misspelt_is_told_in_the_log(scrapyd: Scrapyd) -> None:
    assert "did you mean 'channel'?" in scrapyd.run(chanel="guonei")
    assert "did you mean 'REVISIT_BUDGET'?" in scrapyd.run(setting="REVISIT_BUGDET=1")
    assert not (scrapyd.folder / "archive.db").exists()


def test_a_scheduled_crawl_fills_an_archive(scrapyd: Scrapyd) -> None:
    log = scrapyd.run(setting=["DOWNLOAD_DELAY=0", "REVISIT_BUDGET=0"])
    with closing(sqlite3.connect(scrapyd.folder / "archive.db")) as db:
        assert db.execute("SELECT spider, exit_code FROM crawls").fetchall() == [("dzwww", 0)], log[-3000:]
        articles = db.execute("SELECT count(*), sum(body IS NULL) FROM articles").fetchone()
    assert articles[0] > 100 and not articles[1]
