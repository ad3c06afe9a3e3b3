"""Where the archive is when nobody says."""

import os
from pathlib import Path


def project() -> Path | None:
    """Return the project one stands in: the nearest folder up with a scrapy.cfg."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "scrapy.cfg").is_file()), None)


def named_path() -> Path | None:
    """Return what DZWCRAWL_ARCHIVE names."""
    named = os.environ.get("DZWCRAWL_ARCHIVE")
    return Path(named).expanduser().resolve() if named else None


def default_path() -> Path:
    """Return DZWCRAWL_ARCHIVE, else data/archive.db in the project, or in the folder one stands in where that is none."""
    return named_path() or (project() or Path.cwd()) / "data" / "archive.db"
