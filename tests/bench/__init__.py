"""Benchmarks: `make bench`. Nothing here is timed in tests."""
