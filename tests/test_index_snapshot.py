"""A snapshot shows several segments as one, without deleted passages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_documents import (
    Source,
    content_of,
    lists_of,
    new_store,
    numbered_source,
    sources,
    written,
    written_segment,
)

from index import snapshot as module
from index.directory.directory_writer import DirectoryWriter
from index.postings.posting_list import PostingList
from index.schema import Field
from index.segment.content import DocValues
from index.snapshot import Snapshot

PATHS = [f"문서{number}.txt" for number in range(4)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DirectoryWriter:
    return new_store(tmp_path_factory.mktemp("snapshots"))


def opened(store: DirectoryWriter, parts: list[list[Source]], deleted: set[str]) -> Snapshot:
    """Open a segment for each part, with the paths of `deleted` deleted."""
    segments = [written_segment(store, content_of(part), deleted) for part in parts]
    return Snapshot(store.open_segments(segments))


split_sources = st.lists(sources, min_size=0, max_size=3)
some_paths = st.sets(st.sampled_from(PATHS))


@settings(max_examples=50)
@given(parts=split_sources, deleted=some_paths)
def test_a_snapshot_shows_what_is_left_as_one_segment_would(
    store: DirectoryWriter, parts: list[list[Source]], deleted: set[str]
) -> None:
    snapshot = opened(store, parts, deleted)
    left = content_of([s for part in parts for s in part if s[0].path not in deleted])
    alive = snapshot.alive.nonzero()[0].tolist()
    renumbered = {number: row for row, number in enumerate(alive)}
    for field, postings in left.fields:
        lists = lists_of(postings)
        assert set(lists) <= set(snapshot.terms(field))
        for term in snapshot.terms(field):
            found, expected = snapshot.postings(field, term), lists.get(term)
            if found is None or expected is None:
                assert found is expected
                continue
            assert [renumbered[p] for p in found.passages.tolist()] == expected.passages.tolist()
            assert found.frequencies.tolist() == expected.frequencies.tolist()
            assert found.positions.tolist() == expected.positions.tolist()
        terms = [*snapshot.terms(field), b"none"]
        counts = [snapshot.passage_frequency(field, term) for term in terms]
        assert snapshot.passage_frequencies(field, terms).tolist() == counts
    assert [snapshot.stored(number) for number in alive] == left.passages
    assert snapshot.passages == len(left.passages)
    assert snapshot.documents == len(left.documents)
    assert snapshot.has_deleted == (len(alive) < snapshot.size)
    snapshot.close()


@settings(max_examples=50)
@given(parts=split_sources, deleted=some_paths)
def test_documents_are_numbered_through_all_segments(
    store: DirectoryWriter, parts: list[list[Source]], deleted: set[str]
) -> None:
    snapshot = opened(store, parts, deleted)
    everything = content_of([source for part in parts for source in part])
    for name in DocValues.__slots__:
        expected = getattr(everything.doc_values, name).tolist()
        assert getattr(snapshot.doc_values, name).tolist() == expected
    documents = snapshot.doc_values.document.tolist()
    stored = [snapshot.stored_document(passage) for passage in range(snapshot.size)]
    assert stored == [everything.documents[document] for document in documents]
    starts = [documents.index(document) for document in range(len(everything.documents))]
    assert snapshot.firsts.tolist() == [*starts, len(documents)]
    kept = [document["path"] not in deleted for document in everything.documents]
    assert snapshot.alive_documents.tolist() == kept
    snapshot.close()


def test_posting_lists_are_cached_up_to_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path)
    snapshot = Snapshot([written(store, content_of([numbered_source(n, 10) for n in range(3)]))])
    read: list[bytes] = []
    reading = snapshot._read

    def counted(field: Field, term: bytes) -> PostingList | None:
        read.append(term)
        return reading(field, term)

    monkeypatch.setattr(snapshot, "_read", counted)
    one, two, river = b"1", b"2", b"river"
    for term in (one, two, river, one, two, b"none", b"none"):
        snapshot.postings(Field.BODY, term)
    assert read == [one, two, river, b"none"]
    # `river` takes 1,040 bytes, `none` 800, the others 880.
    monkeypatch.setattr(module, "_CACHED_BYTES", 2_560)
    snapshot.postings(Field.BODY, b"0")
    assert snapshot.postings(Field.BODY, two) is not None
    snapshot.postings(Field.BODY, river)
    assert read[4:] == [b"0", river]
    snapshot.close()


def test_a_term_of_several_segments_is_listed_once(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    parts = [[numbered_source(1, 1)], [numbered_source(2, 1)], [numbered_source(1, 2)]]
    snapshot = opened(store, parts, set())
    assert sorted(snapshot.terms(Field.BODY)) == [b"1", b"2", b"river"]
    assert list(snapshot.terms(Field.BODY, b"riv")) == [b"river"]
    assert sorted(snapshot.terms(Field.PATH)) == [b"1.txt", b"2.txt"]
    snapshot.close()


def test_an_empty_index_has_a_snapshot(tmp_path: Path) -> None:
    snapshot = new_store(tmp_path).snapshot()
    assert (snapshot.size, snapshot.passages, snapshot.documents) == (0, 0, 0)
    assert snapshot.postings(Field.BODY, b"river") is None
    assert snapshot.firsts.tolist() == [0]
    assert not snapshot.has_deleted


def test_a_sum_of_lengths_may_exceed_a_byte(tmp_path: Path) -> None:
    document, passages = numbered_source(1, 1)
    long = document._replace(title="river " * 200), [passages[0]._replace(text="bank " * 200)]
    snapshot = opened(new_store(tmp_path), [[long]], set())
    assert snapshot.document_lengths.tolist() == [400]
    snapshot.close()
