"""Invented regional news: every story is a pure function of its number, its desk and its date.

Sentences come from patterns in which each number and name is drawn anew, so that two stories of one desk read
alike (hard negatives for duplicate detection) and still share no sentence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

SEED_TITLE = "潍坊线上线下发力 “双招双引”有新机"
SLOGAN = "“守好一湾清水，就是给后来人攒下最厚的家底。”"
NOTICE = (
    "便民提示：青石湾区域公交夜班线路照常运行，市民如有咨询可拨打当地服务热线，"
    "工作人员二十四小时轮流值守，请勿轻信来路不明的改签短信。"
)

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范石廖贾夏韦方白邹孟熊秦邱江尹薛阎段雷侯龙史"
    "陶黎贺顾毛郝龚邵"
)
_GIVEN = (
    "文晓海建国明志华春雨雪冬夏秋月宁静丽敏超磊军涛鹏飞宇航浩然欣怡佳琪子涵思远博雅若"
    "曦振兴立新永福长青景行云舒一鸣清源牧之知远书瑶以沫承泽"
)
_PLACE_A = "青白红紫金银玉石松柳枫桂梅兰竹荷云雾霞星月溪泉湖浪潮岭岩峰坡沙鹤鹭雁鹿"
_PLACE_B = "石浪沟湾滩桥渡口亭台坪岗坝河泽塘洲屿岛崖谷原林园堂庙塔井川港埠营寨铺集"
_FIRM_A = (
    "恒润",
    "澜海",
    "启岳",
    "蓝穗",
    "禾原",
    "远桥",
    "卓尔森",
    "明砾",
    "汇舟",
    "沃野",
    "安棠",
    "星桁",
    "北枢",
    "景砚",
    "拓浦",
    "泽晟",
)
_FIRM_B = (
    "机械",
    "农业科技",
    "新材料",
    "生物",
    "物流",
    "渔业",
    "食品",
    "装备",
    "光电",
    "纺织",
    "能源",
    "园林",
    "数据",
    "船舶",
    "陶瓷",
    "种业",
)
_NATIONS = (
    "北屿国",
    "卡罗纳共和国",
    "南礁群岛",
    "托尔维亚",
    "米兰诺瓦",
    "萨维拉",
    "林德兰",
    "奥克塔纳",
    "贝卢西",
    "沙林湾联邦",
)
_FOREIGN = (
    "塔罗",
    "维兰",
    "莫娜",
    "科林",
    "萨维",
    "罗坎",
    "德雷",
    "阿米尔",
    "伊诺",
    "卡尔顿",
    "诺维",
    "巴桑",
    "米罗",
    "莱特",
)
_WEEK = "一二三四五六日"

_SLOT = re.compile(r"\{([^{}]+)\}")
_CHOICE = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class Desk:
    """The stock of patterns one desk writes with."""

    titles: tuple[str, ...]
    leads: tuple[str, ...]
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One invented event, not yet laid out."""

    title: str
    other_title: str
    overline: str
    place: str
    paragraphs: tuple[str, ...]
    heads: tuple[str, ...]
    items: tuple[str, ...]
    rows: tuple[str, ...]
    quote: str
    captions: tuple[str, ...]
    update: str
    keywords: tuple[str, ...]


