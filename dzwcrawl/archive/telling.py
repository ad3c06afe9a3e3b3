"""Whom to tell what of the health of outlets: one message when a verdict changes, not one a crawl."""

import json
from collections.abc import Callable, Iterable, Sequence

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.facts import Health
from dzwcrawl.archive.rows import dumps
from dzwcrawl.health.words import sentence


def untold(archive: Archive, sites: Iterable[Health]) -> list[Health]:
    """Return the sites that people should hear of: the verdict is another than they were told last, or there is an
    alarm for a reason they were not told. A site they never heard of is well.
    """
    told = {
        row["site"]: json.loads(row["told"])
        for row in archive.connection.execute("SELECT site, told FROM health WHERE told IS NOT NULL")
    }
    return [site for site in sites if _is_news(site, told.get(site.site, {"verdict": "ok", "alarms": []}))]


def _alarms(site: Health) -> list[str]:
    return sorted(finding.check for finding in site.findings if finding.level == "alarm")


def _is_news(site: Health, told: dict[str, object]) -> bool:
    known = told["alarms"]
    assert isinstance(known, list)
    return site.verdict != told["verdict"] or not set(_alarms(site)) <= set(known)


def tell(archive: Archive, sites: Sequence[Health], send: Callable[[str, str], None]) -> int:
    """Send one message on what people should hear of, note that they have, and return of how many sites.

    What `send` (title, text) raises is passed on, and they count as not told: the next crawl tries again.
    """
    # Noted first, so that two crawls that end together do not both send it.
    with archive.transaction():
        news = untold(archive, sites)
        before = dict(archive.connection.execute("SELECT site, told FROM health").fetchall())
        for site in news:
            _note(archive, site.site, dumps({"verdict": site.verdict, "alarms": _alarms(site)}))
    if news:
        try:
            send(*message(news))
        except BaseException:
            with archive.transaction():
                for site in news:
                    _note(archive, site.site, before.get(site.site))
            raise
    return len(news)


def _note(archive: Archive, site: str, told: str | None) -> None:
    archive.connection.execute(
        "INSERT INTO health (site, told) VALUES (?1, ?2) ON CONFLICT (site) DO UPDATE SET told = ?2",
        (site, told),
    )


def message(sites: Sequence[Health]) -> tuple[str, str]:
    """Return title and text of a message on some sites, the worst first."""
    order = {"alarm": 0, "warn": 1, "ok": 2}
    ordered = sorted(sites, key=lambda site: (order[site.verdict], site.site))
    names = ", ".join(f"{site.site} {site.verdict}" for site in ordered[:5])
    title = f"dzwcrawl: {names}" + (f" and {len(ordered) - 5} more" if len(ordered) > 5 else "")
    return title, "\n\n".join("\n".join(lines(site)) for site in ordered)


def lines(site: Health) -> list[str]:
    """Return the verdict on a site as lines of text: what was found, and below each the pages to look at."""
    found = [f"{site.verdict:5} {site.site}  (crawl {site.crawl}, {site.at})"]
    for finding in site.findings:
        found.append(f"  {finding.level}: {sentence(finding)}")
        found += [f"    {page}" for page in finding.pages]
    return found
