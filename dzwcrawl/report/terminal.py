"""A report as lines for a terminal."""

from collections.abc import Iterator

from dzwcrawl.archive.reporting import Named, Report
from dzwcrawl.chinese import said_in
from dzwcrawl.health.words import sentence
from dzwcrawl.report.words import translator
from dzwcrawl.text import visible

_COLUMNS = ("articles", "copies", "revised", "vanished", "refused")
_HEADS = ("new articles", "copies", "changed", "vanished", "refused")
_TICKS = " ▁▂▃▄▅▆▇█"


def lines(found: Report, language: str = "en") -> Iterator[str]:
    """Yield the lines of a report."""
    say = translator(language)
    yield f"{say(found.title)}  {say('{0} to {1}', found.since, found.until)}"
    codes = [say("{0} with exit code {1}", n, code) for code, n in found.exit_codes.items() if code]
    yield f"{say('crawls')}: {found.crawls}" + (f" ({', '.join(codes)})" if codes else "")
    yield f"{say('new articles')}: {found.total('articles')}  {spark(sums(found))}"
    yield ""
    yield say("What needs a look") + ":"
    yield from _look(found, language)
    yield ""
    width = max([len(outlet.site) for outlet in found.outlets], default=6)
    yield f"{say('Outlets')}: " + ", ".join(say(head) for head in _HEADS)
    for outlet in found.outlets:
        numbers = "  ".join(f"{getattr(outlet, name):6}" for name in _COLUMNS)
        level = say(outlet.health.verdict if outlet.health else "unknown")
        yield f"  {outlet.site:{width}}  {numbers}  {level:7}  {spark(outlet.daily)}"
    for title, rows in (
        ("What was cleaned away", found.removed),
        ("What changed", found.changes),
        ("What gave no article", found.refused),
    ):
        yield ""
        yield f"{say(title)}: {sum(rows.values())}"
        for name, number in list(rows.items())[:12]:
            yield f"  {number:7}  {visible(said_in(language, name))}"
        if len(rows) > 12:
            yield f"           {say('and {0} more', len(rows) - 12)}"
    yield ""
    yield f"{say('What vanished')}: {found.total('vanished')}"
    yield from (_named(article, language) for article in found.vanished)


def _look(found: Report, language: str) -> Iterator[str]:
    say = translator(language)
    judged = [outlet.health for outlet in found.outlets if outlet.health]
    bad = [health for health in judged if health.findings]
    if not bad:
        yield "  " + say(
            "Nothing: all outlets are as they were." if judged else "No crawl of these days has been judged."
        )
    for health in bad:
        for finding in health.findings:
            yield f"  {say(finding.level)}  {health.site}: {visible(sentence(finding, language))}"
            yield from (f"      {visible(page)}" for page in finding.pages)


def _named(article: Named, language: str) -> str:
    title = visible(article.title) or translator(language)("(no title)")
    return f"  {article.at[:10]}  {article.site} {article.id}  {title}  [{visible(what(article, language))}]"


def what(article: Named, language: str) -> str:
    """Return what happened to an article: the kinds of its changes, or why it is gone."""
    between = "、" if language == "zh" else ", "
    return between.join(said_in(language, each) for each in article.what)


def sums(found: Report) -> list[int | None]:
    """Return the new articles of all outlets by day."""
    columns = zip(*(outlet.daily for outlet in found.outlets), strict=True)
    return [None if all(n is None for n in day) else sum(n or 0 for n in day) for day in columns]


def spark(values: list[int | None]) -> str:
    """Return a number a day as a row of little columns; a day without a crawl is a dot."""
    most = max((value for value in values if value), default=1)
    return "".join("·" if value is None else _TICKS[-(-8 * value // most)] for value in values)
