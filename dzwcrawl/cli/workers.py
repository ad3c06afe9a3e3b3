"""One function over many values on several cores: results in order, memory flat, a clean end."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import click

Value = TypeVar("Value")
Result = TypeVar("Result")

_AHEAD = 8
"""Values handed out a worker before the oldest result is waited for: memory stays bounded, nobody idles."""


class _Jobs(click.ParamType[int]):
    name = "N|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip().lower()
        if text in ("0", "auto"):
            return _cores()
        if not text.isascii() or not text.isdigit():
            self.fail(
                f"{value!r} is not a number of processes; give a number, or auto for all cores", param, ctx
            )
        return int(text)


def _cores() -> int:
    # What this process may use can be less than what the machine has.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


JOBS = _Jobs()

jobs_option = click.option(
    "--jobs",
    type=JOBS,
    default=1,
    show_default=True,
    help="Processes that share the work; 0 or auto for all cores. The order of the output stays.",
)


class WorkerDied(Exception):
    """A worker process ended without an answer; `value` is the oldest input that has none."""

    def __init__(self, value: Any) -> None:
        super().__init__("a worker process ended without an answer")
        self.value = value


def in_order(
    function: Callable[[Value], Result], values: Iterable[Value], jobs: int
) -> Generator[Result, None, None]:
    """Yield `function(value)` for each value, in order, computed by `jobs` processes (:func:`workers`)."""
    with workers(jobs) as compute:
        yield from compute(function, values)


@contextmanager
def workers(jobs: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Start `jobs` processes (1: this one) and give a map over them that keeps the order.

    The functions it is given must be importable: workers are started anew, not forked. However the caller stops, no
    worker is left behind.

    :raises WorkerDied: when one was killed, or ended itself (out of memory, a crash in C code).
    """
    if jobs == 1:
        usual = gc.get_threshold()
        _collect_seldom()
        try:
            yield map
        finally:
            gc.set_threshold(*usual)
        return
    spawn = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin_worker)
    try:
        with _held_back():
            executor.submit(int)
        yield partial(_answers, executor, jobs * _AHEAD)
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _answers(
    executor: ProcessPoolExecutor, ahead: int, function: Callable[[Value], Result], values: Iterable[Value]
) -> Iterator[Result]:
    waiting: deque[tuple[Value, Future[Result]]] = deque()
    for value in values:
        waiting.append((value, _submit(executor, function, value)))
        if len(waiting) >= ahead:
            yield _answer(*waiting.popleft())
    while waiting:
        yield _answer(*waiting.popleft())


@contextmanager
def _held_back() -> Iterator[None]:
    """Hold Ctrl-C back: a worker is started when something is submitted, and must not end in the middle of its imports."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _collect_seldom() -> None:
    """Look for garbage in cycles less often: pages leave none, and looking takes a twentieth of the time."""
    gc.set_threshold(50_000, 20, 20)


def _begin_worker() -> None:
    """Let Ctrl-C end a worker without a word (its parent speaks), and its parent's death as well."""
    _collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _submit(
    executor: ProcessPoolExecutor, function: Callable[[Value], Result], value: Value
) -> Future[Result]:
    """Return the future of a value; of a pool that is broken, one that says so in its turn."""
    try:
        with _held_back():
            return executor.submit(function, value)
    except BrokenProcessPool as error:
        broken: Future[Result] = Future()
        broken.set_exception(error)
        return broken


def _answer(value: Value, future: Future[Result]) -> Result:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise WorkerDied(value) from error
