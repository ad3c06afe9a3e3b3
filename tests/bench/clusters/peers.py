"""What others find: MinHash LSH of datasketch and 64-bit simhash, as their documentation has them called.

Run by the Python of .venv-bench, as a program of its own: `python tests/bench/clusters/peers.py minhash texts.jsonl`.
Prints pairs of ids, one a line, and the CPU seconds to standard error.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def _shingles(text: str) -> set[str]:
    """Return the character 4-grams, which is what both are given for Chinese."""
    words = "".join(text.split())
    return {words[at : at + 4] for at in range(max(1, len(words) - 3))}


def minhash(texts: dict[int, str], threshold: float) -> Iterator[tuple[int, int]]:
    """Pairs whose estimated Jaccard index is about `threshold` or more."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]  # noqa: PLC0415

    index = MinHashLSH(threshold=threshold, num_perm=128)
    for number, text in texts.items():
        signature = MinHash(num_perm=128)
        signature.update_batch([shingle.encode() for shingle in _shingles(text)])
        for found in index.query(signature):
            yield found, number
        index.insert(number, signature)


def simhash(texts: dict[int, str], distance: float) -> Iterator[tuple[int, int]]:
    """Pairs whose fingerprints differ in at most `distance` bits."""
    from simhash import Simhash  # type: ignore[import-not-found]  # noqa: PLC0415

    seen: dict[int, int] = {}
    for number, text in texts.items():
        value = Simhash(list(_shingles(text))).value
        for earlier, other in seen.items():
            if (value ^ other).bit_count() <= distance:
                yield earlier, number
        seen[number] = value


def main() -> None:
    """Print the pairs that a peer finds."""
    name, threshold, manifest = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
    rows = map(json.loads, manifest.read_text(encoding="utf-8").splitlines())
    texts = {row["id"]: row["text"] for row in rows}
    began = time.process_time()
    for pair in {"minhash": minhash, "simhash": simhash}[name](texts, threshold):
        print(*pair)
    print(f"{(time.process_time() - began) / len(texts) * 1000:.2f}", file=sys.stderr)


if __name__ == "__main__":
    main()
