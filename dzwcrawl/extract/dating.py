"""When an article was published and modified: votes of independent witnesses by calendar day."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from lxml.html import HtmlElement

from dzwcrawl.dates import find_dates, fold_date_text, parse_date, url_date
from dzwcrawl.extract.clues import Clues
from dzwcrawl.extract.header import CreditLine, below_body, header_span, is_entry
from dzwcrawl.extract.page import Page
from dzwcrawl.extract.stated import Dated, modified_dates, stated_dates
from dzwcrawl.extract.structured import Structured


def choose(dated: list[Dated]) -> Dated | None:
    """Return the date most witnesses agree on, in its most precise form; None when there is none.

    Witnesses vote by day. A month or year alone votes for nothing: it can only be what is left.
    """
    votes: dict[str, float] = defaultdict(float)
    seen: set[tuple[str, str]] = set()
    for d in dated:
        if len(d.value) >= 10 and (d.witness, d.value[:10]) not in seen:
            seen.add((d.witness, d.value[:10]))
            votes[d.value[:10]] += d.weight
    if not votes:
        return max(dated, key=lambda d: (len(d.value), d.weight), default=None)
    first = {d.value[:10]: -i for i, d in reversed(list(enumerate(dated)))}
    day = max(votes, key=lambda v: (votes[v], first[v]))
    same = [d for d in dated if d.value[:10] == day]
    return max(same, key=lambda d: (len(d.value) > 10, d.weight))


_UTC = re.compile(r"T\d\d:\d\d:\d\d\+00:00$")


def as_printed(dated: list[Dated], zone: str | None) -> Iterator[Dated]:
    """Yield the dates with moments in UTC moved to the day the page itself prints.

    A CMS often states a local evening as the next morning in UTC (or a morning in East Asia as the evening
    before). Where the URL or a line of the page gives the neighbouring day, that is the day of publication: with
    its clock where the zone is known, else as a day alone.
    """
    printed = {d.value[:10] for d in dated if d.witness in _PRINTED}
    for d in dated:
        if not _UTC.search(d.value) or d.value[:10] in printed:
            yield d
            continue
        local = moment = datetime.fromisoformat(d.value)
        if zone:
            local = moment.astimezone(timezone(timedelta(hours=int(zone[:3]))))
        else:
            # America is up to eight hours behind, East Asia and Australia up to eleven ahead.
            local += timedelta(hours=-8 if moment.hour < 8 else 11)
        day = local.date().isoformat()
        if day in printed and day != d.value[:10]:
            yield Dated(local.isoformat() if zone else day, d.weight, d.witness)
        else:
            yield d


_PRINTED = frozenset({"url", "line", "header line", "baidu"})


def line_dates(lines: list[CreditLine]) -> Iterator[Dated]:
    """Yield the dates of header lines; a date in a closing line is as often that of the paper or of a letter."""
    for line in lines:
        if line.credit.published:
            yield Dated(
                line.credit.published,
                3.0 if line.head and line.whole else 2.0 if line.head else 0.5,
                "header line",
            )


_SCRIPTED = re.compile(
    r"""\\?["']?\b(?:datePublished|date_published|publishedAt|published_at|publishDate|publish_date|publishTime|"""
    r"""publish_time|pubDate|pub_date|firstPublished|first_published_at|publicationDate)\\?["']?\s*[:=]\s*\\?["']"""
    r"""(?P<date>[\d][\d T:.,/+Z-]{7,34})\\?["']"""
)
_WEIXIN = re.compile(r"""\bct\s*=\s*["'](?P<date>1\d{9})["']""")


def scripted_dates(page: Page, zone: str | None) -> list[Dated]:
    """Return the date that the data in a page's scripts give, when they give one day only.

    Several days are several articles; none of them is taken. Reads `"publishedAt": "2020-06-08…"` of pages that
    scripts render, and the epoch of WeChat pages.
    """
    dated: dict[str, Dated] = {}
    for script in page.tagged["script"]:
        text = script.text or ""
        if not text or len(text) > 2_000_000 or "ld+json" in (script.get("type") or ""):
            continue
        matches = list(_SCRIPTED.finditer(text))
        if "appmsg" in text:
            matches += _WEIXIN.finditer(text)
        for match in matches:
            date = parse_date(match["date"], zone=zone)
            if date and len(date) >= 10:
                dated.setdefault(date[:10], Dated(date, 0.9, "script"))
        if len(dated) > 1:
            return []
    return list(dated.values())


