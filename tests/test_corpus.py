"""Plain texts of other crawlers, cleaned by what repeats among them."""

from typing import Any

import pytest

from dzwcrawl.archive.corpus import clean_corpus
from tests.conftest import SHARED
from tests.test_learning import BANNER, NOTICE, paragraphs


def headline(number: int) -> str:
    return f"{paragraphs(number + 99)[0][4:13]}的新鲜事"


def rows(number: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"text": "\n".join([BANNER, headline(n), *paragraphs(n), NOTICE]), "file": f"{n}.txt"} | more
        for n in range(number)
    ]


def test_what_repeats_goes_and_headlines_are_found_behind_it() -> None:
    found = list(clean_corpus(rows(12)))
    assert [record["body"] for record in found] == ["\n".join(paragraphs(n)) for n in range(12)]
    assert [record["title"] for record in found] == [headline(n) for n in range(12)]
    assert [record["file"] for record in found] == [f"{n}.txt" for n in range(12)]


def test_sites_are_learned_apart() -> None:
    some = [row | {"url": f"http://www.a.com/{n}"} for n, row in enumerate(rows(2))]
    others = [row | {"url": f"http://b.com/{n}"} for n, row in enumerate(rows(12))]
    found = list(clean_corpus([*some, *others]))
    assert [record["site"] for record in found] == ["a.com"] * 2 + ["b.com"] * 12
    assert [BANNER in (record["title"] or "") + record["body"] for record in found] == [True] * 2 + [
        False
    ] * 12
    assert not any(BANNER in record["body"] for record in clean_corpus([*some, *others], site="one"))


def test_what_a_row_says_is_believed_and_order_is_kept() -> None:
    given = {"title": "另有其题", "authors": ["王一"], "date": "2020-06-08 07:13", "url": "http://a.com/1"}
    (first, failed, second) = clean_corpus(
        [rows(1)[0] | given, {"file": "x", "error": "no"}, rows(1)[0] | given]
    )
    assert (first["title"], first["authors"], first["published"]) == (
        "另有其题",
        ["王一"],
        "2020-06-08T07:13:00+08:00",
    )
    assert first["url"] == second["url"] == "http://a.com/1"
    assert failed == {"file": "x", "error": "no"}
    assert (first["id"], second["id"], second["duplicate_of"]) == (1, 2, 1)


def test_the_seed_among_others() -> None:
    seed = sorted((SHARED / "seed").glob("*.txt")) if SHARED.is_dir() else []
    if not seed:
        pytest.skip("needs ../shared/seed")
    text = seed[0].read_text(encoding="utf-8")
    (record, *_) = clean_corpus([{"text": text}, *rows(12)])
    lines = text.splitlines()
    assert record["body"] == "\n".join(lines[lines.index("手机查看") + 1 : -2])
