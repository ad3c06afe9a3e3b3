"""The verdict on a crawl: rhythms, shares, templates, listings, words; pure, without a crawl."""

import itertools
import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from dzwcrawl.article import Block
from dzwcrawl.boilerplate.clean import LISTED
from dzwcrawl.extract.page import parse
from dzwcrawl.extract.signature import signature
from dzwcrawl.health.checks import TRAITS, judge
from dzwcrawl.health.facts import Facts, ListingFacts, Observed, is_damaged
from dzwcrawl.health.findings import Finding, Past, likeness, verdict
from dzwcrawl.health.rhythm import Visit, expectation, may_rest
from dzwcrawl.health.tails import correlation_of, few_tail, share_tail, together_tail
from dzwcrawl.health.words import CHECKS, sentence
from tests.conftest import make_article

MONDAY = datetime.fromisoformat("2026-11-02T06:00:00+08:00")
DAY = timedelta(days=1)


def at(day: float) -> str:
    return (MONDAY + day * DAY).isoformat()


# Tails


def test_tails_are_probabilities_that_were_counted_by_hand() -> None:
    # Two of two where the share is uniform on (0, 1): correlation 1/3; its mean square is 1/3.
    assert share_tail(2, 2, 0.5, 1 / 3) == pytest.approx(1 / 3)
    assert share_tail(0, 9, 0.1, 0.1) == 1.0
    # Variance twice the mean: size 1, the geometric distribution with 1/2.
    assert few_tail(0, 1.0, 2.0) == pytest.approx(0.5)
    assert few_tail(2, 1.0, 2.0) == pytest.approx(0.875)
    assert together_tail(2, [0.5, 0.5, 0.5]) == pytest.approx(0.5)
    assert together_tail(1, [0.1, 0.2]) == pytest.approx(1 - 0.9 * 0.8)


def test_the_tail_of_a_share_is_that_of_what_it_describes() -> None:
    rng = random.Random(5)
    spread = (1 - 0.1) / 0.1
    shares = [rng.betavariate(0.3 * spread, 0.7 * spread) for _ in range(20_000)]
    seen = sum(sum(rng.random() < share for _ in range(12)) >= 8 for share in shares) / len(shares)
    assert share_tail(8, 12, 0.3, 0.1) == pytest.approx(seen, rel=0.15)


def test_crawls_that_differ_among_themselves_are_correlated_and_alike_ones_are_not() -> None:
    alike = [(10.0, 20.0)] * 10
    assert correlation_of(alike, 0.5) == 0.02
    apart = [(0.0, 20.0), (20.0, 20.0)] * 5
    assert correlation_of(apart, 0.5) == 0.5


# Rhythm


def week(counts: list[int], weeks: int) -> list[Visit]:
    return [Visit(at(day), counts[day % 7]) for day in range(7 * weeks)]


def test_a_quiet_sunday_is_as_usual_and_a_quiet_monday_is_not() -> None:
    visits = week([20, 20, 20, 20, 20, 8, 0], 5)
    sunday = expectation([*visits[:-1], Visit(at(34), 0)], at(34))
    assert (sunday.usual, sunday.chance) == (0, 1.0)
    monday = expectation([*visits, Visit(at(35), 0)], at(35))
    assert monday.usual == 20 and monday.chance < 1e-5
    assert expectation([*visits, Visit(at(35), 17)], at(35)).chance > 0.1


def test_nothing_is_said_before_two_weeks() -> None:
    visits = week([20] * 7, 2)[:13]
    assert expectation([*visits, Visit(at(13), 0)], at(13)).chance == 1.0


def test_a_crawl_that_is_late_or_left_out_changes_nothing() -> None:
    rng = random.Random(3)
    visits, missed = [], 0
    for day in range(70):
        if rng.random() < 0.1:
            missed += 1
            continue
        here = Visit(at(day + rng.uniform(-0.05, 0.05)), rng.randint(16, 24) * (1 + missed))
        visits.append(here)
        missed = 0
        assert expectation(visits, here.at).chance > 1e-3, day
    silent = Visit(at(70), 0)
    assert expectation([*visits, silent], silent.at).chance < 1e-4


def test_crawls_of_every_hour_are_compared_as_days() -> None:
    visits = []
    for hour in range(24 * 21):
        awake = 7 <= hour % 24 < 21
        visits.append(Visit(at(hour / 24), 3 if awake else 0))
        assert expectation(visits, visits[-1].at).chance > 1e-3, "a night is no silence"
    visits += [Visit(at(hour / 24), 0) for hour in range(24 * 21, 24 * 22)]
    assert expectation(visits, visits[-1].at).chance < 1e-5


