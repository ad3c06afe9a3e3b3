"""Other extractors over the pages of a manifest, one record a line, as their documentation has them called.

Run by the Python of .venv-bench, as a program of its own: `python tests/bench/peers.py trafilatura pages.jsonl`.
"""

import json
import sys
from pathlib import Path
from typing import Any


def trafilatura(body: bytes, url: str | None) -> dict[str, Any]:
    """Text and metadata."""
    from trafilatura import bare_extraction  # type: ignore[import-not-found]  # noqa: PLC0415

    found = bare_extraction(body, url=url, with_metadata=True)
    if found is None:
        return {}
    return {"title": found.title, "published": found.date, "authors": found.author, "body": found.text}


def resiliparse(body: bytes, url: str | None) -> dict[str, Any]:
    """Text; it reads no metadata but the title."""
    from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found]  # noqa: PLC0415
    from resiliparse.parse.encoding import detect_encoding  # type: ignore[import-not-found]  # noqa: PLC0415
    from resiliparse.parse.html import HTMLTree  # type: ignore[import-not-found]  # noqa: PLC0415

    tree = HTMLTree.parse_from_bytes(body, detect_encoding(body))
    return {"title": tree.title, "body": extract_plain_text(tree, main_content=True)}


PEERS = {peer.__name__: peer for peer in (trafilatura, resiliparse)}


def main() -> None:
    peer, manifest = PEERS[sys.argv[1]], Path(sys.argv[2])
    for line in manifest.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        record = peer(Path(row["file"]).read_bytes(), row["url"])
        print(json.dumps({"file": row["file"], **record}, ensure_ascii=False))


if __name__ == "__main__":
    main()
