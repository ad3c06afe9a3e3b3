"""From the bytes of a page to an article: pure functions, no network, no Scrapy, no database."""

from collections import defaultdict
from collections.abc import Mapping

from dzwcrawl.article import Article, Block, derive_body
from dzwcrawl.extract.blocks import page_blocks
from dzwcrawl.extract.body import find_body
from dzwcrawl.extract.kinds import (
    BARS,
    TEASER,
    holds_sentence,
    is_listing,
    is_teaser,
    kind_of,
    listing_found,
    not_an_article,
    video_text,
)
from dzwcrawl.extract.metadata import read_metadata
from dzwcrawl.extract.page import Barred, ExtractionError, NotAnArticle, Page, PageBlock, Region, parse
from dzwcrawl.extract.parts import links_of, part_urls, whole_url
from dzwcrawl.extract.rules import ArticleRules
from dzwcrawl.extract.scores import is_link
from dzwcrawl.extract.signature import signature
from dzwcrawl.extract.site import RuleMiss, read_by_rules

__all__ = ["ArticleRules", "Barred", "ExtractionError", "NotAnArticle", "RuleMiss", "extract", "read_article"]


def extract(
    body: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    url: str | None = None,
    rules: ArticleRules | None = None,
) -> Article:
    """Return the article of a page.

    With `rules`, the rules say where title and body are, and what they do not name is found by the general
    extractor; without, the general extractor finds everything.

    :raises NotAnArticle: when the page is none: an error page, a listing, a page without text.
    :raises RuleMiss: when a required rule matches nothing on a page that may well be an article.
    """
    return read_article(parse(body, headers, url), rules)[0]


def read_article(page: Page, rules: ArticleRules | None = None) -> tuple[Article, Region]:
    """Return the article of a parsed page and the region of its blocks that `article.blocks` tells of.

    `page.blocks` is filled whether or not there is an article: `extract/explain.py` shows it.

    :raises NotAnArticle: like `extract`.
    :raises RuleMiss: like `extract`.
    """
    page.blocks = page_blocks(page)
    why = not_an_article(page)
    if why is not None:
        raise Barred(why) if why in BARS else NotAnArticle(why)
    article = Article(url=page.url, encoding=page.encoding, signature=signature(page.root))
    region = _find(page, rules, article)
    article.template = region.template
    read_metadata(page, region, article)
    if rules is None and (why := listing_found(page, region)) is not None:
        raise NotAnArticle(why)
    _mark_captions(page.blocks[region.start : region.end], article)
    article.kind = kind_of(page, region, article)
    if is_teaser(page, region):
        article.notes.append(TEASER)
    article.blocks = _blocks(page.blocks[region.start : region.end])
    article.body = derive_body(article.blocks)
    if not article.body:
        raise NotAnArticle("no text of an article: nothing but its title and credits")
    links = links_of(page) if page.url else []
    article.parts, article.whole = part_urls(page, links), whole_url(page, links)
    return article, region


def _blocks(blocks: list[PageBlock]) -> list[Block]:
    """Return the blocks without their elements, but with what these tell: a link, another kind than the text's."""
    kinds = [f"{b.element.tag} {b.element.get('class') or ''}" for b in blocks]
    parents = [b.element.getparent() for b in blocks]
    kinds = [
        kind if parent is None else f"{kind} in {parent.tag} {parent.get('class') or ''}"
        for kind, parent in zip(kinds, parents, strict=True)
    ]
    weight: dict[str, int] = defaultdict(int)
    for block, kind in zip(blocks, kinds, strict=True):
        if block.removed is None and block.role in ("paragraph", "list_item", "quote"):
            weight[kind] += len(block.text) - block.link_chars
    text = max(weight, key=lambda kind: weight[kind], default="")
    return [
        Block(b.text, b.role, b.removed, linked=is_link(b), aside=b.role == "paragraph" and kind != text)
        for b, kind in zip(blocks, kinds, strict=True)
    ]


def _mark_captions(blocks: list[PageBlock], article: Article) -> None:
    """Leave the captions, which stand with their images, out of the text; of a gallery they are the text."""
    captions = {image.caption for image in article.images if image.caption}
    kept = [block for block in blocks if block.removed is None]
    marked = [block for block in kept if block.text in captions]
    if 2 * sum(len(block.text) for block in marked) < sum(len(block.text) for block in kept):
        for block in marked:
            block.removed = "caption: of an image"


def _find(page: Page, rules: ArticleRules | None, article: Article) -> Region:
    """Find the body by the rules, or by the general extractor where there are none."""
    if rules is None:
        return _find_anywhere(page)
    try:
        region = read_by_rules(page, rules, article)
    except RuleMiss:
        # A page that has no article by any measure is refused; one that has means that the rules are out of date.
        if is_listing(page.blocks):
            raise NotAnArticle("a listing, not an article") from None
        find_body(page)
        raise
    if is_listing(page.blocks[region.start : region.end]):
        raise NotAnArticle("a listing, not an article")
    return region


def _find_anywhere(page: Page) -> Region:
    """Find the body by the general extractor, or the description of a video that has no other text."""
    try:
        region = find_body(page)
    except NotAnArticle:
        described = video_text(page)
        if described is None:
            raise
        return described
    if not holds_sentence(page.blocks[region.start : region.end]) and (described := video_text(page)):
        return described
    return region
