"""Unmatched words of a query are corrected, and each correction is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean

from index.directory.location import FOLDER
from search.results import ReadAs
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
        ("ehdqkswk", "동반자", "wrong keyboard layout"),
        ("전략적동반자관계", "전략적 동반자 관계", "different spacing"),
        ("전 략 적", "전략적", "different spacing"),
        ("동방자", "동반자", "misspelling"),
        ("strategci", "strategic", "misspelling"),
    ],
)
def test_an_unmatched_word_is_corrected_with_a_note(
    searcher: Searcher, query: str, understood: str, way: str
) -> None:
    assert searcher.search(query)
    [note] = searcher.search(query).notes
    assert note == f"{query} was corrected to {understood}: {way} (--strict turns this off)"
    assert searcher.explain(query).reading != query
    assert searcher.search(query, strict=True).notes == ()


@pytest.mark.parametrize(
    ("query", "read_as"),
    [
        ("ehdqkswk", ReadAs("ehdqkswk", "동반자", "keyboard")),
        ("전 략 적", ReadAs("전 략 적", "전략적", "spacing")),
        ("동방자 관계", ReadAs("동방자", "동반자", "spelling")),
    ],
)
def test_each_hit_has_the_corrections(searcher: Searcher, query: str, read_as: ReadAs) -> None:
    assert {hit.read_as for hit in searcher.search(query)} == {(read_as,)}
    assert searcher.explain(query).read_as == (read_as,)
    assert [score.hit for score in searcher.explain(query).hits] == searcher.search(query, limit=3)
    assert {hit.read_as for hit in searcher.search("동반자", strict=True)} == {()}
    assert {hit.read_as for hit in searcher.similar("often.txt")} == {()}


def test_words_that_match_are_never_corrected(searcher: Searcher) -> None:
    for query in ("partnership", "동반자", '"strategic partnership"', "전략적 관계"):
        assert searcher.search(query).notes == ()
        assert [hit.score for hit in searcher.search(query)] == [
            hit.score for hit in searcher.search(query, strict=True)
        ]


def test_a_word_that_stands_in_one_passage_gets_no_other_word_beside_it(
    searcher: Searcher,
) -> None:
    found = searcher.search("partnreship", limit=99)
    assert [hit.path for hit in found] == ["once.txt"]
    assert found.notes == ("hardly any passage has partnreship; did you mean partnership?",)


def test_a_translated_word_is_corrected_only_without_the_bridge(
    searcher: Searcher,
) -> None:
    assert [hit.path for hit in searcher.search("양봉")] == ["cross.txt"]
    assert searcher.search("양봉").notes == ()
    assert searcher.search("양봉", bridge=False).notes != ()


def test_a_syllable_translated_only_with_others_is_joined_with_its_neighbours(
    tmp_path: Path,
) -> None:
    files = {"ko.txt": "한미 동맹", "en.txt": "a Korea-US alliance", "us.txt": "한미 관계"}
    built(tmp_path / "docs", files, glossary="한미 동맹\tKorea-US alliance\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        whole = searcher.search("한미 동맹")
        assert {hit.path for hit in whole} == set(files)
        split = searcher.search("한미 동 맹")
        assert [(hit.path, hit.score, hit.bridged) for hit in split] == [
            (hit.path, hit.score, hit.bridged) for hit in whole
        ]
        [note] = searcher.search("한미 동 맹").notes
        assert note.startswith("동 맹 was corrected to 동맹: different spacing")


def test_all_split_words_are_joined(searcher: Searcher) -> None:
    assert len(searcher.search("전 략 적 동 반 자 관계").notes) == 2
    assert str(searcher.explain("전 략 적 동 반 자 관계").reading) == "전략적 동반자 관계"


def test_repeated_split_words_are_all_joined_and_those_between_stay(
    searcher: Searcher,
) -> None:
    explained = searcher.explain("전 략 적 동반자 " * 80)
    assert explained.reading == " ".join(["전략적 동반자"] * 80)
    assert len(explained.read_as) == 1


def test_a_longer_word_translated_only_with_others_is_not_joined(tmp_path: Path) -> None:
    ones = {f"{n}.txt": "국 한미" for n in range(3)}
    files = {**ones, "ko.txt": "동맹국", "en.txt": "a Korea-US alliance"}
    built(tmp_path / "docs", files, glossary="한미 동맹\tKorea-US alliance\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        assert searcher.search("한미 동맹 국").notes == ()
        assert str(searcher.explain("한미 동맹 국").reading) == "한미 동맹 국"


def test_a_syllable_translated_by_itself_is_not_joined(tmp_path: Path) -> None:
    ones = {f"{n}.txt": "꿀" for n in range(3)}
    built(tmp_path / "docs", {**ones, "ko.txt": "벌꿀", "en.txt": "a bee"}, glossary="벌\tbee\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        assert searcher.search("벌 꿀").notes == ()
        assert "en.txt" in {hit.path for hit in searcher.search("벌 꿀")}
        assert searcher.search("벌 꿀", bridge=False).notes != ()


def test_syllables_translated_only_with_others_stay_if_they_join_to_no_word(
    tmp_path: Path,
) -> None:
    files = {"en.txt": "a Korea-US alliance", "us.txt": "한미 관계"}
    built(tmp_path / "docs", files, glossary="한미 동맹\tKorea-US alliance\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        assert searcher.search("한미 동 맹").notes == ()
        assert {hit.path for hit in searcher.search("한미 동 맹")} == set(files)


@pytest.mark.parametrize(
    "query",
    ['"전략적 동방자"', "+동방자", "+(동방자 zzzz)", "+ehdqkswk", '"ehdqkswk"', "+동방자 관계"],
)
def test_words_in_quotes_and_after_plus_are_never_taken_for_others(
    searcher: Searcher, query: str
) -> None:
    assert searcher.search(query) == []
    note = searcher.search(query).notes[0]
    assert "is not in the index; the nearest words are" in note or "zzzz" in query
    assert searcher.explain(query).reading == query


def test_a_name_in_capitals_is_not_taken_for_a_misspelling(searcher: Searcher) -> None:
    assert searcher.search("strategci")
    assert searcher.search("Strategci") == []
    [note] = searcher.search("Strategci").notes
    assert note == "Strategci is not in the index; the nearest words are strategic"
    assert searcher.search("EHDQKSWK")  # Caps Lock, which the keys of a name are not


def test_words_of_groups_are_corrected_in_place(searcher: Searcher) -> None:
    assert searcher.search("(동방자 zzzz) partnership")
    assert searcher.search("partnership -동방자", limit=99) == searcher.search(
        "partnership", limit=99
    )
    assert searcher.search("title:동방자").notes == ()
    assert searcher.search("전 략 적 관계")


def test_a_word_without_correction_is_reported_as_unknown(searcher: Searcher) -> None:
    [note] = searcher.search("qqqqzzzz").notes
    assert note.startswith("qqqqzzzz is not in the index")


def test_words_of_phrases_are_not_corrected_but_hints_are_given_unless_exact(
    searcher: Searcher,
) -> None:
    assert searcher.phrase("전략적 동방자") == []
    [note] = searcher.phrase("전략적 동방자").notes
    assert note == "동방자 is not in the index; the nearest words are 동반자"
    assert searcher.phrase("전략적 동방자", exact=True).notes == ()


@pytest.mark.parametrize("words", ["전 략 적", "전 략 적 동반자", "전 략 적 동 반 자 관계"])
def test_a_split_word_is_joined_in_a_phrase_but_not_in_an_exact_one(
    searcher: Searcher, words: str
) -> None:
    whole = words.replace("전 략 적", "전략적").replace("동 반 자", "동반자")
    found = [(hit.path, hit.score) for hit in searcher.search(f'"{whole}"')]
    assert found
    assert [(hit.path, hit.score) for hit in searcher.search(f'"{words}"')] == found
    assert [(hit.path, hit.score) for hit in searcher.phrase(words)] == found
    assert {hit.read_as[0] for hit in searcher.phrase(words)} == {
        ReadAs("전 략 적", "전략적", "spacing")
    }
    assert searcher.explain(f'"{words}"').reading == f'"{whole}"'
    assert searcher.phrase(words, exact=True) == searcher.phrase(words, exact=True, strict=True)
    assert searcher.phrase(words, strict=True) == []


def test_a_phrase_that_matches_with_spaces_is_not_joined(tmp_path: Path) -> None:
    files = {f"{n}.txt": "전략적 관계" for n in range(60)}
    built(tmp_path / "docs", {**files, "split.txt": "전 략 적"})
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        assert {hit.path for hit in searcher.phrase("전 략 적", limit=99)} == {"split.txt"}
        assert searcher.phrase("전 략 적").notes == ()


def test_a_phrase_of_matching_words_is_not_joined(tmp_path: Path) -> None:
    files = {f"{n}.txt": "전략적 관계 전 략 적" for n in range(3)}
    built(tmp_path / "docs", files)
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        assert searcher.phrase("적 략 전").notes == ()
        assert searcher.phrase("전 략 적").notes == ()
        assert searcher.search('"전 략 적"').notes == ()


@pytest.mark.parametrize("query", ["전", '"전"', '"전 관계"'])
def test_a_single_syllable_is_never_taken_for_a_misspelling(tmp_path: Path, query: str) -> None:
    built(tmp_path / "docs", {f"{n}.txt": "적 천 저니 관계" for n in range(60)})
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        [note] = searcher.search(query).notes
        assert note.startswith("전 is not in the index; the nearest words are ")
        assert searcher.explain(query).reading == query
