"""Room given back to the disk: the write-ahead log emptied, pages that hold nothing removed."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from dzwcrawl.archive import crawls
from dzwcrawl.archive.archive import Archive, ArchiveError

WORTH_IT = 0.02
"""Share of pages that hold nothing from which on the file is written anew."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: the file, its write-ahead log, and what in the file holds nothing."""

    file: int
    log: int
    unused: int


def sizes(archive: Archive) -> Sizes:
    """Return how large the archive is."""
    log = Path(f"{archive.path}-wal")
    page = archive.query_value("PRAGMA page_size")
    return Sizes(
        archive.path.stat().st_size,
        log.stat().st_size if log.is_file() else 0,
        archive.query_value("PRAGMA freelist_count") * page,
    )


def vacuum(archive: Archive, *, full: bool = False) -> bool:
    """Empty the write-ahead log and, where it is worth it, write the file anew; return whether it was.

    :param full: write it anew whatever it gains.
    :raises ArchiveError: when a crawl runs, somebody reads an old state, or the disk has no room for it.
    """
    running, _ = crawls.unfinished(archive)
    if running:
        names = ", ".join(f"{row['spider']} (process {row['pid']} on {row['host']})" for row in running)
        raise ArchiveError(f"a crawl is writing to {archive.path}: {names}; wait for it or stop it")
    _empty_log(archive)
    before = sizes(archive)
    if not full and before.unused < WORTH_IT * before.file:
        return False
    # SQLite writes a copy to a temporary file and then, through the log, back.
    needed, free = 2 * (before.file - before.unused), shutil.disk_usage(archive.path.parent).free
    if needed > free:
        raise ArchiveError(
            f"no room to write {archive.path} anew: it takes up to {needed / 1e6:.1f} MB, {free / 1e6:.1f} MB are free"
        )
    # Where the room was looked for, not in a small /tmp.
    os.environ.setdefault("SQLITE_TMPDIR", str(archive.path.parent.absolute()))
    archive.connection.execute("VACUUM")
    archive.connection.execute("PRAGMA optimize")
    _empty_log(archive)
    return True


def _empty_log(archive: Archive) -> None:
    busy, _, _ = archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise ArchiveError(
            f"somebody still reads an old state of {archive.path} or writes to it, so its log cannot be emptied: end "
            "that export, query or reading room, then try again"
        )
