"""What changed between two states of an article, for people to read. Nothing here needs Scrapy."""
