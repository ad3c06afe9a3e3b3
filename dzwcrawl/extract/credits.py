"""The Chinese grammar of header and credit lines, and of bylines inside prose. Pure text, no markup.

A header or credit line is a run of parts: a date, `label: value`, counters and buttons (我要评论, 字号), a bare
outlet beside a date. `read_credit` accepts a line only when nothing else is in it. A byline inside prose
(本报记者 甲 乙 通讯员 丙) stays in the body; `read_byline` only reads its names.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

from dzwcrawl.dates import CHINA, find_dates, fold_date_text
from dzwcrawl.extract.labels import (
    BARE_LABEL,
    KIND_OF,
    LABEL,
    LABELS,
    MODIFIED_LABELS,
    SIMPLE,
    SOURCE_LABELS,
    THING_LABELS,
    TOLD,
)
from dzwcrawl.extract.names import SURNAMES, is_chinese_name, is_nobody, is_outlet, split_names

_ROLE_PREFIX = re.compile(
    r"[\u4e00-\u9fff·・]{0,16}?(?:本报|本网|本刊|日报|晚报|晨报|时报|商报|都市报|早报|社|网|新闻|客户端|"
    r"融媒体?|全媒体|中心|报|电视台|广播)?"
    r"(?:全媒体|融媒体?|首席|特约|见习|实习|特派|驻\S{2,4}?|高级){0,4}(?=记者|通讯员|评论员|实习生|编辑)"
)
_GAP = re.compile(r"[\s|,;、()\[\]{}【】〔〕<>«»·•・/\\\-–—_~*■□◆●▲丨︱.。:]+")
_BUTTON = re.compile(
    r"(?:https?://[\w./-]+|我要评论|我来说两句|已有\d*人?(?:参与|评论)|发表评论|手机查看|手机阅读|手机看新闻|扫一扫|"
    r"扫码(?:阅读|分享)|(?:点击)?关注(?:我们|微信|本网|公众号)?|"
    r"字号|字体|大小|大|中|小|特大|默认|正常|超大|A[+-]|T[+-]|[+-]|共?\s?\d+\s?(?:次|人|条|篇|评论)?(?:参与|阅读|"
    r"浏览|点击|评论|跟贴|跟帖|回复)?|返回\w{2,6},?查看更多|分享(?:到|至)?|转发|打印(?:本页|本文)?|收藏|"
    r"关闭(?:窗口|本页)?|"
    r"返回(?:首页)?|评论|举报|纠错|我要纠错|复制链接|微信|微博|新浪微博|QQ空间|QQ|朋友圈|点赞|点击(?:查看|"
    r"数)?|浏览(?:次数|量)?|阅读(?:次数|量|数)?|"
    r"次|人(?:参与|评论)?|原创|独家|转载|查看原文|原文链接|听新闻|语音播报|播报|订阅|投稿|繁体|简体|保存|"
    r"推荐|视力保护色|加入收藏|"
    r"Tt|TT|T|小字|大字|中字|发布|发表|更新|编辑|发布于|发表于|北京时间|北京|星期.|周[一二三四五六日]|"
    r"打印|字数|责任编辑|来源|作者|记者)(?![\u4e00-\u9fff])",
    re.I,
)
_SPACED_STOP = re.compile(rf"(?<=\s)(?:{_BUTTON.pattern}|(?:{LABELS})(?=\s))", re.I)
_POSTER = re.compile(r"(?:由\s*)?([\w.-]{2,16}?)\s*(?:(?:发表|发布|张贴|張貼)\s*[于在@]|于)\s*(?=\d{4})")
_VALUE_STOP = re.compile(r"[)\]】〕]|[。!?;；](?=\s*$)|\s{2,}|\s[|丨]\s")
_PROSE = re.compile(r"[。!?！？;；“”]|,.*,.*,")


@dataclass(slots=True)
class Credit:
    """What a header or credit line says. `rest` has the parts of other labels: (label, value)."""

    source: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    published: str | None = None
    modified: str | None = None
    rest: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The weightiest thing the line says: editors, authors, source, date or other."""
        if self.editors:
            return "editors"
        if self.authors:
            return "authors"
        if self.source:
            return "source"
        return "date" if self.published or self.modified else "other"


def read_credit(text: str, *, zone: str = CHINA, year: int | None = None) -> Credit | None:
    """Return what a line of credits says, or None when anything but credits stands in the line.

    Never raises. A line longer than 300 characters is prose.
    """
    return _own(_read_credit(text, zone, year))