_UPDATED = re.compile(
    r"updat|aktualisiert|modif|mis à jour|mise à jour|maj\b|actualiz|aggiorn|bijgewerkt|oppdatert|"
    r"uppdaterad|opdateret|stand:|"
    r"güncel|atualiz|更新|修正|수정|zuletzt|revised|edited",
    re.I,
)
_OTHER = re.compile(
    r"©|copyright|all rights|comment|kommentar|expires|since|\bseit\b|event|born|\bago\b|version|建立|成立|"
    r"注册|生日|加入|登录|今[天日]是|today is|"
    r"valid|until|deadline|\bbis\b|verfügbar|available|截至|截止",
    re.I,
)


def text_date(text: str, *, zone: str | None, day_first: bool | None) -> tuple[str | None, str | None]:
    """Return (published, modified) of a short line in any language that gives one or two dates."""
    if len(text) > 160:
        return None, None
    text = fold_date_text(text)
    published = modified = None
    position = 0
    for found in find_dates(text, zone=zone, day_first=day_first):
        before = text[position : found.start]
        if _OTHER.search(before):
            continue
        if _UPDATED.search(before):
            modified = modified or found.value
        else:
            published = published or found.value
        position = found.end
    return published, modified


def url_dates(*urls: str | None) -> Iterator[Dated]:
    """Yield the day (or month) that the first URL with a date carries."""
    for url in urls:
        date = url_date(url) if url else None
        if date:
            yield Dated(date, 2.5 if len(date) == 10 else 0.1, "url")
            return


_PICTURE_DAY = re.compile(r"/(?:19|20)\d\d([-/]?)\d\d\1\d\d/")


def picture_dates(found: Structured, months: list[str]) -> Iterator[Dated]:
    """Yield the day of the folder in which the page's own picture lies, when no other month is known.

    Such a folder is that of the day the picture was uploaded, which was the day of the article on 23 of 26 pages
    that have both: a witness for pages on which nothing else tells a day.
    """
    for picture in found.values("og:image", "twitter:image", "twitter:image:src"):
        folder = _PICTURE_DAY.search(picture)
        day = url_date(folder[0]) if folder else None
        if day and len(day) == 10 and all(day.startswith(month) for month in months):
            yield Dated(day, 0.5, "picture")
            return


_CLOCKS = ("datetime", "data-datetime", "data-published", "data-timestamp", "data-time", "data-date")
_MOMENTS = (*_CLOCKS, "content", "title")


def timed(page: Page) -> list[HtmlElement]:
    """Return the `<time>` elements, and the others whose class speaks of dates and whose attributes hold one.

    These are often the only ones that tell the day: what the page shows is "3 days ago".
    """
    found = {*page.tagged["time"], *filter(_has_clock, page.tagged["relative-time"])}
    found |= {
        element for element, names in page.classes.items() if _names_date(names) and _holds_date(element)
    }
    return [element for element in page.elements if element in found] if found else []


def _has_clock(element: HtmlElement) -> bool:
    return any(element.get(name) is not None for name in _CLOCKS)


def _holds_date(element: HtmlElement) -> bool:
    """Tell whether an attribute that may hold a moment holds a date."""
    if not _has_clock(element) and (element.tag not in ("abbr", "span") or element.get("title") is None):
        return False
    return any(_DATED.search(element.get(name) or "") for name in _MOMENTS)


_DATED = re.compile(r"^(?:(?:19|20)\d\d[-/年]|\d{10}(?:\d{3})?$)|\b(?:19|20)\d\d\b")


def time_value(element: HtmlElement, zone: str | None, day_first: bool | None) -> str | None:
    """Return the date of a `<time>` or of an element with a machine-readable date."""
    for name in _MOMENTS:
        value = element.get(name)
        date = parse_date(value, zone=zone, day_first=day_first) if value else None
        if date:
            return date
    text = element.text_content()
    return parse_date(text, zone=zone, day_first=day_first) if len(text) < 100 else None


_DATE_CLASS = re.compile(
    r"date|time|meta|publi|posted|byline|info|datum|fecha|post-?footer|infos?$|signature"
)


@lru_cache(maxsize=16384)  # the same few names stand on most elements of a page
def _names_date(names: str) -> bool:
    """Tell whether the class of an element speaks of dates."""
    return _DATE_CLASS.search(names.lower()) is not None


