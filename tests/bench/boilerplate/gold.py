"""Real pages with human gold: leaked boilerplate and lost news, by site, before and after learning.

python -m tests.bench.boilerplate.run --gold ../shared/bench
"""

import gzip
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import ExtractionError, extract
from tests.bench.boilerplate.feed import key, relearn
from tests.bench.boilerplate.report import markdown

MIN_PAGES = 3
_ONE_SITE = ("zh_163_gbk",)
"""Sets whose pages are all of one site, though their gold does not name it."""


@dataclass
class Change:
    """A line that learning took from a page, and whether its gold has it."""

    page: str
    line: str
    in_gold: bool


@dataclass
class Site:
    """Lines over all pages of a site: leaked (not in the gold) and lost (of the gold), before and after learning."""

    name: str
    pages: int
    lines: int
    gold_lines: int
    leaked: tuple[int, int]
    lost: tuple[int, int]
    changes: list[Change]


def sites(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the sites of all sets that have several pages, as (name, gold records)."""
    for gold in sorted(folder.glob("*/gold.jsonl")):
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in gold.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["text"]:
                group = gold.parent.name if gold.parent.name in _ONE_SITE else record["group"]
                groups[group].append(record | {"path": gold.parent / record["file"]})
        for group, records in groups.items():
            if len(records) >= MIN_PAGES:
                yield f"{gold.parent.name}: {group}", records


def _lines(body: str) -> list[str]:
    return [line for line in body.split("\n") if key(line)]


def _leaked(body: str, gold: str) -> int:
    whole = key(gold)
    return sum(key(line) not in whole for line in _lines(body))


def _lost(body: str, gold: str) -> int:
    whole = key(body)
    return sum(key(line) not in whole for line in _lines(gold))


def measure(name: str, records: list[dict[str, Any]]) -> Site:
    """Store the pages of a site, learn, and compare."""
    before: dict[int, tuple[dict[str, Any], str]] = {}
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder) / "a.db", create=True) as archive:
        for record in records:
            url = record["url"] or f"http://bench.test/{record['id']}.html"
            try:
                article = extract(gzip.decompress(record["path"].read_bytes()), url=url)
            except ExtractionError:
                continue
            article.site, article.canonical_url = name, article.canonical_url or url
            clean_phrases(article)
            body = article.body
            if body:
                store(archive, article, key=url)
                before[article.id or 0] = record, body
        relearn(archive, name)
        after = dict(archive.connection.execute("SELECT id, body FROM articles").fetchall())
    site = Site(name, len(before), 0, 0, (0, 0), (0, 0), [])
    for number, (record, body) in before.items():
        _compare(site, record, body, after[number])
    return site


def _compare(site: Site, record: dict[str, Any], before: str, after: str) -> None:
    gold, left = record["text"], _lines(after)
    site.lines += len(_lines(before))
    site.gold_lines += len(_lines(gold))
    site.leaked = site.leaked[0] + _leaked(before, gold), site.leaked[1] + _leaked(after, gold)
    site.lost = site.lost[0] + _lost(before, gold), site.lost[1] + _lost(after, gold)
    gone = [line for line in _lines(before) if line not in left]
    site.changes += [Change(record["id"], line, key(line) in key(gold)) for line in gone]


def table(found: list[Site]) -> str:
    """Return the figures by site, and every line that learning took, for reading by hand."""
    rows = [
        "site|pages|lines kept by phrases|lines of the gold|leaked before|leaked after|lost before|lost after".split(
            "|"
        )
    ]
    for site in found:
        numbers = (site.pages, site.lines, site.gold_lines, *site.leaked, *site.lost)
        rows.append([site.name, *map(str, numbers)])
    changed = [
        f"- {'NEWS ' if c.in_gold else ''}{s.name} {c.page}: {c.line}" for s in found for c in s.changes
    ]
    return (
        markdown("Real sites", rows)
        + "\nLines taken by learning:\n\n"
        + "\n".join(changed or ["- none"])
        + "\n"
    )
