"""Many hosts with listings and small articles, each host as large as one likes: what a cluster crawls in tests."""

import hashlib
import os
import random
import re
from functools import lru_cache
from urllib.parse import urlsplit

from tests.replica.model import Response

DOMAIN = "many.example"
PER_PAGE = 20
_HTML = [("Content-Type", "text/html; charset=utf-8")]
_PATH = re.compile(r"/(?:t20240501_(\d+)\.html|list(?:_(\d+))?\.html)$")
_WORDS = (
    "青石 白浪 老街 渡口 渔船 木匠 茶馆 集市 学堂 风车 石桥 果园 水库 山路 雨后 清晨 傍晚 邻居 孩子 医生 修缮 搬迁 "
    "开张 收获 讨论 决定 商量 等待 记录 统计 种下 运来 修好 写信 回乡 唱戏 下棋 晒谷 补网 挑水 三十 五百 去年 今年"
).split()


def hosts(number: int) -> list[str]:
    """Return the names of the first hosts."""
    return [f"h{n:02d}.{DOMAIN}" for n in range(number)]


class ManyHosts:
    """`hosts` hosts with `articles` articles each; those in `slow` ask for a Crawl-delay of so many seconds.

    Each page of an article has `furniture` links of 90 bytes, the same on all pages of a host.
    """

    def __init__(
        self, hosts: int, articles: int, slow: dict[str, float] | None = None, furniture: int = 0
    ) -> None:
        self.hosts, self.articles, self.slow, self.furniture = hosts, articles, slow or {}, furniture
        self.flaky_keys: set[str] = set()

    def serves(self, host: str) -> bool:
        """Whether the host is one of them."""
        return host.endswith(DOMAIN)

    def urls(self) -> list[str]:
        """Return the URLs of all articles."""
        return [self.url(host, n) for host in hosts(self.hosts) for n in range(self.articles)]

    @staticmethod
    def url(host: str, number: int) -> str:
        """Return the URL of an article of a host."""
        return f"http://{host}/202405/t20240501_{100000 + number}.html"

    def get(self, url: str) -> Response:
        """Answer a request."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.path == "/robots.txt":
            delay = f"Crawl-delay: {self.slow[host]:g}\n" if host in self.slow else ""
            return Response(200, [("Content-Type", "text/plain")], f"User-agent: *\n{delay}".encode())
        match = _PATH.search(parts.path)
        if match is None or host not in hosts(self.hosts):
            return Response(404, _HTML, b"<h1>404 Not Found</h1>")
        if match[1]:
            number = int(match[1]) - 100000
            return Response(200, _HTML, _article(host, number, self.furniture).encode())
        return self._listing(host, int(match[2] or 0))

    def _listing(self, host: str, page: int) -> Response:
        first = page * PER_PAGE
        numbers = range(first, min(first + PER_PAGE, self.articles))
        if not numbers:
            return Response(404, _HTML, b"<h1>404 Not Found</h1>")
        links = "".join(
            f'<li><h3><a href="{self.url(host, n)}">{_title(host, n)}</a></h3></li>' for n in numbers
        )
        more = f'<a href="list_{page + 1}.html">下一页</a>' if first + PER_PAGE < self.articles else ""
        body = f"<html><head><title>新闻</title></head><body><ul id=list>{links}</ul>{more}</body></html>"
        return Response(200, _HTML, body.encode())


def _rng(host: str, number: int) -> random.Random:
    return random.Random(int.from_bytes(hashlib.blake2b(f"{host} {number}".encode(), digest_size=8).digest()))


def _title(host: str, number: int) -> str:
    words = _rng(host, number).sample(_WORDS, 4)
    return f"{''.join(words)}第{number + 1}号"


@lru_cache(maxsize=64)
def _furniture(host: str, links: int) -> str:
    rng = _rng(host, -1)
    items = (
        f'<li><a href="/{n:05d}/" class="item">{"".join(rng.sample(_WORDS, 6))}</a></li>'
        for n in range(links)
    )
    return f"<div class=side><ul>{''.join(items)}</ul></div>"


def _article(host: str, number: int, furniture: int) -> str:
    rng = _rng(host, number)
    title = _title(host, number)
    lines = "".join(
        f"<p>{'，'.join(''.join(rng.choices(_WORDS, k=rng.randint(3, 5))) for _ in range(rng.randint(4, 7)))}。</p>"
        for _ in range(rng.randint(6, 10))
    )
    menu = "".join(
        f'<a href="/{name}/">{name}频道</a>' for name in ("国内", "国际", "社会", "体育", "财经", "图片")
    )
    return (
        f"<html><head><title>{title}_{host}</title></head><body><div class=nav>{menu}</div><h1>{title}</h1>"
        f"<div class=info>2024-05-01 08:{number % 60:02d} 来源：{host}</div><div class=con>{lines}</div>{_furniture(host, furniture)}"
        f"<div class=foot>版权所有 未经授权不得转载 {host}</div></body></html>"
    )


HOSTS = int(os.environ.get("MANY_HOSTS", "4"))
"""How many hosts the spider of `tests/cluster/spiders.py` knows, in processes of its own."""
