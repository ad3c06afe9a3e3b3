"""robots.txt, obeyed by every request that waits for it."""

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's own, but for one thing.

    Scrapy 2.19 tells what a robots.txt says only to the first of several requests that wait for it; the others are
    told nothing and go through.
    """

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the parsed robots.txt of a request's host, or None where there is none to be had."""
        await super().robot_parser(request)
        parser = self._parsers[urlparse_cached(request).netloc]
        assert not isinstance(parser, Deferred), "who waited has been called back after it was set"
        return parser
