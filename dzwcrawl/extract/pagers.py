"""Pagers: how a page names the pages that continue it, by a script call, by links or by its file name."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml.html import HtmlElement

from dzwcrawl.extract.page import Page
from dzwcrawl.text import one_line
from dzwcrawl.urls import UrlError, canonical_url, is_front_page

_PAGER_CALL = re.compile(
    r"""(?:createPageHTML\(\s*|createClipPage\(\s*)(\d+)\s*,\s*(\d+)\s*\)?\s*,\s*['"]([^'"]+)['"]\s*,\s*['"](\w+)['"]"""
)
NEXT_WORDS = re.compile(
    r"^\W*(下一页|下页|后一页|Next( page)?|nächste Seite|weiter|page suivante|siguiente|次へ|다음)\W*$", re.I
)
_PRESENT = re.compile(r"\b(on|cur|current|active|selected)\b", re.I)
PAGER = re.compile(r"\?\w+=[12]|([^\W\d]*(?:[_-]\*)?[_-]?|\*[_-])([12])\.(\w+)")
"""The name of page two, as a site rule writes it; see :class:`dzwcrawl.extract.rules.ListingRules`."""


@dataclass(frozen=True, slots=True)
class PagerCall:
    """The arguments of the script call that writes the page links: number of pages, 0-based index, file name."""

    count: int
    index: int
    name: str
    extension: str

    def page(self, index: int) -> str:
        """Return the file name of a page: `name.ext` for the first, `name_1.ext` for the second."""
        return f"{self.name}.{self.extension}" if index == 0 else f"{self.name}_{index}.{self.extension}"


def pager_call(page: Page) -> PagerCall | None:
    """Return the pager call in the scripts of a page, or None."""
    for script in page.tagged["script"]:
        text = script.text or ""
        called = "createPageHTML" in text or "createClipPage" in text
        if called and (match := _PAGER_CALL.search(text)):
            return PagerCall(int(match[1]), int(match[2]), match[3], match[4])
    return None


def absolute(base: str, href: str | None) -> str | None:
    """Return the canonical absolute URL of a link, or None where it leads to no page."""
    href = (href or "").strip()
    if not href or href.lower().startswith(("javascript:", "mailto:", "#", "tel:")):
        return None
    try:
        return canonical_url(urljoin(base, href))
    except (UrlError, ValueError):
        return None


def link_url(anchor: HtmlElement, base: str) -> str | None:
    """Return the absolute URL of a link, or None where it leads to no page."""
    return absolute(base, anchor.get("href"))


def link_text(anchor: HtmlElement) -> str:
    """Return the text of a link on one line."""
    # Most links hold nothing but text, and gathering it from inner elements takes ten times as long.
    return one_line(anchor.text_content() if len(anchor) else anchor.text or "")


def next_page(page: Page, base: str, pager: str | None) -> tuple[str | None, bool]:
    """Return the URL of the listing page after this one (None at the end), and whether it is a guess by `pager`."""
    call = pager_call(page)
    if call is not None:
        following = call.index + 1
        return (urljoin(base, call.page(following)) if following < call.count else None), False
    for anchor in page.tagged["a"]:
        if NEXT_WORDS.match(anchor.text_content() or "") and (anchor.get("href") or "").strip():
            return link_url(anchor, base), False
    numbered = _next_number(page, base)
    if numbered is not None:
        return numbered, False
    if pager is None or is_front_page(base):  # which has no page two
        return None, True
    guesses = (_guess(base, name.strip()) for name in pager.split(","))
    return next(filter(None, guesses), None), True


def _next_number(page: Page, base: str) -> str | None:
    """Return where the number after this page's leads in a row of numbers, in which this page is no link, or marked.

    Only links count whose address ends in the number (from 1 or from 0), or page one's.
    """
    numbers: dict[int, str] = {}
    for anchor in page.tagged["a"]:
        text = (anchor.text_content() or "").strip()
        url = link_url(anchor, base) if text.isdecimal() and len(text) <= 3 else None
        if url is None or url == base or _PRESENT.search(anchor.get("class") or ""):
            continue
        found = re.search(r"(\d+)\D*$", url.partition("//")[2])
        if text == "1" or (found and int(text) - int(found[1]) in (0, 1)):
            numbers.setdefault(int(text), url)
    if min(numbers, default=3) > 2:
        return None
    present = next(number for number in range(1, len(numbers) + 2) if number not in numbers)
    return numbers.get(present + 1)


def _guess(url: str, second: str) -> str | None:
    """Return the page after a URL where page two is called `second`; None for a URL that is named otherwise."""
    parts = urlsplit(url)
    if second.startswith("?"):
        name, first = second[1:].split("=")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        here = query.get(name, str(int(first) - 1))
        if not here.isdigit():
            return None
        return parts._replace(query=urlencode(query | {name: str(int(here) + 1)})).geturl()
    match = PAGER.fullmatch(second)
    assert match is not None, "checked where the rule is made"
    stem, second_number, extension = match[1], int(match[2]), match[3]
    head, _, name = parts.path.rpartition("/")
    if not name:
        return None if "*" in stem else urljoin(url, f"{head}/{stem}{second_number}.{extension}")
    lone = stem.rstrip("_-")
    gap = re.escape(stem[len(lone) :])
    # An id has four digits or more where a number of a page might stand in its place.
    known = re.escape(lone).replace(r"\*", r"\d{4,}" if second_number == 1 else r"\d+")
    place = re.fullmatch(rf"({known})(?:{gap}(\d{{1,3}}))?(\.\w+)", name)
    if place is None:
        return None
    number = int(place[2] or second_number - 1) + 1
    return urljoin(url, f"{head}/{place[1]}{stem[len(lone) :]}{number}{place[3]}")
