"""Commands that read the archive: show, stats."""

import json
from pathlib import Path

import click

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.history import at_revision, revisions
from dzwcrawl.archive.statistics import summary
from dzwcrawl.article import Article, record
from dzwcrawl.cli.clusters import show_cluster
from dzwcrawl.cli.options import archive_option, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.text import counted


def found_article(archive: Archive, id_or_url: str) -> Article:
    """Return an article by id or URL, or say that there is none."""
    found = archive.article(id_or_url)
    if found is None:
        raise click.ClickException(f"{archive.path} has no article {id_or_url}")
    return found


@click.command()
@archive_option
@click.argument("article", metavar="ID|URL")
@click.option("--json", "as_json", is_flag=True, help="Print the record.")
@click.option("--removed", is_flag=True, help="Also show the lines that were left out, each with its reason.")
@click.option(
    "--revision", type=click.IntRange(1), help="As it was at this revision. Default: the present one."
)
@click.option("--cluster", is_flag=True, help="Its copies in other outlets instead: who, when, how much.")
def show(
    archive_path: Path, article: str, as_json: bool, removed: bool, revision: int | None, cluster: bool
) -> None:
    """Show one article, and its revisions."""
    with open_archive(archive_path) as archive:
        present = found_article(archive, article)
        if cluster:
            show_cluster(archive, present.id or 0, as_json=as_json)
            return
        history = revisions(archive, present)
        found = at_revision(archive, present, revision or present.revision)
        vanished = archive.query_value("SELECT vanished FROM articles WHERE id = ?", (present.id,))
    if found is None:
        numbers = ", ".join(str(each.number) for each in history)
        raise click.ClickException(f"article {present.id} has no revision {revision}; it has {numbers}")
    if as_json:
        click.echo(json.dumps(record(found), ensure_ascii=False))
        return
    _show(found, removed, vanished)
    if len(history) > 1:
        click.echo("\nrevisions:")
    for each in history if len(history) > 1 else []:
        kinds = f"  {', '.join(each.changes)}" if each.changes else ""
        click.echo(f"  {each.number}  {each.seen()}{kinds}")


def _show(article: Article, removed: bool, vanished: str | None) -> None:
    if article.kicker:
        say(article.kicker)
    say(article.title or "(no title)", bold=True)
    if article.subtitle:
        say(article.subtitle)
    facts = [
        article.published,
        article.source,
        "、".join(article.authors),
        article.section and " > ".join(article.section),
    ]
    say(" · ".join(str(fact) for fact in facts if fact))
    if article.edition is not None:
        number, name = article.edition.page, article.edition.name
        page = f", page {number or '?'}" + (f" {name}" if name else "")
        place = f", article {article.edition.place}" if article.edition.place else ""
        say(f"edition of {article.edition.date}{page}{place}")
    say(f"{article.url}  (id {article.id}, revision {article.revision}, first seen {article.first_seen})")
    if article.duplicate_of is not None:
        say(f"a copy of article {article.duplicate_of}")
    if article.cluster is not None:
        say(f"in the cluster of article {article.cluster}: dzwcrawl show --cluster {article.id}")
    if vanished is not None:
        say(f"vanished from its site since {vanished}", fg="yellow")
    for note in article.notes:
        say(f"note: {note}", fg="yellow")
    click.echo()
    for block in article.blocks:
        if block.removed is None:
            say(block.text)
        elif removed:
            say(f"  - {block.text}  [{block.removed}]", dim=True)
    if article.editors:
        say(f"\n责任编辑: {'、'.join(article.editors)}")


_COUNTED = (
    ("articles", "article", ""),
    ("duplicates", "copy", "copies"),
    ("other_urls", "further URL", ""),
    ("revisions", "older revision", ""),
)


@click.command()
@archive_option
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def stats(archive_path: Path, as_json: bool) -> None:
    """Tell what the archive holds, what was left out and why."""
    with open_archive(archive_path) as archive:
        numbers, invented = summary(archive), archive.is_demo()
    if as_json:
        click.echo(json.dumps(numbers, ensure_ascii=False))
        return
    click.echo(f"{archive_path}: {numbers['bytes'] / 1e6:.1f} MB, {counted(numbers['crawls'], 'crawl')}")
    click.echo(
        ", ".join(counted(numbers[name], one, many) for name, one, many in _COUNTED)
        + f", {numbers['vanished']} vanished from their site, "
        f"{counted(numbers['found_not_fetched'], 'URL')} found and not yet fetched"
    )
    if invented:
        click.echo("a demo: all articles are invented")
    if numbers["forgotten"]:
        click.echo(f"{numbers['forgotten']} taken down (dzwcrawl forget)")
    kept = numbers["pages"]
    click.echo(
        f"{counted(kept['pages'], 'raw page')}, {kept['received'] / 1e6:.1f} MB as received, {kept['stored'] / 1e6:.1f} MB stored"
    )
    for site in numbers["sites"]:
        click.echo(
            f"  {site['site']}: {site['articles']} ({counted(site['duplicates'], 'copy', 'copies')}), {site['first']} to {site['last']}"
        )
    if numbers["changes"]:
        _table("changes of articles, by kind", numbers["changes"])
    _table("lines left out of bodies, by reason", numbers["lines_removed"])
    _table("URLs refused, by reason", numbers["refused"])


def _table(title: str, rows: dict[str, int]) -> None:
    click.echo(f"{title}: {sum(rows.values())}")
    for name, number in rows.items():
        say(f"  {number:7}  {name}")
