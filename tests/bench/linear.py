"""CPU seconds of pages of hostile shapes at three sizes: `python -m tests.bench.linear`. Doubling a page may double them.

Each shape is a page that once took, or could take, time that grows with the square of its size.
"""

import sys
import time
from collections.abc import Callable

from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract import ExtractionError, extract

_LINE = "昨日，本市召开重点项目推进会，要求各县区对照目标抓好落实，确保全年任务完成。"
_BODY = f"<p>{_LINE}</p>" * 3

SHAPES: dict[str, tuple[int, Callable[[int], str]]] = {
    "20 MB of paragraphs": (150_000, lambda n: "".join(f"<p>{i}{_LINE}</p>" for i in range(n))),
    "identical blocks": (100_000, lambda n: f"<p>{_LINE}</p>" * n),
    "nested divs": (10_000, lambda n: "<div>" * n + _BODY),
    "nested divs with text": (10_000, lambda n: f"<div><p>{_LINE}</p>" * n),
    "nested spans": (50_000, lambda n: "<span>" * n + _BODY),
    "nested tables": (50_000, lambda n: "<table><tr><td>" * n + _LINE),
    "tables in a table": (20_000, lambda n: f"{_BODY}<table><tr><td>{'<table><tr><td>a<td>b<tr><td>a<td>b</table>' * n}"),
    "links": (100_000, lambda n: _BODY + "<a href=/x>link</a> " * n),
    "lists of links": (100_000, lambda n: _BODY + "<ul class=related><li><a href=/x>另一条新闻</a></ul>" * n),
    "an attribute of 1 MB": (200_000, lambda n: f"<div class='{'share-' * n}'>{_BODY}</div>"),
    "a line of 10 MB": (90_000, lambda n: f"<p>{_LINE * n}</p>"),
    "a line of 10 MB without a mark": (5_000_000, lambda n: f"{_BODY}<p>{'a ' * n}</p>"),
    "images of one figure": (50_000, lambda n: f"{_BODY}<figure>{'<img src=/a.jpg><figcaption>说明。</figcaption>' * n}"),
    "images in one element": (50_000, lambda n: f"<div>{_BODY}{'<img src=/a.jpg>' * n}</div>"),
    "videos": (50_000, lambda n: "".join(f"<video src=/{i}.mp4></video>" for i in range(n)) + _BODY),
    "meta elements": (50_000, lambda n: "".join(f"<meta name=author content=张{i}>" for i in range(n)) + _BODY),
    "headings": (50_000, lambda n: "<h1>本市推进重点项目</h1>" * n + _BODY),
    "articles": (50_000, lambda n: f"<article><h1>标题</h1><p>{_LINE}</p></article>" * n),
    "comments of readers": (50_000, lambda n: f"{_BODY}<ul class=comments>{f'<li class=comment><p>{_LINE}</p></li>' * n}</ul>"),
    "authors": (50_000, lambda n: "<span class=author itemprop=author>张三</span>" * n + _BODY),
    "times of two kinds": (25_000, lambda n: "<time datetime=2020-01-01>x</time><relative-time datetime=2020-01-01>x</relative-time>" * n + _BODY),
    "credit lines": (50_000, lambda n: _BODY + "<p>责任编辑：王五</p>" * n),
    "JSON-LD": (50_000, lambda n: f'<script type="application/ld+json">[{"{},".replace("{}", chr(123) + chr(125)) * n}1]</script>{_BODY}'),
    "JSON in a script": (50_000, lambda n: f'<script>var x = {{"a": [{f"""{{"content": "{_LINE}"}},""" * n}1]}}</script>'),
    "tags that never close": (1_000_000, lambda n: "<" * n + _BODY),
}  # fmt: skip
"""By name: the largest size, and the markup of a size."""


def _measure(markup: str) -> tuple[float, str]:
    page = f"<html><head><meta charset=utf-8><title>本市推进重点项目</title></head><body>{markup}</body></html>".encode()
    began = time.process_time()
    try:
        article = extract(page, url="http://example.org/a.html")
        clean_phrases(article)
        outcome = f"{len(article.body)} characters"
    except ExtractionError as error:
        outcome = str(error)
    return time.process_time() - began, f"{len(page) / 1e6:.1f} MB, {outcome}"


def main() -> int:
    """Print a line a shape; return 1 if the last doubling took more than three times as long."""
    grown = []
    print(f"{'shape':32} {'n/4':>7} {'n/2':>7} {'n':>7}  CPU seconds")
    for name, (size, shape) in SHAPES.items():
        rows = [_measure(shape(size // part)) for part in (4, 2, 1)]
        seconds = [row[0] for row in rows]
        if seconds[2] > 0.5 and seconds[2] > 3 * seconds[1]:
            grown.append(name)
        print(f"{name:32} {seconds[0]:7.2f} {seconds[1]:7.2f} {seconds[2]:7.2f}  {rows[2][1]}", flush=True)
    if grown:
        print(f"more than linear: {', '.join(grown)}")
    return int(bool(grown))


if __name__ == "__main__":
    sys.exit(main())
