"""The walk of a sitemap: its articles, and the further sitemaps it names, as far as they have changed."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from dzwcrawl.crawl.answers import headers_of
from dzwcrawl.crawl.walks import Walk, Walker
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import SitemapRules
from dzwcrawl.extract.sitemaps import Child, Sitemap, read_sitemap
from dzwcrawl.urls import canonical_url

_DEPTH = 3
"""Sitemaps that name sitemaps: robots.txt, an index, and indexes of years and months below it."""


class SitemapWalk(Walk):
    """A sitemap, an index or a robots.txt being walked, the sitemaps changed last first.

    `-a pages=N` reads at most so many of the sitemaps it names. With `since` a sitemap is not read to its end, so that
    it does not count as read.
    """

    def __init__(self, spider: Walker, rules: SitemapRules) -> None:
        super().__init__(spider, rules.url)
        self.rules = rules
        self.met = {rules.url}

    def parse(self, response: Response, depth: int = 0, asked: str | None = None) -> Iterator[Request]:
        """Note the articles of a sitemap and ask for the sitemaps it names.

        :param asked: the URL of a sitemap that another one names.
        """
        if response.status in (404, 410):
            self._note(asked or self.start, new=0, gone=True)
            return
        self.spider.count("listing_pages")
        if self.unchanged(response):
            self._note(asked or self.start, new=0)
            return
        try:
            sitemap = read_sitemap(
                response.body,
                headers=headers_of(response),
                url=canonical_url(response.url),
                rules=self.rules,
            )
        except ExtractionError as error:
            self.broken(response.url, str(error))
            return
        self.spider.count("listing_rows_broken", sitemap.broken_rows)
        _, new, requests = self.found(sitemap.links, response.url)
        yield from requests
        if self.reached("NEW_URL_BUDGET", self.spider.new_urls):
            return
        if sitemap.children:
            yield from self._children(sitemap, depth)
        elif self.spider.since is None and not self.cut:
            self.remember(response)
            self._note(asked or self.start, new=new)
        if asked is None:
            self.end()

    def _children(self, sitemap: Sitemap, depth: int) -> Iterator[Request]:
        if depth >= _DEPTH:
            self.broken(self.start, f"sitemaps that name sitemaps, more than {_DEPTH} deep")
            return
        for child in sorted(sitemap.children, key=lambda child: child.modified or "9", reverse=True):
            if child.url in self.met or self._skipped(child):
                continue
            if self.spider.max_pages is not None and self.pages >= self.spider.max_pages:
                return
            if self.reached("LISTING_MAX_PAGES", self.pages):
                return
            self.met.add(child.url)
            self.pages += 1
            known = not self.spider.full and self.spider.ledger.walked(child.url)
            yield self.request(child.url, probe=True, conditional=known, depth=depth + 1, asked=child.url)

    def _skipped(self, child: Child) -> bool:
        """Tell whether a sitemap has nothing that is wanted: all in it is older, or it was read as it is."""
        since = self.spider.since
        if since and child.modified and child.modified[:10] < since:
            return True
        due = self.spider.full or self.spider.ledger.sitemap_is_due(child.url, child.modified)
        self.spider.count("sitemaps_skipped", int(not due))
        return not due

    def _note(self, sitemap: str, *, new: int, gone: bool = False) -> None:
        if self.spider.ledger.sitemap_read(self.spider.name, sitemap, new=new, gone=gone):
            self.spider.count("sitemaps_retired")
            why = "it is gone" if gone else "nothing new for a month"
            self.spider.logger.info(
                "sitemap %s: %s; it is asked for once a month from now on", sitemap, why,
                extra={"event": "sitemap_retired", "url": sitemap, "reason": why},
            )  # fmt: skip
