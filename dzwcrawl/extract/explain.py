"""What was made of a page, as one HTML file for a person: every block with its verdict, every field with its rule.

Pure, without scripts, and nothing is loaded from elsewhere. All text of the page is escaped.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape

from dzwcrawl.article import RECORD_FIELDS, Article, Block, Image
from dzwcrawl.dates import find_dates, fold_date_text
from dzwcrawl.extract.page import Page, PageBlock, Region
from dzwcrawl.text import fold_words

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1b; --pale: #6a6a6a; --rule: #d8d8d8;
  --kept: #1a7f37; --kept-paper: #f0faf2; --out: #b42318; --out-paper: #fdf2f0; --chip: #e7ecf8; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e6e6e6; --pale: #9a9fa8; --rule: #3a3f47;
  --kept: #57c878; --kept-paper: #17251b; --out: #ff8a7a; --out-paper: #2c1c1a; --chip: #2b3550; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.4rem; line-height: 1.35; margin: 0 0 .3rem; }
h2, summary { font-size: 1.05rem; font-weight: 600; margin: 1.6rem 0 .5rem; }
summary { cursor: pointer; }
p { margin: .3rem 0; }
.pale { color: var(--pale); font-size: .88rem; }
.refused { border: 2px solid var(--out); padding: .5rem .8rem; font-weight: 600; }
.text { overflow-wrap: anywhere; unicode-bidi: isolate; }
.counts { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; margin: .6rem 0; list-style: none; }
.counts li, .chip { background: var(--chip); border-radius: .3rem; padding: 0 .45rem; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--rule); }
th { font-weight: 600; white-space: nowrap; }
ol { list-style: none; margin: 0; padding: 0; }
li.block { border-left: 5px solid var(--rule); padding: .3rem .7rem; margin: .3rem 0; }
li.block > p { margin: 0; }
li.kept { border-left-color: var(--kept); background: var(--kept-paper); }
li.removed { border-left: 5px dashed var(--out); background: var(--out-paper); }
li.outside { border-left-style: dotted; color: var(--pale); }
li.outside > p { display: inline; }
li.heading .text { font-weight: 600; }
li:target { outline: 2px solid; }
.verdict { font-weight: 600; }
.kept .verdict { color: var(--kept); }
.removed .verdict { color: var(--out); }
.body { border-left: 1px solid var(--rule); padding-left: .8rem; }
a { color: inherit; }
@media (max-width: 34rem) { body { padding: .7rem; } tr, th, td { display: block; border: 0; padding: 0; }
  tr { border-top: 1px solid var(--rule); padding: .3rem 0; } thead { display: none; } td.by::before { content: "by "; } td.by, td.by + td { color: var(--pale); } }
"""

_LEGEND = (
    "✓ kept: part of the body. ✕ removed: inside the body region and left out, with the reason. "
    "· outside: before or after the region. A chip names a field whose value the block holds."
)


def explain(page: Page, region: Region, article: Article) -> str:
    """Return the view of a page that gave an article (see `read_article`), as an HTML document."""
    holders = _holders(page.blocks, article)
    before = list(enumerate(page.blocks[: region.start]))
    after = list(enumerate(page.blocks[region.end :], region.end))
    inside = enumerate(article.blocks, region.start)
    blocks = [
        _closed(f"Before the region: {_number(before)}", _items(before, holders, outside=True)),
        f"<h2>The body region: {_number(article.blocks)}</h2>",
        f'<p class="pale text">{escape(region.template)}</p>',
        _list(_items(inside, holders)),
        _closed(f"After the region: {_number(after)}", _items(after, holders, outside=True)),
    ]
    body = "".join(f"<p>{escape(line)}</p>" for line in article.body.split("\n"))
    return _document(
        article.title or "(no title)",
        article.language,
        [
            _facts(page),
            _counts(page, article),
            "<h2>Metadata</h2>",
            _table(article, holders),
            "<h2>Blocks</h2>",
            f'<p class="pale">{_LEGEND}</p>',
            *blocks,
            f"<details><summary>The body as derived: {len(article.body)} characters</summary>"
            f'<div class="body text" dir="auto">{body}</div></details>',
        ],
    )


def explain_refused(page: Page, why: str) -> str:
    """Return the view of a page that gave no article, as an HTML document."""
    return _document(
        "No article",
        None,
        [
            f'<p class="refused">Refused: {escape(why)}</p>',
            _facts(page),
            f"<h2>All blocks: {_number(page.blocks)}</h2>",
            _list(_items(enumerate(page.blocks), {}, outside=True)),
        ],
    )


def _document(title: str, language: str | None, parts: Sequence[str]) -> str:
    lang = f' lang="{escape(language)}"' if language else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # A second fence behind the escaping: a browser runs and loads nothing.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f'<body><main{lang}><h1 class="text" dir="auto">{escape(title)}</h1>\n'
        + "\n".join(parts)
        + "\n</main></body></html>"
    )


def _facts(page: Page) -> str:
    return f'<p class="pale text">{escape(page.url or "no URL given")} · read as {escape(page.encoding)}</p>'


