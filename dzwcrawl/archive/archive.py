"""The archive: one SQLite file, opened safely by several processes at once."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from dzwcrawl import __version__
from dzwcrawl.archive.functions import register
from dzwcrawl.archive.originals import settle
from dzwcrawl.archive.rows import from_row
from dzwcrawl.archive.schema import migrations, unknown
from dzwcrawl.archive.sentences import Fresh
from dzwcrawl.article import Article
from dzwcrawl.urls import UrlError, canonical_url, url_key

_BUSY_TIMEOUT = 60.0
"""Seconds to wait for another writer: far more than the longest transaction here takes."""

_DEMO_ID = int.from_bytes(b"demo")
"""In the file's header; says that the articles are the replica's inventions."""


def is_number(name: str) -> bool:
    """Tell whether what names an article is its number, however large: `CAST(? AS INTEGER)` takes any."""
    return name.isascii() and name.isdigit()


class ArchiveError(Exception):
    """The archive cannot be opened, read or written; the message says which file and what to do."""


def told(error: sqlite3.Error) -> str:
    """Return what SQLite says; where it was waited in vain for another writer, what to do as well."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        return f"{error}; another program has been writing it all the time: let that one end, then try again"
    return str(error)


def reading_uri(path: Path) -> str:
    """Return how SQLite opens a file to read it.

    Where nobody can write beside a file that has no log, nobody writes it, and SQLite could make no log to read by.
    """
    still = not Path(f"{path}-wal").exists() and not os.access(path.parent, os.W_OK)
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def is_writable(path: Path) -> bool:
    """Tell whether an archive can be written where it is: the file, and the log beside it."""
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def upgrade_advice(path: Path) -> str:
    """Return what brings an archive of an earlier version up to date."""
    if is_writable(path):
        return f"run `dzwcrawl stats --archive {path}`, which brings it up to date"
    return (
        "it cannot be written where it is, so copy it to a folder of yours and run "
        "`dzwcrawl stats --archive COPY`, which brings the copy up to date"
    )


def is_demo(path: Path) -> bool:
    """Tell whether a file is an archive of invented articles, whatever its version; False for what is no database."""
    try:
        with closing(sqlite3.connect(reading_uri(path), uri=True)) as connection:
            return bool(connection.execute("PRAGMA application_id").fetchone()[0] == _DEMO_ID)
    except sqlite3.Error:
        return False


def now() -> str:
    """Return the current UTC time to the second, ISO-8601 with offset; everything here takes the time from it.

    DZWCRAWL_NOW, an ISO time with offset, is the time instead, and stands still (simulations).
    """
    fixed = os.environ.get("DZWCRAWL_NOW")
    moment = datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)
    return moment.isoformat(timespec="seconds")


