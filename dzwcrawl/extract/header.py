"""The lines around a body that speak of it: header lines under the title, credit lines at the end."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from dzwcrawl.extract.credits import Credit, read_credit, read_parts
from dzwcrawl.extract.names import is_chinese_name, is_column, is_outlet, split_names
from dzwcrawl.extract.page import Page, PageBlock, Region
from dzwcrawl.extract.scores import mass

_ABOVE = 14
"""Blocks above the body that may belong to its header when no title is known."""
_INSIDE = 5
"""First blocks of the body that may still be header lines."""
_LONG = 60
"""Characters above which a block is a paragraph (of Chinese text)."""
_LAST = 6
"""Last blocks of the body that may be credit lines."""
_AFTER = 8
"""Blocks after the body that may be credit lines."""
_HEADLINE = 7.0
"""Mass from which a heading after the body is a headline, not the label of a box."""
_BESIDE = 3
"""Blocks that were left out right after the text and may be: the line under a post in a forum."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_ROLE = re.compile(r"[:：/丨|]|[编編][辑輯]|[责責][编編]|[审審校监監]|记者|記者|通讯员|通訊員|摄|攝")
_EDITORS = re.compile(r"[编編][辑輯]|[责責][编編]|[审審校监監]")
_YEAR = re.compile(r"(?:19|20)\d{2}[年/.-]?$")


@dataclass(slots=True)
class CreditLine:
    """A line of credits: the blocks `start` to `end` (exclusive), what they say, and whether they say nothing else."""

    start: int
    end: int
    credit: Credit
    whole: bool
    head: bool


def header_span(page: Page, region: Region, title: int | None) -> tuple[int, int]:
    """Return the range of blocks in which the header of the article stands: it ends with the second paragraph."""
    low, high = max(0, region.start - _ABOVE), min(region.end, region.start + _INSIDE)
    if title is not None and title >= region.start:
        low, high = max(0, region.start - 6), min(region.end, title + _INSIDE + 1)
    elif title is not None:
        # Kicker, date and section may stand above the title.
        low = max(0, title - 4) if region.start - title <= 40 else min(low, title)
    long = [n for n in range(region.start, high) if _is_paragraph(page.blocks[n].text) and n != title]
    return low, long[1] if len(long) > 1 else high


def below_body(page: Page, region: Region) -> range:
    """Return the blocks after a body in which credits or a date may stand: none from the headline of the next article on."""
    stop = min(len(page.blocks), region.end + _AFTER)
    blocks = page.blocks[region.end : stop]
    heads = (n for n, b in enumerate(blocks, region.end) if b.role == "heading" and mass(b.text) >= _HEADLINE)
    return range(region.end, next(heads, stop))


def _is_paragraph(text: str) -> bool:
    return len(text) > (_LONG if _HAN.search(text) else 3 * _LONG)


def read_lines(page: Page, region: Region, title: int | None, zone: str) -> list[CreditLine]:
    """Return the credit lines of the header and of the end, in document order."""
    low, high = header_span(page, region, title)
    lines = _read_span(_Span(page, low, high, zone, title, head=True))
    closing = list(_closing_spans(page, region, high, zone))
    lines += _read_editors(_Span(page, high, closing[0].low, zone))
    for span in closing:
        lines += _read_span(span)
    for line in lines:
        names = line.credit.authors
        if len(names) > 1 and _FROM_WHERE.search(page.blocks[line.end - 1].text):
            names.pop()
    return lines


_FROM_WHERE = re.compile(r"\s[\u3400-\u9fff]{2,4}报道\W*$")
"""记者 温镕 沙埠报道: after a name, what stands right before 报道 is where from, not a second name."""


@dataclass(slots=True)
class _Span:
    """Blocks `low` to `high` of a page, read as a header or as what follows a body."""

    page: Page
    low: int
    high: int
    zone: str
    title: int | None = None
    head: bool = False


def _closing_spans(page: Page, region: Region, low: int, zone: str) -> Iterator[_Span]:
    """Yield where the credits at the end may stand, from block `low` on: around the end of the text, and of its element.

    Between the two stand the lists of links and other posts that were left out.
    """
    blocks = page.blocks
    kept = (n for n in range(region.end - 1, low, -1) if blocks[n].removed is None)
    last = next(kept, region.end - 1) + 1
    begin, end = max(low, last - _LAST), below_body(page, region).stop
    # The line that ends the first of several posts is the article's own; what follows is not.
    posted = (n for n in range(last, region.end) if (blocks[n].removed or "").startswith("post"))
    other = next(posted, None)
    if other is not None:
        yield _Span(page, begin, min(last + _BESIDE, other + 1), zone)
    elif last + _BESIDE >= region.end - _LAST:
        yield _Span(page, begin, end, zone)
    else:
        yield _Span(page, begin, last + _BESIDE, zone)
        yield _Span(page, region.end - _LAST, end, zone)


