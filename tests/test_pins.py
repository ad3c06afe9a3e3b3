"""A person's word on boilerplate: it wins, is remembered, can be taken back and handed on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.pins import PatternsError, export_patterns, import_patterns, pin, pins
from dzwcrawl.archive.reclean import relearn
from dzwcrawl.archive.store import derive_again, store
from dzwcrawl.boilerplate.clean import clean_phrases
from dzwcrawl.boilerplate.known import known_patterns
from dzwcrawl.boilerplate.patterns import pattern
from tests.test_learning import BANNER, bodies_of, fill, page

LINE = "每周三晚上八点见"


def test_keep_wins_over_what_was_learned_and_lasts(archive: Archive) -> None:
    fill(archive, [page(n, BANNER) for n in range(12)])
    assert pin(archive, "s", BANNER, "keep", derive_again) == 12
    assert all(body.startswith(BANNER) for body in bodies_of(archive).values())
    fill(archive, [page(12, BANNER)])
    relearn(archive, "s", derive_again)
    assert sum(BANNER in body for body in bodies_of(archive).values()) == 13
    assert pin(archive, "s", BANNER, None, derive_again) == 13
    assert not any(BANNER in body for body in bodies_of(archive).values())


def test_keep_wins_over_phrases_and_gives_the_reason_back(archive: Archive) -> None:
    article = page(1, "山东手机报订阅方式:")
    clean_phrases(article)
    store(archive, article, key="k")
    before = archive.query_value("SELECT layout FROM articles")
    pin(archive, "s", "山东手机报订阅方式:", "keep", derive_again)
    assert archive.query_value("SELECT body FROM articles").startswith("山东手机报订阅方式:")
    assert archive.query_value("SELECT count(*) FROM blocks") == 0
    pin(archive, "s", "山东手机报订阅方式:", None, derive_again)
    assert archive.query_value("SELECT layout FROM articles") == before


def test_drop_goes_at_once_with_its_variants(archive: Archive) -> None:
    fill(archive, [page(1, "第8期 每周三见"), page(2, "第9期 每周三见"), page(3, "（完）")])
    assert pin(archive, "s", "第1期 每周三见", "drop", derive_again) == 2
    assert pin(archive, "s", "（完）", "drop", derive_again) == 1
    fill(archive, [page(4, "第77期 每周三见")])
    assert all(body.count("\n") == 1 for body in bodies_of(archive).values())
    assert [row["verdict"] for row in pins(archive, "s")] == ["drop", "drop"]


def test_of_another_site_nothing_is_said(archive: Archive) -> None:
    fill(archive, [page(1, LINE)])
    pin(archive, "elsewhere", LINE, "drop", derive_again)
    assert archive.query_value("SELECT body FROM articles").startswith(LINE)


def test_patterns_travel_and_a_persons_word_stays(archive: Archive, tmp_path: Path) -> None:
    fill(archive, [page(n, BANNER, LINE) for n in range(12)])
    pin(archive, "s", LINE, "keep", derive_again)
    data = json.loads(json.dumps(export_patterns(archive, "s")))
    assert ([entry["pattern"] for entry in data["patterns"]], data["kept"]) == ([BANNER], [LINE])
    with Archive(tmp_path / "other.db", create=True) as other:
        fill(other, [page(1, BANNER, LINE)])
        pin(other, "s", BANNER, "keep", derive_again)
        assert import_patterns(other, data, derive_again) == 1
        assert BANNER in other.query_value("SELECT body FROM articles")
        pin(other, "s", BANNER, None, derive_again)
        assert import_patterns(other, data, derive_again) == 1
        assert other.query_value("SELECT body FROM articles").startswith(LINE)


def test_patterns_of_a_demo_are_not_for_real_articles(archive: Archive, tmp_path: Path) -> None:
    with Archive(tmp_path / "demo.db", create=True, demo=True) as demo:
        fill(demo, [page(n, BANNER) for n in range(12)])
        invented = json.loads(json.dumps(export_patterns(demo, "s")))
    fill(archive, [page(1, BANNER)])
    with pytest.raises(PatternsError, match="patterns of a demo"):
        import_patterns(archive, invented, derive_again)
    assert pins(archive, "s") == []
    with Archive(tmp_path / "other.db", create=True, demo=True) as other:
        fill(other, [page(1, BANNER)])
        assert import_patterns(other, invented, derive_again) == 1


@pytest.mark.parametrize(
    "data",
    [[], {}, {"format": "x"}, {"format": "dzwcrawl boilerplate 1", "site": "s", "patterns": [1]},
     {"format": "dzwcrawl boilerplate 1", "site": 1, "patterns": []},
     {"format": "dzwcrawl boilerplate 1", "site": "s", "patterns": {}}],
)  # fmt: skip
def test_a_file_that_is_none_changes_nothing(archive: Archive, data: object) -> None:
    fill(archive, [page(1, BANNER)])
    with pytest.raises(PatternsError):
        import_patterns(archive, data, derive_again)
    assert pins(archive, "s") == []


def test_known_patterns_hold_from_the_first_page(archive: Archive) -> None:
    article = page(1, "大众海蓝")
    article.site = "dzwww"
    store(archive, article, key="k")
    assert [b.removed for b in article.blocks][0] == "learned: known of this site"


def test_known_patterns_are_patterns() -> None:
    assert known_patterns("dzwww") and known_patterns("../dzwww") == known_patterns("nowhere") == frozenset()
    assert all(pattern(text, None) == text for text in known_patterns("dzwww"))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dzwcrawl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_commands(archive: Archive, tmp_path: Path) -> None:
    fill(archive, [page(n, BANNER) for n in range(12)])
    at = ("--archive", archive.path)
    assert BANNER in run("boilerplate", "list", *at, "s").stdout
    explained = run("boilerplate", "explain", *at, 3).stdout
    assert "repeats before the text" in explained and "on 12 of 12 articles, the whole site" in explained
    assert run("boilerplate", "keep", *at, "s", BANNER).stdout == "remembered; 12 bodies changed\n"
    assert "kept by a person's word" in run("boilerplate", "list", *at, "s").stdout
    assert run("reclean", *at).stdout == "s: 0 bodies changed\n"
    assert run("boilerplate", "reset", *at, "s", BANNER).stdout == "forgotten; 12 bodies changed\n"
    file = tmp_path / "s.json"
    assert run("boilerplate", "export", *at, "s", "-o", file).returncode == 0
    assert run("boilerplate", "import", *at, file).stdout == "1 pattern imported\n"
    wrong = run("boilerplate", "list", *at, "z")
    assert (wrong.returncode, wrong.stdout) == (
        1,
        "",
    ) and "has no articles of 'z'; there are s" in wrong.stderr
    file.write_text("no json")
    assert "is not JSON" in run("boilerplate", "import", *at, file).stderr
