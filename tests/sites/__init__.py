"""Outlets that only tests know: `-s SPIDER_MODULES=tests.sites`."""
