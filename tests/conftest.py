"""What several test modules use: fresh archives, articles, a served replica, real crawls."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dzwcrawl.archive.archive import Archive
from dzwcrawl.article import Article, Block, derive_body
from tests.replica import Running

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
_numbers = itertools.count(1)


def make_article(
    *lines: str,
    title: str | None = None,
    day: str | None = "2024-05-01",
    template: str = "t",
    site: str = "s",
    url: str | None = None,
) -> Article:
    """Return an article with one block a line."""
    number = next(_numbers)
    article = Article(
        site=site,
        url=url or f"http://example.org/{number}.htm",
        canonical_url=f"http://example.org/{number}.htm",
        title=title if title is not None else f"第{number}号标题",
        published=day,
        template=template,
        blocks=[Block(line) for line in lines],
    )
    article.body = derive_body(article.blocks)
    return article


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A fresh archive."""
    with Archive(tmp_path / "archive.db", create=True) as opened:
        yield opened


Crawl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def crawl() -> Crawl:
    """A function that runs `scrapy crawl` as a process: (spider, archive, *options, replica=…)."""

    def run(
        spider: str, archive: Path, *options: str, replica: Running | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            crawl_command(spider, archive, *options),
            cwd=ROOT, env=crawl_environment(archive.parent, replica), capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    return run


def crawl_command(spider: str, archive: Path, *options: str) -> list[str]:
    """Return the command line of a crawl without delays."""
    scrapy = str(Path(sys.executable).parent / "scrapy")
    return [scrapy, "crawl", spider, "-s", f"ARCHIVE_PATH={archive}", "-s", "DOWNLOAD_DELAY=0", *options]


def crawl_environment(folder: Path, replica: Running | None) -> dict[str, str]:
    """Return the environment of a crawl: through a replica as proxy whose certificates it trusts, or without any."""
    environment = {
        k: v for k, v in os.environ.items() if k.lower() not in ("http_proxy", "https_proxy", "no_proxy")
    }
    if replica is not None:
        authority = folder / "authority.pem"
        authority.write_bytes(replica.ca_pem)
        environment |= {
            "http_proxy": replica.proxy,
            "https_proxy": replica.proxy,
            "SSL_CERT_FILE": str(authority),
        }
    return environment | {"PYTHONWARNINGS": "error", "DZWCRAWL_CONTACT": "tests@example.org"}


def peers() -> list[str]:
    """Return where the packages are that live beside the project (`make peers`); none where they are not set up."""
    return [str(folder) for folder in (ROOT / ".venv-bench").glob("lib/python*/site-packages")]


def peer(name: str) -> Any:
    """Return a module of these, or skip the test."""
    sys.path += [folder for folder in peers() if folder not in sys.path]  # last: ours go first
    return pytest.importorskip(name, reason=f"{name} is not there: make peers")
