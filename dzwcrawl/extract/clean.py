"""Judging the blocks of a region one by one: what in the body's element is not text of the article, and
why.
"""

import re
from collections import defaultdict
from itertools import islice

from lxml.html import HtmlElement

from dzwcrawl.boilerplate.phrases import phrase_reason, tail_reason
from dzwcrawl.extract.credits import Credit, read_credit
from dzwcrawl.extract.page import Page, PageBlock
from dzwcrawl.extract.priors import LAST, LEAD, SCRAMBLED, WIDGET
from dzwcrawl.extract.scores import BESIDE, ENDS, Scores, is_link, mass
from dzwcrawl.text import fold_title

_STAMP = re.compile(
    r"(?:by|von|par|por|di|af|av|door|text:) (?!our\b|unser|notre\b|nuestr)[A-ZÀ-Ž][^.!?]{2,60}(?: \S{2,40}@\S{4,40})?"
    r"|(?:(?:first |last |originally )?(?:published|updated|posted|modified|submitted|created|filed)"
    r"|(?:article|publication|post) date|stand|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado"
    r"|pubblicato|gepubliceerd|gepost)"
    r"(?: on| at| by| am| le| el)?[: ].{0,60}\d.{0,40}"
    r"|.{0,20}\d+[ -]?min(?:ute|uten|utes|uto|utos|uti|s)?\.?"
    r"(?: read| lesezeit| de lecture| de lectura| de leitura| di lettura)?"
    r"|(?:last updated|updated).{0,40}ago"
    r"|(?:\d\d?:\d\d,? )?(?:\d\d?\.? [^\W\d]{3,9}\.?,?|[^\W\d]{3,9}\.? \d\d?,) \d{4}"
    r"[\W\d]*(?:[apm.]{2,4}\W*)?(?:[A-Z]{2,4}\b\W*)?(?:updated.{0,40})?"
    r"|(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d)[\W\d]{1,12}"
    r"(?:post|publi|veröff|geschrieben|escrito|written|by\b|par\b|por\b|von\b).{0,90}"
    r"|[^.!?|\d]{2,60} [|/·•] (?:[^\W\d]{3,9}\.? \d\d?, \d{4}|\d\d?\.? [^\W\d]{3,9}\.? \d{4})(?: [|/·•] [^.!?]{2,80})?",
    re.I,
)
"""Lines about when and by whom an article was written; names and dates are read from them elsewhere.

`Von unserem Mitarbeiter …` says more than a name, and is a line of the text as 本报记者 … is.
"""

_ONLY_DATE = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,? )?(?:\d\d?:\d\d ?(?:[AP]M )?(?:[A-Z]{2,4} )?)?"
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d\d? [A-Z][a-z]{2,8} \d{4})"
    r"(?:[, ]+(?:[A-Z]{2,4}|[A-Z][a-z]{2})\b)?(?:[, ]+\d\d?:\d\d(?: ?[AP]M)?(?: [A-Z]{2,4})?)?"
    r"|(?:[^.!?|\d]{2,60} [|/·•] )?(?:\d\d?:\d\d (?:[AaPp]\.?[Mm]\.?,? )?(?:[A-Z]{2,4},? )?)?(?:[^\W\d]{2,10}\.?,? )?"
    r"(?:\d\d?\.? [^\W\d]{3,9}\.?,?|[^\W\d]{3,9}\.? \d\d?,) \d{4},?(?: \d\d?:\d\d ?(?:[AaPp]\.?[Mm]\.?)?(?: [A-Z]{2,4})?)?"
)
"""A day, with clock, weekday, place or section: above the first sentence of a text it is the article's."""

_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|dateline|(?:pub|publish|article|post|entry|story)[-_]?(?:date|time))(?:$|[\s_-])",
    re.I,
)

_TITLE = 400
"""Characters of a title that are compared: an unclosed element makes a title of the whole page."""

_FIRST_LEVEL = 4
"""Rank of a first-level heading of most of the title: none is better."""

_STAMP_REACH = 25
"""Blocks at the start of the region, or from its title on, that may be such lines."""

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_CREDITED = re.compile(r"[^©]{10,300}\s©\s?[^.!?©]{2,50}")
"""A caption that stands among the paragraphs, told by the owner of the picture at its end."""

_MADE = r"\b(?:photo(?:graph)?|picture|image|illustration|foto|bild|grafik|fotografía|imagen)s?"
_CAPTIONED = re.compile(rf"\s\(?(?:{_MADE}(?: credit)?:|fot\.)\s?[^.!?]{{2,50}}", re.I)
"""How such a caption ends on other pages."""

