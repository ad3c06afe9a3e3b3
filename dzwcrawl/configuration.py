"""Every setting of ours, once: its default, what it may be, what it means. settings.py, checks and docs are made of it.

A new setting is one entry of SETTINGS and `make settings-table`; it then has its default in every crawl, a variable
`DZWCRAWL_<NAME>`, a check of its values and its line in docs/settings.md and `dzwcrawl config`.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dzwcrawl.masking import MASK, is_secret, mask
from dzwcrawl.text import closest, nearest

PREFIX = "DZWCRAWL_"

Kind = Literal["switch", "count", "number", "text", "path"]
"""`switch`: 0 or 1; `count`: a whole number; `number`: also with a fraction; `text`: anything; `path`: of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting that crawls have, ours or one of Scrapy's (`scrapys`) that we set otherwise than Scrapy does.

    `least` bounds numbers from below, `choices` are the only words of a text. A `secret` value is never shown. `told`
    is how docs tell a default that depends on where one is. `variable` is the name in the environment where it is not
    DZWCRAWL_ and the setting's name.
    """

    name: str
    kind: Kind
    default: Any
    meaning: str
    scrapys: bool = False
    least: float = 0
    choices: tuple[str, ...] = ()
    secret: bool = False
    told: str | None = None
    variable: str = ""

    @property
    def in_environment(self) -> str:
        """The name of the variable that gives this setting."""
        return self.variable or PREFIX + self.name


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="ARCHIVE_PATH", kind="path", default=None, variable="DZWCRAWL_ARCHIVE",
        told="`data/archive.db` of the project",
        meaning="the archive, for `scrapy crawl` and `dzwcrawl` alike",
    ),
    Setting(
        name="ARCHIVE_DEMO", kind="switch", default=False,
        meaning="the archive is one of invented articles (`make demo`); such a file is refused otherwise",
    ),
    Setting(
        name="ARCHIVE_RAW", kind="switch", default=True,
        meaning="keep the page of each revision as it was received (1 to 6 kB each; `dzwcrawl stats` tells)",
    ),
    Setting(
        name="PRIVATE_ADDRESSES_ALLOWED", kind="switch", default=False,
        meaning="fetch from private and loopback addresses",
    ),
    Setting(
        name="LISTING_KNOWN_PAGES", kind="count", default=1,
        meaning="a listing is followed until so many pages in a row bring only known URLs",
    ),
    Setting(
        name="REVISIT_BUDGET", kind="count", default=200,
        meaning="at most so many stored articles are looked at again in a crawl ([crawling.md](crawling.md)); 0: none",
    ),
    Setting(
        name="HOST_REQUEST_BUDGET", kind="count", default=0,
        meaning="at most so many requests to a host in a crawl ([politeness.md](politeness.md)); 0: no bound",
    ),
    Setting(
        name="LISTING_MAX_PAGES", kind="count", default=2000,
        meaning="at most so many pages of a listing are walked in a crawl; 0: no bound",
    ),
    Setting(
        name="NEW_URL_BUDGET", kind="count", default=100_000,
        meaning="at most so many URLs never met before are taken from listings in a crawl; 0: no bound",
    ),
    Setting(
        name="CRAWL_WINDOW", kind="text", default="",
        meaning="hours in which crawls may run: `22:00-06:00`, at +08:00 unless a zone follows it",
    ),
    Setting(
        name="REDIS_URL", kind="text", default="", secret=True, told="none",
        meaning="the Redis through which workers crawl together ([cluster.md](cluster.md)); without one a crawl is alone",
    ),
    Setting(
        name="CLUSTER_BACKLOG", kind="count", default=5000, least=1,
        meaning="workers wait while so many messages are not archived yet; one has 5 to 15 kB in Redis's memory",
    ),
    Setting(
        name="OTHER_SETTINGS", kind="text", default=(), told="none",
        meaning="names of settings that components of others read which you have added; in a settings.py of your own",
    ),
    Setting(
        name="USER_AGENT", kind="text", default=None, scrapys=True,
        told="`dzwcrawl/VERSION (regional news archive; $DZWCRAWL_CONTACT)`",
        meaning="who asks; a live crawl needs an e-mail address or URL in it",
    ),
    Setting(
        name="ROBOTSTXT_OBEY", kind="switch", default=True, scrapys=True,
        meaning="what robots.txt forbids is not fetched; one that cannot be had forbids everything",
    ),
    Setting(
        name="DOWNLOAD_DELAY", kind="number", default=1, scrapys=True,
        meaning="seconds between requests to one host; robots.txt's Crawl-delay lengthens it",
    ),
    Setting(
        name="AUTOTHROTTLE_ENABLED", kind="switch", default=True, scrapys=True,
        meaning="longer pauses where a server is slow or says that it is busy; never shorter ones",
    ),
    Setting(
        name="AUTOTHROTTLE_START_DELAY", kind="number", default=0, scrapys=True,
        meaning="begin with `DOWNLOAD_DELAY`",
    ),
    Setting(
        name="AUTOTHROTTLE_TARGET_CONCURRENCY", kind="number", default=0.5, scrapys=True, least=0.01,
        meaning="from one request to the next twice the time of an answer",
    ),
    Setting(
        name="CONCURRENT_REQUESTS_PER_DOMAIN", kind="count", default=1, scrapys=True, least=1,
        meaning="requests in flight to one host",
    ),
    Setting(
        name="COOKIES_ENABLED", kind="switch", default=False, scrapys=True,
        meaning="keep cookies; a page is archived as it is for anybody",
    ),
    Setting(
        name="SCHEDULER_MEMORY_QUEUE", kind="text", default="scrapy.squeues.FifoMemoryQueue", scrapys=True,
        told="first in, first out",
        meaning="what a list names first is fetched first; Scrapy would begin with the last",
    ),
    Setting(
        name="CONCURRENT_ITEMS", kind="count", default=1, scrapys=True, least=1,
        meaning="our pipelines are synchronous; Scrapy's 100 tasks a response cost a fifth of a crawl's CPU",
    ),
    Setting(
        name="DOWNLOAD_MAXSIZE", kind="count", default=20 * 1024 * 1024, scrapys=True, told="20 MiB",
        meaning="larger answers are refused, decompressed or not",
    ),
    Setting(
        name="DOWNLOAD_WARNSIZE", kind="count", default=5 * 1024 * 1024, scrapys=True, told="5 MiB",
        meaning="larger answers are told in the log",
    ),
    Setting(
        name="DOWNLOAD_TIMEOUT", kind="number", default=60, scrapys=True, least=0.01,
        meaning="seconds for a whole answer",
    ),
    Setting(
        name="CLOSESPIDER_TIMEOUT", kind="number", default=24 * 3600, scrapys=True,
        meaning="seconds for a whole crawl; then it ends with exit code 11, and the next one goes on",
    ),
    Setting(
        name="REDIRECT_MAX_TIMES", kind="count", default=5, scrapys=True,
        meaning="longer chains are refused",
    ),
    Setting(
        name="DOWNLOAD_VERIFY_CERTIFICATES", kind="switch", default=True, scrapys=True,
        meaning="https is verified",
    ),
    Setting(
        name="TELNETCONSOLE_ENABLED", kind="switch", default=False, scrapys=True,
        meaning="a scheduled crawl needs no server that runs code",
    ),
    Setting(
        name="REMOTE_CONTROL_ENABLED", kind="switch", default=False, scrapys=True,
        meaning="nor this one",
    ),
    Setting(
        name="LOG_LEVEL", kind="text", default="INFO", scrapys=True,
        choices=("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"),
        meaning="the least grave lines that the log has",
    ),
    Setting(
        name="LOG_JSON", kind="switch", default=False,
        meaning="one JSON object a line in the log, instead of text ([crawling.md](crawling.md))",
    ),
    Setting(
        name="STATS_DUMP", kind="switch", default=False, scrapys=True,
        meaning="Scrapy's table of counts at the end; a crawl ends with a summary of ours",
    ),
    Setting(
        name="LOGSTATS_INTERVAL", kind="number", default=0, scrapys=True,
        meaning="seconds between Scrapy's own lines of progress; 0: none, ours are there",
    ),
    Setting(
        name="FEED_EXPORT_ENCODING", kind="text", default="utf-8", scrapys=True,
        meaning="of files that `scrapy crawl -o` writes",
    ),
)  # fmt: skip

VARIABLES: Mapping[str, str] = {
    "DZWCRAWL_CONTACT": "who crawls: an e-mail address or the URL of a page about your archive, for the user agent",
    "DZWCRAWL_NOTIFY": "addresses that hear of alarms, separated by blanks ([health.md](health.md)); never shown or logged",
    "DZWCRAWL_NOW": "an ISO time with offset that is the archive's time instead of the clock's, for simulations",
}
"""What is given in the environment only."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}
_SWITCH = {"0", "1", "true", "false", "True", "False"}


