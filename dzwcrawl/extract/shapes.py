"""The shape of a URL: what the URLs of one kind of page have in common, and what that says about the kind."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from dzwcrawl.dates import url_date

_LISTING_WORD = re.compile(
    r"(?:^|[-_.])(?:default|index|list|node|channel|col|columns?|categor\w+|rubri\w+|section|sections|tags?|topics?|themen?|"
    r"archives?|archiv|search|suche|page|more|rss|feed|sitemap|map|zt|zhuanti|special|lanmu|catalog)(?=$|[-_.\d])",
    re.IGNORECASE,
)
_NO_ARTICLE_WORD = re.compile(
    r"^(?:about|aboutus|contact|contacts|kontakt|impressum|datenschutz|privacy|terms|agb|login|logout|signin|register|"
    r"user|member|account|konto|abo|abos|shop|jobs?|karriere|newsletter|hilfe|help|faq|author|authors|autor\w*|"
    r"profile|people|advert\w*|ads?|ggw|bbs|forum|club|blog|vote|app|download|search|so|cart|epaper|games?|"
    r"mentions-legales|contatti|cookies?|cookie-policy|wetter|weather|share|print|comments?|guanyu|lianxi)$",
    re.IGNORECASE,
)
_NO_ARTICLE_DIRECTORY = re.compile(
    r"^(?:ads?|advert\w*|anzeigen?|ggw|abo|abos|shop|jobs?|newsletter|login|user|member|account|konto|service|tags?|authors?|autor\w*|profile)$",
    re.I,
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|apk|mp[34]|css|js|xml|json|ico|swf)$", re.I
)
_PAGE = re.compile(r"\.[a-z]{3,6}$", re.IGNORECASE)
_YEAR = r"(?:19|20)\d{2}"
_DATE_DIRECTORY = re.compile(rf"{_YEAR}(?:[-_]?\d{{1,2}})?(?:[-_]?\d{{1,2}})?|\d{{1,2}}(?:-\d{{1,2}})?")
_DIGITS = re.compile(r"\d+")
_RUN_OF_DIGITS = re.compile(r"\d{5,}")
_HASH = re.compile(r"(?=.*\d)(?=.*[a-z])[0-9a-z]{8,}", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOCUMENT = re.compile(r"^(?:\w*id|idx|p|sn)$", re.IGNORECASE)
_SLUG = r"(?:[^/_-]+[_-]+){2}[^/]*"
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the form of a URL says.

    `pattern` is a regular expression to search in absolute URLs: the variable parts as classes, without the named
    directories before them. `score` is above 0 for the forms of articles (a day, a long number, a title of several
    words) and below for those of listings and service pages.
    """

    pattern: str
    score: float