_MAKER = re.compile(
    rf"\W?(?:{_MADE}[ -]?(?:credit|source|courtesy|quelle)?(?::| by | par | von | courtesy of )"
    r"|(?:credit|crédits?(?: photo)?|courtesy)(?:: ?| of )|fot\. )[^.!?:]{2,70}"
    r"|[^.!?:;\d]{2,70}\s?[/|]\s?(?-i:AP|AFP|EPA|EFE|dpa|APA|PA|ANSA|Keystone|Xinhua|Kyodo|Reuters|REUTERS|Corbis|Shutterstock"
    r"|Bloomberg|imago|Imago|IMAGO|iStock|Alamy|Unsplash|Getty(?: Images)?(?:\W.{0,20})?|picture alliance)\W?",
    re.I,
)
"""The line below a picture that says who made it."""

_SHORT, _MARKS = 90, ("/", "|", ":", " by ", " of ", " par ", " von ", "ot. ")
"""Characters below which a block may be such a line, and what it has in it: one look costs less than the pattern."""

_PICTURE = re.compile(r"image|img|picture|photo|figure|media|gallery|lightbox|slide|player", re.I)

_OWN_TEXT = 200.0
"""Mass of prose beside which captions are not the text, however long they are."""

_LABEL, _HEADLINE = 30, 4
"""Characters of the label of a linked headline at most; words of the headline at least."""

_TAIL, _TAIL_CJK = 0.25, 0.35
"""Part of the prose of a region that may come after the line that ends the article."""

_AFTER_EDITOR = "tail: after the credit of the editor"

_COMMENTS = "phrase: comment"
"""The reason for the rules of the comments, after which nothing is the article."""

_NOTICES = ("phrase: disclaimer", "phrase: copyright")

_APPEAL = "phrase: subscription"
_BOX, _REASONS = 10, 150.0
"""Blocks of a box that appeals to subscribe, and mass of what else stands in it, at most."""

_LEAD_REACH = 40
"""Blocks above the body among which the first heading and the lead are looked for."""

_POSTED = re.compile(
    r"发表于|发表时间|发布时间|发布于|張貼|张贴|發表於|评论|評論|留言|回复|回覆|\b(?:posted|comments?)\b",
    re.I,
)
_MOMENT = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]{0,3}\d{1,2}:\d\d")
_POSTS, _POST_LENGTH, _POST_PROSE = 3, 120, 30.0
"""Lines that end a post from which on a page has several; their characters at most; mass of the first post at least."""

_ELSEWHERE = ("links", "related", "teaser")
"""How the reasons begin for what leads to other pages."""

_PROSE, _SENTENCE = 8.0, 30.0
"""Score from which a block is a sentence rather than a label; from which it is one for certain."""


def title_block(page: Page) -> int | None:
    """Return the index of the block that repeats the title of the page, or None.

    A first-level heading of most of the title comes before any other heading of most of it, because boxes to share repeat
    it too; then comes a heading of a part, because page titles name sections, then a line of most of it.
    """
    titles = [page.root.findtext(".//title") or "", *page.stated("og:title")[:3]]
    wanted = [folded for title in titles if len(folded := fold_title(title[:_TITLE])) > 3]
    best: int | None = None
    rank = 0
    for i, block in enumerate(page.blocks):
        heading = block.role == "heading"
        if (best is not None and not heading) or len(block.text) > 250 or (is_link(block) and not heading):
            continue
        folded = fold_title(block.text)
        if len(folded) > 3 and any(w.startswith(folded) or (folded in w and heading) for w in wanted):
            most = len(folded) * 2 > min(map(len, wanted))
            here = (2 + most + (most and block.element.tag == "h1")) if heading else int(most)
            if here > rank:
                best, rank = i, here
                if rank == _FIRST_LEVEL:
                    break
    return best


def clean(page: Page, start: int, end: int, scores: Scores) -> None:
    """Mark the blocks of the region that are not text of the article, each with the reason."""
    blocks, raw = page.blocks[start:end], scores.raw[start:end]
    believed = _believed(scores, start, end)
    for block, reason, score in zip(blocks, scores.noise[start:end], raw, strict=True):
        # A quotation is the author's, whatever the element is called that shows it.
        own = (reason == WIDGET and block.role == "quote") or (reason == LAST and score > _SENTENCE)
        named = reason in believed and not own
        block.removed = reason if named else phrase_reason(block.text)
    first = scores.title - start if scores.title is not None and start <= scores.title < end else 0
    told = False
    for i in range(first, min(first + _STAMP_REACH, len(blocks))):
        block = blocks[i]
        if block.removed is not None:
            continue
        if len(block.text) < 110 and (
            _STAMP.fullmatch(block.text)
            or (not told and (_ONLY_DATE.fullmatch(block.text) or _is_byline(block)))
        ):
            block.removed = "header: name or date"
        elif raw[i] > _PROSE and start + i != scores.title:
            told = told or not _is_credited(block.text)
    _drop_appeals(page, start, end)
    _cut_posts(blocks, raw)
    _cut_tail(blocks, raw)
    _drop_repeats(blocks)
    drop_captions(blocks, raw)
    _drop_links(blocks, raw)
    _drop_headings(page, start, end)


