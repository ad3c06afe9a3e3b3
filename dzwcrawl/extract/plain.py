"""An article from plain text, as another crawler left it: one line a block, banners and credits in between."""

import re
from itertools import takewhile

from dzwcrawl.article import Article, Block, derive_body
from dzwcrawl.boilerplate.phrases import phrase_reason
from dzwcrawl.dates import parse_date
from dzwcrawl.extract.credits import read_byline, read_credit
from dzwcrawl.extract.language import language_of
from dzwcrawl.extract.names import is_outlet
from dzwcrawl.text import fold_words, one_line

_QUOTED_TITLE = re.compile(r"^(?:扫码|扫一扫|点击)\S{0,8}《(.+)》$")
_PROSE = re.compile(r"[。！？!?…；;]|[.]\s|[.]$")
_DATE_PIECE = re.compile(r"^(?:(?:19|20)\d\d|\d{1,2}[/-]\d{1,2}|\d{1,2}:\d{2}(?::\d{2})?)$")
_LONG = 50
"""Characters; a line as long as this is text even without a full stop."""

_ZONE = "+08:00"


def from_plain(text: str, *, url: str | None = None, headline: bool = True) -> Article:
    """Return the article of a plain text.

    :param headline: look for a headline; False leaves it to :func:`find_headline` once banners are known.

    What stands before the first line of prose is the head of the page: outlet, date and headline are looked
    for there. A date that the page split over several lines (`2020`, `06/08`, `07:13`) is put together, and is
    never more precise than what is left of it. Phrases are left to the cleaning that every article goes through.
    """
    article = Article(url=url, template="plain text")
    article.blocks = [Block(line) for line in map(one_line, text.splitlines()) if line]
    head = list(takewhile(lambda block: not _is_prose(block.text), article.blocks))
    _read_date(article, head)
    for block in article.blocks:
        _read_line(article, block, in_head=block in head)
    if headline:
        find_headline(article)
    kept = [block for block in article.blocks if block.removed is None]
    for block in kept:
        article.authors += [name for name in read_byline(block.text) if name not in article.authors]

    article.body = derive_body(article.blocks)
    article.language = language_of(article.body, None)
    return article


def _is_prose(line: str) -> bool:
    return (
        (len(line) >= _LONG or bool(_PROSE.search(line)))
        and phrase_reason(line) is None
        and not read_credit(line)
    )


def _read_date(article: Article, head: list[Block]) -> None:
    """Put together a date that stands in pieces on lines of its own."""
    pieces = [block for block in head if _DATE_PIECE.match(block.text)]
    article.published = parse_date(" ".join(block.text for block in pieces), zone=_ZONE) if pieces else None
    for block in pieces:
        block.removed = "credit: date"


def _read_line(article: Article, block: Block, *, in_head: bool) -> None:
    """Take a credit line, an outlet's name in the head or the title in a scan line out of the text."""
    if block.removed is not None:
        return
    quoted = _QUOTED_TITLE.match(block.text)
    if quoted and article.title is None:
        article.title = quoted[1]
    credit = read_credit(block.text)
    if credit is not None:
        article.source = article.source or credit.source
        article.published = article.published or credit.published
        article.editors += [name for name in credit.editors if name not in article.editors]
        article.authors += [name for name in credit.authors if name not in article.authors]
        block.removed = f"credit: {credit.kind}"
    elif in_head and article.source is None and phrase_reason(block.text) is None and is_outlet(block.text):
        article.source = block.text
        block.removed = "credit: source"


def find_headline(article: Article) -> None:
    """Find the headline before the first line of prose where none is known, and take it and its repeats out of the
    text."""
    head = takewhile(lambda block: not _is_prose(block.text), article.blocks)
    left = [b for b in head if b.removed is None and phrase_reason(b.text) is None and len(b.text) > 5]
    article.title = article.title or (left[0].text if left else None)
    if article.title is None:
        return
    title = fold_words(article.title)
    for block in article.blocks:
        if block.removed is None and fold_words(block.text) == title:
            block.removed = "title: the headline"
    article.body = derive_body(article.blocks)