def shape_of(url: str) -> Shape:
    """Return the shape of an absolute URL."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    kinds = [_kind(segment, last=segment is segments[-1]) for segment in segments]
    if len(segments) > 1 and _slug_words(segments[-1]) < 3 <= _slug_words(segments[-2]):
        kinds[-2] = (_SLUG, True)  # /a-title-of-some-words-123/artikel
    query = parse_qsl(parts.query)
    first = next((i for i, (_, varies) in enumerate(kinds) if varies), len(kinds))
    if first == len(kinds) and any(value.isdigit() for _, value in query):
        first = max(0, len(kinds) - 1)  # `show.php?id=1`: the script is what they have in common
    pattern = "/" + "/".join(form for form, _ in kinds[first:])
    if parts.path.endswith("/") and segments and first < len(kinds):
        pattern += "/"
    if query:
        pattern += r"\?" + "&".join(f"{re.escape(name)}={_value(value)}" for name, value in query)
    return Shape(pattern + "$", _score(url, parts.path, segments, query))


def may_be_section(url: str) -> bool:
    """Tell whether a URL may be one of a section: no file, no service page, no deep path."""
    parts = urlsplit(url)
    names = [_PAGE.sub("", segment) for segment in parts.path.split("/") if segment]
    service = any(
        _NO_ARTICLE_WORD.fullmatch(name) or re.search("login|passport", name, re.I) for name in names
    )
    return not service and not _FILE.search(parts.path) and len(names) <= 5


def _value(value: str) -> str:
    return r"\d+" if value.isdigit() else re.escape(value)


def _kind(segment: str, *, last: bool) -> tuple[str, bool]:
    """Return the form of a part of a path as a regular expression, and whether it is a variable one."""
    name, extension = segment, ""
    if last and (match := _PAGE.search(segment)):
        name, extension = segment[: match.start()], match[0]
    if last and _slug_words(name) >= 3:
        return _SLUG + _extension(extension), True
    if "%" in name or not name.isascii():
        return "[^/]+" + _extension(extension), True
    if _UUID.fullmatch(name):
        return r"[0-9a-f-]{36}" + _extension(extension), True
    if _is_hash(name):
        return r"\w+" + _extension(extension), True
    if not last and _DATE_DIRECTORY.fullmatch(name):
        return _DIGITS.sub(lambda m: rf"\d{{{len(m[0])}}}" if len(m[0]) > 2 else r"\d{1,2}", name), True
    form = "".join(
        _digits(run) if run[:1].isdigit() else re.escape(run) for run in re.findall(r"\d+|\D+", name)
    )
    return form + _extension(extension), any(map(str.isdigit, name))


def _extension(extension: str) -> str:
    # Outlets write .htm, .html and .shtml for the same pages over the years.
    return r"\.s?html?" if extension.lower() in (".htm", ".html", ".shtml", ".shtm") else re.escape(extension)


def _digits(run: str) -> str:
    return r"\d{8}" if re.fullmatch(rf"{_YEAR}[01]\d[0-3]\d", run) else r"\d+"


def _is_hash(name: str) -> bool:
    return bool(_HASH.fullmatch(name)) and len(re.findall(r"\d+|\D+", name)) >= 4


def _slug_words(name: str) -> int:
    return len(_WORD.findall(name.replace("-", " ").replace("_", " ")))


def _score(url: str, path: str, segments: list[str], query: list[tuple[str, str]]) -> float:
    if _FILE.search(path) or not (segments or query):
        return -5.0
    last = segments[-1] if segments else ""
    name = _PAGE.sub("", last)
    score = 0.0
    day = url_date(url)
    if day:
        score += 3.0 if len(day) == 10 else 2.0
    score += max(_number_score(part, query) for part in [name, *segments[-2:-1]])
    # The title may be the last directory: /a-title-of-some-words-123/artikel
    words = max(map(_slug_words, [name, *segments[-2:-1]]))
    numbered = any(map(str.isdigit, name)) or any(value.isdigit() for _, value in query)
    if words >= 3:
        score += 2.5 if words >= 4 else 1.0
    elif _is_hash(name) or _UUID.fullmatch(name):
        score += 1.5
    elif not numbered and not day:
        score -= 2.0
    if name != last and numbered:
        score += 0.5
    if words < 4:
        score -= 4.0 * (bool(_LISTING_WORD.search(name)) and not _names_document(query))
        score -= 4.0 * any(_NO_ARTICLE_WORD.fullmatch(_PAGE.sub("", segment)) for segment in segments)
        score -= 8.0 * bool(_NO_ARTICLE_WORD.fullmatch(urlsplit(url).netloc.partition(".")[0]))
    score -= 8.0 * any(_NO_ARTICLE_DIRECTORY.fullmatch(segment) for segment in segments[:-1])
    return score


def _names_document(query: list[tuple[str, str]]) -> bool:
    return any(value.isdigit() and _DOCUMENT.match(key) and "cat" not in key for key, value in query)


def _number_score(name: str, query: list[tuple[str, str]]) -> float:
    """Return what the numbers of the last part say: a long one counts documents, a short one pages or channels."""
    longest = max((len(run) for run in _DIGITS.findall(name)), default=0)
    if _RUN_OF_DIGITS.search(name):
        return 2.0
    if _names_document(query):
        return 2.0
    return 0.5 if longest >= 3 else 0.0
