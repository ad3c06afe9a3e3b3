"""trafilatura and justext on the same pages, from .venv-bench; without it they are left out with a clear line."""

import importlib
import importlib.util
import logging
import sys
from collections import Counter
from collections.abc import Callable, Sequence

from tests.bench.boilerplate.feed import Fed, key, keys
from tests.bench.boilerplate.measure import Cell, Counts, cell, support
from tests.conftest import ROOT

# Last on the path: what both they and we need is ours.
sys.path.extend(map(str, ROOT.glob(".venv-bench/lib/python3*/site-packages")))

Peer = Callable[[str, str], str]


def _trafilatura() -> Peer:
    library = importlib.import_module("trafilatura")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    def run(html: str, language: str) -> str:
        return str(library.extract(html, include_comments=False, include_tables=True) or "")

    return run


def _justext() -> Peer:
    library = importlib.import_module("justext")

    def run(html: str, language: str) -> str:
        if language == "de":
            found = library.justext(html, library.get_stoplist("German"))
        else:
            # It has no Chinese stop words: its language-independent mode (no stop words asked for), with its
            # lengths of 70 and 200 characters divided by 3, because a Chinese character says what 3 letters do.
            found = library.justext(
                html, frozenset(), length_low=23, length_high=67, stopwords_low=0, stopwords_high=0
            )
        return "\n".join(p.text for p in found if not p.is_boilerplate)

    return run


_LOADERS: dict[str, Callable[[], Peer]] = {"trafilatura": _trafilatura, "justext": _justext}


def load() -> dict[str, Peer]:
    """Return the peers that are installed."""
    return {name: loader() for name, loader in _LOADERS.items() if importlib.util.find_spec(name)}


def missing() -> list[str]:
    """Return the names of the peers that are not installed."""
    return [name for name in _LOADERS if importlib.util.find_spec(name) is None]


def in_sample(number: int) -> bool:
    """Peers are slow and judge each page alone: they see the first 20 pages and every 19th (reprints come by 20s)."""
    return number < 20 or number % 19 == 0


def sample(fed: Sequence[Fed], points: Sequence[int]) -> Counts:
    """Return the lines each peer leaves on the sampled pages before each point; `all` counts them."""
    peers, counts = load(), dict[Cell, Counter[str]]()
    if not peers:
        return counts
    sampled = [page for page in fed if in_sample(page.page.number)]
    left = [{name: _left(page, peer) for name, peer in peers.items()} for page in sampled]
    for point in points:
        shown = support(fed[:point])
        for page, texts in zip(sampled, left, strict=True):
            if page.page.number >= point:
                break
            for index, (_, text) in enumerate(page.judged):
                here = counts.setdefault(cell(page, index, point, shown), Counter())
                here["all"] += 1
                for name, lines in texts.items():
                    here[name] += text in lines
    return counts


def _left(page: Fed, peer: Peer) -> frozenset[str]:
    outlet = page.page.outlet
    text = peer(page.page.html.decode(outlet.encoding), outlet.language)
    # A peer may join the lines of one element: a long line inside another is there.
    whole = key(text)
    found = keys(text)
    return found | {own for _, own in page.judged if len(own) >= 15 and own in whole}
