"""What went wrong on pages of sites that nobody had looked at, each time on an invented page."""

import pytest

from dzwcrawl.article import Article
from dzwcrawl.extract import extract
from dzwcrawl.extract.kinds import TEASER

TITLE = "Council votes to repair the old bridge"
EN = [
    "The council approved the plan on Monday after a debate that lasted four hours, officials said.",
    "Work on the bridge will begin in spring, and traffic is to be diverted over the old road.",
    "Residents have asked for a crossing at the school, which the mayor promised to look into.",
    "Shop owners near the river fear for their trade while the works go on, a survey showed.",
    "The state will pay two thirds of the cost, which is put at eleven million in the plan.",
    "A first public meeting is set for the end of the month, in the hall behind the library.",
]
OTHERS = [
    "A neighbouring town has published its own list of projects for the year, among them a new school.",
    "The museum shows drawings by children of the valley, and the entrance is free on all Sundays.",
    "Farmers expect a good harvest after the rain of the last weeks, the chamber of trade reported.",
]
ZH = "昨日，本市召开重点项目推进会，要求各县区对照目标抓好落实，确保全年任务完成。"


def read(
    body: str, *, below: str = "", head: str = "", title: str = TITLE, heading: str = "", lang: str = "en"
) -> Article:
    heading = heading or f"<h1>{title}</h1>"
    html = (
        f"<html lang={lang}><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body>{heading}{below}{body}</body></html>"
    )
    return extract(html.encode(), url="http://news.example.com/a/1.html")


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def text(*lines: str) -> str:
    return f"<div class=text>{paragraphs(*lines)}</div>"


def test_a_component_is_no_consent_notice() -> None:
    parts = "".join(f"<div class='cmp cmp-text'><p>{line}</p></div>" for line in EN)
    notice = f"<div class='cmp-modal'>{paragraphs(*OTHERS)}</div>"
    assert read(f"<div class='cmp cmp-container'>{parts}</div>{notice}").body.split("\n") == EN


def test_a_list_of_the_most_popular_between_two_parts_of_a_text() -> None:
    popular = "<div class=side><p>Most popular</p><ul>" + "".join(
        f"<li><a href=/{n}>Another story of the day, number {n}</a></li>" for n in range(5)
    )
    part = "<div class=chunk><div class=inner>{}</div>"
    body = (
        f"{part.format(paragraphs(*EN[:5]))}{popular}</ul></div></div>{part.format(paragraphs(EN[5]))}</div>"
    )
    assert read(f"<article>{body}</article>").body.split("\n") == EN


def test_the_note_that_was_asked_for_and_longer_newer_ones() -> None:
    note = "<div><h1 class=note>{}</h1><div class=said>{}</div></div>"
    newer = "".join(
        note.format(f"Another note, number {n}", paragraphs(*(f"{x} {n}" for x in OTHERS))) for n in range(4)
    )
    links = "".join(f"<li><a href=/{n}>A section of the paper, number {n}</a></li>" for n in range(99))
    body = f"<ul>{links}</ul><section>{newer}</section>"
    found = read(body, heading=note.format(TITLE, paragraphs(*EN[:3])))
    assert found.body.split("\n") == EN[:3]


def test_headings_of_the_first_level_inside_a_text() -> None:
    body = paragraphs(*EN[:3]) + "<h1 class=x>What it costs</h1>" + paragraphs(*EN[3:], *OTHERS)
    assert read(f"<div class=text>{body}</div>", heading=f"<h1 class=x>{TITLE}</h1>").body.split("\n") == [
        *EN[:3],
        "What it costs",
        *EN[3:],
        *OTHERS,
    ]


def test_text_whose_letters_a_paywall_has_shifted() -> None:
    shifted = "".join(f"<p class=obfuscated>{''.join(chr(ord(c) + 1) for c in line)}</p>" for line in EN * 3)
    found = read(f"<div class=text>{paragraphs(*OTHERS)}{shifted}</div>")
    assert found.body.split("\n") == OTHERS
    assert found.notes == [TEASER]


@pytest.mark.parametrize(
    "line",
    [
        "Jane Doe / AFP / Getty Images",
        "Jane Doe/AP",
        "Jane Doe | The Image House | Getty Images",
        "(Credit: Jane Doe/Example)",
        "Illustration by Jane Doe",
        "Foto: Jane Doe",
        "The bridge seen from the library on a day in spring Photo: EXAMPLE",
    ],
)
def test_who_made_a_picture(line: str) -> None:
    assert read(text(line, *EN)).body.split("\n") == EN


