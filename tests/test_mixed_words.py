from __future__ import annotations

import unicodedata

import pytest
from mixed_words import MixedAtom, mixed_words


def test_the_table_has_at_least_220_cases() -> None:
    assert len(mixed_words()) >= 220


def test_no_text_is_duplicated() -> None:
    texts = [atom.text for atom in mixed_words()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("atom", mixed_words(), ids=lambda atom: ascii(atom.text))
def test_a_case_has_queries_and_does_not_contradict_itself(atom: MixedAtom) -> None:
    assert all([atom.text, *atom.found_by, *atom.not_found_by, atom.note])
    assert atom.found_by
    found = [query.casefold() for query in atom.found_by]
    rejected = [query.casefold() for query in atom.not_found_by]
    assert not {*found, atom.text.casefold()} & set(rejected)


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00a0"])
def test_invisible_characters_survive_reading(invisible: str) -> None:
    assert any(invisible in atom.text for atom in mixed_words())


def test_decomposed_hangul_survives_reading() -> None:
    assert unicodedata.normalize("NFD", "한국") in {atom.text for atom in mixed_words()}
