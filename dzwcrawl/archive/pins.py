"""A person's word on what is boilerplate on a site: kept or dropped, remembered, taken back, handed on as a file."""

from typing import Any, Literal

from dzwcrawl.archive.archive import Archive, now
from dzwcrawl.archive.reclean import Derive, carries
from dzwcrawl.boilerplate.patterns import pattern, variants
from dzwcrawl.text import fold

Word = Literal["keep", "drop"]

FORMAT = "dzwcrawl boilerplate 1"


class PatternsError(ValueError):
    """A file of patterns that cannot be imported; the message says what is wrong with it."""


def pin(archive: Archive, site: str, text: str, word: Word | None, derive: Derive) -> int:
    """Remember a person's word on a text and its variants, or with None forget it, and derive the bodies anew.

    :param text: a line as it stands on a page, or a pattern as `dzwcrawl boilerplate list` shows it.
    :return: how many bodies changed.
    """
    key = pattern(text, None) or fold(text)
    with archive.transaction():
        if word is None:
            archive.connection.execute("DELETE FROM pins WHERE site = ? AND pattern = ?", (site, key))
        else:
            _set(archive, site, key, word, "person")
        return _derive_with(archive, site, {key}, derive)


def pins(archive: Archive, site: str) -> list[dict[str, Any]]:
    """Return what was said on a site: `pattern`, `verdict`, `origin` (`person` or `import`), `since`."""
    rows = archive.connection.execute(
        "SELECT pattern, verdict, origin, since FROM pins WHERE site = ? ORDER BY since, pattern", (site,)
    )
    return [dict(row) for row in rows]


def export_patterns(archive: Archive, site: str) -> dict[str, Any]:
    """Return what is boilerplate on a site, as learned and as said, for a file that a person can read and mend.

    Learned patterns come with the share of articles they stand on, where, since and until which month.
    """
    rows = archive.connection.execute(
        "SELECT pattern, place, scope, pages, of, since, until FROM boilerplate WHERE site = ? "
        "ORDER BY pages DESC, pattern, scope",
        (site,),
    )
    word = {row["pattern"]: row for row in pins(archive, site)}
    said = [{"pattern": text, "said": row["since"]} for text, row in word.items() if row["verdict"] == "drop"]
    learned = [row for row in without_variants([dict(row) for row in rows]) if row["pattern"] not in word]
    kept = [text for text, row in word.items() if row["verdict"] == "keep"]
    about = {"format": FORMAT, "site": site} | ({"demo": True} if archive.is_demo() else {})
    return about | {"patterns": said + learned, "kept": kept}


def without_variants(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out patterns with names masked that stand on no more articles than the very line they were made from."""
    masked: dict[str, int] = {}
    for row in rows:
        for text in variants(row["pattern"], row["pattern"]):
            masked[text] = max(masked.get(text, 0), row["pages"])
    return [row for row in rows if masked.get(row["pattern"], 0) < row["pages"]]


def import_patterns(archive: Archive, data: Any, derive: Derive, site: str | None = None) -> int:
    """Take over what :func:`export_patterns` wrote; what a person said in this archive goes before it.

    :return: how many patterns were new.
    :raises PatternsError: when it is no such file, or that of a demo and this archive is none; nothing is changed then.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise PatternsError(f'not a file of patterns: its "format" is not "{FORMAT}"')
    if data.get("demo") and not archive.is_demo():
        raise PatternsError(
            "these are the patterns of a demo, whose articles are invented; they are not for real ones"
        )
    site = site or data.get("site")
    lists: tuple[Any, Any] = data.get("patterns"), data.get("kept", [])
    if not isinstance(site, str) or not all(isinstance(entries, list) for entries in lists):
        raise PatternsError('a file of patterns has "site", a list "patterns" and a list "kept"')
    try:
        wanted: dict[str, Word] = {str(entry["pattern"]): "drop" for entry in lists[0]}
    except (TypeError, KeyError):
        raise PatternsError('every entry of "patterns" must have a "pattern"') from None
    wanted |= {str(text): "keep" for text in lists[1]}
    with archive.transaction():
        new = {text for text, word in wanted.items() if _set(archive, site, text, word, "import")}
        _derive_with(archive, site, new, derive)
    return len(new)


def _set(archive: Archive, site: str, key: str, word: Word, origin: str) -> bool:
    """Note a word, unless it is an imported one and a person has spoken; return whether anything changed."""
    cursor = archive.connection.execute(
        "INSERT INTO pins (site, pattern, verdict, origin, since) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET verdict = excluded.verdict, origin = excluded.origin, since = excluded.since "
        "WHERE excluded.origin = 'person' OR (pins.origin = 'import' AND verdict != excluded.verdict)",
        (site, key, word, origin, now()),
    )
    return cursor.rowcount > 0


def _derive_with(archive: Archive, site: str, patterns: set[str], derive: Derive) -> int:
    rows = archive.connection.execute("SELECT * FROM articles WHERE site = ? ORDER BY id", (site,))
    found = [row["id"] for row in rows if carries(row, patterns)] if patterns else []
    return sum(derive(archive, article) for article in found)
