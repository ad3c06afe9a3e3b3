"""Marking the blocks of an article that are not the article; nothing is deleted, every mark has a reason."""

from collections.abc import Collection

from dzwcrawl.article import Article, derive_body
from dzwcrawl.boilerplate.learned import pattern
from dzwcrawl.boilerplate.phrases import phrase_reason, tail_reason

LEARNED = "learned: repeats on this site"


def clean_phrases(article: Article) -> None:
    """Mark the blocks that known phrases give away, and all that follows a line which ends an article."""
    tail: str | None = None
    anything_kept = False
    for block in article.blocks:
        if block.removed is not None:
            continue
        if tail is None and anything_kept:
            tail = tail_reason(block.text)
        block.removed = tail or phrase_reason(block.text)
        anything_kept = anything_kept or block.removed is None
    article.body = derive_body(article.blocks)


def clean_learned(article: Article, repeated: Collection[str]) -> None:
    """Mark the blocks whose pattern is in `repeated`, and take back earlier marks of that kind.

    Learning never empties a body: where nothing else would be left, everything stays.
    """
    for block in article.blocks:
        if block.removed == LEARNED:
            block.removed = None
    kept = [block for block in article.blocks if block.removed is None]
    marked = [block for block in kept if repeated and pattern(block.text, article.title) in repeated]
    if len(marked) < len(kept):
        for block in marked:
            block.removed = LEARNED
    article.body = derive_body(article.blocks)
