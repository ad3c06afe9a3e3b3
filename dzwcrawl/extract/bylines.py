"""Who wrote, who edited and which outlet published: three fields that are never mixed."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from lxml.html import HtmlElement

from dzwcrawl.boilerplate.phrases import phrase_reason
from dzwcrawl.extract.clues import Clues
from dzwcrawl.extract.credits import clean_source, read_byline
from dzwcrawl.extract.header import CreditLine
from dzwcrawl.extract.markup import near_body
from dzwcrawl.extract.names import clean_name, is_chinese_name, is_nobody, is_outlet, split_names
from dzwcrawl.extract.page import Page, PageBlock, Region
from dzwcrawl.extract.structured import Structured, plain, types
from dzwcrawl.text import fold_words, one_line

_META_AUTHOR = (
    "author",
    "article:author",
    "og:article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "creator",
    "byl",
    "byline",
    "citation_author",
    "cxenseparse:author",
    "authors",
    "article_author",
    "mrf:authors",
    "vr:author",
    "rbauthors",
    "dable:author",
    "articleauthor",
    "twitter:misc:written by",
)
_META_SOURCE = (
    "source",
    "mediaid",
    "article:source",
    "og:article:source",
    "copyrightsource",
    "publishsource",
    "originalsource",
)
_META_EDITOR = ("editor", "responsibleeditor", "article:editor")
_HAN = re.compile(r"[\u3400-\u9fff]")
_BY = re.compile(
    r"^(?:(?:written|words|story|posted|published|reported|authored|reviewed|article|text|analysis|"
    r"opinion)\s+)?"
    r"(?:by|von|par|por|di|da|door|av|af|od|autor(?:es|en|in)?|author(?:s|ed by)?|auteurs?|text|texte|"
    r"texto|testo|reporter|escrito por|"
    r"publié par|ein[e]? (?:artikel|beitrag|kommentar|analyse|gastbeitrag) von)(?:\s*[:：]\s*|\s+)"
    r"(?:(?:unser(?:em|er)|our) (?:[\w-]+ )?(?:mitarbeiter|korrespondent|redakteur|reporter|correspondent)(?:in)?\s+)?",
    re.I,
)
# Published August 7, 2023 by Jane Doe: after a day, "by" tells who wrote.
_BY_INSIDE = re.compile(
    r"\d{4}\b[^\w]{0,4}(?:\d\d?:\d\d\W{0,3})?(?:(?:posted|written|published|publicado|publié)\s+)?"
    r"(?:by|von|par|por|di|door|av|af)\b:?\s+",
    re.I,
)
_TAIL = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\bpublished\b|\bupdated\b|\bposted\b|\bon \w+ \d|\bam \d|\bhace\b|"
    r"\d{1,2}[./: ]\d|\b(?:19|20)\d\d\b|\s\d{1,2}\b|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2}\b|"
    r"\btranslation by\b|\bsenior\b|\bstaff\b|\bfollow\b|\bin\b [A-Z]|@\w|\().*$",
    re.I,
)
_JOINERS = re.compile(r"\s*(?:;|,|/|\s\|\s|\s&\s|\s+(?:and|und|et|y|e|og|och|en|a)\s+)\s*")
_PERSON = re.compile(r"[^\W\d_][\w.'’\-]*(?:\s+[^\W\d_][\w.'’\-]*){0,5}", re.U)
_CREDENTIAL = re.compile(
    r"(?:M\.?D|Ph\.?D|R\.?D|R\.?N|M\.?S|M\.?A|M\.?B\.?A|B\.?A|J\.?D|Esq|Jr|Sr|II|III|CPA|LCSW|MPH|FAND|DABOM|FOMA|CFP|DO|DDS)\.?",
    re.I,
)
_POSITION = re.compile(
    r"(?:[\w&.'’-]+ ){0,5}(?:editor|reporter|correspondent|writer|columnist|officer|director|president|manager|analyst)"
    r"(?: (?:at|for|of) .+)?",
    re.I,
)
"""What follows a name and a comma: Jane Doe, Chief Risk Officer."""
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "van",
        "von",
        "der",
        "den",
        "ten",
        "ter",
        "zu",
        "zur",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "y",
        "e",
        "und",
        "of",
    ]
)
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|staff|attorney|manager|director|professor|news|desk|team|"
    r"contributor|author|"
    r"read|more|about|posts?|all|the|view|profile|follow|share|comments?|january|february|march|april|june|"
    r"july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"redaktion|rédaction|redacción)\b",
    re.I,
)
_NO_PERSON = re.compile(
    r"https?:|www\.|@|\d{3}|\b(?:click|read|share|comment|subscribe|min(?:utes)?|views|all rights|newsletter|follow)\b|[{}<>=]"
    r"|\b(?:gmbh|ltd|inc|llc|plc|s\.r\.l|sp\. ?z ?o\.? ?o)\b\.?$",
    re.I,
)
"""Addresses, calls to act and companies: what stands in the place of a name and is no person's."""
_ADDRESS = re.compile(r"\s*[|,;(<]\s*[\w.+-]+@[\w.-]+\w[)>]?$")
_MOMENT = re.compile(r"\s*(?:19|20)\d\d[-/.年].*$")
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|editors?|reporters?|writers?|contributors?|journalists?|staff)/([^/?#]+)/?$"
)
_EAST = re.compile(
    r"(?!.*(?:編集部|編集局|取材班|支局|本部|ニュース|뉴스|일보|신문))[\u3040-\u30ff\u3400-\u9fff々]{2,8}|[가-힣]{2,4}"
)
_WROTE = re.compile(
    r"(?:取材・?)?文\s?[●＝=：:／/]\s?([\u3040-\u30ff\u3400-\u9fff々]{2,8})(?=$|[／/、（(　 ])"
)
"""文＝山田太郎: how Japanese papers name who wrote, beside who took the pictures (写真＝…)."""
_AROUND, _BYLINE, _LINKS = 4, 120, 20
"""Blocks above the title and below the start of the text in which its author may be linked; characters of such a
line and links of its element at most."""
_HEADLINE = 30
"""Characters from which a link is no name."""
_NO_NAME = re.compile(r"https?|/|\S*@\S*$")
_DOMAIN = re.compile(r"\b[\w-]{3,}\.(?:com|org|net|de|fr|es|it|nl|at|ch|eu|tv)\b(?=\s*,)", re.I)
_WRITTEN_BY = re.compile(
    r"written by|verfasst|geschrieben|écrit|escrito|scritto|door|by$|autor|auteur|skrevet", re.I
)


@dataclass(slots=True)
class Names:
    """Names and the witness that gave them."""

    names: list[str]
    witness: str


def read_authors(clues: Clues) -> Names | None:
    """Return the authors by the most trustworthy witness that names any."""
    outlets = outlet_names(clues.found, clues.lines)
    if clues.language == "zh":
        return _chinese_authors(clues, outlets)
    outlets |= _host_names(clues.page.url)
    found = clues.found
    for witness, values in (
        ("json-ld", _western(_ld_names(found, persons=True), outlets)),
        ("meta", _western(_meta_names(found), outlets)),
        ("markup", _western(_markup_names(clues))),
        ("line", _western(_by_lines(clues.page, clues.region))),
        ("signature", _western(_signature(clues.page, clues.region))),
        ("link", _linked_names(clues)),
    ):
        names = _persons((_without_outlet(n, outlets) for n in values), outlets)
        if names:
            return Names(names, witness)
    # Papers outside China sign unsigned news with their own name; it is what they state as the author.
    names = _persons(_western([*_ld_names(found, persons=False), *_meta_names(found)], outlets), set())
    return Names(names, "outlet as author") if names else None


def _chinese_authors(clues: Clues, outlets: set[str]) -> Names | None:
    """Return the authors of a Chinese page.

    Many a CMS states its editor as the author of the page: such a statement is believed last of all, when nothing
    else on the page names an author.
    """
    found, lines = clues.found, clues.lines
    edited = read_editors(clues)
    editors = set(edited.names if edited else ())
    text = read_text_authors(clues.page, clues.region)
    stated = [
        ("json-ld", [n for n in _chinese(_ld_names(found, persons=True)) if is_chinese_name(n)]),
        ("meta", [n for n in _chinese(found.values(*_META_AUTHOR)) if is_chinese_name(n)]),
    ]
    marked = (
        _MOMENT.sub("", one_line(e.text_content()))
        for e in near_body(clues)
        if not (e.get("id") or "").endswith("_baidu")
    )
    witnesses: list[tuple[str, Iterable[str]]] = [
        ("header line", (n for x in lines if x.head for n in x.credit.authors)),
        ("baidu", _chinese(_hint_texts(clues, "author_baidu"))),
        ("epaper", _chinese(found.epaper.get(n, "") for n in ("author", "journalist"))),
        *((witness, (n for n in names if n not in editors)) for witness, names in stated),
        ("credit line", (n for x in lines if not x.head for n in x.credit.authors)),
        ("byline", text),
        ("markup", (n for n in _chinese(marked) if n not in editors)),
        *((f"{witness}, also the editor", names) for witness, names in stated),
    ]
    for witness, values in witnesses:
        names = _persons((n for n in values if not is_outlet(n)), outlets)
        # A header names the author, the text its reporters and correspondents, each once.
        if names and witness == "header line":
            names = _persons([*names, *text], outlets)
        elif names and witness == "credit line":
            names = _persons([*text, *names], outlets)
        if names:
            return Names(names, witness)
    return None


def _persons(names: Iterable[str], outlets: set[str]) -> list[str]:
    """Return the names that are no outlet of the page, each once, twenty at most."""
    return [n for n in dict.fromkeys(names) if n and fold_words(n) not in outlets][:20]


def _without_outlet(name: str, outlets: set[str]) -> str:
    """Return a name without the outlet that stands behind it (Jane Doe Valley Post)."""
    words = name.split()
    for cut in range(2, len(words)):
        if fold_words("".join(words[cut:])) in outlets:
            return " ".join(words[:cut])
    return name


def _host_names(url: str | None) -> set[str]:
    """Return what an outlet can be called after its host: www.lto.de gives lto and ltode."""
    host = (url or "").partition("//")[2].partition("/")[0].lower().removeprefix("www.")
    labels = host.split(".")
    return {label for label in labels[:-1] if len(label) > 2} | {fold_words(host)} - {""}


def read_editors(clues: Clues) -> Names | None:
    """Return the editors: of the credit lines, else of the machine-readable statements."""
    for witness, values in (
        ("credit line", (n for x in clues.lines for n in x.credit.editors)),
        ("baidu", _chinese(_hint_texts(clues, "editor_baidu"))),
        ("epaper", _chinese([clues.found.epaper.get("liability", "")])),
        ("json-ld", iter(_people(clues.found.node.get("editor"), clues.found, persons=True))),
        ("meta", _chinese(v for v in clues.found.values(*_META_EDITOR) if _HAN.search(v))),
    ):
        names = list(dict.fromkeys(values))
        if names:
            return Names(names, witness)
    return None


def read_source(clues: Clues) -> Names | None:
    """Return the outlet the article is taken from."""
    found, lines = clues.found, clues.lines
    for witness, values in (
        ("header line", (x.credit.source for x in lines if x.head)),
        ("baidu", iter(_hint_texts(clues, "source_baidu"))),
        ("epaper", (found.epaper.get(n) for n in ("newsource", "source", "sourcename"))),
        ("meta", found.values(*_META_SOURCE)),
        ("credit line", (x.credit.source for x in lines if not x.head)),
    ):
        for value in values:
            source = clean_source(value) if value else None
            if source and len(source) <= 40 and re.search(r"[^\W\d_]", source):
                return Names([source], witness)
    return None


def outlet_names(found: Structured, lines: list[CreditLine]) -> set[str]:
    """Return the folded names of outlets the page mentions as such: none of them is a person."""
    names = [*found.values("og:site_name", "application-name", "copyright", *_META_SOURCE)]
    names += [x.credit.source for x in lines if x.credit.source]
    publisher = found.node.get("publisher")
    if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
        names.append(publisher["name"])
    return {fold_words(n) for n in names} - {""}


def _hint_texts(clues: Clues, identity: str) -> list[str]:
    return [one_line(e.text_content()) for e in clues.hints if e.get("id") == identity]


def _chinese(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        folded = unicodedata.normalize("NFKC", value).strip()
        folded = re.sub(r"^(?:作者|责任编辑|责编|编辑|记者|文|撰文)\s*[:|/]\s*", "", folded)
        if 2 <= len(folded) <= 80 and not is_outlet(folded) and "." not in folded:
            yield from split_names(folded) or []


def _western(values: Iterable[str], outlets: Collection[str] = ()) -> Iterator[str]:
    """Yield single names of values that may list several, without words around them; those of outlets whole."""
    for value in values:
        # Jane Doe | jdoe@example.com: who can be written to is a person all the same.
        text = _ADDRESS.sub("", _BY.sub("", one_line(value))).strip(" ,;:|-–—")
        if not 2 <= len(text) <= 300 or _NO_PERSON.search(text):
            continue
        # Salt & Vinegar, where that is the paper, is not two persons.
        for number, part in enumerate([text] if fold_words(text) in outlets else _JOINERS.split(text)):
            if _CREDENTIAL.fullmatch(part.strip()) or (number and _POSITION.fullmatch(part.strip())):
                continue
            name = part.strip(" .,;:|-–—\"'")
            if 2 <= len(name) <= 60 and not is_nobody(name) and re.search(r"[^\W\d_]", name):
                yield name


def _ld_names(found: Structured, *, persons: bool) -> list[str]:
    names = _people(found.node.get("author"), found, persons=persons)
    return names or _people(found.node.get("creator"), found, persons=persons)


def _people(value: Any, found: Structured, *, persons: bool) -> list[str]:
    """Return the names of a JSON-LD author property: text, objects, references, or a list of them."""
    names: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        node = item
        if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
            node = found.by_id.get(item["@id"], item)
        if isinstance(node, str) and not node.startswith("http"):
            names.append(plain(node))
        elif isinstance(node, dict):
            organization = any("Organi" in t or t == "Corporation" for t in types(node))
            name = node.get("name") or " ".join(
                n for n in (node.get("givenName"), node.get("familyName")) if isinstance(n, str)
            )
            given = name if isinstance(name, list) else [name]
            if not (persons and organization):
                names += [plain(n) for n in given if isinstance(n, str) and plain(n)]
    return names


def _meta_names(found: Structured) -> Iterator[str]:
    if _WRITTEN_BY.search(found.first("twitter:label1") or ""):
        yield from found.values("twitter:data1")
    for name in _META_AUTHOR:
        values = [v for v in found.meta.get(name, ()) if not _NO_NAME.match(v)]
        if values:
            # "example.de, Frankfurt, Germany" is the address of an outlet, not three persons.
            values = [v for v in values if not _DOMAIN.search(v)]
            # Journals give one name a tag, the family's first: Doe, Jane.
            yield from map(_turned, values) if name == "citation_author" else values
            return


def _turned(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and "," not in given else name


def _markup_names(clues: Clues) -> Iterator[str]:
    names: list[str] = []
    for element in near_body(clues):
        if (element.get("id") or "").endswith("_baidu") or element.get("itemprop") == "datePublished":
            continue
        # Blanks between the parts: <b>By <i>Jane Doe</i></b><p>Published …</p> is not "Jane DoePublished".
        text = element.get("content") or " ".join(cast("Iterator[str]", element.itertext()))
        wrote = _WROTE.match(one_line(text))
        names += [wrote[1]] if wrote else [n for n in _leading_names(one_line(text)) if n not in names]
        if names and element.get("rel") != "author" and element.get("itemprop") != "author":
            break
    yield from names


def _linked_names(clues: Clues) -> Iterator[str]:
    """Yield the names in the first short line around the title that link to the page of an author.

    Names of East Asia and of one word are told from other words by nothing else.
    """
    title = clues.region.start if clues.title is None else clues.title
    for block in clues.page.blocks[max(0, title - _AROUND) : max(title, clues.region.start) + _AROUND]:
        short = block.link_chars and len(block.text) <= _BYLINE
        links = list(islice(block.element.iter("a"), _LINKS)) if short else []
        names = [name for link in links if (name := _linked_name(link)) and name in block.text]
        if names and not _in_teaser(block):
            yield from names
            return


def _in_teaser(block: PageBlock) -> bool:
    """Tell whether a line stands in an item of a list with a headline that is a link: it is about that article."""
    element = block.element
    item = element if element.tag == "li" else next(element.iterancestors("li"), None)
    links = () if item is None else islice(item.iter("a"), _LINKS)
    return any(len(one_line(link.text_content())) > _HEADLINE for link in links)


def _linked_name(link: HtmlElement) -> str | None:
    """Return the text of a link if it is a name and the address that of an author's page."""
    path = _AUTHOR_PAGE.search(link.get("href") or "")
    name = one_line(link.text_content()).removesuffix(" 기자") if path else ""
    if (
        path is None
        or not 2 <= len(name) <= 40
        or _ROLE.search(name)
        or is_nobody(name)
        or "admin" in name.lower()
    ):
        return None
    own = fold_words(name) == fold_words(path[1])
    return name if own or _is_full_name(name) or (_EAST.fullmatch(name) and not is_outlet(name)) else None


def _leading_names(text: str) -> list[str]:
    """Return the names at the start of a byline; what follows them (role, place, date) ends the list."""
    text = _TAIL.sub("", _BY.sub("", text[:200]).strip(" ,;:|-–—"))
    names: list[str] = []
    for part in _JOINERS.split(text):
        name = part.strip(" .,;:|-–—")
        if not _is_full_name(name):
            break
        names.append(name)
    return names[:8]


def _is_full_name(name: str) -> bool:
    """Tell whether a text is two to five words, all capitalized but for particles, none of them a role."""
    words = name.split()
    return (
        2 <= len(words) <= 5
        and len(name) <= 50
        and words[0][0].isupper()
        and bool(_PERSON.fullmatch(name))
        and not _ROLE.search(name)
        and all(w[0].isupper() or w in _PARTICLES or w[:2] in {"d'", "l'", "d’", "l’"} for w in words)
    )


def _by_lines(page: Page, region: Region) -> Iterator[str]:
    for block in page.blocks[max(0, region.start - 12) : min(region.end, region.start + 3)]:
        match = _BY.match(block.text)
        inside = _BY_INSIDE.search(block.text) if not match and len(block.text) <= 120 else None
        if (match or inside) and _in_teaser(block):
            continue
        if inside and (names := _leading_names(block.text[inside.end() :])):
            yield from names
            return
        if match and len(block.text) <= 160:
            names = _leading_names(block.text)
            text = _TAIL.sub("", block.text[match.end() :]).partition(",")[0].strip(" ,;:|-–—")
            if names:
                yield from names
            elif block.text[:2].lower() == "by" and re.fullmatch(r"[A-Z][\w.'’-]{2,20}", text):
                yield text
            else:
                continue
            return


def _signature(page: Page, region: Region) -> list[str]:
    """Return the name that stands alone, set to the right, under the text, as papers sign in Poland or Vietnam."""
    for block in reversed(page.blocks[max(region.start, region.end - 3) : region.end]):
        if block.removed is None or block.removed.startswith("credit"):
            style = f"{block.element.get('style') or ''} {block.element.get('align') or ''}"
            return _leading_names(block.text) if _RIGHT.search(style) and len(block.text) <= 60 else []
    return []


def read_text_authors(page: Page, region: Region) -> list[str]:
    """Return the names of bylines in the first and last paragraphs of the body."""
    blocks = [
        block
        for block in page.blocks[region.start : region.end]
        if (block.removed or "").partition(":")[0] in _STILL_READ and phrase_reason(block.text) is None
    ]
    names: list[str] = []
    for block in [*blocks[:4], *blocks[-4:]] if len(blocks) > 8 else blocks:
        names += [n for n in map(clean_name, read_byline(block.text)) if n not in names]
    return names


_RIGHT = re.compile(r"(?:^|text-align:)\s*(?:right|end)\b", re.I)
_STILL_READ = frozenset({"", "credit", "caption"})
