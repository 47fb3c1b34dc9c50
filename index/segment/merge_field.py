"""Merges an inverted field: the posting lists of a term, of all segments, one behind the other.

Nothing is sorted but the terms. The segments' passages follow each other, so each list is copied
to where it belongs, many at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

import numpy as np

from ..analysis.rows import places_of
from ..array_types import Int64s
from ..fields import Field
from .content import FieldPostings
from .field_reader import FieldReader
from .reader import SegmentReader

# Postings merged at once: this bounds the memory, at some 100 bytes each.
_AT_ONCE = 2_000_000


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
