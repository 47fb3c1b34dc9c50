"""Words typed with the wrong keyboard layout are corrected by their keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from correction_index import TEXTS, build_index, opened
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.hangul_keys import as_hangul, as_latin, from_keys, is_hangul, keys_of
from index.analysis.syllables import compose, decompose
from search.correction.suggest import Correction, correct_word
from search.correction.vocabulary import Vocabulary

syllables = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))
latin = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vocabulary]:
    with opened(build_index(tmp_path_factory.mktemp("keyboard"), TEXTS)) as found:
        yield found


@given(st.text(syllables, min_size=1, max_size=8))
def test_the_keys_of_syllables_type_the_syllables(word: str) -> None:
    assert from_keys(keys_of(word)) == word


@given(latin)
def test_hangul_typed_by_latin_keys_is_read_back_as_latin(word: str) -> None:
    assert as_latin(from_keys(word)) == word


@given(syllables)
def test_a_syllable_is_composed_of_its_letters(character: str) -> None:
    assert compose(*decompose(character)) == character


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dhlry", "외교"),
        ("ehdqkswk", "동반자"),
        ("DHLRY", "외꾜"),
        ("Tkf", "쌀"),
        ("rkqtdl", "값이"),
        ("ektl", "다시"),
        ("Wkek", "짜다"),
        ("dOrl", "얘기"),
        ("dPdml", "예의"),
        ("QkfEkr", "빨딱"),
    ],
)
def test_a_capital_letter_is_shift_where_shift_makes_another_letter(typed: str, first: str) -> None:
    assert as_hangul(typed)[0] == first


@pytest.mark.parametrize("typed", ["hello", "dhlry1", "외교", "", "qqq", "naïve"])
def test_keys_with_a_letter_in_no_syllable_are_no_hangul(typed: str) -> None:
    assert as_hangul(typed) == ()


def test_with_caps_lock_the_letters_are_read_without_shift() -> None:
    assert "외교" in as_hangul("DHLRY")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ㅡㅐㅜㅎㅐㅣㅑㅁ", "mongolia"),
        ("ㅗ디ㅣㅐ", "hello"),
        ("ㄳㅘ", "rthk"),
        ("외교!", ""),
        ("", ""),
    ],
)
def test_hangul_is_read_by_the_letters_on_its_keys(typed: str, meant: str) -> None:
    assert as_latin(typed) == meant


def test_hangul_words_have_only_syllables_and_letters() -> None:
    assert is_hangul("가ㄱㅏ")
    assert not is_hangul("가a")
    assert not is_hangul("")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dhlry", "외교"),
        ("DHLRY", "외교"),
        ("ehdqkswk", "동반자"),
        ("ehdqkswkfmf", "동반자를"),
        ("ㅡㅐㅜㅎㅐㅣㅑㅁ", "mongolia"),
        ("ㅗ디ㅣㅐ", "hello"),
        ("Wkek", "짜다"),
        ("wjsfirwjrehdqkswkrhksrP", "전략적 동반자 관계"),
    ],
)
def test_a_word_of_the_index_is_found_by_its_keys(
    vocabulary: Vocabulary, typed: str, meant: str
) -> None:
    assert correct_word(typed, vocabulary) == Correction(typed, meant, "keyboard")


def test_a_word_with_a_particle_is_known_by_what_is_before_it(vocabulary: Vocabulary) -> None:
    typed = keys_of("외교와")
    assert correct_word(typed, vocabulary) == Correction(typed, "외교와", "keyboard")


@pytest.mark.parametrize("typed", ["ehdrhfid", "ㅊㅌㅋㅍㅊㅌ"])
def test_unknown_words_are_not_corrected_by_their_keys(vocabulary: Vocabulary, typed: str) -> None:
    found = correct_word(typed, vocabulary)
    assert found is None or found.how != "keyboard"
