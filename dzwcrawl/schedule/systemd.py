"""systemd units: one template service for all outlets, one timer an outlet."""

from pathlib import Path

from dzwcrawl.crawl.exit_codes import CALM
from dzwcrawl.schedule.place import Place
from dzwcrawl.schedule.plan import Slot, on_calendar

# Of what a crawl never does, as much as is forbidden without naming it one by one; it writes beside the archive only.
# ProtectProc must stay off: whether a crawl that holds a lock is alive is read from /proc.
_HARDENED = """ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writable}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RemoveIPC=yes
CapabilityBoundingSet=
AmbientCapabilities=
"""

_SERVICE = """# Made by `dzwcrawl schedule`.
[Unit]
Description=dzwcrawl: crawl of %i
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
{user}WorkingDirectory={project}
EnvironmentFile={environment}
ExecStart={scrapy} crawl %i
# Outside CRAWL_WINDOW, still running, stopped in good order: nobody need look (docs/exit-codes.md).
SuccessExitStatus={calm}
# SIGTERM lets a crawl finish what is in flight.
TimeoutStopSec=180
SyslogIdentifier=dzwcrawl-%i
Nice=10
UMask=0027
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
{hardened}"""

_TIMER = """# Made by `dzwcrawl schedule`.
[Unit]
Description=dzwcrawl: when {outlet} is crawled

[Timer]
OnCalendar={calendar}
Persistent=true
RandomizedDelaySec={delay}

[Install]
WantedBy=timers.target
"""

SERVICE = "dzwcrawl@.service"


def timer_name(outlet: str) -> str:
    """Return the name of an outlet's timer."""
    return f"dzwcrawl@{outlet}.timer"


def units(slots: list[Slot], place: Place) -> dict[str, str]:
    """Return the texts of the units by file name."""
    user = f"User={place.run_as}\n" if place.run_as else ""
    service = _SERVICE.format(
        user=user,
        project=_plain(place.project),
        environment=_plain(place.environment),
        scrapy=_quoted(place.scrapy),
        calm=" ".join(str(code) for code in CALM if code),
        # The service manager of a user cannot do these on every system.
        hardened=_HARDENED.format(writable=_quoted(place.archive.parent)) if place.run_as else "",
    )
    timers = {
        timer_name(slot.outlet): _TIMER.format(
            outlet=slot.outlet,
            calendar=on_calendar(slot),
            # After a night switched off all timers are due at once.
            delay=min(slot.every * 60 // 10, 300),
        )
        for slot in slots
    }
    return {SERVICE: service} | timers


def scheduled(folder: Path) -> list[str]:
    """Return the outlets that have a timer in a folder."""
    found = folder.glob("dzwcrawl@?*.timer") if folder.is_dir() else ()
    return sorted(path.name.removeprefix("dzwcrawl@").removesuffix(".timer") for path in found)


def _plain(path: Path) -> str:
    """Write a path where systemd takes the rest of the line as it is, but for %."""
    return str(path).replace("%", "%%")


def _quoted(path: Path) -> str:
    """Write a path where systemd splits words; in that of a program it expands no variables."""
    word = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{word}"'
