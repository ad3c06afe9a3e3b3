"""The pages that are mutated: the replica's, hand-made ones with everything in them, real ones where there are any."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.replica import World

_SENTENCE = "昨日，本市召开重点项目推进会，要求各县区对照目标抓好落实，确保全年任务完成。"
_GERMAN = "Der Stadtrat hat am Montag beschlossen, die Brücke über die Elbe bis zum Frühjahr zu sperren, teilte er mit."

_EVERYTHING = f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>本市推进重点项目_要闻_某某网</title>
<meta property="og:title" content="本市推进重点项目"><meta name="publishdate" content="2023-06-15 08:30:00">
<meta name="author" content="张三"><meta name="source" content="某某日报"><link rel="canonical" href="http://www.example.org/a/1.html">
<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"NewsArticle","headline":"本市推进重点项目",
"datePublished":"2023-06-15T08:30:00+08:00","author":[{{"@type":"Person","name":"张三"}},"李四"],"keywords":["项目","投资"],
"image":{{"url":"/a.jpg"}},"articleSection":"要闻"}},{{"@type":"BreadcrumbList","itemListElement":[{{"item":{{"name":"首页"}}}},{{"name":"要闻"}}]}}]}}</script>
<script>window.__STATE__ = {{"article": {{"content": "<p>{_SENTENCE}</p><p>{_SENTENCE}</p>", "id": 17}}}};</script></head>
<body><!--<enpproperty><articleid>1</articleid><date>2023-06-15 08:30:00:0</date><author>张三</author><title>本市</title></enpproperty>-->
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/yw/">要闻</a></li></ul></div><div>您现在的位置：首页 &gt; 要闻 &gt; 正文</div>
<h1>本市推进重点项目</h1><div class="info"><span id="pubtime_baidu">2023-06-15 08:30:00</span> <span id="source_baidu">来源：某某日报</span>
<span id="author_baidu">作者：张三</span> <span id="editor_baidu">责任编辑：王五</span> 字号：A- A A+</div>
<div class="TRS_Editor" id="zoom"><p>某某日报讯（记者 张三 通讯员 李四）{_SENTENCE}</p><p>{_SENTENCE}&nbsp;&ldquo;好&rdquo;</p>
<figure><img data-src="/a.jpg" alt="会场" width="600"><figcaption>会场。张三 摄</figcaption></figure>
<table><tr><th>县区</th><th>项目</th></tr><tr><td>东城</td><td>30</td></tr><tr><td>西城</td><td>28</td></tr></table>
<blockquote><p>{_SENTENCE}</p></blockquote><ul><li>第一项；</li><li>第二项。</li></ul><p><ruby>漢<rt>かん</rt></ruby>字<br>{_SENTENCE}</p>
<video src="/v.mp4"></video><p>（责任编辑：王五 审核：赵六）</p></div><div class="share">分享到： <a href="#">微信</a></div>
<div class="related"><h3>相关新闻</h3><ul><li><a href="/2.html">另一条新闻的标题</a></li><li><a href="/3.html">又一条新闻的标题</a></li></ul></div>
<div class="footer">版权所有 某某网 鲁ICP备00000000号</div></body></html>"""

_FOREIGN = f"""<html lang=de><head><title>Stadtrat sperrt Brücke | Elbzeitung</title><meta name=date content=2024-02-29></head><body>
<header><nav><a href=/>Start</a> <a href=/lokales>Lokales</a></nav></header><article><h1>Stadtrat sperrt Brücke</h1>
<p class=byline>Von Jörg Müller, 29. Februar 2024, 12:30 Uhr</p><p class=lead>{_GERMAN}</p><p>{_GERMAN}</p><h2>Umleitung</h2>
<p>{_GERMAN}</p><p>Lesen Sie auch: <a href=/x>Was die Sperrung kostet</a></p></article><aside><h3>Meistgelesen</h3></aside></body></html>"""

_PLAIN_TABLES = f"""<html><head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><title>本市推进重点项目</title></head>
<body><table><tr><td width=150><a href=/1>要闻</a><br><a href=/2>财经</a></td><td><table><tr><td align=center><b>本市推进重点项目</b></td></tr>
<tr><td>2003年6月15日 来源:某某晚报</td></tr><tr><td><font size=3>　　{_SENTENCE}<br><br>　　{_SENTENCE}</font></td></tr></table></td></tr></table></body></html>"""


def hand_made() -> dict[str, bytes]:
    """Return pages by name that between them hold every construct the extractor reads."""
    return {
        "made/everything": _EVERYTHING.encode(),
        "made/everything-gbk": _EVERYTHING.encode("gbk", "ignore"),
        "made/foreign": _FOREIGN.encode("cp1252"),
        "made/tables": _PLAIN_TABLES.encode("gbk"),
        "made/nothing": b"<html><body></body></html>",
    }


def replica() -> dict[str, bytes]:
    """Return the replica's articles and listings by name."""
    world = World(articles=60)
    urls = [item.url for item in world.items] + world.start_urls + [page.url for page in world.odd]
    return {f"replica/{at}": world.get(url).body for at, url in enumerate(urls)}


def real(folders: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the gzipped pages below folders, each named by its path from there."""
    for folder in folders:
        for file in sorted(folder.glob("*/html/*.gz")):
            yield (
                f"{file.parent.parent.name}/{file.name.removesuffix('.html.gz')}",
                gzip.decompress(file.read_bytes()),
            )
