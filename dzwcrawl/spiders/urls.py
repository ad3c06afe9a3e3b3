"""Archives given article pages of any site."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from scrapy import Request

from dzwcrawl.article import Article
from dzwcrawl.crawl.any_outlet import AnyOutletSpider
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.urls import UrlError, canonical_url


class UrlsSpider(AnyOutletSpider):
    """Fetches the pages of `-a url=URL …` and `-a urls_file=FILE` (one URL a line; `#` begins a comment).

    Pages of a file that the archive has are not fetched again.
    """

    name = "urls"
    arguments = ("url", "urls_file")

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **arguments)
        self.from_file = _read(arguments["urls_file"]) if "urls_file" in arguments else []

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        """Check spider arguments, the URLs of the file among them.

        :raises ArgumentError: naming the argument, or the line of the file, and what is wrong with it.
        """
        super().check_arguments(arguments)
        if not arguments.keys() & {"url", "urls_file"}:
            raise ArgumentError("say which pages: -a url=URL or -a urls_file=FILE")
        if "urls_file" in arguments:
            _read(arguments["urls_file"])

    async def start(self) -> AsyncIterator[Article | Request]:
        """Ask for the given pages; those of the file only if the archive lacks them."""
        async for request in super().start():
            yield request
        for request in self.article_requests(self.note(self.from_file, None).to_fetch):
            yield request


def _read(path: str) -> list[str]:
    """Return the URLs of a file.

    :raises ArgumentError: when it cannot be read, or a line is no URL.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(f"urls_file={path} cannot be read: {error}") from error
    urls = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                urls.append(canonical_url(line))
            except UrlError as error:
                raise ArgumentError(f"{path}, line {number}: {error}") from error
    return urls