class SettingError(ValueError):
    """A setting or variable that does not exist or has a value that makes no sense."""


def defaults(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what settings.py begins with: every setting, as the environment has it, else its default.

    Values of the environment are words, as those of `-s` are; an empty one counts as not given.
    """
    return {
        setting.name: environment.get(setting.in_environment, "").strip() or setting.default
        for setting in SETTINGS
    }


def check_environment(environment: Iterable[str]) -> None:
    """Check the names of the variables that begin like ours.

    :raises SettingError: naming the nearest right one.
    """
    # By what comes after the prefix, which makes all of them look alike.
    known = {entry.name: entry.in_environment for entry in SETTINGS}
    known |= {name.removeprefix(PREFIX): name for name in (*known.values(), *VARIABLES)}
    for name in environment:
        if name.startswith(PREFIX) and name not in known.values():
            near = closest(name.removeprefix(PREFIX), known)
            hint = f"did you mean {known[near]!r}?" if near else "docs/settings.md names them"
            raise SettingError(f"there is no variable {name}; {hint}")


def setting(name: str) -> Setting | None:
    """Return the entry of a setting; None where it is none of these."""
    return _BY_NAME.get(name)


def variables_of(name: str) -> list[str]:
    """Return the variables of the environment that a setting's value may come from."""
    entry = _BY_NAME.get(name)
    return ([entry.in_environment] if entry else []) + ["DZWCRAWL_CONTACT"] * (name == "USER_AGENT")


def check_value(entry: Setting, value: Any) -> None:
    """Check the value of a setting, a word from a command line or what a settings.py says.

    :raises SettingError: saying what it may be.
    """
    word = str(value).strip()
    wanted = None
    if entry.kind == "switch" and word not in _SWITCH:
        wanted = "neither 1 (on) nor 0 (off)"
    elif entry.kind == "count" and not (re.fullmatch(r"\d+", word) and int(word) >= entry.least):
        wanted = f"not a whole number{_from(entry.least)}"
    elif entry.kind == "number" and not _is_number(word, entry.least):
        wanted = f"not a number{_from(entry.least)}"
    elif entry.choices and word not in entry.choices:
        wanted = f"none of {', '.join(entry.choices)}; {nearest(word.upper(), entry.choices)}"
    if wanted is not None:
        raise SettingError(f"{entry.name}={word} is {wanted}")


def _from(least: float) -> str:
    return f" from {least:g}" if math.isfinite(least) else ""


def _is_number(word: str, least: float) -> bool:
    try:
        number = float(word)
    except ValueError:
        return False
    return math.isfinite(number) and number >= least


def masked(name: str, value: Any) -> Any:
    """Return a value as it may be shown to anybody: *** for what is secret, by its name or by what it looks like."""
    entry = _BY_NAME.get(name)
    if value and (is_secret(name) or (entry is not None and entry.secret)):
        return MASK
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {masked("", key): masked(str(key), part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [masked(name, part) for part in value]
    return value
