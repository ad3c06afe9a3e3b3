"""`scrapy crawl` with checked names and an exit code that tells how the crawl went (docs/exit-codes.md)."""

import argparse
import sys
from difflib import get_close_matches

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError
from scrapy.settings import Settings, default_settings

from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.exit_codes import ARCHIVE_FAILED, exit_code

OWN_SETTINGS = (
    "ARCHIVE_PATH", "ARCHIVE_DEMO", "ARCHIVE_RAW", "PRIVATE_ADDRESSES_ALLOWED", "LISTING_KNOWN_PAGES",
    "REVISIT_BUDGET",
)  # fmt: skip


class Command(ScrapyCrawl):
    """Runs a spider; unlike Scrapy's own, it does not exit with 0 when the crawl failed."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse settings (`-s`) that do not exist."""
        known = {name for name in dir(default_settings) if name.isupper()} | set(OWN_SETTINGS)
        known |= {"JOBDIR", "PROXY_URL", "HTTPPROXY_ENABLED"}
        for word in opts.set:
            name = word.partition("=")[0]
            if name not in known:
                near = get_close_matches(name, known, 1, 0.6)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise UsageError(f"there is no setting {name}{hint}", print_help=False)
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl with one spider."""
        if len(args) != 1:
            raise UsageError("name one spider; `scrapy list` shows them", print_help=False)
        process = self.crawler_process
        assert process is not None and isinstance(self.settings, Settings)
        self._check(args[0], opts.spargs)
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

    def _check(self, name: str, arguments: dict[str, str]) -> None:
        """Check the spider's name and arguments before anything starts."""
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
