"""The language of a text: by its script where that decides, else by its commonest words."""

import re
from collections import Counter

_SCRIPTS = re.compile(
    "(?P<kana>[\u3040-\u30ff]+)|(?P<hangul>[\uac00-\ud7af\u1100-\u11ff]+)|(?P<han>[\u3400-\u9fff]+)|"
    "(?P<thai>[\u0e00-\u0e7f]+)|(?P<cyrillic>[\u0400-\u04ff]+)|(?P<arabic>[\u0600-\u06ff]+)|"
    "(?P<hebrew>[\u0590-\u05ff]+)|(?P<greek>[\u0370-\u03ff]+)|(?P<devanagari>[\u0900-\u097f]+)|"
    "(?P<latin>[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+)"
)
_BY_SCRIPT = {"hangul": "ko", "thai": "th", "hebrew": "he", "greek": "el"}
_OF_SCRIPT = {
    "cyrillic": ("ru", "uk", "bg", "sr", "be", "mk", "kk", "mn"),
    "arabic": ("ar", "fa", "ur", "ps"),
    "devanagari": ("hi", "mr", "ne"),
}
_LETTERS = {
    "cyrillic": {
        "uk": "їєґі",
        "be": "ўі",
        "ru": "ыэё",
        "bg": "ъ",
        "sr": "ђћј",
        "mk": "ѓќѕј",
        "kk": "қғңөұүһ",
        "mn": "өү",
    },
    "arabic": {"ur": "ٹڈڑےں", "fa": "پچژگ", "ps": "ټځڅډړښ"},
}
"""Letters that only some languages of a script have; the language with most of them in the text has the say."""
_WORDS = {
    "en": "the of and to in that is was for with on are as have by this be at from",
    "de": "der die und das den von zu mit ist des nicht auf ein eine sich dem im für als",
    "fr": "le la les des et est une dans pour que qui sur pas au avec du par plus ce",
    "es": "el la los las que del por con una para se es como más su al lo un en",
    "it": "il di che la per una con del della non sono gli dei è più nel alla come",
    "pt": "o que os não uma com para do da em dos ao pela mais são foi às um",
    "nl": "de het een van en dat niet zijn op te voor met die aan ook bij naar",
    "da": "og det er af til en som på for ikke med den har der af ved blev",
    "no": "og det er av til en som på for ikke med den har jeg ble etter også",
    "sv": "och det att är av till en som på för inte med den har ett om vid",
    "fi": "ja on ei se että oli hän mutta myös kun tai ovat sen joka mukaan",
    "pl": "i w na z do się nie że jest to o jak po przez od oraz dla są",
    "cs": "a se na je v že s z do o by ale jako pro jsou podle také který",
    "tr": "ve bir bu için ile da de olarak olan daha çok gibi sonra kadar",
    "ro": "și de la în a cu pe care nu din pentru mai este sunt un o",
    "hu": "a az és hogy nem is egy van volt meg de ez már csak után",
    "vi": "và của là các trong cho được một không với người có đã này những",
    "id": "yang dan di dengan untuk dari ini itu pada dalam tidak akan oleh juga",
}
_LISTS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LANGUAGES = {
    word: [language for language, common in _LISTS.items() if word in common]
    for word in frozenset().union(*_LISTS.values())
}
"""The languages in which a word is common."""
_NOT_LETTERS = bytes(byte for byte in range(0x80) if not chr(byte).isalpha())
_ASCII = re.compile(r"[\x00-\x7f]+")
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the ISO 639-1 code of a text, or None.

    `declared` (the lang attribute, og:locale) is believed where the script allows it and the words do not speak
    clearly for another language. A text without letters is in the declared language.
    """
    sample = text[:2500]
    stated = _primary(declared)
    scripts: Counter[str] = Counter()
    for run in _SCRIPTS.finditer(_ASCII.sub("", sample)):
        scripts[run.lastgroup or ""] += len(run[0])
    scripts["latin"] += len(sample.encode("ascii", "ignore").translate(None, _NOT_LETTERS))
    total = sum(scripts.values())
    if total < 20:
        return stated
    if scripts["kana"] + scripts["han"] > total * 0.2 and scripts["hangul"] < scripts["han"]:
        # Japanese prose is a third kana; lists of names and results have less, Chinese has some in names.
        kana = scripts["kana"] / (scripts["kana"] + scripts["han"])
        return "ja" if kana > {"ja": 0.02, "zh": 0.2}.get(stated or "", 0.1) else "zh"
    script = scripts.most_common(1)[0][0]
    if script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    if script in _OF_SCRIPT:
        return _by_letters(sample.lower(), script, stated)
    return _latin(sample, stated)


def _by_letters(sample: str, script: str, stated: str | None) -> str:
    """Return the language of a script that several share: by letters of its own, else the stated one."""
    counts = {
        language: sum(map(sample.count, letters)) for language, letters in _LETTERS.get(script, {}).items()
    }
    best = max(counts, key=lambda language: (counts[language], language == stated), default=None)
    if best is not None and counts[best] > max(2, 2 * counts.get(stated or "", 0)):
        return best
    return stated if stated in _OF_SCRIPT[script] else _OF_SCRIPT[script][0]


def _primary(declared: str | None) -> str | None:
    match = re.match(r"\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)", declared or "")
    if not match:
        return None
    code = match[1].lower()
    return {"nb": "no", "nn": "no", "cn": "zh", "jp": "ja", "kr": "ko"}.get(code, code)


def _latin(sample: str, stated: str | None) -> str | None:
    words = _WORD.findall(sample.lower())
    if len(words) < 8:
        return stated
    counts = dict.fromkeys(_WORDS, 0)
    for word in words:
        for language in _LANGUAGES.get(word, ()):
            counts[language] += 1
    best = max(counts, key=lambda language: (counts[language], language == stated))
    if stated in counts and counts[best] < counts[stated] * 1.4 + 3:
        return stated
    if counts[best] >= max(3, len(words) * 0.08):
        return best
    return stated if stated not in {"zh", "ja", "ko"} else None
