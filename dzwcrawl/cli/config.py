"""`dzwcrawl config`: every setting with its value and where it comes from."""

import json
import os
from typing import Any

import click

from dzwcrawl.configuration import SETTINGS, VARIABLES, SettingError, masked, setting
from dzwcrawl.text import nearest

_BY_VARIABLE = {entry.in_environment: entry.name for entry in SETTINGS}
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--site", metavar="SPIDER", help="As a crawl with this spider has them.")
@click.option("-s", "given", multiple=True, metavar="NAME=VALUE", help="As a crawl with this `-s` has them.")
@click.option("--changed", is_flag=True, help="Only those that are not as dzwcrawl comes.")
@click.option("--all", "everything", is_flag=True, help="Also those of Scrapy's that nobody has set.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def config(
    names: tuple[str, ...],
    site: str | None,
    given: tuple[str, ...],
    changed: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """Show settings, their values and where these come from; check all of them.

    A setting may be named by its variable DZWCRAWL_… as well. Passwords in addresses and secret values are shown as ***. docs/settings.md tells what each setting does.
    """
    # Only here, because everything else of this command line works without Scrapy and starts without it.
    from scrapy.settings import BaseSettings  # noqa: PLC0415

    from dzwcrawl.crawl import checks  # noqa: PLC0415
    from dzwcrawl.crawl.project import project_settings  # noqa: PLC0415

    settings = project_settings()
    variables = [name for name in names if name in VARIABLES]
    names = tuple(_BY_VARIABLE.get(name, name) for name in names if name not in VARIABLES)
    try:
        checks.check_words(given, settings)
        settings.setdict(dict(word.split("=", 1) for word in given), priority="cmdline")
        settings = checks.settings_of(_spider(site, settings), settings) if site else settings
        checks.check_settings(settings, os.environ)
        checks.check_names(names, settings)
    except SettingError as error:
        raise click.UsageError(str(error)) from None
    shown = names if names or variables else settings
    for name in sorted(shown, key=lambda name: (setting(name) is None, name)):
        origin = checks.origin(name, settings, os.environ)
        ours = origin in ("default", "dzwcrawl/settings.py", "scrapy.cfg")
        if names or not ((changed and ours) or (origin == "Scrapy" and not everything)):
            value = settings[name]
            _show(name, value.copy_to_dict() if isinstance(value, BaseSettings) else value, origin, as_json)
    for name in variables or (() if names else (*VARIABLES, *_PROXIES)):
        if os.environ.get(name) or name in variables:
            _show(name, os.environ.get(name), "environment", as_json)


def _spider(name: str, settings: Any) -> Any:
    from scrapy.spiderloader import get_spider_loader  # noqa: PLC0415

    loader = get_spider_loader(settings)
    if name not in loader.list():
        raise SettingError(f"there is no spider {name!r}; {nearest(name, loader.list())}")
    return loader.load(name)


def _show(name: str, value: Any, origin: str, as_json: bool) -> None:
    value = masked(name, value)
    if as_json:
        entry = setting(name)
        meaning = entry.meaning if entry else VARIABLES.get(name)
        row = {"name": name, "value": value, "from": origin, "meaning": meaning}
        click.echo(json.dumps(row, ensure_ascii=False, default=str))
    else:
        click.echo(f"{name} = {value}  [{origin}]")