@pytest.mark.parametrize(
    "line",
    [
        "The deal was first reported by Reuters",
        "Photo: the bridge as it was. It is to be torn down, the mayor said.",
        "He wrote for AP/Reuters until he was forty and then went home to the valley",
    ],
)
def test_what_only_names_an_agency_is_text(line: str) -> None:
    assert line in read(text(*EN, line)).body.split("\n")


@pytest.mark.parametrize(
    "line",
    [
        "04/19/13",
        "9:39AM BST 05 Oct 2011",
        "NEWS 2019.04.25 THU 16:00",
        "Submitted by jane on Mon, 2019-01-21 13:49",
    ],
)
def test_the_day_above_the_text(line: str) -> None:
    assert read(text(line, *EN)).body.split("\n") == EN


def test_a_day_inside_a_text_stays() -> None:
    assert read(text(*EN[:3], "04/19/13", *EN[3:])).body.split("\n") == [*EN[:3], "04/19/13", *EN[3:]]


def test_the_heading_wins_over_a_line_made_for_sharing() -> None:
    head = "<meta property='og:title' content='Old bridge to be repaired, council votes'>"
    line = "<div class=share>Old bridge to be repaired, council votes</div>"
    heading = f"<h1>{TITLE} after four hours of debate</h1>{line}"
    found = read(text(*EN), head=head, heading=heading, title="Old bridge to be repaired, council votes")
    assert found.title == f"{TITLE} after four hours of debate"


def test_a_heading_that_is_the_title_wins_over_one_with_the_name_of_the_site() -> None:
    heading = f"<h1><a href=/>{TITLE}</a>Valley Post</h1>"
    body = f"<article><h3>{TITLE}</h3>{paragraphs(*EN)}</article>"
    assert read(body, heading=heading, title=f"{TITLE} » Local » Valley Post").title == TITLE


@pytest.mark.parametrize(
    ("below", "authors"),
    [
        ("<p><a href=/author/180/>後藤大地</a></p>", ["後藤大地"]),
        ("<p><a href=/author/paul/>Paul</a></p>", ["Paul"]),
        ("<p><a href='/about/editors/jane-doe/'>Jane Doe</a>, @janedoe</p>", ["Jane Doe"]),
        ("<p><a href=/author/3>홍길동 기자</a></p>", ["홍길동"]),
        ("<p><a href=/author/siteadmin/>siteadmin</a></p>", []),
        ("<p><a href=/author/4>経済ニュース編集部</a></p>", []),
        ("<p><a href=/author/5>Website</a></p>", []),
        ("<p><a href=/authors/>Authors</a></p>", []),
        (f"<p><a href=/author/paul/>Paul</a> told us: {EN[0]} {EN[1]}</p>", []),
    ],
)
def test_links_to_the_pages_of_authors(below: str, authors: list[str]) -> None:
    assert read(text(*EN), below=below).authors == authors


def test_an_author_with_an_address() -> None:
    head = "<meta name=author content='Jane Doe | jdoe@example.com'>"
    assert read(text(*EN), head=head).authors == ["Jane Doe"]
    alone = "<meta name=author content='info@example.com'><meta name=byl content='By Jane Doe'>"
    assert read(text(*EN), head=alone).authors == ["Jane Doe"]


def test_the_author_of_another_article_far_above_the_title() -> None:
    other = "<div class=x><h3><a href=/2>Another story</a></h3><a rel=author href=/r>Jim Roe</a></div>"
    links = "".join(f"<p><a href=/{n}>Story {n}</a></p>" for n in range(12))
    heading = f"<div>{other}{links}</div><h1>{TITLE}</h1><p class=by>By Jane Doe</p>"
    assert read(text(*EN), heading=heading).authors == ["Jane Doe"]


def test_who_wrote_and_who_took_the_pictures() -> None:
    below = "<p itemprop=author>文＝山田太郎／写真＝田中花子</p>"
    assert read(text(*EN), below=below).authors == ["山田太郎"]
    below = "<p itemprop=author>Text by Jane Doe<br>Translation by Jim Roe</p>"
    assert read(text(*EN), below=below).authors == ["Jane Doe"]


def test_a_chinese_author_right_before_the_day() -> None:
    below = "<div class=author><span>李明</span><span class=date>2017-03-01 14:27:02</span></div>"
    found = read(text(*[ZH] * 3), below=below, title="本市推进重点项目", lang="zh")
    assert (found.authors, found.published) == (["李明"], "2017-03-01T14:27:02+08:00")


