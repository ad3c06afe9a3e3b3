"""From an item to its article: opening, body blocks, credits, the noise inside the container."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from . import furniture, month, texts
from .model import Article, Block, Item, Link

RARE_NAMES = {"gbk_char": ("陶喆", "温镕", "李堃"), "gb18030_char": ("周𬭎", "沈𬭎", "许𬭎")}
COLUMN = "【民生观察】"
SOURCES = ("大众网", "大众日报", "海报新闻", "白浪融媒", "青石县融媒体中心", "东岸晚报")
OPENINGS = (
    "plain",
    "plain",
    "plain",
    "dateline_benbao",
    "dateline_xun",
    "dateline_hb",
    "xinhua_opening",
    "reporter_box",
)


class Draft:
    """An article under construction: one random stream decides all of its features, in a fixed order."""

    def __init__(self, item: Item, day: float) -> None:
        self.item = item
        self.day = day
        self.rng = random.Random(f"draft/{item.number}")
        self.text_rng = random.Random(f"text/{item.text_of.number}")
        self.traps = set(item.traps)
        self.authors: list[str] = []
        self.text_traps = item.text_of.traps
        self.story = story_of(item)

    def has(self, trap: str) -> bool:
        """Whether the world chose this trap for the item."""
        return trap in self.item.traps

    def text(self) -> list[Block]:
        """The news itself; a reprint gets exactly its origin's blocks."""
        if "seed" in self.text_traps:
            return self._seed()
        if "weather_notice" in self.text_traps:
            self.traps.add("weather_notice")
            _, lines = texts.weather(self.item.text_of.number, self.item.text_of.when)
            return [Block("p", line) for line in lines]
        paragraphs = self._opening(list(self.story.paragraphs))
        blocks = [Block("p", line) for line in paragraphs]
        self._enrich(blocks)
        self._close(blocks)
        return blocks

    def _seed(self) -> list[Block]:
        lines = texts.seed_paragraphs()
        head = lines.index("主动出击“面对面”连成招商“葡萄串”")
        blocks = [Block("strong" if at == head else "p", line) for at, line in enumerate(lines)]
        return [*blocks, Block("noise", f"扫码观看视频《{texts.SEED_TITLE}》")]

    def _opening(self, paragraphs: list[str]) -> list[str]:
        """Datelines and bylines: they look like noise and are news."""
        name, other = texts.person(self.text_rng), texts.person(self.text_rng)
        for trap, names in RARE_NAMES.items():
            if trap in self.text_traps:
                name = names[self.item.text_of.number % len(names)]
        kind = self.text_rng.choice(OPENINGS)
        if self.text_traps & {"column_name", "gbk_char", "gb18030_char"}:
            kind = "dateline_hb" if "column_name" not in self.text_traps else "plain"
        when, first = self.item.text_of.when, paragraphs[0]
        if kind == "dateline_benbao":
            paragraphs[0] = f"本报{self.story.place[:2]}讯 {first}"
        elif kind == "dateline_xun":
            paragraphs[0] = f"{when.month}月{when.day}日讯({name}){first}"
            self.authors.append(name)
        elif kind == "dateline_hb":
            paragraphs[0] = f"大众网·海报新闻记者 {name} {self.story.place[:2]}报道"
            paragraphs.insert(1, first)
            self.authors.append(name)
        elif kind == "xinhua_opening":
            paragraphs[0] = f"据新华社{self.story.place[:2]}{when.month}月{when.day}日电 {first}"
        elif kind == "reporter_box":
            paragraphs.insert(0, f"□记者 {name} 通讯员 {other} 报道")
            self.authors += [name, other]
        if kind != "plain":
            self.traps.add(kind)
        if "column_name" in self.text_traps:
            self.traps.add("column_name")
            paragraphs.insert(0, COLUMN)
        return paragraphs

    def _enrich(self, blocks: list[Block]) -> None:
        """Headings, a list, a table, a quotation, a `<br>` paragraph, pictures: some of each."""
        rng, story = self.text_rng, self.story
        extras: list[tuple[str, float, Block]] = [
            ("heading_strong", 0.2, Block("strong", story.heads[0])),
            ("heading_h3", 0.12, Block("h3", story.heads[1])),
            ("list", 0.12, Block("list", lines=story.items)),
            ("table", 0.12, Block("table", lines=story.rows)),
            ("quote", 0.12, Block("quote", story.quote)),
        ]
        for trap, chance, block in extras:
            if rng.random() < chance:
                blocks.insert(rng.randint(min(2, len(blocks)), len(blocks)), block)
                self.traps.add(trap)
        self._fixed_lines(blocks)
        self._join_by_br(blocks)
        self._pictures(blocks)

    def _fixed_lines(self, blocks: list[Block]) -> None:
        """Lines several articles share although they are news."""
        for trap, line in (("slogan", texts.SLOGAN), ("reprinted_notice", texts.NOTICE)):
            if trap in self.text_traps:
                blocks.insert(len(blocks) // 2, Block("p", line))
                self.traps.add(trap)

    def _join_by_br(self, blocks: list[Block]) -> None:
        plain = [at for at in range(1, len(blocks) - 1) if blocks[at].kind == blocks[at + 1].kind == "p"]
        if plain and self.text_rng.random() < 0.15:
            at = self.text_rng.choice(plain)
            blocks[at : at + 2] = [Block("br", lines=(blocks[at].text, blocks[at + 1].text))]
            self.traps.add("br_paragraphs")

    def _pictures(self, blocks: list[Block]) -> None:
        """Pictures and their captions; each copy of a text has its own files, as a CMS stores them."""
        chance = self.text_rng.random()
        count = 2 if chance < 0.12 else 1 if chance < 0.4 else 0
        for index in range(count):
            stem = f"W0{self.item.when:%Y%m%d}{self.item.docid % 10**9:09d}{index:03d}.jpg"
            kind = "oldsrc" if index or self.item.number % 3 == 0 else "image"
            blocks.insert(
                min(len(blocks), 1 + 3 * index), Block(kind, self.story.captions[index], src=f"./{stem}")
            )
            self.traps.add("image_caption")
            if kind == "oldsrc":
                self.traps.add("image_oldsrc")
        if "video" in self.text_traps:
            film = f"http://v.dzwww.com/{self.item.when:%Y%m}/{self.item.docid}.mp4"
            blocks.insert(1, Block("video", src=film))
            self.traps.add("video")

    def _close(self, blocks: list[Block]) -> None:
        """A byline or （完） at the end, and what day 1 adds to an edited article."""
        if self.text_rng.random() < 0.15:
            reporter, helper = texts.person(self.text_rng), texts.person(self.text_rng)
            blocks.append(Block("p", f"本报记者 {reporter} 通讯员 {helper}"))
            self.authors += [reporter, helper]
            self.traps.add("byline_end")
        elif self.text_rng.random() < 0.12:
            last = blocks[-1]
            if last.kind == "p":
                blocks[-1] = Block("p", last.text + "（完）")
                self.traps.add("end_mark")
        if "body" in month.changed(self.item, self.day):
            blocks.insert(2, Block("p", self.story.update))

    def title(self) -> str:
        """Headline of this copy of the text."""
        return title_of(self.item, self.day)

    def editors(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names and the lines that credit them."""
        if self.has("seed"):
            return ("刘美显",), ("责任编辑：刘美显",)
        first, second, third = (texts.person(self.rng) for _ in range(3))
        for trap, names in RARE_NAMES.items():
            if self.has(trap):
                first = names[(self.item.number + 1) % len(names)]
        forms: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
            ((first,), (f"责任编辑：{first}",)),
            ((first,), (f"(责任编辑：{first})",)),
            ((first,), (f"【责任编辑：{first}】",)),
            ((first, second), (f"责编：{first}、{second}",)),
            ((first, second, third), (f"编辑:{first} 责编:{second} 审校:{third}",)),
            ((first, second), (f"初审编辑：{first}", f"责任编辑：{second}")),
            ((first,), (f"责任编辑：{first}",)),
        ]
        form = self.rng.randrange(len(forms))
        if self.item.number % 17 == 16 and not self.item.traps:
            self.traps.add("no_editor")
            return (), ()
        self.traps.add(f"editor_form_{form % 6}")
        return forms[form]


def story_of(item: Item) -> texts.Story:
    """The invented event behind an item's text."""
    origin = item.text_of
    return texts.story(origin.number, origin.channel.desk, origin.when)


def title_of(item: Item, day: float) -> str:
    """Headline, cheap enough for lists of thousands."""
    if "seed" in item.traps:
        return texts.SEED_TITLE
    if item.origin:
        return story_of(item).other_title
    if "weather_notice" in item.traps:
        return texts.weather(item.number, item.when)[0]
    title = texts.headline(item.number, item.channel.desk, item.when)
    return f"{title}（最新进展）" if "title" in month.changed(item, day) else title


def lead_of(item: Item) -> str:
    """The beginning of an article as related lists print it."""
    return story_of(item).paragraphs[0][:36]


def compose(item: Item, day: float, url: str, neighbours: Sequence[Item]) -> Article:
    """The whole article as it stands on a day, at one of its addresses."""
    draft = Draft(item, day)
    parts = [draft.text()]
    if item.traps & {"multipart", "missing_part"}:
        for part in (1, 2):
            lines = texts.serial_part(item.number, part, item.channel.desk, item.when)
            parts.append([Block("p", line) for line in lines])
    editors, editor_lines = draft.editors()
    article = Article(
        item=item,
        url=url,
        title=draft.title(),
        source=_source(draft),
        clock=_clock(item),
        parts=parts,
        editors=tuple(dict.fromkeys(editors)),
        editor_lines=editor_lines,
        editor_place=_editor_place(draft),
        keywords=draft.story.keywords if item.era in "BD" else (),
        subscriptions=2 if draft.has("seed") else 1 + item.number % 3,
        neighbours=tuple(Link(title_of(near, day), near.url) for near in neighbours),
        missing_part=1 if draft.has("missing_part") else 0,
        readers=_readers(item, day),
        ad=round(day * 24),
    )
    _headings(article, draft)
    article.authors = tuple(dict.fromkeys([*filter(None, [article.header_author]), *draft.authors]))
    _noise(article, draft, neighbours)
    article.traps = draft.traps | {f"subscription_x{article.subscriptions}"}
    return article


def _readers(item: Item, day: float) -> int:
    """The counter of www pages; on later days, because the first is fetched as it stands."""
    return (
        random.Random(f"{item.number}/{day}").randint(1, 99_999) if day and "www" in item.channel.host else 0
    )


def _source(draft: Draft) -> str:
    if draft.has("seed"):
        return "大众报业·大众日报"
    if draft.item.channel.name == "hb":
        return "海报新闻"
    return draft.rng.choice(SOURCES)


def _clock(item: Item) -> str:
    if item.era in "BD":
        return "second"
    return "date" if item.era == "C" and item.number % 3 == 0 else "minute"


def _editor_place(draft: Draft) -> str:
    if draft.has("seed"):
        return "body"
    places = ("body", "body", "div.edit", "#editor", "span#editor_baidu")
    place = draft.rng.choice(places if draft.item.era in "BC" else places[:4])
    draft.traps.add("editor_in_" + re.sub(r"[#.]+", "_", place).strip("_"))
    return place


def _headings(article: Article, draft: Draft) -> None:
    """Kicker above or subtitle below the title; an author beside the source."""
    chance = draft.rng.random()
    if draft.has("seed"):
        return
    if chance < 0.16 and article.item.channel.name != "hb":
        article.subtitle, article.kicker = draft.story.overline, chance < 0.08
        draft.traps.add("kicker" if article.kicker else "subtitle")
    if article.item.era in "BD" and draft.rng.random() < 0.4:
        article.header_author = texts.person(draft.rng)
        draft.traps.add("header_author")


def _noise(article: Article, draft: Draft, neighbours: Sequence[Item]) -> None:
    """Puts into the container what sites put there, and the credit lines behind the text."""
    first, last, rng = article.parts[0], article.parts[-1], draft.rng
    if article.subscriptions == 3:
        first.insert(len(first) // 2, Block("noise", lines=furniture.SUBSCRIPTION))
    if not draft.has("seed") and rng.random() < 0.4:
        last.append(Block("noise", rng.choice(furniture.CALLS)))
        draft.traps.add("call_line")
    if article.editor_place == "body":
        last += [Block("credit", line) for line in article.editor_lines]
    for trap, place, line in furniture.banners(article.item, article.title):
        draft.traps.add(trap)
        block = Block("noise", line)
        first.insert(0, block) if place == "start" else last.append(block)
    _lists(article, draft, neighbours)


def _lists(article: Article, draft: Draft, neighbours: Sequence[Item]) -> None:
    """Related titles, and on weifang summaries ending in [详细], half of them inside the container."""
    if article.item.channel.name == "weifang":
        details = tuple(f"{lead_of(near)}...[详细]" for near in neighbours[2:6])
        draft.traps.add("related_details")
        if article.item.number % 2:
            article.parts[-1].append(Block("noise", lines=details))
            draft.traps.add("related_details_inside")
        else:
            article.details = details
    elif draft.rng.random() < 0.6:
        article.related = article.neighbours[2:6]
        draft.traps.add("related_titles")
