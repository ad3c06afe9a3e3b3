"""Dates: as precise as the text, never shifted by a zone, never guessed."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dzwcrawl.dates import CHINA, parse_date, url_date

# One moment, 13:18 in China, and what Chinese pages make of it: no 8-hour and no 12-hour error.
CHINA_TIMES = [
    ("2016-07-08 13:18:48", "2016-07-08T13:18:48+08:00"),
    ("2016-07-08 13:18", "2016-07-08T13:18:00+08:00"),
    ("2016-7-8 3:05:07", "2016-07-08T03:05:07+08:00"),
    ("2016/07/08 13:18", "2016-07-08T13:18:00+08:00"),
    ("2016.07.08 13:18", "2016-07-08T13:18:00+08:00"),
    ("2016年07月08日13:18", "2016-07-08T13:18:00+08:00"),
    ("2016年7月8日 13:18:48", "2016-07-08T13:18:48+08:00"),
    ("2016年7月8日13时18分", "2016-07-08T13:18:00+08:00"),
    ("2016年7月8日13时18分48秒", "2016-07-08T13:18:48+08:00"),
    ("2016年7月8日 星期五 13:18", "2016-07-08T13:18:00+08:00"),
    ("2016年7月8日(星期五) 13:18", "2016-07-08T13:18:00+08:00"),
    ("2016年7月8日下午1:18", "2016-07-08T13:18:00+08:00"),
    ("2016年7月8日 下午1点18分", "2016-07-08T13:18:00+08:00"),
    ("2016年7月8日下午3点", "2016-07-08T15:00:00+08:00"),
    ("2016年7月8日 下午13:18", "2016-07-08T13:18:00+08:00"),
    ("2016年7月8日上午9:05", "2016-07-08T09:05:00+08:00"),
    ("2016年7月8日凌晨12:30", "2016-07-08T00:30:00+08:00"),
    ("2016年7月8日中午12:30", "2016-07-08T12:30:00+08:00"),
    ("2016年7月8日下午12:30", "2016-07-08T12:30:00+08:00"),
    ("2016年7月8日晚上8点", "2016-07-08T20:00:00+08:00"),
    ("2016年7月8日 上午12:30", "2016-07-08"),  # noon or midnight
    ("2016-07-08 24:00", "2016-07-08"),
    ("2016-07-08 1:18 PM", "2016-07-08T13:18:00+08:00"),
    ("2016-07-08 13:18 PM", "2016-07-08T13:18:00+08:00"),
    ("2016-07-08 12:18 AM", "2016-07-08T00:18:00+08:00"),
    ("２０１６－０７－０８　１３：１８", "2016-07-08T13:18:00+08:00"),
    ("2016 07/08 13:18:00", "2016-07-08T13:18:00+08:00"),
    ("2016 | 07/08 | 13:18:00", "2016-07-08T13:18:00+08:00"),
    ("发布时间：2016-07-08 13:18 来源：大众网", "2016-07-08T13:18:00+08:00"),
    ("20160708131848", "2016-07-08T13:18:48+08:00"),
    ("20160708", "2016-07-08"),
    ("2016-07-08T13:18:48", "2016-07-08T13:18:48+08:00"),
    ("2016-07-08T13:18:48+08:00", "2016-07-08T13:18:48+08:00"),
    ("2016-07-08T13:18:48.123+0800", "2016-07-08T13:18:48+08:00"),
    ("2016-07-08T05:18:48Z", "2016-07-08T05:18:48+00:00"),
    ("2016-07-07T23:18:48Z", "2016-07-07T23:18:48+00:00"),
    ("Fri, 08 Jul 2016 05:18:48 GMT", "2016-07-08T05:18:48+00:00"),
    ("Fri Jul 08 13:18:48 CST 2016", "2016-07-08T13:18:48+08:00"),
    ("1467955128", "2016-07-08T13:18:48+08:00"),
    ("1467955128000", "2016-07-08T13:18:48+08:00"),
    ("二〇一六年七月八日", "2016-07-08"),
    ("中華民國105年7月8日", "2016-07-08"),
    ("二零一六年十二月二十三日", "2016-12-23"),
]


@pytest.mark.parametrize(("text", "expected"), CHINA_TIMES)
def test_chinese_times(text: str, expected: str) -> None:
    assert parse_date(text, zone=CHINA) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016年7月8日 13:18", "2016-07-08T13:18:00+08:00"),
        ("2016-07-08 13:18", "2016-07-08"),
        ("June 8, 2020 3:05 PM", "2020-06-08"),
        ("June 8, 2020 at 3:05 p.m. EDT", "2020-06-08T15:05:00-04:00"),
        ("Mon, 08 Jun 2020 07:13:00 +0100", "2020-06-08T07:13:00+01:00"),
        ("Mon Jun 08 07:13:00 CST 2020", "2020-06-08"),
        ("8. Juni 2020, 07:13 Uhr", "2020-06-08"),
        ("08.06.2020", "2020-06-08"),
        ("8 июня 2020, 10:30", "2020-06-08"),
        ("9 мая 2020", "2020-05-09"),
        ("8 червня 2020", "2020-06-08"),
        ("8 Ιουνίου 2020", "2020-06-08"),
        ("8 iunie 2020", "2020-06-08"),
        ("8. kesäkuuta 2020", "2020-06-08"),
        ("8 de junio de 2020", "2020-06-08"),
        ("1er août 2019", "2019-08-01"),
        ("8 février 2020", "2020-02-08"),
        ("2020年6月8日 15時05分", "2020-06-08T15:05:00+08:00"),
        ("2020년 6월 8일", "2020-06-08"),
        ("令和2年6月8日(月)", "2020-06-08"),
        ("令和元年５月１日", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("昭和64年1月7日", "1989-01-07"),
        ("Thứ năm, 18/6/2020, 07:13 (GMT+7)", "2020-06-18T07:13:00+07:00"),
        ("2020-06", "2020-06"),
        ("June 2020", "2020-06"),
        ("2020", "2020"),
        ("1467955128", "2016-07-08T05:18:48+00:00"),
    ],
)
def test_precision_without_a_zone(text: str, expected: str) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "2020-02-30", "2020-13-01", "06/08/2020", "06月08日", "3小时前", "昨天 07:13", "100-200-300", "电话 05318519646",
        "(c) 2001-2020 All rights reserved", "12345678901", "1970-01-01 08:00:00", "1900-01-01 00:00",
    ],
)  # fmt: skip
def test_unknown_is_none(text: str) -> None:
    assert parse_date(text, zone=CHINA) is None


def test_context_completes() -> None:
    assert parse_date("06月08日", year=2020) == "2020-06-08"
    assert parse_date("06-08 07:13", year=2020, zone=CHINA) == "2020-06-08T07:13:00+08:00"
    assert parse_date("06/08/2020", day_first=True) == "2020-08-06"
    assert parse_date("06/08/2020", day_first=False) == "2020-06-08"
    assert parse_date("26/08/2020") == "2020-08-26"
    assert parse_date("06/08/20, 03:48 pm", day_first=True, zone="+02:00") == "2020-08-06T15:48:00+02:00"
    assert parse_date("06/08/20, 03:48 pm") is None  # America counts the other way
    assert parse_date("06/08/20", day_first=True) is None  # a score, a fraction
    assert parse_date("2020年6月8日 15時05分", zone="+09:00") == "2020-06-08T15:05:00+09:00"
    assert parse_date("2020년 6월 8일 오후 3시 5분", zone="+09:00") == "2020-06-08T15:05:00+09:00"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://sd.example.com/sdnews/202006/t20200608_6045123.htm", "2020-06-08"),
        ("http://www.example.com/2019/0902/4341906.shtml", "2019-09-02"),
        ("http://www.example.com/20190604/4284858.shtml", "2019-06-04"),
        ("http://www.example.com/2019-07/08/c_1210184057.htm", "2019-07-08"),
        ("http://www.example.com/n1/2019/0213/c1016-30642006.html", "2019-02-13"),
        ("http://www.example.com/2019/06-17/498919.html", "2019-06-17"),
        ("http://www.example.com/content/2019/10/24/6151731.html", "2019-10-24"),
        ("http://www.example.com/a/20160708131848123.html", "2016-07-08"),
        ("http://www.example.com/news/article/A2020060814320005196", "2020-06-08"),
        ("http://www.example.com/news/article/A2020060899320005196", None),
        ("http://www.example.com/news-2020-06-08.html", "2020-06-08"),
        ("http://www.example.com/201901/t4209364.shtml", "2019-01"),
        ("http://www.example.com/2016/12/some-words", "2016-12"),
        ("http://www.example.com/12345678.html", None),
        ("http://www.example.com/20191301/1.html", None),
        ("http://www.example.com/a?date=20190604", None),
        ("not a url", None),
    ],
)
def test_url_dates(url: str, expected: str | None) -> None:
    assert url_date(url) == expected


@given(st.text(max_size=300), st.sampled_from([None, CHINA, "-05:00"]), st.sampled_from([None, True, False]))
def test_any_text_is_survived(text: str, zone: str | None, day_first: bool | None) -> None:
    value = parse_date(text, zone=zone, day_first=day_first)
    assert value is None or len(value) in {4, 7, 10, 25}
    assert url_date(text) is None or len(url_date(text) or "") in {7, 10}


@given(st.dates(date(1980, 1, 1), date(2099, 12, 31)), st.times())
def test_what_is_written_is_read(day: date, clock: datetime) -> None:
    text = f"{day:%Y年}{day.month}月{day.day}日 {clock:%H:%M:%S}"
    assert parse_date(text) == f"{day:%Y-%m-%d}T{clock:%H:%M:%S}+08:00"
