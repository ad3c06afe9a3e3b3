"""One archive out of several: outlets crawled on several machines, each into a file of its own.

Articles that only the other archive has come as they are: revisions, raw pages, absences, ledger. Of an article that both
have, the states that either has seen are put in the order in which they were first met, and equal neighbours become
one. What is counted (blocks, copies, clusters, changes) follows from the articles, as if all had been crawled here.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from dzwcrawl.archive import learning, ledger, pages, tombstones, visits
from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.facts import without_buried
from dzwcrawl.archive.forget import forget
from dzwcrawl.archive.history import at_revision, revisions
from dzwcrawl.archive.reclean import count_anew
from dzwcrawl.archive.rows import dumps, from_row, pack_layout
from dzwcrawl.archive.store import link_copies, next_id, under_present_verdicts
from dzwcrawl.archive.store import replace as put
from dzwcrawl.article import Article, RawPage, record
from dzwcrawl.revisions import changes

_OF_ITS_ARCHIVE = ("id", "duplicate_of", "cluster")
"""Columns of an article that say something about the file it is in."""


def merge(archive: Archive, other: Archive, *, done: Callable[[int], None]) -> Counter[str]:
    """Take over what another archive has; each article in a transaction of its own, so that it may be stopped and
    started again.

    :param done: is told of articles as they are done.
    :return: how many articles were `new`, `joined` (both had it, and the other knew more), `same`, or `forgotten` here;
        how many were taken down here because they were `taken_down` there; how many further `urls` came.
    """
    told: Counter[str] = Counter()
    with other.snapshot():
        told["taken_down"] = _take_down(archive, other)
        crawls = _crawls(archive, other)
        last = 0
        while rows := other.connection.execute(
            "SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT 100", (last,)
        ).fetchall():
            for row in rows:
                with archive.transaction():
                    told[_take_over(archive, other, row, crawls)] += 1
                done(1)
            last = rows[-1]["id"]
        with archive.transaction():
            _health(archive, other, crawls)
            told["urls"] = _ledger(archive, other)
    return told


def _take_over(archive: Archive, other: Archive, row: Any, crawls: dict[int, int]) -> str:
    urls = other.connection.execute("SELECT * FROM urls WHERE article = ?", (row["id"],)).fetchall()
    keys = {each["key"] for each in urls}
    if tombstones.buried(archive, tombstones.keys_of([row["url"], row["canonical_url"]], *keys)) is not None:
        return "forgotten"
    marks = ",".join("?" * len(keys))
    here = archive.query_value(
        f"SELECT article FROM urls WHERE (key IN ({marks}) OR url = ?) AND article IS NOT NULL LIMIT 1",
        (*keys, row["url"]),
    )
    if here is None:
        here, outcome = _add(archive, other, row, crawls), "new"
    else:
        outcome = "joined" if _join(archive, other, here, from_row(row)) else "same"
    _absences(archive, other, row, here)
    if outcome == "joined":  # else it is due when it was: merging every night must not put it off every night
        visits.plan(archive, here)
    for each in urls:
        reason = "" if each["state"] == "article" and outcome == "new" else each["reason"]
        if not archive.query_value(
            "SELECT 1 FROM urls WHERE url = ? AND article IS NOT NULL", (each["url"],)
        ):
            settled = {each["url"]: reason if reason is not None else "another URL of the article"}
            ledger.settle(archive, each["site"], each["key"], here, settled)
            archive.connection.execute(
                "UPDATE urls SET found_on = ?, first_seen = ?, last_seen = ?, due = ? WHERE url = ?",
                (each["found_on"], each["first_seen"], each["last_seen"], each["due"], each["url"]),
            )
    return outcome


def _add(archive: Archive, other: Archive, row: Any, crawls: dict[int, int]) -> int:
    """Add an article that is not here, with its revisions and pages; return its id."""
    columns = {name: value for name, value in dict(row).items() if name not in _OF_ITS_ARCHIVE}
    number = next_id(archive)
    columns |= {"id": number, "crawl": crawls.get(row["crawl"])}
    archive.connection.execute(
        f"INSERT INTO articles ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})",
        columns,
    )
    article = from_row(columns | {"duplicate_of": None, "cluster": None})
    learning.count(archive, article)
    link_copies(archive, row["text_digest"])
    for revision in other.connection.execute("SELECT * FROM revisions WHERE article = ?", (row["id"],)):
        told = json.loads(revision["record"]) | {"id": number, "duplicate_of": None}
        archive.connection.execute(
            "INSERT INTO revisions (article, revision, seen, record, layout, replaced, changes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                revision["revision"],
                revision["seen"],
                dumps(told),
                revision["layout"],
                revision["replaced"],
            )
            + (revision["changes"],),
        )
    for revision in range(1, article.revision + 1):
        kept = pages.read(other, row["id"], revision)
        pages.keep(archive, replace(article, revision=revision, pages=kept))
    return number


@dataclass(slots=True)
class _State:
    """An article as it was from one time to another, by which its body is compared (`present`), and its pages."""

    article: Article
    present: Article
    first: str
    last: str
    pages: list[RawPage]
    ours: bool


def _join(archive: Archive, other: Archive, number: int, theirs: Article) -> bool:
    """Put the states of an article that both archives have into one history; return whether it changed."""
    row = archive.connection.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchone()
    ours = from_row(row)
    states = [*_states(archive, archive, ours), *_states(archive, other, theirs)]
    history: list[_State] = []
    for state in sorted(states, key=lambda state: (state.first, state.last, not state.ours)):
        if history and not changes(history[-1].present, state.present):
            _absorb(history[-1], state)
        else:
            history.append(state)
    newest = max(history, key=lambda state: state.last)
    if newest.last > history[-1].last:
        # One archive saw a state before and after what the other saw in between.
        history.append(replace(newest, first=newest.last))
    first = min(state.first for state in history)
    last = max(state.last for state in history)
    if len(history) == ours.revision and all(state.ours for state in history):
        archive.connection.execute(
            "UPDATE articles SET first_seen = min(first_seen, ?), last_seen = max(last_seen, ?) WHERE id = ?",
            (first, last, number),
        )
        return False
    _rewrite(archive, ours, history, first, last)
    return True


def _states(archive: Archive, source: Archive, article: Article) -> Iterator[_State]:
    assert article.id is not None
    for revision in revisions(source, article):
        state = at_revision(source, article, revision.number)
        if state is not None:
            kept = pages.read(source, article.id, revision.number)
            state.site = article.site
            present = under_present_verdicts(archive, state)
            first = revision.since or revision.until
            yield _State(state, present, first, revision.until, kept, ours=archive is source)


def _absorb(state: _State, later: _State) -> None:
    """Make one state of two that do not differ; what is here already stays."""
    if later.ours and not state.ours:
        state.article, state.present, state.ours = later.article, later.present, True
        state.pages = later.pages or state.pages
    state.pages = state.pages or later.pages
    state.last = max(state.last, later.last)


def _rewrite(archive: Archive, ours: Article, history: list[_State], first: str, last: str) -> None:
    """Write a history in the place of the one that is here. The newest state is the article."""
    execute = archive.connection.execute
    for state, following in pairwise(history):
        state.last = min(state.last, following.first)
    execute("DELETE FROM revisions WHERE article = ?", (ours.id,))
    execute("DELETE FROM pages WHERE article = ?", (ours.id,))
    of_here: dict[str, Any] = {
        "id": ours.id,
        "url": ours.url,
        "duplicate_of": ours.duplicate_of,
        "cluster": None,
    }
    for number, (state, following) in enumerate(pairwise(history), 1):
        before = replace(state.present, **of_here, revision=number)
        execute(
            "INSERT INTO revisions (article, revision, seen, record, layout, replaced, changes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (ours.id, number, state.last, dumps(record(before)), pack_layout(before.blocks), following.first)
            + (dumps(changes(state.present, following.present)),),
        )
    article = replace(
        history[-1].article, **of_here, revision=len(history), first_seen=first, last_seen=last, pages=[]
    )
    put(archive, ours, article)
    for number, state in enumerate(history, 1):
        pages.keep(archive, replace(article, revision=number, pages=state.pages))


def _absences(archive: Archive, other: Archive, row: Any, number: int) -> None:
    """Note when the other archive missed an article; who saw it last says whether it has vanished."""
    for absence in other.connection.execute("SELECT * FROM absences WHERE article = ?", (row["id"],)):
        archive.connection.execute(
            "INSERT INTO absences (article, since, until, reason, confirmed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET until = coalesce(until, excluded.until), confirmed = max(confirmed, excluded.confirmed)",
            (number, *tuple(absence)[1:]),
        )
    archive.connection.execute(
        "UPDATE articles SET vanished = ? WHERE id = ? AND last_seen <= ? AND vanished IS NOT ?",
        (row["vanished"], number, row["last_seen"], row["vanished"]),
    )
    # Seen since by whoever saw it last: a miss before is over, or was none.
    archive.connection.execute(
        "DELETE FROM absences WHERE article = ?1 AND until IS NULL AND NOT confirmed AND since < "
        "(SELECT last_seen FROM articles WHERE id = ?1)",
        (number,),
    )
    archive.connection.execute(
        "UPDATE absences SET until = (SELECT last_seen FROM articles WHERE id = ?1) WHERE article = ?1 AND until IS NULL "
        "AND EXISTS (SELECT 1 FROM articles WHERE id = ?1 AND vanished IS NULL AND last_seen > since)",
        (number,),
    )


def _take_down(archive: Archive, other: Archive) -> int:
    """Take down here what was taken down there, and never collect it; return how many articles went."""
    stones = []
    for stone in other.connection.execute("SELECT * FROM tombstones ORDER BY article").fetchall():
        rows = other.connection.execute(
            "SELECT digest FROM tombstone_keys WHERE article = ?", (stone["article"],)
        )
        digests = {row["digest"] for row in rows}
        if not tombstones.known(archive, digests):
            stones.append((stone, digests))
    if not stones:
        return 0
    rows = archive.connection.execute("SELECT key, article FROM urls WHERE article IS NOT NULL")
    here = {tombstones.digest_of(row["key"]): row["article"] for row in rows}
    ids: dict[str | None, set[int]] = defaultdict(set)
    for stone, digests in stones:
        ids[stone["reason"]] |= {here[digest] for digest in digests & here.keys()}
    gone = sum(len(forget(archive, some, why=why).articles) for why, some in ids.items() if some)
    with archive.transaction():
        for stone, digests in stones:
            tombstones.take_over(archive, stone, digests)
    return gone


def _crawls(archive: Archive, other: Archive) -> dict[int, int]:
    """Take over the rows of the crawls that have ended; return their ids here by those there."""
    found = {}
    rows = other.connection.execute("SELECT * FROM crawls WHERE finished IS NOT NULL ORDER BY id").fetchall()
    with archive.transaction():
        for row in rows:
            columns = {name: value for name, value in dict(row).items() if name != "id"}
            same = (row["spider"], row["started"], row["host"], row["pid"])
            here = archive.query_value(
                "SELECT id FROM crawls WHERE spider = ? AND started = ? AND host IS ? AND pid IS ?", same
            )
            if here is None:
                cursor = archive.connection.execute(
                    f"INSERT INTO crawls ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                    tuple(columns.values()),
                )
                here = cursor.lastrowid
            found[row["id"]] = int(here or 0)
    return found


def _health(archive: Archive, other: Archive, crawls: dict[int, int]) -> None:
    """Take over what crawls saw of their outlets, which the next ones are compared with."""
    read, write = other.connection.execute, archive.connection.execute
    signatures: dict[int | None, int | None] = {None: None}
    for row in read("SELECT id, names FROM signatures"):
        write("INSERT INTO signatures (names) VALUES (?) ON CONFLICT DO NOTHING", (row["names"],))
        signatures[row["id"]] = archive.query_value(
            "SELECT id FROM signatures WHERE names = ?", (row["names"],)
        )
    for table in ("facts", "listing_facts"):
        for row in read(f"SELECT * FROM {table}"):
            columns = dict(row)
            columns["crawl"] = crawls.get(row["crawl"])
            if "signature" in columns:
                columns["signature"] = signatures[row["signature"]]
            else:
                columns["findings"] = without_buried(archive, row["findings"])
            if columns["crawl"] is not None:
                write(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
                    "ON CONFLICT DO NOTHING",
                    tuple(columns.values()),
                )
    for row in read("SELECT site, accepted FROM health WHERE accepted IS NOT NULL"):
        write(
            "INSERT INTO health (site, accepted) VALUES (?, ?) ON CONFLICT DO UPDATE SET "
            "accepted = max(ifnull(accepted, ''), excluded.accepted)",
            tuple(row),
        )


def _ledger(archive: Archive, other: Archive) -> int:
    """Take over listings, what lists say, people's words, and the URLs that are no articles; return how many of these.

    What servers were believed and how often pages change is learned anew: it costs a few requests, and is never wrong.
    """
    read, write = other.connection.execute, archive.connection.execute
    for row in read("SELECT url, site, walked, last_walk, last_new, retired FROM listings"):
        write(
            "INSERT INTO listings (url, site, walked, last_walk, last_new, retired) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET walked = max(walked, excluded.walked), last_walk = max(last_walk, excluded.last_walk), "
            "last_new = nullif(max(coalesce(last_new, ''), coalesce(excluded.last_new, '')), '')",
            tuple(row),
        )
    for row in read("SELECT key, edition, modified FROM hints"):
        if tombstones.buried(archive, [row["key"]]) is None:
            write("INSERT INTO hints VALUES (?, ?, ?) ON CONFLICT DO NOTHING", tuple(row))
    for row in read("SELECT site, pattern, verdict, origin, since FROM pins"):
        if write("INSERT INTO pins VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", tuple(row)).rowcount:
            count_anew(archive, row["site"])
    return sum(map(partial(_url, archive), read("SELECT * FROM urls WHERE article IS NULL")))


def _url(archive: Archive, row: Any) -> int:
    """Take over a URL that is no article there, unless it is known here; return 1 if it came."""
    known = archive.query_value("SELECT 1 FROM urls WHERE key = ? AND article IS NOT NULL", (row["key"],))
    if known or tombstones.turn_away(archive, tombstones.keys_of([row["url"]], row["key"])):
        return 0
    names = (
        "url",
        "key",
        "site",
        "state",
        "found_on",
        "reason",
        "status",
        "attempts",
        "due",
        "first_seen",
        "last_seen",
    )
    return archive.connection.execute(
        f"INSERT INTO urls ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) ON CONFLICT DO NOTHING",
        [row[name] for name in names],
    ).rowcount
