"""An article to read: its text, its revisions and their difference, its copies, its raw page as source."""

import sqlite3
from typing import Any

from datasette import Response

from dzwcrawl.archive import pages
from dzwcrawl.archive.boilerplate import explain
from dzwcrawl.archive.clusters import cluster_of
from dzwcrawl.archive.history import Revision, at_revision, comparable, revisions
from dzwcrawl.article import Article, RawPage
from dzwcrawl.diff.articles import FieldDiff, count_signs, diff_articles
from dzwcrawl.diff.page import Wording, sections
from dzwcrawl.extract.decode import decode
from dzwcrawl.web.text import parts_of
from dzwcrawl.web.visit import NotThere, Page, Visit
from dzwcrawl.web.words import Words

_SOURCE = 500_000
"""Characters of a raw page that are shown."""

_COPIES = 200
"""Members of a cluster that are shown."""

_OPS = ("changed", "added", "removed", "moved", "moved away")


def article(visit: Visit) -> Page:
    """The article as it is, or as it was at a revision (`revision`)."""
    present = _present(visit)
    state = at_revision(visit.archive, present, visit.number("revision", present.revision))
    if state is None:
        raise NotThere
    history = revisions(visit.archive, present)
    parts, pictures = parts_of(state)
    number = visit.number("article")
    return Page(
        "article",
        {
            "article": state,
            "present": present,
            "number": state.revision if state is present else visit.number("revision"),
            "parts": parts,
            "pictures": pictures,
            "history": [(each, _times(each, visit.words)) for each in reversed(history)],
            "vanished": visit.archive.query_value("SELECT vanished FROM articles WHERE id = ?", (number,)),
            "original": visit.archive.article(present.duplicate_of) if present.duplicate_of else None,
            "absences": _rows(visit, _ABSENCES),
            "removed": explain(visit.archive, state),
            "raw": _rows(visit, _RAW),
            "cluster": _cluster(visit),
        },
    )


_ABSENCES = (
    "SELECT since, until, reason FROM absences WHERE article = ? AND confirmed AND until IS NOT NULL "
    "ORDER BY since DESC"
)
_RAW = (
    "SELECT revision, part, url, fetched, size FROM pages JOIN payloads ON payloads.id = payload "
    "WHERE article = ? ORDER BY revision DESC, part"
)


def _rows(visit: Visit, sql: str) -> list[sqlite3.Row]:
    return visit.archive.connection.execute(sql, (visit.number("article"),)).fetchall()


def _present(visit: Visit, name: str = "article") -> Article:
    found = visit.archive.article(visit.number(name))
    if found is None:
        raise NotThere
    return found


def _times(revision: Revision, words: Words) -> str:
    since, until = (words.date(time) for time in (revision.since, revision.until))
    return until if since == until else words("seen_from_to", since=since, until=until)


def _cluster(visit: Visit) -> dict[str, Any] | None:
    found = cluster_of(visit.archive, visit.number("article"))
    if found is None or len(found.members) < 2:
        return None
    return {
        "original": found.original,
        "members": found.members[:_COPIES],
        "number": len(found.members),
    }


def difference(visit: Visit) -> Page:
    """What changed from one revision to another (`from`, `to`), or what differs from another article (`with`)."""
    present = _present(visit)
    history = {each.number: each for each in revisions(visit.archive, present)}
    kinds: list[str] = []
    numbers: tuple[int, int] | None = None
    if visit.args.get("with"):
        old, new = _present(visit, "with"), present
        labels = [_about(each, visit.words) for each in (old, new)]
    else:
        numbers = visit.number("from", max(present.revision - 1, 1)), visit.number("to", present.revision)
        states = comparable(visit.archive, present, numbers)
        if states is None:
            raise NotThere
        old, new = states
        labels = [_about_revision(present, history[number], visit.words) for number in numbers]
        steps = range(min(numbers) + 1, max(numbers) + 1)
        kinds = list(dict.fromkeys(kind for step in steps for kind in history[step].changes))
    fields = diff_articles(old, new)
    removed, added = count_signs(fields)
    return Page(
        "difference",
        {
            "article": new,
            "present": present,
            "labels": labels,
            "kinds": kinds,
            "removed": removed,
            "added": added,
            "difference": sections(fields, wording=_wording(fields, visit.words)) if fields else "",
            "history": list(history) if numbers else [],
            "numbers": numbers,
        },
    )


def _about(article: Article, words: Words) -> dict[str, str]:
    facts = (article.site, article.source, words.date(article.published))
    return {
        "name": article.title or words("no_title"),
        "when": " · ".join(filter(None, facts)),
        "url": f"/articles/{article.id}",
    }


def _about_revision(present: Article, revision: Revision, words: Words) -> dict[str, str]:
    return {
        "name": words("revision", n=revision.number),
        "when": _times(revision, words),
        "url": f"/articles/{present.id}?revision={revision.number}",
    }


def _wording(fields: list[FieldDiff], words: Words) -> Wording:
    return Wording(
        fields={each.name: words.known("field", each.name) for each in fields},
        ops={op: words.known("op", op) for op in _OPS},
        more=words("more_characters"),
        fold=words("fold"),
        coarse=words("coarse"),
    )


def source(visit: Visit) -> Page:
    """The raw page as text: what a browser would make of it never happens here."""
    page = _page(visit)
    headers = (line.partition(":") for line in page.head.splitlines()[1:])
    declared = next((value for name, _, value in headers if name.lower() == "content-type"), None)
    text, encoding = decode(page.body, declared)
    text = "\n".join(text.expandtabs(4).splitlines())
    return Page(
        "source",
        {
            "article": _present(visit),
            "page": page,
            "head": "\n".join(page.head.splitlines()),
            "source": text[:_SOURCE],
            "shortened": f"{_SOURCE:,}" if len(text) > _SOURCE else None,
            "encoding": encoding,
            "revision": visit.number("revision"),
        },
    )


def download(visit: Visit) -> Response:
    """The bytes of the raw page, to be saved and never opened in place."""
    page = _page(visit)
    name = f"article-{visit.number('article')}-revision-{visit.number('revision')}-part-{page.part}.htm"
    return Response(
        page.body,
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
        content_type="application/octet-stream",
    )


def _page(visit: Visit) -> RawPage:
    numbers = [visit.number(name) for name in ("article", "revision", "part")]
    if not any(row["revision"] == numbers[1] and row["part"] == numbers[2] for row in _rows(visit, _RAW)):
        raise NotThere
    try:
        return pages.find(visit.archive, *numbers)
    except pages.PageError as error:
        raise sqlite3.DatabaseError(str(error)) from error
