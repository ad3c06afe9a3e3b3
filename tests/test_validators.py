"""Answers that say "not changed": belief has to be earned, and liars are found out in the documented number of visits."""

from datetime import timedelta

import pytest

from dzwcrawl.archive import validators
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from dzwcrawl.archive.validators import AGREED, CHECK_EVERY, DISTRUST, Answer
from tests.conftest import make_article
from tests.test_revisits import BORN, Clock, clock

__all__ = ["clock"]
URL, HOST = "http://x.cn/a.htm", "x.cn"


def visit(archive: Archive, body: str, etag: str | None = None, *, after_304: bool = False) -> str:
    """Fetch a page whole and remember it."""
    new = validators.answer(URL, body.encode(), etag, None)
    verdict = validators.judge_200(archive, validators.last_answer(archive, URL), new, after_304=after_304)
    validators.remember(archive, new)
    return verdict


def earn(archive: Archive) -> None:
    """Show a host to be honest: a page that changed with its validator, and one that stayed with it."""
    for number in (1, 2):
        visit(archive, f"text {number}", f"e{number}")
    for _ in range(AGREED):
        visit(archive, "text 2", "e2")


def test_belief_is_earned(archive: Archive) -> None:
    for number in range(AGREED + 2):
        assert not validators.believed(archive, HOST)
        assert visit(archive, "text", "e") == ("unchanged" if number else "changed")
    assert not validators.believed(archive, HOST), "a validator that never moves proves nothing"
    visit(archive, "other text", "f")
    assert validators.believed(archive, HOST)
    assert not validators.believed(archive, "y.cn")


def test_without_validators_the_body_decides(archive: Archive) -> None:
    assert [visit(archive, body) for body in ("a", "a", "b", "b")] == [
        "changed", "unchanged", "changed", "unchanged",
    ]  # fmt: skip
    assert archive.query_value("SELECT count(*) FROM hosts") == 0


def test_the_same_validator_on_another_body_is_a_lie_found_at_once(archive: Archive, clock: Clock) -> None:
    earn(archive)
    assert validators.believed(archive, HOST)
    assert visit(archive, "text 3", "e2") == "changed"
    assert not validators.believed(archive, HOST)
    earn(archive)
    assert not validators.believed(archive, HOST), "earned anew, but too soon"
    clock.set(DISTRUST + timedelta(days=1))
    archive.connection.execute("UPDATE hosts SET lied = ?", (BORN.isoformat(),))
    assert validators.believed(archive, HOST)


def test_every_fifth_304_is_checked_and_a_lie_makes_due_what_it_hid(archive: Archive, clock: Clock) -> None:
    article = make_article("正文", url=URL, day=BORN.isoformat())
    store(archive, article, key=URL)
    earn(archive)
    for number in range(1, CHECK_EVERY):
        last = validators.last_answer(archive, URL)
        assert last is not None and last.headers() == {"If-None-Match": "e2"}
        verdict, kept = validators.judge_304(last, believed=validators.believed(archive, HOST))
        assert (verdict, kept.believed) == ("unchanged", number)
        validators.remember(archive, kept)
    last = validators.last_answer(archive, URL)
    assert (
        last is not None
        and validators.judge_304(last, believed=validators.believed(archive, HOST))[0] == "to check"
    )
    new = validators.answer(URL, b"changed long ago", "e9", None)
    assert validators.judge_200(archive, last, new, after_304=True) == "changed"
    assert not validators.believed(archive, HOST)
    assert archive.query_value("SELECT due FROM urls WHERE url = ?", (URL,)) == clock.now
    assert validators.last_answer(archive, URL) == Answer(URL, "e2", None, last.digest, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("e", None), ("e", None), True),
        (("e", "Mon"), ("f", "Mon"), False),
        ((None, "Mon"), (None, "Mon"), True),
        ((None, "Mon"), ("e", "Tue"), False),
        ((None, "Mon"), ("e", None), None),
        ((None, None), (None, None), None),
    ],
)
def test_validators_are_compared(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None], same: bool | None
) -> None:
    assert Answer(URL, *one, b"").same_validator(Answer(URL, *other, b"")) is same
