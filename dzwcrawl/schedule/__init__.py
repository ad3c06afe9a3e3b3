"""When outlets are crawled by themselves, and what tells systemd, cron or a container so: texts, without Scrapy."""
