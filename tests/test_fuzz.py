"""A few hundred of the mutated pages of `make fuzz`, the same ones every time."""

import pytest

from tests.fuzz.case import Case, cases_of, run
from tests.fuzz.pages import hand_made, replica

PAGES = {**hand_made(), **replica()}


@pytest.mark.parametrize("part", range(4))
def test_only_named_refusals_leave(part: int) -> None:
    for case in list(cases_of(list(PAGES), 400))[part::4]:
        result = run(case, PAGES[case.name])
        assert not result.failed, f"{case}: {result.outcome}; again with: python -m tests.fuzz {case}"


def test_a_case_is_the_same_every_time() -> None:
    case = Case("made/everything", 7)
    assert case.page(PAGES[case.name]) == case.page(PAGES[case.name])
    assert case.page(PAGES[case.name]) != Case(case.name, 8).page(PAGES[case.name])


@pytest.mark.parametrize(
    "line",
    [
        "9" * 60 + "页",
        "12页" * 40 + "x",
        "首页" + "- " * 40 + "。",
        "微信朋友圈" * 17 + "x",
        "记者" + "驻" * 80,
    ],
    ids=["digits", "pages", "crumbs", "share", "reporters"],
)
def test_lines_that_a_pattern_can_split_in_many_ways(line: str) -> None:
    # Each of them kept a pattern busy for ever.
    page = PAGES["made/everything"].decode().replace("第一项；", line).encode()
    assert not run(_Plain("line", 0), page).failed


class _Plain(Case):
    """A case whose page is not mutated."""

    def page(self, raw: bytes) -> bytes:
        return raw


def test_class_names_that_a_pattern_can_split_in_many_ways() -> None:
    page = PAGES["made/everything"].replace(b'class="share"', b'class="cookie' + b"_a" * 45 + b'!"')
    assert not run(_Plain("class", 0), page).failed
