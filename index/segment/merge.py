"""Merges segments into one without their deleted passages, and without reading text again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, count, pairwise
from typing import TypeVar

import numpy as np

from ..arrays.array_types import Int64s, Mask
from ..arrays.ragged import range_indices
from ..arrays.term_dictionary import TermDictionary
from ..schema import Field
from .content import COLUMNS, OF_DOCUMENTS, DocValues, FieldPostings, SegmentContent
from .doc_store import Block, StoredFields
from .postings_reader import FieldReader
from .segment_reader import SegmentReader

T = TypeVar("T")

_DELETED = -1
# Segments of one size class are merged once there are this many, so that the cost of an added
# passage grows with the logarithm of the index.
FAN_IN = 8
# Segments are not merged to more passages: the posting list of a word in each of them would take
# half a gigabyte.
_LARGEST = 1_000_000
# A segment with this share of its passages deleted is rewritten.
_MOSTLY_DELETED = 0.5
# What is merged at once, which bounds the memory: postings, at some 100 bytes each, and terms, at
# some 200.
_POSTINGS_AT_ONCE = 500_000
_TERMS_AT_ONCE = 100_000


def segments_to_merge(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Return the ordinals of the segments to merge; `sizes` has (passages, deleted ones)."""
    classes: defaultdict[int, list[int]] = defaultdict(list)
    due: set[int] = set()
    for ordinal, (size, deleted) in enumerate(sizes):
        if deleted >= max(1, size * _MOSTLY_DELETED):
            due.add(ordinal)
        classes[max(0, (size.bit_length() - 1) // (FAN_IN.bit_length() - 1))].append(ordinal)
    many = (some for some in classes.values() if len(some) >= FAN_IN)
    return sorted(due.union(*(_fitting(some, sizes) for some in many)))


def _fitting(ordinals: Sequence[int], sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Return those of some segments that fit into one of _LARGEST passages, the smallest first."""
    alive = {ordinal: sizes[ordinal][0] - sizes[ordinal][1] for ordinal in ordinals}
    smallest = sorted(ordinals, key=alive.__getitem__)
    totals = accumulate(map(alive.__getitem__, smallest))
    found = [ordinal for ordinal, total in zip(smallest, totals, strict=True) if total <= _LARGEST]
    return found if len(found) > 1 else []


def merge_segments(readers: Sequence[SegmentReader]) -> SegmentContent:
    """Return the content of one segment with what is alive in `readers`, in their order."""
    renumbered = _renumbered(readers)
    kept = [numbers != _DELETED for numbers in renumbered]
    return SegmentContent(
        passages=_released(readers, map(SegmentReader.stored_passages, readers, kept)),
        documents=_released(readers, map(_stored_documents, readers, kept)),
        doc_values=_doc_values(readers, renumbered),
        fields=(
            (field, part) for field in Field for part in merged_field(readers, renumbered, field)
        ),
    )


def _released(readers: Sequence[SegmentReader], stored: Iterable[Iterable[T]]) -> Iterator[T]:
    """Yield what is stored in each segment, and then release its memory."""
    for reader, some in zip(readers, stored, strict=True):
        yield from some
        reader.release()


def _renumbered(readers: Sequence[SegmentReader]) -> list[Int64s]:
    """Return the new number of each passage of each segment, _DELETED for deleted ones."""
    tables: list[Int64s] = []
    base = 0
    for reader in readers:
        alive = np.ones(reader.size, dtype=bool)
        alive[reader.deleted] = False
        tables.append(np.where(alive, base + np.cumsum(alive) - 1, _DELETED))
        base += int(alive.sum())
    return tables


def _stored_documents(reader: SegmentReader, kept: Mask) -> Iterable[StoredFields | Block]:
    """Return the stored fields of the documents with a passage that is kept."""
    documents = np.zeros(reader.documents, dtype=bool)
    documents[reader.column("document")[kept]] = True
    return reader.stored_documents(documents)


def _doc_values(readers: Sequence[SegmentReader], renumbered: Sequence[Int64s]) -> DocValues:
    """Return the doc values of the passages and documents that are kept, renumbered."""
    columns: dict[str, list[Int64s]] = {name: [] for name in COLUMNS}
    base = 0
    for reader, numbers in zip(readers, renumbered, strict=True):
        alive = numbers != _DELETED
        documents, ordinals = np.unique(reader.column("document")[alive], return_inverse=True)
        columns["document"].append(base + ordinals)
        base += len(documents)
        for name in ("body_length", "gram_length"):
            columns[name].append(reader.column(name)[alive].astype(np.int64))
        for name in OF_DOCUMENTS:
            columns[name].append(reader.column(name)[documents].astype(np.int64))
    return DocValues(*(np.concatenate(columns.pop(name)) for name in COLUMNS))


@dataclass(frozen=True, slots=True)
class _Source:
    """Some terms of a field of one segment, from the ordinal `start` on, and all its passages.

    `terms` and `passages` have their new numbers.
    """

    field: FieldReader
    start: int
    terms: Int64s
    passages: Int64s


@dataclass(frozen=True, slots=True)
class _Slice:
    """The postings of some terms in one segment, with the number of each term."""

    sizes: Int64s
    passages: Int64s
    frequencies: Int64s
    occurrences: Int64s
    positions: Int64s


def merged_field(
    readers: Sequence[SegmentReader], renumbered: Sequence[Int64s], field: Field
) -> Iterator[FieldPostings]:
    """Yield a field of the merged segment, in parts, without terms that nothing alive contains.

    `renumbered` has the new number of each passage of each segment, negative for deleted ones.
    """
    fields = [reader.field(field) for reader in readers]
    for ranges in _term_ranges([one.terms for one in fields]):
        lists = [list(one.terms.some(range_)) for one, range_ in zip(fields, ranges, strict=True)]
        # Sorting detects ordered lists in a sequence, and merges them.
        terms = list(dict.fromkeys(sorted(chain.from_iterable(lists))))
        numbers = dict(zip(terms, count(), strict=False))
        sources = [
            _Source(
                one,
                range_.start,
                np.fromiter(map(numbers.__getitem__, list_), np.int64, len(list_)),
                passages,
            )
            for one, range_, list_, passages in zip(fields, ranges, lists, renumbered, strict=True)
        ]
        for first, last in _parts(sources, len(terms)):
            yield _part(sources, terms, first, last)
        for reader in readers:
            reader.release()


def _term_ranges(dictionaries: Sequence[TermDictionary]) -> Iterator[list[range]]:
    """Yield a range of each dictionary for the same terms, at most _TERMS_AT_ONCE in all."""
    step = max(1, _TERMS_AT_ONCE // len(dictionaries))
    cuts = {one[ordinal] for one in dictionaries for ordinal in range(step, len(one), step)}
    starts = [0] * len(dictionaries)
    for cut in sorted(cuts):
        ends = [one.first_from(cut) for one in dictionaries]
        yield list(map(range, starts, ends))
        starts = ends
    yield list(map(range, starts, map(len, dictionaries)))


def _parts(sources: Sequence[_Source], count: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms of about _POSTINGS_AT_ONCE postings; one range without terms."""
    sizes = np.zeros(count, np.int64)
    for source in sources:
        own = range(source.start, source.start + len(source.terms))
        sizes[source.terms] += source.field.sizes_of(own)
    steps = np.cumsum(sizes) // _POSTINGS_AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), count]
    return ((low, high) for low, high in pairwise(cuts) if low < high or not count)


def _part(sources: Sequence[_Source], terms: list[bytes], first: int, last: int) -> FieldPostings:
    """Merge the terms `first:last`."""
    slices = [_slice(source, first, last) for source in sources]
    bounds = np.concatenate(([0], np.cumsum(sum(slice_.sizes for slice_ in slices))))
    ends = np.concatenate(([0], np.cumsum(sum(slice_.occurrences for slice_ in slices))))
    total = int(bounds[-1])
    passages, frequencies = np.empty(total, np.int64), np.empty(total, np.int64)
    has_positions = sources[0].field.has_positions
    positions = np.empty(int(ends[-1]) if has_positions else 0, np.int64)
    at, occurrence = bounds[:-1].copy(), ends[:-1].copy()
    while slices:
        slice_ = slices.pop(0)  # not kept: a term may have millions of postings
        rows = range_indices(at, slice_.sizes)
        passages[rows], frequencies[rows] = slice_.passages, slice_.frequencies
        if has_positions:
            positions[range_indices(occurrence, slice_.occurrences)] = slice_.positions
        at += slice_.sizes
        occurrence += slice_.occurrences
    kept = np.flatnonzero(np.diff(bounds))
    return FieldPostings(
        terms=[terms[first + number] for number in kept.tolist()],
        bounds=np.append(bounds[kept], total),
        passages=passages,
        frequencies=frequencies,
        positions=positions,
    )


def _slice(source: _Source, first: int, last: int) -> _Slice:
    """Read the postings of the terms `first:last` in a segment, without deleted passages."""
    low, high = np.searchsorted(source.terms, [first, last]).tolist()
    part = source.field.part(source.start + low, source.start + high)
    passages = source.passages[part.passages]
    kept = passages >= 0
    frequencies = part.frequencies
    owners = np.repeat(source.terms[low:high] - first, np.diff(part.bounds))
    positions = part.positions
    if not kept.all():
        if source.field.has_positions:
            positions = positions[np.repeat(kept, frequencies)]
        passages, frequencies, owners = passages[kept], frequencies[kept], owners[kept]
    count = last - first
    sizes = np.bincount(owners, minlength=count)
    occurrences = np.bincount(owners, weights=frequencies, minlength=count).astype(np.int64)
    return _Slice(sizes, passages, frequencies, occurrences, positions)
