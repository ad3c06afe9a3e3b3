"""What is known of a page while its metadata is read."""

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from dzwcrawl.extract.header import CreditLine
from dzwcrawl.extract.page import Page, Region
from dzwcrawl.extract.structured import Structured


@dataclass(slots=True, kw_only=True)
class Clues:
    """A page, its body and the witnesses found so far.

    `title` is the number of the block that holds the title; `zone` is the zone of clocks that name none;
    `day_first` says how 06/08/2020 is read (None: it is not).
    """

    page: Page
    region: Region
    found: Structured
    language: str | None = None
    zone: str | None = None
    day_first: bool | None = None
    title: int | None = None
    lines: list[CreditLine] = field(default_factory=list)
    hints: list[HtmlElement] = field(default_factory=list)
