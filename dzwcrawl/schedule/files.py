"""Files that a schedule is made of: shown before they are written, written whole or not at all."""

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dzwcrawl.schedule import environment


@dataclass(frozen=True, slots=True)
class File:
    """A text and where it belongs; `secret` ones are for their owner only, and shown without what is secret."""

    path: Path
    text: str
    mode: int = 0o644
    secret: bool = False

    @property
    def was(self) -> str | None:
        """The text that is there; None where no file is."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else None

    @property
    def is_there(self) -> bool:
        """Whether the file is there already as it should be."""
        return self.was == self.text and self.path.stat().st_mode & 0o777 == self.mode


def shown(file: File) -> str:
    """Return what would become of a file: its text where it is new, else the differences."""
    show: Callable[[str], str] = environment.shown if file.secret else str
    was = file.was
    if was is None:
        return f"== {file.path} (new)\n{show(file.text)}"
    if file.is_there:
        return f"== {file.path} (as it is)\n"
    lines = difflib.unified_diff(
        show(was).splitlines(keepends=True), show(file.text).splitlines(keepends=True), "now", "then"
    )
    return f"== {file.path} (changed)\n{''.join(lines)}"


def write(file: File) -> bool:
    """Write a file if it is not there as it should be; tell whether it was written.

    :raises OSError: with what was there unchanged.
    """
    if file.is_there:
        return False
    file.path.parent.mkdir(parents=True, exist_ok=True)
    draft = file.path.with_name(f".{file.path.name}.{os.getpid()}")
    try:
        # Made with its mode, because a secret must not be readable for a moment either.
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode), "w", encoding="utf-8"
        ) as out:
            out.write(file.text)
        draft.chmod(file.mode)
        draft.replace(file.path)
    finally:
        draft.unlink(missing_ok=True)
    return True
