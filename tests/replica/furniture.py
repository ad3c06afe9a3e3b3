"""Everything around an article: navigation, subscription block, sharing, banners, footer.

Markup and truth both take their lines from here, so that no boilerplate line can be on a page unlisted.
"""

from __future__ import annotations

import random
from datetime import datetime

from .model import Article, Channel, Item

SUBSCRIPTION = (
    "山东手机报订阅方式：",
    "移动用户发送短信SD到10658000",
    "联通用户发送短信SD到106558000678",
    "电信用户发送短信SD到106597009",
)
NAV = (
    "大众网",
    "|",
    "海报新闻",
    "大众网官方微信",
    "大众网官方微博",
    "时政公众号爆三样",
    "大众海蓝",
    "大众网论坛",
    "山东手机报",
)
TOP = ("用户登录", "设为首页", "手机版", "全站导航")
SHARE = ("分享到：", "微信", "微博", "QQ空间")
FONT = "字号 大 中 小"
COPYRIGHT = (
    "版权声明",
    "本稿件所含文字、图片和音视频资料，版权均属大众网所有，任何媒体、网站或个人未经授权不得转载，违者将依法追究责任。",
)
FOOTER = (
    "关于我们 - 报业集团 - 联系方式 - 法律顾问",
    "Copyright (C) 2001-2026 dzwww.com. All Rights Reserved",
    "鲁ICP备00000000号 鲁公网安备 37000000000000号",
    "违法不良信息举报电话：0531-00000000",
)
CITIES = {
    "jinan": "济南",
    "qingdao": "青岛",
    "zibo": "淄博",
    "zaozhuang": "枣庄",
    "dongying": "东营",
    "yantai": "烟台",
    "weifang": "潍坊",
    "jining": "济宁",
    "taian": "泰安",
    "weihai": "威海",
    "rizhao": "日照",
    "linyi": "临沂",
    "dezhou": "德州",
    "liaocheng": "聊城",
    "binzhou": "滨州",
    "heze": "菏泽",
}
CALLS = (
    "扫码下载海报新闻客户端",
    "欢迎关注大众网官方微信公众号",
    "点击下载海报新闻APP",
    "更多精彩内容请下载海报新闻客户端",
    "长按识别二维码，把新闻装进口袋",
)
BANNER_SPRING = "潮起东方 与你同行"
BANNER_SEA = "大海融媒 记录此刻"
BANNER_KITE = "鸢城清早 先读一座城的心跳"


def _often(item: Item, skip: int) -> bool:
    """A banner misses one page in `skip`: real ones are never on all of them."""
    return item.number % skip != skip - 1


def banners(item: Item, title: str) -> list[tuple[str, str, str]]:
    """The site's own banners on this page: (trap name, place in the container, line)."""
    when, host, found = item.when, item.channel.host, []
    if item.era == "D" and datetime(2020, 3, 1) <= when < datetime(2021, 11, 1) and _often(item, 9):
        found.append(("banner_spring_2020", "start", BANNER_SPRING))
    if item.era == "D" and when >= datetime(2022, 1, 1) and _often(item, 8):
        found.append(("banner_since_2022", "end", BANNER_SEA))
    if host == "weifang.dzwww.com" and when >= datetime(2023, 1, 1) and _often(item, 12):
        found.append(("banner_weifang_2023", "start", BANNER_KITE))
    if host == "www.dzwww.com" and item.era == "D" and when >= datetime(2021, 11, 1) and _often(item, 10):
        readers = random.Random(f"readers/{item.number}").randint(1_000, 99_999)
        found.append(("banner_digits", "start", f"今日已有 {readers:,} 位读者签到"))
    if item.era == "C" and _often(item, 11):
        found.append(("banner_title", "start", f"正在阅读：{title}"))
    return found


def crumbs(channel: Channel) -> str:
    """The breadcrumb line, or nothing where the template has none."""
    return "您现在的位置：" + " > ".join(("首页", *channel.section)) if channel.section else ""


def clock_lines(article: Article) -> tuple[str, ...]:
    """Era D cuts its date into three lines."""
    when = article.item.when
    if article.item.era != "D":
        return ()
    return f"{when:%Y}", f"{when:%m/%d}", f"{when:%H:%M:%S}", "手机查看"


def counter(article: Article) -> str:
    """How many have read the page; another number each time."""
    return f"阅读：{article.readers}"


def lines_around(article: Article) -> list[str]:
    """Every line outside the body container which must not reach the body."""
    fixed = [*SUBSCRIPTION, *NAV, *TOP, *SHARE, FONT, crumbs(article.item.channel), *clock_lines(article)]
    if article.readers:
        fixed.append(counter(article))
    lists = ["热点新闻", *(f"{city}新闻" for city in CITIES.values())]
    if article.related:
        lists += ["相关新闻", *(link.title for link in article.related)]
    lists += article.details
    if len(article.neighbours) >= 2:
        before, after, *hot = article.neighbours
        lists += [f"上一篇：{before.title}", f"下一篇：{after.title}", *(link.title for link in hot)]
    return [line for line in [*fixed, *lists, *COPYRIGHT, *FOOTER] if line]


def boilerplate(article: Article) -> list[str]:
    """All lines of the page that are neither news nor credits, each once, in a stable order."""
    inside = [
        line for block in article.blocks() if block.kind == "noise" for line in block.lines or (block.text,)
    ]
    return list(dict.fromkeys([*inside, *lines_around(article)]))
