"""Dates become numbers that compare."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.schema import span_of


@pytest.mark.parametrize(
    ("date", "span"),
    [
        ("2024-11-14", (20241114, 20241114)),
        ("2024-11", (20241101, 20241131)),
        ("2024", (20240101, 20241231)),
        ("2024-1-5", (20240105, 20240105)),
        ("2024-11-14T09:30:00", (20241114, 20241114)),
        ("", (0, 0)),
        ("last week", (0, 0)),
        ("99", (0, 0)),
    ],
)
def test_a_date_spans_the_days_it_may_mean(date: str, span: tuple[int, int]) -> None:
    assert span_of(date) == span


@given(st.dates(), st.dates())
def test_numbers_compare_as_dates_do(one: datetime.date, other: datetime.date) -> None:
    first, last = span_of(one.isoformat())
    assert first == last
    assert (one < other) == (first < span_of(other.isoformat())[0])


@given(st.dates())
def test_a_day_lies_within_its_month_and_year(day: datetime.date) -> None:
    number, _ = span_of(day.isoformat())
    for part in (day.isoformat()[:7], day.isoformat()[:4]):
        first, last = span_of(part)
        assert first <= number <= last
