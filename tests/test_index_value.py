from __future__ import annotations

from dataclasses import dataclass, replace

from index.value import Value


@dataclass(slots=True, eq=False, repr=False)
class Word(Value):
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pattern(Value):
    text: str
    field: str = ""


def test_values_are_equal_if_their_class_and_fields_are() -> None:
    word = Word("river")
    assert word == Word("river", "") == replace(Word("bank"), text="river")
    assert word != Word("river", "title")
    assert word != Pattern("river")
    assert word != ("river", "")


def test_equal_values_are_one_in_a_set() -> None:
    assert len({Word("river"), Word("river"), Word("bank"), Pattern("river")}) == 3


def test_the_repr_of_a_value_is_its_constructor_call() -> None:
    assert repr(Pattern("r*", field="title")) == "Pattern(text='r*', field='title')"
