"""What lists say of articles: editions and times of change, whenever the article itself is fetched."""

import pytest

from dzwcrawl.archive import hints, ledger
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.history import at_revision
from dzwcrawl.archive.store import store
from dzwcrawl.article import Edition, record
from tests.conftest import make_article

URL = "http://example.org/1.htm"
A03 = Edition("2026-11-01", "A03", "要闻", 2)


def stored(archive: Archive) -> dict[str, object]:
    article = archive.article(URL)
    assert article is not None
    return record(article)


def test_an_article_gets_the_edition_that_its_list_told_before(archive: Archive) -> None:
    hints.note(archive, [("k", A03, None)])
    store(archive, make_article("正文在这里。", url=URL, day=None), key="k")
    found = stored(archive)
    assert found["edition"] == {"date": "2026-11-01", "page": "A03", "name": "要闻", "place": 2}
    assert found["published"] == "2026-11-01"
    article = archive.article(URL)
    assert article is not None
    assert article.rules["published"] == "edition"


def test_the_day_that_the_page_states_counts_more(archive: Archive) -> None:
    hints.note(archive, [("k", A03, None)])
    store(archive, make_article("正文在这里。", url=URL, day="2026-10-31"), key="k")
    assert stored(archive)["published"] == "2026-10-31"


def test_an_article_gets_an_edition_told_after_and_a_page_in_place_of_none(archive: Archive) -> None:
    store(archive, make_article("正文在这里。", url=URL), key="k")
    assert stored(archive)["edition"] is None
    for told, page in ((Edition("2026-11-01"), None), (A03, "A03"), (Edition("2026-11-01", "A01"), "A03")):
        hints.note(archive, [("k", told, None)])
        edition = stored(archive)["edition"]
        assert isinstance(edition, dict)
        assert edition["page"] == page


def test_an_older_revision_keeps_its_edition(archive: Archive) -> None:
    hints.note(archive, [("k", A03, None)])
    for text in ("正文在这里。", "正文改了，现在是另外一句话。"):
        store(archive, make_article(text, title="题", url=URL), key="k")
    article = archive.article(URL)
    assert article is not None and (article.revision, article.edition) == (2, A03)
    old = at_revision(archive, article, 1)
    assert old is not None and old.edition == A03


def test_a_later_time_of_change_makes_an_article_due(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DZWCRAWL_NOW", "2026-11-01T12:00:00+00:00")
    ledger.find(archive, "s", [(URL, "k")], None)
    store(archive, make_article("正文在这里。", url=URL, day="2026-01-01"), key="k")
    for told, due in (
        ("2026-01-01T08:00:00+08:00", []),
        (None, []),
        ("2026-01-01T08:00:00+08:00", []),
        ("2026-11-01T08:00:00+08:00", [URL]),
    ):
        hints.note(archive, [("k", None, told)])
        assert ledger.due_again(archive, "s", 10) == due, told
