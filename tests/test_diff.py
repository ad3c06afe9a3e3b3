"""What changed between two revisions, as people read it: words, paragraphs, terminal, page, command."""

import json
import os
import pty
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from rapidfuzz.distance import Indel, LCSseq

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, Image
from dzwcrawl.diff.articles import COARSE, as_json, count_signs, diff_articles, shortened
from dzwcrawl.diff.page import Heading, page
from dzwcrawl.diff.paragraphs import Line, diff_lines
from dzwcrawl.diff.terminal import lines_of
from dzwcrawl.diff.words import Run, diff_words, pieces
from dzwcrawl.revisions import plain
from tests.conftest import ROOT, make_article

WIND = "七月八日上午，青石县白浪镇的第三座风车开始转动，岸边围了两百多人，有人带了板凳。"
COST = "据介绍，工程总投资3.5亿元，由青石县能源公司承建，预计年发电量1200万千瓦时。"
NEXT = "项目二期计划于明年三月开工，届时将新增四座风车，全部由本地工人安装。"
NOISE = "周边村民表示，风车转动的声音比想象中小，夜里关上窗几乎听不见。"


def marked(runs: list[Run]) -> str:
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(signs[run.mark].format(run.text) for run in runs)


@pytest.mark.parametrize(
    ("old", "new", "reads"),
    [
        ("总投资3.5亿元，增长5.2%。", "总投资3.48亿元，增长5.0%。", "总投资[-3.5-]{+3.48+}亿元，增长[-5.2-]{+5.0+}%。"),
        ("岸边围了两百多人。", "岸边围了三百余人。", "岸边围了[-两百多-]{+三百余+}人。"),
        ("他说，风大。他说，雨大。", "他说，风大。他说，浪大。他说，雨大。", "他说，风大。{+他说，浪大。+}他说，雨大。"),
        ("苹果、梨、桃子都涨价了。", "苹果、梨、葡萄、桃子都涨价了。", "苹果、梨、{+葡萄、+}桃子都涨价了。"),
        ("涉嫌受贿罪被提起公诉", "涉嫌受贿罪、滥用职权罪被提起公诉", "涉嫌受贿罪{+、滥用职权罪+}被提起公诉"),
        ("伤者已全部送医救治。", "受伤人员均已送往医院救治，生命体征平稳。",
         "[-伤者已全部送医-]{+受伤人员均已送往医院+}救治{+，生命体征平稳+}。"),
        ("closed for three weeks starting Monday.", "closed for four weeks, starting on Tuesday.",
         "closed for [-three-]{+four+} weeks{+, +}starting [-Monday-]{+on Tuesday+}."),
        ("Der Bürgermeister sagte das.", "Die Bürgermeisterin sagte das.",
         "[-Der Bürgermeister-]{+Die Bürgermeisterin+} sagte das."),
        ("记者 王一，３月", "记者王一,3月", "记者王一,3月"),
        ("", "新", "{+新+}"),
        ("旧", "", "[-旧-]"),
    ],
)  # fmt: skip
def test_words_read_well(old: str, new: str, reads: str) -> None:
    assert marked(diff_words(old, new)) == reads


_texts = st.text(st.sampled_from("的风车转动了岸边人，。、3.5 ab“”\n"), max_size=40)


@given(_texts, _texts)
def test_both_texts_can_be_read_from_the_runs(old: str, new: str) -> None:
    runs = diff_words(old, new)
    for mark, text in (("-", old), ("+", new)):
        assert plain("".join(run.text for run in runs if run.mark in ("=", mark))) == plain(text)
    assert all(run.text for run in runs)


_ideographs = st.text(st.sampled_from("的风车转动了岸边人"), max_size=40)


@given(_ideographs, _ideographs)
def test_no_single_character_stands_between_two_edits(old: str, new: str) -> None:
    inner = [run for run in diff_words(old, new)[1:-1] if run.mark == "="]
    assert all(len(run.text) > 1 for run in inner)


def ops(old: list[str], new: list[str]) -> list[str]:
    return [line.op for line in diff_lines(old, new)]


@given(*[st.lists(_texts.filter(lambda text: bool(plain(text))), max_size=8)] * 2)
def test_both_bodies_can_be_read_from_the_lines(old: list[str], new: list[str]) -> None:
    lines = diff_lines(old, new)
    for marks, text, elsewhere in (("=-", old, "moved"), ("=+", new, "moved away")):
        read = [run.text for x in lines if x.op != elsewhere for run in x.runs if run.mark in marks]
        assert plain("".join(read)) == plain("".join(text))
    moved = [[x for x in lines if x.op == op] for op in ("moved", "moved away")]
    assert len(moved[0]) == len(moved[1])


