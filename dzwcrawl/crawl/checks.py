"""What is said about a configuration before a crawl begins: settings, wherever they come from, and scrapy.cfg."""

import configparser
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings, default_settings
from scrapy.utils.conf import closest_scrapy_cfg

from dzwcrawl import configuration
from dzwcrawl.configuration import SETTINGS, Setting, SettingError
from dzwcrawl.crawl.addresses import is_live
from dzwcrawl.crawl.limits import parse_window
from dzwcrawl.crawl.project import shipped_settings
from dzwcrawl.text import nearest

_OF_SCRAPY = {name for name in dir(default_settings) if name.isupper()}
# Scrapy reads these too, and has no default of them where the others are.
_UNLISTED = {
    "META_COPY_WARN_SKIP_KEYS", "CONCURRENT_REQUESTS_PER_IP", "CHECK", "PROJECT", "PYTHON_SHELL", "SETTINGS_MODULE",
    *(f"{kind}_{what}" for kind in ("FILES", "IMAGES") for what in ("EXPIRES", "URLS_FIELD", "RESULT_FIELD")),
    "IMAGES_THUMBS", "IMAGES_MIN_WIDTH", "IMAGES_MIN_HEIGHT", "MEDIA_ALLOW_REDIRECTS",
}  # fmt: skip
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|https?://[\w-]+(\.[\w-]+)+")
_SCRAPY_CFG: Mapping[str, set[str] | None] = {
    "deploy": {"url", "project", "username", "password", "version"},
    **dict.fromkeys(("settings", "datadir", "scrapyd", "services", "environment")),  # names in them are free
}


def check_names(names: Iterable[str], settings: BaseSettings, where: str = "") -> None:
    """Check that settings exist.

    :param where: the end of "there is no setting X", where it was found.
    :raises SettingError: naming the nearest right one, or what to do with names that are meant as they are.
    """
    rest = "docs/settings.md names ours; name others in OTHER_SETTINGS, and begin your own constants with _"
    known = _OF_SCRAPY | _UNLISTED | {entry.name for entry in SETTINGS}
    known |= set(settings.getlist("OTHER_SETTINGS"))
    for name in names:
        if name not in known:
            raise SettingError(f"there is no setting {name}{where}; {nearest(name, known, otherwise=rest)}")


def check_words(given: Iterable[str], settings: BaseSettings) -> None:
    """Check settings given as NAME=VALUE.

    :raises SettingError: naming the nearest right one, or saying what a value may be.
    """
    for word in given:
        name, equals, _ = word.partition("=")
        if not equals:
            raise SettingError(f"settings are given as NAME=VALUE, not {word!r}")
        check_names([name], settings)


def settings_of(spider: type[Spider], settings: Settings) -> Settings:
    """Return the settings a crawl of a spider has: the project's, with what its class brings (`custom_settings`)."""
    merged = settings.copy()
    spider.update_settings(merged)
    return merged


def check_settings(settings: BaseSettings, environment: Mapping[str, str]) -> None:
    """Check all settings of a crawl, names and values, whatever they come from, and the scrapy.cfg one stands under.

    :raises SettingError: naming what is wrong, where, and what would be right.
    """
    configuration.check_environment(environment)
    if closest_scrapy_cfg():
        check_project_file(Path(closest_scrapy_cfg()))
    for name in settings:
        check_names([name], settings, f" ({origin(name, settings, environment)})")
        _check_value(name, settings, environment)
    if settings["CRAWL_WINDOW"]:
        try:
            parse_window(settings["CRAWL_WINDOW"])
        except ValueError as error:
            raise SettingError(str(error)) from None


class MissingContactError(SettingError):
    """Nobody has said who crawls."""


def check_contact(settings: BaseSettings, environment: Mapping[str, str]) -> None:
    """Refuse to fetch from the servers of others without saying who does.

    :raises MissingContactError: where nothing was said.
    :raises SettingError: where what was said is no contact; both say how one is given.
    """
    if not is_live(settings) or _CONTACT.search(settings["USER_AGENT"] or ""):
        return
    how = (
        "export DZWCRAWL_CONTACT=you@example.org (or the URL of a page about your archive); a USER_AGENT of your own must "
        "have one in it"
    )
    if origin("USER_AGENT", settings, environment) == "default":
        raise MissingContactError(f"say who crawls, so that an outlet can reach you: {how}")
    raise SettingError(f"USER_AGENT={settings['USER_AGENT']} has no contact that an outlet could use: {how}")


def _check_value(name: str, settings: BaseSettings, environment: Mapping[str, str]) -> None:
    value = settings[name]
    standard = getattr(default_settings, name, None)
    entry = configuration.setting(name) or _entry_of_scrapy(name, standard)
    if entry is None or value == standard or value is None:
        return
    try:
        configuration.check_value(entry, value)
    except SettingError as error:
        raise SettingError(f"{error} ({origin(name, settings, environment)})") from None


def _entry_of_scrapy(name: str, standard: Any) -> Setting | None:
    """Return what Scrapy's default tells about a setting: that it is a switch or a number."""
    if isinstance(standard, bool):
        return Setting(name=name, kind="switch", default=standard, meaning="", scrapys=True)
    if isinstance(standard, int | float):
        return Setting(name=name, kind="number", default=standard, meaning="", scrapys=True, least=-math.inf)
    return None


def origin(name: str, settings: BaseSettings, environment: Mapping[str, str]) -> str:
    """Return where the value of a setting comes from, as `dzwcrawl config` tells it.

    `default` is ours; the name of a module is that of a settings.py of one's own.
    """
    priority = settings.getpriority(name) or 0
    if priority == SETTINGS_PRIORITIES["cmdline"]:
        return "command line"
    if priority == SETTINGS_PRIORITIES["spider"]:
        return "spider"
    if priority < SETTINGS_PRIORITIES["project"]:
        return "Scrapy"
    if name == "SETTINGS_MODULE":
        return "scrapy.cfg"
    entry = configuration.setting(name)
    value = settings[name]
    for variable in configuration.variables_of(name):
        given = environment.get(variable, "").strip()
        if given and given in str(value):
            return f"${variable}"
    shipped = shipped_settings()
    if entry and value == (shipped[name] if entry.default is None else entry.default):
        return "default"
    return "dzwcrawl/settings.py" if value == shipped[name] else str(settings["SETTINGS_MODULE"])


def check_project_file(path: Path) -> None:
    """Check the sections and names in a scrapy.cfg; Scrapy and scrapyd pass over what they do not know.

    :raises SettingError: naming the nearest right one.
    """
    parser = configparser.ConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except configparser.Error as error:
        raise SettingError(f"{path} cannot be read: {error}") from None
    for section in parser.sections():
        kind = section.partition(":")[0]
        if kind not in _SCRAPY_CFG:
            raise SettingError(f"{path} has a section [{section}]; {nearest(kind, _SCRAPY_CFG)}")
        names = _SCRAPY_CFG[kind]
        for name in parser[section]:
            if names is not None and name not in names:
                raise SettingError(f"{path} has {name} in [{section}]; {nearest(name, names)}")
