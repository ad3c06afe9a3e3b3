"""docs/settings.md, made from dzwcrawl/configuration.py: `make settings-table`."""

from collections.abc import Iterable

from dzwcrawl.configuration import SETTINGS, VARIABLES, Setting
from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "settings.md"

_HEAD = """# Settings

Made by `make settings-table` from `dzwcrawl/configuration.py`; do not edit.

A setting comes from the first of these that has it; `dzwcrawl config` shows each with its value and where it comes
from, `dzwcrawl config --site dzwww` as a crawl of that outlet has it:

1. the command line: `scrapy crawl dzwww -s NAME=VALUE`
2. the spider: `custom_settings` in its class
3. a `settings.py` of your own that begins with `from dzwcrawl.settings import *`
4. the environment: `DZWCRAWL_NAME=VALUE`, also in the file that [`dzwcrawl schedule`](schedule.md) makes
5. the default below

A name that does not exist is an error (exit code 2) wherever it stands, in the environment and scrapy.cfg too, and so
is a value that makes no sense; the message names the nearest right one. Passwords in addresses and secret values are
shown as `***`.
"""

_SCRAPYS = """
## Scrapy's, set otherwise

Every setting of Scrapy works with `-s` and in a settings.py; these are the ones we set otherwise than Scrapy does.
"""

_ENVIRONMENT = """
## In the environment only

| variable | meaning |
|---|---|
"""

_END = """| `http_proxy`, `https_proxy`, `no_proxy` | a crawl goes through a proxy, as other programs do |
| `SCRAPY_SETTINGS_MODULE` | the settings.py of your own, where no scrapy.cfg names it |

What is fetched again, and when: [crawling.md](crawling.md).
"""


def _default(entry: Setting) -> str:
    if entry.told is not None:
        return entry.told
    return str(int(entry.default)) if entry.kind == "switch" else str(entry.default)


def _may_be(entry: Setting) -> str:
    if entry.choices:
        return ", ".join(entry.choices)
    words = {"switch": "0 or 1", "count": "whole number", "number": "number", "text": "text", "path": "path"}
    least = f" from {entry.least:g}" if entry.kind in ("count", "number") else ""
    return words[entry.kind] + least


def _table(entries: Iterable[Setting]) -> str:
    rows = [
        f"| `{entry.name}` | {_default(entry)} | {_may_be(entry)} | {entry.meaning}"
        + (f" (environment: `{entry.variable}`)" if entry.variable else "")
        + (" (secret)" if entry.secret else "")
        + " |"
        for entry in entries
    ]
    return "\n".join(["\n| setting | default | may be | meaning |", "|---|---|---|---|", *rows, ""])


def document() -> str:
    """Return the text of docs/settings.md."""
    variables = "".join(f"| `{name}` | {meaning} |\n" for name, meaning in VARIABLES.items())
    return (
        _HEAD
        + _table(entry for entry in SETTINGS if not entry.scrapys)
        + _SCRAPYS
        + _table(entry for entry in SETTINGS if entry.scrapys)
        + _ENVIRONMENT
        + variables
        + _END
    )


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
