"""Markup of article pages by template era, around one common skeleton."""

from __future__ import annotations

import html
import random
from collections.abc import Sequence

from . import furniture
from .model import Article, Block, Channel, Encoding, Link

_CALLBACKS = ("shareTo", "hoverMenu", "lazyImg", "fontSize", "backTop", "wxReady", "hotRank", "statPage")


def esc(text: str) -> str:
    """Text as it stands in markup."""
    return html.escape(text, quote=False)


def anchor(link: Link) -> str:
    """A plain link."""
    return f'<a href="{html.escape(link.url)}">{esc(link.title)}</a>'


def script() -> str:
    """Inline script of the length real pages carry; it only has to be long and harmless."""
    functions = "\n".join(
        f"function {name}(el, opt) {{ var o = opt || {{}}, list = document.getElementById('{name}_box');\n"
        f"  if (!list || o.off) {{ return false; }}\n"
        f"  for (var i = 0; i < list.children.length; i++) {{\n"
        f"    list.children[i].className = i === el ? 'on' : ''; }}\n"
        f"  window.setTimeout(function () {{\n"
        f"    list.setAttribute('data-{name}', String(el)); }}, 300); return true; }}"
        for name in _CALLBACKS
    )
    call = 'if (0 < 1 && "</div>".length) { hoverMenu(0); }'
    return f'<script type="text/javascript">\n{functions}\n{call}\n</script>'


def style() -> str:
    """Inline style sheet, long as well."""
    rules = "\n".join(
        f".m{index} {{ float: left; width: {index * 7 + 11}px; margin: 0 {index % 5}px; "
        f"line-height: {20 + index % 9}px; "
        f"background: #{index * 4099 % 0xFFFFFF:06x} }} .m{index} a:hover {{ color: #c{index % 10}0000 }}"
        for index in range(48)
    )
    return f"<style>\n{rules}\n</style>"


def head(title: str, encoding: Encoding, metas: Sequence[str] = ()) -> str:
    """Doctype to `</head>`; the charset meta comes late where the encoding asks for it."""
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding.meta}" />'
    padding = "<!-- " + "cache node padding " * 300 + "-->\n" if encoding.late_meta else ""
    before = padding + style() if encoding.late_meta else ""
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">\n<html>\n'
        '<HTML xmlns="http://www.w3.org/1999/xhtml">\n<HEAD>\n'
        f"{before}{charset}\n<title>{esc(title)}</title>\n" + "\n".join(metas) + "\n"
        '<meta name="filetype" content="1"><meta name="publishedtype" content="1"><base target="_blank"/>\n'
        + ("" if encoding.late_meta else style())
        + script()
        + "\n</HEAD>\n"
    )


def subscription() -> str:
    """The phone newspaper's block: a heading and three lines."""
    heading, *lines = furniture.SUBSCRIPTION
    items = "".join(f"<li>{esc(line)}</li>" for line in lines)
    return f"<div class=sjb><h4>{esc(heading)}</h4><ul>{items}</ul></div>"


def header(copies: int) -> str:
    """Top bar and the two hover menus which repeat each other on the real site."""
    cities = "".join(
        f'<li class="m{index}"><a href="http://{code}.dzwww.com/">{name}新闻</a></li>'
        for index, (code, name) in enumerate(furniture.CITIES.items())
    )
    nav = "".join(
        f'<li><a href="http://www.dzwww.com/nav/{at}/">{name}</a></li>' if name != "|" else "<li>|</li>"
        for at, name in enumerate(furniture.NAV)
    )
    top = "".join(
        f'<a href="http://www.dzwww.com/user/{at}/">{name}</a> ' for at, name in enumerate(furniture.TOP)
    )
    drops = "".join(
        f'<div class="drop-title">{subscription()}</div><div class="drop-box"><i class="m{at}"></i></div>'
        for at in range(copies)
    )
    return (
        f'<div id="ad_top_1"><img src="http://ad.dzwww.com/b/1.gif"></div>\n'
        f'<DIV class="top-bar">{top}</DIV>\n'
        f'<div id="test_div">{drops}<ul class=nav>{nav}</ul></div>\n'
        f'<div id="wap-nav"><ul>{cities}</ul></div>\n'
    )


def footer(copies: int) -> str:
    """Bottom of every page, with the picture the real site leaves behind `</body>`."""
    lines = "".join(f"<p>{esc(line)}</p>" for line in furniture.FOOTER)
    blocks = subscription() * copies
    return (
        f'<div id="footer">{blocks}{lines}</div>\n{script()}\n</BODY>\n'
        '<img src="http://stat.dzwww.com/t.gif" width=1 height=1>\n</HTML>\n</html>\n'
    )


def crumbs(channel: Channel) -> str:
    """The breadcrumb with its links."""
    if not channel.section:
        return ""
    links = " &gt; ".join(f'<a href="{channel.url}">{name}</a>' for name in ("首页", *channel.section))
    return f'<div class="position">您现在的位置：{links}</div>\n'


