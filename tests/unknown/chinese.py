"""Five Chinese outlets: TRS WCM, Founder enpcms, people-style, `/system/`, and a date-and-number CMS."""

from __future__ import annotations

from tests.unknown.model import ARTICLES, PER_PAGE, SECTIONS, Piece, Site, in_fives, pieces, rows

_NAMES = ("本地", "国内", "法治")


def trs() -> Site:
    """TRS WCM in gb2312: relative links, pager by script, old rows in a comment, a city channel on a host of its own."""
    hosts = (
        "www.haiyu-news.example/bdxw",
        "www.haiyu-news.example/xinwen/gnxw",
        "fazhi.haiyu-news.example/yaowen",
    )

    def url(piece: Piece) -> str:
        return f"http://{hosts[piece.section]}/{piece.when:%Y%m}/t{piece.when:%Y%m%d}_{18112614 - 37 * piece.number}.htm"

    site = Site(
        "trs",
        "trs",
        "http://www.haiyu-news.example/",
        "gbk",
        pieces(1000, ["海隅网", "新华社", "海隅日报"], url),
    )
    top = '<div class="topnav"><a href="/">首页</a>' + "".join(
        f' <a href="http://{host}/">{name}</a>' for host, name in zip(hosts, _NAMES, strict=True)
    )
    top += ' <a href="http://bbs.haiyu-news.example/">论坛</a> <a href="http://zt.haiyu-news.example/2026/tdzt/">我们的田野专题</a></div>'
    foot = """<div class="foot"><a href="/about/201001/t20100105_5000123.htm">关于我们</a> | <a href="/about/201001/t20100105_5000124.htm">广告服务</a>
    | <a href="/about/contact.htm">联系我们</a> | <a href="http://www.beian.example/">鲁ICP备00000001号</a></div>"""
    hot = (
        '<div class="right"><h3>热点排行</h3><ul>'
        + rows(site.hot(), lambda p: f'<li><a href="{p.url}">{p.title}</a></li>')
        + "</ul></div>"
    )
    side = (
        hot
        + '<div id="ad_3"><a href="http://ad.agency.example/click?id=4471"><img src="/ad.gif" alt="秋季大促买一送一全场五折起"></a></div>'
    )
    head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title></head><body>'

    def block(section: int) -> str:
        part = site.of(section, 0)[:6]
        first = f'<p><a href="{part[0].url}"><img src="/W0.jpg"></a></p>'
        return (
            f'<DIV class=TRS_Editor><h4><a href="http://{hosts[section]}/">{_NAMES[section]}</a></h4>{first}<ul>'
            + rows(part, lambda p: f'<LI><A href="{p.url}" target=_blank>{p.title}</A></LI>')
            + f'<LI><A href="/2026/2026lhzt/">专题：2026年全市两会系列报道正在进行</A></LI></ul><a href="http://{hosts[section]}/">更多&gt;&gt;</a></DIV>'
        )

    site.add(
        site.front,
        head.format(title="海隅网")
        + top
        + "".join(map(block, range(SECTIONS)))
        + side
        + foot
        + "</body></html>",
    )
    for section, host in enumerate(hosts):
        site.listings.append(f"http://{host}/")
        for page in (0, 1):
            text = head.format(title=f"{_NAMES[section]}_海隅网") + top
            text += f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="./">{_NAMES[section]}</a></div><div id="main2"><ul>'
            text += (
                "<!-- <li><h3><a href='./200901/t20090101_1.htm'>旧模板里的一条旧新闻标题</a></h3></li> -->"
            )
            text += rows(
                site.of(section, page),
                lambda p: (
                    f'<li><div class="text"><h3><a href="./{p.url.split(f"{hosts[p.section]}/")[1]}">{p.title}</a></h3>'
                    f"<p>{p.paragraphs[0][:40]}……<label>{p.when:%Y-%m-%d %H:%M}</label></p></div></li>"
                ),
            )
            text += (
                f'</ul><div class="page"><script>createPageHTML(2, {page}, "default", "htm");</script></div></div>'
                + side
                + foot
            )
            for name in ("", "default.htm") if page == 0 else ("default_1.htm",):
                site.add(f"http://{host}/{name}", text + "</body></html>")
    for piece in site.pieces:
        body = "".join(f"<P>　　{p}</P>" for p in piece.paragraphs)
        site.add(
            piece.url,
            head.format(title=f"{piece.title}_海隅网")
            + top
            + f"""<div id="xl-headline"><h2>{piece.title}</h2>
        <div class="left">{piece.when:%Y-%m-%d %H:%M:%S} 来源: {piece.source} 作者: {piece.author}</div></div>
        <div class="news-con"><div class="TRS_Editor">{body}</div></div><div class="edit">责任编辑：{piece.editor}</div>"""
            + side
            + foot
            + "</body></html>",
        )
    return site


