"""Redis, workers and archivers as processes that tests start, kill and start again."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, crawl_environment
from tests.replica import Running

SERVER = shutil.which("redis-server") or shutil.which("valkey-server")
PASSWORD = "s3cret-of-the-tests"


class Server:
    """A Redis of its own on a socket, with its append-only file in a folder.

    `fsync` is `always` where it is killed: with `everysec` it writes up to two seconds late on a disk that is slow, and
    what it had confirmed is lost with it. The file is never rewritten shorter: :meth:`turns` reads all of it.
    """

    def __init__(self, folder: Path, fsync: str = "everysec") -> None:
        self._folder, self._fsync = folder, fsync
        # A socket's path is of 107 bytes at most (103 on macOS); the folders of tests may be longer.
        self._short = tempfile.TemporaryDirectory(prefix="redis-")
        self.socket = Path(self._short.name) / "s"
        self.url = f"unix://:{PASSWORD}@{self.socket}"
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        assert SERVER is not None
        options = {
            "port": "0", "unixsocket": str(self.socket), "dir": str(self._folder), "appendonly": "yes",
            "appendfsync": self._fsync, "save": "", "requirepass": PASSWORD, "loglevel": "warning",
            "auto-aof-rewrite-percentage": "0",
        }  # fmt: skip
        command = [SERVER, *(word for name, value in options.items() for word in (f"--{name}", value))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        client = self.client()
        for _ in range(600):
            try:
                client.ping()
                return process
            except Exception:
                time.sleep(0.05)
        raise AssertionError("redis-server does not come up")

    def client(self) -> Any:
        """Return a client."""
        import redis  # noqa: PLC0415

        return redis.Redis.from_url(self.url)

    def kill(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Start it again on what it had written."""
        self.process = self._start()

    def turns(self, since: float) -> dict[str, list[int]]:
        """Return when requests got their turn at each host, in ms by Redis's clock, as its append-only file tells.

        :param since: ms; what was before is left out.
        """
        found = defaultdict(list)
        for file in sorted(self._folder.rglob("appendonly*.aof")):
            for name, key, *fields in filter(lambda words: len(words) > 1, _commands(file.read_bytes())):
                told = dict(zip(fields[::2], fields[1::2], strict=False))
                if (
                    name == b"HSET"
                    and key.startswith(b"dzwcrawl:host:")
                    and int(told.get(b"last", 0)) >= since
                ):
                    found[key.decode().removeprefix("dzwcrawl:host:")].append(int(told[b"last"]))
        return found

    def close(self) -> None:
        """Kill it for good."""
        self.kill()
        self._short.cleanup()


def _commands(data: bytes) -> Iterator[list[bytes]]:
    """Yield the commands of an append-only file, which are arrays of strings in Redis's protocol."""
    at = 0
    while at < len(data):
        end = data.index(b"\r\n", at)
        words, number = [], int(data[at + 1 : end])
        at = end + 2
        for _ in range(number):
            end = data.index(b"\r\n", at)
            length = int(data[at + 1 : end])
            words.append(data[end + 2 : end + 2 + length])
            at = end + 2 + length + 2
        yield words


@contextmanager
def absent(redis: Server, path: Path, which: range = range(0), before: bytes = b"") -> Iterator[str]:
    """Serve the URL of a Redis that is away whenever one of these connections, by number, is made.

    :param before: words of a command, as they are sent; it goes away the first time it is about to get them.
    """
    awaited = [before] if before else []

    def pipe(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if awaited and awaited[0] in data:
                    awaited.clear()
                    break
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)

    def forward() -> None:
        for number in count():
            try:
                here, _ = listener.accept()
            except OSError:
                return
            if number in which:
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(str(redis.socket))
            open_.extend((here, there))
            for ends in ((here, there), (there, here)):
                threading.Thread(target=pipe, args=ends, daemon=True).start()

    open_: list[socket.socket] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=forward, daemon=True)
        thread.start()
        try:
            yield redis.url.replace(str(redis.socket), str(path))
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for end in open_:
                end.close()
            path.unlink()


@contextmanager
def redis_server(folder: Path, fsync: str = "everysec") -> Iterator[Server]:
    """A Redis for the length of a `with` block."""
    server = Server(folder, fsync)
    try:
        yield server
    finally:
        server.close()


class Cluster:
    """Workers and an archiver of a spider, on one Redis, before one replica."""

    def __init__(
        self,
        folder: Path,
        redis: Server,
        served: Running,
        hosts: int,
        delay: float,
        *settings: str,
        spider: str = "many",
    ) -> None:
        self._spider = spider
        self.archive = folder / "archive.db"
        self.delay = delay
        self._folder, self._redis = folder, redis
        self.environment = crawl_environment(folder, served) | {
            "DZWCRAWL_REDIS_URL": redis.url,
            "MANY_HOSTS": str(hosts),
            "SCRAPY_SETTINGS_MODULE": "dzwcrawl.settings",
        }
        common = (
            "SPIDER_MODULES=dzwcrawl.spiders,tests.cluster.spiders",
            f"DOWNLOAD_DELAY={delay}",
            "DOWNLOAD_DELAY_JITTER=0",
            *settings,
        )
        self._settings = [word for setting in common for word in ("-s", setting)]
        self._started = 0
        self.running: list[subprocess.Popen[bytes]] = []

    def log(self) -> str:
        """Return what all processes have said."""
        return "\n".join(path.read_text() for path in sorted(self._folder.glob("*.log")))

    def _start(self, name: str, *words: str) -> "subprocess.Popen[bytes]":
        self._started += 1
        scrapy = str(Path(sys.executable).parent / "scrapy")
        path = self._folder / f"{self._started:03d}-{name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [scrapy, "crawl", *words, *self._settings],
                cwd=ROOT, env=self.environment, stderr=log, stdout=log,
            )  # fmt: skip
        self.running.append(process)
        return process

    def worker(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start a worker."""
        return self._start("worker", self._spider, *options)

    def archiver(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start an archiver that ends when no run is left."""
        return self._start(
            "archiver", "stream", "-a", "once=1", "-s", f"ARCHIVE_PATH={self.archive}", *options
        )

    def stop(self) -> None:
        """Kill what still runs."""
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


@contextmanager
def cluster(
    folder: Path, redis: Server, served: Running, hosts: int, *settings: str, delay: float = 0.0
) -> Iterator[Cluster]:
    """A cluster for the length of a `with` block; `delay` is the pause between two requests to a host."""
    made = Cluster(folder, redis, served, hosts, delay, *settings)
    try:
        yield made
    finally:
        made.stop()
