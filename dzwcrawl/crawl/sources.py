"""Where the articles of an outlet are found: what a site class declares, read and checked."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

from dzwcrawl.extract.rules import FeedRules, JsonListRules, ListingRules, PaperRules, RuleError, SitemapRules
from dzwcrawl.text import closest


class Outlet(Protocol):
    """What is read of a site class; `listing` is only there where there are channels."""

    channels: ClassVar[Mapping[str, str]]
    feeds: ClassVar[Mapping[str, str | FeedRules]]
    sitemaps: ClassVar[Mapping[str, str | SitemapRules]]
    json_lists: ClassVar[Mapping[str, JsonListRules]]
    papers: ClassVar[Mapping[str, PaperRules]]


@dataclass(frozen=True, slots=True)
class ListingSource:
    """A listing: its URL and the rules of its outlet's listings."""

    url: str
    rules: ListingRules

    def accepts(self, url: str) -> bool:
        """Tell whether an absolute URL is one of an article."""
        return self.rules.accepts(url)


@dataclass(frozen=True, slots=True)
class UnknownSource:
    """A front or section page without rules: its lists of articles are found by what repeats."""

    url: str

    def accepts(self, url: str) -> bool:
        """Accept every URL: nothing is known that would tell."""
        return bool(url)


Filtered = TypeVar("Filtered", FeedRules, JsonListRules, SitemapRules)
Source = ListingSource | UnknownSource | FeedRules | JsonListRules | SitemapRules | PaperRules


def check_attributes(outlet: type[Outlet]) -> None:
    """Refuse what a site class declares under a misspelt name: nothing would ever read it.

    A name that is like none of the base's is the site's own affair.

    :raises RuleError: naming the nearest right one.
    """
    known = {
        name for base in outlet.__mro__[1:] for name in (*vars(base), *getattr(base, "__annotations__", ()))
    }
    known |= {"allowed_domains", "start_urls"}
    for name in vars(outlet):
        near = None if name in known or name.startswith("_") else closest(name, known, 0.8)
        if near is not None:
            raise RuleError(
                f"{outlet.__name__} declares {name!r}, which nothing reads; did you mean {near!r}?"
            )


def sources(outlet: type[Outlet]) -> dict[str, Source]:
    """Return what a site class declares, by name.

    :raises RuleError: when two sources have one name, or there are channels and no rules for listings.
    """
    found: dict[str, Source] = {}
    listing: ListingRules | None = getattr(outlet, "listing", None)
    if outlet.channels and listing is None:
        raise RuleError(f"{outlet.__name__} has channels, but no `listing` rules")
    kinds: tuple[Iterable[tuple[str, Source]], ...] = (
        ((name, ListingSource(url, listing)) for name, url in outlet.channels.items() if listing),
        ((name, _filtered(_feed(rules), listing)) for name, rules in outlet.feeds.items()),
        ((name, _filtered(rules, listing)) for name, rules in outlet.json_lists.items()),
        outlet.papers.items(),
        ((name, _filtered(_sitemap(rules), listing)) for name, rules in outlet.sitemaps.items()),
    )
    for kind in kinds:
        for name, source in kind:
            if name in found:
                raise RuleError(f"{outlet.__name__} has two sources named {name!r}")
            found[name] = source
    return found


def _feed(rules: str | FeedRules) -> FeedRules:
    return FeedRules(url=rules) if isinstance(rules, str) else rules


def _sitemap(rules: str | SitemapRules) -> SitemapRules:
    return SitemapRules(url=rules) if isinstance(rules, str) else rules


def _filtered(rules: Filtered, listing: ListingRules | None) -> Filtered:
    """Return rules with the patterns of the outlet's listings where they have none of their own."""
    if listing is None or rules.accept or rules.deny:
        return rules
    return dataclasses.replace(rules, accept=listing.accept, deny=listing.deny)
