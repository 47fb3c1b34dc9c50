"""Sparse and dense sets of passages behave as sets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedded.matching.passage_set import PassageSet

SIZE = 2_000
MEMBERS = st.sets(st.integers(0, SIZE - 1)) | st.sets(st.integers(0, 40))


def numbers(members: set[int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array(sorted(members), dtype=np.intp)


def passage_set(members: set[int], *, dense: bool) -> PassageSet:
    if not dense:
        return PassageSet(SIZE, numbers=numbers(members))
    mask = np.zeros(SIZE, dtype=bool)
    mask[numbers(members)] = True
    return PassageSet(SIZE, mask=mask)


def check(found: PassageSet, members: set[int]) -> None:
    assert len(found) == len(members)
    assert bool(found) == bool(members)
    assert found.numbers.tolist() == sorted(members)
    assert found.mask.nonzero()[0].tolist() == sorted(members)
    assert found.sparse is None or found.sparse.tolist() == sorted(members)


@given(MEMBERS, MEMBERS, st.booleans(), st.booleans())
def test_intersection_union_and_difference(
    some: set[int], others: set[int], some_dense: bool, others_dense: bool
) -> None:
    first, second = passage_set(some, dense=some_dense), passage_set(others, dense=others_dense)
    check(first & second, some & others)
    check(first | second, some | others)
    check(first - second, some - others)
    contained = first.contains(numbers(others))
    assert contained.tolist() == [passage in some for passage in sorted(others)]
    check(first, some)
    check(second, others)


@given(st.lists(MEMBERS, max_size=6))
def test_the_union_of_several_lists(lists: list[set[int]]) -> None:
    check(PassageSet.any_of(SIZE, map(numbers, lists)), set().union(*lists))


@pytest.mark.parametrize("size", [0, 1])
def test_sets_of_an_index_with_at_most_one_passage(size: int) -> None:
    nothing = PassageSet.any_of(size, [])
    everything = PassageSet(size, mask=np.ones(size, dtype=bool))
    for found in (nothing & everything, nothing | nothing, everything - everything):
        assert not found
        assert found.numbers.tolist() == []