def test_paragraphs_are_aligned_before_their_words() -> None:
    assert ops([WIND, COST, NOISE], [WIND, COST.replace("3.5", "3.48"), NEXT, NOISE]) == [
        "equal", "changed", "added", "equal",
    ]  # fmt: skip
    assert ops([WIND, NOISE], [COST, NEXT]) == ["removed", "removed", "added", "added"]


def test_a_moved_paragraph_is_recognised() -> None:
    assert ops([WIND, COST, NEXT, NOISE], [WIND, NOISE, COST, NEXT]) == [
        "equal", "moved", "equal", "equal", "moved away",
    ]  # fmt: skip
    edited = NOISE.replace("几乎", "完全")
    lines = diff_lines([WIND, COST, NEXT, NOISE], [WIND, edited, COST, NEXT])
    assert marked(lines[1].runs) == NOISE.replace("几乎", "[-几乎-]{+完全+}")
    assert ops(["短句。", WIND, COST], [WIND, COST, "短句。"]) == ["removed", "equal", "equal", "added"]


def test_a_divided_or_joined_paragraph_is_no_removal() -> None:
    assert ops([WIND + COST, NEXT], [WIND, COST, NEXT]) == ["equal", "equal"]
    assert ops([WIND, COST, NEXT], [WIND + COST, NEXT]) == ["equal", "equal"]
    (line, _) = diff_lines([WIND + COST, NEXT], [WIND, COST.replace("3.5", "3.48"), NEXT])
    assert line.op == "changed"
    assert marked(line.runs) == f"{WIND}\n{COST.replace('3.5', '[-3.5-]{+3.48+}')}"


def test_long_unrelated_bodies_are_removed_and_added() -> None:
    old, new = ([f"{n}{word}" for n in range(150)] for word in ("号风车转动", "条船下水了"))
    assert ops(old, new) == ["removed"] * 150 + ["added"] * 150


def test_unchanged_lines_are_shortened_to_their_first_words() -> None:
    assert shortened("短") == ("短", 0)
    assert shortened("风" * 60) == ("风" * 24, 36)
    first, left_out = shortened("The county office said the turbines will save much coal every year.")
    assert (first, left_out) == ("The county office said", 45)


def two_states() -> tuple[Article, Article]:
    old = make_article(WIND + NEXT, COST, NOISE, title="第三座风车转动", url="http://x.cn/1?a=1&b=2")
    new = make_article(
        WIND + NEXT, COST.replace("3.5", "3.48"), "更正：<b>数字</b> & 单位\x1b[31m。", title="第三座风车开始转动", url=old.url
    )  # fmt: skip
    old.authors, new.authors = ["王一"], ["王一", "李二"]
    old.images = [Image("http://x.cn/1.jpg", "风车"), Image("http://x.cn/2.jpg")]
    new.images = [Image("https://cdn.x.cn/1.jpg?w=640", "新风车")]
    new.language = "zh"
    return old, new


def test_all_fields_are_compared() -> None:
    old, new = two_states()
    fields = {field.name: [line.op for line in field.lines] for field in diff_articles(old, new)}
    assert fields == {
        "title": ["changed"],
        "authors": ["equal", "added"],
        "images": ["equal", "removed"],
        "captions": ["changed"],
        "body": ["equal", "changed", "removed", "added"],
    }
    assert diff_articles(old, old) == []
    assert count_signs(diff_articles(old, old)) == (0, 0)
    assert as_json(diff_articles(old, new))[0] == {
        "name": "title",
        "coarse": False,
        "lines": [{"op": "changed", "runs": [["=", "第三座风车"], ["+", "开始"], ["=", "转动"]]}],
    }


def test_terminal_without_colour_is_marked_like_wdiff() -> None:
    old, new = two_states()
    text = "\n".join(lines_of(diff_articles(old, new), colour=False))
    assert "~ 第三座风车{+开始+}转动" in text
    assert f"- [-{NOISE}-]" in text
    assert "{+更正：<b>数字</b> & 单位\N{REPLACEMENT CHARACTER}[31m。+}" in text
    assert "\x1b" not in text
    assert f"  {(WIND + NEXT)[:24]}… ({len(WIND + NEXT) - 24} more characters)" in text
    assert WIND + NEXT in "\n".join(lines_of(diff_articles(old, new), colour=False, all_lines=True))


