"""Marking the blocks of an article that are not the article; nothing is deleted, every mark has a reason."""

import re
from collections.abc import Mapping

from dzwcrawl.article import Article, Block, derive_body
from dzwcrawl.boilerplate.learned import is_prose, patterns_of
from dzwcrawl.boilerplate.patterns import kind_of, pattern
from dzwcrawl.boilerplate.phrases import phrase_reason, tail_reason
from dzwcrawl.text import fold

LEARNED: dict[str, str] = {
    "before": "learned: repeats before the text on this site",
    "after": "learned: repeats after the text on this site",
    "apart": "learned: repeats in a place of its own on this site",
    "inside": "learned: repeats in texts of this site",
}
"""The reason of a block whose pattern is boilerplate, by where that pattern stands."""

LISTED = "learned: in a list under a line that repeats on this site"
KNOWN = "learned: known of this site"
DROPPED = "dropped: by a person's word"
KEEP = "keep"
"""What :func:`clean_learned` is told of a text that a person wants kept."""

UNJUDGED = (None, *LEARNED.values(), LISTED, KNOWN, DROPPED)
"""The values of `removed` of blocks that neither extraction nor phrases removed: what repeats is learned from these."""

_ATTACHMENT = re.compile(r"^\W*附(件|表|图)?\s*\d*\s*[:：]|.*[.](pdf|docx?|xlsx?|wps|zip|rar)\W*$", re.I)
"""Links that are part of a notice."""

_SURE = (DROPPED, KNOWN, LEARNED["after"])
_SHARE = 0.5
"""Part of the prose of an article that learned sentences may make up: a reprinted notice is more."""


_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_BOXED = "phrase: related list"
"""The tail that stands inside articles as well, as a box: Western sites set it there."""


def clean_phrases(article: Article) -> None:
    """Mark what a page by itself gives away: lists of links, known phrases, all that follows a line which ends an
    article.

    Outside Chinese, Japanese and Korean a related list ends an article only if at most a quarter of it
    follows: elsewhere such a line often heads a box in the middle.
    """
    _mark_links([block for block in article.blocks if block.removed is None])
    tail: str | None = None
    anything_kept = False
    rest = total = sum(len(block.text) for block in article.blocks if block.removed is None)
    for block in article.blocks:
        if block.removed is not None:
            continue
        rest -= len(block.text)
        if tail is None and anything_kept:
            tail = tail_reason(block.text)
            if tail == _BOXED and not _CJK.search(block.text) and 4 * rest > total:
                tail = None
        block.removed = tail or phrase_reason(block.text)
        anything_kept = anything_kept or block.removed is None
    article.body = derive_body(article.blocks)


def restore(article: Article) -> None:
    """Take back what :func:`clean_learned` marked, a person's word too."""
    for block in article.blocks:
        if block.overruled is not None:
            block.removed, block.overruled = block.overruled, None
        elif block.removed in UNJUDGED:
            block.removed = None


def clean_learned(article: Article, reasons: Mapping[str, str]) -> None:
    """Mark the blocks whose pattern or folded text has a reason, after taking back earlier marks of that kind.

    A person's word (`KEEP`, `DROPPED`) goes before everything else. Learning never takes sentences that make up
    half of an article's prose, and never empties a body.
    """
    restore(article)
    patterns = patterns_of(article) if reasons else []
    found = {
        id(block): reason
        for block, texts in zip(article.blocks, patterns, strict=bool(reasons))
        if (reason := next(filter(None, map(reasons.get, (fold(block.text), *texts))), None))
    }
    for block in article.blocks:
        if found.get(id(block)) == KEEP:
            block.overruled, block.removed = block.removed, None
    kept = [block for block in article.blocks if block.removed is None]
    marked = [block for block in kept if found.get(id(block), KEEP) != KEEP]
    doubtful = [b for b in marked if kind_of(b.text) != "label" and found[id(b)] not in _SURE]
    if sum(len(b.text) for b in doubtful) > _SHARE * sum(len(b.text) for b in kept if is_prose(b)):
        marked = [block for block in marked if block not in doubtful]
    if len(marked) < len(kept):
        for block in marked:
            block.removed = found[id(block)]
        _mark_lists(
            [block for block in article.blocks if block.removed in UNJUDGED and block.overruled is None]
        )
    article.body = derive_body(article.blocks)


def _mark_lists(blocks: list[Block]) -> None:
    """Mark what is left after the text under a line that repeats there: the headlines of a list, which change.

    Where no sentence is left there is nothing that they could come after.
    """
    under = False
    last = max(
        (i for i, block in enumerate(blocks) if block.removed is None and is_prose(block)), default=None
    )
    for block in blocks[last + 1 :] if last is not None else ():
        under = under or block.removed == LEARNED["after"]
        headline = block.linked or kind_of(block.text) == "label"
        if under and headline and block.removed is None and pattern(block.text, None) is not None:
            block.removed = LISTED


def _mark_links(blocks: list[Block]) -> None:
    """Mark links after the last sentence and links three in a row: lists of other pages, not text."""
    backwards = ((i, blocks[i]) for i in range(len(blocks) - 1, -1, -1))
    last = next((i for i, block in backwards if not block.linked and is_prose(block)), None)
    if last is None:
        return
    for i, block in enumerate(blocks):
        if not block.linked:
            continue
        around = [b.linked for b in blocks[max(0, i - 2) : i + 3]]
        run = any(all(around[j : j + 3]) for j in range(len(around) - 2))
        if (i > last or run) and not _ATTACHMENT.match(block.text):
            block.removed = "links: a list of links"
