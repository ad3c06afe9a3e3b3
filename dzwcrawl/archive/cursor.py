"""The cursor of a consumer: up to which change, of which archive and selection, it has been told, and what it holds.

A cursor is a small JSON file. Two files cannot be renamed at once, so an export that moves it goes like this:

1. the output is written beside its target under a temporary name, whole and on the disk;
2. the cursor is replaced by one that is moved on and names the output as `unfinished`: from here on it is done;
3. the output gets its name; 4. the cursor is replaced by one without `unfinished`.

Killed before 2 nothing has happened. Killed later, the next export with this cursor does 3 and 4 first.
"""

import fcntl
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.changes import identity, last_change
from dzwcrawl.archive.files import replace_whole, sync

_FORMAT = "dzwcrawl cursor 1"


class CursorError(Exception):
    """A cursor that cannot be used here; the message says why and what to do."""


class Held:
    """A set of article numbers, one bit each: what the consumer holds. So it is told only of removals that concern it."""

    def __init__(self, packed: str = "") -> None:
        self._bits = bytearray(zlib.decompress(b64decode(packed, validate=True)) if packed else b"")

    def packed(self) -> str:
        """Return the set as text."""
        return b64encode(zlib.compress(self._bits)).decode()

    def __contains__(self, number: int) -> bool:
        byte, bit = divmod(number, 8)
        return byte < len(self._bits) and bool(self._bits[byte] >> bit & 1)

    def set(self, number: int, held: bool) -> None:
        """Note that an article is held, or no longer."""
        byte, bit = divmod(number, 8)
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + 1 - len(self._bits)))
        self._bits[byte] = self._bits[byte] & ~(1 << bit) | held << bit


@dataclass(slots=True)
class Cursor:
    """An open cursor: `seq` is the number of the last change that was told. `unfinished` is the temporary name and
    the target of an output that is complete and has not got its name yet."""

    path: Path
    archive: str
    selection: dict[str, Any]
    seq: int = 0
    held: Held = field(default_factory=Held)
    unfinished: tuple[str, str] | None = None

    def save(self, unfinished: tuple[str, str] | None = None) -> None:
        """Put the cursor on the disk.

        :raises CursorError: when it cannot be written; the one that was there stays.
        """
        self.unfinished = unfinished
        content = {
            "format": _FORMAT,
            "archive": self.archive,
            "selection": self.selection,
            "seq": self.seq,
            "held": self.held.packed(),
        }
        if unfinished:
            content["unfinished"] = unfinished
        try:
            replace_whole(self.path, json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
        except OSError as error:
            raise CursorError(f"the cursor {self.path} cannot be kept: {error.strerror}") from error

    def commit(self, temporary: Path, target: Path) -> None:
        """Move the cursor for an output that is complete and has not got its name yet."""
        unfinished = (str(temporary.absolute()), str(target.absolute()))
        try:
            self.save(unfinished)
        except CursorError:
            if not (self.path.exists() and unfinished[0] in self.path.read_text(encoding="utf-8")):
                temporary.unlink()
            raise

    def finish(self) -> Path | None:
        """Do what was left undone by an export that was killed; return the output that it wrote."""
        if self.unfinished is None:
            return None
        temporary, target = map(Path, self.unfinished)
        if temporary.exists():
            temporary.replace(target)
            sync(target.parent)
        self.save()
        return target


@contextmanager
def opened(path: Path, archive: Archive, selection: dict[str, Any]) -> Iterator[Cursor]:
    """Open a cursor, or begin a new one where there is no file; nobody else can while it is open.

    :param selection: filters, schema and fields, as plain JSON.
    :raises CursorError: when it is in use, no cursor, or the one of another archive or selection.
    """
    with _lock_file(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CursorError(f"another export with the cursor {path} is running") from error
        cursor = _read(path, archive) if path.exists() else Cursor(path, identity(archive), selection)
        _check(cursor, archive, json.loads(json.dumps(selection)))
        yield cursor


def _lock_file(path: Path) -> IO[bytes]:
    try:
        return path.with_name(f".{path.name}.lock").open("wb")
    except OSError as error:
        raise CursorError(f"the cursor {path} cannot be kept: {error.strerror}: {path.parent}") from error


def _read(path: Path, archive: Archive) -> Cursor:
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != _FORMAT:
            raise ValueError(f"its format is {content['format']!r}")
        held = Held(content["held"])
        cursor = Cursor(path, content["archive"], dict(content["selection"]), int(content["seq"]), held)
        if "unfinished" in content:
            temporary, target = content["unfinished"]
            cursor.unfinished = (str(temporary), str(target))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise CursorError(f"{path} is no cursor: {error}") from error
    if cursor.archive != identity(archive):
        raise CursorError(
            f"{path} is the cursor of another archive, not of {archive.path}: name another file"
        )
    return cursor


def _check(cursor: Cursor, archive: Archive, selection: dict[str, Any]) -> None:
    if cursor.seq > last_change(archive):
        raise CursorError(
            f"{cursor.path} is ahead of {archive.path}, which must be an older copy of the archive it was written for: "
            "remove the cursor and what was made with it, and begin anew"
        )
    was = json.loads(json.dumps(cursor.selection))
    differ = [name for name in sorted(was.keys() | selection.keys()) if was.get(name) != selection.get(name)]
    if differ:
        told = ", ".join(f"{name} {was.get(name, 'not given')}" for name in differ)
        raise CursorError(
            f"{cursor.path} was begun with other options ({told}): give the same, "
            "or name another file for another selection"
        )
