"""The connection to Redis: made so that whoever waits for it can go on with other things."""

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
        OutOfMemoryError,
        ReadOnlyError,
        RedisError,
        TimeoutError,
    )
    from redis.retry import Retry
except ImportError as error:
    raise ImportError(f"DZWCRAWL_REDIS_URL is set, and that needs {PIP}") from error

AWAY = (ConnectionError, TimeoutError, BusyLoadingError, OutOfMemoryError, ReadOnlyError)
"""Errors that pass: Redis is not there, or not ready, or full."""

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


def client(url: str) -> "redis.Redis":
    """Return a client of a server that may be away; whoever asks it waits for it.

    :raises ValueError: when the URL is none.
    """
    return redis.Redis.from_url(url, **PARAMETERS)


def connect(url: str) -> "redis.Redis":
    """Return a client that has reached its server.

    :raises RedisUnreachable: when it cannot, or the URL is none.
    """
    try:
        server = client(url)
        server.ping()
    except AuthenticationError as error:
        raise RedisUnreachable(
            f"Redis does not let us in: {error}; is the password in DZWCRAWL_REDIS_URL right?"
        ) from None
    except RedisError as error:
        raise RedisUnreachable(
            f"cannot reach Redis: {error}; is it running, and is DZWCRAWL_REDIS_URL right?"
        ) from None
    except ValueError:
        raise RedisUnreachable("DZWCRAWL_REDIS_URL is no URL like redis://[:PASSWORD@]HOST:PORT/0") from None
    return server
