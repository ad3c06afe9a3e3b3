"""The command that tells whether outlets are as they were."""

import json
import sys
from pathlib import Path

import click

from dzwcrawl import notify
from dzwcrawl.archive.facts import Health, accept, latest
from dzwcrawl.archive.telling import lines, tell
from dzwcrawl.cli.options import archive_option, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.health.facts import LEVELS
from dzwcrawl.health.words import sentence
from dzwcrawl.text import nearest

WARN, ALARM = 20, 21
_CODES = {"ok": 0, "warn": WARN, "alarm": ALARM}
_COLOURS = {"ok": "green", "warn": "yellow", "alarm": "red"}


@click.command()
@archive_option
@click.option("--site", help="Only this site.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
@click.option(
    "--notify", "notifies", is_flag=True, help="Tell the addresses in DZWCRAWL_NOTIFY what has changed."
)
@click.option(
    "--accept",
    "accepts",
    is_flag=True,
    help="From now on --site is as it should be: forget how it was before.",
)
def health(archive_path: Path, site: str | None, as_json: bool, notifies: bool, accepts: bool) -> None:
    """Tell whether outlets are as they were (docs/health.md). Exit code 0: yes, 20: look at it, 21: alarm."""
    if accepts and site is None:
        raise click.UsageError("--accept is about one site: name it with --site")
    if notifies and not notify.addresses():
        raise click.UsageError(f"--notify needs addresses in {notify.VARIABLE} (docs/health.md)")
    with open_archive(archive_path) as archive:
        if accepts and site is not None:
            accept(archive, site)
        found = list(latest(archive, site))
        if site is not None and not found:
            known = [each.site for each in latest(archive)]
            raise click.ClickException(f"nothing is known of site {site!r}; {nearest(site, known)}")
        if notifies:
            try:
                tell(archive, found, notify.send)
            except notify.NotifyError as error:
                raise click.ClickException(str(error)) from error
    _print(found, as_json)
    sys.exit(_CODES[max((each.verdict for each in found), key=LEVELS.index, default="ok")])


def _print(found: list[Health], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_record(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        first, *rest = lines(each)
        say(first, fg=_COLOURS[each.verdict])
        for line in rest:
            say(line)
    if not found:
        click.echo("no crawl has been judged yet")


def _record(each: Health) -> dict[str, object]:
    return {
        "site": each.site,
        "verdict": each.verdict,
        "crawl": each.crawl,
        "at": each.at,
        "findings": [
            {
                "check": finding.check,
                "level": finding.level,
                "reason": sentence(finding),
                "numbers": finding.values,
                "pages": list(finding.pages),
            }
            for finding in each.findings
        ],
    }
