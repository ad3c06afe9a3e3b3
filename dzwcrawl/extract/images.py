"""Images and videos of a body: absolute URLs, with captions where the page gives them."""

import re
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from dzwcrawl.article import Image
from dzwcrawl.extract.page import Page, Region
from dzwcrawl.text import one_line

_LAZY = [
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-actualsrc",
    "data-original-src",
    "data-real-src",
    "data-echo",
    "data-url",
    "data-lazyload",
    "data-lazy",
    "data-hi-res-src",
    "data-full-src",
    "data-image",
    "oldsrc",
    "file",
    "zoomfile",
]
_SMALL = re.compile(
    r"(?:^|[/_.\-?=])(?:logo|icon|icons|favicon|avatar|head_?img|qr|qrcode|erweima|ewm|spacer|blank|pixel|"
    r"loading|placeholder|"
    r"transparent|1x1|share|weixin|wechat|weibo|sprite|btn|button|arrow|emoji|face|smiley|grey|gray|badge|"
    r"tracking)(?:[/_.\-\d?]|$)|"
    r"\.svg(?:$|\?)|/ui/|pixel\.|/1\.gif|\.ico$",
    re.I,
)
_CODE = re.compile(r"二维码|扫码|扫一扫|公众号|logo|qr ?code", re.I)
_PLAYERS = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/embed|player\.vimeo\.com|player\.youku\.com|v\.qq\.com|"
    r"player\.bilibili\.com|"
    r"dailymotion\.com/embed|player\.cntv|tv\.sohu\.com|open\.iqiyi\.com|ixigua\.com|"
    r"facebook\.com/plugins/video|"
    r"brightcove|jwplayer|mp\.weixin\.qq\.com/mp/readtemplate\?t=pages/video|videoplayer|/embed/video)",
    re.I,
)
_VIDEO_FILE = re.compile(r"\.(?:mp4|m3u8|webm|flv|mov|m4v)(?:$|[?#])", re.I)
_CAPTION = re.compile(
    r"^(?:[▲△▼▽↑↓◀▶]|图[:：片为\d一二三四五]|\(?资料图|.{0,40}(?:摄|供图|/图|图源[:：].*|资料图片?|photo by .+)[)）。]?$)",
    re.I,
)
_MAX_IMAGES = 200


def read_images(page: Page, region: Region) -> list[Image]:
    """Return the images inside the body's container, in order and without repeats."""
    captions = _Captions(page, region)
    images: dict[str, Image] = {}
    for element in region.container.iter("img"):
        url = _image_url(element, page.base_url)
        if url is None or _is_decoration(element, url):
            continue
        known = images.setdefault(url, Image(url))
        if known.caption is None:
            known.caption = captions.of(element)
        if len(images) >= _MAX_IMAGES:
            break
    return list(images.values())


def read_videos(page: Page, region: Region) -> list[str]:
    """Return the videos inside the body's container: files and players known to play videos."""
    videos: dict[str, None] = {}
    for element in region.container.iter("video", "source", "iframe", "embed"):
        source = element.get("src") or element.get("data-src") or ""
        parent = element.getparent()
        wanted = (
            element.tag == "video"
            or (element.tag == "source" and parent is not None and parent.tag == "video")
            or _PLAYERS.search(source)
            or _VIDEO_FILE.search(source)
        )
        url = _absolute(source, page.base_url) if wanted else None
        if url:
            videos[url] = None
    return list(videos)


def _image_url(element: HtmlElement, base: str | None) -> str | None:
    """Return the URL of the picture itself: a lazy page keeps it in another attribute than src."""
    for name in _LAZY:
        value = element.get(name)
        url = _absolute(value, base) if value else None
        if url:
            return url
    widest = _widest(element.get("srcset") or element.get("data-srcset") or "")
    source = element.get("src") or ""
    if (not source or source.startswith("data:") or _SMALL.search(source)) and widest:
        source = widest
    return _absolute(source, base)


def _widest(srcset: str) -> str | None:
    best, width = None, -1.0
    for entry in re.split(r",\s+", srcset[:5000]):
        url, _, size = entry.strip().partition(" ")
        number = re.match(r"\d+(?:\.\d+)?", size.strip())
        if url and (float(number[0]) if number else 0.0) > width:
            best, width = url, float(number[0]) if number else 0.0
    return best


def _absolute(value: str, base: str | None) -> str | None:
    value = value.strip()
    if not value or value.lower().startswith(("data:", "blob:", "about:", "javascript:", "file:")):
        return None
    try:
        url = urljoin(base or "", value)
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def _is_decoration(element: HtmlElement, url: str) -> bool:
    if _SMALL.search(url.partition("//")[2].partition("/")[2]) or _CODE.search(element.get("alt") or ""):
        return True
    for name in ("width", "height"):
        size = re.match(r"\s*(\d+)(?:px)?\s*$", element.get(name) or "")
        if size and int(size[1]) < 60:
            return True
    return False


def _is_centred(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    if (element.get("align") or "").lower() == "center" or "text-align:center" in style:
        return True
    return "caption" in (element.get("class") or "").lower()


class _Captions:
    """The captions of a region. What an element holds is asked once: a thousand images may share one."""

    def __init__(self, page: Page, region: Region) -> None:
        self.texts: dict[HtmlElement, str] = {
            block.element: block.text
            for block in page.blocks[region.start : region.end]
            if len(block.text) <= 120
            and (block.role == "caption" or _CAPTION.search(block.text) or _is_centred(block.element))
        }
        """The texts that can be captions by the element they stand in."""
        self.figures: dict[HtmlElement, str | None] = {}
        self.empty: dict[HtmlElement, bool] = {}

    def of(self, element: HtmlElement) -> str | None:
        """Return the figcaption of the image, or the short centred paragraph right after it."""
        holder = element
        for _ in range(5):
            parent = holder.getparent()
            if parent is None:
                break
            holder = parent
            if holder.tag == "figure":
                return self._of_figure(holder)
        holder = element
        for _ in range(4):
            if holder.tag in {"p", "div", "center", "td", "figure"} and self._is_empty(holder):
                following = holder.getnext()
                if following is not None:
                    return self.texts.get(following)
            parent = holder.getparent()
            if parent is None:
                break
            holder = parent
        return self.texts.get(holder) if holder.tag == "p" else None

    def _of_figure(self, figure: HtmlElement) -> str | None:
        if figure not in self.figures:
            text = " ".join(one_line(c.text_content()) for c in figure.iter("figcaption"))
            self.figures[figure] = text.strip()[:500] or None
        return self.figures[figure]

    def _is_empty(self, holder: HtmlElement) -> bool:
        if holder not in self.empty:
            self.empty[holder] = one_line(holder.text_content()) == ""
        return self.empty[holder]
