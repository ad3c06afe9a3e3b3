"""How many copies are found, by kind of edit, and how many articles are taken for copies that are none.

Every kind has its own originals. Among them stand stories of the same desks, stories that share a statement with
another one, and forms that outlets fill in day by day. Everything is stored in random order, as a crawl stores it. The
second half is written by other templates than those at hand while the rules were made.

`--scale`: what a million articles cost (:mod:`tests.bench.clusters.scale`), of another size with `--articles N`.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.store import store
from dzwcrawl.article import Article, Block, derive_body
from tests.bench.clusters import scale
from tests.bench.clusters.edits import EDITS
from tests.bench.clusters.texts import FORMS, HALVES, Half, Text, standing
from tests.conftest import ROOT

PEERS = (("minhash", 0.7), ("minhash", 0.5), ("simhash", 3), ("simhash", 10))
SITES = [f"outlet{number}" for number in range(30)]
DAYS = 30
"""Days on which the forms are filled in."""


@dataclass(slots=True)
class Sample:
    """An article of the benchmark. Samples of one `family` are copies of one another; `kind` is what was done to it."""

    family: str
    kind: str
    text: Text
    site: str
    day: int
    number: int = 0


def samples(half: Half, per_kind: int, rng: random.Random) -> list[Sample]:
    """Return the originals, their copies, and what is no copy of anything."""
    tell = HALVES[half]
    made: list[Sample] = []
    numbers = iter(range(10**6))
    for kind, edit in EDITS.items():
        for _ in range(per_kind):
            number = next(numbers)
            text, other = tell(number), tell(next(numbers))
            if kind == "short":
                text = Text(text.title, text.lines[:1])
            site, copier = rng.sample(SITES, 2)
            day, delay = rng.randrange(DAYS), rng.choice((0, 0, 0, 1, 1, 2, 5))
            if kind == "updated":
                copier, delay = site, 1
            family = f"{kind}/{number}"
            made.append(Sample(family, "original", text, site, day))
            made.append(Sample(family, kind, edit(text, other, rng), copier, day + delay))
    made += _topics(tell, per_kind * 2, numbers, rng) + _forms(half, rng)
    rng.shuffle(made)
    for place, sample in enumerate(made):
        sample.number = place
    return made


def _topics(tell: object, count: int, numbers: Iterable[int], rng: random.Random) -> list[Sample]:
    """Return pairs of stories that carry the same statement of two sentences and are else not the same."""
    assert callable(tell)
    counter = iter(numbers)
    made = []
    for _ in range(count):
        one, two, said = tell(next(counter)), tell(next(counter)), tell(next(counter)).lines[0]
        day = rng.randrange(DAYS)
        for text in (one, two):
            lines = list(text.lines)
            lines.insert(rng.randint(0, len(lines)), said)
            made.append(
                Sample(
                    f"topic/{next(counter)}", "same topic", Text(text.title, lines), rng.choice(SITES), day
                )
            )
    return made


def _forms(half: Half, rng: random.Random) -> list[Sample]:
    """Return what two outlets print of each form on each day; the same day's of both need not be told apart."""
    return [
        Sample(f"form/{form}/{day}/{site}", f"form: {form}", standing(half, form, day, rng), site, day)
        for form in FORMS
        for site in SITES[:2]
        for day in range(DAYS)
    ]


def ours(made: list[Sample], folder: Path) -> tuple[set[tuple[int, int]], float]:
    """Store everything; return the pairs that are in one cluster, and CPU ms an article of storing."""
    began = time.process_time()
    with Archive(folder / "archive.db", create=True) as archive:
        for sample in made:
            published = (date(2024, 5, 1) + timedelta(sample.day)).isoformat()
            url = f"http://example.org/{sample.number}.htm"
            article = Article(
                site=sample.site, url=url, canonical_url=url, title=sample.text.title, published=published
            )
            article.template, article.blocks = "t", [Block(line) for line in sample.text.lines]
            article.body = derive_body(article.blocks)
            store(archive, article, key=url)
        spent = (time.process_time() - began) / len(made) * 1000
        by_cluster: dict[int, list[int]] = defaultdict(list)
        for url, cluster in archive.connection.execute(
            "SELECT url, cluster FROM articles WHERE cluster IS NOT NULL"
        ):
            by_cluster[cluster].append(int(url.rsplit("/", 1)[1].removesuffix(".htm")))
    return {pair for members in by_cluster.values() for pair in combinations(sorted(members), 2)}, spent