def _is_byline(block: PageBlock) -> bool:
    """Return whether a line without the end of a sentence stands in an element named after who wrote or when."""
    return _BYLINE.search(block.element.get("class") or "") is not None and not ENDS.search(block.text[-2:])


def _drop_appeals(page: Page, start: int, end: int) -> None:
    """Mark what else stands in a small box that appeals to subscribe: the reasons to do so.

    Two lines of such a box are known by their words, the first among them or as many as all others.
    """
    if sum(block.removed == _APPEAL for block in page.blocks[start:end]) < 2:
        return
    for node in page.nodes:
        if not (start <= node.start and node.end <= end and 2 < node.end - node.start <= _BOX):
            continue
        box = page.blocks[node.start : node.end]
        appeals = [block.removed == _APPEAL for block in box]
        if sum(appeals) >= 2 and (appeals[0] or 2 * sum(appeals) >= len(box)):
            kept = [block for block in box if block.removed is None]
            if sum(mass(block.text) for block in kept) <= _REASONS:
                for block in kept:
                    block.removed = "widget: appeal to subscribe or give"


def _cut_posts(blocks: list[PageBlock], raw: list[float]) -> None:
    """Mark everything from the line on that ends the first of several posts: replies in a forum, the other entries of
    a blog.

    Such a line says when, to the minute, a post was made and by whom, or how many comments it has; one alone is
    the article's own.
    """
    ends = [
        i
        for i, block in enumerate(blocks)
        if len(block.text) < _POST_LENGTH and _POSTED.search(block.text) and _MOMENT.search(block.text)
    ]
    before = sum(max(0.0, score) for score in raw[: ends[0]]) if len(ends) >= _POSTS else 0.0
    if before > _POST_PROSE:
        for block in blocks[ends[0] :]:
            block.removed = block.removed or "post: another one begins"


def _believed(scores: Scores, start: int, end: int) -> set[str]:
    """Return the reasons that names give for leaving text out, without those that would leave out a good
    part of the region: a class that happens to hold a word for a side column."""
    loss: dict[str, float] = defaultdict(float)
    for i in range(start, end):
        if reason := scores.noise[i]:
            loss[reason] += max(0.0, scores.raw[i])
    limit = 0.3 * scores.prose(start, end)
    return {
        reason
        for reason, lost in loss.items()
        if lost <= limit or reason.startswith(("comment", "teaser", "widget: consent", BESIDE, SCRAMBLED))
    }


def _named(element: HtmlElement | None) -> str | HtmlElement | None:
    """Return tag and class of an element and its parent, or itself where it has no class.

    Page builders split a text into several elements of one name, with advertisements and lists between them.
    """
    names = None if element is None else element.get("class")
    if element is None or not names:
        return element
    above = element.getparent()
    return (
        f"{element.tag} {names}"
        if above is None
        else f"{element.tag} {names} {above.tag} {above.get('class')}"
    )


def _main_parent(blocks: list[PageBlock], raw: list[float]) -> str | HtmlElement | None:
    """Return what the elements are called right under which most of the prose stands."""
    parents: dict[HtmlElement, float] = defaultdict(float)
    for block, score in zip(blocks, raw, strict=True):
        if score > 0 and block.removed is None and (parent := block.element.getparent()) is not None:
            parents[parent] += score
    named: dict[str | HtmlElement | None, float] = defaultdict(float)
    for parent, score in parents.items():
        named[_named(parent)] += score
    return max(named, key=lambda name: named[name], default=None)


