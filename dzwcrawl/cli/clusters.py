"""The command that shows which articles are copies of which."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.clusters import Cluster, Member, cluster_of, rebuild
from dzwcrawl.archive.clusters import clusters as find_clusters
from dzwcrawl.cli.options import DAY, archive_option, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.text import counted


@click.command()
@archive_option
@click.option("--site", help="Only clusters with an article of this site.")
@click.option("--since", type=DAY, help="With an article published on this day or later.")
@click.option("--until", type=DAY, help="With an article published on this day or earlier.")
@click.option("--min-size", type=click.IntRange(2), default=2, show_default=True, help="Articles at least.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Clusters at most.")
@click.option("--json", "as_json", is_flag=True, help="One cluster a line, as JSON.")
@click.option("--rebuild", "anew", is_flag=True, help="Compare all articles anew; nothing is shown then.")
def clusters(
    archive_path: Path,
    site: str | None,
    since: str | None,
    until: str | None,
    min_size: int,
    limit: int,
    as_json: bool,
    anew: bool,
) -> None:
    """Show originals with their copies in other outlets, the most copied first.

    `dzwcrawl show --cluster ID` shows all of one.
    """
    with open_archive(archive_path, site) as archive:
        if anew:
            changed = rebuild(archive)
            click.echo(
                f"compared anew: {counted(changed, 'article is', 'articles are')} in another cluster than before",
                err=True,
            )
            return
        found = find_clusters(archive, site=site, since=since, until=until, min_size=min_size, limit=limit)
        number = 0
        for number, cluster in enumerate(found, 1):  # noqa: B007 (it is counted)
            if as_json:
                click.echo(json.dumps(as_record(cluster), ensure_ascii=False))
            else:
                _line(cluster)
    if not number and not as_json:
        click.echo("no clusters", err=True)


def show_cluster(archive: Archive, article: int, *, as_json: bool) -> None:
    """Print the cluster of an article: who was first, who copied when, how much, and what was changed."""
    cluster = cluster_of(archive, article)
    if cluster is None:
        raise click.ClickException(f"article {article} is in no cluster: no other article has its text")
    if as_json:
        click.echo(json.dumps(as_record(cluster), ensure_ascii=False))
        return
    say(cluster.original.title or "(no title)", bold=True)
    say(f"cluster {cluster.id}, {counted(len(cluster.members), 'article')}\n")
    say("   id  published         after   of original  of copy  outlet, its source, what was changed")
    for member in cluster.members:
        kinds = ", ".join(member.kinds) if member is not cluster.original else "original"
        say(
            f"{member.id:5}  {_moment(member):16}  {delay(cluster.original, member):>6}  {member.of_original:11.0%}"
            f"  {member.of_copy:7.0%}  {_outlet(member)}: {kinds}"
        )


def _line(cluster: Cluster) -> None:
    first = cluster.original
    say(f"{cluster.id}  {first.title or '(no title)'}", bold=True)
    say(f"      {_moment(first)}  {_outlet(first)}")
    by_site: dict[str, list[Member]] = {}
    for member in cluster.members:
        if member is not first:
            by_site.setdefault(member.site, []).append(member)
    for site, members in by_site.items():
        copies = ", ".join(
            f"{delay(first, member) or 'day unknown'} ({member.of_copy:.0%})" for member in members
        )
        say(f"      {site}: {copies}")


def _moment(member: Member) -> str:
    return (member.published or "?")[:16].replace("T", " ")


def _outlet(member: Member) -> str:
    return member.site + (f" ({member.source})" if member.source else "")


def delay(original: Member, member: Member) -> str:
    """Return how long after the original a copy was published, as exactly as both dates tell: `+3h`, `+2d`."""
    if member is original:
        return ""
    first, second = original.published or "", member.published or ""
    if min(len(first), len(second)) < 10:
        return ""
    try:
        if min(len(first), len(second)) == 10:
            days = (datetime.fromisoformat(second[:10]) - datetime.fromisoformat(first[:10])).days
            return f"+{days}d" if days else "same day"
        gap: timedelta = datetime.fromisoformat(second) - datetime.fromisoformat(first)
    except (ValueError, TypeError):
        return ""
    minutes = round(gap.total_seconds() / 60)
    if minutes < 60:
        return f"+{minutes}m"
    return f"+{minutes // 60}h" if minutes < 48 * 60 else f"+{minutes // 1440}d"


def as_record(cluster: Cluster) -> dict[str, Any]:
    """Return a cluster as JSON: `{id, members: [{id, site, …, of_original, of_copy, kinds}]}`, the original first."""
    return {"id": cluster.id, "members": [asdict(member) for member in cluster.members]}
