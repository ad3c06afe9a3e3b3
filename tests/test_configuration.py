"""Settings: one table, checked names and values wherever they come from, `dzwcrawl config`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings, default_settings
from scrapy.spiderloader import get_spider_loader

from dzwcrawl.configuration import SETTINGS, SettingError, check_environment, check_value, masked, setting
from dzwcrawl.crawl.checks import check_project_file, check_settings, settings_of
from dzwcrawl.crawl.project import project_settings
from dzwcrawl.masking import mask
from tests.conftest import ROOT, Crawl
from tests.settings_table import DOCUMENT, document


def config(*arguments: str, code: int, **environment: str) -> "subprocess.CompletedProcess[str]":
    names = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-m", "dzwcrawl", "config", *arguments],
        cwd=ROOT, env=names | environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def rows(*arguments: str, **environment: str) -> dict[str, dict[str, Any]]:
    done = config("--json", *arguments, code=0, **environment)
    return {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}


def test_the_document_is_as_the_table_is() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make settings-table"


def test_entries_are_whole() -> None:
    names = [entry.name for entry in SETTINGS]
    assert len(set(names)) == len(names)
    assert len({entry.in_environment for entry in SETTINGS}) == len(names)
    for entry in SETTINGS:
        assert entry.scrapys == hasattr(default_settings, entry.name), entry.name
        assert entry.meaning and (entry.told or entry.default is not None), entry.name
        if entry.default is not None:
            check_value(entry, entry.default)


def test_every_entry_is_what_a_crawl_has() -> None:
    settings = Settings()
    settings.setmodule("dzwcrawl.settings")
    for entry in SETTINGS:
        if entry.default is not None and entry.in_environment not in os.environ:
            assert settings[entry.name] == entry.default, entry.name
        else:
            assert settings[entry.name], entry.name


def test_every_setting_of_every_spider_is_one() -> None:
    settings = project_settings()
    loader = get_spider_loader(settings)
    for name in loader.list():
        check_settings(settings_of(loader.load(name), settings), {})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ARCHIVE_RAW", "yes", "ARCHIVE_RAW=yes is neither 1 (on) nor 0 (off)"),
        ("REVISIT_BUDGET", "-1", "REVISIT_BUDGET=-1 is not a whole number from 0"),
        ("REVISIT_BUDGET", 1.5, "not a whole number"),
        ("CONCURRENT_ITEMS", 0, "not a whole number from 1"),
        ("DOWNLOAD_DELAY", "1s", "not a number from 0"),
        ("DOWNLOAD_DELAY", "inf", "not a number from 0"),
        ("DOWNLOAD_DELAY", "nan", "not a number from 0"),
        ("LOG_LEVEL", "warn", "did you mean 'WARNING'?"),
    ],
)
def test_values_that_make_no_sense(name: str, value: Any, says: str) -> None:
    entry = setting(name)
    assert entry is not None
    with pytest.raises(SettingError) as raised:
        check_value(entry, value)
    assert says in str(raised.value)


def test_variables_that_do_not_exist() -> None:
    check_environment(["DZWCRAWL_CONTACT", "DZWCRAWL_ARCHIVE", "DZWCRAWL_REVISIT_BUDGET", "HOME"])
    with pytest.raises(SettingError, match="did you mean 'DZWCRAWL_CONTACT'"):
        check_environment(["DZWCRAWL_CONTCAT"])
    with pytest.raises(SettingError, match="did you mean 'DZWCRAWL_ARCHIVE'"):
        check_environment(["DZWCRAWL_ARCHIVE_PATH"])
    with pytest.raises(SettingError, match=r"docs/settings.md names them"):
        check_environment(["DZWCRAWL_QQQ"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[setings]\ndefault = dzwcrawl.settings\n", r"\[setings\]; did you mean 'settings'"),
        ("[settings]\ndefault = x\n[deploy:home]\nurll = http://x/\n", "did you mean 'url'"),
        ("default = x\n", "cannot be read"),
    ],
)
def test_a_misspelt_scrapy_cfg(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "scrapy.cfg"
    path.write_text(text)
    with pytest.raises(SettingError, match=says):
        check_project_file(path)


def test_our_own_scrapy_cfg() -> None:
    check_project_file(ROOT / "scrapy.cfg")


def test_what_is_secret_is_not_shown() -> None:
    assert masked("HTTPAUTH_PASS", "abc") == "***"
    assert masked("FEEDS", {"ftp://me:abc@example.org/a": {"format": "csv"}}) == {
        "ftp://***@example.org/a": {"format": "csv"}
    }
    assert masked("JOBDIR", ["a", "redis://:abc@127.0.0.1/0"]) == ["a", "redis://***@127.0.0.1/0"]
    assert masked("DOWNLOAD_DELAY", 3) == 3
    assert masked("HTTPAUTH_PASS", "") == ""
    # What a secret in a URL looks like is said in one place, for logs and for what is shown.
    for url in ("https://x.cn/hook?token=abc&n=1", "http://u:p@ss@x.cn/", "http://x.cn/a@b"):
        assert masked("USER_AGENT", url) == mask(url)
    assert (
        masked("SERVICE_API_KEY", "abc") == "***" and masked("GIT_ASKPASS", "/usr/bin/ask") == "/usr/bin/ask"
    )


def test_config_tells_where_values_come_from(tmp_path: Path) -> None:
    found = rows("--site", "warc", "-s", "REVISIT_BUDGET=3", DZWCRAWL_DOWNLOAD_DELAY="2.5")
    told = {name: (row["value"], row["from"]) for name, row in found.items()}
    assert told["REVISIT_BUDGET"] == ("3", "command line")
    assert told["DOWNLOAD_DELAY"] == ("2.5", "$DZWCRAWL_DOWNLOAD_DELAY")
    assert told["CLOSESPIDER_TIMEOUT"] == (0, "spider")
    assert told["ARCHIVE_RAW"] == (True, "default")
    assert told["COMMANDS_MODULE"][1] == "dzwcrawl/settings.py"
    assert "RETRY_TIMES" not in told
    (row,) = rows("RETRY_TIMES").values()
    assert (row["value"], row["from"]) == (2, "Scrapy")
    own = tmp_path / "own_settings.py"
    own.write_text("from dzwcrawl.settings import *\nDOWNLOAD_DELAY = 7\n")
    environment = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "SCRAPY_SETTINGS_MODULE": "own_settings"}
    assert rows("--changed", **environment)["DOWNLOAD_DELAY"]["from"] == "own_settings"
    own.write_text("from dzwcrawl.settings import *\nDOWNLOAD_DELY = 7\n")
    assert (
        "DOWNLOAD_DELY (own_settings); did you mean 'DOWNLOAD_DELAY'?" in config(code=2, **environment).stderr
    )
    own.write_text("from dzwcrawl.settings import *\nREDIS_HOST = 7\nOTHER_SETTINGS = ['REDIS_HOST']\n")
    assert rows("--changed", **environment)["REDIS_HOST"]["value"] == 7


def test_config_takes_variables_for_names() -> None:
    found = rows("DZWCRAWL_REVISIT_BUDGET", "DZWCRAWL_CONTACT", DZWCRAWL_CONTACT="you@example.org")
    assert {name: row["value"] for name, row in found.items()} == {
        "REVISIT_BUDGET": 200,
        "DZWCRAWL_CONTACT": "you@example.org",
    }


def test_config_shows_no_secret() -> None:
    done = config("--changed", "-s", "FTP_PASSWORD=abcdef", http_proxy="http://me:abcdef@127.0.0.1:1", code=0)
    assert "abcdef" not in done.stdout
    assert "FTP_PASSWORD = ***  [command line]" in done.stdout
    assert "http_proxy = http://***@127.0.0.1:1  [environment]" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--site", "dzwwww"], "there is no spider 'dzwwww'; did you mean 'dzwww'?"),
        (["REVISIT_BUGDET"], "did you mean 'REVISIT_BUDGET'?"),
        (["revisit_budget"], "there is no setting revisit_budget; did you mean 'REVISIT_BUDGET'?"),
        (["revisit budgt"], "did you mean 'REVISIT_BUDGET'?"),
        (["-s", "revisit_budget=1"], "did you mean 'REVISIT_BUDGET'?"),
        (["-s", "REVISIT_BUDGET"], "settings are given as NAME=VALUE"),
        (["-s", "CRAWL_WINDOW=25:00"], "is not a window"),
    ],
)
def test_config_refuses_what_a_crawl_would(arguments: list[str], says: str) -> None:
    assert says in config(*arguments, code=2).stderr


@pytest.mark.parametrize(
    ("options", "environment", "says"),
    [
        (["-s", "RETRY_TIMES=often"], {}, "RETRY_TIMES=often is not a number (command line)"),
        ([], {"DZWCRAWL_REVISIT_BUGDET": "5"}, "did you mean 'DZWCRAWL_REVISIT_BUDGET'?"),
        (
            [],
            {"DZWCRAWL_REVISIT_BUDGET": "x"},
            "REVISIT_BUDGET=x is not a whole number from 0 ($DZWCRAWL_REVI",
        ),
        (["--ouput", "x"], {}, "there is no option --ouput; did you mean '--output'?"),
    ],
)
def test_a_crawl_begins_with_nothing_misspelt(
    crawl: Crawl, tmp_path: Path, options: list[str], environment: dict[str, str], says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = crawl("dzwww", tmp_path / "a.db", *options)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "a.db").exists()
