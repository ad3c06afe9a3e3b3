"""The replica on a socket: an HTTP proxy for the whole family, with CONNECT and TLS, and a request log."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .model import Response
from .world import World, key_of

LogLine = dict[str, Any]
_MAX_BODY = 1 << 20


class Authority:
    """A certificate authority of this run, and a certificate for each host it is asked for."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "replica test authority")])
        basic = x509.BasicConstraints(ca=True, path_length=0)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = self._builder(self._name, self._key.public_key())
        builder = builder.add_extension(basic, critical=True).add_extension(usage, critical=True)
        self._identity = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        builder = builder.add_extension(self._identity, critical=False)
        self.certificate = builder.sign(self._key, hashes.SHA256())
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def pem(self) -> bytes:
        """The authority's certificate, for clients that verify."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def _builder(self, subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    def context(self, host: str) -> ssl.SSLContext:
        """A server context with a certificate for the host."""
        if host not in self._contexts:
            self._contexts[host] = self._make(host)
        return self._contexts[host]

    def _make(self, host: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identity)
        certificate = (
            self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key.public_key())
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile(suffix=".pem") as both:
            both.write(certificate.public_bytes(serialization.Encoding.PEM))
            plain = serialization.NoEncryption()
            both.write(
                key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
            )
            both.flush()
            context.load_cert_chain(both.name)
        return context


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    target: str
    headers: dict[str, str]

    def keeps_alive(self) -> bool:
        """Whether the client will send another request on this connection."""
        names = ("connection", "proxy-connection")
        return not any(self.headers.get(name, "").lower() == "close" for name in names)


class Served(Protocol):
    """What a server answers from; `flaky_keys` are addresses whose first answer is a 500."""

    flaky_keys: set[str]

    def get(self, url: str) -> Response:
        """The answer to a GET."""
        ...

    def serves(self, host: str) -> bool:
        """Whether the host is there."""
        ...


class Server:
    """Answers from a world; `world` may be replaced while it runs.

    Hosts other than www and weifang send ETags and answer conditional requests. `lies` makes them liars: `etag`,
    the same ETag whatever the page; `304`, to every condition.
    """

    def __init__(self, world: Served, log: Path | None = None) -> None:
        self.world = world
        self.authority = Authority()
        self.lines: list[LogLine] = []
        self._log = log.open("a", encoding="utf-8", buffering=1) if log else None
        self.lies = ""
        self.seconds = 0.0
        self._failed: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> int:
        """Listens on loopback and returns the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Closes every connection, so that nothing is left to complain at exit."""
        if self._server:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()
        if self._log:
            self._log.close()

    def talks(self) -> int:
        """How many connections are open."""
        return len(self._tasks)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(
                ConnectionError,
                asyncio.IncompleteReadError,
                asyncio.LimitOverrunError,
                ssl.SSLError,
                ValueError,
            ):
                await self._talk(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with suppress(ConnectionError, ssl.SSLError, TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection until the client leaves."""
        secure = ""
        while (request := await _read(reader)) is not None:
            if request.method == "CONNECT":
                secure = request.target.rpartition(":")[0]
                if not await self._tunnel(writer, request.target, secure):
                    return
                continue
            url = _absolute(request, secure)
            await self._answer(writer, request, url)
            if not request.keeps_alive():
                return

    async def _tunnel(self, writer: asyncio.StreamWriter, target: str, host: str) -> bool:
        """Answers CONNECT and puts TLS on the connection."""
        known = self.world.serves(host)
        self._note("CONNECT", target, 200 if known else 502, host)
        if not known:
            await _send(writer, 502, [("Content-Length", "0")], b"")
            return False
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.start_tls(self.authority.context(host))
        return True

    async def _answer(self, writer: asyncio.StreamWriter, request: _Request, url: str) -> None:
        began = time.time()
        status, headers, body = self._validated(request, url, *self._response(request.method, url))
        if self.seconds:
            await asyncio.sleep(self.seconds)
        self._note(request.method, url, status, urlsplit(url).hostname or "", began)
        headers = [*headers, ("Content-Length", str(len(body)))]
        await _send(writer, status, headers, b"" if request.method == "HEAD" else body)

    def _response(self, method: str, url: str) -> tuple[int, list[tuple[str, str]], bytes]:
        if method not in {"GET", "HEAD"}:
            return 405, [("Allow", "GET, HEAD")], b""
        key = key_of(url)
        if key in self.world.flaky_keys and key not in self._failed:
            self._failed.add(key)
            return 500, [("Content-Type", "text/plain")], b"once only\n"
        response = self.world.get(url)
        return response.status, response.headers, response.body

    def _validated(
        self, request: _Request, url: str, status: int, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """The same answer with its ETag, or 304."""
        host = urlsplit(url).hostname or ""
        if status != 200 or host.startswith(("www.", "weifang.")) or url.endswith("/robots.txt"):
            return status, headers, body
        etag = f'"{hashlib.sha1(url.encode() if self.lies == "etag" else body).hexdigest()[:16]}"'
        condition = request.headers.get("if-none-match")
        if condition is not None and (condition == etag or self.lies == "304"):
            return 304, [("ETag", condition)], b""
        return status, [*headers, ("ETag", etag)], body

    def _note(self, method: str, url: str, status: int, host: str, began: float | None = None) -> None:
        now = time.time()
        line: LogLine = {"time": now, "method": method, "url": url, "status": status, "host": host}
        line["began"] = began or now
        self.lines.append(line)
        if self._log:
            self._log.write(json.dumps(line, ensure_ascii=False) + "\n")


async def _read(reader: asyncio.StreamReader) -> _Request | None:
    """The next request without its body, or None when the client is gone."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _version = first.split(" ", 2)
    pairs = (line.partition(":") for line in rest)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = int(headers.get("content-length") or 0)
    if length:
        await reader.readexactly(min(length, _MAX_BODY))
    return _Request(method, target, headers)


def _absolute(request: _Request, secure: str) -> str:
    """The URL a request means, whichever form it came in."""
    if request.target.startswith(("http://", "https://")):
        return request.target
    host = secure or request.headers.get("host", "").partition(":")[0]
    return f"{'https' if secure else 'http'}://{host}{request.target}"


async def _send(
    writer: asyncio.StreamWriter, status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Server: replica",
        *(f"{n}: {v}" for n, v in headers),
    ]
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    await writer.drain()


class Running:
    """A server in a thread of its own, as tests use it."""

    def __init__(
        self, articles: int, day: float, crawl_delay: float, log: Path | None, world: Served | None = None
    ) -> None:
        self._articles, self._crawl_delay = articles, crawl_delay
        self._server = Server(world or self._world(day), log)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="replica", daemon=True)
        self._thread.start()
        self.port: int = self._run(self._server.start())

    def _world(self, day: float) -> World:
        return World(articles=self._articles, day=day, crawl_delay=self._crawl_delay)

    def _run(self, work: Awaitable[Any]) -> Any:
        async def wrapped() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(wrapped(), self._loop).result(timeout=30)

    @property
    def proxy(self) -> str:
        """Address for `http_proxy` and `https_proxy`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def world(self) -> World:
        """The world of dzwww being served now."""
        assert isinstance(self._server.world, World)
        return self._server.world

    @property
    def ca_pem(self) -> bytes:
        """Certificate of the authority behind the TLS answers."""
        return self._server.authority.pem

    def log_lines(self) -> list[LogLine]:
        """Every request so far: time, method, url, status, host."""
        return list(self._server.lines)

    def settle(self) -> None:
        """Waits until every request is noted that clients have sent which are all gone by now."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            # It is accepted after all that came before, and hung up on for want of a request.
            last.sendall(b"\r\n\r\n")
            last.recv(1)
        while self._server.talks():
            time.sleep(0.002)

    def lie(self, how: str) -> None:
        """Makes the server lie from now on, `""` that it no longer does."""
        self._server.lies = how

    def take_time(self, seconds: float) -> None:
        """Makes the server work so long on each answer."""
        self._server.seconds = seconds

    def serve(self, world: Served) -> None:
        """Serves another world from now on; connections stay open."""
        self._server.world = world

    def set_day(self, day: float) -> None:
        """Moves the world to another day; connections stay open."""
        self.serve(self._world(day))

    def close(self) -> None:
        """Stops the server and its thread."""
        self._run(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()


@contextmanager
def running(
    articles: int = 120,
    day: float = 0,
    crawl_delay: float = 0.2,
    log: Path | None = None,
    world: Served | None = None,
) -> Iterator[Running]:
    """A served world for the length of a `with` block: that of dzwww, or the one given."""
    server = Running(articles, day, crawl_delay, log, world)
    try:
        yield server
    finally:
        server.close()
