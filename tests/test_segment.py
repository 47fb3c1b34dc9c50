"""A segment is read back as it was written, whatever its numbers are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_documents import (
    Source,
    assert_same_content,
    content_of,
    lists_of,
    new_store,
    numbered_source,
    sources,
    whole,
    written,
)

from corpus import Document
from index.arrays.files import CorruptFile
from index.directory.directory_writer import DirectoryWriter
from index.ingest.batch import stored_document
from index.schema import LAST_POSITION, POSITIONS, Field
from index.segment import impacts
from index.segment import postings_reader as reader_module
from index.segment import segment_writer as writer_module
from index.segment.content import OF_DOCUMENTS, DocValues, FieldPostings, Postings, SegmentContent
from index.segment.merge import merge_segments
from index.segment.segment_reader import SegmentReader

NOTHING = np.zeros(0, dtype=np.int64)
seeds = st.integers(0, 1 << 32)
# Frequencies around what fits into a byte.
FREQUENCIES = (1, 1, 2, 254, 255, 256, 700)


@contextmanager
def blocks_of(size: int) -> Iterator[None]:
    """Number passages within blocks of another size than a real one."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (writer_module, reader_module):
            patch.setattr(module, "BLOCK", size)
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DirectoryWriter:
    return new_store(tmp_path_factory.mktemp("segments"))


def made_up_field(rng: Random, size: int, terms: int, field: Field) -> FieldPostings:
    """Return random posting lists, of one passage or of many, with large numbers."""
    lists = []
    for _ in range(terms):
        passages = sorted(rng.sample(range(size), rng.choice((1, 1, min(size, 3), size))))
        frequencies = [rng.choice(FREQUENCIES) for _ in passages]
        positions = [
            position
            for count in frequencies
            for position in sorted(rng.sample(range(rng.choice((1_000, LAST_POSITION + 1))), count))
        ]
        lists.append((passages, frequencies, positions if field in POSITIONS else []))
    return FieldPostings(
        terms=sorted(f"term{number}".encode() for number in range(terms)),
        bounds=np.cumsum([0, *(len(passages) for passages, _, _ in lists)]),
        passages=np.array([number for one, _, _ in lists for number in one], np.int64),
        frequencies=np.array([number for _, one, _ in lists for number in one], np.int64),
        positions=np.array([number for _, _, one in lists for number in one], np.int64),
    )


def made_up(rng: Random) -> SegmentContent:
    """Return random content; a field may have no terms."""
    size = rng.randint(1, 40)
    document = np.cumsum([0, *(rng.random() < 0.5 for _ in range(size - 1))])
    documents = int(document[-1]) + 1

    def numbers(count: int) -> np.ndarray:
        most = rng.choice((1, 255, 70_000, 1 << 33))
        return np.array([rng.randrange(most) for _ in range(count)], np.int64)

    return SegmentContent(
        passages=[
            {"text": "강" * number, "start": number, "line": 1, "heading": ""}
            for number in range(size)
        ],
        documents=[
            stored_document(Document(str(number), "a", "", "", "")) for number in range(documents)
        ],
        doc_values=DocValues(
            document, *(numbers(n) for n in (size, size, *[documents] * len(OF_DOCUMENTS)))
        ),
        fields=[(field, made_up_field(rng, size, rng.choice((0, 1, 5)), field)) for field in Field],
    )


def assert_reads_as(reader: SegmentReader, content: SegmentContent) -> None:
    """Compare a segment with its content, in every way it can be read."""
    for field, postings in content.fields:
        found = {term: reader.postings(field, term) for term in reader.terms(field)}
        assert list(found) == postings.terms
        for term, expected in lists_of(postings).items():
            assert same(found[term], expected)
        assert reader.postings(field, b"nowhere") is None
        assert reader.field(field).sizes.tolist() == np.diff(postings.bounds).tolist()
    assert [reader.stored(number) for number in range(reader.size)] == content.passages
    documents = range(len(content.doc_values.title_length))
    assert [reader.stored_document(number) for number in documents] == content.documents
    for name in DocValues.__slots__:
        expected_numbers = getattr(content.doc_values, name).tolist()
        assert getattr(reader.doc_values, name).tolist() == expected_numbers
    assert_same_content(whole(merge_segments([reader])), content)


def same(one: Postings | None, other: Postings) -> bool:
    names = Postings.__slots__
    return one is not None and all(
        getattr(one, name).tolist() == getattr(other, name).tolist() for name in names
    )


@settings(max_examples=40)
@given(some=sources)
def test_a_segment_of_documents_is_read_back(store: DirectoryWriter, some: list[Source]) -> None:
    content = content_of(some)
    reader = written(store, content)
    assert_reads_as(reader, content)
    reader.close()


@settings(max_examples=60)
@given(seed=seeds, block=st.sampled_from((1, 2, 8, 1 << 16)))
def test_a_segment_of_any_numbers_is_read_back(
    store: DirectoryWriter, seed: int, block: int
) -> None:
    content = made_up(Random(seed))
    with blocks_of(block):
        reader = written(store, content)
        assert_reads_as(reader, content)
        reader.close()


@settings(max_examples=30)
@given(seed=seeds, block=st.sampled_from((2, 4, 1 << 16)))
def test_segments_of_blocks_are_merged_as_those_without(
    store: DirectoryWriter, seed: int, block: int
) -> None:
    rng = Random(seed)
    parts = [made_up(rng) for _ in range(3)]
    plain = [written(store, part) for part in parts]
    expected = whole(merge_segments(plain))
    with blocks_of(block):
        in_blocks = [written(store, part) for part in parts]
        assert_same_content(whole(merge_segments(in_blocks)), expected)
    for reader in (*plain, *in_blocks):
        reader.close()


