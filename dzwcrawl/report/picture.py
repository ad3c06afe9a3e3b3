"""A report as a picture for a chat: the numbers, what came day by day, and what needs a look."""

import re
from html import escape
from typing import Any

from dzwcrawl import charts
from dzwcrawl.archive.reporting import Report
from dzwcrawl.health.words import sentence
from dzwcrawl.report.terminal import sums
from dzwcrawl.report.words import translator
from dzwcrawl.text import visible

_WIDTH, _EDGE = 900, 36
_LEVELS = {"ok": "#2e7d4f", "warn": "#b26a00", "alarm": "#b3261e"}
_FONTS = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Zen Hei, DejaVu Sans, Liberation Sans, Arial, Helvetica, sans-serif"
_NOBODYS = "\U000f1234"
"""A character for private use, which no font of a machine has."""

_SHOWN = 5
_LINE = 62
"""Letters of a line; an ideograph counts two."""


class PictureError(Exception):
    """The picture cannot be drawn; the message says what is missing."""


def picture(found: Report, language: str = "en", **fonts: Any) -> bytes:
    """Return the picture as PNG.

    :param fonts: which fonts to draw with, as resvg_py takes them; default: those of the machine.
    :raises PictureError: when the library is not there, or no font has the characters that are to be drawn.
    """
    try:
        import resvg_py  # noqa: PLC0415  an extra
    except ImportError as error:
        raise PictureError("a picture needs a library: pip install 'dzwcrawl[report]'") from error
    drawing = svg(found, language)
    for letter in ["A", *[c for c in drawing if "\u4e00" <= c <= "\u9fff"][:1]]:
        # A character that no font has is drawn as nothing, or as a box: as any other that none has.
        if _drawn(letter, **fonts) in (_drawn("", **fonts), _drawn(_NOBODYS, **fonts)):
            what = "letters" if letter == "A" else "Chinese characters"
            raise PictureError(f"no font of this machine has {what}: install one (Debian: fonts-noto-cjk)")
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, zoom=2, **fonts))


def _drawn(letter: str, **fonts: Any) -> bytes:
    import resvg_py  # noqa: PLC0415  an extra

    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="4" y="30" font-size="24" font-family="{_FONTS}">{letter}</text></svg>'
    )
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, **fonts))


def svg(found: Report, language: str = "en") -> str:
    """Return the picture as SVG with a size of its own."""
    say = translator(language)
    parts, top = (
        [_text(f"{say(found.title)} · {say('{0} to {1}', found.since, found.until)}", 0, 30, 26)],
        58,
    )
    tiles = (
        ("new articles", "articles"),
        ("copies", "copies"),
        ("changed", "revised"),
        ("vanished", "vanished"),
    )
    rows = [(say(name), found.total(what)) for name, what in tiles]
    rows.append((say("lines cleaned away"), sum(found.removed.values())))
    step = (_WIDTH - 2 * _EDGE) / len(rows)
    for at, (name, number) in enumerate(rows):
        left = at * step
        parts.append(
            f'<rect x="{left:.0f}" y="{top}" width="{step - 10:.0f}" height="76" rx="8" fill="#f1f3f6"/>'
        )
        parts.append(_text(name, left + 12, top + 26, 14, "#5c5c5c"))
        parts.append(_text(f"{number:,}", left + 12, top + 60, 26))
    top += 108
    outlets = found.outlets[:_SHOWN]
    if outlets:
        total = {say("all outlets"): sums(found)} if len(found.outlets) > 1 else {}
        panels = total | {outlet.site: outlet.daily for outlet in outlets}
        chart = charts.series(found.days, panels, title="", shared=False)
        height = int(re.search(r'height="(\d+)"', chart)[1])  # type: ignore[index]
        # The drawing library knows no custom properties: the colours they stand for by default.
        chart = re.sub(r"var\([^,]+, ([^)]+)\)", r"\1", chart).replace("currentColor", "#1b1b1b")
        chart = chart.replace(
            'width="100%" height', f'x="0" y="{top}" width="{_WIDTH - 2 * _EDGE}" height', 1
        )
        parts.append(chart)
        top += height + 44
    parts.append(_text(say("What needs a look"), 0, top, 19))
    for level, line in _look(found, language):
        top += 30
        parts.append(f'<circle cx="7" cy="{top - 6}" r="6" fill="{_LEVELS[level]}"/>')
        parts.append(_text(line, 24, top, 16))
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top + _EDGE + 24}" '
        f'font-family="{_FONTS}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<g transform="translate({_EDGE} {_EDGE})">{inside}</g></svg>'
    )


def _look(found: Report, language: str) -> list[tuple[str, str]]:
    say = translator(language)
    judged = [outlet.health for outlet in found.outlets if outlet.health]
    lines = [
        (finding.level, _short(f"{health.site}: {sentence(finding, language)}"))
        for health in judged
        for finding in health.findings
    ]
    if not lines:
        nothing = (
            "Nothing: all outlets are as they were." if judged else "No crawl of these days has been judged."
        )
        return [("ok" if judged else "warn", say(nothing))]
    lines.sort(key=lambda line: line[0] != "alarm")
    more = [("warn", say("and {0} more", len(lines) - _SHOWN))] if len(lines) > _SHOWN else []
    return lines[:_SHOWN] + more


def _short(text: str) -> str:
    """Return a text that fits into a line of the picture."""
    room = 1.75 * _LINE
    for at, character in enumerate(text):
        room -= 2 if character > "\u2e7f" else 1
        if room < 0:
            return text[:at] + "…"
    return text


def _text(text: str, x: float, y: float, size: int, colour: str = "#1b1b1b") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}">{escape(visible(text))}</text>'
