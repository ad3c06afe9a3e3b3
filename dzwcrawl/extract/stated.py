"""The dates that a page states for machines: JSON-LD, meta elements, the comments of digital newspapers."""

from collections.abc import Iterator
from dataclasses import dataclass

from dzwcrawl.dates import parse_date
from dzwcrawl.extract.structured import Structured

_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "og:release_date",
    "publishdate",
    "published",
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
_PLAIN_META = (
    "date",
    "dc.date",
    "dcterms.date",
    "article:create_at",
    "createdate",
    "cdate",
    "pub_date",
    "time",
)
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


def stated_dates(found: Structured, zone: str | None) -> Iterator[Dated]:
    """Yield the publication dates of the machine-readable statements."""
    for weight, witness, values in (
        (5.0, "epaper", [found.epaper.get("date", "")]),
        (_trust(found), "json-ld", [found.text("datePublished") or ""]),
        (1.0, "json-ld created", [found.text("dateCreated") or found.text("uploadDate") or ""]),
        (3.5, "meta", list(found.values(*_PUBLISHED_META))[:2]),
        (2.0, "meta date", list(found.values(*_PLAIN_META))[:1]),
    ):
        for value in values:
            date = parse_date(value, zone=zone) if value else None
            if date:
                yield Dated(date, weight, witness)


def _trust(found: Structured) -> float:
    """Return the weight of the JSON-LD date.

    A day without a clock is often the day a page was built, and a visible date outweighs it; one that is not
    before the day of modification says nothing of its own.
    """
    published, modified = found.text("datePublished") or "", found.text("dateModified") or ""
    if ":" in published:
        return 4.0
    first, later = parse_date(published), parse_date(modified)
    return 2.0 if first and later and first >= later[:10] else 3.5


def modified_dates(found: Structured, zone: str | None) -> Iterator[Dated]:
    """Yield the modification dates of the machine-readable statements."""
    for weight, witness, value in (
        (4.0, "json-ld", found.text("dateModified")),
        (3.0, "meta", found.first(*_MODIFIED_META)),
    ):
        date = parse_date(value, zone=zone) if value else None
        if date:
            yield Dated(date, weight, witness)
