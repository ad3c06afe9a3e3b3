"""Reading a page by the rules of its outlet: the rules say where, the shared code says how."""

from collections.abc import Iterator
from functools import lru_cache

from lxml.html import HtmlElement

from dzwcrawl.article import Article
from dzwcrawl.dates import parse_date
from dzwcrawl.extract.credits import read_credit
from dzwcrawl.extract.names import is_outlet
from dzwcrawl.extract.page import ExtractionError, NotAnArticle, Page, Region
from dzwcrawl.extract.rules import ArticleRules, css
from dzwcrawl.text import one_line
from dzwcrawl.urls import host_of

_CHINA = "+08:00"


class RuleMiss(ExtractionError):
    """A required rule matches nothing on a page that looks like an article: has the template changed?"""


def read_by_rules(page: Page, rules: ArticleRules, article: Article) -> Region:
    """Fill the fields that rules name and return the region of the body.

    :raises RuleMiss: when `title` or `body` matches nothing.
    :raises NotAnArticle: when the body is there and empty.
    """
    title = _first(page, rules.title)
    if title is None:
        raise RuleMiss(f"rule title ({rules.title}) matches nothing")
    region = _body(page, rules.body)
    if region is None:
        raise RuleMiss(f"rule body ({rules.body}) matches nothing")
    if region.start == region.end:
        raise NotAnArticle("the body is empty")
    _set(article, "title", title)
    _set(article, "kicker", _first(page, rules.kicker))
    _set(article, "subtitle", _first(page, rules.subtitle))
    _read_header(page, rules, article)
    if rules.section:
        _set(article, "section", [one_line(e.text_content()) for e in css(rules.section)(page.root)])
    _drop(page, rules, region)
    return region


def _body(page: Page, selector: str) -> Region | None:
    """Return the region of the first match, of a list of links (TRS sites put them into `.TRS_Editor` too) only if
    there is nothing else.
    """
    links: Region | None = None
    for container, part in _matches(page, selector):
        region = region_of(page, container, f"{host_of(page.url or '')} {part}".strip())
        blocks = page.blocks[region.start : region.end]
        if 2 * sum(block.link_chars for block in blocks) <= sum(len(block.text) for block in blocks):
            return region
        links = links or region
    return links


def region_of(page: Page, container: HtmlElement, template: str) -> Region:
    """Return the region of the blocks inside an element."""
    inside = set(container.iter())
    numbers = [i for i, block in enumerate(page.blocks) if block.element in inside]
    start, end = (numbers[0], numbers[-1] + 1) if numbers else (0, 0)
    return Region(start, end, container, template)


@lru_cache(maxsize=256)
def _split(selector: str) -> list[str]:
    """Split a union of selectors at its top-level commas; earlier ones are preferred."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(selector):
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            parts.append(selector[start:i].strip())
            start = i + 1
    return [*parts, selector[start:].strip()]


def _matches(page: Page, selector: str) -> Iterator[tuple[HtmlElement, str]]:
    for part in _split(selector):
        for element in css(part)(page.root):
            yield element, part


def _first(page: Page, selector: str | None, gap: str = "") -> str | None:
    """Return the text of the first element of a rule that holds any; `gap` stands between its inner elements."""
    if selector is None:
        return None
    texts = (one_line(gap.join(element.itertext())) for element, _ in _matches(page, selector))
    return next(filter(None, texts), None)


def _set(article: Article, name: str, value: object) -> None:
    if value and not getattr(article, name):
        setattr(article, name, value)
        article.rules[name] = f"rule {name}"


def _read_header(page: Page, rules: ArticleRules, article: Article) -> None:
    """Read date, source and names where the rules say; one element may hold them all in one line."""
    for name, label in (
        ("published", ""),
        ("source", "来源:"),
        ("authors", "作者:"),
        ("editors", "责任编辑:"),
    ):
        text = _first(page, getattr(rules, name), gap=" ")
        if text is None:
            continue
        credit = read_credit(text) or read_credit(label + text)
        if name == "published":
            _set(article, "published", parse_date(text, zone=_CHINA))
        if credit is not None:
            credit.authors = [author for author in credit.authors if not is_outlet(author)]
            for field in ("published", "source", "authors", "editors"):
                _set(article, field, getattr(credit, field))


def _drop(page: Page, rules: ArticleRules, region: Region) -> None:
    if rules.drop is None:
        return
    dropped = {inner for element in css(rules.drop)(page.root) for inner in element.iter()}
    for block in page.blocks[region.start : region.end]:
        if block.element in dropped and block.removed is None:
            block.removed = "rule: drop"