def _cut_tail(blocks: list[PageBlock], raw: list[float]) -> None:
    """Mark everything from a line on that opens related lists or notices, if little prose comes after it.

    In alphabets a related box in the middle of an article looks the same as one after it: there the cut ends
    where prose right under an element of the same name goes on. So it does everywhere after a notice, which some sites
    set into the text. After the credit of the editor only more credits belong to a Chinese article.
    """
    prose = [max(0.0, s) if b.removed is None else 0.0 for b, s in zip(blocks, raw, strict=True)]
    total = sum(prose) or 1.0
    rest = total
    cut: str | None = None
    signed = False
    parent = _main_parent(blocks, raw)
    for block, score, kept in zip(blocks, raw, prose, strict=True):
        rest -= kept
        chinese = bool(_CJK.search(block.text))
        if cut not in (None, _COMMENTS) and score > 20 and _named(block.element.getparent()) == parent:
            cut = cut if chinese and not (cut or "").startswith(_NOTICES) else None
        if cut is None and rest < (_TAIL_CJK if chinese else _TAIL) * total:
            cut = tail_reason(block.text)
            credit = _credit(block.text) if chinese else None
            if cut is None and signed and credit is None and score > 20:
                cut = _AFTER_EDITOR
            signed = signed or (credit is not None and bool(credit.editors))
        block.removed = cut or block.removed


def _credit(text: str) -> Credit | None:
    return read_credit(text) if len(text) <= 60 else None


def _drop_repeats(blocks: list[PageBlock]) -> None:
    """Mark a sentence that was there before in another place: pages hold texts twice for two layouts or
    two tabs.

    One that comes again under the same element is the author's doing and stays, unless three or more do.
    """
    seen: dict[str, HtmlElement | None] = {}
    again: list[PageBlock] = []
    for block in blocks:
        if block.removed is None and mass(block.text) > 15:
            parent = block.element.getparent()
            if block.text not in seen:
                seen[block.text] = parent
            elif seen[block.text] is not parent:
                block.removed = "repeated: it stands above"
            else:
                again.append(block)
    if len({block.text for block in again}) >= 3:
        for block in again:
            block.removed = "repeated: it stands above"


def _is_credited(text: str) -> bool:
    """Tell whether a text of at most one sentence names who made or owns a picture at its end, or does nothing else."""
    if "©" in text:
        return bool(_CREDITED.fullmatch(text))
    if len(text) < _SHORT and any(mark in text for mark in _MARKS):
        return bool(_MAKER.fullmatch(text) or _captioned(text))
    return (
        _SHORT <= len(text) < 3 * _SHORT
        and any(mark in text[-60:] for mark in (":", "ot. "))
        and _captioned(text)
    )


def _captioned(text: str) -> bool:
    end = _CAPTIONED.search(text, max(0, len(text) - 70))
    return end is not None and end.end() == len(text) and not ENDS.search(text[: end.start() - 1])


def drop_captions(blocks: list[PageBlock], raw: list[float]) -> None:
    """Mark captions, unless they are the text: a gallery has little else, an article may hold one."""
    caption = [b.role == "caption" or (b.removed is None and _is_credited(b.text)) for b in blocks]
    text = sum(
        s for b, s, yes in zip(blocks, raw, caption, strict=True) if b.removed is None and not yes and s > 0
    )
    captions = sum(mass(b.text) for b, yes in zip(blocks, caption, strict=True) if b.removed is None and yes)
    if text > max(60.0, min(0.5 * captions, _OWN_TEXT)):
        for block, yes in zip(blocks, caption, strict=True):
            if yes:
                block.removed = block.removed or "caption: of an image"


def _drop_links(blocks: list[PageBlock], raw: list[float]) -> None:
    """Mark runs of links with the labels between them, and what follows the last prose if links are in it."""
    last = max((i for i, s in enumerate(raw) if s > _PROSE and blocks[i].removed is None), default=-1)
    linked = [is_link(block) or _is_labelled(block) for block in blocks]
    last_link = max((i for i, yes in enumerate(linked) if yes), default=-1)
    lonely = {
        i
        for i in range(1, last)
        if linked[i]
        and not linked[i - 1]
        and not linked[i + 1]
        and blocks[i].role in ("paragraph", "heading")
    }
    for i, block in enumerate(blocks):
        if block.removed is not None:
            continue
        if linked[i]:
            if i not in lonely:
                block.removed = "links: one of several"
            elif (
                _is_shouted(block.text)
                or _is_labelled(block)
                or (len(lonely) < 4 and not ENDS.search(block.text[-2:]))
            ):
                block.removed = "links: a line that is a link"
        elif last < i < last_link and raw[i] < _PROSE and any(linked[i + 1 : i + 4]) and block.text[0] != "*":
            block.removed = "links: label of a list of links"


def _drop_headings(page: Page, start: int, end: int) -> None:
    """Mark the headings of boxes that hold nothing below them but links to elsewhere."""
    blocks = page.blocks
    alone = [
        i
        for i in range(start, end - 1)
        if blocks[i].role == "heading" and blocks[i].removed is None and _leads_on(blocks[i + 1])
    ]
    ends = {node.element: node.end for node in page.nodes} if alone else {}
    for i in alone:
        box_end = ends.get(blocks[i].element.getparent(), 0)
        if i + 1 < box_end and all(_leads_on(blocks[j]) for j in range(i + 1, min(box_end, end))):
            blocks[i].removed = "links: heading of a list of links"


