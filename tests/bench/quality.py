"""Quality of the extractor on real pages with human gold, beside its peers.

Runs the scoreboard of the shared folder and writes the table of docs/quality.md, which is also where the figures
are recorded: with --check nothing is written, and a score that is worse than recorded by more than 0.003 fails.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, SHARED

SCOREBOARD = SHARED / "bench" / "scoreboard.py"
DOCUMENT = ROOT / "docs" / "quality.md"
OURS = "**dzwcrawl**"
COLUMNS = ("F1", "title", "date", "wrong", "author", "p/cpu-s")
HEAD = ("set", "pages", "extractor", *COLUMNS[:-1], "pages/CPU s")
RUNS = (("",), (" (zh)", "--set", "magic_article", "--lang", "zh"))
"""What is added to the names of the sets, then the options of the scoreboard."""

NO_PEERS = {"fundus"}
"""Peers that wrote the gold: site parsers, perfect by definition."""

SLACK = 0.003
_MARKS = ("<!-- scoreboard -->", "<!-- /scoreboard -->")

Scores = dict[str, float]


def measure() -> list[tuple[str, str, dict[str, Scores]]]:
    """Run the scoreboard; return for each set its name, its number of pages and the scores by extractor."""
    sets = []
    for suffix, *options in RUNS:
        extractor = [str(Path(sys.executable).with_name("dzwcrawl")), "extract", "--manifest", "{manifest}"]
        command = [sys.executable, str(SCOREBOARD), *options, "--", *extractor]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        for block in done.stdout.strip().split("\n\n"):
            title, head, *lines = block.splitlines()
            name, pages = re.fullmatch(r"(\w+): (\d+) pages", title).groups()  # type: ignore[union-attr]
            rows = [re.split(r"\s{2,}", line.strip(" *")) for line in lines]
            scores = {
                row[0]: {c: float(v) for c, v in zip(head.split(), row[1:], strict=True) if v != "-"}
                for row in rows
            }
            scores[OURS] = scores.pop("this project")
            sets.append((name + suffix, pages, scores))
    return sets


def shown(scores: dict[str, Scores]) -> list[str]:
    """Return the extractors to show: ours, then every peer that is the best in text, title, date or author."""
    peers = {name: row for name, row in scores.items() if name not in {OURS, *NO_PEERS}}
    best = [
        max(peers, key=lambda name: peers[name].get(column, 0.0))
        for column in ("F1", "title", "date", "author")
        if any(row.get(column) for row in peers.values())
    ]
    return list(dict.fromkeys([OURS, *best]))


def table(sets: list[tuple[str, str, dict[str, Scores]]]) -> str:
    rows = [HEAD, ("---",) * len(HEAD)]
    for name, pages, scores in sets:
        for extractor in shown(scores):
            row = scores[extractor]
            # A peer that never gives a field scores 0 there; the cell stays empty.
            has = [
                c
                for c in COLUMNS
                if c in row and (row[c] or extractor == OURS or (c == "wrong" and row["date"]))
            ]
            cells = [f"{row[c]:.{0 if c == 'p/cpu-s' else 3}f}" if c in has else "" for c in COLUMNS]
            rows.append((name, pages, extractor, *cells))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def parts(text: str) -> tuple[str, str, str]:
    """Return what stands before, between and after the marks of the document."""
    before, found, rest = text.partition(_MARKS[0])
    between, also, after = rest.partition(_MARKS[1])
    if not found or not also:
        sys.exit(f"{DOCUMENT} has no lines {_MARKS[0]} and {_MARKS[1]} to write the table between")
    return before + found, between, also + after


def recorded(text: str) -> dict[str, Scores]:
    """Return our scores by set, as the table of the document has them."""
    found = {}
    for line in parts(text)[1].splitlines():
        name, _, extractor, *cells = (
            (cell.strip() for cell in line.strip("|").split("|")) if line else [""] * 3
        )
        if extractor == OURS:
            found[name] = {c: float(v) for c, v in zip(COLUMNS, cells, strict=True) if v}
    return found


def worse(before: dict[str, Scores], now: dict[str, Scores]) -> list[str]:
    """Return a line for each score that is worse than before by more than the slack; speed does not count."""
    lines = []
    for name, row in before.items():
        for column in COLUMNS[:-1]:
            if column not in row:
                continue
            score = now.get(name, {}).get(column)
            fall = 1.0 if score is None else (row[column] - score) * (-1 if column == "wrong" else 1)
            if fall > SLACK + 1e-9:
                lines.append(f"{name}: {column} was {row[column]:.3f} and is {score}")
    return lines


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing; fail when a score is worse")
    check = options.parse_args().check
    if not SCOREBOARD.exists():
        print(f"no real pages at {SCOREBOARD.parent}: nothing was measured")
        return
    text = DOCUMENT.read_text(encoding="utf-8")
    sets = measure()
    print(table(sets))
    if check:
        fallen = worse(recorded(text), {name: scores[OURS] for name, _, scores in sets})
        if fallen:
            sys.exit("worse than docs/quality.md records:\n" + "\n".join(fallen))
        return
    before, _, after = parts(text)
    DOCUMENT.write_text(f"{before}\n{table(sets)}\n{after}", encoding="utf-8")
    print(f"\nwritten to {DOCUMENT}")


if __name__ == "__main__":
    main()