def test_terminal_with_colour_says_it_without_colour_too() -> None:
    old, new = two_states()
    text = "\n".join(lines_of(diff_articles(old, new), colour=True))
    assert "\x1b[32m\x1b[4m开始\x1b[0m" in text  # green and underlined
    assert f"\x1b[31m\x1b[9m{NOISE}\x1b[0m" in text  # red and struck through
    assert "[-" not in text and "{+" not in text


def test_the_page_is_whole_escaped_and_marked_by_more_than_colour() -> None:
    old, new = two_states()
    text = page(new, Heading("revision 1", "revision 2", ["body"]), diff_articles(old, new))
    tree: Any = html.document_fromstring(text)
    assert tree.get("lang") == "zh"
    assert not tree.xpath("//script | //link | //img | //@src | //@href | //b")
    assert (
        "default-src 'none'" in text and "prefers-color-scheme: dark" in text and "width=device-width" in text
    )
    assert tree.xpath("string(//section[@aria-label='title']//ins)") == "开始"
    assert tree.xpath("//section[@aria-label='body']//div[@class='what']/text()") == [
        "changed",
        "removed",
        "added",
    ]
    assert "更正：<b>数字</b> & 单位" in "".join(tree.xpath("//ins//text()"))
    assert "\x1b" not in text and "http://x.cn/1?a=1&amp;b=2" in text
    (folded,) = tree.xpath("//details")
    assert folded.get("open") is None and folded.text_content().endswith(WIND + NEXT)
    unfolded = page(new, Heading("a", "b", []), diff_articles(old, new), all_lines=True)
    assert html.document_fromstring(unfolded).xpath("//details/@open")


def test_a_run_of_lines_says_moved_in_words() -> None:
    lines = diff_lines([WIND, COST, NOISE], [NOISE, WIND, COST])
    assert lines[0] == Line("moved", [Run("=", NOISE)])


# The command.


@pytest.fixture
def path(archive: Archive) -> Path:
    """The path of an archive with an article of three revisions and one of a single revision."""
    first, second = two_states()
    third = make_article(WIND, title="风车停了", url=first.url)
    for article in (first, second, third):
        store(archive, article, key="k")
    store(archive, make_article(NOISE), key="l")
    archive.close()
    return archive.path


