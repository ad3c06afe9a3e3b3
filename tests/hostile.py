"""A hostile server on loopback: bombs, floods, drips, loops and traps, each at a path of its own.

It is an origin and a proxy in one, so that a crawl may meet it under any host name.
"""

from __future__ import annotations

import asyncio
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

Answer = Callable[["Hostile", asyncio.StreamWriter, str], Awaitable[None]]

ARTICLE = (
    "<!doctype html><meta charset=utf-8><title>第{n}号</title><body><h1>潍坊市第{n}号村庄修通了新路</h1>"
    "<div>2024-05-0{n} 10:00 来源：大众网</div><div>"
    + "".join(
        f"<p>第{{n}}号村庄的第{i}段道路于上月完工，全长{i}公里，村民们说出行比过去方便了许多。</p>"
        for i in range(8)
    )
    + "</div>"
)


class Hostile:
    """A server in a thread of its own. `asked` has the URL of every request (`times`: when), `sent` the bytes of each answer's body."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.times: list[float] = []
        self.sent: dict[str, int] = {}
        self.robots: Answer = say(404)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="hostile", daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def _run(self, work: Any) -> Any:
        async def wrapped() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(wrapped(), self._loop).result(timeout=30)

    @property
    def url(self) -> str:
        """Its address, as an origin and as a proxy."""
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """The paths asked for, without robots.txt."""
        paths = [urlsplit(url).path for url in self.asked]
        return [path for path in paths if path != "/robots.txt"]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                target = head.split(" ", 2)[1]
                self.asked.append(target)
                self.times.append(time.monotonic())
                await self._answer(writer, urlsplit(target).path)
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, path: str) -> None:
        kind, _, rest = path.strip("/").partition("/")
        answer = self.robots if kind == "robots.txt" else ANSWERS.get(kind, say(404))
        await answer(self, writer, rest)

    async def stream(self, writer: asyncio.StreamWriter, name: str, piece: bytes, times: int) -> None:
        """Send a piece of a body again and again, as fast as it is taken."""
        self.sent[name] = 0
        for _ in range(times):
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
            self.sent[name] += len(piece)
        writer.write(b"0\r\n\r\n")

    def close(self) -> None:
        """Stop the server, whatever it is still sending."""

        async def stop() -> None:
            self._server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(timeout=30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()


@contextmanager
def hostile() -> Iterator[Hostile]:
    """A hostile server for the length of a `with` block."""
    server = Hostile()
    try:
        yield server
    finally:
        server.close()


def say(status: int, body: str = "", headers: str = "", after: float = 0) -> Answer:
    """An answer as it should be, perhaps after some seconds."""

    async def answer(_: Hostile, writer: asyncio.StreamWriter, __: str) -> None:
        await asyncio.sleep(after)
        raw = body.encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n{headers}Content-Length: {len(raw)}\r\n\r\n".encode() + raw
        )  # fmt: skip
        await writer.drain()

    return answer


def begin(headers: str = "", content_type: str = "text/html") -> bytes:
    """The head of an answer in chunks."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{headers}Transfer-Encoding: chunked\r\n\r\n".encode()


async def good(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """An article."""
    await say(200, ARTICLE.format(n=rest.removesuffix(".htm")))(server, writer, rest)


async def loop(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """A redirect to another page of the loop, for ever."""
    await say(302, headers=f"Location: /loop/{int(rest) + 1}\r\n")(server, writer, rest)


async def refresh(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """The same in markup."""
    target = f"/refresh/{int(rest) + 1}"
    await say(200, f'<meta http-equiv="refresh" content="0; url={target}">')(server, writer, rest)


async def inward(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """A redirect to wherever the path says: `/inward/127.0.0.1:80/secret`."""
    await say(302, headers=f"Location: http://{unquote(rest)}\r\n")(server, writer, rest)


async def bomb(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """So many MB of blanks as the path says in gzip, a thousandth of that."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = deflate.compress(b" " * 2**20) + deflate.flush(zlib.Z_FULL_FLUSH)
    writer.write(begin("Content-Encoding: gzip\r\n"))
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
    writer.write(b"%x\r\n%b\r\n" % (len(head), head))
    await server.stream(writer, "bomb", piece, int(rest))


async def giant(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """A page of 1 GB that says so (`/giant/told`) or not."""
    if rest == "told":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1073741824\r\n\r\n")
    else:
        writer.write(begin())
    await server.stream(writer, f"giant/{rest}", b"<p>" + b"x" * 65_533, 2**14)


async def endless(server: Hostile, writer: asyncio.StreamWriter, _: str) -> None:
    """A body that never ends."""
    writer.write(begin())
    await server.stream(writer, "endless", b"<p>more</p>" * 1000, 10**9)


async def drip(server: Hostile, writer: asyncio.StreamWriter, _: str) -> None:
    """A byte a second."""
    writer.write(begin())
    server.sent["drip"] = 0
    while True:
        writer.write(b"1\r\nx\r\n")
        await writer.drain()
        server.sent["drip"] += 1
        await asyncio.sleep(1)


async def silent(_: Hostile, writer: asyncio.StreamWriter, __: str) -> None:
    """Never an answer."""
    await asyncio.sleep(10**6)


async def flood(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """Headers that do not end, or (`/flood/continue`) interim answers that do not."""
    more = (
        b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" if rest == "continue" else b"X-Header: " + b"x" * 1000 + b"\r\n"
    )  # fmt: skip
    name = f"flood/{rest}"
    server.sent[name] = 0
    if rest != "continue":
        writer.write(b"HTTP/1.1 200 OK\r\n")
    while server.sent[name] < 2**30:
        writer.write(more * 50)
        await writer.drain()
        server.sent[name] += 50 * len(more)


async def busy(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """The article after two seconds' patience."""
    first = len([path for path in server.paths() if path.startswith("/busy/")]) == 1
    await (say(429, headers="Retry-After: 2\r\n") if first else good)(server, writer, rest)


async def big_robots(server: Hostile, writer: asyncio.StreamWriter, _: str) -> None:
    """100 MB of robots.txt, what matters at its head."""
    writer.write(begin(content_type="text/plain"))
    head = b"User-agent: *\nDisallow: /good/1\n"
    writer.write(b"%x\r\n%b\r\n" % (len(head), head))
    await server.stream(writer, "robots", b"Disallow: /junk\n" * 640, 10 * 2**10)


async def listing(server: Hostile, writer: asyncio.StreamWriter, rest: str) -> None:
    """Listings that never end: `junk/N` with new links on each page, `day/N` with one, `same/N` with the same.

    `away/N` goes on at another site.
    """
    kind, _, page = rest.partition("/")
    number = int(page)
    host = "http://other.test" if kind == "away" else ""
    new = {
        "away": ["1"],
        "junk": [f"{number}{i}" for i in range(5)],
        "day": [str(number)],
        "same": ["1", "2"],
    }[kind]
    links = "".join(f'<li><a href="/junk/{kind}{name}.htm">某地新闻第{name}条</a></li>' for name in new)
    body = f'<ul>{links}</ul><a href="{host}/list/{kind}/{number + 1}">下一页</a>'
    await say(200, body)(server, writer, rest)


ANSWERS: dict[str, Answer] = {
    "good": good, "loop": loop, "refresh": refresh, "inward": inward, "bomb": bomb, "giant": giant,
    "endless": endless, "drip": drip, "silent": silent, "flood": flood, "list": listing, "secret": good, "busy": busy,
}  # fmt: skip
