"""Private and loopback addresses are refused: a crawled link must not reach into the network it is crawled from."""

import asyncio
import ipaddress
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured

from dzwcrawl.urls import host_of, is_private_address


class PrivateAddressMiddleware:
    """Refuses requests to private addresses, unless PRIVATE_ADDRESSES_ALLOWED.

    A request that goes through a configured proxy is resolved by the proxy; only its host, if it is an address
    itself, is looked at.
    """

    def __init__(self) -> None:
        self._private: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware.

        :raises NotConfigured: when private addresses are allowed.
        """
        if crawler.settings.getbool("PRIVATE_ADDRESSES_ALLOWED"):
            raise NotConfigured("PRIVATE_ADDRESSES_ALLOWED is on")
        return cls()

    async def process_request(self, request: Request) -> None:
        """Refuse a request to a private address."""
        host = host_of(request.url)
        if host not in self._private:
            self._private[host] = await self._is_private(host, by_proxy="proxy" in request.meta)
        if self._private[host]:
            raise IgnoreRequest(
                f"{host} is a private address: set PRIVATE_ADDRESSES_ALLOWED=1 if this is meant"
            )

    async def _is_private(self, host: str, *, by_proxy: bool) -> bool:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            if by_proxy:
                return host == "localhost" or host.endswith(".localhost")
        else:
            return is_private_address(host)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None)
        except OSError:
            return False  # the download itself will say that the name is unknown
        return any(is_private_address(str(address[4][0])) for address in found)
