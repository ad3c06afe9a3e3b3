"""The later passes over the drafts of a partition: digests of cleaned texts, and the records of the result."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import zstandard

from dzwcrawl.archive.files import whole_file
from dzwcrawl.article import Article, record
from dzwcrawl.boilerplate.clean import clean_learned
from dzwcrawl.bulk.drafts import drafts_of
from dzwcrawl.bulk.learning import reasons
from dzwcrawl.bulk.plan import Chosen, Draft
from dzwcrawl.duplicates import order, text_digest
from dzwcrawl.text import digest


def told_of_drafts(file: str) -> list[Draft]:
    """Return what the plan has to know of the drafts of a file, before anything is learned."""
    return [
        Draft(
            bytes.fromhex(digest(key)),
            article.first_seen,
            sort_key(article.published, article.url),
            _digest(_cleaned(article, None)),
        )
        for key, article in drafts_of(file)
    ]


def sort_key(published: str | None, url: str | None) -> str:
    """Return a text that sorts as :func:`dzwcrawl.duplicates.order` does."""
    unknown, moment, length, link = order(published, url)
    return f"{unknown}{moment:<32}{length:06}{link}"


def digests(job: tuple[str, list[Chosen], str]) -> list[bytes | None]:
    """Return the digests of the texts of a file's articles, cleaned by the verdicts of a folder."""
    file, chosen, verdicts = job
    return [_digest(_cleaned(article, verdicts)) for _, article in _articles(file, chosen)]


def write_records(job: tuple[str, list[Chosen], str, str]) -> int:
    """Write the records of a file's articles, cleaned by the verdicts of a folder; return how many."""
    file, chosen, verdicts, target = job
    packer = zstandard.ZstdCompressor(level=10)
    with whole_file(Path(target)) as out, packer.stream_writer(out, closefd=False) as packed:
        for choice, article in _articles(file, chosen):
            article.id, article.duplicate_of = choice.id, choice.duplicate_of
            article.first_seen, article.last_seen = choice.first_seen, choice.last_seen
            line = orjson.dumps(record(_cleaned(article, verdicts)), option=orjson.OPT_APPEND_NEWLINE)
            packed.write(line)
    return len(chosen)


def _articles(file: str, chosen: list[Chosen]) -> Iterator[tuple[Chosen, Article]]:
    wanted = {choice.place: choice for choice in chosen}
    for place, (_, article) in enumerate(drafts_of(file)):
        if place in wanted:
            yield wanted[place], article


def _cleaned(article: Article, verdicts: str | None) -> Article:
    clean_learned(article, reasons(article, verdicts))
    return article


def _digest(article: Article) -> bytes | None:
    text = text_digest(article)
    return None if text is None else bytes.fromhex(text)
