"""The settings of the Scrapy project one stands in, or of dzwcrawl itself elsewhere."""

from functools import lru_cache

from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings


def project_settings() -> Settings:
    """Return the settings that `scrapy crawl` would have here."""
    settings = get_project_settings()
    if not settings.getlist("SPIDER_MODULES"):
        settings.setmodule("dzwcrawl.settings", priority="project")
    return settings


@lru_cache(maxsize=1)
def shipped_settings() -> Settings:
    """Return the settings of dzwcrawl itself, whatever project one stands in; not to be changed."""
    settings = Settings()
    settings.setmodule("dzwcrawl.settings", priority="project")
    settings.freeze()
    return settings
