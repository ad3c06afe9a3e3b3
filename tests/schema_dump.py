"""`python -m tests.schema_dump FILE`: an archive that this version's own crawl makes, as SQL text.

Run in a checkout of any version (copy this file there), it writes what tests/schemas/ holds of it: a few
articles of the replica on two days, with revisions, copies, refused URLs and learned blocks, an article that was taken
down and a message of a cluster where the version knows such. See tests/test_migrations.py.
"""

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.replica import World, running

ARTICLES = 20
USUAL = (0, 6, 10)
"""Exit codes: in a world so small, some listings are empty."""


def crawl(archive: Path) -> None:
    """Crawl a small replica on two days; on the second, look again at what is edited or gone."""
    with running(articles=ARTICLES, crawl_delay=0) as replica:
        rows = World(ARTICLES, 0).truth()
        edited = [
            row["url"]
            for row in rows
            if row["kind"] == "article" and {"edited", "vanishes"} & set(row["traps"])
        ]
        for day, arguments in ((0, []), (1, ["-a", f"url={' '.join(edited)}"])):
            replica.set_day(day)
            command = [*crawl_command("dzwww", archive), "-s", "PRIVATE_ADDRESSES_ALLOWED=1", *arguments]
            environment = crawl_environment(archive.parent, replica)
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            if done.returncode not in USUAL:
                sys.exit(done.stderr[-3000:])


def reprint(path: Path, why: str) -> str:
    """Store the text of an article once more under another headline: a copy, of which so small a world has none."""
    with Archive(path) as archive:
        article = archive.article(1)
        assert article is not None and article.url is not None
        article.id, article.url, article.title = None, f"{article.url}?{why}", "一篇转载"
        store(archive, article, key=article.url)
    return article.url


def take_down(path: Path) -> None:
    """Take an article down, where that is known."""
    with suppress(ImportError):
        from dzwcrawl.archive.forget import forget  # noqa: PLC0415

        url = reprint(path, "taken-down")
        with Archive(path) as archive:
            article = archive.article(url)
            assert article is not None and article.id is not None
            forget(archive, [article.id], why="asked for")


def receive(path: Path) -> None:
    """Note a message of a cluster, where that is known."""
    with suppress(ImportError):
        from dzwcrawl.archive.received import first_time  # noqa: PLC0415

        with Archive(path) as archive, archive.transaction():
            first_time(archive, "stream", "1-0")


def dump(archive: Path) -> str:
    """Return an archive as SQL text."""
    with closing(sqlite3.connect(archive)) as connection:
        if "host" in {row[1] for row in connection.execute("PRAGMA table_info(crawls)")}:
            # Which machine it was made on is no part of a schema.
            connection.execute("UPDATE crawls SET host = 'host', boot = 'boot'")
        virtual = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
        # What a virtual table holds is in the tables below it; iterdump writes what reading it gives as well.
        read = tuple(f'INSERT INTO "{name}" ' for (name,) in virtual)
        return "\n".join(line for line in connection.iterdump() if not line.startswith(read)) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "archive.db"
        crawl(made)
        reprint(made, "reprint")
        take_down(made)
        receive(made)
        Path(sys.argv[1]).write_text(dump(made), encoding="utf-8")
