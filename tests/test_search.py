"""Search finds what a look at every text would find, and nothing else, whoever wrote the articles."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dzwcrawl.archive.archive import Archive
from dzwcrawl.archive.search import count, ids, search
from dzwcrawl.search.query import QueryError, everywhere

ALPHABET = "招商引资潍坊發发髮5G2a网é络Ａ％，。·-—\"“”'*() 　\n\u200bßK²ﬁ가กЖ_\t"
TEXT = st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=30).filter(
    lambda text: not any(unicodedata.category(c) == "Cs" or c == "\0" for c in text)
)


def as_compared(text: str) -> str:
    """Fold a text as docs/search.md says, in other words than the code's."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[\u00ad\u200b\u200c\u200d\u2060\ufeff]", "", text)
    return re.sub(r"\s+", " ", text).strip().casefold()


def write(archive: Archive, *texts: tuple[str, str]) -> None:
    """Write titles and bodies as they are, past all cleaning."""
    for number, (title, body) in enumerate(texts):
        archive.connection.execute(
            "INSERT INTO articles (site, url, canonical_url, title, body, first_seen, last_seen, template, layout, "
            "rules, notes) VALUES ('s', ?1, '', ?2, ?3, '', '', '', '[]', '{}', '[]')",
            (str(number), title, body),
        )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), data=st.data())
def test_search_is_a_look_at_every_text(
    texts: list[tuple[str, str]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = data.draw(st.sampled_from([text for pair in texts for text in pair]))
    start = data.draw(st.integers(0, len(source)))
    query = data.draw(st.just(source[start : start + data.draw(st.integers(1, 8))]) | TEXT)
    with Archive(tmp_path_factory.mktemp("search") / "archive.db", create=True) as archive:
        write(archive, *texts)
        wanted = as_compared(query)
        if not wanted:
            with pytest.raises(QueryError, match="nothing to look for"):
                count(archive, everywhere(query))
            return
        found = list(ids(archive, everywhere(query)))
        assert found == [
            number
            for number, pair in enumerate(texts, 1)
            if any(wanted in as_compared(text) for text in pair)
        ]
        assert count(archive, everywhere(query)) == len(found)
        for hit in search(archive, everywhere(query)):
            shown = "".join(text for text, _ in hit.title_pieces)
            assert shown in ((hit.title or "").replace("\n", " "), as_compared(hit.title or ""))
            marks = [text for pieces in (hit.title_pieces, hit.snippet) for text, marked in pieces if marked]
            assert marks
            assert all(as_compared(mark) == wanted for mark in marks)
