"""Dates as pages write them, to ISO-8601 no more precise than the text proves.

A result is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS+08:00`. A clock without seconds gets
`:00`. A clock is kept only with its zone: the one in the text, else the caller's, else +08:00 when the text is
Chinese; without any, the day alone is known. A zone in the text is never converted, so the day stays the one
printed; only an epoch number, which prints no day, is shown in the caller's zone. Nothing is guessed: a clock
that can be read twelve hours apart (上午12:30), an ambiguous 06/08/2020 or a relative time (3小时前) gives
what is left, or None.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = "+08:00"

_MONTH_NAMES: tuple[str, ...] = (
    # One string a month: English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian, Czech,
    # Polish, Turkish, full and short; Hungarian and Bulgarian; Russian, Ukrainian, Greek, Romanian and Finnish as dates
    # decline them. Accents are folded away before the look-up.
    "января січня ιανουαριου ianuarie tammikuuta "
    "january jan januar janner jaenner janvier janv enero ene gennaio gen janeiro januari ledna leden януари "
    "stycznia styczen ocak",
    "февраля лютого φεβρουαριου februarie helmikuuta "
    "february feb februar fevrier fevr fev febrero febbraio fevereiro februari unora unor февруари lutego luty subat",
    "марта березня μαρτιου martie maaliskuuta maret "
    "march mar marz maerz mrz mars marzo marco maart mrt marts marcius март brezna brezen marca marzec mart",
    "апреля квітня απριλιου aprilie huhtikuuta "
    "april apr avril avr abril abr aprile aprilis април dubna duben kwietnia kwiecien nisan",
    "мая травня μαιου toukokuuta may mai majus маи mayo maggio mag maio mei maj kvetna kveten maja mayis",
    "июня червня ιουνιου iunie kesakuuta "
    "june jun juni juin junius юни junio giugno giu junho cervna cerven czerwca czerwiec haziran",
    "июля липня ιουλιου iulie heinakuuta "
    "july jul juli juillet julius юли juil julio luglio lug julho cervence cervenec lipca lipiec temmuz",
    "августа серпня αυγουστου elokuuta agustus "
    "august aug augusztus август aout agosto ago augustus augusti srpna srpen sierpnia sierpien agustos",
    "сентября вересня σεπτεμβριου septembrie syyskuuta "
    "september sep sept szeptember септември septembre septiembre set settembre setembro zari wrzesnia wrzesien eylul",
    "октября жовтня οκτωβριου octombrie lokakuuta "
    "october oct oktober октомври okt octobre octubre ottobre ott outubro out rijna rijen pazdziernika pazdziernik "
    "ekim",
    "ноября листопада νοεμβριου noiembrie marraskuuta "
    "november nov ноември novembre noviembre novembro listopadu listopad listopada kasim",
    "декабря грудня δεκεμβριου decembrie joulukuuta "
    "december dec декември dezember dez decembre diciembre dic dicembre dezembro desember des prosince prosinec "
    "grudnia grudzien aralik",
)
_MONTHS = {word: n for n, words in enumerate(_MONTH_NAMES, 1) for word in words.split()}
_ZONES = {
    "z": "+00:00",
    "utc": "+00:00",
    "gmt": "+00:00",
    "ut": "+00:00",
    "wet": "+00:00",
    "cet": "+01:00",
    "mez": "+01:00",
    "cest": "+02:00",
    "mesz": "+02:00",
    "eet": "+02:00",
    "eest": "+03:00",
    "msk": "+03:00",
    "hkt": CHINA,
    "jst": "+09:00",
    "kst": "+09:00",
    "est": "-05:00",
    "edt": "-04:00",
    "cdt": "-05:00",
    "mst": "-07:00",
    "mdt": "-06:00",
    "pst": "-08:00",
    "pdt": "-07:00",
    # "CST" is China or Chicago: known only by the company it keeps, see _zone_of.
}
_ZONE = r"(?P<zone>z\b|(?:utc|gmt)?\s?[+-]\d{2}:?\d{2}\b|(?:utc|gmt)[+-]\d{1,2}\b|[a-z]{2,4}\b)"
_HALF = (
    r"凌晨|清晨|早晨|早上|上午|中午|正午|下午|傍晚|晚上|晚间|晚間|夜间|深夜|午前|午後|午后|"
    r"오전|오후|[ap]\.?\s?m\b\.?"
)
_CLOCK = re.compile(
    # What may stand between a day and its clock: a weekday, a separator, "at", "um", "à".
    r"(?:[\s,T|·•/_–—-]|(?:\()?(?:星期|周|週|礼拜)[一二三四五六日天](?:\))?|"
    r"\([月火水木金土日월화수목금토일]\)|"
    r"[월화수목금토일]요일|at\b|um\b|à|alle\b|ore\b|a las\b|às\b|kl\.?(?=\s)|v\b){0,6}"
    rf"(?P<before>{_HALF})?\s*"
    r"(?<!\d)(?P<hour>\d{1,2})(?:"
    r"\s?(?::|时|時|点|點|시|h(?=\d)|\.(?=\d\d(?:\s?uhr|:)))\s?(?P<minute>\d{1,2})(?!\d)分?분?"
    r"(?:\s?[:秒]?\s?(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?秒?초?)?"
    r"|\s?(?:时|時|点|點|시)(?:整)?|(?=\s?(?:uhr\b|[ap]\.?m\b)))"
    rf"(?:\s?uhr)?(?:\s?(?P<after>{_HALF}))?(?:\s?\(?{_ZONE}\)?)?",
    re.I,
)
_Y = r"(?P<y>(?:19|20)\d{2})"
_DATES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(p, re.I)
    for p in (
        rf"(?<![\d.]){_Y}\s?[-/.年년]\s?(?P<m>\d{{1,2}})\s?[-/.月월]\s?(?P<d>\d{{1,2}})(?!\d)\s?[日号號일]?\.?",
        # Year, day and clock in three boxes: 2020 | 06/08 | 07:13:00
        rf"(?<![\d.]){_Y}[\s|]{{1,3}}(?P<m>\d\d)[/-](?P<d>\d\d)(?=[\s|]|$)",
        rf"(?<!\d){_Y}(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d){_ZONE}?)?(?!\d)",
        r"(?<![^\W\d_])(?P<w>[^\W\d_]{3,12})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)"
        r"(?:(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\s+(?:(?P<zone>[a-z]{3,4}|[+-]\d{4})\s+)?)?"
        rf"{_Y}(?!\d)",
        r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|[.ºª°])?[\s-]{0,2}(?:de |of |d')?(?P<w>[^\W\d_]{3,12})\.?"
        rf",?[\s-]{{0,2}}(?:de |del )?{_Y}(?!\d)",
        # 2020. június 8., as Hungarian papers write.
        rf"(?<![\d.]){_Y}\.\s?(?P<w>[^\W\d_]{{3,12}})\.?\s(?P<d>\d{{1,2}})(?!\d)",
        rf"(?<![\d.])(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_Y}(?!\d)",
        rf"(?<![\d/])(?P<a>\d{{1,2}})[/-](?P<b>\d{{1,2}})[/-]{_Y}(?![\d/])",
    )
)
_SHORT_YEAR = re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?P<yy>[0-4]\d)(?![\d.]|\s?Uhr)")
_SHORT_SLASHED = re.compile(
    # 26/10/13, 03:48 pm: only its clock tells such a day from a fraction.
    r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<yy>[0-4]\d)(?=,?\s{1,3}\d{1,2}:\d\d)"
)
_NO_YEAR = re.compile(
    r"(?<![\d./-])(?P<m>\d{1,2})\s?(?:月\s?(?P<d>\d{1,2})\s?[日号號]|월\s?(?P<e>\d{1,2})\s?일|"
    r"[-/](?P<f>\d{1,2})(?=\s+\d{1,2}:\d{2}))"
)
_MONTH_ONLY = re.compile(rf"^{_Y}\s?[-/.年년]\s?(?P<m>\d{{1,2}})\s?[月월]?$")
_NAMED_MONTH = re.compile(rf"^(?P<w>[^\W\d_]{{3,12}})\.?,?\s+(?:de )?{_Y}$", re.I)
_YEAR_ONLY = re.compile(rf"^{_Y}\s?[年년]?$")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_NUMERALS = "〇零○一二三四五六七八九"
_SPELLED = re.compile(
    r"(?P<y>[〇零○一二三四五六七八九]{4})年(?:(?P<m>[一二三四五六七八九十]{1,3})月(?:(?P<d>[一二三四五六七八九十廿卅]{1,4})[日号號])?)?"
)
_ERA = re.compile(
    r"(?P<era>令和|平成|昭和|(?:中華|中华)?(?:民國|民国))\s?(?P<y>元|\d{1,3})\s?年(?=\s?\d{1,2}\s?月)"
)
_BEFORE_FIRST = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""The year before the first of an era; the Republic of China counts from 1912."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LABEL_BEFORE = re.compile(r"^[^\d〇零○一二三四五六七八九]*[:：]\s*")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: `fold_date_text(text)[start:end]` and its ISO-8601 value."""

    start: int
    end: int
    value: str


