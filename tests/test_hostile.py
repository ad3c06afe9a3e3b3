"""Hostile servers, as real ones on loopback: each ends within its bound, the crawl goes on and says what happened."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from dzwcrawl.archive.archive import Archive
from dzwcrawl.crawl.addresses import is_live
from dzwcrawl.crawl.limits import MAX_HEAD_BYTES, parse_window
from dzwcrawl.crawl.robots import MAX_BYTES, parse_robots, product_token
from tests.conftest import ROOT, Crawl, crawl_command, crawl_environment
from tests.hostile import Hostile, big_robots, drip, hostile, loop, say
from tests.replica import running

ALLOWED = ("-s", "PRIVATE_ADDRESSES_ALLOWED=1", "-s", "RETRY_TIMES=0")
SOCKETS = 32 * 2**20
"""What lies in the buffers between two processes when one of them stops to read, and more."""


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as served:
        yield served


def urls(server: Hostile, *paths: str) -> tuple[str, str]:
    return "-a", "url=" + " ".join(f"{server.url}/{path}" for path in paths)


def reasons(path: Path) -> dict[str, str | None]:
    """Return what became of each URL, by its path: its state, or the reason why it is refused."""
    with Archive(path) as archive:
        rows = archive.connection.execute("SELECT url, state, reason FROM urls").fetchall()
    return {
        row["url"].split("/", 3)[3]: row["reason"] if row["state"] == "refused" else row["state"]
        for row in rows
    }


def last_crawl(path: Path) -> dict[str, Any]:
    with Archive(path) as archive:
        row = archive.connection.execute("SELECT * FROM crawls ORDER BY id DESC LIMIT 1").fetchone()
        return dict(row) | {"stats": json.loads(row["stats"])}


def test_each_attack_ends_within_its_bound_and_the_crawl_goes_on(
    server: Hostile, crawl: Crawl, tmp_path: Path
) -> None:
    wanted = {
        "loop/1": "max redirections reached",
        "refresh/1": "max redirections reached",
        "bomb/500": "exceed",
        "giant/told": "DownloadCancelledError",
        "giant/untold": "DownloadCancelledError",
        "endless": "DownloadCancelledError",
        "flood/headers": "bytes of headers",
        "flood/continue": "bytes of headers",
    }
    done = crawl(
        "urls", tmp_path / "a.db", *urls(server, *wanted, "good/1.htm"), *ALLOWED,
        "-s", "DOWNLOAD_MAXSIZE=1000000", "-s", "DOWNLOAD_WARNSIZE=0",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = reasons(tmp_path / "a.db")
    assert found.pop("good/1.htm") == "article"
    assert {path: why for path, why in found.items() if wanted[path] not in (why or "")} == {}
    assert max(int(path[6:]) for path in server.paths() if path.startswith("/loop/")) <= 7
    for name in ("giant/told", "giant/untold", "endless"):
        assert server.sent[name] < 10**6 + SOCKETS, name
    for name in ("flood/headers", "flood/continue"):
        assert server.sent[name] < MAX_HEAD_BYTES + SOCKETS, name
    assert last_crawl(tmp_path / "a.db")["stats"]["refused"] == len(wanted)


def test_who_takes_for_ever_is_given_up(server: Hostile, crawl: Crawl, tmp_path: Path) -> None:
    # Without robots.txt, because a busy machine may take longer than this for any answer.
    options = (*ALLOWED, "-s", "DOWNLOAD_TIMEOUT=2", "-s", "ROBOTSTXT_OBEY=0")
    done = crawl("urls", tmp_path / "a.db", *urls(server, "drip", "silent"), *options)
    assert done.returncode == 10, done.stderr[-3000:]
    found = reasons(tmp_path / "a.db")
    assert [name for name, why in found.items() if "took longer than 2" in (why or "")] == ["drip", "silent"]
    assert sorted(server.paths()) == ["/drip", "/silent"]


# Addresses


class Proxied:
    """What `crawl` wants of a replica, of a hostile server."""

    def __init__(self, server: Hostile) -> None:
        self.proxy = server.url
        self.ca_pem = b""


def test_redirects_into_the_own_network_are_refused(server: Hostile, crawl: Crawl, tmp_path: Path) -> None:
    hosts = "127.0.0.1 127.1 0x7f000001 2130706433 [::1] [64:ff9b::7f00:1] 169.254.169.254 localhost".split()
    urls = [f"http://a.test/inward/{host}:{server.port}/secret/1.htm" for host in hosts]
    done = crawl(
        "urls", tmp_path / "a.db", "-a", f"url={' '.join(urls)} http://a.test/good/2.htm", replica=Proxied(server)
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = reasons(tmp_path / "a.db")
    assert found.pop("good/2.htm") == "article"
    assert sum("is a private address" in (why or "") for why in found.values()) == len(hosts), found
    assert not [path for path in server.paths() if path.startswith("/secret")]


REBINDING = """
import socket
from dzwcrawl.crawl.addresses import PublicResolver

