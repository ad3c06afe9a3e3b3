"""Eight ways in which an outlet breaks, each in several strengths: a living world with something done to its answers."""

from __future__ import annotations

import hashlib
import html
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.bench.health.paper import Paper
from tests.bench.health.regional import Regional, http_date
from tests.replica.model import Response

Living = Regional | Paper
Fault = Callable[["Broken", str, Response], Response]


def _chosen(url: str, share: float) -> bool:
    """Whether a page is among those hit: always the same ones."""
    return int(hashlib.sha1(url.encode()).hexdigest()[:8], 16) < share * 0xFFFFFFFF


class Broken:
    """A world that has been broken since a day. `make` gives the world of a day; `fault` changes its answers."""

    def __init__(self, world: Living, since: float, fault: Fault) -> None:
        self.world, self.since, self.fault = world, since, fault
        self.before = type(world)(since)
        self.flaky_keys: set[str] = set()

    def serves(self, host: str) -> bool:
        """Whether the host is one of the outlet's."""
        return self.world.serves(host)

    def get(self, url: str) -> Response:
        """The changed answer."""
        return self.fault(self, url, self.world.get(url))


def _text(response: Response) -> tuple[str, str]:
    try:
        return response.body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return response.body.decode("gb18030", "replace"), "gb18030"


def _with(response: Response, text: str, encoding: str) -> Response:
    return Response(response.status, response.headers, text.encode(encoding, "replace"))


def _articles(
    change: Callable[[Broken, str, Response], Response], share: float = 1.0, *, only_new: bool = False
) -> Fault:
    """A fault of article pages, of a share of them."""

    def fault(broken: Broken, url: str, response: Response) -> Response:
        hit = broken.world.is_new(url, broken.since) if only_new else broken.world.is_article(url)
        return (
            change(broken, url, response)
            if hit and response.status == 200 and _chosen(url, share)
            else response
        )

    return fault


_NAMES = re.compile(r"""\b(class|id)=("[^"]*"|'[^']*'|[\w-]+)""", re.I)


def _relaunch(keep: str) -> Callable[[Broken, str, Response], Response]:
    """Other names for all containers; `keep` is a pattern of those that stay, which the rules need."""

    def change(broken: Broken, url: str, response: Response) -> Response:
        text, encoding = _text(response)

        def other(match: re.Match[str]) -> str:
            value = match[2].strip("\"'")
            return match[0] if keep and re.search(keep, value) else f'{match[1]}="neo-{value[::-1]}"'

        return _with(response, _NAMES.sub(other, text), encoding)

    return change


def _login(broken: Broken, url: str, response: Response) -> Response:
    page = "<html><head><meta charset=utf-8><title>登录</title></head><body><h1>请先登录</h1><p>登录后可查看全文</p></body></html>"
    if isinstance(broken.world, Paper):
        page = "<html><head><meta charset=utf-8><title>Anmelden</title></head><body><h1>Please log in to continue</h1><p>Login required</p></body></html>"
    return Response(200, [("Content-Type", "text/html; charset=utf-8"), response.headers[-1]], page.encode())


def _login_elsewhere(broken: Broken, url: str, response: Response) -> Response:
    """A redirect to one and the same page that asks to log in."""
    host = urlsplit(url).netloc
    return Response(
        302, [("Location", f"http://{host}/passport/login"), ("Content-Type", "text/html")], b"moved"
    )


def _teaser(broken: Broken, url: str, response: Response) -> Response:
    """The first paragraphs, then 登录后阅读全文."""
    text, encoding = _text(response)
    parts = re.split(r"(?<=</p>)", text, flags=re.I)
    at = next((i for i, part in enumerate(parts) if "TRS_Editor" in part or "article-body" in part), 0)
    wall = (
        "<p>登录后阅读全文</p>"
        if encoding != "utf-8" or "zh" in text[:400] or "大众" in text
        else "<p>Jetzt weiterlesen mit Küstenbote Plus</p>"
    )
    rest = [part for part in parts[at + 1 :] if not part.lstrip().lower().startswith("<p>")]
    return _with(response, "".join([*parts[: at + 1], wall, *rest]), encoding)


