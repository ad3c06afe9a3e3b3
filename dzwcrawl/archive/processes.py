"""Which process is which: enough to tell, later and from another process, whether one still runs.

A process id alone is given away again; together with the time its process started, in ticks since the machine
did, it is not. Where there is no /proc, only the id can be looked at, and the heartbeat has to say the rest.
"""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process of some machine: `host`, `boot` (its boot and process space), `pid`, `started` ("" unknown)."""

    host: str
    boot: str
    pid: int
    started: str


def this_process() -> Process:
    """Return the running process."""
    return Process(socket.gethostname(), _boot(), os.getpid(), _started(os.getpid()) or "")


def is_alive(process: Process) -> bool | None:
    """Tell whether a process still runs; None when that cannot be told from here (other machine or container)."""
    if process.host != socket.gethostname():
        return None
    if process.boot != _boot():
        # Same name, other boot: the machine was restarted. Same boot, other process space: a container.
        return None if process.boot.partition(" ")[0] == _boot().partition(" ")[0] else False
    if process.started:
        return _started(process.pid) == process.started
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return None


def _boot() -> str:
    """Return what tells this boot of this machine and this process space from others; "" where unknown."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str | None:
    """Return the start time of a running process in ticks since boot; None when none runs (a zombie does not)."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The name of the program, in parentheses, may hold anything; the fields after it are the 3rd and following.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]
