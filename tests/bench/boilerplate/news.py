"""The news of an outlet: prose that never repeats, and news that repeats and must stay (the traps).

Every function is one of (seed, outlet, page number, day): a page is the same however many pages are made.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from tests.bench.boilerplate.german import german_name, german_paragraph, german_title
from tests.bench.boilerplate.model import Line, Outlet
from tests.replica.texts import person, story


@dataclass(frozen=True, slots=True)
class Trap:
    """News that repeats: on which share of pages, where in the body, and the words by language (one of them)."""

    share: float
    place: Literal["head", "middle", "tail"]
    words: Mapping[str, tuple[str, ...]]
    unless: str = ""
    tag: str = "p"


_SLOGANS = {
    "zh": ("“守好一湾清水，留住一村炊烟。”", "“{p}的事，{p}人一起商量着办。”", "“不让一个孩子蹚水上学。”"),
    "de": (
        "„Wer nicht will deichen, der muss weichen.“",
        "„{p} bleibt {p}.“",
        "„Kein Kind soll durchs Wasser zur Schule.“",
    ),
}

TRAPS = {
    "slogan": Trap(0.1, "middle", _SLOGANS),
    "slogan in title": Trap(0.03, "middle", _SLOGANS),
    "question label": Trap(0.1, "middle", {"zh": ("问：", "答："), "de": ("Frage:", "Antwort:")}),
    "sub-heading": Trap(
        0.2,
        "middle",
        {
            "zh": ("一、基本情况", "二、主要做法", "三、下一步打算", "结语"),
            "de": ("Worum es geht", "Wie es weitergeht", "Fazit"),
        },
        tag="h3",
    ),
    "caption": Trap(0.15, "middle", {"zh": ("图为{p}街景。{who}摄",), "de": ("Blick auf {p}. Foto: {who}",)}),
    "byline": Trap(0.5, "head", {"zh": ("本报记者 {who} 报道",), "de": ("Von unserem Mitarbeiter {who}",)}),
    "agency dateline": Trap(
        0.08, "head", {"zh": ("新华社北京{month}月{day}日电",), "de": ("Berlin, {day}.{month}. (dpa)",)}
    ),
    "dateline": Trap(0.2, "head", {"zh": ("{p}讯",), "de": ("{p}.",)}, unless="agency dateline"),
    "column name": Trap(
        0.15,
        "head",
        {"zh": ("【晨读】", "【街坊说】", "【老照片】"), "de": ("[Morgenlage]", "[Nachbarn]")},
    ),
    "title in body": Trap(0.08, "head", {"zh": ("{title}",), "de": ("{title}",)}),
    "banner named in prose": Trap(
        0.02,
        "middle",
        {
            "zh": ("读者{who}来信说，他家把“{brand}”这句话抄在门上，到{month}月{day}日还在。",),
            "de": ("„{brand}“ steht bei {who} über der Tür, seit dem {day}.{month}. sogar auf Platt.",),
        },
    ),
    "stock sentence": Trap(
        0.12,
        "tail",
        {
            "zh": ("目前，此事仍在进一步调查之中。", "具体开放时间以{p}官方公布为准。"),
            "de": ("Die Ermittlungen dauern an.", "Der Eintritt ist frei, um Spenden in {p} wird gebeten."),
        },
    ),
    "to be continued": Trap(
        0.05, "tail", {"zh": ("未完待续", "（下转第二版）"), "de": ("Fortsetzung folgt",)}
    ),
    "end mark": Trap(0.3, "tail", {"zh": ("（完）",), "de": ("(Ende)",)}, unless="to be continued"),
}
"""By kind; an outlet may have rates of its own."""

_TABLES = 0.12
"""Share of pages with a table of prices."""

SECTIONS = {
    "zh": ("时政", "乡村", "文教", "民生", "民生", "副刊", "民生", "副刊", "民生", "民生"),
    "de": ("Rathaus", "Koog", "Schule", "Leute", "Leute", "Kultur", "Leute", "Kultur", "Leute", "Leute"),
}
WEATHER = {"zh": "天气", "de": "Wetter"}
TRAFFIC = {"zh": "出行", "de": "Verkehr"}

_SKY = {
    "zh": ("晴间多云", "多云转阴", "小雨转晴"),
    "de": ("heiter bis wolkig", "meist bedeckt", "Schauer"),
}
_FIRE = {
    "zh": (
        "森林火险气象等级为二级，进山请勿携带火种。",
        "森林火险气象等级为三级，山口设卡登记。",
        "森林火险气象等级为一级，可以野炊。",
    ),
    "de": (
        "Die Waldbrandgefahr liegt bei Stufe zwei.",
        "Die Waldbrandgefahr liegt bei Stufe drei.",
        "Die Waldbrandgefahr liegt bei Stufe eins.",
    ),
}
_NOTICE = {
    "zh": "因{p}大桥加固施工，每日七时至九时、十七时至十九时，货车禁止由东岸匝道上桥，小客车按尾号单双号通行，公交车不受限制。",
    "de": "Wegen der Sanierung der Brücke in {p} bleibt die Zufahrt von Osten werktags von sieben bis neun Uhr für Lastwagen gesperrt, Busse dürfen weiter fahren.",
}
_SERIAL = {
    "zh": "编者按：二十年前，{p}第一代摆渡人把船系在老柳树下。本报自今日起分二十篇连载他们的口述，一字不改，只删去咳嗽与沉默。",
    "de": "Vor vierzig Jahren zog die erste Fähre von {p} ihre Leine über den Fluss. In zwanzig Folgen erzählen die Fährleute, wie es dazu kam.",
}


@dataclass(frozen=True, slots=True)
class News:
    """Title and lines of the news of one page."""

    title: str
    lines: list[Line]


def news(outlet: Outlet, number: int, day: date, section: str, rng: random.Random) -> News:
    """Return the news of a page; a reprint has the lines of an earlier page."""
    title = title_of(outlet, number, day)
    if section == WEATHER[outlet.language]:
        return News(title, _weather(outlet, day, rng))
    lines = [Line(text, "prose", boilerplate=False) for text in _paragraphs(outlet, number, day, rng)]
    if section == TRAFFIC[outlet.language] and _restricted(number):
        lines.insert(1, _news(_NOTICE[outlet.language].format(p=outlet.place), "notice reprinted"))
    if _in_serial(number):
        lines.insert(0, _news(_SERIAL[outlet.language].format(p=outlet.place), "serial opening"))
    return News(_decorate(outlet, title, lines, rng), lines)


def title_of(outlet: Outlet, number: int, day: date) -> str:
    """Return the headline of a page, without what the traps do to it."""
    if outlet.language == "de":
        return german_title(random.Random(f"{outlet.name}/{number}"), number)
    key = _key(outlet, number)
    return story(key, "local", datetime.combine(day, time(8))).title


def name(outlet: Outlet, rng: random.Random) -> str:
    """Return the name of one of the outlet's 14 people: names change, and come again."""
    chosen = random.Random(f"{outlet.name}/person/{rng.randrange(14)}")
    return german_name(chosen) if outlet.language == "de" else person(chosen)


