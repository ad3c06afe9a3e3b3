"""What an export costs beside `sqlite-utils query --nl`: rows and megabytes a CPU second, and the peak of its memory.

The archive has articles with bodies of about 1 kB, put into the table by SQL alone, without the search index.
Every command is a process of its own and writes a file.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from dzwcrawl.archive.archive import Archive
from dzwcrawl.article import RECORD_FIELDS

_ROWS = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO articles (id, site, url, canonical_url, title, authors, source, published, section, keywords, language, body,
    images, first_seen, last_seen, template, layout, rules, notes)
SELECT i, 'site' || i % 20, 'http://www.example.org/news/' || i || '.htm', 'http://www.example.org/news/' || i || '.htm',
    '第' || i || '号消息：渡口的旧船坞拆到第三天', '["赵七","钱八"]', '柳湾晚报', '2026-11-01T08:00:00+08:00', '["新闻","国内"]', '[]',
    'zh', replace(hex(zeroblob(6)), '00', '工人们在梁上找到一只铁皮盒子，图上标着暗礁。') || char(10) || hex(randomblob(300)),
    '[{"url":"http://www.example.org/1.jpg","caption":"船坞"}]', '2026-11-01T00:00:00+00:00', '2026-11-02T00:00:00+00:00',
    't', '[]', '{}', '[]' FROM n
"""


def make(path: Path, number: int) -> None:
    """Make the archive."""
    with Archive(path, create=True) as archive:
        execute = archive.connection.execute
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'articles'"
        for (name,) in execute(triggers).fetchall():
            if not name.startswith("changes"):
                execute(f"DROP TRIGGER {name}")
        execute("BEGIN")
        execute(_ROWS, (number,))
        execute("COMMIT")


def measure(command: list[str], target: Path) -> tuple[float, float, int]:
    """Run a command into a file; return CPU and wall seconds, and the peak of its memory in bytes."""
    start = perf_counter()
    with target.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return used.ru_utime + used.ru_stime, perf_counter() - start, used.ru_maxrss * 1024


def commands(archive: Path, folder: Path) -> dict[str, list[str]]:
    """Return the command lines by name; each writes to standard output."""
    export = [sys.executable, "-m", "dzwcrawl", "export", "--archive", str(archive)]
    columns = f"select {', '.join(RECORD_FIELDS)} from articles"
    found = {
        "sqlite-utils query --nl": [
            str(Path(sys.executable).parent / "sqlite-utils"),
            "query",
            str(archive),
            columns,
            "--nl",
        ],
        "export (jsonl)": export,
        "export --since-cursor (jsonl)": [*export, "--since-cursor", str(folder / "cursor")],
        "export --schema schemaorg": [*export, "--schema", "schemaorg"],
        "export --format csv": [*export, "--format", "csv"],
    }
    if find_spec("pyarrow"):
        found["export --format parquet"] = [*export, "--format", "parquet"]
    return found


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    number = options.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="dzwcrawl-bench-") as name:
        archive, target = Path(name) / "archive.db", Path(name) / "out"
        # In a process of its own: the peak of a command's memory counts from that of the process that starts it.
        maker = get_context("spawn").Process(target=make, args=(archive, number))
        maker.start()
        maker.join()
        print(f"{number} articles, archive {archive.stat().st_size / 1e6:.0f} MB\n")
        print(
            "| | CPU s | wall s | rows / CPU s | MB | MB / CPU s | peak MB |\n|---|---|---|---|---|---|---|"
        )
        for label, command in commands(archive, Path(name)).items():
            cpu, wall, peak = measure(command, target)
            size = target.stat().st_size / 1e6
            print(
                f"| {label} | {cpu:.1f} | {wall:.1f} | {number / cpu:,.0f} | {size:,.0f} | {size / cpu:.0f} | {peak / 1e6:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
