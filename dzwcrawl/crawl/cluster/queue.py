"""What the workers of a run share in Redis: its queue, what is known, who has what in flight, when a host may be asked.

Built on scrapy-redis, whose queues lose what a worker had popped when it is killed, and whose duplicate filter marks a
request as seen before it is queued, so that it may be lost between the two. Here a request is leased, and all it
brings is queued and told in the step that ends the lease (`lua/commit.lua`); a worker that is silent loses its leases.
Each host has a queue, and only those of hosts that may be asked now are handed out.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from scrapy import Request
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import Base

from dzwcrawl.archive import tombstones
from dzwcrawl.crawl.cluster import wire
from dzwcrawl.urls import host_of

STREAM = "dzwcrawl:stream"
RUNS = "dzwcrawl:runs"
PREFIX = "dzwcrawl:%(spider)s"
SILENCE_MS = 15_000
"""A worker that was not heard of for so long has its requests taken away."""
DEATHS = 5
"""A request with which so many workers were killed is given up, not the sixth worker."""

_LUA = Path(__file__).parent / "lua"
_SCRIPTS = ("join", "take", "commit", "push", "planned", "give_back", "beat", "turn", "remove")
_AT_ONCE = 500
"""Requests queued in one step while a run is planned: Redis does nothing else in the meantime."""


def digest(key: str) -> bytes:
    """Return what stands for the key of an article among those known: 16 bytes, never the same for two."""
    return hashlib.blake2b(key.encode(), digest_size=16).digest()


class KnownArticles(RFPDupeFilter):  # type: ignore[misc] # scrapy-redis has no types
    """The duplicate filter: an article is the same whatever its URL."""

    spider: Any

    @classmethod
    def from_spider(cls, spider: Any) -> "KnownArticles":
        """Make the filter of a spider."""
        made: KnownArticles = super().from_spider(spider)
        made.spider = spider
        return made

    def request_fingerprint(self, request: Request) -> bytes:
        """Return what stands for an article; b"" for a page of a list or a part, which are never filtered."""
        return fingerprint(request, self.spider)


def fingerprint(request: Request, spider: Any) -> bytes:
    """Return what stands for the article of a request, or b"" where it asks for something else."""
    return digest(spider.key_of(request.url)) if request.callback == spider.parse_article else b""


@dataclass(frozen=True, slots=True)
class Taken:
    """A request handed out: its lease, its host and the pause the host was last given, in seconds."""

    token: str
    request: Request
    host: str
    delay: float | None


class SharedQueue(Base):  # type: ignore[misc] # scrapy-redis has no types
    """The run of a spider in Redis, seen by a worker or by the archiver.

    Every method may raise one of :data:`connection.AWAY`; all but :meth:`take` may then simply be called again.
    """

    def __init__(self, server: Any, spider: Any, key: str = PREFIX, serializer: Any = None) -> None:
        super().__init__(server, spider, key, serializer or wire)
        self.run = ""
        self._any_buried: bool | None = None
        self.worker = uuid4().hex
        common = (_LUA / "common.lua").read_text(encoding="utf-8")
        self._scripts = {
            name: server.register_script(common + (_LUA / f"{name}.lua").read_text(encoding="utf-8"))
            for name in _SCRIPTS
        }

    def _call(self, script: str, *arguments: Any) -> Any:
        return self._scripts[script](keys=[self.key], args=arguments)

    def _encode_request(self, request: Request) -> bytes:
        return wire.dump_request(request, self.spider)

    def _decode_request(self, encoded_request: bytes) -> Request:
        return wire.load_request(encoded_request, self.spider)

    def parcel(self, request: Request, *, again: bool = False) -> tuple[str, int, bytes, bytes]:
        """Return a request as it is queued: host, priority, what stands for its article, bytes.

        :param again: it takes the place of one that was handed out (a redirect, another try).
        """
        article = b"" if again else fingerprint(request, self.spider)
        return host_of(request.url), request.priority, article, self._encode_request(request)

    # A worker's

    def join(self, crawls_with: str) -> tuple[str, str]:
        """Begin a run or join the one there is; return its id ("": not yet) and what it crawls with."""
        found, with_ = self._call("join", uuid4().hex, crawls_with, STREAM)
        return found.decode(), with_.decode()

    def take(self, concurrency: int, longest: int) -> Taken | tuple[str, Any]:
        """Return the next request, or why there is none.

        That is `wait` and for how many ms, `full` (the stream has `longest` messages), `asked` (not planned yet),
        `failed` and why, `over`, or `lost`, where Redis knows nothing of the run any more.
        """
        token = uuid4().hex
        what, *rest = self._call("take", self.run, self.worker, token, concurrency, STREAM, longest)
        if what != b"request":
            return what.decode(), rest[0] if rest else None
        data, host, delay = rest
        return Taken(token, self._decode_request(data), host.decode(), int(delay) / 1000 if delay else None)

    def commit(
        self,
        token: str,
        pause: tuple[float, float, int] | None,
        message: bytes,
        parcels: Iterable[tuple[str, int, bytes, bytes]],
    ) -> bool:
        """End a lease with all the request brought; False where the lease is lost, and nothing happens.

        :param pause: seconds between two requests to its host, the shortest they may turn out by chance, and how many
            may be in flight there.
        """
        delay: tuple[Any, ...] = ("", "", "")
        if pause is not None:
            delay = (round(pause[0] * 1000), round(pause[1] * 1000), pause[2])
        flat = [field for parcel in parcels for field in parcel]
        return bool(self._call("commit", self.run, self.worker, token, *delay, STREAM, message, *flat))

    def give_back(self, *tokens: str) -> None:
        """Put requests back unanswered."""
        if tokens:
            self._call("give_back", self.worker, *tokens)

    def leave(self) -> None:
        """Put all back and be no worker any more."""
        self._call("give_back", self.worker)

    def beat(self) -> tuple[set[str], list[Request]]:
        """Be alive; return the tokens of one's leases, and requests given up because workers died of them."""
        tokens, given_up = self._call("beat", self.worker, SILENCE_MS, DEATHS, STREAM)
        return {token.decode() for token in tokens}, [self._decode_request(data) for data in given_up]

    def turn(self, host: str, pause: float, shortest: float) -> float:
        """Return 0 where a request may be sent to a host now, else for how many seconds it may not."""
        return int(self._call("turn", host, round(pause * 1000), round(shortest * 1000))) / 1000

    def unknown(self, keys: Sequence[str]) -> list[str]:
        """Return the keys of articles that were never met."""
        if not keys:
            return []
        known = self.server.smismember(f"{self.key}:known", [digest(key) for key in keys])
        return [key for key, is_known in zip(keys, known, strict=True) if not is_known]

    def buried(self, keys: Iterable[str]) -> bool:
        """Tell whether any of these keys leads to an article that was taken down."""
        if self._any_buried is None:
            self._any_buried = bool(self.server.exists(f"{self.key}:buried"))
        digests = [tombstones.digest_of(key) for key in keys]
        return self._any_buried and any(self.server.smismember(f"{self.key}:buried", digests))

    # The archiver's

    def state(self) -> dict[str, str]:
        """Return what is noted of the run there is: id, state, with, crawl, outstanding; empty where there is none."""
        return {k.decode(): v.decode() for k, v in self.server.hgetall(f"{self.key}:run").items()}

    def note(self, **fields: str | int) -> None:
        """Note something of the run."""
        self.server.hset(f"{self.key}:run", mapping=fields)

    def clear(self) -> None:
        """Remove what is queued and known of the run."""
        self._call("remove", self.run, "queues")

    def push(self, *requests: Request) -> None:
        """Queue requests."""
        for first in range(0, len(requests), _AT_ONCE):
            parcels = map(self.parcel, requests[first : first + _AT_ONCE])
            self._call("push", self.run, *(field for parcel in parcels for field in parcel))

    def know(self, keys: Sequence[str]) -> None:
        """Take the keys of articles for met."""
        if keys:
            self.server.sadd(f"{self.key}:known", *map(digest, keys))

    def bury(self, digests: Sequence[bytes]) -> None:
        """Take articles for taken down, by the digests of their keys."""
        if digests:
            self.server.sadd(f"{self.key}:buried", *digests)

    def planned(self) -> None:
        """Let the workers begin."""
        self._call("planned", self.run, STREAM)

    def keep_listings(self, listings: dict[str, tuple[bool, str, str | None]]) -> None:
        """Keep what the archive knows of listings: whether walked, when last, retired since."""
        self.server.set(f"{self.key}:listings", wire.dumps(listings))

    def remove(self) -> None:
        """Remove the run and all of it."""
        self._call("remove", self.run, "all")

    def __len__(self) -> int:
        if not self.run:
            return 0  # not joined yet, and scrapy-redis would tell it in a way that Scrapy does not like any more
        return int(self.server.hget(f"{self.key}:run", "outstanding") or 0)
