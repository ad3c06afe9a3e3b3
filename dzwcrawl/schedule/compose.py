"""A compose file: one service that keeps the schedule and crawls, its archive in a volume."""

import json
from collections.abc import Sequence

from dzwcrawl.schedule.place import Place

_FILE = """# Made by `dzwcrawl schedule`: docker compose up -d, or podman-compose up -d
services:
  dzwcrawl:
    build: {{context: {project}, dockerfile: Containerfile}}
    image: dzwcrawl
    command: {command}
    env_file: [{environment}]
    environment: {{DZWCRAWL_ARCHIVE: /data/archive.db}}
    volumes: ["archive:/data"]
    restart: unless-stopped
    init: true
    stop_grace_period: 3m
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    logging: {{driver: json-file, options: {{max-size: 10m, max-file: "5"}}}}
volumes:
  archive: {{}}
"""

NOT_INSIDE = ("DZWCRAWL_ARCHIVE", "SSL_CERT_FILE", "SCRAPY_SETTINGS_MODULE")
"""Variables that name what is outside the container."""


def compose(outlets: Sequence[str], every: str, at: str, place: Place) -> str:
    """Return the text of a compose.yaml."""
    command = ["dzwcrawl", "schedule", *outlets, "--every", every, "--at", at, "--run"]
    return _FILE.format(
        project=_text(str(place.project)),
        command="[" + ", ".join(map(_text, command)) + "]",
        environment=_text(str(place.environment)),
    )


def _text(word: str) -> str:
    """Write a word in YAML, of which JSON is a part; compose would expand a single $."""
    return json.dumps(word, ensure_ascii=False).replace("$", "$$")
