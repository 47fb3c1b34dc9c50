"""Merging segments gives what inverting all their documents at once would have given."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_documents import (
    Source,
    assert_same_content,
    content_of,
    new_store,
    numbered_source,
    sources,
    whole,
    written,
)

from index.directory.catalogue import Catalogue
from index.directory.directory_reader import DirectoryReader
from index.ingest.transaction import IndexTransaction
from index.segment.merge import FAN_IN, due_for_merge, merged


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DirectoryReader:
    return new_store(tmp_path_factory.mktemp("merges"))


@settings(max_examples=40)
@given(
    parts=st.lists(sources, min_size=1, max_size=4),
    gone=st.sets(st.sampled_from([f"문서{number}.txt" for number in range(4)])),
)
def test_a_merge_equals_inverting_what_is_left(
    store: DirectoryReader, parts: list[list[Source]], gone: set[str]
) -> None:
    readers = [written(store, content_of(part), gone) for part in parts]
    left = [source for part in parts for source in part if source[0].path not in gone]
    at_once = content_of(left)
    content = whole(merged(readers))
    assert_same_content(content, at_once)
    for reader in readers:
        reader.close()
    again = written(store, content)  # what a merge gives can be written, and merged once more
    assert_same_content(whole(merged([again])), at_once)
    again.close()


def simulated(adding: list[int], rng: random.Random, *, deleting: float) -> tuple[list[int], int]:
    """Return the sizes of the segments after commits of so many passages, and passages merged."""
    segments: list[tuple[int, int]] = []
    cost = 0
    for size in adding:
        segments = [(held, min(held, gone + (rng.random() < deleting))) for held, gone in segments]
        segments = [(held, gone) for held, gone in [*segments, (size, 0)] if held > gone]
        while due := due_for_merge(segments):
            alive = sum(segments[place][0] - segments[place][1] for place in due)
            cost += alive
            left = [one for place, one in enumerate(segments) if place not in due]
            segments = [*left, (alive, 0)]
        assert all(gone < held / 2 for held, gone in segments)
    return [held for held, _ in segments], cost


@pytest.mark.parametrize("deleting", [0.0, 0.2])
def test_segments_stay_few_and_a_passage_is_merged_few_times(deleting: float) -> None:
    rng = random.Random(1)
    adding = [rng.choice((1, 1, 2, 10, 300)) for _ in range(2_000)]
    segments, cost = simulated(adding, rng, deleting=deleting)
    levels = sum(adding).bit_length() // 3 + 1
    assert len(segments) < FAN_IN * levels
    assert cost < sum(adding) * (levels + 4 * deleting * levels)


def test_segments_of_one_size_merge_when_there_are_enough() -> None:
    assert due_for_merge([(5, 0)] * (FAN_IN - 1)) == []
    assert due_for_merge([(5, 0)] * FAN_IN) == list(range(FAN_IN))
    assert due_for_merge([(5_000, 0), *[(5, 0)] * FAN_IN]) == list(range(1, FAN_IN + 1))


def test_a_segment_that_is_mostly_deleted_is_written_anew() -> None:
    assert due_for_merge([(10, 4), (10, 0)]) == []
    assert due_for_merge([(10, 5), (10, 0)]) == [0]
    assert due_for_merge([(1, 1)]) == [0]
    assert due_for_merge([]) == []


def test_a_merge_takes_the_place_of_the_first_it_merged(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    sizes = [100, *[1] * (FAN_IN - 1), 90, 1]
    for number, size in enumerate(sizes):
        with IndexTransaction(store) as revision:
            revision.add(content_of([numbered_source(number, size)]))
            revision.commit((), Catalogue(), built="today")
    readers = store.readers()
    texts = [[reader.stored(place)["text"] for place in range(reader.size)] for reader in readers]
    for reader in readers:
        reader.close()
    assert [len(one) for one in texts] == [100, FAN_IN, 90]
    assert texts[1] == [f"river {number}" for number in (*range(1, FAN_IN), FAN_IN + 1)]


def test_a_commit_takes_out_the_earlier_documents_of_a_path(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    for replaced in ((), ("0.txt",), ("0.txt", "none.txt")):
        with IndexTransaction(store) as revision:
            revision.add(content_of([numbered_source(0, 2)]))
            revision.commit(replaced, Catalogue(), built="today")
        snapshot = store.snapshot()
        assert (snapshot.documents, snapshot.passages) == (1, 2)
        snapshot.close()
    assert len(list(tmp_path.glob("*.seg"))) == 1


def test_what_is_not_committed_has_not_happened(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with suppress(KeyError), IndexTransaction(store) as revision:
        revision.add(content_of([numbered_source(0, 2)]))
        raise KeyError
    assert not [*tmp_path.glob("*.seg"), *tmp_path.glob("*.txt")]
    assert store.snapshot().passages == 0
