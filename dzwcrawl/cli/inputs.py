"""The pages that a command is given: files, folders, manifests, standard input."""

import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

PAGES = tuple(f".{kind}{packed}" for kind in ("html", "htm", "shtml", "xhtml") for packed in ("", ".gz"))
"""How the names of pages in a folder end."""

_MOST = 256 * 2**20
"""Bytes that one packed page may unpack to: more is no page but a mistake, or a bomb."""


@dataclass(frozen=True, slots=True)
class Input:
    """One page to read, or what is wrong with it. `file` is its name in the output; `body` is set for `-`."""

    file: str | None
    url: str | None = None
    body: bytes | None = None
    error: str | None = None

    def read(self) -> bytes:
        """Return the bytes of the page, unpacked when the name ends in .gz.

        :raises OSError: when it cannot be read, is not gzip or unpacks to more than 256 MB.
        """
        if self.body is not None or self.file is None:
            return self.body or b""
        path = Path(self.file)
        if path.suffix != ".gz":
            return path.read_bytes()
        try:
            with gzip.open(path) as packed:
                body = packed.read(_MOST + 1)
        except (EOFError, zlib.error) as error:
            raise OSError(f"damaged gzip file: {error}") from error
        if len(body) > _MOST:
            raise OSError(f"unpacks to more than {_MOST // 2**20} MB")
        return body


def from_arguments(
    names: Sequence[str], url: str | None = None, *, count_only: bool = False
) -> Iterator[Input]:
    """Yield files as named, the pages of folders sorted by path, and the bytes of standard input for `-`.

    With `count_only` standard input is left alone.
    """
    for name in names:
        if name == "-":
            yield Input(name, url, body=None if count_only else sys.stdin.buffer.read())
        elif Path(name).is_dir():
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


def _in_folder(folder: Path) -> Iterator[Input]:
    """Yield the pages below a folder, sorted within each; only the names of one way down are in memory."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Input(str(folder), error=str(error))
        return
    for entry in entries:
        # Linked folders are not followed: a link may lead back up.
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _in_folder(entry)
        elif entry.name.lower().endswith(PAGES):
            yield Input(str(entry))


def from_manifest(lines: IO[bytes]) -> Iterator[Input]:
    """Yield what the lines of a manifest name; a line that is none becomes an input with an error."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            file, url = row["file"], row.get("url")
            if not isinstance(file, str) or not isinstance(url, str | None):
                raise TypeError
            yield Input(file, url)
        except (ValueError, TypeError, KeyError, AttributeError):
            yield Input(None, error=f'line {number} of the manifest is not {{"file": …, "url": …}}')
