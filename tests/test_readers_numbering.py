"""The numbers of lists are written as programs show them."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.readers import read_opened
from corpus.readers.list_numbers import Counter, Level
from corpus.readers.number_forms import written
from corpus.readers.xml_cursor import whole_number
from tests.office_files import docx, word_table


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("lowerLetter", 3, "c"),
        ("upperLetter", 28, "BB"),
        ("lowerRoman", 1994, "mcmxciv"),
        ("upperRoman", 4, "IV"),
        ("ganada", 4, "라"),
        ("chosung", 4, "ㄹ"),
        ("koreanCounting", 21, "이십일"),
        ("koreanCounting", 10, "십"),
        ("chineseCounting", 13, "十三"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircle", 21, "21"),
        ("a form of another program", 5, "5"),
        ("lowerLetter", 0, "0"),
    ],
)
def test_a_number_is_written_in_its_form(form: str, number: int, text: str) -> None:
    assert written(number, form) == text


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40))
def test_a_level_begins_anew_below_each_item_above_it(levels: list[int]) -> None:
    counter = Counter({level: Level(text=f"%{level + 1}") for level in range(4)})
    for position, level in enumerate(levels):
        before = levels[:position]
        start = max((i for i, other in enumerate(before) if other < level), default=-1)
        expected = before[start + 1 :].count(level) + 1

        assert counter.next(level) == f"{expected} "


def test_a_number_may_have_those_of_the_levels_above_it() -> None:
    counter = Counter({0: Level(text="%1."), 1: Level(form="upperLetter", text="%1-%2")})

    assert [counter.next(level) for level in (0, 1, 1, 0, 1)] == [
        *("1. ", "1-A ", "1-B ", "2. ", "2-A ")
    ]


@given(st.text(alphabet="0123456789 -.٣²a", max_size=12) | st.just("9" * 5000))
def test_whatever_an_attribute_says_gives_a_number_of_few_digits(text: str) -> None:
    number = whole_number(text, 1)
    assert 0 <= number < 10**9
    assert number == 1 or number == int(text)


def test_a_cell_that_spans_more_columns_than_a_number_can_say_is_read() -> None:
    table = word_table([["가", "나"]])
    spans = f'<w:tc><w:tcPr><w:gridSpan w:val="{"9" * 5000}"/></w:tcPr>'
    (document,) = read_opened(
        BytesIO(docx(table.replace("<w:tc>", spans, 1))), name="표", suffix=".docx"
    )
    assert isinstance(document, Document)
