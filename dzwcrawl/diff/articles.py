"""The difference of two states of an article, field by field."""

from dataclasses import dataclass
from typing import Any

from dzwcrawl.article import Article
from dzwcrawl.diff.paragraphs import Line, diff_lines
from dzwcrawl.revisions import level, picture_file, plain

_TEXTS = ("title", "subtitle", "authors", "published", "editors", "source")


COARSE = "very long: parts of it are compared by sentence or paragraph, not word by word"
"""What people are told of such a field."""


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field that differs, with all its lines, the equal ones too."""

    name: str
    lines: list[Line]

    @property
    def coarse(self) -> bool:
        """Whether parts of it are so long that they were compared by sentence or paragraph, not word by word."""
        return any(line.by != "word" for line in self.lines)


def diff_articles(old: Article, new: Article) -> list[FieldDiff]:
    """Return the fields that differ: those of the record, `images` as URLs, `captions`, and `body` last."""
    fields = [
        FieldDiff(name, diff_lines(_values(getattr(old, name)), _values(getattr(new, name))))
        for name in _TEXTS
    ]
    pictures = [[image.url for image in article.images] for article in (old, new)]
    captions = [[image.caption for image in article.images if image.caption] for article in (old, new)]
    fields += [
        FieldDiff("images", diff_lines(*pictures, key=picture_file, inside=False)),
        FieldDiff("captions", diff_lines(*captions)),
        FieldDiff("body", diff_lines(*level(old, new))),
    ]
    return [field for field in fields if any(line.op != "equal" for line in field.lines)]


def _values(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def as_json(fields: list[FieldDiff]) -> list[dict[str, Any]]:
    """Return the difference as JSON: `{name, coarse, lines: [{op, runs: [[mark, text], …]}]}` a field."""
    return [
        {
            "name": field.name,
            "coarse": field.coarse,
            "lines": [
                {"op": line.op, "runs": [[run.mark, run.text] for run in line.runs]} for line in field.lines
            ],
        }
        for field in fields
    ]


def shortened(text: str, size: int = 24) -> tuple[str, int]:
    """Return the first words of an unchanged line and how many characters were left out, 0 for a short line."""
    if len(text) <= 2 * size:
        return text, 0
    blank = text.rfind(" ", size // 2, size)
    end = blank if blank > 0 else size
    return text[:end].rstrip(), len(text) - end


def count_signs(fields: list[FieldDiff]) -> tuple[int, int]:
    """Return how many characters were removed and added, white space left out; a moved line counts only its edits."""
    runs = [run for field in fields for line in field.lines for run in line.runs]
    removed, added = (sum(len(plain(run.text)) for run in runs if run.mark == mark) for mark in "-+")
    return removed, added
