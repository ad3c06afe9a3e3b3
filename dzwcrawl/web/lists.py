"""Lists of articles: the front page with its filters and search, a day, the outlets and one of them."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, islice
from typing import Any, Literal

from datasette import Response

from dzwcrawl.archive import browsing
from dzwcrawl.archive import search as searching
from dzwcrawl.archive.archive import now
from dzwcrawl.archive.browsing import STATES, Entry, Selection, TooSlow, time_limit
from dzwcrawl.archive.selection import SelectionError, check_day
from dzwcrawl.web.numbers import per_day
from dzwcrawl.web.visit import BadAddress, NotThere, Page, Visit, path_with
from dzwcrawl.web.words import Words

_PAGE = 30
_OF_OUTLET = 12
"""Articles of an outlet that a day, or its own page, shows before it leads to the rest."""

_COUNTED = 20_000
"""Matches of a search that filters are counted for."""

_COUNTING = 1.5
"""Seconds that counting for the filters may take; a page without them is better than one that comes late."""
_FILTERS = ("site", "section", "source", "day", "state", "copies")
_FOREIGN = ("site", "section", "source")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be taken, or taken away when it is `chosen`: what it is called, how many articles it shows,
    where it leads. `foreign`: its name is a word of the archive and not of the page."""

    name: str
    number: int | None
    url: str
    chosen: bool
    foreign: bool


def front(visit: Visit) -> Page:
    """The newest articles, or those that a search finds; filters of both."""
    selection = _selection(visit)
    query = visit.args.get("q", "").strip()
    shown = {name: visit.args[name] for name in (*_FILTERS, "q", "order", "variants") if visit.args.get(name)}
    context: dict[str, Any] = {
        "query": query,
        "chosen": [
            _choice(name, shown[name], None, shown, visit.words) for name in _FILTERS if name in shown
        ],
        "everything": path_with("/", {"q": query}),
        "shown": shown,
    }
    if query:
        try:
            found, selection = _found(visit, selection, query, shown)
        except searching.QueryError as error:
            return Page("front", context | {"problem": visit.words.said(str(error)), "facets": {}}, 400)
        context |= found
    else:
        context |= _newest(visit, selection, shown)
    try:
        with time_limit(visit.archive, _COUNTING):
            if "number" not in context:
                context["number"] = browsing.count(visit.archive, selection)
            context["facets"] = _facets(visit, selection, shown)
    except TooSlow:
        context["facets"] = None
    return Page("front", context)


def _selection(visit: Visit) -> Selection:
    told = {name: visit.args.get(name) or None for name in _FILTERS}
    try:
        check_day(told["day"] or "2000")
    except SelectionError as error:
        raise BadAddress(f"day={told['day']} (YYYY, YYYY-MM, YYYY-MM-DD)") from error
    if told["state"] is not None and told["state"] not in STATES:
        raise BadAddress(f"state={told['state']} ({', '.join(STATES)})")
    return Selection(
        site=told["site"],
        section=told["section"],
        source=told["source"],
        day=told["day"],
        state=told["state"],
        copies=told["copies"] is not None,
    )


def _newest(visit: Visit, selection: Selection, shown: dict[str, str]) -> dict[str, Any]:
    """Return a page of the list: one article more is asked for, which tells whether there is a next page."""
    before, after = (_place(visit.args.get(name)) for name in ("before", "after"))
    if after is not None:
        found = browsing.newer(visit.archive, selection, after=after, limit=_PAGE + 1)
        is_more_newer, is_more_older = len(found) > _PAGE, True
        found = found[-_PAGE:]
    else:
        found = browsing.newest(visit.archive, selection, before=before, limit=_PAGE + 1)
        is_more_newer, is_more_older = before is not None, len(found) > _PAGE
        found = found[:_PAGE]
    return {
        "days": _by_day(found),
        "back": path_with("/", shown | {"after": _written(found[0])}) if found and is_more_newer else None,
        "on": path_with("/", shown | {"before": _written(found[-1])}) if found and is_more_older else None,
    }


def _place(told: str | None) -> browsing.Place | None:
    if not told:
        return None
    published, _, number = told.rpartition("~")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise BadAddress(told)
    return published or None, int(number)


def _written(entry: Entry) -> str:
    return f"{entry.published or ''}~{entry.id}"


def _by_day(entries: list[Entry]) -> list[tuple[str | None, list[Entry]]]:
    """Return a list in runs of one day; None is the day that is not known."""
    return [
        (day, list(run)) for day, run in groupby(entries, lambda each: (each.published or "")[:10] or None)
    ]


def _found(
    visit: Visit, selection: Selection, query: str, shown: dict[str, str]
) -> tuple[dict[str, Any], Selection]:
    """Return a page of what a search finds, and what filters are counted for."""
    order: Literal["relevance", "newest"] = "newest" if visit.args.get("order") == "newest" else "relevance"
    page = min(max(visit.number("page", 1), 1), 10_000)
    variants = bool(visit.args.get("variants"))
    filters = selection.filters() | {"variants": variants}
    hits = searching.search(
        visit.archive, query, order=order, limit=_PAGE + 1, offset=(page - 1) * _PAGE, **filters
    )
    matches = tuple(islice(searching.ids(visit.archive, query, variants=variants), _COUNTED + 1))
    about = {entry.id: entry for entry in browsing.by_ids(visit.archive, [hit.id for hit in hits])}
    context = {
        "hits": [(hit, about[hit.id]) for hit in hits[:_PAGE] if hit.id in about],
        "number": searching.count(visit.archive, query, **filters),
        "orders": [
            (name, path_with("/", shown | {"order": None if name == "relevance" else name}), name == order)
            for name in ("relevance", "newest")
        ],
        "variants": (path_with("/", shown | {"variants": None if variants else "1"}), variants),
        "back": path_with("/", shown | {"page": page - 1}) if page > 1 else None,
        "on": path_with("/", shown | {"page": page + 1}) if len(hits) > _PAGE else None,
    }
    return context, replace(selection, ids=matches)