def read_parts(text: str, *, zone: str = CHINA, dates: bool = True) -> Credit | None:
    """Return what the labelled parts of a line say, whatever else is in it; None when nothing is said.

    For lines near a title that also hold a breadcrumb, buttons or an address. Such a line is no credit line.
    """
    return _own(_read_parts(text, zone, dates))


# The lines around an article (navigation, buttons) are the same on all pages of a site: most are read once.
@lru_cache(maxsize=4096)
def _read_credit(text: str, zone: str, year: int | None) -> Credit | None:
    return None if len(text) > 300 else _Reader(fold_date_text(text).strip(), zone, year).read()


@lru_cache(maxsize=4096)
def _read_parts(text: str, zone: str, dates: bool) -> Credit | None:
    return None if len(text) > 300 else _Reader(fold_date_text(text).strip(), zone, None).gather(dates=dates)


def _own(credit: Credit | None) -> Credit | None:
    """Return a copy, for a credit may be changed by whoever asked for it."""
    if credit is None:
        return None
    lists = (list(credit.authors), list(credit.editors))
    return replace(credit, authors=lists[0], editors=lists[1], rest=list(credit.rest))


_OTHER_DAY = re.compile(r"截[至止]|今[天日]是")
"""Before the day of a deadline, and the day on which the page was fetched."""