asked = []


def lookup(name):
    if name != "rebind.test":
        return name
    asked.append(name)
    return "93.184.215.14" if len(asked) % 2 else "127.0.0.1"  # at first public, then private


socket.gethostbyname = lookup
"""


@pytest.mark.parametrize(
    ("resolver", "reached"),
    [("rebinding.PublicResolver", False), ("rebinding.CachingThreadedResolver", True)],
)
def test_a_name_that_turns_private_after_it_was_checked_leads_nowhere(
    server: Hostile,
    crawl: Crawl,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    resolver: str,
    reached: bool,
) -> None:
    # Scrapy's own resolver beside ours shows that the server can be reached this way.
    (tmp_path / "rebinding.py").write_text(
        REBINDING + "from scrapy.resolver import CachingThreadedResolver\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = crawl(
        "urls", tmp_path / "a.db", "-a", f"url=http://rebind.test:{server.port}/secret/1.htm",
        "-s", f"TWISTED_DNS_RESOLVER={resolver}", "-s", "DNSCACHE_ENABLED=0", "-s", "RETRY_TIMES=0",
        "-s", "ROBOTSTXT_OBEY=0",
    )  # fmt: skip
    assert (server.paths() == ["/secret/1.htm"]) is reached
    assert done.returncode == (0 if reached else 10), done.stderr[-3000:]


def test_redirects_to_another_site_are_not_archived_as_ones_own(
    server: Hostile, crawl: Crawl, tmp_path: Path
) -> None:
    url = "http://www.dzwww.com/inward/other.test/good/1.htm"
    done = crawl("dzwww", tmp_path / "a.db", "-a", f"url={url}", replica=Proxied(server))
    assert done.returncode == 10
    assert reasons(tmp_path / "a.db") == {
        "inward/other.test/good/1.htm": "leads to another site: http://other.test/good/1.htm"
    }
    assert not [asked for asked in server.asked if "//other.test" in asked]
    done = crawl("dzwww", tmp_path / "b.db", "-a", "url=http://other.test/good/1.htm")
    assert (done.returncode, "scrapy crawl urls" in done.stderr + done.stdout) == (2, True)


# robots.txt

FORBIDDING = "User-agent: *\nDisallow: /good/\n"


def test_every_request_waits_for_robots_txt(server: Hostile, crawl: Crawl, tmp_path: Path) -> None:
    # Scrapy's middleware lets all but the first pass that wait for a robots.txt together.
    server.robots = say(200, FORBIDDING, after=1)
    paths = [f"good/{n}.htm" for n in range(1, 7)]
    done = crawl("urls", tmp_path / "a.db", *urls(server, *paths), *ALLOWED)
    assert done.returncode == 10
    assert reasons(tmp_path / "a.db") == dict.fromkeys(paths, "Forbidden by robots.txt")
    assert server.paths() == []


@pytest.mark.parametrize(
    ("robots", "why"),
    [
        (say(503), "HTTP 503"),
        (say(429), "HTTP 429"),
        (loop, "max redirections reached"),
        (drip, "took longer than 1"),
    ],
)
def test_where_robots_txt_is_unreachable_nothing_is_fetched_now_but_later(
    server: Hostile, crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, robots: Any, why: str
) -> None:
    server.robots = robots if robots is not loop else say(302, headers="Location: /loop/1\r\n")
    options = (*urls(server, "good/1.htm"), *ALLOWED)
    patience = ("-s", "DOWNLOAD_TIMEOUT=1") if robots is drip else ()
    done = crawl("urls", tmp_path / "a.db", *options, *patience)
    assert done.returncode == 10, done.stderr[-3000:]
    reason = reasons(tmp_path / "a.db")["good/1.htm"] or ""
    assert reason.startswith(f"robots.txt of 127.0.0.1:{server.port} is unreachable") and why in reason
    assert "/good/1.htm" not in server.paths()
    assert last_crawl(tmp_path / "a.db")["stats"]["robots_unreachable"] == 1
    with Archive(tmp_path / "a.db") as archive:
        # Nothing is known about the page, so this was none of its attempts.
        assert archive.query_value("SELECT attempts FROM urls WHERE due IS NOT NULL") == 0
    server.robots = say(404)
    assert crawl("urls", tmp_path / "a.db", *options).returncode == 0
    assert reasons(tmp_path / "a.db") == {"good/1.htm": "article"}


@pytest.mark.parametrize("status", [403, 404])
def test_where_there_is_no_robots_txt_all_is_allowed(
    server: Hostile, crawl: Crawl, tmp_path: Path, status: int
) -> None:
    server.robots = say(status, FORBIDDING)
    assert crawl("urls", tmp_path / "a.db", *urls(server, "good/1.htm"), *ALLOWED).returncode == 0


def test_a_robots_txt_of_100_mb_is_read_as_far_as_it_must_be(
    server: Hostile, crawl: Crawl, tmp_path: Path
) -> None:
    server.robots = big_robots
    done = crawl("urls", tmp_path / "a.db", *urls(server, "good/1.htm", "good/2.htm"), *ALLOWED)
    assert done.returncode == 0, done.stderr[-3000:]
    assert reasons(tmp_path / "a.db") == {"good/1.htm": "Forbidden by robots.txt", "good/2.htm": "article"}
    assert server.sent["robots"] < MAX_BYTES + SOCKETS


def test_robots_txt_speaks_to_us_by_our_name() -> None:
    text = "User-agent: News\nDisallow: /\n\nUser-Agent : DZWcrawl/2\nUser-agent: Other\nDisallow: /a\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /b"
    robots = parse_robots(text.encode(), product_token("dzwcrawl/0.1 (regional news archive; a@b.org)"))
    assert [
        robots.allowed(f"http://x.org/{path}", "dzwcrawl") for path in ("", "a", "b")
    ] == [True, False, True]  # fmt: skip
    assert robots.crawl_delay("dzwcrawl") == 7
    stranger = parse_robots(text.encode(), "stranger")
    assert [stranger.allowed(f"http://x.org/{path}", "stranger") for path in ("", "a", "b")] == [
        True, True, False,
    ]  # fmt: skip


def test_a_robots_txt_of_many_crawlers_is_as_large_as_it_is_long() -> None:
    # Each rule counts for every crawler named before it: 15 000 names and 25 000 rules would be 375 million.
    agents = "".join(f"User-agent: a{n}\n" for n in range(15_000))
    robots: Any = parse_robots(
        (agents + "Disallow: /x\n" * 25_000 + "User-agent: *\nDisallow: /y").encode(), "b"
    )
    assert sum(len(group._rules) for group in robots.rp._user_agents.values()) < 30_000


# Listings

SPIDER = """
from dzwcrawl.crawl.spider import NewsSpider
from dzwcrawl.extract.rules import ListingRules


