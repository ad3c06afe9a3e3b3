"""The archive: one SQLite file. Nothing here needs Scrapy."""
