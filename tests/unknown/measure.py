"""How an unknown outlet was read: links, fields and text beside the truth."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, crawl_command
from tests.unknown.model import Piece, Site
from tests.unknown.server import Served

FIELDS = ("title", "published", "source", "authors", "editors")


@dataclass(frozen=True, slots=True)
class Measure:
    """Links found of those there are, false ones, fields right of those there are, mean F1 of the text."""

    found: int
    links: int
    false: int
    right: int
    fields: int
    text: float

    def recall(self) -> float:
        return self.found / self.links

    def precision(self) -> float:
        return self.found / max(1, self.found + self.false)


def linked(site: Site, *pages: str) -> set[str]:
    """The articles that pages link to, their rankings included."""
    texts = [site.pages[url][1].decode(site.encoding) for url in pages]
    return {piece.url for piece in site.pieces if any(piece.url.rpartition("/")[2] in text for text in texts)}


def project_copy(folder: Path) -> Path:
    """Copy the project to where a site file may be written into it."""
    shutil.copytree(ROOT / "dzwcrawl", folder / "dzwcrawl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", folder)
    return folder


def environment(served: Served, project: Path = ROOT) -> dict[str, str]:
    """The environment of a process that knows the outlets' hosts and runs the given copy of the project."""
    own = {"http_proxy": served.proxy, "DZWCRAWL_CONTACT": "tests@example.org"}
    return os.environ | own | {"PYTHONPATH": str(project), "PYTHONWARNINGS": "error"}


def probe(served: Served, url: str, *options: str, project: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `dzwcrawl probe`."""
    command = [sys.executable, "-m", "dzwcrawl", "probe", url, "-s", "DOWNLOAD_DELAY=0", *options]
    return subprocess.run(
        command, env=environment(served, project), cwd=project, capture_output=True, text=True, timeout=300
    )


def crawl(
    served: Served, spider: str, archive: Path, *options: str, project: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy crawl`."""
    command = crawl_command(spider, archive, *options)
    return subprocess.run(
        command, env=environment(served, project), cwd=project, capture_output=True, text=True, timeout=300
    )


def stored(archive: Path) -> tuple[set[str], list[dict[str, Any]]]:
    """The URLs that a crawl took for articles, refused ones too, and the articles it stored."""
    with sqlite3.connect(archive) as connection:
        connection.row_factory = sqlite3.Row
        urls = {row["url"] for row in connection.execute("SELECT url FROM urls")}
        rows = [dict(row) for row in connection.execute("SELECT * FROM articles")]
    connection.close()
    for row in rows:
        row["authors"], row["editors"] = json.loads(row["authors"]), json.loads(row["editors"])
    return urls, rows


def measure(site: Site, expected: set[str], urls: set[str], records: list[dict[str, Any]]) -> Measure:
    """Compare what was found with the truth."""
    truth = site.by_url()
    known = [record for record in records if record["url"] in truth]
    wrong = sum(len(faults(truth[record["url"]], record, site)) for record in known)
    scores = [f1(record["body"], truth[record["url"]].paragraphs) for record in known]
    fields = len(known) * len(FIELDS)
    return Measure(
        found=len(urls & expected),
        links=len(expected),
        false=len(urls - truth.keys()),
        right=fields - wrong,
        fields=fields,
        text=sum(scores) / max(1, len(scores)),
    )


def faults(piece: Piece, record: dict[str, Any], site: Site) -> list[str]:
    """Name the fields of a record that are not the article's."""
    german = site.name == "paper"
    zone = "+01:00" if german else "+08:00"
    truth = {
        "title": piece.title,
        "published": f"{piece.when:%Y-%m-%dT%H:%M}",
        # The German pages name no source and no editor.
        "source": None if german else piece.source,
        "authors": [piece.author],
        "editors": [] if german else [piece.editor],
    }
    told = record | {"published": (record["published"] or "").removesuffix(zone)[:16]}
    return [name for name in FIELDS if told[name] != truth[name]]


def f1(body: str, paragraphs: tuple[str, ...]) -> float:
    """F1 of the characters of two texts, paragraph by paragraph."""
    found, wanted = Counter(body.split("\n")), Counter(" ".join(p.split()) for p in paragraphs)
    shared = sum(len(line) * number for line, number in (found & wanted).items())
    total = sum(len(line) * number for line, number in [*found.items(), *wanted.items()])
    return 2 * shared / max(1, total)
