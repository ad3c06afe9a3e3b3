"""The archive in charts, each with the table of its numbers."""

from datetime import date, timedelta
from typing import Any

from dzwcrawl.archive import browsing
from dzwcrawl.archive.browsing import Selection
from dzwcrawl.charts import bars, series
from dzwcrawl.web.visit import Page, Visit
from dzwcrawl.web.words import Words

_PANELS = 8
"""Outlets that are drawn; the table has all."""

_DAYS = 60
_SOURCES = 15


def numbers(visit: Visit) -> Page:
    """Articles per day and outlet, the top sources, and how many articles were revised."""
    archive, words = visit.archive, visit.words
    last = browsing.last_day(archive)
    if last is None:
        return Page("numbers", {"charts": []})
    sources = browsing.counts(archive, Selection(), "source", _SOURCES)
    rates = [
        (each["site"], 100 * each["revised"] / each["articles"])
        for each in browsing.by_outlet(archive)
        if each["articles"]
    ]
    charts = [
        per_day(browsing.per_day(archive, axis_to(last)[0]), last, words),
        {
            "name": words("top_sources"),
            "chart": bars(sources, title=words("top_sources"), lang="zh-Hans"),
            "columns": [words("source"), words("n_articles")],
            "rows": [(source, f"{number:,}") for source, number in sources],
        },
        {
            "name": words("revision_rate"),
            "chart": bars(rates[:_SOURCES], title=words("revision_rate"), unit=" %"),
            "columns": [words("outlet"), words("share_revised")],
            "rows": [(site, f"{rate:.1f} %") for site, rate in rates],
        },
    ]
    return Page("numbers", {"charts": charts})


def per_day(counted: dict[str, dict[str, int]], last: str, words: Words) -> dict[str, Any]:
    """Return the chart of the last days, outlet by outlet, the one with most articles first, and its table."""
    axis = axis_to(last)
    values = {site: [days.get(day, 0) for day in axis] for site, days in counted.items()}
    busiest = sorted(values, key=lambda site: -sum(values[site]))
    title = words("per_day", first=words.date(axis[0]), last=words.date(axis[-1]))
    return {
        "name": title,
        "chart": series(axis, {site: values[site] for site in busiest[:_PANELS]}, title=title),
        "left_out": max(len(busiest) - _PANELS, 0),
        "columns": [words("day"), *busiest],
        "rows": [(day, *(values[site][at] for site in busiest)) for at, day in enumerate(axis)][::-1],
    }


def axis_to(last: str) -> list[str]:
    """Return the days up to a last one, none left out."""
    try:
        end = date.fromisoformat(last)
    except ValueError:
        return [last]
    length = min(_DAYS, end.toordinal())
    return [(end - timedelta(days=back)).isoformat() for back in range(length - 1, -1, -1)]
