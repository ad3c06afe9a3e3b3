"""What may be wrong with an archive and the machine it is on, each with what to do about it.

It only looks: the file is opened for reading, and one of an earlier schema stays as it is.
"""

import os
import re
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Literal

from sqlite_utils import Database

from dzwcrawl.archive import crawls, search
from dzwcrawl.archive.archive import Archive, ArchiveError, now, reading_uri, upgrade_advice
from dzwcrawl.archive.schema import migrations, unknown
from dzwcrawl.text import counted

State = Literal["ok", "note", "missing", "wrong"]

_OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
_LOW_DAYS, _TOO_LOW_DAYS = 60, 7
"""For so many days of growth there should be room."""
_LONG_LOG = 256 << 20
"""Bytes of a write-ahead log that nothing but a reader who never ends explains."""
_CLOCK_OFF = timedelta(minutes=5)
_REMOTE = (
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "fuse.sshfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "fuse.rclone",
)
_HALF_WRITTEN = re.compile(r"\..+\.[a-z0-9_]{8}")
_ABANDONED = 3600
"""Seconds since a half-written file was touched last."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `check` names it, `advice` says what to do where not all is well.

    `missing` is what a crawl needs, and whoever only reads does not.
    """

    check: str
    state: State
    text: str
    advice: str | None = None


_SAMPLE = 200
"""Articles that are compared with the search index."""

Findings = Iterator[Finding]


def examine(path: Path, *, full: bool = False) -> Findings:
    """Look at everything, from what all else needs on; what cannot be looked at after a finding is left out.

    :param full: read the whole file (`integrity_check`, all of the search index), not only its structure.
    """
    yield from _versions()
    if not path.is_file():
        yield Finding(
            "archive", "wrong", f"there is no archive at {path}", "run a crawl, or name it with --archive"
        )
        return
    yield from _permissions(path)
    yield from _filesystem(path)
    yield from _half_written(path.parent)
    try:
        with closing(sqlite3.connect(reading_uri(path), uri=True, timeout=60)) as connection:
            connection.row_factory = sqlite3.Row
            yield from _structure(connection, path, full=full)
            yield from _schema(connection, path)
        with Archive(path, read_only=True) as archive:
            for check in (_growth, _log, _unended, _clock, _dates, _search(full=full)):
                yield from check(archive)
    except ArchiveError:
        return  # an earlier or later schema: said already
    except sqlite3.Error as error:
        yield Finding("archive", "wrong", f"{path} cannot be read: {error}", _RESTORE)


_RESTORE = "put the last backup in its place (docs/upkeep.md); without one, `sqlite3 FILE .recover` saves what can be read"


def _versions() -> Findings:
    python = ".".join(map(str, sys.version_info[:3]))
    sqlite = sqlite3.sqlite_version
    with closing(sqlite3.connect(":memory:")) as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        yield Finding(
            "sqlite", "wrong", f"SQLite {sqlite} is too old", "use a Python with SQLite 3.37 or newer"
        )
    elif "ENABLE_FTS5" not in options:
        yield Finding(
            "sqlite",
            "wrong",
            f"SQLite {sqlite} has no FTS5",
            "use a Python whose SQLite has it: search needs it",
        )
    else:
        yield Finding("sqlite", "ok", f"SQLite {sqlite} with FTS5, Python {python}")
    missing = list(_wrong_libraries())
    if missing:
        yield Finding(
            "libraries", "wrong", "; ".join(missing), "install dzwcrawl again in an environment of its own"
        )
    else:
        yield Finding("libraries", "ok", f"dzwcrawl {metadata.version('dzwcrawl')} and what it needs")


def _wrong_libraries() -> Iterator[str]:
    """Yield what dzwcrawl needs and what there is instead; extras are not needed."""
    from packaging.requirements import Requirement  # noqa: PLC0415 (Scrapy brings it; reading an archive needs neither)

    for line in metadata.requires("dzwcrawl") or ():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            there = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield f"{wanted} is not installed"
            continue
        if not wanted.specifier.contains(there, prereleases=True):
            yield f"{wanted.name} is {there}, not {wanted.specifier}"


