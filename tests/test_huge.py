"""Huge pages: a clear outcome and nothing lost. That time stays linear is looked at in `make bench-linear`."""

import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import ROOT

TEXT = "三月的最后一个清晨，柳湾渡口的旧船坞开始拆除，十来个人站在堤上看，谁也没有说话，只有河水照旧往东流。"
_PARAGRAPH = f"<p>{TEXT}</p>"
PARAGRAPHS = 20


@dataclass(frozen=True)
class Shape:
    """`page(number)` builds a page with `number` parts of the shape; `most` is the largest."""

    name: str
    most: int
    inner: Callable[[int], str]

    def page(self, number: int) -> bytes:
        return f"<html><body><h1>柳湾渡口旧船坞开拆</h1>{self.inner(number)}</body></html>".encode()


def _article() -> str:
    return f"<div>{_PARAGRAPH * PARAGRAPHS}</div>"


def _links(number: int) -> str:
    return "".join(f"<li><a href='/{i}.htm'>第{i}条要闻</a></li>" for i in range(number))


SHAPES = (
    Shape("paragraphs", 130_000, lambda n: f"<div>{_PARAGRAPH * n}</div>"),
    Shape("one paragraph", 130_000, lambda n: f"<p>{TEXT * n}</p>"),
    Shape("nested divs", 10_000, lambda n: "<div>" * n + _article() + "</div>" * n),
    Shape("links", 100_000, lambda n: f"{_article()}<ul>{_links(n)}</ul>"),
    Shape("boxes", 50_000, lambda n: _article() + f"<div class=a><div><p>{TEXT[:12]}</p></div></div>" * n),
    Shape("scripts", 100_000, lambda n: '<script>{"a": "河水照旧往东流"}</script>' * n + _article()),
)

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