def peer(made: list[Sample], name: str, threshold: float, folder: Path) -> tuple[set[tuple[int, int]], float]:
    """Return the pairs that a peer finds, and CPU ms an article."""
    manifest = folder / "texts.jsonl"
    rows = [json.dumps({"id": sample.number, "text": "\n".join(sample.text.lines)}) + "\n" for sample in made]
    manifest.write_text("".join(rows), encoding="utf-8")
    python, program = ROOT / ".venv-bench" / "bin" / "python", Path(__file__).with_name("peers.py")
    run = subprocess.run(
        [python, program, name, str(threshold), manifest], capture_output=True, text=True, check=True
    )
    pairs = (sorted(map(int, line.split())) for line in run.stdout.splitlines())
    return {(one, two) for one, two in pairs}, float(run.stderr.split()[-1])


def table(made: list[Sample], results: dict[str, tuple[set[tuple[int, int]], float]]) -> None:
    """Print recall by kind of edit, then false pairs by kind of the article, then precision and costs."""
    print(f"{'recall':16}" + "".join(f"{name:>16}" for name in results))
    originals = {sample.family: sample.number for sample in made if sample.kind == "original"}
    for kind in EDITS:
        truth = {
            tuple(sorted((originals[sample.family], sample.number))) for sample in made if sample.kind == kind
        }
        print(
            f"{kind:16}"
            + "".join(f"{len(truth & pairs) / len(truth):16.3f}" for pairs, _ in results.values())
        )
    print(f"\n{'false pairs':16}" + "".join(f"{name:>16}" for name in results))
    wrong = {
        name: [pair for pair in pairs if not _belong(made, *pair)] for name, (pairs, _) in results.items()
    }
    for group in ("copies", "same topic", *(f"form: {form}" for form in FORMS)):
        counts = [
            sum(group in (_group(made[a]), _group(made[b])) for a, b in pairs) for pairs in wrong.values()
        ]
        print(f"{group:16}" + "".join(f"{count:16}" for count in counts))
    precision = [1 - len(wrong[name]) / max(1, len(pairs)) for name, (pairs, _) in results.items()]
    print(f"{'precision':16}" + "".join(f"{each:16.3f}" for each in precision))
    print(f"{'CPU ms/article':16}" + "".join(f"{spent:16.2f}" for _, spent in results.values()))


def _group(sample: Sample) -> str:
    return sample.kind if sample.kind == "same topic" or sample.kind.startswith("form") else "copies"


def _belong(made: list[Sample], one: int, two: int) -> bool:
    """Tell whether two articles may be in one cluster: of one family, or one form of one day."""
    a, b = made[one], made[two]
    return a.family == b.family or (a.kind.startswith("form") and a.kind == b.kind and a.day == b.day)


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--per-kind", type=int, default=60, help="originals of each kind and half")
    options.add_argument("--half", choices=sorted(HALVES), help="only one")
    options.add_argument("--no-peers", action="store_true")
    options.add_argument("--scale", action="store_true")
    options.add_argument("--articles", type=int, default=1_000_000)
    chosen = options.parse_args()
    if chosen.scale:
        scale.run(chosen.articles)
        return
    for half in [chosen.half] if chosen.half else HALVES:
        made = samples(half, chosen.per_kind, random.Random(f"clusters/{half}"))
        print(f"\n== {half}: {len(made)} articles, {chosen.per_kind} pairs a kind\n")
        with tempfile.TemporaryDirectory() as name:
            results = {"dzwcrawl": ours(made, Path(name))}
            for peer_name, threshold in () if chosen.no_peers else PEERS:
                results[f"{peer_name} {threshold}"] = peer(made, peer_name, threshold, Path(name))
        table(made, results)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