class Trap(NewsSpider):
    name = "trap"
    allowed_domains = ["trap.test"]
    channels = {name: f"http://trap.test/list/{name}/1" for name in ("junk", "day", "same", "away")}
    listing = ListingRules(links="li a", accept="/junk/")
"""


def trap(
    server: Hostile, crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str, *options: str
) -> Any:  # fmt: skip
    (tmp_path / "trap_spider.py").write_text(SPIDER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return crawl(
        "trap", tmp_path / "a.db", "-s", "SPIDER_MODULES=trap_spider", "-a", f"channel={channel}", *options,
        replica=Proxied(server),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "option", "pages", "new"),
    [
        ("junk", "LISTING_MAX_PAGES=4", 4, 20),
        ("day", "LISTING_MAX_PAGES=4", 4, 4),
        ("junk", "NEW_URL_BUDGET=12", 3, 12),
        ("same", "LISTING_MAX_PAGES=4", 2, 2),
        ("away", "LISTING_MAX_PAGES=4", 1, 1),
    ],
)
def test_listings_without_an_end_are_left(
    server: Hostile, crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    channel: str, option: str, pages: int, new: int,
) -> None:  # fmt: skip
    done = trap(server, crawl, tmp_path, monkeypatch, channel, "-s", option)
    assert sum(path.startswith("/list/") for path in server.paths()) == pages
    row = last_crawl(tmp_path / "a.db")
    assert row["stats"]["urls_new"] == new
    assert done.returncode == row["exit_code"] == 10  # the junk is not there: nothing could be stored
    assert ("is reached; a higher one walks on" in done.stderr) is (channel in ("junk", "day"))
    assert row["stats"].get("limits_reached", 0) == (channel in ("junk", "day"))


# Budgets, windows, contact


def test_a_host_has_a_budget_and_the_next_crawl_goes_on(
    server: Hostile, crawl: Crawl, tmp_path: Path
) -> None:
    options = (
        *urls(server, *(f"good/{n}.htm" for n in range(1, 6))),
        *ALLOWED,
        "-s",
        "HOST_REQUEST_BUDGET=3",
    )
    done = crawl("urls", tmp_path / "a.db", *options)
    assert done.returncode == 11, done.stderr[-3000:]
    assert sorted(map(str, reasons(tmp_path / "a.db").values())) == ["article"] * 2 + ["found"] * 3
    row = last_crawl(tmp_path / "a.db")
    assert (row["exit_code"], row["stats"]["over_budget/127.0.0.1"], row["stats"]["urls_left"]) == (11, 3, 3)
    assert len(server.asked) == 3
    left = [path for path, state in reasons(tmp_path / "a.db").items() if state == "found"]
    assert crawl("urls", tmp_path / "a.db", *urls(server, *left), *ALLOWED).returncode == 0


@pytest.mark.parametrize(
    ("text", "moment", "left"),
    [
        ("22:00-06:00", "2026-11-01T13:59:59+00:00", None),
        ("22:00-06:00", "2026-11-01T14:00:00+00:00", timedelta(hours=8)),
        ("22:00-06:00", "2026-11-01T21:30:00+00:00", timedelta(minutes=30)),
        ("22:00-06:00", "2026-11-01T22:00:00+00:00", None),
        ("01:00-05:00 +00:00", "2026-11-01T04:00:00+00:00", timedelta(hours=1)),
        ("22:00-06:00 Europe/Berlin", "2026-10-24T21:00:00+00:00", timedelta(hours=8)),  # one of them twice
    ],
)
def test_windows(text: str, moment: str, left: timedelta | None) -> None:
    assert parse_window(text).left(moment) == left


@pytest.mark.parametrize("text", ["22-6", "22:00", "22:00-25:00", "22:00-06:00 Mars/Base", "06:00-06:00"])
def test_what_is_no_window(text: str) -> None:
    with pytest.raises(ValueError, match="CRAWL_WINDOW"):
        parse_window(text)


def window(begins: int, ends: int) -> str:
    """Return a CRAWL_WINDOW by seconds from now."""
    moments = [datetime.now(UTC) + timedelta(seconds=seconds) for seconds in (begins, ends)]
    return "CRAWL_WINDOW=" + "-".join(f"{moment:%H:%M:%S}" for moment in moments) + " +00:00"


def test_outside_its_window_a_crawl_ends_at_once(server: Hostile, crawl: Crawl, tmp_path: Path) -> None:
    options = (*urls(server, "good/1.htm"), *ALLOWED, "-s")
    done = crawl("urls", tmp_path / "a.db", *options, window(3600, 7200))
    assert (done.returncode, "outside CRAWL_WINDOW" in done.stderr) == (4, True)
    assert server.asked == [] and not (tmp_path / "a.db").exists()
    assert crawl("urls", tmp_path / "a.db", *options, window(-3600, 3600)).returncode == 0
    done = crawl("urls", tmp_path / "a.db", *options, "CRAWL_WINDOW=tonight")
    assert (done.returncode, "is not a window" in done.stderr + done.stdout) == (2, True)


CLOCK = """
import os
from dzwcrawl.crawl import limits

