"""The labels of Chinese header and credit lines (来源, 作者, 责任编辑 …) and what kind of value each has.

Texts are folded to NFKC before these patterns are applied to them.
"""

import re

# Character by character, so that positions stay: the traditional forms that occur in labels.
SIMPLE = str.maketrans(
    "來責編輯記員審對監製攝圖訊報網時間發佈總執終復複採寫專題閱讀點擊瀏覽評論實習電訪聞據體號轉載稿處運營訂錄",
    "来责编辑记员审对监制摄图讯报网时间发布总执终复复采写专题阅读点击浏览评论实习电访闻据体号转载稿处运营订录",
)
SOURCE_LABELS = (
    "本文来源 稿件来源 文章来源 新闻来源 信息来源 消息来源 内容来源 资料来源 来源于 来源 稿源 来自 出处 "
    "转载自 转自 原载 文章出处 媒体"
)
_AUTHOR_LABELS = (
    "原文作者 文章作者 本文作者 本文记者 图文作者 作者 首席记者 特约记者 实习记者 见习记者 特派记者 "
    "全媒体记者 融媒体记者 融媒记者 本报记者 本网记者 "
    "摄影记者 视频记者 记者 特约通讯员 本报通讯员 通讯员 实习生 文/图 图/文 文、图 图、文 文/摄影 文并摄 "
    "文图 图文 "
    "文字 摄影报道 摄影 撰文 撰稿人 撰稿 采写 采访 原创 文 图 摄 图片 供图 编译 作者/编译 评论员 报道 供稿人"
)
_EDITOR_LABELS = (
    "初审编辑 复审编辑 终审编辑 责任编辑 责任编缉 见习编辑 执行编辑 网络编辑 实习编辑 值班编辑 新媒体编辑 "
    "文字编辑 本文编辑 微信编辑 网页编辑 视觉编辑 "
    "图片编辑 版面编辑 编辑/校对 编辑 责编 美编 微编 编审 初审 复审 终审 一审 二审 三审 一校 二校 三校 "
    "一读 审校 校审 审核 审读 审稿 审签 审定 签审 签发 核稿 "
    "责任校对 值班校对 校对 责校 总监制 监制 监审 执行主编 值班主编 副主编 主编 值班总编 值班副总编 "
    "副总编辑 总编辑 总编 值班编委 值班主任 值班领导 "
    "值班 编委 统筹 总策划 策划 出品人 选稿 编发 组稿 排版 制作 责任人 责编/校对 网编 主任 流程编辑 流程 "
    "主管 把关 总值班 编审校"
)
_OTHER_LABELS = (
    "发布者 发布人 上传者 上传 录入者 录入 供稿单位 供稿 投稿 栏目 频道 分类 所属栏目 标签 关键词 关键字 "
    "视频 剪辑 视频剪辑 后期 配音 摄像 "
    "拍摄 制图 设计 海报设计 海报 漫画 翻译 出镜 主持人 主持 运营 版次 版面 作者单位 单位 编号 文号 主办 "
    "联系电话 新闻热线 报料热线 电子邮箱 投稿邮箱 联系邮箱 邮箱 主办单位 出品 出品单位 联合出品 原标题 字数 发文机构"
)
_DATE_LABELS = (
    "发布时间 发布日期 发表时间 发表日期 发稿时间 更新时间 更新日期 更新于 编辑时间 录入时间 上传时间 "
    "发文时间 发文日期 公布日期 成文日期 刊发时间 最后更新 "
    "修改时间 时间 日期 发布于 发表于 发布 发表 更新"
)
_COUNTER_LABELS = (
    "阅读次数 浏览次数 点击次数 阅读量 浏览量 点击量 点击数 阅读数 浏览数 访问量 访问次数 评论数 跟帖数 "
    "转发数 阅读 浏览 点击 人气 查看 热度 评论 "
    "回复 次数 字号 字体大小 字体 字体显示 分享到 分享至 分享 转发 收藏 点赞 跟贴 跟帖 参与 围观 选择字号 "
    "文字大小 视力保护色 手机看 背景色"
)
KIND_OF = {
    label: kind
    for kind, labels in (
        ("other", _OTHER_LABELS),
        ("counter", _COUNTER_LABELS),
        ("date", _DATE_LABELS),
        ("source", SOURCE_LABELS),
        ("author", _AUTHOR_LABELS),
        ("editor", _EDITOR_LABELS),
    )
    for label in labels.split()
}
# What follows these is as often a thing as a person (图：现场), so the names must look like names.
THING_LABELS = frozenset({"图片", "采访", "文字", "报道", "主任", "流程", "原创", "制作", "责任人"})
TOLD = frozenset({"source", "author", "editor"})
MODIFIED_LABELS = frozenset({"更新时间", "更新日期", "更新于", "修改时间", "最后更新", "更新", "编辑时间"})


def _label_pattern() -> str:
    # Blanks inside short labels are typography (来 源：); longest first, so that 责任编辑 is not read as 编辑.
    words = sorted(KIND_OF, key=len, reverse=True)
    return "|".join(r"\s{0,4}".join(map(re.escape, w)) if len(w) <= 4 else re.escape(w) for w in words)


LABELS = _label_pattern()
LABEL = re.compile(rf"(?P<label>{LABELS})\s*(?:[:丨|︱]|/(?=\s?\w))\s*(?P<more>[:丨|]\s*)?")
BARE_LABEL = re.compile(rf"(?P<label>{LABELS})(?:\s*/\s*(?:图|文|摄影|视频))?[\s]+(?=[^\s:])")
