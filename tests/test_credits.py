"""The grammar of credits: what a line says, which lines say nothing else, and who is no person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dzwcrawl.extract.credits import Credit, clean_source, read_byline, read_credit, read_parts
from dzwcrawl.extract.names import is_chinese_name, is_outlet, split_names


def facts(credit: Credit | None) -> tuple[str | None, list[str], list[str], str | None] | None:
    return (credit.source, credit.authors, credit.editors, credit.published) if credit else None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2016-07-08 11:19:48 来源: 荆楚网 作者: 夏中华", ("荆楚网", ["夏中华"], [], "2016-07-08T11:19:48+08:00")),
        ("来源：鲁网 作者：李秋实 我要评论", ("鲁网", ["李秋实"], [], None)),
        ("来源：潍坊晚报 作者：李明 我要评论", ("潍坊晚报", ["李明"], [], None)),
        ("2016-07-08 11:19 作者：李明 来源：潍坊晚报 我要评论", ("潍坊晚报", ["李明"], [], "2016-07-08T11:19:00+08:00")),
        ("2019年02月13日08:10  来源：人民网-人民日报", ("人民网-人民日报", [], [], "2019-02-13T08:10:00+08:00")),
        ("2020-06-08 07:13:00 大众报业·大众日报", ("大众报业·大众日报", [], [], "2020-06-08T07:13:00+08:00")),
        ("2015年07月03日 08:31 第一财经日报  杜青青 李隽",
         ("第一财经日报", ["杜青青", "李隽"], [], "2015-07-03T08:31:00+08:00")),
        ("发布日期:2012-06-24 来源:中国载人航天工程网", ("中国载人航天工程网", [], [], "2012-06-24")),
        ("作者：admin 来源：本站 发布时间：2020-06-08 点击：123次", (None, [], [], "2020-06-08")),
        ("【字体：大 中 小】 2020-06-08 来源：东北网", ("东北网", [], [], "2020-06-08")),
        ("来 源：新华社 作 者：王 磊", ("新华社", ["王磊"], [], None)),
        ("本文来源：中国新闻网 作者：李金磊责任编辑：NF055", ("中国新闻网", ["李金磊"], [], None)),
        ("来源：经济日报 记者 李明 责任编辑：王磊", ("经济日报", ["李明"], ["王磊"], None)),
        ("来源：第一财经日报(上海)", ("第一财经日报", [], [], None)),
        ("来源: 尹娟", (None, ["尹娟"], [], None)),
        ("作者：大众网", (None, [], [], None)),
        ("责任编辑：刘美显", (None, [], ["刘美显"], None)),
        ("(责编：李明、王磊)", (None, [], ["李明", "王磊"], None)),
        ("[责任编辑：刘美显]", (None, [], ["刘美显"], None)),
        ("責任編輯：陳小明", (None, [], ["陳小明"], None)),
        ("责任编辑：陈群(QN054)", (None, [], ["陈群"], None)),
        ("编辑:孔然责编:赵宇光审校:梁义主编:张倩", (None, [], ["孔然", "赵宇光", "梁义", "张倩"], None)),
        ("一审：张三丨二审：李四丨三审：张三", (None, [], ["张三", "李四"], None)),
        ("一审 张三 二审 李四 三审 王五", (None, [], ["张三", "李四", "王五"], None)),
        ("初审编辑：刘美显 责任编辑：王磊", (None, [], ["刘美显", "王磊"], None)),
        ("值班主任：李明", (None, [], ["李明"], None)),
        ("选稿:魏政", (None, [], ["魏政"], None)),
        ("文/图 李明", (None, ["李明"], [], None)),
        ("文/李明 图/王磊", (None, ["李明", "王磊"], [], None)),
        ("文丨李明", (None, ["李明"], [], None)),
        ("文：听雨轩", (None, ["听雨轩"], [], None)),
        ("文/新华社", (None, [], [], None)),
        ("由听雨轩张贴 @ 2005-03-21 01:20:44 (35) 共 3 篇评论 发表评论 >>>",
         (None, ["听雨轩"], [], "2005-03-21T01:20:44+08:00")),
        ("听雨轩 发表于 2005-03-21 01:20", (None, ["听雨轩"], [], "2005-03-21T01:20:00+08:00")),
        ("记者 王磊 通讯员 张晓明 摄影", (None, ["王磊", "张晓明"], [], None)),
        ("潍坊日报社全媒体记者: 薛静/文", (None, ["薛静"], [], None)),
        ("新京报记者 张晓 实习生 李明 编辑 王磊 校对 张三丰",
         (None, ["张晓", "李明"], ["王磊", "张三丰"], None)),
        ("作者：李明（某研究所研究员）", (None, ["李明"], [], None)),
        ("作者：阿不都·热合曼", (None, ["阿不都·热合曼"], [], None)),
        ("2005-8-22 9:20:12 作者：芊草凡凡", (None, ["芊草凡凡"], [], "2005-08-22T09:20:12+08:00")),
    ],
)  # fmt: skip
def test_lines_of_credits(line: str, expected: tuple[str | None, list[str], list[str], str | None]) -> None:
    assert facts(read_credit(line)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "记者从发布会上获悉，今年编辑出版了很多书。", "记者了解到，来源复杂。", "来源是什么", "图：某某现场", "文化和旅游局",
        "时间：下午三点 地点：会议室", "作者系某大学教授，长期研究历史。", "2020年6月8日，潍坊市举行了开工仪式。",
        "编辑部的故事", "大众网", "责任编辑制度改革的意见", "来源：据介绍，资金主要来自财政拨款。今年新增三亿元。",
        "", "我要评论", "文：听雨轩 图：现场", "文 听雨轩",
    ],
)  # fmt: skip
def test_prose_is_no_credit(line: str) -> None:
    assert read_credit(line) is None


def test_update_is_not_publication() -> None:
    credit = read_credit("发布时间：2020-06-08 07:13 更新时间：2020-06-09 08:00 来源：大众网")
    assert credit is not None
    assert credit.published == "2020-06-08T07:13:00+08:00"
    assert credit.modified == "2020-06-09T08:00:00+08:00"


def test_parts_of_a_mixed_line() -> None:
    credit = read_parts("首页 > 新闻 > 正文 2020-06-08 来源：大众网 新闻热线：0531-85196540")
    assert credit is not None
    assert (credit.source, credit.published) == ("大众网", "2020-06-08")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报记者 李明 王磊 通讯员 张晓明", ["李明", "王磊", "张晓明"]),
        ("□记者 李明 报道", ["李明"]),
        ("大众网·海报新闻记者 李明 潍坊报道", ["李明"]),
        ("新华社记者李明", ["李明"]),
        ("本报讯（记者 李明）6月8日，项目开工。", ["李明"]),
        ("2月27日讯(纪哲)今天，项目开工。", ["纪哲"]),
        ("中新网北京6月8日电 (张晓明) 国务院", ["张晓明"]),
        ("(大众日报·大众新闻客户端 李明 王磊)", ["李明", "王磊"]),
        ("本报讯 （实习记者 樊亮 张明超 记者惠禾）13岁", ["樊亮", "张明超", "惠禾"]),
        ("新华社北京6月8日电（记者李明、王磊）国务院", ["李明", "王磊"]),
        ("本报记者 王 磊 李 明 报道", ["王磊", "李明"]),
        ("图为施工现场。（记者 李明 摄）", ["李明"]),
        ("倡树廉洁家风，过一个平安的新春佳节。（常书香 马丹阳 ）", ["常书香", "马丹阳"]),
        ("本報記者 陳小明 報道", ["陳小明"]),
        ("记者了解到，今年项目很多。", []),
        ("记者获悉，今年项目很多。", []),
        ("记者查询发现，", []),
        ("记者于昨日来到现场", []),
        ("记者关注，", []),
        ("国务院新闻办公室举行答记者问", []),
        ("记者采访时看到", []),
        ("项目投资三亿元（其中外资一亿元）。", []),
    ],
)
def test_bylines(text: str, expected: list[str]) -> None:
    assert read_byline(text) == expected


def test_outlets_are_no_persons() -> None:
    for outlet in ("大众日报", "齐鲁网", "新华社", "大众新闻客户端", "潍坊市人民政府", "海报新闻"):
        assert is_outlet(outlet)
        assert split_names(outlet) is None
    assert not any(is_chinese_name(word) for word in ("关注", "潍坊", "报道", "通讯员", "了解到", "武汉"))


def test_sources_are_cleaned() -> None:
    assert clean_source("来源：《人民日报》") == "人民日报"
    assert clean_source("来源：本站") is None
    assert clean_source("稿源: 新华社 我要评论") == "新华社"


@given(st.text(max_size=320))
def test_any_text_is_survived(text: str) -> None:
    read_credit(text)
    read_parts(text)
    read_byline(text)


@given(
    st.lists(
        st.sampled_from(
            "来源：,作者:,责任编辑：,2020-06-08, ,大众网,李明,记者,(,),|,/,通讯员,报道,1,字号".split(",")
        ),
        max_size=14,
    )
)
def test_any_mix_of_parts_is_survived(parts: list[str]) -> None:
    credit = read_credit("".join(parts))
    assert credit is None or not any(is_outlet(n) for n in (*credit.authors, *credit.editors))
