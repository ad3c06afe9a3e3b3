"""Facts in the archive: what is kept, forgotten, accepted, overdue, told; the command; real messages."""

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner

from dzwcrawl import notify
from dzwcrawl.archive import crawls
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.facts import accept, conclude, latest, past
from dzwcrawl.archive.store import store
from dzwcrawl.archive.telling import tell
from dzwcrawl.cli import main
from dzwcrawl.health.facts import ListingFacts, Observed
from tests.conftest import make_article

START = datetime.fromisoformat("2026-11-02T22:00:00+00:00")


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DZWCRAWL_NOTIFY", raising=False)


def crawl(
    archive: Archive, day: float, monkeypatch: pytest.MonkeyPatch, *, refused: int = 0, articles: int = 8
) -> str:
    """A crawl of site `s` on a day, of which some pages are walls; returns the verdict."""
    at = (START + timedelta(days=day)).isoformat()
    monkeypatch.setenv("DZWCRAWL_NOW", at)
    number = crawls.begin(archive, "s")
    seen = Observed(at)
    for _ in range(articles):
        article = make_article("正文。" * 60, day=at[:10])
        article.first_seen = at
        store(archive, article, key=article.url or "", crawl=number)
        seen.stored(article)
    for page in range(refused):
        seen.refused(f"http://example.org/wall{day}-{page}.htm", barred=True, gone=False, rules=False)
    seen.listings["http://example.org/"] = ListingFacts(
        "http://example.org/", at, links=20, fresh=articles, signature=frozenset({"div.list"})
    )
    conclude(archive, number, {"s": seen})
    crawls.end(archive, number, "finished", 0, {})
    return str(archive.query_value("SELECT health FROM crawls WHERE id = ?", (number,)))


