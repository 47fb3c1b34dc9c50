"""The matcher of a posting list steps, skips and copies as Whoosh's own matchers do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.formats import Frequency
from whoosh.matching import ReadTooFar

from index.segment.content import Postings
from index.whoosh.schema import PackedPositions
from index.whoosh.terms import _Matcher

_passages = st.lists(st.integers(0, 60), min_size=1, unique=True).map(sorted)


def matcher(passages: list[int]) -> _Matcher:
    """Return a list with frequencies of `passage % 3 + 1`, at positions 0, 1000 and 2000."""
    counts = [passage % 3 + 1 for passage in passages]
    positions = [1000 * number for count in counts for number in range(count)]
    postings = Postings(np.array(passages), np.array(counts), np.array(positions))
    return _Matcher(postings, PackedPositions(), ("body", b"river"))


@given(_passages, st.lists(st.integers(-1, 65)))
def test_a_skip_ends_where_single_steps_would(passages: list[int], targets: list[int]) -> None:
    skipping, row = matcher(passages), 0
    for target in targets:
        if not skipping.is_active():
            break
        skipping.skip_to(target)
        while row < len(passages) and passages[row] < target:
            row += 1
        assert list(skipping.all_ids()) == passages[row:]
        if skipping.is_active():
            count = passages[row] % 3 + 1
            assert skipping.id() == passages[row]
            assert skipping.value_as("frequency") == skipping.weight() == count
            assert skipping.value_as("positions") == [0, 1000, 2000][:count]


def test_a_matcher_is_reset_and_its_copy_is_independent() -> None:
    first = matcher([3, 5])
    first.next()
    copied = first.copy()
    first.reset()
    assert (first.id(), copied.id()) == (3, 5)
    assert first.term() == ("body", b"river")


def test_nothing_is_read_past_the_end() -> None:
    ended = matcher([3])
    ended.next()
    assert not ended.is_active()
    assert ended.id() == 3
    for go in (ended.next, lambda: ended.skip_to(9)):
        with pytest.raises(ReadTooFar):
            go()


def test_a_list_without_positions_has_frequencies() -> None:
    postings = Postings(np.array([1]), np.array([300]), np.zeros(0, np.int64))
    counted = _Matcher(postings, Frequency(), ("gram", "강물".encode()))
    assert counted.value_as("frequency") == 300
    assert not counted.supports("positions")
    assert not counted.supports_block_quality()


@given(st.lists(st.integers(0, 65_535), min_size=1, unique=True).map(sorted))
def test_positions_are_packed_and_unpacked(positions: list[int]) -> None:
    packed = PackedPositions()
    assert packed.decode_positions(packed.encode(positions)) == positions
    assert packed.decode_frequency(packed.encode(positions)) == len(positions)
