"""Where a crawl may go: not into the network it is crawled from, and not to other sites than its own.

Private and loopback addresses are refused twice, with one look-up: the middleware says why, and the resolver, which
every connection asks, never returns one. So a name that turns private after it was looked at leads nowhere.
"""

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from dzwcrawl.urls import host_of, is_private_address


class PrivateAddressError(DNSLookupError):
    """A name that leads to a private address."""


def is_live(settings: BaseSettings) -> bool:
    """Tell whether a crawl can reach the servers of others.

    It cannot where private addresses are allowed (a server of one's own), in a demo, and through a proxy on this machine.
    """
    if settings.getbool("PRIVATE_ADDRESSES_ALLOWED") or settings.getbool("ARCHIVE_DEMO"):
        return False
    proxies = getproxies() if settings.getbool("HTTPPROXY_ENABLED") else {}
    hosts = [urlsplit(proxies.get(scheme, "")).hostname or "" for scheme in ("http", "https")]
    return not all(host == "localhost" or (_is_address(host) and _is_loopback(host)) for host in hosts)


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(_address(host)).is_loopback


def _address(host: str) -> str:
    """Return the IP address a host is, in any notation that a resolver understands (127.1, 0x7f000001), or ""."""
    try:
        return str(ipaddress.ip_address(host.split("%", 1)[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return ""


def _is_address(host: str) -> bool:
    return bool(_address(host))


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, unless PRIVATE_ADDRESSES_ALLOWED; a proxy may be anywhere."""

    _allowed = False
    _proxies: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Make the resolver."""
        resolver = super().from_crawler(crawler, reactor)
        resolver._allowed = crawler.settings.getbool("PRIVATE_ADDRESSES_ALLOWED")
        resolver._proxies = frozenset(urlsplit(proxy).hostname or "" for proxy in getproxies().values())
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802
        """Resolve a name; the Deferred fails with :class:`PrivateAddressError` where that leads to a private address."""
        found = super().getHostByName(name, timeout)
        if self._allowed or name in self._proxies:
            return found
        return found.addCallback(self._public, name)

    @staticmethod
    def _public(address: str, name: str) -> str:
        if is_private_address(address):
            raise PrivateAddressError(f"{name} has the private address {address}")
        return address


class PrivateAddressMiddleware:
    """Refuses requests to private addresses, unless PRIVATE_ADDRESSES_ALLOWED.

    A request that goes through a configured proxy is resolved by the proxy; only its host, if it is an address
    itself, is looked at.
    """

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
        if await self._is_private(host, by_proxy="proxy" in request.meta):
            raise IgnoreRequest(
                f"{host} is a private address: set PRIVATE_ADDRESSES_ALLOWED=1 if this is meant"
            )

    async def _is_private(self, host: str, *, by_proxy: bool) -> bool:
        if _is_address(host):
            return is_private_address(_address(host))
        if by_proxy:
            return host == "localhost" or host.endswith(".localhost")
        from twisted.internet import reactor  # noqa: PLC0415 (importing it installs it)

        try:
            await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type]
        except PrivateAddressError:
            return True
        except OSError:
            return False  # the download itself will say that the name is unknown
        return False


class StayOnSite:
    """Refuses redirects, and further parts of an article, that lead to another outlet: they are not this site's."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse a request that leaves the domains of the spider, if it has any."""
        spider = self._crawler.spider
        led = request.meta.get("redirect_urls") or request.meta.get("part")
        if not led or request.meta.get("robots_txt") or not getattr(spider, "allowed_domains", None):
            return
        if not spider.covers(request.url):  # type: ignore[union-attr]
            raise IgnoreRequest(f"leads to another site: {request.url}")
