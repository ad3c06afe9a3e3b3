"""Fixtures of outlets as tests read them: pages as fetched, `meta.json`, expected records beside them."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

import dzwcrawl
from dzwcrawl.extract.outlet import Fetched

PROJECT = Path(dzwcrawl.__file__).parent.parent
_KEPT_HEADERS = ("content-type", "content-language", "last-modified", "etag", "date")


def check_project() -> None:
    """Refuse to write into an installation.

    :raises click.ClickException: when the package does not run from a clone of the project.
    """
    if not (PROJECT / "scrapy.cfg").is_file():
        raise click.ClickException(f"{PROJECT} is no clone of the project, so there is nowhere to write to")


def fetch(urls: Iterable[str], settings: Iterable[str], *options: str) -> list[Fetched]:
    """Fetch pages in a process of its own, by the settings of the project (:mod:`dzwcrawl.crawl.look`)."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "dzwcrawl.crawl.look", folder, *urls, *options]
        for setting in settings:
            command += ["-s", setting]
        done = subprocess.run(command, check=False)
        lines = Path(folder) / "pages.jsonl"
        if done.returncode == 2:  # wrong use, and the look has said what
            raise click.exceptions.Exit(2)
        if not lines.is_file():
            raise click.ClickException(f"nothing was fetched: the look ended with {done.returncode}")
        with lines.open(encoding="utf-8") as file:
            return [_fetched(json.loads(line), Path(folder)) for line in file]


def _fetched(line: dict[str, str], folder: Path) -> Fetched:
    name = line.pop("file")
    return Fetched(body=(folder / name).read_bytes() if name else b"", **line)  # type: ignore[arg-type]


def save_page(folder: Path, name: str, page: Fetched) -> None:
    """Add a page to the fixtures of a site.

    :raises click.ClickException: when a page of that name is there already.
    """
    path = folder / name
    if path.exists():
        raise click.ClickException(f"{path} is there already; remove it, or give another name with --as")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.body)
    meta_file = folder / "meta.json"
    meta: dict[str, Any] = (
        json.loads(meta_file.read_text(encoding="utf-8")) if meta_file.is_file() else _new_meta()
    )
    headers = {name: value for name, value in page.headers.items() if name.lower() in _KEPT_HEADERS}
    meta["pages"][name] = {"url": page.url, "headers": headers}
    meta_file.write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _new_meta() -> dict[str, Any]:
    today = date.today()
    return {
        "year": str(today.year),
        "evidence": f"pages as fetched on {today}",
        "unsure": "the expected records, until somebody has compared them with the pages",
        "pages": {},
    }


def write_expected(site: str, folder: Path, *names: str) -> tuple[int, str]:
    """Write the expected records of pages by the rules of their site; return the exit code and what was said."""
    command = [sys.executable, "-m", "dzwcrawl.crawl.expected", site, str(folder), *names]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.returncode, (done.stdout + done.stderr).strip()
