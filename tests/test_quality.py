"""The figures that docs/quality.md records: written, read back, and told when one is worse."""

from tests.bench.quality import DOCUMENT, OURS, recorded, shown, table, worse

SETS = [
    (
        "liu",
        "12",
        {
            OURS: {"F1": 0.97, "title": 0.9, "date": 1.0, "wrong": 0.01, "p/cpu-s": 51.4},
            "one": {"F1": 0.95, "title": 0.4, "date": 0.0, "wrong": 0.0},
            "two": {"F1": 0.80, "title": 0.5, "date": 0.3, "wrong": 0.2},
            "three": {"F1": 0.94, "title": 0.3, "date": 0.2, "wrong": 0.0},
        },
    )
]


def test_peers_that_are_best_in_something_stand_beside_ours() -> None:
    assert shown(SETS[0][2]) == [OURS, "one", "two"]


def test_the_table_is_read_back_as_it_was_written() -> None:
    text = f"words\n<!-- scoreboard -->\n{table(SETS)}\n<!-- /scoreboard -->\nmore words"
    assert recorded(text) == {"liu": SETS[0][2][OURS] | {"p/cpu-s": 51}}
    assert "| liu | 12 | one | 0.950 | 0.400 |  |  |  |  |" in text


def test_a_worse_score_is_told_and_slower_or_better_ones_are_not() -> None:
    before = {"liu": SETS[0][2][OURS]}
    assert (
        worse(before, {"liu": {"F1": 0.967, "title": 1.0, "date": 0.997, "wrong": 0.013, "p/cpu-s": 1}}) == []
    )
    told = worse(before, {"liu": {"F1": 0.9669, "title": 0.9, "wrong": 0.0131}})
    assert [line.split()[1] for line in told] == ["F1", "date", "wrong"]
    assert len(worse(before, {})) == 4


def test_the_document_records_every_set() -> None:
    figures = recorded(DOCUMENT.read_text(encoding="utf-8"))
    assert len(figures) == 9
    assert all(row.get("F1", row.get("date", 0)) > 0.5 for row in figures.values())
