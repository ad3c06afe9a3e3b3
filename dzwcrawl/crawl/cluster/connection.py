"""The connection to Redis: made so that whoever waits for it can go on with other things."""

import re
from typing import Any

from dzwcrawl.crawl.exit_codes import REDIS_UNREACHABLE

PIP = "pip install 'dzwcrawl[cluster]'"

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.exceptions import (
        AuthenticationError,
        BusyLoadingError,
        ConnectionError,
        MasterDownError,
        OutOfMemoryError,
        ReadOnlyError,
        RedisError,
        ResponseError,
        TimeoutError,
    )
    from redis.retry import Retry
except ImportError as error:
    raise ImportError(f"DZWCRAWL_REDIS_URL is set, and that needs {PIP}") from error


class NotNow(ResponseError):
    """Redis does not write at present, for a reason that passes: its disk is full, its replicas are away."""


AWAY = (
    ConnectionError,
    TimeoutError,
    BusyLoadingError,
    MasterDownError,
    NotNow,
    OutOfMemoryError,
    ReadOnlyError,
)
"""Errors that pass: Redis is not there, or not ready, or full."""

# What redis-py has no class for; Redis 6 tells what went wrong within a script only in the text.
_PASSES = re.compile(r"(?:^|-)(?:MISCONF|NOREPLICAS|BUSY|OOM|READONLY) ")

# No attempt waits for long, and none is repeated here: who calls does, and does other things in between.
PARAMETERS: dict[str, Any] = {
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "retry": Retry(NoBackoff(), 0),
    "retry_on_timeout": False,
}


class RedisUnreachable(Exception):
    """Redis does not answer, or not to us; the message says why, without a password."""

    exit_code = REDIS_UNREACHABLE


class _Client(redis.Redis):
    def parse_response(self, connection: Any, command_name: str, **options: Any) -> Any:
        try:
            return super().parse_response(connection, command_name, **options)  # type: ignore[no-untyped-call]
        except ResponseError as error:
            if not isinstance(error, AWAY) and _PASSES.search(str(error)):
                raise NotNow(str(error)) from error
            raise


def client(url: str) -> "redis.Redis":
    """Return a client of a server that may be away; whoever asks it waits for it.

    :raises ValueError: when the URL is none.
    """
    return _Client.from_url(url, **PARAMETERS)


def waits_for(error: Exception) -> str:
    """Return what whoever got one of :data:`AWAY` says that it waits for."""
    match error:
        case OutOfMemoryError():
            return "Redis is full (maxmemory): waiting for room"
        case NotNow() | ReadOnlyError() | AuthenticationError():
            return f"Redis writes nothing for us ({str(error).split('. ')[0]}): waiting until it does"
    return f"Redis is away ({type(error).__name__}): waiting for it"


def refused(error: RedisError) -> str:
    """Return what is said of an error that does not pass."""
    return f"Redis refuses what is asked of it: {error}; is it 6.2 or later, its database ours, and are we allowed all?"


def connect(url: str) -> "redis.Redis":
    """Return a client that has reached its server, which can be written to but for want of room.

    :raises RedisUnreachable: when it cannot, or the URL is none.
    """
    try:
        server = client(url)
        server.ping()
        server.delete("dzwcrawl:never")
    except ReadOnlyError:
        raise RedisUnreachable(
            "this Redis only reads, it is the replica of another: name that one in DZWCRAWL_REDIS_URL"
        ) from None
    except NotNow:
        pass  # workers and archiver wait, and say so
    except AuthenticationError as error:
        raise RedisUnreachable(
            f"Redis does not let us in: {error}; is the password in DZWCRAWL_REDIS_URL right?"
        ) from None
    except RedisError as error:
        raise RedisUnreachable(
            f"cannot reach Redis: {error}; is it running, and is DZWCRAWL_REDIS_URL right?"
        ) from None
    except ValueError:
        raise RedisUnreachable(
            "DZWCRAWL_REDIS_URL is no URL like redis://HOST:6379/0; a password stands as :PASSWORD@ before HOST"
        ) from None
    return server
