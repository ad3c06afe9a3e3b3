"""What a person is called and what an outlet is called: the two are told apart before either is stored.

A Chinese name is a surname of the hundred-family list and one or two characters; two surnames or a compound one
may make four. Where a label (作者：) vouches for the value, pen names and names of other peoples are taken too.
All functions expect text folded to NFKC.
"""

import re

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤风花方俞"
    "任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成"
    "戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪干解"
    "应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全"
    "郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟"
    "谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿"
    "满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公"
    "仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦苟鹿仝佟佘商牟伯赏南墨哈谯笪年爱阳佴佗修原曰邸由肖付代覃青操揭麦初战位矫战"
    "綦逄兰冼岑丛隋宫衣迟鞠解么亓信户尧栗母校呼门斯楼展英保邝粟随税才来候冶撒亚"
    "趙錢孫吳鄭馮陳衛蔣韓楊許呂張孔嚴華魏謝鄒喻蘇潘範彭魯韋馬鳳費廉雷賀湯羅畢鄔樂時顧黃蕭項紀閔賈婁顏鍾駱蔡萬盧應鄧鬱單龔"
    "陸榮儲富烏焦車寧欒厲劉葉龍賴喬陰雙聞黨譚貢勞農溫莊閻連習魚簡饒關聶遊權蓋蘭鄺樓齊歐慮鞏婁倪闕"
)
_COMPOUND = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 端木 百里 南宫 西门 夏侯 长孙 宇文 轩辕 "
    "独孤 拓跋 呼延 闻人 澹台 申屠 钟离 鲜于 太史 万俟 赫连 司空 濮阳 淳于 单于 歐陽 司馬 諸葛 東方 "
    "長孫 完颜 纳兰 南门 第五 "
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
# Words that begin with a surname: verbs and nouns of news prose, functions of people, places.
_COMMON_WORDS = (
    "关注 查询 查看 查阅 应邀 方面 于是 于日前 经过 通过 连线 连日 安排 计划 任务 何时 温馨 高度 高级 "
    "全部 全文 全国 全媒体 成功 成立 和平 金融 万元 单位 项目 程序 曾经 曾在 曾多次 金额 石油 雷电 "
    "常见 常务 应该 应对 应当 解放 向警方 向其 向他 向她 从中 从业 时间 时任 时报 时候 时政 文化 文字 "
    "文章 文中 文明 安全 高校 高铁 都市 有关 有的 有人 有限 都是 都有 都在 公开 公司 公安 来到 来自 "
    "来源 那么 那些 相关 利用 利好 原标题 原题 原创 原文 商报 商业 商务 国内 国际 国家 国新办 晋级 "
    "海外 海报 游客 游戏 白天 车主 池州 师生 随机 随后 随着 随即 位于 展开 战略 修改 修订 代表 青年 "
    "青岛 全市 全省 全县 明日 明天 平台 平时 元旦 成员 白色 云计算 水利 水平 空间 山东 山西 江苏 江西 "
    "江南 江北 安徽 云南 贵州 贵阳 宁夏 宁波 沈阳 郑州 徐州 苏州 常州 温州 武汉 广州 广东 广西 海南 "
    "海口 石家庄 成都 连云港 黄山 包头 柳州 邢台 荆州 岳阳 衡阳 曲阜 曲靖 高密 高青 寿光 安丘 诸城 "
    "昌邑 宁阳 东平 东营 文登 荣成 乐陵 宁津 齐河 齐鲁 夏津 武城 平原 禹城 单县 成武 曹县 梁山 金乡 "
    "邹城 蒙阴 平邑 费县 兰陵 兰州 泰安 长沙 乌鲁木齐 郎溪 盛京 楚天 荆楚 燕赵 燕都 华商 华西 华龙 "
    "红星 红网 南方 南都 南宁 南昌 南京 南国 东方 东北 东南 北青 广电 钱江 金华 丁香 新闻 常德 温暖 "
    "方便 方法 方案 简介 简称 管理 管委会 党委 党员 党建 农村 农业 农民 边防 边境 车辆 司法 司机 养老 "
    "居民 门户 马上 万人 万户 高温 高考 高速 高端 强调 强降雨 舒适 毕业 危险 毛利 金牌 谈话 祝贺 "
    "董事长 董事 梅雨 盛大 管理员 包括 左右 吉林 段落 富士康 班主任 后来 后台 后记 章节 章程 童话 "
    "顾客 顾问 许多 施工 严重 严格 华为 华东 华南 华北 路透社 路透 强烈 计算机 幸福 幸运 终审 初审 "
    "校对 校审 校园 总监 信息 信阳 保险 保护 户外 呼吁 才能 代理 展览 展示 亚洲 亚运 英国 英语 "
)
_NOT_NAMES = frozenset(_COMMON_WORDS.split())
_NO_NAME_WITHIN = re.compile(
    r"[了的昨在是把被将就也都说称这那他她们不没]|报道|记者|讯员|编辑|采访|今[天日年]|[本上下]月"
)
_NOBODY = re.compile(
    r"(?:佚名|不详|未知|网络|互联网|转载|本站|本网|原创|综合|整理|admin\w*|编辑|小编|记者|通讯员|管理员|"
    r"匿名|网友|游客|"
    r"系统|暂无|无|本报|本刊|null|none|nan|undefined|user|root|size|回复|作者|来源|未署名|site ?admin|"
    r"webmaster|"
    r"editor(?:ial)?(?: (?:staff|team|board))?|staff(?: (?:writer|reporter|editor))?|unknown|anonymous|guest|"
    r"责任编辑|责编|编者|编辑部|新闻中心|采编中心|摘编|供稿|投稿|用户投稿|我要评论|author|default|test|"
    r"super ?admin)",
    re.I,
)
_OUTLET_END = re.compile(
    r"(?:网|報|报|社|电视台|电台|广播台|卫视|杂志|周刊|月刊|期刊|半月谈|客户端|新闻|频道|中心|公众号|微信|"
    r"微博|在线|传媒|"
    r"融媒(?:体)?|媒体|编辑部|记者站|观察|视频|财经|资讯|科技|政府|大学|学院|公司|集团|协会|学会|委员会|"
    r"研究[所院]|工作室|"
    r"论坛|热线|出版社|晨刊|头条|发布|网站|門戶|网络|杂谈|工人|之声|博客|专栏|时评|综合|热点|直播|"
    r"[.·](?:com|cn|net|org)(?:\.cn)?|\bapp|news|times|daily|post|press|journal|online|media|network)$",
    re.I,
)
_OFFICE_END = re.compile(r"(?:[省市县区州]|政府|[局厅部委办院校所队号台团馆会处科组])$")
_OUTLET_WITHIN = re.compile(
    r"日报|晚报|晨报|早报|新闻(?:网|社|客户端|中心)|电视台|通讯社|融媒|客户端|公众号|编辑部|记者站|出版社|www\.|https?:"
)
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]"
_ALL_HAN = re.compile(rf"{_HAN}+")
_DOTTED = re.compile(rf"{_HAN}{{1,7}}(?:[·•・]{_HAN}{{1,8}}){{1,3}}")
_LATIN = re.compile(r"[^\W\d_]['’.\w-]*(?: [^\W\d_]['’.\w-]*){0,4}")
_CODE = re.compile(r"[\s_]*[(\[]?\s*[A-Za-z]{1,4}[_-]?\d{2,6}\s*[)\]]?$")
_NOTE = re.compile(r"\s*[(\[【〔][^()\[\]【】〔〕]{0,30}[)\]】〕]")
_ROLE_AFTER = re.compile(
    r"[/\s]*(?:文[/、]?图|图[/、]?文|摄影(?:报道|记者)?|摄像|摄制|报道|采写|采访|整理|编译|撰文|撰写|撰稿|"
    r"综合|文|图|摄|"
    r"[/](?:文|图|摄|摄影)|翻译|著|編譯|攝影|報道)\s*$"
)
_TITLES = (
    r"(?:本报|本网|本刊|本台)?(?:全媒体|融媒体?|首席|特约|见习|实习|特派|驻\S{1,4}|高级|资深|专职|新媒体|"
    r"视频|摄影){0,4}"
    r"(?:记者|通讯员|实习生|评论员|撰稿人|编辑|责编|主编|校对|作者)"
)
# 文 is a role only where it stands apart: 文/李明, but 王乐文 方敏 and 文天祥 are names.
_ROLE_BEFORE = re.compile(rf"^(?:(?:{_HAN}{{2,10}}?)?{_TITLES}[\s:/]*|文[\s:/]+)(?=\S)")
_SPLIT = re.compile(r"\s*[、,，;/|&+]\s*|\s+(?:和|与|and)\s+|\s+")


