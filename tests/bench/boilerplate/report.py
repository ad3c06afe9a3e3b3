"""The figures as Markdown tables, and as rows of a JSON file."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from tests.bench.boilerplate.measure import WAYS, Counts, total
from tests.bench.boilerplate.weeks import Row


def markdown(title: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a table with its title; the first row is its heading."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return f"### {title}\n\n" + "\n".join(lines) + "\n"


def share(part: int, whole: int) -> str:
    """Return a share in percent, with as many digits as small losses need; `-` of nothing."""
    if whole == 0:
        return "-"
    if part in (0, whole):
        return "100" if part else "0"
    return f"{100 * part / whole:.2f}" if part / whole >= 0.005 else f"{100 * part / whole:.3f}"


def removed(counts: Counts, way: str, base: str, **wanted: object) -> str:
    """Return the share of furniture lines there at `base` that are gone after `way`, in percent."""
    here = total(counts, boilerplate=True, **wanted)
    return share(here[base] - here[way], here[base])


def lost(counts: Counts, way: str, base: str, **wanted: object) -> str:
    """Return the share of news lines there at `base` that are gone after `way`, in percent."""
    here = total(counts, boilerplate=False, **wanted)
    return share(here[base] - here[way], here[base])


def overall(counts: Counts, peers: Counts, names: Iterable[str], points: Sequence[int]) -> str:
    """Return the table of all ways of cleaning: lines removed / news lost, in percent, by pages of each outlet."""

    def row(title: str, source: Counts, way: str, base: str, **wanted: object) -> list[str]:
        cells = (
            f"{removed(source, way, base, pages=p, **wanted)} / {lost(source, way, base, pages=p)}"
            for p in points
        )
        return [title, *cells]

    rows = [
        ["boilerplate removed / news lost, %", *(f"{p} pages" for p in points)],
        row("(a) phrases only", counts, "phrases", "extraction"),
        row("(b) phrases and the 50 % rule", counts, "plain", "extraction"),
        row("**phrases and the learner**", counts, "learned", "extraction"),
        row("the same, banners shown on 3 pages or more", counts, "learned", "extraction", supported=True),
        row("the same, banners in words no list knows", counts, "learned", "extraction", known=False),
        row("the learner alone, of what phrases left", counts, "learned", "phrases"),
        row("whole path, extraction included", counts, "learned", "all"),
        *(row(f"({letter}) {name}, whole pages, sample", peers, name, "all") for letter, name in zip("cd", names, strict=False)),
    ]  # fmt: skip
    return markdown("All outlets", rows)


def by_kind(counts: Counts, points: Sequence[int], *, boilerplate: bool) -> str:
    """Return the table of kinds of furniture, or of traps."""
    last = points[-1]
    kinds = dict.fromkeys(
        c.kind
        for c in sorted(counts, key=lambda c: (c.kind != "prose", c.kind))
        if c.boilerplate == boilerplate
    )
    number, base = (removed, "extraction") if boilerplate else (lost, "phrases")
    head = "kind of boilerplate: removed, %" if boilerplate else "news: lost to the learner, %"
    rows = [[head, *(f"{p} pages" for p in points), "lines", "phrases only", "50 % rule", "extraction"]]
    for kind in kinds:
        here = total(counts, boilerplate=boilerplate, kind=kind, pages=last)
        rows.append(
            [
                kind, *(number(counts, "learned", base, kind=kind, pages=p) for p in points), str(here[base]),
                number(counts, "phrases", "extraction", kind=kind, pages=last),
                number(counts, "plain", base, kind=kind, pages=last),
                number(counts, "extraction", "all", kind=kind, pages=last),
            ]
        )  # fmt: skip
    return markdown("Boilerplate by kind" if boilerplate else "News by trap", rows)


def by_outlet(counts: Counts, point: int) -> str:
    """Return what each stage leaves and loses, by outlet, at one point; and by place in the container."""
    rows = [["after " + f"{point} pages", "boilerplate lines", *(f"left by {w}" for w in WAYS),
             "news lines", *(f"lost by {w}" for w in WAYS)]]  # fmt: skip
    wheres: list[dict[str, object]] = [{"outlet": o} for o in dict.fromkeys(c.outlet for c in counts)]
    wheres += [{"place": p} for p in ("before", "inside", "after")]
    for where in wheres:
        bad = total(counts, boilerplate=True, pages=point, **where)
        good = total(counts, boilerplate=False, pages=point, **where)
        rows.append(
            [
                str(next(iter(where.values()))), str(bad["all"]), *(str(bad[w]) for w in WAYS),
                str(good["all"]) if "outlet" in where else "", *(str(good["all"] - good[w]) if "outlet" in where else "" for w in WAYS),
            ]
        )  # fmt: skip
    return markdown(
        "Stages by outlet, and by place in the container (lines; each stage includes the ones before)", rows
    )


def as_json(counts: Counts, peers: Counts, weeks: Sequence[Row], seconds: dict[str, Any]) -> dict[str, Any]:
    """Return everything that was counted."""
    return {
        "counts": [asdict(c) | dict(n) for c, n in counts.items()],
        "peers": [asdict(c) | dict(n) for c, n in peers.items()],
        "weeks": [asdict(row) for row in weeks],
        "cpu_seconds": seconds,
    }
