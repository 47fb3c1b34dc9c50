"""A segment is read back as it was written, by its own reader and by Whoosh's stock codec."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from itertools import chain, cycle
from pathlib import Path

import numpy as np
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
)
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.filedb.filestore import FileStorage

from index.fields import POSITIONS, Field, PackedPositions, schema
from index.segment.content import FieldPostings, Measures, Postings, SegmentContent
from index.segment.records import Records, write_records
from index.store import Store

NOTHING = np.zeros(0, dtype=np.int64)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return new_store(tmp_path_factory.mktemp("segments"))


def same(one: Postings, other: Postings) -> bool:
    names = Postings.__slots__
    return all(getattr(one, name).tolist() == getattr(other, name).tolist() for name in names)


@settings(max_examples=40)
@given(some=sources)
def test_a_segment_is_read_back_as_it_was_written(store: Store, some: list[Source]) -> None:
    content = content_of(some)
    reader = written(store, content)
    for field, postings in content.fields:
        lists = lists_of(postings)
        assert list(reader.terms(field)) == postings.terms
        for term, expected in lists.items():
            found = reader.postings(field, term)
            assert found is not None
            assert same(found, expected)
        assert reader.postings(field, b"nowhere") is None
    assert [reader.stored(place) for place in range(reader.size)] == content.passages
    documents = range(len(content.measures.title_length))
    assert [reader.stored_document(place) for place in documents] == content.documents
    for name in Measures.__slots__:
        expected_numbers = getattr(content.measures, name).tolist()
        assert getattr(reader.measures, name).tolist() == expected_numbers
    reader.close()


@settings(max_examples=20)
@given(some=sources, prefix=st.sampled_from((b"", b"r", b"river", "강".encode(), b"zzz")))
def test_terms_are_listed_by_prefix(store: Store, some: list[Source], prefix: bytes) -> None:
    content = content_of(some)
    reader = written(store, content)
    for field, postings in content.fields:
        expected = [term for term in postings.terms if term.startswith(prefix)]
        assert list(reader.terms(field, prefix)) == expected
    reader.close()


def made_up(rng: random.Random, sizes: dict[bytes, int], field: Field) -> FieldPostings:
    """Return posting lists of the lengths asked for."""
    passages: list[int] = []
    frequencies: list[int] = []
    positions: list[int] = []
    for size in sizes.values():
        passages += sorted(rng.sample(range(4 * size), size))
        counts = [rng.choice((1, 1, 2, 5)) for _ in range(size)] if size % 2 else [1] * size
        frequencies += counts
        for count in counts if field in POSITIONS else ():
            positions += sorted(rng.sample(range(65_536), count))
    return FieldPostings(
        terms=sorted(sizes),
        bounds=np.cumsum([0, *sizes.values()]),
        passages=np.array(passages, dtype=np.int64),
        frequencies=np.array(frequencies, dtype=np.int64),
        positions=np.array(positions, dtype=np.int64),
    )


def long_content(rng: random.Random) -> SegmentContent:
    """Return a segment with posting lists of one block and of many."""
    lengths = (1, 2, 127, 128, 129, 1023, 1024, 1025, 2047, 2048, 2049, 5000)
    sizes = {f"term{length:05}".encode(): length for length in lengths}
    count = 4 * max(lengths)
    each, one = np.arange(count), np.zeros(count, dtype=np.int64)
    return SegmentContent(
        passages=[{"text": str(number)} for number in range(count)],
        documents=[{"id": str(number)} for number in range(count)],
        measures=Measures(each, one, one, one, one, one, one),
        fields=[(field, made_up(rng, sizes, field)) for field in Field],
    )


def stock_postings(matcher: W3LeafMatcher, *, values: bool) -> Iterator[tuple[int, float, bytes]]:
    while matcher.is_active():
        yield matcher.id(), matcher.weight(), matcher.value() if values else b""
        matcher.next()


def test_the_stock_codec_reads_the_same_posting_lists(tmp_path: Path) -> None:
    content = long_content(random.Random(1))
    store = new_store(tmp_path)
    segment = store.write(content)
    reader = W3Codec().terms_reader(FileStorage(str(store.folder)), segment)
    for field, postings in content.fields:
        kind = schema()[field.value].format
        for term, expected in lists_of(postings).items():
            matcher = reader.matcher(field.value, term, kind)
            found = list(stock_postings(matcher, values=field in POSITIONS))
            assert [passage for passage, _, _ in found] == expected.passages.tolist()
            assert [weight for _, weight, _ in found] == expected.frequencies.tolist()
            info = reader.term_info(field.value, term)
            assert info.doc_frequency() == len(found)
            assert info.weight() == expected.frequencies.sum()
            assert info.max_weight() == expected.frequencies.max()
            assert (info.min_id(), info.max_id()) == (found[0][0], found[-1][0])
            if field in POSITIONS:
                decoded = [PackedPositions().decode_positions(value) for _, _, value in found]
                counts = [PackedPositions().decode_frequency(value) for _, _, value in found]
                assert list(chain.from_iterable(decoded)) == expected.positions.tolist()
                assert counts == expected.frequencies.tolist()
    reader.close()


def test_the_stock_codec_skips_through_blocks(tmp_path: Path) -> None:
    content = long_content(random.Random(2))
    store = new_store(tmp_path)
    reader = W3Codec().terms_reader(FileStorage(str(store.folder)), store.write(content))
    field, postings = content.fields[0]
    expected = lists_of(postings)[b"term05000"].passages
    for target in (0, 1, 5_000, 10_000, int(expected[-1])):
        matcher = reader.matcher(field.value, b"term05000", schema()[field.value].format)
        matcher.skip_to(target)
        assert matcher.id() == expected[np.searchsorted(expected, target)]
    reader.close()


def test_long_posting_lists_are_read_back(tmp_path: Path) -> None:
    content = long_content(random.Random(3))
    reader = written(new_store(tmp_path), content)
    for field, postings in content.fields:
        for term, expected in lists_of(postings).items():
            found = reader.postings(field, term)
            assert found is not None
            assert same(found, expected)
    reader.close()


def test_positions_are_told_as_whoosh_asks_for_them() -> None:
    packed = PackedPositions()
    assert packed.supports("positions")
    assert packed.supports("frequency")
    assert not packed.supports("characters")
    assert packed.decode_positions(b"\x01\x00\xff\xff") == [1, 65_535]


records = st.lists(st.fixed_dictionaries({"text": st.text(max_size=9), "line": st.integers()}))


@settings(max_examples=50)
@given(records)
def test_records_are_read_back_in_any_order(some: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records"
        with path.open("wb") as file:
            assert write_records(file, iter(some)) == len(some)
        held = Records(path)
        assert held.count == len(some)
        assert [held[place] for place in reversed(range(len(some)))] == some[::-1]
        held.close()


def test_more_records_than_are_kept_in_memory_are_read_back(tmp_path: Path) -> None:
    some = [{"text": f"\ud800{number}"} for number in range(5_000)]
    with (tmp_path / "records").open("wb") as file:
        write_records(file, some)
    held = Records(tmp_path / "records")
    for _ in range(2):
        assert [held[place] for place in range(0, 5_000, 7)] == some[::7]
    held.close()


def test_records_that_are_cut_short_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "records"
    with path.open("wb") as file:
        write_records(file, [{"text": str(number)} for number in range(100)])
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(ValueError, match="records"):
            Records(path)


@pytest.mark.parametrize(
    ("passages", "frequencies"),
    [([3, 3], [1, 1]), ([4, 2], [1, 1]), ([1, 9], [1, 1]), ([0, 1], [0, 2])],
    ids=["twice", "descending", "too high", "no frequency"],
)
def test_a_posting_list_that_cannot_be_is_refused(
    tmp_path: Path, passages: list[int], frequencies: list[int]
) -> None:
    column = np.zeros(9, dtype=np.int64)
    postings = FieldPostings(
        terms=[b"term"],
        bounds=np.array([0, 2]),
        passages=np.array(passages),
        frequencies=np.array(frequencies),
        positions=np.arange(2),
    )
    content = SegmentContent(
        passages=[{}] * 9,
        documents=[{}],
        measures=Measures(column, column, column, *[column[:1]] * 4),
        fields=[(Field.BODY, postings)],
    )
    reader = written(new_store(tmp_path), content)
    with pytest.raises(ValueError, match="passage"):
        reader.postings(Field.BODY, b"term")
    reader.close()


def test_terms_in_a_circle_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = written(new_store(tmp_path), content_of([numbered_source(1, 1)]))
    circle = cycle([("body", b"bank"), ("body", b"river")])
    monkeypatch.setattr(reader._terms, "terms_from", lambda field, prefix: circle)
    with pytest.raises(ValueError, match="out of order"):
        list(reader.terms(Field.BODY))
    reader.close()


def test_positions_that_are_lost_are_missed(tmp_path: Path) -> None:
    content = content_of([numbered_source(1, 1)])
    (field, body), *_ = content.fields
    short = FieldPostings(
        body.terms, body.bounds, body.passages, 2 * body.frequencies, body.positions
    )
    broken = SegmentContent(content.passages, content.documents, content.measures, [(field, short)])
    reader = written(new_store(tmp_path), broken)
    with pytest.raises(ValueError, match="positions are missing"):
        reader.postings(field, b"river")
    reader.close()


def test_files_of_different_segments_do_not_pass_for_one(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    rng = random.Random(4)
    content = long_content(rng)
    segment = store.write(content)
    segment.set_doc_count(7)
    with pytest.raises(ValueError, match="not of one size"):
        store.open_all([segment])
