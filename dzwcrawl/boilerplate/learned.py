"""What repeats on the pages of a site is learned from counts: pure decisions, the counts live in the archive."""

import re

from dzwcrawl.text import fold

MAX_LENGTH = 200
"""Characters; a longer block is prose, and prose that repeats is a reprint."""

MIN_PAGES = 8
"""Articles that must carry a block before it is judged at all."""

MIN_SHARE = 0.6
"""Share of the articles of its days that must carry it. Column names, weather leads and notices that a
newspaper reprints stay well below; measured on synthetic sites, 0.3 with 3 pages removed hundreds of them."""

_TITLE = re.compile(r"《[^》]*》|<[^>]*>")
_NUMBER = re.compile(r"\d[\d,.]*")
_SENTENCE = re.compile(r"[。!?;]")
_NEWS = re.compile(
    r"^[(（【\[]?完[)）】\]]?$"
    r"|^[【\[〖][^】\]〗]{1,20}[】\]〗]$"
    r"|^[□■◎●]?\s*(本报|本网|新华社|中新社|中新网|央视|大众网|记者|通讯员|据)"
    r"|(讯|电|报道|摄)\s*[(（]?[^。！？]{0,30}$"
    r"|^[一二三四五六七八九十\d]+[、.．]"
)
"""Lines that repeat as news: end marks, column names, datelines, bylines, numbering."""


def pattern(text: str, title: str | None) -> str | None:
    """Return what a block has in common with its variants on other pages, or None when it must not be learned.

    Digits, quoted titles and the article's own title are masked, so that `正在阅读:<title>` is one pattern; but
    not the digits of whole sentences, or the day's temperatures and prices would look alike.
    Never learned: long blocks, what stands in the title, and lines that repeat as news.
    """
    if len(text) > MAX_LENGTH or _NEWS.search(text):
        return None
    folded, own = fold(text), fold(title or "")
    if own and folded in own:
        return None
    if len(own) >= 4:
        folded = folded.replace(own, "《》")
    folded = _TITLE.sub("《》", folded)
    return (folded if _SENTENCE.search(folded) else _NUMBER.sub("0", folded)) or None


def is_boilerplate(pages: int, of: int) -> bool:
    """Judge a pattern that stands on `pages` of the `of` articles its layout had while it was in use."""
    return pages >= MIN_PAGES and pages >= MIN_SHARE * of
