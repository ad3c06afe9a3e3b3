"""Pages of one shape at any size, for what must stay linear: tests look at the outcome, a benchmark at the time."""

from collections.abc import Callable
from dataclasses import dataclass

TEXT = "三月的最后一个清晨，柳湾渡口的旧船坞开始拆除，十来个人站在堤上看，谁也没有说话，只有河水照旧往东流。"
_PARAGRAPH = f"<p>{TEXT}</p>"
PARAGRAPHS = 20


@dataclass(frozen=True)
class Shape:
    """`page(number)` builds a page with `number` parts of the shape; `most` is the largest that is asked of us."""

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
