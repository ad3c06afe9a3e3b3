"""Six outlets without a site file: `dzwcrawl probe`, the file it writes, and `scrapy crawl news` (`make bench-probe`)."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from dzwcrawl.extract.lists import find_lists
from tests.conftest import ROOT
from tests.unknown.measure import Measure, crawl, linked, measure, probe, project_copy, stored
from tests.unknown.model import Site
from tests.unknown.server import Served, all_sites, serving

_HEAD = "| {:<38} | links found | false | precision | recall | fields right | text F1 |"
_ROW = "| {:<38} | {:>4} of {:<4} | {:>5} | {:>9.3f} | {:>6.3f} | {:>5} of {:<4} | {:>7.3f} |"


def _line(name: str, m: Measure) -> str:
    return _ROW.format(name, m.found, m.links, m.false, m.precision(), m.recall(), m.right, m.fields, m.text)


def probed(served: Served, site: Site, project: Path) -> tuple[list[str], bool]:
    """Probe an outlet and crawl it by the file that was written; tell whether that brought all and nothing else."""
    done = probe(served, site.front, "--write", f"probed_{site.name}", "--json", project=project)
    if done.returncode:
        return [f"probe of {site.name} failed: {done.stderr.strip()}"], False
    found = json.loads(done.stdout.splitlines()[0])
    urls = {url for channel in found["channels"] for url in channel["articles"]}
    samples = [sample for sample in found["samples"] if "error" not in sample]
    lines = [_line(f"probe {site.name} ({found['cms']})", measure(site, linked_of(site), urls, samples))]
    archive = project / f"{site.name}.db"
    done = crawl(served, f"probed_{site.name}", archive, project=project)
    result = measure(site, set(site.by_url()), *stored(archive))
    lines.append(_line(f"its file, unedited (exit code {done.returncode})", result))
    return lines, done.returncode == 0 and result.recall() == 1.0 and not result.false


def linked_of(site: Site) -> set[str]:
    """The articles in the lists of the first pages of the sections, without the rankings beside them."""
    return {piece.url for section in range(len(site.listings)) for piece in site.of(section, 0)}


def news(served: Served, site: Site, folder: Path) -> list[str]:
    """Crawl an outlet without rules, from its front page, then from its sections."""
    archive = folder / "news.db"
    crawl(served, "news", archive, "-a", f"url={site.front}")
    lines = [
        _line(
            f"news -a url=(front of {site.name})", measure(site, linked(site, site.front), *stored(archive))
        )
    ]
    archive = folder / "sections.db"
    crawl(served, "news", archive, "-a", f"url={' '.join(site.listings)}")
    return [*lines, _line("news -a url=(its sections)", measure(site, set(site.by_url()), *stored(archive)))]


def shipped() -> str:
    """Compare what is found on the listing pages of the fixtures with what their rules are expected to bring."""
    links = found = false = pages = 0
    for meta in sorted((ROOT / "tests" / "fixtures").glob("*/meta.json")):
        page = json.loads(meta.read_text(encoding="utf-8"))["pages"].get("listing.html")
        if page is None:
            continue
        body = meta.with_name("listing.html").read_bytes()
        expected = set(json.loads(meta.with_name("listing.json").read_text(encoding="utf-8"))["links"])
        urls = {link.url for link in find_lists(body, headers=page["headers"], url=page["url"]).articles}
        pages, links, found = pages + 1, links + len(expected), found + len(urls & expected)
        false += len(urls - expected)
    return f"{found} of {links} links on {pages} pages, {false} false"


def main() -> None:
    """Print the table."""
    sites = all_sites()
    print(_HEAD.format("six invented outlets"))
    print("|" + "---|" * 7)
    working = 0
    with serving(sites) as served, tempfile.TemporaryDirectory() as folder:
        project = project_copy(Path(folder) / "project")
        for site in sites:
            lines, works = probed(served, site, project)
            working += works
            with tempfile.TemporaryDirectory() as archives:
                print("\n".join([*lines, *news(served, site, Path(archives))]), flush=True)
    print(f"\nlisting pages of the shipped outlets' fixtures, read without their rules: {shipped()}")
    print(f"files that bring every article and nothing else, unedited: {working} of {len(sites)}")


if __name__ == "__main__":
    main()
