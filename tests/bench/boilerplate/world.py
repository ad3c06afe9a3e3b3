"""Six outlets and their pages in time order; deterministic: a page depends on the seed and its number alone."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from dzwcrawl.extract import ArticleRules
from dzwcrawl.spiders.dzwww import DzwwwSpider
from tests.bench.boilerplate import banners
from tests.bench.boilerplate.markup import TEMPLATES
from tests.bench.boilerplate.model import Banner, Line, Outlet, TruePage
from tests.bench.boilerplate.news import SECTIONS, TRAFFIC, WEATHER, News, name, news, title_of

_START = date(2023, 1, 2)
_WEEK = (6, 6, 6, 5, 6, 5, 1)
"""Pages a day from Monday to Sunday: 35 a week, 2,000 pages in 400 days."""

RELAUNCH = 1000
_REPRINT = 40
"""Of every 40 pages, three are one text under three URLs."""

_LONG, _SHORT = "campaign, weeks 5 to 20", "campaign, weeks 2 to 4"
_ECHOES = {400: _SHORT, 800: _SHORT, 1000: _LONG, 1300: _LONG, 1700: _LONG}
"""Pages on which an article quotes, as a line of its own, the banner of a campaign that is over."""

OUTLETS: dict[str, Outlet] = {
    outlet.name: outlet
    for outlet in (
        Outlet("柳湾网", "www.liuwan.test", "zh", "utf-8", "trs_d", DzwwwSpider.article, "柳湾", banners.LIUWAN),
        Outlet("鹭洲在线", "news.luzhou.test", "zh", "utf-8", "trs_b", DzwwwSpider.article, "鹭洲", banners.LUZHOU,
               relaunch=RELAUNCH, rates={"column name": 0.35}),
        Outlet("松台网", "st.songtai.test", "zh", "gb18030", "people",
               ArticleRules(title="h1", body="#rwb_zw, .rm_txt_con", published=".box01 .fl", source=".box01 .fl a"),
               "松台", banners.SONGTAI, relaunch=RELAUNCH, rates={"agency dateline": 0.25, "byline": 0.3}),
        Outlet("云港热线", "www.yungang.test", "zh", "gb18030", "phpcms", None, "云港", banners.YUNGANG,
               rates={"end mark": 0.85}),
        Outlet("青崖日报", "paper.qingya.test", "zh", "gb18030", "epaper",
               ArticleRules(title="td.font01", body="#contenttext", published="td.head"), "青崖", banners.QINGYA,
               rates={"byline": 0.8, "dateline": 0.8}),
        Outlet("Kiebitzbote", "www.kiebitzbote.test", "de", "utf-8", "german", None, "Ahlenhörn", banners.KIEBITZ,
               relaunch=RELAUNCH),
    )
}  # fmt: skip


def _slots() -> Iterator[tuple[int, int]]:
    """Yield (day, which page of the day) for one page after another."""
    day = 0
    while True:
        for place in range(_WEEK[day % 7]):
            yield day, place
        day += 1


def pages(outlet: Outlet, count: int, seed: int = 1) -> Iterator[TruePage]:
    """Yield the first pages of an outlet in time order."""
    slots = list(islice(_slots(), count + 6))
    for number in range(count):
        yield _page(outlet, number, slots, seed)


def _section(outlet: Outlet, slot: tuple[int, int], rng: random.Random) -> str:
    """The first page of a working day is the weather, the second the roads."""
    day, place = slot
    if day % 7 != 6 and place < 2:
        return (WEATHER if place == 0 else TRAFFIC)[outlet.language]
    return rng.choice(SECTIONS[outlet.language])


def _original(number: int) -> int:
    """Return the page whose text a page reprints, or the page itself."""
    return number - number % _REPRINT + 20 if number % _REPRINT in (21, 23) else number


def _page(outlet: Outlet, number: int, slots: list[tuple[int, int]], seed: int) -> TruePage:
    day, told = slots[number][0], _original(number)
    rng = random.Random(f"{seed}/{outlet.name}/news/{told}")
    section = _section(outlet, slots[told], rng)
    written = news(outlet, told, _date(slots[told][0]), section, rng)
    lines = [_as_reprint(line) for line in written.lines] if _reprinted(number) else list(written.lines)
    shown = list(_furniture(outlet, number, section, written, [day for day, _ in slots], seed))
    _echo(outlet, number, lines)
    whole = _weave(lines, shown, random.Random(f"{seed}/{outlet.name}/weave/{number}"))
    new = outlet.relaunch is not None and number >= outlet.relaunch
    text = TEMPLATES[outlet.template](written.title, _date(day), outlet.name, whole, new)
    return TruePage(
        outlet, number, _date(day), day, section, f"http://{outlet.host}/{_date(day):%Y%m}/t{_date(day):%Y%m%d}_{300_000 + number}.htm",
        written.title, tuple(whole), text.encode(outlet.encoding),
        {"Content-Type": "text/html" if outlet.encoding != "utf-8" else "text/html; charset=utf-8"},
    )  # fmt: skip


def _date(day: int) -> date:
    return _START + timedelta(days=day)


def _reprinted(number: int) -> bool:
    return number % _REPRINT in (20, 21, 23)


def _as_reprint(line: Line) -> Line:
    return Line(line.text, "reprint", boilerplate=False, tag=line.tag) if line.kind == "prose" else line


def _echo(outlet: Outlet, number: int, lines: list[Line]) -> None:
    for banner in outlet.banners:
        if banner.kind == _ECHOES.get(number):
            quoted = Line(banner.lines[0], "quotes an old banner", boilerplate=False)
            lines.insert(len(lines) // 2, quoted)


def _shows(banner: Banner, number: int, day: int, section: str, rng: random.Random) -> bool:
    falls = rng.random() < banner.share
    runs = banner.start <= day < banner.end and number >= banner.since
    return falls and runs and banner.section in (None, section)


def _furniture(
    outlet: Outlet, number: int, section: str, written: News, days: list[int], seed: int
) -> Iterator[Line]:
    for index, banner in enumerate(outlet.banners):
        rng = random.Random(f"{seed}/{outlet.name}/banner/{index}/{number}")
        if not _shows(banner, number, days[number], section, rng):
            continue
        texts = (rng.choice(banner.lines),) if banner.pool else banner.lines
        others = iter(_others(outlet, number, days, rng))
        for text in texts:
            kind, _, own = text.rpartition(">")
            filled = _fill(own.replace("{other}", next(others)), outlet, days[number], written.title, rng)
            # The heading of a list is no link; its items are.
            links = banner.links and (bool(kind) or len(texts) == 1)
            yield Line(filled, kind or banner.kind, True, banner.place, index, links, banner.tag)


def _others(outlet: Outlet, number: int, days: list[int], rng: random.Random) -> list[str]:
    """Return titles of other pages of these days; a hot list may name one before its own page comes."""
    near = [number + step for step in (-1, -2, -3, -4, -5, -6, -8, -11, -15, -20, -30, 1, 3)]
    chosen = rng.sample([n if n >= 0 else number + 3 - n % 3 for n in near], 6)
    return [title_of(outlet, other, _date(days[other])) for other in chosen]


def _fill(text: str, outlet: Outlet, day_number: int, title: str, rng: random.Random) -> str:
    """Fill the slots; {name} is drawn anew each time."""
    day = _date(day_number)
    values = {
        "{title}": title,
        "{source}": rng.choice(("松台日报", "松台广播", "城关通讯", "北山晚报", outlet.name)),
        "{n}": f"{rng.randint(12, 98_765):,}" if rng.random() < 0.5 else str(rng.randint(12, 98_765)),
        "{date}": f"{day.day}.{day.month}.{day.year}" if outlet.language == "de" else f"{day.year}年{day.month}月{day.day}日",
        "{clock}": f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}",
    }  # fmt: skip
    for slot, value in values.items():
        text = text.replace(slot, value)
    while "{name}" in text:
        text = text.replace("{name}", name(outlet, rng), 1)
    return text


def _weave(news_lines: list[Line], shown: list[Line], rng: random.Random) -> list[Line]:
    """Put the furniture before, inside and after the news; lines of one banner stay together."""
    before = [line for line in shown if line.place == "before"]
    after = [line for line in shown if line.place == "after"]
    middle = list(news_lines)
    for banner in sorted({line.banner for line in shown if line.place == "inside"}):
        own = [line for line in shown if line.banner == banner]
        at = rng.randint(1, max(1, len(middle) - 1))
        while 0 < at < len(middle) and middle[at].tag == middle[at - 1].tag == "tr":
            at += 1  # a table is not cut in two
        middle[at:at] = own
    return [*before, *middle, *after]
