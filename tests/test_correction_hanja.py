"""Words in Han characters are corrected to Hangul, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from correction_index import TEXTS, build_index, counted, opened
from hypothesis import given
from hypothesis import strategies as st

from search.correction.hanja import hangul_readings, hanja_terms, initial_sound_form, is_hanja
from search.correction.suggest import Correction, correct_word
from search.correction.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vocabulary]:
    with opened(build_index(tmp_path_factory.mktemp("hanja"), TEXTS)) as found:
        yield found


@pytest.mark.parametrize(
    ("word", "readings"),
    [
        ("學術", {"학술"}),
        ("女子", {"여자", "녀자"}),
        ("勞動", {"노동", "로동"}),
        ("歷史", {"역사", "력사"}),
        ("比率", {"비율", "비률"}),
        ("外交", {"외교"}),
    ],
)
def test_a_word_has_the_readings_of_north_and_south(word: str, readings: set[str]) -> None:
    assert readings <= set(hangul_readings(word))


def test_the_reading_by_the_initial_sound_rule_comes_first() -> None:
    assert hangul_readings("女子")[0] == "여자"
    assert hangul_readings("學術") == ("학술",)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("녀자", "여자"),
        ("로동", "노동"),
        ("력사", "역사"),
        ("리유", "이유"),
        ("라인", "나인"),
        ("학녀", "학녀"),
        ("나라", "나라"),
        ("abc", "abc"),
        ("", ""),
    ],
)
def test_the_initial_sound_rule_changes_only_the_first_syllable(word: str, expected: str) -> None:
    assert initial_sound_form(word) == expected


@given(st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), min_size=1))
def test_the_initial_sound_rule_applied_twice_changes_nothing_more(word: str) -> None:
    assert initial_sound_form(initial_sound_form(word)) == initial_sound_form(word)


@pytest.mark.parametrize("word", ["", "학술", "學a", "學" * 13, "\u9fff"])
def test_words_with_other_characters_or_too_long_have_no_readings(word: str) -> None:
    assert hangul_readings(word) == ()


def test_han_characters_are_recognized() -> None:
    assert is_hanja("學術")
    assert not is_hanja("學術의")
    assert not is_hanja("")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("學術", "학술의"[:2]),
        ("女子", "여자"),
        ("專門家", "전문가"),
        ("學術會議", None),
        ("外交", "외교"),
        ("女子專門家", "여자 전문가"),
        ("外交學術", "외교 학술"),
        ("外交硏究", None),
    ],
)
def test_han_characters_are_corrected_to_one_or_more_words_of_the_index(
    vocabulary: Vocabulary, typed: str, meant: str | None
) -> None:
    expected = None if meant is None else Correction(typed, meant, "hanja")
    assert correct_word(typed, vocabulary) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("학술회의", "學術會議"), ("녀자", "女子"), ("로동", "勞動"), ("학술회의를", "學術會議")],
)
def test_hangul_is_corrected_to_han_characters_of_the_index(
    vocabulary: Vocabulary, typed: str, meant: str
) -> None:
    assert correct_word(typed, vocabulary) == Correction(typed, meant, "hanja")


def test_hanja_terms_have_their_frequencies(vocabulary: Vocabulary) -> None:
    assert hanja_terms("여자", vocabulary) == {"女子": 1}
    assert hanja_terms("노동", vocabulary) == {"勞動": 1}
    assert hanja_terms("외교", vocabulary) == {}
    assert hanja_terms("", vocabulary) == hanja_terms("abc", vocabulary) == {}


def test_the_most_frequent_of_several_hanja_terms_is_taken(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    texts = counted({"造船": 1, "朝鮮": 3, "조선소": 1})
    with opened(build_index(tmp_path_factory.mktemp("several"), texts)) as vocabulary:
        assert hanja_terms("조선", vocabulary) == {"造船": 1, "朝鮮": 3}
        assert correct_word("조선", vocabulary) == Correction("조선", "朝鮮", "hanja")
