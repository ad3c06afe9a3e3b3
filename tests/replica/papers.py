"""Digital newspapers of five systems, each under the name of a real one, with invented articles.

An edition has sixteen pages and ninety articles. Its files are named, linked and encoded as those of its system are; a
paper does not appear on the days `without`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

from . import texts
from .model import Response

NAMES = "头版 要闻 要闻 综合 深度 评论 国内 国际 经济 产业 县域 文教 体育 副刊 广告 特刊".split()
COUNTS = (4, 6, 7, 5, 6, 6, 5, 7, 4, 6, 5, 7, 6, 5, 6, 5)


@dataclass(frozen=True, slots=True)
class PaperItem:
    """An article of an edition: the index of its page, its place there from 1, and its number in the edition from 1."""

    page: int
    place: int
    number: int
    day: date

    @property
    def story(self) -> texts.Story:
        """Its text."""
        when = datetime.combine(self.day, time(8))
        return texts.story(self.day.toordinal() * 100 + self.number, "local", when)

    @property
    def kicker(self) -> str:
        """The line above the headline, which the first article of a page has."""
        return self.story.overline if self.place == 1 else ""

    @property
    def text(self) -> list[str]:
        """Its paragraphs, the first one as newspapers begin."""
        first, *rest = self.story.paragraphs
        return [f"本报{self.story.place}讯　{first}", *rest]


@lru_cache(maxsize=64)
def items(day: date) -> tuple[PaperItem, ...]:
    """The articles of a day in the paper's order."""
    pairs = [(page, place) for page, count in enumerate(COUNTS) for place in range(1, count + 1)]
    return tuple(PaperItem(page, place, number, day) for number, (page, place) in enumerate(pairs, 1))


def of_page(day: date, page: int) -> list[PaperItem]:
    """The articles of a page."""
    return [item for item in items(day) if item.page == page]


def esc(text: str) -> str:
    """Text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


@dataclass(frozen=True, slots=True)
class System:
    """How one paper is published: where, in which encoding, and how its files are called and written.

    `page` and `article` give file names, relative to the folder of the edition; `render_*` give markup.
    """

    name: str
    host: str
    folder: str
    codec: str
    entry: str
    label: Callable[[int], str]
    page: Callable[[int], str]
    article: Callable[[PaperItem], str]
    render_page: Callable[[date, int], str]
    render_article: Callable[[PaperItem], str]
    extra: Callable[[date], dict[str, str]] = lambda _: {}

    def url(self, day: date, file: str) -> str:
        """The address of a file of an edition; `/…` for one outside its folder."""
        scheme = "https" if self.name == "zzrb_paper" else "http"
        return f"{scheme}://{self.host}{file if file.startswith('/') else day.strftime(self.folder) + file}"

    def truth(self, item: PaperItem) -> dict[str, Any]:
        """What an archive must hold of an article."""
        return {
            "url": self.url(item.day, self.article(item)),
            "title": item.story.title,
            "kicker": item.kicker or None,
            "published": item.day.isoformat(),
            "edition": {
                "date": item.day.isoformat(),
                "page": self.label(item.page),
                "name": NAMES[item.page],
                "place": item.place,
            },
            "body": "\n".join(line.replace("　", " ") for line in item.text),
        }


class PaperWorld:
    """Serves the editions of some days; a day `without` a paper answers as `absent` says (status and address)."""

    def __init__(
        self, system: System, days: Iterable[date], without: Iterable[date] = (), moved: str = ""
    ) -> None:
        self.system, self.flaky_keys = system, set[str]()
        self.days = [day for day in days if day not in set(without)]
        self.moved = moved
        self.files: dict[str, Callable[[], str]] = {}
        for day in self.days:
            self._publish(day)

    def _publish(self, day: date) -> None:
        system = self.system
        files: dict[str, Callable[[], str]] = {
            name: partial(str, text) for name, text in system.extra(day).items()
        }
        for page in range(len(COUNTS)):
            files[system.page(page)] = partial(system.render_page, day, page)
        for item in items(day):
            files[system.article(item)] = partial(system.render_article, item)
        self.files |= {urlsplit(system.url(day, name)).path: make for name, make in files.items()}

    def serves(self, host: str) -> bool:
        """Whether it is the paper's host."""
        return host == self.system.host

    def get(self, url: str) -> Response:
        """The answer to a GET."""
        path = urlsplit(url).path
        if path == "/robots.txt":
            return Response(200, [("Content-Type", "text/plain")], b"User-agent: *\nDisallow: /admin/\n")
        make = self.files.get(path)
        if make is None:
            if self.moved:
                return Response(302, [("Location", self.moved)], b"")
            return Response(404, [("Content-Type", "text/html")], b"<html><body>404 Not Found</body></html>")
        return Response(200, [("Content-Type", "text/html")], make().encode(self.system.codec))

    def truth(self) -> list[dict[str, Any]]:
        """Everything an archive must hold, in the papers' order."""
        return [self.system.truth(item) for day in self.days for item in items(day)]


