"""Sets of passages behave as sets, whether they are kept as numbers or as a mask."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.matching.passage_set import PassageSet

SIZE = 2_000
MEMBERS = st.sets(st.integers(0, SIZE - 1)) | st.sets(st.integers(0, 40))


def numbers(members: set[int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array(sorted(members), dtype=np.intp)


def kept(members: set[int], *, dense: bool) -> PassageSet:
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
def test_what_is_in_both_either_or_one_of_two_sets(
    some: set[int], others: set[int], some_dense: bool, others_dense: bool
) -> None:
    first, second = kept(some, dense=some_dense), kept(others, dense=others_dense)
    check(first & second, some & others)
    check(first | second, some | others)
    check(first - second, some - others)
    held = first.contains(numbers(others))
    assert held.tolist() == [passage in some for passage in sorted(others)]
    check(first, some)
    check(second, others)


@given(st.lists(MEMBERS, max_size=6))
def test_a_set_of_several_lists_has_what_one_of_them_has(lists: list[set[int]]) -> None:
    check(PassageSet.any_of(SIZE, map(numbers, lists)), set().union(*lists))


@pytest.mark.parametrize("size", [0, 1])
def test_the_smallest_index_has_sets_too(size: int) -> None:
    nothing = PassageSet.any_of(size, [])
    everything = PassageSet(size, mask=np.ones(size, dtype=bool))
    for found in (nothing & everything, nothing | nothing, everything - everything):
        assert not found
        assert found.numbers.tolist() == []
