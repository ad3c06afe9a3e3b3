"""Charts as inline SVG: strings for a page to hold, nothing fetched, no script and no style, so any policy lets them be.

Widths are shares of the place a chart is given and text has a size of its own, so a chart is as readable on a phone
as on a wide screen. Text is in the colour of the page. The page may set the custom properties `--chart-bar` (columns
and bars), `--chart-rule` (lines of the scale) and `--chart-unknown` (days of which nothing is known). A chart is
an image with a name to a reader who does not see it: put the numbers in a table beside it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from dzwcrawl.text import visible

_BAR = "var(--chart-bar, #3d6fa8)"
_RULE = "var(--chart-rule, #8886)"
_UNKNOWN = "var(--chart-unknown, #8882)"

_SIZE = 13
"""Pixels of a letter."""

_ROW, _THICK = 40, 10
"""Pixels from one bar to the next with its label above it, and of the bar."""

_LONGEST = 24
"""Ideographs of a label that fit beside a number on a phone; two letters are as wide as one."""

_HEAD, _PANEL, _GAP, _FOOT = 22, 56, 14, 22
"""Pixels of a panel's heading, of its columns, between two panels, and of the days below the last one."""

_SLIM = 120
"""Days; with more of them there is no room between the columns."""


def bars(rows: Sequence[tuple[str, float]], *, title: str, unit: str = "", lang: str | None = None) -> str:
    """Return horizontal bars in the order given, each with its label and number above it.

    :param rows: label (a long one is shortened) and value, 0 or more.
    :param title: what the chart says, for who does not see it.
    :param unit: stands after each number (` %`).
    :param lang: language of the labels where it is not the page's, for the right shapes of ideographs.
    :raises ValueError: for a value that is negative or no number.
    """
    largest = max((_checked(value) for _, value in rows), default=0) or 1
    parts = []
    for number, (label, value) in enumerate(rows):
        top = number * _ROW
        width = f'width="{_short(100 * value / largest)}%"'
        shown = _shortened(label)
        parts += [
            _text(shown, "0", top + _SIZE, lang=lang),
            _text(_number(value) + unit, "100%", top + _SIZE, anchor="end"),
            f'<rect y="{top + 20}" width="100%" height="{_THICK}" rx="2" fill="{_UNKNOWN}"/>',
            f'<rect y="{top + 20}" {width} height="{_THICK}" rx="2" fill="{_BAR}"/>',
        ]
    return _svg(parts, max(len(rows) * _ROW, 1), title)


def series(
    days: Sequence[str],
    values: Mapping[str, Sequence[float | None]],
    *,
    title: str,
    unit: str = "",
    shared: bool = True,
    lang: str | None = None,
) -> str:
    """Return small multiples: one panel of columns below the other, over the same days.

    :param days: ascending; shown as given (first, middle and last).
    :param values: for each panel's name, a value for each day; None where it is not known (the day is shaded).
    :param title: what the chart says, for who does not see it.
    :param unit: stands after each number.
    :param shared: all panels have the scale of the largest, so that they can be compared; else each its own.
    :param lang: language of the names where it is not the page's.
    :raises ValueError: when a panel has not one value for each day, or a negative one.
    """
    for name, column in values.items():
        if len(column) != len(days):
            raise ValueError(f"{name}: {len(column)} values for {len(days)} days")
    peaks = {name: _round_up(max(map(_checked, column), default=0)) for name, column in values.items()}
    widest = max(peaks.values(), default=1)
    parts, top = [], 0
    for name, column in values.items():
        parts += _panel(name, column, widest if shared else peaks[name], top, unit, lang)
        top += _HEAD + _PANEL + _GAP
    foot = max(top - _GAP, 0) + _FOOT - 6
    for at, anchor, day in _ticks(days):
        parts.append(_text(day, at, foot, anchor=anchor, size=_SIZE - 1))
    return _svg(parts, max(top - _GAP, 0) + _FOOT, title)


def _panel(
    name: str, column: Sequence[float | None], peak: float, top: int, unit: str, lang: str | None
) -> list[str]:
    """Return a panel: its name, the number of its uppermost line, the columns, and the shaded days."""
    start, end = top + _HEAD, top + _HEAD + _PANEL
    inset = 0.1 if len(column) <= _SLIM else 0
    width = 1 - 2 * inset
    unknown = _path((at, 0, 1, 1) for at, value in enumerate(column) if value is None)
    known = _path(
        (at + inset, 1 - value / peak, width, value / peak) for at, value in enumerate(column) if value
    )
    box = f'y="{start}" width="100%" height="{_PANEL}" viewBox="0 0 {len(column) or 1} 1" preserveAspectRatio="none"'
    rule = '<line x1="0" x2="100%" y1="{0}" y2="{0}" stroke="{1}"/>'
    return [
        _text(name, "0", start - 7, lang=lang, weight="bold"),
        _text(_number(peak) + unit, "100%", start - 7, anchor="end", size=_SIZE - 1),
        rule.format(start + 0.5, _RULE),
        f'<svg {box}><path fill="{_UNKNOWN}" d="{unknown}"/><path fill="{_BAR}" d="{known}"/></svg>',
        rule.format(end + 0.5, "currentColor"),
    ]


def _path(boxes: Iterable[tuple[float, float, float, float]]) -> str:
    """Return boxes (left, top, width, height) as the data of one path: a year of columns is one element."""
    return "".join(f"M{_short(x)} {_short(y)}h{_short(w)}v{_short(h)}h{_short(-w)}z" for x, y, w, h in boxes)


def _ticks(days: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return place, anchor and text of the days that are named."""
    if len(days) < 2:
        return [("0", "start", day) for day in days]
    ends = [("0", "start", days[0]), ("100%", "end", days[-1])]
    if len(days) < 5:
        return ends
    middle = len(days) // 2
    return [*ends, (f"{_short((middle + 0.5) / len(days) * 100)}%", "middle", days[middle])]


def _svg(parts: Sequence[str], height: int, title: str) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="100%" height="{height}">'
        f"<title>{escape(visible(title))}</title>\n{inside}\n</svg>"
    )


def _text(
    text: str,
    x: str,
    y: float,
    *,
    anchor: str = "start",
    size: int = _SIZE,
    lang: str | None = None,
    weight: str = "normal",
) -> str:
    language = f' lang="{escape(lang)}"' if lang else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
        f'fill="currentColor"{language}>{escape(visible(text))}</text>'
    )


def _shortened(label: str) -> str:
    """Return a label, or as much of it as fits."""
    room = 2 * _LONGEST
    for at, character in enumerate(label):
        room -= 1 if character < "\u2e80" else 2
        if room < 0:
            return f"{label[: at - 1]}…"
    return label


def _checked(value: float | None) -> float:
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{value} cannot be drawn: a value is 0 or more")
    return value or 0


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 … (of 0.1, 0.2 … for shares), so that a scale ends in a number one reads."""
    if value <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    step = next(step for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))
    return step * power


def _short(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _number(value: float) -> str:
    """Return a number for people: whole ones in groups of three digits, others with two digits that tell."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}" if value >= 10 else f"{value:.2g}"
