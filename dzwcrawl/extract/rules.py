"""Site rules: where things are on the pages of one outlet. How they are read is shared by all outlets."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast

from cssselect import SelectorError
from lxml.etree import XPath
from lxml.html import HtmlElement
from parsel.csstranslator import HTMLTranslator

from dzwcrawl.extract.pagers import PAGER


@lru_cache(maxsize=512)
def css(selector: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """Return a function of an element that gives the elements matching a CSS selector, in document order."""
    return cast("Callable[[HtmlElement], list[HtmlElement]]", XPath(HTMLTranslator().css_to_xpath(selector)))


class RuleError(TypeError):
    """A site rule that is misspelt or cannot work; raised where the spider is imported."""


def _check(rules: type, names: set[str]) -> None:
    known = [f.name for f in fields(rules)]
    for name in names - set(known):
        near = get_close_matches(name, known, 1, 0.4)
        hint = f"; did you mean {near[0]!r}?" if near else f"; the rules are {', '.join(known)}"
        raise RuleError(f"{rules.__name__} has no rule {name!r}{hint}")


def _check_selector(rules: str, name: str, selector: str | None) -> None:
    if selector is not None:
        try:
            css(selector)
        except SelectorError as error:
            raise RuleError(f"{rules}.{name} is not a CSS selector: {selector!r} ({error})") from error


class _NamedRules(type):
    """Names the nearest rule when a site misspells one, where a plain dataclass would only say 'unexpected'."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        _check(cls, set(kwargs))
        return super().__call__(*args, **kwargs)


@dataclass(frozen=True, kw_only=True)
class ListingRules(metaclass=_NamedRules):
    """How the listings of an outlet are read.

    `links` selects the `<a>` elements of article links (a CSS union may bridge eras); `accept` is searched in
    the absolute URL; `deny` refuses URLs that `accept` would take. `pager` is how page two is called where neither
    a script call nor a link 下一页 tells: `default_1.htm`, `index2.html`, `node_*_2.htm` (`*` is the number of the
    listing), `?page=2`; a union bridges eras, its first name serves for directories, and
    with None nothing is guessed.
    """

    links: str
    accept: str
    deny: str | None = None
    pager: str | None = "default_1.htm, default_*_1.htm, index_1.htm, index_*_1.htm, list_1.htm, list_*_1.htm"

    def __post_init__(self) -> None:
        for name in self.pager.split(",") if self.pager is not None else ():
            if PAGER.fullmatch(name.strip()) is None:
                raise RuleError(
                    f"ListingRules.pager: {name.strip()!r} is no name of page two; write it like 'default_1.htm', "
                    "'node_*_2.htm' or '?page=2'"
                )
        _check_selector("ListingRules", "links", self.links)
        for name in ("accept", "deny"):
            pattern = getattr(self, name)
            if pattern is not None:
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise RuleError(
                        f"ListingRules.{name} is no regular expression: {pattern!r} ({error})"
                    ) from error

    def accepts(self, url: str) -> bool:
        """Tell whether an absolute URL is one of an article."""
        return re.search(self.accept, url) is not None and not (self.deny and re.search(self.deny, url))


@dataclass(frozen=True, kw_only=True)
class ArticleRules(metaclass=_NamedRules):
    """Where an article page of an outlet keeps what; every rule is a CSS selector, a union bridges eras.

    `title` and `body` are required to match; the first element that matches and holds text counts. What no
    rule names is found by the shared metadata code.
    """

    title: str
    body: str
    kicker: str | None = None
    subtitle: str | None = None
    published: str | None = None
    source: str | None = None
    authors: str | None = None
    editors: str | None = None
    section: str | None = None
    drop: str | None = None

    def prefer(self, **rules: str) -> "ArticleRules":
        """Return these rules with the given selectors tried before their own: an outlet on the rules of its family."""
        _check(type(self), set(rules))
        return replace(
            self, **{name: ", ".join(filter(None, (own, getattr(self, name)))) for name, own in rules.items()}
        )

    def __post_init__(self) -> None:
        for rule in fields(self):
            _check_selector("ArticleRules", rule.name, getattr(self, rule.name))
