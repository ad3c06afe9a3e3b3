"""What commands print of pages: their texts are written by strangers."""

from typing import Any

import click

from dzwcrawl.text import visible


def say(text: str, **style: Any) -> None:
    """Print text of pages, styled as `click.secho` does it; what would command the terminal shows as �."""
    click.secho(visible(text), **style)
