"""What a crawl has brought, told when it is over: to a person at a terminal, and as one line of the log."""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dzwcrawl.crawl.exit_codes import ADVICE, OK
from dzwcrawl.crawl.progress import clock, standing
from dzwcrawl.text import counted

logger = logging.getLogger(__name__)

_MOST_REASONS = 5


def by_name(stats: Mapping[str, Any], group: str) -> dict[str, int]:
    """Return the statistics `dzwcrawl/group/NAME` by name, the most first."""
    prefix = f"dzwcrawl/{group}/"
    found = {name.removeprefix(prefix): n for name, n in stats.items() if name.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def log_end(stats: Mapping[str, Any], code: int) -> None:
    """Log the end of a crawl with its counts."""
    counts: dict[str, Any] = standing(stats) | {
        "copies": stats.get("dzwcrawl/copies", 0),
        "refused": by_name(stats, "refused_for"),
        "cleaned": by_name(stats, "lines_removed"),
        "exit_code": code,
    }
    reason = stats.get("finish_reason", "")
    advice = f"; {ADVICE[code]}" if code in ADVICE and code != OK else ""
    logger.info(
        "crawl ended (%s) with exit code %d: %s new, %d revised, %d failed%s",
        reason, code, counted(counts["new"], "article"), counts["revised"], counts["failed"], advice,
        extra={"event": "crawl_finished", "reason": reason, "counts": counts},
    )  # fmt: skip


def summary(spider: str, stats: Mapping[str, Any], code: int, archive: Path) -> Iterator[str]:
    """Yield the lines of a summary: what came, what was refused and why, what was cleaned away, where it is, what next."""

    def value(name: str) -> int:
        return int(stats.get(f"dzwcrawl/{name}", 0))

    now = standing(stats)
    how = "done" if code == OK else f"ended with exit code {code} ({stats.get('finish_reason', 'unknown')})"
    yield f"{spider}: {how} after {clock(stats.get('elapsed_time_seconds') or 0)}, {counted(now['pages'], 'page')} fetched"
    came = [
        counted(now["new"] - value("copies"), "article"),
        counted(value("copies"), "copy", "copies"),
        f"{now['revised']} revised",
    ]
    came += [f"{value('revisits_vanished')} vanished"] if value("revisits_vanished") else []
    yield f"  new      {', '.join(came)}; {now['known']} known before"
    yield from _reasons("refused", by_name(stats, "refused_for") or by_name(stats, "warc_skipped"))
    yield from _reasons("cleaned", by_name(stats, "lines_removed"))
    if value("listings_failed"):
        yield f"  listings {value('listings_failed')} gave nothing: see above"
    size = archive.stat().st_size / 1e6 if archive.is_file() else 0
    yield f"  archive  {archive} ({size:.1f} MB)"
    if code in ADVICE:
        yield f"  next     {ADVICE[code]}"


def _reasons(what: str, reasons: Mapping[str, int]) -> Iterator[str]:
    if not reasons:
        return
    shown = [f"{number} {name}" for name, number in list(reasons.items())[:_MOST_REASONS]]
    more = sum(list(reasons.values())[_MOST_REASONS:])
    yield f"  {what:8} {sum(reasons.values())}: {'; '.join(shown)}{f'; {more} for other reasons' if more else ''}"