def test_the_moment_beside_words_like_four_hours_ago() -> None:
    below = "<p><time data-published='2016-12-09 09:13:00Z'>4 hours ago</time></p>"
    assert read(text(*EN), below=below).published == "2016-12-09T09:13:00+00:00"


def test_rules_of_comments_end_a_spanish_article() -> None:
    es = [
        "El ayuntamiento aprobó el lunes el plan después de un debate de cuatro horas.",
        "Las obras del puente empezarán en primavera y el tráfico irá por la carretera vieja.",
        "Los vecinos han pedido un paso de peatones junto a la escuela, dijo el alcalde.",
    ]
    rules = [
        "Normas de uso y aviso legal",
        "El contenido de los comentarios es la opinión de los usuarios de la web.",
    ]
    es += [f"{line} Así fue." for line in es]
    found = read(f"<article>{text(*es)}<div class=user>{paragraphs(*rules)}</div></article>", lang="es")
    assert found.body.split("\n") == es


def test_a_text_that_a_paywall_hides_below_its_lead() -> None:
    hidden = f"<div class='article-content' style='display: none'>{paragraphs(*EN)}</div>"
    found = read(f"<div class=story><p class=excerpt>{OTHERS[0]}</p>{hidden}</div>")
    assert found.body.split("\n") == [OTHERS[0], *EN]


def test_a_hidden_box_below_a_brief_is_not_its_text() -> None:
    box = f"<div class=wrap style='display: none'>{paragraphs(*EN)}</div>"
    assert read(f"<div class=story>{paragraphs(*OTHERS[:2])}{box}</div>").body.split("\n") == OTHERS[:2]


def test_a_box_said_to_be_without_caption_is_none() -> None:
    first = f"<div class='item item-wide no_caption'><h2>{EN[0]}</h2><img src=a.jpg></div>"
    assert read(f"<div>{first}{paragraphs(*EN[1:])}</div>").body.split("\n") == EN


def test_a_line_of_name_day_and_sections_below_the_title() -> None:
    line = "by Jane Doe, Chief Risk Officer | Mar 30, 2026 | Blog, Town Planning, Investigations &amp; Research of the Valley"
    assert read(text(line, *EN)).body.split("\n") == EN


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (
            "<meta property=og:site_name content='Salt &amp; Sea'><meta name=author content='Salt &amp; Sea'>",
            ["Salt & Sea"],
        ),
        ("<meta name=author content='Valley Post GmbH'>", []),
        (
            "<meta name=author content='Valley Press Sp. z o.o.'><meta name=author content='Jane Doe'>",
            ["Jane Doe"],
        ),
        ("<meta name=author content='Jane Doe, Chief Risk Officer'>", ["Jane Doe"]),
        (
            "<meta name=citation_author content='Doe, Jane'><meta name=citation_author content='John Roe'>",
            ["Jane Doe", "John Roe"],
        ),
    ],
)
def test_statements_of_authors(head: str, authors: list[str]) -> None:
    assert read(text(*EN), head=head).authors == authors


@pytest.mark.parametrize("who", ["<a href=/writer/john_roe>John Roe</a>", "<p>By John Roe</p>"])
def test_the_author_of_a_story_listed_above_the_text_is_not_the_article_s(who: str) -> None:
    other = f"<ul><li><a href=/2>Another long story of the day, with its author</a><div>{who}</div></li></ul>"
    assert read(text(*EN), below=other).authors == []
    assert read(text(*EN), below=f"<ul class=byline><li>{who}</li></ul>").authors == ["John Roe"]


@pytest.mark.parametrize(
    "line", ["Fot. Jan Kowalski", "Nowy most w dolinie, fot. Jan Kowalski", "Fot. jkow/iStockphoto"]
)
def test_who_made_a_picture_in_polish(line: str) -> None:
    assert read(text(line, *EN), lang="pl").body.split("\n") == EN


@pytest.mark.parametrize("day", ["2020. június 8., 11:16", "8 юни 2020, 11:16"])
def test_days_in_hungarian_and_bulgarian(day: str) -> None:
    assert read(text(day, *EN)).published == "2020-06-08"


