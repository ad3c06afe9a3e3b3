"""`dzwcrawl probe` and `dzwcrawl record`: an unknown outlet looked at, its site file and fixtures written."""

import json
import keyword
import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from dzwcrawl.article import record as record_of
from dzwcrawl.cli.fixtures import PROJECT, check_project, fetch, save_page, write_expected
from dzwcrawl.cli.options import URL
from dzwcrawl.cli.terminal import say
from dzwcrawl.extract.lists import Lists
from dzwcrawl.extract.outlet import Channel, Outlet, Sample, read_by, survey
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import ListingRules
from dzwcrawl.text import counted, one_line

SPIDERS = PROJECT / "dzwcrawl" / "spiders"
FIXTURES = PROJECT / "tests" / "fixtures"

settings_option = click.option(
    "-s",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting for fetching, as of `scrapy crawl`; PRIVATE_ADDRESSES_ALLOWED=1 allows private addresses.",
)


@click.command()
@click.argument("url", type=URL)
@click.option(
    "--write", "name", metavar="NAME", help="Write dzwcrawl/spiders/NAME.py and tests/fixtures/NAME/."
)
@click.option(
    "--sections", type=click.IntRange(0, 30), default=6, show_default=True, help="Sections to look at."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@settings_option
def probe(url: str, name: str | None, sections: int, as_json: bool, settings: tuple[str, ...]) -> None:
    """Look at an outlet, from its front page or a section, and tell how it would be crawled.

    Fetches some thirty pages: robots.txt, sitemaps, feeds, sections with their second pages, a few articles.
    """
    if name is not None:
        _check_name(name)
    try:
        outlet = survey(fetch([url], settings, "--explore", "--sections", str(sections)))
    except ExtractionError as error:
        raise click.ClickException(f"{url}: {error}") from error
    if as_json:
        click.echo(json.dumps(_as_json(outlet), ensure_ascii=False))
    else:
        _show(outlet)
    if name is not None:
        _write(outlet, name)


def _check_name(name: str) -> None:
    check_project()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise click.ClickException(
            f"{name!r} is no name for a site: small letters, digits and _, a letter first"
        )
    for path in (SPIDERS / f"{name}.py", FIXTURES / name):
        if path.exists():
            raise click.ClickException(f"{path} is there already and is not overwritten; choose another name")


def _show(outlet: Outlet) -> None:
    say(f"{outlet.title or outlet.domain}  {outlet.url}", bold=True)
    say(f"  encoding  {outlet.encoding}")
    guess = f"{outlet.cms.name} (by {', '.join(outlet.cms.marks)})" if outlet.cms else "unknown"
    say(f"  CMS       {guess}")
    say(f"  robots    {'; '.join(outlet.robots[:6]) or 'forbids nothing'}")
    for kind, found in (("feed", outlet.feeds), ("sitemap", outlet.sitemaps)):
        for url, number in found:
            say(f"  {kind:<9} {url}  {counted(number, 'entry', 'entries')}")
    _show_lists("lists of the page", outlet.front)
    if outlet.listing is not None:
        say(f"articles are  {outlet.listing.accept}")
    say("would crawl")
    for channel in outlet.channels:
        days = sorted(link.day for link in channel.lists.articles if link.day)
        span = f"{days[0]} to {days[-1]}" if days else "no days"
        more = f"page two: {channel.following_links} more" if channel.following else "no second page found"
        say(f"  {channel.name:<16} {channel.title}  {channel.page.url}")
        say(f"  {'':<16} {counted(len(channel.lists.articles), 'article')}, {span}, {more}")
    say("samples")
    for sample in outlet.samples:
        if sample.article is None:
            say(f"  {sample.page.url}: {sample.error}", fg="yellow")
            continue
        article = sample.article
        facts = [
            article.published,
            article.source,
            "、".join(article.authors),
            f"{len(article.body)} characters",
        ]
        say(f"  {article.title}")
        say(f"    {' · '.join(filter(None, facts))}  {article.url}")
        say(f"    {article.body[:60].splitlines()[0]}…")
    for url, error in outlet.errors:
        say(f"not looked at: {url}: {error}", fg="yellow")


def _show_lists(title: str, lists: Lists) -> None:
    say(title)
    for each in lists.lists[:12]:
        example = next((link.text for link in each.links if link.text), "")
        say(f"  {each.kind:<9} {len(each.links):3} links  {each.selector}  {example[:24]}")


def _as_json(outlet: Outlet) -> dict[str, Any]:
    return {
        "url": outlet.url,
        "title": outlet.title,
        "encoding": outlet.encoding,
        "cms": outlet.cms.name if outlet.cms else None,
        "robots": outlet.robots,
        "feeds": [url for url, _ in outlet.feeds],
        "sitemaps": [url for url, _ in outlet.sitemaps],
        "accept": outlet.listing.accept if outlet.listing else None,
        "links": outlet.listing.links if outlet.listing else None,
        "front": [link.url for link in outlet.front.articles],
        "channels": [
            {
                "name": channel.name,
                "url": channel.page.url,
                "articles": [link.url for link in channel.lists.articles],
                "next_page": channel.following,
            }
            for channel in outlet.channels
        ],
        "samples": [
            record_of(s.article) if s.article else {"url": s.page.url, "error": s.error}
            for s in outlet.samples
        ],
    }


def _write(outlet: Outlet, name: str) -> None:
    """Write site file and fixtures, and say how the file reads the fixtures."""
    if outlet.listing is None or not outlet.channels:
        raise click.ClickException("no list of articles was found, so there is no site file to write")
    channel, sample = _example(outlet, outlet.listing)
    (SPIDERS / f"{name}.py").write_text(site_file(outlet, name), encoding="utf-8")
    folder = FIXTURES / name
    save_page(folder, "listing.html", channel.page)
    if sample is not None:
        save_page(folder, "article.html", sample.page)
    code, said = write_expected(name, folder)
    click.echo(f"\nwritten: {SPIDERS / name}.py, {folder}/")
    click.echo(said)
    if code:
        raise click.ClickException("the site file does not read its own fixtures: edit its rules")
    click.echo(f"look the records through, then: scrapy crawl {name} -a pages=1")


def _example(outlet: Outlet, rules: ListingRules) -> tuple[Channel, Sample | None]:
    """Return the channel whose page the rules read best, and an article that it lists, if one was read."""
    listed = [({link.url for link in read_by(rules, channel)}, channel) for channel in outlet.channels]
    read = [sample for sample in outlet.samples if sample.article is not None]
    urls, best = max(listed, key=lambda pair: (any(s.page.url in pair[0] for s in read), len(pair[0])))
    return best, next((sample for sample in read if sample.page.url in urls), next(iter(read), None))


def site_file(outlet: Outlet, name: str) -> str:
    """Return the site file of an outlet."""
    rules = outlet.listing
    assert rules is not None
    title = _prose(outlet.title) or name
    system = f" On {_prose(outlet.cms.name)}." if outlet.cms else ""
    lines = [
        f'"""{title} ({outlet.domain}).{system} Written by `dzwcrawl probe` on {date.today()}: look it through."""',
        "",
        "from dzwcrawl.crawl.spider import NewsSpider",
        "from dzwcrawl.extract.rules import ListingRules",
        "",
        "",
        f"class {''.join(part.title() for part in name.split('_'))}Spider(NewsSpider):",
        '    """Listings by rules; articles by the general extractor."""',
        "",
        f"    name = {_quoted(name)}",
        f"    allowed_domains = [{_quoted(outlet.domain)}]",
        "    channels = {",
        *(
            f"        {_quoted(c.name)}: {_quoted(c.page.url)},{f'  # {_prose(c.title)}' if c.title else ''}"
            for c in outlet.channels
        ),
        "    }",
        "    listing = ListingRules(",
        f"        links={_quoted(rules.links)},",
        f"        accept={_quoted(rules.accept)},",
    ]
    if rules.deny:
        lines.append(f"        deny={_quoted(rules.deny)},")
    if rules.pager and rules.pager != type(rules).pager:
        lines.append(f"        pager={_quoted(rules.pager)},")
    lines.append("    )")
    for kind, found in (("feeds", outlet.feeds), ("sitemaps", outlet.sitemaps)):
        if found:
            named = ", ".join(f'"{kind[:-1]}_{n}": {_quoted(url)}' for n, (url, _) in enumerate(found, 1))
            lines.append(f"    # {kind} = {{{named}}}")
    templates = [sample.article.template for sample in outlet.samples if sample.article]
    bodies = {re.split("[ >]", template)[-1] for template in templates if template}
    if len(bodies) == 1:
        lines += [
            "    # Rules make sure of what the general extractor found (import ArticleRules):",
            f'    # article = ArticleRules(title="h1", body={_quoted(bodies.pop())})',
        ]
    return "\n".join(lines) + "\n"


def _prose(text: str) -> str:
    """Return what of a text may stand in a docstring or comment."""
    return re.sub(r"[^\w\s.,:;!?()·《》“”&/+-]", "", one_line(text))


def _quoted(text: str) -> str:
    """Return a text as Python source: what pages say must never become code."""
    plain = text.isprintable() and '"' not in text
    if plain and "\\" not in text:
        return f'"{text}"'
    if plain and not text.endswith("\\"):
        return f'r"{text}"'
    return repr(text)


@click.command()
@click.argument("site")
@click.argument("url", type=URL)
@click.option(
    "--as", "name", metavar="NAME", help="Name of the fixture. Default: article, or the last name of the URL."
)
@settings_option
def record(site: str, url: str, name: str | None, settings: tuple[str, ...]) -> None:
    """Save a page of SITE as a fixture, with its expected record for review."""
    check_project()
    if not (SPIDERS / f"{site}.py").is_file():
        known = ", ".join(sorted(path.stem for path in SPIDERS.glob("[a-z]*.py")))
        raise click.ClickException(f"there is no site {site!r}; there are {known}")
    page = fetch([url], settings)[0]
    if not page.body:
        raise click.ClickException(f"{url}: {page.error}")
    folder = FIXTURES / site
    file = _fixture_name(folder, page.url, name)
    save_page(folder, file, page)
    code, said = write_expected(site, folder, file)
    click.echo(said)
    if code:
        raise click.ClickException(f"{folder / file} is saved, without a record")
    click.echo(f"{folder / file}: look through {Path(file).with_suffix('.json')}")


def _fixture_name(folder: Path, url: str, name: str | None) -> str:
    if name is None:
        name = "article"
        if (folder / "article.html").exists():
            name = re.sub(r"\W+", "-", url.rstrip("/").rpartition("/")[2].rpartition(".")[0] or "page").strip(
                "-"
            )
    if not re.fullmatch(r"[\w-]+", name):
        raise click.ClickException(f"{name!r} is no name for a fixture: letters, digits, - and _")
    return f"{name}.html"
