"""Where the archive is when nobody says."""

import os
from pathlib import Path


def default_path() -> Path:
    """Return DZWCRAWL_ARCHIVE, else data/archive.db in the project: the nearest folder up with a scrapy.cfg."""
    named = os.environ.get("DZWCRAWL_ARCHIVE")
    if named:
        return Path(named).expanduser().resolve()
    here = Path.cwd()
    project = next((folder for folder in (here, *here.parents) if (folder / "scrapy.cfg").is_file()), here)
    return project / "data" / "archive.db"