DESKS: dict[str, Desk] = {
    "project": Desk(
        titles=(
            "{县}{n}个[重点|续建|技改]项目[集中开工|加速推进|跑出进度]",
            "{司}落户{县} [年产值可达|带动就业]{n}[万元|人]",
            "[一条链|一座园|一张表]撬动{县}产业[升级|换挡]",
            "{县}{镇}：[老厂房|旧码头|荒坡地]里[长出|建起]新车间",
        ),
        leads=(
            "{日}，走进{县}{镇}的{司}车间，{n}台[数控设备|机械臂|检测仪]正[同时运转|满负荷生产]，第{m}批订单[即将装箱|准备发往外地]。",
            "“从签字到打桩，{镇}这边只用了{n}天。”{日}，{司}负责人{人}站在{县}{镇}的工地上，[指着刚立起的钢架|翻着施工日志]告诉记者。",
            "{日}上午，{县}在{镇}举行第{m}次项目[现场会|调度会]，{n}家企业[带着难题来|当面提需求]，[各部门逐条答复|当场认领办理]。",
        ),
        lines=(
            "{司}总投资{n}亿元的[二期|扩建|配套]工程占地{m}亩，计划在{月}月底前完成[主体封顶|设备调试]。",
            "{县}把{n}项审批[并成一张清单|放进一个窗口]，企业跑腿的次数由{k}次减为一次。",
            "项目专员{人}的记事本上写着{n}条待办，其中[用电增容|道路接通|工人住宿]一项已经拖了{k}天，被他画了三道红线。",
            "“[设备晚到一天|少一趟往返]，我们在{镇}就[多出|省下]{n}万元的开支。”{司}生产经理{人2}算了一笔账。",
            "截至{月}月末，{县}在建的工业项目达到{n}个，完成投资{m}亿元，比上年同期[增加|多出]{d}个百分点。",
            "为解决用工难，{镇}联合{k}所职业学校开设了{n}人的[订单班|夜校班]，学费由{司}承担一半。",
            "记者在{镇}看到，通往厂区的{k}公里[沥青路|货运专线]已经铺到第{n}号桩，压路机[昼夜不停|两班轮换]。",
            "{司}研发的第{n}代[密封件|滤膜|刀具]通过了{m}小时连续试验，[成品率|合格率]稳定在{d}%以上。",
            "下一步，{县}还将拿出{n}万元设立[周转资金|成果转化基金]，重点扶持{镇}的{k}家小微企业。",
        ),
        heads=("[一张清单|一支队伍]管到底", "[围着|盯着]车间[解难题|找办法]", "[链条|园区]越接越长"),
        words=("项目建设", "营商环境", "产业链"),
    ),
    "farm": Desk(
        titles=(
            "{县}{n}万亩[小麦|玉米|花生|大豆][开镰|丰收在望|长势喜人]",
            "{镇}的[苹果|甜瓜|樱桃|大姜]为啥[不愁卖|年年俏]",
            "{县}：[渔港|大棚|茶园]里的[早市|新账本]",
            "{人}和他的{n}亩[盐碱地|山坡地|水田]",
        ),
        leads=(
            "{日}清晨，{县}{镇}{村}的{人}[披着露水|打着手电]钻进大棚，查看第{n}垄[甜瓜|黄瓜|番茄]的[坐果|授粉]情况。",
            "{日}，{县}{镇}的{n}台收割机[一字排开|同时下田]，{村}的{m}亩[小麦|水稻]率先[开镰|归仓]。",
            "赶在{日}的雨前，{县}{村}的种植户把{n}吨[蒜薹|土豆|草莓]送进了{司}的冷库。",
        ),
        lines=(
            "“往年一亩收{n}斤，今年照这个[穗头|坐果率]看，能多打{k}斤。”{人}掰开一个[穗子|果子]让记者看。",
            "{镇}农技站的{人2}在{村}跑了{n}块田，记下{m}组[墒情|虫情]数据，[连夜|当天]发到了种植户手里。",
            "{村}合作社的{n}户社员统一购买[种苗|有机肥]，每亩成本降低了{m}元。",
            "{司}与{村}签下{n}吨的收购约定，保底价每斤比市场高出{k}分。",
            "今年{县}修复[机井|沟渠]{n}处，新增节水灌溉面积{m}亩，{镇}的末端地块[第一次|终于]浇上了水。",
            "{县}今年育出的第{n}号[大豆|花生]新品系在{村}试种{k}亩，亩产比对照品种高{d}%。",
            "到{月}月中旬，{县}的[果品|蔬菜]线上销售额达到{n}万元，{镇}占了其中的{d}%。",
            "记者跟着{人}上秤，一车{n}公斤的[毛豆|地瓜]不到{k}分钟就过了磅，货款[当场|半小时内]到账。",
            "{村}把腾出的{n}间旧仓库改成了分拣车间，{k}名老人坐着小凳就能干活。",
        ),
        heads=("[田里|棚里]多了[新把式|年轻人]", "[好种子|好渠道]带来好价钱", "[合作社|冷库]撑起一把伞"),
        words=("三农", "丰收", "合作社"),
    ),
    "city": Desk(
        titles=(
            "{县}新增{n}处[口袋公园|便民菜店|停车泊位]",
            "[老街|小巷|社区]里的[灯|路|凳子]变了样——{县}{镇}见闻",
            "{县}{k}路公交[延伸|改线] {n}个小区居民受益",
            "{县}{n}户[老楼|平房]装上[新管线|扶手]",
        ),
        leads=(
            "{日}傍晚，{县}{镇}第{n}居民点的路灯[一盏接一盏|准时]亮起，{人}[推着轮椅|拎着菜篮]走在刚铺好的步道上。",
            "“下楼{n}步就能坐车。”{日}，{县}居民{人}[体验|试乘]了新开通的{k}路[公交|微循环]线。",
            "记者{日}从{县}有关部门获悉，今年列入[民生清单|实事项目]的{n}件小事已办结{k}件。",
        ),
        lines=(
            "{镇}挨家挨户收回{n}份问卷，[停车难|晾晒难|买菜远]排在第{k}位。",
            "社区工作者{人2}说，为了[挪走一根线杆|打通一处断头路]，大家先后协调了{n}次，改了{k}版图纸。",
            "改造后的[菜市场|文化角]面积{n}平方米，设有{m}个摊位，早晨{k}点半开门。",
            "按照方案，{县}今年将更换老旧[水管|燃气管]{n}千米，涉及{镇}等{k}个片区。",
            "“以前一下雨，{镇}的水能没过脚面{k}厘米，{n}户都得垫砖。”住在{n}号楼的{人}[指着|比划着]墙上的水印说。",
            "志愿者每周{周}上门一次，已经为{n}位老人理发、量血压，累计服务{m}小时。",
            "工程预算{n}万元，其中{m}万元来自[节约开支|上级补助]，账目贴在{镇}的公示栏里。",
            "{县}还上线了报修小程序，{月}月份收到{n}条信息，平均{k}小时内有人回复。",
            "在{镇}的[议事长廊|圆桌会]上，{n}名居民代表[投票|举手]选出了{k}件急事。",
        ),
        heads=("[家门口|楼道里]的小变化", "[大家的事|邻里的事]大家商量", "[花小钱|用巧劲]办实事"),
        words=("民生", "社区", "城市更新"),
    ),
    "culture": Desk(
        titles=(
            "{县}[旧书市|木版年画|渔鼓]里的{n}年[光阴|手艺]",
            "{县}博物馆[新展|夜场]迎来第{n}万名观众",
            "{人}：[一把刻刀|一张皮影|一面鼓]守了{k}年",
            "{县}{镇}办[乡村运动会|读书节] {n}名选手[上场|同乐]",
        ),
        leads=(
            "{日}，{县}博物馆[敞开大门|延时开放]，{n}件[陶器|木刻|船模]首次[与观众见面|走出库房]。",
            "锣鼓一响，{县}{镇}的戏台前[挤满了人|坐得满满当当]。{日}，第{n}届乡村[戏曲周|灯会]在这里[开锣|启幕]。",
            "{人}今年{岁}岁，{日}这天，他在{县}{镇}的小院里刻完了第{n}块[门神版|花鸟版]。",
        ),
        lines=(
            "馆员{人2}介绍，这批藏品来自{n}位[村民|渔民]的捐赠，最早的一件距今约{m}年。",
            "{镇}小学把[渔鼓|剪纸]列入课后课程，{n}名孩子[报了名|学了{k}个月]。",
            "“{镇}的{n}道工序，少一道都不成。”{人}把[刻刀|颜料]摆成一排，[逐一|细细]讲给徒弟听。",
            "比赛设{k}个项目，{n}名选手里年纪最大的{岁}岁，[拔河|滚铁环]一项最热闹。",
            "{县}为{n}名民间艺人建立档案，录下{m}分钟[口述|影像]资料。",
            "活动期间，{镇}的[民宿|小吃摊]接待游客{n}人次，{村}的{k}家饭馆[天天客满|排起了队]。",
            "{司}用{n}张老照片做成了一套[明信片|台历]，首批{m}套[三天|一周]内售完。",
            "夜场延长到晚上{k}点，{月}月份的预约名额{n}个[很快|早早]约满。",
        ),
        heads=("[老手艺|老物件]遇见新观众", "[舞台|课堂]搭在家门口", "[守住|传下]这门手艺"),
        words=("文化", "非遗", "博物馆"),
    ),
    "nation": Desk(
        titles=(
            "{n}个县试点[旧衣回收|共享农机|错峰供暖]",
            "[铁路|航运|邮路]新线[试运行|投用] {县}至{县2}缩短{n}分钟",
            "研究团队在{县}发现{n}种[昆虫|苔藓|贝类]",
            "全国[龙舟|象棋|风筝]邀请赛在{县}[落幕|开赛]",
        ),
        leads=(
            "{日}，连接{县}与{县2}的[支线铁路|内河航线]开行第{n}趟[列车|班船]，全程用时{m}分钟。",
            "记者{日}从有关方面获悉，{n}个县将分{k}批开展[旧衣回收|共享农机]试点，{县}名列[首批|第二批]。",
            "由{人}牵头的科考队{日}公布，他们历时{k}个月，在{县}的[湿地|林区]记录到{n}种此前未见的[苔藓|昆虫]。",
        ),
        lines=(
            "试点为期{k}个月，参与的[农户|家庭]每户可领{n}元[补贴|积分]，名单在{县2}同步公开。",
            "{县}[车站|码头]值班员{人2}说，首日发送旅客{n}人次，比预计多了{m}人。",
            "专家{人}认为，{县}与{县2}的条件差异[较大|明显]，第{n}号方案不宜照搬。",
            "统计显示，前{k}个月相关[运量|销量]为{n}万吨，同比增长{d}%。",
            "科考队在海拔{n}米处布设了{m}台相机，回收照片{k}万张。",
            "来自{k}个省份的{n}支队伍参赛，{县2}队以{m}分的成绩居首。",
            "{司}承担了其中第{n}标段，{月}月完成了{m}吨[钢轨|浮筒]的吊装。",
            "按计划，第二阶段将在{县2}增设{n}个站点，[配套|接驳]班车每{k}分钟一班。",
        ),
        heads=("[试点|首班]背后的考量", "[数据|图纸]怎么说", "[下一站|第二阶段]去哪里"),
        words=("国内", "试点", "交通"),
    ),
    "world": Desk(
        titles=(
            "{国}[首都|港口城市]发生{d}级地震 {n}人转移",
            "{国}与{国2}签署[渔业|海缆|粮食]协议",
            "{国}[大选|议会投票]结果公布",
            "{国}国家博物馆归还{n}件[文物|手稿]",
        ),
        leads=(
            "{国}[政府|外交部门]{日}宣布，将与{国2}就[渔业|海缆|粮食]问题举行第{n}轮会谈。",
            "当地时间{日}，{国}[北部|沿海]地区遭遇[强风|暴雨]，{n}户居民[停电|撤离]，{k}个机场关闭。",
            "{国}[统计|能源]部门{日}发表的报告说，该国前{k}个月[出口|用电量]同比变动{d}%。",
        ),
        lines=(
            "{国}发言人{外}说，双方在{n}项条款上[取得一致|仍有分歧]，文本将在{k}周内公布。",
            "{国2}媒体评论称，这是近{k}年来规模最大的一次，涉及资金{n}亿元。",
            "救援人员{外}告诉当地电台，他们在{m}小时内[搜寻|清理]了{n}栋房屋。",
            "{国}议会以{n}票赞成、{k}票反对通过了[预算|修正]案。",
            "分析人士{外}认为，{国2}的[油价|汇率]若继续波动{d}%，{n}家企业将受到影响。",
            "{国}计划在{月}月前向{国2}出口{n}万吨[小麦|橡胶]，由{k}艘货船分批运送。",
            "据{国}气象部门测算，此次[风暴|洪水]的影响范围约{n}平方公里，持续{m}小时。",
            "这批物品共{n}件，{k}年前流落海外，{外}主持了[清点|移交]。",
        ),
        heads=("[各方|邻国]如何回应", "[会谈|救援]进展", "[数字|账单]背后"),
        words=("国际", "会谈", "环球"),
    ),
    "police": Desk(
        titles=(
            "{县}民警{k}小时[找回|追回]{n}元[货款|救命钱]",
            "[暴雨|深夜|寒风]中，{县}{n}名[渔民|旅客]获救",
            "{县}查处[问题秤|过期食品] 涉案{n}件",
            "[热心人|司机]{人}连续{k}年[帮扶|接送]{n}名学生",
        ),
        leads=(
            "{日}晚{k}点，{县}{镇}派出所接到报警，{村}的{人}[走失|被困]已有{n}分钟。",
            "“{n}元，一分不少，{镇}的民警真快。”{日}，{县}居民{人}从民警{人2}手里接过[失而复得的|追回的]货款。",
            "{日}，{县}市场监管人员在{镇}[抽查|暗访]了{n}个摊位，封存[问题秤|过期食品]{k}件。",
        ),
        lines=(
            "监控显示，{人}于{k}点{分}分离开{镇}的[车站|商场]，随后[搭上|登上]一辆尾号{m}的客车。",
            "民警{人2}沿着{村}的河堤走了{n}米，在一处[草垛|涵洞]旁发现了[脚印|背包]。",
            "对方自称{司}的[客服|经理]，先后{k}次要求转账，金额从{n}元涨到{m}元。",
            "经查，涉事摊主{k}个月内售出{n}件，获利{m}元，案件正在[办理|移送]。",
            "“{村}的水已经漫到{n}厘米，我们{k}个人拉着绳子往里蹚。”消防员{人2}[回忆|说]。",
            "{县}公布的举报电话{月}月接到线索{n}条，查实{k}条，发放奖金{m}元。",
            "{县}的医生{人2}说，被救的{岁}岁老人[体征平稳|已能进食]，{n}次测温正常，再观察{k}天即可出院。",
            "{镇}随后排查了{n}处[沟塘|仓库]，新立警示牌{m}块。",
        ),
        heads=("[深夜|雨中]的电话", "[线索|脚印]指向哪里", "[一通电话|一条短信]的教训"),
        words=("社会", "警情", "求助"),
    ),
}