# PaperIndex / IssueIndex / Page / Articel (大众日报: gbk; 齐鲁晚报: UTF-8, letters before the numbers)


def _articel(name: str, host: str, paper: str, codec: str, letters: str, codes: tuple[str, str]) -> System:
    folder = f"/{paper}/content/%Y%m%d/"

    def label(page: int) -> str:
        return f"{letters}{page + 1:02}"

    def page_file(page: int) -> str:
        return f"Page{label(page)}{codes[0]}.htm"

    def article_file(item: PaperItem) -> str:
        return f"Articel{label(item.page)}{item.place:03}{codes[1]}.htm"

    def extra(day: date) -> dict[str, str]:
        refresh = "<HTML><HEAD><META HTTP-EQUIV='REFRESH' CONTENT='0; URL={}'></HEAD><BODY></BODY></HTML>"
        return {
            f"/{paper}/content/PaperIndex.htm": refresh.format(f"{day:%Y%m%d}/IssueIndex.htm"),
            "IssueIndex.htm": refresh.format(page_file(0)),
        }

    def render_page(day: date, page: int) -> str:
        nav = "\n".join(
            f'<LI class=banci>[<SPAN class=banci-{label(at)}><A href="{page_file(at)}">{label(at)}</A></SPAN>]:'
            f'<A href="{page_file(at)}">{name}</A>'
            for at, name in enumerate(NAMES)
        )
        if page + 1 < len(NAMES):
            nav += f'\n<LI class=banci><A href="{page_file(page + 1)}">下一版</A>'
        own = of_page(day, page)
        rows = "\n".join(
            f'<LI><A href="{article_file(item)}">{esc(item.story.title)}</A></LI>' for item in own
        )
        if page == 1:  # announced on another page than its own
            first = items(day)[0]
            rows += f'\n<LI><A href="{article_file(first)}">{esc(first.story.title)}</A></LI>'
        areas = "".join(f'<AREA SHAPE=rect COORDS="0,0,9,9" HREF="{article_file(item)}">' for item in own)
        yesterday = day - timedelta(days=1)
        return (
            f"<HTML><HEAD><TITLE>{NAMES[page]}</TITLE></HEAD><BODY>"
            f'<A href="../{yesterday:%Y%m%d}/{page_file(0)}">上一期</A><MAP name=pic>{areas}</MAP>\n'
            f"<UL>{nav}</UL>\n<UL id=newslist>\n{rows}\n</UL></BODY></HTML>"
        )

    def render_article(item: PaperItem) -> str:
        title, kicker = esc(item.story.title), esc(item.kicker)
        text = "<br>".join(f"　　{esc(line)}" for line in item.text)
        head = f"<h1>{title}</h1>"
        if letters:
            head = f'<div class="fbt">{kicker}</div><div class="zb">{title}</div><div class="fbt"></div>'
        elif kicker:
            head = f'<div class="fbt">{kicker}</div>{head}'
        return (
            f"<html><head><title>{title}</title></head><body>"
            f'<input type="hidden" id="Text_title" value="{title}"><input type="hidden" id="Text_author" value="">'
            f'<input type="hidden" id="Text_date" value="{item.day}">'
            f'<div class="main"><div id="news-header">{head}</div>'
            f'<div class="infor"><div><span>{item.day}</span> <span>作者：</span> <span>编辑：</span> '
            f"<span><b>来源：</b>{'大众日报' if not letters else '齐鲁晚报'}</span></div></div>"
            f'<div id="news-con"><span id="contenttext"><br>{text}</span></div>'
            f'<div class="nxx"><a href="{page_file(item.page)}">返回版面</a> <a href="#">下一篇</a></div></div>'
            "</body></html>"
        )

    return System(
        name,
        host,
        folder,
        codec,
        "IssueIndex.htm",
        label,
        page_file,
        article_file,
        render_page,
        render_article,
        extra,
    )


