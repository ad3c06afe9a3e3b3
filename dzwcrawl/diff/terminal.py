"""The difference for the terminal: coloured, or marked like wdiff where there is no colour."""

from collections.abc import Iterator

import click

from dzwcrawl.diff.articles import COARSE, FieldDiff, shortened
from dzwcrawl.diff.paragraphs import Line
from dzwcrawl.diff.words import Run
from dzwcrawl.text import visible

_SIGNS = {"equal": " ", "changed": "~", "added": "+", "removed": "-", "moved": ">", "moved away": "<"}


def lines_of(fields: list[FieldDiff], *, colour: bool, all_lines: bool = False) -> Iterator[str]:
    """Yield the lines to print.

    :param colour: escape sequences (underlined and struck through too) instead of `[-…-]` and `{+…+}`.
    :param all_lines: unchanged lines whole, else only the first words of long ones.
    """
    for field in fields:
        yield ""
        yield click.style(field.name, bold=True) if colour else field.name
        if field.coarse:
            yield f"  ({COARSE})"
        for line in field.lines:
            yield f"{_SIGNS[line.op]} {_text(line, colour, all_lines)}"
    yield ""
    yield "~ changed  + added  - removed  > moved here  < moved away"


def _text(line: Line, colour: bool, all_lines: bool) -> str:
    if line.op in ("equal", "moved away") or all(run.mark == "=" for run in line.runs):
        text = "".join(run.text for run in line.runs)
        shown, left_out = (text, 0) if all_lines and line.op != "moved away" else shortened(text)
        shown = _indented(shown + (f"… ({left_out} more characters)" if left_out else ""))
        return click.style(shown, dim=True) if colour else shown
    return "".join(_marked(run, colour) for run in line.runs)


def _marked(run: Run, colour: bool) -> str:
    text = _indented(run.text)
    if run.mark == "=":
        return text
    if colour:
        return (
            click.style(text, fg="red", strikethrough=True)
            if run.mark == "-"
            else click.style(text, fg="green", underline=True)
        )
    return f"[-{text}-]" if run.mark == "-" else f"{{+{text}+}}"


def _indented(text: str) -> str:
    """Show where a paragraph was divided or joined."""
    return visible(text).replace("\n", "¶\n  ")