_COMMON = (
    "{县}{镇}的{人}估算，照此进度，{月}月里还能再添{n}处。",
    "不少人[关心|打听]后续安排，{县}方面答复说，第{n}次[协调会|碰头会]将定下时间表。",
    "采访当天，记者在{镇}停留了{k}个小时，遇到{n}拨[前来询问|等着办事]的群众。",
    "{人2}翻出手机里的{n}张照片，[最早的|第一张]拍摄于{k}年前的{镇}。",
    "对照年初的{n}项任务，{县}目前完成了{m}项中的{d}%，[进度|节奏]符合预期。",
    "“[心里有底|方向对了]，{镇}剩下的{n}件事就是[时间|力气]问题。”{人}说，他打算再干{k}年，把第{n}步走稳。",
    "{县2}派来{n}人的学习组，在{镇}[住了|待了]{k}天，带走{m}页笔记。",
    "有{n}名[大学生|返乡青年]参与其中，{县}为他们提供{k}个月的[食宿|津贴]。",
)
_CAPTIONS = (
    "图为{县}{镇}的[现场|一角]，第{n}次拍摄。",
    "{人}在{镇}[忙碌|查看进度]。（第{n}号图片）",
    "{县}{镇}[航拍|远景]，画面编号{m}。",
)
_ITEMS = (  # no two stories share one: each names its own town
    "{镇}：[每周|每月]{n}次，联系人{人}",
    "{县}东片：{k}处[站点|窗口]，{n}个名额",
    "{村}：{月}月起，办理编号{m}",
)
_ROWS = ("{镇}|{n}|{d}%", "{村}|{m}|{d}%")
_UPDATES = ("截至发稿时，{县}又通报了{n}条最新情况，{人}表示将在{k}天内给出书面答复。",)
_OVERLINES = ("——来自{县}{镇}的第{n}份报告", "{县}[观察|行走]之{n}：[看变化|听民声]")


