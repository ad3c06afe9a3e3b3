"""Six templates, as outlets of their age serve them: each turns the lines of a container into a page."""

import html
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from tests.bench.boilerplate.model import Line

_NAV = ("首页", "时政", "民生", "乡村", "文教", "副刊", "数字报", "客户端")
_FOOT = ("关于我们 | 联系我们 | 法律顾问 | 网站地图", "Copyright 2001-2024 All Rights Reserved")


def _esc(text: str) -> str:
    return html.escape(text, quote=False)


def _words(line: Line, number: int) -> str:
    return f'<a href="/redirect/{number}.html">{_esc(line.text)}</a>' if line.links else _esc(line.text)


def _rows(lines: Sequence[Line]) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{_esc(c)}</td>" for c in x.text.split(" | ")) + "</tr>" for x in lines
    )
    return f"<table border=1>{rows}</table>\n"


def _runs(lines: Sequence[Line]) -> Iterable[Sequence[Line]]:
    """Lines that share an element (the rows of a table, the items of a list) together, others one by one."""
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or lines[at].tag != lines[start].tag or lines[start].tag not in ("tr", "li"):
            yield lines[start:at]
            start = at


def elements(lines: Sequence[Line], around: dict[str, str]) -> str:
    """Return the markup of a container's inside; `around` gives the opening tag of an element name."""
    found = []
    for number, run in enumerate(_runs(lines)):
        tag = run[0].tag
        if tag == "tr":
            found.append(_rows(run))
        elif tag == "li":
            items = "".join(f"<li>{_words(x, number * 10 + i)}</li>" for i, x in enumerate(run))
            found.append(f"<ul>{items}</ul>\n")
        elif tag == "span":
            found.append(f'<div class="mark"><span>{_words(run[0], number)}</span></div>\n')
        else:
            found.append(f"{around.get(tag, f'<{tag}>')}{_words(run[0], number)}</{tag}>\n")
    return "".join(found)


def _document(head: str, body: str, charset: str, lang: str = "zh-CN") -> str:
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"{head}</head><body>\n{body}\n</body></html>\n"
    )


def _around(inner: str) -> str:
    nav = "".join(f'<li><a href="/{i}/">{x}</a></li>' for i, x in enumerate(_NAV))
    foot = "".join(f"<p>{_esc(x)}</p>" for x in _FOOT)
    return f'<div class="top"><ul class="nav">{nav}</ul></div>\n{inner}\n<div id="footer">{foot}</div>'


Template = Callable[[str, date, str, Sequence[Line], bool], str]


def trs_d(title: str, day: date, source: str, lines: Sequence[Line], new: bool) -> str:
    """TRS, era D: a date in three pieces beside the body."""
    inner = elements(lines, {"p": '<p align="justify">　　'} if not new else {})
    return _document(
        f"<title>{_esc(title)}_{source}</title><meta name=publishdate content={day}>",
        _around(
            f'<div id="news-head"><h2>{_esc(title)}</h2></div><div id="news-side"><div class="date"><span>{day:%Y}</span>'
            f"<span>{day:%m/%d}</span><span>07:13:00</span></div><div class=text><label>来源</label><p>{source}</p></div></div>"
            f'<div id="news-body"><div class="TRS_Editor">{inner}</div></div>'
        ),
        "utf-8",
    )


def trs_b(title: str, day: date, source: str, lines: Sequence[Line], new: bool) -> str:
    """TRS, era B, one line of date and source; relaunched as era D."""
    if new:
        return trs_d(title, day, source, lines, new)
    inner = elements(lines, {"p": "<p>　　"})
    return _document(
        f"<title>{_esc(title)}_{source}</title>",
        _around(
            f'<div id="xl-headline"><div class="left">{day} 09:21:00　来源：{source}</div><h2>{_esc(title)}</h2></div>'
            f'<div class="news-con"><div class="TRS_Editor">{inner}</div></div>'
        ),
        "utf-8",
    )


def people(title: str, day: date, source: str, lines: Sequence[Line], new: bool) -> str:
    """The national paper's template, whose container was renamed in a relaunch."""
    box = 'class="rm_txt_con cf"' if new else 'id="rwb_zw" class="box_con"'
    inner = elements(lines, {"p": '<p style="text-indent: 2em;">\n\t'})
    return _document(
        f"<title>{_esc(title)}--{source}</title>",
        _around(
            f'<div class="clearfix w1000_320 text_title"><h1>{_esc(title)}</h1><div class="box01"><div class="fl">'
            f'{day:%Y年%m月%d日}08:10 来源：<a href="/">{source}</a></div></div></div><div {box}>{inner}</div>'
        ),
        "gb2312",
    )


def phpcms(title: str, day: date, source: str, lines: Sequence[Line], new: bool) -> str:
    """Tables in tables of 2003, in capitals."""
    inner = elements(lines, {"p": "<P><FONT size=3>　　", "div": "<DIV align=left>"})
    return _document(
        f"<TITLE>{_esc(title)} - {source}</TITLE>",
        _around(
            '<TABLE width=760 border=0><TR><TD width=560 valign=top><TABLE width="100%">'
            f"<TR><TD align=center class=bt><H1>{_esc(title)}</H1></TD></TR><TR><TD align=center class=xx>{source} {day} 10:02</TD></TR>"
            f'<TR><TD class=nr id=zoom>{inner}</TD></TR></TABLE></TD><TD width=200><A href="/a">专题</A></TD></TR></TABLE>'
        ),
        "gbk",
    )


def epaper(title: str, day: date, source: str, lines: Sequence[Line], new: bool) -> str:
    """An electronic paper: one span, lines cut by `<br>`."""
    parts = []
    for number, run in enumerate(_runs(lines)):
        words = [_words(x, number) for x in run]
        parts.append(_rows(run) if run[0].tag == "tr" else "　　" + "<br>　　".join(words) + "<br>\n")
    return _document(
        f"<title>{source}·{_esc(title)}</title>",
        f'<table><tr><td class="head">{source} 第03版：要闻 {day:%Y年%m月%d日}</td></tr></table>'
        f'<table id="article"><tr><td class="font01">{_esc(title)}</td></tr>'
        f'<tr><td><span id="contenttext">{"".join(parts)}</span></td></tr></table>',
        "gbk",
    )


def german(title: str, day: date, source: str, lines: Sequence[Line], new: bool) -> str:
    """A German regional paper of today; its relaunch renamed every class."""
    box = "story__body" if new else "artikel-text"
    inner = elements(lines, {"p": f'<p class="{box}-absatz">'})
    return _document(
        f"<title>{_esc(title)} | {source}</title><meta property='article:published_time' content='{day}T06:00:00+02:00'>"
        f"<meta property='og:type' content='article'>",
        f'<header><nav><a href="/">Start</a> <a href="/r">Region</a></nav></header><main><article><h1>{_esc(title)}</h1>'
        f'<div class="{box}">{inner}</div></article></main><footer><p>Impressum</p><p>Datenschutz</p></footer>',
        "utf-8",
        "de",
    )


TEMPLATES: dict[str, Template] = {
    "trs_d": trs_d,
    "trs_b": trs_b,
    "people": people,
    "phpcms": phpcms,
    "epaper": epaper,
    "german": german,
}