def test_a_small_outlet_is_silent_after_some_days() -> None:
    visits = week([2, 2, 2, 2, 2, 1, 0], 6)
    chances = []
    for day in range(42, 52):
        visits.append(Visit(at(day), 0))
        chances.append(expectation(visits, at(day)).chance)
    assert chances[0] > 0.01
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] < 1e-4


@pytest.mark.parametrize(
    ("day", "rests"),
    [
        ("2026-02-17", True), ("2026-02-23", True), ("2027-02-06", True), ("2027-02-12", True), ("2030-02-04", True),
        ("2026-10-05", True), ("2026-09-25", True), ("2026-12-26", True), ("2026-03-10", False), ("2026-11-24", False),
    ],
)  # fmt: skip
def test_days_on_which_an_outlet_may_rest(day: str, rests: bool) -> None:
    assert may_rest(datetime.fromisoformat(day).date()) is rests


def test_a_holiday_week_is_no_alarm_and_tells_nothing_of_what_is_usual() -> None:
    start = datetime.fromisoformat("2026-12-28T06:00:00+08:00")  # a Monday; 春节 is 6 February
    visits = []
    for day in range(60):
        moment = start + day * DAY
        quiet = 38 <= day <= 46 or day in (4, 5)
        visits.append(Visit(moment.isoformat(), 0 if quiet else [20, 20, 20, 20, 20, 9, 4][day % 7]))
        got = expectation(visits, visits[-1].at)
        assert got.chance > 1e-4, (day, got)
    assert (
        expectation([*visits, Visit((start + 63 * DAY).isoformat(), 0)], (start + 63 * DAY).isoformat()).usual
        == 20
    )


# Facts


def crawl_facts(day: int, articles: int = 20, **counts: int) -> Facts:
    numbers = Counter(
        {"pages": articles, "stored": articles, "articles": articles, "signed": articles} | counts
    )
    names = Counter(
        {"div#news-body": articles, "div.top": articles, "ul.nav": articles, "div.share": articles}
    )
    kinds = {"encoding": Counter({"gb18030 on a": articles}), "language": Counter({"zh": articles})}
    return Facts(
        at(day), counts=numbers, kinds=kinds, profile=names, length=200.0, skew=1.0, robots={"http://a": "x"}
    )


def past(**counts: int) -> Past:
    walks = [
        ListingFacts(
            f"http://a/{name}", at(day), links=50, fresh=10, signature=frozenset({"div.list", "ul.nav"})
        )
        for day, name in itertools.product(range(28), "123456")
    ]
    listings: dict[str, list[ListingFacts]] = {}
    for walk in walks:
        listings.setdefault(walk.url, []).append(walk)
    return Past([crawl_facts(day, **counts) for day in range(28)], listings)


def today(articles: int = 20, **changed: Any) -> Observed:
    """A crawl as usual, but for what is changed: fields of its articles."""
    seen = Observed(at(28))
    for number in range(articles):
        article = make_article(
            f"第{number}条消息说了一些别处没有的事情，共有{number * 37}人参加。", "这里的人们在工作和生活中都有自己的想法。" * 8,
            day=at(28)[:16] + ":00+08:00", url=f"http://a/{number}.htm",
        )  # fmt: skip
        article.blocks[1].text = f"{number * 911}：{article.blocks[1].text}"
        article.source, article.authors, article.editors = "大众网", ["王一"], ["李二"]
        article.first_seen, article.encoding, article.language = at(28.1), "gb18030", "zh"
        article.signature = frozenset({"div#news-body", "div.top", "ul.nav", "div.share"})
        for name, value in changed.items():
            setattr(article, name, value)
        article.body = "\n".join(block.text for block in article.blocks if block.removed is None)
        seen.stored(article)
    for name in "123456":
        url = f"http://a/{name}"
        seen.listings[url] = ListingFacts(
            url, at(28), links=50, fresh=9, signature=frozenset({"div.list", "ul.nav"})
        )
    seen.facts.robots = {"http://a": "x"}
    seen.skews = [1.0]
    return seen


def found(seen: Observed, before: Past | None = None) -> dict[str, str]:
    return {finding.check: finding.level for finding in judge(seen, past() if before is None else before)}


