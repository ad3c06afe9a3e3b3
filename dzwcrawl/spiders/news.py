"""Archives the news of any site from its front or section pages, without rules for it."""

from collections.abc import Mapping

from dzwcrawl.crawl.any_outlet import AnyOutletSpider
from dzwcrawl.crawl.arguments import ArgumentError
from dzwcrawl.crawl.sources import UnknownSource
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.urls import domain_of, host_of

_PAGES = "3"


class FoundNewsSpider(AnyOutletSpider):
    """Finds the lists of articles on the pages of `-a url=URL …` by itself, and on their next pages.

    At most `-a pages=N` pages of each (default 3); nothing outside the sites of the given pages is fetched. `site`
    is the host of the given page, for its sub-domains too.
    """

    name = "news"
    arguments = ("url", "since", "pages")

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **{"pages": _PAGES} | arguments)
        self.given, self.only = self.only, []
        self.sources = [UnknownSource(url) for url in self.given]
        self._sites = {domain_of(host_of(url)): host_of(url).removeprefix("www.") for url in self.given[::-1]}

    @property
    def whole(self) -> bool:
        """The pages that are given are all there is to look at."""
        return self.since is None

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        """Check spider arguments.

        :raises ArgumentError: also when no page is given.
        """
        super().check_arguments(arguments)
        if "url" not in arguments:
            raise ArgumentError("say which front or section pages: -a url=URL")

    def follows(self, url: str) -> bool:
        """Tell whether a URL is of the site of a given page."""
        return domain_of(host_of(url)) in self._sites

    def outlet_of(self, url: str) -> tuple[str, type[NewsSpider]]:
        """Return the outlet that covers a URL, else the host of the given page of its site."""
        site, outlet = super().outlet_of(url)
        if outlet is not type(self):
            return site, outlet
        return self._sites.get(domain_of(host_of(url)), site), outlet

    def sites(self) -> list[str]:
        """Return the sites whose unfinished pages are fetched first: those of the given pages."""
        return sorted({self.outlet_of(url)[0] for url in self.given})