def is_chinese_name(token: str) -> bool:
    """Tell whether a token has the form of a Chinese name and is no common word."""
    if token in _NOT_NAMES or not _ALL_HAN.fullmatch(token) or _NO_NAME_WITHIN.search(token):
        return False
    if token[:2] in COMPOUND_SURNAMES and len(token) in {3, 4}:
        return True
    return (
        len(token) in {2, 3}
        and token[0] in SURNAMES
        and not (len(token) == 3 and _OUTLET_END.search(token))
        and token[-1] != "网"  # 鲁网, 红网, 舜网
    )


_COLUMN = re.compile(rf"{_HAN}{{1,3}}[评評论論谈談议議]")


def is_column(token: str) -> bool:
    """Tell whether a word that no label calls a person may as well be the name of a column (松评, 夜谈)."""
    return _COLUMN.fullmatch(token) is not None


def is_outlet(text: str) -> bool:
    """Tell whether a text names an outlet, an office or a company rather than a person."""
    if _OUTLET_WITHIN.search(text) or (len(text) > 2 and _OUTLET_END.search(text)):
        return True
    if len(text) == 2 and text[1] == "网":
        return True
    return len(text) >= 4 and bool(_ALL_HAN.fullmatch(text) and _OFFICE_END.search(text))


def is_nobody(text: str) -> bool:
    """Tell whether a text stands where a name is expected but names nobody (admin, 佚名, 网络)."""
    return _NOBODY.fullmatch(text) is not None


