"""When an article was published and modified: votes of independent witnesses by calendar day."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from dzwcrawl.dates import find_dates, fold_date_text, parse_date, url_date
from dzwcrawl.extract.header import CreditLine
from dzwcrawl.extract.structured import Structured

_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "og:release_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "publishedat",
    "publishtime",
    "pubdate",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "published-date",
    "publication_date",
    "publication-date",
    "publicationdate",
    "citation_publication_date",
    "citation_date",
    "date.published",
    "article_date_original",
    "originalpublicationdate",
    "rnews:datepublished",
    "weibo: article:create_at",
    "weibo:article:create_at",
    "apub:time",
    "bt:pubdate",
    "ptime",
    "displaydate",
    "date_published",
    "shareaholic:article_published_time",
    "firstpublishedtime",
    "release_date",
    "dc.date.publication",
    "datecreated",
)
_PLAIN_META = ("date", "dc.date", "dcterms.date", "article:create_at", "createdate", "cdate", "pub_date", "time")
_MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "dateupdate",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "modified-date",
    "article.updated",
    "weibo: article:update_at",
)


@dataclass(slots=True)
class Dated:
    """A date a witness gave, with the weight of the witness."""

    value: str
    weight: float
    witness: str


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


def stated_dates(found: Structured, zone: str | None) -> Iterator[Dated]:
    """Yield the publication dates of the machine-readable statements."""
    for weight, witness, values in (
        (5.0, "epaper", [found.epaper.get("date", "")]),
        (2.4 if _same_as_modified(found) else 4.0, "json-ld", [found.text("datePublished") or ""]),
        (1.0, "json-ld created", [found.text("dateCreated") or found.text("uploadDate") or ""]),
        (3.5, "meta", list(found.values(*_PUBLISHED_META))[:2]),
        (2.0, "meta date", list(found.values(*_PLAIN_META))[:1]),
    ):
        for value in values:
            date = parse_date(value, zone=zone) if value else None
            if date:
                yield Dated(date, weight, witness)


def _same_as_modified(found: Structured) -> bool:
    """Tell whether a CMS gives one day as both dates: then a visible date that is older is the true one."""
    published, modified = found.text("datePublished") or "", found.text("dateModified") or ""
    return published == modified and ":" not in published


def modified_dates(found: Structured, zone: str | None) -> Iterator[Dated]:
    """Yield the modification dates of the machine-readable statements."""
    for weight, witness, value in (
        (4.0, "json-ld", found.text("dateModified")),
        (3.0, "meta", found.first(*_MODIFIED_META)),
    ):
        date = parse_date(value, zone=zone) if value else None
        if date:
            yield Dated(date, weight, witness)


def line_dates(lines: list[CreditLine]) -> Iterator[Dated]:
    """Yield the dates of header lines; a date in a closing line is as often that of the paper or of a letter."""
    for line in lines:
        if line.credit.published:
            yield Dated(line.credit.published, 3.0 if line.head and line.whole else 2.0 if line.head else 0.5, "header line")


_UPDATED = re.compile(
    r"updat|aktualisiert|modif|mis à jour|mise à jour|maj\b|actualiz|aggiorn|bijgewerkt|oppdatert|uppdaterad|opdateret|stand:|"
    r"güncel|atualiz|更新|修正|수정|zuletzt|revised|edited",
    re.I,
)
_OTHER = re.compile(
    r"©|copyright|all rights|comment|kommentar|expires|since|\bseit\b|event|born|\bago\b|version|建立|成立|注册|生日|加入|登录|"
    r"valid|until|deadline|bis zum",
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


def time_value(element: HtmlElement, zone: str | None, day_first: bool | None) -> str | None:
    """Return the date of a `<time>` or of an element with a machine-readable date."""
    for name in ("datetime", "content", "data-datetime", "data-time", "title"):
        value = element.get(name)
        date = parse_date(value, zone=zone, day_first=day_first) if value else None
        if date:
            return date
    text = element.text_content()
    return parse_date(text, zone=zone, day_first=day_first) if len(text) < 100 else None
