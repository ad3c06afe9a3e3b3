"""Articles in several parts (`t20230615_123.htm`, `t20230615_123_1.htm` …)."""

from urllib.parse import urljoin

from dzwcrawl.article import Article, derive_body
from dzwcrawl.extract.listing import pager_call
from dzwcrawl.extract.page import Page

_MOST = 50
"""Parts; a pager that claims more is not an article's."""


def part_urls(page: Page) -> list[str]:
    """Return the URLs of the further parts of an article from its first page, in order.

    Only a pager that names this very page counts: `createPageHTML(3, 0, "t20230615_123", "htm")`.
    """
    call = pager_call(page)
    if call is None or call.index != 0 or not 1 < call.count <= _MOST or not page.url:
        return []
    if page.url.rsplit("/", 1)[-1] != call.page(0):
        return []
    return [urljoin(page.base_url or page.url, call.page(i)) for i in range(1, call.count)]


def join(article: Article, part: Article) -> None:
    """Append a part to its article: its body without a repeated seam, its images, and credits not known yet."""
    kept = [block.text for block in article.blocks if block.removed is None]
    first = next((block for block in part.blocks if block.removed is None), None)
    if first is not None and kept and first.text == kept[-1]:
        first.removed = "part: repeats the end of the part before"
    article.blocks += part.blocks
    article.body = derive_body(article.blocks)
    for name in ("authors", "editors", "videos"):
        have = getattr(article, name)
        have += [value for value in getattr(part, name) if value not in have]
    known = {image.url for image in article.images}
    article.images += [image for image in part.images if image.url not in known]