class _Teller:
    """Expands patterns; keeps one cast of names per story so that its sentences belong together."""

    def __init__(self, key: str, when: datetime) -> None:
        self.rng = random.Random(key)
        self.when = when
        rng = self.rng
        nations = rng.sample(_NATIONS, 2)
        self.cast = {
            "县": _place(rng) + rng.choice("县县市区"),
            "县2": _place(rng) + rng.choice("县市"),
            "镇": _place(rng) + "镇",
            "村": _place(rng) + "村",
            "人": person(rng),
            "人2": person(rng),
            "外": rng.choice(_FOREIGN) + "·" + rng.choice(_FOREIGN),
            "司": rng.choice(_FIRM_A) + rng.choice(_FIRM_B) + "公司",
            "国": nations[0],
            "国2": nations[1],
            "日": f"{when.month}月{when.day}日",
        }
        self.fresh: dict[str, Callable[[], str]] = {
            "n": lambda: str(rng.randint(12, 980)),
            "m": lambda: str(rng.randint(103, 9870)),
            "岁": lambda: str(rng.randint(58, 93)),
            "分": lambda: str(rng.randint(10, 59)),
            "k": lambda: str(rng.randint(3, 19)),
            "d": lambda: f"{rng.uniform(1.1, 98.9):.2f}",
            "月": lambda: str(rng.randint(1, 12)),
            "周": lambda: rng.choice(_WEEK),
        }

    def tell(self, pattern: str) -> str:
        """One sentence of the pattern, with new numbers."""
        text = pattern
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda found: self.rng.choice(found[1].split("|")), text)
        return _SLOT.sub(self._slot, text)

    def _slot(self, found: re.Match[str]) -> str:
        name = found[1]
        return self.cast[name] if name in self.cast else self.fresh[name]()


