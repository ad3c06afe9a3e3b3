"""Settings of the Scrapy project: those of configuration.py, and how the project is wired (docs/settings.md)."""

import os
from pathlib import Path

from dzwcrawl import __version__, article
from dzwcrawl.archive.location import default_path
from dzwcrawl.configuration import defaults

globals().update(defaults(os.environ))

BOT_NAME = "dzwcrawl"
SPIDER_MODULES = ["dzwcrawl.spiders"]
NEWSPIDER_MODULE = "dzwcrawl.spiders"
TEMPLATES_DIR = str(Path(__file__).parent / "templates")
COMMANDS_MODULE = "dzwcrawl.crawl.commands"

ARCHIVE_PATH = str(default_path())
_contact = os.environ.get("DZWCRAWL_CONTACT", "").strip()
USER_AGENT = os.environ.get("DZWCRAWL_USER_AGENT", "").strip() or (
    f"dzwcrawl/{__version__} (regional news archive{f'; {_contact}' if _contact else ''})"
)

TWISTED_DNS_RESOLVER = "dzwcrawl.crawl.addresses.PublicResolver"
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "dzwcrawl.crawl.limits.BoundedDownloadHandler")

# A listing must be asked for as it is now, whatever caches lie between.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Cache-Control": "max-age=0",
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "dzwcrawl.crawl.conditional.ConditionalRequests": 540,
    "dzwcrawl.crawl.addresses.StayOnSite": 755,
    "dzwcrawl.crawl.addresses.PrivateAddressMiddleware": 760,
    "dzwcrawl.crawl.robots.RobotsTxt": 770,
    "dzwcrawl.crawl.limits.HostBudget": 780,
}
ITEM_PIPELINES = {
    "dzwcrawl.crawl.pipelines.CleanPipeline": 200,
    "dzwcrawl.crawl.pipelines.ArchivePipeline": 800,
}
EXTENSIONS = {
    "dzwcrawl.crawl.extensions.OpenArchive": 0,
    "dzwcrawl.crawl.progress.Progress": 0,
    "dzwcrawl.crawl.watch.Watch": 0,
    "dzwcrawl.crawl.limits.CrawlWindow": 0,
    "dzwcrawl.crawl.limits.Ending": 0,
    "dzwcrawl.crawl.limits.Pace": 0,
    "scrapy.extensions.throttle.AutoThrottle": None,
}

FEED_EXPORT_FIELDS = list(article.RECORD_FIELDS)
