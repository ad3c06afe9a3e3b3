"""Pages that are no articles: error pages that answer 200, listings behind an article's URL."""

import re

from dzwcrawl.extract.page import Page, PageBlock
from dzwcrawl.text import fold

_GONE = re.compile(
    r"(文章|页面|稿件|内容|新闻|您?(要)?(访问|查看|浏览)的(页面|文章|内容))[^。,，]{0,8}(不存在|已(被)?(删除|下线|下架|移除)|找不到|无法找到)"
    r"|^(抱歉|对不起|很遗憾)[,，!！]?.{0,12}(不存在|找不到|删除|没有找到)"
    r"|^(error )?40[34]\b|\b404 (not found|error|页面)|page (was )?not found|the page you (requested|are looking for)"
    r"|seite (wurde )?nicht gefunden|page introuvable|página no encontrada|ページが見つかりません|페이지를 찾을 수 없"
)
_FEW = 400
"""Characters of text outside links; a page with more is not just an error message."""


def not_an_article(page: Page) -> str | None:
    """Return why a page is no article, or None when it may be one."""
    prose = [block for block in page.blocks if block.link_chars * 2 < len(block.text)]
    if sum(len(block.text) for block in prose) <= _FEW:
        title = fold(page.root.findtext(".//title") or "")
        if _GONE.search(title) or any(
            _GONE.search(fold(block.text)) for block in prose if len(block.text) < 80
        ):
            return "the page says that the article does not exist"
    return None


def is_listing(blocks: list[PageBlock]) -> bool:
    """Tell whether blocks are a list of links rather than text."""
    texts = [block for block in blocks if len(block.text) > 5]
    links = sum(block.link_chars * 2 > len(block.text) for block in texts)
    return len(texts) >= 8 and links >= 0.8 * len(texts)
