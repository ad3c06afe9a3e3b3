"""Markup of listing pages: rows by template age, pagers of every kind, and the clutter around them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from . import odd, pages
from .model import Channel, Encoding, Link
from .plan import CHANNELS


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a listing."""

    link: Link
    when: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a listing with what it needs to know about its neighbours."""

    channel: Channel
    url: str
    rows: Sequence[Row]
    number: int
    total: int
    hot: Sequence[Link]


BROKEN = (
    "<li><div class=text><h3><a>无地址的标题</a></h3><p>摘要<label></label></li>\n"
    "<li><div class=text><h3></h3></div></li>\n"
    '<li><div class=text><h3><a href="javascript:;">点不开的标题</a><p></div></li>\n'
)


def page_size(count: int) -> int:
    """Rows a page: 50 as on the real site, but small worlds must have several pages too."""
    return 50 if count > 100 else max(5, -(-count // 3))


def written(url: str, base: str, at: int) -> str:
    """The address as an editor may have written it; on one page the forms are mixed."""
    parts, here = urlsplit(url), urlsplit(base)
    query = f"?{parts.query}" if parts.query else ""
    plain = f"//{parts.netloc}{parts.path}{query}"
    if parts.netloc != here.netloc or query or parts.scheme == "https":
        return parts.scheme + ":" + plain if at % 3 else (plain if parts.scheme == "http" else url)
    folder = posixpath.dirname(here.path)
    relative = posixpath.relpath(parts.path, folder)
    dotted = relative if relative.startswith("../") else "./" + relative
    climbing = f"../{posixpath.basename(folder)}/{relative}" if not relative.startswith("../") else relative
    forms = (dotted, dotted, dotted, climbing, plain, "http:" + plain, "https:" + plain, parts.path)
    return forms[at % len(forms)]


def _row(row: Row, style: str, href: str, at: int) -> str:
    title = pages.esc(row.link.title)
    day = f"{row.when:%Y-%m-%d}"
    if style == "text":
        return (
            f'<li><div class="text"><h3><a href="{href}">{title}</a></h3>'
            f"<p>编辑荐读<label>{day}</label></p></div></li>"
        )
    if style == "h3":
        heading = f"<H3><A href={href} target=_blank>{title}</A></H3>"
        return f"<DIV class=item>{heading}<span class=date>{day}</span></DIV>"
    if style == "tuwen":
        link = f'<a href="{href}">{title}</a> <em>{row.when:%m-%d}</em>'
        return f'<div class="tuwen"><div class="style">{link}</div></div>'
    return (
        f'<li><a class="pic1" href="{href}"><img src="//img.dzwww.com/{at}.jpg"></a><h3>{title}</h3>'
        f"<span>海报新闻</span><span>{row.when:%Y-%m-%d %H:%M}</span></li>"
    )


def _rows(sheet: Sheet) -> str:
    style = sheet.channel.rows
    rows = [_row(row, style, written(row.link.url, sheet.url, at), at) for at, row in enumerate(sheet.rows)]
    if sheet.channel.name == "weifang" and sheet.number == 0:
        rows.insert(2, BROKEN)
    body = "\n".join(rows)
    if style == "hb":
        return f'<ul id="list_23487">\n{body}\n</ul>'
    return (
        f'<div id="main2"><ul>\n{body}\n</ul></div>'
        if style == "text"
        else f'<div class="list">\n{body}\n</div>'
    )


def _pager(sheet: Sheet) -> str:
    number, total = sheet.number, sheet.total
    if sheet.channel.pager == "call":
        call = f'createPageHTML({total}, {number}, "default", "htm");'
        return f'<div class="page"><script type="text/javascript">\n{call}\n</script></div>'
    if sheet.channel.pager == "clip":
        call = f'myClipPage(L.tool.createClipPage({total},{number}),"default","htm")'
        return f'<div id="flip"><SCRIPT>{call}</SCRIPT></div>'
    if sheet.channel.pager == "link" and total > 1:
        numbers = "".join(f'<a href="{page_name(at)}">{at + 1}</a>' for at in range(total) if at != number)
        following = f'<a class="text" href="{page_name(number + 1)}">下一页</a>' if number + 1 < total else ""
        return f'<div class="page"><a class="on">{number + 1}</a>{numbers}{following}</div>'
    return ""


def page_name(number: int) -> str:
    """File name of a listing page; the second one is number 1."""
    return f"default_{number}.htm" if number else "default.htm"


def _clutter(sheet: Sheet) -> str:
    denied = "".join(f'<li><a href="{url}">专题互动</a></li>' for url in odd.denied_links())
    hot = "".join(f"<li>{pages.anchor(link)}</li>" for link in sheet.hot)
    nav = "".join(
        f'<a href="{channel.url}">{channel.section[-1]}</a> '
        for channel in CHANNELS.values()
        if channel.section
    )
    old = "".join(
        f'<li><h3><a href="{url}">旧闻</a></h3></li>' for url in odd.commented_links(sheet.channel.name)
    )
    comment = f"<!-- <div class=list><ul>{old}</ul></div> -->" if sheet.channel.name != "hb" else ""
    return (
        f'<div class="submenu">{nav}</div>\n{comment}\n<div id="ad_right"><a href="http://ad.dzwww.com/c/9.htm">'
        f"<img src=http://ad.dzwww.com/9.gif></a></div>\n"
        f'<div class="hot"><h4>热点新闻</h4><ul>{hot}</ul></div>\n'
        f'<div class="interact"><ul>{denied}</ul></div>\n'
    )


def listing_page(sheet: Sheet, encoding: Encoding) -> bytes:
    """The bytes of one listing page."""
    name = sheet.channel.section[-1] if sheet.channel.section else "海报新闻"
    page = (
        pages.head(f"{name}_大众网", encoding)
        + f"<BODY>\n{pages.header(1)}{pages.crumbs(sheet.channel)}<div class=wrap>\n"
        + f"{_rows(sheet)}\n{_pager(sheet)}\n</div>\n{_clutter(sheet)}{pages.footer(1)}"
    )
    return page.encode(encoding.codec)
