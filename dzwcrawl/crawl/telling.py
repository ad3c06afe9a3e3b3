"""People hear how the outlets are when a crawl, or a run of a cluster, is over."""

import logging
import sqlite3

from scrapy.settings import BaseSettings

from dzwcrawl import notify
from dzwcrawl.archive.archive import Archive, ArchiveError
from dzwcrawl.archive.facts import latest
from dzwcrawl.archive.telling import tell

logger = logging.getLogger(__name__)


def tell_people(settings: BaseSettings) -> None:
    """Tell the addresses there are what has changed, now that the crawl is over and nothing waits for it."""
    if not notify.addresses():
        return
    try:
        with Archive(settings["ARCHIVE_PATH"], demo=settings.getbool("ARCHIVE_DEMO")) as archive:
            tell(archive, list(latest(archive)), notify.send)
    except (notify.NotifyError, ArchiveError, sqlite3.Error) as error:
        logger.error("nobody was told: %s", error)
