"""A posting list is walked as Whoosh walks its own: step by step, by leaps, in copies."""

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
    """Return a list in which a term stands `passage % 3 + 1` times, at 0, 1000 and 2000."""
    counts = [passage % 3 + 1 for passage in passages]
    places = [1000 * number for count in counts for number in range(count)]
    postings = Postings(np.array(passages), np.array(counts), np.array(places))
    return _Matcher(postings, PackedPositions(), ("body", b"river"))


@given(_passages, st.lists(st.integers(-1, 65)))
def test_a_leap_ends_where_single_steps_would(passages: list[int], targets: list[int]) -> None:
    leaping, place = matcher(passages), 0
    for target in targets:
        if not leaping.is_active():
            break
        leaping.skip_to(target)
        while place < len(passages) and passages[place] < target:
            place += 1
        assert list(leaping.all_ids()) == passages[place:]
        if leaping.is_active():
            count = passages[place] % 3 + 1
            assert leaping.id() == passages[place]
            assert leaping.value_as("frequency") == leaping.weight() == count
            assert leaping.value_as("positions") == [0, 1000, 2000][:count]


def test_a_list_begins_anew_and_a_copy_goes_its_own_way() -> None:
    walked = matcher([3, 5])
    walked.next()
    copied = walked.copy()
    walked.reset()
    assert (walked.id(), copied.id()) == (3, 5)
    assert walked.term() == ("body", b"river")


def test_nothing_is_read_behind_the_end() -> None:
    ended = matcher([3])
    ended.next()
    assert not ended.is_active()
    assert ended.id() == 3
    for go in (ended.next, lambda: ended.skip_to(9)):
        with pytest.raises(ReadTooFar):
            go()


def test_a_list_without_positions_tells_frequencies() -> None:
    postings = Postings(np.array([1]), np.array([300]), np.zeros(0, np.int64))
    counted = _Matcher(postings, Frequency(), ("gram", "강물".encode()))
    assert counted.value_as("frequency") == 300
    assert not counted.supports("positions")
    assert not counted.supports_block_quality()


@given(st.lists(st.integers(0, 65_535), min_size=1, unique=True).map(sorted))
def test_positions_are_packed_and_unpacked(places: list[int]) -> None:
    packed = PackedPositions()
    assert packed.decode_positions(packed.encode(places)) == places
    assert packed.decode_frequency(packed.encode(places)) == len(places)