limits.now = lambda: f"2026-11-01T{'14' if os.path.exists('{closed}') else '13'}:00:00+00:00"
"""


def test_a_crawl_stops_when_its_window_closes(
    server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock waits: the silent page is in flight when the window closes.
    closed = tmp_path / "closed"
    (tmp_path / "clock.py").write_text(CLOCK.replace("{closed}", str(closed)))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DZWCRAWL_NOW", "2026-11-01T13:00:00+00:00")
    paths = ["silent", "good/1.htm", "good/2.htm"]
    command = crawl_command(
        "urls", tmp_path / "a.db", *urls(server, *paths), *ALLOWED,
        "-s", "SPIDER_MODULES=dzwcrawl.spiders,clock", "-s", "CRAWL_WINDOW=20:00-22:00",
        "-s", "DOWNLOAD_TIMEOUT=10", "-s", "CONCURRENT_REQUESTS=1", "-s", "ROBOTSTXT_OBEY=0",
    )  # fmt: skip
    environment = crawl_environment(tmp_path, None)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        while "/silent" not in server.paths() and process.poll() is None:
            time.sleep(0.02)
        closed.touch()
        said = process.communicate()[1]
    row = last_crawl(tmp_path / "a.db")
    assert (process.returncode, row["exit_code"], row["reason"]) == (11, 11, "window_closed"), said
    states = reasons(tmp_path / "a.db")
    fetched = {path.strip("/") for path in server.paths()}
    assert {path: states[path] for path in paths[1:]} == {
        path: "article" if path in fetched else "found" for path in paths[1:]
    }


def test_a_crawl_that_waits_for_a_day_ends_when_its_time_is_up(
    server: Hostile, crawl: Crawl, tmp_path: Path
) -> None:
    server.robots = say(200, "User-agent: *\nCrawl-delay: 86400\n")
    options = (*urls(server, "good/1.htm", "good/2.htm"), *ALLOWED, "-s", "CLOSESPIDER_TIMEOUT=3")
    done = crawl("urls", tmp_path / "a.db", *options)
    row = last_crawl(tmp_path / "a.db")
    assert (done.returncode, row["reason"]) == (11, "closespider_timeout"), done.stderr[-3000:]
    assert reasons(tmp_path / "a.db") == {"good/1.htm": "found", "good/2.htm": "found"}


def test_a_crawl_waits_as_long_as_a_busy_server_asks(server: Hostile, crawl: Crawl, tmp_path: Path) -> None:
    options = ("-s", "PRIVATE_ADDRESSES_ALLOWED=1", "-s", "RETRY_TIMES=1")
    assert crawl("urls", tmp_path / "a.db", *urls(server, "busy/1.htm"), *options).returncode == 0
    assert server.paths() == ["/busy/1.htm"] * 2
    assert server.times[-1] - server.times[-2] > 1.9


def test_a_live_crawl_says_who_crawls(
    server: Hostile, crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"url={server.url}/good/1.htm"
    agent = ("-s", "USER_AGENT=archive/1.0 (an archive)")
    done = crawl("urls", tmp_path / "a.db", "-a", url, *agent)
    assert (done.returncode, "DZWCRAWL_CONTACT" in done.stderr + done.stdout) == (2, True)
    assert not (tmp_path / "a.db").exists()
    # Nothing of others can be reached: no contact is asked for.
    assert crawl("urls", tmp_path / "b.db", "-a", url, *agent, *ALLOWED).returncode == 0
    # With a contact the crawl begins (and refuses the address, which is private).
    agent = ("-s", "USER_AGENT=archive/1.0 (+https://archive.example.org/)")
    assert crawl("urls", tmp_path / "c.db", "-a", url, *agent).returncode == 10


@pytest.mark.parametrize(
    ("settings", "proxies", "live"),
    [
        ({}, {}, True),
        ({}, {"http": "http://127.0.0.1:8080", "https": "http://localhost:8080"}, False),
        ({}, {"http": "http://127.0.0.1:8080"}, True),
        ({}, {"http": "http://10.0.0.1:3128", "https": "http://10.0.0.1:3128"}, True),
        ({"HTTPPROXY_ENABLED": False}, {"http": "http://[::1]:1", "https": "http://[::1]:1"}, True),
        ({"PRIVATE_ADDRESSES_ALLOWED": True}, {}, False),
        ({"ARCHIVE_DEMO": True}, {}, False),
    ],
)
def test_what_is_a_live_crawl(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], proxies: dict[str, str], live: bool
) -> None:
    for scheme in ("http", "https"):
        monkeypatch.delenv(f"{scheme.upper()}_PROXY", raising=False)
        monkeypatch.setenv(f"{scheme}_proxy", proxies.get(scheme, ""))
    assert is_live(Settings(settings)) is live


def test_https_is_verified(crawl: Crawl, tmp_path: Path) -> None:
    with running(articles=20, crawl_delay=0) as served, hostile() as server:
        url = next(row["url"] for row in served.world.truth() if row["url"].startswith("https://hb."))
        options = ("-a", f"url={url}", "-s", "RETRY_TIMES=0")
        stranger = Proxied(server)
        stranger.proxy = served.proxy  # and no authority is trusted
        done = crawl("urls", tmp_path / "a.db", *options, replica=stranger)
        assert (done.returncode, "certificate verify failed" in done.stderr) == (10, True), done.stderr
        assert crawl("urls", tmp_path / "b.db", *options, replica=served).returncode == 0