def enpcms() -> Site:
    """Founder enpcms in gbk: content_ and node_ pages, rows with days, webbot comments, service pages named like articles."""
    base = "http://www.linhe-daily.example"

    def url(piece: Piece) -> str:
        return f"{base}/{piece.when:%Y-%m}/{piece.when:%d}/content_{21255814 - 11 * piece.number}.htm"

    site = Site("enpcms", "enpcms", f"{base}/", "gbk", pieces(2000, ["临河新闻网", "临河日报"], url))
    nodes = [f"{base}/node_{68148 + section}.htm" for section in range(SECTIONS)]
    head = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><meta name="filetype" content="1">
    <meta name="publishedtype" content="1"><meta name="pagetype" content="2"><meta name="catalogs" content="1.68148"><title>{title}</title></head><body><!--webbot bot="x"-->"""
    nav = (
        '<div id="nav"><ul><li><a href="/index.htm">首页</a></li>'
        + "".join(f'<li><a href="{node}">{name}</a></li>' for node, name in zip(nodes, _NAMES, strict=True))
        + f'<li><a href="{base}/node_70001.htm">图片</a></li></ul></div>'
    )
    foot = f"""<table class="bottom"><tr><td><a href="{base}/2008-05/20/content_1000017.htm">关于我们</a>
    <a href="{base}/2008-05/20/content_1000018.htm">投稿信箱</a><a href="http://www.cac.example/">违法和不良信息举报中心</a></td></tr></table>"""
    hot = (
        '<div class="paihang"><b>一周热文</b><ol>'
        + rows(site.hot(), lambda p: f'<li><a href="{p.url}" title="{p.title}">{p.title[:12]}</a></li>')
        + "</ol></div>"
    )
    focus = "".join(
        f'<td><a href="{p.url}"><img src="{p.number}.jpg" alt="{p.title}"></a><br><a href="{p.url}">{p.title[:9]}</a></td>'
        for p in site.of(0, 0)[:3]
    )
    front = head.format(title="临河新闻网") + nav + f"<table class=focus><tr>{focus}</tr></table>"
    for section in range(SECTIONS):
        front += f'<div class="box"><div class="tit"><a href="{nodes[section]}">{_NAMES[section]}</a><a href="{nodes[section]}">更多</a></div><ul class="list14">'
        front += (
            rows(site.of(section, 0)[:5], lambda p: f'<li>·<a href="{p.url}">{p.title}</a></li>')
            + "</ul></div>"
        )
    site.add(site.front, front + hot + foot + "</body></html>")
    for section, node in enumerate(nodes):
        site.listings.append(node)
        for page in (0, 1):
            here = node if page == 0 else node.replace(".htm", "_2.htm")
            text = head.format(title=_NAMES[section]) + nav + '<div class="left_list">'
            for five in in_fives(site.of(section, page)):
                text += (
                    '<ul class="list">'
                    + rows(
                        five,
                        lambda p: f'<li><a href="{p.url}">{p.title}</a> <span>{p.when:%m-%d}</span></li>',
                    )
                    + '<li><a href="http://www.xinwen-she.example/2026-11/18/content_99001122.htm">各地农民合作社扩大冬小麦播种面积</a> <span>11-18</span></li>'
                    + "</ul><hr>"
                )
            other = node.replace(".htm", "_2.htm")
            pager = (
                f'<span>1</span><a href="{other}">2</a><a href="{other}">下一页</a>'
                if page == 0
                else f'<a href="{node}">上一页</a><a href="{node}">1</a><span>2</span>'
            )
            site.add(
                here, text + f'<div id="displaypagenum">{pager}</div></div>' + hot + foot + "</body></html>"
            )
    for piece in site.pieces:
        body = "".join(f"<p>　　{p}</p>" for p in piece.paragraphs)
        site.add(
            piece.url,
            head.format(title=f"{piece.title}-临河新闻网")
            + nav
            + f"""<h1>{piece.title}</h1><div class="post_source">{piece.when:%Y-%m-%d %H:%M:%S}
        来源：{piece.source} 作者：{piece.author}</div><div class="text"><!--enpcontent-->{body}<!--/enpcontent--></div><div class="editor">责任编辑：{piece.editor}</div>"""
            + hot
            + foot
            + "</body></html>",
        )
    return site


def people() -> Site:
    """People-style in gb2312: c{node}-{id}.html, index1.html, a table of rows, days with 月 and 日."""
    base = "http://hb.renmin-local.example"

    def url(piece: Piece) -> str:
        return f"{base}/n2/{piece.when:%Y}/{piece.when:%m%d}/c{192237 + piece.section}-{40642006 - 3 * piece.number}.html"

    site = Site("people", "people", f"{base}/", "gbk", pieces(3000, ["人民地方网", "河滨日报"], url))
    lists = [f"{base}/GB/{192237 + section}/index.html" for section in range(SECTIONS)]
    head = '<html><head><meta http-equiv="content-type" content="text/html;charset=GB2312"/><meta name="source" content=""><title>{title}</title></head><body>'
    nav = (
        '<nav class="nav">'
        + "".join(f'<a href="{a}">{n}</a>' for a, n in zip(lists, _NAMES, strict=True))
        + f'<a href="{base}/GB/391000/">旅游</a></nav>'
    )
    foot = '<div class="copyright"><a href="http://www.renmin-local.example/GB/1018/22259/2296498.html">报社概况</a><a href="/gywm/index.html">关于我们</a></div>'
    hot = (
        '<div class="p2_right"><h2>热门推荐</h2><ul>'
        + rows(site.hot(), lambda p: f'<li><a href="{p.url}">{p.title}</a></li>')
        + "</ul></div>"
    )
    front = head.format(title="河滨频道") + nav
    for section in range(SECTIONS):
        part = site.of(section, 0)[:6]
        front += f'<div class="hdNews clearfix"><h5><a href="{part[0].url}">{part[0].title}</a></h5><p>{part[0].paragraphs[0][:50]}…<a href="{part[0].url}">[详细]</a></p><ul class="list_14">'
        front += (
            rows(part[1:], lambda p: f'<li><a href="{p.url.removeprefix(base)}">{p.title}</a></li>')
            + "</ul></div>"
        )
    site.add(site.front, front + hot + foot + "</body></html>")
    for section, first in enumerate(lists):
        site.listings.append(first)
        second = first.replace("index.html", "index2.html")
        for page, here in enumerate((first, second)):
            text = head.format(title=_NAMES[section]) + nav + '<table class="p2j_list"><tr><td class="t11">'
            text += rows(
                site.of(section, page),
                lambda p: (
                    f'<li><a href="{p.url.removeprefix(base)}" target="_blank">{p.title}</a> <i class="gray">[{p.when.year}年{p.when.month:02}月{p.when.day:02}日{p.when:%H:%M}]</i></li>'
                ),
            )
            pager = (
                '<a class="common_current_page">1</a><a href="index2.html">2</a><a href="index2.html">下一页</a>'
                if page == 0
                else '<a href="index.html">上一页</a><a href="index.html">1</a><a class="common_current_page">2</a>'
            )
            site.add(
                here,
                text
                + f'</td></tr></table><div class="page_n clearfix">{pager}</div>'
                + hot
                + foot
                + "</body></html>",
            )
    for piece in site.pieces:
        body = "".join(f"<p>\n\t{p}</p>" for p in piece.paragraphs)
        site.add(
            piece.url,
            head.format(title=f"{piece.title}--河滨频道")
            + nav
            + f"""<div class="text_title"><h1>{piece.title}</h1><p class="author">{piece.author}</p>
        <div class="box01"><div class="fl">{piece.when.year}年{piece.when.month:02}月{piece.when.day:02}日{piece.when:%H:%M}  来源：<a href="http://paper.renmin-local.example/">{piece.source}</a></div></div></div>
        <div class="box_con" id="rwb_zw">{body}</div><div class="edit clearfix">(责编：{piece.editor})</div>"""
            + hot
            + foot
            + "</body></html>",
        )
    return site


def system() -> Site:
    """`/system/Y/M/D/` in gbk: short titles in rows, a pager of numbers only, a ticker of headlines without days."""
    base = "http://www.beifang-wang.example"

    def url(piece: Piece) -> str:
        return f"{base}/system/{piece.when:%Y/%m/%d}/0{58219310 - 7 * piece.number}.shtml"

    site = Site("system", "system", f"{base}/", "gbk", pieces(4000, ["北方网", "北方晚报"], url))
    for piece in site.pieces[3::ARTICLES]:
        piece.title = ("短评", "今日菜价", "寻人")[piece.section]  # news in a word or two
    lists = [f"{base}/{name}/index.shtml" for name in ("bdxw", "gnxw", "fzxw")]
    head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title></head><body>'
    nav = (
        '<div class="menu">'
        + "".join(f'<a href="{a}">{n}</a>|' for a, n in zip(lists, _NAMES, strict=True))
        + f'<a href="{base}/system/count//0010002/000000000000/count_page_list_0010002.js">更多</a></div>'
    )
    foot = f'<div id="footer"><a href="{base}/system/2003/01/01/000000001.shtml">关于北方网</a><a href="{base}/system/2003/01/01/000000002.shtml">广告刊登</a></div>'
    hot = (
        '<div class="hot-news"><ul>'
        + rows(site.hot(), lambda p: f'<li><a href="{p.url}">{p.title[:14]}</a></li>')
        + "</ul></div>"
    )
    front = (
        head.format(title="北方网")
        + nav
        + '<div class="ticker">'
        + "　".join(f'<a href="{p.url}">{p.title[:10]}</a>' for p in site.of(1, 0)[:4])
        + "</div>"
    )
    for section in range(SECTIONS):
        front += f'<dl class="news_box"><dt><a href="{lists[section]}">{_NAMES[section]}</a></dt>'
        front += (
            rows(site.of(section, 0)[:7], lambda p: f'<dd><a href="{p.url}">{p.title}</a></dd>') + "</dl>"
        )
    site.add(site.front, front + hot + foot + "</body></html>")
    for section, first in enumerate(lists):
        site.listings.append(first)
        second = first.replace("index.shtml", "index_2.shtml")
        for page, here in enumerate((first, second)):
            text = head.format(title=_NAMES[section]) + nav + '<table width="100%" class="listtable">'
            text += rows(
                site.of(section, page),
                lambda p: (
                    f'<tr><td><a href="{p.url}">{p.title}</a></td><td align="right">{p.when:%Y/%m/%d %H:%M}</td></tr>'
                ),
            )
            pager = f'<b>1</b> <a href="{second}">2</a>' if page == 0 else f'<a href="{first}">1</a> <b>2</b>'
            site.add(here, text + f"</table><center>{pager}</center>" + hot + foot + "</body></html>")
    for piece in site.pieces:
        body = "".join(f"<p>　　{p}</p>" for p in piece.paragraphs)
        site.add(
            piece.url,
            head.format(title=f"{piece.title}-北方网")
            + nav
            + f"""<div class="tt_news">{piece.title}</div><div class="info">时间：{piece.when:%Y-%m-%d %H:%M} 来源：{piece.source}
        作者：{piece.author} 编辑：{piece.editor}</div><div id="p-detail">{body}</div>"""
            + hot
            + foot
            + "</body></html>",
        )
    return site


def numbered() -> Site:
    """A date-and-number CMS in UTF-8: /Y/MD/id.shtml, list_1_2.shtml, cards with pictures and summaries, video pages."""
    base = "http://news.qilin-wang.example"

    def url(piece: Piece) -> str:
        return f"{base}/{('bendi', 'guonei', 'fazhi')[piece.section]}/{piece.when:%Y/%m%d}/{5341906 - piece.number}.shtml"

    site = Site("numbered", "numbered", f"{base}/", "utf-8", pieces(5000, ["麒麟网", "麒麟晚报"], url))
    lists = [f"{base}/{name}/" for name in ("bendi", "guonei", "fazhi")]
    head = (
        '<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><meta name="generator" content="CmsTop"><title>{title}</title>'
        + '<link rel="alternate" type="application/rss+xml" href="/rss/all.xml"></head><body>'
    )
    nav = (
        "<header><nav>"
        + "".join(f'<a href="{a}">{n}</a>' for a, n in zip(lists, _NAMES, strict=True))
        + f'<a href="{base}/zt/2026/lianghui/">两会特别报道</a><a href="/app/">客户端下载</a></nav></header>'
    )
    foot = '<footer><a href="/about/us.shtml">关于麒麟网</a><a href="/about/2012/0101/1.shtml">网站声明</a></footer>'
    hot = (
        '<aside class="rank"><h3>点击排行</h3>'
        + rows(site.hot(), lambda p: f'<p><i>{p.number}</i><a href="{p.url}">{p.title}</a></p>')
        + "</aside>"
    )

    promoted = f'''<div class="news-item"><a class="pic" href="{base}/ad/2026/1101/5300001.shtml"><img src="/i/ad.jpg" alt="推广"></a>
        <h2><a href="{base}/ad/2026/1101/5300001.shtml">秋冬换新季 全场家电低至五折再送豪礼</a></h2><span class="time">11月01日 08:00</span></div>'''

    def card(piece: Piece) -> str:
        return f"""<div class="news-item"><a class="pic" href="{piece.url}"><img src="/i/{piece.number}.jpg" alt=""></a><h2><a href="{piece.url}">{piece.title}</a></h2>
        <p class="sum"><a href="{piece.url}">{piece.paragraphs[0][:60]}……</a></p><span class="time">{piece.when:%m月%d日 %H:%M}</span> <a class="tag" href="/tag/{piece.number % 5}.shtml">要闻</a></div>"""

    front = head.format(title="麒麟网") + nav
    for section in range(SECTIONS):
        front += (
            f'<section class="channel"><h3><a href="{lists[section]}">{_NAMES[section]}</a></h3>'
            + rows(site.of(section, 0)[:4], card)
            + "</section>"
        )
    site.add(site.front, front + hot + foot + "</body></html>")
    for section, first in enumerate(lists):
        site.listings.append(first)
        second = f"{first}list_{11 + section}_2.shtml"
        for page, here in enumerate((first, second)):
            pager = (
                f'<a class="active" href="{first}">1</a><a href="{second}">2</a><a href="{second}">&gt;</a>'
                if page == 0
                else f'<a href="{first}">1</a><a class="active" href="{second}">2</a>'
            )
            site.add(
                here,
                head.format(title=_NAMES[section])
                + nav
                + '<div class="news-list">'
                + promoted
                + rows(site.of(section, page), card)
                + f'</div><div class="pagination">{pager}</div>'
                + hot
                + foot
                + "</body></html>",
            )
    for piece in site.pieces:
        body = "".join(f"<p>{p}</p>" for p in piece.paragraphs)
        site.add(
            piece.url,
            head.format(title=f"{piece.title} - 麒麟网")
            + nav
            + f"""<div class="section-cnt-tit"><h1>{piece.title}</h1><div class="info"><p class="time">{piece.when:%Y-%m-%d %H:%M:%S}</p>
        <p class="resource">来源：<span>{piece.source}</span></p><p>作者：{piece.author}</p></div></div><div class="article-main">{body}<p class="contact">责任编辑：{piece.editor}</p></div>"""
            + hot
            + foot
            + "</body></html>",
        )
    feed = "".join(
        f"<item><title>{p.title}</title><link>{p.url}</link><pubDate>{p.when:%d %b %Y %H:%M:%S} +0800</pubDate></item>"
        for p in site.pieces[:12]
    )
    site.add(
        f"{base}/rss/all.xml",
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>麒麟网</title>{feed}</channel></rss>',
        "application/rss+xml",
    )
    return site


assert 2 * PER_PAGE >= ARTICLES
