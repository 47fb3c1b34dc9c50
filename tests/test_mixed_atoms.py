import unicodedata

import pytest
from mixed_atoms import MixedAtom, mixed_atoms


def test_the_table_has_the_cases_it_promises() -> None:
    assert len(mixed_atoms()) >= 220


def test_no_text_comes_twice() -> None:
    texts = [atom.text for atom in mixed_atoms()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("atom", mixed_atoms(), ids=lambda atom: ascii(atom.text))
def test_a_case_asks_for_something_and_does_not_contradict_itself(atom: MixedAtom) -> None:
    assert all([atom.text, *atom.found_by, *atom.not_found_by, atom.note])
    assert atom.found_by
    found = [query.casefold() for query in atom.found_by]
    refused = [query.casefold() for query in atom.not_found_by]
    assert not {*found, atom.text.casefold()} & set(refused)


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00a0"])
def test_invisible_characters_survive_reading(invisible: str) -> None:
    assert any(invisible in atom.text for atom in mixed_atoms())


def test_decomposed_hangul_survives_reading() -> None:
    assert unicodedata.normalize("NFD", "한국") in {atom.text for atom in mixed_atoms()}
