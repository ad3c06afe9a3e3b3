"""What is found wrong, as a sentence for a person, in English or Chinese."""

from typing import Any

from dzwcrawl.chinese import said_in
from dzwcrawl.health.findings import Finding

_SHARES = {
    "barred": (
        "{hits} of {of} new pages ask to log in, whether a person is reading, or the like",
        "{of} 个新页面中有 {hits} 个要求登录、验证或正在维护",
    ),
    "gone": (
        "{hits} of {of} new pages say that their article is gone",
        "{of} 个新页面中有 {hits} 个提示文章不存在",
    ),
    "rules": (
        "on {hits} of {of} new pages a rule of the site matches nothing: has the template changed?",
        "{of} 个新页面中有 {hits} 个站点规则不再匹配：模板是否改版？",
    ),
    "refused": ("{hits} of {of} new pages gave no article", "{of} 个新页面中有 {hits} 个没有得到文章"),
    "missed": (
        "{hits} of {of} stored articles that were looked at again are not there",
        "复查的 {of} 篇文章中有 {hits} 篇已不在",
    ),
    "unlike": (
        "{hits} of {of} articles have another page template than before",
        "{of} 篇文章中有 {hits} 篇的页面模板与以往不同",
    ),
    "damaged": (
        "{hits} of {of} articles have characters that cannot be read",
        "{of} 篇文章中有 {hits} 篇出现乱码",
    ),
    "no_title": ("{hits} of {of} articles have no title", "{of} 篇文章中有 {hits} 篇没有标题"),
    "no_date": ("{hits} of {of} articles have no date", "{of} 篇文章中有 {hits} 篇没有日期"),
    "no_time": ("{hits} of {of} articles have no time of day", "{of} 篇文章中有 {hits} 篇没有发布时刻"),
    "no_source": ("{hits} of {of} articles have no source", "{of} 篇文章中有 {hits} 篇没有来源"),
    "no_authors": ("{hits} of {of} articles have no author", "{of} 篇文章中有 {hits} 篇没有作者"),
    "no_editors": ("{hits} of {of} articles have no editor", "{of} 篇文章中有 {hits} 篇没有责任编辑"),
    "short": ("{hits} of {of} articles have next to no text", "{of} 篇文章中有 {hits} 篇几乎没有正文"),
    "teaser": ("{hits} of {of} articles show only their beginning", "{of} 篇文章中有 {hits} 篇只显示开头"),
    "links_inside": (
        "{hits} of {of} articles have a list of links where their text is: does the body rule take too much?",
        "{of} 篇文章中有 {hits} 篇的正文区域混入链接列表：正文规则是否取得过多？",
    ),
    "cut": (
        "of {hits} of {of} articles more than half was cleaned away: does the body rule take too much?",
        "{of} 篇文章中有 {hits} 篇的正文区域过半被清除：正文规则是否取得过多？",
    ),
    "shared_lines": (
        "{hits} of {of} articles have lines where their text is that others have too: does the body rule take too much?",
        "{of} 篇文章中有 {hits} 篇的正文区域含有其他文章也有的行：正文规则是否取得过多？",
    ),
    "future": ("{hits} of {of} articles are dated in the future", "{of} 篇文章中有 {hits} 篇日期在未来"),
    "old": ("{hits} of {of} new articles are dated weeks ago", "{of} 篇新文章中有 {hits} 篇日期在数周之前"),
    "copies": ("{hits} of {of} new articles are copies of others", "{of} 篇新文章中有 {hits} 篇是重复文章"),
    "revised": (
        "{hits} of {of} articles that were looked at again have changed",
        "复查的 {of} 篇文章中有 {hits} 篇已改动",
    ),
}
_USUAL = ("; usual is {usual}", "；平时为 {usual}")
_WORDS = {
    "encoding": (
        "{hits} of {of} articles are in {new}, not in {usual} as before",
        "{of} 篇文章中有 {hits} 篇的编码为 {new}，以往为 {usual}",
    ),
    "language": (
        "{hits} of {of} articles read as {new}, not as {usual} as before",
        "{of} 篇文章中有 {hits} 篇的语言识别为 {new}，以往为 {usual}",
    ),
    "longer": (
        "articles are {length} characters long; usual is {usual}",
        "文章长度为 {length} 字；平时为 {usual} 字",
    ),
    "shorter": (
        "articles are {length} characters long; usual is {usual}",
        "文章长度为 {length} 字；平时为 {usual} 字",
    ),
    "robots": (
        "robots.txt forbids {hits} of {of} listings",
        "robots.txt 禁止抓取 {of} 个列表中的 {hits} 个",
    ),
    "robots_changed": (
        "robots.txt with other rules than before: {hits}",
        "{hits} 个 robots.txt 的规则已改变",
    ),
    "clock": (
        "the clocks of the servers and ours differ by {skew} s; usual is {usual} s",
        "服务器与本机的时钟相差 {skew} 秒；平时为 {usual} 秒",
    ),
    "unreachable": (
        "{hits} of {of} listings cannot be had: {why}",
        "{of} 个列表中有 {hits} 个无法读取：{why}",
    ),
    "listing_failed": (
        "{hits} of {of} listings cannot be had, twice in a row: {why}",
        "{of} 个列表中有 {hits} 个连续两次无法读取：{why}",
    ),
    "empty": (
        "{hits} of {of} listings have no links to articles, or hardly any",
        "{of} 个列表中有 {hits} 个没有或几乎没有文章链接",
    ),
    "silent": (
        "{hits} of {of} listings bring nothing new, day {days}; usual is {usual} articles a day",
        "{of} 个列表中有 {hits} 个没有新文章，已 {days} 天；平时每天 {usual} 篇",
    ),
    "listing_template": (
        "{hits} of {of} listings have another page template than before",
        "{of} 个列表中有 {hits} 个的页面模板与以往不同",
    ),
    "few": (
        "new articles: {new}, where a day like this brings {usual}; days of silence: {days}",
        "新文章 {new} 篇，同类日子平时为 {usual} 篇；已沉寂 {days} 天",
    ),
    "many": (
        "new articles: {new}, where a busy day brings {usual:.0f}",
        "新文章 {new} 篇，忙碌的日子为 {usual:.0f} 篇",
    ),
    "overdue": (
        "hours since the last crawl: {hours}; usual is every {usual}",
        "已 {hours} 小时没有抓取；平时每 {usual} 小时一次",
    ),
}
_FEWER = (
    "new articles: {new}, where a day like this brings {usual}",
    "新文章 {new} 篇，同类日子平时为 {usual} 篇",
)
_LONG = {
    "few": (
        "no new articles, for so long that nothing tells any more what is usual",
        "没有新文章，为时已久，已无从得知平时的数量",
    ),
    "silent": (
        "{hits} of {of} listings bring nothing new, for so long that nothing tells any more what is usual",
        "{of} 个列表中有 {hits} 个没有新文章，为时已久，已无从得知平时的数量",
    ),
}
"""Of numbers of articles where no day of silence is known: what came was too little, or what is usual is forgotten."""

CHECKS = (*_SHARES, *_WORDS)


def sentence(finding: Finding, language: str = "en") -> str:
    """Return a finding in words, without the pages to look at. `language`: `en` or `zh`."""
    which = int(language == "zh")
    # What was said by pages and the network (`why`), encodings and languages; numbers stay.
    values: dict[str, Any] = {
        name: said_in(language, value) if isinstance(value, str) else value
        for name, value in finding.values.items()
    }
    if finding.check in _SHARES:
        text = _SHARES[finding.check][which].format(**values)
        usual = values["usual"]
        return text if usual is None else text + _USUAL[which].format(usual=_percent(usual, language))
    words = _WORDS[finding.check]
    if not values.get("days", 1):
        words = _FEWER if values.get("new") else _LONG[finding.check]
    return words[which].format(**values)


def _percent(share: float, language: str) -> str:
    if share < 0.01:
        return "少于 1%" if language == "zh" else "less than 1 in 100"
    return f"{share:.0%}"
