"""Settings of the Scrapy project; docs/settings.md tells what each of ours does."""

import os
from pathlib import Path

from dzwcrawl import __version__
from dzwcrawl.archive.location import default_path
from dzwcrawl.article import RECORD_FIELDS

BOT_NAME = "dzwcrawl"
SPIDER_MODULES = ["dzwcrawl.spiders"]
NEWSPIDER_MODULE = "dzwcrawl.spiders"
TEMPLATES_DIR = str(Path(__file__).parent / "templates")
COMMANDS_MODULE = "dzwcrawl.crawl.commands"

# Ours.
ARCHIVE_PATH = str(default_path())
ARCHIVE_DEMO = False
ARCHIVE_RAW = True
PRIVATE_ADDRESSES_ALLOWED = False
LISTING_KNOWN_PAGES = 1
REVISIT_BUDGET = 200
HOST_REQUEST_BUDGET = 0
LISTING_MAX_PAGES = 2000
NEW_URL_BUDGET = 100_000
CRAWL_WINDOW = ""

# Politeness: who asks and how to reach them, what robots.txt says, one request a second and host, fewer where the
# server is slow: it rests as long as it took to answer.
_contact = os.environ.get("DZWCRAWL_CONTACT", "").strip()
USER_AGENT = f"dzwcrawl/{__version__} (regional news archive{f'; {_contact}' if _contact else ''})"
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0
AUTOTHROTTLE_TARGET_CONCURRENCY = 0.5
COOKIES_ENABLED = False

# What a list names first is fetched first; Scrapy would begin with the last.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# Bounds: a news page is far below; a bigger or slower answer is an accident or an attack.
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
DOWNLOAD_TIMEOUT = 60
REDIRECT_MAX_TIMES = 5
DOWNLOAD_VERIFY_CERTIFICATES = True
CLOSESPIDER_TIMEOUT = 24 * 3600
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
# The pipelines are synchronous; Scrapy starts this many tasks for every response, a fifth of a crawl's CPU at 100.
CONCURRENT_ITEMS = 1
EXTENSIONS = {
    "dzwcrawl.crawl.extensions.OpenArchive": 0,
    "dzwcrawl.crawl.extensions.Progress": 0,
    "dzwcrawl.crawl.limits.CrawlWindow": 0,
    "dzwcrawl.crawl.limits.Ending": 0,
    "dzwcrawl.crawl.limits.Pace": 0,
    "scrapy.extensions.throttle.AutoThrottle": None,
}

# Off, because a scheduled job needs no server that runs code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORT_FIELDS = list(RECORD_FIELDS)
