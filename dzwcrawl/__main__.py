"""The command `dzwcrawl`, and `python -m dzwcrawl` where no script is installed."""

import sys


def run() -> None:
    """Run the command; Ctrl-C while it is still imported ends it as later: with a line and 130, as shells have it."""
    try:
        from dzwcrawl.cli import main  # noqa: PLC0415  (this is what takes the first second)
    except KeyboardInterrupt:
        print("Error: interrupted", file=sys.stderr)
        sys.exit(130)
    main(prog_name="dzwcrawl")


if __name__ == "__main__":
    run()
