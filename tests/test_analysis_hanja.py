"""Words in Han characters have the terms of their readings, and single ones the names they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.analyzer import Analyzer
from index.analysis.hanja import (
    LONGEST,
    hangul_readings,
    headline_terms,
    initial_sound_form,
    is_hanja,
    is_reading,
    literal_readings,
)
from index.analysis.korean import Korean
from index.analysis.lexicon import Lexicon
from index.analysis.word import Role

han = st.text("學國女樂北不勞率美中\u9fff", min_size=1, max_size=LONGEST + 1)


@pytest.mark.parametrize(
    ("word", "north", "south"),
    [
        ("學術", "학술", "학술"),
        ("女子", "녀자", "여자"),
        ("勞動", "로동", "노동"),
        ("歷史", "력사", "역사"),
        ("比率", "비률", "비율"),
        ("外交", "외교", "외교"),
    ],
)
def test_a_word_has_the_readings_of_north_and_south(word: str, north: str, south: str) -> None:
    assert north in literal_readings(word)
    assert south in hangul_readings(word)


def test_a_word_of_one_reading_has_no_other() -> None:
    assert hangul_readings("女子") == ("여자",)
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


@pytest.mark.parametrize("word", ["", "학술", "學a", "學" * (LONGEST + 1), "\u9fff"])
def test_words_with_other_characters_or_too_long_have_no_readings(word: str) -> None:
    assert hangul_readings(word) == literal_readings(word) == ()


def test_han_characters_are_recognized() -> None:
    assert is_hanja("學術")
    assert not is_hanja("學術의")
    assert not is_hanja("")


@given(han)
def test_every_reading_of_a_word_is_recognized_as_one(word: str) -> None:
    for reading in (*hangul_readings(word), *literal_readings(word)):
        assert is_reading(reading, word)
        assert not is_reading(reading + "가", word)


def test_a_name_of_headlines_is_one_term_and_its_reading_comes_first(korean: Korean) -> None:
    for character in "美中日北韓英獨佛露印臺泰越伊與野檢警靑株車女男":
        reading, *names = headline_terms(character)
        assert len(reading) == 1
        for parts, width in korean.analyze(names):
            assert (width, parts[0].term) == (1, parts[0].term[: parts[0].end])


@pytest.mark.parametrize(
    ("text", "compounds", "extra"),
    [
        ("美", {"미", "미국"}, set()),
        ("李", {"이"}, {"리"}),
        ("前", {"전"}, set()),
        ("國際關係", {"국제관계", "국제", "관계"}, set()),
        ("自動車", {"자동차"}, set()),
        ("不動産", {"부동산"}, set()),
        ("勞動", {"노동"}, {"로동"}),
        ("盧武鉉", {"노무현"}, {"로무현"}),
        ("敗北", {"패배"}, set()),
        ("回\u9fff", set(), set()),
        ("學" * (LONGEST + 1), set(), set()),
    ],
)
def test_han_characters_have_their_usual_readings_as_terms(
    korean: Korean, text: str, compounds: set[str], extra: set[str]
) -> None:
    word = Analyzer(Lexicon(), korean).word(text)
    assert word.terms(Role.PRIMARY) == [text]
    assert set(word.terms(Role.COMPOUND)) == compounds
    assert set(word.terms(Role.EXTRA)) == extra


@pytest.mark.parametrize("text", ["회의中", "15日", "中1", "대北"])
def test_a_character_beside_another_word_is_read_and_stands_for_no_name(
    analyzer: Analyzer, text: str
) -> None:
    names = {"중국", "일본", "북한"}
    assert names.isdisjoint(part.term for part in analyzer.word(text).parts)
    assert {"중", "일", "북"} & {part.term for part in analyzer.word(text).parts}


def test_a_single_character_needs_no_kiwi() -> None:
    class NoKiwi(Korean):
        @property
        def _kiwi(self) -> None:  # type: ignore[override]
            raise AssertionError("Kiwi was loaded")

    learning = Analyzer(Lexicon(), NoKiwi())
    learning.learn(["美", "15日"])
    assert learning.word("美") == Analyzer(Lexicon(), NoKiwi()).word("美")


def test_a_query_reads_han_characters_whose_reading_is_known_without_kiwi(korean: Korean) -> None:
    lexicon = Lexicon()
    Analyzer(lexicon, korean).learn(["국제관계"])
    asked = Analyzer(lexicon, korean)
    assert asked.word("國際關係") == Analyzer(Lexicon(), korean).word("國際關係")
    assert asked.source("國際關係") == "lexicon"


def test_words_of_japanese_are_not_read(analyzer: Analyzer) -> None:
    assert [part.term for part in analyzer.word("外交と").parts] == ["外交", "と"]


@pytest.mark.parametrize(
    ("text", "primary", "extra", "width"),
    [
        ("학술(學術)", ["학술"], ["學術"], 1),
        ("학술(學術)을", ["학술"], ["學術"], 1),
        ("국제관계(國際關係)", ["국제", "관계"], ["國際關係"], 2),
        ("학술（學術）을", ["학술"], ["學術"], 1),
        ("노동(勞動, 2005)", ["노동"], ["勞動"], 1),
        ("學術(학술)을", ["學術"], ["학술"], 1),
        ("학술(外交)", ["학술", "外交"], [], 2),
    ],
)
def test_a_word_in_brackets_that_is_the_one_before_takes_no_position(
    analyzer: Analyzer, text: str, primary: list[str], extra: list[str], width: int
) -> None:
    word = analyzer.tokens(text)[0].word
    assert word.terms(Role.PRIMARY) == primary
    assert word.terms(Role.EXTRA) == extra
    assert word.width == width
