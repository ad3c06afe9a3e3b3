"""A month of crawls, one a day: what of the replica's edits and vanishings the archive noticed, how soon, at what cost.

The archive's clock and the replica's world go through the days together. Judged are the articles published on these
days: the archive is asked for every text and every absence it saw, and the replica for every one there was. After
the month some days more are crawled, so that what is due late is seen; they do not count as cost. An edit before the first crawl that met the
article is nothing an archive can see and does not count.
"""

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from dzwcrawl.archive.archive import Archive
from tests.conftest import ROOT, crawl_command, crawl_environment
from tests.replica import Running, World, running
from tests.replica.model import Item
from tests.replica.month import Life, life_of, moment

CHINA = timezone(timedelta(hours=8))
AFTERWARDS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 25, 30)
"""Days after the month on which there is a crawl."""

Revisions = dict[str, dict[int, float]]
"""For each article, by name, the day on which the archive first had each of its revisions."""


@dataclass
class Noticed:
    """What was to be noticed and what was; `delays` in days, `wrong` lists what never happened."""

    there: int = 0
    seen: int = 0
    claimed: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Return the figures as a line."""
        precision = (self.claimed - len(self.wrong)) / self.claimed if self.claimed else 1.0
        recall = self.seen / self.there if self.there else 1.0
        delay = f", delay median {statistics.median(self.delays):.2f} days" if self.delays else ""
        late = f", largest {max(self.delays):.1f}" if self.delays else ""
        return f"{name}: {self.there} there were, precision {precision:.3f}, recall {recall:.3f}{delay}{late}"


@dataclass
class Month:
    """The outcome of a simulation."""

    revisions: Noticed
    vanished: Noticed
    returned: Noticed
    requests: Counter[str]
    full: int
    wrong_texts: list[str]


def crawl_at(day: float, archive: Path, served: Running, *options: str) -> None:
    """Run one crawl as of a day."""
    served.set_day(day)
    environment = crawl_environment(archive.parent, served)
    environment["DZWCRAWL_NOW"] = moment(day).replace(tzinfo=CHINA).isoformat()
    command = crawl_command("dzwww", archive, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", *options)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the crawl of day {day} ended with {done.returncode}:\n{done.stderr[-3000:]}")


def simulate(
    served: Running, archive: Path, days: Sequence[float], afterwards: Sequence[float], *options: str
) -> Month:
    """Crawl on day 0, then on `days`, then on the days afterwards, and compare."""
    crawl_at(0, archive, served, *options)
    requests: Counter[str] = Counter()
    full = 0
    first_seen: Revisions = {}
    for day in (*days, *afterwards):
        before = len(served.log_lines())
        crawl_at(day, archive, served, *options)
        if day <= days[-1]:
            lines = served.log_lines()[before:]
            requests.update(_kind(line["url"], line["status"]) for line in lines if line["method"] == "GET")
            full += _full_crawl(served.world)
        _note_revisions(archive, day, first_seen)
    items = [item for item in served.world.items if "new_on_later_day" in item.traps]
    crawled = (*days, *afterwards)
    revisions = _judge_revisions(items, first_seen, crawled, days[-1])
    vanished, returned = _judge_absences(archive, items, crawled, days[-1])
    requests.pop("robots.txt", None)
    return Month(revisions, vanished, returned, requests, full, _wrong_texts(archive, served, days[-1]))


def _kind(url: str, status: int) -> str:
    if url.endswith("/robots.txt"):
        return "robots.txt"
    page = "article" if re.search(r"/(t20\d+_\d+|p\w{9,})(_\d+)?\.", url) else "listing"
    return f"{page} (304)" if status == 304 else page


def _full_crawl(world: World) -> int:
    """Return how many requests fetch every listing page and every article of a world."""
    articles = sum(not world.gone(item) for item in world.items)
    return articles + sum(world.pages_of(name) for name in world.rows)


def _note_revisions(archive: Path, day: float, first_seen: Revisions) -> None:
    with Archive(archive) as opened:
        for url, revision in opened.connection.execute("SELECT url, revision FROM articles"):
            first_seen.setdefault(_name(url), {}).setdefault(revision, day)


def _name(url: str) -> str:
    """Return what names an article, on whichever host it stands."""
    return url.rsplit("/", 1)[1]


def _day_of(when: datetime) -> float:
    return (when - moment(0)) / timedelta(days=1)


def _seen_before(item: Item, when: datetime, crawled: Sequence[float]) -> bool:
    """Whether a crawl had the article before a moment: what changes sooner nobody can see."""
    return any(item.when <= moment(day) < when for day in crawled)


def _judge_revisions(
    items: Sequence[Item], first_seen: Revisions, crawled: Sequence[float], last: float
) -> Noticed:
    """A revision is right when there was an edit since the article was seen before; it then has noticed that edit."""
    noticed = Noticed()
    for item in items:
        days = sorted(first_seen.get(_name(item.url), {}).values())
        edits = [edit for edit in life_of(item).edits if _seen_before(item, edit, crawled)]
        noticed.claimed += max(0, len(days) - 1)
        for before, day in itertools.pairwise(days):
            if not any(before < _day_of(edit) <= day for edit in edits):
                noticed.wrong.append(f"{item.url} on day {day}, edited {edits}")
        for edit, following in itertools.pairwise([*edits, datetime.max]):
            if _day_of(item.when) > last or _day_of(edit) > last:
                continue
            noticed.there += 1
            seen = [day for day in days[1:] if edit <= moment(day) < following]
            if seen:
                noticed.seen += 1
                noticed.delays.append(seen[0] - _day_of(edit))
            else:
                noticed.missed.append(f"{item.url} edited {edit}, published {item.when}")
    return noticed


def _wrong_texts(archive: Path, served: Running, last: float) -> list[str]:
    """Return the URLs of which, in the end, title or body are not what the replica has."""
    wrong = []
    with Archive(archive) as opened:
        rows = opened.connection.execute("SELECT url, title, body FROM articles").fetchall()
    texts = {_name(row["url"]): (row["title"], row["body"]) for row in rows}
    for item in served.world.items:
        later = "new_on_later_day" in item.traps and _day_of(item.when) <= last
        if later and _name(item.url) in texts:
            article = served.world.article_of(item)
            if texts[_name(item.url)] != (article.title, article.body()):
                wrong.append(item.url)
    return wrong


def _judge_absences(
    archive: Path, items: Sequence[Item], crawled: Sequence[float], last: float
) -> tuple[Noticed, Noticed]:
    vanished, returned = Noticed(), Noticed()
    with Archive(archive) as opened:
        rows = opened.connection.execute(
            "SELECT url, since, until FROM absences JOIN articles ON articles.id = article WHERE confirmed"
        ).fetchall()
    marks = {_name(row["url"]): (_local(row["since"]), row["until"] and _local(row["until"])) for row in rows}
    vanished.claimed = len(rows)
    for item in items:
        life, mark = life_of(item), marks.pop(_name(item.url), None)
        returned.claimed += bool(mark and mark[1])
        if mark is not None and not life.away(mark[0]):
            vanished.wrong.append(f"{item.url} marked {mark[0]}, {life}")
        if life.gone is None or _day_of(life.gone) > last or not _seen_before(item, life.gone, crawled):
            continue
        vanished.there += 1
        if mark is None:
            vanished.missed.append(f"{item.url} published {item.when}, {life}")
            continue
        vanished.seen += 1
        vanished.delays.append((mark[0] - life.gone) / timedelta(days=1))
        _judge_return(item, life, mark[1], returned)
    vanished.wrong += list(marks)
    return vanished, returned


def _judge_return(item: Item, life: Life, until: datetime | None, returned: Noticed) -> None:
    if life.back is None:
        returned.wrong += [item.url] if until else []
        return
    returned.there += 1
    if until is None:
        returned.missed.append(f"{item.url} published {item.when}, {life}")
    elif until < life.back:
        returned.wrong.append(item.url)
    else:
        returned.seen += 1
        returned.delays.append((until - life.back) / timedelta(days=1))


def _local(time: str) -> datetime:
    return datetime.fromisoformat(time).astimezone(CHINA).replace(tzinfo=None)


def main() -> None:
    """Run the simulation."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=600)
    options.add_argument("--days", type=int, default=30)
    options.add_argument("--crawls-a-day", type=int, default=1)
    arguments = options.parse_args()
    a_day, days = arguments.crawls_a_day, arguments.days
    moments = [number / a_day for number in range(1, days * a_day + 1)]
    afterwards = [days + more for more in AFTERWARDS]
    with tempfile.TemporaryDirectory() as name, running(articles=arguments.articles, crawl_delay=0) as served:
        month = simulate(served, Path(name) / "archive.db", moments, afterwards)
    for title, noticed in (
        ("edits", month.revisions),
        ("vanished", month.vanished),
        ("returned", month.returned),
    ):
        print(noticed.line(title))
        for what in ("wrong", "missed"):
            print("".join(f"  {what}: {line}\n" for line in getattr(noticed, what)), end="")
    print("articles whose text in the end is another:", ", ".join(month.wrong_texts) or "none")
    spent = sum(month.requests.values())
    full = month.full // a_day
    print(f"requests in {days} days: {spent}, a full crawl every day: {full}; {spent / full:.1%} of it")
    print(json.dumps(month.requests))


if __name__ == "__main__":
    main()
