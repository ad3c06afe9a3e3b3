"""What a block has in common with its variants on other pages, and what kind of line it is."""

import re
from collections.abc import Collection
from typing import Literal

from dzwcrawl.text import fold

Kind = Literal["label", "sentence", "frame", "column"]
"""`label`: a line that is no sentence; `sentence`: one with its digits; `frame`: a sentence whose digits are
masked; `column`: a name in brackets such as 【民生观察】."""

MAX_LENGTH = 600
"""Characters; a longer block is prose whatever it says, and prose that repeats is a reprint."""

_MAX_LABEL = 90
"""Characters of a line that is no sentence above which it is taken for one."""

_QUOTED = re.compile(r"《[^》]*》|<[^>]*>")
_NUMBER = re.compile(r"\d[\d,.]*")
_SENTENCE = re.compile(r"[。!?;]|\w[.] |[^\W\d]{2}[.]$")
_COLUMN = re.compile(r"^[【\[〖][^】\]〗]{1,20}[】\]〗]$")
_SLOT = re.compile(r"^([^:#]{2,10})[:] ?([^。!?;:]{1,24})$")
_SPEAKER = re.compile(
    r"(记者|主持人?|问|答|嘉宾|网友|观众|主播|先生|女士|律师|专家|老师|医生|市民|队长|教授)$"
)
_NEWS = re.compile(
    r"^[(【\[]?\s*(完|待续|未完待续|(下转|上接|转|接).{1,10}版)\s*[)】\]]?$"
    r"|^[(\[]\s*(ende|end|fin|fine|slut|einde|конец|終わり|おわり|끝)\s*[)\]]$"
    r"|^[□■◎●▲△]?\s*(本报|本网|本刊|新华社|中新社|中新网|人民网|大众网|据).{0,30}(讯|电|报道|记者|通讯员|消息|摄)"
    r"|^[□■◎●▲△]?\s*(记者|通讯员|实习生)"
    r"|^.{0,24}(?<![资通短快简])(讯|电)\s*([(][^)]{1,40}[)])?$"
    r"|[\s:/(].{2,14}\s*(报道|摄影?|供图|撰稿|整理)[)]?$"
    r"|^[(].{0,40}(记者|通讯员|客户端|报道).{0,40}[)]$"
    r"|^([一二三四五六七八九十]+|\d{1,2})[、.](?!\d)\s*\S|^[(][一二三四五六七八九十\d]{1,3}[)]\s*\S"
    r"|^(问|答|q|a|前言|引言|结语|后记|导语|编者按|编后|开栏的话|摘要|提要|背景|案例.{0,3}"
    r"|第[一二三四五六七八九十百\d]+(章|节|回|集|期|篇|部分|站|讲|幕|天)?)[:]?$"
    r"|^[(\[]?\s*(fortsetzung|wird fortgesetzt|to be continued|continued|à suivre|suite page|continuará|続く|つづく|계속).{0,30}$"
    r"|^[^\W\d][^。!?]{1,45}[(/–—-] ?(dpa|afp|ap|reuters|efe|ansa|apa|kna|epd|sid|tass|pti|共同|時事|연합)\b.{0,12}$"
    r"|^(von|by|par|por|di) [^.!?]{3,40}$|(기자|記者)$"
    r"|^(frage|antwort|fazit|hintergrund|question|answer|background|réponse|pregunta|respuesta)[:]?$"
)
"""Lines that repeat as news, in folded text: end marks, jumps, datelines, bylines, numbering, names of parts."""


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁"
)
"""The most common ones, of nine Chinese in ten."""

_NAME = f"[{_SURNAMES}][\u4e00-\u9fff]"
_BOUNDED_NAME = re.compile(f"(?<![\u4e00-\u9fff]){_NAME}[\u4e00-\u9fff]?(?![\u4e00-\u9fff])")
_NAMES = (re.compile(f"{_NAME}[\u4e00-\u9fff]"), re.compile(_NAME))
_LATIN_NAME = re.compile(
    r"\b[A-ZÄÖÜÉÈ][\w'’-]+(?: (?:[A-ZÄÖÜ][.]|von|van|de|di|Le|La))? [A-ZÄÖÜÉÈ][\w'’-]+\b"
)
_MASKS = re.compile(r"[\W_#□]+")

_MAX_NAMED = 60
"""Characters of a line above which no names are looked for in it."""

_MIN_LEFT = 3
"""Word characters that must be left of a line when its names are masked: a byline is little but names."""


def pattern(text: str, title: str | None, names: Collection[str] = ()) -> str | None:
    """Return what a block has in common with its variants on other pages, or None when it must not be learned.

    Digits become `#`, quoted titles and the article's own title `《》`, the article's own people and source
    (`names`) and the value of a short `label: value` line `□`, so that `正在阅读：<title>` is one pattern. A
    pattern is its own pattern, so that one may be pasted where a text is asked for. Never learned: long blocks,
    what stands in the title, and lines that repeat as news.
    """
    if len(text) > MAX_LENGTH:
        return None
    folded, own = fold(text), fold(title or "")
    if not folded or _NEWS.search(folded) or (own and folded in own):
        return None
    if len(own) >= 4:
        folded = folded.replace(own, "《》")
    folded = _QUOTED.sub("《》", folded)
    for name in names:
        if len(name) >= 2:
            folded = folded.replace(fold(name), "□")
    folded = _NUMBER.sub("#", folded)
    slot = _SLOT.match(folded)
    if slot and not _SPEAKER.search(slot[1]):
        folded = f"{slot[1]}:□"
    return None if "□" in folded and not _MASKS.sub("", folded) else folded


def variants(text: str, pattern: str) -> list[str]:
    """Return further patterns of a line in which what may be a person's name is masked.

    Where nothing tells how long a Chinese name is, there is one pattern for two characters after the surname and
    one for one: the wrong one is as good as unique and is never heard of again.
    """
    if len(text) > _MAX_NAMED:
        return []
    found = {pattern.replace(fold(name), "□") for name in _LATIN_NAME.findall(text)}
    bounded = _BOUNDED_NAME.sub("□", pattern)
    found |= {bounded, *(names.sub("□", bounded) for names in _NAMES)} - {pattern}
    return sorted(masked for masked in found if len(_MASKS.sub("", masked)) >= _MIN_LEFT)


def kind_of(pattern: str) -> Kind:
    """Return what kind of line a pattern is."""
    if _COLUMN.match(pattern):
        return "column"
    if _SENTENCE.search(pattern) or len(pattern) > _MAX_LABEL:
        return "frame" if "#" in pattern else "sentence"
    return "label"
