"""Archives the articles in WARC files made elsewhere; `dzwcrawl import` is its other name."""

import shlex
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from dzwcrawl.archive import pages, tombstones
from dzwcrawl.article import Article, RawPage
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.assembly import Assembly
from dzwcrawl.crawl.captured import read_first_page, read_page
from dzwcrawl.crawl.captures import WarcError, captures
from dzwcrawl.crawl.outlets import known_outlets, outlet_of
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract import ExtractionError, NotAnArticle
from dzwcrawl.text import counted


class WarcSpider(NewsSpider):
    """Reads the pages of `-a path="FILE …"` instead of fetching any.

    An outlet this project knows is read by its rules and stored as its `site`, and only where the URL is one of an
    article by its rules; of any other the general extractor finds everything and `site` is the host. What gives
    no article is counted by reason and not noted in the ledger: no crawl has asked for it.
    """

    name = "warc"
    arguments = ("path",)
    alone = False
    fetches = False
    custom_settings = {"CLOSESPIDER_TIMEOUT": 0}

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **arguments)
        self.paths = _paths(arguments["path"])
        self.outlets: list[type[NewsSpider]] = []
        self.skipped: Counter[str] = Counter()
        self._assembly = Assembly(self._begin, self._read)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and tell it which outlets the project knows."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.outlets = known_outlets(crawler.settings)
        return spider

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        """Check that there are files.

        :raises ArgumentError: when none is named, or one is not there.
        """
        super().check_arguments(arguments)
        if not arguments.get("path"):
            raise ArgumentError("say which WARC files: -a path=FILE (several: separated by blanks)")
        for path in _paths(arguments["path"]):
            if not path.is_file():
                raise ArgumentError(f"path: there is no file {path}")

    def outlet_of(self, url: str) -> tuple[str, type[NewsSpider]]:
        """Return the outlet that covers a URL, or the host and this class, which has no rules."""
        return outlet_of(url, self.outlets, type(self))

    async def start(self) -> AsyncIterator[Article]:
        """Yield the articles of all files; the pipelines do the rest, as for a page that was fetched."""
        for path in self.paths:
            try:
                demo = self.archive.is_demo()
                for capture in captures(path, skip=self.skip, kept_body=self._kept_body, demo=demo):
                    for article in self._take(capture):
                        yield article
            except WarcError as error:
                self.count("warc_files_broken")
                self.logger.error(
                    "%s; what was read of it before is archived", error, extra={"event": "warc_file_broken"}
                )
        for article in self._assembly.rest():
            yield article
        for reason, number in self.skipped.most_common():
            self.logger.info(
                "%s passed over: %s",
                counted(number, "record"),
                reason,
                extra={"event": "warc_skipped", "reason": reason},
            )

    def _kept_body(self, digest: bytes) -> bytes | None:
        return pages.body_of(self.archive, digest)

    def _take(self, capture: RawPage | dict[str, Any]) -> Iterator[Article]:
        if isinstance(capture, RawPage):
            self.count("captures")
            yield from self._assembly.take(capture)
        else:
            yield from self._assembly.last_seen(str(capture.get("url")), str(capture.get("last_seen")))

    def _begin(self, page: RawPage) -> Article | None:
        """Return the article that begins on a page, or refuse the page."""
        if tombstones.buried(self.archive, tombstones.keys_of([page.url], self.key_of(page.url))) is not None:
            self.refuse(page.url, "forgotten")
            return None
        try:
            return read_first_page(page, self.outlets)
        except NotAnArticle as error:
            self.refuse(page.url, str(error))
        except ExtractionError as error:
            self.count("rules_missed")
            self.logger.warning(
                "no article %s: %s", page.url, error,
                extra={"event": "rule_missed", "url": page.url, "reason": str(error)},
            )  # fmt: skip
            self.refuse(page.url, "a rule of its site matches nothing")
        return None

    def _read(self, page: RawPage) -> Article:
        return read_page(page, self.outlets)

    def refuse(self, url: str, reason: str, status: int | None = None, **how: bool) -> None:
        """Count a page that gives no article."""
        self.count("refused")
        self.skip(reason)
        self.logger.debug(
            "no article %s: %s", url, reason, extra={"event": "refused", "url": url, "reason": reason}
        )

    def skip(self, reason: str) -> None:
        """Count a record that is passed over."""
        self.skipped[reason] += 1
        self.count(f"warc_skipped/{reason}")


def _paths(words: str) -> list[Path]:
    try:
        return [Path(word) for word in shlex.split(words)]
    except ValueError as error:
        raise ArgumentError(f"path: {error}") from error
