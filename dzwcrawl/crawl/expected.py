"""Expected records of fixtures: `python -m dzwcrawl.crawl.expected SITE FOLDER [FILE …]`.

Reads the pages that `FOLDER/meta.json` names, or only the given ones, by the rules of a site and writes beside each
its record (`article.json`) or, of a listing, its links and next page (`listing.json`), for a person to look through.
Prints one line a page: `FILE: …`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any, cast

from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from dzwcrawl.article import record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract import extract
from dzwcrawl.extract.listing import read_listing
from dzwcrawl.extract.page import ExtractionError
from dzwcrawl.extract.rules import ListingRules
from dzwcrawl.text import nearest

NOT_ON_A_PAGE = ("id", "first_seen", "last_seen", "revision", "duplicate_of", "cluster")
"""Fields of a record that only the archive has."""


def site_class(name: str) -> type[NewsSpider]:
    """Return the spider class of a site.

    :raises KeyError: when there is none, with the nearest name.
    """
    settings = Settings()
    settings.setmodule("dzwcrawl.settings")
    loader = get_spider_loader(settings)
    if name not in loader.list():
        raise KeyError(f"there is no site {name!r}; {nearest(name, loader.list())}")
    return cast("type[NewsSpider]", loader.load(name))


def expected(site: type[NewsSpider], body: bytes, headers: dict[str, str], url: str) -> dict[str, Any]:
    """Return the record of an article page, or `links` and `next_page` of a listing.

    :raises ExtractionError: when the page is neither by the rules of the site.
    """
    listing: ListingRules | None = getattr(site, "listing", None)
    if listing is not None and not re.search(listing.accept, url):
        found = read_listing(body, headers=headers, url=url, rules=listing)
        if found.links:
            return {"links": [link.url for link in found.links], "next_page": found.next_page}
    article = extract(body, headers=headers, url=url, rules=site.rules_for(url))
    clean_phrases(article)
    article.site, article.canonical_url = site.name, article.canonical_url or url
    return {name: value for name, value in record(article).items() if name not in NOT_ON_A_PAGE}


def main() -> int:
    """Write the expected records of a folder."""
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[2])
    pages = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["pages"]
    failed = 0
    try:
        site = site_class(sys.argv[1])
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    for name in sys.argv[3:] or pages:
        page = pages[name]
        try:
            found = expected(site, (folder / name).read_bytes(), page["headers"], page["url"])
        except ExtractionError as error:
            print(f"{name}: {error}")
            failed = 1
            continue
        text = json.dumps(found, ensure_ascii=False, indent=2)
        (folder / name).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}: {found.get('title') or str(len(found['links'])) + ' links'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