def share() -> str:
    """Sharing and font size."""
    label, *targets = furniture.SHARE
    links = "".join(f'<a href="javascript:;" class="s{at}">{name}</a> ' for at, name in enumerate(targets))
    sizes = " ".join(f'<a href="#">{size}</a>' for size in "大中小")
    return f'<div class="share"><span>{label}</span>{links}</div><div class="font">字号 {sizes}</div>\n'


def block_html(block: Block, seed: int) -> str:
    """One block; paragraphs carry the two ideographic spaces and some inline markup."""
    rng = random.Random(seed)
    if block.kind == "p":
        return f"<p>　　{_inline(block.text, rng)}</p>"
    if block.kind == "br":
        return "<p>　　" + "<br/>　　".join(map(esc, block.lines)) + "</p>"
    simple = {
        "strong": f"<p><strong>　　{esc(block.text)}</strong></p>",
        "h3": f"<h3>{esc(block.text)}</h3>",
        "quote": f"<blockquote><p>{esc(block.text)}</p></blockquote>",
        "credit": f"<p>　　{esc(block.text)}</p>",
        "list": "<ul>" + "".join(f"<li>{esc(line)}</li>" for line in block.lines) + "</ul>",
        "table": "<table border=1><tbody>" + "".join(map(_row, block.lines)) + "</tbody></table>",
        "video": f'<p align=center><video src="{block.src}" controls="controls" width=600></video></p>',
        "noise": "".join(f"<p>　　{esc(line)}</p>" for line in block.lines or (block.text,)),
    }
    return simple[block.kind] if block.kind in simple else _picture(block)


def _row(line: str) -> str:
    cells = "".join(f"<td>{esc(cell)}</td>" for cell in line.split(" | "))
    return f"<tr>{cells}</tr>"


def _picture(block: Block) -> str:
    name = block.src.removeprefix("./")
    source = f'src="/images/blank.gif" OLDSRC="{name}"' if block.kind == "oldsrc" else f'src="{block.src}"'
    return (
        f'<p align="center"><img {source} alt="" border=0 /></p>\n'
        f'<p style="text-align: center" align=center>{esc(block.text)}</p>'
    )


def _inline(text: str, rng: random.Random) -> str:
    """Bold or linked words now and then: the text stays the same."""
    marked = esc(text)
    if len(text) < 30 or rng.random() > 0.25:
        return marked
    at = rng.randint(8, 16)
    before, word, after = text[:at], text[at : at + 4], text[at + 4 :]
    opening = rng.choice(("<strong>", '<a href="http://www.dzwww.com/">', '<span style="font-size:14pt">'))
    closing = (
        {"<s": "</strong>", "<a": "</a>"}.get(opening[:2], "</strong>")
        if "span" not in opening
        else "</span>"
    )
    return f"{esc(before)}{opening}{esc(word)}{closing}{esc(after)}"


def container(article: Article, part: int) -> str:
    """The inner markup of the body container."""
    blocks = article.parts[part]
    rows = [block_html(block, article.item.number * 997 + at) for at, block in enumerate(blocks)]
    return "<div class=TRS_Editor>\n" + "\n".join(rows) + "\n</div>"


def pager(article: Article, part: int) -> str:
    """The script call which is all a long article says about its parts."""
    if len(article.parts) == 1:
        return ""
    stem = article.item.path.rsplit("/", 1)[1].rsplit(".", 1)[0]
    return (
        '<div class="page"><script>\n'
        f'createPageHTML({len(article.parts)}, {part}, "{stem}", "{article.item.ext}");\n</script></div>\n'
    )


def editor(article: Article, part: int) -> str:
    """Credit lines which stand below the container, on the last part only."""
    if article.editor_place == "body" or part != len(article.parts) - 1:
        return ""
    tags = {"div.edit": ("<div class=edit>", "</div>"), "#editor": ('<div id="editor">', "</div>")}
    opening, closing = tags.get(article.editor_place, ('<span id="editor_baidu">', "</span>"))
    return (
        f"{opening}{'<br>'.join(map(esc, article.editor_lines))}{closing}\n" if article.editor_lines else ""
    )


def below(article: Article, part: int) -> str:
    """What follows the container at once."""
    return editor(article, part) + pager(article, part)


def after(article: Article) -> str:
    """Lists below the article."""
    out = []
    if article.details:
        rows = "".join(
            f'<p>{esc(line.removesuffix("[详细]"))}<a href="#">[详细]</a></p>' for line in article.details
        )
        out.append(f'<div class="zuixin">{rows}</div>')
    if article.related:
        rows = "".join(f"<li>{anchor(link)}</li>" for link in article.related)
        out.append(f'<div class="xgxw"><h4>相关新闻</h4><ul>{rows}</ul></div>')
    if len(article.neighbours) >= 2:
        before, following, *hot = article.neighbours
        out.append(
            f'<div class="updown"><p>上一篇：{anchor(before)}</p><p>下一篇：{anchor(following)}</p></div>'
        )
        rows = "".join(f"<li>{anchor(link)}</li>" for link in hot)
        out.append(f'<div id="redian"><h4>热点新闻</h4><ul>{rows}</ul></div>')
    heading, line = furniture.COPYRIGHT
    return "\n".join(out) + f'\n<div class="banquan"><h4>{heading}</h4><p>{esc(line)}</p></div>\n'


