"""dzwcrawl archives regional news and keeps only the news.

`from dzwcrawl import Archive` is the archive for scripts and notebooks (docs/python.md).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dzwcrawl.library import Archive

__all__ = ["Archive", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Only when it is asked for: every module of the package comes through here, and most need no database.
    if name == "Archive":
        from dzwcrawl.library import Archive  # noqa: PLC0415

        return Archive
    raise AttributeError(f"module 'dzwcrawl' has no attribute {name!r}")