def _plain_label(page: int) -> str:
    return f"{page + 1:02}"


# node_ / content_, the older system (郑州日报: UTF-8, the first page is node_3.htm)


def _node_page(page: int) -> str:
    return f"node_{page + 3}.htm"


def _node_article(item: PaperItem) -> str:
    return f"content_{1331700 + item.number}.htm"


def _node_render_page(day: date, page: int) -> str:
    rows = "".join(
        f'<tr><td><a id=pageLink href="{_node_page(at)}">第{at + 1:02}版：{name}</a></td>'
        f'<td><a href="../../../images/{day:%Y-%m/%d}/{at + 1:02}.pdf">PDF</a></td></tr>'
        for at, name in enumerate(NAMES)
    )
    own = of_page(day, page)
    areas = "".join(f'<area coords="1,1,5,5" shape="polygon" href="{_node_article(item)}">' for item in own)
    # The articles with pictures of the next page are announced in a box of their own.
    near = of_page(day, page + 1)[:2] if page + 1 < len(NAMES) else []
    links = "".join(
        f'<li><a href="{_node_article(item)}">{esc(item.story.title)}</a></li>' for item in [*own, *near]
    )
    yesterday = day - timedelta(days=1)
    around = (
        f'<a href="{_node_page(page + 1)}">下一版<font face=webdings>4</font></a>'
        if page + 1 < len(NAMES)
        else ""
    )
    return (
        '<html><head><meta charset="utf-8"></head><body>'
        f'<a href="../../{yesterday:%Y-%m/%d}/node_3.htm">上一期</a>{around}'
        f'<map name="PagePicMap">{areas}</map><table id=bmdhTable>{rows}</table><ul>{links}</ul></body></html>'
    )


def _node_render_article(item: PaperItem) -> str:
    paragraphs = "".join(f"<P>　　{esc(line)}</P>" for line in item.text)
    return (
        f'<html><head><meta charset="utf-8"><title>郑州日报数字报</title></head><body><table>'
        f'<tr><td class="font02">{esc(item.kicker)}</td></tr><tr><td class="font01">{esc(item.story.title)}</td></tr>'
        f"<tr><td><div id=ozoom><founder-content>{paragraphs}</founder-content></div></td></tr></table>"
        '<p><a href="node_3.htm">返回主页</a> | 郑州日报 | 版面导航 | <a href="#">上一篇</a> <a href="#">下一篇</a></p></body></html>'
    )


# layout / content, the newer system (贵州日报: UTF-8)


def _layout_page(page: int) -> str:
    return f"node_{page + 1:02}.html"


def _layout_article(item: PaperItem) -> str:
    return f"/pc/cont/{item.day:%Y%m/%d}/content_{98000 + item.number}.html"


def _layout_render_page(day: date, page: int) -> str:
    pages = "".join(
        f'<p><a href="./{_layout_page(at)}">第{at + 1}版：{name}</a><a href="../../../att/{at}.pdf">pdf</a></p>'
        for at, name in enumerate(NAMES)
    )
    rows = "".join(
        f'<li><h3><a href="../../..{_layout_article(item)[3:]}">{esc(item.story.title)}</a></h3></li>'
        for item in of_page(day, page)
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="UTF-8"></head><body><div class="Chunkiconlist">{pages}</div>'
        f'<div class="newslist"><ul>{rows}</ul></div></body></html>'
    )


def _layout_render_article(item: PaperItem) -> str:
    paragraphs = "".join(f"<p>　　{esc(line)}</p>" for line in item.text)
    return (
        '<!DOCTYPE html><html><head><meta charset="UTF-8"><title>贵州日报数字报</title></head><body>'
        f'<div class="totalTitle"><h5 id="PreTitle">{esc(item.kicker)}</h5><h2 id="Title">{esc(item.story.title)}</h2>'
        f'<h5 id="SubTitle"></h5></div><div id="ozoom"><founder-content>{paragraphs}</founder-content></div></body></html>'
    )


# joyhua (池州日报: UTF-8; its index lists all articles under the names of their pages)


def _joyhua_page(page: int) -> str:
    return f"page_{page + 1:02}.htm"


def _joyhua_article(item: PaperItem) -> str:
    return f"content_{item.day:%Y%m%d}{item.page + 1:03}{item.place:03}.htm"