def fold_date_text(text: str) -> str:
    """Return the text with widths folded, Chinese numerals of dates as digits and years of eras as those of our
    era, as the patterns need it.
    """
    text = unicodedata.normalize("NFKC", text)
    return _ERA.sub(_western, _SPELLED.sub(_spell, text)) if "年" in text else text


def parse_date(
    text: str, *, zone: str | None = None, year: int | None = None, day_first: bool | None = None
) -> str | None:
    """Return the first date of a short text as ISO-8601, or None.

    `zone` ("+09:00") is the zone of clocks that name none; `year` completes dates without one (06月08日);
    `day_first` decides 06/08/2020, which is otherwise no date, and allows 8.6.20 and 8/6/20 13:18.
    """
    text = fold_date_text(text).strip()[:200]
    if _EPOCH.match(text):
        return _epoch(int(text) // (1000 if len(text) == 13 else 1), zone)
    found = next(find_dates(text, zone=zone, year=year, day_first=day_first), None)
    if found:
        return found.value
    return _partial(_LABEL_BEFORE.sub("", text).strip(" \t.,;|"))


def find_dates(
    text: str, *, zone: str | None = None, year: int | None = None, day_first: bool | None = None
) -> Iterator[FoundDate]:
    """Yield the days of a folded text (see fold_date_text) in order, each with the clock that follows it."""
    patterns = (*_DATES, _NO_YEAR) if year else _DATES
    if day_first:
        patterns = (*patterns, _SHORT_YEAR, _SHORT_SLASHED)
    position = 0
    while match := _earliest(patterns, text, position):
        value, end = _read(match, text, zone, year, day_first)
        if value:
            yield FoundDate(match.start(), end, value)
        position = max(end, match.start() + 1)


def _earliest(patterns: tuple[re.Pattern[str], ...], text: str, position: int) -> re.Match[str] | None:
    first: re.Match[str] | None = None
    for pattern in patterns:
        match = pattern.search(text, position)
        if match and (first is None or match.start() < first.start()):
            first = match
            if match.start() == position:
                break  # there is none before it
    return first


def _read(
    match: re.Match[str], text: str, zone: str | None, year: int | None, day_first: bool | None
) -> tuple[str | None, int]:
    """Return the ISO value of a match with its clock, and where it ends; None where there is no such day."""
    parts = match.groupdict()
    day = _day(parts, year, day_first)
    if day is None:
        return None, match.start() + 1
    clock = match if parts.get("hour") else _CLOCK.match(text, match.end())
    if clock is None:
        return day.isoformat(), match.end()
    value = _stamp(day, clock, text, zone)
    return None if _is_default(value) else value, clock.end()


def _is_default(value: str) -> bool:
    """Tell whether a day with a clock is what systems write that know none: the second 0 of Unix, the first day of SQL Server."""
    moment = datetime.fromisoformat(value)
    return value.startswith("1900-01-01") or (moment.tzinfo is not None and moment.timestamp() == 0)


def _day(parts: dict[str, str | None], year: int | None, day_first: bool | None) -> date | None:
    month: int | None
    day = int(parts.get("d") or parts.get("e") or parts.get("f") or 0)
    if parts.get("w"):
        month = _MONTHS.get(_plain(parts["w"] or ""))
    elif parts.get("a"):
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if first > 12 or first == second:
            day_first = True
        elif second > 12:
            day_first = False
        if day_first is None:
            return None
        day, month = (first, second) if day_first else (second, first)
    else:
        month = int(parts["m"] or 0)
    try:
        short = parts.get("yy")
        return date(2000 + int(short) if short else int(parts.get("y") or year or 0), month or 0, day)
    except ValueError:
        return None


def _stamp(day: date, clock: re.Match[str], text: str, zone: str | None) -> str:
    parts = clock.groupdict()
    half = (parts.get("before") or parts.get("after") or "").lower().replace(".", "").replace(" ", "")
    hour = _hour(int(parts["hour"] or 0), half)
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    offset = _zone_of(parts.get("zone"), text, zone)
    if hour is None or offset is None or minute > 59 or second > 59:
        return day.isoformat()
    return f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}{offset}"


