"""Texts for the benchmark of copies: two halves by different templates, the second never looked at while building.

`replica`: the desks of the replica, whose stories of one desk read alike. `other`: a grammar of its own, and German.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.bench.boilerplate.german import german_paragraph, german_title
from tests.replica.texts import person, story

Half = str


@dataclass(frozen=True, slots=True)
class Text:
    """A story: headline and paragraphs."""

    title: str
    lines: list[str]


def replica(number: int) -> Text:
    """A story of one of the replica's desks."""
    kind = ("local", "nation", "police", "local")[number % 4]
    told = story(7_000_000 + number, kind, datetime(2024, 5, 1 + number % 28, 9))
    return Text(told.title, list(told.paragraphs))


_WHO = "区园林处 县疾控中心 市图书馆 老城街道办 港口引航站 地方志办公室 水文站 城管中队 公交三公司 渔业协会 第二中学 博物院 供热公司 消防支队 农科所 社区医院 环卫所 篮球协会 河长办 邮政分局".split()
_DID = "公布 启用 检修 收集 改造 清点 试行 推迟 验收 更换 复核 开放 移交 登记 评选 测量 搬迁 修订".split()
_WHAT = "三条步道 旧水塔 六十个垃圾投放点 候车亭 地下车库 历史照片 冬季菜单 排水泵 借阅规则 浮标 手绘地图 疫苗批次 校车线路 路边树穴 夜间值守表 渔船证照 古井台账 健身器材 老粮票 供暖阀门".split()
_WHERE = "北门外 铁路桥下 青果巷 西滩码头 旧棉纺厂 松岭林场 二道河口 新区中轴线 云台小区 东关集市 老电影院 半山亭 南塘菜场 柳树湾 盐仓街 石人坡 竹园路 体育公园".split()
_WHY = "因连日降雨 为赶在汛期之前 应住户要求 按年初的清单 在一次巡查之后 受设备老化影响 随着客流增加 经两轮听证 由于图纸缺失 考虑到老人出行 借着学校放假 待土壤解冻后".split()
_HOW = "分两批 夜间 逐户 连同周边商户 用半个月时间 请来退休技工 先易后难 边施工边通行 以旧换新 参照外地做法 全程录像 按楼栋".split()
_SAID = "说 回忆 介绍 解释道 在电话里表示 补充 提醒 坦言 告诉来访者".split()
_STOCK = (
    "现场气氛热烈，围观群众不时报以掌声。",
    "下一步，相关部门将继续加大工作力度，确保各项措施落到实处。",
    "目前，各项工作正在有序推进之中。",
    "这一做法得到了居民的普遍认可。",
)


def _sentence(rng: random.Random) -> str:
    c, n, name = rng.choice, rng.randint(2, 980), person(rng)
    forms: list[Callable[[], str]] = [
        lambda: f"{c(_WHY)}，{c(_WHO)}{c(_HOW)}{c(_DID)}了{c(_WHERE)}的{c(_WHAT)}，涉及{n}户。",
        lambda: f"“{c(_WHERE)}那{n}米路，我走了{rng.randint(3, 40)}年。”{name}{c(_SAID)}，{c(_WHAT)}{c(_WHY)}才轮到。",
        lambda: f"{c(_WHO)}与{c(_WHO)}商定，{c(_WHAT)}{c(_HOW)}进行，费用{n}万元由双方分摊。",
        lambda: f"到{rng.randint(1, 12)}月{rng.randint(1, 28)}日，{c(_WHERE)}{c(_HOW)}{c(_DID)}{c(_WHAT)}{n}处，比去年同期多{rng.randint(2, 60)}处。",
        lambda: f"{name}是{c(_WHO)}的老职工，{c(_HOW)}记下了{n}页笔记，其中一半写的是{c(_WHAT)}。",
        lambda: f"有人担心{c(_WHAT)}会影响{c(_WHERE)}的生意，{c(_WHO)}{c(_SAID)}：{c(_HOW)}做，最多{rng.randint(2, 30)}天。",
        lambda: f"资料显示，{c(_WHERE)}的{c(_WHAT)}建于{rng.randint(1921, 2019)}年，{c(_WHY)}先后{c(_DID)}过{rng.randint(2, 9)}次。",
        lambda: f"{c(_WHERE)}居民{name}{c(_SAID)}，他最在意的是{c(_WHAT)}能不能{c(_HOW)}{c(_DID)}。",
        lambda: f"记者在{c(_WHERE)}看到，{n}名工人{c(_HOW)}{c(_DID)}{c(_WHAT)}；{c(_WHO)}派人守在路口。",
    ]  # fmt: skip
    return c(forms)()


