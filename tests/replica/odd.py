"""Linked addresses that are no article: dead ends, redirects, empty shells, forbidden paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from .model import Item, Odd
from .plan import CHANNELS

FRONT = "http://www.dzwww.com/"
DENIED_HOSTS = tuple(
    f"{name}.dzwww.com" for name in ("bbs", "club", "blog", "mail", "vote", "wenjuan", "ad", "zt", "so", "w")
)
NOT_FOUND_TEXT = "文章不存在"


def _odd(kind: str, channel: str, day: datetime, docid: int, title: str) -> Odd:
    place = CHANNELS[channel]
    folder = "/internal/" if kind == "disallowed" else place.path
    path = f"{folder}{day:%Y%m}/t{day:%Y%m%d}_{docid}.htm"
    return Odd(kind, place, day, f"http://{place.host}{path}", title)


def odd_pages(rows: Mapping[str, list[Item]]) -> list[Odd]:
    """All of them; redirects need articles to lead to."""
    targets = [item for item in rows["guonei"] if not item.traps][1:3]
    day = datetime
    moved = [
        _odd("redirect", "guonei", day(2018, 5, 4, 9), 17_240_111, "旧址：支线列车时刻调整"),
        _odd("redirect", "guonei", day(2021, 9, 9, 9), 9_012_345, "旧址：试点名单第二批"),
    ]
    loop = _odd("loop", "shehui", day(2022, 2, 2, 9), 9_912_001, "绕圈的启事一则")
    back = replace(loop, url=loop.url.replace("9912001", "9912002"), listed=False)
    return [
        _odd("not_found", "guoji", day(2023, 5, 5, 9), 11_990_404, "已撤下的环球快讯"),
        _odd("not_found", "weifang", day(2024, 7, 7, 9), 14_400_404, "已撤下的渔港消息"),
        _odd("soft_404", "shehui", day(2023, 8, 8, 9), 12_450_200, "找不到的失物招领"),
        _odd("soft_404", "sd", day(2025, 3, 3, 9), 15_700_200, "找不到的县区简讯"),
        *(replace(old, to=item.url) for old, item in zip(moved, targets, strict=False)),
        replace(_odd("redirect_front", "guoji", day(2017, 6, 6, 9), 16_010_301, "早年的图集一组"), to=FRONT),
        _odd("empty", "sd", day(2024, 2, 9, 9), 13_700_777, "正文走失的一篇稿件"),
        replace(loop, to=back.url),
        replace(back, to=loop.url),
        _odd("listing", "guonei", day(2023, 1, 9, 9), 11_270_050, "一周要闻汇总"),
        _odd("disallowed", "shehui", day(2023, 6, 1, 9), 11_999_001, "内部样稿"),
    ]


def denied_links() -> list[str]:
    """Links to hosts a news crawl stays away from, some of them shaped like articles."""
    shaped = [
        f"http://{host}/xwzt/202306/t20230615_1200000{at}.htm" for at, host in enumerate(DENIED_HOSTS[:6])
    ]
    return [*shaped, *(f"http://{host}/" for host in DENIED_HOSTS)]


def commented_links(channel: str) -> list[str]:
    """Old rows which only an HTML comment still holds."""
    place = CHANNELS[channel]
    return [f"http://{place.host}{place.path}201505/t20150512_1237000{at}.htm" for at in range(3)]
