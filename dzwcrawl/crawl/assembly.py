"""Articles put together from pages that come in the order of a file: parts of one may stand anywhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from dzwcrawl.article import Article, RawPage
from dzwcrawl.extract import ExtractionError
from dzwcrawl.extract.parts import add_part, follow, is_part_url, part_missing
from dzwcrawl.extract.parts import replace as take_whole


@dataclass(slots=True)
class _Open:
    """An article in several parts of which some have not come yet; `parts` are those that have, by URL."""

    article: Article
    parts: dict[str, RawPage] = field(default_factory=dict)


class Assembly:
    """Takes pages one by one and yields articles as they are complete.

    An article is held back until the next page, so that what a file says about it afterwards can be added; a page that
    may be a further part by its URL, until the end, so that its first page may claim it.

    :param begin: reads the first page of an article; None when it is none.
    :param read: reads a further part; raises ExtractionError when it gives nothing.
    """

    def __init__(
        self, begin: Callable[[RawPage], Article | None], read: Callable[[RawPage], Article]
    ) -> None:
        self._begin = begin
        self._read = read
        self._held: Article | None = None
        self._open: dict[str, _Open] = {}
        self._aside: defaultdict[str, list[RawPage]] = defaultdict(list)

    def take(self, page: RawPage) -> Iterator[Article]:
        """Take the next page."""
        yield from self._release()
        if page.url in self._open:
            self._take_part(page)
        elif is_part_url(page.url):
            self._aside[page.url].append(page)
        else:
            yield from self._take_first(page)

    def last_seen(self, url: str, when: str) -> Iterator[Article]:
        """Take the word of the file on when the article whose pages came last was last seen."""
        waiting = next((w for w in self._waiting() if w.article.url == url), None)
        if waiting is not None:
            yield from self._release()
            self._held = self._whole(waiting)
        if self._held is not None and self._held.url == url:
            self._held.last_seen = max(self._held.last_seen or "", when)

    def rest(self) -> Iterator[Article]:
        """Yield what waited for something that did not come."""
        for url in list(self._aside):
            for page in self._aside.pop(url, []):
                yield from self._release()
                yield from self._take_first(page)
        yield from self._release()
        for waiting in self._waiting():
            yield self._whole(waiting)

    def _release(self) -> Iterator[Article]:
        if self._held is not None:
            yield self._held
            self._held = None

    def _waiting(self) -> list[_Open]:
        return list({id(waiting): waiting for waiting in self._open.values()}.values())

    def _take_first(self, page: RawPage) -> Iterator[Article]:
        article = self._begin(page)
        if article is None:
            return
        for waiting in self._waiting():
            if waiting.article.url == article.url:
                yield self._whole(
                    waiting
                )  # an earlier copy of the same article, whose other parts never came
        if not article.parts and not article.whole:
            self._held = article
            return
        self._claim(_Open(article), [article.whole, *article.parts] if article.whole else article.parts)

    def _claim(self, waiting: _Open, urls: Iterable[str]) -> None:
        """Wait for pages of an article, of which some may have come already."""
        urls = list(urls)
        self._open |= dict.fromkeys(urls, waiting)
        for url in urls:
            if self._aside.get(url):
                self._take_part(self._aside[url].pop(0))

    def _take_part(self, page: RawPage) -> None:
        waiting = self._open[page.url]
        article = waiting.article
        try:
            part = self._read(page)
        except ExtractionError:
            part = Article()
        if page.url == article.whole:
            if take_whole(article, part):
                article.pages.append(replace(page, part=2))
                self._open = {url: other for url, other in self._open.items() if other is not waiting}
                self._held = article
            return
        waiting.parts[page.url] = page
        known = len(article.parts)
        follow(article, part.parts)
        self._claim(waiting, article.parts[known:])
        if article.whole is None and len(waiting.parts) == len(article.parts):
            self._held = self._whole(waiting)

    def _whole(self, waiting: _Open) -> Article:
        """Join the parts that have come to their article, and note those that have not."""
        article = waiting.article
        if article.whole is not None:
            self._open.pop(article.whole, None)
            article.whole = None
            if not article.parts:
                article.notes.append("the single page with the whole text is missing: it is not in the file")
        for number, url in enumerate(article.parts, 2):
            self._open.pop(url, None)
            page = waiting.parts.get(url)
            if page is None:
                article.notes.append(part_missing(article, number, "it is not in the file"))
                continue
            article.pages.append(replace(page, part=number))
            try:
                add_part(article, self._read(page), number)
            except ExtractionError as error:
                article.notes.append(part_missing(article, number, str(error)))
        return article
