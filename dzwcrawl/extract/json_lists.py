"""JSON lists: the article links that a site's programs fetch as data."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from dzwcrawl.dates import CHINA, parse_date
from dzwcrawl.extract.decode import decode
from dzwcrawl.extract.listing import Link, Listing, url_day
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.pagers import absolute
from dzwcrawl.extract.rules import JsonListRules
from dzwcrawl.text import one_line


def read_json_list(
    body: bytes, *, headers: Mapping[str, str] | None = None, url: str, rules: JsonListRules, page: int = 0
) -> Listing:
    """Return the article links of a page of a JSON list in its order, each URL once, and the next page.

    That there is a next page is a guess: lists seldom tell their end.

    :param page: the number of this page, 0 for the first.
    :raises ExtractionError: when it is no JSON, or nothing is where the rows should be.
    """
    content_type = next((v for k, v in (headers or {}).items() if k.lower() == "content-type"), None)
    document = _load(decode(body, content_type)[0])
    found = [row for path in rules.rows.split(",") for row in _at(document, path.strip())]
    if not found and not page:  # behind the last page there may be nothing
        raise ExtractionError(f"rule rows ({rules.rows}) matches nothing")
    listing = Listing()
    known: set[str] = set()
    for row in _entries(found):
        link = _link(row, url, rules)
        if link is None:
            listing.broken_rows += 1
        elif rules.accepts(link.url) and link.url not in known:
            known.add(link.url)
            listing.links.append(link)
    listing.next_page, listing.probe = rules.page_url(page + 1) if listing.links else None, True
    return listing


def _load(text: str) -> Any:
    """Return the first JSON value of a text: alone, in a function call or behind an assignment."""
    start = re.search(r"[\[{]", text)
    if start is None:
        raise ExtractionError("it is no JSON")
    try:
        return json.JSONDecoder().raw_decode(text, start.start())[0]
    except ValueError as error:
        raise ExtractionError(f"it is no JSON: {error}") from error


def _at(value: Any, path: str) -> Iterator[Any]:
    """Yield what lies at a path; a list on the way stands for each of its entries."""
    name, _, rest = path.partition(".")
    if isinstance(value, list) and name:
        for entry in value:
            yield from _at(entry, path)
    elif not name:
        yield value
    elif isinstance(value, dict) and value.get(name) is not None:
        yield from _at(value[name], rest)


def _entries(found: list[Any]) -> Iterator[dict[str, Any]]:
    for value in found:
        yield from (row for row in (value if isinstance(value, list) else [value]) if isinstance(row, dict))


def _text(row: dict[str, Any], path: str | None) -> str:
    value = next(_at(row, path), None) if path else None
    return "" if value is None or isinstance(value, dict | list) else one_line(str(value))


def _link(row: dict[str, Any], base: str, rules: JsonListRules) -> Link | None:
    if "{" in rules.link:
        values = {path: _text(row, path) for path in re.findall(r"\{(.*?)\}", rules.link)}
        href = (
            re.sub(r"\{(.*?)\}", lambda match: values[match[1]], rules.link) if all(values.values()) else ""
        )
    else:
        href = _text(row, rules.link)
        if re.match(r"([\w-]+\.)+[a-z]{2,}/", href):  # "w.example.org/p/1.html": a host without its scheme
            href = f"//{href}"
    url = absolute(base, href)
    if url is None:
        return None
    date = parse_date(_text(row, rules.date), zone=CHINA) or ""
    day = url_day(url) or (date[:10] if len(date) >= 10 else None)
    return Link(url, _text(row, rules.title), day)