def run(path: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "dzwcrawl", *arguments, "--archive", str(path)], cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "error", "PYTHONUTF8": "1"} | environment,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_diff_command(path: Path, tmp_path: Path) -> None:
    done = run(path, "diff", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "→ revision 3, seen" in done.stdout and "- [-第三座风车开始转动-]\n+ {+风车停了+}\n" in done.stdout
    told = json.loads(run(path, "diff", "1", "--from", "1", "--to", "2", "--json").stdout)
    assert (told["id"], told["from"], told["to"]) == (1, 1, 2)
    assert told["changes"] == ["headline", "body", "correction", "authors", "picture"]
    assert [field["name"] for field in told["fields"]] == ["title", "authors", "images", "captions", "body"]
    assert json.loads(run(path, "diff", "1", "--to", "2", "--json").stdout) == told
    back = json.loads(run(path, "diff", "1", "--from", "3", "--to", "1", "--json").stdout)
    assert (back["from"], back["to"]) == (3, 1)
    file = tmp_path / "diff.html"
    done = run(path, "diff", "http://x.cn/1?a=1&b=2", "--html", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"written to {file}\n")
    assert html.fromstring(file.read_bytes()).xpath("//ins")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["diff", "2"], 1, "article 2 has only revision 1"),
        (["diff", "7"], 1, "has no article 7"),
        (["diff", "1", "--to", "9"], 1, "article 1 has no revision 9; it has 1, 2, 3"),
        (["diff", "1", "--from", "2", "--to", "2"], 2, "name two revisions of 1, 2, 3"),
        (["diff", "1", "--to", "1"], 2, "name two revisions of 1, 2, 3"),
        (["diff", "1", "--json", "--html", "x.html"], 2, "choose one"),
        (["diff", "1", "--html", "no/such/folder/x.html"], 1, "cannot write no/such/folder/x.html"),
        (["dif", "1"], 2, "did you mean 'diff'?"),
        (["show", "1", "--revision", "4"], 1, "article 1 has no revision 4; it has 1, 2, 3"),
    ],
)
def test_wrong_use_is_explained(path: Path, arguments: list[str], code: int, says: str) -> None:
    done = run(path, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in " ".join(done.stderr.split())


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_on_a_terminal_only(path: Path, environment: dict[str, str], coloured: bool) -> None:
    ours, theirs = pty.openpty()
    base = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(
        [sys.executable, "-m", "dzwcrawl", "diff", "1", "--archive", str(path)], cwd=ROOT,
        env=base | {"PYTHONUTF8": "1", "TERM": "xterm"} | environment, stdout=theirs, timeout=300, check=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while b"moved away" not in shown:
        shown += os.read(ours, 65536)
    os.close(ours)
    assert (b"\x1b[" in shown, "{+风车停了+}".encode() in shown) == (coloured, not coloured)


def test_show_lists_revisions_and_shows_one(path: Path) -> None:
    shown = run(path, "show", "1").stdout.splitlines()
    assert shown[shown.index("revisions:") + 3].startswith("  3  seen ")
    assert shown[-2].endswith("  headline, body, correction, authors, picture")
    assert "revisions:" not in run(path, "show", "2").stdout
    old = run(path, "show", "1", "--revision", "1")
    assert NOISE in old.stdout and "revision 1," in old.stdout
    assert (
        json.loads(run(path, "show", "1", "--revision", "2", "--json").stdout)["title"]
        == "第三座风车开始转动"
    )


def test_stats_count_the_kinds_of_changes(path: Path) -> None:
    counts = {"authors": 2, "body": 2, "correction": 1, "headline": 2, "picture": 2}
    assert json.loads(run(path, "stats", "--json").stdout)["changes"] == counts
    assert "      2  headline" in run(path, "stats").stdout


def _unlike(seed: int, lines: int, length: int) -> list[str]:
    """Lines of random characters, so that two lists have nothing in common."""
    drawn = random.Random(seed)
    return [
        "".join(chr(0x4E00 + drawn.randrange(5000)) for _ in range(length - 1)) + "。" for _ in range(lines)
    ]


SHAPES = {
    "one paragraph": (1, 200_000), "a hundred": (100, 2000), "a thousand": (1000, 200), "ten thousand": (10_000, 20),
    "hundred thousand": (100_000, 2),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_very_long_texts_are_compared_with_a_bounded_effort(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = []

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def count(old: list[str], new: list[str], *rest: Any, **named: Any) -> Any:
            spent.append(10_000 + len(old) * len(new))
            return function(old, new, *rest, **named)

        return count

    for module, name in ((Indel, "normalized_similarity"), (LCSseq, "similarity")):
        monkeypatch.setattr(module, name, counting(getattr(module, name)))
    monkeypatch.setattr(Indel, "opcodes", counting(Indel.opcodes))
    old, new = (make_article(*_unlike(seed, *SHAPES[shape])) for seed in (1, 2))
    (title, body) = diff_articles(old, new)
    # Each pair of paragraphs is looked at in three ways (1:1, 2:1, 1:2), with five texts in all.
    assert sum(spent) < 5 * 2_000_000_000 + 400_000_000, "pairs of tokens, about a nanosecond each"
    assert (title.coarse, body.coarse) == (False, True)
    for side, mark in ((old, "-"), (new, "+")):
        runs = [run for line in body.lines for run in line.runs if run.mark in ("=", mark)]
        assert "".join(plain(run.text) for run in runs) == plain(side.body)
    assert COARSE in "\n".join(lines_of([body], colour=False))


def test_a_long_paragraph_is_compared_by_sentence() -> None:
    (text,) = _unlike(1, 1, 30_001)
    sentences = [f"{text[at : at + 50]}。" for at in range(0, 30_000, 50)]
    edited = [*sentences[:300], "这一句是后来加的。", *sentences[301:]]
    (line,) = diff_lines(["".join(sentences)], ["".join(edited)])
    assert (line.op, line.by) == ("changed", "sentence")
    assert [run.mark for run in line.runs] == ["=", "-", "+", "="]
    assert (line.runs[1].text, line.runs[2].text) == (sentences[300], "这一句是后来加的。")


def test_english_sentences_end_with_a_full_stop_and_a_blank() -> None:
    text = 'It was 3.5 m. He said "no." Then he went.\nThe end'
    assert pieces(text, "sentence") == [
        plain(each) for each in ("It was 3.5 m. ", 'He said "no." Then he went.', "The end")
    ]