class Archive:
    """An open archive. Use it as a context manager, or close it.

    :param path: the SQLite file.
    :param create: make the file (and its folder) when it is not there. The tables of an older version are brought
        up to date either way.
    :param demo: a new file is marked as one of invented articles, and only such a file is opened; without it
        a marked file is refused for writing, so that invented and real articles never mix.
    :param read_only: nothing can be written through it, and nothing is brought up to date.
    :raises ArchiveError: when the file is missing (without `create`), is no archive or cannot be written.
    """

    def __init__(
        self, path: str | Path, *, create: bool = False, demo: bool = False, read_only: bool = False
    ) -> None:
        self.path = Path(path)
        self.fresh = Fresh()
        self._writing = False
        if self.path.is_dir():
            raise ArchiveError(f"{self.path} is a folder: name a file in it")
        if not create and not self.path.is_file():
            raise ArchiveError(
                f"no archive at {self.path}: run a crawl first, or name the file with --archive"
            )
        try:
            if create:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            # isolation_level=None: every transaction here is begun by hand, IMMEDIATE where it writes.
            self.connection = sqlite3.connect(
                reading_uri(self.path) if read_only else f"{self.path.absolute().as_uri()}?mode=rwc",
                uri=True,
                timeout=_BUSY_TIMEOUT,
                isolation_level=None,
            )
        except (sqlite3.Error, OSError) as error:
            raise ArchiveError(f"cannot open the archive {self.path}: {error}") from error
        try:
            if read_only:
                self._prepare_reading()
            else:
                self._prepare(create, demo)
        except sqlite3.Error as error:
            self.close()
            raise ArchiveError(f"cannot open the archive {self.path}: {told(error)}") from error
        except ArchiveError:
            self.close()
            raise

    def _prepare(self, create: bool, demo: bool) -> None:
        self._dress()
        self._check_not_newer()
        if create:
            self._mark(demo)
            self._migrate()
        elif self._is_archive() and migrations.pending(self.db):
            self._migrate()  # an archive of an earlier version: whoever reads it needs today's tables
        self.connection.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten: only so can an article be forgotten later without writing the file anew.
        self.connection.execute("PRAGMA secure_delete = ON")
        self._check_is_archive()

    def _dress(self) -> None:
        self.connection.row_factory = sqlite3.Row
        self.db = Database(self.connection)
        register(self.connection)

    def _prepare_reading(self) -> None:
        self._dress()
        self._check_is_archive()
        self._check_not_newer()
        if migrations.pending(self.db):
            raise ArchiveError(f"{self.path} is of an earlier version: {upgrade_advice(self.path)}")

    def _check_not_newer(self) -> None:
        """Refuse a file with tables this version knows nothing of: what it wrote there would not keep them true."""
        names = unknown(self.db)
        if names:
            raise ArchiveError(
                f"{self.path} was written by a newer dzwcrawl ({', '.join(names)} is not known to {__version__}): "
                "install that version; nothing in the file was changed"
            )

    def _check_is_archive(self) -> None:
        if not self._is_archive():
            raise ArchiveError(f"{self.path} is a database without articles, not an archive of dzwcrawl")

    def _is_archive(self) -> bool:
        return self.query_value("SELECT 1 FROM sqlite_master WHERE name = 'articles'") is not None

    def _mark(self, demo: bool) -> None:
        """Mark a fresh file of the demo, and refuse a file of the other kind."""
        if demo and not self.query_value("SELECT count(*) FROM sqlite_master"):
            self.connection.execute(f"PRAGMA application_id = {_DEMO_ID}")
        if demo != self.is_demo():
            what = (
                "holds no demo, and what is to come is invented: "
                if demo
                else "holds the invented articles of `make demo`: remove it, or "
            )
            raise ArchiveError(
                f"{self.path} {what}choose another file with --archive FILE (`scrapy crawl`: -s ARCHIVE_PATH=FILE)"
            )

    def _migrate(self) -> None:
        # Migrations begin deferred: two crawls that start on a fresh file at once would both read "pending"
        # and one would fail. Under an outer IMMEDIATE transaction they queue, and nest as savepoints.
        if self.connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal" or migrations.pending(
            self.db
        ):
            with self.transaction():
                migrations.apply(self.db)
            self._switch_to_wal()
        # A committed article survives a killed process; only a power cut may take the last ones, and the
        # ledger then still has them to fetch again.
        self.connection.execute("PRAGMA synchronous = NORMAL")

    def _switch_to_wal(self) -> None:
        """Switch after the migration, and try again: SQLite does not wait for another writer here by itself."""
        deadline = time.monotonic() + _BUSY_TIMEOUT
        while True:
            try:
                self.connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def is_demo(self) -> bool:
        """Tell whether the articles are the replica's inventions."""
        return bool(self.query_value("PRAGMA application_id") == _DEMO_ID)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write in one transaction that has the write lock from its start; all or nothing.

        What was written is compared with the rest of the archive before it ends (:mod:`dzwcrawl.archive.originals`).
        Inside another one it is a part of that: undone alone where it fails, kept or lost with the whole.
        """
        inner, self._writing = self._writing, True
        self.connection.execute("SAVEPOINT part" if inner else "BEGIN IMMEDIATE")
        try:
            yield
            if not inner:
                settle(self.connection, self.fresh)
            self.connection.execute("RELEASE part" if inner else "COMMIT")
        except BaseException:
            # SQLite may have rolled back all of it by itself, on a full disk for one.
            if not inner:
                self.fresh.clear()
                self.connection.rollback()
            elif self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO part")
                self.connection.execute("RELEASE part")
            raise
        finally:
            self._writing = inner

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read several times and see one state of the archive, whatever is written meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.rollback()

    def query_value(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Return the first value of the first row, or None where there is no row."""
        row = self.connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def article(self, id_or_url: int | str) -> Article | None:
        """Return an article by its id, or by any URL that leads to it, as it may be pasted: by either scheme or none, with
        what follows `#` and who tracks it."""
        name = str(id_or_url)
        number = name if is_number(name) else self._found_at(name)
        row = self.connection.execute(
            "SELECT * FROM articles WHERE id = CAST(? AS INTEGER)", (number,)
        ).fetchone()
        return None if row is None else from_row(row)

    def _found_at(self, url: str) -> int | None:
        spellings = (url,) * 4
        with suppress(UrlError):
            whole = url if "://" in url else f"http://{url}"
            address = canonical_url(whole).partition("://")[2]
            spellings = (url, f"http://{address}", f"https://{address}", url_key(whole))
        found: int | None = self.query_value(
            "SELECT id FROM articles WHERE url IN (?1, ?2, ?3) UNION ALL "
            "SELECT article FROM urls WHERE (url IN (?1, ?2, ?3) OR key = ?4) AND article IS NOT NULL LIMIT 1",
            spellings,
        )
        return found

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
