"""The reading room: the archive in a browser, through Datasette. Nothing here needs Scrapy; it needs the extra `web`."""