def test_the_title_is_the_heading_of_the_article_and_not_of_a_box_to_share() -> None:
    box = (
        f"<div class=flyout-share><h4>{TITLE}</h4><p>{EN[0]}</p><p>Your friends can see what you are reading about.</p>"
        "<p>It has been put into your list for later.</p></div>"
    )
    found = read(f"<div class=wrap>{box}<h1>{TITLE}</h1>{paragraphs(*EN)}</div>", heading="<b>News</b>")
    assert (found.title, found.body.split("\n")) == (TITLE, EN)


def test_the_title_is_the_heading_of_the_article_and_not_of_its_section() -> None:
    head = "<meta property='og:title' content='Old bridge: vote'>"
    tools = "".join(f"<li><a href=/{n}>Tool {n}</a></li>" for n in range(9))
    body = f"<h2>Valley</h2><div class=story-body><ul>{tools}</ul><h1>{TITLE}</h1>{paragraphs(*EN)}</div>"
    found = read(body, heading="<b>News</b>", title=f"Valley - {TITLE}", head=head)
    assert (found.title, found.body.split("\n")) == (TITLE, EN)


def test_captions_of_a_gallery_inside_an_article_may_be_longer_than_its_text() -> None:
    slide = "<div class=slide><img src=/{0}.jpg><div class=gallery-caption>{1} {2}</div></div>"
    slides = "".join(slide.format(n, OTHERS[n % 3], EN[n % 6].replace("the", f"the {n}.")) for n in range(12))
    lines = [f"{line} So they said on Monday." for line in EN]
    found = read(f"<article>{paragraphs(*lines[:4])}{slides}{paragraphs(*lines[4:])}</article>")
    assert found.body.split("\n") == lines
    assert len(read(f"<article>{paragraphs(EN[0])}{slides}</article>").body.split("\n")) == 13


@pytest.mark.parametrize(
    "heading", ["Comments", "Reader opinions (latest first)", "12 Leserkommentare", "Vos commentaires"]
)
def test_a_heading_names_the_comments_below_it(heading: str) -> None:
    posts = "".join(
        f"<div class=post><h3>Re: bridge {n}</h3><p>{OTHERS[n % 3]} {n}.</p></div>" for n in range(9)
    )
    below = f"<div id=talk><div class=top><h2>{heading}</h2></div>{posts}</div>"
    assert read(f"<div class=main>{paragraphs(*EN)}{below}</div>").body.split("\n") == EN


@pytest.mark.parametrize("heading", ["Reactions", "Responses", "Commentary"])
def test_reactions_of_people_are_no_comments(heading: str) -> None:
    part = f"<div class=part><h2>{heading}</h2>{paragraphs(*EN[3:])}</div>"
    found = read(f"<div class=main>{paragraphs(*EN[:3])}{part}</div>").body.split("\n")
    assert [line for line in found if line != heading] == EN


def test_links_with_a_label_in_capitals() -> None:
    link = "<p><strong>{}:</strong> <a href=/{}>What the bridge looked like in spring</a></p>"
    labels = ["STORY", "VIDEO", "MORE TO READ", "IN PICTURES", "FOTOS"]
    lines = "".join(
        f"<p>{line}</p>{link.format(label, label)}" for line, label in zip(EN, labels, strict=False)
    )
    named = "".join(f"<p>{role}: <a href=/{role}>Jane van Doe</a></p>" for role in ("MAYOR", "ARCHITECT"))
    quoted = "<p>MAYOR: the plan is <a href=/plan>in the archive of the town</a>, and was there before.</p>"
    found = read(f"<div class=text>{lines}<p>{EN[5]}</p>{quoted}{named}<p>{OTHERS[0]}</p></div>").body.split(
        "\n"
    )
    said = "MAYOR: the plan is in the archive of the town, and was there before."
    assert found == [*EN, said, "MAYOR: Jane van Doe", "ARCHITECT: Jane van Doe", OTHERS[0]]


@pytest.mark.parametrize(
    "line",
    [
        "LONDON | Fri Jul 19, 2013 2:15am EDT",
        "Thu Jul 18, 2013 2:06pm EDT",
        "8:04 a.m. EDT July 18, 2013",
        "Article Date: 19 Jul 2013 - 0:00 PDT",
        "By JANE DOE jane.doe@news.example.com",
    ],
)
def test_place_and_time_above_the_text(line: str) -> None:
    title = f"{TITLE} after a debate that lasted until four in the morning"
    tools = "".join(f"<li><a href=/{n}>Tool {n}</a></li>" for n in range(9))
    page = f"<div class=page><h1>{title}</h1><ul>{tools}</ul><p>{line}</p>{paragraphs(*EN)}</div>"
    assert read(page, heading="<b>News</b>", title=title).body.split("\n") == EN


