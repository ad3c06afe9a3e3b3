"""In Chinese what the archive says in English: why a line or a page is left out, notes, why a query cannot be read.

The archive keeps reasons in English, because programs ask for them by name; pages for people say them in their language.
Some are of two parts (`part 2 of 3 is missing: HTTP 404`): the parts are looked up one by one.
"""

import re

_REASONS = {
    # Of lines (`removed`): what kind of thing it is, and which
    "phrase: advertisement": "固定用语：广告",
    "phrase: comment": "固定用语：评论",
    "phrase: comments": "固定用语：评论区",
    "phrase: consent": "固定用语：隐私或同意提示",
    "phrase: copyright": "固定用语：版权声明",
    "phrase: disclaimer": "固定用语：免责声明",
    "phrase: end mark": "固定用语：结束标记",
    "phrase: navigation": "固定用语：导航",
    "phrase: original title": "固定用语：原标题",
    "phrase: placeholder": "固定用语：占位文字",
    "phrase: player": "固定用语：播放器",
    "phrase: print": "固定用语：打印与字号",
    "phrase: promotion": "固定用语：推广",
    "phrase: related list": "固定用语：相关文章列表",
    "phrase: scan": "固定用语：扫码",
    "phrase: share": "固定用语：分享",
    "phrase: subscription": "固定用语：订阅或关注",
    "phrase: tags": "固定用语：标签",
    "links: a list of links": "链接：链接列表",
    "links: one of several": "链接：多个链接之一",
    "links: a line that is a link": "链接：整行是链接",
    "links: label of a list of links": "链接：链接列表的标题",
    "caption: of an image": "图片说明",
    "credit: editors": "署名：编辑",
    "credit: authors": "署名：作者",
    "credit: source": "署名：来源",
    "credit: date": "署名：日期",
    "credit: other": "署名：其他",
    "title: repeated": "标题：重复",
    "title: the headline": "标题：本文标题",
    "header: name or date": "题头：姓名或日期",
    "header: between title and text": "题头：标题与正文之间",
    "repeated: it stands above": "重复：前文已有",
    "post: another one begins": "帖子：另一篇由此开始",
    "part: repeats the end of the part before": "分页：重复上一页末尾",
    "rule: drop": "站点规则：删去",
    "tail: after the credit of the editor": "文末：编辑署名之后",
    "teaser: one of a list": "导语：列表中的一条",
    "paywall: letters made unreadable": "付费墙：文字被打乱",
    "widget: advertisement": "组件：广告",
    "widget: appeal to subscribe or give": "组件：订阅或捐助",
    "widget: author box": "组件：作者简介",
    "widget: between lead and body": "组件：导语与正文之间",
    "widget: box": "组件：文字框",
    "widget: consent": "组件：隐私同意",
    "widget: consent or dialogue": "组件：隐私同意或弹窗",
    "widget: footer": "组件：页脚",
    "widget: hidden": "组件：隐藏内容",
    "widget: navigation": "组件：导航",
    "widget: print and font size": "组件：打印与字号",
    "widget: share box": "组件：分享",
    "widget: side column": "组件：侧栏",
    "widget: side column, after the body": "组件：正文之后的侧栏",
    "widget: sign-up": "组件：注册或订阅",
    "widget: so named": "组件：按其名称判断",
    "widget: tags": "组件：标签",
    "learned: repeats before the text on this site": "学习所得：在本站正文之前反复出现",
    "learned: repeats after the text on this site": "学习所得：在本站正文之后反复出现",
    "learned: repeats in a place of its own on this site": "学习所得：在本站独立位置反复出现",
    "learned: repeats in texts of this site": "学习所得：在本站正文中反复出现",
    "learned: in a list under a line that repeats on this site": "学习所得：位于本站反复出现的一行之下的列表",
    "learned: known of this site": "已知：本站的套话",
    "dropped: by a person's word": "人工指定删去",
    # Of pages
    "the page says that the article does not exist": "页面提示文章不存在",
    "the page asks whether a person is reading it": "页面要求人机验证",
    "the page only asks to log in": "页面只要求登录",
    "the page says that the site is out of order": "页面提示网站维护或故障",
    "the page only leads on to another": "页面只是跳转",
    "a listing, not an article": "是列表，不是文章",
    "a feed or sitemap, not an article": "是订阅源或站点地图，不是文章",
    "a front page, not an article": "是首页，不是文章",
    "not the URL of an article by the rules of its site": "按站点规则不是文章网址",
    "the body is empty": "正文为空",
    "empty page: there is no visible text": "空页面：没有可见文字",
    "empty page: there is no markup to read": "空页面：没有可读的标记",
    "no text of an article: nothing but links, notices and labels": "没有文章正文：只有链接、声明和标签",
    "no text of an article: nothing but its title and credits": "没有文章正文：只有标题和署名",
    "nothing but boilerplate where the body should be": "正文处只有套话",
    "a rule of its site matches nothing": "站点规则没有匹配",
    "redirected to the front page": "被转到首页",
    "Forbidden by robots.txt": "robots.txt 禁止抓取",
    "max redirections reached": "重定向次数过多",
    "not allowed": "不允许抓取",
    "forgotten": "已按要求移除",
    "another URL of the article": "同一文章的另一网址",
    "the first page of the article is not kept": "没有保存文章的第一页",
    "its page is not kept": "没有保存该页",
    "it is not in the file": "文件中没有该页",
    "it does not hold the text of the first": "不含第一页的文字",
    "the page could not be fetched": "页面无法读取",
    # Of listings
    "no article links are found on it: has its template changed?": "没有找到文章链接：模板是否改版？",
    "the edition has no articles: has its template changed?": "该期没有文章：模板是否改版？",
    "it is no feed": "不是订阅源",
    "it is no JSON": "不是 JSON",
    "it is no sitemap: there is nothing to read": "不是站点地图：没有内容",
    "it is no sitemap: there is no URL in it": "不是站点地图：没有网址",
    # Notes
    "only the teaser: paywall": "只有开头：付费墙",
    # What a revision changed
    "headline": "标题",
    "body": "正文",
    "correction": "更正",
    "authors": "作者",
    "date": "日期",
    "picture": "图片",
    # What a query lacks
    "the query is empty": "搜索式是空的",
    "the query has bytes that are no text in the encoding of this terminal: say export LC_ALL=C.UTF-8": (
        "搜索式中有的字节按此终端的编码不是文字：请先执行 export LC_ALL=C.UTF-8"
    ),
    "there is nothing to look for here": "此处没有可搜索的内容",
    "this parenthesis closes none": "多了一个右括号",
    "this parenthesis is never closed": "这个括号没有合上",
    "a word is missing here": "此处缺一个词",
    "this only says what is not wanted: name something to find as well, or quote a minus that is meant": (
        "只写了要排除的：请再写要找的词；若减号是词的一部分，请加引号"
    ),
    "AND has nothing before it": "AND 之前没有词",
    "AND has nothing after it": "AND 之后没有词",
    # What SQLite says of a file
    "database is locked": "数据库被占用",
    "database disk image is malformed": "数据库文件已损坏",
    "file is not a database": "文件不是数据库",
    "unable to open database file": "无法打开数据库文件",
    "disk I/O error": "磁盘读写错误",
}