def _number(blocks: Sequence[object]) -> str:
    return f"{len(blocks)} block{'' if len(blocks) == 1 else 's'}"


def _counts(page: Page, article: Article) -> str:
    kept = sum(block.removed is None for block in article.blocks)
    reasons = Counter(block.removed.partition(":")[0] for block in article.blocks if block.removed)
    counts = [f"✓ kept {kept}", *(f"✕ {kind} {n}" for kind, n in reasons.most_common())]
    counts.append(f"· outside {len(page.blocks) - len(article.blocks)}")
    return f'<ul class="counts">{"".join(f"<li>{escape(c)}</li>" for c in counts)}</ul>'


def _list(items: Iterator[str]) -> str:
    return f"<ol>{''.join(items)}</ol>"


def _closed(summary: str, items: Iterator[str]) -> str:
    return f"<details><summary>{summary}</summary>{_list(items)}</details>"


def _items(
    blocks: Iterator[tuple[int, Block]] | Iterator[tuple[int, PageBlock]] | list[tuple[int, PageBlock]],
    holders: dict[int, list[str]],
    *,
    outside: bool = False,
) -> Iterator[str]:
    """Yield a list item for each numbered block; its verdict stands in words, colour only repeats it."""
    for number, block in blocks:
        if outside:
            kind, verdict = "outside", "· outside"
        elif block.removed is None:
            kind, verdict = "kept", "✓ kept"
        else:
            kind, verdict = "removed", f"✕ removed, {block.removed}"
        chips = "".join(f' <span class="chip">{name}</span>' for name in holders.get(number, ()))
        yield (
            f'<li class="block {kind} {block.role}" id="b{number}">'
            f'<p class="pale">{number} <span class="verdict">{escape(verdict)}</span> '
            f"{block.role.replace('_', ' ')}{chips}</p>"
            f'<p class="text" dir="auto">{escape(block.text)}</p></li>\n'
        )


def _table(article: Article, holders: dict[int, list[str]]) -> str:
    """Return the fields that are known: value, the rule that gave it, blocks that hold it."""
    rows = []
    for name in RECORD_FIELDS:
        value = getattr(article, name)
        if not value or name in ("body", "revision"):
            continue
        blocks = [number for number, names in holders.items() if name in names]
        links = " ".join(f'<a href="#b{number}">{number}</a>' for number in blocks[:6])
        rows.append(
            f'<tr><th scope="row">{name}</th><td class="text" dir="auto">{_value(value)}</td>'
            f'<td class="by">{escape(article.rules.get(name, "given"))}</td>'
            f"<td>{f'block {links}' if links else ''}{' …' if len(blocks) > 6 else ''}</td></tr>"
        )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("field", "value", "rule", "in"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "<br>".join(map(_value, value))
    if isinstance(value, Image):
        return escape(f"{value.url} ({value.caption})" if value.caption else value.url)
    return escape(str(value))


def _holders(blocks: Sequence[PageBlock], article: Article) -> dict[int, list[str]]:
    """Return for each block, by its number, the names of the fields whose value stands in it."""
    tests = list(_tests(article))
    found: dict[int, list[str]] = {}
    for number, block in enumerate(blocks):
        names = [name for name, holds in tests if holds(block.text)]
        if names:
            found[number] = names
    return found


def _tests(article: Article) -> Iterator[tuple[str, Callable[[str], bool]]]:
    """Yield the field names that can stand in blocks, each with a function that tells whether a text holds it."""
    for name in ("title", "subtitle", "description"):
        value = fold_words(getattr(article, name) or "")
        if value:
            yield name, partial(_says, value)
    sources = [article.source] if article.source else []
    for name, values in (("authors", article.authors), ("editors", article.editors), ("source", sources)):
        if values:
            yield name, partial(_names, _any_of(values))
    if article.section:
        yield "section", partial(_lists, article.section)
    for name in ("published", "modified"):
        day = (getattr(article, name) or "")[:10]
        if len(day) == 10:
            yield name, partial(_dated, day)


def _says(folded: str, text: str) -> bool:
    """Return whether a text says a folded phrase and little else."""
    if len(text) > 4 * len(folded) + 8:
        return False
    own = fold_words(text)
    return folded in own and len(own) <= 2 * len(folded)


def _any_of(names: list[str]) -> re.Pattern[str]:
    # `\b` would not do: between Chinese characters there is none.
    letter = "[A-Za-z\u00c0-\u024f]"
    return re.compile(f"(?<!{letter})(?:{'|'.join(map(re.escape, names))})(?!{letter})")


def _names(names: re.Pattern[str], text: str) -> bool:
    return names.search(text) is not None


def _lists(crumbs: list[str], text: str) -> bool:
    return len(text) <= 120 and all(crumb in text for crumb in crumbs)


def _dated(day: str, text: str) -> bool:
    if len(text) > 200 or not any(character.isdigit() for character in text):
        return False
    found = find_dates(fold_date_text(text), year=int(day[:4]), day_first=True)
    return any(date.value[:10] == day for date in found)
