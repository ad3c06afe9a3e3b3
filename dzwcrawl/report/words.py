"""What a report says in English and in Chinese."""

from collections.abc import Callable

ENGLISH: dict[str, str] = {}
CHINESE = {
    "dzwcrawl: report": "dzwcrawl 报告",
    "dzwcrawl: a demo, all invented": "dzwcrawl 演示报告，文章均为虚构",
    "{0} to {1}": "{0} 至 {1}",
    "crawls": "抓取次数",
    "{0} with exit code {1}": "{0} 次退出码 {1}",
    "new articles": "新文章",
    "copies": "其中重复",
    "changed": "有改动",
    "vanished": "已消失",
    "refused": "未收录",
    "lines cleaned away": "清除的行",
    "What needs a look": "需要查看",
    "Nothing: all outlets are as they were.": "无：各站点均与以往一致。",
    "No crawl of these days has been judged.": "这些日子没有可判断的抓取。",
    "Outlets": "站点",
    "outlet": "站点",
    "health": "状况",
    "ok": "正常",
    "warn": "注意",
    "alarm": "告警",
    "unknown": "未知",
    "What came": "新收文章",
    "New articles a day and outlet": "各站点每日新文章",
    "all outlets": "全部站点",
    "How the outlets were": "站点每日状况",
    "What was cleaned away": "清除的内容",
    "Lines left out of bodies, by reason": "从正文中清除的行，按原因",
    "What changed": "改动",
    "Changes of articles, by kind": "文章改动，按类别",
    "What vanished": "消失的文章",
    "What gave no article": "未得到文章的页面",
    "Pages that gave no article, by reason": "未得到文章的页面，按原因",
    "nothing": "无",
    "and {0} more": "另有 {0} 项",
    "days at +08:00; made {0}": "日期按东八区；生成于 {0}",
    "(no title)": "（无标题）",
    "page to look at": "查看页面",
}


def translator(language: str) -> Callable[..., str]:
    """Return the function that says a text in a language (`en`, `zh`), filled with what it is given."""
    words = CHINESE if language == "zh" else ENGLISH

    def say(text: str, *values: object) -> str:
        return words.get(text, text).format(*values)

    return say
