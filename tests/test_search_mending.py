"""A query some of whose words find nothing is understood as it was most likely meant, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean

from index.place import FOLDER
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("plain_korean", "no_general_glossary")

FILES = {
    **{f"{n}.txt": "strategic partnership 전략적 동반자 관계" for n in range(60)},
    "often.txt": "partnership 동반자",
    "once.txt": "partnreship",
    "cross.txt": "beekeeping",
}


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    built(tmp_path / "docs", FILES, glossary="양봉\tbeekeeping\n")
    return Searcher.open(tmp_path / "docs" / FOLDER)


@pytest.mark.parametrize(
    ("query", "understood", "way"),
    [
        ("ehdqkswk", "동반자", "typed on the other keyboard"),
        ("전략적동반자관계", "전략적 동반자 관계", "spaced otherwise"),
        ("전 략 적", "전략적", "spaced otherwise"),
        ("동방자", "동반자", "a slip of the keys"),
        ("strategci", "strategic", "a slip of the keys"),
    ],
)
def test_a_word_that_finds_nothing_is_understood_as_one_that_does_and_told(
    searcher: Searcher, query: str, understood: str, way: str
) -> None:
    assert searcher.search(query)
    [note] = searcher.notes(query)
    assert note == f"{query} was understood as {understood}: {way} (--strict takes it as it is)"
    assert searcher.explain(query).reading != query
    assert searcher.notes(query, strict=True) == ()


def test_words_that_find_what_they_say_are_never_touched(searcher: Searcher) -> None:
    for query in ("partnership", "동반자", '"strategic partnership"', "전략적 관계"):
        assert searcher.notes(query) == ()
        assert [hit.score for hit in searcher.search(query)] == [
            hit.score for hit in searcher.search(query, strict=True)
        ]


def test_a_word_that_finds_next_to_nothing_is_kept_beside_what_it_may_have_been(
    searcher: Searcher,
) -> None:
    [note] = searcher.notes("partnreship")
    assert "understood as partnership as well" in note
    found = {hit.path for hit in searcher.search("partnreship", limit=99)}
    assert {"once.txt", "often.txt"} <= found


def test_a_word_that_the_bridge_follows_is_not_touched_unless_it_may_not(
    searcher: Searcher,
) -> None:
    assert [hit.path for hit in searcher.search("양봉")] == ["cross.txt"]
    assert searcher.notes("양봉") == ()
    assert searcher.notes("양봉", bridge=False) != ()


def test_words_in_phrases_and_brackets_are_mended_where_they_stand(searcher: Searcher) -> None:
    assert searcher.search('"전략적 동방자"')
    assert searcher.search("+(동방자 zzzz)")
    assert searcher.search("partnership -동방자", limit=99) == searcher.search(
        "partnership", limit=99
    )
    assert searcher.notes("title:동방자") == ()
    assert searcher.search("전 략 적 관계")


def test_what_nothing_is_near_is_said_to_be_unknown(searcher: Searcher) -> None:
    [note] = searcher.notes("qqqqzzzz")
    assert note.startswith("qqqqzzzz is not in the index")


def test_a_phrase_of_the_library_is_mended_too_but_not_an_exact_one(searcher: Searcher) -> None:
    assert searcher.phrase("전략적 동방자")
    assert searcher.notes("전략적 동방자", phrase=True) != ()
    assert searcher.phrase("전략적 동방자", exact=True) == []