def _key(outlet: Outlet, number: int) -> int:
    return sum(ord(c) for c in outlet.host) * 100_000 + number


def _paragraphs(outlet: Outlet, number: int, day: date, rng: random.Random) -> list[str]:
    if outlet.language == "de":
        return [german_paragraph(rng) for _ in range(rng.randint(4, 9))]
    return list(story(_key(outlet, number), "local", datetime.combine(day, time(8))).paragraphs)


def _news(text: str, kind: str, tag: str = "p") -> Line:
    return Line(text, kind, boilerplate=False, tag=tag)


def _restricted(number: int) -> bool:
    """The notice is reprinted for weeks, twice."""
    return 20 <= number < 260 or 1200 <= number < 1420


def _in_serial(number: int) -> bool:
    """Twenty parts, one every few days."""
    return 60 <= number < 200 and number % 7 == 5


def _weather(outlet: Outlet, day: date, rng: random.Random) -> list[Line]:
    """Some days have forecasts equal to the digit, as in a settled autumn."""
    low, wind, sky = rng.randint(8, 10), rng.randint(2, 3), rng.choice(_SKY[outlet.language])
    p = outlet.place
    if outlet.language == "de":
        texts = [
            f"Am {day.day}.{day.month}. wird es in {p} {sky}, der Wind weht mit Stärke {wind} aus West.",
            f"Nachts sinken die Werte auf {low} Grad, tagsüber werden {low + 8} Grad erreicht.",
        ]
    else:
        texts = [
            f"{p}气象台{day.month}月{day.day}日发布：今天夜间到明天{sky}，北风{wind}到{wind + 1}级。",
            f"夜间最低气温{low}℃，次日白天最高气温{low + 8}℃，相对湿度{40 + 10 * wind}%。",
        ]
    return [_news(t, "weather") for t in (*texts, rng.choice(_FIRE[outlet.language]))]


def _table(outlet: Outlet, rng: random.Random) -> list[Line]:
    head, goods = (
        ("Ware | Preis | Vorwoche", ("Kohl", "Krabben", "Kartoffeln"))
        if outlet.language == "de"
        else ("品种 | 今日均价 | 昨日均价", ("白菜", "带鱼", "土豆"))
    )
    rows = [f"{item} | {rng.uniform(1, 30):.2f} | {rng.uniform(1, 30):.2f}" for item in goods]
    return [_news(text, "table", "tr") for text in (head, *rows)]


def _decorate(outlet: Outlet, title: str, lines: list[Line], rng: random.Random) -> str:
    """Add the traps that fall on this page; return the title, which a slogan may have joined."""
    brand = next(banner for banner in outlet.banners if banner.kind == "brand slogan").lines[0]
    fallen = {kind for kind, trap in TRAPS.items() if rng.random() < outlet.rates.get(kind, trap.share)}
    for kind, trap in TRAPS.items():
        if kind not in fallen or trap.unless in fallen:
            continue
        said = rng.choice(trap.words[outlet.language]).format(
            p=outlet.place, who=name(outlet, rng), title=title, brand=brand,
            month=rng.randint(1, 12), day=rng.randint(1, 28),
        )  # fmt: skip
        if kind == "slogan in title":
            title = f"{said} {title}"
        # Captions stand with their images, and a text alone does not say it is one: right either way.
        line = Line(said, kind, boilerplate=False, tag=trap.tag, unjudged=kind == "caption")
        at = {"head": 0, "middle": rng.randint(1, max(1, len(lines) - 1)), "tail": len(lines)}[trap.place]
        lines.insert(at, line)
    if rng.random() < _TABLES:
        at = rng.randint(1, max(1, len(lines) - 1))
        lines[at:at] = _table(outlet, rng)
    return title
