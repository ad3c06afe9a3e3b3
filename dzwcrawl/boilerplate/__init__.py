"""What is not the article: known phrases and what repeats on a site. Nothing here needs Scrapy."""