class _Reader:
    """One pass over a folded line: each step consumes one part, or the line is refused."""

    def __init__(self, text: str, zone: str, year: int | None) -> None:
        self.text = text = text.replace("丨", "|").replace("︱", "|")
        self.plain = text.translate(SIMPLE)
        self.dates = list(find_dates(text, zone=zone, year=year))
        self.credit = Credit()
        self.facts = 0
        self.bare: list[str] = []
        self.position = 0

    def read(self) -> Credit | None:
        """Return the credit, or None when something else stands in the line."""
        steps = (
            self._date,
            self._poster,
            self._labelled,
            self._unlabelled,
            self._button,
            self._outlet,
            self._names,
        )
        while self.position < len(self.text):
            gap = _GAP.match(self.text, self.position)
            if gap:
                self.position = gap.end()
                continue
            if not any(step() for step in steps):
                return None
        if not self.facts:
            return None
        if self.bare and not (self.credit.published and self.credit.source is None and len(self.bare) == 1):
            return None
        if self.bare:
            self.credit.source = self.bare[0]
        return self.credit

    def gather(self, *, dates: bool) -> Credit | None:
        """Return what the labelled parts say, passing over everything else."""
        if dates:
            for found in self.dates[:1]:
                if not _OTHER_DAY.search(self.text, max(0, found.start - 8), found.start):
                    self._take_date(found.value, modified=False)
        while match := LABEL.search(self.plain, self.position):
            self.position = match.start()
            if not (
                self._splits_here(match)
                and KIND_OF[re.sub(r"\s", "", match["label"])] in TOLD
                and self._labelled()
            ):
                self.position = match.start() + 1
        said = self.credit.source or self.credit.authors or self.credit.editors or self.credit.published
        return self.credit if said else None

    def _date(self) -> bool:
        found = next((d for d in self.dates if d.start == self.position), None)
        if found is None:
            return False
        self._take_date(found.value, modified=False)
        self.position = found.end
        return True

    def _take_date(self, value: str, *, modified: bool) -> None:
        self.facts += 1
        if modified:
            self.credit.modified = self.credit.modified or value
        elif self.credit.published is None or len(value) > len(self.credit.published):
            self.credit.published = value

    def _poster(self) -> bool:
        """Read the pen name of `somebody 发表于 2005-9-15 11:46`."""
        match = _POSTER.match(self.plain, self.position)
        if match is None or is_nobody(match[1]) or LABEL.match(self.plain, self.position):
            return False
        if not any(d.start == match.end() for d in self.dates):
            return False
        if is_outlet(match[1]):
            self.credit.source = self.credit.source or match[1]
        else:
            self.credit.authors.append(match[1])
        self.facts += 1
        self.position = match.end()
        return True

    def _labelled(self) -> bool:
        match = self._label_at(self.position, LABEL)
        if match is None:
            return False
        label = re.sub(r"\s", "", match["label"])
        end = self._value_end(match.end())
        value = self.text[match.end() : end].strip(" ,;|/-")
        if not self._take(label, value, strict=False):
            return False
        self.position = end
        return True

    def _unlabelled(self) -> bool:
        """Read `责任编辑 刘美显`, `记者 王磊 通讯员 张晓明 摄影`: a label and, after a blank, names."""
        match = self._label_at(self.position, BARE_LABEL)
        if match is None:
            return False
        label = re.sub(r"\s", "", match["label"])
        if KIND_OF[label] not in {"author", "editor"}:
            return False
        end = self._value_end(match.end(), bare=True)
        if not self._take(label, self.text[match.end() : end], strict=True):
            return False
        self.position = end
        return True

    def _label_at(self, position: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.plain, position)
        if match:
            return match
        prefix = _ROLE_PREFIX.match(self.plain, position)
        return pattern.match(self.plain, prefix.end()) if prefix and prefix.end() > position else None

    def _value_end(self, start: int, *, bare: bool = False) -> int:
        """Return where a value ends: at the next label, date, bracket or wide gap."""
        ends = [len(self.text)]
        ends += [d.start for d in self.dates if d.start >= start][:1]
        for pattern in (LABEL, BARE_LABEL) if bare else (LABEL,):
            following = pattern.search(self.plain, start)
            while following and not self._splits_here(following):
                following = pattern.search(self.plain, following.start() + 1)
            if following:
                ends.append(following.start())
        spaced = _SPACED_STOP.search(self.plain, start)
        if spaced:
            ends.append(spaced.start())
        stop = _VALUE_STOP.search(self.text, start)
        if stop and "(" not in self.text[start : stop.start()]:
            ends.append(stop.start())
        return min(e for e in ends if e >= start)

    @staticmethod
    def _splits_here(match: re.Match[str]) -> bool:
        # One-character labels (文, 图, 摄) are words of names and outlets unless something separates them.
        return len(match["label"]) > 1 or match.start() == 0 or match.string[match.start() - 1] in " )]/、,;|"

    def _take(self, label: str, value: str, *, strict: bool) -> bool:
        kind = KIND_OF[label]
        if kind == "date":
            return self._take_dated(label, value)
        if kind == "counter":
            return not value or bool(
                re.fullmatch(r"[\d,.万亿次人条+\s大中小特默认()\[\]|-]{0,20}|loading.*", value)
            )
        if kind == "source":
            return self._take_source(value)
        if kind == "other":
            return self._take_other(label, value)
        return self._take_names(kind, label, value, strict=strict)

    def _take_dated(self, label: str, value: str) -> bool:
        # The date follows as a part of its own; only its label is read here.
        if value:
            return False
        following = next((d for d in self.dates if d.start >= self.position), None)
        if following and following.start - self.position <= len(label) + 8 and label in MODIFIED_LABELS:
            self._take_date(following.value, modified=True)
            self.dates.remove(following)
            self.text = (
                self.text[: following.start]
                + " " * (following.end - following.start)
                + self.text[following.end :]
            )
            self.plain = self.text.translate(SIMPLE)
        return True

    def _take_source(self, value: str) -> bool:
        value = clean_source(value) or ""
        if len(value) > 40 or _PROSE.search(value):
            return False
        self.facts += 1
        person, _, outlet = value.partition("/")
        if is_chinese_name(person.strip()) and not is_outlet(person):
            # 来源: 尹娟 and 石佳/中国青年报 name the person who sent it in.
            if person.strip() not in self.credit.authors:
                self.credit.authors.append(person.strip())
            value = outlet.strip()
        if value and not is_nobody(value):
            self.credit.source = self.credit.source or value
        return True

    def _take_other(self, label: str, value: str) -> bool:
        if len(value) > 60 or _PROSE.search(value):
            return False
        self.facts += 1
        self.credit.rest.append((label, value))
        return True

    def _take_names(self, kind: str, label: str, value: str, *, strict: bool) -> bool:
        if len(value) > 120 or _PROSE.search(value):
            return False
        # 文：眉间尺 alone on its line signs with a pen name; elsewhere one character may be a word of the text.
        signed = label == "文" and not strict and self.position == 0 and value and self.text.endswith(value)
        names = split_names(value, strict=not signed and (strict or len(label) == 1 or label in THING_LABELS))
        if strict and not names:
            return False
        if names is None:
            outlet = clean_source(value) or ""
            # 作者：大众网 names an outlet, which is no person; the line is a credit all the same.
            if len(outlet) > 30 or not is_outlet(outlet):
                return False
            self.credit.rest.append((label, outlet))
            names = []
        self.facts += 1
        into = self.credit.authors if kind == "author" else self.credit.editors
        into.extend(n for n in names if n not in into)
        return True

    def _button(self) -> bool:
        match = _BUTTON.match(self.plain, self.position)
        if match is None or not match[0]:
            return False
        self.position = match.end()
        return True

    def _outlet(self) -> bool:
        """Read a bare outlet (2020-06-08 07:13 大众日报): a source only beside a date."""
        end = self._value_end(self.position)
        value = self.text[self.position : end].strip(" |,-/")
        if not 2 <= len(value) <= 24 or _PROSE.search(value) or " " in value or not is_outlet(value):
            return False
        person, slash, outlet = value.partition("/")
        if slash and is_chinese_name(person):
            self.credit.authors.append(person)
            value = outlet
        self.bare.append(value)
        self.position = end
        return True

    def _names(self) -> bool:
        """Read bare names after a date and an outlet (2015-07-03 08:31 第一财经日报 杜卿卿 李隽)."""
        if not (self.bare or self.credit.source) or not self.credit.published or self.credit.authors:
            return False
        names, end = _name_run(self.text, self.position)
        if not names or len(names) > 4:
            return False
        self.credit.authors.extend(names)
        self.position = end
        return True