def _leads_on(block: PageBlock) -> bool:
    return (block.removed or "").startswith(_ELSEWHERE)


def _is_labelled(block: PageBlock) -> bool:
    """Return whether a line is a linked headline after a label in capitals: `VIDEO: What happened in the night`."""
    label, _, rest = block.text.partition(": ")
    # `DIRECTOR: Jane van Doe` is text: names have fewer words than headlines.
    headline = label.isupper() and len(label) <= _LABEL and rest.count(" ") >= _HEADLINE - 1
    return headline and block.link_chars > 0.8 * len(rest)


def _is_shouted(text: str) -> bool:
    """Return whether a line is a headline in capitals: of another article, where it is a link."""
    letters = [c for c in text if c.isupper() or c.islower()]
    return len(letters) > 15 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def second_article(page: Page, start: int, end: int, scores: Scores) -> int:
    """Return where another article begins, which some pages load below the first, or `end`.

    It has a heading of the first level like the first one, in an article element of its own.
    """
    first: PageBlock | None = None
    for i in range(start, end):
        block = page.blocks[i]
        if not _is_h1(block):
            continue
        if first is None:
            first, begun = block, i
        elif scores.prose(begun, i) > 60 and block.text != first.text:
            article = _article_of(block)
            if article is not None and article is not _article_of(first):
                return i
    return end


def _article_of(block: PageBlock) -> HtmlElement | None:
    return next(block.element.iterancestors("article"), None)


def lead_start(page: Page, start: int, end: int, container: HtmlElement, scores: Scores) -> int:
    """Return where the region starts once it takes in the lead, which some sites put above the body's
    element; what else stands between them is marked.

    A lead is one or more sentences between the first heading and the body whose element is named so, stands
    right beside that heading, or is a paragraph of an element that holds the body as well. One that was
    taken from the body is none.
    """
    above = range(start - 1, max(-1, start - _LEAD_REACH), -1)
    top = next((i for i in above if _is_h1(page.blocks[i])), None)
    if top is None:
        return start
    beside = set(islice(page.blocks[top].element.iterancestors(), 2))
    around = {e for e in container.iterancestors() if e.tag not in ("body", "html")}
    leads = [i for i in range(top + 1, start) if _is_lead(page.blocks[i], i, beside, around, scores)]
    text = "\n".join(block.text for block in page.blocks[start:end] if block.removed is None)
    leads = [i for i in leads if page.blocks[i].text.strip("….") not in text]
    if not leads:
        return start
    for i in range(leads[0], start):
        if i not in leads:
            block = page.blocks[i]
            block.removed = block.removed or "widget: between lead and body"
    return leads[0]


def _is_lead(
    block: PageBlock, i: int, beside: set[HtmlElement], around: set[HtmlElement], scores: Scores
) -> bool:
    if scores.noise[i] or scores.raw[i] < 10 or block.role == "caption":
        return False
    element = block.element
    if element.tag == "li" and (listed := element.getparent()) is not None:
        element = listed
    parents = list(islice(element.iterancestors(), 2))
    names = " ".join(f"{e.get('class') or ''} {e.get('id') or ''}" for e in (element, *parents[:1]))
    if _PICTURE.search(names):
        return False
    if LEAD.search(names) or (scores.raw[i] > 30 and not beside.isdisjoint(parents[:1])):
        return True
    return scores.raw[i] > 20 and element.tag in ("p", "ul", "ol") and not around.isdisjoint(parents)


def _is_h1(block: PageBlock) -> bool:
    return block.role == "heading" and block.element.tag == "h1"


def trim_head(page: Page, start: int, end: int, title: int | None, scores: Scores) -> int:
    """Return where the region starts once what comes before its title is left out, and mark the lines
    between the title and the first sentence: dates, names, counters."""
    if title is None or not start <= title < end:
        return start
    before = sum(max(0.0, scores.raw[i]) for i in range(start, title) if scores.noise[i] is None)
    if before > 0.2 * scores.prose(start, end):
        return start
    for i in range(title + 1, min(end, title + 9)):
        block = page.blocks[i]
        if scores.raw[i] > _PROSE or mass(block.text) > 20 or block.role in ("heading", "table_row", "quote"):
            break
        if not ENDS.search(block.text[-2:]):
            block.removed = block.removed or "header: between title and text"
    return title
