"""What a crawl says: one line an event for log files and cron, warnings above a live line at a terminal.

Everything goes through here, Scrapy's, Twisted's and Python's warnings too, and nothing leaves without its secrets
masked. Events and fields: docs/crawling.md. The standard library's logging with formatters of our own: those of libraries
write JSON as well, but what is masked must be masked before it is JSON, and that is all there is to them.
"""

import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

import orjson
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from dzwcrawl.configuration import SettingError, check_value, setting
from dzwcrawl.crawl.live import LiveLine
from dzwcrawl.masking import known_secrets, mask

logger = logging.getLogger(__name__)

_CHATTY = ("scrapy.addons", "scrapy.middleware", "scrapy.utils.log", "scrapy.crawler")
"""Their lists of what is switched on, dozens of lines a crawl, are for whoever debugs."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What would move the cursor, colour a terminal or turn text around; a page or its URL may hold it."""


@dataclass(slots=True)
class Context:
    """Which crawl every line belongs to, and the live line, where there is one."""

    spider: str | None = None
    crawl: int | None = None
    live: LiveLine | None = None
    lines: "Lines | None" = None


class Lines(logging.Formatter):
    """Formats a record as one line of text, the further lines of its message and its traceback indented below it.

    :param secrets: of :func:`dzwcrawl.masking.known_secrets`.
    :param terminal: shorter, because somebody sits there and knows the day and the spider.
    """

    def __init__(self, secrets: re.Pattern[str] | None = None, *, terminal: bool = False) -> None:
        super().__init__()
        self._secrets = secrets
        self._terminal = terminal

    def clean(self, text: str) -> str:
        """Return a text without secrets and without what a terminal would obey."""
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", mask(text, self._secrets))

    def event(self, record: logging.LogRecord) -> str:
        """Return the name of the event: ours say it; others are what logged them."""
        return str(getattr(record, "event", None) or ("exception" if record.exc_info else record.name))

    def traceback(self, record: logging.LogRecord) -> str | None:
        """Return the traceback of a record."""
        return self.formatException(record.exc_info) if record.exc_info else record.exc_text

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        time = datetime.fromtimestamp(record.created).astimezone()
        if self._terminal:
            head = f"{time:%H:%M:%S} {record.levelname.lower()}: "
        else:
            crawl = f" {context.spider}/{context.crawl or '-'}" if context.spider else ""
            head = (
                f"{time.isoformat(timespec='milliseconds')} {record.levelname}{crawl} {self.event(record)}: "
            )
        text = "\n".join(filter(None, (record.getMessage(), self.traceback(record))))
        return head + self.clean(text).replace("\n", "\n    ")


context = Context()


class JsonLines(Lines):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON of a record; fields that have nothing to say are left out."""
        fields = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": self.event(record),
            "spider": context.spider,
            "crawl": context.crawl,
            "url": getattr(record, "url", None) or _url_of(record.args),
            "reason": getattr(record, "reason", None),
            "message": record.getMessage(),
            "logger": record.name,
            "counts": getattr(record, "counts", None),
            "traceback": self.traceback(record),
        }
        # Before they are JSON, whose escapes would hide a secret from those who look for it.
        clean = {
            key: self.clean(v) if isinstance(v, str) else v for key, v in fields.items() if v is not None
        }
        return orjson.dumps(clean).decode()


class _AsAsked(logging.Formatter):
    """Formats as Scrapy's LOG_FORMAT asks, where somebody gives one; secrets are masked all the same."""

    def __init__(self, pattern: str, dates: str | None, lines: Lines) -> None:
        super().__init__(pattern, dates)
        self._lines = lines

    def format(self, record: logging.LogRecord) -> str:
        return self._lines.clean(super().format(record))


def _url_of(arguments: object) -> str | None:
    """Return the URL of the request or response that a line of Scrapy's is about."""
    if isinstance(arguments, Mapping):
        for name in ("request", "response"):
            url = getattr(arguments.get(name), "url", None)
            if url is not None:
                return str(url)
    return None


class _AboveLiveLine(logging.Handler):
    """Prints lines above the live line."""

    def __init__(self, live: LiveLine) -> None:
        super().__init__()
        self._live = live

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._live.above(self.format(record))
        except Exception:
            self.handleError(record)


def tell(lines: Iterable[str]) -> None:
    """Print lines for whoever sits at the terminal in place of the live line; nothing where nobody does."""
    if context.live is not None and context.lines is not None:
        context.live.end()
        for line in lines:
            context.live.above(context.lines.clean(line))


def install(settings: Settings) -> None:
    """Send everything that is logged from now on where the settings say.

    :raises SettingError: when LOG_LEVEL is none, or LOG_FILE cannot be written.
    """
    level = _level(settings)
    as_json = settings.getbool("LOG_JSON")
    live = LiveLine.of(sys.stderr) if settings.getbool("LOG_ENABLED") and not as_json else None
    context.live = live
    terminal = live is not None and not settings.get("LOG_FILE")
    handler = _handler(settings, live)
    given = {name: settings[name] for name in settings if settings.getpriority(name)}  # not Scrapy's defaults
    lines = (JsonLines if as_json else Lines)(known_secrets(os.environ, given), terminal=terminal)
    context.lines = lines
    asked = (settings.getpriority("LOG_FORMAT") or 0) > SETTINGS_PRIORITIES["default"] and not as_json
    handler.setFormatter(
        _AsAsked(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"], lines) if asked else lines
    )
    chosen = (settings.getpriority("LOG_LEVEL") or 0) >= SETTINGS_PRIORITIES["cmdline"]
    if terminal and not chosen:
        level = logging.WARNING
    elif not (settings.getbool("LOG_ENABLED") or settings.get("LOG_FILE")):
        level = logging.CRITICAL  # what ends the process is told all the same
    handler.setLevel(level)
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)
    if level > logging.DEBUG:
        handler.addFilter(_is_no_list)
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, "cmdline")  # Scrapy would put its own beside ours
    sys.excepthook = _uncaught


def _is_no_list(record: logging.LogRecord) -> bool:
    return record.levelno > logging.INFO or record.name not in _CHATTY or "\n" not in str(record.msg)


def _level(settings: Settings) -> int:
    entry = setting("LOG_LEVEL")
    assert entry is not None
    check_value(entry, settings["LOG_LEVEL"])
    return int(logging.getLevelName(settings["LOG_LEVEL"]))


def _handler(settings: Settings, live: LiveLine | None) -> logging.Handler:
    if settings.get("LOG_FILE"):
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        try:
            return logging.FileHandler(settings["LOG_FILE"], mode, settings.get("LOG_ENCODING"))
        except OSError as error:
            raise SettingError(f"LOG_FILE={settings['LOG_FILE']} cannot be written: {error}") from None
    return _AboveLiveLine(live) if live else logging.StreamHandler()


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logger.critical("%s", error or kind.__name__, exc_info=(kind, error, trace))
