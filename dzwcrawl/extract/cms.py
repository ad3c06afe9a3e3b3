"""Which content management system a site runs on, guessed by the marks that systems leave on their pages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """A system, and by which marks it was known."""

    name: str
    marks: tuple[str, ...]


_URLS: tuple[tuple[str, str, str], ...] = (
    ("TRS WCM", r"/(?:20|19)\d{4}/(?:\d\d/)?t(?:\d{8}_)?\d{5,9}\.s?html?$", "t…_… in URLs"),
    ("Founder enpcms", r"/content_\d{5,}(?:_\d)?\.s?html?$", "content_… in URLs"),
    ("people", r"/n\d?/20\d\d/\d{4}/c\d+-\d{6,}(?:-\d)?\.html$", "c…-… in URLs"),
    ("/system/Y/M/D", r"/system/20\d\d/\d\d/\d\d/\d{6,}\.s?html?$", "/system/ in URLs"),
    ("PHPCMS", r"index\.php\?m=content|/show-\d+-\d+-1\.html$", "show-… in URLs"),
    ("date and number", r"/20\d\d/?[01]\d[-/]?[0-3]\d/\d{4,}\.s?html?$", "day and number in URLs"),
)
_MARKUP: tuple[tuple[str, str, str], ...] = (
    ("TRS WCM", r"TRS_(?:Editor|UEDITOR)|trs_editor_view|Custom_UnionStyle", "class TRS_Editor"),
    ("TRS WCM", r"createPageHTML\(|OLDSRC=", "createPageHTML"),
    (
        "Founder enpcms",
        r"<!--\s*/?enpcontent|webbot bot=|<founder-content|#enpquot#|displaypagenum",
        "enp comments",
    ),
    ("Founder enpcms", r"""name=["']?catalogs["']?[^>]*content=["'][\d.]+""", "meta catalogs"),
    ("people", r"id=[\"']?(?:rwb_zw|p_content)\b|/img/MAIN/20", "id rwb_zw"),
    ("/system/Y/M/D", r"news_more_page_div_id", "news_more_page_div_id"),
    ("CmsTop", r"cmstop|CmsTop", "cmstop"),
    ("PHPCMS", r"phpcms|/statics/js/", "phpcms"),
    ("DedeCMS", r"/plus/(?:list|view|count)\.php|dedecms|DedeTag", "dedecms"),
    ("WordPress", r"/wp-content/|/wp-includes/", "wp-content"),
    ("Drupal", r"/sites/default/files/|Drupal\.settings|drupal\.js", "Drupal"),
    ("TYPO3", r"/typo3temp/|/fileadmin/", "typo3temp"),
)
_GENERATOR = re.compile(
    r"""<meta[^>]+name=["']generator["'][^>]+content=["']([^"']{2,60})["']""", re.IGNORECASE
)


def guess_cms(urls: Iterable[str], markup: Iterable[str]) -> Guess | None:
    """Return the system that most marks speak for, or None.

    :param urls: URLs of articles; a mark counts that most of them have.
    :param markup: texts of pages.
    """
    addresses, texts = list(urls), list(markup)
    marks: dict[str, list[str]] = {}
    for name, pattern, mark in _URLS:
        if 2 * sum(bool(re.search(pattern, url)) for url in addresses) > len(addresses):
            marks.setdefault(name, []).append(mark)
            break
    for name, pattern, mark in _MARKUP:
        if any(re.search(pattern, text) for text in texts):
            marks.setdefault(name, []).append(mark)
    generators = {match[1] for text in texts if (match := _GENERATOR.search(text))}
    for generator in sorted(generators):
        known = next((name for name, _, _ in _MARKUP if name.lower() in generator.lower()), generator)
        marks.setdefault(known, []).append("meta generator")
    # A house's own system under the dates and numbers of its URLs is named by what it says of itself.
    named = [name for name in marks if name != "date and number"] or list(marks)
    best = max(named, key=lambda name: len(marks[name]), default=None)
    return None if best is None else Guess(best, tuple(marks[best]))
