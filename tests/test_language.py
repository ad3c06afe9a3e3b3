"""Languages: by script, by letters, by words; what the page declares only where the text is silent."""

import pytest

from dzwcrawl.extract.language import language_of

TEXTS = {
    "zh": "潍坊市公安局发布消息，今年以来全市共有三百人参加了志愿服务活动，受到群众欢迎。",
    "ja": "東京都は今日、新しい計画を発表しました。これは来年から始まる予定です。",
    "ko": "서울시는 오늘 새로운 계획을 발표했습니다. 내년부터 시작될 예정입니다.",
    "de": "Der Stadtrat hat am Montag beschlossen, die Brücke über die Elbe bis zum Frühjahr zu sperren.",
    "fr": "Le maire a annoncé lundi que les écoles de la ville resteront fermées jusqu’à la fin du mois.",
    "es": "El alcalde anunció el lunes que las escuelas de la ciudad permanecerán cerradas hasta fin de mes.",
    "it": "Il sindaco ha annunciato lunedì che le scuole della città resteranno chiuse fino alla fine del mese.",
    "en": "The council decided on Monday that the bridge over the river is to be closed until the spring.",
    "pl": "Dziś rząd ogłosił, że będą większe środki dla gmin i powiatów, a nie tylko dla miast w całym kraju.",
    "ru": "Сегодня в Москве прошло заседание правительства, на котором выступил министр экономики.",
    "uk": "Сьогодні у Києві відбулося засідання уряду, повідомляє агентство, її учасники підтвердили рішення.",
    "be": "Сёння ў Мінску прайшло пасяджэнне ўрада, паведамляе агенцтва, удзельнікі якога зацвердзілі план.",
    "sr": "Влада је данас усвојила нови предлог закона који ће бити упућен скупштини, рекао је председник.",
    "bg": "Кметът съобщи днес, че градът ще получи нова програма за развитие до края на годината, а съветът я прие.",
    "fa": "دولت امروز از برنامه‌ای تازه برای ساخت مدرسه در شهر پرده برداشت و گفت که چند ماه دیگر آغاز می‌شود",
    "ur": "حکومت نے آج شہر میں نئے اسکول بنانے کے منصوبے کا اعلان کیا ہے اور کہا ہے کہ کام جلد شروع ہوگا",
    "ar": "أعلنت الحكومة اليوم عن خطة جديدة لبناء المدارس في المدينة وقالت إن العمل سيبدأ قريبا",
    "el": "Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα για την οικονομία της χώρας",
    "th": "รัฐบาลประกาศแผนใหม่วันนี้เพื่อพัฒนาเมือง",
}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("declared", ["en-US", "zh-CN"])
def test_the_text_outweighs_a_declaration(language: str, declared: str) -> None:
    assert language_of(TEXTS[language] * 2, declared) == language


@pytest.mark.parametrize("language", TEXTS)
def test_without_a_declaration(language: str) -> None:
    assert language_of(TEXTS[language] * 2) == language


@pytest.mark.parametrize(
    "text",
    [
        "臺北市政府今天發布消息，今年以來全市共有三百人參加了志願服務活動。",
        "據香港特區政府消息，這項計劃將於下月開始，並會分三個階段進行，預計惠及過萬名市民。",
    ],
)
@pytest.mark.parametrize("declared", [None, "ja", "ko", "en"])
def test_traditional_chinese_is_neither_japanese_nor_korean(text: str, declared: str | None) -> None:
    assert language_of(text, declared) == "zh"


def test_chinese_with_japanese_names_is_chinese() -> None:
    text = "日本动画《となりのトトロ》昨日在本市影院重映，观众反应热烈，票房超过预期，多家影院加场。"
    assert language_of(text * 2, "zh-CN") == "zh"
    assert (
        language_of(text + "影院负责人表示，影片将放映到月底，学生凭证可享受半价优惠，欢迎市民前往观看。")
        == "zh"
    )


def test_japanese_of_few_kana() -> None:
    results = "第一試合 東京高校五対三大阪高校 第二試合 京都高校二対一名古屋高校 勝利投手は山田、本塁打は鈴木"
    assert language_of(results, "ja") == "ja"


def test_korean_with_ideographs() -> None:
    assert (
        language_of("大統領은 今日 서울 市廳에서 새로운 計劃을 발표했습니다. 내년부터 시작될 예정입니다.")
        == "ko"
    )


def test_too_short_for_an_answer() -> None:
    assert language_of("123", "de-DE") == "de"
    assert language_of("123") is None
