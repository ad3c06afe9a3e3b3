"""Spider arguments (`-a name=value`): what their values may be, said before anything is fetched."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from dzwcrawl.urls import UrlError, canonical_url

JOB = "_job"
"""scrapyd gives every spider the id of its job; none makes use of it."""


class ArgumentError(ValueError):
    """A spider argument (`-a`) that does not exist or makes no sense."""


def check_values(arguments: Mapping[str, str]) -> None:
    """Check the values of the arguments that all spiders understand alike.

    :raises ArgumentError: naming what is wrong and what would be right.
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", arguments.get("since", "2000-01-01")):
        raise ArgumentError(f"since={arguments['since']} is not a day written YYYY-MM-DD")
    if not re.fullmatch(r"[1-9]\d*", arguments.get("pages", "1")):
        raise ArgumentError(f"pages={arguments['pages']} is not a number of pages from 1")
    if arguments.get("full", "0") not in ("0", "1"):
        raise ArgumentError(f"full={arguments['full']} is neither 1 (listings to their end) nor 0")
    urls(arguments.get("url", ""))
    if "date" in arguments:
        days(arguments["date"])


def urls(words: str) -> list[str]:
    """Return the URLs of an argument, separated by blanks or commas.

    :raises ArgumentError: when one is no URL.
    """
    try:
        return [canonical_url(url) for url in re.split(r"[\s,]+(?=https?://)", words.strip()) if url]
    except UrlError as error:
        raise ArgumentError(f"url: {error}") from error


def days(word: str) -> list[date]:
    """Return the days of `YYYY-MM-DD` or `YYYY-MM-DD..YYYY-MM-DD`, both ends included.

    :raises ArgumentError: when it is neither, or ends before it begins.
    """
    first, dots, last = word.partition("..")
    try:
        begin, end = _day(first), _day(last if dots else first)
    except ValueError:
        raise ArgumentError(
            f"date={word} is neither a day written YYYY-MM-DD nor a range YYYY-MM-DD..YYYY-MM-DD"
        ) from None
    if end < begin:
        raise ArgumentError(f"date={word} ends before it begins")
    return between(begin, end)


def _day(word: str) -> date:
    if len(word) != len("YYYY-MM-DD"):  # ISO 8601 knows more ways to write a day
        raise ValueError(word)
    return date.fromisoformat(word)


def between(first: date, last: date) -> list[date]:
    """Return the days from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