def _hour(hour: int, half: str) -> int | None:
    """Return the hour of 24, or None where the text can be read twelve hours apart or names no hour."""
    if hour > 23:
        return None
    if not half or hour > 12:
        return hour
    if half in {"am", "오전", "午前", "凌晨"}:
        return hour % 12
    if half in {"pm", "오후", "午後", "午后", "下午", "傍晚"}:
        return hour % 12 + 12
    if half in {"中午", "正午"}:
        return hour if hour >= 11 else hour + 12
    if half in {"清晨", "早晨", "早上", "上午"}:
        return hour if hour < 12 else None
    return hour + 12 if 5 <= hour < 12 else None


def _zone_of(name: str | None, text: str, zone: str | None) -> str | None:
    name = (name or "").lower().replace(" ", "")
    if name == "cst" and (zone == CHINA or _HAN.search(text)):
        return CHINA
    if name in _ZONES:
        return _ZONES[name]
    digits = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", name)
    if digits:
        offset = f"{digits[1]}{int(digits[2]):02}:{digits[3] or '00'}"
        return offset if int(digits[2]) <= 14 else None
    if name == "cst":
        return None
    if zone:
        return zone
    return CHINA if _HAN.search(text) and not _KANA_HANGUL.search(text) else None


def _partial(text: str) -> str | None:
    if match := _MONTH_ONLY.match(text):
        return f"{match['y']}-{int(match['m']):02}" if 1 <= int(match["m"]) <= 12 else None
    if match := _NAMED_MONTH.match(text):
        month = _MONTHS.get(_plain(match["w"]))
        return f"{match['y']}-{month:02}" if month else None
    match = _YEAR_ONLY.match(text)
    return match["y"] if match else None


