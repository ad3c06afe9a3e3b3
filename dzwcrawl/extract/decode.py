"""Bytes to text: which encoding a page is really in.

Servers and pages lie about it, so a declaration is only a hint: a byte order mark and valid UTF-8 are
believed, everything else is judged by what the text would look like. The names of encodings follow the
WHATWG rules in what they mean: gb2312 and gbk are read as gb18030, iso-8859-1 as windows-1252, shift_jis
as cp932, euc-kr as cp949, euc-jp with the vendors' characters (①, ㈱).
"""

import codecs
import re
import unicodedata

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-8": "cp1255",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "euc_jp": "euc_jis_2004",
    "euc_jisx0213": "euc_jis_2004",
    "euc_kr": "cp949",
    "johab": "cp949",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
}

_ALIASES = {
    "x-gbk": "gbk",
    "gb_2312-80": "gb2312",
    "gb2312-80": "gb2312",
    "x-sjis": "shift_jis",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-8859-8-i": "iso8859-8",
    "ibm866": "cp866",
    "x-mac-cyrillic": "mac_cyrillic",
    "ks_c_5601-1987": "euc_kr",
    "ksc5601": "euc_kr",
    "x-x-big5": "big5",
    "big5-hkscs": "big5",
    "x-user-defined": "cp1252",
    "windows-874": "cp874",
}

_PROBED = (
    *("gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949", "cp1252", "cp1251", "koi8-r", "cp1250"),
    *("iso8859-2", "cp1253", "cp1256", "cp1255", "cp874", "cp1254"),
)
"""Encodings tried by content. Where two are equally plausible the earlier is taken."""

_META = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HIGH_RUN = re.compile(rb"[\x80-\xff][^\n<>]{0,200}[\x80-\xff]*")
"""A stretch of text that does not end in the middle of a word, so that the next does not begin there."""

_SEVEN_BIT = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$[@B]|\x1b\([BJ]"), "iso2022_jp_ext"),
)
"""Encodings that look like ASCII, by the escape sequences that give them away."""

_HEAD = 200_000
"""Bytes in which a meta declaration is looked for."""

_SAMPLE = 5_000
"""Bytes on which the statistics stand: runs that begin beyond ASCII, from all over the page."""

_SURE = 0.6
"""Plausibility from which a declared encoding is believed without looking at others."""

_RUN = re.compile(rb"[\x80-\xff][\x30-\xff]*")
"""A run of multi-byte characters: no byte of one is below 0x30."""

_FAULTS = 200
"""Impossible characters of a page above which bytes are not looked for one by one: it is no text at all."""

_BEFORE_NOISE = 30
"""Characters before the first impossible one among which the missing byte is looked for."""

_GB_BLANK = "\ue5e5"
"""What GB18030 makes of A3 A0, which old Chinese editors wrote for the ideographic blank."""

_NOISE = -0.5
"""Plausibility of a line that is nothing but noise."""

_HIGH_WORD = re.compile(rb"[\x80-\xff]{4,}")
_HIGH_BYTES = bytes(range(0x80, 0x100))

_HAN = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法"
    "学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
    "正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教"
    "儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市"
    "直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死"
    "张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运，。、：；？！“”《》（）"
    "這個們來為國說時會對過發後裡種經麼學當動還進樣開從實軍無與長機已關點業將兩間問應戰頭體見產內話兒東聲論處義認條氣題爾別變總電數"
    "報結務場計資許統區隊決馬書聽卻達強難權設記類據邊張該規萬確傳師觀讓識帶導爭運「」"
)
_HANGUL = frozenset("이다는에을를의가은로고하한도서지기사인들으자대해시정부수일있어나그제상것보장원만")
_CYRILLIC = frozenset("оеаинтсрвлкмдпуяыьі«»—–№")
_LATIN = frozenset("äöüßéèêëàâáãåæçîïíìñôóòõøœùûúÿÄÖÜÉÈÀÅØÆÇÑÓÁ’‘“”„–—…«»°§©®·•€£ \xa0")
_LATIN_EAST = tuple(
    frozenset(f"{letters}„”“’–—…»«")
    for letters in ("ąćęłńóśźżĄĆĘŁŃŚŹŻ", "áčďéěíĺľňóôŕřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽ", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "ăâîşţșțĂÂÎ",
                    "čćđšžČĆĐŠŽ", "äöüßÄÖÜ")
)  # fmt: skip
"""Polish, Czech and Slovak, Hungarian, Romanian, south Slavic, German: no text has the letters of all of them."""

