"""The news of an outlet: prose that never repeats, and news that repeats and must stay (the traps).

Every function is one of (seed, outlet, page number, day): a page is the same however many pages are made.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time

from tests.bench.boilerplate.german import german_name, german_paragraph, german_title
from tests.bench.boilerplate.model import Line, Outlet
from tests.replica.texts import person, story

RATES = {
    "column name": 0.15,
    "end mark": 0.3,
    "byline": 0.5,
    "dateline": 0.2,
    "agency dateline": 0.08,
    "slogan": 0.1,
    "slogan in title": 0.03,
    "to be continued": 0.05,
    "question and answer": 0.1,
    "sub-heading": 0.2,
    "table": 0.12,
    "title in body": 0.08,
}
"""Share of pages of an outlet with news of a kind, unless its own rates say otherwise."""

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
_SLOGANS = {
    "zh": ("“守好一湾清水，留住一村炊烟。”", "“{p}的事，{p}人一起商量着办。”", "“不让一个孩子蹚水上学。”"),
    "de": (
        "„Wer nicht will deichen, der muss weichen.“",
        "„{p} bleibt {p}.“",
        "„Kein Kind soll durchs Wasser zur Schule.“",
    ),
}
_COLUMNS = {"zh": ("【晨读】", "【街坊说】", "【老照片】"), "de": ("[Morgenlage]", "[Nachbarn]")}
_HEADS = {
    "zh": ("一、基本情况", "二、主要做法", "三、下一步打算", "结语"),
    "de": ("Worum es geht", "Wie es weitergeht", "Fazit"),
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
    zh, p = outlet.language == "zh", outlet.place
    falls = {kind: rng.random() < outlet.rates.get(kind, rate) for kind, rate in RATES.items()}
    slogan = rng.choice(_SLOGANS[outlet.language]).format(p=p)

    def middle(*new: Line) -> None:
        at = rng.randint(1, max(1, len(lines) - 1))
        lines[at:at] = new

    if falls["slogan in title"]:
        title = f"{slogan} {title}"
        middle(_news(slogan, "slogan in title"))
    elif falls["slogan"]:
        middle(_news(slogan, "slogan"))
    if falls["question and answer"]:
        middle(
            *(_news(t, "question and answer") for t in (("问：", "答：") if zh else ("Frage:", "Antwort:")))
        )
    if falls["sub-heading"]:
        middle(_news(rng.choice(_HEADS[outlet.language]), "sub-heading", "h3"))
    if falls["table"]:
        middle(*_table(outlet, rng))
    if falls["byline"]:
        who = name(outlet, rng)
        lines.insert(0, _news(f"本报记者 {who} 报道" if zh else f"Von unserem Mitarbeiter {who}", "byline"))
    if falls["agency dateline"]:
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        text = f"新华社北京{month}月{day}日电" if zh else f"Berlin, {day}.{month}. (dpa)"
        lines.insert(0, _news(text, "agency dateline"))
    elif falls["dateline"]:
        lines.insert(0, _news(f"{p}讯" if zh else f"{p}.", "dateline"))
    if falls["column name"]:
        lines.insert(0, _news(rng.choice(_COLUMNS[outlet.language]), "column name"))
    if falls["title in body"]:
        lines.insert(0, _news(title, "title in body"))
    if falls["to be continued"]:
        lines.append(
            _news(
                rng.choice(("未完待续", "（下转第二版）")) if zh else "Fortsetzung folgt", "to be continued"
            )
        )
    elif falls["end mark"]:
        lines.append(_news("（完）" if zh else "(Ende)", "end mark"))
    return title
