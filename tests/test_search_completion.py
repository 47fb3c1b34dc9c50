"""Prefixes are completed to words of the index, the most frequent first."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from correction_index import TEXTS, build_index, counted, opened
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.hangul_keys import from_keys, is_hangul, keys_of
from index.analysis.syllables import INITIALS, decompose
from search.completion import Completion, complete, prefix_patterns
from search.correction.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vocabulary]:
    with opened(build_index(tmp_path_factory.mktemp("complete"), TEXTS)) as found:
        yield found


def terms(vocabulary: Vocabulary, prefix: str) -> list[str]:
    return [completion.term for completion in complete(vocabulary, prefix)]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("동반ㅈ", ["동반자"]),
        ("동바", ["동반자", "동방"]),
        ("동반", ["동반자"]),
        ("동ㅂ", ["동반자", "동방"]),
        ("ㄷㅂㅈ", ["동반자"]),
        ("ㅈㄹㅈ", ["전략적"]),
        ("전략", ["전략", "전략적"]),
        ("외굑", []),
        ("외교", ["외교"]),
        ("오", ["외교"]),
        ("외ㄱ", ["외교"]),
        ("ㅎㅅㅎ", []),
        ("학숧", []),
        ("전ㄹㅈ", ["전략적"]),
        ("뷁", []),
        ("ㅏ", []),
        ("전ㅏ", []),
        ("女", ["女子"]),
    ],
)
def test_incomplete_syllables_and_initials_are_completed(
    vocabulary: Vocabulary, prefix: str, expected: list[str]
) -> None:
    assert terms(vocabulary, prefix) == expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("strat", ["strategic"]),
        ("Strategi", ["strategic"]),
        ("gov", ["government"]),
        ("government", ["government"]),
        ("economie", ["economies"]),
        ("docu", ["documents"]),
        ("movi", ["moving"]),
        ("c+", ["c++"]),
        ("zzz", []),
        ("", []),
        ("x" * 65, []),
        ("\ud800", []),
    ],
)
def test_english_is_completed_to_a_word_of_the_documents(
    vocabulary: Vocabulary, prefix: str, expected: list[str]
) -> None:
    assert terms(vocabulary, prefix) == expected


def test_a_stem_that_no_text_writes_out_is_shown_as_it_is(vocabulary: Vocabulary) -> None:
    assert "covid19" in terms(vocabulary, "covid1")


def test_each_completion_has_its_passage_frequency(vocabulary: Vocabulary) -> None:
    assert complete(vocabulary, "전략") == [Completion("전략", 60), Completion("전략적", 60)]
    assert complete(vocabulary, "동반") == [Completion("동반자", 69)]


def test_literal_matches_of_the_prefix_come_first(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    texts = counted({"동바다": 1, "동반자": 3, "동발": 2})
    with opened(build_index(tmp_path_factory.mktemp("first"), texts)) as vocabulary:
        assert terms(vocabulary, "동바") == ["동바다", "동반자", "동발"]


def test_a_reading_with_a_particle_is_left_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = counted({"문서": 3, "문서의": 2, "회의": 1})
    with opened(build_index(tmp_path_factory.mktemp("particle"), texts)) as vocabulary:
        assert terms(vocabulary, "문서") == ["문서"]
        assert terms(vocabulary, "회") == ["회의"]


def test_no_more_than_the_limit_are_returned(vocabulary: Vocabulary) -> None:
    assert len(complete(vocabulary, "ㅈ", limit=2)) == 2
    assert len(complete(vocabulary, "p", limit=1)) == 1
    assert complete(vocabulary, "ㅈ", limit=0) == []


def test_the_most_frequent_of_many_are_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = random.Random(5)
    syllables = "가각나다라마바사아자차카타파하"
    words = sorted({"전" + "".join(chance.choices(syllables, k=3)) for _ in range(90)})
    counts = {word: 1 + (n % 9 == 4) * n for n, word in enumerate(words)}
    with opened(build_index(tmp_path_factory.mktemp("many"), counted(counts))) as vocabulary:
        expected = sorted(words, key=lambda word: (-counts[word], word))[:5]
        assert terms(vocabulary, "전")[:5] == expected


@given(st.data())
def test_every_prefix_of_the_keys_of_a_word_is_completed_to_it(
    vocabulary: Vocabulary, data: st.DataObject
) -> None:
    word = data.draw(
        st.sampled_from(("동반자", "전략적", "외교", "학술", "노동", "전문가", "관계"))
    )
    keys = keys_of(word)
    typed = from_keys(keys[: data.draw(st.integers(1, len(keys)))])
    assert word in [c.term for c in complete(vocabulary, typed, limit=100)]


@given(st.sampled_from(("동반자", "전략적", "외교", "스프레드시트")), st.data())
def test_initials_of_the_last_syllables_are_completed_to_the_word(
    vocabulary: Vocabulary, word: str, data: st.DataObject
) -> None:
    opens = data.draw(st.integers(0, len(word) - 1))
    letters = "".join(INITIALS[decompose(syllable)[0]] for syllable in word[opens:])
    assert is_hangul(letters)
    assert word in [c.term for c in complete(vocabulary, word[:opens] + letters, limit=100)]


def test_a_coda_of_two_keys_is_two_initials() -> None:
    assert prefix_patterns("ㄳ")[1:] == prefix_patterns("ㄱㅅ")[1:]
    assert prefix_patterns("a") == prefix_patterns("a")[:1]
