"""The reading room in a real browser: `dzwcrawl serve` as a process, and Chromium as it is installed."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import room
from tests.room import CAPTION, DOCK, EVIL, PLAIN, VERSION

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_PATIENCE = 120_000
"""Milliseconds until what does not come counts as missing: a busy machine takes its time."""

expect.set_options(timeout=_PATIENCE)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")

PAGES = {
    "front": "/",
    "filtered": f"/?site=many&section={quote('天气')}",
    "search": f"/?q={quote('船坞')}",
    "nothing found": f"/?q={quote('没有这个词')}",
    "bad search": "/?q=%22",
    "day": "/days/2024-03-31",
    "outlets": "/outlets",
    "outlet": "/outlets/liu",
    "numbers": "/numbers",
    "article": f"/articles/{DOCK}",
    "old revision": f"/articles/{DOCK}?revision=1",
    "hostile article": f"/articles/{EVIL}",
    "English article": f"/articles/{PLAIN}",
    "difference": f"/articles/{DOCK}/difference?from=1&to=3",
    "difference of copies": f"/articles/{VERSION}/difference?with={DOCK}",
    "raw page": f"/articles/{DOCK}/raw/1/1",
    "hostile raw page": f"/articles/{EVIL}/raw/1/1",
    "not found": "/nothing",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a served archive answers."""
    file = tmp_path_factory.mktemp("browser") / "news.db"
    with pytest.MonkeyPatch.context() as patch:
        room.build(file, patch)
    command = [sys.executable, "-m", "dzwcrawl", "serve", "--archive", str(file), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://\S+:\d+", process.stdout.readline())
            assert found is not None
            yield found[0]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Root has no sandbox in containers; everything it opens is our own and on loopback.
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], timeout=_PATIENCE
        )
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Open]:
    """A function that opens a path of the reading room; what it asks of other hosts, and each refusal of its
    policy, fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(path: str = "/", **options: object) -> Page:
        given = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, "base_url": address} | options
        context = chromium.new_context(**given)  # type: ignore[arg-type]
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note(request.url))
        page.on("console", lambda message: _note_message(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"a dialog: {dialog.message}"))
        page.goto(path)
        return page

    def _note(url: str) -> None:
        if urlsplit(url).scheme != "data" and not url.startswith(address):
            wrong.append(f"asked for {url}")

    def _note_message(text: str) -> None:
        if "Failed to load resource: the server responded with a status of 4" not in text:
            wrong.append(text)

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_search_narrow_read_and_compare(open_page: Open, script: bool) -> None:
    page = open_page("/", java_script_enabled=script)
    page.get_by_role("searchbox").fill("龙骨")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Results for “龙骨” 2 articles")
    expect(page.locator("mark").first).to_have_text("龙骨")
    page.get_by_role("complementary").get_by_role("link", name="liu").click()
    expect(page.locator(".entry")).to_have_count(1)
    page.get_by_role("link", name="Remove liu").click()
    expect(page.locator(".entry")).to_have_count(2)
    page.get_by_role("link", name="渡口船坞拆除").click()
    cluster = page.get_by_role("table").filter(has_text="earliest")
    expect(cluster.get_by_role("row")).to_have_count(4)
    page.get_by_role("link", name="Compare with the earliest: 渡口船坞拆除").click()
    expect(page.locator("ins").filter(has_text="渡口上周停航")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_revisions_are_compared_by_choosing_two(open_page: Open, script: bool) -> None:
    page = open_page(f"/articles/{DOCK}", java_script_enabled=script)
    page.get_by_label("From").select_option(label="Revision 1")
    page.get_by_label("To").select_option(label="Revision 2")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("del")).to_have_text("12")
    expect(page.locator("ins")).to_have_text("13")
    page.get_by_role("link", name="Revision 1").click()
    expect(page.locator(".notice").filter(has_text="This is revision 1.")).to_be_visible()


def test_removed_lines_and_raw_pages_on_demand(open_page: Open) -> None:
    page = open_page(f"/articles/{DOCK}")
    line = page.get_by_text("分享到：")
    expect(line).to_be_hidden()
    page.get_by_text("Removed lines").click()
    expect(line).to_be_visible()
    page.get_by_text("Raw page", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").first.click()
    assert Path(download.value.path()).read_text() == room.RAW
    page.get_by_role("link", name="Source text").first.click()
    expect(page.locator("pre").last).to_contain_text("<script>alert('raw')</script>")


def test_pictures_are_shown_as_captions_and_links(open_page: Open) -> None:
    page = open_page(f"/articles/{DOCK}")
    expect(page.get_by_role("figure").first).to_contain_text(CAPTION)
    link = page.get_by_role("link", name="See it at the outlet").first
    expect(link).to_have_attribute("href", "http://img.example.org/1.jpg")
    expect(page.locator("img")).to_have_count(0)


def test_the_language_follows_the_browser_and_the_reader(open_page: Open) -> None:
    page = open_page("/outlets", locale="zh-CN")
    expect(page.get_by_role("heading", level=1)).to_contain_text("媒体")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Outlets")
    page.get_by_role("link", name="Numbers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Numbers")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_phone_shows_every_page_without_moving_sideways(open_page: Open, path: str) -> None:
    page = open_page(path, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    for box in page.locator("details").all():
        box.evaluate("each => each.open = true")
    assert page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [390, 390]


def test_the_keyboard_reaches_everything(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    first = page.locator("main a:visible").first
    expect(first).to_be_focused()
    outline = first.evaluate(
        "each => getComputedStyle(each).outlineStyle + getComputedStyle(each).outlineWidth"
    )
    assert outline == "solid3px"
    page.goto("/")
    for _ in range(7):  # skip, name, five pages
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="SQL")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("水闸")
    page.keyboard.press("Enter")
    # The front page has that link too.
    expect(page.get_by_role("heading", level=1)).to_contain_text("Results")
    page.get_by_role("link", name="水闸放水").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("水闸放水")


def test_every_stop_of_the_keyboard_can_be_seen(open_page: Open) -> None:
    page = open_page(f"/articles/{DOCK}")
    seen = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            "() => { const f = document.activeElement; if (f === document.body) return null;"
            " const s = getComputedStyle(f), r = f.getBoundingClientRect();"
            " return [s.outlineStyle, r.width > 0 && r.height > 0, r.bottom > 0 && r.top < innerHeight]; }"
        )
        if focus is None:
            break
        assert focus == ["solid", True, True]
        seen += 1
    assert seen > 20


def test_the_dark_and_paper_have_colours_of_their_own(open_page: Open) -> None:
    page = open_page(f"/articles/{DOCK}")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(251, 250, 246)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == "rgb(23, 24, 26)"
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.locator(".body")).to_be_visible()


def test_chinese_is_set_as_newspapers_set_it(open_page: Open) -> None:
    page = open_page(f"/articles/{DOCK}")
    style = page.locator(".body > p").first.evaluate(
        "each => { const s = getComputedStyle(each), size = parseFloat(s.fontSize);"
        " return [parseFloat(s.textIndent) / size, each.clientWidth / size, parseFloat(s.lineHeight) / size]; }"
    )
    indent, length, height = style
    assert indent == 2
    assert 30 <= length <= 40
    assert 1.8 <= height <= 2.1
    page.goto(f"/articles/{PLAIN}")
    assert page.locator(".body > p").first.evaluate("each => getComputedStyle(each).textIndent") == "0px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_nothing(open_page: Open, path: str, scheme: str) -> None:
    page = open_page(path, color_scheme=scheme)
    for box in page.locator("details").all():
        box.evaluate("each => each.open = true")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_sql_pages_work_and_ask_nobody_else(open_page: Open) -> None:
    page = open_page("/archive/articles")
    expect(page.get_by_role("heading", level=1)).to_contain_text("articles")
    page.goto("/archive?sql=select+title+from+articles+where+id+=+5")
    expect(page.locator("table.rows-and-columns td").first).to_contain_text("<script>alert(1)</script>")
