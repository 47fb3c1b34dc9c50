"""Makes one segment of several, without the passages deleted from them and without any text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

import numpy as np

from ..arrays.array_types import Int64s, Mask
from ..arrays.ragged import places_of
from ..schema import Field
from .content import OF_DOCUMENTS, DocValues, FieldPostings, SegmentContent
from .postings_reader import FieldReader
from .segment_reader import SegmentReader

_GONE = -1
# A segment joins others of its size class once this many stand in it, so that the cost of an
# added passage grows with the logarithm of the index.
FAN_IN = 8
# A segment with this share of its passages deleted is written anew.
_MOSTLY_DELETED = 0.5

# Postings merged at once: this bounds the memory, at some 100 bytes each.
_AT_ONCE = 2_000_000


def due_for_merge(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Choose the segments to merge, by place; `sizes` has (passages, deleted ones) of each."""
    classes: dict[int, list[int]] = {}
    for place, (size, deleted) in enumerate(sizes):
        if deleted >= max(1, size * _MOSTLY_DELETED):
            classes.setdefault(0, []).append(place)
        classes.setdefault(1 + _size_class(size), []).append(place)
    crowded = [places for places in classes.values() if len(places) >= FAN_IN]
    emptied = classes.get(0, [])
    return sorted({place for places in (*crowded, emptied) for place in places})


def _size_class(size: int) -> int:
    return max(0, (size.bit_length() - 1) // (FAN_IN.bit_length() - 1))


def merged(readers: Sequence[SegmentReader]) -> SegmentContent:
    """Return the content of one segment that holds what is alive in `readers`, in their order."""
    renumbered = _renumbered(readers)
    kept = [numbers != _GONE for numbers in renumbered]
    return SegmentContent(
        passages=chain.from_iterable(
            reader.stored_passages(alive) for reader, alive in zip(readers, kept, strict=True)
        ),
        documents=chain.from_iterable(
            reader.stored_documents(_documents_of(reader, alive))
            for reader, alive in zip(readers, kept, strict=True)
        ),
        measures=_measures(readers, renumbered),
        fields=(
            (field, part) for field in Field for part in merged_field(readers, renumbered, field)
        ),
    )


def _renumbered(readers: Sequence[SegmentReader]) -> list[Int64s]:
    """Return for each segment the new number of each of its passages, _GONE for deleted ones."""
    tables: list[Int64s] = []
    base = 0
    for reader in readers:
        alive = np.ones(reader.size, dtype=bool)
        alive[reader.deleted] = False
        tables.append(np.where(alive, base + np.cumsum(alive) - 1, _GONE))
        base += int(alive.sum())
    return tables


def _documents_of(reader: SegmentReader, kept: Mask) -> Mask:
    """Return which documents have a passage that is kept."""
    documents = np.zeros(reader.documents, dtype=bool)
    documents[reader.measure("document")[kept]] = True
    return documents


def _measures(readers: Sequence[SegmentReader], renumbered: Sequence[Int64s]) -> DocValues:
    """Return the measures of the passages and documents that are left, renumbered."""
    columns: dict[str, list[Int64s]] = {name: [] for name in DocValues.__slots__}
    base = 0
    for reader, numbers in zip(readers, renumbered, strict=True):
        alive = numbers != _GONE
        documents, places = np.unique(reader.measure("document")[alive], return_inverse=True)
        columns["document"].append(base + places)
        base += len(documents)
        for name in ("body_length", "gram_length"):
            columns[name].append(reader.measure(name)[alive].astype(np.int64))
        for name in OF_DOCUMENTS:
            columns[name].append(reader.measure(name)[documents].astype(np.int64))
    return DocValues(*(np.concatenate(columns[name]) for name in DocValues.__slots__))


@dataclass(frozen=True, slots=True)
class _Source:
    """A field of one segment: the new number of each term, and of each passage, -1 for deleted."""

    field: FieldReader
    terms: Int64s
    passages: Int64s


@dataclass(frozen=True, slots=True)
class _Share:
    """What one segment gives to some terms: postings in a row, and how many each term has."""

    sizes: Int64s
    passages: Int64s
    frequencies: Int64s
    occurrences: Int64s
    positions: Int64s


def merged_field(
    readers: Sequence[SegmentReader], renumbered: Sequence[Int64s], field: Field
) -> Iterator[FieldPostings]:
    """Yield a field of the segment to be, in parts; terms that nothing alive holds are gone.

    `renumbered` has the new number of each passage of each segment, negative for deleted ones.
    """
    lists = [list(reader.field(field).terms) for reader in readers]
    # Lists in order, one behind the other, are sorted in one pass over them.
    terms = list(dict.fromkeys(sorted(chain.from_iterable(lists))))
    numbers = dict(zip(terms, count(), strict=False))
    sources = [
        _Source(
            reader.field(field),
            np.fromiter(map(numbers.__getitem__, own), np.int64, len(own)),
            passages,
        )
        for reader, own, passages in zip(readers, lists, renumbered, strict=True)
    ]
    del numbers, lists
    for first, last in _parts(sources, len(terms)):
        yield _part(sources, terms, first, last)


def _parts(sources: Sequence[_Source], count: int) -> Iterator[tuple[int, int]]:
    """Cut the terms where about _AT_ONCE postings are full; a field without terms is one part."""
    sizes = np.zeros(count, np.int64)
    for source in sources:
        sizes[source.terms] += source.field.sizes
    steps = np.cumsum(sizes) // _AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), count]
    return ((low, high) for low, high in pairwise(cuts) if low < high or not count)


def _part(sources: Sequence[_Source], terms: list[bytes], first: int, last: int) -> FieldPostings:
    """Merge the terms `first:last`."""
    shares = [_share(source, first, last) for source in sources]
    bounds = np.concatenate(([0], np.cumsum(sum(share.sizes for share in shares))))
    ends = np.concatenate(([0], np.cumsum(sum(share.occurrences for share in shares))))
    total = int(bounds[-1])
    passages, frequencies = np.empty(total, np.int64), np.empty(total, np.int64)
    has_positions = sources[0].field.has_positions
    positions = np.empty(int(ends[-1]) if has_positions else 0, np.int64)
    at, occurrence = bounds[:-1].copy(), ends[:-1].copy()
    for share in shares:
        places = places_of(at, share.sizes)
        passages[places], frequencies[places] = share.passages, share.frequencies
        if has_positions:
            positions[places_of(occurrence, share.occurrences)] = share.positions
        at += share.sizes
        occurrence += share.occurrences
    held = np.flatnonzero(np.diff(bounds))
    return FieldPostings(
        terms=[terms[first + place] for place in held.tolist()],
        bounds=np.append(bounds[held], total),
        passages=passages,
        frequencies=frequencies,
        positions=positions,
    )


def _share(source: _Source, first: int, last: int) -> _Share:
    """Read what a segment has of the terms `first:last`, without deleted passages."""
    low, high = np.searchsorted(source.terms, [first, last]).tolist()
    part = source.field.part(low, high)
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
    return _Share(sizes, passages, frequencies, occurrences, positions)
