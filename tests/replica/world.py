"""The replica's world: which addresses exist on a day, what each answers, and the truth about it."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from . import articles, furniture, listings, month, odd, pages, plan
from .model import ROBOTS_DISALLOWED, Article, Block, Encoding, Item, Link, Odd, Response
from .plan import CHANNELS, SD_ALIAS

Truth = dict[str, Any]

_PART = re.compile(r"(t\d{8}_\d+)_(\d)\.(s?html?)$")
_LISTING = re.compile(r"^(.*/)(?:default(?:_(\d+))?\.htm)?$")
_PIXEL = bytes.fromhex(
    "ffd8ffdb004300" + "01" * 64 + "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009"
    "ffc40014100100000000000000000000000000000000ffda0008010100003f0054ffd9"
)
_GBK = Encoding()


def key_of(url: str) -> str:
    """Host and path: scheme and query never choose the page."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path or '/'}"


class World:
    """Everything the family of sites serves on one day; a pure function of its arguments."""

    def __init__(self, articles: int = 120, day: float = 0, crawl_delay: float = 0.2) -> None:
        self.count, self.day, self.crawl_delay = articles, day, crawl_delay
        base = plan.deal_traps(plan.base_items(articles))
        self.items = [*base, *plan.reprints(base), *plan.new_items(articles, day)]
        self.rows = plan.by_channel(self.items)
        self.place = {id(item): at for rows in self.rows.values() for at, item in enumerate(rows)}
        self.odd = odd.odd_pages(self.rows)
        # addresses whose first answer is a 500: the server counts, a pure function cannot
        self.flaky_keys = {key_of(item.url) for item in self.items if "flaky_500" in item.traps}
        self._odd_at = {key_of(page.url): page for page in self.odd}
        self._item_at = {key_of(item.url): item for item in self.items}
        self._listing_at = {CHANNELS[name].host + CHANNELS[name].path: name for name in CHANNELS}
        self._listing_at["".join(SD_ALIAS)] = "sd"
        self._article = lru_cache(maxsize=128)(self._compose)
        self._entries: dict[str, list[Item | Odd]] = {}

    @property
    def start_urls(self) -> list[str]:
        """First pages of all listings."""
        return [*(channel.url for channel in CHANNELS.values()), f"http://{SD_ALIAS[0]}{SD_ALIAS[1]}"]

    def gone(self, item: Item) -> bool:
        """Whether the article is away on this day."""
        return (self.day >= 1 and "vanishes" in item.traps) or month.life_of(item).away(
            month.moment(self.day)
        )

    def entries(self, name: str) -> list[Item | Odd]:
        """What a channel lists, newest first."""
        if name not in self._entries:
            found: list[Item | Odd] = [item for item in self.rows[name] if not self.gone(item)]
            found += [page for page in self.odd if page.channel.name == name and page.listed]
            self._entries[name] = sorted(found, key=lambda entry: entry.when, reverse=True)
        return self._entries[name]

    def pages_of(self, name: str) -> int:
        """Number of pages of a listing."""
        entries = self.entries(name)
        return 1 if name == "hb" else max(1, -(-len(entries) // listings.page_size(len(entries))))

    def _compose(self, url: str) -> Article:
        item = self._find(key_of(url))
        if item is None:
            raise KeyError(url)
        return articles.compose(item, self.day, url, self._near(item))

    def article_of(self, item: Item) -> Article:
        """The article of an item as it stands, also while it is away."""
        return self._article(item.url)

    def _near(self, item: Item) -> list[Item]:
        """Other articles of the channel, for the lists around this one; never another print of its text."""
        rows = self.rows[item.channel.name]
        at = self.place[id(item)]
        near = [rows[(at + step) % len(rows)] for step in (1, -1, 3, 5, 7, 9, 11)]
        others = self.rows["guonei"][at % 5 : at % 5 + 6] if len(rows) < 9 else []
        unique = {other.number: other for other in [*near, *others] if other.text_of is not item.text_of}
        return list(unique.values())[:7]

    def _find(self, key: str) -> Item | None:
        alias = "".join(SD_ALIAS)
        if key.startswith(alias):
            key = CHANNELS["sd"].host + CHANNELS["sd"].path + key[len(alias) :]
        return self._item_at.get(key)

    def serves(self, host: str) -> bool:
        """Whether a host is one of the family."""
        return host == "dzwww.com" or host.endswith(".dzwww.com")

    def get(self, url: str) -> Response:
        """The answer to a GET; `https` and `http`, with or without a query, answer alike."""
        parts = urlsplit(url)
        host, key = parts.hostname or "", key_of(url)
        if not self.serves(host):
            return _plain(502, "not one of the family's hosts\n")
        if parts.path == "/robots.txt":
            return self._robots(host)
        if key == "w.dzwww.com/" and parts.query == "act=getPCHotNews":
            return self._hot()
        if key == "www.dzwww.com/":
            return self._front()
        if key in self._odd_at:
            return self._answer_odd(self._odd_at[key])
        return self._listing(key) or self._article_at(url, key) or self._file(host, parts.path)

    def _robots(self, host: str) -> Response:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in ROBOTS_DISALLOWED)]
        if host == "weifang.dzwww.com" and self.crawl_delay:
            lines.append(f"Crawl-delay: {self.crawl_delay:g}")
        return _plain(200, "\n".join(lines) + "\n")

    def _hot(self) -> Response:
        """What is read most, as the site's programs fetch it: articles of the app, without a scheme."""
        found = [item for item in self.rows["hb"] if not item.traps and item.when.year > 2024][:5]
        rows = [
            {"title": articles.title_of(i, self.day), "real_url": i.url.partition("//")[2]} for i in found
        ]
        body = json.dumps(
            [*rows, {"title": "专题", "real_url": "https://zt.dzwww.com/2026/hot/"}], ensure_ascii=False
        )
        return Response(200, [("Content-Type", "application/json; charset=utf-8")], body.encode())

    def _front(self) -> Response:
        links = "".join(f"<li><a href={channel.url}>{channel.section[-1]}</a></li>"
                        for channel in CHANNELS.values() if channel.section)  # fmt: skip
        return _page(200, f"<div class=TRS_Editor><ul>{links}</ul></div>", "大众网_首页")

    def _listing(self, key: str) -> Response | None:
        found = _LISTING.match(key)
        name = self._listing_at.get(key) or (self._listing_at.get(found[1]) if found else None)
        if name is None:
            return None
        number = int((found and found[2]) or 0)
        if number >= self.pages_of(name) or key.endswith("default_0.htm"):
            return _missing()
        entries = self.entries(name)
        if key.startswith("".join(SD_ALIAS)):
            entries = [entry for entry in entries if isinstance(entry, Item)]
        return self._sheet(name, key, entries, number)

    def _sheet(self, name: str, key: str, entries: list[Item | Odd], number: int) -> Response:
        channel = CHANNELS[name]
        size = len(entries) if name == "hb" else listings.page_size(len(self.entries(name)))
        shown = entries[number * size : (number + 1) * size]
        rows = [listings.Row(self._link(entry, key), entry.when) for entry in shown]
        for row, entry in list(zip(rows, shown, strict=True)):
            rows += [listings.Row(Link(row.link.title, url), row.when) for url in self._extra_urls(entry)]
        hot = [Link(articles.title_of(item, self.day), item.url) for item in self.rows["guonei"][:6]]
        total = self.pages_of(name)
        if key.startswith("".join(SD_ALIAS)):
            total = max(1, -(-len(entries) // size))
        scheme = "https" if name == "hb" else "http"
        sheet = listings.Sheet(channel, f"{scheme}://{key}", rows, number, total, hot)
        encoding = plan.channel_encoding(channel, self.items[self.count - 1].when)
        return _html(200, listings.listing_page(sheet, encoding), encoding)

    def _link(self, entry: Item | Odd, key: str) -> Link:
        if isinstance(entry, Odd):
            return Link(entry.title, entry.url)
        alias = key.startswith("".join(SD_ALIAS))
        return Link(articles.title_of(entry, self.day), _alias_url(entry) if alias else entry.url)

    def _extra_urls(self, entry: Item | Odd) -> list[str]:
        if isinstance(entry, Odd) or "scheme_and_query" not in entry.traps:
            return []
        secure = entry.url.replace("http://", "https://")
        return [secure, f"{entry.url}?from=timeline", f"{entry.url}?utm_source=wap&utm_medium=share"]

    def _article_at(self, url: str, key: str) -> Response | None:
        found = _PART.search(key)
        part = int(found[2]) if found else 0
        whole = f"{key[: found.start()]}{found[1]}.{found[3]}" if found else key
        item = self._find(whole)
        if item is None:
            return None
        if self.gone(item):
            return _away(month.life_of(item).kind)
        article = self._article(f"{urlsplit(url).scheme}://{whole}")
        if part >= len(article.parts) or (part and part == article.missing_part):
            return _missing()
        encoding = plan.encoding_of(item)
        return _html(200, pages.article_page(article, part, encoding), encoding)

    def _answer_odd(self, page: Odd) -> Response:
        if page.kind in {"redirect", "redirect_front", "loop"}:
            status = 302 if page.kind == "loop" else 301
            return Response(status, [("Location", page.to), ("Content-Type", "text/html")], b"moved\n")
        if page.kind == "not_found":
            return _missing()
        if page.kind == "soft_404":
            return _error_page()
        if page.kind == "listing":
            return self._as_listing(page)
        blocks = [] if page.kind == "empty" else [Block("p", "此页供内部校样使用，抓取程序不应取得它。" * 4)]
        item = Item(9_000_000, page.channel, page.when, 1)
        article = Article(item, page.url, page.title, "大众网", "second", [blocks])
        return _html(200, pages.article_page(article, 0, _GBK), _GBK)

    def _as_listing(self, page: Odd) -> Response:
        rows = "".join(
            f'<li><h3><a href="{item.url}">{pages.esc(articles.title_of(item, self.day))}</a></h3></li>'
            for item in self.rows[page.channel.name][:30]
        )
        return _page(
            200,
            f'<div id="news-head"><h2>{page.title}</h2></div><div id="news-body"><ul>{rows}</ul></div>',
            page.title,
        )

    def _file(self, host: str, path: str) -> Response:
        suffix = posixpath.splitext(path)[1]
        if suffix in {".jpg", ".gif"}:
            return Response(200, [("Content-Type", "image/jpeg")], _PIXEL)
        if suffix == ".mp4":
            return Response(200, [("Content-Type", "video/mp4")], b"\0" * 64)
        if host in odd.DENIED_HOSTS:
            return _page(200, '<div id="news-body"><p>论坛网友跟帖。</p></div>', "互动")
        return _missing()

    def truth(self) -> list[Truth]:
        """Everything an archive of this world should or should not hold."""
        return list(self.iter_truth())

    def iter_truth(self) -> Iterator[Truth]:
        """The same, one row at a time, for large worlds."""
        for item in self.items:
            if self.gone(item):
                yield {**_bare("not_found", item.url, item.channel.host, item.channel.name), "listed": False,
                       "traps": ["vanished"]}  # fmt: skip
                continue
            kind = "reprint" if item.origin else "article"
            yield self._told(item, item.url, kind)
            if item.channel.name == "sd":
                yield {**self._told(item, _alias_url(item), "alias"), "alias_of": item.url}
            for url in self._extra_urls(item):
                yield {**self._told(item, url, "alias"), "alias_of": item.url}
        for page in self.odd:
            row = _bare(page.kind, page.url, page.channel.host, page.channel.name)
            yield {**row, "title": page.title, "listed": page.listed, "traps": [page.kind],
                   **({"to": page.to} if page.to else {})}  # fmt: skip

    def _told(self, item: Item, url: str, kind: str) -> Truth:
        article = self._article(url)
        blocks = list(article.blocks())
        row = {
            "url": url,
            "kind": kind,
            "host": urlsplit(url).hostname,
            "channel": item.channel.name,
            "era": item.era,
            "title": article.title,
            "kicker": article.subtitle if article.kicker else "",
            "subtitle": "" if article.kicker else article.subtitle,
            "authors": list(article.authors),
            "editors": list(article.editors),
            "source": article.source,
            "published": article.published,
            "section": list(item.channel.section),
            "keywords": list(article.keywords),
            "images": [{"url": urljoin(url, block.src), "caption": block.text}
                       for block in blocks if block.kind in {"image", "oldsrc"}],
            "videos": [block.src for block in blocks if block.kind == "video"],
            "body": article.body(),
            "boilerplate": furniture.boilerplate(article),
            "credits": list(article.editor_lines),
            "listed": True,
            "traps": sorted(article.traps | self._page_traps(item, url)),
        }  # fmt: skip
        return {**row, **self._relations(article)}

    def _page_traps(self, item: Item, url: str) -> set[str]:
        found = set()
        if item.channel.name == "sd":
            found.add("two_hosts")
        if "?" in url:
            found.add("query_alias")
        if plan.encoding_of(item).codec == "utf-8":
            found.add("utf8_page")
        return found

    def _relations(self, article: Article) -> Truth:
        item = article.item
        found: Truth = {}
        if item.origin:
            found["of"] = item.origin.url
        if len(article.parts) > 1:
            stem, ext = item.url.rsplit(".", 1)
            found["parts"] = [f"{stem}_{at}.{ext}" for at in (1, 2) if at != article.missing_part]
            found["missing_part"] = bool(article.missing_part)
        return found


def _alias_url(item: Item) -> str:
    return f"http://{''.join(SD_ALIAS)}{item.path.removeprefix(CHANNELS['sd'].path)}"


def _bare(kind: str, url: str, host: str, channel: str) -> Truth:
    """A row of something without text: every key is there, empty."""
    empty: Truth = dict.fromkeys(("era", "title", "kicker", "subtitle", "source", "published", "body"), "")
    lists: Truth = {
        name: []
        for name in (
            "authors",
            "editors",
            "section",
            "keywords",
            "images",
            "videos",
            "boilerplate",
            "credits",
        )
    }
    return {"url": url, "kind": kind, "host": host, "channel": channel, **empty, **lists}


def _html(status: int, body: bytes, encoding: Encoding) -> Response:
    charset = f"; charset={encoding.header}" if encoding.header else ""
    return Response(status, [("Content-Type", f"text/html{charset}")], body)


def _page(status: int, inner: str, title: str) -> Response:
    body = pages.head(title, _GBK) + f"<BODY>{pages.header(1)}{inner}{pages.footer(1)}"
    return _html(status, body.encode("gb18030"), _GBK)


def _missing(status: int = 404) -> Response:
    return _page(status, f"<h1>{status}</h1><p>页面没有找到</p>", str(status))


def _error_page() -> Response:
    """An error that answers 200."""
    tip = f"<div class=tip><h1>{odd.NOT_FOUND_TEXT}</h1><p>您访问的页面已经搬家</p></div>"
    return _page(200, tip, "提示信息")


def _away(kind: str) -> Response:
    """What answers for an article that is away."""
    if kind == "front":
        return Response(302, [("Location", odd.FRONT), ("Content-Type", "text/html")], b"moved\n")
    return _error_page() if kind == "soft_404" else _missing(410 if kind == "410" else 404)


def _plain(status: int, text: str) -> Response:
    return Response(status, [("Content-Type", "text/plain")], text.encode())
