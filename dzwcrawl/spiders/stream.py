"""Archives what the workers of a cluster send; `dzwcrawl archive` is its other name."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from typing import Any

from scrapy import Request, Spider
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.exit_codes import REDIS_REFUSED_REASON, RUN_REFUSED_REASON
from dzwcrawl.crawl.project import project_settings
from dzwcrawl.text import nearest


class StreamSpider(Spider):
    """Asks for nothing itself: reads the stream of DZWCRAWL_REDIS_URL, for each run as its own spider would crawl.

    With `-a once=1` it ends when there was a run and none is left.
    """

    name = "stream"
    arguments = ("once",)
    fetches = False
    custom_settings = {
        "CLOSESPIDER_TIMEOUT": 0,
        "EXTENSIONS": {},
        "ITEM_PIPELINES": {},
        "DOWNLOADER_MIDDLEWARES": {},
    }

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name)
        self.once = arguments.get("once") == "1"

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        """Check spider arguments.

        :raises ArgumentError: naming what is wrong.
        """
        for name in arguments:
            if name not in cls.arguments:
                raise ArgumentError(
                    f"spider {cls.name!r} has no argument {name!r}; {nearest(name, cls.arguments)}"
                )
        if arguments.get("once", "0") not in ("0", "1"):
            raise ArgumentError(f"once={arguments['once']} is neither 1 (end with the last run) nor 0")

    async def start(self) -> AsyncIterator[Any]:
        """Archive; nothing is fetched."""
        # Only here, because all other spiders work without the extra.
        from redis.exceptions import RedisError  # noqa: PLC0415

        from dzwcrawl.crawl.cluster.archiver import Archiver, NotMine  # noqa: PLC0415
        from dzwcrawl.crawl.cluster.connection import refused  # noqa: PLC0415

        try:
            await Archiver(_settings_of_crawls(self.settings), once=self.once).work()
        except sqlite3.OperationalError as error:
            self.crawler.stats.set_value("dzwcrawl/archive_failed", 1)
            self.logger.error("cannot write the archive: %s; what is not written stays in the stream", error)
        except NotMine as error:
            self._end(
                RUN_REFUSED_REASON, f"{error}; what is not written stays in the stream (docs/cluster.md)"
            )
        except RedisError as error:
            self._end(REDIS_REFUSED_REASON, refused(error))
        for url in self.start_urls:
            yield Request(url)

    def _end(self, reason: str, why: str) -> None:
        self.logger.error("%s", why)
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))


def _settings_of_crawls(mine: Any) -> Settings:
    """Return the project's settings and those of the command line, without those of this spider."""
    settings = project_settings()
    for name, given in mine.attributes.items():
        if given.priority >= SETTINGS_PRIORITIES["cmdline"]:
            settings.set(name, given.value, given.priority)
    return settings