_ASIDE = re.compile(
    r"comment|kommentar|reply|respond|related|sidebar|widget|teaser|archive|recent|popular|footer$|"
    r"calendar|forum-post|event|-card|cards?$",
    re.I,
)
_POSTED = re.compile(
    r"post|publi|veröffentlicht|erstellt|geschrieben|eingestellt|verfasst|\bvon\b|\bam\b|\bby\b|\bpar\b|"
    r"\bpor\b|\ble\b|\bon\b|"
    r"date|datum|fecha|written|author|filed|added|uploaded|发布|发表|日期|时间|作成|公開|投稿|등록|입력",
    re.I,
)


@dataclass(slots=True)
class Reading:
    """The reading of the dates of one page."""

    clues: Clues

    def dates(self) -> tuple[list[Dated], list[Dated]]:
        """Return what all witnesses say of publication and of modification.

        The lines after the body and the dates that only their class marks are asked when nobody else knows.
        """
        found = self.clues.found
        published = [*stated_dates(found, self.clues.zone), *line_dates(self.clues.lines)]
        modified = list(modified_dates(found, self.clues.zone))
        for element in self.clues.hints:
            if element.get("id") == "pubtime_baidu" or element.get("itemprop") == "datePublished":
                date = time_value(element, self.clues.zone, self.clues.day_first)
                baidu = element.get("id") == "pubtime_baidu"
                if date:
                    published.append(Dated(date, 4.2 if baidu else 3.5, "baidu" if baidu else "microdata"))
        self._header(published, modified)
        published += self._time_elements()
        published += url_dates(self.clues.page.url, found.canonical, found.first("og:url"))
        if not any(d.weight >= 1.0 for d in published):
            self._elsewhere(published, modified)
            self._footer(modified)
        published = list(as_printed(published, self.clues.zone))
        if not any(len(d.value) >= 10 for d in published):
            published += scripted_dates(self.clues.page, self.clues.zone)
        shown = [m for m in modified if m.witness == "line"]
        if shown and not any(len(d.value) >= 10 for d in published):
            # A page that shows one date and calls it the last change has no other day.
            published.append(Dated(shown[0].value[:10], 1.0, "last change, the only date"))
        if not any(len(d.value) >= 10 for d in published):
            published += picture_dates(found, [d.value for d in published])
        return published, modified

    def _text_date(self, text: str) -> tuple[str | None, str | None]:
        return text_date(text, zone=self.clues.zone, day_first=self.clues.day_first)

    def _footer(self, modified: list[Dated]) -> None:
        """Read `Page last updated: …` in the last lines of the page."""
        for block in self.clues.page.blocks[-12:]:
            if len(block.text) <= 160 and _DIGITS.search(block.text) and _UPDATED.search(block.text):
                _, later = self._text_date(block.text)
                if later:
                    modified.append(Dated(later, 1.0, "line"))
                    return

    def _header(self, published: list[Dated], modified: list[Dated]) -> None:
        low, high = header_span(self.clues.page, self.clues.region, self.clues.title)
        for number in range(low, high):
            block = self.clues.page.blocks[number]
            if (
                number == self.clues.title
                or block.role == "caption"
                or is_entry(self.clues.page.blocks, number, self.clues.title)
                or (block.link_chars * 2 > len(block.text) and len(block.text) > 60)
            ):
                continue
            inside = self.clues.region.start <= number and (
                self.clues.title is None or number > self.clues.title
            )
            if inside and _is_prose(block.text) and not _LEADING_DAY.match(block.text):
                continue
            first, later = self._text_date(block.text)
            if first:
                below = (
                    self.clues.title is None
                    or number > self.clues.title
                    or number >= self.clues.region.start - 3
                )
                # What stands between title and body is what the reader is told; in the body it may be any day.
                told = not inside or _names_date(_classes(block.element)) or _POSTED.search(block.text)
                weight = (4.1 if told else 2.5) if below else 1.5
                if block.link_chars * 2 > len(block.text) or len(block.text) > 80:
                    weight = 1.0
                published.append(Dated(first, weight, "line"))
            if later:
                modified.append(Dated(later, 2.0, "line"))

    def _time_elements(self) -> list[Dated]:
        numbers = {n.element: n.start for n in self.clues.page.nodes}
        dated: list[Dated] = []
        for element in timed(self.clues.page):
            date = time_value(element, self.clues.zone, self.clues.day_first)
            if date is None or _is_aside(element):
                continue
            holder: HtmlElement | None = element
            while holder is not None and holder not in numbers:
                holder = holder.getparent()
            start = numbers[holder] if holder is not None else 0
            near = self.clues.region.start - 25 <= start <= self.clues.region.start + 4
            dated.append(Dated(date, 2.0 if near and not dated else 1.0 if near else 0.3, "time"))
            if len(dated) >= 5:
                break
        return dated

    def _inside(self) -> Dated | None:
        """Return the day of the first line of the body that labels one, or of the dateline that opens it."""
        blocks = self.clues.page.blocks[self.clues.region.start : self.clues.region.end]
        for block in blocks:
            # In a thread every post ends with its date: the first is that of the article.
            if len(block.text) <= 80 and _LABELLED.search(block.text) and not _is_aside(block.element):
                first, _ = self._text_date(block.text)
                if first:
                    return Dated(first, 1.2, "labelled line")
        dateline = _DATELINE.match(blocks[0].text) if blocks else None
        first = self._text_date(dateline["day"])[0] if dateline else None
        return Dated(first, 1.2, "dateline") if first else None

    def _elsewhere(self, published: list[Dated], modified: list[Dated]) -> None:
        """Look at the lines after the body, then at every short line whose class speaks of dates."""
        blocks = self.clues.page.blocks
        end = self.clues.region.end
        stop = below_body(self.clues.page, self.clues.region).stop
        tail = range(max(self.clues.region.start, end - 3), stop)
        whole = range(max(0, self.clues.region.start - 60), stop)
        told = self._inside() or self._signed(tail)
        if told:
            published.append(told)
            return
        for numbers, weight in ((tail, 1.2), (whole, 0.8)):
            for number in numbers:
                block = blocks[number]
                if len(block.text) > 400 or not _DIGITS.search(block.text) or _is_aside(block.element):
                    continue
                by_class = _names_date(_classes(block.element))
                if not by_class and (weight < 1 or _is_prose(block.text)):
                    continue
                first, later = self._text_date(block.text[:160])
                if first and (by_class or _POSTED.search(block.text)):
                    published.append(Dated(first, weight, "line after the body" if weight > 1 else "class"))
                elif later:
                    modified.append(Dated(later, weight, "line"))
                if first or later:
                    break
            if any(d.weight >= 0.8 for d in published):
                return

    def _signed(self, tail: range) -> Dated | None:
        """Read the day under a signature below the body: `Written by X`, then a line of nothing but a day."""
        blocks = self.clues.page.blocks
        for number in tail:
            text = blocks[number].text
            if number and len(text) <= _DAY_ALONE and _SIGNATURE.match(blocks[number - 1].text):
                first, _ = self._text_date(text)
                if first:
                    return Dated(first, 1.2, "line after the body")
        return None


