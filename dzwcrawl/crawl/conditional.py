"""Conditional requests: pages that did not change are neither sent nor read again, as far as their host is believed."""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from dzwcrawl.archive import validators
from dzwcrawl.crawl.extensions import HasLedger
from dzwcrawl.crawl.ledger import Ledger

logger = logging.getLogger(__name__)

UNCHANGED = "unchanged"
"""The flag of a response whose page is as it was; its body may be empty."""

_HEADERS = ("If-None-Match", "If-Modified-Since")


class ConditionalRequests:
    """Asks for a page only if it changed, and says of an answer whether it did.

    For requests with `conditional` in their meta: True, or False for a page that is to be fetched and read in any
    case. The response's meta has `answer`, to be remembered (:func:`validators.remember`) when all that the page
    brought is stored. Sits where redirects and compression are already dealt with.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware.

        :raises NotConfigured: when the crawl has no archive.
        """
        has = crawler.get_extension(HasLedger)
        if has is None:
            raise NotConfigured("the extension OpenArchive is switched off")
        return cls(has.ledger)

    def process_request(self, request: Request) -> None:
        """Add the validators of the last answer, where they are worth something."""
        if "conditional" not in request.meta:
            return
        # A redirect takes the headers of the first request along: they are another page's.
        for name in _HEADERS:
            request.headers.pop(name, None)
        if request.meta["conditional"] and not request.meta.get("after_304"):
            last = self._ledger.last_answer(request)
            if last is not None and self._ledger.believed(request):
                request.headers.update(last.headers())

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Judge an answer."""
        if "conditional" not in request.meta or not (200 <= response.status < 300 or response.status == 304):
            return response
        last = self._ledger.last_answer(request)
        if response.status == 304:
            return self._not_modified(request, response, last)
        new = validators.answer(
            request.url, response.body, _header(response, "ETag"), _header(response, "Last-Modified")
        )
        after_304 = bool(request.meta.get("after_304"))
        verdict = self._ledger.judge_200(request, last, new, after_304=after_304)
        request.meta["answer"] = new
        if verdict == "unchanged" and request.meta["conditional"]:
            return response.replace(flags=[*response.flags, UNCHANGED])
        if verdict == "changed" and after_304:
            logger.warning(
                "%s said that nothing changed, and it had: not believed for a while", request.url,
                extra={"event": "validator_lied", "url": request.url},
            )  # fmt: skip
        return response

    def _not_modified(
        self, request: Request, response: Response, last: validators.Answer | None
    ) -> Response | Request:
        if last is None or not any(name in request.headers for name in _HEADERS):
            # Nobody asked whether it changed: an error of the server, which the spider is told as HTTP 304.
            self._ledger.caught_lying(request)
            return response
        verdict, kept = validators.judge_304(last, believed=self._ledger.believed(request))
        if verdict == "to check":
            return request.replace(meta=request.meta | {"after_304": True}, dont_filter=True)
        request.meta["answer"] = kept
        request.meta["handle_httpstatus_list"] = [304]
        return response.replace(flags=[*response.flags, UNCHANGED])


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")
