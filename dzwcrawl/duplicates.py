"""Which articles are copies of one another."""

from dzwcrawl.article import Article
from dzwcrawl.text import digest, fold_words

_SHORT = 60
"""Characters; a body as short as this is a copy only under the same title (`图集`, a standing notice)."""


def text_digest(article: Article) -> str | None:
    """Return a digest that two copies of one text share, whatever their punctuation, width and white space.

    None for an article without text.
    """
    words = fold_words(article.body)
    if not words:
        return None
    return digest(words if len(words) > _SHORT else f"{fold_words(article.title or '')}\n{words}")