def is_person(token: str) -> bool:
    """Tell whether a token that a label vouches for (作者：X) can be a person or a pen name."""
    if not token or is_nobody(token) or len(token) > 40:
        return False
    if _DOTTED.fullmatch(token):
        return True
    if is_outlet(token):
        return False
    if _ALL_HAN.fullmatch(token):
        return 2 <= len(token) <= 4 and token not in _NOT_NAMES
    return bool(_LATIN.fullmatch(token)) and not _ROLE_WORD.search(token)


_ROLE_WORD = re.compile(r"记者|通讯员|编辑|报道|作者|来源")


def clean_name(value: str) -> str:
    """Return a name without roles around it, codes and notes (记者张三/文 -> 张三, 陈群(QN054) -> 陈群)."""
    value = _NOTE.sub("", _CODE.sub("", value.strip())).strip(" .。:·-—@*■□●")
    value = _ROLE_BEFORE.sub("", value)
    if len(value) == 3 and is_chinese_name(value):
        return value  # 林曦文 is a name, 林曦/文 is not
    shorter = _ROLE_AFTER.sub("", value)
    return shorter.strip() if len(shorter) >= 2 else value


def split_names(value: str, *, strict: bool = False) -> list[str] | None:
    """Return the persons of a value that holds nothing else, or None.

    Names are separated by 、, commas, slashes or blanks; a two-character name may be written with a blank inside
    (王 磊). Words that name nobody give an empty list. `strict` asks for a Chinese surname: for values that no
    colon separates from their label.
    """
    value = _ROLE_BEFORE.sub("", _NOTE.sub("", _CODE.sub("", value)).strip(" .。;,、|/-—"))
    if not value:
        return []
    if _LATIN.fullmatch(value) and not re.search(_HAN, value):
        return [] if is_nobody(value) else ([] if strict else [value])
    names: list[str] = []
    for token in join_spaced([t for t in _SPLIT.split(value) if t]):
        if names and len(token) == 4 and token.endswith(("报道", "報道")):
            continue  # 记者 温镕 沙埠报道: what stands right before 报道 after a name is where from
        name = clean_name(token)
        if _ROLE_ONLY.fullmatch(name) or is_nobody(name) or token.endswith(("记者", "通讯员", "实习生")):
            continue
        good = is_chinese_name(name) or bool(_DOTTED.fullmatch(name)) if strict else is_person(name)
        if not good:
            return None
        names.append(name)
    return names


_ROLE_ONLY = re.compile(
    r"(?:文|图|摄|文图|图文|摄影|摄像|报道|摄影报道|采写|整理|编译|撰文|供图|供稿|记者|通讯员|实习生|"
    r"特约记者|实习记者|等)"
)


def join_spaced(tokens: list[str]) -> list[str]:
    """Join names written with a blank inside: a lone surname and the lone character after it (王 磊 -> 王磊)."""
    joined: list[str] = []
    open_name = False
    for token in tokens:
        if open_name and len(token) == 1 and _ALL_HAN.fullmatch(token):
            joined[-1] += token
            open_name = False
        else:
            joined.append(token)
            open_name = len(token) == 1 and token in SURNAMES
    return joined
