"""The one stylesheet: ours, and that of differences, which belongs to diff/."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from datasette import Response

from dzwcrawl.diff.page import STYLE

_FILE = Path(__file__).parent / "static" / "room.css"


@cache
def _content() -> str:
    return f"{_FILE.read_text(encoding='utf-8')}\n{STYLE}"


def stylesheet_url() -> str:
    """Return its URL, another one for each content, so that browsers may keep it."""
    return f"/room.css?{sha256(_content().encode()).hexdigest()[:12]}"


async def stylesheet() -> Response:
    """Answer with it."""
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(_content(), headers=headers, content_type="text/css; charset=utf-8")