_SOURCE_TAIL = re.compile(
    r"\s+\w{2,8}:.*$|\s*(?:我要评论|手机查看|字号.*|\d+(?:人|评论|阅读).*|责任编辑.*|点击.*|分享.*|阅读.*|"
    r"\(?第?[A-Z]?\d+版\)?.*)$"
)
_PLACE_AFTER = re.compile(r"(?<=\w)\s*\([\u4e00-\u9fff]{2,3}\)$")
_QUOTED = re.compile(r"^[《〈「『\"'“](.*?)[》〉」』\"'”]$")


def clean_source(value: str) -> str | None:
    """Return the name of the outlet without label, quotes and buttons, or None where none is left."""
    value = unicodedata.normalize("NFKC", value)
    value = re.sub(rf"^\s*(?:{'|'.join(SOURCE_LABELS.split())})\s*[:|丨]?\s*", "", value.strip())
    value = _SOURCE_TAIL.sub("", value).strip(" ,;|/-—_>·")
    value = re.sub(r"^https?://(?:www\.)?([\w.-]+).*$", r"\1", value)
    quoted = _QUOTED.match(value)
    value = (quoted[1] if quoted and not re.search(r"[《》]", quoted[1]) else value).strip()
    value = _PLACE_AFTER.sub("", value)
    if value.startswith("(") and value.endswith(")"):
        value = value[1:-1].strip()
    return None if not value or is_nobody(value) or not re.search(r"\w", value) else value


_REPORTER = (
    r"(?:(?:本报|本网|本刊|首席|特约|见习|实习|特派|高级|资深|全媒体|融媒体?|摄影|视频)*(?:记者|通讯员|"
    r"评论员|实习生)|文/图|图/文|文并摄|撰文|摄影)"
)
_OUTLET_PREFIX = r"[\u3400-\u9fff\U00020000-\U000323af·・\w\s]{0,24}?"
_PAREN = re.compile(r"\(([^()]{2,60})\)")
_DATELINE = re.compile(r"(?:讯|电|报道|消息)\s*\(([^()]{2,40})\)")
_AT_START = re.compile(rf"^[\W_]{{0,4}}(?P<prefix>{_OUTLET_PREFIX}){_REPORTER}[\s:|/]*")
_NEXT_ROLE = re.compile(rf"[\s,、;/|]*{_REPORTER}[\s:|/]*")
_AT_END = re.compile(
    rf"(?:^|[\s。!?”)])(?:{_OUTLET_PREFIX}){_REPORTER}[\s:|/]+([^。!?,:]{{2,24}}?)"
    # After a name, what stands right before 报道 is where from.
    r"(?:\s[\u3400-\u9fff]{2,4}报道|摄影?报道|摄影?|报道|文/图)?[。)]?$"
)
_SIGNED = re.compile(r"[。!?”…]\s*\(([\u3400-\u9fff\U00020000-\U000323af·、 ]{2,20})\)$")
_OUTLET_HEAD = re.compile(
    r"^[\u3400-\u9fff\U00020000-\U000323af·・\w]{2,20}?(?:客户端|日报|晚报|新闻|网|报|新闻社|社|台|融媒)\s+(?=\S)"
)


