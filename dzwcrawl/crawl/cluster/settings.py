"""What makes a spider a worker: the parts of a crawl that are others there."""

from typing import Any

from scrapy.settings import BaseSettings

from dzwcrawl.crawl.cluster.queue import PREFIX

_HERE = "dzwcrawl.crawl.cluster"


def worker_settings(settings: BaseSettings) -> dict[str, Any]:
    """Return the settings of a worker, to be laid over those of a crawl."""
    return {
        # scrapy-redis's
        "REDIS_URL": settings["REDIS_URL"],
        "SCHEDULER": f"{_HERE}.worker.WorkerScheduler",
        "SCHEDULER_DUPEFILTER_KEY": f"{PREFIX}:known",
        # Scrapy's
        "ITEM_PIPELINES": {},
        "SPIDER_MIDDLEWARES": {f"{_HERE}.worker.Outputs": 10},
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), f"{_HERE}.pace.PacedDownloadHandler"),
        "DOWNLOADER_MIDDLEWARES": _with(
            settings,
            "DOWNLOADER_MIDDLEWARES",
            {
                "dzwcrawl.crawl.robots.RobotsTxt": f"{_HERE}.pace.SharedRobotsTxt",
                "dzwcrawl.crawl.limits.HostBudget": f"{_HERE}.pace.SharedHostBudget",
            },
        ),
        "EXTENSIONS": _with(
            settings,
            "EXTENSIONS",
            {
                "dzwcrawl.crawl.extensions.OpenArchive": f"{_HERE}.worker.Worker",
                "dzwcrawl.crawl.watch.Watch": f"{_HERE}.watch.WorkerWatch",
            },
        ),
    }


def _with(settings: BaseSettings, name: str, others: dict[str, str]) -> dict[str, Any]:
    """Return the components of a setting, some of them replaced by others in the same place."""
    return {others.get(component, component): place for component, place in settings.getdict(name).items()}
