"""`python -m tests.replica serve` and `python -m tests.replica truth`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from .server import Server
from .world import World


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tests.replica", description="A deterministic stand-in of dzwww.com."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer as an HTTP proxy on loopback until stopped")
    truth = commands.add_parser("truth", help="print the ground truth as JSON lines")
    for command in (serve, truth):
        command.add_argument("--articles", type=int, default=120)
        command.add_argument("--day", type=float, default=0)
    serve.add_argument("--port", type=int, default=0)
    serve.add_argument("--crawl-delay", type=float, default=0.2, metavar="SECONDS")
    serve.add_argument("--ready-file", type=Path)
    serve.add_argument("--ca-file", type=Path)
    serve.add_argument("--log", type=Path)
    return parser


async def _serve(options: argparse.Namespace) -> None:
    server = Server(World(options.articles, options.day, options.crawl_delay), options.log)
    port = await server.start(options.port)
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, done.set)
    if options.ca_file:
        options.ca_file.write_bytes(server.authority.pem)
    if options.ready_file:
        options.ready_file.write_text(str(port), encoding="ascii")
    print(f"replica ready on http://127.0.0.1:{port}", flush=True)
    await done.wait()
    await server.stop()


def main() -> None:
    """Runs the command line."""
    options = _parser().parse_args()
    if options.command == "serve":
        asyncio.run(_serve(options))
        return
    for row in World(options.articles, options.day).iter_truth():
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
