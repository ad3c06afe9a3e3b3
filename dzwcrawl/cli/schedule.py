"""`dzwcrawl schedule`: crawls that run by themselves, through systemd, cron or a container."""

import asyncio
import getpass
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from dzwcrawl.archive.archive import is_demo
from dzwcrawl.archive.location import default_path, named_path, project
from dzwcrawl.configuration import PREFIX, SETTINGS, SettingError, setting
from dzwcrawl.schedule import compose, cron, environment, files, running, systemd
from dzwcrawl.schedule.files import File
from dzwcrawl.schedule.place import Place
from dzwcrawl.schedule.plan import INTERVALS, ScheduleError, Slot, interval, next_start, slot
from dzwcrawl.text import counted, nearest


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The options that say what is scheduled and where it goes."""

    slots: list[Slot]
    every: str
    at: str
    folder: Path | None
    user: bool
    run_as: str | None


@click.command()
@click.argument("outlets", nargs=-1, metavar="[SITE]…")
@click.option("--all", "everything", is_flag=True, help="Every outlet that has a spider.")
@click.option("--every", default="1h", show_default=True, help="5m to 12h, daily or weekly.")
@click.option(
    "--at",
    default="02:00",
    show_default=True,
    help="When the crawls of a day begin; they spread over four hours.",
)
@click.option(
    "--format", "kind", type=click.Choice(("systemd", "cron", "compose")), help="Who starts crawls."
)
@click.option("-s", "given", multiple=True, metavar="NAME=VALUE", help="A setting of docs/settings.md.")
@click.option(
    "--write",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files into this folder.",
)
@click.option("--install", is_flag=True, help="Put the units or crontab lines into place.")
@click.option("--user", is_flag=True, help="systemd: units of your own, not of the machine.")
@click.option("--run-as", metavar="USER", help="systemd: whose crawls these are. Default: yours.")
@click.option("--run", is_flag=True, help="Keep the schedule here, in the foreground.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def schedule(
    outlets: tuple[str, ...], everything: bool, every: str, at: str, kind: str | None, given: tuple[str, ...],
    folder: Path | None, install: bool, user: bool, run_as: str | None, run: bool, yes: bool,
) -> None:  # fmt: skip
    """Crawl outlets by themselves. Shows every file; writes with --write DIR or --install only, and asks before.

    Each outlet has its own time, which depends on its name. Outlets not named here stay as they are scheduled.
    Contact, settings and proxies go into a file of variables that only its owner can read, not on command lines.
    """
    if not run and kind is None:
        raise click.UsageError(
            "say who starts the crawls: --format systemd, cron or compose; or --run them here"
        )
    if (folder or install) and not (yes or sys.stdin.isatty()):
        raise click.UsageError("nobody is there to be asked: say --yes to write")
    if folder and install:
        raise click.UsageError("--write DIR or --install, not both")
    if run_as and (user or kind != "systemd"):
        raise click.UsageError("--run-as is for systemd units of the machine")
    if kind == "compose" and not folder:
        raise click.UsageError("a compose file goes into a folder of yours: --write DIR")
    try:
        minutes = interval(every)
        _set(given)
        user = user or os.geteuid() != 0
        home = folder.resolve() if folder else _home(kind == "systemd" and not user)
        known_file = home / "environment"
        text = known_file.read_text(encoding="utf-8") if not run and known_file.exists() else ""
        os.environ.update({n: v for n, v in environment.read(text).items() if not os.environ.get(n)})
        # Before Scrapy is asked, which writes into the environment what a scrapy.cfg says.
        variables = environment.carried(os.environ)
        wanted = _Wanted(_check(outlets, everything, minutes, at), every, at, folder, user, run_as)
        place = _place(home, wanted, kind)
        if run:
            asyncio.run(running.keep(wanted.slots, place.scrapy, place.project))
            return
        made = _files(kind or "", wanted, place, text, variables)
    except (ScheduleError, SettingError) as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.ClickException(str(error)) from error
    _show_and_write(made, kind or "", wanted, place.archive, install, yes)


def _set(given: Iterable[str]) -> None:
    """Take settings into the environment, where scheduled crawls have them from.

    :raises SettingError: for one that cannot be given there.
    """
    for word in given:
        name, equals, value = word.partition("=")
        entry = setting(name)
        if entry is None or not equals:
            known = [entry.name for entry in SETTINGS]
            raise SettingError(
                f"-s {word}: " + (nearest(name, known, otherwise="only settings of docs/settings.md can be scheduled")
                if equals else "settings are given as NAME=VALUE")
            )  # fmt: skip
        os.environ[entry.in_environment] = value


def _home(system: bool) -> Path:
    if system:
        return Path("/etc/dzwcrawl")
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "dzwcrawl"


def _check(outlets: tuple[str, ...], everything: bool, minutes: int, at: str) -> list[Slot]:
    """Return when the outlets are crawled, refusing what their crawls would refuse.

    :raises SettingError: naming what is wrong.
    """
    # Only here, because everything else of this command line works without Scrapy and starts without it.
    from dzwcrawl.crawl import checks  # noqa: PLC0415

    known, settings = _known()
    for name in outlets:
        if name not in known:
            raise SettingError(f"there is no outlet {name!r}; {nearest(name, known)}")
    if not outlets and not everything:
        raise SettingError("name outlets (`scrapy list` shows them), or say --all")
    slots = [slot(name, minutes, at) for name in sorted(known if everything else set(outlets))]
    for one in slots:
        merged = checks.settings_of(known[one.outlet], settings)
        checks.check_settings(merged, os.environ)
        checks.check_contact(merged, os.environ)
        _check_window(one, merged["CRAWL_WINDOW"])
    return slots


def _check_window(one: Slot, window: str) -> None:
    """Refuse a daily or weekly crawl that would find its CRAWL_WINDOW closed each time.

    :raises SettingError: naming the time.
    """
    from dzwcrawl.crawl.limits import parse_window  # noqa: PLC0415

    start = next_start(one, datetime.now()).astimezone()
    if window and one.every >= INTERVALS["daily"] and parse_window(window).left(start.isoformat()) is None:
        raise SettingError(
            f"{one.outlet} would begin at {start:%H:%M %z}, outside of CRAWL_WINDOW={window}; "
            "say --at HH:MM, four hours before it closes at the latest"
        )


def _known() -> tuple[dict[str, Any], Any]:
    """Return the outlets that have a spider, by name, and the project's settings."""
    from dzwcrawl.crawl.outlets import known_outlets  # noqa: PLC0415
    from dzwcrawl.crawl.project import project_settings  # noqa: PLC0415

    settings = project_settings()
    return {spider.name: spider for spider in known_outlets(settings)}, settings


