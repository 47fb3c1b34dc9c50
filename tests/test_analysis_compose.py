from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.analyzer import Analyzer
from index.analysis.compose import compose, lexicon_keys
from index.analysis.lexicon import Analysis
from index.analysis.shared_ends import is_list
from index.analysis.tokenizer import words
from index.analysis.word import Part, Role, Word

# Fake analyses: these runs are particles, with or without another reading.
PARTICLES = {"는", "에서는"}


def one_noun(key: str) -> Analysis:
    """Read every run of Hangul as one noun, or as particles that might be a noun."""
    if is_list(key):
        return (), 0
    text = key.strip("1A")
    if text not in PARTICLES:
        return (Part(text, Role.PRIMARY, 0, 0, len(text)),), 1
    weak = Part(text, Role.FALLBACK, 0, 0, len(text))
    return (weak, Part(text + "!", Role.COMPOUND, 0, 0, len(text))), 0


def two_nouns(key: str) -> Analysis:
    """Read every run of Hangul as its first syllable and the rest."""
    if is_list(key):
        return (), 0
    text = key.strip("1A")
    cut = min(1, len(text) - 1)
    parts = [Part(text[cut:], Role.PRIMARY, cut, cut, len(text))]
    if cut:
        parts.insert(0, Part(text[:cut], Role.PRIMARY, 0, 0, cut))
        parts.append(Part(text, Role.COMPOUND, 0, 0, len(text)))
    return tuple(parts), cut + 1


def locations(word: Word, role: Role) -> list[tuple[str, int, int, int]]:
    return [(p.term, p.position, p.start, p.end) for p in word.parts if p.role is role]


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("외교부는", ["외교부는"]),
        ("covid-19는", ["1는"]),
        ("k팝의", ["A팝의"]),
        ("韓國의", ["韓國", "A의"]),
        ("美의", ["美", "A의"]),
        ("회의中", ["회의", "A中"]),
        ("15日", ["1日"]),
        ("中1", ["中1"]),
        ("韓·美", ["韓美", "韓", "美"]),
        ("國內·外", ["國內外", "國內", "外"]),
        ("大韓民國政府樹立", []),
        ("東京へ", []),
        ("학술(學術)의", ["학술", "A의"]),
        ("學術(학술)의", ["學術", "A의"]),
        ("한국(日本)의", ["한국", "日本", "A의"]),
        ("제3차", ["제1", "1차"]),
        ("약속3", ["약속"]),
        ("a급3", ["A급1"]),
        ("한·미", ["한미", "한", "미"]),
        ("국내·외", ["국내외", "국내", "외", "·국내·외"]),
        ("초/중/고등학교", ["초중고등학교", "초", "중", "고등학교", "·초·중·고등학교"]),
        ("한-미는", ["한미는", "한", "미는", "·한·미는"]),
        ("국방부·외교부는", ["국방부", "외교부는"]),
        ("covid-19", []),
        ("москва", []),
    ],
)
def test_a_run_of_hangul_is_looked_up_with_stand_ins_for_its_neighbours(
    word: str, keys: list[str]
) -> None:
    assert lexicon_keys(word) == keys


@given(st.text("가나다ㅋa1b韓한()カ-+·.,", max_size=12))
def test_a_word_looks_up_exactly_its_keys(text: str) -> None:
    for word in words(text):
        looked_up: list[str] = []

        def answer(key: str, looked_up: list[str] = looked_up) -> Analysis:
            looked_up.append(key)
            return one_noun(key)

        compose(word, answer)
        assert looked_up == lexicon_keys(word)


def test_pieces_have_consecutive_positions() -> None:
    word = compose("k팝東京", one_noun)
    assert locations(word, Role.PRIMARY) == [("k", 0, 0, 1), ("팝", 1, 1, 2), ("東京", 2, 2, 4)]
    assert word.width == 3
    assert word.bigrams == ("팝", "東京")