def test_a_day_inside_the_text_is_a_heading() -> None:
    lines = [*EN[:3], "Friday, 19 July 2013", *EN[3:]]
    assert read(text(*lines)).body.split("\n") == lines


@pytest.mark.parametrize("name", ["byline", "story-author", "article-time", "pub_date"])
def test_a_line_above_the_text_in_an_element_named_after_the_author_or_the_day(name: str) -> None:
    line = f"<h5 class={name}>Jane Doe, staff writer, July 19</h5>"
    page = f"<div class=page><h1>{TITLE}</h1><p>Bridges</p>{line}{paragraphs(*EN)}</div>"
    assert "Jane Doe" not in read(page, heading="<b>News</b>").body
    sentence = f"<p class={name}>The author of this text has lived beside the bridge for years.</p>"
    page = f"<div class=page><h1>{TITLE}</h1><p>Bridges</p>{sentence}{paragraphs(*EN)}</div>"
    assert "lived beside the bridge" in read(page, heading="<b>News</b>").body


def test_names_of_sections_and_of_the_house_behind_bars() -> None:
    assert read(text(*EN), heading="<b>News</b>", title=f"{TITLE} | Valley/Post | News").title == TITLE
    both = "Council votes on bridge - what it means"
    assert read(text(*EN), heading="<b>News</b>", title=f"{both} | Valley Post").title == both
    assert read(text(*EN), heading="<b>News</b>", title=f"{both} - Valley Post").title == both


def test_what_is_known_to_be_other_articles_does_not_say_that_the_text_goes_on() -> None:
    popular = "".join(f"<p>{line} So.</p>" for line in (*OTHERS, OTHERS[0]))
    tail = f"<h2>Related stories</h2><div class=most-popular>{popular}</div><div class=x><h3>More on this town</h3></div>"
    assert (
        read(f"<div class=page>{paragraphs(*EN, *[f'{line} So.' for line in EN])}{tail}</div>").body.split(
            "\n"
        )[-1]
        == f"{EN[5]} So."
    )


@pytest.mark.parametrize("name", ["page-right-column", "robots-nocontent"])
def test_names_of_what_stands_beside_the_article(name: str) -> None:
    assert (
        read(
            f"<div class=page>{paragraphs(*EN)}<div class={name}>{paragraphs(OTHERS[0])}</div></div>"
        ).body.split("\n")
        == EN
    )


def test_the_description_of_a_video_above_the_text() -> None:
    video = f"<div class=player></div><p class=video-desc>{OTHERS[0]}</p>"
    assert read(f"<article>{video}{paragraphs(*EN)}</article>").body.split("\n") == EN
    assert read(f"<article><p class=video-desc>{OTHERS[0]}</p></article>").body == OTHERS[0]


def test_a_last_paragraph_that_is_called_a_footer() -> None:
    line = "<p class=story-footer>{}</p>"
    assert read(f"<article>{paragraphs(*EN)}{line.format(OTHERS[0])}</article>").body.split("\n") == [
        *EN,
        OTHERS[0],
    ]
    stamp = line.format("- Posted by Jane on Monday, 9 comments")
    assert read(f"<article>{paragraphs(*EN)}{stamp}</article>").body.split("\n") == EN


def test_a_heading_over_nothing_but_links() -> None:
    links = "".join(f"<li><a href=/{n}>Another story about a bridge, number {n}</a></li>" for n in range(3))
    box = f"<div class=x><h2>Bridges of the valley</h2><ul>{links}</ul></div>"
    told = f"<div class=x><h2>How it began</h2><ul>{links}</ul><p>{EN[2]}</p></div>"
    found = read(
        f"<div class=page>{paragraphs(EN[0])}{box}{paragraphs(EN[1])}{told}{paragraphs(*EN[3:])}</div>"
    )
    assert found.body.split("\n") == [*EN[:2], "How it began", *EN[2:]]


@pytest.mark.parametrize("name", ["post position-right", "top-bar", "tools"])
def test_a_name_of_the_element_of_the_article_beside_many_comments(name: str) -> None:
    comments = "".join(f"<p>{OTHERS[n % 3]} {n}.</p>" for n in range(30))
    article = f"<div class='{name}'><p class=x>{TITLE}</p>{paragraphs(*EN)}</div>"
    found = read(
        f"<div class=page>{article}<div class=comments>{comments}</div></div>", heading="<b>News</b>"
    )
    assert found.body.split("\n") == EN