def test_a_verdict_is_kept_with_its_crawl_and_compared_with_the_crawls_before(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = [crawl(archive, day, monkeypatch) for day in range(5)]
    assert levels == ["ok"] * 5
    assert crawl(archive, 5, monkeypatch, refused=8, articles=2) == "alarm"
    known = past(archive, "s")
    assert [sorted(facts.checks) for facts in known.facts] == [[]] * 5 + [["barred"]]
    assert known.facts[0].counts["articles"] == 8
    assert [walk.signature for walk in known.listings["http://example.org/"]] == [frozenset({"div.list"})] * 6
    (health,) = latest(archive)
    assert (health.verdict, health.findings[0].check, len(health.findings[0].pages)) == ("alarm", "barred", 3)


def test_what_is_accepted_is_well_and_where_the_past_begins(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(5):
        crawl(archive, day, monkeypatch)
    crawl(archive, 5, monkeypatch, refused=8, articles=2)
    assert accept(archive, "s")
    assert [health.verdict for health in latest(archive)] == ["ok"]
    assert [(len(known.facts), known.facts[0].checks) for known in [past(archive, "s")]] == [(1, frozenset())]
    assert not accept(archive, "nowhere")


def test_an_outlet_that_is_not_crawled_any_more_is_an_alarm(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(7):
        crawl(archive, day, monkeypatch)
    for days, level in ((1.5, "ok"), (2.9, "ok"), (3.1, "alarm")):
        monkeypatch.setenv("DZWCRAWL_NOW", (START + timedelta(days=6 + days)).isoformat())
        assert [health.verdict for health in latest(archive)] == [level]


def test_a_deleted_article_is_named_nowhere(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article("正文。" * 60)
    store(archive, article, key=article.url or "")
    other = f"{article.url}?other"
    seen = Observed(START.isoformat())
    for url in (article.url, other, "http://example.org/3"):
        seen.refused(url or "", barred=True, gone=False, rules=False)
    number = crawls.begin(archive, "s")
    conclude(archive, number, {"s": seen})
    archive.connection.execute("DELETE FROM articles WHERE id = ?", (article.id,))
    text = archive.query_value("SELECT findings FROM facts")
    assert f'"{article.url}"' not in text and other in text
    (health,) = latest(archive)
    assert health.findings[0].pages == (other, "http://example.org/3")


def test_facts_go_with_their_crawl(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl(archive, 0, monkeypatch, articles=0)
    archive.connection.execute("DELETE FROM crawls")
    assert archive.query_value("SELECT count(*) FROM facts") == 0
    assert archive.query_value("SELECT count(*) FROM listing_facts") == 0


def test_one_message_a_change_and_again_when_it_could_not_be_sent(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def send(title: str, text: str) -> None:
        sent.append(title)

    def fail(title: str, text: str) -> None:
        raise notify.NotifyError("no")

    for day in range(4):
        crawl(archive, day, monkeypatch)
        tell(archive, list(latest(archive)), send)
    assert sent == []
    for day in range(4, 7):
        crawl(archive, day, monkeypatch, refused=8, articles=2)
        if day == 4:
            with pytest.raises(notify.NotifyError):
                tell(archive, list(latest(archive)), fail)
        tell(archive, list(latest(archive)), send)
    assert sent == ["dzwcrawl: s alarm"]
    crawl(archive, 7, monkeypatch)
    tell(archive, list(latest(archive)), send)
    assert sent == ["dzwcrawl: s alarm", "dzwcrawl: s ok"]


# The command


def run(archive: Archive, *words: str) -> Any:
    return CliRunner().invoke(main, ["health", "--archive", str(archive.path), *words])


def test_the_command_tells_and_its_exit_code_says_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (run(archive).exit_code, run(archive).output) == (0, "no crawl has been judged yet\n")
    for day in range(4):
        crawl(archive, day, monkeypatch)
    done = run(archive)
    assert done.exit_code == 0 and done.output.startswith("ok    s ")
    crawl(archive, 4, monkeypatch, refused=8, articles=2)
    done = run(archive)
    assert done.exit_code == 21
    assert (
        "alarm: 8 of 10 new pages ask to log in" in done.output
        and "http://example.org/wall4-0.htm" in done.output
    )
    (told,) = json.loads(run(archive, "--json").output)
    assert (told["site"], told["verdict"], told["findings"][0]["check"]) == ("s", "alarm", "barred")
    assert told["findings"][0]["numbers"]["hits"] == 8
    assert run(archive, "--site", "s", "--accept").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--site", "z"), 1, "nothing is known of site 'z'; there are s"),
        (("--accept",), 2, "name it with --site"),
        (("--notify",), 2, "addresses in DZWCRAWL_NOTIFY"),
    ],
)
def test_wrong_use(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, message: str
) -> None:
    crawl(archive, 0, monkeypatch)
    done = run(archive, *words)
    assert (done.exit_code, message in done.output) == (code, True), done.output


# Real servers


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """A web server on loopback that keeps what is posted to it."""
    got: list[dict[str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], got
    finally:
        server.shutdown()
        server.server_close()


class _Mailbox:
    def __init__(self) -> None:
        self.got: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.got.append(envelope.content)
        return "250 OK"


class _Listening(Controller):
    """Listens at a port that nobody can take in between."""

    def __init__(self, box: _Mailbox, **how: Any) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(box, hostname="127.0.0.1", port=self._socket.getsockname()[1], **how)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


@contextmanager
def mail_server() -> Iterator[tuple[int, _Mailbox]]:
    """A mail server on loopback that asks for user and password."""
    box = _Mailbox()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"u", b"s3cret"))

    controller = _Listening(box, authenticator=check, auth_required=True, auth_require_tls=False)
    controller.ready_timeout = 60
    controller.start()
    try:
        yield controller.port, box
    finally:
        controller.stop()


@pytest.mark.filterwarnings(
    "ignore:Requiring AUTH while not requiring TLS"
)  # on loopback, to see that it is used
def test_alarms_reach_a_webhook_and_a_mailbox_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    crawl(archive, 0, monkeypatch, refused=4, articles=1)
    with webhook() as (port, got), mail_server() as (smtp, box):
        addresses = [
            f"json://127.0.0.1:{port}/hook?+X-Token=t0ken",
            f"mailto://u:s3cret@127.0.0.1:{smtp}?from=a@example.org&to=b@example.org&mode=insecure",
        ]
        monkeypatch.setenv("DZWCRAWL_NOTIFY", " ".join(addresses))
        first = run(archive, "--notify")
        again = run(archive, "--notify")
    assert (first.exit_code, again.exit_code) == (21, 21), first.output
    assert [(each["title"], "ask to log in" in each["message"]) for each in got] == [
        ("dzwcrawl: s alarm", True)
    ]
    (mail,) = [message_from_bytes(content) for content in box.got]
    assert str(make_header(decode_header(mail["Subject"]))) == "dzwcrawl: s alarm"
    told = first.output + again.output + caplog.text
    assert "s3cret" not in told and "t0ken" not in told


def test_what_cannot_be_sent_is_told_without_the_address(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    crawl(archive, 0, monkeypatch, refused=4, articles=1)
    with webhook(status=500) as (port, got):
        monkeypatch.setenv("DZWCRAWL_NOTIFY", f"json://127.0.0.1:{port}/s3cret nonsense://s3cret")
        done = run(archive, "--notify")
    assert done.exit_code == 1 and len(got) >= 1
    assert "address 1 (json) did not take it" in done.output
    assert "address 2 is none that apprise knows" in done.output
    assert "s3cret" not in done.output + caplog.text
    assert archive.query_value("SELECT told FROM health") is None


def test_secrets_are_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DZWCRAWL_NOTIFY", "json://host/s3cret")
    done = CliRunner().invoke(main, ["config"])
    assert "DZWCRAWL_NOTIFY = ***" in done.output and "s3cret" not in done.output