def test_particles_behind_other_pieces_have_no_term_and_no_position() -> None:
    for text in ("covid-19에서는", "국방부·에서는"):
        word = compose(text, one_noun)
        assert not locations(word, Role.FALLBACK)
        assert max(part.position for part in word.parts) < word.width


def test_particles_alone_are_kept_as_they_are_written() -> None:
    word = compose("에서는", one_noun)
    assert locations(word, Role.FALLBACK) == [("에서는", 0, 0, 3)]
    assert locations(word, Role.COMPOUND) == [("에서는!", 0, 0, 3)]
    assert word.width == 0


def test_a_name_with_a_dot_in_it_is_one_name_found_by_its_halves() -> None:
    word = compose("전·현직", one_noun)
    assert locations(word, Role.PRIMARY) == [("전현직", 0, 0, 4)]
    assert locations(word, Role.EXTRA) == [("전", 0, 0, 1), ("현직", 0, 2, 4)]
    assert word.width == 1


@pytest.mark.parametrize(
    ("written", "members"),
    [
        ("초·중·고등학교는", {"초등학교", "중학교"}),
        ("상·하반기", {"상반기"}),
        ("금•은•동메달을", {"금메달", "은메달"}),
        ("국내․외", {"국외"}),
        ("남·북한", {"남한"}),
        ("한·미", set()),
        ("국방부·외교부", set()),
    ],
)
def test_a_list_is_found_by_each_member(
    analyzer: Analyzer, written: str, members: set[str]
) -> None:
    (token,) = analyzer.tokens(written)[:1]
    possible = {
        "초등학교",
        "중학교",
        "중등학교",
        "고등학교",
        "상반기",
        "금메달",
        "은메달",
        "국외",
        "남한",
    }
    assert possible.intersection(token.word.terms(Role.EXTRA)) - {"고등학교", "중등학교"} == members


def test_the_terms_of_a_name_with_a_dot_have_the_offsets_of_the_text() -> None:
    word = compose("한·미·일", two_nouns)
    assert locations(word, Role.PRIMARY) == [("한", 0, 0, 1), ("미일", 1, 2, 5)]
    assert locations(word, Role.COMPOUND) == [("한미일", 0, 0, 5)]


def test_two_names_with_a_dot_between_them_are_two_consecutive_words() -> None:
    word = compose("국방부·외교부", two_nouns)
    assert [term for term, *_ in locations(word, Role.PRIMARY)] == ["국", "방부", "외", "교부"]
    assert locations(word, Role.COMPOUND) == [("국방부", 0, 0, 3), ("외교부", 2, 4, 7)]
    assert word.width == 4


def test_han_names_are_the_same_with_and_without_a_dot() -> None:
    dotted, plain = compose("韓·美", one_noun), compose("韓美", one_noun)
    assert dotted.terms(Role.PRIMARY) == plain.terms(Role.PRIMARY) == ["韓美"]
    assert dotted.bigrams == plain.bigrams == ("韓美",)


def test_syllable_bigrams_never_cross_scripts() -> None:
    assert compose("외교부는ai정책", one_noun).bigrams == ("외교", "교부", "부는", "정책")
    assert compose("한·미", one_noun).bigrams == ("한미",)
    assert compose("핵", one_noun).bigrams == ("핵",)
    assert compose("covid-19", one_noun).bigrams == ()


@given(st.text("가나는에서ㅋa1b韓한()カ-+·.,", max_size=12), st.sampled_from([one_noun, two_nouns]))
def test_every_word_has_terms_inside_it_at_its_positions(
    text: str, korean: Callable[[str], Analysis]
) -> None:
    for surface in words(text):
        word = compose(surface, korean)
        assert word.parts
        for part in word.parts:
            assert part.role is Role.EXTRA or 0 <= part.position < max(word.width, 1)
            assert 0 <= part.start < part.end <= len(surface)