def _gone(broken: Broken, url: str, response: Response) -> Response:
    page = "<html><head><meta charset=utf-8><title>提示信息</title></head><body><div class=tip><h1>您访问的页面不存在</h1></div></body></html>"
    if isinstance(broken.world, Paper):
        page = "<html><head><meta charset=utf-8><title>Fehler</title></head><body><h1>Diese Seite wurde nicht gefunden</h1></body></html>"
    return Response(200, [("Content-Type", "text/html; charset=utf-8"), response.headers[-1]], page.encode())


def _utf8(broken: Broken, url: str, response: Response) -> Response:
    """Another encoding, rightly declared: of gb18030 utf-8, of utf-8 windows-1252."""
    text, encoding = _text(response)
    if encoding == "gb18030":
        text, new = re.sub(r"charset=\w+", "charset=utf-8", text), "utf-8"
    elif isinstance(broken.world, Paper):
        text, new = text.replace("utf-8", "windows-1252"), "cp1252"
    else:
        text, new = re.sub(r"charset=[\w-]+", "charset=gbk", text), "gb18030"
    headers = [("Content-Type", f"text/html; charset={new}"), response.headers[-1]]
    return Response(200, headers, text.encode(new, "xmlcharrefreplace"))


def _mojibake(broken: Broken, url: str, response: Response) -> Response:
    """utf-8 that a program took for another encoding and wrote as utf-8 again."""
    text, _ = _text(response)
    wrong = "cp1252" if isinstance(broken.world, Paper) else "gb18030"
    text = re.sub(r"charset=\w+", "charset=utf-8", text.encode("utf-8").decode(wrong, "replace"))
    headers = [("Content-Type", "text/html; charset=utf-8"), response.headers[-1]]
    return Response(200, headers, text.encode("utf-8", "replace"))


def _damage(broken: Broken, url: str, response: Response) -> Response:
    """One character in forty is lost on the way; of German, which has few, one in eight beyond ASCII."""
    text, _ = _text(response)
    rng = random.Random(url)
    often = 0.125 if isinstance(broken.world, Paper) else 0.025
    lost = "".join("\ufffd" if c > "\x7f" and rng.random() < often else c for c in text)
    headers = [("Content-Type", "text/html; charset=utf-8"), response.headers[-1]]
    return Response(200, headers, re.sub(r"charset=\w+", "charset=utf-8", lost).encode("utf-8", "replace"))


def _swallow(links: int, *, linked: bool = True) -> Callable[[Broken, str, Response], Response]:
    """The list of related articles at the end of the body's container, as links, or as bare lines that all pages share."""

    def change(broken: Broken, url: str, response: Response) -> Response:
        text, encoding = _text(response)
        rng = random.Random(url)
        found = re.findall(
            r'<a href="([^"]+)"[^>]*>([^<]{12,})</a>',
            broken.world.get(_list_of(broken.world)).body.decode("utf-8", "replace"),
        )
        if linked:
            chosen = rng.sample(found, min(links, len(found)))
            rows = "".join(f'<li><a href="{html.escape(href)}">{title}</a></li>' for href, title in chosen)
        else:
            rows = "".join(f"<p>{title}</p>" for _, title in found[:links])
        where = r"(</div>)(</article>)" if isinstance(broken.world, Paper) else r"(</div>\s*)(</div>)"
        start = text.find("article-body" if isinstance(broken.world, Paper) else "TRS_Editor")
        changed = re.sub(where, rf"<div>{rows}</div>\g<1>\g<2>", text[start:], count=1)
        return _with(response, text[:start] + changed, encoding)

    return change


def _list_of(world: Living) -> str:
    return (
        "http://www.kuestenbote.example/"
        if isinstance(world, Paper)
        else "http://www.dzwww.com/xinwen/guoneixinwen/"
    )


def _stale(hosts: tuple[str, ...]) -> Fault:
    """Listings that stay as they were: those of some addresses."""

    def fault(broken: Broken, url: str, response: Response) -> Response:
        if any(part in url for part in hosts) and not broken.world.is_article(url) and "robots" not in url:
            old = broken.before.get(url)
            return Response(old.status, [*old.headers[:-1], response.headers[-1]], old.body)
        return response

    return fault


