"""`python -m dzwcrawl.cli`: the command where no script is installed."""

from dzwcrawl.cli import main

if __name__ == "__main__":
    main(prog_name="dzwcrawl")
