"""A German regional paper: titles as URLs, without a day in them, teasers, ?page=2, a sitemap."""

from __future__ import annotations

import re

from tests.unknown.model import SECTIONS, Piece, Site, pieces, rows

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug(title: str) -> str:
    """A title as it stands in a URL."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower().translate(_FOLDED)).strip("-")


def paper() -> Site:
    """Teasers with summaries and "mehr", an aside of what is most read, subscriptions, authors' pages."""
    base = "http://www.kuestenbote.example"
    names = ("lokales", "region", "polizei")

    def url(piece: Piece) -> str:
        return f"{base}/{names[piece.section]}/{slug(piece.title)}"

    site = Site("paper", "", f"{base}/", "utf-8", pieces(6000, ["Küstenbote"], url, german=True))
    lists = [f"{base}/{name}/" for name in names]
    head = '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head><body>'
    nav = '<header class="site-header"><nav class="main-nav"><ul>' + "".join(
        f'<li><a href="{a}">{n.title()}</a></li>' for a, n in zip(lists, names, strict=True)
    )
    nav += '<li><a href="/abo/alle-angebote-im-ueberblick-fuer-neue-leser">Abo</a></li><li><a href="/trauer/">Trauer</a></li><li><a href="/anzeigen/jobs/">Jobs</a></li></ul></nav></header>'
    foot = '<footer><ul><li><a href="/impressum">Impressum</a></li><li><a href="/datenschutz">Datenschutz</a></li><li><a href="/service/fragen-und-antworten-zum-neuen-e-paper">Fragen und Antworten zum E-Paper</a></li></ul></footer>'
    aside = (
        '<aside class="sidebar"><h3>Meistgelesen</h3><ol>'
        + rows(site.hot(), lambda p: f'<li><a href="{p.url}">{p.title}</a></li>')
        + '</ol><a href="https://partner.example/angebot">Jetzt Reise buchen und sparen</a></aside>'
    )

    def teaser(piece: Piece) -> str:
        return f"""<article class="teaser"><a href="{piece.url}" class="teaser__image"><img src="/{piece.number}.webp" alt=""></a><header class="teaser__header"><h2 class="teaser__title"><a href="{piece.url}">{piece.title}</a></h2></header>
        <p>{piece.paragraphs[0][:90]}… <a href="{piece.url}">mehr</a></p><span class="by">Von <a href="/autor/{slug(piece.author)}">{piece.author}</a></span></article>"""

    letter = """<article class="teaser"><header class="teaser__header"><h2 class="teaser__title"><a href="/newsletter/der-morgen-an-der-kueste-in-einer-mail">Newsletter: Der Morgen an der Küste in einer Mail</a></h2></header></article>"""
    front = head.format(title="Küstenbote") + nav + "<main>"
    for section in range(SECTIONS):
        front += (
            f'<section><h3><a href="{lists[section]}">{names[section].title()}</a></h3>'
            + rows(site.of(section, 0)[:5], teaser)
            + "</section>"
        )
    site.add(site.front, front + "</main>" + aside + foot + "</body></html>")
    for section, first in enumerate(lists):
        site.listings.append(first)
        for page, here in enumerate((first, f"{first}?page=2")):
            pager = (
                f'<a href="{first}?page=2">nächste Seite</a>'
                if page == 0
                else f'<a href="{first}">vorige Seite</a>'
            )
            site.add(
                here,
                head.format(title=names[section].title())
                + nav
                + '<main><div class="teasers">'
                + letter
                + rows(site.of(section, page), teaser)
                + f'</div><div class="pager">{pager}</div></main>'
                + aside
                + foot
                + "</body></html>",
            )
    for piece in site.pieces:
        body = "".join(f"<p>{p}</p>" for p in piece.paragraphs)
        site.add(
            piece.url,
            head.format(title=f"{piece.title} | Küstenbote")
            + nav
            + f"""<main><article><h1>{piece.title}</h1><div class="byline">Von {piece.author}</div>
        <time datetime="{piece.when:%Y-%m-%dT%H:%M:%S}+01:00">{piece.when:%d.%m.%Y, %H:%M} Uhr</time><div class="article-body">{body}</div></article></main>"""
            + aside
            + foot
            + "</body></html>",
        )
    locations = "".join(
        f"<url><loc>{p.url}</loc><lastmod>{p.when:%Y-%m-%d}</lastmod></url>" for p in site.pieces
    )
    site.add(
        f"{base}/sitemap.xml",
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>',
        "application/xml",
    )
    site.add(
        f"{base}/robots.txt", f"User-agent: *\nDisallow: /suche\nSitemap: {base}/sitemap.xml\n", "text/plain"
    )
    return site
