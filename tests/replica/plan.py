"""Which articles exist: dates, channels, document numbers, and which of them carry which trap."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from .model import Channel, Encoding, Item
from .month import moment

CHANNELS = {
    channel.name: channel
    for channel in (
        Channel(
            "guonei", "www.dzwww.com", "/xinwen/guoneixinwen/", ("新闻", "国内新闻"), "nation", "h3", "call"
        ),
        Channel(
            "guoji", "www.dzwww.com", "/xinwen/guojixinwen/", ("新闻", "国际新闻"), "world", "h3", "call"
        ),
        Channel(
            "shehui",
            "www.dzwww.com",
            "/xinwen/shehuixinwen/",
            ("新闻", "社会新闻"),
            "police",
            "tuwen",
            "call",
        ),
        Channel("sd", "sd.dzwww.com", "/sdnews/", ("山东", "山东新闻"), "local", "text", "clip"),
        Channel("weifang", "weifang.dzwww.com", "/wfxwn/", ("潍坊", "潍坊新闻"), "local", "text", "link"),
        Channel(
            "qingdao", "qingdao.dzwww.com", "/qingdaonews/", ("青岛", "青岛新闻"), "local", "text", "link"
        ),
        Channel(
            "jiaoqu", "qingdao.dzwww.com", "/xinwen/jiaoqu/", ("青岛", "区市新闻"), "local", "h3", "none"
        ),
        Channel("zfpd", "qingdao.dzwww.com", "/zfpd/zxbd/", ("青岛", "政法频道"), "police", "text", "link"),
        Channel("dongying", "dongying.dzwww.com", "/dyxw/", ("东营", "东营新闻"), "local", "h3", "link"),
        Channel("jinan", "jinan.dzwww.com", "/dfxw/", ("济南", "地方新闻"), "local", "text", "link"),
        Channel("hb", "hb.dzwww.com", "/s/7875.html", (), "local", "hb", "hb"),
    )
}
SD_ALIAS = ("www.dzwww.com", "/shandong/sdnews/")

_OLD = {"guonei": 5, "guoji": 4, "shehui": 4, "sd": 4, "weifang": 3, "qingdao": 1, "dongying": 1}
_MIDDLE = {"guonei": 5, "guoji": 3, "shehui": 3, "sd": 5, "weifang": 6, "jinan": 1, "jiaoqu": 1, "zfpd": 1}
_RECENT = {
    "guonei": 5, "guoji": 3, "shehui": 4, "sd": 5, "weifang": 16, "jiaoqu": 6, "qingdao": 1, "dongying": 1,
    "jinan": 1, "zfpd": 1, "hb": 5,
}  # fmt: skip
# (first day, last day, share of all articles, channel weights): banner periods are dense enough to be learned
_PERIODS = (
    (datetime(2016, 3, 1), datetime(2018, 12, 20), 0.19, _OLD),
    (datetime(2019, 1, 5), datetime(2019, 10, 28), 0.18, _OLD),
    (datetime(2019, 11, 3), datetime(2020, 2, 20), 0.03, _MIDDLE),
    (datetime(2020, 3, 1), datetime(2021, 10, 31), 0.20, _MIDDLE),
    (datetime(2021, 11, 5), datetime(2021, 12, 28), 0.02, _MIDDLE),
    (datetime(2022, 1, 3), datetime(2022, 12, 28), 0.10, _MIDDLE),
    (datetime(2023, 1, 4), datetime(2026, 11, 20), 0.28, _RECENT),
)
# known pairs of date and document number; between them numbers rise evenly
_DOCIDS = (
    (datetime(2015, 12, 1), 13_500_000),
    (datetime(2016, 1, 20), 13_724_967),
    (datetime(2018, 3, 21), 17_175_470),
    (datetime(2019, 6, 17), 18_836_717),
    (datetime(2019, 11, 30), 19_420_000),
    (datetime(2019, 12, 1), 5_010_000),
    (datetime(2020, 6, 23), 6_135_828),
    (datetime(2023, 1, 4), 11_250_545),
    (datetime(2024, 5, 23), 14_236_393),
    (datetime(2025, 10, 3), 16_554_923),
    (datetime(2026, 9, 14), 18_112_614),
    (datetime(2027, 1, 1), 18_500_000),
)
SEED_TIME, SEED_DOCID = datetime(2020, 6, 8, 7, 13), 6_053_728
NEW_PER_DAY = ("guonei", "sd", "weifang")
FIRST_NEW_DAY = datetime(2026, 11, 21, 8, 30, 15)


def docid_at(when: datetime, channel: Channel) -> int:
    """Document number of a time; cities kept their own, lower numbers until the system was replaced."""
    at = min(bisect_right(_DOCIDS, when, key=lambda pair: pair[0]), len(_DOCIDS) - 1)
    (t0, low), (t1, high) = _DOCIDS[at - 1], _DOCIDS[at]
    number = low + int((high - low) * ((when - t0) / (t1 - t0)))
    own = channel.host not in {"www.dzwww.com", "sd.dzwww.com"} and when < datetime(2019, 12, 1)
    return number - 1_550_000 if own else number


def encoding_of(item: Item) -> Encoding:
    """Declared and real encoding of an article page."""
    if "wrong_http_charset" in item.traps:
        return Encoding("gbk", "ISO-8859-1", "gbk")
    if "wrong_meta" in item.traps:
        return Encoding("utf-8", "", "gbk")
    if "late_meta" in item.traps:
        return Encoding("gb2312", "", "gb18030", late_meta=True)
    return channel_encoding(item.channel, item.when)


def channel_encoding(channel: Channel, when: datetime) -> Encoding:
    """The habit of a host at a time."""
    if channel.name == "hb" or channel.host == "qingdao.dzwww.com":
        return Encoding("utf-8", "utf-8", "utf-8")
    if channel.name == "jinan" or (channel.host == "www.dzwww.com" and when >= datetime(2023, 1, 1)):
        return Encoding("utf-8", "", "utf-8")
    return Encoding()


def base_items(count: int) -> list[Item]:
    """The articles before any trap is dealt out, oldest first."""
    items: list[Item] = []
    borders, total = [], 0.0
    for *_, part, _weights in _PERIODS:
        total += part
        borders.append(round(total * count))
    start = 0
    for (first, last, _part, weights), end in zip(_PERIODS, borders, strict=True):
        wheel = _wheel(weights)
        step = (last - first) / max(1, end - start)
        items += [
            _base(number, number - start, wheel, first + step * (number - start + 0.5))
            for number in range(start, end)
        ]
        start = end
    return items


def _wheel(weights: dict[str, int]) -> list[Channel]:
    """Channels in turn by weight, spread so evenly that even a short piece keeps the proportions."""
    spots = [((turn + 0.5) / weight, name) for name, weight in weights.items() for turn in range(weight)]
    return [CHANNELS[name] for _, name in sorted(spots)]


def _base(number: int, turn: int, wheel: list[Channel], moment: datetime) -> Item:
    rng = random.Random(number)
    channel = wheel[turn % len(wheel)]
    when = moment.replace(
        hour=rng.randint(6, 21), minute=rng.randint(0, 59), second=rng.randint(1, 59), microsecond=0
    )
    docid = docid_at(moment, channel)
    ext = {3: "html", 6: "shtml"}.get(number % 8, "htm")
    return Item(number, channel, when, docid, ext)


class Dealer:
    """Deals traps to articles: exclusive ones never meet on a page."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.taken: set[int] = set()

    def deal(self, trap: str, count: int, fits: Callable[[Item], bool], *, exclusive: bool = True) -> None:
        """Gives the trap to `count` fitting articles, spread evenly over time."""
        free = [at for at, item in enumerate(self.items) if at not in self.taken and fits(item)]
        count = min(count, len(free))
        for step in range(count):
            at = free[(2 * step + 1) * len(free) // (2 * count)]
            self.items[at] = replace(self.items[at], traps=self.items[at].traps | {trap})
            if exclusive:
                self.taken.add(at)


def _on(*names: str, eras: str = "BCD", ext: str = "") -> Callable[[Item], bool]:
    """Condition: on one of these channels, of one of these eras."""
    return lambda item: item.channel.name in names and item.era in eras and ext in {"", item.ext}


def deal_traps(items: list[Item]) -> list[Item]:
    """The articles with their traps."""
    _place_seed(items)
    dealer = Dealer(items)
    dealer.taken = {at for at, item in enumerate(items) if item.traps}
    big = ("guonei", "guoji", "shehui", "sd", "weifang")
    exact, scale = dealer.deal, max(1, len(items) // 120)
    exact("missing_part", 1, _on("weifang", eras="D", ext="htm"))
    exact("multipart", 4, _on("guonei", "shehui", "weifang", ext="htm"))
    exact("wrong_http_charset", 1, _on("guoji", eras="B"))
    exact("wrong_meta", 1, _on("guonei", eras="D"))
    exact("late_meta", 1, _on("sd", eras="C"))
    exact("edited", 2, _on("guonei", "sd", eras="D"))
    exact("vanishes", 1, _on("weifang", eras="D"))
    exact("flaky_500", 1, _on("shehui", eras="D"))
    exact("scheme_and_query", 2, _on("guonei", "weifang", eras="D"))
    exact("gb18030_char", 3, lambda item: _on("sd", "weifang", "shehui")(item) and _gbk_page(item))
    exact("gbk_char", 5, lambda item: _on(*big)(item) and _gbk_page(item))
    exact("weather_notice", 5 * scale, _on("weifang", "sd", "qingdao"))
    exact("slogan", 10, _on(*big), exclusive=False)
    exact(
        "reprinted_notice",
        5,
        lambda item: item.when >= datetime(2020, 3, 1) and _on(*big)(item),
        exclusive=False,
    )
    exact("video", 4 * scale, _on(*big), exclusive=False)
    column = sum(item.channel.name == "shehui" for item in items)
    exact("column_name", max(2, round(column / 10)), _on("shehui"), exclusive=False)
    return items


def _gbk_page(item: Item) -> bool:
    return channel_encoding(item.channel, item.when).codec == "gb18030"


def _place_seed(items: list[Item]) -> None:
    """The stored article takes the place of the nearest weifang page."""
    near = [at for at, item in enumerate(items) if item.channel.name == "weifang"]
    if not near:
        return
    at = min(near, key=lambda index: abs(items[index].when - SEED_TIME))
    items[at] = replace(items[at], when=SEED_TIME, docid=SEED_DOCID, ext="htm", traps=frozenset({"seed"}))


def reprints(items: list[Item]) -> list[Item]:
    """Texts printed again days later by another desk, under another headline."""
    plain = [
        item
        for item in items
        if item.era == "D" and not item.traps and item.channel.name in {"sd", "weifang"}
    ]
    others = ("guonei", "shehui", "weifang", "sd", "jinan")
    found = []
    for step in range(min(5, len(plain))):
        origin = plain[(2 * step + 1) * len(plain) // 10]
        target = next(name for name in others[step:] + others[:step] if name != origin.channel.name)
        when = origin.when + timedelta(days=2 + 3 * step, minutes=17 * (step + 1))
        docid = docid_at(when, CHANNELS[target]) + 7
        traps = frozenset({"reprint"})
        found.append(Item(len(items) + step, CHANNELS[target], when, docid, "htm", traps, origin))
    return found


def new_items(count: int, day: float) -> list[Item]:
    """What the days after the first have added by a moment; larger worlds add more."""
    found = []
    per_day = len(NEW_PER_DAY) * max(1, count // 120)
    for turn in range(math.ceil(day) * per_day):
        passed, at = divmod(turn, per_day)
        name = NEW_PER_DAY[at % len(NEW_PER_DAY)]
        when = FIRST_NEW_DAY + timedelta(days=passed, hours=min(1.0, 12 / per_day) * at)
        if when <= moment(day):
            traps = frozenset({"new_on_later_day"})
            docid = docid_at(when, CHANNELS[name])
            found.append(Item(count + 1000 + turn, CHANNELS[name], when, docid, "htm", traps))
    return found


def by_channel(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Articles per channel, newest first."""
    found: dict[str, list[Item]] = {name: [] for name in CHANNELS}
    for item in items:
        found[item.channel.name].append(item)
    for rows in found.values():
        rows.sort(key=lambda item: (item.when, item.docid), reverse=True)
    return found
