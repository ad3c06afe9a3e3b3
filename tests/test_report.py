"""The report: its numbers, its page (escaped, nothing fetched), its picture, the command."""

import re
import struct
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dzwcrawl.archive import crawls, ledger
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.facts import conclude
from dzwcrawl.archive.reporting import Report, report
from dzwcrawl.archive.store import store
from dzwcrawl.cli import main
from dzwcrawl.health.facts import Observed
from dzwcrawl.report.page import page
from dzwcrawl.report.picture import PictureError, picture, svg
from dzwcrawl.report.terminal import lines, spark
from tests.conftest import make_article

HOSTILE = '<script>alert("x")</script><img src=x onerror=y>&amp;\x1b[31m'
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 5)


@pytest.fixture
def filled(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Two outlets on three days: a copy, an edit, a vanished article, refused pages, and walls on the last day."""
    for day in (1, 2, 4):
        at = f"2026-11-0{day}T22:30:00+00:00"  # at +08:00 the next day has begun
        monkeypatch.setenv("DZWCRAWL_NOW", at)
        number, seen = crawls.begin(archive, "a"), {"a": Observed(at), "b": Observed(at)}
        for place in range(2 * day):
            site = "ab"[place % 2]
            article = make_article(f"第{day}天第{place}条正文。" * 9, "记者手记", title=HOSTILE, day=at[:10], site=site,
                                   url=f"http://{site}.example/{day}-{place}.htm")  # fmt: skip
            article.blocks[1].removed = "phrase: promotion"
            article.body = article.blocks[0].text
            store(archive, article, key=article.url or "", crawl=number)
            seen[site].stored(article)
        if day == 2:
            copy = make_article(
                "第1天第0条正文。" * 9, title="t", day=at[:10], site="b", url="http://b.example/copy"
            )
            store(archive, copy, key=copy.url or "", crawl=number)
            edit = make_article("第1天第1条正文，改过了。" * 9, title="u", day="2026-11-01", site="b", url="http://b.example/1-1.htm")  # fmt: skip
            edit.last_seen = at
            assert store(archive, edit, key=edit.url or "", crawl=number) == "revised"
        if day == 4:
            ledger.refuse(
                archive, "a", "http://a.example/1-0.htm", "http://a.example/1-0.htm", "HTTP 410", 410
            )
            for wall in range(4):
                url = f"http://a.example/wall{wall}"
                ledger.refuse(archive, "a", url, url, "the page only asks to log in", 200)
                seen["a"].refused(url, barred=True, gone=False, rules=False)
        conclude(archive, number, seen)
        crawls.end(archive, number, "finished", 6 if day == 4 else 0, {})
    return archive


@pytest.fixture
def found(filled: Archive) -> Report:
    return report(filled, FIRST, LAST)


def test_the_numbers(found: Report) -> None:
    one, other = sorted(found.outlets, key=lambda outlet: outlet.site)
    assert found.days == [f"2026-11-0{day}" for day in range(1, 6)]
    # The crawl of the evening of the 1st (UTC) is one of the 2nd at +08:00; on the 4th there was none.
    assert one.daily == [None, 1, 2, None, 4]
    assert other.daily == [None, 1, 3, None, 4]
    assert (one.articles, one.copies, one.refused, one.vanished) == (7, 0, 4, 1)
    assert (other.articles, other.copies, other.revised) == (8, 1, 1)
    assert one.levels == [None, "ok", "ok", None, "alarm"]
    assert one.health is not None and one.health.findings[0].check == "barred"
    assert (found.crawls, found.exit_codes) == (3, {0: 2, 6: 1})
    assert found.removed == {"phrase: promotion": 13}
    assert found.refused == {"the page only asks to log in": 4}
    assert found.changes == {"headline": 1, "body": 1}
    assert [(named.site, named.what) for named in found.vanished] == [("a", ["HTTP 410"])]


def test_days_and_a_site_can_be_chosen(filled: Archive) -> None:
    one = report(filled, date(2026, 11, 3), date(2026, 11, 3), "b")
    assert [(outlet.site, outlet.articles) for outlet in one.outlets] == [("b", 3)]
    empty = report(filled, date(2025, 1, 1), date(2025, 1, 2))
    assert empty.total("articles") == 0 and empty.crawls == 0


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_fetches_nothing_and_runs_nothing(found: Report, language: str) -> None:
    text = page(found, "2026-11-05 08:00", language)
    parser = _Tags()
    parser.feed(text)
    names = {tag for tag, _ in parser.tags}
    assert not names & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "video",
        "audio",
    }
    for tag, attributes in parser.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "srcset", "background")
        ]
        assert "href" not in attributes or (tag == "a" and (attributes["href"] or "").startswith("http"))
    assert "@import" not in text and "url(" not in text
    assert (
        "meta",
        {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"},
    ) in parser.tags
    assert "\x1b" not in text and "&lt;script&gt;" in text
    assert ("要求登录" if language == "zh" else "ask to log in") in text


def test_an_empty_report_is_one_too(archive: Archive) -> None:
    empty = report(archive, FIRST, LAST)
    assert "No crawl of these days has been judged." in page(empty, "now")
    assert any("No crawl of these days" in line for line in lines(empty))
    assert picture(empty)[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_report_of_a_demo_says_so_in_every_form(tmp_path: Path) -> None:
    with Archive(tmp_path / "demo.db", create=True, demo=True) as demo:
        found = report(demo, FIRST, LAST)
    for language, says in (("en", "a demo, all invented"), ("zh", "文章均为虚构")):
        assert says in next(lines(found, language))
        assert page(found, "2026-11-06", language).count(says) == 2 and says in svg(found, language)


def test_the_terminal_has_the_same_numbers(found: Report) -> None:
    text = "\n".join(lines(found))
    assert "2026-11-01 to 2026-11-05" in text and "crawls: 3 (1 with exit code 6)" in text
    assert re.search(r"a +7 +0 +0 +1 +4 +alarm", text)
    assert "alarm  a: 4 of 8 new pages ask to log in" in text and "http://a.example/wall0" in text
    assert "\x1b" not in text
    assert "要求登录" in "\n".join(lines(found, "zh"))


def test_a_sparkline() -> None:
    assert spark([None, 0, 1, 8, 4]) == "· ▁█▄"


def test_the_picture(found: Report) -> None:
    drawn = picture(found)
    width, height = struct.unpack(">II", drawn[16:24])
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n" and width == 1800 and height > 800
    assert drawn != picture(report_of_less(found))


def report_of_less(found: Report) -> Report:
    return Report(found.since, found.until, found.days, found.outlets[:1])


def test_a_picture_that_no_font_can_write_says_so(found: Report) -> None:
    with pytest.raises(PictureError, match="no font of this machine has letters"):
        picture(found, skip_system_fonts=True)


# The command


def run(archive: Archive, *words: str) -> Any:
    return CliRunner().invoke(main, ["report", "--archive", str(archive.path), *words])


def test_the_command(filled: Archive, tmp_path: Path) -> None:
    printed = run(filled)
    assert printed.exit_code == 0 and "2026-10-30 to 2026-11-05" in printed.output
    target, png = tmp_path / "report.html", tmp_path / "report.png"
    done = run(
        filled, "--since", "2026-11-01", "-o", str(target), "--png", str(png), "--site", "a", "--lang", "zh"
    )
    assert done.exit_code == 0, done.output
    assert "dzwcrawl 报告" in target.read_text(encoding="utf-8") and png.read_bytes().startswith(b"\x89PNG")
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--since", "2026-11-05", "--until", "2026-11-01"), "is after --until"),
        (("--since", "1990-01-01"), "3660 days at most"),
        (("--since", "1990", "--until", "2026-02"), "3660 days at most"),
        (("--since", "yesterday"), "is not a day"),
    ],
)
def test_wrong_use(archive: Archive, words: tuple[str, ...], message: str) -> None:
    done = run(archive, *words)
    assert done.exit_code == 2 and message in done.output


def test_a_file_that_cannot_be_written_is_told_and_what_was_there_stays(
    filled: Archive, tmp_path: Path
) -> None:
    done = run(filled, "-o", str(tmp_path / "nowhere" / "report.html"))
    assert done.exit_code == 1 and "cannot write" in done.output


def test_months_and_years_are_days_from_the_first_to_the_last(filled: Archive) -> None:
    for words, said in (
        (("--since", "2026-02", "--until", "2026-02"), "2026-02-01 to 2026-02-28"),
        (("--since", "2024", "--until", "2025"), "2024-01-01 to 2025-12-31"),
    ):
        done = run(filled, *words)
        assert (done.exit_code, said in done.output) == (0, True)
