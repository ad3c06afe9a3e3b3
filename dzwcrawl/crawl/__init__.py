"""The parts that know Scrapy: spider base, pipelines, extensions, commands."""
