"""The world of the boilerplate benchmark: the same every time, and its truth is on its pages."""

import pytest

from dzwcrawl.extract.blocks import page_blocks
from dzwcrawl.extract.page import parse
from tests.bench.boilerplate.banners import LIUWAN
from tests.bench.boilerplate.feed import key
from tests.bench.boilerplate.world import OUTLETS, pages

PAGES = 60


@pytest.mark.parametrize("name", OUTLETS)
def test_every_true_line_is_a_line_of_its_page(name: str) -> None:
    for page in pages(OUTLETS[name], PAGES):
        shown = {key(block.text) for block in page_blocks(parse(page.html, page.headers, page.url))}
        assert [line.text for line in page.lines if key(line.text) not in shown] == []


@pytest.mark.parametrize("name", OUTLETS)
def test_the_world_is_the_same_every_time_however_many_pages_are_made(name: str) -> None:
    first = list(pages(OUTLETS[name], PAGES))
    assert list(pages(OUTLETS[name], PAGES + 40))[:PAGES] == first
    assert list(pages(OUTLETS[name], PAGES, seed=2)) != first


def test_a_reprint_has_the_text_of_its_original() -> None:
    made = list(pages(OUTLETS["柳湾网"], PAGES))
    news = [[line.text for line in page.lines if not line.boilerplate] for page in made]
    assert news[20] == news[21] == news[23] != news[22]


def test_most_banners_are_in_words_no_list_knows() -> None:
    every = [banner for outlet in OUTLETS.values() for banner in outlet.banners]
    assert sum(not banner.known for banner in every) >= 0.6 * len(every)


def test_a_campaign_comes_and_goes() -> None:
    campaign = next(banner for banner in LIUWAN if banner.kind == "campaign, weeks 2 to 4")
    days = [
        page.day_number
        for page in pages(OUTLETS["柳湾网"], 180)
        if any(line.text == campaign.lines[0] and line.boilerplate for line in page.lines)
    ]
    assert campaign.start <= min(days) <= campaign.start + 1
    assert campaign.end - 2 <= max(days) < campaign.end