_BALTIC = (
    frozenset("ąčęėįšųūžĄČĘĖĮŠŲŪŽ„“–"),
    frozenset("āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ„“–"),
    frozenset("äõöüšžÄÕÖÜŠŽ„“–"),
)
_NORDIC = frozenset("áéíóúýþæöðåäøÁÉÍÓÚÝÞÆÖÐÅÄØ„“”–")
_MALTESE = frozenset("ċġħżàèìòùĊĠĦŻ’")
_VIETNAMESE = frozenset("ăâđêôơưáàãéèíóòõúùýĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323“”–")
_TURKISH = frozenset("ğışİĞŞçöüÇÖÜâî’“”–")

_GREEK = frozenset("αειοστνρηκλπυςάίόέή«»’")
_ARABIC = frozenset("اليمونرتبةعدسفهكقحجشطصخذغئءأإىآؤضظثزپچگک،؟")
_HEBREW = frozenset("יוהלאתרבמשנםעכקדפחטסגזץןצךף״׳")
_THAI = frozenset("านรอกเงมยลวดทตสะปบ่้ัีิไใแคหพชผขื์ึ")
_KANA = frozenset(map(chr, range(0x3041, 0x30FF))) | frozenset("、。日本年月人大の")

_LATIN_CODECS = frozenset(
    ["cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp1258", "mac-roman"]
    + [f"iso8859-{part}" for part in (3, 4, 10, 13, 14, 16)]
)
_MULTIBYTE = frozenset(["gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949"])

_COMMON: dict[str, tuple[float, frozenset[str] | tuple[frozenset[str], ...]]] = {
    "gb18030": (2.5, _HAN),
    "big5hkscs": (2.5, _HAN),
    "cp932": (2.0, _KANA),
    "euc_jis_2004": (2.0, _KANA),
    "cp949": (2.3, _HANGUL),
    "cp1252": (1.0, _LATIN),
    "iso8859-15": (1.0, _LATIN),
    "cp1250": (0.9, _LATIN_EAST),
    "iso8859-2": (0.9, _LATIN_EAST),
    "iso8859-16": (0.9, _LATIN_EAST),
    "cp1254": (0.9, _TURKISH),
    "cp1257": (0.9, _BALTIC),
    "iso8859-13": (0.9, _BALTIC),
    "iso8859-4": (0.9, _BALTIC),
    "iso8859-10": (0.9, _NORDIC),
    "iso8859-3": (0.9, _MALTESE),
    "iso8859-14": (0.9, _LATIN),
    "mac-roman": (0.9, _LATIN),
    "cp1258": (0.9, _VIETNAMESE),
    "cp1251": (1.15, _CYRILLIC),
    "koi8-r": (1.15, _CYRILLIC),
    "koi8-u": (1.15, _CYRILLIC),
    "iso8859-5": (1.15, _CYRILLIC),
    "cp866": (1.15, _CYRILLIC),
    "mac-cyrillic": (1.15, _CYRILLIC),
    "cp1253": (1.1, _GREEK),
    "iso8859-7": (1.1, _GREEK),
    "cp1256": (0.9, _ARABIC),
    "iso8859-6": (0.9, _ARABIC),
    "cp1255": (0.9, _HEBREW),
    "cp874": (0.9, _THAI),
}
"""For each encoding the characters that are frequent in its languages, and what scales their share to
about 1. Where an encoding has several languages, the one that fits best counts.
"""


def _codec(label: str) -> str | None:
    """Return the encoding a declared label stands for, in the superset that is used in practice.

    None for what no page is in: Python's codecs are also idna, rot13 and others that raise on bytes.
    """
    label = label.strip().lower()
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError, TypeError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _COMMON or name == "hz" else None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Return the encodings the page and its header declare, the page's own first."""
    head = body[:_HEAD]
    labels = [m[1].decode("ascii", "replace") for m in (*_XML.finditer(head), *_META.finditer(head))]
    labels += _HEADER.findall(content_type or "")
    return list(dict.fromkeys(name for label in labels if (name := _codec(label))))


def _utf8(body: bytes) -> str | None:
    """Return the text if the bytes are UTF-8 but for an accident: a bad byte here and there, a cut-off
    end.
    """
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(body.translate(None, _HIGH_BYTES)) - bad
    return text if good > 10 * bad or (bad == 1 and good >= 3) else None


def _utf16(body: bytes) -> str | None:
    """Return the byte order if the bytes are UTF-16 without a mark: every other byte of markup is zero."""
    head = body[:400]
    if len(head) < 8 or head.count(0) * 5 < len(head):
        return None
    return "utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"


_ASCII = re.compile(r"[\x00-\x7f]+")
_IMPOSSIBLE = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")


def _plausible(text: str, name: str) -> float:
    """Return how much the characters beyond ASCII look like a language written in this encoding.

    About 1 for real text, below 0 for noise: the share of the most frequent characters of the languages the
    encoding is for, scaled so that ordinary text reaches 1, less eight times the share of impossible
    characters.
    """
    letters = _ASCII.sub("", text)
    if not letters:
        return 0.0
    bad = len(_IMPOSSIBLE.findall(letters)) / len(letters)
    weight, common = _COMMON[name]
    sets = common if isinstance(common, tuple) else (common,)
    good = weight * max(sum(map(letters_of.__contains__, letters)) for letters_of in sets) / len(letters)
    return min(good, 1.0) - 8 * bad


