"""Scrapy commands of the project; the file name is the command's name."""
