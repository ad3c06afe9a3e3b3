"""What the archive knows about what repeats, for people: the patterns of a site, the removed lines of an article."""

from typing import Any

from dzwcrawl.archive import learning
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.pins import pins, without_variants
from dzwcrawl.article import Article
from dzwcrawl.boilerplate.clean import DROPPED, LEARNED
from dzwcrawl.boilerplate.learned import EVERYWHERE, day_of, patterns_of
from dzwcrawl.text import counted

_SEEN = (
    "SELECT pattern, sum(block_days.pages) AS pages, min(day) AS first, max(day) AS last, sum(head) AS head, "
    "sum(tail) AS tail, sum(aside) AS aside, sum(linked) AS linked, "
    "(SELECT max(of) FROM verdicts WHERE verdicts.block = blocks.id) AS of, "
    "(SELECT group_concat(DISTINCT scope) FROM verdicts WHERE verdicts.block = blocks.id) AS scopes, "
    "(SELECT min(month) FROM verdicts WHERE verdicts.block = blocks.id) AS since, "
    "(SELECT max(month) FROM verdicts WHERE verdicts.block = blocks.id) AS until "
    "FROM blocks JOIN block_days ON block_days.block = blocks.id "
    "WHERE site = ? AND blocks.pages >= ? GROUP BY blocks.id ORDER BY pages DESC, pattern"
)


def repeating(archive: Archive, site: str, *, at_least: int = 3) -> list[dict[str, Any]]:
    """Return what repeats on a site, the most frequent first, each with its verdict.

    Keys: `pattern`; `pages` it was counted on; how many of these it stood on before the text (`head`), after it
    (`tail`), in markup of its own (`aside`), as a link (`linked`); `first` and `last` day (YYYYMMDD); `verdict`:
    `boilerplate` (with `scopes`, `since` and `until`, months as YYYYMM), `kept` or `dropped` by a person's word, or
    `text`.
    """
    said = {row["pattern"]: row for row in pins(archive, site)}
    rows = without_variants([dict(row) for row in archive.connection.execute(_SEEN, (site, at_least))])
    for row in rows:
        word = said.pop(row["pattern"], None)
        row["verdict"] = _word(word) if word else "boilerplate" if row["since"] else "text"
    unseen = [{"pattern": text, "pages": 0, "verdict": _word(word)} for text, word in said.items()]
    return rows + unseen


def _word(pinned: dict[str, Any]) -> str:
    by = "a person's word" if pinned["origin"] == "person" else "import"
    return f"{'kept' if pinned['verdict'] == 'keep' else 'dropped'} by {by}, {pinned['since'][:10]}"


def _where(scope: str) -> str:
    return "the whole site" if scope == EVERYWHERE else scope


def explain(archive: Archive, article: Article) -> list[dict[str, str | None]]:
    """Return the removed lines of an article in page order: `text`, `reason` and, of what was learned, `evidence`
    (on how many articles of which layout the line stood while it was in use); and the lines a person kept."""
    rows = archive.connection.execute(
        "SELECT pattern, scope, verdicts.pages, of FROM verdicts JOIN blocks ON blocks.id = block "
        "WHERE site = ? AND month = ? AND scope IN (?, ?, ?)",
        (article.site, day_of(article) // 100, *learning.layout_of(article).scopes()),
    )
    known = {
        row["pattern"]: f"on {row['pages']} of {counted(row['of'], 'article')}, {_where(row['scope'])}"
        for row in rows
    }
    said = {row["pattern"]: _word(row) for row in pins(archive, article.site or "")}
    found: list[dict[str, str | None]] = []
    for block, texts in zip(article.blocks, patterns_of(article), strict=True):
        evidence = None
        if block.removed in LEARNED.values():
            evidence = next((known[text] for text in texts if text in known), None)
        elif block.removed == DROPPED or block.overruled is not None:
            evidence = next((said[text] for text in texts if text in said), None)
        if block.overruled is not None:
            found.append(
                {"text": block.text, "reason": f"kept, though {block.overruled}", "evidence": evidence}
            )
        elif block.removed is not None:
            found.append({"text": block.text, "reason": block.removed, "evidence": evidence})
    return found
