"""Fetches a few pages for a look, without an archive: `python -m dzwcrawl.crawl.look FOLDER URL … [--explore]`.

Politely as a crawl: robots.txt, delays, private addresses and bounds are those of the project's settings. Into the
folder go the bodies, as sent, and `pages.jsonl`, one line a page: `url`, `role`, `status`, `headers`, `file`, `error`,
`of`. With `--explore`, the first URL is the front or section page of an outlet, and its robots.txt, sitemaps, feeds,
sections, their second pages and a few articles are fetched too: at most some thirty pages.
"""

import argparse
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from dzwcrawl.configuration import SettingError
from dzwcrawl.crawl.answers import headers_of, reason_of
from dzwcrawl.crawl.checks import check_contact, check_settings, check_words
from dzwcrawl.crawl.project import shipped_settings
from dzwcrawl.extract.lists import Lists, find_lists
from dzwcrawl.extract.outlet import Fetched, feed_links, sitemap_links
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.urls import UrlError, canonical_url, domain_of, host_of

_SAMPLES = 4
"""Articles."""
_COMMON_FEEDS = ("/rss.xml", "/feed/", "/rss")
_MOST_SITEMAPS = 3


class LookSpider(Spider):
    """Fetches given pages, or explores the outlet of the first."""

    name = "look"

    def __init__(self, folder: str, urls: list[str], explore: bool, sections: int) -> None:
        super().__init__()
        self._folder, self._urls = Path(folder), urls
        self._explore, self._sections = explore, sections
        self.allowed_domains = [domain_of(host_of(url)) for url in urls]
        self._asked: set[str] = set()
        self._samples = 0
        self._files = 0

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the given pages."""
        if self._explore:
            robots = urljoin(self._urls[0], "/robots.txt")
            yield self._request(robots, "robots", self.parse_robots, dont_obey_robotstxt=True)
            yield self._request(self._urls[0], "front", self.parse_front)
        else:
            for url in self._urls:
                yield self._request(url, "page", self.parse_other)

    def covers(self, url: str) -> bool:
        """Tell whether a URL is of the site of a given page."""
        return domain_of(host_of(url)) in self.allowed_domains

    def _request(self, url: str, role: str, callback: Any, of: str | None = None, **meta: Any) -> Request:
        self._asked.add(url)
        return Request(
            url,
            callback=callback,
            errback=self.failed,
            cb_kwargs={"role": role, "of": of},
            dont_filter=True,
            meta={"handle_httpstatus_all": True} | meta,
        )

    def _ask(self, urls: list[str], role: str, callback: Any, of: str) -> Iterator[Request]:
        """Ask for pages of the outlet that were not asked for yet."""
        for url in urls:
            if url not in self._asked and self.covers(url):
                yield self._request(url, role, callback, of)

    def parse_robots(self, response: Response, role: str, of: str | None) -> Iterator[Request]:
        """Keep a robots.txt and ask for the sitemaps it names, else for the usual one."""
        self._keep(response, role, of)
        named = sitemap_links(response.body) if response.status == 200 else []
        usual = [urljoin(self._urls[0], "/sitemap.xml")]
        yield from self._ask((named or usual)[:_MOST_SITEMAPS], "sitemap", self.parse_other, response.url)

    def parse_front(self, response: Response, role: str, of: str | None) -> Iterator[Request]:
        """Keep the page that was asked for; ask for its sections, feeds, articles and second page."""
        page = self._keep(response, role, of)
        lists = self._lists(page)
        if lists is None:
            return
        usual = [urljoin(page.url, path) for path in _COMMON_FEEDS]
        yield from self._ask(feed_links(page)[:3] or usual, "feed", self.parse_other, page.url)
        sections = [link.url for link in lists.sections][: self._sections]
        yield from self._ask(sections, "section", self.parse_section, page.url)
        yield from self._from_lists(page, lists, samples=2)

    def parse_section(self, response: Response, role: str, of: str | None) -> Iterator[Request]:
        """Keep a section; ask for one of its articles and its second page."""
        page = self._keep(response, role, of)
        lists = self._lists(page)
        if lists is not None:
            yield from self._from_lists(page, lists, samples=1)

    def parse_other(self, response: Response, role: str, of: str | None) -> None:
        """Keep a page."""
        self._keep(response, role, of)

    def _lists(self, page: Fetched) -> Lists | None:
        try:
            return find_lists(page.body, headers=page.headers, url=page.url) if page.body else None
        except ExtractionError:
            return None

    def _from_lists(self, page: Fetched, lists: Lists, samples: int) -> Iterator[Request]:
        if lists.next_page is not None:
            yield from self._ask([lists.next_page], "following", self.parse_other, page.url)
        articles = [link.url for link in lists.articles if link.url not in self._asked]
        taken = articles[: min(samples, _SAMPLES - self._samples)]
        self._samples += len(taken)
        yield from self._ask(taken, "article", self.parse_other, page.url)

    def failed(self, failure: Failure) -> None:
        """Keep why a page could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self._write(Fetched(request.url, error=reason_of(failure)[0], **request.cb_kwargs))

    def _keep(self, response: Response, role: str, of: str | None) -> Fetched:
        good = response.status == 200 and self.covers(response.url)
        error = None if response.status == 200 else f"HTTP {response.status}"
        page = Fetched(
            canonical_url(response.url),
            role,
            response.status,
            headers_of(response),
            response.body if good else b"",
            None if good else error or "it leads to another site",
            of,
        )
        self._write(page)
        return page

    def _write(self, page: Fetched) -> None:
        name = None
        if page.body:
            self._files += 1
            name = f"{self._files}.body"
            (self._folder / name).write_bytes(page.body)
        line = {
            "url": page.url, "role": page.role, "status": page.status, "headers": dict(page.headers),
            "file": name, "error": page.error, "of": page.of,
        }  # fmt: skip
        with (self._folder / "pages.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def _settings(given: list[str]) -> Settings:
    """Return the settings of the project, without what needs an archive, and with the given ones."""
    settings = Settings()
    settings.setmodule("dzwcrawl.settings")
    unused = {
        "EXTENSIONS": ("dzwcrawl.crawl.extensions.OpenArchive", "dzwcrawl.crawl.extensions.Progress"),
        "DOWNLOADER_MIDDLEWARES": ("dzwcrawl.crawl.conditional.ConditionalRequests",),
    }
    for name, parts in unused.items():
        settings.set(name, settings.getdict(name) | dict.fromkeys(parts), "cmdline")
    settings.setdict({"ITEM_PIPELINES": {}, "LOG_LEVEL": "WARNING"}, "cmdline")
    settings.setdict(dict(setting.split("=", 1) for setting in given), "cmdline")
    return settings


def main() -> None:
    """Fetch."""
    parser = argparse.ArgumentParser(prog="python -m dzwcrawl.crawl.look")
    parser.add_argument("folder")
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--explore", action="store_true")
    parser.add_argument("--sections", type=int, default=6)
    parser.add_argument("-s", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    try:
        check_words(options.settings, shipped_settings())
        urls = [canonical_url(url) for url in options.urls]
        settings = _settings(options.settings)
        check_settings(settings, os.environ)
        check_contact(settings, os.environ)
    except (SettingError, UrlError) as error:
        # Said by `dzwcrawl probe` and `record`, so without how this module is called.
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(2)
    process = AsyncCrawlerProcess(settings)
    process.crawl(LookSpider, options.folder, urls, options.explore, options.sections)
    process.start()


if __name__ == "__main__":
    main()
