from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Stemmer import Stemmer

from index.analysis.alphanumeric import atom_parts
from index.analysis.english import STOP_WORDS, stem
from index.analysis.english_spelling import PAIRS
from index.analysis.word import Role


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("agreement", "agreements"),
        ("negotiate", "negotiating"),
        ("policy", "policies"),
        ("diplomatic", "diplomat"),
        ("study", "studied"),
        *(("child", "children"), ("mouse", "mice"), ("wolf", "wolves"), ("crisis", "crises")),
        *(("analysis", "analyses"), ("criterion", "criteria"), ("bus", "buses"), ("gas", "gases")),
        *(("run", "ran"), ("speak", "spoken"), ("write", "written"), ("take", "taking")),
        *(("color", "coloured"), ("center", "centred"), ("theater", "theatres")),
        *(("organization", "organisations"), ("analyze", "analysed"), ("realize", "realising")),
        *(("defense", "defence"), ("program", "programmes"), ("license", "licenced")),
        *(("catalog", "cataloguing"), ("maneuver", "manoeuvring"), ("traveled", "travelled")),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("united", "university"), ("korea", "core"), ("organ", "organise"), ("real", "realise")),
        *(("central", "centre"), ("find", "found"), ("leave", "left"), ("live", "life")),
    ],
)
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("precise", "precision"), ("revise", "revision"), ("advertise", "advertisement")],
)
def test_words_that_only_end_in_ise_keep_their_kin(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_each_pair_of_spellings_is_needed_and_has_one_stem() -> None:
    porter2 = Stemmer("english").stemWord
    for british, american in PAIRS:
        assert stem(british) == stem(american)
        assert porter2(british) != porter2(american)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_any_word_has_a_stem(word: str) -> None:
    assert stem(word)


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1))
def test_words_of_other_scripts_are_unchanged(word: str) -> None:
    assert stem(word) == word


def test_stop_words_are_lower_case() -> None:
    assert all(word.replace("'", "").isalpha() and word.islower() for word in STOP_WORDS)
    assert {"the", "of", "don't"} <= STOP_WORDS
    assert not {"korea", "policy", "agreement"} & STOP_WORDS


@pytest.mark.parametrize(("word", "spelled"), [("harbours", "harbour"), ("mice", "mice")])
def test_a_word_is_indexed_with_its_spelling_for_wildcards(word: str, spelled: str) -> None:
    parts, width = atom_parts(word)
    assert [(part.term, part.role) for part in parts] == [
        (stem(word), Role.PRIMARY),
        (spelled, Role.EXTRA),
    ]
    assert width == 1
