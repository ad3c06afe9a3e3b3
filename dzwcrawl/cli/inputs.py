"""The pages that a command is given: files, folders, manifests, standard input."""

import codecs
import gzip
import stat
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from dzwcrawl.packed import TooLarge, read_at_most

PAGES = tuple(f".{kind}{packed}" for kind in ("html", "htm", "shtml", "xhtml") for packed in ("", ".gz"))
"""How the names of pages in a folder end."""

TEXTS = (".txt", ".jsonl")
"""How the names of plain texts in a folder end."""


@dataclass(frozen=True, slots=True)
class Input:
    """One page to read, or what is wrong with it. `file` is its name in the output; `body` is set for `-`."""

    file: str | None
    url: str | None = None
    body: bytes | None = None
    error: str | None = None

    @property
    def shown(self) -> str | None:
        """`file` as the output names it."""
        return None if self.file is None else in_utf8(self.file)

    def read(self) -> bytes:
        """Return the bytes of the page, unpacked when the name ends in .gz.

        :raises OSError: when it cannot be read, is not gzip or unpacks to more than 256 MiB.
        """
        if self.body is not None or self.file is None:
            return self.body or b""
        path = Path(self.file)
        if path.suffix != ".gz":
            return path.read_bytes()
        try:
            with gzip.open(path) as packed:
                return read_at_most(packed.read)
        except (EOFError, zlib.error) as error:
            raise OSError(f"damaged gzip file: {error}") from error
        except TooLarge as error:
            raise OSError(str(error)) from error


def in_utf8(name: str) -> str:
    r"""Return a name from the command line or a folder for output in UTF-8; a byte that is none stands as `\xc4`."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder."""
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    """Return the mode of what a path leads to; what cannot be looked at is taken for a file: reading it says why."""
    try:
        return path.stat().st_mode
    except OSError:
        return stat.S_IFREG


def from_arguments(
    names: Sequence[str], url: str | None = None, *, count_only: bool = False
) -> Iterator[Input]:
    """Yield files as named, the pages of folders sorted by path, and the bytes of standard input for `-`.

    With `count_only` standard input is left alone.
    """
    for name in names:
        if name == "-":
            yield Input(name, url, body=None if count_only else sys.stdin.buffer.read())
        elif is_folder(Path(name)):
            empty = True
            for page in _in_folder(Path(name)):
                empty = False
                yield page
            if empty:
                yield Input(
                    name, error=f"no page ({', '.join(PAGES[::2])}, or these with .gz) in this folder"
                )
        else:
            yield Input(name, url)


def _in_folder(folder: Path, ends: tuple[str, ...] = PAGES) -> Iterator[Input]:
    """Yield the files with these endings below a folder, sorted within each; only the names of one way down are in memory."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Input(str(folder), error=str(error))
        return
    for entry in entries:
        mode = _mode(entry)
        # Linked folders are not followed: a link may lead back up. Neither is a pipe: it is waited for without end.
        if stat.S_ISDIR(mode) and not entry.is_symlink():
            yield from _in_folder(entry, ends)
        elif stat.S_ISREG(mode) and entry.name.lower().endswith(ends):
            yield Input(str(entry))


def from_manifest(lines: IO[bytes]) -> Iterator[Input]:
    """Yield what the lines of a manifest name; a line that is none becomes an input with an error."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line.removeprefix(codecs.BOM_UTF8))
            file, url = row["file"], row.get("url")
            if not isinstance(file, str) or not isinstance(url, str | None):
                raise TypeError
            yield Input(file, url)
        except (ValueError, TypeError, KeyError, AttributeError):
            yield Input(None, error=f'line {number} of the manifest is not {{"file": …, "url": …}}')


def texts_from(names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield plain texts as rows of :func:`dzwcrawl.archive.corpus.clean_corpus`: files as named, the *.txt and
    *.jsonl of folders sorted by path, standard input for `-`. What cannot be read becomes a row with `error`."""
    for name in names:
        inputs = _in_folder(Path(name), TEXTS) if is_folder(Path(name)) else iter([Input(name)])
        for found in inputs:
            if found.error is not None:
                yield {"file": found.shown, "error": found.error}
            elif str(found.file).endswith(".jsonl"):
                yield from _lines_of(str(found.file))
            else:
                yield _text_of(str(found.file))


def _text_of(name: str) -> dict[str, Any]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        return {"file": in_utf8(name), "error": str(error)}
    return {"file": in_utf8(name), "text": data.decode("utf-8-sig", "replace")}


def _lines_of(name: str) -> Iterator[dict[str, Any]]:
    try:
        with Path(name).open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield {"file": in_utf8(name), "line": number} | _text_row(line)
    except OSError as error:
        yield {"file": in_utf8(name), "error": str(error)}


def _text_row(line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except ValueError as error:
        return {"error": f"not JSON: {error}"}
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return {"error": 'it has no "text"'}
    return {name: value for name, value in row.items() if name not in ("file", "line", "error")}
