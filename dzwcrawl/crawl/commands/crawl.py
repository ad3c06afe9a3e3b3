"""`scrapy crawl` with checked names and an exit code that tells how the crawl went (docs/exit-codes.md)."""

import argparse
import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError
from scrapy.settings import Settings, default_settings

from dzwcrawl.archive.archive import Archive, ArchiveError, now
from dzwcrawl.crawl.addresses import is_live
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.exit_codes import ARCHIVE_FAILED, OUTSIDE_WINDOW, exit_code
from dzwcrawl.crawl.limits import parse_window

OWN_SETTINGS = (
    "ARCHIVE_PATH", "ARCHIVE_DEMO", "ARCHIVE_RAW", "PRIVATE_ADDRESSES_ALLOWED", "LISTING_KNOWN_PAGES",
    "REVISIT_BUDGET", "HOST_REQUEST_BUDGET", "LISTING_MAX_PAGES", "NEW_URL_BUDGET", "CRAWL_WINDOW",
)  # fmt: skip
_NUMBERS = (
    "LISTING_KNOWN_PAGES", "REVISIT_BUDGET", "HOST_REQUEST_BUDGET", "LISTING_MAX_PAGES", "NEW_URL_BUDGET",
)  # fmt: skip
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|https?://[\w-]+(\.[\w-]+)+")


def check_contact(settings: Settings) -> None:
    """Refuse to fetch from the servers of others without saying who does.

    :raises UsageError: saying how a contact is given.
    """
    if is_live(settings) and not _CONTACT.search(settings["USER_AGENT"] or ""):
        raise UsageError(
            "say who crawls, so that an outlet can reach you: export DZWCRAWL_CONTACT=you@example.org (or the "
            "URL of a page about your archive); a USER_AGENT of your own must have one in it",
            print_help=False,
        )


def check_settings(given: Iterable[str]) -> None:
    """Check the names of settings given as NAME=VALUE.

    :raises UsageError: naming the nearest right one.
    """
    known = {name for name in dir(default_settings) if name.isupper()} | set(OWN_SETTINGS)
    known |= {"JOBDIR", "PROXY_URL", "HTTPPROXY_ENABLED"}
    for word in given:
        name, equals, _ = word.partition("=")
        if not equals:
            raise UsageError(f"settings are given as NAME=VALUE, not {word!r}", print_help=False)
        if name not in known:
            near = get_close_matches(name, known, 1, 0.6)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"there is no setting {name}{hint}", print_help=False)


class Command(ScrapyCrawl):
    """Runs a spider; unlike Scrapy's own, it does not exit with 0 when the crawl failed."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse settings (`-s`) that do not exist."""
        check_settings(opts.set)
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl with one spider."""
        if len(args) != 1:
            raise UsageError("name one spider; `scrapy list` shows them", print_help=False)
        process = self.crawler_process
        assert process is not None and isinstance(self.settings, Settings)
        spider = self._check(args[0], opts.spargs)
        self._check_numbers(self.settings)
        if getattr(spider, "fetches", True) and not self._may_fetch(self.settings):
            self.exitcode = OUTSIDE_WINDOW
            return
        try:
            Archive(
                self.settings["ARCHIVE_PATH"], create=True, demo=self.settings.getbool("ARCHIVE_DEMO")
            ).close()
        except ArchiveError as error:
            print(f"crawl: error: {error}", file=sys.stderr)
            self.exitcode = ARCHIVE_FAILED
            return
        crawler = self._create_crawler(args[0])
        process.crawl(crawler, **opts.spargs)
        process.start()
        if process.bootstrap_failed:
            self.exitcode = 1
            return
        stats = crawler.stats.get_stats()
        self.exitcode = exit_code(stats, stats.get("finish_reason", ""))

    @staticmethod
    def _check_numbers(settings: Settings) -> None:
        """Refuse settings of ours that are no numbers."""
        for name in _NUMBERS:
            if not re.fullmatch(r"\d+", str(settings[name])):
                raise UsageError(f"{name}={settings[name]} is not a number from 0", print_help=False)

    @staticmethod
    def _may_fetch(settings: Settings) -> bool:
        """Refuse a live crawl without a contact; tell whether the window is open."""
        check_contact(settings)
        if not settings["CRAWL_WINDOW"]:
            return True
        try:
            window = parse_window(settings["CRAWL_WINDOW"])
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        if window.left(now()) is not None:
            return True
        print(f"crawl: not now: it is outside CRAWL_WINDOW={settings['CRAWL_WINDOW']}", file=sys.stderr)
        return False

    def _check(self, name: str, arguments: dict[str, str]) -> type[Spider]:
        """Return the spider, its name and arguments checked before anything starts."""
        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        try:
            spider = loader.load(name)
        except KeyError:
            near = get_close_matches(name, loader.list(), 1, 0.4)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(
                f"there is no spider {name!r}{hint} (`scrapy list` shows them)", print_help=False
            ) from None
        check = getattr(spider, "check_arguments", None)
        if check is not None:
            try:
                check(arguments)
            except ArgumentError as error:
                raise UsageError(str(error), print_help=False) from None
        return spider
