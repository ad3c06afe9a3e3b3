"""The lines around a body that speak of it: header lines under the title, credit lines at the end."""

import re
import unicodedata
from dataclasses import dataclass

from dzwcrawl.extract.credits import Credit, read_credit, read_parts
from dzwcrawl.extract.names import is_chinese_name, is_outlet, split_names
from dzwcrawl.extract.page import Page, PageBlock, Region

_ABOVE = 14
"""Blocks above the body that may belong to its header when no title is known."""
_INSIDE = 5
"""First blocks of the body that may still be header lines."""
_LAST = 6
"""Last blocks of the body that may be credit lines."""
_AFTER = 8
"""Blocks after the body that may be credit lines."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_YEAR = re.compile(r"(?:19|20)\d{2}[年/.-]?$")


@dataclass(slots=True)
class CreditLine:
    """A line of credits: the blocks `start` to `end` (exclusive), what they say, and whether they say nothing else."""

    start: int
    end: int
    credit: Credit
    whole: bool
    head: bool


def header_span(region: Region, title: int | None) -> tuple[int, int]:
    """Return the range of blocks in which the header of the article stands."""
    low = max(0, region.start - _ABOVE)
    if title is not None:
        # Kicker, date and section may stand above the title.
        low = max(0, title - 4) if title < region.start and region.start - title <= 40 else min(low, title)
        if title >= region.start:
            return max(0, region.start - 6), min(region.end, title + _INSIDE + 1)
    return low, min(region.end, region.start + _INSIDE)


def read_lines(page: Page, region: Region, title: int | None, zone: str) -> list[CreditLine]:
    """Return the credit lines of the header and of the end, in document order."""
    low, high = header_span(region, title)
    lines = _read_span(page, low, high, zone, title, head=True)
    start = max(high, region.end - _LAST)
    lines += _read_span(page, start, min(len(page.blocks), region.end + _AFTER), zone, None, head=False)
    for line in lines:
        names = line.credit.authors
        if len(names) > 1 and _FROM_WHERE.search(page.blocks[line.end - 1].text):
            names.pop()
    return lines


_FROM_WHERE = re.compile(r"\s[\u3400-\u9fff]{2,4}报道\W*$")
"""记者 温镕 沙埠报道: after a name, what stands right before 报道 is where from, not a second name."""


def _read_span(
    page: Page, low: int, high: int, zone: str, title: int | None, *, head: bool
) -> list[CreditLine]:
    lines: list[CreditLine] = []
    number = low
    while number < high:
        line = None if number == title else _read_at(page, number, high, zone, title, head=head)
        if line is not None:
            lines.append(line)
            number = line.end
        else:
            number += 1
    if head:
        _take_neighbours(page, lines, low, high, title)
        if title is not None and not any(x.credit.authors for x in lines):
            _take_names_below(page, lines, title, high)
    return lines


def _read_at(
    page: Page, number: int, high: int, zone: str, title: int | None, *, head: bool
) -> CreditLine | None:
    """Read the line at a block; a label and its value, or a date in boxes, may stand in up to three blocks."""
    block = page.blocks[number]
    if len(block.text) > 300:
        return None
    credit = read_credit(block.text, zone=zone)
    if credit is not None and (credit.kind != "other" or credit.rest) and not _dangling(block.text):
        return CreditLine(number, number + 1, credit, True, head)
    if len(block.text) <= 30 and (_dangling(block.text) or _YEAR.match(block.text)):
        for end in (number + 3, number + 2):
            parts = page.blocks[number:end]
            if end > high or title in range(number, end) or any(len(p.text) > 40 for p in parts):
                continue
            joined = read_credit(" ".join(p.text for p in parts), zone=zone)
            if joined is not None and joined.kind != "other":
                return CreditLine(number, end, joined, True, head)
    if credit is None and _HAN.search(block.text) and len(block.text) <= 200:
        credit = read_parts(block.text, zone=zone, dates=head)
        if credit is not None:
            return CreditLine(number, number + 1, credit, False, head)
    return None


def _dangling(text: str) -> bool:
    return text.rstrip().endswith((":", "：", "|", "丨"))


def _take_neighbours(page: Page, lines: list[CreditLine], low: int, high: int, title: int | None) -> None:
    """Take a bare outlet or a bare name that stands in a block of its own beside a date."""
    dated = [n for n in lines if n.credit.published]
    if not dated or any(n.credit.source for n in lines):
        known_source = True
    else:
        known_source = False
    for line in dated[:1]:
        taken = {n for x in lines for n in range(x.start, x.end)}
        for number in (line.end, line.start - 1, line.end + 1, line.start - 2):
            if not low <= number < high or number in taken or number == title:
                continue
            block = page.blocks[number]
            if _is_bare(block) and is_outlet(block.text) and not known_source:
                person, slash, outlet = block.text.partition("/")
                credit = Credit(source=block.text)
                if slash and is_chinese_name(person.strip()):
                    credit = Credit(source=outlet.strip() or None, authors=[person.strip()])
                lines.append(CreditLine(number, number + 1, credit, True, True))
                known_source = True
            elif title is not None and number > title and is_chinese_name(block.text):
                lines.append(CreditLine(number, number + 1, Credit(authors=[block.text]), True, True))


def _take_names_below(page: Page, lines: list[CreditLine], title: int, high: int) -> None:
    """Take a line of nothing but names (赵延东、王晓璐) that stands between the title and the first paragraph."""
    repeated = page.blocks[title].text
    for number in range(title + 1, min(high, title + 6)):
        text = page.blocks[number].text
        if len(text) > 60:
            return
        if text == repeated or len(text) > 24 or any(x.start <= number < x.end for x in lines):
            continue
        names = split_names(unicodedata.normalize("NFKC", text), strict=True)
        if names and (len(names) > 1 or len(names[0]) >= 3 or " " in text):
            lines.append(CreditLine(number, number + 1, Credit(authors=names), True, True))
            return


def _is_bare(block: PageBlock) -> bool:
    return (
        2 <= len(block.text) <= 20
        and block.role != "heading"
        and not re.search(r"[。!?！？,，;；:：\d]", block.text)
    )