def _titles(article: Article, tag: str) -> str:
    title = f"<{tag}>{esc(article.title)}</{tag}>"
    if not article.subtitle:
        return title
    extra = f'<h3 class="fbt">{esc(article.subtitle)}</h3>'
    return extra + title if article.kicker else title + extra


def _era_b(article: Article, part: int) -> str:
    author = f"&nbsp;&nbsp;作者: {article.header_author}" if article.header_author else ""
    when = article.item.when
    return (
        f'<div id="xl-headline"><div>{_titles(article, "h2")}\n'
        f'<div class="left">{when:%Y-%m-%d %H:%M:%S}&nbsp;&nbsp;'
        f"来源: {article.source}{author}</div>{share()}</div></div>\n"
        f'<div class="layout"><div><div><div class="news-con">\n{container(article, part)}\n</div>'
        f"{below(article, part)}</div></div></div>\n"
    )


def _era_c(article: Article, part: int) -> str:
    when = article.item.when
    shown = f"{when:%Y-%m-%d}" if article.clock == "date" else f"{when:%Y-%m-%d %H:%M}"
    opening = '<div class="con">' if article.item.number % 2 else '<div id="news-body">'
    return (
        f'<div class="top">{_titles(article, "h1")}'
        f"<p><span>{shown}</span>&nbsp;<span>{article.source}</span></p></div>\n"
        f"{share()}{opening}\n{container(article, part)}\n</div>\n{below(article, part)}"
    )


def _era_d(article: Article, part: int) -> str:
    when = article.item.when
    author = f'<div class="text"><p>{article.header_author}</p></div>' if article.header_author else ""
    return (
        f'<div id="news-head">{_titles(article, "h2")}</div>\n<div class="main">\n<div id="news-side">\n'
        f'<div class="date">{when:%Y}<br/><span>{when:%m/%d}</span><label>{when:%H:%M:%S}</label></div>\n'
        f'<div class="text"><p>{article.source}</p></div>{author}\n'
        f'<div class="text"><div id="qrcode"></div><p>手机查看</p></div>{share()}</div>\n'
        f'<div id="news-body">\n{container(article, part)}\n</div>\n{below(article, part)}</div>\n'
    )


def _era_hb(article: Article, part: int) -> str:
    when = article.item.when
    return (
        f'<div class="news-title">{_titles(article, "h1")}<div class="info"><span>{article.source}</span> '
        f"<span>{when:%Y-%m-%d %H:%M}</span></div></div>\n{share()}"
        f'<div class="news-body">\n{container(article, part)}\n</div>\n{below(article, part)}'
    )


def metas(article: Article) -> list[str]:
    """Meta tags of the era."""
    item = article.item
    if not article.keywords:
        return []
    rows = [
        f'<meta name="keywords" content="{",".join(article.keywords)}">',
        f'<meta name="description" content="{html.escape(description(article))}">',
    ]
    if item.era == "B" and item.number % 2:
        rows.append(f'<meta name="publishdate" content="{item.when:%Y-%m-%d}">')
        rows.append(f'<meta name="source" content="{article.source}">')
    return rows


def description(article: Article) -> str:
    """What editors paste there: the beginning of the text."""
    return article.body().split("\n", 1)[0][:60]


def _moving(article: Article) -> str:
    """What is another each time the page is asked for: a counter on www, an advertisement on weifang."""
    if article.readers:
        return f"<p>{furniture.counter(article)}</p>"
    if article.ad and "weifang" in article.item.channel.host:
        return f'<img src="http://ad.dzwww.com/left/{article.ad}.gif">'
    return ""


def article_page(article: Article, part: int, encoding: Encoding) -> bytes:
    """The bytes of one part of an article."""
    item = article.item
    section = f"_{item.channel.section[-1]}" if item.channel.section and item.number % 2 else ""
    # first copy in the header, second in the footer (the stored page: both above), third inside the text
    above, bottom = (2, 0) if "seed" in item.traps else (1, min(1, article.subscriptions - 1))
    middle = {"B": _era_b, "C": _era_c, "D": _era_d, "hb": _era_hb}[item.era](article, part)
    page = (
        head(f"{article.title}{section}_大众网", encoding, metas(article))
        + f'<BODY class="page">\n{header(above)}{crumbs(item.channel)}'
        + f'<!-- begin {item.docid} --><div id="ad_left">{_moving(article)}</div>\n{middle}<!-- end -->\n'
        + after(article)
        + footer(bottom)
    )
    return page.encode(encoding.codec)
