"""URLs: one form for one page, what makes two URLs the same article, which addresses are private."""

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"^(utm_\w+|spm|from|isappinstalled|share\w*|scene|wxshare\w*|bd_source|fbclid|gclid|gclsrc|msclkid|yclid|"
    r"mc_[ce]id|igshid|_ga|ref_src|cmpid|ncid|isshared|nsukey)$",
    re.IGNORECASE,
)
# Of these names only the values that share buttons append are tracking; `?from=2020` may be a page's own.
_TRACKING_VALUES = {
    "from": re.compile(r"^(timeline|groupmessage|singlemessage|weibo|qq|qzone|weixin|wechat)$", re.I)
}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class UrlError(ValueError):
    """Not an absolute http or https URL."""


def _is_tracking(name: str, value: str) -> bool:
    values = _TRACKING_VALUES.get(name.lower())
    return bool(_TRACKING.match(name)) and (values is None or bool(values.match(value)))


def _requoted(part: str, safe: str) -> str:
    """Percent-encode what must be and nothing else, so that both spellings of a URL become one."""
    return quote(unquote(part, errors="surrogateescape"), safe=safe, errors="surrogateescape")


def canonical_url(url: str) -> str:
    """Return the one form of a URL: lower-case scheme and host, no default port, fragment or tracking parameter.

    The scheme is kept; :func:`url_key` ignores it.

    :raises UrlError: when the URL is not absolute http or https.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise UrlError(f"not a URL: {url!r} ({error})") from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        raise UrlError(f"not an absolute http or https URL: {url!r}")
    if ":" in host:
        host = f"[{host}]"
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    # A "%2F" or "%3F" inside a part means something else than the bare character: such parts stay as they are.
    path = (
        parts.path
        if re.search(r"%(2f|3f|23|25)", parts.path, re.I)
        else _requoted(parts.path, "/:@!$&'()*+,;=~-._")
    )
    query = parts.query
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [(name, value) for name, value in pairs if not _is_tracking(name, value)]
    if len(kept) != len(pairs):
        query = urlencode(kept, errors="surrogateescape")
    return urlunsplit((scheme, host, path or "/", query, ""))


def url_key(url: str, identity: str | None = None, site: str | None = None) -> str:
    """Return what two URLs of the same article have in common.

    `identity` is a regular expression of the site searched in the URL: its groups, joined, name an article
    wherever on the site it stands (`t20200608_6053728`). Without a match the key is the canonical URL without
    scheme, `www.` and a trailing slash.
    """
    url = canonical_url(url)
    if identity is not None and (match := re.search(identity, url)):
        return f"{site}:{'_'.join(group for group in match.groups() if group)}"
    return url.split("://", 1)[1].removeprefix("www.").rstrip("/")


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, or "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@lru_cache(maxsize=1)
def _suffixes() -> Callable[[str], Any]:
    # Imported only here: it brings an HTTP client, which opens a socket when it is imported.
    from tldextract import TLDExtract  # noqa: PLC0415

    # The list of suffixes comes with the package: nothing is fetched for it, nothing kept on disk.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def domain_of(host: str) -> str:
    """Return what the hosts of one outlet share: the registered domain (`people.com.cn` of `sd.people.com.cn`).

    Of an address it is the address, of a host under no public suffix its last two labels.
    """
    found = _suffixes()(host)
    if found.ipv4 or found.ipv6:
        return host
    return str(found.top_domain_under_public_suffix) or ".".join(host.split(".")[-2:])


def channel_of(url: str) -> str:
    """Return the part of a site a page belongs to: its host and the first directories without digits, two at most
    (`www.dzwww.com/xinwen/guoneixinwen`).
    """
    directories = urlsplit(url).path.split("/")[1:-1]
    named = takewhile(lambda name: not any(map(str.isdigit, name)), directories)
    return "/".join([host_of(url), *islice(named, 2)])


def is_front_page(url: str) -> bool:
    """Tell whether a URL names the front page of its host; one that cannot be read names none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and re.fullmatch(r"/?((index|default)\.\w{3,5})?", parts.path) is not None


def is_private_address(address: str) -> bool:
    """Tell whether an IP address is not a public one (loopback, private, link-local, reserved, multicast …).

    Of an IPv6 address that stands for an IPv4 one (mapped, 6to4, NAT64) that one is judged.
    """
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inner or ip
    return not ip.is_global or ip.is_multicast
