"""Articles from plain text: head, credits, headline, and the seed to the character."""

import pytest

from dzwcrawl.article import RECORD_FIELDS, Article, record
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.extract.plain import from_plain
from tests.conftest import SHARED

FIRST = "三月的最后一个清晨，柳湾渡口的旧船坞开始拆除，十来个人站在堤上看。"
SECOND = "船老大周满仓说，他在这里补过七十多条船，最后一条是去年秋天下水的。"


def cleaned(*lines: str) -> Article:
    article = from_plain("\n".join(lines))
    clean_phrases(article)
    return article


def test_headline_credit_line_and_body() -> None:
    article = cleaned(
        "柳湾渡口旧船坞开拆", "2024-03-31 08:15 来源：柳湾晚报 作者：周小满", FIRST, SECOND, "责任编辑：吴桐"
    )
    assert article.body == f"{FIRST}\n{SECOND}"
    assert (article.title, article.source) == ("柳湾渡口旧船坞开拆", "柳湾晚报")
    assert (article.authors, article.editors) == (["周小满"], ["吴桐"])
    assert article.published == "2024-03-31T08:15:00+08:00"
    assert article.language is not None and article.language.startswith("zh")
    assert tuple(record(article)) == RECORD_FIELDS


@pytest.mark.parametrize(
    ("pieces", "published"),
    [
        (["2024", "03/31", "08:15"], "2024-03-31T08:15:00+08:00"),
        (["2024", "03/31"], "2024-03-31"),
        (["2024"], "2024"),
        ([], None),
    ],
)
def test_a_date_in_pieces_is_as_precise_as_its_pieces(pieces: list[str], published: str | None) -> None:
    article = cleaned("柳湾渡口旧船坞开拆", *pieces, FIRST, SECOND)
    assert (article.published, article.body) == (published, f"{FIRST}\n{SECOND}")


def test_a_year_on_a_line_of_the_text_stays() -> None:
    assert cleaned("柳湾渡口旧船坞开拆", FIRST, "2019", SECOND).body == f"{FIRST}\n2019\n{SECOND}"


def test_the_headline_in_a_scan_line_and_its_repeats() -> None:
    article = cleaned(FIRST, "柳湾渡口旧船坞开拆", SECOND, "扫码观看视频《柳湾渡口旧船坞开拆》")
    assert (article.title, article.body) == ("柳湾渡口旧船坞开拆", f"{FIRST}\n{SECOND}")


def test_every_line_that_was_left_out_has_its_reason() -> None:
    lines = ["柳湾渡口旧船坞开拆", "来源：柳湾晚报", FIRST, "分享到：", "责任编辑：吴桐"]
    article = cleaned(*lines)
    assert [block.text for block in article.blocks] == lines
    assert [(block.removed or "").split(":")[0] for block in article.blocks] == [
        "title", "credit", "", "phrase", "credit",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " \n\u3000\n\n", "\n"])
def test_nothing_gives_nothing(text: str) -> None:
    article = cleaned(text)
    assert (article.title, article.body, article.published, article.blocks) == (None, "", None, [])


def test_cleaning_what_was_cleaned_changes_nothing() -> None:
    body = cleaned("柳湾渡口旧船坞开拆", "来源：柳湾晚报", FIRST, SECOND, "责任编辑：吴桐").body
    assert cleaned(body).body == body


def test_the_seed() -> None:
    seeds = sorted(SHARED.glob("seed/*.txt"))
    if not seeds:
        pytest.skip("the shared folder with the seed is not beside this checkout")
    lines = seeds[0].read_text(encoding="utf-8").splitlines()
    article = cleaned(*lines)
    end = next(number for number, line in enumerate(lines) if line.startswith("扫码观看"))
    assert article.body.split("\n") == lines[lines.index("手机查看") + 1 : end]
    assert article.title == "潍坊线上线下发力 “双招双引”有新机"
    assert (article.source, article.editors) == ("大众报业·大众日报", ["刘美显"])
    assert article.published == "2020"