def test_a_crawl_as_usual_is_well() -> None:
    assert found(today()) == {}
    assert found(today(), Past()) == {}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": None}, {"no_title": "alarm"}),
        ({"published": None}, {"no_date": "alarm"}),
        ({"published": "2026-11-30"}, {"no_time": "alarm"}),
        ({"source": None}, {"no_source": "alarm"}),
        ({"editors": []}, {"no_editors": "warn"}),
        ({"authors": []}, {"no_authors": "warn"}),
        ({"published": "2026-12-03T10:00:00+08:00"}, {"future": "alarm"}),
        ({"published": "2020-11-03T10:00:00+08:00"}, {"old": "warn"}),
        ({"encoding": "utf-8"}, {"encoding": "warn"}),
        ({"language": "en"}, {"language": "alarm"}),
        ({"signature": frozenset({"div.neu", "div#app", "main.story"})}, {"unlike": "alarm"}),
        ({"notes": ["only the teaser: paywall"]}, {"teaser": "alarm"}),
        ({"duplicate_of": 5}, {"copies": "warn"}),
        ({"blocks": [Block("短。")]}, {"short": "alarm", "shorter": "warn"}),
        ({"blocks": [Block("本文的字\ufffd\ufffd坏了。" * 20)]}, {"damaged": "alarm"}),
    ],
)  # fmt: skip
def test_what_is_otherwise_on_every_page(changed: dict[str, Any], expected: dict[str, str]) -> None:
    got = found(today(**changed))
    assert {check: got.get(check) for check in expected} == expected


def test_a_list_in_the_body_is_noticed_whether_or_not_it_is_cleaned_away() -> None:
    text = [Block("这里的人们在工作和生活中都有自己的想法。" * 8)]
    links = [Block(f"链接的标题第{n}条", linked=True, removed="links: a list of links") for n in range(4)]
    assert found(today(blocks=[*text, *links]))["links_inside"] == "alarm"
    lines = [Block(f"另一篇文章的标题第{n}条在这里") for n in range(3)]
    assert found(today(blocks=[*text, *lines]))["shared_lines"] == "alarm"
    under = [Block(line.text, removed=LISTED) for line in lines]
    assert found(today(blocks=[*text, *under]))["shared_lines"] == "alarm"


def test_what_was_always_so_is_as_usual() -> None:
    assert "no_editors" not in found(today(editors=[]), past(no_editors=20))
    assert "future" not in found(today(published="2026-12-03T10:00:00+08:00"), past(future=19))


def test_refused_pages_are_told_by_their_reason() -> None:
    for reason in ("barred", "gone", "rules"):
        seen = today(3)
        for number in range(17):
            flags = dict.fromkeys(("barred", "gone", "rules"), False) | {reason: True}
            seen.refused(f"http://a/x{number}.htm", **flags)
        assert found(seen) == {reason: "alarm"}
        assert len(judge(seen, past())[0].pages) == 3
    few = today(19)
    few.refused("http://a/x.htm", barred=False, gone=True, rules=False)
    assert found(few) == {}, "one page is an accident"


def test_a_wall_needs_no_past() -> None:
    seen = Observed(at(0))
    for number in range(3):
        seen.refused(f"http://a/{number}", barred=True, gone=False, rules=False)
    assert found(seen, Past()) == {"barred": "alarm"}


def test_robots() -> None:
    seen = today()
    seen.facts.robots = {"http://a": "all"}
    for one in seen.listings.values():
        one.failed, one.links, one.fresh = "Forbidden by robots.txt", 0, 0
    assert found(seen) == {"robots": "alarm"}
    seen = today()
    seen.facts.robots = {"http://a": "y"}
    assert found(seen) == {"robots_changed": "warn"}


def test_clocks() -> None:
    for skew, level in ((40.0, None), (-400.0, "warn"), (18_000.0, "alarm")):
        seen = today()
        seen.skews = [skew]
        assert found(seen).get("clock") == level


def test_half_the_listings_silent_or_empty() -> None:
    for change, check in (({"fresh": 0}, "silent"), ({"links": 0, "fresh": 0}, "empty")):
        seen = today()
        for one in list(seen.listings.values())[:3]:
            for name, value in change.items():
                setattr(one, name, value)
        assert found(seen) == {check: "alarm"}
        assert sum(one.finding == check for one in seen.listings.values()) == 3


