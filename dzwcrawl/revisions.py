"""When a page that was fetched again tells the article otherwise, and what kind of change it is.

The headline (kicker, title, subtitle), body, authors, date and pictures count. What does not change the article for its reader is
no change: white space, paragraph breaks, width and style of punctuation, where a picture is served from and how
large, a date told more or less precisely, and a line that is now judged boilerplate or no longer.
"""

import re
import unicodedata
from collections import Counter
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from dzwcrawl.article import Article, Block

Change = Literal["headline", "body", "correction", "authors", "date", "picture"]

_HEADLINE = ("kicker", "title", "subtitle")

CHANGES: tuple[Change, ...] = get_args(Change)

_IGNORED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_WIDTHS = {code: unicodedata.normalize("NFKC", chr(code)) for code in (0x3000, *range(0xFF01, 0xFFEF))}
_STYLES = str.maketrans(
    dict.fromkeys("“”„‟″〝〞", '"')
    | dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("‐‑‒–—―─−", "-")
    | dict.fromkeys("•・‧∙", "·")
    | {"…": "..."}
)
_NOTE = re.compile(
    r"(?:^|(?<=[。！？.!?”\"\s(（【\[]))"
    r"(?:更正|订正|勘误|更新|编者按|编者注|编按|"
    r"corrections?|corrected|clarification|editor[’']?s['’]? note|update|updated|"
    r"korrektur(?:hinweis)?|berichtigung|richtigstellung|anm(?:erkung|\.) d(?:er|\.) red(?:aktion|\.))"
    r"(?:说明|启事|声明|版|\s*\d[^:：】\])）]{0,20})?\s*(?:[:：】\])）]|$)",
    re.IGNORECASE,
)
"""Words with which newsrooms head the note that says what they changed: at the start of a line or sentence."""

_SCRIPT = re.compile(r"\.(?:php|aspx?|ashx|jsp|do|cgi)$|/[^./]*$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?)", re.IGNORECASE)
_SIZE = r"(?:\d{2,4}x\d{2,4}|[wh]_?\d{2,4}|\d{2,4}[wh]|thumb(?:nail)?s?|small|medium|large|middle|mini|orig(?:inal)?)"
_SIZE_FOLDER = re.compile(rf"^(?:{_SIZE}|resize|scaled?|cache|uploads?)$", re.IGNORECASE)
_SIZE_SUFFIX = re.compile(rf"(?:[-_.]{_SIZE}|@\d{{1,4}}[\w,.]*|-scaled)+$", re.IGNORECASE)
_SIZE_QUERY = re.compile(r"^(?:w|h|q|s|t|v|width|height|quality|size|ver|fm|fit|crop|_)$", re.IGNORECASE)
_DISTINCT = re.compile(r"(?=(?:.*\d){6})(?:.*?[0-9a-f]){12}", re.IGNORECASE)
"""A file name that names one picture, whatever the folder and host: a dozen hex digits, half of them decimal."""


def changes(old: Article, new: Article) -> list[Change]:
    """Return how a newly fetched article differs from the stored one, in the order of :data:`CHANGES`.

    Both bodies must have been derived by the same verdicts. An empty list means: no revision.
    """
    before, after = level(old, new)
    text_before, text_after = "".join(map(plain, before)), "".join(map(plain, after))
    found: dict[Change, bool] = {
        "headline": [plain(getattr(old, name)) for name in _HEADLINE]
        != [plain(getattr(new, name)) for name in _HEADLINE],
        "body": text_before != text_after,
        "correction": bool(_notes([new.title or "", *after]) - _notes([old.title or "", *before])),
        "authors": [plain(name) for name in old.authors] != [plain(name) for name in new.authors],
        "date": not _same_time(old.published, new.published),
        "picture": _pictures(old) != _pictures(new),
    }
    if found["correction"] and not (found["body"] or found["headline"]):
        found["correction"] = False
    return [change for change, is_found in found.items() if is_found]


def plain(text: str | None) -> str:
    """Return a text without what is no change: white space, the width of characters, the style of punctuation.

    Letters keep their case and digits their form: `10²` does not become `102`.
    """
    folded = unicodedata.normalize("NFC", text or "").translate(_WIDTHS).translate(_STYLES)
    return _IGNORED.sub("", folded)


def level(old: Article, new: Article) -> tuple[list[str], list[str]]:
    """Return the lines of both bodies without those that only a verdict took away or brought back.

    Such a line stands on both pages, kept on the one and removed on the other.
    """
    removed_old, removed_new = (Counter(map(plain, _lines(a.blocks, removed=True))) for a in (old, new))
    return (
        _without(_lines(old.blocks, removed=False), removed_new - removed_old),
        _without(_lines(new.blocks, removed=False), removed_old - removed_new),
    )


def _lines(blocks: list[Block], *, removed: bool) -> list[str]:
    return [block.text for block in blocks if (block.removed is not None) == removed]


def _without(lines: list[str], gone: Counter[str]) -> list[str]:
    kept = []
    for line in lines:
        if gone[plain(line)] > 0:
            gone[plain(line)] -= 1
        else:
            kept.append(line)
    return kept


def _notes(lines: list[str]) -> Counter[str]:
    return Counter(plain(line[match.start() :]) for line in lines if (match := _NOTE.search(line)))


def _same_time(old: str | None, new: str | None) -> bool:
    """Tell whether two dates agree: the same instant, or one as precise as the other and less."""
    if old is None or new is None:
        return old is new
    if old.startswith(new) or new.startswith(old):
        return True
    try:
        first, second = datetime.fromisoformat(old), datetime.fromisoformat(new)
    except ValueError:
        return False
    return first.tzinfo is not None and second.tzinfo is not None and first == second


def _pictures(article: Article) -> list[tuple[str, str]]:
    return list(dict.fromkeys((picture_file(i.url), plain(i.caption)) for i in article.images))


def picture_file(url: str) -> str:
    """Return what the URLs of one picture have in common, on whatever host and in whatever size.

    The scheme, host, query and marks of a size are left out (`/640x480/`, `_600x400`, `@2x`, `!w640`), and the
    folder too where the name is distinct enough. A query counts only where a script serves the picture.
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    queries = parse_qsl(parts.query)
    if wrapped := next((value for _, value in queries if _PICTURE.search(value)), None):
        return picture_file(wrapped)
    if _SCRIPT.search(path) and (named := [pair for pair in queries if not _SIZE_QUERY.match(pair[0])]):
        return f"{path}?{named}"
    if ending := _PICTURE.search(path):
        path = path[: ending.start()]
    *folders, name = [part for part in path.split("/") if part and not _SIZE_FOLDER.match(part)] or [path]
    name = _SIZE_SUFFIX.sub("", name.split("!")[0]) or name
    return name if _DISTINCT.match(name) else "/".join([*folders, name])
