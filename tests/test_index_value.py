from __future__ import annotations

import copy
import dataclasses
import pickle
import re
import typing
from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.value import NamedTuple, replace, value


@value
class Word:
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class StandardWord:
    text: str
    field: str = ""


@value(kw_only=True)
class Pattern:
    text: str
    field: str = ""


@value
class Words(Sequence[Word]):
    words: tuple[Word, ...]

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, index: int) -> Word:
        return self.words[index]


class Span(NamedTuple):
    start: int
    end: int = 0

    @property
    def length(self) -> int:
        return self.end - self.start


class StandardSpan(typing.NamedTuple):
    start: int
    end: int = 0


ARGUMENTS = st.tuples(
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from(["start", "end", "text", "other"]), st.integers(), max_size=3),
)


def outcome(
    kind: Callable[..., object], values: Sequence[int], named: dict[str, int]
) -> dict[str, object] | str:
    """Return the fields of what a class makes of arguments, or the error."""
    try:
        made = kind(*values, **named)
    except TypeError as error:
        return str(error).partition("() ")[2]
    return made._asdict() if hasattr(made, "_asdict") else asdict(made)


@given(ARGUMENTS)
def test_a_named_tuple_takes_the_arguments_of_the_standard_one(
    arguments: tuple[list[int], dict[str, int]],
) -> None:
    assert outcome(Span, *arguments) == outcome(StandardSpan, *arguments)


@given(ARGUMENTS)
def test_a_value_takes_the_arguments_of_the_standard_dataclass(
    arguments: tuple[list[int], dict[str, int]],
) -> None:
    assert outcome(Word, *arguments) == outcome(StandardWord, *arguments)


def test_a_named_tuple_is_one_of_the_standard_library_in_all_else() -> None:
    span, standard = Span(1, 3), StandardSpan(1, 3)
    assert span == standard == (1, 3)
    assert (span.start, span.end, span.length) == (1, 3, 2)
    assert repr(span) == repr(standard).removeprefix("Standard")
    assert span._replace(end=5) == standard._replace(end=5)
    assert span._asdict() == standard._asdict()
    assert Span._make([4, 5]) == StandardSpan._make([4, 5])
    assert Span._fields == StandardSpan._fields == Span.__match_args__
    assert Span._field_defaults == StandardSpan._field_defaults
    assert type(pickle.loads(pickle.dumps(span))) is type(copy.deepcopy(span)) is Span
    with pytest.raises(ValueError, match="unexpected field names"):
        span._replace(width=1)
    with pytest.raises(TypeError, match="Expected 2 arguments, got 1"):
        Span._make([4])
    with pytest.raises(AttributeError):
        span.start = 2
    with pytest.raises(AttributeError):
        span.other = 2


def test_the_packages_take_named_tuples_from_here() -> None:
    root = Path(__file__).parents[1]
    # Help imports these, and nothing of the index.
    others = {
        *("search/cli/invocation.py", "search/cli/result_options.py", "search/cli/paths.py"),
        "search/output/terminal.py",
    }
    files = [path for name in ("index", "search") for path in (root / name).rglob("*.py")]
    pattern = re.compile(r"^from typing import .*\bNamedTuple\b", re.MULTILINE)
    found = {
        path.relative_to(root).as_posix()
        for path in files
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found == others


def test_values_are_equal_if_their_class_and_fields_are() -> None:
    word = Word("river")
    assert word == Word("river", "") == replace(Word("bank"), text="river")
    assert word != Word("river", "title")
    assert word != Pattern(text="river")
    assert word != ("river", "")


def test_equal_values_are_one_in_a_set() -> None:
    assert len({Word("river"), Word("river"), Word("bank"), Pattern(text="river")}) == 3


def test_the_repr_of_a_value_is_its_constructor_call() -> None:
    assert repr(Pattern(text="r*", field="title")) == "Pattern(text='r*', field='title')"


def test_a_value_does_not_change() -> None:
    word = Word("river")
    with pytest.raises(FrozenInstanceError):
        word.text = "bank"
    with pytest.raises(FrozenInstanceError):
        del word.text
    with pytest.raises(FrozenInstanceError):
        word.other = 1


def test_fields_are_by_keyword_only_where_the_class_says_so() -> None:
    with pytest.raises(TypeError):
        Pattern("r*")
    assert (Word.__match_args__, Pattern.__match_args__) == (("text", "field"), ())


def test_a_value_survives_pickle_and_copy() -> None:
    for word in (Word("river"), Pattern(text="r*"), Words((Word("river"),))):
        assert pickle.loads(pickle.dumps(word)) == copy.copy(word) == copy.deepcopy(word) == word


def test_the_module_dataclasses_knows_a_value() -> None:
    word = Pattern(text="r*")
    assert is_dataclass(word)
    assert [field.name for field in fields(Pattern)] == ["text", "field"]
    assert all(field.kw_only for field in fields(Pattern))
    assert asdict(Words((Word("river"),))) == {"words": ({"text": "river", "field": ""},)}
    assert dataclasses.replace(word, field="title") == Pattern(text="r*", field="title")


def test_a_value_may_have_another_base() -> None:
    words = Words((Word("river"), Word("bank")))
    assert isinstance(words, Sequence)
    assert Word("bank") in words
    assert words == Words((Word("river"), Word("bank")))
