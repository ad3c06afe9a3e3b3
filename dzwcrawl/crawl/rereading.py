"""Kept pages read by today's rules, the way a crawl reads a page it has just fetched."""

import hashlib
import inspect
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import dzwcrawl
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reextract import Draft, draft
from dzwcrawl.article import Article, RawPage
from dzwcrawl.crawl.captured import read_page
from dzwcrawl.crawl.outlets import known_outlets
from dzwcrawl.crawl.project import project_settings
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract import ExtractionError
from dzwcrawl.extract.parts import add_part, part_missing, replace
from dzwcrawl.urls import url_key

_READ_BY = ("article.py", "text.py", "urls.py", "dates.py", "boilerplate", "extract")
"""What decides how a page is read, beside the outlet's spider."""


@lru_cache(maxsize=1)
def _outlets() -> list[type[NewsSpider]]:
    return known_outlets(project_settings())


def rules_version() -> str:
    """Return a digest of all that decides how pages are read: the extractor, the spiders, the parser."""
    package = Path(dzwcrawl.__file__).parent
    files = [file for name in _READ_BY for file in [package / name, *(package / name).rglob("*.py")]]
    files += [Path(inspect.getfile(outlet)) for outlet in _outlets()]
    state = hashlib.sha256(version("lxml").encode())
    for file in sorted({file for file in files if file.is_file()}):
        state.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return state.hexdigest()[:16]


def reread(pages: list[RawPage], stored: Article) -> Article:
    """Return the article of its kept pages, read by the spider of its outlet or by the general extractor.

    A part that is not kept, or gives nothing, is noted as missing, for the reason that was noted first.

    :raises ExtractionError: when the first page gives no article.
    """
    first, *parts = pages
    if first.part != 1:
        raise ExtractionError("the first page of the article is not kept")
    article = read_page(first, _outlets())
    if parts and article.whole and url_key(parts[0].url) == url_key(article.whole):
        if replace(article, read_page(parts.pop(0), _outlets())):
            return article
    elif article.whole and not article.parts:
        article.notes += [note for note in stored.notes if note.startswith("the single page ")]
    for page in parts:
        try:
            add_part(article, read_page(page, _outlets()), page.part)
        except ExtractionError as error:
            article.notes.append(part_missing(article, page.part, str(error)))
    kept = {page.part for page in parts}
    for part in range(2, len(article.parts) + 2):
        if part not in kept:
            named = (note for note in stored.notes if note.startswith(f"part {part} of "))
            article.notes.append(next(named, part_missing(article, part, "its page is not kept")))
    return article


@lru_cache(maxsize=1)
def _archive(path: str) -> Archive:
    return Archive(path)


def draft_of(job: tuple[str, int]) -> Draft:
    """Compare one article (path of the archive, id) with its kept pages; each process keeps its archive open."""
    path, article = job
    return draft(_archive(path), article, reread)
