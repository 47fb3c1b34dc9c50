"""Missing and wrong spaces are corrected where the index has the words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from correction_index import TEXTS, build_index, opened

from search.correction.spacing import split
from search.correction.suggest import Correction, correct_spacing, correct_word
from search.correction.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vocabulary]:
    with opened(build_index(tmp_path_factory.mktemp("spacing"), TEXTS)) as found:
        yield found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("전략적동반자관계", "전략적 동반자 관계"),
        ("동반자외교를", "동반자 외교를"),
        ("외교적", "외교 적"),
        ("strategicpartnership", "strategic partnership"),
        ("StrategicPartnership", "strategic partnership"),
    ],
)
def test_a_word_made_of_known_words_is_split(
    vocabulary: Vocabulary, typed: str, meant: str
) -> None:
    assert correct_word(typed, vocabulary) == Correction(typed, meant, "spacing")


@pytest.mark.parametrize(
    "typed", ["동반자", "적외교", "동반자뷁", "partnershipof", "협력", "a1b2", "가" * 65, ""]
)
def test_a_word_with_an_unknown_piece_is_not_split(vocabulary: Vocabulary, typed: str) -> None:
    assert split(typed, vocabulary) == ()


def test_every_piece_is_a_word_of_two_syllables_or_more(vocabulary: Vocabulary) -> None:
    assert split("동반자쌀짜다", vocabulary) == ()
    assert split("동반자짜다", vocabulary) == ("동반자", "짜다")


def test_no_more_than_a_few_pieces_make_a_word(vocabulary: Vocabulary) -> None:
    assert len(split("동반자" * 8, vocabulary)) == 8
    assert split("동반자" * 9, vocabulary) == ()


def test_one_mistyped_key_is_likelier_than_a_missing_space(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    texts = ("동방 방자전", "동방바자전")
    with opened(build_index(tmp_path_factory.mktemp("typo"), texts)) as vocabulary:
        assert split("동방방자전", vocabulary) == ("동방", "방자전")
        found = correct_word("동방방자전", vocabulary)
    assert found is not None
    assert (found.understood, found.how) == ("동방바자전", "spelling")


@pytest.mark.parametrize(
    ("typed", "span", "meant"),
    [
        ("전 략 적", (0, 3), "전략적"),
        ("우리 전 략 적 관계", (1, 4), "전략적"),
        ("동반 자", (0, 2), "동반자"),
        ("Part nership", (0, 2), "partnership"),
        ("스프레 드시트", (0, 2), "스프레드시트"),
    ],
)
def test_neighbours_that_form_a_known_word_are_joined(
    vocabulary: Vocabulary, typed: str, span: tuple[int, int], meant: str
) -> None:
    words = typed.split()
    run = " ".join(words[slice(*span)])
    found = correct_spacing(words, vocabulary, unmatched=words)
    assert found == [(*span, Correction(run, meant, "spacing"))]


@pytest.mark.parametrize("typed", ["동반자 외교", "hello 전략", "전 뷁 략", "전략적", "", "c++ 전"])
def test_words_that_form_no_known_word_stay(vocabulary: Vocabulary, typed: str) -> None:
    assert correct_spacing(typed.split(), vocabulary, unmatched=typed.split()) == []


def test_words_are_joined_if_one_of_them_is_unmatched(vocabulary: Vocabulary) -> None:
    words = ["관", "계", "전", "략", "적", "Part", "nership"]

    def found(*unmatched: str) -> list[tuple[int, int]]:
        return [run[:2] for run in correct_spacing(words, vocabulary, unmatched=unmatched)]

    assert found("관", "략", "Part") == [(0, 2), (2, 5), (5, 7)]
    assert found("적", "part") == [(2, 5), (5, 7)]
    assert found() == []


def test_of_overlapping_runs_the_longest_is_joined_then_the_first(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    texts = ("가나 나다 나다라 다라마 라마",)
    with opened(build_index(tmp_path_factory.mktemp("runs"), texts)) as vocabulary:
        words = list("가나다라마")
        runs = correct_spacing(words, vocabulary, unmatched=words)
        assert [correction.understood for _, _, correction in runs] == ["나다라"]
        words = list("가나다가나")
        runs = correct_spacing(words, vocabulary, unmatched=words)
        assert [correction.understood for _, _, correction in runs] == ["가나", "가나"]
