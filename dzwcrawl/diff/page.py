"""The difference as one HTML page: no script, nothing fetched, readable on a phone, in the dark and without colours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from dzwcrawl.article import Article
from dzwcrawl.diff.articles import COARSE, FieldDiff, count_signs, shortened
from dzwcrawl.diff.paragraphs import Line
from dzwcrawl.diff.words import Run
from dzwcrawl.text import counted, visible


@dataclass(frozen=True, slots=True)
class Heading:
    """What the page says above the difference: two revisions, when they were seen, the kinds of change."""

    old: str
    new: str
    changes: list[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a difference calls fields and operations; one that is not named is called as in the code."""

    fields: Mapping[str, str] = field(default_factory=dict)
    ops: Mapping[str, str] = field(default_factory=dict)
    more: str = "({n} more characters)"
    fold: str = "fold"
    coarse: str = COARSE


STYLE = """
:root { --ins: #0b5a1e; --ins-bg: #dff5e3; --del: #8f1414; --del-bg: #fbe3e3; --move-bg: #e6eefb; }
@media (prefers-color-scheme: dark) { :root { --ins: #9be3ac; --ins-bg: #143a1e; --del: #f3a6a6; --del-bg: #431a1a;
  --move-bg: #1c2b44; } }
.difference h2 { font-size: .85rem; color: var(--soft); border-bottom: 1px solid var(--rule); margin: 2rem 0 .5rem; }
.difference .line { display: grid; grid-template-columns: 4.5rem 1fr; column-gap: .75rem; margin: 0 0 .6rem; }
.difference .what { color: var(--soft); font-size: .75rem; line-height: 2.3; text-align: right; }
.difference .text { min-width: 0; white-space: pre-line; overflow-wrap: anywhere; }
.difference .equal .text, .difference .away .text { color: var(--soft); }
.difference .moved .text { background: var(--move-bg); padding: 0 .3rem; }
ins, del { padding: 0 .1em; margin: 0 .05em; border-radius: .15em; }
ins { color: var(--ins); background: var(--ins-bg); text-decoration: underline; text-decoration-thickness: 2px;
  text-underline-offset: .2em; }
del { color: var(--del); background: var(--del-bg); text-decoration: line-through 1px; }
.difference .coarse { color: var(--soft); font-size: .85rem; margin: 0 0 .6rem; }
.difference summary { cursor: pointer; }
.difference details[open] > summary .first, .difference details[open] > summary .more,
.difference details:not([open]) > summary .fold { display: none; }
@media (max-width: 32rem) { .difference .line { grid-template-columns: 1fr; }
  .difference .what { text-align: left; line-height: 1.4; } .difference .equal .what { display: none; } }
"""
"""For what :func:`sections` returns; the page says what --ink, --soft, --paper and --rule are."""

_PAGE_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #666; --paper: #fff; --rule: #ddd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --soft: #a0a0a0; --paper: #161616; --rule: #3a3a3a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.75 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.4; margin: 0 0 .5rem; }
.about, .legend { color: var(--soft); font-size: .85rem; margin: .2rem 0; }
@media print { body { max-width: none; } }
"""
_CLASSES = {"moved away": "away"}
_ENGLISH = Wording()


def page(article: Article, heading: Heading, fields: list[FieldDiff], *, all_lines: bool = False) -> str:
    """Return the page.

    :param article: the newer state, for its title, URL and language.
    :param all_lines: unchanged lines are unfolded from the start.
    """
    removed, added = count_signs(fields)
    title = _safe(article.title or "(no title)")
    kinds = f" · {_safe(', '.join(heading.changes))}" if heading.changes else ""
    return f"""<!DOCTYPE html>
<html lang="{_safe(article.language or "und")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{title}: {_safe(heading.old)} → {_safe(heading.new)}</title>
<style>{_PAGE_STYLE}{STYLE}</style>
</head>
<body>
<h1 dir="auto">{title}</h1>
<p class="about">{_safe(article.url or "")}</p>
<p class="about">{_safe(heading.old)}<br>→ {_safe(heading.new)}</p>
<p class="about">{counted(removed, "character")} removed, {added} added{kinds}</p>
<p class="legend"><del>removed</del> is struck through, <ins>added</ins> is underlined</p>
{sections(fields, all_lines=all_lines) if fields else "<p>No difference.</p>"}
</body>
</html>
"""


def sections(fields: list[FieldDiff], *, all_lines: bool = False, wording: Wording = _ENGLISH) -> str:
    """Return the fields that differ as a piece of HTML, for a page that has :data:`STYLE`.

    :param all_lines: unchanged lines are unfolded from the start.
    """
    inside = "\n".join(_section(each, all_lines, wording) for each in fields)
    return f'<div class="difference">\n{inside}\n</div>'


def _section(field: FieldDiff, all_lines: bool, wording: Wording) -> str:
    name = _safe(wording.fields.get(field.name, field.name))
    lines = "\n".join(_line(line, all_lines, wording) for line in field.lines)
    note = f'<p class="coarse">{_safe(wording.coarse)}</p>\n' if field.coarse else ""
    return f'<section aria-label="{name}">\n<h2>{name}</h2>\n{note}{lines}\n</section>'


def _line(line: Line, all_lines: bool, wording: Wording) -> str:
    what = "" if line.op == "equal" else _safe(wording.ops.get(line.op, line.op))
    text = (
        _folded("".join(run.text for run in line.runs), all_lines, wording)
        if line.op in ("equal", "moved away")
        else "".join(map(_run, line.runs))
    )
    return (
        f'<div class="line {_CLASSES.get(line.op, line.op)}"><div class="what">{what}</div>'
        f'<div class="text" dir="auto">{text}</div></div>'
    )


def _folded(text: str, all_lines: bool, wording: Wording) -> str:
    first, left_out = shortened(text)
    if not left_out:
        return _safe(text)
    return (
        f'<details{" open" if all_lines else ""}><summary><span class="first">{_safe(first)}…</span> '
        f'<small class="more">{_safe(wording.more.format(n=left_out))}</small>'
        f'<small class="fold">{_safe(wording.fold)}</small></summary>{_safe(text)}</details>'
    )


def _run(run: Run) -> str:
    text = _safe(run.text)
    return {"=": text, "-": f"<del>{text}</del>", "+": f"<ins>{text}</ins>"}[run.mark]


def _safe(text: str) -> str:
    # A line break is where a paragraph was divided or joined.
    return escape(visible(text)).replace("\n", "<small>¶</small>\n")
