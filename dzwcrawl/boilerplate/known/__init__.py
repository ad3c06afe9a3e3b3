"""What is known to be boilerplate on outlets this project ships: one file per site, made by
`dzwcrawl boilerplate export` and read by a person before it was added."""

import json
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=64)
def known_patterns(site: str) -> frozenset[str]:
    """Return the patterns known for a site, none where nothing is shipped."""
    file = files(__name__).joinpath(f"{site}.json")
    if not site or "/" in site or not file.is_file():
        return frozenset()
    return frozenset(entry["pattern"] for entry in json.loads(file.read_text(encoding="utf-8"))["patterns"])