def person(rng: random.Random) -> str:
    """A name of two or three characters, all of them in GB2312's reach."""
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))


def _place(rng: random.Random) -> str:
    return rng.choice(_PLACE_A) + rng.choice(_PLACE_B)


def _desk_for(kind: str, rng: random.Random) -> Desk:
    if kind == "local":
        return DESKS[rng.choice(("project", "farm", "city", "culture"))]
    return DESKS[kind]


@lru_cache(maxsize=4096)
def headline(number: int, kind: str, when: datetime) -> str:
    """The title alone: lists need thousands of them, so it costs no paragraphs."""
    teller = _Teller(f"dzwww-replica/{number}", when)
    return teller.tell(teller.rng.choice(_desk_for(kind, teller.rng).titles))


def _paragraphs(teller: _Teller, desk: Desk) -> list[str]:
    rng = teller.rng
    common = () if desk is DESKS["world"] else rng.sample(_COMMON, rng.randint(1, 3))
    lines = [*rng.sample(desk.lines, rng.randint(5, len(desk.lines))), *common]
    rng.shuffle(lines)
    paragraphs = [teller.tell(rng.choice(desk.leads))]
    while lines:
        take = min(len(lines), rng.choice((1, 1, 2, 2, 3)))
        paragraphs.append("".join(teller.tell(lines.pop()) for _ in range(take)))
    return paragraphs