def _plausible_on_the_whole(sample: bytes, name: str) -> float:
    """Return the mean plausibility of the lines of a sample by length; one damaged line says little."""
    total = weighed = 0.0
    for line in sample.split(b"\n"):
        total += len(line)
        weighed += len(line) * max(_NOISE, _plausible(line.decode(name, "replace"), name))
    return weighed / (total or 1.0)


def _sample(body: bytes) -> bytes:
    """Return runs of bytes beyond ASCII with what follows them, up to a size that is judged quickly."""
    parts, size = [], 0
    for match in _HIGH_RUN.finditer(body):
        parts.append(match[0])
        size += len(match[0])
        if size > _SAMPLE:
            break
    return b"\n".join(parts)


def _by_content(body: bytes, declared: list[str]) -> str:
    """Return the encoding in which the page looks most like text; a declaration wins a close race."""
    sample = _sample(body)
    high = len(sample) - len(sample.translate(None, _HIGH_BYTES))
    words = sum(map(len, _HIGH_WORD.findall(sample))) / max(1, high)
    best, best_score = "cp1252", -99.0
    for name in dict.fromkeys([*(name for name in declared if name in _COMMON), *_PROBED]):
        score = _plausible_on_the_whole(sample, name)
        if score > 0:
            # Accented letters stand alone among ASCII letters; other scripts write whole words beyond ASCII.
            # The second byte of a character may be a letter, so that is a weaker sign.
            alone = 1 - words if name in _LATIN_CODECS else words
            score *= min(1.0, 0.5 + words) if name in _MULTIBYTE else alone
        if name in declared:
            if score > _SURE and name in _MULTIBYTE:
                return name
            score += 0.25
        if score > best_score + 0.02:
            best, best_score = name, score
    return best


def _seven_bit(body: bytes, content_type: str | None) -> str:
    """Return the encoding of a page in which every byte is ASCII."""
    if b"\x1b" in body:
        for pattern, name in _SEVEN_BIT:
            if pattern.search(body):
                return name
    return "hz" if b"~{" in body and "hz" in _declared(body, content_type) else "utf-8"


def _frequent(text: str, name: str) -> int:
    """Return how many characters are frequent in the languages of an encoding, less the impossible ones."""
    common = _COMMON[name][1]
    assert isinstance(common, frozenset)  # of a multi-byte encoding
    return sum(map(common.__contains__, text)) - len(_IMPOSSIBLE.findall(text))


def _realign(run: bytes, name: str) -> str:
    """Return the text of a run in which a byte may be missing.

    Without it all characters up to the next ASCII byte are made of halves of two. One byte is taken for the rest
    of a lost character, and becomes U+FFFD, if that turns noise into text.
    """
    text = run.decode(name, "replace")
    noise = _IMPOSSIBLE.search(text.replace(_GB_BLANK, " "))
    if noise is None or not 4 < len(run) < _SAMPLE:
        return text
    best, best_score = text, _frequent(text, name) + 3
    for at in range(max(0, noise.start() - _BEFORE_NOISE), noise.start() + 1):
        head = text[:at]
        rest = run[len(head.encode(name, "replace")) + 1 :].decode(name, "replace")
        score = _frequent(head + rest, name)
        if score >= best_score:  # the later the better: what was text stays
            best, best_score = f"{head}\ufffd{rest}", score
    return best


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Return the text of a page and the name of the Python codec that was used. Never raises.

    `content_type` is the header of that name. Bytes that are wrong in the encoding found become U+FFFD.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    if (name16 := _utf16(body)) is not None:
        return body.decode(name16, "replace"), name16
    if body.isascii():
        name = _seven_bit(body, content_type)
        return body.decode(name, "replace"), name
    if (text := _utf8(body)) is not None:
        return text, "utf-8"
    name = _by_content(body, _declared(body, content_type))
    if name == "cp1258":  # it writes tones as characters of their own; no other page does
        return unicodedata.normalize("NFC", body.decode(name, "replace")), name
    if name not in _MULTIBYTE:
        return body.decode(name, "replace"), name
    text = body.decode(name, "replace")
    if 0 < len(_IMPOSSIBLE.findall(text.replace(_GB_BLANK, ""))) <= _FAULTS:
        text = _RUN.sub(lambda run: _realign(run[0], name).encode("utf-8"), body).decode("utf-8", "replace")
    return (text.replace(_GB_BLANK, "\u3000") if name == "gb18030" else text), name
