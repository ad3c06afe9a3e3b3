"""A crontab block, one line an outlet, and the script its lines run."""

import re
import shlex
from collections.abc import Iterable

from dzwcrawl.crawl.exit_codes import CALM
from dzwcrawl.schedule.place import Place
from dzwcrawl.schedule.plan import ScheduleError, Slot, cron_fields

BEGIN = "# >>> dzwcrawl schedule: these lines are made anew by it"
END = "# <<< dzwcrawl schedule"
_LONGEST = 990
"""cron cuts longer commands off."""

# No lock here: a crawl has its own, and ends with 5 while another runs. A shell holds no secret on its command line.
_SCRIPT = r"""#!/bin/sh
# Made by `dzwcrawl schedule`: crawl OUTLET, run by cron. Says nothing where all is well, so that cron sends no mail.
set -u
umask 027
cd {project} || exit 1
set -a
. {environment} || exit 1
set +a
logs={logs}/"$1"
mkdir -p "$logs" || exit 1
log="$logs/$(date +%Y-%m-%d).log"
{scrapy} crawl "$@" >>"$log" 2>&1
code=$?
find "$logs" -name '*.log' -mtime +30 -delete
case $code in
{calm}) ;;
*)
    echo "The crawl of $1 ended with exit code $code (docs/exit-codes.md). The end of $log:"
    tail -n 20 "$log"
    ;;
esac
exit $code
"""


def script(place: Place) -> str:
    """Return the text of the script; it keeps a log a day and outlet for thirty days."""
    return _SCRIPT.format(
        project=shlex.quote(str(place.project)),
        environment=shlex.quote(str(place.environment)),
        logs=shlex.quote(str(place.logs)),
        scrapy=shlex.quote(str(place.scrapy)),
        calm="|".join(map(str, CALM)),
    )


def crontab(text: str, slots: Iterable[Slot], place: Place) -> str:
    """Return a crontab with the lines of these outlets in our block; all else stays as it is.

    :raises ScheduleError: when the block has lost its end, or a line would be too long for cron.
    """
    before, block, after = _split(text)
    lines = _lines(block)
    for slot in slots:
        # In a crontab, % ends the command unless it is escaped, inside quotes too.
        command = f"{shlex.quote(str(place.home / 'crawl'))} {slot.outlet}".replace("%", r"\%")
        if len(command) > _LONGEST:
            raise ScheduleError(
                f"cron takes commands of {_LONGEST} characters at most: {place.home} is too long"
            )
        lines[slot.outlet] = f"{cron_fields(slot)} {command}"
    return "\n".join([*before, BEGIN, *(lines[name] for name in sorted(lines)), END, *after]) + "\n"


def scheduled(text: str) -> list[str]:
    """Return the outlets that have a line in our block of a crontab."""
    return sorted(_lines(_split(text)[1]))


def _split(text: str) -> tuple[list[str], list[str], list[str]]:
    lines = text.splitlines()
    if BEGIN not in lines and END not in lines:
        return lines, [], []
    if lines.count(BEGIN) != 1 or lines.count(END) != 1 or lines.index(END) < lines.index(BEGIN):
        raise ScheduleError(f"the crontab has lost a mark of its block: {BEGIN!r} or {END!r}; mend it first")
    begin, end = lines.index(BEGIN), lines.index(END)
    return lines[:begin], lines[begin + 1 : end], lines[end + 1 :]


def _lines(block: list[str]) -> dict[str, str]:
    """Return the lines of a block by outlet, which is the last word of each; others are dropped."""
    return {line.split()[-1]: line for line in block if re.match(r"(\S+\s+){5}\S", line)}