def read_byline(text: str) -> list[str]:
    """Return the names of a byline inside a paragraph, in order, without repeats; an empty list where there is none.

    Reads the paragraph's first sentence, its brackets and its end: `本报记者 甲 通讯员 乙`, `□记者 X 报道`,
    `大众网·海报新闻记者 X 潍坊报道`, `2月27日讯(纪哲)`, `(大众日报·大众新闻客户端 A B)`, `(记者 X)`. Names need a Chinese
    surname and a boundary after them, so 记者了解到 and 答记者问 yield nothing.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    names: list[str] = []
    plain = folded.translate(SIMPLE)
    for part in _byline_parts(folded, plain):
        names += [n for n in part if n not in names]
    return names


def _byline_parts(text: str, plain: str) -> list[list[str]]:
    """Return the names each pattern finds; patterns see the simplified labels, names are cut from the text."""
    parts: list[list[str]] = []
    head, late = min(len(plain), 120), max(0, len(plain) - 80)
    start = _AT_START.match(plain, 0, head)
    if start and "(" not in start["prefix"]:
        parts.append(_names_after_role(text, plain, start.end()))
    brackets = (*_PAREN.finditer(plain, 0, head), *_PAREN.finditer(plain, late))
    parts += [_names_in_bracket(text[b.start(1) : b.end(1)], b[1]) for b in brackets]
    alone = (_DATELINE.search(plain, 0, head), _SIGNED.search(plain, late), _AT_END.search(plain, late))
    parts += [split_names(text[m.start(1) : m.end(1)], strict=True) or [] for m in alone if m]
    return [p for p in parts if p]


def _names_in_bracket(inside: str, plain: str) -> list[str]:
    """Return the names of a bracket that holds a byline and nothing else."""
    role = re.match(rf"{_OUTLET_PREFIX}{_REPORTER}[\s:|/]*", plain)
    if role:
        return _names_after_role(inside, plain, role.end())
    outlet = _OUTLET_HEAD.match(inside)
    if outlet:
        return split_names(inside[outlet.end() :], strict=True) or []
    return []


def _names_after_role(text: str, plain: str, start: int) -> list[str]:
    """Return the run of names at a position, going on over further roles (通讯员 丙)."""
    names: list[str] = []
    position = start
    while True:
        run, position = _name_run(text, position)
        names += [n for n in run if n not in names]
        following = _NEXT_ROLE.match(plain, position)
        if not run or not following:
            return names
        position = following.end()


_TOKEN = re.compile(
    r"[\s、,/|]*([\u3400-\u9fff\U00020000-\U000323af]+(?:[·・•][\u3400-\u9fff\U00020000-\U000323af]+)*)"
)
_LONE = re.compile(r"\s+([\u3400-\u9fff\U00020000-\U000323af])(?![\u3400-\u9fff\U00020000-\U000323af])")
_NAME_THEN_ROLE = re.compile(
    r"([\u3400-\u9fff\U00020000-\U000323af]{2,4}?)(?=(?:摄影|报道|摄|文|图|通讯员|记者|实习|采写|撰|综合|"
    r"[\u3400-\u9fff\U00020000-\U000323af]{2,3}报道))"
)


def _name_run(text: str, position: int) -> tuple[list[str], int]:
    """Return the names at a position, each with a surname and a boundary, and where the last one ends."""
    names: list[str] = []
    while token := _TOKEN.match(text, position):
        if names and token.start() == token.start(1):
            break
        name, end = _one_name(text, token)
        # 记者 温镕 沙埠报道: what stands right before 报道 after a name is where from.
        if name is None or len(names) >= 12 or (names and text.startswith("报道", end)):
            break
        names.append(name)
        position = end
    return names, position


def _one_name(text: str, token: re.Match[str]) -> tuple[str | None, int]:
    word, end = token[1], token.end(1)
    if len(word) == 1 and word in SURNAMES and (lone := _LONE.match(text, end)):
        return word + lone[1], lone.end()
    if is_chinese_name(word) or (re.search("[·・•]", word) and len(word) >= 4):
        return word, end
    cut = _NAME_THEN_ROLE.match(word)
    if cut and is_chinese_name(cut[1]):
        return cut[1], token.start(1) + cut.end()
    return None, token.start(1)