def _emptied(hosts: tuple[str, ...]) -> Fault:
    """Listings whose rows are gone: a script would fetch them now."""

    def fault(broken: Broken, url: str, response: Response) -> Response:
        if (
            any(part in url for part in hosts)
            and not broken.world.is_article(url)
            and response.status == 200
            and "robots" not in url
        ):
            text, encoding = _text(response)
            return _with(
                response,
                re.sub(
                    r"(?is)<h[23][^>]*>.*?</h[23]>|<article.*?</article>|<div class=\"style\">.*?</div>",
                    "",
                    text,
                ),
                encoding,
            )
        return response

    return fault


def _clock(seconds: int) -> Fault:
    """Servers whose clocks are wrong."""

    def fault(broken: Broken, url: str, response: Response) -> Response:
        told = ("Date", http_date(broken.world.day + seconds / 86400))
        return Response(
            response.status, [*(h for h in response.headers if h[0] != "Date"), told], response.body
        )

    return fault


def _dated(years: int, share: float) -> Fault:
    """Pages dated years later: 2028 where it is 2027."""

    def change(broken: Broken, url: str, response: Response) -> Response:
        text, encoding = _text(response)
        return _with(
            response,
            re.sub(r"\b20(2[67])(?=[-/.<年])", lambda m: f"20{int(m[1]) + years}", text).replace(
                ".2027,", ".2028,"
            ),
            encoding,
        )

    return _articles(change, share, only_new=True)


def _robots(rules: bytes, hosts: str = "") -> Fault:
    def fault(broken: Broken, url: str, response: Response) -> Response:
        if url.endswith("/robots.txt") and hosts in url:
            return Response(200, [("Content-Type", "text/plain"), response.headers[-1]], rules)
        return response

    return fault


_HALF = ("guoneixinwen", "shehuixinwen", "weifang.", "sdnews", "jinan.")
_FRONT = ("kuestenbote",)


@dataclass(frozen=True)
class Case:
    """A failure in one strength: for which outlets, and the checks that may notice it."""

    failure: str
    strength: str
    fault: Fault
    outlets: tuple[type[Living], ...] = (Regional, Paper)


CASES = (
    Case("relaunched template", "all pages, all names", _articles(_relaunch(""))),
    Case(
        "relaunched template",
        "what rules need stays",
        _articles(_relaunch("news-body|news-head|news-side|^date$|^text$|article-body")),
    ),
    Case(
        "relaunched template",
        "half of the pages",
        _articles(_relaunch("news-body|news-head|news-side|^date$|^text$|article-body"), 0.5),
    ),
    Case("half the listings silent", "they stay as they were", _stale(_HALF), (Regional,)),
    Case("half the listings silent", "the only one stays as it was", _stale(_FRONT), (Paper,)),
    Case("half the listings silent", "they are empty", _emptied(_HALF), (Regional,)),
    Case("half the listings silent", "the only one is empty", _emptied(_FRONT), (Paper,)),
    Case("charset switched", "and rightly declared", _articles(_utf8)),
    Case("charset switched", "texts are encoded twice", _articles(_mojibake)),
    Case("charset switched", "some characters lost, on half of the pages", _articles(_damage, 0.5)),
    Case("login wall", "all pages", _articles(_login)),
    Case("login wall", "half of the pages", _articles(_login, 0.5)),
    Case("login wall", "a redirect to one page", _articles(_login_elsewhere)),
    Case("login wall", "after the first paragraph", _articles(_teaser)),
    Case("soft 404s", "all pages", _articles(_gone)),
    Case("soft 404s", "half of the new pages", _articles(_gone, 0.5, only_new=True)),
    Case("body takes the related list", "eight links", _articles(_swallow(8))),
    Case("body takes the related list", "five lines without links", _articles(_swallow(5, linked=False))),
    Case("body takes the related list", "four links, on half of the pages", _articles(_swallow(4), 0.5)),
    Case("clock skew", "servers are five hours ahead", _clock(5 * 3600)),
    Case("clock skew", "ours is half an hour ahead", _clock(-1800)),
    Case("clock skew", "new articles are dated next year", _dated(1, 1.0)),
    Case("robots.txt forbids all", "to everybody", _robots(b"User-agent: *\nDisallow: /\n")),
    Case(
        "robots.txt forbids all",
        "to us",
        _robots(b"User-agent: dzwcrawl\nDisallow: /\n\nUser-agent: *\nDisallow:\n"),
    ),
    Case(
        "robots.txt forbids all",
        "on one host",
        _robots(b"User-agent: *\nDisallow: /\n", "weifang."),
        (Regional,),
    ),
)
