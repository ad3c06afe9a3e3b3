"""The signature of a page's structure: which containers it has, by tag, class and id, whatever their text."""

import re
from functools import lru_cache

from lxml.html import HtmlElement

_CONTAINERS = (
    "body", "div", "section", "article", "main", "header", "footer", "nav", "aside", "form", "ul", "dl",
    "table", "h1", "h2",
)  # fmt: skip

_MOST = 120
"""Names of a signature; what a page has beyond these tells nothing more."""

_DIGITS = re.compile(r"\d+")


def signature(root: HtmlElement) -> frozenset[str]:
    """Return the names (`div.news-con`, `div#news-body`) of the containers of a page, digits masked.

    Two pages of one template have nearly the same, two templates next to nothing in common. Containers without a name of
    their own say nothing.
    """
    found: set[str] = set()
    for element in root.iter(*_CONTAINERS):
        names, own = element.get("class"), element.get("id")
        if names or own:
            found.add(_name(element.tag, names, own))
            if len(found) >= _MOST:
                break
    return frozenset(found)


@lru_cache(maxsize=8192)  # a site has few
def _name(tag: str, names: str | None, own: str | None) -> str:
    name = tag + (f"#{own}" if own else "") + "".join(f".{one}" for one in sorted((names or "").split()))
    return _DIGITS.sub("#", name)[:80]