_DAY_ALONE = 24
_SIGNATURE = re.compile(r"(?:written|posted|published|words|text) by \w.{2,60}$", re.I)
_LABELLED = re.compile(
    r"(?:发布|发表|发稿|刊发|發布|發表)(?:时间|日期|時間|于|於)|\bposted on\b|\bpublished on\b", re.I
)
# LONDON, Dec. 23, 2016 (AP) -- The council …
_DATELINE = re.compile(
    r"[A-Z][A-Z .,'’-]{2,40}[A-Z][^\d]{0,24}?,\s(?P<day>[^\W\d_]{3,9}\.?\s\d{1,2},\s(?:19|20)\d\d)\s?(?:\(|/|--|[–—-])"
)
# A line of facts, however long, that begins with a day and tells that it was then published.
_LEADING_DAY = re.compile(
    r"\W{0,3}(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d)[\s\d:h]{0,12}[-–—|,·•]\s{0,3}"
    r"(?:post|publi|veröff|geschrieben|escrito|written|by\b|par\b|por\b|von\b)",
    re.I,
)
_DIGITS = re.compile(r"(?:19|20)\d\d")


def _is_prose(text: str) -> bool:
    """Tell whether a block is a sentence that happens to hold a date."""
    # Ideographs say three times as much as letters: 。 ends a sentence of any length.
    return (
        len(text) > 90
        or (len(text) > 40 and text.rstrip().endswith((".", "!", "?", "”", ":")))
        or text.rstrip().endswith("。")
    )


def _classes(element: HtmlElement) -> str:
    parent = element.getparent()
    around = f"{parent.get('class') or ''} {parent.get('id') or ''}" if parent is not None else ""
    return f"{element.get('class') or ''} {element.get('id') or ''} {around}"


def _is_aside(element: HtmlElement) -> bool:
    """Tell whether an element stands among comments, teasers of other articles or in a side column."""
    holder: HtmlElement | None = element
    for _ in range(6):
        if holder is None or holder.tag in {"body", "article", "main"}:
            return False
        if holder.tag in {"aside", "footer"} or _ASIDE.search(
            f"{holder.get('class') or ''} {holder.get('id') or ''}"
        ):
            return True
        holder = holder.getparent()
    return False
