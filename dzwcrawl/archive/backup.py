"""A copy of the archive as it is at one moment, made while crawls write, and looked at before it gets its name.

SQLite's backup of all pages in one step, inside a read transaction: no writer waits for it, none makes it begin again, and
what was counted in the same transaction must be in the copy. (VACUUM INTO cannot run inside a transaction, and rewrites
every row; what a backup is for is that nothing is.)
"""

import gzip
import hashlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import zstandard

from dzwcrawl.archive.archive import ArchiveError, reading_uri
from dzwcrawl.archive.files import sync

_CHUNK = 1 << 20
Opener = Callable[[Path, str], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: its file and size in bytes, and how many articles and crawls are in it."""

    path: Path
    size: int
    articles: int
    crawls: int


def backup(archive: Path, target: Path, *, replace: bool = False, keep: int = 1) -> Backup:
    """Write a backup of an archive; a name ending in .zst or .gz is compressed.

    It appears under its name when it is complete, has passed SQLite's integrity check, has as many rows in every table as
    the archive had at that moment, and is on the disk. It is for who may read the archive. An archive of any schema is
    taken as it is.

    :param replace: also replace a file that is newer than the archive, or is none of its backups.
    :param keep: how many backups stay: FILE, the one before as FILE.1, and so on.
    :raises ArchiveError: saying why there is no backup; what stood under its name is still there.
    """
    _check_target(archive, target)
    try:
        with (
            tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder,
            _reading(archive) as source,
        ):
            copy = Path(folder) / "archive.db"
            if target.exists() and not replace:
                _check_not_newer(source, target, Path(folder) / "before.db")
            counts = _counts(source)
            _check_space(source, target, copies=1 if _opener(target) is None else 2)
            with closing(sqlite3.connect(copy, isolation_level=None)) as made:
                source.backup(made, pages=-1)
                made.execute("PRAGMA journal_mode = DELETE")  # one file, which opens from read-only media too
            _verify(copy, counts)
            whole = _compress(copy, target)
            _publish(whole, target, stat.S_IMODE(archive.stat().st_mode), keep)
    except sqlite3.Error as error:
        raise ArchiveError(
            f"cannot back {archive} up: {error}; `dzwcrawl doctor` looks at the file"
        ) from error
    except OSError as error:
        raise ArchiveError(f"cannot write {target}: {error}; what was there before is unchanged") from error
    return Backup(target, target.stat().st_size, counts["articles"], counts["crawls"])


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file for reading, in one transaction."""
    with closing(
        sqlite3.connect(reading_uri(path), uri=True, timeout=60, isolation_level=None)
    ) as connection:
        connection.execute("BEGIN")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
            raise ArchiveError(f"{path} is a database without articles, not an archive of dzwcrawl")
        yield connection


def _check_target(archive: Path, target: Path) -> None:
    if not archive.is_file():
        raise ArchiveError(f"no archive at {archive}: run a crawl first, or name the file with --archive")
    if not target.parent.is_dir():
        raise ArchiveError(f"there is no folder {target.parent}")
    if target.is_dir():
        raise ArchiveError(f"{target} is a folder: name a file in it")
    own = [archive, *(Path(f"{archive}{suffix}") for suffix in ("-wal", "-shm", "-journal"))]
    if any(target.absolute() == path.absolute() for path in own) or (
        target.exists() and target.samefile(archive)
    ):
        raise ArchiveError(f"{target} is the archive itself: name another file")


def _check_not_newer(source: sqlite3.Connection, target: Path, unpacked: Path) -> None:
    """Refuse to replace what may be all that is left of something."""
    advice = "choose another name, or say --replace"
    try:
        looked_at = target
        if (opener := _opener(target)) is not None:
            with opener(target, "rb") as packed, unpacked.open("wb") as out:
                shutil.copyfileobj(packed, out, _CHUNK)
            looked_at = unpacked
        with closing(_immutable(looked_at)) as before:
            theirs, ours = _latest(before), _latest(source)
    except (sqlite3.Error, zstandard.ZstdError, EOFError, gzip.BadGzipFile) as error:
        raise ArchiveError(f"{target} is there and no backup of an archive ({error}): {advice}") from error
    finally:
        unpacked.unlink(missing_ok=True)
    if theirs > ours:
        raise ArchiveError(
            f"{target} is newer than the archive: its last crawl is of {theirs[0]}, that of the archive of "
            f"{ours[0] or 'never'}: {advice}"
        )


def _latest(connection: sqlite3.Connection) -> tuple[str, int]:
    """Return when the last crawl of a file was heard of, and its number; in columns that every schema has."""
    row: tuple[str, int] = connection.execute(
        "SELECT coalesce(max(coalesce(finished, started)), ''), coalesce(max(id), 0) FROM crawls"
    ).fetchone()
    return row


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows every table has; those of virtual tables are in tables beside them."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}


def _check_space(source: sqlite3.Connection, target: Path, *, copies: int) -> None:
    pages, size = (source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    needed, free = copies * pages * size, shutil.disk_usage(target.parent).free
    if needed > free:
        raise ArchiveError(
            f"no room for {target}: it takes up to {needed / 1e6:.1f} MB, {free / 1e6:.1f} MB are free"
        )


def _immutable(path: Path) -> sqlite3.Connection:
    """Open a file that nobody writes, without leaving anything beside it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _verify(copy: Path, counts: dict[str, int]) -> None:
    with closing(_immutable(copy)) as connection:
        problems: list[Any] = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        if problems != ["ok"]:
            raise ArchiveError(
                f"the copy fails SQLite's integrity check, so the archive does: {'; '.join(problems)}; an earlier "
                "backup is untouched, and `dzwcrawl doctor --full` tells more"
            )
        found = _counts(connection)
    if found != counts:
        wrong = [name for name in counts if found.get(name) != counts[name]]
        raise ArchiveError(
            f"the copy has not the rows that the archive has ({', '.join(wrong)}): nothing is kept"
        )


def _opener(target: Path) -> Opener | None:
    """Return what opens a compressed file; None where a name says that it is not."""
    return {".gz": gzip.open, ".zst": zstandard.open}.get(target.suffix)  # type: ignore[return-value]


def _compress(copy: Path, target: Path) -> Path:
    """Return the file to publish: the copy, or its compressed form, unpacked once more and compared."""
    opener = _opener(target)
    if opener is None:
        return copy
    packed = copy.with_name("packed")
    digests = []
    with copy.open("rb") as plain, opener(packed, "wb") as out:
        digests.append(_each(plain, out.write))
    with opener(packed, "rb") as again:
        digests.append(_each(again, len))
    if digests[0] != digests[1]:
        raise ArchiveError(f"what was compressed for {target} does not come back: nothing is kept")
    copy.unlink()
    return packed


def _each(stream: IO[bytes], take: Callable[[bytes], object]) -> bytes:
    """Hand on all bytes of a stream and return their digest."""
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        take(chunk)
    return digest.digest()


def _publish(whole: Path, target: Path, mode: int, keep: int) -> None:
    whole.chmod(mode)
    with whole.open("rb") as written:
        os.fsync(written.fileno())
    for number in range(keep - 1, 0, -1):
        earlier = target if number == 1 else target.with_name(f"{target.name}.{number - 1}")
        if earlier.exists():
            earlier.replace(target.with_name(f"{target.name}.{number}"))
    whole.replace(target)
    sync(target.parent)
