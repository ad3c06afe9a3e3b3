"""The file of variables that scheduled crawls read: one text for sh, systemd and compose, and nobody else's to read."""

import re
import shlex
from collections.abc import Mapping

from dzwcrawl.configuration import PREFIX, SETTINGS, masked
from dzwcrawl.schedule.plan import ScheduleError

CARRIED = ("http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SCRAPY_SETTINGS_MODULE")
"""What is taken over from the environment beside our own variables."""

_NOT_CARRIED = {f"{PREFIX}NOW"}
_HEAD = "# Variables of scheduled crawls (docs/settings.md). Yours to edit: `dzwcrawl schedule` keeps lines it does not change.\n"
_LINE = re.compile(r"([A-Za-z_]\w*)=(.*)")


def carried(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of an environment scheduled crawls need."""
    return {
        name: value
        for name, value in environment.items()
        if value and name not in _NOT_CARRIED and (name.startswith(PREFIX) or name in CARRIED)
    }


def read(text: str) -> dict[str, str]:
    """Return the variables of a file.

    :raises ScheduleError: naming the line that is none.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        try:
            words = shlex.split(match[2]) if match else None
        except ValueError:
            words = None
        if match is None or words is None or len(words) > 1:
            raise ScheduleError(f"line {number} is not NAME='value': {line!r}")
        found[match[1]] = words[0] if words else ""
    return found


def merge(text: str, given: Mapping[str, str]) -> str:
    """Return a file with the given variables, its other lines as they are.

    :raises ScheduleError: for a value that the three who read the file would not read alike.
    """
    for name, value in given.items():
        if "'" in value or "\n" in value:
            raise ScheduleError(f"{name} has a ' or a line break in it, which the file cannot hold")
    lines, left = [], dict(given)
    for line in (text or _HEAD).splitlines():
        match = _LINE.fullmatch(line)
        name = match[1] if match else ""
        lines.append(f"{name}='{left.pop(name)}'" if name in left else line)
    return "\n".join([*lines, *(f"{name}='{value}'" for name, value in sorted(left.items()))]) + "\n"


def shown(text: str) -> str:
    """Return a file as it may be shown: secret values as ***."""
    names = {entry.in_environment: entry.name for entry in SETTINGS}
    lines = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        lines.append(
            f"{match[1]}={masked(names.get(match[1], match[1]), match[2])}"
            if match and not line.startswith("#")
            else line
        )
    return "\n".join(lines) + "\n"
