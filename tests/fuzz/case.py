"""One mutated page and what becomes of it."""

import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from dzwcrawl.article import Article, derive_body
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import ExtractionError, extract
from dzwcrawl.spiders.dzwww import DzwwwSpider
from tests.fuzz.mutations import mutate

_URLS = (None, "http://www.dzwww.com/xwzt/202306/t20230615_12000001.htm", "http://[bad", "", "a b", "//x")
_HEADERS = (
    None,
    None,
    "text/html; charset=gb2312",
    "text/html; charset=utf-8",
    "text/html; charset=\x00?",
    "",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A mutation of a page: its name and a number."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name}@{self.number}"

    def page(self, raw: bytes) -> bytes:
        """Return the mutated page."""
        return mutate(raw, Random(str(self)))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case, in words, and the CPU seconds it took."""

    outcome: str
    seconds: float
    failed: bool = False


def cases_of(names: list[str], number: int) -> Iterator[Case]:
    """Yield cases that go through all pages in turn; every other one is of a page that is not from the field."""
    small = [name for name in names if name.startswith(("made/", "replica/"))]
    for at in range(number):
        names_now = small if at % 2 else names
        yield Case(names_now[at // 2 % len(names_now)], at)


def run(case: Case, raw: bytes) -> Result:
    """Extract a mutated page. Only an :class:`ExtractionError` with a message may be raised."""
    page = case.page(raw)
    random = Random(f"circumstances of {case}")
    header = random.choice(_HEADERS)
    began = time.process_time()
    try:
        article = extract(
            page,
            headers=None if header is None else {"Content-Type": header},
            url=random.choice(_URLS),
            rules=DzwwwSpider.article if random.random() < 0.3 else None,
        )
        clean_phrases(article)
        _check(article)
        outcome, failed = "article", False
    except ExtractionError as error:
        outcome, failed = str(error) or "no reason", not str(error)
    except Exception:
        outcome, failed = traceback.format_exc(limit=-4), True
    return Result(outcome.partition(" (")[0] if not failed else outcome, time.process_time() - began, failed)


def _check(article: Article) -> None:
    """Check what holds for every article, whatever the page."""
    assert article.body == derive_body(article.blocks)
    for block in article.blocks:
        assert block.text
        assert block.text == block.text.strip()
        assert "\n" not in block.text
        assert block.removed is None or ": " in block.removed
    "\n".join([article.title or "", article.body, *article.authors]).encode()  # nothing that cannot be stored
