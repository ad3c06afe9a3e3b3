"""Feeding an outlet's pages in time order through the public path into a fresh archive, a crawl a day."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.reclean import reclean
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import ExtractionError, extract
from dzwcrawl.text import fold, fold_words
from tests.bench.boilerplate.model import Line, Outlet, TruePage
from tests.bench.boilerplate.world import pages


def key(text: str) -> str:
    """Return a line as it is compared: width, case, blanks and punctuation do not matter."""
    return fold_words(text) or fold(text)


def keys(lines: str) -> frozenset[str]:
    """Return the lines of a text as they are compared."""
    return frozenset(key(line) for line in lines.split("\n"))


@dataclass(slots=True)
class Fed:
    """A page that was fed: its truth, and which lines were left after each stage. `id` is None when none was stored."""

    page: TruePage
    judged: list[tuple[Line, str]]
    extracted: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    id: int | None = None


@dataclass(slots=True)
class Life:
    """When a banner was first shown and first removed, as (page of the outlet, day, pages that showed it by then)."""

    first: tuple[int, int]
    shown: int = 0
    left_when_stored: int = 0
    new: tuple[int, int, int] | None = None
    old: tuple[int, int, int] | None = None
    first_id: int = 0
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Feeding:
    """What happened so far to the pages of one outlet. `seconds` are CPU seconds by stage."""

    outlet: Outlet
    fed: list[Fed] = field(default_factory=list)
    lives: dict[int, Life] = field(default_factory=dict)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    failures: Counter[str] = field(default_factory=Counter)


def judged(page: TruePage) -> list[tuple[Line, str]]:
    """Return the lines that can be judged: not captions, and no text that is both news and furniture here."""
    kinds: dict[str, set[bool]] = {}
    for line in page.lines:
        kinds.setdefault(key(line.text), set()).add(line.boilerplate)
    return [
        (line, key(line.text)) for line in page.lines if not line.unjudged and len(kinds[key(line.text)]) == 1
    ]


def feed(
    outlet: Outlet, archive: Archive, points: Sequence[int], seed: int
) -> Iterator[tuple[int, Feeding, dict[int, frozenset[str]]]]:
    """Feed `max(points)` pages; at each point yield it, all pages fed and the bodies stored now, by id."""
    feeding = Feeding(outlet)
    day = 0
    for page in pages(outlet, max(points), seed):
        if page.day_number != day:
            _end_crawl(feeding, archive, day)
            day = page.day_number
        feeding.fed.append(_feed_one(feeding, archive, page))
        if len(feeding.fed) in points:
            _end_crawl(feeding, archive, day)
            yield len(feeding.fed), feeding, _bodies(archive)


def _bodies(archive: Archive) -> dict[int, frozenset[str]]:
    return {row[0]: keys(row[1]) for row in archive.connection.execute("SELECT id, body FROM articles")}


def relearn(archive: Archive, site: str) -> int:
    """Do what the end of a crawl does; return how many articles were derived again."""
    return reclean(archive, site, derive_again)


def _end_crawl(feeding: Feeding, archive: Archive, day: int) -> None:
    begun = time.process_time()
    relearn(archive, feeding.outlet.name)
    feeding.seconds["reclean"] += time.process_time() - begun
    for life in feeding.lives.values():
        if life.old is None:
            body = archive.query_value("SELECT body FROM articles WHERE id = ?", (life.first_id,))
            if not keys(body).intersection(life.texts):
                life.old = (len(feeding.fed), day, life.shown)


def _feed_one(feeding: Feeding, archive: Archive, page: TruePage) -> Fed:
    fed = Fed(page, judged(page))
    begun = time.process_time()
    try:
        article = extract(page.html, headers=page.headers, url=page.url, rules=page.outlet.rules)
    except ExtractionError as error:
        feeding.failures[str(error)] += 1
        return fed
    extracted = time.process_time()
    article.site, article.canonical_url = page.outlet.name, article.canonical_url or page.url
    fed.extracted = keys(article.body)
    clean_phrases(article)
    fed.phrases = keys(article.body)
    if not article.body:
        feeding.failures["nothing left after phrases"] += 1
        return fed
    cleaned = time.process_time()
    store(archive, article, key=page.url)
    feeding.seconds["extract"] += extracted - begun
    feeding.seconds["store"] += time.process_time() - cleaned
    fed.id, fed.stored = article.id, keys(article.body)
    _note_lives(feeding, fed)
    return fed


def _note_lives(feeding: Feeding, fed: Fed) -> None:
    """Note which banners reached the learner on a page that was just stored, and whether they stayed."""
    page, number = fed.page, fed.page.number
    shown: dict[int, list[str]] = {}
    for line, text in fed.judged:
        # Titles of other pages are no banner: each is new.
        if line.boilerplate and text in fed.phrases and line.kind != "changing titles":
            shown.setdefault(line.banner, []).append(text)
    for banner, texts in shown.items():
        life = feeding.lives.get(banner)
        if life is None:
            life = feeding.lives[banner] = Life(
                (number, page.day_number), first_id=fed.id or 0, texts=tuple(texts)
            )
        life.shown += 1
        if fed.stored.intersection(texts):
            life.left_when_stored += 1
        elif life.new is None:
            life.new = (number, page.day_number, life.shown)
