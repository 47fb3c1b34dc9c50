from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.alphanumeric import atom_parts
from index.analysis.tokenizer import Script, pieces, words
from index.analysis.word import Role


def terms(atom: str, role: Role) -> list[tuple[str, int]]:
    parts, _ = atom_parts(atom)
    return [(part.term, part.position) for part in parts if part.role is role]


@pytest.mark.parametrize(
    ("atom", "readings", "width"),
    [
        ("running", ["run"], 1),
        ("covid-19", ["covid", "19"], 2),
        ("covid19", ["covid", "19"], 2),
        ("f-35a", ["f", "35", "a"], 3),
        ("f35a", ["f35a"], 1),
        ("h1n1", ["h1n1"], 1),
        ("b2b", ["b2b"], 1),
        ("r&d", ["r&d"], 1),
        ("u.s", ["US"], 1),
        ("e.g", ["eg"], 1),
        ("asp.net", ["asp", "net"], 2),
        ("don't", ["dont"], 1),
        ("korea's", ["korea"], 1),
        ("80's", ["80"], 1),
        ("1,234,567.5", ["1234567.5"], 1),
        ("3.1", ["3.1"], 1),
        ("3·1", ["3.1"], 1),
        ("1,23", ["1", "23"], 2),
        ("192.168.0.1", ["192", "168", "0", "1"], 4),
        ("c++", ["c++"], 1),
        ("c#", ["c#"], 1),
        ("g7+", ["g7+"], 2),
        (".net", [".net"], 1),
    ],
)
def test_an_atom_is_split_into_its_words_and_numbers(
    atom: str, readings: list[str], width: int
) -> None:
    assert [term for term, _ in terms(atom, Role.PRIMARY)] == readings
    assert atom_parts(atom)[1] == width


@pytest.mark.parametrize(
    ("atom", "whole"), [("covid-19", "covid19"), ("asp.net", "aspnet"), ("e-mails", "email")]
)
def test_an_atom_of_several_terms_has_a_compound(atom: str, whole: str) -> None:
    assert terms(atom, Role.COMPOUND) == [(whole, 0)]


@pytest.mark.parametrize(
    ("atom", "whole"), [("02-1234-5678", "0212345678"), ("1588-1234", "15881234")]
)
def test_a_telephone_number_has_its_digits_as_a_compound(atom: str, whole: str) -> None:
    assert words(atom) == [atom]
    assert terms(atom, Role.COMPOUND) == [(whole, 0)]


@pytest.mark.parametrize(
    "atom", ["2024-11-15", "1950-1953", "192.168.0.1", "1,23", "covid", "2024"]
)
def test_numbers_and_single_terms_have_no_compound(atom: str) -> None:
    assert terms(atom, Role.COMPOUND) == []


@pytest.mark.parametrize(
    ("atom", "extras"),
    [
        ("g7+", [("g", 0), ("7", 1), ("g7", 0)]),
        (".net", [("net", 0)]),
        ("1·2", [("1", 0), ("2", 0)]),
        ("c++", []),
        ("get\ue000user", [("get", 0), ("user", 1)]),
        ("you\ue000tube-channel", [("you", 0), ("tube", 1), ("channel", 2)]),
        ("3.11.7", [("3.11", 0)]),
        ("192.168.0.1", [("192.168", 0)]),
        ("python3.11.7", [("3.11", 1)]),
        ("3.11", []),
        ("1,2,3", []),
    ],
)
def test_a_name_with_a_sign_is_found_without_it(atom: str, extras: list[tuple[str, int]]) -> None:
    assert terms(atom, Role.EXTRA) == extras


@given(st.text("ab c19é.,'&-+#·", max_size=12))
def test_the_parts_of_an_atom_are_inside_it(text: str) -> None:
    atoms = [
        piece.text for word in words(text) for piece in pieces(word) if piece.script is Script.ATOM
    ]
    for atom in atoms:
        parts, width = atom_parts(atom)
        readings = [part for part in parts if part.role is Role.PRIMARY]
        assert readings
        assert width >= 1
        for part in parts:
            assert part.term
            assert 0 <= part.position < width
            assert 0 <= part.start < part.end <= len(atom)


@given(st.from_regex(r"[b-z]{2,8}", fullmatch=True), st.from_regex(r"[0-9]{1,4}", fullmatch=True))
def test_a_name_with_a_number_gives_the_same_terms_with_and_without_a_hyphen(
    name: str, number: str
) -> None:
    hyphenated, joined = f"{name}-{number}", f"{name}{number}"
    for role in (Role.PRIMARY, Role.COMPOUND):
        assert terms(hyphenated, role) == terms(joined, role)
