"""Phrase matching, independent of inflection and spacing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from search_corpus import ENGLISH, KOREAN, built, grown, opened, prose, taught, write_texts
from search_oracle import Oracle, matches_phrase

from index.analysis.korean import Korean
from index.arrays.array_types import Indices
from index.directory.location import FOLDER
from index.schema import Field
from search.embedded.matching.phrase import phrase_passages
from search.highlight import occurrences
from search.query.words import read_words
from search.results import Hit
from search.searcher import Searcher

TEXTS = {
    "a.txt": "두 나라는 전략적 동반자 관계를 맺었다.",
    "b.txt": "두 나라는 전략적 동반자관계가 되었다.",
    "c.txt": "두 나라는 전략적동반자 관계에 들어섰다.",
    "d.txt": "동반자는 전략적 관계를 원한다.",
    "e.txt": "전략적 협력 동반자 관계",
    "f.txt": "한국의 외교는 넓다.",
    "g.txt": "외교와 한국",
    "h.txt": "한국 및 외교",
    "i.txt": "한국에서 그리고 외교에서도",
    "j.txt": "The captain's ferries keep to the tide tables.",
    "k.txt": "A captain keeps ferries. Tables of the tide hang in the harbour.",
    "l.txt": "covid-19 and R&D in the U.S. navy",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, korean: Korean) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("phrases")
    taught(folder, korean, TEXTS.values())
    write_texts(folder, TEXTS)
    built(folder)
    with opened(folder / FOLDER, korean) as searcher:
        yield searcher


def names(hits: list[Hit]) -> str:
    return "".join(sorted(hit.path.removesuffix(".txt") for hit in hits))


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("전략적 동반자 관계", "abc"),
        ("전략적동반자관계", "abc"),
        ("전략적 동반자관계를", "abc"),
        ("동반자 관계", "abce"),
        ("관계 동반자", ""),
        ("한국 외교", "fi"),
        ("한국의 외교", "fi"),
        ("한국 에서 외교를", "fi"),
        ("한국 그리고 외교", "fi"),
        ("그리고", "i"),
        ("한국 및 외교", "h"),
        ("외교 한국", "g"),
        ("captain ferry", "j"),
        ("Captain's Ferry", "j"),
        ("the tide table", "j"),
        ("covid 19", "l"),
        ("COVID19", "l"),
        ("r&d in the us navy", "l"),
        ("R and D", ""),
        ("", ""),
        ("… !", ""),
        ('"captain ferry" -tide title:x (', ""),
    ],
)
def test_a_phrase_matches_its_words_in_sequence(
    searcher: Searcher, phrase: str, found: str
) -> None:
    assert names(searcher.phrase(phrase, bridge=False)) == found


@pytest.mark.parametrize(
    ("phrase", "slop", "found"),
    [
        ("전략적 동반자", 0, "abc"),
        ("전략적 동반자", 1, "abce"),
        ("한국 외교", 1, "fhi"),
        ("captain ferries", 1, "jk"),
        ("tables tide", 1, ""),
        ("tables tide", 2, "k"),
        ("captain harbour", 1 << 60, "k"),
    ],
)
def test_slop_allows_that_many_terms_between_two_words(
    searcher: Searcher, phrase: str, slop: int, found: str
) -> None:
    assert names(searcher.phrase(phrase, slop=slop)) == found
    if slop < 10_000:
        assert names(searcher.search(f'"{phrase}"~{slop}')) == found


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("전략적 동반자 관계", "abc"),
        ("전략적 동반자 관계를", "a"),
        ("동반자관계가", "b"),
        ("한국의 외교", "f"),
        ("한국 외교", ""),
        ("captain's FERRIES", "j"),
        ("captain ferries", ""),
    ],
)
def test_an_exact_phrase_matches_characters_except_spaces_and_case(
    searcher: Searcher, phrase: str, found: str
) -> None:
    hits = searcher.phrase(phrase, exact=True)
    assert names(hits) == found
    for hit in hits:
        assert "".join(phrase.split()).lower() in "".join(hit.text.split()).lower()


def test_only_the_occurrences_of_a_phrase_are_highlighted(searcher: Searcher) -> None:
    (hit,) = searcher.phrase("the tide table")
    highlighted = [hit.text[match.start : match.end] for match in hit.matches]
    assert highlighted == ["tide", "tables"]
    (hit,) = searcher.phrase("한국 에서 외교")[:1]
    assert {match.word for match in hit.matches} == {"한국", "외교"}


def test_words_beside_a_phrase_are_highlighted_too(searcher: Searcher) -> None:
    (hit,) = searcher.search('+harbour "captain keeps"')
    highlighted = [hit.text[match.start : match.end] for match in hit.matches]
    assert highlighted == ["captain", "keeps", "harbour"]


def test_a_phrase_does_not_match_across_passages(tmp_path: Path) -> None:
    paragraphs = ["harbour " * 60 + "lighthouse", "keeper " + "island " * 60]
    write_texts(tmp_path, {"a.txt": "\n\n".join(paragraphs)})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert len(searcher.passages("a.txt", around=9)) == 2
        assert searcher.search("+lighthouse")
        assert searcher.search("+keeper")
        for slop in (0, 9_999, 1 << 17, 1 << 40):
            assert not searcher.phrase("lighthouse keeper", slop=slop)
        assert searcher.phrase("harbour lighthouse")


def _check(searcher: Searcher, seed: int, vocabulary: list[str], count: int) -> int:
    snapshot = searcher._engine.snapshot
    oracle = Oracle(snapshot, searcher._analyzer)

    def alive(passages: Indices) -> list[int]:
        return [passage for passage in passages.tolist() if snapshot.alive[passage]]

    chance = random.Random(seed)
    found = 0
    for _ in range(count):
        text = prose(chance, vocabulary, chance.choice((3, 4, 8))) or "harbour"
        slop = chance.choice((0, 0, 1, 2, 5))
        words = read_words(searcher._analyzer, text)
        plain = [word.word for word in words]
        expected = {
            number
            for number, body in oracle.bodies.items()
            if matches_phrase(body.positions, plain, slop)
        }
        passages = phrase_passages(snapshot, words, slop=slop)
        assert alive(passages) == sorted(expected), (seed, text, slop)
        titles = phrase_passages(snapshot, words, field=Field.TITLE, slop=slop)
        assert alive(titles) == [
            document.passages[0]
            for document in oracle.documents
            if matches_phrase(document.title.positions, plain, slop)
        ], (seed, text, slop)
        for number in oracle.bodies:
            passage = str(searcher._engine.snapshot.stored(number)["text"])
            tokens = searcher._analyzer.tokens(passage)
            spans = occurrences(tokens, words, slop=slop)
            assert bool(spans) == (number in expected), (seed, text, slop, passage)
            assert all(start <= end for start, end in spans)
        found += bool(expected)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_english_phrases_match_where_the_oracle_says(tmp_path: Path, seed: int) -> None:
    with Searcher.open(grown(tmp_path, seed, ENGLISH[:12])) as searcher:
        assert _check(searcher, seed, ENGLISH[:12], 60) > 10


def test_korean_phrases_match_where_the_oracle_says(tmp_path: Path, korean: Korean) -> None:
    vocabulary = [*KOREAN[-11:], *KOREAN[:12:2], "해양", "협력", "에서", "그리고"]
    taught(tmp_path, korean, vocabulary)
    with opened(grown(tmp_path, 3, vocabulary), korean) as searcher:
        assert _check(searcher, 3, vocabulary, 60) > 10
