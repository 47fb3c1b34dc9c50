"""Merging segments gives what inverting all their documents at once would have given."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

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
from index.ingest import transaction as transaction_module
from index.ingest.transaction import IndexTransaction
from index.segment import merge, segment_writer
from index.segment.merge import FAN_IN, merge_segments, segments_to_merge


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DirectoryReader:
    return new_store(tmp_path_factory.mktemp("merges"))


@settings(max_examples=40)
@given(
    parts=st.lists(sources, min_size=1, max_size=4),
    deleted=st.sets(st.sampled_from([f"문서{number}.txt" for number in range(4)])),
)
def test_a_merge_equals_inverting_what_is_left(
    store: DirectoryReader, parts: list[list[Source]], deleted: set[str]
) -> None:
    readers = [written(store, content_of(part), deleted) for part in parts]
    left = [source for part in parts for source in part if source[0].path not in deleted]
    at_once = content_of(left)
    content = whole(merge_segments(readers))
    assert_same_content(content, at_once)
    for reader in readers:
        reader.close()
    again = written(store, content)  # a merged segment can be written and merged again
    assert_same_content(whole(merge_segments([again])), at_once)
    again.close()


@settings(max_examples=40)
@given(
    parts=st.lists(sources, min_size=1, max_size=4),
    terms=st.integers(1, 20),
    postings=st.integers(1, 20),
)
def test_a_merge_of_few_terms_at_once_equals_one_of_all(
    store: DirectoryReader, parts: list[list[Source]], terms: int, postings: int
) -> None:
    readers = [written(store, content_of(part), set()) for part in parts]
    at_once = whole(merge_segments(readers))
    with (
        patch.object(merge, "_TERMS_AT_ONCE", terms),
        patch.object(merge, "_POSTINGS_AT_ONCE", postings),
        patch.object(segment_writer, "_POSTINGS_AT_ONCE", postings),
    ):
        in_ranges = written(store, whole(merge_segments(readers)))
    assert_same_content(whole(merge_segments([in_ranges])), at_once)
    for reader in (*readers, in_ranges):
        reader.close()


def simulated(adding: list[int], rng: random.Random, *, deleting: float) -> tuple[list[int], int]:
    """Return the sizes of the segments after commits of these sizes, and the passages merged."""
    segments: list[tuple[int, int]] = []
    cost = 0
    for size in adding:
        segments = [
            (size_, min(size_, deleted + (rng.random() < deleting))) for size_, deleted in segments
        ]
        segments = [
            (size_, deleted) for size_, deleted in [*segments, (size, 0)] if size_ > deleted
        ]
        while due := segments_to_merge(segments):
            alive = sum(segments[number][0] - segments[number][1] for number in due)
            cost += alive
            left = [one for number, one in enumerate(segments) if number not in due]
            segments = [*left, (alive, 0)]
        assert all(deleted < size_ / 2 for size_, deleted in segments)
    return [size_ for size_, _ in segments], cost


@pytest.mark.parametrize("deleting", [0.0, 0.2])
def test_segments_stay_few_and_a_passage_is_merged_few_times(deleting: float) -> None:
    rng = random.Random(1)
    adding = [rng.choice((1, 1, 2, 10, 300)) for _ in range(2_000)]
    segments, cost = simulated(adding, rng, deleting=deleting)
    levels = sum(adding).bit_length() // 3 + 1
    assert len(segments) < FAN_IN * levels
    assert cost < sum(adding) * (levels + 4 * deleting * levels)


def test_segments_of_one_size_merge_when_there_are_enough() -> None:
    assert segments_to_merge([(5, 0)] * (FAN_IN - 1)) == []
    assert segments_to_merge([(5, 0)] * FAN_IN) == list(range(FAN_IN))
    assert segments_to_merge([(5_000, 0), *[(5, 0)] * FAN_IN]) == list(range(1, FAN_IN + 1))


def test_segments_are_not_merged_to_more_than_a_million_passages() -> None:
    assert segments_to_merge([(33_000, 0)] * 76) == list(range(30))
    assert segments_to_merge([(900_000, 0)] * FAN_IN) == []
    assert segments_to_merge([(900_000, 0)] * FAN_IN + [(300_000, 0)] * 2) == [8, 9]
    segments = [(300_000, 0)] * 40
    while due := segments_to_merge(segments):
        assert len(due) > 1
        merged = sum(size for size, _ in (segments[ordinal] for ordinal in due))
        assert merged <= 1_000_000
        segments = [s for at, s in enumerate(segments) if at not in due] + [(merged, 0)]
    assert len(segments) <= 40 // 3 + FAN_IN


def test_a_segment_that_is_mostly_deleted_is_rewritten() -> None:
    assert segments_to_merge([(10, 4), (10, 0)]) == []
    assert segments_to_merge([(10, 5), (10, 0)]) == [0]
    assert segments_to_merge([(1, 1)]) == [0]
    assert segments_to_merge([]) == []


def test_a_merge_replaces_the_first_of_its_segments(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    sizes = [100, *[1] * (FAN_IN - 1), 90, 1]
    for number, size in enumerate(sizes):
        with IndexTransaction(store) as transaction:
            transaction.add(content_of([numbered_source(number, size)]))
            transaction.commit((), Catalogue(), built="today")
    readers = store.readers()
    texts = [[reader.stored(number)["text"] for number in range(reader.size)] for reader in readers]
    for reader in readers:
        reader.close()
    assert [len(one) for one in texts] == [100, FAN_IN, 90]
    assert texts[1] == [f"river {number}" for number in (*range(1, FAN_IN), FAN_IN + 1)]


def test_a_commit_deletes_the_earlier_documents_of_a_path(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    for replaced in ((), ("0.txt",), ("0.txt", "none.txt")):
        with IndexTransaction(store) as transaction:
            transaction.add(content_of([numbered_source(0, 2)]))
            transaction.commit(replaced, Catalogue(), built="today")
        snapshot = store.snapshot()
        assert (snapshot.documents, snapshot.passages) == (1, 2)
        snapshot.close()
    assert len(list(tmp_path.glob("*.seg"))) == 2  # the commit before needs the replaced one


def test_an_uncommitted_transaction_leaves_no_files(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with suppress(KeyError), IndexTransaction(store) as transaction:
        transaction.add(content_of([numbered_source(0, 2)]))
        raise KeyError
    assert not [*tmp_path.glob("*.seg"), *tmp_path.glob("*.txt")]
    assert store.snapshot().passages == 0


@pytest.mark.parametrize("many", [FAN_IN, FAN_IN + 1])
def test_only_a_large_merge_trims_the_heap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    trimmed: list[int] = []

    def trim() -> None:
        trim_heap()  # for real as well: it must fail nowhere
        trimmed.append(1)

    trim_heap = transaction_module._trim_heap
    monkeypatch.setattr(transaction_module, "_trim_heap", trim)
    monkeypatch.setattr(transaction_module, "_MANY_PASSAGES", many)
    store = new_store(tmp_path)
    for number in range(FAN_IN):
        with IndexTransaction(store) as transaction:
            transaction.add(content_of([numbered_source(number, 1)]))
            transaction.commit((), Catalogue(), built="today")
    assert [segment.passages for segment in store.segments] == [FAN_IN]
    assert trimmed == [1] * (many == FAN_IN)