_INSIDE: list[tuple[str, str]] = [
    (r"kept, though (.+)", "人工保留，虽然是 {0}"),
    (r"on (\d+) of (\d+) articles, (.+)", "{1} 篇文章中出现于 {0} 篇，{2}"),
    (r"the whole site", "全站"),
    (r"template (.+)", "模板 {0}"),
    (r"channel (.+)", "栏目 {0}"),
    (r"(kept|dropped) by a person's word, (\S+)", "{0}，人工指定，{1}"),
    (r"(kept|dropped) by import, (\S+)", "{0}，由导入指定，{1}"),
    (r"kept", "保留"),
    (r"dropped", "删去"),
    (r"part (\d+) of (\d+) is missing: (.+)", "缺第 {0} 部分（共 {1} 部分）：{2}"),
    (r"part (\d+) of (\d+) only repeats the parts before", "第 {0} 部分（共 {1} 部分）只重复前文"),
    (r"more than (\d+) parts: the rest is left out", "超过 {0} 部分：其余略去"),
    (r"the single page with the whole text is missing: (.+)", "缺全文单页：{0}"),
    (r"rule (\w+) \((.*)\) matches nothing", "站点规则 {0}（{1}）没有匹配：模板是否改版？"),
    (r"redirected to (\S+)", "被转到 {0}"),
    (r"leads to another site: (\S+)", "转到了另一个网站：{0}"),
    (r"(\S+) is a private address: .+", "{0} 是内部地址"),
    (r"(\S+) has the private address (\S+)", "{0} 的地址 {1} 是内部地址"),
    (r"robots\.txt of (\S+) is unreachable, so nothing is fetched there: (.+)",
     "{0} 的 robots.txt 读不到，因此不抓取：{1}"),
    (r"no edition since (\S+): has its address changed\?", "{0} 以来没有新的一期：网址是否改变？"),
    (r"sitemaps that name sitemaps, more than (\d+) deep", "站点地图嵌套超过 {0} 层"),
    (r"the gzipped sitemap is broken: .*", "压缩的站点地图已损坏"),
    (r"unpacked it has more than (\d+) MB", "解压后超过 {0} MB"),
    (r"too large to send: .*", "过大，无法传给归档进程"),
    (r"it is no (JSON|sitemap): .*", "不是有效的 {0}"),
    (r"([\w.-]+) on (\S+)", "{1} 的 {0}"),
    (r"(.+) \(character (\d+) of the query: (.*)\)", "{0}（第 {1} 个字符：{2}）"),
    (r"the query has (\d+) characters; (\d+) are the most", "搜索式有 {0} 个字符，最多 {1} 个"),
    (r"the quote (\S) is never closed with (\S)", "引号 {0} 没有用 {1} 合上"),
    (r"more than (\d+) parentheses inside each other", "括号嵌套超过 {0} 层"),
    (r"['\"]?(.*?)['\"]? stands in more than (\d+) words or forms: say more of it", "“{0}”对应的词形超过 {1} 个：请写得更完整"),
    (r"no archive at (.+): run a crawl first, or name the file with --archive",
     "{0} 处没有档案：请先采集，或用 --archive 指定文件"),
    (r"(.+) is of an earlier version: run `(.+)`, which brings it up to date", "{0} 是旧版档案：请运行 {1} 升级"),
    (r"(.+) is of an earlier version: it cannot be written where it is, .+`(.+)`, which brings the copy up to date",
     "{0} 是旧版档案，所在位置不可写：请复制到可写的文件夹，再运行 {1} 升级副本"),
    (r"database is locked; another program .+", "数据库被其他程序占用：请先让它结束，再试一次"),
    (r"(.+) is a folder: name a file in it", "{0} 是文件夹：请指定其中的文件"),
    (r"(.+) was written by a newer dzwcrawl \(.*", "{0} 由更新版本的 dzwcrawl 写成：请安装该版本"),
    (r"(.+) is a database without articles, not an archive of dzwcrawl", "{0} 中没有文章，不是 dzwcrawl 的档案"),
    (r"cannot open the archive (.+?): (.+)", "打不开档案 {0}：{1}"),
    (r"no page of article .+", "没有保存这篇文章的网页"),
    (r"the page of article (\d+), .* is damaged: (.+); take it from a backup of the archive",
     "文章 {0} 的原始网页已损坏：{1}；请从档案的备份中取回"),
    (r"its SHA-256 digest is wrong", "SHA-256 校验和不符"),
    # What Twisted and Scrapy raise; the rest of it is about this machine
    (r"DNSLookupError\b.*", "域名无法解析"),
    (r"(?:\w*Timeout\w*)\b.*", "超时"),
    (r"(?:ConnectionRefused|Connect)Error\b.*", "无法连接"),
    (r"(?:Response(?:Never)?(?:Received|Failed)|ResponseDataLossError|ConnectionLost|ConnectionDone)\b.*",
     "连接中断"),
    (r"DownloadCancelledError\b.*", "页面过大，下载已中止"),
    (r"(\w+(?:Error|Exception|Failed|Failure|Lost|Aborted))(?:: .*)?", "读取失败（{0}）"),
]  # fmt: skip
_PATTERNS = [(re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in _INSIDE]


def in_chinese(said: str) -> str:
    """Return in Chinese what the archive says; what it does not say itself (a name, a number) as it is."""
    if said in _REASONS:
        return _REASONS[said]
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(said)
        if found is not None:
            return chinese.format(*map(in_chinese, found.groups()))
    return said


def said_in(language: str, said: str) -> str:
    """Return in a language (`zh`, `en`) what the archive says."""
    return in_chinese(said) if language == "zh" else said
