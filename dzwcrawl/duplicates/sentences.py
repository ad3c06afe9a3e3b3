"""What of a text is looked for in other texts: its sentences, folded and hashed.

A text is divided at 。！？； and line ends (Latin scripts at a full stop before a blank), what a newsroom puts before
and behind a text (本报讯, 新华社…电, 记者 …) is taken off, traditional characters are read as simplified ones. A sentence
that says at least :data:`MIN_MEASURE` is one key. In a short text one edit would leave next to nothing that is equal:
there the clauses are keys as well, by which other short texts are found.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from dzwcrawl.text import fold, one_line

MIN_MEASURE = 10
"""Chinese characters that a sentence must have; a letter or digit of a Latin script counts a third."""

MIN_CLAUSE = 6
"""Likewise of a clause of a short text."""

SHORT = 250
"""Measure of all sentences below which a text is short."""

KEY = 6
"""Bytes of a key: five of a hash, and the measure, with the highest bit set for a clause."""

_CLAUSE = 0x80
_MOST = 0x7F

_END = re.compile(r"[。!?;]+|\.{2,}|(?<=[^\W\d])\.(?=\s|$)")
_NOT_WORD = re.compile(r"[\W_]+")
_COMMA = re.compile(r"[,:、]")
_WIDE = re.compile("[\u2e80-\U0010ffff]")
"""Characters of East Asian scripts."""

_LEAD = re.compile(
    r"^\W*(?:"
    # 本报讯, 本报北京7月8日电(记者 甲), 新华社…电, 据央视新闻消息, 大众网·海报新闻记者 甲 潍坊报道
    r"(?:据\s?)?(?:本[报网刊台社]|[\u4e00-\u9fff·a-z]{1,14}?(?:社|网|报|台|新闻|客户端|在线|融媒体?))"
    r"[^。!?;]{0,36}?(?:(?<=[报网刊台社])讯|(?:讯|电|消息|报道)(?=[\s(\[:,]|$))"
    # 7月8日讯, 记者 甲 通讯员 乙 报道
    r"|(?:\d{1,2}月)?\d{1,2}日[讯电](?=[\s(\[:,])"
    r"|(?:记者|通讯员)[^。!?;,]{1,36}?(?:报道|摄影)(?=[\s(\[:,]|$)"
    # BEIJING, July 8 (Xinhua) --, Berlin (dpa) -
    r"|[^\W\d][\w .,'’/-]{1,40}\((?:xinhua|ap|afp|reuters|dpa|apa|sid|epd|kna)[^()]{0,12}\)"
    r")\s?(?:[(\[][^()\[\]]{1,60}[)\]])?[\s:,—–-]*"
)
_TAIL = re.compile(
    r"\s?[(\[](?:完|[^()\[\]]{0,24}(?:记者|通讯员|编辑|来源|客户端|报道|供图)[^()\[\]]{0,40})[)\]]$"
)
_CREDIT = re.compile(
    r"\W*(?:[^\s。!?;,]{0,12}(?:记者|通讯员|责编|编辑)|作者|来源|文/|图/|摄影|供图|稿源|转自)[^。!?;,]{0,40}$"
)


_TRADITIONAL = frozenset(
    "這個們來為國說時會學對發後開關於點過還與實現從經將進動種過並當體問業區東長門車電報記員產廠場應該"
)
"""Common characters of which a traditional text of two sentences has some, and a simplified one none."""

_HAN = range(0x3400, 0xA000)


@cache
def _simple_forms() -> dict[int, str]:
    # Only here: the tables take a quarter of a second to read, and few texts need them.
    from opencc import OpenCC  # noqa: PLC0415

    # A character a line: none is read as part of a word, by which some are converted otherwise.
    forms = OpenCC("t2s").convert("\n".join(map(chr, _HAN))).split("\n")
    return {code: form for code, form in zip(_HAN, forms, strict=True) if form != chr(code)}


def is_traditional(text: str) -> bool:
    """Tell whether a text is written in traditional characters."""
    return not _TRADITIONAL.isdisjoint(text)


def simplified(text: str) -> str:
    """Return a text in simplified characters."""
    return text.translate(_simple_forms()) if is_traditional(text) else text


def lead_of(body: str) -> str:
    """Return what a newsroom put before a text (新华社…电), folded, or an empty text."""
    lead = _LEAD.match(fold(simplified(body.split("\n", 1)[0])))
    return lead[0] if lead else ""


def sentences(body: str) -> list[str]:
    """Return the sentences of a text in their order, folded to letters, digits and ideographs.

    Those that say too little are left out.
    """
    return [words for _, words in _sentences(body)]


def _sentences(body: str) -> Iterator[tuple[str, str]]:
    """Yield the sentences twice: with their punctuation, and without."""
    begun = False
    for line in unicodedata.normalize("NFKC", simplified(body)).casefold().split("\n"):
        text = one_line(line)
        if not begun:  # a dateline may stand in a line of its own
            text = _LEAD.sub("", text, count=1)
        if text.endswith((")", "]")):
            text = _TAIL.sub("", text)
        if _CREDIT.match(text):
            continue
        for piece in _END.split(text):
            words = _NOT_WORD.sub("", piece)
            begun = begun or bool(words)
            if measure(words) >= MIN_MEASURE:
                yield piece, words


def measure(text: str) -> int:
    """Return how much a folded text says, in Chinese characters: three letters of another script count one."""
    return len(text) if _WIDE.search(text) else len(text) // 3


def keys_of(body: str) -> frozenset[bytes]:
    """Return the keys of a text, none for one without sentences."""
    found = list(_sentences(body))
    keys = {key(words) for _, words in found}
    if sum(map(weight, keys)) < SHORT:
        for piece, _ in found:
            clauses = [_NOT_WORD.sub("", clause) for clause in _COMMA.split(piece)]
            keys |= {key(clause, clause=True) for clause in clauses if measure(clause) >= MIN_CLAUSE}
    return frozenset(keys)


def key(text: str, *, clause: bool = False) -> bytes:
    """Return the key of a folded sentence or clause."""
    size = min(measure(text), _MOST) | (_CLAUSE if clause else 0)
    hashed = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY - 1)
    return hashed.digest() + bytes([size])


def weight(one: bytes) -> int:
    """Return the measure of a key's sentence, 0 of a clause."""
    return 0 if one[-1] & _CLAUSE else one[-1]


def clause_weight(one: bytes) -> int:
    """Return the measure of a key's clause, 0 of a sentence."""
    return one[-1] & _MOST if one[-1] & _CLAUSE else 0


def pack(keys: Iterable[bytes]) -> bytes:
    """Return keys as one row of bytes."""
    return b"".join(sorted(keys))


def unpack(packed: bytes) -> frozenset[bytes]:
    """Return the keys that :func:`pack` put together."""
    return frozenset(packed[at : at + KEY] for at in range(0, len(packed), KEY))
