"""A deterministic stand-in of the dzwww.com family, for tests, the demo and benchmarks."""

from .model import Response
from .server import Running, running
from .world import World

__all__ = ["Response", "Running", "World", "running"]