@lru_cache(maxsize=256)
def story(number: int, kind: str, when: datetime) -> Story:
    """The whole story of a number; the same arguments always give the same text."""
    teller = _Teller(f"dzwww-replica/{number}", when)
    rng = teller.rng
    desk = _desk_for(kind, rng)
    title = teller.tell(rng.choice(desk.titles))
    paragraphs = _paragraphs(teller, desk)
    return Story(
        title=title,
        other_title=_other_title(teller, desk, title),
        overline=teller.tell(rng.choice(_OVERLINES)),
        place=teller.cast["县"],
        paragraphs=tuple(paragraphs),
        heads=tuple(teller.tell("{县}{镇}：" + head) for head in rng.sample(desk.heads, 2)),
        items=tuple(teller.tell(item) for item in _ITEMS),
        rows=(
            teller.tell("{县}{镇}等地 | 数量 | 占比"),
            *(teller.tell(row).replace("|", " | ") for row in _ROWS),
        ),
        quote=teller.tell("{人}在{镇}的留言簿上写道：愿第{n}个清晨依旧有人早起，为{县}点亮一盏灯。"),
        captions=tuple(teller.tell(caption) for caption in rng.sample(_CAPTIONS, 2)),
        update=teller.tell(rng.choice(_UPDATES)),
        keywords=(teller.cast["国" if kind == "world" else "县"], *desk.words[:2]),
    )


