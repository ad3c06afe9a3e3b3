"""The Containerfile: what it copies is there and not ignored, and it installs what the suite was run with."""

import re
from pathlib import Path

from tests.conftest import ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text()


def pinned(name: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_what_is_copied_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".containerignore").read_text().splitlines()
    copied = [
        name
        for names in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
        for name in names.split()
    ]
    assert "dzwcrawl" in copied and ignored[0] == "*"
    for name in copied:
        assert Path(ROOT / name).exists() and f"!{name}" in ignored


def test_the_image_has_the_versions_of_the_suite() -> None:
    image = pinned("requirements-run.lock")
    assert len(image) > 30 and image <= pinned("requirements.lock")
    assert not any(name.startswith(("pytest==", "mypy==")) for name in image)


def test_it_is_not_root_and_both_stages_have_one_base() -> None:
    assert re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE) == ["${BASE}", "${BASE}"]
    assert re.search(r"^ARG BASE=\S+:\d+\.\d+\.\d+-", CONTAINERFILE, re.MULTILINE)
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", CONTAINERFILE, re.MULTILINE)
