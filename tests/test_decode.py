"""Encodings: the accidents of Chinese servers, other encodings, damage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dzwcrawl.extract.decode import decode

NEWS = "潍坊市公安局发布消息，今年以来全市共有三百人参加了志愿服务活动，受到群众欢迎。"
PAGE = "<html><head>{meta}<title>新闻</title></head><body><p>{text}</p></body></html>"


def page(meta: str = "", text: str = NEWS) -> str:
    return PAGE.format(meta=meta, text=text)


MATRIX = [
    ("gb2312 label, gbk characters", page("<meta charset=gb2312>", NEWS + "朱镕基"), "gbk", None),
    ("gb2312 label, four-byte character", page("<meta charset=gb2312>", NEWS + "𠮷㐂"), "gb18030", None),
    ("no declaration", page(), "gbk", None),
    ("header iso-8859-1, meta gbk", page("<meta charset=gbk>"), "gbk", "text/html; charset=ISO-8859-1"),
    ("header utf-8 is wrong, meta gbk", page("<meta charset=gbk>"), "gbk", "text/html; charset=utf-8"),
    ("meta after 5 KB", page("<!--" + "x" * 5000 + "--><meta charset=gbk>"), "gbk", None),
    (
        "malformed http-equiv",
        page('<meta httpequiv="Content-Type" content="text/html;charset=gbk">'),
        "gbk",
        None,
    ),
    ("meta utf-8 is wrong", page("<meta charset=utf-8>"), "gbk", None),
]


@pytest.mark.parametrize(("name", "text", "encoding", "header"), MATRIX, ids=[row[0] for row in MATRIX])
def test_lying_declarations(name: str, text: str, encoding: str, header: str | None) -> None:
    assert decode(text.encode(encoding), header) == (text, "gb18030")


def test_one_bad_byte_costs_one_character() -> None:
    raw = page("<meta charset=utf-8>", NEWS * 3).encode()
    at = raw.index("公".encode())
    text, encoding = decode(raw[:at] + b"\xff" + raw[at:], None)
    assert encoding == "utf-8"
    assert text.replace("\ufffd", "") == page("<meta charset=utf-8>", NEWS * 3)


def test_truncated_utf8() -> None:
    raw = NEWS.encode()[:-4]
    assert decode(raw, None) == (raw.decode("utf-8", "replace"), "utf-8")


def test_one_bad_byte_in_gbk() -> None:
    raw = page("<meta charset=gb2312>").encode("gbk").replace(b"</p>", b"\xff</p>")
    text, encoding = decode(raw, None)
    assert encoding == "gb18030"
    assert NEWS in text


def test_a_missing_byte_in_gbk_costs_one_character() -> None:
    # Until the next ASCII byte every character would be made of the halves of two.
    line = "他表示，没有经过接触与皮肤测试，他们不知道那位消费者是否使用产品而出现皮肤问题。"
    whole = page("<meta charset=gb2312>", f"{NEWS}</p><p>{line}")
    raw = whole.encode("gbk")
    at = raw.index("，没".encode("gbk"))
    assert decode(raw[:at] + raw[at + 1 :], None)[0] == whole.replace("，没", "\ufffd没")


def test_blanks_of_old_chinese_editors() -> None:
    assert decode(b"<p>\xa3\xa0\xa3\xa0" + NEWS.encode("gbk"), None)[0] == f"<p>\u3000\u3000{NEWS}"


TRADITIONAL = "臺北市政府今天發布消息，今年以來全市共有三百人參加了志願服務活動。"
JAPANESE = "東京都は今日、新しい計画を発表しました。これは来年から始まる予定です。"
KOREAN = "서울시는 오늘 새로운 계획을 발표했습니다. 내년부터 시작될 예정입니다."
GERMAN = "Die Überprüfung der Maßnahmen für Bürger ist größer, sagte Jörg Müller."
RUSSIAN = "Сегодня в Москве прошло заседание правительства, сообщает агентство."
POLISH = "Dziś rząd ogłosił, że będą większe środki dla gmin i powiatów w całej Łodzi"
FRENCH = (
    "Le maire a annoncé hier que les écoles resteront fermées jusqu’à l’été, après une décision du préfet."
)
CZECH = "Ministr řekl, že vláda příští týden schválí nové peníze pro školy a města v celé zemi"
UKRAINIAN = "Сьогодні у Києві відбулося засідання уряду, повідомляє агентство."
TURKISH = "Belediye başkanı bugün yeni yolların açılışını yaptı, çalışmalar yıl sonuna kadar sürecek"
HEBREW = "ראש הממשלה הודיע היום על תוכנית חדשה לבניית בתים בצפון"
ARABIC = "أعلنت الحكومة اليوم عن خطة جديدة لبناء المدارس في المدينة"
GREEK = "Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα για την οικονομία της χώρας"
THAI = "รัฐบาลประกาศแผนใหม่วันนี้"


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "euc_kr"),
        (KOREAN, "cp949"),
        (KOREAN, "iso2022_kr"),
        (GERMAN, "windows-1252"),
        (GERMAN, "iso-8859-1"),
        (FRENCH, "windows-1252"),
        (POLISH, "windows-1250"),
        (POLISH, "iso-8859-2"),
        (CZECH, "windows-1250"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (UKRAINIAN, "windows-1251"),
        (GREEK, "windows-1253"),
        (TURKISH, "windows-1254"),
        (HEBREW, "windows-1255"),
        (ARABIC, "windows-1256"),
        (THAI, "cp874"),
        (NEWS, "gbk"),
        (NEWS, "gb2312"),
        (NEWS, "gb18030"),
        (NEWS, "utf-16"),
        (NEWS, "utf-16-le"),
        (NEWS, "utf-8-sig"),
    ],
)
def test_other_encodings(text: str, encoding: str, declared: bool) -> None:
    whole = page(f"<meta charset={encoding}>" if declared else "", text * 2).replace("新闻", "")
    assert text in decode(whole.encode(encoding), None)[0]


def test_hz_where_it_is_declared() -> None:
    raw = page("<meta charset=hz-gb-2312>").encode("hz")
    assert decode(raw, None) == (page("<meta charset=hz-gb-2312>"), "hz")
    assert decode(b"<p>~{ a tilde and a brace ~}", None)[1] == "utf-8"


@pytest.mark.parametrize("lie", ["utf-8", "iso-8859-1", "gb2312", "windows-1252"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "windows-1251"),
        (NEWS, "utf-8"),
        (GERMAN, "utf-8"),
    ],
)
def test_header_and_page_lie_both(text: str, encoding: str, lie: str) -> None:
    raw = page(f"<meta charset={lie}>", text * 2).replace("新闻", "").encode(encoding)
    assert text in decode(raw, f"text/html; charset={lie}")[0]


def test_declared_names_that_python_has_not() -> None:
    assert decode(JAPANESE.encode("shift_jis"), "text/html; charset=x-sjis")[0] == JAPANESE
    assert decode(KOREAN.encode("euc_kr"), "text/html; charset=ks_c_5601-1987")[0] == KOREAN
    assert decode(NEWS.encode("gbk"), "text/html; charset=nonsense")[0] == NEWS
    assert decode(NEWS.encode("gbk"), "text/html; charset=rot13")[0] == NEWS


def test_ascii_and_nothing() -> None:
    assert decode(b"<p>plain</p>", "text/html; charset=gbk") == ("<p>plain</p>", "utf-8")
    assert decode(b"", None) == ("", "utf-8")


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_never_raises(body: bytes, header: str | None) -> None:
    text, encoding = decode(body, header)
    assert isinstance(text, str)
    assert "".encode(encoding) is not None


# Each beside the encoding that most resembles it: only the declaration and the letters of its languages tell.
DECLARED = [
    ("windows-1257", "cp1257", "Vakar rytą atidaryta nauja prieplauka, žmonės džiaugėsi, laivas išplaukė į kitą krantą."),
    ("iso-8859-13", "iso8859-13", "Šodien svinīgi atklāja jauno piestātni, pirmais kuģis devās uz otru krastu, žēl."),
    ("iso-8859-4", "iso8859-4", "Šodien svinīgi atklāja jauno piestātni, pirmais kuģis devās uz otru krastu, žēl."),
    ("iso-8859-10", "iso8859-10", "Í gær var opnuð ný bryggja, fyrsta skipið sigldi yfir fjörðinn. Það er þægilegt."),
    ("iso-8859-16", "iso8859-16", "Ieri dimineață a fost deschis noul debarcader, și nava a plecat spre celălalt țărm."),
    ("iso-8859-3", "iso8859-3", "Il-bieraħ filgħodu nfetaħ il-moll il-ġdid, l-ewwel vapur telaq għax-xatt l-ieħor."),
    ("iso-8859-6", "iso8859-6", "افتتح صباح أمس الرصيف الجديد رسميا وغادرت السفينة الأولى إلى الضفة الأخرى."),
    ("iso-8859-8-i", "iso8859-8", "אתמול בבוקר נפתח רשמית המזח החדש והספינה הראשונה יצאה אל הגדה השנייה."),
    ("ibm866", "cp866", "Вчера утром официально открылся новый причал, первый корабль отправился на другой берег."),
    ("x-mac-cyrillic", "mac-cyrillic", "Вчера утром официально открылся новый причал, первый корабль отправился."),
    ("macintosh", "mac-roman", "Hier, le nouvel embarcadère a été inauguré ; c’est déjà très fréquenté à la rentrée."),
    ("euc-jp", "euc_jis_2004", "新しい港の桟橋がきのう開業し、①番の切符を㈱港湾が売り、市民が№２に乗った。"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "codec", "text"), DECLARED, ids=[row[0] for row in DECLARED])
def test_every_encoding_that_a_page_may_declare_is_read(label: str, codec: str, text: str) -> None:
    page = f"<html><head><meta charset={label}></head><body><p>{text}</p><p>{text}</p></body></html>"
    assert decode(page.encode(codec), "text/html")[0] == page


def test_vietnamese_tones_are_joined_to_their_letters() -> None:
    text = "<meta charset=windows-1258><p>Hôm qua, tàu đầu tiên chở khách.</p>"
    written = text.replace("ầ", "â\u0300").replace("ở", "ơ\u0309").encode("cp1258")
    assert decode(written, None) == (text, "cp1258")


@pytest.mark.parametrize("label", ["idna", "punycode", "unicode_escape", "rot13", "utf-7", "undefined"])
def test_what_only_python_calls_an_encoding_is_none(label: str) -> None:
    page = f"<meta charset={label}><p>Un café près de l’île, déjà fermé \\u003cb\\u003e.</p>"
    assert decode(page.encode("cp1252"), f"text/html; charset={label}") == (page, "cp1252")
