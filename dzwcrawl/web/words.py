"""What the reading room says, in Chinese and English, and how it writes dates and numbers in each."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from dzwcrawl.chinese import said_in

Language = Literal["zh", "en"]

LANGUAGES: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}
"""The languages and their tags."""

_LANGUAGES: dict[str, Language] = {"zh": "zh", "en": "en"}

WORDS: dict[str, tuple[str, str]] = {
    # Every page
    "room": ("阅览室", "Reading room"),
    "invented": ("演示档案，文章均为虚构", "A demo: all articles are invented"),
    "skip": ("跳到正文", "Skip to content"),
    "menu": ("导航", "Pages"),
    "newest": ("最新", "Newest"),
    "days": ("按日", "By day"),
    "outlets": ("媒体", "Outlets"),
    "numbers": ("统计", "Numbers"),
    "sql": ("SQL", "SQL"),
    "other_language": ("English", "中文"),
    "search": ("搜索", "Search"),
    "search_label": ("搜索标题和正文", "Search headlines and text"),
    "foot": (
        "页面由本机的档案生成。阅读时不向任何媒体的网站发出请求。",
        "Made from the archive on this computer. Reading sends no request to any outlet.",
    ),
    "list_sep": ("、", ", "),
    "no_title": ("（无标题）", "(no title)"),
    "unknown": ("不详", "unknown"),
    # Lists
    "articles": ("{n} 篇", "{n} articles"),
    "one_article": ("1 篇", "1 article"),
    "newest_articles": ("最新文章", "Newest articles"),
    "chosen_articles": ("文章", "Articles"),
    "results": ("“{query}”的搜索结果", "Results for “{query}”"),
    "no_articles": ("没有符合条件的文章。", "No article fits this."),
    "empty_archive": (
        "档案里还没有文章。先采集一次：scrapy crawl dzwww",
        "The archive has no article yet. Crawl first: scrapy crawl dzwww",
    ),
    "remove_filter": ("去掉条件：{name}", "Remove {name}"),
    "remove_all": ("全部去掉", "Remove all"),
    "filters": ("筛选", "Filter"),
    "chosen": ("已选条件", "Chosen filters"),
    "by_site": ("媒体", "Outlet"),
    "by_section": ("栏目", "Section"),
    "by_source": ("来源", "Source"),
    "by_day": ("日期", "Date"),
    "by_state": ("状态", "State"),
    "too_many": (
        "文章太多，来不及计数。请先缩小范围。",
        "Too many articles to count in time. Narrow it down first.",
    ),
    "newer": ("← 较新", "← Newer"),
    "older": ("较旧 →", "Older →"),
    "previous": ("← 上一页", "← Previous"),
    "next": ("下一页 →", "Next →"),
    "pages_of_list": ("翻页", "Pages of this list"),
    "undated": ("日期不详", "Date not known"),
    "revised": ("修订过", "Revised"),
    "vanished": ("原网页已消失", "Vanished"),
    "copies": ("包括相同的转载", "With identical copies"),
    "copy": ("转载", "Copy"),
    "order": ("排序", "Order"),
    "order_relevance": ("按相关度", "By relevance"),
    "order_newest": ("按时间", "Newest first"),
    "variants": ("繁简通查", "Traditional and simplified alike"),
    "query_wrong": ("这个搜索式看不懂", "This search cannot be read"),
    "query_help": (
        "几个词用空格隔开，都要出现；词组加引号；OR 是“或者”，NOT 是“排除”；可用括号。",
        "Several words: all of them. A phrase stands in quotes. OR is either, NOT leaves out; parentheses group.",
    ),
    # An article
    "authors": ("作者", "Authors"),
    "editors": ("编辑", "Editors"),
    "source": ("来源", "Source"),
    "outlet": ("媒体", "Outlet"),
    "published": ("发布", "Published"),
    "modified": ("更新", "Modified"),
    "section": ("栏目", "Section"),
    "keywords": ("关键词", "Keywords"),
    "description": ("摘要", "Description"),
    "edition": ("版面", "Edition"),
    "edition_of": ("{date} 第 {page} 版", "{date}, page {page}"),
    "first_seen": ("首次采集", "First seen"),
    "last_seen": ("最近见到", "Last seen"),
    "about": ("关于这篇文章", "About this article"),
    "original": ("原网页", "Original page"),
    "connects": ("（会连接 {host}）", "(connects to {host})"),
    "vanished_since": ("原网页自 {date} 起打不开了", "The page of this article has been gone since {date}"),
    "was_away": ("曾打不开：{since} 至 {until}", "Was gone from {since} to {until}"),
    "copy_of": ("正文与另一篇相同：", "The same text as"),
    "notes": ("说明", "Notes"),
    "picture": ("图片", "Picture"),
    "video": ("视频", "Video"),
    "picture_open": ("在媒体网站看图", "See it at the outlet"),
    "video_open": ("在媒体网站看视频", "Watch it at the outlet"),
    "pictures": ("图片与视频", "Pictures and videos"),
    "revisions": ("修订记录", "Revisions"),
    "revision": ("第 {n} 版", "Revision {n}"),
    "present": ("现行", "present"),
    "seen": ("见到的时间", "Seen"),
    "seen_from_to": ("{since} 至 {until}", "{since} to {until}"),
    "changed": ("改动", "Changed"),
    "compare": ("比较", "Compare"),
    "compare_from": ("从", "From"),
    "compare_to": ("到", "To"),
    "with_before": ("与上一版比较", "Compare with the one before"),
    "old_revision": ("这是第 {n} 版，后来又有修订。", "This is revision {n}. It was revised since."),
    "to_present": ("看现行版本", "Read the present one"),
    "removed": ("删去的行（{n}）", "Removed lines ({n})"),
    "removed_note": (
        "清洗时从正文中删去的每一行，连同理由。",
        "Each line that cleaning took out of the text, and why.",
    ),
    "line": ("删去的行", "Line"),
    "reason": ("理由", "Reason"),
    "evidence": ("依据", "Evidence"),
    "raw": ("原始网页", "Raw page"),
    "raw_part": ("第 {n} 部分", "Part {n}"),
    "raw_source": ("源代码", "Source text"),
    "raw_download": ("下载", "Download"),
    "raw_none": ("没有保存原始网页。", "No raw page was kept."),
    "raw_note": (
        "收到时的字节。这里只显示源代码，从不把它当网页打开。",
        "The bytes as they were received. They are shown as text only, never as a page.",
    ),
    "raw_long": (
        "太长，只显示前 {n} 个字符；全部内容请下载。",
        "Only the first {n} characters: download it for all.",
    ),
    "raw_headers": ("响应头", "Response headers"),
    "fetched": ("取得时间", "Fetched"),
    "size": ("大小", "Size"),
    "back_to_article": ("返回文章", "Back to the article"),
    # Clusters
    "cluster": ("同文转载（{n}）", "Syndication ({n})"),
    "cluster_note": (
        "大部分文字相同的文章，最早的在前。百分比是两文共有的文字。",
        "Articles that share most of their text, the earliest first. Percentages are the text they share.",
    ),
    "earliest": ("最早", "earliest"),
    "this_article": ("本文", "this article"),
    "of_original": ("占最早一篇", "Of the earliest"),
    "of_copy": ("占该篇", "Of the copy"),
    "edits": ("改动", "Edits"),
    "article": ("文章", "Article"),
    "with_original": ("与最早一篇比较", "Compare with the earliest"),
    "edit_same_text": ("文字相同", "same text"),
    "edit_headline": ("标题", "headline"),
    "edit_shortened": ("删节", "shortened"),
    "edit_added": ("增补", "added"),
    "edit_reordered": ("调整顺序", "reordered"),
    "edit_lead": ("电头", "dateline"),
    "edit_edited": ("改写", "edited"),
    "edit_numbers": ("数字", "figures"),
    "edit_script": ("繁简", "script"),
    # A difference
    "difference": ("比较", "Difference"),
    "no_difference": ("没有差别。", "No difference."),
    "signs": ("删去 {removed} 字，增加 {added} 字", "characters removed: {removed}, added: {added}"),
    "op_equal": ("未变", "unchanged"),
    "op_changed": ("改动", "changed"),
    "op_added": ("增加", "added"),
    "op_removed": ("删去", "removed"),
    "op_moved": ("移到此处", "moved"),
    "op_moved_away": ("移走", "moved away"),
    "legend": ("有删除线的是删去的，有下划线的是增加的。", "Struck through: removed. Underlined: added."),
    "coarse": (
        "内容很长：部分按句或按段比较，没有逐字比较。",
        "Very long: parts of it are compared by sentence or paragraph, not word by word.",
    ),
    "more_characters": ("（还有 {n} 字）", "(characters left out: {n})"),
    "fold": ("收起", "fold"),
    "field_title": ("标题", "Headline"),
    "field_subtitle": ("副题", "Subtitle"),
    "field_authors": ("作者", "Authors"),
    "field_published": ("发布时间", "Published"),
    "field_editors": ("编辑", "Editors"),
    "field_source": ("来源", "Source"),
    "field_images": ("图片", "Pictures"),
    "field_captions": ("图片说明", "Captions"),
    "field_body": ("正文", "Text"),
    "kind_headline": ("标题", "headline"),
    "kind_body": ("正文", "text"),
    "kind_correction": ("更正", "correction"),
    "kind_authors": ("作者", "authors"),
    "kind_date": ("日期", "date"),
    "kind_picture": ("图片", "pictures"),
    # Days and outlets
    "calendar": ("日历", "Calendar"),
    "neighbours": ("前后各日", "Days before and after"),
    "weekdays": ("一 二 三 四 五 六 日", "Mon Tue Wed Thu Fri Sat Sun"),
    "weekday": ("星期{name}", "{name}"),
    "all_of_day": ("{site} 当日全部 {n} 篇", "All {n} of {site} on this day"),
    "nothing_on_day": ("这一天没有文章。", "No article on this day."),
    "first": ("最早", "First"),
    "last": ("最近", "Last"),
    "n_articles": ("文章", "Articles"),
    "n_copies": ("转载", "Copies"),
    "share_revised": ("修订率", "Revised"),
    "all_of": ("{site} 的全部文章", "All articles of {site}"),
    # Numbers
    "per_day": ("每日文章数，{first}至{last}", "Articles per day, {first} to {last}"),
    "top_sources": ("主要来源", "Top sources"),
    "revision_rate": ("修订过的文章所占比例", "Share of articles that were revised"),
    "as_table": ("表格", "As a table"),
    "day": ("日期", "Day"),
    "no_numbers": ("还没有带日期的文章。", "No dated article yet."),
    "other_outlets": ("另有 {n} 家媒体，见表格。", "More outlets, in the table: {n}."),
    # What went wrong
    "not_found": ("没有这个页面", "Not found"),
    "not_found_text": (
        "网址可能有误，或者文章已从档案中移除。",
        "The address may be wrong, or the article was taken out of the archive.",
    ),
    "to_front": ("回首页", "To the front page"),
    "too_slow": ("太慢", "Too slow"),
    "too_slow_text": (
        "超过 {n} 秒，已经停止。请缩小范围再试。",
        "This took more than {n} seconds and was stopped. Narrow it down and try again.",
    ),
    "failed": ("读不到档案", "The archive cannot be read"),
    "bad_address": ("网址有误", "This address cannot be read"),
}

_MONTHS = "January February March April May June July August September October November December".split()
_TIME = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(?::[\d.]+)?(Z|[+-]\d\d:\d\d)?)?)?)?")


class Words:
    """The words of one language: `words("articles", n=3)`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.tag = LANGUAGES[language]
        self._at = 0 if language == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        """Return what stands for a key, with its values put in."""
        text = WORDS[key][self._at]
        return text.format(**values) if values else text

    def known(self, prefix: str, name: str) -> str:
        """Return what stands for a name from the archive (`kind`, `headline`), or the name itself."""
        key = f"{prefix}_{name.replace(' ', '_')}"
        return WORDS[key][self._at] if key in WORDS else name

    def said(self, text: str) -> str:
        """Return what the archive says of itself: a reason, a note, what is wrong with a query."""
        return said_in(self.language, text)

    def articles(self, number: int) -> str:
        """Return how many articles."""
        return self("one_article") if number == 1 else self("articles", n=f"{number:,}")

    def date(self, time: str | None) -> str:
        """Return an ISO time as precisely as it is known; one in UTC says so."""
        found = _TIME.fullmatch(time or "")
        if found is None:
            return time or self("unknown")
        year, month, day, clock, zone = found.groups()
        written = self._day(int(year), int(month or 0), int(day or 0))
        return f"{written} {clock}{' UTC' * (zone in ('Z', '+00:00'))}" if clock else written

    def _day(self, year: int, month: int, day: int) -> str:
        if self.language == "zh":
            return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
        name = _MONTHS[month - 1] if 1 <= month <= 12 else ""
        return " ".join(filter(None, (str(day or ""), name, str(year))))

    def weekday(self, day: str) -> str:
        """Return the weekday of a day `YYYY-MM-DD`; empty for what is none."""
        try:
            number = date.fromisoformat(day).weekday()
        except ValueError:
            return ""
        return self("weekday", name=self("weekdays").split()[number])


def preferred(accept: str, choices: Iterable[str | None] = ()) -> Language:
    """Return the language to speak.

    :param accept: the header Accept-Language.
    :param choices: what the reader chose, the most recent first; what is no language is passed over.
    """
    for choice in choices:
        if choice in _LANGUAGES:
            return _LANGUAGES[choice]
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(accept.lower().split(",")):
        tag, _, quality = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", quality)
        language = _LANGUAGES.get(tag.strip()[:2])
        if language is not None:
            ranked.append((-(float(weight[1]) if weight else 1.0), place, language))
    return min(ranked)[2] if ranked and min(ranked)[0] < 0 else "en"