def other(number: int) -> Text:
    """A story of the second half: nine in ten by a grammar of its own, the tenth in German."""
    rng = random.Random(f"clusters/{number}")
    if number % 10 == 9:
        return Text(german_title(rng, number), [german_paragraph(rng) for _ in range(rng.randint(3, 8))])
    sentences = [_sentence(rng) for _ in range(rng.randint(10, 30))]
    for stock in rng.sample(_STOCK, rng.randint(0, 2)):
        sentences.insert(rng.randrange(len(sentences)), stock)
    lines = []
    while sentences:
        take = rng.randint(1, 4)
        lines.append("".join(sentences[:take]))
        sentences = sentences[take:]
    return Text(f"{rng.choice(_WHO)}{rng.choice(_DID)}{rng.choice(_WHAT)}", lines)


HALVES: dict[Half, Callable[[int], Text]] = {"replica": replica, "other": other}


def standing(half: Half, form: str, day: int, rng: random.Random) -> Text:
    """A text by one of five forms, as an outlet fills it in every day."""
    when = f"{5 + day // 28}月{1 + day % 28}日"
    n, name, where = rng.randint, person(rng), rng.choice(_WHERE)
    sky = rng.choice(("晴转多云", "多云", "阴有小雨", "雷阵雨", "晴间多云"))
    if half == "other":
        forms = {
            "weather": (f"{where}一周看天（{when}）", [f"{when}{sky}，气温{n(5, 18)}到{n(19, 33)}摄氏度，湿度{n(30, 90)}%。", "夜间风力不大，适宜开窗通风，体弱者请适当添加衣物。", "气象台提醒，山区道路湿滑，驾车外出请与前车保持距离。"]),
            "traffic": (f"{when}道路施工提示", [f"{where}路段{when}{n(20, 23)}时至次日{n(4, 6)}时半幅封闭。", "请过往车辆按照现场标志绕行，服从管理人员指挥，由此带来的不便敬请谅解。"]),
            "market": (f"{when}菜价播报", [f"黄瓜 | {n(1, 9)}.{n(0, 9)}元", f"土豆 | {n(1, 9)}.{n(0, 9)}元", f"{when}监测的{n(20, 40)}个品种中，{n(3, 9)}个上涨，{n(3, 9)}个下降。", "以上价格为各大批发市场均价，仅供参考，以实际成交为准。"]),
            "numbers": (f"{where}水位通报（第{day + 1}期）", [f"截至{when}8时，水库蓄水{n(100, 900)}万方，较昨日变化{n(1, 40)}万方。", "各巡查小组二十四小时在岗，发现险情请立即拨打值班电话报告。"]),
            "obituary": (f"讣告：{name}", [f"{where}退休干部{name}因病医治无效，于{when}逝世，享年{n(70, 99)}岁。", "遵照本人遗愿和家属意见，丧事从简，不举行遗体告别仪式，谨此讣告各位亲友。"]),
        }  # fmt: skip
    else:
        forms = {
            "weather": (f"青石湾{when}天气：{sky}", [f"青石湾气象台{when}16时发布天气预报：今天夜间到明天{sky}，{n(2, 4)}到5级。", f"{when}夜间最低气温{n(5, 18)}℃，次日白天最高气温{n(19, 33)}℃。", "气象部门提醒广大市民，昼夜温差较大，请及时关注最新预报，合理安排出行。"]),
            "traffic": (f"{when}限行尾号是几", [f"{when}机动车限行尾号为{n(0, 4)}和{n(5, 9)}。", "限行时间为工作日的七时至二十时，范围为三环路以内的全部道路，请驾驶人提前规划路线。"]),
            "market": (f"青石湾{when}水产批发价格", [f"鲅鱼每公斤{n(20, 60)}元，梭子蟹每公斤{n(60, 160)}元，花蛤每公斤{n(5, 15)}元。", f"今日到货{n(100, 900)}吨，比昨日{rng.choice(('增加', '减少'))}{n(2, 90)}吨。", "价格由市场信息中心每天早上采集，如与现场不符请以现场为准。"]),
            "numbers": (f"青石湾空气质量日报（{when}）", [f"{when}空气质量指数为{n(30, 160)}，首要污染物浓度{n(20, 120)}微克。", "敏感人群应当减少户外活动的时间，出行时做好必要的个人防护。"]),
            "obituary": (f"{name}同志逝世", [f"{name}同志因病于{when}在青石湾逝世，享年{n(70, 99)}岁。", "其遗体告别仪式定于三日后上午在殡仪馆举行，请生前友好届时前往送别。"]),
        }  # fmt: skip
    title, lines = forms[form]
    return Text(title, lines)


FORMS = ("weather", "traffic", "market", "numbers", "obituary")