def _other_title(teller: _Teller, desk: Desk, title: str) -> str:
    """A headline another desk would give the same text."""
    while True:
        other = teller.tell(teller.rng.choice(desk.titles))
        if other != title:
            return other


def weather(number: int, when: datetime) -> tuple[str, tuple[str, ...]]:
    """A daily notice: title and paragraphs; only dates and figures change from one to the next."""
    rng = random.Random(f"weather/{number}")
    low, gap = rng.randint(-6, 18), rng.randint(5, 12)
    sky, wind = (
        rng.choice(("晴间多云", "多云转阴", "小雨转晴", "阴有阵雨")),
        rng.choice(("南风", "北风", "东北风")),
    )
    day = f"{when.month}月{when.day}日"
    return f"青石湾{day}天气：{sky} 最高{low + gap}℃", (
        f"青石湾气象台{day}16时发布天气预报：今天夜间到明天{sky}，{wind}{rng.randint(2, 4)}到5级。",
        f"{day}夜间最低气温{low}℃，次日白天最高气温{low + gap}℃，相对湿度{rng.randint(31, 94)}%。",
        f"海区方面，白浪屿附近海面{wind}，浪高{rng.uniform(0.4, 2.9):.1f}米，"
        f"编号{number}号预报自{day}20时起生效。",
    )


def serial_part(number: int, part: int, kind: str, when: datetime) -> tuple[str, ...]:
    """The paragraphs of a further part of a long article: a sequel of its own with the same cast of desk."""
    return story(number * 10 + part + 5_000_000, kind, when).paragraphs


def seed_paragraphs() -> tuple[str, ...]:
    """The stored article's body, its folded ASCII punctuation put back to full width."""
    text = (Path(__file__).parent / "seed_article.txt").read_text(encoding="utf-8")
    return tuple(_widen(line) for line in text.splitlines() if line)


def _widen(line: str) -> str:
    wide = dict(zip(",:();", "，：（）；", strict=True))
    out = []
    for at, char in enumerate(line):
        around = line[max(0, at - 1)], line[min(len(line) - 1, at + 1)]
        ascii_both = all(near.isascii() and near.isalnum() for near in around)
        out.append(char if ascii_both else wide.get(char, char))
    return "".join(out)
