"""The difference as one HTML page: no script, nothing fetched, readable on a phone, in the dark and without colours."""

from dataclasses import dataclass
from html import escape

from dzwcrawl.article import Article
from dzwcrawl.diff.articles import FieldDiff, count_signs, shortened
from dzwcrawl.diff.paragraphs import Line
from dzwcrawl.diff.words import Run
from dzwcrawl.text import visible


@dataclass(frozen=True, slots=True)
class Heading:
    """What the page says above the difference: two revisions, when they were seen, the kinds of change."""

    old: str
    new: str
    changes: list[str]


_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #666; --paper: #fff; --rule: #ddd;
  --ins: #0b5a1e; --ins-bg: #dff5e3; --del: #8f1414; --del-bg: #fbe3e3; --move-bg: #e6eefb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --soft: #a0a0a0; --paper: #161616; --rule: #3a3a3a;
  --ins: #9be3ac; --ins-bg: #143a1e; --del: #f3a6a6; --del-bg: #431a1a; --move-bg: #1c2b44; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.75 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.4; margin: 0 0 .5rem; }
h2 { font-size: .85rem; color: var(--soft); border-bottom: 1px solid var(--rule); margin: 2rem 0 .5rem; }
.about, .legend { color: var(--soft); font-size: .85rem; margin: .2rem 0; }
.line { display: grid; grid-template-columns: 4.5rem 1fr; column-gap: .75rem; margin: 0 0 .6rem; }
.what { color: var(--soft); font-size: .75rem; line-height: 2.3; text-align: right; }
.text { min-width: 0; white-space: pre-line; }
.equal .text, .away .text { color: var(--soft); }
.moved .text { background: var(--move-bg); padding: 0 .3rem; }
ins, del { padding: 0 .1em; margin: 0 .05em; border-radius: .15em; }
ins { color: var(--ins); background: var(--ins-bg); text-decoration: underline; text-decoration-thickness: 2px;
  text-underline-offset: .2em; }
del { color: var(--del); background: var(--del-bg); text-decoration: line-through 1px; }
summary { cursor: pointer; }
details[open] > summary .first, details[open] > summary .more { display: none; }
details[open] > summary::after { content: "fold"; font-size: .75rem; }
@media (max-width: 32rem) { .line { grid-template-columns: 1fr; } .what { text-align: left; line-height: 1.4; }
  .equal .what { display: none; } }
@media print { body { max-width: none; } }
"""
_CLASSES = {"moved away": "away"}


def page(article: Article, heading: Heading, fields: list[FieldDiff], *, all_lines: bool = False) -> str:
    """Return the page.

    :param article: the newer state, for its title, URL and language.
    :param all_lines: unchanged lines are unfolded from the start.
    """
    removed, added = count_signs(fields)
    title = _safe(article.title or "(no title)")
    kinds = f" · {_safe(', '.join(heading.changes))}" if heading.changes else ""
    sections = "\n".join(_section(field, all_lines) for field in fields)
    return f"""<!DOCTYPE html>
<html lang="{_safe(article.language or "und")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{title}: {_safe(heading.old)} → {_safe(heading.new)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1 dir="auto">{title}</h1>
<p class="about">{_safe(article.url or "")}</p>
<p class="about">{_safe(heading.old)}<br>→ {_safe(heading.new)}</p>
<p class="about">{removed} characters removed, {added} added{kinds}</p>
<p class="legend"><del>removed</del> is struck through, <ins>added</ins> is underlined</p>
{sections or "<p>No difference.</p>"}
</body>
</html>
"""


def _section(field: FieldDiff, all_lines: bool) -> str:
    lines = "\n".join(_line(line, all_lines) for line in field.lines)
    return f'<section aria-label="{field.name}">\n<h2>{field.name}</h2>\n{lines}\n</section>'


def _line(line: Line, all_lines: bool) -> str:
    what = "" if line.op == "equal" else line.op
    text = (
        _folded("".join(run.text for run in line.runs), all_lines)
        if line.op in ("equal", "moved away")
        else "".join(map(_run, line.runs))
    )
    return (
        f'<div class="line {_CLASSES.get(line.op, line.op)}"><div class="what">{what}</div>'
        f'<div class="text" dir="auto">{text}</div></div>'
    )


def _folded(text: str, all_lines: bool) -> str:
    first, left_out = shortened(text)
    if not left_out:
        return _safe(text)
    return (
        f'<details{" open" if all_lines else ""}><summary><span class="first">{_safe(first)}…</span> '
        f'<small class="more">({left_out} more characters)</small></summary>{_safe(text)}</details>'
    )


def _run(run: Run) -> str:
    text = _safe(run.text)
    return {"=": text, "-": f"<del>{text}</del>", "+": f"<ins>{text}</ins>"}[run.mark]


def _safe(text: str) -> str:
    # A line break is where a paragraph was divided or joined.
    return escape(visible(text)).replace("\n", "<small>¶</small>\n")
