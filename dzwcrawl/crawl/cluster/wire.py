"""Requests and messages as bytes.

Pickle, but with a list of what may be in it: whoever can write to Redis must not be able to run code here. That is
plain data, dataclasses of this project, and walks; the spider and its sources stay at home and are named.
"""

import builtins
import dataclasses
import io
import pickle
from collections import deque
from datetime import date
from importlib import import_module
from typing import Any

import zstandard
from scrapy import Request

from dzwcrawl.crawl.walks import Walk
from dzwcrawl.packed import MOST, unpacked

_PACKED_FROM = 400
"""Bytes from which compression is worth its time; a request of an article has about 200."""

_PLAIN = {("builtins", "set"): builtins.set, ("builtins", "frozenset"): builtins.frozenset}
_PLAIN |= {("collections", "deque"): deque, ("datetime", "date"): date}  # type: ignore[dict-item]

_AT_HOME = ("lease", "answer", "proxy", "_auth_proxy", "download_slot", "download_latency")
"""Of a request's meta, what belongs to one attempt on one machine; a proxy may have a password."""


class WireError(Exception):
    """Bytes that are not what is sent here; the message says why."""


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, spider: Any) -> None:
        super().__init__(file, protocol=5)
        self._named = {id(spider): "spider"} if spider is not None else {}
        self._named |= {id(source): number for number, source in enumerate(getattr(spider, "sources", ()))}  # type: ignore[misc]

    def persistent_id(self, obj: Any) -> Any:
        return self._named.get(id(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, spider: Any) -> None:
        super().__init__(file)
        self._spider = spider

    def persistent_load(self, pid: Any) -> Any:
        return self._spider if pid == "spider" else self._spider.sources[pid]

    def find_class(self, module_name: str, name: str) -> Any:
        if (module_name, name) in _PLAIN:
            return _PLAIN[module_name, name]
        if module_name.startswith("dzwcrawl.") and name.isidentifier():
            found = getattr(import_module(module_name), name, None)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, Walk)):
                return found
        raise WireError(f"{module_name}.{name} is nothing that is sent here")


def dumps(value: Any, spider: Any = None) -> bytes:
    """Return a value as bytes, compressed where that is worth it.

    :param spider: what stays at home, if the value may refer to it.
    :raises WireError: when it is larger than what :func:`loads` takes.
    """
    file = io.BytesIO()
    _Pickler(file, spider).dump(value)
    plain = file.getvalue()
    if len(plain) > MOST:
        raise WireError(f"a message of {len(plain)} bytes, {MOST} are the most")
    return b"z" + zstandard.compress(plain) if len(plain) >= _PACKED_FROM else b"p" + plain


def loads(data: bytes, spider: Any = None) -> Any:
    """Return what :func:`dumps` was given.

    :raises WireError: when there is anything in it that is not sent here, it is damaged, or it unpacks to more than
        :data:`dzwcrawl.packed.MOST`.
    """
    try:
        plain = unpacked(data[1:]) if data[:1] == b"z" else data[1:]
        return _Unpickler(io.BytesIO(plain), spider).load()
    except Exception as error:  # bytes of somebody else may raise anything
        raise WireError(f"{type(error).__name__}: {error}") from error


def dump_request(request: Request, spider: Any) -> bytes:
    """Return a request of a spider as bytes; its callbacks are methods of the spider or of a walk."""
    fields: dict[str, Any] = {"url": request.url}
    meta = {name: value for name, value in request.meta.items() if name not in _AT_HOME}
    headers = {name: value for name, value in request.headers.items() if name != b"Proxy-Authorization"}
    # One string where there are two that are the same: most requests are of articles asked for by their URL.
    kwargs = {k: request.url if v == request.url else v for k, v in request.cb_kwargs.items()}
    more = {"meta": meta, "headers": headers, "cb_kwargs": kwargs, "body": request.body}
    fields |= {name: value for name, value in more.items() if value}
    if request.priority:
        fields["priority"] = request.priority
    if request.method != "GET":
        fields["method"] = request.method
    for name in ("callback", "errback"):
        if (function := getattr(request, name)) is not None:
            function = getattr(function, "of", function)
            fields[name] = (function.__self__, function.__name__)
    return dumps(fields, spider)


def load_request(data: bytes, spider: Any) -> Request:
    """Return the request that :func:`dump_request` was given, for the spider as it is here."""
    fields: dict[str, Any] = loads(data, spider)
    for name in ("callback", "errback"):
        if name in fields:
            owner, method = fields[name]
            if method.startswith("__") or not (owner is spider or isinstance(owner, Walk)):
                raise WireError(f"{method} is no callback")
            fields[name] = getattr(owner, method)
    return Request(dont_filter=True, **fields)