def _place(home: Path, wanted: _Wanted, kind: str | None) -> Place:
    """Return where things are: the project is the folder of the scrapy.cfg one stands under, else where one stands."""
    scrapy = Path(sys.executable).with_name("scrapy")
    if not scrapy.exists():
        raise ScheduleError(f"{scrapy} is not there: install dzwcrawl with pip, which brings it")
    archive = default_path()
    if kind != "compose":  # whose archive is in a volume
        _check_archive(archive)
    if kind == "systemd" and not archive.parent.is_dir():
        # A unit may write nowhere else, and does not start where that is not there.
        raise ScheduleError(f"make the folder of the archive first: mkdir -p {archive.parent}")
    if kind == "systemd" and not wanted.user:
        run_as = wanted.run_as or os.environ.get("SUDO_USER") or getpass.getuser()
    else:
        run_as = None
    return Place(scrapy, project() or Path.cwd(), home, archive, run_as)


def _check_archive(path: Path) -> None:
    """Refuse an archive that nobody has named, and one that every crawl would refuse.

    :raises ScheduleError: naming the file.
    """
    if named_path() is None and project() is None:
        raise ScheduleError(
            f"this is no project (no scrapy.cfg here or above), so the crawls would write {path}: "
            "say which archive is meant, export DZWCRAWL_ARCHIVE=/where/news.db"
        )
    if is_demo(path):
        raise ScheduleError(
            f"{path} holds the invented articles of `make demo`, and real crawls refuse it: remove it, or name another "
            "archive, export DZWCRAWL_ARCHIVE=/where/news.db"
        )


def _files(kind: str, wanted: _Wanted, place: Place, text: str, variables: Mapping[str, str]) -> list[File]:
    """Return the files of a schedule, the file of variables first."""
    variables = {**variables, f"{PREFIX}ARCHIVE": str(place.archive)}
    if not (place.project / "scrapy.cfg").is_file():
        variables.setdefault("SCRAPY_SETTINGS_MODULE", "dzwcrawl.settings")
    if kind == "compose":
        variables = {name: value for name, value in variables.items() if name not in compose.NOT_INSIDE}
    made = [File(place.environment, environment.merge(text, variables), 0o600, secret=True)]
    if kind == "systemd":
        folder = _unit_folder(wanted)
        made += [File(folder / name, unit) for name, unit in systemd.units(wanted.slots, place).items()]
    elif kind == "cron":
        made.append(File(place.home / "crawl", cron.script(place), 0o755))
        # The whole crontab, of which other lines may be nobody else's business.
        lines = cron.crontab(_crontab(wanted), wanted.slots, place)
        made.append(File(place.home / "crontab", lines, 0o600))
    else:
        names = [one.outlet for one in wanted.slots]
        made.append(File(place.home / "compose.yaml", compose.compose(names, wanted.every, wanted.at, place)))
    return made


