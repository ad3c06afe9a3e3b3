"""Charts: numbers become lengths that are true, names are escaped, nothing needs script, style or the network."""

import math
import re

import pytest
from lxml import etree

from dzwcrawl.charts import bars, series

SVG = "{http://www.w3.org/2000/svg}"


def parse(chart: str) -> etree._Element:
    return etree.fromstring(chart)


def texts(chart: str) -> list[str]:
    return [element.text or "" for element in parse(chart).iter(f"{SVG}text")]


def test_a_bar_is_as_long_as_its_number_says() -> None:
    chart = bars([("大众日报", 400), ("新华社", 100), ("无", 0)], title="来源")
    lengths = [rect.get("width") for rect in parse(chart).iter(f"{SVG}rect")]
    assert lengths[1::2] == ["100%", "25%", "0%"]  # between them the whole width, shaded
    assert texts(chart) == ["大众日报", "400", "新华社", "100", "无", "0"]


@pytest.mark.parametrize(
    ("value", "shown"), [(1234567, "1,234,567"), (0.5, "0.5"), (12.345, "12.3"), (0.0312, "0.031")]
)
def test_numbers_are_written_for_people(value: float, shown: str) -> None:
    assert texts(bars([("a", value)], title="t", unit=" %")) == ["a", f"{shown} %"]


def test_a_long_label_leaves_room_for_its_number() -> None:
    assert texts(bars([("报" * 24, 1), ("报" * 25, 1)], title="t"))[::2] == ["报" * 24, "报" * 23 + "…"]


def panels(chart: str) -> list[etree._Element]:
    return [each for each in parse(chart).iter(f"{SVG}svg") if each.get("viewBox")]


def columns(chart: str) -> list[list[tuple[float, float, float]]]:
    """Return left, top and height of the columns of each panel, in days and shares of the panel."""
    found = []
    for panel in panels(chart):
        path = panel.findall(f"{SVG}path")[1].get("d") or ""
        boxes = re.findall(r"M([\d.]+) ([\d.]+)h[\d.]+v([\d.]+)h-[\d.]+z", path)
        found.append([(float(x), float(y), float(h)) for x, y, h in boxes])
    return found


def test_panels_share_a_scale_that_ends_in_a_round_number() -> None:
    chart = series(["06-01", "06-02"], {"甲": [40, 0], "乙": [10, 20]}, title="每日")
    assert columns(chart) == [[(0.1, 0.2, 0.8)], [(0.1, 0.8, 0.2), (1.1, 0.6, 0.4)]]
    assert texts(chart) == ["甲", "50", "乙", "50", "06-01", "06-02"]


def test_panels_may_have_a_scale_each() -> None:
    chart = series(["06-01", "06-02"], {"甲": [40, 0], "乙": [10, 20]}, title="每日", shared=False)
    assert columns(chart)[1] == [(0.1, 0.5, 0.5), (1.1, 0, 1)]


def test_a_day_of_which_nothing_is_known_is_no_day_with_nothing() -> None:
    (panel,) = panels(series(["1", "2"], {"a": [None, 0]}, title="t"))
    unknown, known = (path.get("d") for path in panel.iter(f"{SVG}path"))
    assert unknown == "M0 0h1v1h-1z"
    assert known == ""


def test_first_middle_and_last_day_are_named() -> None:
    days = [f"06-{day:02}" for day in range(1, 31)]
    assert texts(series(days, {"a": [1] * 30}, title="t"))[2:] == ["06-01", "06-30", "06-16"]


@pytest.mark.parametrize("days", [0, 1, 400])
def test_any_number_of_days_can_be_drawn(days: int) -> None:
    chart = series([str(day) for day in range(days)], {"a": list(range(days))}, title="t")
    assert len(columns(chart)[0]) == max(days - 1, 0)
    parse(series([], {}, title="t"))
    parse(bars([], title="t"))


HOSTILE = "<script>\"'&\x00\u202e\ud800"


def test_names_are_text_whatever_they_hold() -> None:
    for chart in (
        bars([(HOSTILE, 1)], title=HOSTILE, unit=HOSTILE, lang='"><b>'),
        series([HOSTILE], {HOSTILE: [1]}, title=HOSTILE, lang='"><b>'),
    ):
        tags = {element.tag for element in parse(chart).iter()}
        assert tags <= {SVG + tag for tag in ("svg", "title", "text", "rect", "path", "line")}
        assert texts(chart)[0] == "<script>\"'&\ufffd\ufffd\ufffd"


def test_a_chart_has_a_name_and_stands_under_a_policy_without_style_and_script() -> None:
    chart = series(["1"], {"a": [1]}, title="每日文章") + bars([("a", 1)], title="来源")
    assert chart.count('role="img"') == 2
    assert [title.text for title in parse(f"<p>{chart}</p>").iter(f"{SVG}title")] == ["每日文章", "来源"]
    assert not re.search(r"<(style|script|image|use|a)\b|\bstyle=|\bon\w+=|href", chart)


@pytest.mark.parametrize("value", [-1, math.nan, math.inf])
def test_what_cannot_be_drawn_is_said(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        bars([("a", value)], title="t")
    with pytest.raises(ValueError, match="cannot be drawn"):
        series(["1"], {"a": [value]}, title="t")
    with pytest.raises(ValueError, match="a: 1 values for 2 days"):
        series(["1", "2"], {"a": [1]}, title="t")
