"""Files that are whole under their name, or not there at all."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: Path, before: Callable[[Path], None] | None = None) -> Iterator[IO[bytes]]:
    """Give a file to write that appears under its name only when it is complete and on the disk; a device or a pipe as it is.

    :param before: called with its temporary name when it is complete and on the disk and has not got its name yet.
        From then on it is the caller's: it is not thrown away any more, whatever happens.
    """
    if path.exists() and (path.parent == Path("/dev") or not path.is_file()):
        with path.open("wb") as out:  # a device or a pipe, of which nothing may take the place
            yield out
        return
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        # Not with the name of the temporary file, which nobody has given: it is the folder that fails.
        raise OSError(error.errno, error.strerror, str(path.parent)) from None
    temporary, ours = Path(name), True
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        if before is not None:
            sync(path.parent)  # what `before` relies on must be there after a power cut
            ours = False
            before(temporary)
        temporary.replace(path)
    except BaseException:
        if ours:
            with suppress(FileNotFoundError):
                temporary.unlink()
        raise
    sync(path.parent)


def replace_whole(path: Path, content: bytes) -> None:
    """Write a file as a whole."""
    with whole_file(path) as out:
        out.write(content)


def sync(folder: Path) -> None:
    """Put on the disk which files a folder has."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
