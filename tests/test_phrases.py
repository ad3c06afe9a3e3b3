"""Known phrases: boilerplate is named, prose is left alone."""

import time

import pytest

from dzwcrawl.boilerplate.phrases import phrase_reason, tail_reason


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("山东手机报订阅方式：", "subscription"),
        ("移动用户发送短信SD到10658000", "subscription"),
        ("联通用户发送短信SD到106558000678", "subscription"),
        ("手机查看", "scan"),
        ("扫码观看视频《潍坊线上线下发力》", "scan"),
        ("扫一扫在手机打开当前页面", "scan"),
        ("长按识别二维码关注我们", "scan"),
        ("大众网官方微信", "promotion"),
        ("欢迎关注“某某发布”微信公众号", "promotion"),
        ("下载客户端", "promotion"),
        ("返回搜狐，查看更多", "promotion"),
        ("我要纠错", "promotion"),
        ("分享到：微信 微博 QQ空间", "share"),
        ("分享让更多人看到", "share"),
        ("Share on Facebook", "share"),
        ("字号：大 中 小", "print"),
        ("【打印本页】 【关闭窗口】", "print"),
        ("A- A A+", "print"),
        ("您所在的位置：首页 > 新闻 > 国内", "navigation"),
        ("当前位置：首页 > 要闻", "navigation"),
        ("上一页 1 2 3 下一页", "navigation"),
        ("上一篇：某市召开会议", "navigation"),
        ("|", "navigation"),
        ("【发表评论】【告诉好友】【打印此文】【收藏此文】【关闭窗口】", "print"),
        ("下一篇文章：没有了", "navigation"),
        ("共3页", "navigation"),
        ("看完这篇文章您的感觉是", "comment"),
        ("鲜花(2) 握手 雷人 路过 鸡蛋", "comment"),
        ("請繼續往下閱讀...", "promotion"),
        ("By clicking “Sign Up”, you accept our Terms of Service and Privacy Policy.", "subscription"),
        ("The biggest stories of the day delivered to your inbox.", "subscription"),
        ("{{ad_slot}}", "placeholder"),
        ("我要评论", "comment"),
        ("Leave a comment", "comment"),
        ("ADVERTISEMENT", "advertisement"),
        ("Anzeige", "advertisement"),
        ("- THE END -", "end mark"),
        ("Image 3 of / 12", "player"),
        ("Show captions", "player"),
        ("This video has failed to load.", "player"),
        ("Player wird geladen", "player"),
        ("Filed under: Bridges |", "navigation"),
        ("Get started for free", "promotion"),
        ("Start your 14-day free trial", "promotion"),
        ("Book a free demo", "promotion"),
        ("Jetzt bestellen", "promotion"),
        ("この記事は会員限定です。", "subscription"),
        ("Aviso: comentários com ofensas a outros leitores não serão aprovados pelo moderador.", "comment"),
        ("Your comment will be moderated before it appears.", "comment"),
        ("未经授权不得转载", "copyright"),
        ("转载请注明出处", "copyright"),
        ("© 2024 Example Media", "copyright"),
        ("鲁ICP备00000000号", "copyright"),
        ("免责声明：本文来自网络，不代表本站立场", "disclaimer"),
        ("延伸阅读：某市今年经济增长", "related list"),
        ("Lesen Sie auch: Was heute wichtig wird", "related list"),
        ("À lire aussi : les derniers chiffres", "related list"),
        ("Te puede interesar: otra noticia", "related list"),
        ("あわせて読みたい", "related list"),
        ("관련기사", "related list"),
        ("原标题：某市发布新政策", "original title"),
        ("A link has been posted to your Facebook feed.", "share"),
        ("Sent!", "share"),
        ("1,577 shares", "share"),
        ("Last SlideNext Slide", "player"),
        ("RELATED STORIES:", "related list"),
        ("Like this topic? You may also like these photo galleries:", "related list"),
        ("Current ratings for:", "comment"),
        ("We reserve the right to remove any content at any time, for any reason.", "comment"),
        (
            "Copyright 2013 The Example Press. All rights reserved. This material may not be published.",
            "copyright",
        ),
        ("Not to be reproduced without permission of the Valley Post", "copyright"),
        ("Follow Jane Doe @janedoe, and us @valleypost. The original article is on our pages.", "promotion"),
    ],
)
def test_boilerplate_is_named(line: str, kind: str) -> None:
    assert phrase_reason(line) == f"phrase: {kind}"


@pytest.mark.parametrize(
    "line",
    [
        "本报讯（记者 张三）昨日，全市重点项目推进会召开。",
        "2月27日讯（纪哲）",
        "□记者 张三 通讯员 李四 报道",
        "大众网·海报新闻记者 张三 潍坊报道",
        "（完）",
        "据新华社",
        "【今日天气】",
        "晴，偏南风3到4级，最高气温28℃。",
        "责任编辑：张三",
        "来源：某日报",
        "主动出击“面对面”连成招商“葡萄串”",
        "分享经济正在改变人们的生活。",
        "打印店老板说，今年生意不错。",
        "他在微信里告诉记者，项目已经开工。",
        "二、关于推广应用的几点意见",
        "违反上述规定的，由市场监督管理部门责令改正，并处罚款。",
        "支持 45票 反对 3票",
        "推荐给好友的书，他读了三遍。",
        "Tag: der Tag der offenen Tür, an dem viele kamen",
        "By signing the deal, you accept a risk, the mayor told reporters.",
        "2020",
        "Sign up for the Disney+ bundle using the same email",
        "Share prices fell in early trading.",
        "(Ende)",
        "Get a call from the mayor, and you move fast.",
        "The image failed to impress voters.",
        "Filed under seal, the complaint names nobody.",
        "Os comentários do moderador do debate foram criticados pelos dois candidatos.",
        "He asked them to learn more about the bridge.",
        "The comments came after a meeting in Brussels.",
        "A message was sent to the crew.",
        "Comments (12 posted)",
        "You may also look at it the other way round.",
        "Reactions",
        "Mehr als hundert Menschen kamen.",
        "Read the letter, he said, and you will understand.",
        "",
        "······",
    ],
)
def test_prose_is_left_alone(line: str) -> None:
    assert phrase_reason(line) is None
    assert tail_reason(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "相关新闻",
        "相关阅读：",
        "为您推荐",
        "猜你喜欢",
        "24小时热文",
        "网友评论",
        "版权声明：",
        "凡本网注明“来源：某某网”的所有作品，版权均属于某某网，未经授权不得转载。",
        "Related articles",
        "Mehr zum Thema",
        "Sur le même sujet",
        "Noticias relacionadas",
        "Reader Comments (17)",
        "Latest comments",
        "Neueste Leserkommentare",
        "関連記事",
        "많이 본 뉴스",
    ],
)
def test_tails(line: str) -> None:
    assert tail_reason(line) is not None


def test_notices_of_any_length() -> None:
    notice = "本稿件所含文字、图片和音视频资料，版权均属某某网所有，任何媒体、网站或个人未经授权不得转载，违者将依法追究责任。"
    assert phrase_reason(notice) == "phrase: copyright"
    assert phrase_reason("本市" + "发展" * 400) is None


@pytest.mark.parametrize("unit", ["|", "- ", "大 ", "a ", "分享微信", "上一页 ", "本网", "1 "])
def test_hostile_lines_hang_no_pattern(unit: str) -> None:
    before = time.perf_counter()
    for size in (89, 599):
        phrase_reason((unit * size)[:size] + "x")
        tail_reason((unit * size)[:size] + "x")
    assert time.perf_counter() - before < 20  # a pattern that backtracks without end takes years, not seconds
