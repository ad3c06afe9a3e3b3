"""The floors of the house: a module imports only from lower floors, and most of it without Scrapy."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "dzwcrawl"
FLOORS = {
    "article": 0, "text": 0, "urls": 0, "dates": 0, "masking": 0, "chinese": 0, "packed": 0,
    "boilerplate": 1, "charts": 1, "duplicates": 1, "revisions": 1, "schemas": 1, "search": 1,
    "configuration": 1, "notify": 1,
    "extract": 2, "diff": 2, "health": 2,
    "archive": 3,
    "crawl": 4, "library": 4, "report": 4,
    "bulk": 5, "schedule": 5, "web": 5,
    "cli": 6, "spiders": 6,
    "settings": 7, "__main__": 7,
}  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))


def rooms(module: Path) -> set[str]:
    """Return the top-level rooms of the package a module imports."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("dzwcrawl.")}
    return found


def room_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_imports_go_down_only(module: Path) -> None:
    room = room_of(module)
    if room == "__init__":
        return
    assert room in FLOORS, f"{module}: on which floor is it?"
    for used in rooms(module) - {room}:
        assert FLOORS[used] < FLOORS[room], f"{room} must not import {used}"


def name_of(module: Path) -> str:
    return ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(module: Path, names: set[str]) -> set[str]:
    """Return the modules of the package that a module imports, wherever in its text."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & names
            found |= submodules if len(submodules) == len(node.names) else submodules | {node.module}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & names


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even for the types alone: what a part asks of its owner is a protocol beside the part."""
    names = {name_of(module) for module in MODULES}
    graph = {name_of(module): imported(module, names) for module in MODULES}
    graph["dzwcrawl"] = set()  # it hands on `Archive`, when that is asked for
    TopologicalSorter(graph).prepare()


def test_everything_below_crawl_works_without_scrapy() -> None:
    names = [room for room, floor in FLOORS.items() if floor < FLOORS["crawl"]] + [
        "web.server",
        "cli",
        "library",
    ]
    code = f"import sys; sys.modules['scrapy'] = None\nfor n in {names!r}: __import__('dzwcrawl.' + n)\nimport dzwcrawl.archive.store"
    subprocess.run([sys.executable, "-c", code], check=True)