def _permissions(path: Path) -> Findings:
    files = [path, *(file for suffix in ("-wal", "-shm") if (file := Path(f"{path}{suffix}")).exists())]
    shut = [str(file) for file in files if not os.access(file, os.R_OK | os.W_OK)]
    if not os.access(path.parent, os.W_OK | os.X_OK):
        shut.append(f"the folder {path.parent}")
    if shut:
        yield Finding(
            "permissions", "wrong", f"not yours to read and write: {', '.join(shut)}",
            f"give them to who crawls: chown {_owner(path.parent)} FILE (a crawl by root may have made them)",
        )  # fmt: skip
        return
    owners = {_owner(file) for file in files}
    if len(owners) > 1:
        yield Finding(
            "permissions", "note", f"the archive and its log belong to different users: {', '.join(sorted(owners))}",
            "crawl as one user",
        )  # fmt: skip
    elif path.stat().st_mode & 0o022:
        yield Finding(
            "permissions", "note", f"others than its owner may change {path} ({path.stat().st_mode & 0o777:o})",
            f"chmod go-w {path}",
        )  # fmt: skip
    else:
        yield Finding("permissions", "ok", f"{path} can be read and written")


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, OSError):
        return str(path.stat().st_uid)


def _filesystem(path: Path) -> Findings:
    kind = _kind_of_filesystem(path)
    if kind in _REMOTE:
        yield Finding(
            "filesystem", "wrong", f"{path.parent} is on {kind}, over a network, where SQLite's locks may not hold",
            "keep the archive on a disk of this machine, and its backups there",
        )  # fmt: skip


