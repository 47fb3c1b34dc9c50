"""Ragged arrays and sorted sets give the results of plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.arrays.ragged import among, before, common, row_indices, sums

rows = st.lists(st.lists(st.integers(-9, 9), max_size=4), max_size=6)


def sizes_of(rows: list[list[int]]) -> np.ndarray:
    return np.array([len(row) for row in rows], np.intc)


def flat(rows: list[list[int]]) -> np.ndarray:
    return np.array([number for row in rows for number in row], np.int64)


@given(rows)
def test_sums_are_those_of_the_rows(some: list[list[int]]) -> None:
    assert sums(flat(some), sizes_of(some)).tolist() == [sum(row) for row in some]
    assert before(flat(some)).tolist() == [
        sum(flat(some)[:end]) for end in range(len(flat(some)) + 1)
    ]


@given(rows, st.data())
def test_rows_are_selected_in_the_given_order(some: list[list[int]], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(some))), max_size=8)) if some else []
    found = row_indices(np.array(chosen, np.intc), sizes_of(some))
    assert flat(some)[found].tolist() == [number for row in chosen for number in some[row]]


numbers = st.sets(st.integers(-9, 9))


@given(numbers, numbers)
def test_membership_and_intersection_are_those_of_sets(some: set[int], others: set[int]) -> None:
    left, right = (np.array(sorted(each), np.int64) for each in (some, others))
    assert among(left, right).tolist() == [number in others for number in sorted(some)]
    assert common(left, right).tolist() == sorted(some & others)
