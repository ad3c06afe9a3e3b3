"""`make outlets-table`: docs/outlets.md, made from the spiders and the `meta.json` of their fixtures."""

from importlib import import_module

from dzwcrawl.crawl.spider import NewsSpider
from tests.conftest import ROOT
from tests.outlets import Fixture, fixtures

DOCUMENT = ROOT / "docs" / "outlets.md"

_HEAD = """# Outlets

Made by `make outlets-table` from the spiders and their fixtures; do not edit. How to add one:
[add-an-outlet.md](add-an-outlet.md).

**"Not verified" means what it says**: the rules follow evidence found in public sources, of the years named, and the
pages in `tests/fixtures/` were written from that evidence with invented news, not fetched. A site may have changed
since. Where its templates did, a crawl says so: a rule that matches nothing is an error, a listing without article
links too. Who has seen a spider work on the live site puts the day into `meta.json` (`"live": "YYYY-MM-DD"`). What
each row rests on, and what about it is a guess, is below the table.

`make bench-outlets` crawls every outlet from a replica of these pages; the suite crawls three.

| spider | outlet | family | listings | years of the evidence | live |
|---|---|---|---|---|---|
"""


def _title(spider: type[NewsSpider]) -> str:
    return (import_module(spider.__module__).__doc__ or "").partition("\n")[0].rstrip(".")


def _row(outlet: Fixture) -> str:
    spider = outlet.spider
    family = "digital newspaper" if spider.papers else getattr(spider, "family", "its own")
    return (
        f"| `{outlet.name}` | {_title(spider)} | {family} | {len(spider.channels) or 'by date'} | "
        f"{outlet.meta['year']} | {outlet.meta.get('live', 'not verified')} |"
    )


def document() -> str:
    """Return the text of docs/outlets.md."""
    outlets = fixtures()
    rows = "\n".join(map(_row, outlets))
    notes = "\n".join(
        f"- **{outlet.name}**: {outlet.meta['evidence']}. *Unsure:* {outlet.meta['unsure']}."
        for outlet in outlets
    )
    return f"{_HEAD}{rows}\n\n## What each rests on\n\n{notes}\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