def _joyhua_list(day: date, pages: Iterable[int]) -> str:
    return "".join(
        f'<div class="bmml_con_div"><a class="bmml_con_div_name" href="{_joyhua_page(page)}">第{page + 1:02}版：{NAMES[page]}</a>'
        + "".join(
            f'<a class="bmdh_con_a" href="{_joyhua_article(item)}">{esc(item.story.title)}</a>'
            for item in of_page(day, page)
        )
        + "</div>"
        for page in pages
    )


def _joyhua_render_page(day: date, page: int) -> str:
    """Every page carries the whole list, so that only its headings tell where an article stands."""
    return (
        '<html><head><meta charset="utf-8"></head><body>'
        f'<div id="breakNewsList1">{_joyhua_list(day, range(len(NAMES)))}</div><div class="b_bot">{NAMES[page]}</div></body></html>'
    )


def _joyhua_render_article(item: PaperItem) -> str:
    paragraphs = "".join(f"<p>　　{esc(line)}</p>" for line in item.text)
    return (
        '<html><head><meta charset="utf-8"></head><body><div class="bmnr_con">'
        f'<div class="bmnr_con_yinti">{esc(item.kicker)}</div><div class="bmnr_con_biaoti">{esc(item.story.title)}</div>'
        f'<div class="bmnr_con_con"><div id="zoom">{paragraphs}</div></div></div></body></html>'
    )


# shtml (济南日报: gbk without a declaration, links from the root and with fragments)


def _shtml_page(page: int) -> str:
    return f"v{page + 1:02}.shtml"


def _shtml_article(item: PaperItem) -> str:
    return f"{1371300 + item.number}.shtml"


def _shtml_render_page(day: date, page: int) -> str:
    folder = f"/shtml/jnrb/{day:%Y%m%d}/"
    pages = "".join(
        f'<p><a href="{folder}{_shtml_page(at)}#{at + 1:02}">{at + 1:02}版：{name}</a></p>'
        for at, name in enumerate(NAMES)
    )
    rows = "".join(
        f'<li><a href="{folder}{_shtml_article(item)}" title="{esc(item.story.title)}">· {esc(item.story.title)}</a></li>'
        for item in of_page(day, page)
    )
    return f"<html><head><title>济南日报</title></head><body><ul>{pages}</ul><ul class=main_r>{rows}</ul></body></html>"


def _shtml_render_article(item: PaperItem) -> str:
    paragraphs = "".join(f"<p><font>　　{esc(line)}</font></p>" for line in item.text)
    kicker = f'<div class="show_title1">{esc(item.kicker)}</div>' if item.kicker else ""
    return (
        f'<html><head><title>济南日报</title></head><body><div class="detail">{kicker}<h2>{esc(item.story.title)}</h2>'
        f'<span class="p3">{item.day:%Y年%m月%d日}</span></div><div class="article">{paragraphs}</div></body></html>'
    )


SYSTEMS = {
    system.name: system
    for system in (
        _articel("dzrb_paper", "paper.dzwww.com", "dzrb", "gb18030", "", ("NU", "MT")),
        _articel("qlwb_paper", "epaper.qlwb.com.cn", "qlwb", "utf-8", "A", ("TB", "TB")),
        System(
            "zzrb_paper", "zzrb.zynews.cn", "/html/%Y-%m/%d/", "utf-8", "node_3.htm",
            _plain_label, _node_page, _node_article, _node_render_page, _node_render_article,
        ),
        System(
            "gzrb_paper", "szb.gzrbs.com.cn", "/pc/layout/%Y%m/%d/", "utf-8", "node_01.html",
            _plain_label, _layout_page, _layout_article, _layout_render_page, _layout_render_article,
        ),
        System(
            "czrb_paper", "szb.chiznews.com", "/czrb/%Y%m%d/html/", "utf-8", "index.htm",
            _plain_label, _joyhua_page, _joyhua_article, _joyhua_render_page, _joyhua_render_article,
            lambda day: {"index.htm": _joyhua_render_page(day, 0)},
        ),
        System(
            "jnrb_paper", "jnrb.e23.cn", "/shtml/jnrb/%Y%m%d/", "gb18030", "v01.shtml",
            _plain_label, _shtml_page, _shtml_article, _shtml_render_page, _shtml_render_article,
        ),
    )
}  # fmt: skip