def _epoch(seconds: int, zone: str | None) -> str | None:
    # 1980 to 2100: other ten digits are ids or telephone numbers.
    if not 315_532_800 <= seconds <= 4_102_444_800:
        return None
    place: timezone = UTC
    if zone:
        sign = -1 if zone[0] == "-" else 1
        place = timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6])))
    return datetime.fromtimestamp(seconds, place).isoformat()


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("ı", "i"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _spell(match: re.Match[str]) -> str:
    year = "".join(str(max(0, _NUMERALS.index(c) - 2)) for c in match["y"])
    month, day = (_number(match[name]) if match[name] else None for name in ("m", "d"))
    return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")


def _western(match: re.Match[str]) -> str:
    year = 1 if match["y"] == "元" else int(match["y"])
    return f"{_BEFORE_FIRST.get(match['era'], 1911) + year}年"


def _number(numeral: str) -> int:
    """Return a Chinese number below 100 (十一, 二十三, 廿三)."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = numeral.rpartition("十")
    value = (_NUMERALS.index(tens[0]) - 2 if tens else 1) * 10 if ten else 0
    return value + (_NUMERALS.index(ones[0]) - 2 if ones else 0)


_URL_YEAR = r"(?P<y>(?:19|20)\d{2})"
_URL_DAYS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(p)
    for p in (
        rf"/[a-z]?{_URL_YEAR}(?P<m>\d\d)(?P<d>\d\d)(?=[_/.-])",
        rf"/{_URL_YEAR}[-_/](?P<m>\d{{1,2}})[-_/](?P<d>\d{{1,2}})(?=[-_/.])",
        rf"/{_URL_YEAR}[-_/](?P<m>\d\d)(?P<d>\d\d)(?=[-_/.])",
        rf"/{_URL_YEAR}(?P<m>\d\d)[-_/](?P<d>\d\d)(?=[-_/.])",
        rf"[-_]{_URL_YEAR}-?(?P<m>\d\d)-?(?P<d>\d\d)(?=[-_/.]|$)",
        rf"/[a-z]{{0,3}}{_URL_YEAR}(?P<m>\d\d)(?P<d>\d\d)(?=(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\d*(?:[_/.]|$))",
    )
)
_URL_MONTH = re.compile(rf"/{_URL_YEAR}[-_/]?(?P<m>\d\d)/")


def url_date(url: str) -> str | None:
    """Return the day (or month) a URL carries in its path, or None.

    Knows `/202006/t20200608_123.htm`, `/2019/0902/`, `/20190604/`, `/2019-07/08/`, `/2019/06-17/`,
    `/2019/6/4/`, `-2019-06-04.html` and ids that begin with a full time stamp.
    """
    path = "/" + url.partition("//")[2].partition("/")[2] if "//" in url else url
    path = path.partition("?")[0].partition("#")[0].lower()
    for pattern in _URL_DAYS:
        for match in pattern.finditer(path):
            day = _day(match.groupdict(), None, None)
            if day and 1990 <= day.year < 2100:
                return day.isoformat()
    for match in _URL_MONTH.finditer(path):
        if 1 <= int(match["m"]) <= 12 and 1990 <= int(match["y"]) < 2100:
            return f"{match['y']}-{match['m']}"
    return None
