"""What reading kept pages again costs: pages a second and core of `dzwcrawl reextract` after a rule has changed.

The archive holds pages of the replica, stored without a crawl; the changed rule drops a paragraph of each body, so
that most articles are written anew. Prints what the command says, the revisions it made (none) and what
keeping the pages costs.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dzwcrawl.archive import pages
from dzwcrawl.archive.archive import Archive
from tests.conftest import ROOT
from tests.kept import articles, fill
from tests.replica import World

SPIDER = """
from dataclasses import replace
from dzwcrawl.spiders.dzwww import DzwwwSpider as Real

class DzwwwSpider(Real):
    article = replace(Real.article, drop=Real.article.drop + ", p:first-of-type")
"""


def changed_project(folder: Path) -> dict[str, str]:
    """Make a project with another rule and return the environment in which it is the project."""
    (folder / "changed_rules.py").write_text(SPIDER)
    (folder / "changed_settings.py").write_text(
        "from dzwcrawl.settings import *\nSPIDER_MODULES = ['changed_rules']\n"
    )
    path = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "SCRAPY_SETTINGS_MODULE": "changed_settings"}
    return os.environ | path


def measure(archive: Path, options: list[str], environment: dict[str, str]) -> tuple[float, float, str]:
    """Run the command; return wall seconds, CPU seconds of all its processes, and what it printed."""
    before, start = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "dzwcrawl", "reextract", "--archive", str(archive), *options]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu, done.stdout


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--jobs", default="auto")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path, world = Path(name) / "archive.db", World(articles=arguments.articles)
        with Archive(path, create=True) as archive:
            fill(archive, world, articles(world))
            kept = pages.numbers(archive)
        print(
            f"{kept['pages']} pages kept: {kept['received'] / kept['pages']:.0f} bytes a page as received, "
            f"{kept['stored'] / kept['pages']:.0f} stored, {kept['dictionaries']} dictionaries"
        )
        environment = changed_project(Path(name))
        for what, more in (("compare (--dry-run)", ["--dry-run"]), ("compare and write (--yes)", ["--yes"])):
            wall, cpu, printed = measure(path, ["--jobs", arguments.jobs, *more], environment)
            read = sum(map(int, re.findall(r"\d+", printed.splitlines()[0])))
            print(
                f"{what}: {read} articles in {wall:.1f} s, {read / cpu:.0f} a CPU second, "
                f"{1000 * cpu / read:.2f} ms CPU an article"
            )
            print(f"  {printed.splitlines()[0]}")
        with Archive(path) as archive:
            print(f"revisions made: {archive.query_value('SELECT count(*) FROM revisions')}")
            print(
                f"revision numbers above 1: {archive.query_value('SELECT sum(revision > 1) FROM articles')}"
            )


if __name__ == "__main__":
    main()
