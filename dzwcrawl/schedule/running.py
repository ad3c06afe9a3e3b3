"""A schedule kept in the foreground, for containers and for machines without cron or systemd."""

import asyncio
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from dzwcrawl.schedule.plan import Slot, next_start


async def keep(slots: Iterable[Slot], scrapy: Path, project: Path) -> None:
    """Crawl each outlet when it is its time, until SIGTERM or SIGINT; what runs then is stopped in good order.

    A start that comes while the last crawl of the outlet still runs is left out.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as outlets:
        for slot in slots:
            outlets.create_task(_keep_one(slot, scrapy, project, stop))


async def _keep_one(slot: Slot, scrapy: Path, project: Path, stop: asyncio.Event) -> None:
    while True:
        start = next_start(slot, datetime.now())
        _say(f"{slot.outlet}: next crawl at {start:%Y-%m-%d %H:%M}")
        # Looked at often, because a clock jumps when a machine wakes up.
        while datetime.now() < start and not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    stop.wait(), min(30.0, (start - datetime.now()).total_seconds() + 0.01)
                )
        if stop.is_set():
            return
        code = await _crawl(slot.outlet, scrapy, project, stop)
        _say(f"{slot.outlet}: the crawl ended with exit code {code}")


async def _crawl(outlet: str, scrapy: Path, project: Path, stop: asyncio.Event) -> int:
    # A session of its own: Ctrl-C reaches it once, from here.
    process = await asyncio.create_subprocess_exec(
        scrapy, "crawl", outlet, cwd=project, start_new_session=True
    )
    ended = asyncio.create_task(process.wait())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not ended.done():
        with suppress(ProcessLookupError):  # it has just ended by itself
            process.terminate()
    return await ended


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