def _unit_folder(wanted: _Wanted) -> Path:
    if wanted.folder:
        return wanted.folder.resolve()
    return _home(False).with_name("systemd") / "user" if wanted.user else Path("/etc/systemd/system")


def _crontab(wanted: _Wanted) -> str:
    """Return the crontab to put lines into: that of a folder, else the user's."""
    if wanted.folder:
        path = wanted.folder / "crontab"
        return path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ScheduleError("there is no command crontab here: install cron, or say --write DIR") from None
    if done.returncode and "no crontab for" not in done.stderr:
        raise ScheduleError(f"crontab -l failed: {done.stderr.strip()}")
    return "" if done.returncode else done.stdout


def _show_and_write(
    made: list[File], kind: str, wanted: _Wanted, archive: Path, install: bool, yes: bool
) -> None:
    for file in made:
        click.echo(files.shown(file))
    _tell_of_others(kind, wanted, made)
    if kind != "compose":
        click.echo(f"the crawls write {archive}", err=True)
    if not (wanted.folder or install):
        click.echo("nothing was written: --write DIR or --install does", err=True)
        return
    if not (yes or click.confirm("Write this?", err=True)):
        click.echo("nothing was written", err=True)
        return
    try:
        written = [file.path for file in made if files.write(file)]
    except OSError as error:
        raise click.ClickException(f"{error}; what was there before is unchanged") from error
    click.echo(f"{counted(len(written), 'file')} written, {len(made) - len(written)} were there", err=True)
    commands = _commands(kind, wanted, made)
    for command in commands:
        if install:
            # Its text goes in by standard input, because crontab cuts off the name of a file after 99 characters.
            _run(command[:-1] + ["-"], made[-1].text) if kind == "cron" else _run(command)
        else:
            note = "   (in place of the whole crontab there was)" if kind == "cron" else ""
            click.echo(f"then: {shlex.join(command)}{note}", err=True)


def _tell_of_others(kind: str, wanted: _Wanted, made: list[File]) -> None:
    """Name what else is scheduled: outlets that stay, and those whose spider is gone."""
    if kind == "systemd":
        there = systemd.scheduled(_unit_folder(wanted))
    elif kind == "cron":
        there = cron.scheduled(made[-1].text)
    else:
        return
    known, _ = _known()
    named = {one.outlet for one in wanted.slots}
    stay = [name for name in there if name not in named and name in known]
    if stay:
        click.echo(f"scheduled already, and left as they are: {', '.join(stay)}", err=True)
    for name in there:
        if name not in known:
            timer = systemd.timer_name(name)
            how = (
                shlex.join([*_systemctl(wanted), "disable", "--now", timer])
                + "; rm "
                + shlex.quote(str(_unit_folder(wanted) / timer))
                if kind == "systemd"
                else "crontab -e, and delete its line"
            )
            click.echo(
                f"there is no spider {name} any more, and it is still scheduled; end that with: {how}",
                err=True,
            )


def _systemctl(wanted: _Wanted) -> list[str]:
    return ["systemctl", *["--user"] * wanted.user]


def _commands(kind: str, wanted: _Wanted, made: list[File]) -> list[list[str]]:
    """Return what sets the written files to work."""
    if kind == "cron":
        return [["crontab", str(made[-1].path)]]
    if kind == "compose":
        return [["docker", "compose", "-f", str(made[-1].path), "up", "--detach", "--build"]]
    timers = [systemd.timer_name(one.outlet) for one in wanted.slots]
    link = [*_systemctl(wanted), "link", *(str(file.path) for file in made[1:])]
    start = [[*_systemctl(wanted), "daemon-reload"], [*_systemctl(wanted), "enable", "--now", *timers]]
    return [link, *start] if wanted.folder else start


def _run(command: list[str], given: str | None = None) -> None:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise click.ClickException(f"there is no command {command[0]} here") from error
    if done.returncode:
        raise click.ClickException(f"{shlex.join(command)} failed: {done.stderr.strip()}")
    click.echo(f"done: {shlex.join(command)}", err=True)
