"""A report as one HTML page: no script, nothing fetched, readable on a phone, in the dark and on paper."""

from collections.abc import Sequence
from html import escape

from dzwcrawl import charts
from dzwcrawl.archive.reporting import Named, Outlet, Report
from dzwcrawl.chinese import said_in
from dzwcrawl.health.facts import Level
from dzwcrawl.health.words import sentence
from dzwcrawl.report.terminal import sums, what
from dzwcrawl.report.words import translator
from dzwcrawl.text import visible

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #5c5c5c; --paper: #fff; --card: #f4f5f7; --rule: #dcdfe3;
  --chart-bar: #3d6fa8; --ok: #2e7d4f; --warn: #b26a00; --alarm: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --soft: #a8a8a8; --paper: #161616; --card: #222326;
  --rule: #3a3a3a; --chart-bar: #7aa7dd; --ok: #7cc79a; --warn: #f0b35c; --alarm: #f28b82; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.25rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; border-bottom: 1px solid var(--rule); padding-bottom: .3rem; }
.about { color: var(--soft); font-size: .85rem; margin: .25rem 0 1.25rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; margin: 0; }
.tiles div { background: var(--card); border-radius: .5rem; padding: .6rem .8rem; }
.tiles dt { color: var(--soft); font-size: .8rem; }
.tiles dd { margin: 0; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
.look { list-style: none; margin: 0; padding: 0; }
.look > li { border-left: .3rem solid var(--rule); background: var(--card); padding: .5rem .8rem; margin: 0 0 .5rem; }
.look .warn { border-color: var(--warn); } .look .alarm { border-color: var(--alarm); }
.look ul { margin: .2rem 0 0; padding-left: 1.1rem; font-size: .85rem; }
.level { font-weight: 600; } .level.ok { color: var(--ok); } .level.warn { color: var(--warn); }
.level.alarm { color: var(--alarm); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--rule); white-space: nowrap;
  font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-weight: 500; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
.days { width: 30%; min-width: 9rem; } .days svg { display: block; width: 100%; }
.list { list-style: none; margin: .5rem 0 0; padding: 0; }
.list li { padding: .3rem 0; border-bottom: 1px solid var(--rule); }
.list small { color: var(--soft); display: block; }
a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: .2em; }
@media print { body { max-width: none; } .look > li, .tiles div { break-inside: avoid; } }
"""
_OUTLETS_DRAWN, _REASONS_DRAWN = 8, 12
_HEIGHT: dict[Level, int] = {"ok": 5, "warn": 11, "alarm": 18}


class _Page:
    """The parts of a page in one language."""

    def __init__(self, found: Report, language: str) -> None:
        self.found, self.language, self.say = found, language, translator(language)

    def tiles(self) -> str:
        found = self.found
        rows = [(self.say("crawls"), found.crawls), (self.say("new articles"), found.total("articles"))]
        rows += [(self.say("copies"), found.total("copies")), (self.say("changed"), found.total("revised"))]
        rows += [(self.say("vanished"), found.total("vanished"))]
        rows += [(self.say("lines cleaned away"), sum(found.removed.values()))]
        inside = "".join(f"<div><dt>{_safe(name)}</dt><dd>{number:,}</dd></div>" for name, number in rows)
        codes = [self.say("{0} with exit code {1}", n, code) for code, n in found.exit_codes.items() if code]
        below = (
            f'<p class="about">{_safe(self.say("crawls"))}: {_safe(", ".join(codes))}</p>' if codes else ""
        )
        return f'<dl class="tiles">{inside}</dl>{below}'

    def look(self) -> str:
        judged = [outlet.health for outlet in self.found.outlets if outlet.health]
        rows = []
        for health in judged:
            for finding in health.findings:
                pages = "".join(f"<li>{_link(page, page)}</li>" for page in finding.pages)
                rows.append(
                    f'<li class="{finding.level}"><span class="level {finding.level}">{self.say(finding.level)}</span> '
                    f"{_safe(health.site)}: {_safe(sentence(finding, self.language))}"
                    + (f"<ul>{pages}</ul>" if pages else "")
                    + "</li>"
                )
        if rows:
            return f'<ul class="look">{"".join(rows)}</ul>'
        nothing = (
            "Nothing: all outlets are as they were." if judged else "No crawl of these days has been judged."
        )
        return f"<p>{_safe(self.say(nothing))}</p>"

    def came(self) -> str:
        outlets = self.found.outlets[:_OUTLETS_DRAWN]
        if not outlets:
            return self.nothing()
        total = {self.say("all outlets"): sums(self.found)} if len(self.found.outlets) > 1 else {}
        title = self.say("New articles a day and outlet")
        panels = total | {outlet.site: outlet.daily for outlet in outlets}
        return charts.series(self.found.days, panels, title=title, shared=False)

    def table(self) -> str:
        if not self.found.outlets:
            return self.nothing()
        heads = (
            "outlet",
            "new articles",
            "copies",
            "changed",
            "vanished",
            "refused",
            "health",
            "How the outlets were",
        )
        head = "".join(f'<th scope="col">{_safe(self.say(name))}</th>' for name in heads)
        return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(map(self.row, self.found.outlets))}</tbody></table></div>'

    def row(self, outlet: Outlet) -> str:
        numbers = (outlet.articles, outlet.copies, outlet.revised, outlet.vanished, outlet.refused)
        cells = "".join(f"<td>{number:,}</td>" for number in numbers)
        level = outlet.health.verdict if outlet.health else "unknown"
        return (
            f'<tr><td>{_safe(outlet.site)}</td>{cells}<td><span class="level {level}">{_safe(self.say(level))}</span></td>'
            f'<td class="days">{self.strip(outlet)}</td></tr>'
        )

    def strip(self, outlet: Outlet) -> str:
        """A column a day: low where all was well, high for an alarm, so that it can be read without colours."""
        told = ", ".join(
            f"{self.say(level)} {outlet.levels.count(level)}" for level in ("ok", "warn", "alarm")
        )
        columns = "".join(
            f'<rect x="{at}" y="{18 - _HEIGHT[level]}" width=".8" height="{_HEIGHT[level]}" fill="var(--{level})"/>'
            for at, level in enumerate(outlet.levels)
            if level
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" height="18" viewBox="0 0 {len(outlet.levels)} 18" '
            f'preserveAspectRatio="none"><title>{_safe(told)}</title>{columns}</svg>'
        )

    def bars(self, rows: dict[str, int], title: str) -> str:
        if not rows:
            return self.nothing()
        shown = list(rows.items())[:_REASONS_DRAWN]
        drawn = [(said_in(self.language, name), float(number)) for name, number in shown]
        rest = len(rows) - len(drawn)
        more = f'<p class="about">{_safe(self.say("and {0} more", rest))}</p>' if rest else ""
        return charts.bars(drawn, title=self.say(title)) + more

    def articles(self, rows: Sequence[Named], total: int) -> str:
        if not rows:
            return ""
        items = "".join(
            f"<li>{_link(row.url, row.title or self.say('(no title)'))}<small>{_safe(row.at[:10])} · {_safe(row.site)} · "
            f"{_safe(what(row, self.language))}</small></li>"
            for row in rows
        )
        more = f"<li>{_safe(self.say('and {0} more', total - len(rows)))}</li>" if total > len(rows) else ""
        return f'<ul class="list">{items}{more}</ul>'

    def nothing(self) -> str:
        return f"<p>{_safe(self.say('nothing'))}</p>"


def page(found: Report, made: str, language: str = "en") -> str:
    """Return the page. `made`: when, for its head."""
    part = _Page(found, language)
    say, found_days = part.say, part.say("{0} to {1}", found.since, found.until)
    changed, gone = found.total("revised"), found.total("vanished")
    sections = (
        ("What needs a look", part.look()),
        ("What came", part.came()),
        ("Outlets", part.table()),
        ("What was cleaned away", part.bars(found.removed, "Lines left out of bodies, by reason")),
        (
            "What changed",
            part.bars(found.changes, "Changes of articles, by kind") + part.articles(found.changed, changed),
        ),
        ("What vanished", part.articles(found.vanished, gone) or part.nothing()),
        ("What gave no article", part.bars(found.refused, "Pages that gave no article, by reason")),
    )
    body = "\n".join(
        f"<section>\n<h2>{_safe(say(title))}</h2>\n{text}\n</section>" for title, text in sections
    )
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{_safe(say(found.title))} {_safe(found_days)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{_safe(say(found.title))} · {_safe(found_days)}</h1>
<p class="about">{_safe(say("days at +08:00; made {0}", made))}</p>
{part.tiles()}
{body}
</body>
</html>
"""


def _safe(text: str) -> str:
    return escape(visible(text))


def _link(url: str, text: str) -> str:
    """Return a link, if following it can only mean to fetch a page."""
    if not url.startswith(("http://", "https://")):
        return _safe(text)
    return f'<a href="{_safe(url)}" rel="noreferrer nofollow" dir="auto">{_safe(text)}</a>'
