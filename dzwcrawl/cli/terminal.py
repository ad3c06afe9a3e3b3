"""How commands speak to the terminal: texts of pages, which strangers wrote; Ctrl-C."""

from typing import Any

import click

from dzwcrawl.text import visible


class Interrupted(click.ClickException):
    """Ended by Ctrl-C."""

    exit_code = 130  # as shells have it


def say(text: str, *, color: bool | None = None, **style: Any) -> None:
    """Print text of pages, styled as `click.style` does it; what would command the terminal shows as �."""
    shown = visible(text)
    # Without a style it would add the sign that ends one, where NO_COLOR asks for none too.
    click.echo(click.style(shown, **style) if style else shown, color=color)