@settings(max_examples=20)
@given(some=sources, prefix=st.sampled_from((b"", b"r", b"river", "강".encode(), b"zzz")))
def test_terms_are_listed_by_prefix(
    store: DirectoryWriter, some: list[Source], prefix: bytes
) -> None:
    content = content_of(some)
    reader = written(store, content)
    for field, postings in content.fields:
        expected = [term for term in postings.terms if term.startswith(prefix)]
        assert list(reader.terms(field, prefix)) == expected
    reader.close()


def test_more_passages_than_a_block_has_are_read_back_and_merged(tmp_path: Path) -> None:
    count = 150_000
    each, one = np.arange(count), np.ones(count, np.int64)
    rare = np.array([0, 65_535, 65_536, 131_071, 131_072, 149_999])
    postings = FieldPostings(
        terms=[b"all", b"last", b"rare"],
        bounds=np.array([0, count, count + 1, count + 7]),
        passages=np.concatenate([each, [count - 1], rare]),
        frequencies=np.ones(count + 7, np.int64),
        positions=np.arange(count + 7) % 65_536,
    )
    paths = replace(postings, positions=NOTHING)
    content = SegmentContent(
        passages=[{"line": 1}] * count,
        documents=[{"id": "1"}],
        doc_values=DocValues(0 * each, one, one, *[one[:1]] * len(OF_DOCUMENTS)),
        fields=[(field, postings if field in POSITIONS else paths) for field in Field],
    )
    store = new_store(tmp_path)
    reader = written(store, content)
    twice = written(store, merge_segments([reader, reader]))
    for field, _ in content.fields:
        for term, expected in lists_of(postings).items():
            found, doubled = reader.postings(field, term), twice.postings(field, term)
            assert found is not None
            assert doubled is not None
            assert np.array_equal(found.passages, expected.passages)
            both = np.concatenate([expected.passages, expected.passages + count])
            assert np.array_equal(doubled.passages, both)
            if field in POSITIONS:
                assert np.array_equal(doubled.positions, np.tile(expected.positions, 2))
    reader.close()
    twice.close()


def test_files_of_another_segment_do_not_pass_for_its_own(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    one, other = (store.write(content_of([numbered_source(size, size)])) for size in (2, 3))
    for mixed in (replace(one, text=other.text), replace(one, passages=7)):
        with pytest.raises(CorruptFile, match=r"differ in size|does not match the commit file"):
            store.open_segments([mixed])
    (tmp_path / one.text.name).write_bytes((tmp_path / other.text.name).read_bytes())
    with pytest.raises(CorruptFile, match=f"{one.text.name}: does not match the commit file"):
        store.open_segments([one])


def test_a_segment_that_cannot_be_written_leaves_no_file(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    content = content_of([numbered_source(1, 2)])
    before = sorted(tmp_path.iterdir())

    def failing() -> Iterator[tuple[Field, FieldPostings]]:
        yield from content.fields[:2]
        raise KeyError

    with pytest.raises(KeyError):
        store.write(replace(content, fields=failing()))
    assert sorted(tmp_path.iterdir()) == before


def test_passages_that_are_deleted_must_be_there(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    segment = store.write(content_of([numbered_source(1, 2)]))
    for deleted in ([5], [0, 5], [2]):
        with pytest.raises(CorruptFile, match="deletes passages that do not exist"):
            store.open_segments([store.with_deletions(segment, np.array(deleted))])
    with_one = store.with_deletions(segment, np.array([1]))
    with pytest.raises(CorruptFile, match="deletes passages that do not exist"):
        store.open_segments([replace(with_one, deleted=2)])


@pytest.mark.parametrize("counted", [0, 1 << 17])
@pytest.mark.parametrize("scanned", [0, 32])
@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_the_positions_of_some_postings_are_those_among_all(
    store: DirectoryWriter, seed: int, counted: int, scanned: int
) -> None:
    rng = Random(seed)
    content = made_up(rng)
    with pytest.MonkeyPatch.context() as patch, closing(written(store, content)) as reader:
        patch.setattr(reader_module, "_COUNTED_AT_ONCE", counted)
        patch.setattr(reader_module, "_SCANNED_POSTINGS", scanned)
        for field, postings in content.fields:
            for term, expected in lists_of(postings).items() if field in POSITIONS else ():
                number = reader.field(field).terms.find(term)
                assert number is not None
                size = len(expected.passages)
                rows = np.array(sorted(rng.sample(range(size), rng.randint(1, size))))
                counts = expected.frequencies[rows]
                ends = np.cumsum(expected.frequencies)
                some = [
                    expected.positions[ends[n] - expected.frequencies[n] : ends[n]] for n in rows
                ]
                found = reader.field(field).stored_list(number).positions(rows, counts)
                assert found.tolist() == np.concatenate(some).tolist()


def test_the_ranges_of_lengths_are_those_of_a_geometric_series() -> None:
    for frequency, count in enumerate(impacts._RANGES, 1):
        edges = np.rint(np.geomspace(20, 20 + 1023, count, endpoint=False) - 20)
        lengths = impacts.LEAST_LENGTHS[frequency == impacts.FREQUENCIES]
        assert sorted(lengths.tolist()) == sorted(set(edges.astype(int).tolist()))