def test_one_silent_listing_is_a_warning_and_lasts_until_it_speaks() -> None:
    before = past()
    first = "http://a/1"
    for day in range(28, 100):
        seen = today()
        seen.facts.at = at(day)
        for one in seen.listings.values():
            one.at = at(day)
        seen.listings[first].fresh = 0
        findings = [finding for finding in judge(seen, before) if finding.check == "silent"]
        if day >= 30:
            assert [finding.level for finding in findings] == ["warn"], day
            lasts = f"day {day - 27};" if day <= 27 + 56 else "for so long that nothing tells any more"
            assert sentence(findings[0]).startswith(f"1 of 6 listings bring nothing new, {lasts}")
        for one in seen.listings.values():
            before.listings[one.url].append(one)  # type: ignore[attr-defined]
    seen = today()
    seen.listings[first].at = at(100)
    assert "silent" not in found(seen, before)


def test_a_server_that_is_down_for_a_night_is_a_warning_and_for_two_an_alarm() -> None:
    before = past()
    for level in ("warn", "alarm"):
        seen = today(0)
        for one in seen.listings.values():
            one.failed, one.links, one.fresh = "TimeoutError: took too long", 0, 0
        assert found(seen, before) == {"unreachable": level}
        for one in seen.listings.values():
            before.listings[one.url].append(one)  # type: ignore[attr-defined]


def test_what_is_said_of_days_without_articles() -> None:
    def said(day: int, new: int, before: Past, last: str = "") -> str:
        seen = Observed(at(day))
        seen.facts.counts.update(stored=new)
        before.facts[-1].checks = frozenset({last} - {""})
        return "".join(sentence(finding) for finding in judge(seen, before) if finding.check == "few")

    two_days = Past([crawl_facts(day, stored=20 * (day < 27)) for day in range(28)])
    assert said(28, 0, two_days) == "new articles: 0, where a day like this brings 20.0; days of silence: 2"
    assert said(28, 1, two_days) == "new articles: 1, where a day like this brings 20.0"
    weeks = Past([crawl_facts(7 * week, stored=20 * (week < 7)) for week in range(9)])
    assert said(63, 0, weeks, "few").endswith("; days of silence: 21")
    forgotten = Past([crawl_facts(day, stored=20 * (day < 20)) for day in range(90)])
    for facts in forgotten.facts[20:]:
        facts.checks = frozenset({"few"})
    assert said(90, 0, forgotten, "few") == (
        "no new articles, for so long that nothing tells any more what is usual"
    )


def test_far_too_many() -> None:
    assert found(today(170)).get("many") == "warn"
    assert "many" not in found(today(60))


def test_findings_of_a_check_do_not_tell_what_is_usual() -> None:
    facts = [crawl_facts(day) for day in range(14)]
    bad = [crawl_facts(day, no_source=20) for day in range(14, 28)]
    for one in bad:
        one.checks = frozenset({"no_source"})
    assert found(today(source=None), Past([*facts, *bad]))["no_source"] == "alarm"


# Signatures, damage, words


def test_a_signature_names_containers_whatever_their_text_and_numbers() -> None:
    pages = [
        f'<body class="p"><div id="post-{n}" class="b a"><p class=x>{"字" * n}</p></div><div></div></body>'.encode()
        for n in (1, 22)
    ]
    one, other = (signature(parse(page).root) for page in pages)
    assert one == other == {"body.p", "div#post-#.a.b"}
    assert likeness(one, set(one), set(one)) == 1.0
    assert likeness(frozenset({"div.new"}), set(one), set(one)) == 0.0


def test_damage() -> None:
    text = "我们的记者从会上了解到，今年的工作有了新的进展，大家都说这是一件好事。" * 3
    assert not is_damaged(text)
    assert is_damaged(text.encode("utf-8").decode("gb18030", "replace").replace("\ufffd", ""))
    assert is_damaged("an e\ufffdror")
    assert is_damaged("Die Fähre fährt für alle über die Förde.".encode().decode("cp1252"))
    assert not is_damaged("Ein deutscher Satz, der keine Schriftzeichen hat.")


def test_every_check_has_its_sentence_in_both_languages() -> None:
    assert set(TRAITS) <= set(CHECKS)
    values = dict.fromkeys(("hits", "of", "usual", "new", "days", "length", "skew", "hours"), 3) | {
        "why": "HTTP 500"
    }
    for check in CHECKS:
        english = sentence(Finding(check, "warn", values))
        chinese = sentence(Finding(check, "warn", values), "zh")
        assert "{" not in english + chinese and english != chinese


def test_the_worst_level_is_the_verdict() -> None:
    assert verdict([]) == "ok"
    assert verdict([Finding("few", "warn"), Finding("gone", "alarm")]) == "alarm"
