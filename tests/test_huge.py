"""Huge pages: a clear outcome and nothing lost. That time stays linear is looked at in `make bench-extract`."""

import resource
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.huge import PARAGRAPHS, SHAPES, TEXT, Shape

_CPU = 120
"""CPU seconds after which a page counts as a hang; each takes about 3."""

PROGRAM = """
import sys
from dzwcrawl.extract import extract
sys.stdout.buffer.write(extract(sys.stdin.buffer.read()).body.encode())
"""


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU, _CPU))


def body(page: bytes) -> list[str]:
    """Return the lines of the body; a process that takes too much CPU is ended by the system."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=page, capture_output=True, cwd=ROOT, preexec_fn=_bound
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_huge_page_gives_its_article(shape: Shape) -> None:
    page = shape.page(shape.most)
    lines = body(page)
    if shape.name in ("paragraphs", "one paragraph"):
        assert len(page) > 19_000_000
        assert "".join(lines).count(TEXT) == shape.most
    elif shape.name == "boxes":
        assert lines[:PARAGRAPHS] == [TEXT] * PARAGRAPHS
    else:
        assert lines == [TEXT] * PARAGRAPHS
