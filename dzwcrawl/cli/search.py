"""`dzwcrawl search`: articles that have given words."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import click

from dzwcrawl.archive import search as searching
from dzwcrawl.archive.search import ORDERS, Hit, Order
from dzwcrawl.cli.options import archive_option, filter_options, open_archive
from dzwcrawl.cli.terminal import say
from dzwcrawl.search.snippets import Pieces
from dzwcrawl.text import closest, counted, visible


# Unknown options are words, because `招商 -潍坊` without quotes is a query too.
@click.command("search", context_settings={"ignore_unknown_options": True})
@archive_option
@click.argument("words", nargs=-1, metavar="QUERY")
@filter_options
@click.option("--unique", is_flag=True, help="Leave out copies of other articles.")
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default="relevance",
    show_default=True,
    help="The best first, the newest, or the best of the fresh.",
)
@click.option(
    "--variants", is_flag=True, help="Simplified characters find traditional ones, and the other way round."
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.option("--rebuild", is_flag=True, help="Make the index anew from the articles; takes no query.")
def search_command(
    archive_path: Path,
    words: tuple[str, ...],
    order: str,
    variants: bool,
    limit: int,
    as_json: bool,
    unique: bool,
    rebuild: bool,
    **filters: Any,
) -> None:
    """Find articles by their words: 招商 潍坊 (both), 招商 OR 潍坊, 招商 -潍坊, "招商 引资" (as it stands), AI* (AI, AIGC …).

    Every part of a Chinese text is found, Latin words and figures as whole words. docs/search.md says more.
    """
    _refuse_options(words)
    query = " ".join(words) or None  # who forgets the quotes around several words means them together
    if rebuild == (query is not None):
        raise click.UsageError("name what to look for" if query is None else "--rebuild takes no query")
    with open_archive(archive_path, filters["site"]) as archive:
        if query is None:
            click.echo(f"the search index has {counted(searching.rebuild(archive), 'article')}", err=True)
            return
        filters |= {"duplicates": not unique, "variants": variants}
        try:
            number = searching.count(archive, query, **filters)
            hits = searching.search(archive, query, order=cast("Order", order), limit=limit, **filters)
        except searching.QueryError as error:
            raise click.BadParameter(str(error), param_hint="QUERY") from error
    for hit in hits:
        if as_json:
            click.echo(json.dumps(_json(hit), ensure_ascii=False))
        else:
            _show(hit)
    click.echo(_summary(query, number, len(hits)), err=as_json)


_OPTION = re.compile("--.*|-[A-Za-z]")


def _refuse_options(words: tuple[str, ...]) -> None:
    """Refuse a misspelt option among the words of a query."""
    known = [name for option in click.get_current_context().command.params for name in option.opts]
    for word in words:
        if _OPTION.fullmatch(word):
            near = closest(word.partition("=")[0], known)
            raise click.NoSuchOption(word, possibilities=[near] if near else None)


def _summary(query: str, number: int, shown: int) -> str:
    if not number:
        return f"no article matches {query}"
    matches = counted(number, "article matches", "articles match")
    return matches if shown == number else f"{matches}; these are {shown} of them (--limit)"


def _show(hit: Hit) -> None:
    click.echo(_styled(hit.title_pieces, bold=True) or click.style("(no title)", bold=True))
    click.echo(f"  {_styled(hit.snippet)}")
    facts = [(hit.published or "no date")[:16].replace("T", " "), hit.source, hit.site, f"id {hit.id}"]
    say(f"  {' · '.join(fact for fact in facts if fact)}\n", dim=True)


def _styled(pieces: Pieces, *, bold: bool = False) -> str:
    return "".join(
        click.style(visible(text), fg="red", bold=True)
        if is_hit
        else click.style(visible(text), bold=bold or None)
        for text, is_hit in pieces
    )


def _json(hit: Hit) -> dict[str, Any]:
    """Return a hit with its snippet as text, and where in it the marks begin and end."""
    line = asdict(hit)
    del line["title_pieces"]
    line["snippet"] = "".join(text for text, _ in hit.snippet)
    line["marks"] = marks = []
    at = 0
    for text, is_hit in hit.snippet:
        if is_hit:
            marks.append([at, at + len(text)])
        at += len(text)
    return line