def _read_editors(span: _Span) -> list[CreditLine]:
    """Return the lines that name nothing but editors, by names in the form of names: credits wherever they stand.

    Below them some pages go on with the first lines of other articles.
    """
    lines = []
    for number in range(span.low, span.high):
        text = span.page.blocks[number].text
        line = _read_at(span, number) if len(text) <= _LONG and _EDITORS.search(text) else None
        if (
            line
            and line.whole
            and line.credit.kind == "editors"
            and all(map(is_chinese_name, line.credit.editors))
        ):
            lines.append(line)
    return lines


def _read_span(span: _Span) -> list[CreditLine]:
    lines: list[CreditLine] = []
    number = span.low
    while number < span.high:
        line = None if number == span.title else _read_at(span, number)
        if line is not None:
            lines.append(line)
        number = line.end if line else number + 1
    if span.head:
        _take_neighbours(span, lines)
        if span.title is not None and not any(x.credit.authors for x in lines):
            _take_names_below(span.page, lines, span.title, span.high)
    return lines


def _read_at(span: _Span, number: int) -> CreditLine | None:
    """Read the line at a block; a label and its value, or a date in boxes, may stand in up to three blocks."""
    blocks = span.page.blocks
    text = blocks[number].text
    if len(text) > 300:
        return None
    credit = read_credit(text, zone=span.zone)
    if credit is not None and not span.head and (credit.kind == "date" or not _ROLE.search(text)):
        credit = None  # after the body: the day of another article, of a letter, the name of another outlet
    if credit is not None and (credit.kind != "other" or credit.rest) and not _dangling(text):
        return CreditLine(number, number + 1, credit, True, span.head)
    if len(text) <= 30 and (_dangling(text) or _YEAR.match(text)):
        for end in (number + 3, number + 2):
            parts = [b.text for b in blocks[number:end]]
            if end > span.high or span.title in range(number, end) or any(len(p) > 40 for p in parts):
                continue
            joined = read_credit(" ".join(parts), zone=span.zone)
            if joined is not None and joined.kind != "other":
                return CreditLine(number, end, joined, True, span.head)
    if credit is not None and credit.kind != "other":
        return CreditLine(number, number + 1, credit, True, span.head)  # the last label has no value
    if (
        credit is None
        and _HAN.search(text)
        and len(text) <= 200
        and not text.endswith(("。", "！", "？", "”"))
    ):
        credit = read_parts(
            text, zone=span.zone, dates=span.head and not is_entry(blocks, number, span.title)
        )
        if credit is not None:
            return CreditLine(number, number + 1, credit, False, span.head)
    return None


def is_entry(blocks: list[PageBlock], number: int, title: int | None) -> bool:
    """Tell whether a block above the title is the entry of a list: a link to another article, with its day."""
    return blocks[number].role == "list_item" and blocks[number].link_chars > 0 and number < (title or 0)


def _dangling(text: str) -> bool:
    return text.rstrip().endswith((":", "：", "|", "丨"))


def _take_neighbours(span: _Span, lines: list[CreditLine]) -> None:
    """Take a bare outlet or a bare name that stands in a block of its own beside a date."""
    line = next((x for x in lines if x.credit.published), None)
    if line is None:
        return
    known_source = any(x.credit.source for x in lines)
    taken = {n for x in lines for n in range(x.start, x.end)}
    for number in (line.end, line.start - 1, line.end + 1, line.start - 2):
        if not span.low <= number < span.high or number in taken or number == span.title:
            continue
        block = span.page.blocks[number]
        if _is_bare(block) and is_outlet(block.text) and not known_source:
            person, slash, outlet = block.text.partition("/")
            credit = Credit(source=block.text)
            if slash and is_chinese_name(person.strip()):
                credit = Credit(source=outlet.strip() or None, authors=[person.strip()])
            lines.append(CreditLine(number, number + 1, credit, True, True))
            known_source = True
        elif span.title is not None and number > span.title and _is_bare_name(block.text):
            lines.append(CreditLine(number, number + 1, Credit(authors=[block.text]), True, True))


def _take_names_below(page: Page, lines: list[CreditLine], title: int, high: int) -> None:
    """Take a line of nothing but names (赵延东、王晓璐) that stands between the title and the first paragraph."""
    repeated = page.blocks[title].text
    for number in range(title + 1, min(high, title + 6)):
        text = page.blocks[number].text
        if len(text) > 60:
            return
        if (
            text == repeated
            or len(text) > 24
            or is_column(text)
            or any(x.start <= number < x.end for x in lines)
        ):
            continue
        names = split_names(unicodedata.normalize("NFKC", text), strict=True)
        alone = number == title + 1 and not page.blocks[number].link_chars
        if names and (len(names) > 1 or len(names[0]) >= 3 or " " in text or alone):
            lines.append(CreditLine(number, number + 1, Credit(authors=names), True, True))
            return


def _is_bare_name(text: str) -> bool:
    return is_chinese_name(text) and not is_column(text)


def _is_bare(block: PageBlock) -> bool:
    return (
        2 <= len(block.text) <= 20
        and block.role != "heading"
        and not re.search(r"[。!?！？,，;；:：\d]", block.text)
    )
