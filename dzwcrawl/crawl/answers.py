"""What a response or a failure says, in the words of this project."""

import re

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

_LONGEST_KIND = 80


def headers_of(response: Response) -> dict[str, str]:
    """Return the headers of a response as text."""
    return {k.decode("latin-1"): v[-1].decode("latin-1") for k, v in response.headers.items() if v}


def reason_of(failure: Failure) -> tuple[str, int | None]:
    """Return why a request failed, in words, and the HTTP status if there was one."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}", error.response.status
    if isinstance(error, IgnoreRequest):
        return str(error) or "not allowed", None
    return f"{type(error).__name__}: {error}".strip(": "), None


def kind_of(reason: str) -> str:
    """Return a reason without what is different from page to page, to count by."""
    return re.sub(r"\S*://\S+", "…", reason)[:_LONGEST_KIND]
