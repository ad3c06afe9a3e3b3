"""The record in the names of others, and the JSON Schema of each: what `dzwcrawl export --schema` writes.

The schema of our own record is made from the dataclass :class:`dzwcrawl.article.Article`, so that there is one source.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from dzwcrawl.article import RECORD_FIELDS, Article

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Schema:
    """`shape` makes a line of a record; `definition` is the JSON Schema of the line."""

    shape: Callable[[Record], Record]
    definition: dict[str, Any]

    @property
    def columns(self) -> dict[str, Any]:
        """The JSON Schemas of a line's fields, in their order."""
        return dict(self.definition["properties"])


_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_DATE = {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d)?)?)?)?$"}
"""ISO-8601 as far as it is known: year, month, day or moment."""
_MOMENT = {"type": "string", "format": "date-time"}
_URL = {"type": "string", "format": "uri"}
_NULL = {"type": "null"}

_SHARPER: dict[str, Any] = {
    "published": _DATE,
    "modified": _DATE,
    "first_seen": _MOMENT,
    "last_seen": _MOMENT,
    "url": _URL,
    "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
}
"""What JSON Schema can say of a field and its type in Python cannot."""


def _object(name: str, properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    return {
        "title": name,
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def _of_type(hint: Any, name: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a type; of a field, what is known of it by its name."""
    if isinstance(hint, UnionType):
        (known,) = (kind for kind in get_args(hint) if kind is not NoneType)
        return {"anyOf": [_of_type(known, name), _NULL]}
    if get_origin(hint) is list:
        return {"type": "array", "items": _of_type(*get_args(hint))}
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return _object(hint.__name__, {f.name: _of_type(hints[f.name], f.name) for f in fields(hint)})
    if hint is int:
        return {"type": "integer", "minimum": 1}
    assert hint is str, hint
    sharper: dict[str, Any] = _SHARPER.get(name, _TEXT)
    return sharper


def _record_definition() -> dict[str, Any]:
    hints = get_type_hints(Article)
    return _object("Record", {name: _of_type(hints[name], name) for name in RECORD_FIELDS})


def _known(line: Record) -> Record:
    """Leave out what is not known: these formats have no null."""
    return {name: value for name, value in line.items() if value not in (None, [], "")}


# zyte-common-items

_NAMED = {"name": _TEXT, "nameRaw": _TEXT}


def _list_of(title: str, **properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(title, properties, ())}


_ZYTE = _object(
    "Article",
    {
        "headline": _TEXT,
        "datePublished": _MOMENT,
        "datePublishedRaw": _TEXT,
        "dateModified": _MOMENT,
        "dateModifiedRaw": _TEXT,
        "authors": _list_of("Author", **_NAMED),
        "breadcrumbs": _list_of("Breadcrumb", name=_TEXT),
        "inLanguage": _TEXT,
        "mainImage": _object("Image", {"url": _URL}),
        "images": _list_of("Image", url=_URL),
        "description": _TEXT,
        "articleBody": _TEXT,
        "videos": _list_of("Video", url=_URL),
        "canonicalUrl": _URL,
        "url": _URL,
        "metadata": _object("Metadata", {"dateDownloaded": _MOMENT}, ()),
    },
    ("url",),
)


def _zyte(record: Record) -> Record:
    images = [{"url": image["url"]} for image in record["images"]]
    return _known(
        {
            "headline": record["title"],
            "datePublished": _moment(record["published"]),
            "datePublishedRaw": record["published"],
            "dateModified": _moment(record["modified"]),
            "dateModifiedRaw": record["modified"],
            "authors": [{"name": name, "nameRaw": name} for name in record["authors"]],
            "breadcrumbs": [{"name": name} for name in record["section"]],
            "inLanguage": record["language"],
            "mainImage": images[0] if images else None,
            "images": images,
            "description": record["description"],
            "articleBody": record["body"],
            "videos": [{"url": url} for url in record["videos"]],
            "canonicalUrl": record["canonical_url"],
            "url": record["url"],
            "metadata": _known({"dateDownloaded": (record["last_seen"] or "").replace("+00:00", "Z")}),
        }
    )


def _moment(date: str | None) -> str | None:
    """Return a date that has a time and an offset; the format knows no other, a less precise one stays in …Raw."""
    return date if date and "T" in date and len(date) > len("2020-06-08T07:13:00") else None


# schema.org


def _typed(kind: str, *names: str) -> dict[str, Any]:
    properties = {"@type": {"type": "string", "const": kind}, **dict.fromkeys(names, _TEXT)}
    return _object(kind, properties, ("@type", names[0]))


def _things(kind: str, *names: str) -> dict[str, Any]:
    return {"type": "array", "items": _typed(kind, *names)}


_SCHEMAORG = _object(
    "NewsArticle",
    {
        "@context": {"type": "string", "const": "https://schema.org"},
        "@type": {"type": "string", "const": "NewsArticle"},
        "identifier": _TEXT,
        "url": _URL,
        "mainEntityOfPage": _TEXT,
        "headline": _TEXT,
        "alternativeHeadline": _TEXTS,
        "author": _things("Person", "name"),
        "editor": _things("Person", "name"),
        "sourceOrganization": _typed("Organization", "name"),
        "publisher": _typed("Organization", "name"),
        "datePublished": _DATE,
        "dateModified": _DATE,
        "articleSection": _TEXTS,
        "keywords": _TEXTS,
        "description": _TEXT,
        "inLanguage": _TEXT,
        "articleBody": _TEXT,
        "image": _things("ImageObject", "contentUrl", "caption"),
        "video": _things("VideoObject", "contentUrl"),
        "printEdition": _TEXT,
        "printPage": _TEXT,
        "printSection": _TEXT,
        "version": {"type": "integer", "minimum": 1},
    },
    ("@context", "@type", "url"),
)


def _schemaorg(record: Record) -> Record:
    edition = record["edition"] or {}
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "identifier": None if record["id"] is None else str(record["id"]),
            "url": record["url"],
            "mainEntityOfPage": record["canonical_url"],
            "headline": record["title"],
            "alternativeHeadline": [text for text in (record["kicker"], record["subtitle"]) if text],
            "author": [_thing("Person", name=name) for name in record["authors"]],
            "editor": [_thing("Person", name=name) for name in record["editors"]],
            "sourceOrganization": record["source"] and _thing("Organization", name=record["source"]),
            "publisher": record["site"] and _thing("Organization", name=record["site"]),
            "datePublished": record["published"],
            "dateModified": record["modified"],
            "articleSection": record["section"],
            "keywords": record["keywords"],
            "description": record["description"],
            "inLanguage": record["language"],
            "articleBody": record["body"],
            "image": [
                _thing("ImageObject", contentUrl=i["url"], caption=i["caption"]) for i in record["images"]
            ],
            "video": [_thing("VideoObject", contentUrl=url) for url in record["videos"]],
            "printEdition": edition.get("date"),
            "printPage": edition.get("page"),
            "printSection": edition.get("name"),
            "version": record["revision"],
        }
    )


def _thing(kind: str, **properties: str | None) -> Record:
    return _known({"@type": kind, **properties})


# newspaper4k

_NEWSPAPER = _object(
    "newspaper4k Article",
    {
        **dict.fromkeys(("url", "source_url", "title", "top_image"), _TEXT),
        **dict.fromkeys(("images", "movies"), _TEXTS),
        "text": _TEXT,
        **dict.fromkeys(("meta_keywords", "tags", "authors"), _TEXTS),
        "publish_date": {"anyOf": [_DATE, _NULL]},
        **dict.fromkeys(("meta_description", "meta_lang", "meta_site_name", "canonical_link"), _TEXT),
    },
)


def _newspaper(record: Record) -> Record:
    """Return the fields of its `Article`; what it makes itself of the text (keywords, summary) is left out."""
    parts = urlsplit(record["url"] or "")
    images = [image["url"] for image in record["images"]]
    return {
        "url": record["url"] or "",
        "source_url": f"{parts.scheme}://{parts.netloc}" if parts.netloc else "",
        "title": record["title"] or "",
        "top_image": images[0] if images else "",
        "images": images,
        "movies": record["videos"],
        "text": record["body"],
        "meta_keywords": record["keywords"],
        "tags": record["section"],
        "authors": record["authors"],
        "publish_date": record["published"],
        "meta_description": record["description"] or "",
        "meta_lang": record["language"] or "",
        "meta_site_name": record["site"] or "",
        "canonical_link": record["canonical_url"] or "",
    }


SCHEMAS = {
    "record": Schema(lambda record: record, _record_definition()),
    "schemaorg": Schema(_schemaorg, _SCHEMAORG),
    "zyte": Schema(_zyte, _ZYTE),
    "newspaper": Schema(_newspaper, _NEWSPAPER),
}

REMOVAL = _object(
    "Removal",
    {
        "id": {"type": "integer", "minimum": 1},
        "url": {"anyOf": [_URL, _NULL]},
        "url_sha256": {"anyOf": [{"type": "string", "pattern": "^[0-9a-f]{64}$"}, _NULL]},
        "removed": _MOMENT,
    },
)
"""The line of a cursor export that says that an article is no longer there, or no longer selected."""

TOLD: dict[str, Any] = {"id": REMOVAL["properties"]["id"], "vanished": {"anyOf": [_MOMENT, _NULL]}}
"""What every other line of a cursor export has beside its schema's fields."""


def json_schema(name: str, *, cursor: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of the lines of an export.

    :param cursor: of an export with a cursor, which has removal lines too.
    """
    definition = SCHEMAS[name].definition
    if not cursor:
        return {"$schema": _DRAFT, **definition}
    told = definition | {
        "properties": {**TOLD, **definition["properties"], **TOLD},
        "required": list(dict.fromkeys([*TOLD, *definition["required"]])),
    }
    return {"$schema": _DRAFT, "anyOf": [told, REMOVAL]}