def _kind_of_filesystem(path: Path) -> str:
    """Return the kind of the file system a file is on; "" where the system does not tell."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    folder = path.parent.resolve()
    under = [(mount[1], mount[2]) for mount in mounts if folder.is_relative_to(mount[1])]
    return max(under, key=lambda mount: len(mount[0]), default=("", ""))[1]


def _half_written(folder: Path) -> Findings:
    old = [
        entry
        for entry in folder.iterdir()
        if _HALF_WRITTEN.fullmatch(entry.name) and time.time() - entry.stat().st_mtime > _ABANDONED
    ]
    if old:
        names = ", ".join(sorted(entry.name for entry in old)[:5])
        yield Finding(
            "half-written", "note", f"{counted(len(old), 'file')} that an export or backup did not finish in {folder}: {names}",
            "remove them: what they were to become is there whole, or was never there",
        )  # fmt: skip


def _structure(connection: sqlite3.Connection, path: Path, *, full: bool) -> Findings:
    name = "integrity_check" if full else "quick_check"
    try:
        problems = [row[0] for row in connection.execute(f"PRAGMA {name}(5)")]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CORRUPT:
            raise
        problems = [str(error)]  # damage at which the check itself ends
    if problems != ["ok"]:
        yield Finding("file", "wrong", f"{path} is damaged: {'; '.join(problems)}", _RESTORE)
        return
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} to {row[2]}" for row in broken}))
        yield Finding(
            "file", "wrong", f"{counted(len(broken), 'row leads', 'rows lead')} to rows that are not there ({tables})",
            "somebody has changed the file by hand: put the last backup in its place, or remove these rows",
        )  # fmt: skip
        return
    yield Finding(
        "file", "ok", f"{path.stat().st_size / 1e6:.1f} MB, passes SQLite's {name.replace('_', ' ')}"
    )


def _schema(connection: sqlite3.Connection, path: Path) -> Findings:
    db = Database(connection)
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
        yield Finding(
            "schema", "wrong", f"{path} is no archive of dzwcrawl", "name the archive with --archive"
        )
    elif newer := unknown(db):
        yield Finding(
            "schema", "wrong", f"a newer dzwcrawl has written it ({', '.join(newer)})", "install that version"
        )
    elif pending := [migration.name for migration in migrations.pending(db)]:
        yield Finding(
            "schema", "note", f"of an earlier version: {', '.join(pending)} are to come",
            f"back it up, then {upgrade_advice(path)} (docs/upgrading.md)",
        )  # fmt: skip
    else:
        yield Finding("schema", "ok", f"up to date ({migrations.applied(db)[-1].name})")


def _growth(archive: Archive) -> Findings:
    free = shutil.disk_usage(archive.path.parent).free
    size = archive.path.stat().st_size
    month_ago = (datetime.fromisoformat(now()) - timedelta(days=30)).isoformat()
    first, articles, recent = archive.connection.execute(
        # Of the ledger, whose rows are short: to read this of the articles is to read all their texts.
        "SELECT min(first_seen), count(*), sum(first_seen > ?) FROM urls WHERE state = 'article'",
        (month_ago,),
    ).fetchone()
    if not articles or not recent:
        yield Finding("disk", "ok", f"{free / 1e9:.1f} GB free")
        return
    days = min(
        30.0, max((datetime.fromisoformat(now()) - datetime.fromisoformat(first)).total_seconds() / 86400, 1)
    )
    growth = size * recent / articles / days
    left = free / growth
    text = f"{free / 1e9:.1f} GB free; the archive grows by {growth / 1e6:.1f} MB a day"
    if left < _TOO_LOW_DAYS or free < size * 0.02:
        yield Finding("disk", "wrong", text, "make room now: a full disk ends crawls (what is stored stays)")
    elif left < _LOW_DAYS:
        yield Finding("disk", "note", text, f"there is room for {counted(round(left), 'day')}")
    else:
        yield Finding("disk", "ok", text)


def _log(archive: Archive) -> Findings:
    log = Path(f"{archive.path}-wal")
    size = log.stat().st_size if log.is_file() else 0
    if size > _LONG_LOG:
        yield Finding(
            "log", "note", f"the write-ahead log has {size / 1e6:.0f} MB: somebody reads an old state and does not end",
            "end that export, query or reading room; then `dzwcrawl vacuum` empties it",
        )  # fmt: skip
    else:
        yield Finding("log", "ok", f"the write-ahead log has {size / 1e6:.1f} MB")


def _unended(archive: Archive) -> Findings:
    running, dead = crawls.unfinished(archive)
    for row in dead:
        leased = archive.query_value("SELECT count(*) FROM urls WHERE lease = ?", (row["id"],))
        yield Finding(
            "crawls", "note",
            f"crawl {row['id']} of {row['spider']} died without a word, {row['heartbeat'] or row['started']}; it had "
            f"{counted(leased, 'URL')} to fetch",
            "nothing: the next crawl closes it and fetches them",
        )  # fmt: skip
    names = ", ".join(f"{row['spider']} (process {row['pid']} on {row['host']})" for row in running)
    yield Finding("crawls", "ok", f"running: {names}" if running else "no crawl is running")


def _clock(archive: Archive) -> Findings:
    if os.environ.get("DZWCRAWL_NOW"):
        yield Finding(
            "clock", "note", f"DZWCRAWL_NOW sets the time to {now()}", "unset it, but for simulations"
        )
    present = datetime.fromisoformat(now())
    latest = archive.query_value(
        "SELECT max(max(started, coalesce(heartbeat, ''), coalesce(finished, ''))) FROM crawls"
    )
    ahead = datetime.fromisoformat(latest) - present if latest else timedelta()
    off = _offset_from_servers(archive)
    if ahead > _CLOCK_OFF:
        yield Finding(
            "clock", "wrong", f"the archive has a crawl of {latest}, {ahead} from now: the clock is wrong, or was then",
            "set the clock (timedatectl); what was seen then has a wrong first_seen",
        )  # fmt: skip
    elif off is not None and abs(off) > _CLOCK_OFF:
        yield Finding(
            "clock", "wrong", f"in the last crawl the clock was {off} {'ahead' if off > timedelta() else 'behind'} of "
            "what servers said",
            "set the clock (timedatectl set-ntp true)",
        )  # fmt: skip
    else:
        yield Finding("clock", "ok", now())


def _offset_from_servers(archive: Archive) -> timedelta | None:
    """Return how far the clock was ahead of the Date of the last crawl's answers; None where none is kept."""
    rows = archive.connection.execute(
        "SELECT fetched, head FROM pages JOIN articles ON id = article AND pages.revision = articles.revision "
        "WHERE crawl = (SELECT max(crawl) FROM articles) LIMIT 50"
    )
    seconds = []
    for row in rows:
        told = re.search(r"^Date: *(.+?)\r?$", row["head"], re.M | re.I)
        try:
            date = parsedate_to_datetime(told[1]) if told else None
        except ValueError:
            continue
        if date is not None and date.tzinfo is not None:
            seconds.append((datetime.fromisoformat(row["fetched"]) - date).total_seconds())
    return timedelta(seconds=round(median(seconds))) if seconds else None


def _dates(archive: Archive) -> Findings:
    tomorrow = (datetime.fromisoformat(now()) + timedelta(days=2)).date().isoformat()
    rows = archive.connection.execute(
        "SELECT id, published, url FROM articles WHERE published >= ? ORDER BY published DESC LIMIT 3",
        (tomorrow,),
    ).fetchall()
    if rows:
        shown = ", ".join(f"{row['id']} ({row['published']})" for row in rows)
        yield Finding(
            "dates", "note", f"articles from the future: {shown}", "look at their pages: `dzwcrawl raw ID`"
        )


def _search(*, full: bool) -> Callable[[Archive], Findings]:
    def check(archive: Archive) -> Findings:
        problems = search.check(archive, sample=None if full else _SAMPLE)
        if problems:
            yield Finding("search", "wrong", "; ".join(problems), "dzwcrawl search --rebuild")
        else:
            yield Finding("search", "ok", "the index has what the articles have")

    return check
