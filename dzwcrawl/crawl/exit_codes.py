"""How `scrapy crawl` ends: exit codes that cron can act on, documented in docs/exit-codes.md."""

from collections.abc import Mapping
from typing import Any

OK = 0
CALLBACK_FAILED = 1
USAGE = 2
ARCHIVE_FAILED = 3
OUTSIDE_WINDOW = 4
ALREADY_RUNNING = 5
LISTING_FAILED = 6
FILE_BROKEN = 7
REDIS_UNREACHABLE = 8
NOTHING_STORED = 10
STOPPED = 11
HEALTH_ALARM = 21

CALM = (OK, OUTSIDE_WINDOW, ALREADY_RUNNING, STOPPED)
"""Ends after which nobody need look: the next crawl goes on by itself."""

ALREADY_RUNNING_REASON = "already_running"
WINDOW_CLOSED_REASON = "window_closed"
RUN_REFUSED_REASON = "run_refused"
RUN_LOST_REASON = "run_lost"
REDIS_REFUSED_REASON = "redis_refused"


ADVICE = {
    OK: "dzwcrawl stats, dzwcrawl export",
    CALLBACK_FAILED: "read the log: a site rule matches nothing, or a page could not be read; it is tried again",
    ARCHIVE_FAILED: "end what else writes the archive, free space or mend the file; what is stored stays",
    ALREADY_RUNNING: "wait for the crawl that runs, or stop it",
    LISTING_FAILED: "look at the listings that failed; the next crawl walks them whole",
    FILE_BROKEN: "look at the file that is named; what was read of it is archived",
    NOTHING_STORED: "dzwcrawl stats tells what was refused, and why",
    STOPPED: "crawl again: the next one goes on",
}
"""What to do after a crawl that ended so."""


def exit_code(stats: Mapping[str, Any], reason: str) -> int:
    """Return the exit code of a crawl from Scrapy's statistics and the reason it closed for; the worst wins."""
    stored = sum(
        stats.get(f"dzwcrawl/articles_{outcome}", 0)
        for outcome in ("new", "duplicate", "revised", "known", "unchanged", "older", "sent")
    )
    if stats.get("dzwcrawl/archive_failed"):
        return ARCHIVE_FAILED
    if reason == ALREADY_RUNNING_REASON:
        return ALREADY_RUNNING
    if reason == RUN_REFUSED_REASON:
        return USAGE
    if reason == REDIS_REFUSED_REASON:
        return REDIS_UNREACHABLE
    if reason in ("shutdown", WINDOW_CLOSED_REASON, RUN_LOST_REASON) or reason.startswith("closespider_"):
        return STOPPED
    if stats.get("spider_exceptions/count") or stats.get("dzwcrawl/items_failed") or reason == "start_error":
        return CALLBACK_FAILED
    if stats.get("dzwcrawl/rules_missed"):
        return CALLBACK_FAILED
    if stats.get("dzwcrawl/listings_failed"):
        return LISTING_FAILED
    if stats.get("dzwcrawl/warc_files_broken"):
        return FILE_BROKEN
    if stats.get("dzwcrawl/refused") and not stored:
        return NOTHING_STORED
    if stats.get("dzwcrawl/health") == "alarm":
        return HEALTH_ALARM
    if stats.get("dzwcrawl/limits_reached"):
        return STOPPED
    return OK