def _facets(visit: Visit, selection: Selection, shown: dict[str, str]) -> dict[str, list[Choice]]:
    """Return the filters: each counts what it would show with the other filters as they are."""
    if selection.ids is not None and len(selection.ids) > _COUNTED:
        raise TooSlow
    archive = visit.archive

    def choices(name: str, rows: Iterable[tuple[str, int]]) -> list[Choice]:
        return [_choice(name, value, number, shown, visit.words) for value, number in rows if number]

    length, within = _next_days(selection.day)
    states = browsing.states(archive, selection)
    return {
        "by_site": choices("site", browsing.counts(archive, replace(selection, site=None), "site")),
        "by_section": choices("section", browsing.sections(archive, replace(selection, section=None))),
        "by_source": choices("source", browsing.counts(archive, replace(selection, source=None), "source")),
        "by_day": choices(
            "day", islice(browsing.days(archive, replace(selection, day=within), length).items(), 31)
        ),
        "by_state": [
            *choices("state", [(name, states[name]) for name in STATES]),
            *(choices("copies", [("1", states["copies"])])),
        ],
    }


def _next_days(day: str | None) -> tuple[int, str | None]:
    """Return what the filter of days offers: years, the months of a year, or the days of a month."""
    if day is None:
        return 4, None
    return (7, day) if len(day) == 4 else (10, day[:7])


def _choice(name: str, value: str, number: int | None, shown: dict[str, str], words: Words) -> Choice:
    is_chosen = shown.get(name) == value
    url = path_with("/", shown | {name: None if is_chosen else value})
    return Choice(_called(name, value, words), number, url, is_chosen, name in _FOREIGN)


def _called(name: str, value: str, words: Words) -> str:
    if name == "day":
        return words.date(value)
    return words(value) if name == "state" else words("copies") if name == "copies" else value


def last_day(visit: Visit) -> Response:
    """Lead to the last day of which there are articles."""
    return Response.redirect(f"/days/{browsing.last_day(visit.archive) or now()[:10]}")


def day(visit: Visit) -> Page:
    """All outlets of a day, and the calendar of its month."""
    told = visit.parts["day"]
    try:
        check_day(told)
        date.fromisoformat(told)
    except ValueError as error:
        raise NotThere from error
    selection = Selection(day=told)
    numbers = browsing.counts(visit.archive, selection, "site", limit=500)
    outlets = [
        {
            "site": site,
            "number": number,
            "entries": browsing.newest(visit.archive, replace(selection, site=site), limit=_OF_OUTLET),
            "more": path_with("/", {"day": told, "site": site}) if number > _OF_OUTLET else None,
        }
        for site, number in numbers
    ]
    before, after = browsing.neighbours(visit.archive, told)
    return Page(
        "day",
        {
            "day": told,
            "outlets": outlets,
            "number": sum(number for _, number in numbers),
            "before": before,
            "after": after,
            "month": told[:7],
            "weeks": _weeks(browsing.days(visit.archive, Selection(day=told[:7])), told),
        },
    )


def _weeks(numbers: dict[str, int], told: str) -> list[list[tuple[str, int, int, int] | None]]:
    """Return the weeks of a day's month, Monday first: day, its number in the month, articles, shade from 0 to 4."""
    year, month = int(told[:4]), int(told[5:7])
    most = max(numbers.values(), default=1)

    def cell(number: int) -> tuple[str, int, int, int] | None:
        if number == 0:
            return None
        name = f"{told[:7]}-{number:02}"
        articles = numbers.get(name, 0)
        return name, number, articles, -(-4 * articles // most)

    return [[cell(number) for number in week] for week in calendar.monthcalendar(year, month)]


def outlets(visit: Visit) -> Page:
    """The outlets: how many articles each has, of which days, and how many of them were revised."""
    return Page("outlets", {"outlets": browsing.by_outlet(visit.archive)})


def outlet(visit: Visit) -> Page:
    """An outlet: its numbers, its days, its sections and sources, its newest articles."""
    site, archive = visit.parts["site"], visit.archive
    found = next((each for each in browsing.by_outlet(archive) if each["site"] == site), None)
    if found is None:
        raise NotThere
    selection = Selection(site=site)
    counted = browsing.days(archive, selection)
    facets = {
        "by_section": ("section", browsing.sections(archive, selection)),
        "by_source": ("source", browsing.counts(archive, selection, "source")),
    }
    return Page(
        "outlet",
        {
            "outlet": found,
            "days": _by_day(browsing.newest(archive, selection, limit=_OF_OUTLET)),
            "facets": {
                title: [_choice(name, value, number, {"site": site}, visit.words) for value, number in rows]
                for title, (name, rows) in facets.items()
            },
            "everything": path_with("/", {"site": site}),
            "chart": per_day({site: counted}, max(counted), visit.words) if counted else None,
        },
    )
