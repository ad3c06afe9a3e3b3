"""The first pass: the articles of a partition, read by today's rules and cleaned by phrases, in a file of their own.

A draft file is whole or not there: what a stopped job has read is not read again, unless the file, the rules or the
extractor have changed since.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import orjson
import zstandard

from dzwcrawl.archive.files import whole_file
from dzwcrawl.archive.rows import from_row, to_row
from dzwcrawl.article import Article, RawPage
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.bulk.partitions import Partition, SourceError, captured_pages
from dzwcrawl.crawl.assembly import Assembly
from dzwcrawl.crawl.captured import read_first_page, read_page
from dzwcrawl.crawl.outlets import known_outlets, outlet_of
from dzwcrawl.crawl.project import project_settings
from dzwcrawl.crawl.rereading import rules_version
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract import ExtractionError, NotAnArticle
from dzwcrawl.urls import url_key


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a partition: `drafts` is the file with its articles, `error` says why it broke off."""

    drafts: str
    articles: int
    pages: int
    skipped: dict[str, int] = field(default_factory=dict)
    error: str | None = None


def read_partition(job: tuple[Partition, str]) -> Reading:
    """Read a partition into a draft file in the given folder, unless that has been done."""
    partition, folder = job
    drafts = Path(folder) / f"{partition.number:06}-{_fingerprint(partition)}.drafts"
    told = drafts.with_suffix(".json")
    if told.is_file():
        return Reading(**orjson.loads(told.read_bytes()))
    reader, error, articles = _Reader(), None, 0
    packer = zstandard.ZstdCompressor(level=3)
    with whole_file(drafts) as out, packer.stream_writer(out, closefd=False) as packed:
        try:
            for article in reader.articles(partition):
                row = {"key": _key(article), **to_row(article)}
                packed.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
                articles += 1
        except SourceError as broken:
            error = str(broken)
    reading = Reading(str(drafts), articles, reader.pages, dict(sorted(reader.skipped.items())), error)
    if error is None:
        with whole_file(told) as out:
            out.write(orjson.dumps(reading))
    return reading


def drafts_of(file: str) -> Iterator[tuple[str, Article]]:
    """Yield the key and the article of each draft of a file, in the order of the pages."""
    with Path(file).open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as plain:
        for line in io.BufferedReader(plain):
            row = orjson.loads(line)
            yield row.pop("key"), from_row(row | {"id": None})


def _fingerprint(partition: Partition) -> str:
    stat = Path(partition.path).stat()
    told = f"{rules_version()} {partition.path} {partition.group} {stat.st_size} {stat.st_mtime_ns}"
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:16]


@lru_cache(maxsize=1)
def _outlets() -> list[type[NewsSpider]]:
    return known_outlets(project_settings())


def _key(article: Article) -> str:
    assert article.url is not None
    site, outlet = outlet_of(article.url, _outlets(), NewsSpider)
    return url_key(article.url, outlet.identity, site)


class _Reader:
    """Reads partitions, and counts what gave no article."""

    def __init__(self) -> None:
        self.pages = 0
        self.skipped: Counter[str] = Counter()
        self._assembly = Assembly(self._begin, lambda page: read_page(page, _outlets()))

    def articles(self, partition: Partition) -> Iterator[Article]:
        """Yield the articles of a partition as they are complete, cleaned by phrases.

        :raises SourceError: at the end of a partition that broke off, after the articles before the breach.
        """
        for article in self._complete(partition):
            clean_phrases(article)
            if article.body:
                yield article
            else:
                self._skip("nothing but boilerplate where the body should be")

    def _complete(self, partition: Partition) -> Iterator[Article]:
        broken: SourceError | None = None
        try:
            for captured in captured_pages(partition, self._skip):
                if isinstance(captured, RawPage):
                    self.pages += 1
                    yield from self._assembly.take(captured)
                else:
                    yield from self._assembly.last_seen(
                        str(captured.get("url")), str(captured.get("last_seen"))
                    )
        except SourceError as error:
            broken = error
        yield from self._assembly.rest()
        if broken is not None:
            raise broken

    def _skip(self, reason: str) -> None:
        self.skipped[reason] += 1

    def _begin(self, page: RawPage) -> Article | None:
        try:
            article = read_first_page(page, _outlets())
        except NotAnArticle as error:
            self._skip(str(error))
            return None
        except ExtractionError:
            self._skip("a rule of its site matches nothing")
            return None
        # The archive keeps pages; a collection has them already.
        article.pages.clear()
        article.first_seen = article.last_seen = page.fetched or None
        return article
