"""dzwcrawl archives regional news and keeps only the news."""

__version__ = "0.1.0"
