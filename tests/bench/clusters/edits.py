"""What newsrooms do with a text they take over: one function a kind, from a story and another one to the copy."""

import random
import re
from collections.abc import Callable

from opencc import OpenCC

from tests.bench.clusters.texts import Text
from tests.replica.texts import person

Edit = Callable[[Text, Text, random.Random], Text]

_SWAPS = str.maketrans("的了在和有大中上为这", "之過于与着巨内里是那")
_WIDE = str.maketrans("0123456789，：；（）", "０１２３４５６７８９,:;()")
_AROUND = (
    "欢迎关注本网公众号，获取更多本地资讯和便民服务信息。",
    "版权归原作者所有，如有侵权请与我们联系，将及时处理。",
)


def _sentences(line: str) -> list[str]:
    return [piece for piece in re.split(r"(?<=[。！？；])|(?<=[.!?])(?= )", line) if piece]


def _each(text: Text, share: float, rng: random.Random, change: Callable[[str], str]) -> list[str]:
    """Change a share of the sentences, at least one."""
    parts = [_sentences(line) for line in text.lines]
    places = [(i, j) for i, line in enumerate(parts) for j in range(len(line))]
    for i, j in rng.sample(places, max(1, round(share * len(places)))):
        parts[i][j] = change(parts[i][j])
    return ["".join(line) for line in parts]


def _word(rng: random.Random) -> Callable[[str], str]:
    """Other words: some characters by others, or where the text is of letters one word by another."""

    def change(sentence: str) -> str:
        words = sentence.split(" ")
        if len(words) > 3:
            words[rng.randrange(1, len(words) - 1)] = rng.choice(("Donnerstag", "offenbar", "etwa"))
            return " ".join(words)
        at = rng.randrange(max(1, len(sentence) - 4))
        return sentence[:at] + (sentence[at : at + 12].translate(_SWAPS) + "也") + sentence[at + 12 :]

    return change


def _number(rng: random.Random) -> Callable[[str], str]:
    return lambda sentence: re.sub(
        r"\d+", lambda match: str(int(match[0]) + rng.randint(1, 9)), sentence, count=1
    )


def _lead(rng: random.Random) -> str:
    a, b = person(rng), person(rng)
    return rng.choice((
        f"本报讯（记者 {a}）", f"新华社济南5月{rng.randint(1, 28)}日电（记者{a}、{b}）", f"中新网青石5月3日电 （{a}）", "据大众网报道，",
        f"本报5月{rng.randint(1, 28)}日讯（记者 {a} 通讯员 {b}）", f"海报新闻记者 {a} 青石湾报道\n", "央视网消息：", f"记者{a} 通讯员{b} 报道\n",
    ))  # fmt: skip


def headline(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(other.title, text.lines)


def lead(text: Text, other: Text, rng: random.Random) -> Text:
    first = (_lead(rng) + text.lines[0]).split("\n")
    return Text(
        text.title, [*first, *text.lines[1:], *([f"（记者 {person(rng)}）"] if rng.random() < 0.5 else [])]
    )


def shortened(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(text.title, text.lines[: max(2, round(len(text.lines) * rng.uniform(0.4, 0.7)))])


def brief(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(other.title, text.lines[:2])


def part(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(f"{text.title}（下）", text.lines[len(text.lines) // 2 :])


def swapped(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(text.title, rng.sample(text.lines, len(text.lines)))


def appended(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(text.title, [*text.lines, *other.lines[:2]])


def framed(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(text.title, [_AROUND[0], *text.lines, _AROUND[1], f"来源：青石湾晚报 编辑：{person(rng)}"])


def traditional(text: Text, other: Text, rng: random.Random) -> Text:
    convert = OpenCC("s2t").convert
    return Text(convert(text.title), [convert(line) for line in text.lines])


def signs(text: Text, other: Text, rng: random.Random) -> Text:
    lines = [line.translate(_WIDE).replace("“", "「").replace("”", "」") for line in text.lines]
    return Text(text.title, [f"　　{line}" for line in lines])


def words(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(text.title, _each(text, 0.2, rng, _word(rng)))


def rewritten(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(other.title, _each(text, 0.45, rng, _word(rng)))


def numbers(text: Text, other: Text, rng: random.Random) -> Text:
    return Text(text.title, _each(text, 0.3, rng, _number(rng)))


def quoted(text: Text, other: Text, rng: random.Random) -> Text:
    """A longer article of another story that quotes half of this one."""
    take = max(1, (len(text.lines) + 1) // 2)
    at = rng.randint(0, len(text.lines) - take)
    return Text(other.title, [*other.lines[:2], *text.lines[at : at + take], *other.lines[2:]])


def paragraphs(text: Text, other: Text, rng: random.Random) -> Text:
    pieces = [piece for line in text.lines for piece in _sentences(line)]
    step = rng.randint(1, 6)
    return Text(text.title, ["".join(pieces[at : at + step]).strip() for at in range(0, len(pieces), step)])


def several(text: Text, other: Text, rng: random.Random) -> Text:
    """Another headline, a lead, shortened, words changed, a paragraph of its own."""
    edited = Text(other.title, _each(text, 0.15, rng, _word(rng)))
    kept = edited.lines[: max(2, round(len(edited.lines) * 0.7))]
    return lead(Text(edited.title, [*kept, other.lines[0]]), other, rng)


def short(text: Text, other: Text, rng: random.Random) -> Text:
    """The original is one paragraph (the caller cuts it); some words of one sentence are other ones."""
    return Text(other.title, _each(text, 0.01, rng, _word(rng)))


def updated(text: Text, other: Text, rng: random.Random) -> Text:
    """The same outlet prints the text again the next day with two paragraphs more."""
    return Text(text.title, [other.lines[0], *text.lines, other.lines[-1]])


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        headline, lead, shortened, brief, part, swapped, appended, framed, traditional, signs, words, rewritten, numbers,
        quoted, paragraphs, several, short, updated,
    )
}  # fmt: skip
