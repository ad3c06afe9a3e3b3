"""Only for eggs, which is how scrapyd takes projects (docs/schedule.md); everything else is built by pyproject.toml."""

from setuptools import find_packages, setup

setup(packages=find_packages(include=["dzwcrawl", "dzwcrawl.*"]), package_data={"": ["*"]})
