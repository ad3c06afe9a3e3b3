"""Which articles are copies of one another, wholly (:func:`text_digest`) or in good part (`sentences.py`)."""

from datetime import datetime, timedelta, timezone

from dzwcrawl.article import Article
from dzwcrawl.text import digest, fold_words

_SHORT = 60
"""Characters; a body as short as this is a copy only under the same title (`图集`, a standing notice)."""

_CHINA = timezone(timedelta(hours=8))

Order = tuple[int, str, int, str]
"""Sorts articles by :func:`order`."""


def text_digest(article: Article) -> str | None:
    """Return a digest that two copies of one text share, whatever their punctuation, width and white space.

    None for an article without text.
    """
    words = fold_words(article.body)
    if not words:
        return None
    return digest(words if len(words) > _SHORT else f"{fold_words(article.title or '')}\n{words}")


def order(published: str | None, url: str | None) -> Order:
    """Return what sorts copies by who was first, whatever the order in which they were found.

    The earlier moment goes first. A day is its first moment, because what is known to the day is mostly print; a
    month or a year, and no date at all, come after every date. Between equals the shorter URL, then the smaller one,
    is first: the numbers in them grow.
    """
    told = published or ""
    known = len(told) >= 10
    if len(told) > 10:
        try:
            moment = datetime.fromisoformat(told)
            told = moment.astimezone(_CHINA).replace(tzinfo=None).isoformat() if moment.tzinfo else told
        except ValueError:
            known = False
    return (0 if known else 1, told if known else "", len(url or ""), url or "")
